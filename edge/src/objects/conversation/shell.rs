//! The Durable Object around a room: sockets that sleep, one alarm, and ids in storage. No decision is taken here.

#![expect(missing_docs, reason = "the macro around the object exports functions of its own")]

use std::rc::Rc;

use futures::future::LocalBoxFuture;
use shared::id::AccountId;
use shared::limits::{CONVERSATION_SOCKETS, DESK_SOCKET_MS, DESK_SOCKETS, SOCKET_FRAME_BYTES};
use shared::time::Millis;
use shared::wire::admin::inbox::live::{DeskCommand, DeskEvent, RENEW, Typist};
use shared::wire::live::{LiveCommand, LiveEvent};
use shared::wire::widget::LIVE_PROTOCOL;
use worker::{
    DurableObject, Env, Request, Response, ResponseBuilder, Result, State, WebSocket,
    WebSocketIncomingMessage, WebSocketPair, WebSocketRequestResponsePair, durable_object,
};

use super::protocol::{Envelope, Thread};
use super::room::{Room, Walls};
use super::told::Told;
use crate::app::App;
use crate::objects::inbox::caller::Inboxes;
use crate::objects::inbox::protocol::{self as inbox, News};
use crate::store::scope::{BusinessScope, ThreadScope};

/// Where the object remembers its thread: ids only.
const THREAD_KEY: &str = "thread";
/// Close code for a frame that is no command of ours (RFC 6455, policy violation).
const POLICY_VIOLATION: u16 = 1008;
/// Close code for an end that was asked for (RFC 6455, normal closure).
const NORMAL: u16 = 1000;
/// Close code for an end on our side (RFC 6455).
const FAILED: u16 = 1011;
/// Close code for a room that is no more (RFC 6455, going away).
const GOING_AWAY: u16 = 1001;
/// Where the Worker asks for a room to be emptied; commands go to any other path.
pub const EMPTY_PATH: &str = "/empty";
/// Where the Worker asks for a room to be held still.
pub const HOLD_PATH: &str = "/hold";

#[derive(Clone)]
struct Sockets {
    state: Rc<State>,
    app: Rc<App>,
    inboxes: Rc<Inboxes>,
}

impl Walls for Sockets {
    fn tell(&self, told: &Told) {
        self.tell_but(told, None);
    }

    fn has_visitor(&self) -> bool {
        self.state.get_websockets().iter().filter_map(seat).any(|seat| seat.member.is_none())
    }

    fn tell_inbox(&self, business: BusinessScope, news: News) {
        let (app, inboxes) = (Rc::clone(&self.app), Rc::clone(&self.inboxes));
        self.state.wait_until(async move {
            if let Err(fault) = inboxes.tell(&business, news).await {
                crate::log::fault(&app, "inbox", &fault);
            }
        });
    }

    fn send_out_member(&self, account: AccountId) {
        for socket in self.state.get_websockets() {
            if seat(&socket).and_then(|seat| seat.member).is_some_and(|member| member.account == account) {
                let _gone = socket.close(Some(NORMAL), Some("you may not be here any longer"));
            }
        }
    }

    fn spawn(&self, work: LocalBoxFuture<'static, ()>) {
        self.state.wait_until(work);
    }

    fn watch(&self, scope: ThreadScope, ring_at: Option<Millis>) -> LocalBoxFuture<'_, ()> {
        Box::pin(async move {
            let storage = self.state.storage();
            let done = match ring_at {
                Some(at) => {
                    let thread = serde_json::to_string(&Thread::from(scope)).unwrap_or_default();
                    match storage.put(THREAD_KEY, thread).await {
                        Ok(()) => storage.set_alarm(alarm_at(at)).await,
                        failed => failed,
                    }
                }
                None => storage.delete_alarm().await,
            };
            if done.is_err() {
                worker::console_error!("conversation: the watchdog could not be set");
            }
        })
    }

    fn send_out(&self, token_hash: &str) {
        for socket in self.state.get_websockets() {
            if seat(&socket).is_some_and(|seat| seat.token_hash == token_hash) {
                let _gone = socket.close(Some(NORMAL), Some("the chat was ended on this device"));
            }
        }
    }

    fn send_everybody_out(&self) {
        for socket in self.state.get_websockets() {
            // Its client asks for a new ticket and hears how the conversation stands.
            let _gone = socket.close(Some(GOING_AWAY), Some("this conversation was left"));
        }
    }

    fn tear_down(&self) -> LocalBoxFuture<'_, ()> {
        Box::pin(async move {
            if self.forget().await.is_err() {
                // It held ids and a timer, and the watchdog of a conversation that is gone finds nothing to do.
                worker::console_error!("conversation: its storage could not be emptied");
            }
        })
    }
}

