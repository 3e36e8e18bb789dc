//! Devices that are signed in, each with the way to end it.

use leptos::prelude::*;
use shared::limits::{SESSION_IDLE_MS, SESSION_MS};
use shared::wire::admin::account::{Session, Sessions};

use crate::components::act::{careful, problem, question};
use crate::components::status::{Rows, slot};
use crate::i18n::{self, Key, Style};
use crate::shell::App;
use crate::state::{Ask, Form};

/// The card.
pub fn card(app: App) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="sessions-title">
            <h2 id="sessions-title">{app.text(Key::SessionsTitle)}</h2>
            {slot(app, |state| &state.sessions, Rows(2), move |sessions| list(app, &sessions))}
        </section>
    }
}

fn list(app: App, sessions: &Sessions) -> impl IntoView + use<> {
    let rows = sessions.sessions.iter().map(|session| row(app, session));
    view! { <ul class="rows">{rows.collect_view()}</ul> }
}

fn row(app: App, session: &Session) -> impl IntoView + use<> {
    let id = session.id;
    let device = session.device.clone();
    let since = app.text_with(Key::SignedInOn, &[("date", &i18n::moment(session.created_at, Style::Date))]);
    let used = app.text_with(Key::LastUsed, &[("date", &i18n::moment(session.last_used_at, Style::Moment))]);
    // It ends by itself, and the row says when.
    let idle = session.last_used_at.plus_ms(SESSION_IDLE_MS);
    let ends = idle.min(session.created_at.plus_ms(SESSION_MS));
    let until = app.text_with(Key::SessionUntil, &[("date", &i18n::moment(ends, Style::Date))]);
    let end = if session.current {
        view! { <span class="pill on">{app.text(Key::ThisDevice)}</span> }.into_any()
    } else {
        careful(app, Key::SessionRevokeAsk, move || {
            question(
                app.text_with(Key::SessionRevokeQuestion, &[("device", &device)]),
                app.text(Key::SessionRevokeConsequence),
                app.text(Key::SessionRevoke),
                Ask::SessionRevoke(id),
            )
        })
        .into_any()
    };
    view! {
        <li>
            <div class="row">
                <div class="grow"><strong>{session.device.clone()}</strong><span>{since}" · "{used}</span><span>{until}</span></div>
                {end}
            </div>
            {problem(app, Form::Session(id))}
        </li>
    }
}
