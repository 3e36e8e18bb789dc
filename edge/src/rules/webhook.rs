//! Signatures of webhooks after the Standard Webhooks scheme, which the mail vendor's Svix signs by: HMAC-SHA256 over
//! `id.timestamp.body`, several signatures while a secret is being changed.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use shared::id::{BusinessId, ConversationId, SiteId};
use shared::limits::{HOOK_WAITS_MS, WEBHOOK_TOLERANCE_MS};
use shared::privacy::Secret;
use shared::time::Millis;
use zeroize::Zeroizing;

/// What a vendor signs with.
#[derive(Clone)]
pub struct WebhookSecret(Secret<Zeroizing<Vec<u8>>>);

impl std::fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("WebhookSecret(…)")
    }
}

/// What a webhook says of itself in its headers, unproved.
#[derive(Debug, Clone, Copy)]
pub struct Claim<'a> {
    /// `svix-id`.
    pub id: &'a str,
    /// `svix-timestamp`, seconds since 1970.
    pub timestamp: &'a str,
    /// `svix-signature`: `v1,<base64>`, several divided by spaces.
    pub signatures: &'a str,
}

impl WebhookSecret {
    /// Reads `whsec_` and 24 to 64 bytes in base64.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = Zeroizing::new(STANDARD.decode(text.trim().strip_prefix("whsec_")?).ok()?);
        (24..=64).contains(&bytes.len()).then(|| Self(Secret::new(bytes)))
    }

    /// Whether the claim holds for this body and is at most five minutes old or ahead. One good signature is enough;
    /// each is compared in constant time.
    pub fn proves(&self, claim: Claim<'_>, body: &[u8], now: Millis) -> bool {
        let Some(signed_at) = signed_at(claim.timestamp) else { return false };
        if now.since_ms(signed_at).abs() > WEBHOOK_TOLERANCE_MS {
            return false;
        }
        claim
            .signatures
            .split(' ')
            .filter_map(|signature| STANDARD.decode(signature.strip_prefix("v1,")?).ok())
            .any(|tag| self.mac(claim, body).is_some_and(|mac| mac.verify_slice(&tag).is_ok()))
    }

    /// What signs a body at a time: the timestamp and the signature, as their headers carry them.
    pub fn signed(&self, id: &str, at: Millis, body: &[u8]) -> Option<(String, String)> {
        let timestamp = at.as_i64().div_euclid(1_000).to_string();
        let mac = self.mac(Claim { id, timestamp: &timestamp, signatures: "" }, body)?;
        let signature = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
        Some((timestamp, signature))
    }

    fn mac(&self, claim: Claim<'_>, body: &[u8]) -> Option<Hmac<Sha256>> {
        let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(self.0.expose()).ok()?;
        for part in [claim.id.as_bytes(), b".", claim.timestamp.as_bytes(), b".", body] {
            mac.update(part);
        }
        Some(mac)
    }
}

/// Mints what a door of a business is told with: `whsec_` and 32 bytes in base64.
pub fn webhook_secret_mint(random: [u8; 32]) -> Secret<String> {
    Secret::new(format!("whsec_{}", STANDARD.encode(random)))
}

/// What a door is told: what happened, when, and ids. Never a word of anybody.
pub fn hook_body(
    kind: &str,
    at: Millis,
    business: BusinessId,
    site: Option<SiteId>,
    conversation: Option<ConversationId>,
) -> Vec<u8> {
    let timestamp =
        jiff::Timestamp::from_millisecond(at.as_i64()).map(|at| at.to_string()).unwrap_or_default();
    let mut data = serde_json::json!({ "business": business });
    if let (Some(site), Some(conversation)) = (site, conversation) {
        data = serde_json::json!({ "business": business, "site": site, "conversation": conversation });
    }
    serde_json::json!({ "type": kind, "timestamp": timestamp, "data": data }).to_string().into_bytes()
}

/// Milliseconds until the next try after `tries` tries, or `None` where that was the last one. `dice` (any number) adds up
/// to a tenth, so that what failed together does not come back together.
pub fn hook_retry_after_ms(tries: u32, dice: u16) -> Option<i64> {
    let wait = *HOOK_WAITS_MS.get(usize::try_from(tries.checked_sub(1)?).ok()?)?;
    let more = wait.saturating_mul(i64::from(dice)).div_euclid(i64::from(u16::MAX)).div_euclid(10);
    Some(wait.saturating_add(more))
}

