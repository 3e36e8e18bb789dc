//! The request: one mail to one address, in both forms.

use serde::Serialize;
use shared::privacy::{Personal, Secret};

use super::Account;
use crate::platform::http::Request;

/// One mail.
pub struct Email<'a> {
    /// Who it is from and who gets the answers, as `Name <address>` or an address.
    pub from: &'a str,
    /// Who it is to: an address.
    pub to: &'a Personal<String>,
    /// The subject.
    pub subject: &'a Personal<String>,
    /// The text.
    pub text: &'a Personal<String>,
    /// The same as HTML.
    pub html: &'a Personal<String>,
}

#[derive(Serialize)]
struct Body<'a> {
    from: &'a str,
    to: [&'a str; 1],
    subject: &'a str,
    text: &'a str,
    html: &'a str,
    headers: Headers,
}

#[derive(Serialize)]
struct Headers {
    /// Keeps holiday notes from answering a machine (RFC 3834).
    #[serde(rename = "Auto-Submitted")]
    auto_submitted: &'static str,
}

/// Writes the request. `None` where the address could smuggle something in, which no checked address can.
pub(super) fn request(account: &Account, email: &Email<'_>, idempotency_key: &str) -> Option<Request> {
    let to = email.to.expose().as_str();
    if to.chars().any(|letter| letter.is_control() || letter.is_whitespace() || ",;<>\"".contains(letter)) {
        return None;
    }
    let body = Body {
        from: email.from,
        to: [to],
        subject: email.subject.expose(),
        text: email.text.expose(),
        html: email.html.expose(),
        headers: Headers { auto_submitted: "auto-generated" },
    };
    Some(Request {
        url: format!("{}/emails", account.base_url),
        headers: vec![
            ("content-type", Secret::new("application/json".to_owned())),
            ("authorization", Secret::new(format!("Bearer {}", account.key.expose()))),
            ("idempotency-key", Secret::new(idempotency_key.to_owned())), // keeps P5.4
            // The vendor refuses callers without a name.
            ("user-agent", Secret::new("Loquet".to_owned())),
        ],
        body: serde_json::to_vec(&body).ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn written(to: &str) -> Option<Request> {
        let own = |text: &str| Personal::new(text.to_owned());
        let account =
            Account { base_url: super::super::BASE_URL.to_owned(), key: Secret::new("re_k".to_owned()) };
        let email = Email {
            from: "Loquet <mail@chat.example.eu>",
            to: &own(to),
            subject: &own("Zu Händen"),
            text: &own("Guten Tag"),
            html: &own("<p>Guten Tag</p>"),
        };
        request(&account, &email, "mai_1")
    }

    #[test]
    fn a_mail_is_written_as_the_vendor_reads_it() {
        let request = written("ada@example.org").unwrap();
        assert_eq!(request.url, "https://api.resend.com/emails");
        let header = |name: &str| {
            let found = request.headers.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| value.expose().clone()).unwrap_or_default()
        };
        assert_eq!(header("authorization"), "Bearer re_k");
        assert_eq!(header("idempotency-key"), "mai_1");
        assert_eq!(
            serde_json::from_slice::<Value>(&request.body).unwrap(),
            json!({
                "from": "Loquet <mail@chat.example.eu>",
                "to": ["ada@example.org"],
                "subject": "Zu Händen",
                "text": "Guten Tag",
                "html": "<p>Guten Tag</p>",
                "headers": { "Auto-Submitted": "auto-generated" },
            })
        );
    }

    #[test]
    fn one_letter_goes_to_one_address() {
        for to in ["a@example.org,b@example.org", "a@example.org\r\nBcc: b", "A <a@example.org>", "a b@c"] {
            assert!(written(to).is_none(), "{to}");
        }
    }
}
