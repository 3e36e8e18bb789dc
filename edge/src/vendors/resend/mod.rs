//! Resend: takes a letter over HTTPS and tells by webhook when nobody is there (promise P5.4).

mod errors;
mod request;
mod response;
mod webhook;

use futures::StreamExt;
use futures::future::{Either, select};
use shared::limits::{MAIL_ANSWER_BYTES, MAIL_SEND_MS};
use shared::privacy::Secret;

pub use errors::MailFault;
pub use request::Email;
pub use webhook::{Event, Unreadable, webhook_read};

use crate::platform::http::Chunks;
use crate::platform::{Clock, Http};

/// Where it is reached unless a deployment says otherwise.
pub const BASE_URL: &str = "https://api.resend.com";

/// How this deployment uses it.
#[derive(Debug, Clone)]
pub struct Account {
    /// Where it is reached, without a slash at the end.
    pub base_url: String,
    /// Opens it.
    pub key: Secret<String>,
}

/// Sends a mail and hands back the vendor's id for it. The same `idempotency_key` within a day is the same mail: it
/// goes out once. `None` where an earlier try had been taken and its answer was lost.
pub async fn email_send(
    http: &Http,
    clock: &Clock,
    account: &Account,
    email: &Email<'_>,
    idempotency_key: &str,
) -> Result<Option<String>, MailFault> {
    let request = request::request(account, email, idempotency_key).ok_or(MailFault::Refused)?;
    let call = async {
        let answer = http.send(request).await.map_err(|_| MailFault::Broken)?;
        let (status, retry_after_s) = (answer.status, answer.retry_after_s);
        let body = body_read(answer.chunks).await?;
        response::read(status, retry_after_s, &body)
    };
    match select(Box::pin(call), Box::pin(clock.sleep(MAIL_SEND_MS))).await {
        Either::Left((outcome, _)) => outcome,
        Either::Right(_) => Err(MailFault::Timeout),
    }
}

async fn body_read(mut chunks: Chunks) -> Result<Vec<u8>, MailFault> {
    let mut body = Vec::new();
    while let Some(chunk) = chunks.next().await {
        body.extend_from_slice(&chunk.map_err(|_| MailFault::Broken)?);
        if body.len() > MAIL_ANSWER_BYTES {
            return Err(MailFault::Broken);
        }
    }
    Ok(body)
}
