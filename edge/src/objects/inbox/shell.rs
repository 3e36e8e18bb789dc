//! The Durable Object of an inbox: sockets that sleep, and rows read for those who are there. No decision is taken here.

#![expect(missing_docs, reason = "the macro around the object exports functions of its own")]

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use shared::id::{AccountId, ConversationId};
use shared::limits::{DESK_SOCKET_MS, INBOX_COUNTS_MS, INBOX_SOCKETS, SOCKET_FRAME_BYTES};
use shared::time::Millis;
use shared::wire::admin::inbox::list::InboxCounts;
use shared::wire::admin::inbox::live::{InboxCommand, InboxEvent, Presence, RENEW};
use shared::wire::admin::team::Role;
use shared::wire::widget::LIVE_PROTOCOL;
use worker::{
    DurableObject, Env, Request, Response, ResponseBuilder, Result, State, WebSocket,
    WebSocketIncomingMessage, WebSocketPair, WebSocketRequestResponsePair, durable_object,
};

use super::protocol::{Envelope, News};
use crate::app::App;
use crate::objects::conversation::caller::Conversations;
use crate::objects::conversation::protocol::Command;
use crate::ops::{OpError, inbox};
use crate::store::conversation;
use crate::store::scope::{AccountScope, BusinessScope, MemberScope};

/// Close code for a frame that is no command of ours (RFC 6455, policy violation).
const POLICY_VIOLATION: u16 = 1008;
/// Close code for an end on our side (RFC 6455).
const FAILED: u16 = 1011;
/// Close code for somebody who may not be here any longer (RFC 6455, normal closure).
const NORMAL: u16 = 1000;
/// Pages of changes that one `Resume` is answered with; the client asks again from its new cursor.
const PAGES: usize = 20;

/// Carries a [`Seat`] from the Worker to the object, in place of the ticket.
pub const PASS_HEADER: &str = "x-loquet-pass";

/// What a socket is attached to while the object sleeps: ids only.
#[derive(Clone, serde::Serialize, serde::Deserialize)]
pub struct Seat {
    /// The business.
    pub business: shared::id::BusinessId,
    /// Its shard.
    pub shard: usize,
    /// Whose socket it is.
    pub account: AccountId,
    /// What makes the ticket this one.
    pub nonce: [u8; 16],
    /// When the ticket stops opening anything.
    pub expires_at: Millis,
    /// Where they look.
    #[serde(default)]
    pub looks: Option<ConversationId>,
    /// When the socket ends.
    #[serde(default = "never")]
    pub ends_at: Millis,
}

const fn never() -> Millis {
    Millis::new(0)
}

impl Seat {
    const fn scope(&self) -> BusinessScope {
        BusinessScope::new(self.business, self.shard)
    }
}

fn seat(socket: &WebSocket) -> Option<Seat> {
    serde_json::from_str(&socket.deserialize_attachment::<String>().ok()??).ok()
}

fn send(socket: &WebSocket, event: &InboxEvent) {
    if let Ok(text) = serde_json::to_string(event) {
        // A socket that is gone has nobody behind it; its client catches up by cursor.
        let _gone = socket.send_with_str(&text);
    }
}

/// One inbox.
#[durable_object]
pub struct Inbox {
    state: Rc<State>,
    app: Rc<App>,
    conversations: Conversations,
    spent: RefCell<BTreeMap<[u8; 16], Millis>>,
}

