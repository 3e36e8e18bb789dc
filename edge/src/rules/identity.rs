//! Tokens with which a business names its visitors: JWTs, signed by HS256 and by nothing else, for an hour at most.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde::Deserialize;
use sha2::Sha256;
use shared::limits::{IDENTITY_AHEAD_MS, IDENTITY_CHARACTERS, IDENTITY_TOKEN_MS};
use shared::privacy::{Personal, Secret};
use shared::rules::person::line_text;
use shared::time::Millis;

/// Longest token that is looked at, in bytes: three claims fit many times over.
const LONGEST: usize = 4_096;

#[derive(Deserialize)]
struct Header {
    alg: String,
}

#[derive(Deserialize)]
struct Claims {
    sub: String,
    iat: i64,
    exp: i64,
}

/// Whom a token names, at `now`. `None` whatever is wrong with it: another algorithm, another secret, a claim that is
/// missing, a life of more than an hour, too old, or from the future.
pub fn identity_verify(secret: &Secret<String>, token: &str, now: Millis) -> Option<Personal<String>> {
    if token.len() > LONGEST {
        return None;
    }
    let (signed, signature) = token.rsplit_once('.')?;
    let (header, claims) = signed.split_once('.')?;
    let header: Header = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).ok()?).ok()?;
    if header.alg != "HS256" {
        return None;
    }
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(secret.expose().as_bytes()).ok()?;
    mac.update(signed.as_bytes());
    // Compared in constant time, and before a word of the claims is read.
    mac.verify_slice(&URL_SAFE_NO_PAD.decode(signature).ok()?).ok()?;
    let claims: Claims = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()?;
    let made_at = Millis::new(claims.iat.checked_mul(1_000)?);
    let ends_at = Millis::new(claims.exp.checked_mul(1_000)?);
    let lives = (1..=IDENTITY_TOKEN_MS).contains(&ends_at.since_ms(made_at));
    let counts = now < ends_at && made_at.since_ms(now) <= IDENTITY_AHEAD_MS;
    let subject = line_text(&claims.sub, IDENTITY_CHARACTERS)?;
    (lives && counts).then(|| Personal::new(subject))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: Millis = Millis::new(1_795_284_000_000);
    const AT: i64 = 1_795_284_000;

    fn signed(header: &str, claims: &str, secret: &str) -> String {
        let text = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
        let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(secret.as_bytes()).unwrap();
        mac.update(text.as_bytes());
        format!("{text}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
    }

    fn named(token: &str, now: Millis) -> Option<String> {
        identity_verify(&Secret::new("lqi_secret".to_owned()), token, now).map(Personal::into_exposed)
    }

    fn token(sub: &str, iat: i64, exp: i64) -> String {
        let claims = serde_json::json!({ "sub": sub, "iat": iat, "exp": exp });
        signed(r#"{"alg":"HS256","typ":"JWT"}"#, &claims.to_string(), "lqi_secret")
    }

    #[test]
    fn the_example_of_the_standards_site_is_read_as_it_is_signed_there() {
        // jwt.io's own example: a signature of another implementation over other claims.
        let example = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c";
        let (signed, signature) = example.rsplit_once('.').unwrap();
        let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(b"your-256-bit-secret").unwrap();
        mac.update(signed.as_bytes());
        assert_eq!(URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()), signature);
        // It has no end, so it names nobody here.
        assert_eq!(
            identity_verify(
                &Secret::new("your-256-bit-secret".to_owned()),
                example,
                Millis::new(1_516_239_022_000)
            ),
            None
        );
    }

    #[test]
    fn a_token_names_its_visitor_while_it_lives() {
        assert_eq!(named(&token(" guest-7 ", AT, AT + 3_600), NOW).as_deref(), Some("guest-7"));
        assert_eq!(
            named(&token("guest-7", AT + 60, AT + 600), NOW).as_deref(),
            Some("guest-7"),
            "a clock a minute ahead"
        );
        for (what, iat, exp, now) in [
            ("too old", AT - 3_600, AT, NOW),
            ("an hour and a second", AT, AT + 3_601, NOW),
            ("from the future", AT + 61, AT + 600, NOW),
            ("ends before it begins", AT, AT - 1, NOW),
            ("no life", AT, AT, NOW),
            ("later", AT, AT + 10, NOW.plus_ms(10_000)),
            ("overflow", i64::MAX, i64::MAX, NOW),
        ] {
            assert_eq!(named(&token("guest-7", iat, exp), now), None, "{what}");
        }
        for sub in ["", " ", "two\nlines", &"x".repeat(201)] {
            assert_eq!(named(&token(sub, AT, AT + 60), NOW), None, "{sub:?}");
        }
    }

    #[test]
    fn no_other_algorithm_secret_or_claim_passes() {
        let good = token("guest-7", AT, AT + 60);
        let claims = format!(r#"{{"sub":"guest-7","iat":{AT},"exp":{}}}"#, AT + 60);
        for header in
            [r#"{"alg":"none"}"#, r#"{"alg":"hs256"}"#, r#"{"alg":"HS512"}"#, r#"{"alg":"RS256"}"#, "{}", "x"]
        {
            assert_eq!(named(&signed(header, &claims, "lqi_secret"), NOW), None, "{header}");
        }
        assert_eq!(named(&signed(r#"{"alg":"HS256"}"#, &claims, "lqi_other"), NOW), None);
        let (head, _) = good.rsplit_once('.').unwrap();
        for forged in [
            format!("{head}."),
            head.to_owned(),
            format!("{good}A"),
            format!("{good}="),
            String::new(),
            "a.b.c".into(),
            "...".into(),
        ] {
            assert_eq!(named(&forged, NOW), None, "{forged}");
        }
        for claims in ["{}", r#"{"sub":"x"}"#, r#"{"sub":7,"iat":1,"exp":2}"#, "[]", "null"] {
            assert_eq!(named(&signed(r#"{"alg":"HS256"}"#, claims, "lqi_secret"), NOW), None, "{claims}");
        }
        assert_eq!(named(&"x".repeat(5_000), NOW), None);
    }

    proptest! {
        #[test]
        fn no_text_passes_or_makes_it_panic(text in "[\\PC.]{0,120}") {
            prop_assert_eq!(named(&text, NOW), None);
        }
    }
}
