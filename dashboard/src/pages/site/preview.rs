//! The chat as it would be: the real frame, filled with what stands in the form, beside it. It is to look at: nobody
//! writes into it.

use leptos::prelude::*;
use shared::id::{BusinessId, SiteId};
use shared::rules::color::accents;
use shared::wire::admin::site::{AskPreview, Side, SiteForm};

use super::words::Words;
use crate::browser;
use crate::i18n::Key;
use crate::shell::App;
use crate::state::{Ask, Event, Setup, Theme};

/// How long the form is left alone before the chat is drawn anew.
const PAUSE_MS: u32 = 500;

pub(super) fn panel(
    app: App,
    (business, site): (BusinessId, SiteId),
    words: Words,
    shown: impl Fn() -> SiteForm + Send + Sync + 'static,
) -> impl IntoView {
    let version = StoredValue::new(0_u32);
    let theme = RwSignal::new(match app.peek(|state| state.preferences.theme) {
        Theme::Dark => Theme::Dark,
        Theme::Auto | Theme::Light => Theme::Light,
    });
    let asked = Memo::new(move |_| AskPreview { form: shown(), locale: words.shown.get() });
    Effect::new(move |before: Option<()>| {
        let request = asked.get();
        let mine = version.get_value().wrapping_add(1);
        version.set_value(mine);
        let pause_ms = if before.is_some() { PAUSE_MS } else { 0 };
        browser::later(pause_ms, move || {
            // Whoever goes on typing, or elsewhere, is asked for later or not at all.
            if version.try_get_value() == Some(mine) {
                app.dispatch(Event::Asked(Ask::Setup(business, Setup::Preview(site, Box::new(request)))));
            }
        });
    });
    let address = app.part(|state| state.setup.preview.clone());
    let frame = move || {
        address.get().map(|address| {
            let theme = theme.get().as_str();
            view! { <iframe title=app.text(Key::Preview) src=format!("{address}&theme={theme}") tabindex="-1"></iframe> }
        })
    };
    // The button as the loader draws it, on the side where it will stand.
    let launcher = move || {
        let form = asked.get().form;
        let is_start = form.side == Side::Start;
        let (accent, _) = accents(&form.color);
        view! {
            <svg class="launcher" class:start=is_start viewBox="0 0 56 56" aria-hidden="true">
                <circle cx="28" cy="28" r="28" fill=form.color stroke="none"/>
                <path d="M28 16a12 12 0 0 0-12 12v12h12a12 12 0 0 0 0-24" fill=accent.ink stroke="none"/>
            </svg>
        }
    };
    let themes = [(Theme::Light, Key::ThemeLight), (Theme::Dark, Key::ThemeDark)].map(|(other, name)| {
        view! {
            <label>
                <input type="radio" name="preview-theme" prop:checked=move || theme.get() == other on:change=move |_| theme.set(other)/>
                <span>{app.text(name)}</span>
            </label>
        }
    });
    view! {
        <aside class="preview" aria-label=app.text(Key::Preview)>
            <div class="title"><h2>{app.text(Key::Preview)}</h2></div>
            <fieldset class="segments"><legend class="unseen">{app.text(Key::Theme)}</legend><div>{themes.into_iter().collect_view()}</div></fieldset>
            <div class="screen" inert=true>{frame}{launcher}</div>
            <p class="hint">{app.text(Key::PreviewHint)}</p>
        </aside>
    }
}
