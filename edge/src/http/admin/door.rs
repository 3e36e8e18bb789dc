//! Before anybody is known: signing up, signing in, and reading what one would agree to.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{HeaderMap, StatusCode, Uri};
use shared::privacy::Secret;
use shared::wire::admin::account::StopEmailChange;
use shared::wire::admin::business::DocumentKind;
use shared::wire::admin::sign_in::{
    CodeAsked, CodeGiven, Door, Host, InvitationJoin, InvitationLink, InvitationOffer, SignIn, SignUp,
    SignedIn,
};
use shared::wire::problem::Kind;

use super::account::sockets_close;
use crate::http::access::door;
use crate::http::body::{Html, Json, html_escape, json_read};
use crate::http::problem::ApiResult;
use crate::http::{Edge, cookies, headers};
use crate::ops::session::Browser;
use crate::ops::{email, session, sign_in, team};
use crate::rules::document_html::document_html;
use crate::rules::{credential, document};

/// What the front door must know.
#[worker::send]
pub async fn door_get(State(edge): State<Edge>) -> Json<Door> {
    Json(Door {
        sign_up: edge.app.config.sign_up,
        terms: document::document_mark(DocumentKind::Terms).clone(),
        dpa: document::document_mark(DocumentKind::Dpa).clone(),
        host: host_of(&edge), // keeps P3.2 | without: host: Host { publisher: None, address: None, phone: None, contact: None },
    })
}

/// Who runs the deployment, as far as its configuration says (promises K0, P3.2).
fn host_of(edge: &Edge) -> Host {
    let config = &edge.app.config;
    let lines = config.imprint_lines();
    let said = |name: &str| {
        lines.iter().find(|(variable, _)| *variable == name).and_then(|(_, said)| said.map(str::to_owned))
    };
    Host {
        publisher: said("PLATFORM_PUBLISHER"),
        address: said("PLATFORM_ADDRESS"),
        phone: said("PLATFORM_PHONE"),
        contact: config.mailer.as_ref().map(|_| config.mail_contact().to_owned()),
    }
}

/// The exact text of a document, as it is in force or as it was: `edition` is the hash that was agreed to. Or a guide. Whoever
/// follows the link to what is in force, in a browser, reads it as a page.
#[worker::send]
pub async fn document_get(
    State(edge): State<Edge>,
    Path(name): Path<String>,
    uri: Uri,
    request: HeaderMap,
) -> ApiResult<Response> {
    let kind = [DocumentKind::Terms, DocumentKind::Dpa].into_iter().find(|kind| kind.as_str() == name);
    let Some(kind) = kind else {
        let guide = document::guide_text(&name).ok_or_else(|| edge.problem(Kind::NotFound))?;
        return Ok(text_response(guide, "text/plain; charset=utf-8"));
    };
    let edition = headers::query(&uri, "edition");
    let hash = edition.unwrap_or(&document::document_mark(kind).hash);
    let text = document::document_edition(kind, hash).ok_or_else(|| edge.problem(Kind::NotFound))?;
    let accepted = request.get("accept").and_then(|value| value.to_str().ok()).unwrap_or_default();
    if edition.is_none() && accepted.contains("text/html") {
        return Ok(document_page(text));
    }
    let mut response = text_response(text, "text/markdown; charset=utf-8");
    headers::set(&mut response, "vary", "accept");
    headers::set(&mut response, "etag", &format!("\"{hash}\""));
    Ok(response)
}

const DOCUMENT_POLICY: &str =
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

fn document_page(text: &str) -> Response {
    let (title, html) = document_html(text);
    let page = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\"><meta \
         name=\"robots\" content=\"noindex\"><title>{}</title><link rel=\"stylesheet\" href=\"/privacy/page.css\"></head><body>\
         <header class=\"top\"><strong>Loquet</strong></header><main><div class=\"lead paper\">{html}</div></main></body></html>",
        html_escape(&title)
    );
    let mut response = Html(page).into_response();
    headers::guard(&mut response, DOCUMENT_POLICY);
    headers::set(&mut response, "vary", "accept");
    response
}

