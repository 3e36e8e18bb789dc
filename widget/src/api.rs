//! Everything that the frame says to the edge: JSON over HTTPS, and one socket. Never a cookie.

use std::cell::RefCell;

use js_sys::{Array, JSON, Promise, Reflect};
use leptos::prelude::window;
use serde::Serialize;
use serde::de::DeserializeOwned;
use shared::id::{ConversationId, SiteId};
use shared::privacy::Secret;
use shared::wire::problem::{Kind, Problem};
use shared::wire::widget::LIVE_PROTOCOL;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, MessageEvent, Response, WebSocket};

use crate::browser;
use crate::json;
use crate::state::Refusal;

/// A call without an answer is given up after this.
const PATIENCE_MS: u32 = 30_000;

/// One call.
pub struct Call {
    method: &'static str,
    path: String,
    token: Option<Secret<String>>,
    body: Option<String>,
    begun: JsValue,
}

/// Asks for something.
pub fn get(path: String, token: Option<&Secret<String>>) -> Call {
    Call { method: "GET", path, token: token.cloned(), body: None, begun: JsValue::UNDEFINED }
}

/// Asks that something be done, without further words.
pub fn ask(path: String, token: &Secret<String>) -> Call {
    Call { method: "POST", path, token: Some(token.clone()), body: None, begun: JsValue::UNDEFINED }
}

/// Says something.
pub fn post(path: String, token: Option<&Secret<String>>, body: &impl Serialize) -> Call {
    let body = serde_json::to_string(body).ok();
    Call { method: "POST", path, token: token.cloned(), body, begun: JsValue::UNDEFINED }
}

/// Below a site.
pub fn site(site: SiteId, rest: &str) -> String {
    format!("/v1/widget/sites/{site}{rest}")
}

/// Below a conversation.
pub fn conversation(conversation: ConversationId, rest: &str) -> String {
    format!("/v1/widget/conversations/{conversation}{rest}")
}

/// What `fetch` is told besides the address.
#[derive(Serialize)]
struct Init<'a> {
    method: &'a str,
    headers: Headers<'a>,
    credentials: &'a str,
    cache: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<&'a str>,
}

#[derive(Serialize)]
struct Headers<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    authorization: Option<String>,
    #[serde(rename = "content-type", skip_serializing_if = "Option::is_none")]
    content_type: Option<&'a str>,
}

impl Call {
    /// The same call was made already, by whoever was there before: this is the promise of its answer, if it is one.
    pub fn begun(self, promise: JsValue) -> Self {
        Self { begun: promise, ..self }
    }

    /// Makes the call: the body of a good answer, or why there is none.
    pub async fn answer(self) -> Result<String, Refusal> {
        let (status, text) = self.fetch().await.ok_or(Refusal::Network)?;
        if (200..300).contains(&status) {
            return Ok(text);
        }
        Err(match json::read::<Problem>(&text) {
            Some(problem) => Refusal::from_problem(&problem),
            // Something between here and the edge answered in its place.
            None => Refusal::of(Kind::Unavailable),
        })
    }

    async fn fetch(self) -> Option<(u16, String)> {
        let begun = self.begun.dyn_ref::<Promise>().cloned();
        let promise = begun.or_else(|| self.begin())?;
        let response: Response = JsFuture::from(promise).await.ok()?.unchecked_into();
        let text = JsFuture::from(response.text().ok()?).await.ok()?;
        Some((response.status(), text.as_string()?))
    }

    fn begin(&self) -> Option<Promise> {
        let init = Init {
            method: self.method,
            headers: Headers {
                authorization: self.token.as_ref().map(|token| format!("Bearer {}", token.expose())),
                content_type: self.body.as_ref().map(|_| "application/json"),
            },
            credentials: "omit",
            cache: "no-store",
            body: self.body.as_deref(),
        };
        let init = JSON::parse(&serde_json::to_string(&init).ok()?).ok()?;
        let patience = AbortSignal::timeout_with_u32(PATIENCE_MS);
        Reflect::set(&init, &"signal".into(), &patience).ok()?;
        Some(window().fetch_with_str_and_init(&self.path, init.unchecked_ref()))
    }
}

/// Reads an answer as what it should be.
pub fn read<T: DeserializeOwned>(answer: Result<String, Refusal>) -> Result<T, Refusal> {
    // An answer of another shape comes from an edge that this frame is too old for.
    json::read(&answer?).ok_or(Refusal::of(Kind::Internal))
}

/// What a socket has to say.
pub enum Said {
    /// It is open.
    Opened,
    /// A text frame.
    Text(String),
    /// It is gone.
    Closed,
}

thread_local! {
    static SOCKET: RefCell<Option<WebSocket>> = const { RefCell::new(None) };
}

/// Opens the one socket.
pub fn socket_open(conversation_id: ConversationId, ticket: &str, heard: impl Fn(Said) + Clone + 'static) {
    let location = window().location().origin().unwrap_or_default().replacen("http", "ws", 1);
    let address = format!("{location}{}", conversation(conversation_id, "/live"));
    let protocols = Array::of2(&LIVE_PROTOCOL.into(), &ticket.into());
    let Ok(socket) = WebSocket::new_with_str_sequence(&address, &protocols) else {
        return heard(Said::Closed);
    };
    for (name, told) in [("open", 0), ("message", 1), ("close", 2)] {
        let heard = heard.clone();
        browser::listen(&socket, name, move |event| {
            heard(match told {
                0 => Said::Opened,
                1 => {
                    let data: JsValue = event.unchecked_into::<MessageEvent>().data();
                    Said::Text(data.as_string().unwrap_or_default())
                }
                _ => Said::Closed,
            });
        });
    }
    SOCKET.set(Some(socket));
}

/// Says something through the socket. A socket that is not open drops it; what matters is asked for again.
pub fn socket_say(text: &str) {
    SOCKET.with_borrow(|socket| {
        if let Some(socket) = socket {
            let _ = socket.send_with_str(text);
        }
    });
}

/// Closes the socket.
pub fn socket_close() {
    if let Some(socket) = SOCKET.take() {
        let _ = socket.close();
    }
}
