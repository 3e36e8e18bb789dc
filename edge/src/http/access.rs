//! Credentials become scopes here and nowhere else.

use http::HeaderMap;
use http::header::{AUTHORIZATION, COOKIE};
use shared::id::{ConversationId, SiteId};
use shared::wire::problem::Kind;

use super::Edge;
use super::problem::ApiResult;
use crate::ops::visitor;
use crate::store::scope::{PublicScope, ThreadScope, VisitorScope};

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
    /// A vendor that signs what it sends.
    Signed,
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
        .and_then(|value| value.strip_prefix("Bearer "))
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
