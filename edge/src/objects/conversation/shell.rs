//! The Durable Object around a room: sockets that sleep, one alarm, and ids in storage. No decision is taken here.

#![expect(missing_docs, reason = "the macro around the object exports functions of its own")]

use std::rc::Rc;

use futures::future::LocalBoxFuture;
use shared::limits::{CONVERSATION_SOCKETS, SOCKET_FRAME_BYTES};
use shared::time::Millis;
use shared::wire::live::{LiveCommand, LiveEvent};
use shared::wire::widget::LIVE_PROTOCOL;
use worker::{
    DurableObject, Env, Request, Response, ResponseBuilder, Result, State, WebSocket,
    WebSocketIncomingMessage, WebSocketPair, WebSocketRequestResponsePair, durable_object,
};

use super::protocol::{Envelope, Thread};
use super::room::{Room, Walls};
use crate::app::App;
use crate::store::scope::ThreadScope;

/// Where the object remembers its thread: ids only.
const THREAD_KEY: &str = "thread";
/// Close code for a frame that is no command of ours (RFC 6455, policy violation).
const POLICY_VIOLATION: u16 = 1008;
/// Close code for an end that was asked for (RFC 6455, normal closure).
const NORMAL: u16 = 1000;
/// Close code for a room that is no more (RFC 6455, going away).
const GOING_AWAY: u16 = 1001;
/// Where the Worker asks for a room to be emptied; commands go to any other path.
pub const EMPTY_PATH: &str = "/empty";

struct Sockets(Rc<State>);

impl Walls for Sockets {
    fn tell(&self, event: &LiveEvent) {
        let Ok(text) = serde_json::to_string(event) else { return };
        for socket in self.0.get_websockets() {
            // A socket that is gone has nobody behind it; its client catches up by cursor.
            let _gone = socket.send_with_str(&text);
        }
    }

    fn spawn(&self, work: LocalBoxFuture<'static, ()>) {
        self.0.wait_until(work);
    }

    fn watch(&self, scope: ThreadScope, ring_at: Option<Millis>) -> LocalBoxFuture<'_, ()> {
        Box::pin(async move {
            let storage = self.0.storage();
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
        for socket in self.0.get_websockets() {
            if seat(&socket).is_some_and(|seat| seat.token_hash == token_hash) {
                let _gone = socket.close(Some(NORMAL), Some("the chat was ended on this device"));
            }
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
    async fn forget(&self) -> Result<()> {
        for socket in self.0.get_websockets() {
            // Its client asks for a new ticket and hears that there is no such conversation.
            let _gone = socket.close(Some(GOING_AWAY), Some("this conversation is gone"));
        }
        self.0.storage().delete_alarm().await?;
        self.0.storage().delete_all().await
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
        let room = Room::new(app, Sockets(Rc::clone(&state)));
        Self { state, room }
    }

    async fn fetch(&self, mut request: Request) -> Result<Response> {
        if request.headers().get("upgrade")?.is_some_and(|value| value.eq_ignore_ascii_case("websocket")) {
            return self.join(&request).await;
        }
        if request.path() == EMPTY_PATH {
            self.room.empty().await;
            return Response::empty();
        }
        let text = request.text().await?;
        let Ok(envelope) = serde_json::from_str::<Envelope>(&text) else {
            return Response::error("not a command", 400);
        };
        let reply = self.room.handle(envelope).await;
        Response::from_json(&reply)
    }

    async fn websocket_message(&self, socket: WebSocket, message: WebSocketIncomingMessage) -> Result<()> {
        let command = match message {
            WebSocketIncomingMessage::String(text) if text.len() <= SOCKET_FRAME_BYTES => {
                serde_json::from_str::<LiveCommand>(&text).ok()
            }
            _ => None,
        };
        let Some(command) = command else {
            return socket.close(Some(POLICY_VIOLATION), Some("not a command"));
        };
        let Some(seat) = seat(&socket) else {
            return socket.close(Some(POLICY_VIOLATION), Some("no thread"));
        };
        match command {
            LiveCommand::Resume { after } => {
                let scope = ThreadScope::from(seat.thread);
                match self.room.catchup(&scope, after).await {
                    Ok(catchup) => {
                        let event = serde_json::to_string(&LiveEvent::Catchup(catchup))?;
                        socket.send_with_str(event)
                    }
                    // Whatever hinders it, the client asks over HTTPS next and is told there.
                    Err(_) => socket.close(Some(1011), Some("catch up failed")),
                }
            }
            // A client may say so already; where it is kept, the team sees it.
            LiveCommand::Seen { .. } => Ok(()),
            LiveCommand::Typing => {
                let text = serde_json::to_string(&LiveEvent::Typing {
                    origin: shared::wire::message::Origin::Visitor,
                })?;
                for other in self.state.get_websockets() {
                    if other.as_ref() != socket.as_ref() {
                        let _gone = other.send_with_str(&text);
                    }
                }
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
        // Answering the close frame ends the handshake; a socket that is gone already refuses, which is fine.
        let _gone = socket.close(Some(1000), Some("bye"));
        Ok(())
    }

    async fn websocket_error(&self, _socket: WebSocket, _error: worker::Error) -> Result<()> {
        Ok(())
    }

    async fn alarm(&self) -> Result<Response> {
        let thread: Option<String> = self.state.storage().get(THREAD_KEY).await?;
        if let Some(thread) = thread.and_then(|text| serde_json::from_str::<Thread>(&text).ok()) {
            self.room.watchdog(ThreadScope::from(thread)).await;
        }
        Response::ok("")
    }
}

impl Conversation {
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
        if sockets.len() >= CONVERSATION_SOCKETS {
            return Response::error("too many sockets", 429);
        }
        let WebSocketPair { client, server } = WebSocketPair::new()?;
        self.state.accept_web_socket(&server);
        let seat = Seat { thread: pass.thread, token_hash: pass.token_hash, nonce: pass.nonce };
        server.serialize_attachment(serde_json::to_string(&seat)?)?;
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
}

fn seat(socket: &WebSocket) -> Option<Seat> {
    serde_json::from_str(&socket.deserialize_attachment::<String>().ok()??).ok()
}

/// What the Worker found in a ticket.
#[derive(serde::Serialize, serde::Deserialize)]
pub struct Pass {
    /// The thread.
    pub thread: Thread,
    /// The hash of the token that bought the ticket.
    pub token_hash: String,
    /// What makes the ticket this one.
    pub nonce: [u8; 16],
    /// When it stops opening anything.
    pub expires_at: Millis,
}
