//! Entering a request that came by mail, phone, letter or in person: its clock begins on the day it was asked.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use shared::id::ConversationId;
use shared::limits::REQUEST_CHARACTERS;
use shared::privacy::Personal;
use shared::rules::person::block_text;
use shared::time::{Millis, civil_from_day};
use shared::wire::admin::request::EnterRequest;
use shared::wire::privacy::{ObjectionPurpose, RequestKind, RequestWay};
use shared::wire::problem::Kind;

use super::{kind_name, purpose_name, way_name};
use crate::browser;
use crate::components::act::{problem, submit};
use crate::components::field::{Input, Look, area_checked, choice, field};
use crate::i18n::Key;
use crate::shell::App;
use crate::state::{Ask, Form, Record, RecordForm, Said};

const FORM: Form = Form::Record(RecordForm::RequestEnter);

/// The card.
pub fn card(app: App) -> AnyView {
    view! {
        <details class="card">
            <summary>{app.text(Key::RequestEnter)}</summary>
            {form(app, None)}
        </details>
    }
    .into_any()
}

/// A day of the reader's own calendar, as a field for dates has it.
fn day_text(at: Millis) -> String {
    let (year, month, day) = civil_from_day(browser::local_day(at));
    format!("{year:04}-{month:02}-{day:02}")
}

/// The conversation in whatever was pasted: its number, or the address of its page.
fn conversation_read(text: &str) -> Option<ConversationId> {
    let parts = text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
    parts.into_iter().find_map(|part| part.parse().ok())
}

/// The form. What is asked about one conversation needs no word about which, and comes by phone more often than not.
pub fn form(app: App, about: Option<ConversationId>) -> AnyView {
    let is_about = about.is_some();
    let named = about.map(|about| about.to_string()).unwrap_or_default();
    let kind = RwSignal::new(RequestKind::Access.as_str().to_owned());
    let first = if is_about { RequestWay::Phone } else { RequestWay::Mail };
    let way = RwSignal::new(first.as_str().to_owned());
    let purpose = RwSignal::new(ObjectionPurpose::FollowUp.as_str().to_owned());
    let day = Input::new("request-day", &day_text(browser::now()));
    let thread = Input::new("request-thread", &named);
    let words = Input::new("request-words", "");
    let read = move || {
        let (kind, way, purpose) = (kind.get_untracked(), way.get_untracked(), purpose.get_untracked());
        let kind = *RequestKind::ALL.iter().find(|known| known.as_str() == kind)?;
        let purpose = ObjectionPurpose::ALL.iter().find(|known| known.as_str() == purpose).copied();
        let asked_at = browser::local_moment(&format!("{}T00:00", day.raw()));
        let asked_at = day.judged(asked_at.filter(|at| *at <= browser::now()), Key::WrongAsked)?;
        let conversation = match thread.raw().trim() {
            "" => None,
            text => Some(thread.judged(conversation_read(text), Key::WrongThread)?),
        };
        let words = match words.raw().trim() {
            "" => None,
            text => Some(words.judged(block_text(text, REQUEST_CHARACTERS), Key::WrongWords)?),
        };
        Some(EnterRequest {
            kind,
            purpose: purpose.filter(|_| kind == RequestKind::Objection),
            way: *RequestWay::ALL.iter().find(|known| known.as_str() == way)?,
            asked_at,
            conversation,
            words: words.map(Personal::new),
        })
    };
    let sent = move |event: SubmitEvent| {
        event.prevent_default();
        if let (Some(business), Some(request)) = (app.peek(|state| state.page.business()), read()) {
            app.ask(Ask::Record(business, Record::RequestEnter(request)));
        }
    };
    // The fields are for the next request once this one stands.
    let entered = app.part(|state| state.said == Some(Said::RequestEntered));
    Effect::new(move |_| {
        if entered.get() {
            if !is_about {
                thread.set("");
            }
            words.set("");
        }
    });
    // That there is no such conversation is said of the field, not of the page.
    let astray =
        app.part(|state| state.refusal(FORM).is_some_and(|refusal| refusal.kind() == Some(Kind::NotFound)));
    let kinds = RequestKind::ALL.iter().map(|kind| (kind.as_str().to_owned(), app.text(kind_name(*kind))));
    let ways = RequestWay::ALL.iter().filter(|way| **way != RequestWay::Page);
    let ways = ways.map(|way| (way.as_str().to_owned(), app.text(way_name(*way))));
    view! {
        <form novalidate class="inside" on:submit=sent>
            <p>{app.text(Key::RequestEnterLede)}</p>
            <div class="columns">
                {choice("request-kind", app.text(Key::RequestKind), kinds.collect(), kind)}
                {choice("request-way", app.text(Key::RequestWay), ways.collect(), way)}
                {field(app, day, Look { kind: "date", ..Look::text(Key::RequestDay) })}
            </div>
            {move || (kind.get() == RequestKind::Objection.as_str()).then(|| {
                let purposes = ObjectionPurpose::ALL.iter();
                let purposes = purposes.map(|known| (known.as_str().to_owned(), app.text(purpose_name(*known))));
                choice("request-purpose", app.text(Key::RequestPurpose), purposes.collect(), purpose)
            })}
            {area_checked(app, words, Look { optional: true, hint: Some(Key::RequestWordsHint), ..Look::text(Key::RequestWords) })}
            {(!is_about).then(|| {
                field(app, thread, Look { optional: true, hint: Some(Key::RequestThreadHint), ..Look::text(Key::RequestThreadOf) })
            })}
            {move || if astray.get() {
                view! { <p class="problem" role="alert">{app.text(Key::RequestAstray)}</p> }.into_any()
            } else {
                problem(app, FORM).into_any()
            }}
            {submit(app, FORM, Key::RequestEnterDo)}
        </form>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conversation_is_found_in_its_number_and_in_the_address_of_its_page() {
        let id = ConversationId::mint(Millis::new(1_795_000_000_000), [7; 10]);
        for text in [
            id.to_string(),
            format!("https://chat.example.eu/app/#/biz_1/inbox/{id}/held"),
            format!(" No. {id}, I think "),
        ] {
            assert_eq!(conversation_read(&text), Some(id), "{text}");
        }
        for text in ["", "cnv_", "somebody called on Sunday"] {
            assert_eq!(conversation_read(text), None, "{text}");
        }
    }
}
