//! What persons asked for about their data: each with what is left of its time, and the way to meet, extend or refuse it
//! (promises P6.8, K12).

mod enter;
pub mod work;

use leptos::prelude::*;
use shared::id::RequestId;
use shared::limits::RECORD_MONTHS;
use shared::time::{DAY_MS, Millis};
use shared::wire::admin::request::Requests;
use shared::wire::privacy::{
    ExtensionReason, ObjectionPurpose, RefusalReason, Request, RequestKind, RequestState, RequestWay,
};

use crate::components::act::problem;
use crate::components::status::{Rows, slot};
use crate::i18n::{self, Key, Style};
use crate::shell::App;
use crate::state::{Form, Page, RecordForm, Section};

/// So few days before its end a request is marked.
const SOON_DAYS: i64 = 7;

/// The page.
pub fn page(app: App) -> AnyView {
    view! {
        {super::heading(app, Key::Requests, Some(Key::RequestsLede))}
        {slot(app, |state| &state.record.requests, Rows(5), move |requests| list(app, &requests))}
        {enter::card(app)}
    }
    .into_any()
}

/// What is asked for, in words.
pub fn kind_name(kind: RequestKind) -> Key {
    match kind {
        RequestKind::Access => Key::RequestAccess,
        RequestKind::Rectification => Key::RequestRectification,
        RequestKind::Erasure => Key::RequestErasure,
        RequestKind::Restriction => Key::RequestRestriction,
        RequestKind::Portability => Key::RequestPortability,
        RequestKind::Objection => Key::RequestObjection,
        RequestKind::Child => Key::RequestChild,
    }
}

fn way_name(way: RequestWay) -> Key {
    match way {
        RequestWay::Page => Key::WayPage,
        RequestWay::Mail => Key::WayMail,
        RequestWay::Phone => Key::WayPhone,
        RequestWay::Letter => Key::WayLetter,
        RequestWay::Desk => Key::WayDesk,
    }
}

fn extension_name(reason: ExtensionReason) -> Key {
    match reason {
        ExtensionReason::Complex => Key::ExtendComplex,
        ExtensionReason::Many => Key::ExtendMany,
    }
}

fn refusal_name(reason: RefusalReason) -> Key {
    match reason {
        RefusalReason::NotIdentified => Key::RefuseNotIdentified,
        RefusalReason::Unfounded => Key::RefuseUnfounded,
        RefusalReason::Excessive => Key::RefuseExcessive,
        RefusalReason::LegalDuty => Key::RefuseLegalDuty,
        RefusalReason::LegalClaim => Key::RefuseLegalClaim,
        RefusalReason::OthersRights => Key::RefuseOthersRights,
    }
}

fn purpose_name(purpose: ObjectionPurpose) -> Key {
    match purpose {
        ObjectionPurpose::Statistics => Key::PurposeStatistics,
        ObjectionPurpose::Address => Key::PurposeAddress,
        ObjectionPurpose::FollowUp => Key::PurposeFollowUp,
        ObjectionPurpose::Scoring => Key::PurposeScoring,
    }
}

fn list(app: App, requests: &Requests) -> AnyView {
    if requests.requests.is_empty() {
        return view! { <section class="card"><p class="empty">{app.text(Key::RequestsEmpty)}</p></section> }
            .into_any();
    }
    let open = RwSignal::new(None);
    let group = |title: Key, id: &'static str, is_open: bool| {
        let rows: Vec<AnyView> = requests
            .requests
            .iter()
            .filter(|request| (request.state == RequestState::Open) == is_open)
            .map(|request| row(app, request, open))
            .collect();
        (!rows.is_empty()).then(|| {
            view! {
                <section class="card" aria-labelledby=id>
                    <h2 id=id>{app.text(title)}</h2>
                    <ul class="rows">{rows}</ul>
                </section>
            }
            .into_any()
        })
    };
    let waiting = group(Key::RequestsOpen, "requests-open", true);
    let none = waiting.is_none().then(|| {
        view! { <section class="card"><p class="empty">{app.text(Key::RequestsNone)}</p></section> }
    });
    view! { {waiting}{none}{group(Key::RequestsSettled, "requests-settled", false)} }.into_any()
}

/// What is left of the time, as a bar and in words.
pub fn clock(app: App, (asked_at, due_at, left): (Millis, Millis, i64)) -> AnyView {
    app.language();
    let all = due_at.since_ms(asked_at).div_euclid(DAY_MS).max(1);
    let count = u32::try_from(left.unsigned_abs()).unwrap_or(u32::MAX);
    let words = match left {
        ..0 => i18n::text_counted(Key::RequestLate, count),
        0 => app.text(Key::RequestToday),
        _ => i18n::text_counted(Key::RequestLeft, count).replace("{all}", &all.to_string()),
    };
    let until = app.text_with(Key::RequestUntil, &[("date", &i18n::moment(due_at, Style::Date))]);
    let (label, is_soon) = (words.clone(), left <= SOON_DAYS);
    view! {
        <div class="clock" class:soon=is_soon>
            <progress max=all.to_string() value=left.max(0).to_string() aria-label=label></progress>
            <span>{words}" · "{until}</span>
        </div>
    }
    .into_any()
}

