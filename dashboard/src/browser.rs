//! The browser, as the dashboard uses it: every touch of `web_sys` but the network's, which is in `api`.

use js_sys::{Array, Date, Function, Reflect};
use leptos::prelude::{document, set_timeout, window};
use shared::time::Millis;
use std::time::Duration;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AudioContext, EventTarget, File, HtmlDialogElement, HtmlElement, HtmlInputElement, HtmlTextAreaElement,
    KeyboardEvent, Notification, NotificationOptions, NotificationPermission, OscillatorType,
};

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

/// Listens likewise, and is handed what happened.
pub fn listen_with(target: &EventTarget, name: &str, heard: impl FnMut(web_sys::Event) + 'static) {
    let heard: Box<dyn FnMut(web_sys::Event)> = Box::new(heard);
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
    if !focus_first("[data-first]") {
        focus_shown("h1");
    }
}

/// Loads the page again.
pub fn reload() {
    let _ = window().location().reload();
}

/// The program drew: whatever goes wrong from now on, it has started.
pub fn started() {
    if let Some(place) = document().get_element_by_id("failed") {
        place.remove();
    }
}

/// The program can't start; `start.js` says so.
pub fn start_failed() {
    if let Ok(event) = web_sys::Event::new("error") {
        let _ = window().dispatch_event(&event);
    }
}

/// The document's own name of the program, which another deployment names otherwise.
pub fn program() -> Option<String> {
    document().query_selector("script[type=module]").ok()??.get_attribute("src")
}

/// Asks the reader, in the browser's own words, before the page goes while this holds.
pub fn ask_before_leaving(holds: impl Fn() -> bool + 'static) {
    listen_with(&window(), "beforeunload", move |event| {
        if holds() {
            event.prevent_default();
            // Older browsers ask by this alone.
            let _ = Reflect::set(&event, &"returnValue".into(), &JsValue::TRUE);
        }
    });
}

/// Puts the focus on the element with this id.
pub fn focus(id: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        let _ = element.unchecked_into::<HtmlElement>().focus();
    }
}

/// Somebody points at the element that a selector finds, or has the focus in it.
pub fn is_attended(selector: &str) -> bool {
    let attended = format!("{selector}:is(:hover, :focus-within)");
    document().query_selector(&attended).is_ok_and(|found| found.is_some())
}

/// The element with this id has the focus.
pub fn has_focus(id: &str) -> bool {
    document().active_element().is_some_and(|active| active.id() == id)
}

