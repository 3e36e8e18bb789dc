//! The browser, as the frame uses it: every touch of `web_sys` but the network's, which is in `api`.
//!
//! The document brings header and composer along, and `start.js` makes them work before this program is there. Both
//! stay as they are; this program only hears what `start.js` tells, and fills in the rest.

use js_sys::{Date, Function, JSON, Object, Reflect};
use leptos::prelude::{document, set_timeout, window};
use shared::time::Millis;
use std::time::Duration;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
pub use web_sys::Element;
use web_sys::{Event, EventTarget, HtmlElement, HtmlTextAreaElement};

use shared::rules::markdown::{Block, Inline};

/// The name of the one entry of this device (promise B1).
const ENTRY: &str = "loquet";

/// What time this device says it is.
#[expect(clippy::disallowed_methods, reason = "the one reading of the clock; everything else takes `now`")]
pub fn now() -> Millis {
    Millis::new(Date::now() as i64)
}

/// Minutes that the visitor's clock adds to UTC.
pub fn zone_min() -> i32 {
    (Date::new_0().get_timezone_offset() as i32).saturating_neg()
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

/// The element with this id. A document without it gets one that nobody sees.
pub fn element(id: &str) -> HtmlElement {
    let found = document().get_element_by_id(id);
    found.or_else(|| document().create_element("div").ok()).unwrap_or_else(body).unchecked_into()
}

/// What a data block of the document says.
pub fn data(id: &str) -> String {
    element(id).text_content().unwrap_or_default()
}

/// The words of the composer.
pub fn field() -> HtmlTextAreaElement {
    element("message").unchecked_into()
}

/// Sets an attribute, or takes it away.
pub fn attribute_set(element: &Element, name: &str, value: Option<&str>) {
    let _ = match value {
        Some(value) => element.set_attribute(name, value),
        None => element.remove_attribute(name),
    };
}

/// Language and direction of the document.
pub fn language_set(language: &str, rtl: bool, title: &str) {
    if let Some(root) = document().document_element() {
        attribute_set(&root, "lang", Some(language));
        attribute_set(&root, "dir", Some(if rtl { "rtl" } else { "ltr" }));
    }
    document().set_title(title);
}

/// The language tag for `Intl`: the visitor's own region where they read that language at home.
pub fn region_tag(language: &str) -> String {
    let own = window().navigator().language().unwrap_or_default();
    if own.split('-').next() == Some(language) { own } else { language.to_owned() }
}

/// Listens to an element of the document, for as long as the document lives.
pub fn listen(target: &EventTarget, name: &str, heard: impl FnMut(Event) + 'static) {
    let heard: Box<dyn FnMut(Event)> = Box::new(heard);
    let heard = Closure::wrap(heard).into_js_value();
    let _ = target.add_event_listener_with_callback(name, heard.unchecked_ref());
}

/// Listens to what the tab and the network do.
pub fn listen_to_surroundings(visible: impl Fn(bool) + 'static, online: impl Fn(bool) + Clone + 'static) {
    listen(&document(), "visibilitychange", move |_| visible(!document().hidden()));
    let offline = online.clone();
    listen(&window(), "online", move |_| online(true));
    listen(&window(), "offline", move |_| offline(false));
}

/// Rings once, later.
pub fn later(after_ms: u32, ring: impl FnOnce() + 'static) {
    set_timeout(ring, Duration::from_millis(after_ms.into()));
}

/// Moves the focus to the element with this id, once the page shows what changed.
pub fn focus(id: &'static str) {
    later(0, move || drop(element(id).focus()));
}

/// Where what had the focus is gone, gives it to the composer: keyboard and screen reader go on there. On a touch screen
/// that would raise the keyboard over the words, so the thread gets it.
pub fn focus_keep() {
    later(0, || {
        // What is not shown has no parent to be placed by, nor has the body.
        let active = document().active_element().map(JsCast::unchecked_into::<HtmlElement>);
        let lost = active.is_none_or(|active| active.offset_parent().is_none());
        if lost && document().has_focus().unwrap_or_default() {
            let touch = window().match_media("(pointer:coarse)").ok().flatten();
            let touch = touch.is_some_and(|query| query.matches());
            drop(element(if touch { "thread" } else { "message" }).focus());
        }
    });
}

/// The end of the thread. The thread is laid out from its end, so the end is where it begins.
pub fn scroll_down() {
    element("thread").set_scroll_top(0);
}

/// The entry of this device, and whether storage works at all.
pub fn entry_read() -> Option<String> {
    window().session_storage().ok()??.get_item(ENTRY).ok()?
}

/// Writes the entry; `false` where the browser does not take it.
pub fn entry_write(value: &str) -> bool {
    matches!(window().session_storage(), Ok(Some(storage)) if storage.set_item(ENTRY, value).is_ok())
}

/// Removes the entry.
pub fn entry_remove() {
    if let Ok(Some(storage)) = window().session_storage() {
        let _ = storage.remove_item(ENTRY);
    }
}

/// A property of the object that `start.js` leaves on the window.
pub fn start_property(name: &str) -> JsValue {
    Reflect::get(&start(), &name.into()).unwrap_or_default()
}

fn start() -> Object {
    Reflect::get(&window(), &"loquet".into()).unwrap_or_default().unchecked_into()
}

/// Takes a property from that object: it is not there any more afterwards.
pub fn start_take(name: &str) -> JsValue {
    let taken = start_property(name);
    let _ = Reflect::delete_property(&start(), &name.into());
    taken
}

/// Hears what `start.js` tells, from the first word on: what it is about, and a value.
pub fn start_listen(mut heard: impl FnMut(String, String) + 'static) {
    let heard: Box<dyn FnMut(JsValue, JsValue)> = Box::new(move |about, value| {
        heard(about.as_string().unwrap_or_default(), value.as_string().unwrap_or_default());
    });
    if let Ok(listen) = start_property("listen").dyn_into::<Function>() {
        let _ = listen.call1(&JsValue::UNDEFINED, &Closure::wrap(heard).into_js_value());
    }
}

/// Tells the loader, as JSON.
pub fn post(message: &str) {
    if let (Ok(post), Ok(message)) = (start_property("post").dyn_into::<Function>(), JSON::parse(message)) {
        let _ = post.call1(&JsValue::UNDEFINED, &message);
    }
}

/// Has `start.js` load a form, with what it has to know as JSON.
pub fn form_open(form: &str, about: &str) {
    if let Ok(later) = start_property("later").dyn_into::<Function>() {
        let _ = later.call2(&JsValue::UNDEFINED, &form.into(), &about.into());
    }
}

/// Takes away the form under the thread. The place goes with it, so that what still comes for the old one finds none.
pub fn form_end() {
    let old = element("form");
    let new = make("div", "");
    new.set_id("form");
    let _ = old.replace_with_with_node_1(&new);
}

/// Draws a text as nodes, in place of what was there.
pub fn draw(parent: &Element, blocks: &[Block]) {
    parent.set_text_content(None);
    for block in blocks {
        match block {
            Block::Paragraph(line) => draw_line(&node(parent, "p"), line),
            Block::List { ordered, items } => {
                let list = node(parent, if *ordered { "ol" } else { "ul" });
                items.iter().for_each(|item| draw_line(&node(&list, "li"), item));
            }
            Block::Code(code) => node(&node(parent, "pre"), "code").set_text_content(Some(code)),
        }
    }
}

fn draw_line(parent: &Element, pieces: &[Inline]) {
    for piece in pieces {
        match piece {
            Inline::Text(text) => words(parent, text),
            Inline::Break => drop(node(parent, "br")),
            Inline::Strong(inner) => draw_line(&node(parent, "strong"), inner),
            Inline::Emphasis(inner) => draw_line(&node(parent, "em"), inner),
            Inline::Code(code) => words(&node(parent, "code"), code),
            Inline::Link { address, shown, words: inner } => {
                let link = node(parent, "a");
                link_set(&link, address);
                draw_line(&link, inner);
                if let Some(shown) = shown {
                    let host = node(&link, "bdi");
                    words(&host, &format!(" ({shown})"));
                }
            }
        }
    }
}

fn node(parent: &Element, tag: &str) -> Element {
    add(parent, tag, "", "")
}

/// Makes an element.
pub fn make(tag: &str, class: &str) -> Element {
    let made = document().create_element(tag).unwrap_or_else(|_| body());
    if !class.is_empty() {
        made.set_class_name(class);
    }
    made
}

/// Makes an element with words at the end of another.
pub fn add(parent: &Element, tag: &str, class: &str, text: &str) -> Element {
    let made = make(tag, class);
    if !text.is_empty() {
        words(&made, text);
    }
    let _ = parent.append_child(&made);
    made
}

/// Lets an element lead somewhere, in a tab of its own that knows nothing of this one.
pub fn link_set(link: &Element, address: &str) {
    attribute_set(link, "href", Some(address));
    attribute_set(link, "rel", Some("noopener noreferrer"));
    attribute_set(link, "target", Some("_blank"));
}

/// Adds words at the end of an element.
pub fn words(parent: &Element, text: &str) {
    let _ = parent.append_with_str_1(text);
}

fn body() -> Element {
    leptos::tachys::dom::body().into()
}

/// The address of a language's words, from the document.
pub fn locale_address(language: &str) -> Option<String> {
    let map = JSON::parse(&data("loquet-locales")).ok()?;
    Reflect::get(&map, &language.into()).ok()?.as_string()
}
