//! The Worker's body of `Http`: `fetch`, aborted when its answer is dropped.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures::{Stream, StreamExt};
use worker::{AbortController, Fetch, Headers, Method, RequestInit, RequestRedirect};

use super::{HttpFault, Request, Response, Visit, Visited, origin_of};

/// Outgoing calls, to registered origins only.
#[derive(Clone)]
pub struct Http {
    origins: Arc<[String]>,
}

/// Aborts the call when dropped: an answer that nobody waits for must not go on costing money.
struct AbortOnDrop(Option<AbortController>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        if let Some(controller) = self.0.take() {
            controller.abort();
        }
    }
}

struct Guarded {
    chunks: worker::ByteStream,
    _guard: AbortOnDrop,
}

impl Stream for Guarded {
    type Item = Result<Vec<u8>, HttpFault>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.chunks
            .poll_next_unpin(context)
            .map(|next| next.map(|chunk| chunk.map_err(|_| HttpFault::Broken)))
    }
}

/// Fetches; whoever drops the guard ends it.
async fn fetched(url: &str, init: &RequestInit) -> Result<(worker::Response, AbortOnDrop), HttpFault> {
    let outgoing = worker::Request::new_with_init(url, init).map_err(|_| HttpFault::Broken)?;
    let guard = AbortOnDrop(Some(AbortController::default()));
    let signal = guard.0.as_ref().map(AbortController::signal).ok_or(HttpFault::Broken)?;
    let answer = Fetch::Request(outgoing).send_with_signal(&signal).await;
    Ok((answer.map_err(|_| HttpFault::Broken)?, guard))
}

impl Http {
    /// Calls to these origins and no other.
    pub fn new(origins: Vec<String>) -> Self {
        Self { origins: origins.into() }
    }

    /// Calls an address that a business gave. Redirects are not followed: whoever asked judges where they lead.
    pub async fn visit(&self, visit: Visit) -> Result<Visited, HttpFault> {
        let headers = Headers::new();
        for (name, value) in &visit.headers {
            headers.set(name, value).map_err(|_| HttpFault::Broken)?;
        }
        let method = if visit.body.is_some() { Method::Post } else { Method::Get };
        let body = visit.body.map(|body| js_sys::Uint8Array::from(body.as_slice()).into());
        let mut init = RequestInit::new();
        init.with_method(method).with_headers(headers).with_redirect(RequestRedirect::Manual).with_body(body);
        let mut answer = fetched(visit.address.as_str(), &init).await?;
        Ok(Visited {
            status: answer.0.status_code(),
            headers: answer.0.headers().entries().collect(),
            chunks: Box::pin(Guarded {
                chunks: answer.0.stream().map_err(|_| HttpFault::Broken)?,
                _guard: answer.1,
            }),
        })
    }

    /// Sends a request. Redirects are not followed: a vendor that moves is a vendor to look at.
    pub async fn send(&self, request: Request) -> Result<Response, HttpFault> {
        let origin = origin_of(&request.url).ok_or(HttpFault::NotRegistered)?;
        if !self.origins.iter().any(|registered| registered == origin) {
            return Err(HttpFault::NotRegistered);
        }
        let headers = Headers::new();
        for (name, value) in &request.headers {
            headers.set(name, value.expose()).map_err(|_| HttpFault::Broken)?;
        }
        let mut init = RequestInit::new();
        init.with_method(Method::Post)
            .with_headers(headers)
            .with_redirect(RequestRedirect::Manual)
            .with_body(Some(js_sys::Uint8Array::from(request.body.as_slice()).into()));
        let (mut answer, guard) = fetched(&request.url, &init).await?;
        let retry_after = answer.headers().get("retry-after").ok().flatten();
        Ok(Response {
            status: answer.status_code(),
            retry_after_s: retry_after.and_then(|text| text.trim().parse().ok()),
            chunks: Box::pin(Guarded {
                chunks: answer.stream().map_err(|_| HttpFault::Broken)?,
                _guard: guard,
            }),
        })
    }
}
