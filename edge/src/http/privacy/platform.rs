//! What the deployment says of itself: who runs it (promise K0), the editions of the notice, who processes what, and the
//! record of processing, all from the inventory and the configuration.

use std::fmt::Write;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, Uri};
use shared::rules::language::{LANGUAGES, language_choose};
use shared::wire::admin::request::{DataMap, Processor};

use super::notice;
use super::page::{POLICY, where_key};
use super::words::{Words, date, filled, word, words, written_in};
use crate::http::access::path_id;
use crate::http::body::{Html, Json, html_escape};
use crate::http::problem::ApiResult;
use crate::http::template::template_fill;
use crate::http::{Edge, headers};
use crate::ops::record;
use crate::rules::notice::About;
use crate::rules::processor::{register_news, register_shown};

const PAGE: &str = include_str!("platform.html");

fn page(language: &str, title: &str, body: &str, aside: &str) -> Response {
    let page = template_fill(PAGE, |name| {
        Some(match name {
            "lang" => language.to_owned(),
            "title" => html_escape(title),
            "body" => body.to_owned(),
            "aside" => aside.to_owned(),
            _ => return None,
        })
    });
    let mut response = Html(page).into_response();
    headers::guard(&mut response, POLICY);
    response
}

/// Who runs the deployment, as far as its configuration says (promise K0). What is missing is said to be missing.
fn imprint(edge: &Edge) -> String {
    let label = |variable: &str| match variable {
        "PLATFORM_PUBLISHER" => "Publisher",
        "PLATFORM_LEGAL_FORM" => "Legal form",
        "PLATFORM_CAPITAL" => "Capital",
        "PLATFORM_REGISTER_NUMBER" => "Register number",
        "PLATFORM_ADDRESS" => "Address",
        "PLATFORM_PHONE" => "Phone",
        "PLATFORM_PUBLICATION_DIRECTOR" => "Publication director",
        "PLATFORM_HOSTING_PROVIDER" => "Hosting",
        _ => "Data protection officer",
    };
    edge.app.config.imprint_lines().into_iter().fold(String::new(), |mut html, (variable, said)| {
        let said = said.map_or_else(|| MISSING.to_owned(), html_escape); // keeps K0 | without: let said = said.map_or_else(String::new, html_escape); let _ = MISSING;
        // Writing to a String can't fail.
        let _ = write!(html, "<dt>{}</dt><dd>{said}</dd>", label(variable));
        html
    })
}

/// What stands where the platform has not said who it is.
const MISSING: &str = "<span class=\"flag\">not said yet</span>";

fn edition(
    words: &Words,
    language: &str,
    said: &crate::ops::notice::Opened,
    heading: &str,
    processors: &[Processor],
) -> String {
    let empty = Vec::new();
    let entries = said.texts.get(language).unwrap_or(&empty);
    let mut html = format!("<h2>{}</h2>", html_escape(heading));
    for (about, title) in [(About::Visitors, "about_visitors"), (About::Accounts, "about_accounts")] {
        let told = notice::entries(words, language, (entries, about), None, processors);
        // An edition of before told of visitors alone.
        if !told.is_empty() {
            let _ = write!(html, "<h3>{}</h3>{told}", html_escape(word(words, title)));
        }
    }
    html
}

/// Who runs the deployment, and both editions of the notice where one is coming.
#[worker::send]
pub async fn platform_get(State(edge): State<Edge>, uri: Uri, headers: HeaderMap) -> ApiResult<Response> {
    let app = &edge.app;
    let language = written_in(language_choose(&headers::languages(&uri, &headers), &LANGUAGES));
    let words = words(language);
    let (current, coming) =
        crate::ops::notice::editions_read(app).await.map_err(|error| edge.problem(error))?;
    let now = app.clock.now();
    let processors = record::all_processors(app, now).await.map_err(|error| edge.problem(error))?;
    let mut body = String::new();
    if let Some((coming, at)) = coming.as_ref().and_then(|coming| Some((coming, coming.effective_at?))) {
        let heading = filled(words, "coming", &[("date", &date(language, at))]);
        let register = register_shown(coming.register.clone().unwrap_or_default(), now);
        body.push_str(&edition(words, language, coming, &heading, &register));
        // Who comes, or goes on on other terms, and was handed nothing on them until then.
        let news =
            coming.register.as_ref().map(|register| register_news(current.register.as_ref(), register));
        if let Some(news) = news.filter(|news| !news.is_empty()) {
            let _ = write!(
                body,
                "<h3>{}</h3><dl class=\"lines\">{}</dl>",
                html_escape(word(words, "processors_title")),
                notice::processors(words, &register_shown(news, now))
            );
        }
    }
    let revised = current.effective_at.map(|at| filled(words, "revised", &[("date", &date(language, at))]));
    let heading = format!("{} {}", word(words, "held_what"), revised.unwrap_or_default());
    body.push_str(&edition(words, language, &current, heading.trim(), &processors));
    let aside = format!(
        "<section class=\"card\"><h2>{}</h2><dl class=\"lines\" lang=\"en\">{}</dl></section>\
         <section class=\"card\"><h2>{}</h2><dl class=\"lines\">{}</dl><h3>{}</h3><p class=\"quiet\">{}</p>\
         <p><a href=\"/privacy/map\">{}</a></p></section>",
        html_escape(word(words, "platform_link")),
        imprint(&edge),
        html_escape(word(words, "processors_title")),
        notice::processors(words, &processors),
        html_escape(word(words, "where_title")),
        html_escape(word(words, where_key(app))),
        html_escape(word(words, "map_link")),
    );
    Ok(page(language, word(words, "platform_link"), &body, &aside))
}

