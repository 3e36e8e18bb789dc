//! The answer: the vendor's id of the mail, or an error with a name.

use serde::Deserialize;

use super::errors::{MailFault, fault_of};

#[derive(Deserialize)]
struct Taken {
    id: String,
}

#[derive(Deserialize)]
struct Refusal {
    name: String,
}

/// The same key came with other words before: a mail of that key has gone out already.
const TAKEN_BEFORE: &str = "invalid_idempotent_request";

/// Reads an answer.
pub(super) fn read(
    status: u16,
    retry_after_s: Option<u32>,
    body: &[u8],
) -> Result<Option<String>, MailFault> {
    if status == 200 {
        let taken: Taken = serde_json::from_slice(body).map_err(|_| MailFault::Broken)?;
        // It stands in our database from here on: a short text of a kind that we know, or nothing.
        let is_plain = taken.id.len() <= 64
            && taken.id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
        return Ok(is_plain.then_some(taken.id));
    }
    let name = serde_json::from_slice::<Refusal>(body).map(|refusal| refusal.name).unwrap_or_default();
    if status == 409 && name == TAKEN_BEFORE {
        return Ok(None);
    }
    Err(fault_of(status, &name, retry_after_s))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_mail_has_the_vendors_id() {
        let id = "49a3999c-0ce1-4ea6-ab68-afcd6dc2e794";
        assert_eq!(read(200, None, format!("{{\"id\":\"{id}\"}}").as_bytes()), Ok(Some(id.to_owned())));
        assert_eq!(read(200, None, b"{\"id\":\"<b>\"}"), Ok(None));
        assert_eq!(read(200, None, b"<html>"), Err(MailFault::Broken));
    }

    #[test]
    fn a_key_that_was_used_with_other_words_means_that_the_mail_went_out() {
        let body = b"{\"statusCode\":409,\"message\":\"m\",\"name\":\"invalid_idempotent_request\"}";
        assert_eq!(read(409, None, body), Ok(None));
        let body = b"{\"statusCode\":409,\"message\":\"m\",\"name\":\"concurrent_idempotent_requests\"}";
        assert_eq!(read(409, None, body), Err(MailFault::Overloaded));
    }
}
