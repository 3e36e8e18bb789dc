//! Tickets and sockets of members: of the inbox, and of one conversation.

use axum::extract::{Path, State};
use axum::response::Response;
use http::HeaderMap;
use http::request::Parts;
use shared::id::{BusinessId, ConversationId};
use shared::wire::problem::Kind;
use shared::wire::widget::Ticket;

use super::inbox::{noted, thread};
use crate::http::Edge;
use crate::http::access::{member, path_id};
use crate::http::body::Json;
use crate::http::live::handshake;
use crate::http::problem::ApiResult;
use crate::ops::OpError;
use crate::rules::credential::{DeskTicketProof, desk_ticket_mint, desk_ticket_open};
use crate::rules::permission::{Op, is_allowed};
use crate::store::scope::MemberScope;

fn ticket(edge: &Edge, scope: &MemberScope, conversation: Option<ConversationId>) -> ApiResult<Json<Ticket>> {
    let key = edge.app.token_key().map_err(|error| edge.problem(error))?;
    let nonce = edge.app.rng.bytes().map_err(|error| edge.problem(OpError::from(error)))?;
    let proof = DeskTicketProof {
        business: scope.business.business(),
        conversation,
        account: scope.account.account(),
        may_answer: is_allowed(Op::ConversationAnswer, scope.role),
        nonce,
        expires_at: edge.app.clock.now(),
    };
    let (ticket, expires_at) = desk_ticket_mint(key, &proof);
    Ok(Json(Ticket { ticket, expires_at }))
}

/// A ticket for one socket of the inbox.
#[worker::send]
pub async fn inbox_ticket_post(
    State(edge): State<Edge>,
    Path(business): Path<String>,
    parts: Parts,
) -> ApiResult<Json<Ticket>> {
    let scope = member(&edge, &parts, &business, Op::InboxLive).await?;
    ticket(&edge, &scope, None)
}

/// A ticket for one socket of a conversation. Whoever listens reads, so it stands in the log.
#[worker::send]
pub async fn conversation_ticket_post(
    State(edge): State<Edge>,
    Path((business, conversation)): Path<(String, String)>,
    parts: Parts,
) -> ApiResult<Json<Ticket>> {
    let (scope, thread) = thread(&edge, &parts, (&business, &conversation), Op::InboxLive).await?;
    noted(&edge, &scope, &thread).await?;
    ticket(&edge, &scope, Some(thread.conversation))
}

fn proof(edge: &Edge, business: &str, headers: &HeaderMap) -> ApiResult<DeskTicketProof> {
    let business: BusinessId = path_id(edge, business)?;
    let ticket = handshake(edge, headers)?;
    let key = edge.app.token_key().map_err(|error| edge.problem(error))?;
    let proof = desk_ticket_open(key, ticket, edge.app.clock.now()).map_err(|kind| edge.problem(kind))?;
    if proof.business != business {
        return Err(edge.problem(Kind::NotFound));
    }
    Ok(proof)
}

/// Lets a member in to the inbox.
#[worker::send]
pub async fn inbox_live_get(
    State(edge): State<Edge>,
    Path(business): Path<String>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let proof = proof(&edge, &business, &headers)?;
    if proof.conversation.is_some() {
        return Err(edge.problem(Kind::NotFound));
    }
    body::inbox_join(&edge, proof).await
}

/// Lets a member in to a conversation.
#[worker::send]
pub async fn conversation_live_get(
    State(edge): State<Edge>,
    Path((business, conversation)): Path<(String, String)>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let conversation: ConversationId = path_id(&edge, &conversation)?;
    let proof = proof(&edge, &business, &headers)?;
    if proof.conversation != Some(conversation) {
        return Err(edge.problem(Kind::NotFound));
    }
    body::conversation_join(&edge, proof, conversation).await
}

#[cfg(target_arch = "wasm32")]
mod body {
    use axum::response::Response;
    use shared::id::ConversationId;
    use shared::time::Millis;

    use super::{ApiResult, DeskTicketProof, Edge, Kind};
    use crate::http::live::upgraded;
    use crate::objects::conversation::protocol::Thread;
    use crate::objects::conversation::shell::{MemberSeat, PASS_HEADER, Pass};
    use crate::objects::inbox::shell as inbox;
    use crate::ops::OpError;
    use crate::store::conversation::conversation_find;

    pub(super) async fn inbox_join(edge: &Edge, proof: DeskTicketProof) -> ApiResult<Response> {
        let business = edge.app.business(proof.business).await.map_err(|error| edge.problem(error))?;
        let business = business.ok_or_else(|| edge.problem(Kind::NotFound))?;
        let seat = inbox::Seat {
            business: business.business(),
            shard: business.shard(),
            account: proof.account,
            nonce: proof.nonce,
            expires_at: proof.expires_at,
            looks: None,
            ends_at: Millis::new(0),
        };
        let stub = edge.inboxes.stub(business.business());
        let stub = stub.map_err(|fault| edge.problem(OpError::Fault(fault)))?;
        upgraded(edge, &stub, (inbox::PASS_HEADER, &seat)).await
    }

    pub(super) async fn conversation_join(
        edge: &Edge,
        proof: DeskTicketProof,
        conversation: ConversationId,
    ) -> ApiResult<Response> {
        let pass = pass(edge, proof, conversation).await.map_err(|error| edge.problem(error))?;
        let stub = edge.conversations.stub(conversation);
        let stub = stub.map_err(|fault| edge.problem(OpError::Fault(fault)))?;
        upgraded(edge, &stub, (PASS_HEADER, &pass)).await
    }

    async fn pass(
        edge: &Edge,
        proof: DeskTicketProof,
        conversation: ConversationId,
    ) -> Result<Pass, OpError> {
        let business = edge.app.business(proof.business).await?.ok_or(Kind::NotFound)?;
        let shard = edge.app.shard(&business)?;
        let found = conversation_find(shard, &business, conversation).await?.ok_or(Kind::NotFound)?;
        Ok(Pass {
            thread: Thread::from(found.scope),
            token_hash: String::new(),
            nonce: proof.nonce,
            expires_at: proof.expires_at,
            member: Some(MemberSeat {
                account: proof.account,
                may_answer: proof.may_answer,
                ends_at: Millis::new(0),
            }),
        })
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod body {
    use axum::response::Response;
    use shared::id::ConversationId;

    use super::{ApiResult, DeskTicketProof, Edge, Kind};

    /// Sockets are the platform's; the workerd ring proves them. On the host nobody is behind the door.
    #[expect(clippy::unused_async, reason = "the Worker's body of the same function waits")]
    pub(super) async fn inbox_join(edge: &Edge, _proof: DeskTicketProof) -> ApiResult<Response> {
        Err(edge.problem(Kind::Unavailable))
    }

    /// See [`inbox_join`].
    #[expect(clippy::unused_async, reason = "the Worker's body of the same function waits")]
    pub(super) async fn conversation_join(
        edge: &Edge,
        _proof: DeskTicketProof,
        _conversation: ConversationId,
    ) -> ApiResult<Response> {
        Err(edge.problem(Kind::Unavailable))
    }
}