/// An edition of the notice, also one that is over, with the register that it had.
#[worker::send]
pub async fn edition_get(
    State(edge): State<Edge>,
    Path(edition): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let app = &edge.app;
    let id = path_id(&edge, &edition)?;
    let said = crate::ops::notice::edition_read(app, id).await.map_err(|error| edge.problem(error))?;
    let language = written_in(language_choose(&headers::languages(&uri, &headers), &LANGUAGES));
    let words = words(language);
    let revised = said.effective_at.map(|at| filled(words, "revised", &[("date", &date(language, at))]));
    let heading = format!("{} {}", word(words, "held_what"), revised.unwrap_or_default());
    let register = register_shown(said.register.clone().unwrap_or_default(), app.clock.now());
    let body = self::edition(words, language, &said, heading.trim(), &register);
    let aside = format!(
        "<section class=\"card\"><h2>{}</h2><dl class=\"lines\">{}</dl><p><a href=\"/privacy/platform\">{}</a></p></section>",
        html_escape(word(words, "processors_title")),
        notice::processors(words, &register),
        html_escape(word(words, "platform_link")),
    );
    Ok(page(language, word(words, "platform_link"), &body, &aside))
}

fn data_map(edge: &Edge) -> ApiResult<DataMap> {
    let app = &edge.app;
    let inventory = record::inventory().map_err(|error| edge.problem(error))?;
    let imprint = |wanted: &str| {
        let found = app.config.imprint.entries.iter().find(|(name, _)| *name == wanted);
        found.map(|(_, value)| value.clone())
    };
    Ok(DataMap {
        controller: "Each business for its visitors; the platform for the people who sign in.".to_owned(),
        contact: imprint("PLATFORM_ADDRESS").unwrap_or_else(|| app.config.public_origin.clone()),
        officer: imprint("PLATFORM_DATA_PROTECTION_OFFICER"),
        processor: record::platform_name(app),
        made_at: app.clock.now(),
        sites: Vec::new(),
        entries: record::map_entries(&inventory),
        measures: record::measures(),
    })
}

/// The record of processing, for machines.
#[worker::send]
pub async fn map_json_get(State(edge): State<Edge>) -> ApiResult<Json<DataMap>> {
    data_map(&edge).map(Json)
}

/// The record of processing, as a page.
#[worker::send]
pub async fn map_get(State(edge): State<Edge>) -> ApiResult<Response> {
    let map = data_map(&edge)?;
    let processors = record::all_processors(&edge.app, edge.app.clock.now()).await;
    let processors = processors.map_err(|error| edge.problem(error))?;
    let mut body = format!(
        "<p class=\"quiet\">{}</p><div class=\"map\"><table><thead><tr>",
        html_escape(&map.controller)
    );
    for heading in ["What", "What for", "Basis", "How long", "Who receives it", "Where it lies"] {
        let _ = write!(body, "<th scope=\"col\">{heading}</th>");
    }
    body.push_str("</tr></thead><tbody>");
    for entry in &map.entries {
        let nobody = if entry.table.starts_with("directory.") { "nobody_account" } else { "nobody" };
        let columns: Vec<String> = entry
            .columns
            .iter()
            .map(|column| {
                let how =
                    if column.is_sealed { "sealed" } else { column.unsealed.as_deref().unwrap_or("hashed") };
                format!("<code>{}</code> ({})", html_escape(&column.name), html_escape(how))
            })
            .collect();
        let _ = write!(
            body,
            "<tr><th scope=\"row\">{}</th><td>{}</td><td>Art. 6(1)({})</td><td>{}</td><td>{}</td><td><code>{}</code>: {}</td></tr>",
            html_escape(&entry.what),
            html_escape(&entry.purpose),
            html_escape(&entry.basis),
            html_escape(&entry.retention),
            html_escape(&notice::recipients(words("en"), &entry.recipients, nobody, &processors)),
            html_escape(&entry.table),
            columns.join(", "),
        );
    }
    body.push_str("</tbody></table></div><h2>Measures</h2><ul>");
    for measure in &map.measures {
        let _ = write!(body, "<li>{}</li>", html_escape(measure));
    }
    body.push_str("</ul>");
    let aside = format!(
        "<section class=\"card\"><h2>Processor</h2><p>{}</p></section>\
         <section class=\"card\"><h2>Sub-processors</h2><dl class=\"lines\">{}</dl></section>",
        html_escape(&map.processor),
        notice::processors(words("en"), &processors),
    );
    Ok(page("en", "Record of processing", &body, &aside))
}
