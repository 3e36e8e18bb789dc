//! What the vendor tells by webhook, once its signature is proved: that nobody is there, or that somebody complained.

use serde::Deserialize;
use shared::privacy::Personal;
use shared::time::Millis;

use crate::rules::mail::suppression::Reason;

/// An address that letters should not go to any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Why.
    pub reason: Reason,
    /// When it happened, by the vendor's clock.
    pub at: Millis,
    /// The addresses.
    pub addresses: Vec<Personal<String>>,
}

#[derive(Deserialize)]
struct Body {
    #[serde(rename = "type")]
    kind: String,
    created_at: String,
    data: Data,
}

#[derive(Deserialize)]
struct Data {
    #[serde(default)]
    to: Vec<Personal<String>>,
    #[serde(default)]
    bounce: Option<Bounce>,
}

#[derive(Deserialize)]
struct Bounce {
    #[serde(rename = "type", default)]
    kind: String,
}

/// Reads a webhook's body. `Ok(None)` where it is about nothing that matters here (opened, delivered, a full mailbox, a
/// kind of tomorrow); `Err` where it is none of this vendor's.
pub fn webhook_read(body: &[u8]) -> Result<Option<Event>, Unreadable> {
    let body: Body = serde_json::from_slice(body).map_err(|_| Unreadable)?;
    let is_hard = body.data.bounce.as_ref().is_none_or(|bounce| bounce.kind == "Permanent");
    let reason = match body.kind.as_str() {
        "email.bounced" if is_hard => Reason::Bounce,
        "email.complained" => Reason::Complaint,
        _ => return Ok(None),
    };
    let at: jiff::Timestamp = body.created_at.parse().map_err(|_| Unreadable)?;
    Ok(Some(Event { reason, at: Millis::new(at.as_millisecond()), addresses: body.data.to }))
}

/// The body is none of this vendor's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unreadable;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn body(kind: &str, bounce: &str) -> String {
        format!(
            r#"{{"type":"{kind}","created_at":"2026-11-21T18:00:00.000Z","data":{{"created_at":"2026-11-21T17:59:58.000Z","email_id":"e","from":"a@b","to":["Ada@example.org"],"subject":"s"{bounce}}}}}"#
        )
    }

    const HARD: &str = r#","bounce":{"message":"m","subType":"Suppressed","type":"Permanent"}"#;
    const SOFT: &str = r#","bounce":{"message":"m","subType":"MailboxFull","type":"Transient"}"#;

    #[test]
    fn hard_bounces_and_complaints_are_heard_and_nothing_else() {
        let heard = |kind: &str, bounce: &str| {
            webhook_read(body(kind, bounce).as_bytes()).unwrap().map(|event| event.reason)
        };
        assert_eq!(heard("email.bounced", HARD), Some(Reason::Bounce));
        assert_eq!(heard("email.bounced", ""), Some(Reason::Bounce));
        assert_eq!(heard("email.complained", ""), Some(Reason::Complaint));
        assert_eq!(heard("email.bounced", SOFT), None);
        for kind in ["email.delivered", "email.opened", "email.clicked", "contact.created", "email.tomorrow"]
        {
            assert_eq!(heard(kind, ""), None);
        }
    }

    #[test]
    fn an_event_says_who_and_when() {
        let event = webhook_read(body("email.bounced", HARD).as_bytes()).unwrap().unwrap();
        assert_eq!(event.at, Millis::new(1_795_284_000_000));
        assert_eq!(event.addresses, [Personal::new("Ada@example.org".to_owned())]);
        for nonsense in ["", "{}", "[]", r#"{"type":"email.bounced","created_at":"soon","data":{}}"#] {
            assert_eq!(webhook_read(nonsense.as_bytes()), Err(Unreadable), "{nonsense}");
        }
    }

    proptest! {
        #[test]
        fn no_body_makes_the_reader_panic(body: Vec<u8>) {
            let _ = webhook_read(&body);
        }
    }
}
