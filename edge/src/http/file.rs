//! Files on their way in and out, whoever asks: bodies that are read and written in pieces, and an answer that no browser
//! takes for a page.

use axum::body::{Body, Bytes};
use axum::response::Response;
use futures::StreamExt;
use futures::future::select;
use http::header::{CONTENT_LENGTH, HeaderName};
use http::{HeaderMap, Uri};
use shared::id::FileId;
use shared::limits::{FILE_BYTES, FILE_NAME_HEADER_BYTES, FILE_REFUSED_BYTES, FILE_UPLOAD_MS};
use shared::privacy::Personal;
use shared::wire::file::{Attachment, NAME_HEADER};
use shared::wire::message::Origin;
use shared::wire::problem::Kind;

use super::body::Json;
use super::headers;
use super::problem::ApiResult;
use super::stream::{SendStream, Streamed};
use super::{Edge, access};
use crate::ops::file::{self, BrokenOff, Incoming, OpenedFile};
use crate::store::scope::ThreadScope;

/// Nothing in it runs, loads or frames anything, whatever it is.
const POLICY: &str = "sandbox; default-src 'none'";

/// Takes a file in. The rest of one that is refused is read and dropped.
pub async fn upload(
    edge: &Edge,
    scope: &ThreadScope,
    origin: Origin,
    headers: &HeaderMap,
    body: Body,
) -> ApiResult<Json<Attachment>> {
    let pieces = body.into_data_stream().map(|piece| match piece {
        Ok(piece) => Ok(piece.to_vec()),
        Err(_) => Err(BrokenOff),
    });
    let mut incoming = pieces.fuse().boxed_local();
    let taken = take(edge, scope, origin, headers, &mut incoming).await;
    if taken.is_err() {
        let late = Box::pin(edge.app.clock.sleep(FILE_UPLOAD_MS));
        select(Box::pin(drop_rest(incoming)), late).await;
    }
    taken
}

async fn drop_rest(mut incoming: Incoming<'_>) {
    let mut left = FILE_REFUSED_BYTES;
    while let Some(Ok(piece)) = incoming.next().await {
        match left.checked_sub(piece.len() as u64) {
            Some(less) => left = less,
            None => return,
        }
    }
}

async fn take(
    edge: &Edge,
    scope: &ThreadScope,
    origin: Origin,
    headers: &HeaderMap,
    incoming: &mut Incoming<'_>,
) -> ApiResult<Json<Attachment>> {
    // A length that is said is believed only where it is too large.
    let length = headers::text(headers, &CONTENT_LENGTH).and_then(|length| length.trim().parse::<u64>().ok());
    if length.is_some_and(|length| length > FILE_BYTES) {
        return Err(edge.problem(Kind::FileTooLarge));
    }
    let name = name(headers).ok_or_else(|| edge.problem(Kind::ValueRefused))?;
    let taken = file::file_upload(&edge.app, scope, origin, &name, incoming.boxed_local()).await;
    taken.map(Json).map_err(|error| edge.problem(error))
}

/// The name in the header. `None` where it is no percent-encoded UTF-8; a file may come without one.
fn name(headers: &HeaderMap) -> Option<Personal<String>> {
    let Some(value) = headers.get(HeaderName::from_static(NAME_HEADER)) else {
        return Some(Personal::new(String::new()));
    };
    let text = value.to_str().ok().filter(|text| text.len() <= FILE_NAME_HEADER_BYTES)?;
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let (code, after) = rest.split_at_checked(2)?;
        let code = std::str::from_utf8(code)
            .ok()
            .filter(|code| code.bytes().all(|digit| digit.is_ascii_hexdigit()))?;
        bytes.push(u8::from_str_radix(code, 16).ok()?);
        rest = after;
    }
    String::from_utf8(bytes).ok().map(Personal::new)
}

/// Gives a file out.
pub async fn download(
    edge: &Edge,
    scope: &ThreadScope,
    reader: Origin,
    file: &str,
    uri: &Uri,
) -> ApiResult<Response> {
    let file: FileId = access::path_id(edge, file)?;
    let opened = file::file_open(&edge.app, scope, reader, file).await;
    let opened = opened.map_err(|error| edge.problem(error))?;
    let inline = opened.kind.is_picture() && uri.query() == Some("inline");
    Ok(answer(opened, inline))
}

/// Takes a file back.
pub async fn take_back(edge: &Edge, scope: &ThreadScope, origin: Origin, file: &str) -> ApiResult<()> {
    let file: FileId = access::path_id(edge, file)?;
    file::file_take_back(&edge.app, scope, origin, file).await.map_err(|error| edge.problem(error))
}

fn answer(opened: OpenedFile, inline: bool) -> Response {
    let OpenedFile { attachment, kind, bytes } = opened;
    let pieces = bytes.map(|piece| piece.map(Bytes::from).map_err(|_| CutShort));
    let mut response = Response::new(Body::from_stream(SendStream::new(pieces)));
    response.extensions_mut().insert(Streamed);
    let way = if inline { "inline" } else { "attachment" };
    headers::guard(&mut response, POLICY);
    headers::set(&mut response, "content-type", kind.media_type());
    headers::set(&mut response, "content-disposition", &disposition(way, attachment.name.expose()));
    headers::set(&mut response, "cross-origin-resource-policy", "same-origin");
    headers::set(&mut response, "cache-control", "no-store");
    response
}

/// RFC 6266, with the name as RFC 8187 writes it: letters and digits stay, all else is encoded.
fn disposition(way: &str, name: &str) -> String {
    let mut text = format!("{way}; filename*=UTF-8''");
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_') {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}

/// A file that could not be read to its end. What happened stands in the log.
#[derive(Debug, thiserror::Error)]
#[error("the file could not be read to its end")]
struct CutShort;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_comes_and_goes_in_any_script() {
        let given = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(HeaderName::from_static(NAME_HEADER), text.parse().unwrap());
            name(&headers).map(|name| name.expose().clone())
        };
        assert_eq!(given("re%C3%A7u%20d'ao%C3%BBt.pdf").as_deref(), Some("reçu d'août.pdf"));
        for bad in ["%", "%4", "%zz", "%+1", "%FF", &"x".repeat(FILE_NAME_HEADER_BYTES + 1)] {
            assert_eq!(given(bad), None, "{bad}");
        }
        assert_eq!(name(&HeaderMap::new()).map(|name| name.expose().clone()).as_deref(), Some(""));
        assert_eq!(
            disposition("attachment", "reçu \"1\".pdf"),
            "attachment; filename*=UTF-8''re%C3%A7u%20%221%22.pdf"
        );
    }
}
