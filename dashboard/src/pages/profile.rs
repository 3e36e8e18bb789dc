//! One's name and language, one's address, and the choices about this browser (promises P7.1, K7).

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use shared::privacy::Personal;
use shared::wire::admin::account::{ChangeAccount, ChangeEmail, ChangePreferences};

use super::code;
use crate::components::act::{button, problem, submit, submit_aside, typed};
use crate::components::field::{Input, Look, choice, field};
use crate::i18n::{self, Key, NAMES, Style};
use crate::shell::App;
use crate::state::{Ask, Event, Form, Theme};

/// Name and language.
pub fn person(app: App) -> impl IntoView {
    let (name, locale) = app
        .peek(|state| state.me().map(|me| (me.name.expose().clone(), me.locale.clone())).unwrap_or_default());
    let (name, locale) = (Input::new("my-name", &name), RwSignal::new(locale));
    let languages = NAMES.map(|(language, name)| (language.to_owned(), name.to_owned())).to_vec();
    let sent = move |event: SubmitEvent| {
        event.prevent_default();
        if let Some(name) = name.name() {
            let locale = locale.get_untracked();
            app.ask(Ask::AccountChange(ChangeAccount { name: Personal::new(name), locale }));
        }
    };
    view! {
        <section class="card" aria-labelledby="person-title">
            <h2 id="person-title">{app.text(Key::PersonTitle)}</h2>
            <form novalidate class="inside" on:submit=sent on:input=typed(app, Form::Profile)>
                <div class="columns">
                    {field(app, name, Look { fills: "name", ..Look::text(Key::YourName) })}
                    {choice("my-language", app.text(Key::Language), languages, locale)}
                </div>
                {problem(app, Form::Profile)}
                {submit(app, Form::Profile, Key::Save)}
            </form>
        </section>
    }
}

/// The address, and the way to another one.
pub fn address(app: App) -> impl IntoView {
    let now = app.part(|state| state.me().map(|me| me.email.expose().clone()).unwrap_or_default());
    let pending = app.part(|state| state.me().and_then(|me| me.email_change.clone()));
    let is_waiting = app.part(|state| state.waiting.is_some());
    let email = Input::new("new-email", "");
    let sent = move |event: SubmitEvent| {
        event.prevent_default();
        if let Some(email) = email.email() {
            app.ask(Ask::EmailChange(ChangeEmail { email: Personal::new(email) }));
        }
    };
    view! {
        <section class="card" aria-labelledby="address-title">
            <h2 id="address-title">{app.text(Key::AddressTitle)}</h2>
            <div class="inside">
                <p>{move || app.text_with(Key::AddressNow, &[("email", &now.get())])}</p>
                {move || pending.get().map(|change| {
                    let date = i18n::moment(change.effective_at, Style::Moment);
                    view! {
                        <div class="note">
                            <p>{app.text_with(Key::AddressPending, &[("email", change.email.expose()), ("date", &date)])}</p>
                            {button(app.text(Key::AddressKeep), move || app.ask(Ask::EmailKeep))}
                        </div>
                    }
                })}
                {move || if is_waiting.get() {
                    code::form(app).into_any()
                } else {
                    view! {
                        <form novalidate on:submit=sent>
                            {field(app, email, Look { hint: Some(Key::AddressHint), ..Look::email(Key::AddressNew) })}
                            {problem(app, Form::Email)}
                            {submit_aside(app, Form::Email, Key::AddressSend)}
                        </form>
                    }.into_any()
                }}
            </div>
        </section>
    }
}

/// Theme, statistics, and what this browser remembers.
pub fn browser_card(app: App) -> impl IntoView {
    let theme = app.part(|state| state.preferences.theme);
    let themes = Theme::ALL.map(|option| {
        let name = match option {
            Theme::Auto => Key::ThemeAuto,
            Theme::Light => Key::ThemeLight,
            Theme::Dark => Key::ThemeDark,
        };
        view! {
            <label>
                <input type="radio" name="theme" value=option.as_str() prop:checked=move || theme.get() == option on:change=move |_| app.dispatch(Event::ThemeChosen(option))/>
                <span>{app.text(name)}</span>
            </label>
        }
    });
    let analytics = app.part(|state| state.me().is_some_and(|me| me.analytics));
    let opted_out = app.part(|state| state.me().is_some_and(|me| me.opted_out));
    let count = move |event| {
        app.ask(Ask::PreferencesChange(ChangePreferences { analytics: event_target_checked(&event) }));
    };
    view! {
        <section class="card" aria-labelledby="browser-title">
            <h2 id="browser-title">{app.text(Key::BrowserTitle)}</h2>
            <div class="inside">
                <fieldset class="segments"><legend>{app.text(Key::Theme)}</legend><div>{themes.into_iter().collect_view()}</div></fieldset>
                <label class="tick">
                    <input type="checkbox" prop:checked=analytics prop:disabled=opted_out on:change=count/>
                    <span>
                        <strong>{app.text(Key::Statistics)}</strong>
                        <span>{move || app.text(if opted_out.get() { Key::StatisticsSignal } else { Key::StatisticsHint })}</span>
                    </span>
                </label>
                {problem(app, Form::Preferences)}
                <div class="row flush">
                    <div class="grow">
                        <strong>{app.text(Key::Remembered)}</strong>
                        <span>{app.text(Key::RememberedHint)}</span>
                    </div>
                    {button(app.text(Key::RememberedClear), move || app.dispatch(Event::PreferencesCleared))}
                </div>
            </div>
        </section>
    }
}
