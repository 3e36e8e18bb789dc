//! The ledger of consent: what visitors chose, when and how, with the exact words that they chose about (promise B8); and as
//! a file, for whoever has to show it.

use leptos::prelude::*;
use shared::wire::admin::request::{ConsentProof, ConsentProofs};
use shared::wire::consent::{Choice, Way};

use super::notices::site_name;
use super::receipts::older;
use crate::api;
use crate::components::act::problem;
use crate::components::status::{Rows, slot};
use crate::i18n::{self, Key, Style};
use crate::shell::App;
use crate::state::{Form, Record};

/// The page.
pub fn page(app: App) -> AnyView {
    view! {
        {super::heading(app, Key::Consents, Some(Key::ConsentsLede))}
        {slot(app, |state| &state.record.consents, Rows(6), move |page| list(app, &page))}
    }
    .into_any()
}

fn list(app: App, page: &ConsentProofs) -> AnyView {
    if page.consents.is_empty() {
        return view! { <section class="card"><p class="empty">{app.text(Key::ConsentsEmpty)}</p></section> }
            .into_any();
    }
    let rows: Vec<AnyView> = page.consents.iter().map(|proof| row(app, proof)).collect();
    let heads = [Key::AuditWhen, Key::ConsentChoice, Key::ConsentWho, Key::ConsentWords];
    let heads = heads.map(|head| view! { <th scope="col">{app.text(head)}</th> });
    view! {
        <section class="card">
            <div class="title"><h2>{app.text(Key::ConsentLedger)}</h2>{files(app)}</div>
            <div class="table" role="region" tabindex="0" aria-label=app.text(Key::ConsentLedger)>
                <table>
                    <thead><tr>{heads.into_iter().collect_view()}</tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
        {problem(app, Form::More)}
        {page.before.map(|before| older(app, move || Record::Consents(Some(before))))}
    }
    .into_any()
}

fn files(app: App) -> AnyView {
    let business = app.peek(|state| state.page.business());
    let links = [("csv", "CSV"), ("json", "JSON")].map(|(format, name)| {
        let address = business.map(|business| api::ledger_address(business, format)).unwrap_or_default();
        let what = app.text(Key::ConsentLedger);
        let label = app.text_with(Key::DownloadThat, &[("format", name), ("what", &what)]);
        view! { <a href=address download="" aria-label=label>{name}</a> }
    });
    view! { <span class="files">{links.into_iter().collect_view()}</span> }.into_any()
}

fn row(app: App, proof: &ConsentProof) -> AnyView {
    let (class, choice) = match proof.choice {
        Choice::Accepted => ("pill on", Key::ChoiceAccepted),
        Choice::Declined => ("pill", Key::ChoiceDeclined),
    };
    let way = match proof.way {
        Way::Strip => Key::ConsentStrip,
        Way::Settings => Key::ConsentSettings,
        Way::Signal => Key::ConsentSignal,
    };
    let site = proof.site;
    let language = i18n::language_name(&proof.locale);
    let version = proof.version.to_string();
    let edition = app.text_with(Key::ConsentEdition, &[("version", &version), ("language", &language)]);
    let locale = proof.locale.clone();
    let words = match proof.words.clone() {
        Some(words) => view! { <blockquote lang=locale dir="auto">{words}</blockquote> }.into_any(),
        None => view! { <p class="hint">{app.text(Key::ConsentWordsGone)}</p> }.into_any(),
    };
    view! {
        <tr>
            <td>{i18n::moment(proof.at, Style::Moment)}</td>
            <td><span class=class>{app.text(choice)}</span>" "<span class="hint">{app.text(way)}</span></td>
            <td><bdi>{move || site_name(app, site)}</bdi>" "<code class="hash">{proof.visitor.to_string()}</code></td>
            <td>
                <details class="bare">
                    <summary>{edition}</summary>
                    {words}
                    <code class="hash">"SHA-256 "{proof.text_hash.clone()}</code>
                </details>
            </td>
        </tr>
    }
    .into_any()
}
