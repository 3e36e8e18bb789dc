//! About this chat: who is responsible, until when, what is on this device, and what the visitor can do (promise P1).

use shared::limits::CONVERSATION_TOKEN_MS;
use shared::time::HOUR_MS;
use shared::wire::consent::Choice;

use crate::browser::{self, Element, add, attribute_set, link_set, listen};
use crate::i18n::{self, Key, Style};
use crate::shell::App;
use crate::state::{Event, Form, State, View};

/// Keeps the view there while the visitor is.
pub fn keep(app: App) {
    let place = browser::element("about");
    app.draw(
        |state| state.view == View::About,
        move |open| {
            place.set_text_content(None);
            if open {
                draw(app, &place);
            }
        },
    );
}

fn draw(app: App, place: &Element) {
    let card = app.peek(|state| state.frame.business.clone());
    let back = button(place, "back", Key::Back, move || app.dispatch(Event::ViewChosen(View::Chat)));
    back.set_class_name("link");
    let who = add(place, "section", "", "");
    let lines = titled(&who, Key::Who);
    add(&lines, "bdi", "", &card.name);
    add(&lines, "br", "", "");
    add(&lines, "bdi", "", &card.controller);
    add(&titled(&who, Key::Contact), "bdi", "", &card.contact);
    if let Some(officer) = card.officer {
        add(&titled(&who, Key::Officer), "bdi", "", &officer);
    }
    if let Some(address) = card.notice_url.filter(|address| address.starts_with("https://")) {
        let link = add(&add(&who, "p", "", ""), "a", "", &app.text_named(Key::BusinessNotice));
        link_set(&link, &address);
    }
    let kept = add(place, "section", "", "");
    titled(&kept, Key::Until).set_text_content(Some(&app.peek(until_text)));
    titled(&kept, Key::Device).set_text_content(Some(&app.peek(device_text)));
    titled(&kept, Key::Statistics).set_text_content(Some(&i18n::text(app.peek(statistics_key))));
    button(&kept, "change", Key::ConsentChange, move || app.dispatch(Event::ConsentReopened));
    let rights = add(&add(&kept, "p", "", ""), "a", "", &i18n::text(Key::Rights));
    link_set(&rights, &app.peek(|state| state.frame.privacy_path.clone()));
    if app.peek(|state| state.credentials.is_some()) {
        // The centre gets to know whose data it shows.
        listen(&rights, "click", move |event| {
            event.prevent_default();
            app.dispatch(Event::FormAsked(Form::Rights));
        });
        ways_on(app, &add(place, "section", "", ""));
    }
}

/// Back on another device, on to another conversation, and out. The way out asks once.
fn ways_on(app: App, place: &Element) {
    button(place, "code", Key::CodeGet, move || app.dispatch(Event::FormAsked(Form::Code)));
    add(place, "div", "", "").set_id("way-back");
    let (ways, ask) = (add(place, "div", "", ""), add(place, "div", "", ""));
    let asked = {
        let (ways, ask) = (ways.clone(), ask.clone());
        move |asked: bool| {
            attribute_set(&ways, "hidden", asked.then_some(""));
            attribute_set(&ask, "hidden", (!asked).then_some(""));
            browser::focus(if asked { "end-confirm" } else { "end" });
        }
    };
    attribute_set(&ask, "hidden", Some(""));
    button(&ways, "renew", Key::ConversationNew, move || app.dispatch(Event::Left(true)));
    browser::words(&ways, " ");
    let ended = asked.clone();
    button(&ways, "end", Key::ConversationEnd, move || {
        ended(true);
        app.dispatch(Event::FormAsked(Form::Rating));
        browser::later(0, || browser::element("about").set_scroll_top(i32::MAX));
    });
    add(&ask, "div", "", "").set_id("rating");
    add(&ask, "p", "", &app.peek(end_text));
    button(&ask, "end-confirm", Key::EndConfirm, move || app.dispatch(Event::Left(false)));
    browser::words(&ask, " ");
    button(&ask, "cancel", Key::Cancel, move || asked(false));
}

/// A paragraph under a title.
fn titled(parent: &Element, title: Key) -> Element {
    add(parent, "h2", "", &i18n::text(title));
    add(parent, "p", "", "")
}

fn button(parent: &Element, id: &str, words: Key, act: impl Fn() + 'static) -> Element {
    let button = add(parent, "button", "", &i18n::text(words));
    button.set_id(id);
    listen(&button, "click", move |_| act());
    button
}

fn until_text(state: &State) -> String {
    let date = |at| i18n::moment(at, Style::Date);
    match state.until_span() {
        None => i18n::text_with(Key::UntilNow, &[("date", &date(state.frame.until))]),
        Some((first, last)) if date(first) == date(last) => {
            i18n::text_with(Key::UntilAll, &[("date", &date(last))])
        }
        Some((first, last)) => {
            i18n::text_with(Key::UntilSpan, &[("first", &date(first)), ("last", &date(last))])
        }
    }
}

fn device_text(state: &State) -> String {
    if state.credentials.is_none() || state.ends_with_the_page() {
        return i18n::text(Key::DeviceNothing);
    }
    let hours = CONVERSATION_TOKEN_MS.checked_div(HOUR_MS).unwrap_or_default() as u32;
    i18n::text_with(Key::DeviceTab, &[("count", &i18n::number(hours))])
}

/// What the visitor has chosen, or what counts in its place.
pub fn statistics_key(state: &State) -> Key {
    match (state.consent.choice, state.frame.opted_out) {
        (Some(Choice::Accepted), _) => Key::ConsentAccepted,
        (Some(Choice::Declined), _) => Key::ConsentDeclined,
        (None, true) => Key::ConsentSignal,
        (None, false) => Key::ConsentSilent,
    }
}

/// What stays where, by count and date.
fn end_text(state: &State) -> String {
    let count = state.thread.messages().len() as u32;
    let until = state.until_span().map_or(state.frame.until, |(_, last)| last);
    let date = i18n::moment(until, Style::Date);
    i18n::text_counted(Key::EndAsk, count, &[("business", &state.frame.business.name), ("date", &date)])
}