impl Sockets {
    /// Tells everybody but one: each side in its own words. Whose time is over is sent to fetch a fresh ticket.
    fn tell_but(&self, told: &Told, but: Option<&WebSocket>) {
        let text = |event: Option<String>| event.unwrap_or_default();
        let visitor = text(told.to_visitor().and_then(|event| serde_json::to_string(&event).ok()));
        let desk = text(told.to_desk().and_then(|event| serde_json::to_string(&event).ok()));
        let now = self.app.clock.now();
        for socket in self.state.get_websockets() {
            if but.is_some_and(|but| but.as_ref() == socket.as_ref()) {
                continue;
            }
            let Some(seat) = seat(&socket) else { continue };
            let words = match seat.member {
                Some(member) if member.ends_at <= now => {
                    let _gone = socket.close(Some(RENEW), Some("open it again"));
                    continue;
                }
                Some(_) => &desk,
                None => &visitor,
            };
            if !words.is_empty() {
                // A socket that is gone has nobody behind it; its client catches up by cursor.
                let _gone = socket.send_with_str(words);
            }
        }
    }

    async fn forget(&self) -> Result<()> {
        self.send_everybody_out();
        self.state.storage().delete_alarm().await?;
        self.state.storage().delete_all().await
    }
}

fn alarm_at(at: Millis) -> worker::ScheduledTime {
    #[expect(clippy::cast_precision_loss, reason = "epoch milliseconds are below 2^53")]
    let date = js_sys::Date::new(&wasm_bindgen::JsValue::from_f64(at.as_i64() as f64));
    worker::ScheduledTime::new(date)
}

/// One conversation.
#[durable_object]
pub struct Conversation {
    state: Rc<State>,
    room: Rc<Room<Sockets>>,
    walls: Sockets,
}

impl DurableObject for Conversation {
    #[expect(
        clippy::expect_used,
        reason = "the runtime creates objects through this signature; without bindings nothing can run"
    )]
    fn new(state: State, env: Env) -> Self {
        let state = Rc::new(state);
        let app = App::of(&env).expect("the bindings of wrangler.toml are there");
        // Heartbeats are answered by the platform while the object sleeps.
        if let Ok(pair) = WebSocketRequestResponsePair::new("ping", "pong") {
            state.set_websocket_auto_response(&pair);
        }
        let inboxes = Rc::new(app.inboxes(&env).expect("the bindings of wrangler.toml are there"));
        let walls = Sockets { state: Rc::clone(&state), app: Rc::clone(&app), inboxes };
        let room = Room::new(app, walls.clone());
        Self { state, room, walls }
    }

    async fn fetch(&self, mut request: Request) -> Result<Response> {
        if request.headers().get("upgrade")?.is_some_and(|value| value.eq_ignore_ascii_case("websocket")) {
            return self.join(&request).await;
        }
        let (path, text) = (request.path(), request.text().await?);
        if path == EMPTY_PATH || path == HOLD_PATH {
            let news = serde_json::from_str::<inbox::Envelope>(&text).ok();
            match news.map(|told| (told.scope(), told.news)) {
                Some((scope, News::Gone(conversation))) => self.room.empty(scope, conversation).await,
                Some((scope, News::Changed(conversation))) => self.room.hold(scope, conversation),
                _ => return Response::error("not news", 400),
            }
            return Response::empty();
        }
        let Ok(envelope) = serde_json::from_str::<Envelope>(&text) else {
            return Response::error("not a command", 400);
        };
        let reply = self.room.handle(envelope).await;
        Response::from_json(&reply)
    }

    async fn websocket_message(&self, socket: WebSocket, message: WebSocketIncomingMessage) -> Result<()> {
        let text = match message {
            WebSocketIncomingMessage::String(text) if text.len() <= SOCKET_FRAME_BYTES => text,
            _ => return socket.close(Some(POLICY_VIOLATION), Some("not a command")),
        };
        let Some(seat) = seat(&socket) else {
            return socket.close(Some(POLICY_VIOLATION), Some("no thread"));
        };
        let known = match seat.member {
            Some(member) => match serde_json::from_str(&text) {
                Ok(command) => Some(self.member_says(&socket, &seat, member, command).await),
                Err(_) => None,
            },
            None => match serde_json::from_str(&text) {
                Ok(command) => Some(self.visitor_says(&socket, &seat, command).await),
                Err(_) => None,
            },
        };
        known.unwrap_or_else(|| socket.close(Some(POLICY_VIOLATION), Some("not a command")))
    }

    async fn websocket_close(
        &self,
        socket: WebSocket,
        _code: usize,
        _reason: String,
        _clean: bool,
    ) -> Result<()> {
        // Answering the close frame ends the handshake; a socket that is gone already refuses, which is fine.
        let _gone = socket.close(Some(NORMAL), Some("bye"));
        if let Some(seat) = seat(&socket).filter(|seat| seat.member.is_none()) {
            self.room.visitor_moved(ThreadScope::from(seat.thread));
        }
        Ok(())
    }

    async fn websocket_error(&self, _socket: WebSocket, _error: worker::Error) -> Result<()> {
        Ok(())
    }

    async fn alarm(&self) -> Result<Response> {
        let thread: Option<String> = self.state.storage().get(THREAD_KEY).await?;
        if let Some(thread) = thread.and_then(|text| serde_json::from_str::<Thread>(&text).ok()) {
            self.room.alarm(ThreadScope::from(thread)).await;
        }
        Response::ok("")
    }
}

