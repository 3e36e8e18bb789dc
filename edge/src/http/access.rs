//! Credentials become scopes here and nowhere else.

use http::header::{AUTHORIZATION, COOKIE, HeaderName, ORIGIN, USER_AGENT};
use http::request::Parts;
use http::{HeaderMap, Method};
use shared::id::{BusinessId, ConversationId, SiteId};
use shared::privacy::Secret;
use shared::wire::problem::Kind;

use super::cookies::{self, cookie};
use super::problem::ApiResult;
use super::{Edge, headers};
use crate::ops::account_request::Operator;
use crate::ops::session::{self, Browser};
use crate::ops::{OpError, api_token, visitor};
use crate::rules::browser::device_name;
use crate::rules::credential;
use crate::rules::permission::{Op, is_allowed};
use crate::store::scope::{MemberScope, OperatorScope, PublicScope, ThreadScope, VisitorScope};
use crate::store::session::OpenedSession;

/// Who may call a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody.
    Public,
    /// Whoever holds a visitor's token of the site in the path.
    Visitor,
    /// Whoever holds a token of the conversation in the path.
    Conversation,
    /// Whoever holds an unused ticket of the conversation in the path.
    Ticket,
    /// Whoever holds an unused ticket that a member of the business in the path bought for this very socket.
    DeskTicket,
    /// Whoever holds a link of a mail: its secret stands in the body.
    MailedLink,
    /// A vendor that signs what it sends.
    Signed,
    /// Anybody, but only from a page of our own: the doors of the dashboard.
    Door,
    /// Whoever is signed in.
    Account,
    /// A member of the business in the path whose role reaches as far, or a token that was made for it.
    Member(Op),
    /// Whoever runs the deployment.
    Operator,
    /// Anybody, but only where `ENV=dev`.
    Dev,
}

/// Refuses cookies: widget calls never need one, so one that comes along is a mistake worth hearing of.
pub fn cookies_refuse(edge: &Edge, headers: &HeaderMap) -> ApiResult<()> {
    if headers.contains_key(COOKIE) { Err(edge.problem(Kind::CookieRefused)) } else { Ok(()) }
}

/// The bearer token of a request. Fails with `TokenMissing`.
pub fn bearer<'a>(edge: &Edge, headers: &'a HeaderMap) -> ApiResult<&'a str> {
    headers
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split_once(' '))
        // The scheme's case means nothing (RFC 9110, 11.1).
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token)
        .ok_or_else(|| edge.problem(Kind::TokenMissing))
}

/// An id in a path. What is no id of that kind names nothing: `NotFound`.
pub fn path_id<T: std::str::FromStr>(edge: &Edge, text: &str) -> ApiResult<T> {
    text.parse().map_err(|_| edge.problem(Kind::NotFound))
}

/// The visitor behind a request to a site.
pub async fn visitor(edge: &Edge, site: &str, headers: &HeaderMap) -> ApiResult<VisitorScope> {
    cookies_refuse(edge, headers)?;
    let token = bearer(edge, headers)?;
    let site: SiteId = path_id(edge, site)?;
    visitor::visitor_open(&edge.app, &PublicScope::new(site), token)
        .await
        .map_err(|error| edge.problem(error))
}

/// The thread behind a request to a conversation.
pub async fn thread(edge: &Edge, conversation: &str, headers: &HeaderMap) -> ApiResult<ThreadScope> {
    cookies_refuse(edge, headers)?;
    let token = bearer(edge, headers)?;
    let conversation: ConversationId = path_id(edge, conversation)?;
    visitor::token_open(&edge.app, conversation, token).await.map_err(|error| edge.problem(error))
}

/// What every call of the dashboard that changes something carries.
pub const CSRF_HEADER: HeaderName = HeaderName::from_static("x-loquet-csrf");

/// Somebody who is signed in.
pub struct Signed {
    /// What their session opens.
    pub opened: OpenedSession,
    /// Their token against forged requests.
    pub csrf: Secret<String>,
}

fn changes(method: &Method) -> bool {
    ![Method::GET, Method::HEAD, Method::OPTIONS].contains(method)
}

/// Refuses what another site's page sends. Browsers say where a request comes from; programs say nothing, and have no
/// cookies that somebody else could use.
fn own_page(edge: &Edge, headers: &HeaderMap) -> ApiResult<()> {
    let from = headers::text(headers, &HeaderName::from_static("sec-fetch-site"));
    let own = match (from, headers::text(headers, &ORIGIN)) {
        (Some(from), _) => from == "same-origin",
        (None, Some(origin)) => {
            edge.app.config.is_app_origin(origin) || edge.app.config.is_own_origin(origin)
        }
        (None, None) => true,
    };
    if own { Ok(()) } else { Err(edge.problem(Kind::CsrfRefused)) }
}

