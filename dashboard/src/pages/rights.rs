//! One's rights over one's own data: asked for here, met at once where a machine can, else answered within thirty days
//! (promises P6.2, P6.4, P6.6, P6.8). And, for whoever runs the deployment, what waits for their answer.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use shared::limits::REQUEST_CHARACTERS;
use shared::privacy::Personal;
use shared::rules::person::block_text;
use shared::wire::admin::account_request::{
    MakeOwnRequest, OwnPurpose, OwnRequest, OwnRequestKind, OwnRequests,
};
use shared::wire::privacy::RequestState;

use super::requests::{clock, extended, outcome, state_pill, work};
use crate::components::act::{button, once_kept, problem, submit_aside};
use crate::components::field::{Input, Look, area_checked, choice};
use crate::components::status::{Rows, slot};
use crate::i18n::{self, Key, Style};
use crate::shell::App;
use crate::state::{Ask, Form, Own, RecordForm};

/// What can be asked for, as the form offers it: what a machine meets at once first.
const OFFERED: [(OwnRequestKind, Option<OwnPurpose>); 6] = [
    (OwnRequestKind::Restriction, None),
    (OwnRequestKind::Objection, Some(OwnPurpose::Statistics)),
    (OwnRequestKind::Objection, Some(OwnPurpose::Digests)),
    (OwnRequestKind::Objection, None),
    (OwnRequestKind::Rectification, None),
    (OwnRequestKind::Other, None),
];

/// What is asked for, in words.
fn name(app: App, kind: OwnRequestKind, purpose: Option<OwnPurpose>) -> String {
    let kind = app.text(match kind {
        OwnRequestKind::Restriction => Key::RequestRestriction,
        OwnRequestKind::Objection => Key::RequestObjection,
        OwnRequestKind::Rectification => Key::RequestRectification,
        OwnRequestKind::Other => Key::OwnOther,
    });
    let Some(purpose) = purpose else { return kind };
    let purpose = match purpose {
        OwnPurpose::Statistics => Key::PurposeStatistics,
        OwnPurpose::Digests => Key::OwnDigests,
    };
    format!("{kind}: {}", app.text(purpose))
}

/// Somebody must look at it, and needs to be told what is wanted.
fn needs_words(kind: OwnRequestKind, purpose: Option<OwnPurpose>) -> bool {
    kind != OwnRequestKind::Restriction && purpose.is_none()
}

/// The card of one's own rights.
pub fn card(app: App) -> AnyView {
    view! {
        <section class="card" aria-labelledby="own-title">
            <h2 id="own-title">{app.text(Key::OwnTitle)}</h2>
            <div class="inside"><p>{app.text(Key::OwnLede)}</p></div>
            {slot(app, |state| &state.own, Rows(1), move |own| list(app, &own))}
            {form(app)}
        </section>
    }
    .into_any()
}

fn list(app: App, own: &OwnRequests) -> AnyView {
    let restricted = own.restricted_at.map(|at| {
        let words = app.text_with(Key::OwnRestricted, &[("date", &i18n::moment(at, Style::Date))]);
        view! {
            <div class="inside">
                <div class="note"><p>{words}</p>{button(app.text(Key::OwnLift), move || app.ask(Ask::Own(Own::Lift)))}</div>
            </div>
        }
    });
    let rows: Vec<AnyView> = own.requests.iter().map(|request| row(app, request, false)).collect();
    view! { {restricted}<ul class="rows">{rows}</ul> }.into_any()
}

fn row(app: App, request: &OwnRequest, is_mine_to_answer: bool) -> AnyView {
    let time = if request.state == RequestState::Open {
        clock(app, (request.asked_at, request.due_at, request.days_left))
    } else {
        outcome(app, request.settled_at, request.refusal)
    };
    let words = request
        .words
        .as_ref()
        .map(|words| view! { <blockquote dir="auto">{words.expose().clone()}</blockquote> });
    let complaint = request.authority.as_ref().map(|authority| {
        let (name, url) = (authority.name.clone(), authority.url.clone());
        let name = if name.is_empty() { url.clone() } else { name };
        view! {
            <span>{app.text(Key::RequestComplain)}" "<a href=url rel="noopener noreferrer" target="_blank">{name}</a></span>
        }
    });
    let account = is_mine_to_answer
        .then(|| view! { <span><code class="hash">{request.account.to_string()}</code></span> });
    let ways = is_mine_to_answer.then(|| {
        view! {
            <div class="panel">{work::own_forms(app, request)}</div>
            {problem(app, Form::Record(RecordForm::Request(request.id)))}
        }
    });
    view! {
        <li>
            <div class="row">
                <div class="grow">
                    <strong>{name(app, request.kind, request.purpose)}{state_pill(app, request.state)}</strong>
                    {account}
                    {time}
                    {extended(app, request.extension)}
                    {complaint}
                    {words}
                </div>
            </div>
            {ways}
        </li>
    }
    .into_any()
}

fn form(app: App) -> AnyView {
    let chosen = RwSignal::new("0".to_owned());
    let words = Input::new("own-words", "");
    let offered =
        move |chosen: &str| chosen.parse().ok().and_then(|place: usize| OFFERED.get(place).copied());
    let sent = move |event: SubmitEvent| {
        event.prevent_default();
        let Some((kind, purpose)) = offered(&chosen.get_untracked()) else { return };
        let said = if needs_words(kind, purpose) {
            let wrong = if words.raw().trim().is_empty() { Key::WrongText } else { Key::WrongWords };
            let said = block_text(&words.raw(), REQUEST_CHARACTERS).filter(|said| !said.is_empty());
            let Some(said) = words.judged(said, wrong) else { return };
            Some(Personal::new(said))
        } else {
            None
        };
        app.ask(Ask::Own(Own::Make(MakeOwnRequest { kind, purpose, words: said })));
    };
    once_kept(app, Form::Own, move || words.set(""));
    let options = OFFERED
        .iter()
        .enumerate()
        .map(|(place, (kind, purpose))| (place.to_string(), name(app, *kind, *purpose)))
        .collect();
    let area = move || {
        let (kind, purpose) = offered(&chosen.get())?;
        let look = Look { hint: Some(Key::OwnWordsHint), ..Look::text(Key::OwnWords) };
        needs_words(kind, purpose).then(|| area_checked(app, words, look))
    };
    view! {
        <form novalidate class="inside" on:submit=sent>
            {choice("own-kind", app.text(Key::RequestKind), options, chosen)}
            {area}
            {problem(app, Form::Own)}
            {submit_aside(app, Form::Own, Key::OwnDo)}
        </form>
    }
    .into_any()
}

/// The card of whoever runs the deployment: what people who sign in asked for and nobody has answered.
pub fn operated_card(app: App, requests: &OwnRequests) -> AnyView {
    let rows: Vec<AnyView> = requests.requests.iter().map(|request| row(app, request, true)).collect();
    let none = rows.is_empty().then(|| view! { <p class="empty">{app.text(Key::RequestsNone)}</p> });
    view! {
        <section class="card" aria-labelledby="operated-requests">
            <h2 id="operated-requests">{app.text(Key::OperatedRequests)}</h2>
            {none}
            <ul class="rows">{rows}</ul>
        </section>
    }
    .into_any()
}