/// Whoever's focus stands in something that an event takes away finds it on the heading of the pane that it stood in.
pub fn focus_keep() {
    let Some(active) = document().active_element() else { return };
    let Some(pane) = active.closest(".list, .talk, .about").ok().flatten() else { return };
    later(0, move || {
        if !active.is_connected()
            && let Some(heading) = pane.query_selector("h1").ok().flatten()
        {
            let _ = heading.unchecked_into::<HtmlElement>().focus();
        }
    });
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

/// Lets the browser make a passkey. Options and result are what the standard's JSON stands for; `None` where the person
/// or the device did not go through with it.
pub async fn passkey_make(options: &JsValue) -> Option<JsValue> {
    let options = passkey_options("parseCreationOptionsFromJSON", options)?;
    passkey_result(window().navigator().credentials().create_with_options(options.unchecked_ref()).ok()?)
        .await
}

/// Lets the browser sign with a passkey, likewise.
pub async fn passkey_sign(options: &JsValue) -> Option<JsValue> {
    let options = passkey_options("parseRequestOptionsFromJSON", options)?;
    passkey_result(window().navigator().credentials().get_with_options(options.unchecked_ref()).ok()?).await
}

fn passkey_options(parser: &str, options: &JsValue) -> Option<js_sys::Object> {
    let class = Reflect::get(&window(), &"PublicKeyCredential".into()).ok()?;
    let parse: Function = Reflect::get(&class, &parser.into()).ok()?.dyn_into().ok()?;
    let parsed = parse.call1(&class, options).ok()?;
    js_sys::Object::from_entries(&Array::of1(&Array::of2(&"publicKey".into(), &parsed))).ok()
}

async fn passkey_result(promise: js_sys::Promise) -> Option<JsValue> {
    let credential = JsFuture::from(promise).await.ok()?;
    let write: Function = Reflect::get(&credential, &"toJSON".into()).ok()?.dyn_into().ok()?;
    write.call0(&credential).ok()
}

/// What time this device says it is.
#[expect(clippy::disallowed_methods, reason = "the one reading of the clock; everything else takes `now`")]
pub fn now() -> Millis {
    Millis::new(Date::now() as i64)
}

/// Random bytes, from the browser's own source.
pub fn random<const LENGTH: usize>() -> [u8; LENGTH] {
    let mut bytes = [0; LENGTH];
    if let Ok(crypto) = window().crypto() {
        // It fails for more than 64 KiB at once only.
        let _ = crypto.get_random_values_with_u8_array(&mut bytes);
    }
    bytes
}

fn date(at: Millis) -> Date {
    Date::new(&JsValue::from_f64(at.as_i64() as f64))
}

/// The day of a point in time by the reader's own clock, counted from 1970.
pub fn local_day(at: Millis) -> i64 {
    let offset_ms = (date(at).get_timezone_offset() as i64).saturating_mul(60_000);
    at.minus_ms(offset_ms).day()
}

/// The full hour of a day by the reader's own clock, so many days after a point in time.
pub fn local_hour(from: Millis, days: u32, hour: u32) -> Millis {
    let from = date(from);
    let day = from.get_date().saturating_add(days);
    let at = Date::new_with_year_month_day_hr(
        from.get_full_year(),
        i32::try_from(from.get_month()).unwrap_or_default(),
        i32::try_from(day).unwrap_or_default(),
        i32::try_from(hour).unwrap_or_default(),
    );
    Millis::new(at.get_time() as i64)
}

/// The day of the week and the hour, by the reader's own clock; Sunday is 0.
pub fn local_weekday(at: Millis) -> (u32, u32) {
    let date = date(at);
    (date.get_day(), date.get_hours())
}

/// What a field for date and time says, as a point in time.
pub fn local_moment(text: &str) -> Option<Millis> {
    let at = Date::parse(text);
    at.is_finite().then(|| Millis::new(at as i64))
}

/// The tab is in front.
pub fn is_visible() -> bool {
    !document().hidden()
}

/// Listens to the tab coming to the front and going.
pub fn listen_to_visibility(heard: impl Fn(bool) + 'static) {
    listen(&document(), "visibilitychange", move || heard(is_visible()));
}

/// There is room for one pane only.
pub fn is_narrow() -> bool {
    let narrow = window().match_media("(max-width: 800px)");
    narrow.ok().flatten().is_some_and(|query| query.matches())
}

/// There is no room for the card beside the thread.
pub fn has_no_card() -> bool {
    let narrow = window().match_media("(max-width: 1180px)");
    narrow.ok().flatten().is_some_and(|query| query.matches())
}

/// Puts the focus on the first element that fits and that can be seen.
pub fn focus_shown(selector: &str) {
    let _ = focus_first(selector);
}

/// The same, and says whether there is one.
fn focus_first(selector: &str) -> bool {
    let Ok(found) = document().query_selector_all(selector) else { return false };
    let mut found = (0..found.length()).filter_map(|place| found.item(place));
    let shown = found.find_map(|node| {
        let element: HtmlElement = node.unchecked_into();
        element.offset_parent().is_some().then_some(element)
    });
    shown.is_some_and(|element| element.focus().is_ok())
}

/// Presses the element with this id.
pub fn press(id: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        element.unchecked_into::<HtmlElement>().click();
    }
}

/// Takes what was chosen in a field for files; the same can be chosen again.
pub fn files_take(id: &str) -> Vec<File> {
    let Some(field) = document().get_element_by_id(id) else { return Vec::new() };
    let field: HtmlInputElement = field.unchecked_into();
    let files = field.files();
    let files =
        files.iter().flat_map(|files| (0..files.length()).filter_map(|place| files.item(place))).collect();
    field.set_value("");
    files
}

/// Lets the focus go.
pub fn blur() {
    if let Some(active) = document().active_element() {
        let _ = active.unchecked_into::<HtmlElement>().blur();
    }
}

