//! What can be done about an open request: meet it, take more time for it, refuse it. Each is asked about once.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use shared::id::{BusinessId, RequestId};
use shared::wire::admin::account_request::OwnRequest;
use shared::wire::privacy::{ExtensionReason, RefusalReason, Request, RequestKind, RequestWay};

use super::{extension_name, refusal_name};
use crate::components::act::{careful, question, submit_aside};
use crate::components::field::{choice, radios};
use crate::i18n::Key;
use crate::shell::App;
use crate::state::record::meeting_erases;
use crate::state::{Ask, Form, Own, Record, RecordForm};

/// Who answers.
#[derive(Clone, Copy)]
enum Place {
    /// A business, what visitors ask.
    Business(BusinessId),
    /// Whoever runs the deployment, what people who sign in ask.
    Operator,
}

impl Place {
    const fn ask(self, record: Record) -> Ask {
        match self {
            Self::Business(business) => Ask::Record(business, record),
            Self::Operator => Ask::Own(Own::Work(record)),
        }
    }
}

/// The ways.
pub fn forms(app: App, business: BusinessId, request: &Request) -> AnyView {
    let place = Place::Business(business);
    let reads_it_here = request.way == RequestWay::Page && request.conversation.is_some();
    let told = if reads_it_here { Key::RefuseConsequencePage } else { Key::RefuseConsequence };
    view! {
        {meet(app, place, request)}
        {request.extension.is_none().then(|| extend(app, place, request.id))}
        {refuse(app, place, request.id, told)}
    }
    .into_any()
}

/// The ways of whoever runs the deployment.
pub fn own_forms(app: App, request: &OwnRequest) -> AnyView {
    let (place, id) = (Place::Operator, request.id);
    let ask = place.ask(Record::RequestMeet(id));
    view! {
        {meet_form(app, ask, [Key::MeetHint, Key::MeetQuestion, Key::MeetConsequence, Key::MeetDo, Key::Meet])}
        {request.extension.is_none().then(|| extend(app, place, id))}
        {refuse(app, place, id, Key::OwnRefuseConsequence)}
    }
    .into_any()
}

fn meet(app: App, place: Place, request: &Request) -> AnyView {
    let ask = place.ask(Record::RequestMeet(request.id));
    let is_named = request.conversation.is_some();
    let words = if meeting_erases(request) {
        [
            Key::MeetErasesHint,
            Key::MeetErasesQuestion,
            Key::MeetErasesConsequence,
            Key::MeetErasesDo,
            Key::MeetErases,
        ]
    } else {
        let hint = match request.kind {
            RequestKind::Restriction if is_named => Key::MeetRestrictsHint,
            RequestKind::Erasure | RequestKind::Child => Key::MeetFindHint,
            _ => Key::MeetHint,
        };
        [hint, Key::MeetQuestion, Key::MeetConsequence, Key::MeetDo, Key::Meet]
    };
    meet_form(app, ask, words)
}

/// Hint, question, consequence, what the question's button says, and what the button says.
fn meet_form(app: App, ask: Ask, [hint, title, body, act, words]: [Key; 5]) -> AnyView {
    view! {
        <h3>{app.text(Key::MeetTitle)}</h3>
        <p>{app.text(hint)}</p>
        <div class="acts">
            {careful(app, words, move || question(app.text(title), app.text(body), app.text(act), ask.clone()))}
        </div>
    }
    .into_any()
}

fn extend(app: App, place: Place, id: RequestId) -> AnyView {
    let reason = RwSignal::new(ExtensionReason::Complex.as_str().to_owned());
    let options = ExtensionReason::ALL
        .iter()
        .map(|reason| (reason.as_str().to_owned(), app.text(extension_name(*reason)), String::new()))
        .collect();
    let sent = move |event: SubmitEvent| {
        event.prevent_default();
        let chosen = reason.get_untracked();
        if let Some(reason) = ExtensionReason::ALL.iter().find(|reason| reason.as_str() == chosen) {
            app.ask(place.ask(Record::RequestExtend(id, *reason)));
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

fn refuse(app: App, place: Place, id: RequestId, told: Key) -> AnyView {
    let reason = RwSignal::new(RefusalReason::NotIdentified.as_str().to_owned());
    let options = RefusalReason::ALL
        .iter()
        .map(|reason| (reason.as_str().to_owned(), app.text(refusal_name(*reason))))
        .collect();
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
                    format!("{} {}", app.text(refusal_name(reason)), app.text(told)),
                    app.text(Key::RefuseDo),
                    place.ask(Record::RequestRefuse(id, reason)),
                )
            })}
        </div>
    }
    .into_any()
}
