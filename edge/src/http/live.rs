//! The socket's door: a ticket is opened here, before the object is reached.

use axum::extract::{Path, State};
use axum::response::Response;
use http::HeaderMap;
use http::header::{SEC_WEBSOCKET_PROTOCOL, UPGRADE};
use shared::id::ConversationId;
use shared::wire::problem::Kind;
use shared::wire::widget::LIVE_PROTOCOL;

use super::Edge;
use super::access::path_id;
use super::headers::text;
use super::problem::ApiResult;
use crate::rules::credential::{TicketProof, ticket_open};

/// Lets a socket in to its conversation.
#[worker::send]
pub async fn live_get(
    State(edge): State<Edge>,
    Path(conversation): Path<String>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let proof = proof(&edge, &conversation, &headers)?;
    body::join(&edge, proof).await
}

/// The ticket of a handshake. Fails with `UpgradeRequired` and `TokenMissing`.
pub(super) fn handshake<'a>(edge: &Edge, headers: &'a HeaderMap) -> ApiResult<&'a str> {
    if !text(headers, &UPGRADE).is_some_and(|value| value.eq_ignore_ascii_case("websocket")) {
        return Err(edge.problem(Kind::UpgradeRequired));
    }
    let mut protocols = text(headers, &SEC_WEBSOCKET_PROTOCOL).unwrap_or_default().split(',').map(str::trim);
    if protocols.next() != Some(LIVE_PROTOCOL) {
        return Err(edge.problem(Kind::UpgradeRequired));
    }
    protocols.next().ok_or_else(|| edge.problem(Kind::TokenMissing))
}

fn proof(edge: &Edge, conversation: &str, headers: &HeaderMap) -> ApiResult<TicketProof> {
    let conversation: ConversationId = path_id(edge, conversation)?;
    let ticket = handshake(edge, headers)?;
    let key = edge.app.token_key().map_err(|error| edge.problem(error))?;
    let proof = ticket_open(key, ticket, edge.app.clock.now()).map_err(|kind| edge.problem(kind))?;
    if proof.conversation != conversation {
        return Err(edge.problem(Kind::NotFound));
    }
    Ok(proof)
}

#[cfg(target_arch = "wasm32")]
pub(super) use body::upgraded;

#[cfg(target_arch = "wasm32")]
mod body {
    use axum::response::Response;
    use worker::{Headers, Method, Request, RequestInit};

    use super::{ApiResult, Edge, Kind, TicketProof};
    use crate::objects::conversation::protocol::Thread;
    use crate::objects::conversation::shell::{PASS_HEADER, Pass};
    use crate::ops::{Fault, OpError};
    use crate::rules::credential::hex;
    use crate::store::token::token_open;

    pub(super) async fn join(edge: &Edge, proof: TicketProof) -> ApiResult<Response> {
        let pass = pass(edge, proof).await.map_err(|error| edge.problem(error))?;
        let stub = edge.conversations.stub(proof.conversation);
        let stub = stub.map_err(|fault| edge.problem(OpError::Fault(fault)))?;
        upgraded(edge, &stub, (PASS_HEADER, &pass)).await
    }

    /// Hands a handshake on to an object, with what the Worker found in its ticket.
    pub async fn upgraded<T: serde::Serialize>(
        edge: &Edge,
        stub: &worker::Stub,
        (header, pass): (&str, &T),
    ) -> ApiResult<Response> {
        let request = upgrade(header, pass).map_err(|error| {
            edge.problem(OpError::Fault(Fault::Platform(format!("socket request: {error}"))))
        })?;
        let answer = stub
            .fetch_with_request(request)
            .await
            .map_err(|error| edge.problem(OpError::Fault(Fault::Platform(format!("object: {error}")))))?;
        match answer.status_code() {
            101 => Ok(answer.into()),
            401 => Err(edge.problem(Kind::TokenMissing)),
            429 => Err(edge.problem(OpError::rate_limited(5))),
            _ => Err(edge.problem(Kind::Unavailable)),
        }
    }

    async fn pass(edge: &Edge, proof: TicketProof) -> Result<Pass, OpError> {
        let business = edge.app.business(proof.business).await?.ok_or(Kind::NotFound)?;
        let shard = edge.app.shard(&business)?;
        let (token_hash, now) = (hex(&proof.token_hash), edge.app.clock.now());
        // A ticket opens no more than its token does: one that was revoked meanwhile takes its tickets along.
        let opened = token_open(shard, &business, proof.conversation, &token_hash, now).await?;
        let thread = Thread::from(opened.ok_or(Kind::NotFound)?.scope);
        Ok(Pass { thread, token_hash, nonce: proof.nonce, expires_at: proof.expires_at, member: None })
    }

    fn upgrade<T: serde::Serialize>(header: &str, pass: &T) -> worker::Result<Request> {
        let headers = Headers::new();
        headers.set("upgrade", "websocket")?;
        headers.set(header, &serde_json::to_string(pass)?)?;
        let mut init = RequestInit::new();
        init.with_method(Method::Get).with_headers(headers);
        Request::new_with_init("https://object.invalid/live", &init)
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod body {
    use axum::response::Response;

    use super::{ApiResult, Edge, Kind, TicketProof};

    /// Sockets are the platform's; the workerd ring proves them. On the host nobody is behind the door.
    #[expect(clippy::unused_async, reason = "the Worker's body of the same function waits")]
    pub(super) async fn join(edge: &Edge, _proof: TicketProof) -> ApiResult<Response> {
        Err(edge.problem(Kind::Unavailable))
    }
}
