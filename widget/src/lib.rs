//! The frame: the chat in the visitor's browser. `mount` brings the document to life.

// Tests may count as they like; shipped code may not overflow.
#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects))]

mod api;
mod browser;
mod components;
mod i18n;
mod json;
mod shell;
mod state;

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::privacy::Secret;
use shared::wire::frame::Frame;

use crate::shell::App;
use crate::state::{Event, Form, Remembered, State, View};

/// Takes over the document that the edge sent: reads its settings, waits for the words that `start.js` began to load,
/// fills in the thread, and hears what was typed and sent in the meantime.
pub fn mount() {
    // The future is driven before any view is there, so the executor has to be made ready by hand.
    let _ = any_spawner::Executor::init_wasm_bindgen();
    spawn_local(async {
        let Some(frame) = json::read::<Frame>(&browser::data("loquet-frame")) else { return };
        let Some(words) = shell::words_of_start().await else { return };
        let owner = Owner::new();
        owner.set();
        begin(State::new(frame, browser::zone_min(), browser::start_property("top").is_truthy()), words);
        // The frame lives as long as its document.
        std::mem::forget(owner);
    });
}

fn begin(state: State, words: wasm_bindgen::JsValue) {
    let app = App::new(state);
    app.language_set(words);
    components::mount(app);
    let remembered = browser::entry_read().and_then(|entry| json::read::<Remembered>(&entry));
    app.dispatch(Event::Booted(remembered));
    browser::start_listen(move |about, value| match about.as_str() {
        "hello" => app.dispatch(Event::Greeted(value)),
        "shown" => app.dispatch(Event::Shown(true)),
        "hidden" => app.dispatch(Event::Shown(false)),
        "locale" => app.dispatch(Event::LocaleAsked(value)),
        "identify" => app.dispatch(Event::Named(Secret::new(value))),
        "submit" => app.submit(&value),
        "about" => {
            let view = if app.peek(|state| state.view == View::About) { View::Chat } else { View::About };
            app.dispatch(Event::ViewChosen(view));
        }
        "person" => app.dispatch(Event::PersonAsked),
        "attach" => app.dispatch(Event::FormAsked(Form::Attach)),
        "files" => app.submit_files(&value),
        "later-failed" => app.dispatch(Event::FormFailed(!value.is_empty())),
        "addressed" => app.dispatch(Event::Addressed),
        "rated" => app.dispatch(Event::Rated),
        _ => {}
    });
    browser::listen_to_surroundings(
        move |visible| app.dispatch(Event::Visible(visible)),
        move |online| app.dispatch(Event::Online(online)),
    );
}
