//! The privacy centre's page: who is responsible, what is held and until when, and the rights, to be used right here.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use http::{HeaderMap, Uri};
use shared::id::SiteId;
use shared::rules::language::{LANGUAGES, language_choose, language_is_rtl};

use super::notice;
use super::words::{date, filled, source, word, words, written_in};
use crate::app::App;
use crate::http::access::path_id;
use crate::http::body::{Html, html_escape};
use crate::http::problem::ApiResult;
use crate::http::template::template_fill;
use crate::http::{Edge, headers};
use crate::ops;
use crate::rules::authority::authority;
use crate::rules::notice::About;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");
const PAGE: &str = include_str!("page.html");

/// Only what is served from here, and nothing that stands in the document itself.
pub(super) const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// JSON made safe to stand in a script element: `<` could end it.
fn json_in_script(json: &str) -> String {
    json.replace('<', "\\u003c")
}

/// The country that the visitor is in, as the platform tells it: which authority they may turn to.
fn country(headers: &HeaderMap) -> Option<&str> {
    headers.get("cf-ipcountry").and_then(|value| value.to_str().ok())
}

/// Links to the page in the languages that it is written in.
fn languages(written: &str) -> String {
    let link = |code: &str| {
        let current = if code == written { " aria-current=\"true\"" } else { "" };
        let name = match code {
            "fr" => "Français",
            "de" => "Deutsch",
            "es" => "Español",
            _ => "English",
        };
        format!("<a href=\"?locale={code}\" lang=\"{code}\" hreflang=\"{code}\"{current}>{name}</a>")
    };
    crate::rules::notice::LANGUAGES.map(link).concat()
}

/// The privacy centre of a site.
#[worker::send]
pub async fn page_get(
    State(edge): State<Edge>,
    Path(site): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let id: SiteId = path_id(&edge, &site)?;
    let app = &edge.app;
    let site = app.site(id).await.map_err(|error| edge.problem(error))?;
    let now = app.clock.now();
    let said = ops::notice::notice_read(app, &site).await.map_err(|error| edge.problem(error))?;
    let own = ops::vendor::own_names(app, &site.business).await.map_err(|error| edge.problem(error))?;
    let processors = ops::record::site_processors(app, &site, &own, now).await;
    let processors = processors.map_err(|error| edge.problem(error))?;
    let wanted = headers::languages(&uri, &headers);
    let asked = language_choose(&wanted, &LANGUAGES);
    let written = written_in(asked);
    let words_of = words(written);
    let fill = |key: &str, gaps: &[(&str, &str)]| html_escape(&filled(words_of, key, gaps));
    let (authority_name, authority_url) = authority(country(&headers).unwrap_or(&site.country)); // keeps P12 | without: let ((authority_name, authority_url), _) = (authority(&site.country), country);
    let line = |key: &str, value: &Option<String>| {
        value
            .as_ref()
            .map(|value| format!("<dt>{}</dt><dd>{}</dd>", fill(key, &[]), html_escape(value)))
            .unwrap_or_default()
    };
    let own_notice = site.notice_url.as_ref().filter(|url| url.starts_with("https://")).map(|url| {
        let url = html_escape(url);
        format!(
            "<dt>{}</dt><dd><a href=\"{url}\" rel=\"noopener noreferrer\">{url}</a></dd>",
            fill("own_notice", &[])
        )
    });
    let empty = Vec::new();
    let entries = said.current.texts.get(written).unwrap_or(&empty);
    let coming = said.coming.as_ref().and_then(|coming| coming.effective_at).map(|at| {
        let at = date(written, at);
        format!(
            " <strong>{}</strong> <a href=\"/privacy/platform?locale={written}\">{}</a>",
            fill("coming", &[("date", &at)]),
            fill("coming_read", &[])
        )
    });
    let initial: String = site.business_name.chars().take(1).collect();
    let mark = if written == asked { String::new() } else { format!(" lang=\"{written}\" dir=\"ltr\"") };
    let page = template_fill(PAGE, |name| {
        Some(match name {
            "lang" => asked.to_owned(),
            "dir" => if language_is_rtl(asked) { "rtl" } else { "ltr" }.to_owned(),
            "mark" => mark.clone(),
            "business" => html_escape(&site.business_name),
            "initial" => html_escape(&initial),
            "languages" => languages(written),
            "query" => format!("?locale={written}"),
            "page" => json_in_script(
                &serde_json::json!({ "site": site.id, "locale": written, "business": site.business_name })
                    .to_string(),
            ),
            "words" => json_in_script(source(written)),
            "english_only" => english_only(asked)
                .map(|text| {
                    let dir = if language_is_rtl(asked) { "rtl" } else { "ltr" };
                    format!("<p class=\"quiet\" lang=\"{asked}\" dir=\"{dir}\">{}</p>", html_escape(text))
                })
                .unwrap_or_default(),
            "controller" => html_escape(&site.controller), // keeps P1
            "contact" => html_escape(&site.contact),
            "officer" => line("officer", &site.officer),
            "own_notice" => own_notice.clone().unwrap_or_default(),
            "authority" if authority_name.is_empty() => fill("authority_any", &[]),
            "authority" => html_escape(authority_name),
            "authority_url" => authority_url.to_owned(),
            "revised" => {
                said.revised_at.map(|at| fill("revised", &[("date", &date(written, at))])).unwrap_or_default()
            }
            "coming" => coming.clone().unwrap_or_default(),
            "written_today" => fill("written_today", &[("date", &date(written, site.limit().until(now)))]),
            "where" => fill(where_key(app), &[]), // keeps P5.5 | without: "where" => String::new(),
            "held" => {
                notice::entries(words_of, written, (entries, About::Visitors), Some(&site), &processors)
            }
            "processors" => notice::processors(words_of, &processors),
            other => html_escape(word(words_of, other.strip_prefix("t.")?)),
        })
    });
    let mut response = Html(page).into_response();
    headers::guard(&mut response, POLICY);
    Ok(response)
}

/// The word that says where content is kept and where it is opened, as this deployment is set up.
pub(super) fn where_key(app: &App) -> &'static str {
    if ops::record::stays_in_union(app) { "where_union" } else { "where_any" }
}

fn file(text: &'static str, media_type: &'static str) -> Response {
    let mut response = Response::new(axum::body::Body::from(text));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
    headers::set(&mut response, "x-content-type-options", "nosniff");
    response
}

/// The page's style sheet.
pub async fn style_get() -> Response {
    file(STYLE, "text/css; charset=utf-8")
}

/// The page's script.
pub async fn script_get() -> Response {
    file(SCRIPT, "text/javascript; charset=utf-8")
}

/// "This page is in English for now", in a language that the page is not written in.
fn english_only(language: &str) -> Option<&'static str> {
    Some(match language {
        "it" => "Per ora questa pagina è disponibile solo in inglese.",
        "nl" => "Deze pagina is voorlopig alleen in het Engels beschikbaar.",
        "pt" => "Por enquanto, esta página só existe em inglês.",
        "pl" => "Ta strona jest na razie dostępna tylko po angielsku.",
        "ar" => "هذه الصفحة متاحة حاليًا بالإنجليزية فقط.",
        "he" => "העמוד הזה זמין כרגע באנגלית בלבד.",
        _ => return None,
    })
}
