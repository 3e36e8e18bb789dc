//! Errors on their way out: `application/problem+json` (RFC 9457), never an inner error.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use shared::id::ReferenceId;
use shared::privacy::Personal;
use shared::wire::problem::{Kind, Problem};

use super::Edge;
use crate::log;
use crate::ops::{Denial, OpError};

/// A problem, ready to be answered.
#[derive(Debug)]
pub struct ApiError(Box<Problem>);

/// What handlers return.
pub type ApiResult<T> = Result<T, ApiError>;

impl ApiError {
    fn new(kind: Kind, reference: ReferenceId, retry_after_s: Option<u32>) -> Self {
        Self(Box::new(Problem {
            type_uri: kind.type_uri().to_owned(),
            title: kind.title().to_owned(),
            status: kind.status(),
            reference,
            retry_after_s,
            who: None,
        }))
    }
}

impl ApiError {
    /// The same, naming who stands in the way.
    pub fn naming(mut self, who: Option<Personal<String>>) -> Self {
        self.0.who = who;
        self
    }
}

impl Edge {
    /// The problem of a denial or a fault. Faults are logged here, once.
    pub fn problem(&self, error: impl Into<OpError>) -> ApiError {
        match error.into() {
            OpError::Denied(Denial { kind, retry_after_s, .. }) => {
                let random = self.app.rng.bytes().unwrap_or_default();
                ApiError::new(kind, ReferenceId::mint(self.app.clock.now(), random), retry_after_s)
            }
            OpError::Reported(reference) => ApiError::new(Kind::Internal, reference, None),
            OpError::Fault(fault) => {
                ApiError::new(Kind::Internal, log::fault(&self.app, "http", &fault), None)
            }
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = serde_json::to_vec(&self.0).unwrap_or_default();
        let mut response = Response::new(Body::from(body));
        *response.status_mut() =
            http::StatusCode::from_u16(self.0.status).unwrap_or(http::StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.0.retry_after_s {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
