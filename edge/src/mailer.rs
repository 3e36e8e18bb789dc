//! How this deployment sends mail, read from its configuration. Whether it can is neither a rule nor a vendor's.

use shared::privacy::Secret;

use crate::platform::http::origin_of;
use crate::providers::address_check;
use crate::rules::webhook::WebhookSecret;
use crate::vendors::resend;

/// How mail is sent.
#[derive(Debug, Clone)]
pub struct Mailer {
    /// The vendor's account.
    pub account: resend::Account,
    /// What the vendor signs its webhooks with. `None` where none is set: bounces are not heard of then.
    pub webhook_secret: Option<WebhookSecret>,
    /// Who mail is from: `Name <address>`, or an address.
    pub from: String,
}

/// Reads `RESEND_API_KEY`, `RESEND_BASE_URL`, `RESEND_WEBHOOK_SECRET` and `MAIL_FROM`. Without a key there is no mailer:
/// where `ENV=dev` mail stays in the outbox, elsewhere somebody hears of it.
pub fn mailer_read(
    get: impl Fn(&str) -> Option<String>,
    dev: bool,
    complain: &mut impl FnMut(&str, &str),
) -> Option<Mailer> {
    let base_url = get("RESEND_BASE_URL");
    let secret = get("RESEND_WEBHOOK_SECRET");
    let from = get("MAIL_FROM").map(|text| text.trim().to_owned());
    let Some(key) = get("RESEND_API_KEY") else {
        if base_url.is_some() || secret.is_some() {
            complain("RESEND_API_KEY", "is missing while other RESEND_ variables are set; no mail is sent");
        } else if !dev {
            complain("RESEND_API_KEY", "is missing: no mail is sent, so nobody gets a code to sign in with");
        }
        return None;
    };
    let Some(from) = from else {
        complain("MAIL_FROM", "is missing while RESEND_API_KEY is set; no mail is sent");
        return None;
    };
    if address_of(&from).is_none() {
        complain("MAIL_FROM", "must be like Loquet <mail@chat.example.eu>; no mail is sent");
        return None;
    }
    let base_url = base_url.unwrap_or_else(|| resend::BASE_URL.to_owned());
    let base_url = base_url.trim().trim_end_matches('/').to_owned();
    if let Err(what) = address_check(&base_url, dev) {
        complain("RESEND_BASE_URL", what);
        return None;
    }
    let webhook_secret = match secret.as_deref().map(WebhookSecret::parse) {
        Some(None) => {
            complain("RESEND_WEBHOOK_SECRET", "must be what the vendor shows, beginning with whsec_");
            None
        }
        None => {
            if !dev {
                complain("RESEND_WEBHOOK_SECRET", "is missing: bounces and complaints are not heard of");
            }
            None
        }
        Some(found) => found,
    };
    let account = resend::Account { base_url, key: Secret::new(key.trim().to_owned()) };
    Some(Mailer { account, webhook_secret, from })
}

impl Mailer {
    /// The origin that is called.
    pub fn origin(&self) -> Option<String> {
        origin_of(&self.account.base_url).map(str::to_owned)
    }

    /// The bare address that mail is from.
    pub fn from_address(&self) -> &str {
        address_of(&self.from).unwrap_or_default()
    }
}

/// The address in `Name <address>` or in an address alone.
fn address_of(from: &str) -> Option<&str> {
    if from.chars().any(char::is_control) {
        return None;
    }
    let address = match from.split_once('<') {
        Some((_, rest)) => rest.strip_suffix('>')?,
        None => from,
    };
    let (local, domain) = address.split_once('@')?;
    let plain = |text: &str| {
        !text.is_empty() && text.chars().all(|letter| letter.is_alphanumeric() || ".-_+".contains(letter))
    };
    (plain(local) && plain(domain) && domain.contains('.')).then_some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    fn read(variables: &[(&str, &str)], dev: bool) -> (Option<Mailer>, Vec<String>) {
        let mut complaints = Vec::new();
        let get = |name: &str| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        let mailer = mailer_read(get, dev, &mut |variable: &str, what: &str| {
            complaints.push(format!("{variable} {what}"));
        });
        (mailer, complaints)
    }

    #[test]
    fn without_a_key_mail_stays_at_home_and_only_a_real_deployment_hears_of_it() {
        assert!(matches!(read(&[], true), (None, complaints) if complaints.is_empty()));
        let (mailer, complaints) = read(&[], false);
        assert!(mailer.is_none() && complaints[0].starts_with("RESEND_API_KEY "), "{complaints:?}");
    }

    #[test]
    fn half_a_configuration_is_named_by_the_variable_that_lacks() {
        let whole = [
            ("RESEND_API_KEY", "re_k"),
            ("MAIL_FROM", "Loquet <mail@chat.example.eu>"),
            ("RESEND_WEBHOOK_SECRET", SECRET),
        ];
        let (mailer, complaints) = read(&whole, false);
        let mailer = mailer.unwrap();
        assert_eq!(mailer.origin().as_deref(), Some("https://api.resend.com"));
        assert_eq!(mailer.from_address(), "mail@chat.example.eu");
        assert!(complaints.is_empty(), "{complaints:?}");
        for (lacking, sends) in
            [("RESEND_API_KEY", false), ("MAIL_FROM", false), ("RESEND_WEBHOOK_SECRET", true)]
        {
            let rest: Vec<_> = whole.into_iter().filter(|(name, _)| *name != lacking).collect();
            let (mailer, complaints) = read(&rest, false);
            assert_eq!(mailer.is_some(), sends);
            assert!(complaints[0].starts_with(lacking), "{complaints:?}");
        }
        for (name, wrong, sends) in [
            ("MAIL_FROM", "Loquet", false),
            ("MAIL_FROM", "a@b", false),
            ("MAIL_FROM", "Loquet <mail@chat.example.eu>\r\nBcc: x@example.org", false),
            ("RESEND_BASE_URL", "http://127.0.0.1:9", false),
            ("RESEND_WEBHOOK_SECRET", "whsec_x", true),
        ] {
            let mut given = vec![(name, wrong)];
            given.extend(whole.into_iter().filter(|(known, _)| *known != name));
            let (mailer, complaints) = read(&given, false);
            assert_eq!(mailer.is_some(), sends, "{name}={wrong}");
            assert!(complaints[0].starts_with(name), "{complaints:?}");
        }
    }

    #[test]
    fn a_fake_on_loopback_serves_where_env_is_dev() {
        let given = [
            ("RESEND_API_KEY", "k"),
            ("MAIL_FROM", "a@example.eu"),
            ("RESEND_BASE_URL", "http://127.0.0.1:9/"),
        ];
        assert_eq!(read(&given, true).0.unwrap().origin().as_deref(), Some("http://127.0.0.1:9"));
    }
}
