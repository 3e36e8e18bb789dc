//! What can be done about an open request: meet it, take more time for it, refuse it. Each is asked about once.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use shared::id::BusinessId;
use shared::wire::privacy::{ExtensionReason, RefusalReason, Request, RequestKind, RequestWay};

use super::{extension_name, refusal_name};
use crate::components::act::{careful, question, submit_aside};
use crate::components::field::{choice, radios};
use crate::i18n::Key;
use crate::shell::App;
use crate::state::record::meeting_erases;
use crate::state::{Ask, Form, Record, RecordForm};

/// The ways.
pub fn forms(app: App, business: BusinessId, request: &Request) -> AnyView {
    view! {
        {meet(app, business, request)}
        {request.extension.is_none().then(|| extend(app, business, request))}
        {refuse(app, business, request)}
    }
    .into_any()
}

fn meet(app: App, business: BusinessId, request: &Request) -> AnyView {
    let ask = Ask::Record(business, Record::RequestMeet(request.id));
    let is_named = request.conversation.is_some();
    let (hint, title, body, act, words) = if meeting_erases(request) {
        let names = (Key::MeetErasesQuestion, Key::MeetErasesConsequence, Key::MeetErasesDo, Key::MeetErases);
        (Key::MeetErasesHint, names.0, names.1, names.2, names.3)
    } else {
        let hint = match request.kind {
            RequestKind::Restriction if is_named => Key::MeetRestrictsHint,
            RequestKind::Erasure | RequestKind::Child => Key::MeetFindHint,
            _ => Key::MeetHint,
        };
        (hint, Key::MeetQuestion, Key::MeetConsequence, Key::MeetDo, Key::Meet)
    };
    view! {
        <h3>{app.text(Key::MeetTitle)}</h3>
        <p>{app.text(hint)}</p>
        <div class="acts">
            {careful(app, words, move || question(app.text(title), app.text(body), app.text(act), ask.clone()))}
        </div>
    }
    .into_any()
}

fn extend(app: App, business: BusinessId, request: &Request) -> AnyView {
    let id = request.id;
    let reason = RwSignal::new(ExtensionReason::Complex.as_str().to_owned());
    let options = ExtensionReason::ALL
        .iter()
        .map(|reason| (reason.as_str().to_owned(), app.text(extension_name(*reason)), String::new()))
        .collect();
    let sent = move |event: SubmitEvent| {
        event.prevent_default();
        let chosen = reason.get_untracked();
        if let Some(reason) = ExtensionReason::ALL.iter().find(|reason| reason.as_str() == chosen) {
            app.ask(Ask::Record(business, Record::RequestExtend(id, *reason)));
        }
    };
    view! {
        <form novalidate class="inside" on:submit=sent>
            {radios("request-extend", app.text(Key::ExtendTitle), options, reason)}
            <p class="hint">{app.text(Key::ExtendHint)}</p>
            {submit_aside(app, Form::Record(RecordForm::Request(id)), Key::ExtendDo)}
        </form>
    }
    .into_any()
}

fn refuse(app: App, business: BusinessId, request: &Request) -> AnyView {
    let id = request.id;
    let reason = RwSignal::new(RefusalReason::NotIdentified.as_str().to_owned());
    let options = RefusalReason::ALL
        .iter()
        .map(|reason| (reason.as_str().to_owned(), app.text(refusal_name(*reason))))
        .collect();
    let reads_it_here = request.way == RequestWay::Page && request.conversation.is_some();
    let body = if reads_it_here { Key::RefuseConsequencePage } else { Key::RefuseConsequence };
    view! {
        <h3>{app.text(Key::RefuseTitle)}</h3>
        {choice("request-refuse", app.text(Key::RefuseReason), options, reason)}
        <div class="acts">
            {careful(app, Key::Refuse, move || {
                let chosen = reason.get_untracked();
                let found = RefusalReason::ALL.iter().find(|reason| reason.as_str() == chosen);
                let reason = found.copied().unwrap_or(RefusalReason::NotIdentified);
                question(
                    app.text(Key::RefuseQuestion),
                    format!("{} {}", app.text(refusal_name(reason)), app.text(body)),
                    app.text(Key::RefuseDo),
                    Ask::Record(business, Record::RequestRefuse(id, reason)),
                )
            })}
        </div>
    }
    .into_any()
}