/// Brings an element into its scrolling neighbourhood.
pub fn show(id: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        let options = web_sys::ScrollIntoViewOptions::new();
        options.set_block(web_sys::ScrollLogicalPosition::Nearest);
        element.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

/// The scrolled thread. It is laid out from its end, so its end is where it begins.
const THREAD: &str = "thread";
/// So far from the end the reader is reading something else.
const AWAY_PX: i32 = 120;

/// Shows the end of the thread; where the reader is away from it, it is marked that something came.
pub fn thread_end(always: bool) {
    if let Some(thread) = document().get_element_by_id(THREAD) {
        if always || thread.scroll_top() > AWAY_PX.saturating_neg() {
            thread.set_scroll_top(0);
            let _ = thread.remove_attribute("data-below");
        } else {
            let _ = thread.set_attribute("data-below", "");
        }
    }
}

/// The reader scrolled: at the end nothing is below.
pub fn thread_scrolled() {
    if let Some(thread) = document().get_element_by_id(THREAD)
        && thread.scroll_top() > AWAY_PX.saturating_neg()
    {
        let _ = thread.remove_attribute("data-below");
    }
}

/// The words before the caret of a text area.
pub fn text_before_caret(id: &str) -> Option<String> {
    let area: HtmlTextAreaElement = document().get_element_by_id(id)?.unchecked_into();
    let caret = area.selection_start().ok()?? as usize;
    let units: Vec<u16> = area.value().encode_utf16().take(caret).collect();
    Some(String::from_utf16_lossy(&units))
}

/// Writes over a text area as its writer would, who can undo it. Says whether the browser did.
pub fn words_put(id: &str, words: &str) -> bool {
    let Some(area) = document().get_element_by_id(id) else { return false };
    let area: HtmlTextAreaElement = area.unchecked_into();
    let _ = area.focus();
    area.select();
    // Deprecated and without a successor: whatever else writes into a field empties what can be undone in it.
    let command = Reflect::get(&document(), &"execCommand".into()).unwrap_or_default();
    let command = command.dyn_into::<Function>().ok();
    let done =
        command.and_then(|it| it.call3(&document(), &"insertText".into(), &false.into(), &words.into()).ok());
    done.is_some_and(|done| done.is_truthy())
}

/// Puts the caret behind so many characters of a text area, and the focus into it.
///
/// What stands in it then is drawn already; it may also have been sent meanwhile.
pub fn caret_set(id: &'static str, units: u32) {
    later(0, move || {
        if let Some(area) = document().get_element_by_id(id) {
            let area: HtmlTextAreaElement = area.unchecked_into();
            let _ = area.focus();
            let _ = area.set_selection_range(units, units);
        }
    });
}

/// A key that was pressed where nobody writes and no dialog is open, without a modifier.
pub fn key_alone(event: &KeyboardEvent) -> Option<String> {
    let is_other = event.ctrl_key() || event.meta_key() || event.alt_key();
    // A key that is held down is one press.
    if is_other || event.is_composing() || event.repeat() {
        return None;
    }
    let writes = |element: &web_sys::Element| {
        element.closest("input:not([type=checkbox]), textarea, select, dialog[open]").ok().flatten().is_some()
    };
    let is_writing = document().active_element().is_some_and(|active| writes(&active));
    (!is_writing).then(|| event.key())
}

/// A short, soft sound of two tones, made on the spot: no file, and nobody is asked for one.
pub fn sound() {
    let Ok(context) = AudioContext::new() else { return };
    for (tone_hz, from_s) in [(660.0_f32, 0.0), (880.0, 0.14)] {
        let (Ok(tone), Ok(volume)) = (context.create_oscillator(), context.create_gain()) else { return };
        tone.set_type(OscillatorType::Sine);
        tone.frequency().set_value(tone_hz);
        let start_s = context.current_time() + from_s;
        let _ = volume.gain().set_value_at_time(0.0001, start_s);
        let _ = volume.gain().exponential_ramp_to_value_at_time(0.12, start_s + 0.02);
        let _ = volume.gain().exponential_ramp_to_value_at_time(0.0001, start_s + 0.3);
        let _ = tone.connect_with_audio_node(&volume);
        let _ = volume.connect_with_audio_node(&context.destination());
        let _ = tone.start_with_when(start_s);
        let _ = tone.stop_with_when(start_s + 0.35);
    }
    later(1_000, move || drop(context.close()));
}

/// This browser has notifications at all: on some phones only pages that were installed have.
pub fn can_notify() -> bool {
    Reflect::get(&window(), &"Notification".into()).is_ok_and(|class| class.is_function())
}

/// A page of this browser can show notifications by itself: Android's Chrome has the class, and making one throws there, because
/// only a service worker may.
pub fn shows_notifications() -> bool {
    if !can_notify() {
        return false;
    }
    // Where nothing may be shown, making one shows nothing. Where it may, only a phone is tried, and the trial taken back.
    let agent = window().navigator().user_agent().unwrap_or_default();
    let is_phone = agent.contains("Android") || agent.contains("Mobi");
    if may_notify() == Some(true) && !is_phone {
        return true;
    }
    Notification::new("Loquet").map(|tried| tried.close()).is_ok()
}

/// The browser may show notifications of this page; `None` where nobody has said.
pub fn may_notify() -> Option<bool> {
    if !can_notify() {
        return Some(false);
    }
    match Notification::permission() {
        NotificationPermission::Granted => Some(true),
        NotificationPermission::Denied => Some(false),
        _ => None,
    }
}

/// Asks whether it may.
pub async fn notify_ask() {
    if !can_notify() {
        return;
    }
    if let Ok(promise) = Notification::request_permission() {
        let _ = JsFuture::from(promise).await;
    }
}

/// Shows a notification; pressing it brings the page to the front, at an address of ours.
pub fn notify(title: &str, words: &str, tag: &str, fragment: String) {
    if !can_notify() {
        return;
    }
    let options = NotificationOptions::new();
    options.set_body(words);
    options.set_tag(tag);
    if let Ok(shown) = Notification::new_with_options(title, &options) {
        listen(&shown, "click", move || {
            let _ = window().focus();
            fragment_go(&fragment);
        });
    }
}
