//! Erasures that somebody asked for: how far each is, and its signed receipt, to be sent to whoever asked (promise B5).

use leptos::prelude::*;
use shared::id::ErasureId;
use shared::rules::subject::SubjectKind;
use shared::wire::admin::proof::{ErasureEntry, Erasures};

use crate::components::act::problem;
use crate::components::code::code;
use crate::components::status::{Rows, slot};
use crate::i18n::{self, Key, Style};
use crate::json;
use crate::shell::App;
use crate::state::{Ask, Form, Record};

/// The page.
pub fn page(app: App) -> AnyView {
    view! {
        {super::heading(app, Key::Receipts, Some(Key::ReceiptsLede))}
        {slot(app, |state| &state.record.erasures, Rows(4), move |erasures| list(app, &erasures))}
        <p class="hint">
            {app.text(Key::ReceiptsCheck)}" "
            <a href="/privacy/receipts" target="_blank" rel="noopener">{app.text(Key::ReceiptsCheckPage)}</a>
        </p>
    }
    .into_any()
}

fn list(app: App, page: &Erasures) -> AnyView {
    if page.erasures.is_empty() {
        return view! { <section class="card"><p class="empty">{app.text(Key::ReceiptsEmpty)}</p></section> }
            .into_any();
    }
    let open = RwSignal::new(None);
    let rows: Vec<AnyView> = page.erasures.iter().map(|erasure| row(app, erasure, open)).collect();
    view! {
        <section class="card"><ul class="rows">{rows}</ul></section>
        {problem(app, Form::More)}
        {page.before.map(|before| older(app, move || Record::Erasures(Some(before))))}
    }
    .into_any()
}

/// The way to what is older.
pub fn older(app: App, record: impl Fn() -> Record + 'static) -> AnyView {
    let busy = app.part(|state| state.is_busy(Form::More));
    let more = move |_| {
        if let Some(business) = app.peek(|state| state.page.business()) {
            app.ask(Ask::Record(business, record()));
        }
    };
    view! {
        <div class="acts below">
            <button type="button" aria-busy=move || busy.get().then_some("true") on:click=more>{app.text(Key::Older)}</button>
        </div>
    }
    .into_any()
}

/// How far it is, in words, and whether that needs somebody's eye.
fn standing(erasure: &ErasureEntry) -> (&'static str, Key) {
    match (erasure.receipt.is_some(), erasure.waits.as_deref(), erasure.keyless_at.is_some()) {
        (true, ..) => ("pill on", Key::ErasureReceipted),
        (false, Some("hold"), _) => ("pill clay", Key::ErasureHeld),
        (false, Some(_), _) => ("pill clay", Key::ErasureUnsigned),
        (false, None, true) => ("pill", Key::ErasureKeyless),
        (false, None, false) => ("pill", Key::ErasureBegun),
    }
}

fn row(app: App, erasure: &ErasureEntry, open: RwSignal<Option<ErasureId>>) -> AnyView {
    let id = erasure.id;
    let about = match erasure.about {
        SubjectKind::Visitor => Key::ErasureVisitor,
        _ => Key::ErasureConversation,
    };
    let why = if erasure.reason == "child" { Key::ErasureChild } else { Key::ErasureRequest };
    let asked = i18n::moment(erasure.requested_at, Style::Moment);
    let line = app.text_with(Key::ErasureAsked, &[("date", &asked)]);
    let verified = erasure
        .verified_at
        .map(|at| app.text_with(Key::ErasureVerified, &[("date", &i18n::moment(at, Style::Moment))]));
    let (class, words) = standing(erasure);
    let text = erasure.receipt.as_ref().and_then(json::write_indented);
    let label = app.text_with(Key::ReceiptOf, &[("date", &asked)]);
    let more = text.map(|text| {
        let panel = move || {
            (open.get() == Some(id)).then(|| {
                view! {
                    <div class="panel">
                        <p>{app.text(Key::ReceiptSend)}</p>
                        {code(app, app.text(Key::Receipt), text.clone())}
                    </div>
                }
            })
        };
        let button = view! {
            <button
                type="button"
                aria-label=label
                aria-expanded=move || if open.get() == Some(id) { "true" } else { "false" }
                on:click=move |_| open.update(|open| *open = (*open != Some(id)).then_some(id))
            >
                {app.text(Key::Receipt)}
            </button>
        };
        (button, panel)
    });
    let (button, panel) = more.unzip();
    view! {
        <li>
            <div class="row">
                <div class="grow">
                    <strong>{app.text(about)}" "<span class=class>{app.text(words)}</span></strong>
                    <span>{app.text(why)}" "{line}" "{verified}</span>
                    <code class="hash">{id.to_string()}</code>
                </div>
                {button}
            </div>
            {panel}
        </li>
    }
    .into_any()
}
