//! At the desk: what is open about a conversation, and entering what its visitor asks for by phone, mail or in person.

use leptos::prelude::*;
use shared::id::{BusinessId, ConversationId};
use shared::wire::privacy::{Request, RequestState};

use super::{clock, enter, kind_name};
use crate::components::act::refusal_text;
use crate::i18n::Key;
use crate::shell::App;
use crate::state::{Ask, Page, Record, Section};

/// The group of the visitor's card.
pub fn group(app: App, business: BusinessId, conversation: ConversationId) -> AnyView {
    Effect::new(move |_| app.ask(Ask::Record(business, Record::RequestsAbout(conversation))));
    let open = Memo::new(move |_| {
        app.read(|state| {
            let (about, slot) = &state.record.about;
            let requests = slot.value.iter().filter(|_| *about == Some(conversation));
            let open = requests.flat_map(|it| &it.requests).filter(|it| it.state == RequestState::Open);
            open.cloned().collect::<Vec<_>>()
        })
    });
    let refusal = app.part(|state| state.record.about.1.refusal.clone());
    let rows = move || {
        let rows: Vec<AnyView> = open.get().iter().map(|request| row(app, business, request)).collect();
        (!rows.is_empty()).then(|| view! { <ul class="rows">{rows}</ul> })
    };
    view! {
        <section class="group">
            <h2>{app.text(Key::RightsTitle)}</h2>
            {move || refusal.get().map(|refusal| view! { <p class="problem">{refusal_text(app, &refusal)}</p> })}
            {rows}
            <details>
                <summary>{app.text(Key::RightsEnter)}</summary>
                {enter::form(app, Some(conversation))}
            </details>
        </section>
    }
    .into_any()
}

/// One that is open: what is asked for, what is left of its time, and where it is worked on.
fn row(app: App, business: BusinessId, request: &Request) -> AnyView {
    let page = Page::In(business, Section::Requests).fragment();
    view! {
        <li>
            <div class="row">
                <div class="grow"><a href=page>{app.text(kind_name(request.kind))}</a>{clock(app, (request.asked_at, request.due_at, request.days_left))}</div>
            </div>
        </li>
    }
    .into_any()
}
