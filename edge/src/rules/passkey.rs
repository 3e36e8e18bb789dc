//! What a passkey's answer must say (WebAuthn Level 3, parts 7.1 and 7.2): pure but for the signature, which
//! `platform::verify` checks. Attestation is `none`: who made an authenticator is not our business.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use sha2::{Digest, Sha256};

/// The person was there.
const USER_PRESENT: u8 = 0x01;
/// The person was verified by their device: that is what makes a passkey suffice.
const USER_VERIFIED: u8 = 0x04;
/// The data names a new credential.
const CREDENTIAL_INCLUDED: u8 = 0x40;
/// Longest credential id that the specification allows.
const CREDENTIAL_BYTES: usize = 1_023;
/// Longest public key that is taken: RSA of 4,096 bits and change.
const PUBLIC_KEY_BYTES: usize = 800;
/// Largest exponent and smallest modulus aside, a SubjectPublicKeyInfo of P-256 always begins so.
const P256_HEAD: [u8; 27] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86,
    0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04,
];
/// The object identifier of RSA, as it stands in a SubjectPublicKeyInfo.
const RSA_IDENTIFIER: [u8; 11] = [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
/// RSA of 2,048 bits at least.
const RSA_KEY_BYTES: usize = 290;

/// Which ceremony a client's data is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ceremony {
    /// Making a passkey.
    Create,
    /// Signing in with one.
    Get,
}

/// What an answer must match.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// Which ceremony.
    pub ceremony: Ceremony,
    /// The challenge's bytes.
    pub challenge: &'a [u8],
    /// The dashboard's origin.
    pub origin: &'a str,
    /// The relying party: the dashboard's host name.
    pub rp_id: &'a str,
}

