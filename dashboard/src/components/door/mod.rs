//! The room before the house: one card, the languages, and nothing to distract.

use leptos::prelude::*;

use super::mark::mark;
use super::status;
use crate::i18n::{Key, NAMES};
use crate::shell::App;
use crate::state::Event;

/// A page before sign-in.
pub fn door(app: App, title: String, lede: Option<String>, inside: impl IntoView) -> impl IntoView {
    view! {
        <div class="door">
            <header><p class="brand">{mark()}"Loquet"</p></header>
            <main>
                {status::offline(app)}
                <h1 tabindex="-1">{title}</h1>
                {lede.map(|lede| view! { <p class="lede">{lede}</p> })}
                {inside}
                {status::said(app)}
            </main>
            <footer>
                {languages(app)}
                <a href="/privacy/platform" target="_blank" rel="noopener">{app.text(Key::PlatformLink)}</a>
            </footer>
        </div>
    }
}

/// The languages, each by its own name.
fn languages(app: App) -> impl IntoView {
    let options = NAMES.map(|(language, name)| {
        view! { <option value=language prop:selected=move || app.language() == language>{name}</option> }
    });
    view! {
        <select class="languages" aria-label=app.text(Key::Language) on:change=move |event| app.dispatch(Event::LanguageChosen(event_target_value(&event)))>
            {options.into_iter().collect_view()}
        </select>
    }
}
