//! The panel and its header. Both come with the document; here they follow language and state.

use shared::wire::message::People;

use crate::browser::{attribute_set, element};
use crate::i18n::{self, Key};
use crate::shell::App;
use crate::state::{Stage, State, View};

/// Keeps names and marks of what came with the document up to date.
pub fn keep(app: App) {
    app.keep_text("presence", presence);
    app.keep_text("person", |app| {
        if app.read(State::person_can_be_asked) { i18n::text(Key::Person) } else { String::new() }
    });
    // A file needs a conversation to lie in.
    app.keep_text("attach", |app| {
        let can = app.read(|state| state.credentials.is_some() && !state.is_over() && !state.is_still());
        if can { i18n::text(Key::Attach) } else { String::new() }
    });
    app.follow(move || {
        for (id, attribute, key) in [
            ("log", "aria-label", Key::Conversation),
            ("message", "aria-label", Key::Message),
            ("send", "aria-label", Key::Send),
            ("close", "aria-label", Key::Close),
            ("open-about", "aria-label", Key::About),
        ] {
            attribute_set(&element(id), attribute, Some(&app.text(key)));
        }
        attribute_set(&element("panel"), "aria-label", Some(&app.text_named(Key::Dialog)));
        let (closed, still) = app.read(|state| (state.is_closed(), state.is_still()));
        let words = app.text(if closed { Key::PlaceholderClosed } else { Key::Placeholder });
        attribute_set(&element("message"), "placeholder", (!still).then_some(&words));
        // What would be refused is not invited: the line above says why, and what lifts it.
        for id in ["message", "send"] {
            attribute_set(&element(id), "disabled", still.then_some(""));
        }
    });
    app.follow(move || {
        let asks = app.read(State::person_can_be_asked);
        let leaves = app.read(|state| state.address.is_none() && !state.is_over() && !state.is_still());
        // The offers in the thread go by these marks.
        attribute_set(&element("panel"), "data-asks", asks.then_some(""));
        attribute_set(&element("panel"), "data-leaves", leaves.then_some(""));
    });
    let mut was_about = false;
    app.follow(move || {
        let (screen, about) = app.read(|state| (state.screen(), state.view == View::About));
        attribute_set(&element("panel"), "data-screen", Some(screen.as_str()));
        if about != was_about {
            was_about = about;
            // What is covered can't be reached by keyboard or screen reader either.
            attribute_set(&element("chat"), "inert", about.then_some(""));
            attribute_set(
                &element("open-about"),
                "aria-expanded",
                Some(if about { "true" } else { "false" }),
            );
        }
    });
}

/// Who answers now.
fn presence(app: App) -> String {
    let (ai, people, stage, over, now) =
        app.read(|state| (state.frame.ai, state.frame.people, state.stage, state.is_over(), state.frame.now));
    let person = app.read(|state| state.person.clone());
    let key = match (stage, people) {
        _ if over => Key::PresenceOver,
        (Stage::Closed, _) => Key::PresenceClosed,
        (Stage::Human, _) if person.is_some() => return app.text_by(Key::PresencePerson),
        (Stage::Human, _) => Key::PresenceHuman,
        (_, People::Now) if ai => Key::PresenceAiPeople,
        (_, People::From(_)) if ai => Key::PresenceAiPeopleFrom,
        (_, People::Unknown) if ai => Key::PresenceAi,
        (_, People::From(_)) => Key::PresencePeopleFrom,
        (_, People::Now) => Key::PresencePeople,
        (_, People::Unknown) => return String::new(),
    };
    match people {
        People::From(at) => {
            let time = i18n::moment_near(at, now, app.read(State::zone_differs));
            i18n::text_with(key, &[("time", &time)])
        }
        _ => i18n::text(key),
    }
}
