//! The privacy centre's first page: who is responsible, what is held and until when, and how to use one's rights.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::Uri;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use shared::id::SiteId;
use shared::rules::language::{LANGUAGES, language_choose};

use super::notice;
use crate::http::access::path_id;
use crate::http::body::{Html, html_escape};
use crate::http::problem::ApiResult;
use crate::http::template::template_fill;
use crate::http::{Edge, headers};
use crate::ops::{Fault, OpError};
use crate::rules::inventory::inventory_read;

const STYLE: &str = include_str!("page.css");
const PAGE: &str = include_str!("page.html");
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";

/// The privacy centre of a site.
#[worker::send]
pub async fn page_get(State(edge): State<Edge>, Path(site): Path<String>, uri: Uri) -> ApiResult<Response> {
    let id: SiteId = path_id(&edge, &site)?;
    let site = edge.app.site(id).await.map_err(|error| edge.problem(error))?;
    let inventory = inventory_read()
        .map_err(|fault| edge.problem(OpError::Fault(Fault::Platform(format!("inventory: {fault}")))))?;
    let now = edge.app.clock.now();
    let asked = language_choose(&[headers::query(&uri, "locale").unwrap_or("en")], &LANGUAGES);
    let (authority, authority_url) = notice::authority(&site.country);
    let line = |label: &str, value: &Option<String>| {
        value
            .as_ref()
            .map(|value| format!("<dt>{label}</dt><dd>{}</dd>", html_escape(value)))
            .unwrap_or_default()
    };
    let link = site.notice_url.as_ref().filter(|url| url.starts_with("https://")).map(|url| {
        let url = html_escape(url);
        format!("<dt>Its own notice</dt><dd><a href=\"{url}\" rel=\"noopener noreferrer\">{url}</a></dd>")
    });
    let english_only = if asked == "en" {
        String::new()
    } else {
        format!("<p class=\"quiet\" lang=\"{asked}\">{}</p>", html_escape(english_only(asked)))
    };
    let initial: String = site.business_name.chars().take(1).collect();
    let page = template_fill(PAGE, |name| {
        Some(match name {
            "business" => html_escape(&site.business_name),
            "initial" => html_escape(&initial),
            "english_only" => english_only.clone(),
            "controller" => html_escape(&site.controller),
            "contact" => html_escape(&site.contact),
            "officer" => line("Data protection officer", &site.officer),
            "notice" => link.clone().unwrap_or_default(),
            "authority" => html_escape(authority),
            "authority_url" => authority_url.to_owned(),
            "until" => notice::date(site.limit().until(now)),
            "held" => notice::held(&edge.app, &site, &inventory),
            "platform" => notice::platform(&edge.app.config.imprint.entries),
            _ => return None,
        })
    });
    let mut response = Html(page).into_response();
    headers::guard(&mut response, POLICY);
    Ok(response)
}

/// The page's style sheet.
pub async fn style_get() -> Response {
    let mut response = Response::new(axum::body::Body::from(STYLE));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/css; charset=utf-8"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
    response
}

/// "This page is in English for now", in the language that was asked for.
fn english_only(language: &str) -> &'static str {
    match language {
        "fr" => "Cette page n’existe pour l’instant qu’en anglais.",
        "de" => "Diese Seite gibt es vorerst nur auf Englisch.",
        "es" => "Por ahora, esta página solo está en inglés.",
        "it" => "Per ora questa pagina è disponibile solo in inglese.",
        "nl" => "Deze pagina is voorlopig alleen in het Engels beschikbaar.",
        "pt" => "Por enquanto, esta página só existe em inglês.",
        "pl" => "Ta strona jest na razie dostępna tylko po angielsku.",
        "ar" => "هذه الصفحة متاحة حاليًا بالإنجليزية فقط.",
        "he" => "העמוד הזה זמין כרגע באנגלית בלבד.",
        _ => "",
    }
}