/// Seconds as the vendor writes them: digits and nothing else, so that one time has one writing.
fn signed_at(text: &str) -> Option<Millis> {
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse::<i64>().ok()?.checked_mul(1_000).map(Millis::new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The example that the scheme's specification and the vendor's SDKs share.
    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const BODY: &[u8] = b"{\"test\": 2432232314}";
    const CLAIM: Claim<'_> = Claim {
        id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
        timestamp: "1614265330",
        signatures: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    };
    const SIGNED_AT: Millis = Millis::new(1_614_265_330_000);

    fn proves(claim: Claim<'_>, body: &[u8], now: Millis) -> bool {
        WebhookSecret::parse(SECRET).unwrap().proves(claim, body, now)
    }

    #[test]
    fn the_published_example_is_proved() {
        assert!(proves(CLAIM, BODY, SIGNED_AT));
    }

    #[test]
    fn what_we_sign_is_proved_by_the_same_scheme() {
        let secret = webhook_secret_mint([7; 32]);
        let secret = WebhookSecret::parse(secret.expose()).unwrap();
        let (timestamp, signature) = secret.signed("opened.cnv_1", SIGNED_AT, BODY).unwrap();
        let claim = Claim { id: "opened.cnv_1", timestamp: &timestamp, signatures: &signature };
        assert!(secret.proves(claim, BODY, SIGNED_AT));
        assert!(!secret.proves(claim, b"{}", SIGNED_AT));
        let example = WebhookSecret::parse(SECRET).unwrap().signed(CLAIM.id, SIGNED_AT, BODY).unwrap();
        assert_eq!(
            example,
            (CLAIM.timestamp.to_owned(), CLAIM.signatures.to_owned()),
            "the published example"
        );
    }

    #[test]
    fn waits_grow_and_end_within_two_days() {
        let (mut total, mut before) = (0, 0);
        for tries in 1..shared::limits::HOOK_TRIES {
            let wait = hook_retry_after_ms(tries, u16::MAX).unwrap();
            assert!(wait > before);
            (total, before) = (total + wait, wait);
        }
        assert_eq!(hook_retry_after_ms(shared::limits::HOOK_TRIES, 0), None);
        assert_eq!(hook_retry_after_ms(0, 0), None);
        assert!(total < 2 * shared::time::DAY_MS, "{total}");
    }

    #[test]
    fn one_good_signature_among_several_is_enough() {
        let signatures = format!("v1,AAAA v1a,nonsense {} v2,x", CLAIM.signatures);
        assert!(proves(Claim { signatures: &signatures, ..CLAIM }, BODY, SIGNED_AT));
        assert!(!proves(Claim { signatures: "v1,AAAA v1,", ..CLAIM }, BODY, SIGNED_AT));
        assert!(!proves(Claim { signatures: "", ..CLAIM }, BODY, SIGNED_AT));
    }

    #[test]
    fn what_is_older_or_further_ahead_than_five_minutes_is_refused() {
        for (off, proved) in [(300_000, true), (-300_000, true), (301_000, false), (-301_000, false)] {
            assert_eq!(proves(CLAIM, BODY, SIGNED_AT.plus_ms(off)), proved, "{off}");
        }
    }

    #[test]
    fn another_id_time_body_or_secret_proves_nothing() {
        assert!(!proves(Claim { id: "msg_other", ..CLAIM }, BODY, SIGNED_AT));
        assert!(!proves(Claim { timestamp: "1614265331", ..CLAIM }, BODY, SIGNED_AT));
        assert!(!proves(Claim { timestamp: "+1614265330", ..CLAIM }, BODY, SIGNED_AT));
        assert!(!proves(CLAIM, b"{\"test\": 2432232315}", SIGNED_AT));
        let other = WebhookSecret::parse("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").unwrap();
        assert!(!other.proves(CLAIM, BODY, SIGNED_AT));
    }

    #[test]
    fn a_secret_has_its_prefix_and_enough_bytes_and_never_shows() {
        for wrong in ["", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_", "whsec_AAAA", "whsec_not base64"] {
            assert!(WebhookSecret::parse(wrong).is_none(), "{wrong}");
        }
        assert_eq!(format!("{:?}", WebhookSecret::parse(SECRET).unwrap()), "WebhookSecret(…)");
    }

    proptest! {
        #[test]
        fn no_forged_header_passes_or_panics(id in "\\PC{0,40}", timestamp in "\\PC{0,20}", signatures in "\\PC{0,80}") {
            let claim = Claim { id: &id, timestamp: &timestamp, signatures: &signatures };
            prop_assert!(!proves(claim, BODY, SIGNED_AT));
        }
    }
}
