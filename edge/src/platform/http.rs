//! Calls to outside vendors. Only origins that stand in the register are called (promise P5.6); everything else
//! is refused before a byte leaves. Bodies come back as a stream of chunks; dropping it ends the call.

use std::pin::Pin;

use futures::Stream;
use shared::privacy::Secret;
use shared::rules::address::PublicAddress;

#[cfg(target_arch = "wasm32")]
#[path = "http_fetch.rs"]
mod body;
#[cfg(not(target_arch = "wasm32"))]
#[path = "http_scripted.rs"]
mod body;

pub use body::Http;

/// A POST to a vendor.
pub struct Request {
    /// The whole address.
    pub url: String,
    /// Headers; values may be keys, so they are secrets.
    pub headers: Vec<(&'static str, Secret<String>)>,
    /// The body.
    pub body: Vec<u8>,
}

/// Chunks of a body as they arrive. An error ends it.
pub type Chunks = Pin<Box<dyn Stream<Item = Result<Vec<u8>, HttpFault>>>>;

/// A vendor's answer: its head is here, its body still arrives.
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// `Retry-After` in seconds, where the vendor sent one.
    pub retry_after_s: Option<u32>,
    /// The body.
    pub chunks: Chunks,
}

/// An answer of somebody else's server.
pub struct Visited {
    /// The HTTP status.
    pub status: u16,
    /// Its headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub chunks: Chunks,
}

impl Visited {
    /// Every value of a header.
    pub fn header<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// A call to an address that a business gave: a page to look at, or a door for webhooks. Its origin stands in no register;
/// [`PublicAddress`] says what it can't be.
pub struct Visit {
    /// Where to.
    pub address: PublicAddress,
    /// Headers.
    pub headers: Vec<(&'static str, String)>,
    /// What is posted; `None` only looks.
    pub body: Option<Vec<u8>>,
}

/// Why a call failed. The cause names no address and no content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HttpFault {
    /// The origin is not one that this deployment may call.
    #[error("the origin is not in the register")]
    NotRegistered,
    /// No connection, or it broke.
    #[error("the connection failed")]
    Broken,
}

/// The origin of an address (`https://api.example.com`), or `None` where it has none.
pub fn origin_of(url: &str) -> Option<&str> {
    let after_scheme = url.find("://")?.checked_add(3)?;
    let rest = url.get(after_scheme..)?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    // User information could make another host look like the registered one.
    if rest.get(..end)?.contains('@') {
        return None;
    }
    url.get(..after_scheme.checked_add(end)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_ends_before_path_query_and_fragment() {
        assert_eq!(origin_of("https://api.example.com/v1/chat"), Some("https://api.example.com"));
        assert_eq!(origin_of("http://127.0.0.1:9000?x"), Some("http://127.0.0.1:9000"));
        assert_eq!(origin_of("https://api.example.com@evil.example/"), None);
        assert_eq!(origin_of("nonsense"), None);
    }
}