impl DurableObject for Inbox {
    #[expect(
        clippy::expect_used,
        reason = "the runtime creates objects through this signature; without bindings nothing can run"
    )]
    fn new(state: State, env: Env) -> Self {
        let state = Rc::new(state);
        let app = App::of(&env).expect("the bindings of wrangler.toml are there");
        let conversations = app.conversations(&env).expect("the bindings of wrangler.toml are there");
        if let Ok(pair) = WebSocketRequestResponsePair::new("ping", "pong") {
            state.set_websocket_auto_response(&pair);
        }
        Self { state, app, conversations, spent: RefCell::default() }
    }

    async fn fetch(&self, mut request: Request) -> Result<Response> {
        if request.headers().get("upgrade")?.is_some_and(|value| value.eq_ignore_ascii_case("websocket")) {
            return self.join(&request);
        }
        let text = request.text().await?;
        let Ok(envelope) = serde_json::from_str::<Envelope>(&text) else {
            return Response::error("not news", 400);
        };
        self.hear(&envelope).await;
        Response::empty()
    }

    async fn websocket_message(&self, socket: WebSocket, message: WebSocketIncomingMessage) -> Result<()> {
        let command = match message {
            WebSocketIncomingMessage::String(text) if text.len() <= SOCKET_FRAME_BYTES => {
                serde_json::from_str::<InboxCommand>(&text).ok()
            }
            _ => None,
        };
        let (Some(command), Some(mut seat)) = (command, seat(&socket)) else {
            return socket.close(Some(POLICY_VIOLATION), Some("not a command"));
        };
        if seat.ends_at <= self.app.clock.now() {
            return socket.close(Some(RENEW), Some("open it again"));
        }
        match command {
            InboxCommand::Resume { after } => self.resume(&socket, &seat, after).await,
            InboxCommand::Look { conversation } => {
                seat.looks = conversation;
                socket.serialize_attachment(serde_json::to_string(&seat)?)?;
                self.presence_tell(None);
                Ok(())
            }
        }
    }

    async fn websocket_close(
        &self,
        socket: WebSocket,
        _code: usize,
        _reason: String,
        _clean: bool,
    ) -> Result<()> {
        let _gone = socket.close(Some(NORMAL), Some("bye"));
        self.presence_tell(Some(&socket));
        Ok(())
    }

    async fn websocket_error(&self, _socket: WebSocket, _error: worker::Error) -> Result<()> {
        Ok(())
    }

    /// Rows changed a moment ago: everybody who is there hears how many there are of each kind.
    async fn alarm(&self) -> Result<Response> {
        let seated = self.seated();
        let mut counts: BTreeMap<AccountId, InboxCounts> = BTreeMap::new();
        for (socket, seat) in &seated {
            let known = match counts.get(&seat.account) {
                Some(known) => Some(*known),
                None => self.counts(seat).await,
            };
            if let Some(known) = known {
                counts.insert(seat.account, known);
                send(socket, &InboxEvent::Counts(known));
            }
        }
        Response::ok("")
    }
}

impl Inbox {
    fn join(&self, request: &Request) -> Result<Response> {
        let pass = request.headers().get(PASS_HEADER).ok().flatten();
        let Some(mut pass) = pass.and_then(|text| serde_json::from_str::<Seat>(&text).ok()) else {
            return Response::error("no pass", 400);
        };
        let now = self.app.clock.now();
        let sockets = self.state.get_websockets();
        let seated = sockets.iter().filter_map(seat).any(|seat| seat.nonce == pass.nonce);
        let is_first = {
            let mut spent = self.spent.borrow_mut();
            spent.retain(|_, until| *until >= now);
            spent.insert(pass.nonce, pass.expires_at).is_none()
        };
        if seated || !is_first {
            return Response::error("used ticket", 401);
        }
        if sockets.len() >= INBOX_SOCKETS {
            return Response::error("too many sockets", 429);
        }
        let WebSocketPair { client, server } = WebSocketPair::new()?;
        self.state.accept_web_socket(&server);
        pass.ends_at = now.plus_ms(DESK_SOCKET_MS);
        server.serialize_attachment(serde_json::to_string(&pass)?)?;
        self.presence_tell(None);
        Ok(ResponseBuilder::new()
            .with_status(101)
            .with_header("sec-websocket-protocol", LIVE_PROTOCOL)?
            .with_websocket(client)
            .empty())
    }

    /// Those who are there and may be. Whose time is over is sent to fetch a fresh ticket.
    fn seated(&self) -> Vec<(WebSocket, Seat)> {
        let now = self.app.clock.now();
        let mut seated = Vec::new();
        for socket in self.state.get_websockets() {
            match seat(&socket) {
                Some(seat) if seat.ends_at > now => seated.push((socket, seat)),
                _ => drop(socket.close(Some(RENEW), Some("open it again"))),
            }
        }
        seated
    }

    fn presence_tell(&self, leaving: Option<&WebSocket>) {
        let mut seated = self.seated();
        seated.retain(|(socket, _)| leaving.is_none_or(|leaving| leaving.as_ref() != socket.as_ref()));
        let present: BTreeSet<(AccountId, Option<ConversationId>)> =
            seated.iter().map(|(_, seat)| (seat.account, seat.looks)).collect();
        let present: Vec<Presence> =
            present.into_iter().map(|(account, conversation)| Presence { account, conversation }).collect();
        for (socket, _) in &seated {
            send(socket, &InboxEvent::Presence(present.clone()));
        }
    }

