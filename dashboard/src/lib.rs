//! The dashboard: where a business answers. `mount` brings the document to life.

// Tests may count as they like; shipped code may not overflow.
#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects))]

mod api;
mod browser;
mod components;
mod i18n;
mod json;
mod pages;
mod parts;
mod shell;
mod state;

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::rules::language::language_choose;

use crate::i18n::LANGUAGES;
use crate::shell::App;
use crate::state::{Event, Page, Preferences};

/// Gets the words of the reader's language, draws, and begins at the address.
pub fn mount() {
    // The future is driven before any view is there, so the executor has to be made ready by hand.
    let _ = any_spawner::Executor::init_wasm_bindgen();
    spawn_local(async {
        let owner = Owner::new();
        owner.set();
        let app = App::new();
        let kept = browser::entry_read();
        let preferences: Preferences = kept.and_then(|kept| json::read(&kept)).unwrap_or_default();
        let wanted: Vec<String> =
            preferences.language.clone().into_iter().chain(browser::languages()).collect();
        let wanted: Vec<&str> = wanted.iter().map(String::as_str).collect();
        // A page without a word helps nobody.
        if !app.speak(language_choose(&wanted, &LANGUAGES).to_owned()).await {
            return browser::start_failed();
        }
        pages::mount(app);
        browser::started();
        browser::ask_before_leaving(move || app.peek(|state| !state.unsaved.is_empty()));
        browser::listen_to_surroundings(
            move || app.dispatch(Event::Went(Page::parse(&browser::fragment()))),
            move |online| app.dispatch(Event::Online(online)),
        );
        browser::listen_to_visibility(move |visible| {
            app.desk(state::inbox::Event::Visible(visible));
            if visible {
                app.dispatch(Event::Returned);
            }
        });
        app.dispatch(Event::Booted(Page::parse(&browser::fragment()), preferences));
        app.desk(state::inbox::Event::Clock(browser::now()));
        app.clock();
        // The dashboard lives as long as its document.
        std::mem::forget(owner);
    });
}