/// How a settled request ended, and until when that is kept.
pub fn outcome(app: App, settled_at: Option<Millis>, refusal: Option<RefusalReason>) -> AnyView {
    let date = |at| i18n::moment(at, Style::Date);
    let settled = settled_at.map(date).unwrap_or_default();
    let goes =
        settled_at.map(|at| app.text_with(Key::GoesOn, &[("date", &date(at.plus_months(RECORD_MONTHS)))]));
    let words = match refusal {
        None => app.text_with(Key::RequestMetOn, &[("date", &settled)]),
        Some(reason) => {
            let refused = app.text_with(Key::RequestRefusedOn, &[("date", &settled)]);
            format!("{refused} {}", app.text(refusal_name(reason)))
        }
    };
    view! { <span>{words}</span><span>{goes}</span> }.into_any()
}

/// Where a request stands, where it is settled.
pub fn state_pill(app: App, state: RequestState) -> AnyView {
    let state = match state {
        RequestState::Open => None,
        RequestState::Met => Some(("pill on", Key::RequestMet)),
        RequestState::Refused => Some(("pill clay", Key::RequestRefused)),
    };
    state.map(|(class, words)| view! { " "<span class=class>{app.text(words)}</span> }).into_any()
}

/// Why a request takes longer, where it does.
pub fn extended(app: App, reason: Option<ExtensionReason>) -> AnyView {
    reason
        .map(|reason| {
            let reason = app.text(extension_name(reason));
            view! { <span>{app.text_with(Key::RequestExtendedFor, &[("reason", &reason)])}</span> }
        })
        .into_any()
}

fn row(app: App, request: &Request, open: RwSignal<Option<RequestId>>) -> AnyView {
    let (id, kind) = (request.id, app.text(kind_name(request.kind)));
    let asked = i18n::moment(request.asked_at, Style::Date);
    let line =
        app.text_with(Key::RequestAsked, &[("date", &asked), ("way", &app.text(way_name(request.way)))]);
    let state = state_pill(app, request.state);
    let extended = extended(app, request.extension);
    let time = if request.state == RequestState::Open {
        clock(app, (request.asked_at, request.due_at, request.days_left))
    } else {
        outcome(app, request.settled_at, request.refusal)
    };
    let label = app.text_with(Key::RequestShowOf, &[("kind", &kind), ("date", &asked)]);
    let all = StoredValue::new(request.clone());
    let panel = move || (open.get() == Some(id)).then(|| all.with_value(|request| details(app, request)));
    view! {
        <li>
            <div class="row">
                <div class="grow">
                    <strong>{kind}{state}</strong>
                    <span>{line}</span>
                    {time}
                    {extended}
                </div>
                <button
                    type="button"
                    aria-label=label
                    aria-expanded=move || if open.get() == Some(id) { "true" } else { "false" }
                    on:click=move |_| open.update(|open| *open = (*open != Some(id)).then_some(id))
                >
                    {app.text(Key::RequestShow)}
                </button>
            </div>
            {panel}
            {problem(app, Form::Record(RecordForm::Request(id)))}
        </li>
    }
    .into_any()
}

/// What was said, what it is about, and what can be done about it.
fn details(app: App, request: &Request) -> AnyView {
    let business = app.peek(|state| state.page.business());
    let words = match &request.words {
        Some(words) => view! { <blockquote dir="auto">{words.expose().clone()}</blockquote> }.into_any(),
        None => view! { <p class="hint">{app.text(Key::RequestNoWords)}</p> }.into_any(),
    };
    let purpose = request.purpose.map(|purpose| {
        view! { <p>{app.text_with(Key::RequestAgainst, &[("purpose", &app.text(purpose_name(purpose)))])}</p> }
    });
    // An erased conversation is not there any more, whatever its number.
    let thread =
        request.conversation.filter(|_| request.erasure.is_none()).zip(business).map(|(thread, business)| {
            let page = Page::Thread(business, thread, crate::state::Pane::Thread);
            view! { <p><a href=page.fragment()>{app.text(Key::RequestThread)}</a></p> }
        });
    let receipt = request.erasure.zip(business).map(|(_, business)| {
        let page = Page::In(business, Section::Receipts);
        view! { <p>{app.text(Key::RequestErased)}" "<a href=page.fragment()>{app.text(Key::RequestReceipt)}</a></p> }
    });
    let complaint = request.authority.as_ref().map(|authority| {
        let (name, url) = (authority.name.clone(), authority.url.clone());
        // Whoever asked on the page reads it there.
        let tell = (request.way != RequestWay::Page || request.conversation.is_none())
            .then(|| app.text(Key::RequestTell));
        view! {
            <p>{app.text(Key::RequestComplain)}" "<a href=url rel="noopener noreferrer" target="_blank">{name}</a>". "{tell}</p>
        }
    });
    let work = (request.state == RequestState::Open)
        .then_some(business)
        .flatten()
        .map(|business| work::forms(app, business, request));
    view! { <div class="panel">{words}{purpose}{thread}{receipt}{complaint}{work}</div> }.into_any()
}