/// The browser at a door, known again or new. Fails with `CsrfRefused` and `RateLimited`.
pub async fn door(edge: &Edge, parts: &Parts) -> ApiResult<Browser> {
    own_page(edge, &parts.headers)?;
    let address = headers::address(&parts.headers);
    if let Some(address) = &address {
        let key = edge.app.token_key().map_err(|error| edge.problem(error))?;
        if !edge.limiter.visit_admit(key.fingerprint("door", address.expose())).await {
            return Err(edge.problem(OpError::rate_limited(60)));
        }
    }
    browser(edge, parts)
}

/// The browser behind a request.
pub fn browser(edge: &Edge, parts: &Parts) -> ApiResult<Browser> {
    let random = edge.app.rng.bytes().map_err(|error| edge.problem(OpError::from(error)))?;
    let known = cookie(&parts.headers, cookies::BROWSER);
    Ok(Browser {
        is_known: known.is_some(),
        token: known.unwrap_or_else(|| credential::opaque_mint(random)),
        device: device_name(headers::text(&parts.headers, &USER_AGENT).unwrap_or_default()),
        address: headers::address(&parts.headers),
        session: cookie(&parts.headers, cookies::SESSION),
    })
}

async fn signed(edge: &Edge, parts: &Parts, business: Option<BusinessId>) -> ApiResult<Signed> {
    let cookie =
        cookie(&parts.headers, cookies::SESSION).ok_or_else(|| edge.problem(Kind::SessionMissing))?;
    let opened = session::session_open(&edge.app, cookie.expose(), business).await;
    let opened = opened.map_err(|error| edge.problem(error))?;
    let key = edge.app.token_key().map_err(|error| edge.problem(error))?;
    let csrf = credential::csrf_derive(key, cookie.expose());
    if changes(&parts.method) {
        own_page(edge, &parts.headers)?;
        let given = headers::text(&parts.headers, &CSRF_HEADER).unwrap_or_default();
        if !credential::same(given, csrf.expose()) {
            return Err(edge.problem(Kind::CsrfRefused));
        }
    }
    Ok(Signed { opened, csrf })
}

/// Whoever is signed in. Fails with `SessionMissing`, and with `CsrfRefused` where something would change.
pub async fn account(edge: &Edge, parts: &Parts) -> ApiResult<Signed> {
    signed(edge, parts, None).await
}

/// The member of a business behind a request: signed in, or by an API token.
///
/// Fails with `SessionMissing`, `TokenMissing`, `CsrfRefused`; with `NotFound` where they do not belong to the
/// business; with `RoleTooLow` or `ScopeMissing` where they may not do `op`.
pub async fn member(edge: &Edge, parts: &Parts, business: &str, op: Op) -> ApiResult<MemberScope> {
    let named: Option<BusinessId> = business.parse().ok();
    let scope = if parts.headers.contains_key(AUTHORIZATION) {
        let token = bearer(edge, &parts.headers)?;
        let opened = api_token::token_open(&edge.app, token).await.map_err(|error| edge.problem(error))?;
        if Some(opened.scope.business.business()) != named {
            return Err(edge.problem(Kind::NotFound));
        }
        if !op.scope().is_some_and(|scope| opened.scopes.contains(&scope)) {
            return Err(edge.problem(Kind::ScopeMissing));
        }
        opened.scope
    } else {
        let Signed { opened, .. } = signed(edge, parts, named).await?;
        let (business, role) = opened.membership.ok_or_else(|| edge.problem(Kind::NotFound))?;
        MemberScope { business, account: opened.account, role, token: None }
    };
    if is_allowed(op, scope.role) { Ok(scope) } else { Err(edge.problem(Kind::RoleTooLow)) } // keeps P8.2 | without: let _ = (op, is_allowed); Ok(scope)
}

/// Whoever runs the deployment. Fails with `SessionMissing`, `CsrfRefused`, and `RoleTooLow` for everybody else.
pub async fn operator(edge: &Edge, parts: &Parts) -> ApiResult<OperatorScope> {
    Ok(operator_signed(edge, parts).await?.scope)
}

/// The same, where the log says who did it.
pub async fn operator_signed(edge: &Edge, parts: &Parts) -> ApiResult<Operator> {
    let signed = account(edge, parts).await?;
    let is_operator = session::session_is_operator(&edge.app, &signed.opened).await;
    if is_operator.map_err(|error| edge.problem(error))? {
        Ok(Operator { scope: OperatorScope::of_deployment(), account: signed.opened.account })
    } else {
        Err(edge.problem(Kind::RoleTooLow))
    }
}