/// Bytes in base64url without padding, as they travel.
pub fn bytes_read(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// Bytes for travelling.
pub fn bytes_write(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Whether the browser answered this very challenge, on the dashboard's own page and not in somebody's frame.
pub fn client_data_holds(client_data: &[u8], expected: &Expected<'_>) -> bool {
    #[derive(Deserialize)]
    struct ClientData {
        #[serde(rename = "type")]
        kind: String,
        challenge: String,
        origin: String,
        #[serde(default, rename = "crossOrigin")]
        cross_origin: bool,
    }
    let Ok(data) = serde_json::from_slice::<ClientData>(client_data) else { return false };
    let kind = match expected.ceremony {
        Ceremony::Create => "webauthn.create",
        Ceremony::Get => "webauthn.get",
    };
    data.kind == kind
        && data.challenge == bytes_write(expected.challenge)
        && data.origin == expected.origin
        && !data.cross_origin
}

/// What the authenticator says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthenticatorData {
    /// How often it has signed; 0 where it does not count.
    pub sign_count: u32,
    /// The credential that was made, where one was.
    pub credential: Option<Vec<u8>>,
}

/// Reads what the authenticator says. `None` where it speaks to another party, or did not verify the person.
pub fn authenticator_data_read(bytes: &[u8], expected: &Expected<'_>) -> Option<AuthenticatorData> {
    let (party, rest) = bytes.split_first_chunk::<32>()?;
    let (flags, rest) = rest.split_first()?;
    let (sign_count, rest) = rest.split_first_chunk::<4>()?;
    let wanted = USER_PRESENT | USER_VERIFIED;
    if party.as_slice() != Sha256::digest(expected.rp_id.as_bytes()).as_slice() || flags & wanted != wanted {
        return None;
    }
    let credential = if flags & CREDENTIAL_INCLUDED == 0 {
        None
    } else {
        // 16 bytes of the authenticator's model are skipped: nothing is asked of it.
        let (length, rest) = rest.get(16..)?.split_first_chunk::<2>()?;
        let length = usize::from(u16::from_be_bytes(*length));
        Some(rest.get(..length).filter(|_| (1..=CREDENTIAL_BYTES).contains(&length))?.to_vec())
    };
    Some(AuthenticatorData { sign_count: u32::from_be_bytes(*sign_count), credential })
}

/// Whether a SubjectPublicKeyInfo has the shape of a key of P-256.
pub fn is_p256_key(public_key: &[u8]) -> bool {
    public_key.len() == 91 && public_key.starts_with(&P256_HEAD)
}

/// Whether a SubjectPublicKeyInfo has the shape of an RSA key of 2,048 to about 4,096 bits.
pub fn is_rsa_key(public_key: &[u8]) -> bool {
    (RSA_KEY_BYTES..=PUBLIC_KEY_BYTES).contains(&public_key.len())
        && public_key.first() == Some(&0x30)
        && public_key
            .get(..32)
            .is_some_and(|head| head.windows(RSA_IDENTIFIER.len()).any(|window| window == RSA_IDENTIFIER))
}

/// What is signed: the authenticator's data, then the hash of the client's.
pub fn message_of(authenticator_data: &[u8], client_data: &[u8]) -> Vec<u8> {
    [authenticator_data, Sha256::digest(client_data).as_slice()].concat()
}

/// A signature of ES256 as WebAuthn sends it (DER), turned into `r ‖ s`, which is what WebCrypto takes.
pub fn es256_raw(der: &[u8]) -> Option<Vec<u8>> {
    let body = der.strip_prefix(&[0x30])?;
    let (length, body) = body.split_first()?;
    if usize::from(*length) != body.len() {
        return None;
    }
    let (r, rest) = integer(body)?;
    let (s, rest) = integer(rest)?;
    rest.is_empty().then(|| [r, s].concat())
}

/// A positive integer of DER as 32 bytes, and what follows it.
fn integer(der: &[u8]) -> Option<([u8; 32], &[u8])> {
    let (length, rest) = der.strip_prefix(&[0x02])?.split_first()?;
    let (digits, rest) = rest.split_at_checked(usize::from(*length))?;
    let (first, tail) = digits.split_first()?;
    // A leading zero stands before a high bit and nowhere else; without it, a high bit would mean a negative number.
    let digits = match (first, tail.first()) {
        (0, Some(next)) if next & 0x80 != 0 => tail,
        (0, Some(_)) => return None,
        (first, _) if first & 0x80 != 0 => return None,
        _ => digits,
    };
    let mut whole = [0; 32];
    let start = whole.len().checked_sub(digits.len())?;
    whole.get_mut(start..)?.copy_from_slice(digits);
    Some((whole, rest))
}

/// Whether a counter went forward. Where neither side counts, there is nothing to compare.
pub fn count_goes_on(kept: u32, now: u32) -> bool {
    (kept == 0 && now == 0) || now > kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const EXPECTED: Expected<'_> = Expected {
        ceremony: Ceremony::Get,
        challenge: b"sixteen bytes ..",
        origin: "https://app.example.eu",
        rp_id: "app.example.eu",
    };

    fn client_data(kind: &str, challenge: &[u8], origin: &str, cross: bool) -> Vec<u8> {
        serde_json::json!({
            "type": kind, "challenge": bytes_write(challenge), "origin": origin, "crossOrigin": cross, "later": 1,
        })
        .to_string()
        .into_bytes()
    }

    #[test]
    fn only_our_own_page_answering_this_challenge_in_this_ceremony_holds() {
        let (challenge, origin) = (EXPECTED.challenge, EXPECTED.origin);
        assert!(client_data_holds(&client_data("webauthn.get", challenge, origin, false), &EXPECTED));
        for wrong in [
            client_data("webauthn.create", challenge, origin, false),
            client_data("webauthn.get", b"another challeng", origin, false),
            client_data("webauthn.get", challenge, "https://evil.example", false),
            client_data("webauthn.get", challenge, "https://app.example.eu.evil.example", false),
            client_data("webauthn.get", challenge, origin, true),
            b"{}".to_vec(),
        ] {
            assert!(!client_data_holds(&wrong, &EXPECTED));
        }
    }

    fn data(rp_id: &str, flags: u8, count: u32, rest: &[u8]) -> Vec<u8> {
        [Sha256::digest(rp_id.as_bytes()).as_slice(), &[flags], &count.to_be_bytes(), rest].concat()
    }

    #[test]
    fn a_person_who_was_not_verified_or_another_party_does_not_count() {
        let read = |bytes: &[u8]| authenticator_data_read(bytes, &EXPECTED);
        let held = read(&data("app.example.eu", 0x05, 7, &[])).unwrap();
        assert_eq!((held.sign_count, held.credential), (7, None));
        assert_eq!(read(&data("app.example.eu", 0x01, 7, &[])), None);
        assert_eq!(read(&data("evil.example", 0x05, 7, &[])), None);
        let made = [&[9; 16][..], &[0, 3], b"abc", b"key"].concat();
        let made = read(&data("app.example.eu", 0x45, 0, &made)).unwrap();
        assert_eq!(made.credential.as_deref(), Some(&b"abc"[..]));
        let cut = [&[9; 16][..], &[0, 9], b"abc"].concat();
        assert_eq!(read(&data("app.example.eu", 0x45, 0, &cut)), None);
    }

    #[test]
    fn a_counter_that_does_not_go_forward_is_noticed() {
        assert!(count_goes_on(0, 0) && count_goes_on(0, 1) && count_goes_on(5, 6));
        assert!(!count_goes_on(5, 5) && !count_goes_on(5, 0));
    }

    #[test]
    fn der_turns_into_two_numbers_of_32_bytes() {
        let der = [&[0x30, 0x08, 0x02, 0x02, 0x00, 0x80, 0x02, 0x02, 0x01, 0x02][..]].concat();
        let raw = es256_raw(&der).unwrap();
        assert_eq!((raw.len(), raw[31], raw[62], raw[63]), (64, 0x80, 1, 2));
        for wrong in [
            &[0x30, 0x00][..],
            &[0x30, 0x04, 0x02, 0x00, 0x02, 0x00],
            &[0x30, 0x06, 0x02, 0x01, 0x80, 0x02, 0x01, 0x01],
        ] {
            assert_eq!(es256_raw(wrong), None);
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_a_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = (es256_raw(&bytes), authenticator_data_read(&bytes, &EXPECTED));
            let _ = (client_data_holds(&bytes, &EXPECTED), is_p256_key(&bytes), is_rsa_key(&bytes));
        }
    }
}
