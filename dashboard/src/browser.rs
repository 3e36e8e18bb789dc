//! The browser, as the dashboard uses it: every touch of `web_sys` but the network's, which is in `api`.

use js_sys::{Array, Function, JSON, Reflect};
use leptos::prelude::{document, set_timeout, window};
use std::time::Duration;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{EventTarget, HtmlDialogElement, HtmlElement};

/// The name of the one entry that holds what somebody chose for this browser.
const ENTRY: &str = "loquet";

/// The address's fragment.
pub fn fragment() -> String {
    window().location().hash().unwrap_or_default()
}

/// Goes to another fragment.
pub fn fragment_go(fragment: &str) {
    let _ = window().location().set_hash(fragment);
}

/// Writes another fragment over this one: what stood there is in no history.
pub fn fragment_replace(fragment: &str) {
    if let Ok(history) = window().history() {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(fragment));
    }
}

/// Listens for as long as the document lives.
pub fn listen(target: &EventTarget, name: &str, heard: impl FnMut() + 'static) {
    let heard: Box<dyn FnMut()> = Box::new(heard);
    let heard = Closure::wrap(heard).into_js_value();
    let _ = target.add_event_listener_with_callback(name, heard.unchecked_ref());
}

/// Listens to the address and the network.
pub fn listen_to_surroundings(went: impl Fn() + 'static, online: impl Fn(bool) + Clone + 'static) {
    let offline = online.clone();
    listen(&window(), "hashchange", went);
    listen(&window(), "online", move || online(true));
    listen(&window(), "offline", move || offline(false));
}

/// Does something later.
pub fn later(after_ms: u32, run: impl FnOnce() + 'static) {
    set_timeout(run, Duration::from_millis(after_ms.into()));
}

/// The languages that the reader prefers, best first.
pub fn languages() -> Vec<String> {
    window().navigator().languages().iter().filter_map(|tag| tag.as_string()).collect()
}

/// The time zones that the browser knows, by name.
pub fn time_zones() -> Vec<String> {
    let intl = Reflect::get(&window(), &"Intl".into()).unwrap_or_default();
    let known =
        Reflect::get(&intl, &"supportedValuesOf".into()).ok().and_then(|it| it.dyn_into::<Function>().ok());
    let zones = known.and_then(|known| known.call1(&intl, &"timeZone".into()).ok());
    let zones = zones.and_then(|zones| zones.dyn_into::<Array>().ok()).unwrap_or_default();
    zones.iter().filter_map(|zone| zone.as_string()).collect()
}

/// Language of the document.
pub fn language_set(language: &str) {
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("lang", language);
    }
}

/// Theme of the document.
pub fn theme_set(theme: &str) {
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("data-theme", theme);
    }
}

/// The document's title.
pub fn title_set(title: &str) {
    document().set_title(title);
}

/// What a data block of the document says.
pub fn data(id: &str) -> String {
    document().get_element_by_id(id).and_then(|element| element.text_content()).unwrap_or_default()
}

/// What was chosen for this browser.
pub fn entry_read() -> Option<String> {
    window().local_storage().ok()??.get_item(ENTRY).ok()?
}

/// Writes what was chosen. Where the browser does not take it, it serves until the page goes.
pub fn entry_write(value: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.set_item(ENTRY, value);
    }
}

/// Removes it.
pub fn entry_remove() {
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.remove_item(ENTRY);
    }
}

/// Shows the page from its top, with its heading under the reader's focus, unless a field took it.
pub fn page_begin() {
    window().scroll_to_with_x_and_y(0.0, 0.0);
    let first = document().query_selector("[data-first]").ok().flatten();
    let heading = || document().query_selector("h1").ok().flatten();
    if let Some(element) = first.or_else(heading) {
        let _ = element.unchecked_into::<HtmlElement>().focus();
    }
}

/// Puts the focus on the element with this id.
pub fn focus(id: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        let _ = element.unchecked_into::<HtmlElement>().focus();
    }
}

/// Opens or closes a dialog. The browser keeps the focus inside and gives it back.
pub fn dialog_show(id: &str, open: bool) {
    let Some(dialog) = document().get_element_by_id(id) else { return };
    let dialog: HtmlDialogElement = dialog.unchecked_into();
    if open && !dialog.open() {
        let _ = dialog.show_modal();
    } else if !open && dialog.open() {
        dialog.close();
    }
}

/// Puts text into the clipboard; says whether it is there.
pub async fn copy(text: String) -> bool {
    JsFuture::from(window().navigator().clipboard().write_text(&text)).await.is_ok()
}

/// This browser can use passkeys, in the form that is asked of it here.
pub fn passkeys_work() -> bool {
    let class = Reflect::get(&window(), &"PublicKeyCredential".into()).unwrap_or_default();
    class.is_function()
        && ["parseCreationOptionsFromJSON", "parseRequestOptionsFromJSON"]
            .iter()
            .all(|name| Reflect::get(&class, &(*name).into()).is_ok_and(|found| found.is_function()))
}

/// Lets the browser make a passkey. Options and result are JSON, as the standard writes them; `None` where the person
/// or the device did not go through with it.
pub async fn passkey_make(options: &str) -> Option<String> {
    let options = passkey_options("parseCreationOptionsFromJSON", options)?;
    passkey_result(window().navigator().credentials().create_with_options(options.unchecked_ref()).ok()?)
        .await
}

/// Lets the browser sign with a passkey, likewise.
pub async fn passkey_sign(options: &str) -> Option<String> {
    let options = passkey_options("parseRequestOptionsFromJSON", options)?;
    passkey_result(window().navigator().credentials().get_with_options(options.unchecked_ref()).ok()?).await
}

fn passkey_options(parser: &str, options: &str) -> Option<js_sys::Object> {
    let class = Reflect::get(&window(), &"PublicKeyCredential".into()).ok()?;
    let parse: Function = Reflect::get(&class, &parser.into()).ok()?.dyn_into().ok()?;
    let parsed = parse.call1(&class, &JSON::parse(options).ok()?).ok()?;
    js_sys::Object::from_entries(&Array::of1(&Array::of2(&"publicKey".into(), &parsed))).ok()
}

async fn passkey_result(promise: js_sys::Promise) -> Option<String> {
    let credential = JsFuture::from(promise).await.ok()?;
    let write: Function = Reflect::get(&credential, &"toJSON".into()).ok()?.dyn_into().ok()?;
    JSON::stringify(&write.call0(&credential).ok()?).ok()?.as_string()
}
