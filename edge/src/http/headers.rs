//! What requests say in their headers, and what our answers say in theirs.

use axum::extract::State;
use axum::response::Response;
use http::header::{ACCEPT_LANGUAGE, HeaderName, HeaderValue, REFERER, USER_AGENT};
use http::{HeaderMap, Uri};
use shared::privacy::Personal;

use super::Edge;
use crate::platform::http::origin_of;
use crate::rules::{browser, signal};

/// A header's text, where it is there and readable.
pub fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// One parameter of the query, percent-decoded where it needs no decoding at all: our parameters are plain words.
pub fn query<'a>(uri: &'a Uri, name: &str) -> Option<&'a str> {
    let pairs = uri.query()?.split('&');
    pairs.filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name).map(|(_, value)| value)
}

/// Languages that a visitor reads, best first: what the page asked for, then what the browser prefers.
pub fn languages<'a>(uri: &'a Uri, headers: &'a HeaderMap) -> Vec<&'a str> {
    let asked = query(uri, "locale").into_iter();
    let preferred = text(headers, &ACCEPT_LANGUAGE).into_iter().flat_map(|list| list.split(','));
    asked.chain(preferred).take(8).collect()
}

/// The origin of the page that a document was asked from, where the browser says.
pub fn referer_origin(headers: &HeaderMap) -> Option<&str> {
    text(headers, &REFERER).and_then(origin_of)
}

/// The kind of browser, coarse (promise P2.4).
pub fn browser_kind(headers: &HeaderMap) -> String {
    browser::browser_kind(text(headers, &USER_AGENT).unwrap_or_default())
}

/// The visitor's IP address, as the platform gives it.
pub fn address(headers: &HeaderMap) -> Option<Personal<String>> {
    let name = HeaderName::from_static("cf-connecting-ip");
    text(headers, &name).map(|address| Personal::new(address.to_owned()))
}

/// Global Privacy Control or Do Not Track (promise B3).
pub fn opted_out(headers: &HeaderMap) -> bool {
    let gpc = text(headers, &HeaderName::from_static("sec-gpc"));
    let dnt = text(headers, &HeaderName::from_static("dnt"));
    signal::opted_out(gpc, dnt) // keeps B3 | without: gpc.is_none() && dnt.is_none() && signal::opted_out(gpc, dnt)
}

/// Puts a header on an answer; a value that is no header value is left out.
pub fn set(response: &mut Response, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(HeaderName::from_static(name), value);
    }
}

/// Asks browsers for TLS on every later visit, where the deployment is reached by https. Other names below ours are not ours
/// to speak for, so they are not included.
pub async fn transport_guard(State(edge): State<Edge>, mut response: Response) -> Response {
    if edge.app.config.public_origin.starts_with("https://") {
        set(&mut response, "strict-transport-security", "max-age=31536000"); // keeps P8.1
    }
    response
}

/// What every document of ours says: no sniffing, no referrer, no power that it does not use.
pub fn guard(response: &mut Response, policy: &str) {
    set(response, "content-security-policy", policy);
    set(response, "x-content-type-options", "nosniff");
    set(response, "referrer-policy", "no-referrer");
    set(response, "permissions-policy", "camera=(), geolocation=(), microphone=(self), payment=(), usb=()");
}
