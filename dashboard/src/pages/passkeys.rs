//! One's passkeys: to sign in without a mail.

use leptos::prelude::*;
use shared::wire::admin::passkey::{Passkey, Passkeys};

use crate::browser;
use crate::components::act::{careful, problem, question};
use crate::components::status::{Rows, slot};
use crate::i18n::{self, Key, Style};
use crate::shell::App;
use crate::state::{Ask, Form};

/// The card.
pub fn card(app: App) -> impl IntoView {
    let busy = app.part(|state| state.is_busy(Form::PasskeyAdd));
    let add = if browser::passkeys_work() {
        view! {
            <button type="button" aria-busy=move || busy.get().then_some("true") on:click=move |_| app.ask(Ask::PasskeyOffer)>
                {app.text(Key::PasskeyAdd)}
            </button>
        }
        .into_any()
    } else {
        view! { <p class="hint">{app.text(Key::PasskeyUnknown)}</p> }.into_any()
    };
    view! {
        <section class="card" aria-labelledby="passkeys-title">
            <h2 id="passkeys-title">{app.text(Key::PasskeysTitle)}</h2>
            <div class="inside"><p>{app.text(Key::PasskeysLede)}</p></div>
            {slot(app, |state| &state.passkeys, Rows(1), move |passkeys| list(app, &passkeys))}
            <div class="inside">{problem(app, Form::PasskeyAdd)}<div class="acts">{add}</div></div>
        </section>
    }
}

fn list(app: App, passkeys: &Passkeys) -> impl IntoView + use<> {
    let rows: Vec<_> = passkeys.passkeys.iter().map(|passkey| row(app, passkey)).collect();
    if rows.is_empty() {
        return view! { <p class="empty">{app.text(Key::PasskeysEmpty)}</p> }.into_any();
    }
    view! { <ul class="rows">{rows}</ul> }.into_any()
}

fn row(app: App, passkey: &Passkey) -> impl IntoView + use<> {
    let id = passkey.id;
    let device = passkey.device.clone();
    let since = i18n::moment(passkey.created_at, Style::Date);
    let used = passkey.last_used_at.map_or_else(
        || app.text(Key::NeverUsed),
        |at| app.text_with(Key::LastUsed, &[("date", &i18n::moment(at, Style::Moment))]),
    );
    let made = app.text_with(Key::MadeOn, &[("date", &since)]);
    let away = careful(app, Key::PasskeyRemoveAsk, move || {
        question(
            app.text_with(Key::PasskeyRemoveQuestion, &[("device", &device)]),
            app.text(Key::PasskeyRemoveConsequence),
            app.text(Key::Remove),
            Ask::PasskeyRemove(id),
        )
    });
    view! {
        <li>
            <div class="row">
                <div class="grow"><strong>{passkey.device.clone()}</strong><span>{made}" · "{used}</span></div>
                {away}
            </div>
            {problem(app, Form::PasskeyRow(id))}
        </li>
    }
}
