//! The frame's document: the built page, filled for one site and one visitor, under a policy of its own.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, Uri};
use serde_json::Value;
use shared::id::SiteId;
use shared::rules::language::language_is_rtl;
use shared::wire::frame::Frame;
use shared::wire::problem::Kind;

use crate::http::access::path_id;
use crate::http::body::{Html, html_escape};
use crate::http::problem::ApiResult;
use crate::http::template::template_fill;
use crate::http::{Edge, headers};
use crate::ops::{Fault, OpError, frame, preview, visitor};
use crate::platform::Assets;
use crate::rules::origin::frame_ancestors;

/// The page as trunk built it.
const TEMPLATE: &str = "/frame/index.html";
/// Language to file, as the build wrote it.
const LOCALES: &str = "/frame/locales.json";
/// The hashes of the page's own style and script, as the build wrote them.
const HASHES: &str = "/frame/policy.json";

/// The frame's document for a site. The visitor's token is minted into it where the Referer is an allowed origin;
/// else the frame asks for one when it hears the loader's hello.
#[worker::send]
pub async fn frame_get(
    State(edge): State<Edge>,
    Path(site): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let id: SiteId = path_id(&edge, &site)?;
    let mut site = edge.app.site(id).await.map_err(|error| edge.problem(error))?;
    let previewed = headers::query(&uri, "preview");
    if let Some(text) = previewed {
        let opened = preview::preview_open(&edge.app, &site, text);
        site = Arc::new(opened.map_err(|error| edge.problem(error))?);
    }
    let token = match headers::referer_origin(&headers) {
        None => None,
        // Nobody writes into a preview.
        Some(_) if previewed.is_some() => None,
        Some(origin) => match visitor::visitor_mint(&edge.app, &site, origin) {
            Ok(minted) => Some(minted.token),
            // Not an allowed page: the policy below keeps the browser from showing the frame there, and nothing
            // is minted. Opened by a link from elsewhere, the frame stands by itself and asks for a token.
            Err(OpError::Denied(_)) => None,
            Err(error) => return Err(edge.problem(error)),
        },
    };
    let wanted = headers::languages(&uri, &headers);
    let settings = frame::frame_read(&edge.app, &site, &wanted, token, headers::opted_out(&headers));
    let theme = match headers::query(&uri, "theme") {
        Some("dark") => "dark",
        Some("light") => "light",
        _ => "auto",
    };
    let template = file(&edge, TEMPLATE).await?;
    let catalogue = catalogue(&edge, &settings.locale).await?;
    let page = fill(&template, &settings, &catalogue, theme);
    let mut response = Html(page).into_response();
    // The chat itself may be embedded where the business says so, and stand alone; a preview only in the dashboard.
    let ancestors = match previewed {
        None => format!("'self' {}", frame_ancestors(&site.settings.allowed_origins)), // keeps B2 | without: None => "*".to_owned(),
        Some(_) => frame_ancestors(std::slice::from_ref(&edge.app.config.app_origin)),
    };
    let hashes = file(&edge, HASHES).await?;
    let hashes: Hashes = serde_json::from_str(&hashes).map_err(|_| edge.problem(Kind::Unavailable))?;
    headers::guard(&mut response, &policy(&hashes, &ancestors));
    // Isolated hosts (COEP) embed only frames that say both.
    headers::set(&mut response, "cross-origin-embedder-policy", "require-corp");
    headers::set(&mut response, "cross-origin-resource-policy", "cross-origin");
    Ok(response)
}

/// What the page carries in itself.
#[derive(serde::Deserialize)]
struct Hashes {
    style: String,
    script: String,
}

/// Nobody but the deployment is asked for anything.
const OWN_ONLY: &str = "connect-src 'self'; img-src 'self' blob:; media-src 'self' blob:"; // keeps P5.6 | without: const OWN_ONLY: &str = "connect-src https:";

/// The frame's own policy. It compiles WASM, so that the host page need not allow it. The page's own style and script
/// stand in it by their hashes: fetched, each would be a trip before the composer takes text.
fn policy(hashes: &Hashes, ancestors: &str) -> String {
    let Hashes { style, script } = hashes;
    format!(
        "default-src 'none'; script-src 'self' {script} 'wasm-unsafe-eval'; style-src 'self' {style}; {OWN_ONLY}; \
         base-uri 'none'; form-action 'none'; \
         frame-ancestors {ancestors}"
    )
}

async fn file(edge: &Edge, path: &str) -> ApiResult<String> {
    let assets: &Assets = &edge.app.assets;
    let read = assets.read(path).await;
    let read = read.map_err(|fault| edge.problem(OpError::Fault(Fault::Platform(fault.to_string()))))?;
    let asset = read.ok_or_else(|| edge.problem(Kind::Unavailable))?;
    String::from_utf8(asset.bytes).map_err(|_| edge.problem(Kind::Unavailable))
}

/// The interface's words in a language, by key.
async fn catalogue(edge: &Edge, language: &str) -> ApiResult<BTreeMap<String, Value>> {
    let read = |text: &str| serde_json::from_str::<BTreeMap<String, Value>>(text);
    let files = read(&file(edge, LOCALES).await?).map_err(|_| edge.problem(Kind::Unavailable))?;
    let path = files.get(language).and_then(Value::as_str).ok_or_else(|| edge.problem(Kind::Unavailable))?;
    read(&file(edge, path).await?).map_err(|_| edge.problem(Kind::Unavailable))
}

/// JSON made safe to stand in a script element: `<` could end it.
fn json_in_script(json: &str) -> String {
    json.replace('<', "\\u003c")
}

/// Fills the built page: `%NAME%` with settings, `%t.key%` with words of the interface.
fn fill(template: &str, settings: &Frame, words: &BTreeMap<String, Value>, theme: &str) -> String {
    let direction = if language_is_rtl(&settings.locale) { "rtl" } else { "ltr" };
    let frame = serde_json::to_string(settings).unwrap_or_default();
    let business = settings.business.name.as_str();
    let word = |key: &str| words.get(key).and_then(Value::as_str);
    let value = |marker: &str| match marker {
        "LANG" => Some(settings.locale.clone()),
        "DIR" => Some(direction.to_owned()),
        "THEME" => Some(theme.to_owned()),
        "BUSINESS" => Some(html_escape(business)),
        "TITLE" => word("dialog").map(|title| html_escape(&title.replace("{business}", business))),
        "FRAME" => Some(json_in_script(&frame)),
        "WORDS" => Some(json_in_script(&serde_json::to_string(words).unwrap_or_default())),
        other => other.strip_prefix("t.").and_then(word).map(html_escape),
    };
    template_fill(template, value)
}
