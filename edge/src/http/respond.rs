//! From the router's answer to the platform's. Bodies of ours are small and whole, so they leave with a length
//! instead of as a stream; only a socket's handshake, and what is written while it is read, pass through as they are.

use http::Response;
use shared::limits::ASSET_BYTES;

use super::stream::Streamed;

/// Hands an answer to the platform.
pub async fn to_worker(response: Response<axum::body::Body>) -> worker::Result<worker::Response> {
    let is_streamed = response.extensions().get::<Streamed>().is_some();
    if is_streamed || response.status() == http::StatusCode::SWITCHING_PROTOCOLS {
        return Ok(worker::response_to_wasm(response)?.into());
    }
    let (head, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, ASSET_BYTES).await;
    let bytes = bytes.map_err(|error| worker::Error::RustError(error.to_string()))?;
    let headers = worker::Headers::new();
    for (name, value) in &head.headers {
        if let Ok(value) = value.to_str() {
            headers.append(name.as_str(), value)?;
        }
    }
    let answer = if bytes.is_empty() {
        worker::Response::empty()?
    } else {
        worker::Response::from_bytes(bytes.to_vec())?
    };
    Ok(answer.with_status(head.status.as_u16()).with_headers(headers))
}