    async fn hear(&self, envelope: &Envelope) {
        let seated = self.seated();
        if let News::SendOut(account) = envelope.news {
            let mut looked = BTreeSet::new();
            for (socket, seat) in seated.iter().filter(|(_, seat)| seat.account == account) {
                looked.extend(seat.looks);
                let _gone = socket.close(Some(NORMAL), Some("you may not be here any longer"));
            }
            for conversation in looked {
                let sent = self.room_send_out(&envelope.scope(), conversation, account).await;
                if let Err(failure) = sent {
                    crate::log::failed(&self.app, "inbox", &failure);
                }
            }
            return;
        }
        if seated.is_empty() {
            return;
        }
        let (conversation, call) = match envelope.news {
            News::Changed(conversation) => (conversation, None),
            News::Call(conversation, mentioned) => (conversation, Some((mentioned, false))),
            News::Assigned(conversation, assignee) => (conversation, Some((Some(assignee), true))),
            News::Gone(conversation) => {
                for (socket, _) in &seated {
                    send(socket, &InboxEvent::Gone { conversation });
                }
                return self.counts_ask().await;
            }
            News::SendOut(_) => return,
        };
        let readers: Vec<AccountId> =
            seated.iter().map(|(_, seat)| seat.account).collect::<BTreeSet<_>>().into_iter().collect();
        let rows = match inbox::row_for(&self.app, &envelope.scope(), conversation, &readers).await {
            Ok(rows) => rows,
            Err(failure) => return crate::log::failed(&self.app, "inbox", &failure),
        };
        for (socket, seat) in &seated {
            let Some(rows) = &rows else {
                send(socket, &InboxEvent::Gone { conversation });
                continue;
            };
            let own = readers.iter().position(|reader| *reader == seat.account);
            let Some(row) = own.and_then(|place| rows.get(place)) else { continue };
            send(socket, &InboxEvent::Row(Box::new(row.clone())));
            match call {
                Some((wanted, is_assigned)) if wanted.is_none_or(|wanted| wanted == seat.account) => {
                    let is_mention = wanted.is_some() && !is_assigned;
                    send(socket, &InboxEvent::Call { conversation, is_mention, is_assigned });
                }
                _ => {}
            }
        }
        self.counts_ask().await;
    }

    /// Has a conversation close the sockets of somebody who looked at it from here.
    async fn room_send_out(
        &self,
        scope: &BusinessScope,
        id: ConversationId,
        account: AccountId,
    ) -> Result<(), OpError> {
        let found = conversation::conversation_find(self.app.shard(scope)?, scope, id).await?;
        let Some(found) = found else { return Ok(()) };
        self.conversations.ask(&found.scope, Command::SendOut(account)).await.map(drop)
    }

    async fn resume(&self, socket: &WebSocket, seat: &Seat, after: String) -> Result<()> {
        let mut after = after;
        for _ in 0..PAGES {
            let changes = inbox::changes_read(&self.app, &seat.scope(), seat.account, &after).await;
            let Ok(changes) = changes else {
                // Whatever hinders it, the client asks over HTTPS next and is told there.
                return socket.close(Some(FAILED), Some("catch up failed"));
            };
            let more = changes.more;
            after.clone_from(&changes.cursor);
            send(socket, &InboxEvent::Changes(changes));
            if !more {
                break;
            }
        }
        if let Some(counts) = self.counts(seat).await {
            send(socket, &InboxEvent::Counts(counts));
        }
        self.presence_tell(None);
        Ok(())
    }

    /// How many there are of each kind, for one member. `None` where that can't be read now: the next change tells it.
    async fn counts(&self, seat: &Seat) -> Option<InboxCounts> {
        let member = MemberScope {
            business: seat.scope(),
            account: AccountScope::new(seat.account),
            role: Role::Viewer,
            token: None,
        };
        inbox::counts_read(&self.app, &member).await.ok()
    }

    /// Has the counts told in a moment, once for all changes until then.
    async fn counts_ask(&self) {
        let storage = self.state.storage();
        if matches!(storage.get_alarm().await, Ok(None)) {
            let asked =
                storage.set_alarm(std::time::Duration::from_millis(INBOX_COUNTS_MS.unsigned_abs())).await;
            if asked.is_err() {
                worker::console_error!("inbox: its counts could not be asked for");
            }
        }
    }
}
