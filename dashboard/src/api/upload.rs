//! Files on their way to the edge. `fetch` does not tell how far an upload has come, so these go the older way.

use std::cell::RefCell;
use std::collections::BTreeMap;

use shared::id::{BusinessId, ConversationId};
use shared::limits::FILE_UPLOAD_MS;
use shared::privacy::Secret;
use shared::wire::file::{Attachment, NAME_HEADER};
use shared::wire::problem::{Kind, Problem};
use wasm_bindgen::JsCast;
use web_sys::{File, ProgressEvent, XmlHttpRequest};

use crate::state::Refusal;
use crate::{browser, json};

/// What an upload has to say.
pub enum Uploaded {
    /// So many of a hundred parts are there.
    Part(u8),
    /// It is over.
    Over(Result<Attachment, Refusal>),
}

enum Held {
    File(File),
    Request(XmlHttpRequest),
}

thread_local! {
    /// Files that were chosen, and uploads that run, by the key that the state knows them by.
    static HELD: RefCell<BTreeMap<u32, Held>> = const { RefCell::new(BTreeMap::new()) };
}

/// Keeps a file that was chosen until its upload begins: its key, what it is called, and how large it is.
pub fn upload_hold(file: File) -> (u32, String, u64) {
    let key = u32::from_le_bytes(browser::random());
    let (name, bytes) = (file.name(), file.size() as u64);
    HELD.with_borrow_mut(|held| held.insert(key, Held::File(file)));
    (key, name, bytes)
}

/// Forgets a file; an upload that runs is stopped.
pub fn upload_end(key: u32) {
    if let Some(Held::Request(request)) = HELD.with_borrow_mut(|held| held.remove(&key)) {
        let _ = request.abort();
    }
}

/// Uploads a file that is held.
pub fn upload_begin(
    key: u32,
    (business, conversation): (BusinessId, ConversationId),
    csrf: Option<&Secret<String>>,
    heard: impl Fn(Uploaded) + Clone + 'static,
) {
    if begin(key, (business, conversation), csrf, heard.clone()).is_none() {
        heard(Uploaded::Over(Err(Refusal::Network)));
    }
}

fn begin(
    key: u32,
    (business, conversation): (BusinessId, ConversationId),
    csrf: Option<&Secret<String>>,
    heard: impl Fn(Uploaded) + Clone + 'static,
) -> Option<()> {
    let Some(Held::File(file)) = HELD.with_borrow_mut(|held| held.remove(&key)) else { return None };
    let request = XmlHttpRequest::new().ok()?;
    let path = format!("/v1/admin/businesses/{business}/conversations/{conversation}/files");
    request.open("POST", &path).ok()?;
    request.set_timeout(u32::try_from(FILE_UPLOAD_MS).ok()?);
    let name = String::from(js_sys::encode_uri_component(&file.name()));
    request.set_request_header(NAME_HEADER, &name).ok()?;
    // The edge looks what it is; what the browser takes it for is of no use there.
    request.set_request_header("content-type", "application/octet-stream").ok()?;
    if let Some(csrf) = csrf {
        request.set_request_header("x-loquet-csrf", csrf.expose()).ok()?;
    }
    let tell = heard.clone();
    browser::listen_with(request.upload().ok()?.as_ref(), "progress", move |event| {
        let event: ProgressEvent = event.unchecked_into();
        let part = (event.loaded() / event.total().max(1.0) * 100.0).clamp(0.0, 100.0);
        tell(Uploaded::Part(part as u8));
    });
    let ended = request.clone();
    browser::listen_with(request.as_ref(), "loadend", move |_| {
        HELD.with_borrow_mut(|held| held.remove(&key));
        heard(Uploaded::Over(outcome(&ended)));
    });
    request.send_with_opt_blob(Some(&file)).ok()?;
    HELD.with_borrow_mut(|held| held.insert(key, Held::Request(request)));
    Some(())
}

fn outcome(request: &XmlHttpRequest) -> Result<Attachment, Refusal> {
    let status = request.status().unwrap_or_default();
    let text = request.response_text().ok().flatten().unwrap_or_default();
    match status {
        0 => Err(Refusal::Network),
        200..=299 => json::read(&text).ok_or(Refusal::of(Kind::Internal)),
        _ => Err(json::read::<Problem>(&text)
            .map_or_else(|| Refusal::of(Kind::Unavailable), |problem| Refusal::from_problem(&problem))),
    }
}
