//! Bodies: read up to their limit, parsed into a type, answered as JSON that nobody caches.

use axum::body::{Body, to_bytes};
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use serde::Serialize;
use serde::de::DeserializeOwned;
use shared::limits::BODY_BYTES;
use shared::wire::problem::Kind;

use super::Edge;
use super::problem::ApiResult;
pub use crate::rules::html::html_escape;

/// Reads a JSON body of [`BODY_BYTES`] at most.
pub async fn json_read<T: DeserializeOwned>(edge: &Edge, body: Body) -> ApiResult<T> {
    let bytes = bytes_read(edge, body, BODY_BYTES).await?;
    // What exactly is wrong would repeat what was sent; the kind is enough for a client of ours.
    serde_json::from_slice(&bytes).map_err(|_| edge.problem(Kind::BodyMalformed))
}

/// Reads a body of `limit` bytes at most.
pub async fn bytes_read(edge: &Edge, body: Body, limit: usize) -> ApiResult<Vec<u8>> {
    match to_bytes(body, limit).await {
        Ok(bytes) => Ok(bytes.to_vec()),
        Err(error) => {
            let too_large = std::error::Error::source(&error)
                .is_some_and(|source| source.to_string().contains("length limit exceeded"));
            Err(edge.problem(if too_large { Kind::BodyTooLarge } else { Kind::BodyMalformed }))
        }
    }
}

/// A JSON answer.
pub struct Json<T>(pub T);

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(serde_json::to_vec(&self.0).unwrap_or_default()));
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}

/// An HTML answer that nobody caches.
pub struct Html(pub String);

impl IntoResponse for Html {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.0));
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}