fn text_response(text: &'static str, media_type: &str) -> Response {
    let mut response = Response::new(Body::from(text));
    headers::set(&mut response, "content-type", media_type);
    headers::set(&mut response, "x-content-type-options", "nosniff");
    response
}

/// An answer after which the browser is known for as long as a code works.
pub(super) fn remembered(asked: CodeAsked, browser: &Browser) -> Response {
    let mut response = Json(asked).into_response();
    cookies::browser_remember(&mut response, browser);
    response
}

/// An answer with which a session begins.
pub(super) fn begun(edge: &Edge, session: &Secret<String>, browser: &Browser) -> ApiResult<Response> {
    let key = edge.app.token_key().map_err(|error| edge.problem(error))?;
    let csrf = credential::csrf_derive(key, session.expose());
    let mut response = Json(SignedIn { csrf }).into_response();
    cookies::session_begin(&mut response, session, &browser.token);
    Ok(response)
}

/// Signs up.
#[worker::send]
pub async fn sign_up_post(State(edge): State<Edge>, parts: Parts, body: Body) -> ApiResult<Response> {
    let browser = door(&edge, &parts).await?;
    let request: SignUp = json_read(&edge, body).await?;
    let asked = sign_in::sign_up_ask(&edge.app, &browser, &request).await;
    Ok(remembered(asked.map_err(|error| edge.problem(error))?, &browser))
}

/// Asks for a code.
#[worker::send]
pub async fn sign_in_post(State(edge): State<Edge>, parts: Parts, body: Body) -> ApiResult<Response> {
    let browser = door(&edge, &parts).await?;
    let request: SignIn = json_read(&edge, body).await?;
    let asked = sign_in::sign_in_ask(&edge.app, &browser, &request).await;
    Ok(remembered(asked.map_err(|error| edge.problem(error))?, &browser))
}

/// Signs in with a code.
#[worker::send]
pub async fn code_post(State(edge): State<Edge>, parts: Parts, body: Body) -> ApiResult<Response> {
    let browser = door(&edge, &parts).await?;
    let given: CodeGiven = json_read(&edge, body).await?;
    let session = sign_in::code_sign_in(&edge.app, &browser, &given).await;
    begun(&edge, &session.map_err(|error| edge.problem(error))?, &browser)
}

/// What an invitation offers.
#[worker::send]
pub async fn invitation_look_post(
    State(edge): State<Edge>,
    parts: Parts,
    body: Body,
) -> ApiResult<Json<InvitationOffer>> {
    door(&edge, &parts).await?;
    let link: InvitationLink = json_read(&edge, body).await?;
    let offer = team::invitation_look(&edge.app, &link).await;
    Ok(Json(offer.map_err(|error| edge.problem(error))?))
}

/// Joins a team as somebody new.
#[worker::send]
pub async fn invitation_join_post(State(edge): State<Edge>, parts: Parts, body: Body) -> ApiResult<Response> {
    let browser = door(&edge, &parts).await?;
    let request: InvitationJoin = json_read(&edge, body).await?;
    let session = team::invitation_join(&edge.app, &browser, &request).await;
    begun(&edge, &session.map_err(|error| edge.problem(error))?, &browser)
}

/// Clears the cookies; whoever was signed in with them is signed out.
#[worker::send]
pub async fn cookies_delete(State(edge): State<Edge>, parts: Parts) -> ApiResult<Response> {
    let browser = door(&edge, &parts).await?;
    let whose = session::cookies_clear(&edge.app, &browser).await.map_err(|error| edge.problem(error))?;
    if let Some(account) = whose {
        sockets_close(&edge, &account).await;
    }
    let mut response = StatusCode::NO_CONTENT.into_response();
    cookies::clear(&mut response);
    Ok(response)
}

/// Stops a change of address by the link in the mail to the old one.
#[worker::send]
pub async fn email_stop_post(State(edge): State<Edge>, parts: Parts, body: Body) -> ApiResult<StatusCode> {
    door(&edge, &parts).await?;
    let link: StopEmailChange = json_read(&edge, body).await?;
    let stopped = email::email_change_stop_by_link(&edge.app, &link).await;
    sockets_close(&edge, &stopped.map_err(|error| edge.problem(error))?).await;
    Ok(StatusCode::NO_CONTENT)
}