impl Conversation {
    async fn visitor_says(&self, socket: &WebSocket, seat: &Seat, command: LiveCommand) -> Result<()> {
        let scope = ThreadScope::from(seat.thread);
        match command {
            LiveCommand::Resume { after } => match self.room.catchup(&scope, after).await {
                Ok(catchup) => socket.send_with_str(serde_json::to_string(&LiveEvent::Catchup(catchup))?),
                // Whatever hinders it, the client asks over HTTPS next and is told there.
                Err(_) => socket.close(Some(FAILED), Some("catch up failed")),
            },
            LiveCommand::Seen { sequence } => {
                self.room.seen(scope, sequence);
                Ok(())
            }
            LiveCommand::Typing => {
                self.walls.tell_but(&Told::Typing(Typist::Visitor), Some(socket));
                Ok(())
            }
        }
    }

    async fn member_says(
        &self,
        socket: &WebSocket,
        seat: &Seat,
        member: MemberSeat,
        command: DeskCommand,
    ) -> Result<()> {
        let scope = ThreadScope::from(seat.thread);
        if member.ends_at <= self.walls.app.clock.now() {
            return socket.close(Some(RENEW), Some("open it again"));
        }
        match command {
            DeskCommand::Resume { after, after_note } => {
                match self.room.desk_catchup(&scope, after, after_note).await {
                    Ok(catchup) => socket.send_with_str(serde_json::to_string(&DeskEvent::Catchup(catchup))?),
                    Err(_) => socket.close(Some(FAILED), Some("catch up failed")),
                }
            }
            DeskCommand::Typing => {
                if member.may_answer {
                    self.walls.tell_but(&Told::Typing(Typist::Member(member.account)), Some(socket));
                }
                Ok(())
            }
        }
    }

    /// Lets a socket in. The Worker opened the ticket; whether it was used before, only this object knows.
    async fn join(&self, request: &Request) -> Result<Response> {
        let header = |name: &str| request.headers().get(name).ok().flatten();
        let pass = header(PASS_HEADER).and_then(|text| serde_json::from_str::<Pass>(&text).ok());
        let Some(pass) = pass else { return Response::error("no pass", 400) };
        let sockets = self.state.get_websockets();
        // What the room remembers is lost when the object sleeps; its sockets are not.
        let seated = sockets.iter().filter_map(seat).any(|seat| seat.nonce == pass.nonce);
        if seated || !self.room.ticket_spend(pass.nonce, pass.expires_at) {
            return Response::error("used ticket", 401);
        }
        let is_member = pass.member.is_some();
        let most = if is_member { DESK_SOCKETS } else { CONVERSATION_SOCKETS };
        let others = sockets.iter().filter_map(seat).filter(|seat| seat.member.is_some() == is_member);
        if others.count() >= most {
            return Response::error("too many sockets", 429);
        }
        let WebSocketPair { client, server } = WebSocketPair::new()?;
        self.state.accept_web_socket(&server);
        let ends_at = self.walls.app.clock.now().plus_ms(DESK_SOCKET_MS);
        let member = pass.member.map(|member| MemberSeat { ends_at, ..member });
        let seat = Seat { thread: pass.thread, token_hash: pass.token_hash, nonce: pass.nonce, member };
        server.serialize_attachment(serde_json::to_string(&seat)?)?;
        if !is_member {
            self.room.visitor_moved(ThreadScope::from(pass.thread));
        }
        Ok(ResponseBuilder::new()
            .with_status(101)
            .with_header("sec-websocket-protocol", LIVE_PROTOCOL)?
            .with_websocket(client)
            .empty())
    }
}

/// Carries a `Pass` from the Worker to the object, in place of the ticket.
pub const PASS_HEADER: &str = "x-loquet-pass";

/// What a socket is attached to while the object sleeps: ids and hashes only.
#[derive(serde::Serialize, serde::Deserialize)]
struct Seat {
    thread: Thread,
    token_hash: String,
    nonce: [u8; 16],
    #[serde(default)]
    member: Option<MemberSeat>,
}

/// A member at a socket.
#[derive(Clone, Copy, serde::Serialize, serde::Deserialize)]
pub struct MemberSeat {
    /// Who.
    pub account: AccountId,
    /// They may answer the visitor: others hear them typing.
    pub may_answer: bool,
    /// When the socket ends.
    pub ends_at: Millis,
}

fn seat(socket: &WebSocket) -> Option<Seat> {
    serde_json::from_str(&socket.deserialize_attachment::<String>().ok()??).ok()
}

/// What the Worker found in a ticket.
#[derive(serde::Serialize, serde::Deserialize)]
pub struct Pass {
    /// The thread.
    pub thread: Thread,
    /// The hash of the token that bought the ticket; empty for members.
    pub token_hash: String,
    /// The member whose ticket it is; none is the visitor.
    #[serde(default)]
    pub member: Option<MemberSeat>,
    /// What makes the ticket this one.
    pub nonce: [u8; 16],
    /// When it stops opening anything.
    pub expires_at: Millis,
}
