//! Everything that the dashboard says to the edge: JSON over HTTPS, the session in a cookie that no script can read, and
//! the token against forged requests in a header.

mod begin;
mod chat;
mod house;
mod inbox;
mod record;
mod socket;
mod upload;

use js_sys::Reflect;
use leptos::prelude::window;
use serde::Serialize;
use serde::de::DeserializeOwned;
use shared::id::BusinessId;
use shared::privacy::Secret;
use shared::wire::problem::{Kind, Problem};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Response};

use crate::browser;
use crate::json;
use crate::parts::{CHAT, DESK, HOUSE, RECORD};
use crate::state::{Answer, Ask, Refusal};

pub use chat::call as call_chat;
pub use house::call as call_house;
pub use inbox::{call as call_inbox, file_address, transcript_address};
pub use record::{COPY, audit_address, call_ask as call_record, ledger_address, map_address};
pub use socket::{Said, socket_close, socket_open, socket_say};
pub use upload::{Uploaded, upload_begin, upload_end, upload_hold};

/// A call without an answer is given up after this.
const PATIENCE_MS: u32 = 30_000;

type Reading = Box<dyn FnOnce(&str) -> Option<Answer>>;

/// One call, and how its answer is read.
pub struct Call {
    method: &'static str,
    path: String,
    body: Option<String>,
    read: Reading,
}

fn reading<T: DeserializeOwned + 'static>(wrap: fn(T) -> Answer) -> Reading {
    Box::new(move |text| json::read(text).map(wrap))
}

fn get<T: DeserializeOwned + 'static>(path: impl AsRef<str>, wrap: fn(T) -> Answer) -> Call {
    Call { method: "GET", path: path.as_ref().to_owned(), body: None, read: reading(wrap) }
}

/// Says something that is answered with something.
fn post<T: DeserializeOwned + 'static>(
    path: impl AsRef<str>,
    body: &impl Serialize,
    wrap: fn(T) -> Answer,
) -> Call {
    Call { method: "POST", body: json::write(body), ..get(path, wrap) }
}

/// Asks for something that is made on the spot.
fn draw<T: DeserializeOwned + 'static>(path: impl AsRef<str>, wrap: fn(T) -> Answer) -> Call {
    Call { method: "POST", ..get(path, wrap) }
}

/// Asks that something be done, without further words.
fn act(method: &'static str, path: impl AsRef<str>) -> Call {
    Call { method, path: path.as_ref().to_owned(), body: None, read: Box::new(|_| Some(Answer::Done)) }
}

/// Says something that is done or not.
fn tell(method: &'static str, path: impl AsRef<str>, body: &impl Serialize) -> Call {
    Call { body: json::write(body), ..act(method, path) }
}

/// An address of a business.
fn below(business: BusinessId, rest: &str) -> String {
    format!("/businesses/{business}{rest}")
}

/// A page further back in a list.
fn paged(path: &str, before: Option<&impl std::fmt::Display>) -> String {
    before.map_or_else(|| path.to_owned(), |before| format!("{path}?before={before}"))
}

/// The call, from the part of the program that knows its address.
async fn call(ask: &Ask) -> Option<Call> {
    if let Some(call) = begin::call(ask) {
        return Some(call);
    }
    let known = match ask {
        Ask::Inbox(..) => DESK.load().await.ok()?.call,
        Ask::Setup(..) => CHAT.load().await.ok()?.call,
        Ask::Record(..)
        | Ask::Audit(..)
        | Ask::Tokens(_)
        | Ask::TokenMake(..)
        | Ask::TokenRevoke(..)
        | Ask::Numbers(..)
        | Ask::Questions(..)
        | Ask::QuestionAnswer(..)
        | Ask::QuestionPutAside(..)
        | Ask::Comments(..) => RECORD.load().await.ok()?.call,
        _ => HOUSE.load().await.ok()?.call,
    };
    known(ask)
}

/// Asks, and reads what is answered.
pub async fn ask(ask: &Ask, csrf: Option<&Secret<String>>) -> Result<Answer, Refusal> {
    // A part that does not come is a network that fails.
    let Call { method, path, body, read } = call(ask).await.ok_or(Refusal::Network)?;
    let path = format!("/v1/admin{path}");
    let (status, text) = fetch(method, &path, body.as_deref(), csrf).await.ok_or(Refusal::Network)?;
    if (200..300).contains(&status) {
        // An answer of another shape comes from an edge that this page is too old for.
        return read(&text).ok_or(Refusal::of(Kind::Internal));
    }
    Err(match json::read::<Problem>(&text) {
        Some(problem) => Refusal::from_problem(&problem),
        // Something between here and the edge answered in its place.
        None => Refusal::of(Kind::Unavailable),
    })
}

/// The document that is served now names another program: the page is older than the deployment.
pub async fn is_outdated() -> bool {
    let (Some(program), Ok(path)) = (browser::program(), window().location().pathname()) else {
        return false;
    };
    let served = fetch("GET", &path, None, None).await;
    served.is_some_and(|(status, page)| status == 200 && !page.contains(&program))
}

/// A file of the dashboard's own, as text.
pub async fn file(path: &str) -> Option<String> {
    let response = JsFuture::from(window().fetch_with_str(path)).await.ok()?;
    text_of(&response.unchecked_into()).await
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
    #[serde(rename = "x-loquet-csrf", skip_serializing_if = "Option::is_none")]
    csrf: Option<&'a str>,
    #[serde(rename = "content-type", skip_serializing_if = "Option::is_none")]
    content_type: Option<&'a str>,
}

async fn fetch(
    method: &str,
    path: &str,
    body: Option<&str>,
    csrf: Option<&Secret<String>>,
) -> Option<(u16, String)> {
    let csrf = csrf.filter(|_| method != "GET").map(|csrf| csrf.expose().as_str());
    let init = Init {
        method,
        headers: Headers { csrf, content_type: body.map(|_| "application/json") },
        credentials: "same-origin",
        cache: "no-store",
        body,
    };
    let init = json::to_value(&init)?;
    let patience = AbortSignal::timeout_with_u32(PATIENCE_MS);
    Reflect::set(&init, &"signal".into(), &patience).ok()?;
    let promise = window().fetch_with_str_and_init(path, init.unchecked_ref());
    let response: Response = JsFuture::from(promise).await.ok()?.unchecked_into();
    Some((response.status(), text_of(&response).await?))
}

async fn text_of(response: &Response) -> Option<String> {
    JsFuture::from(response.text().ok()?).await.ok()?.as_string()
}
