//! Tokens and tickets: what they look like, and what they prove.
//!
//! A visitor's token and a socket's ticket are signed and short-lived, so no row exists for a visitor who never
//! writes. A conversation's token is random and kept as a hash, so it can be revoked.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use shared::id::{AccountId, BusinessId, CodeId, ConversationId, InvitationId, SiteId, VisitorId};
use shared::limits::{PREVIEW_MS, TICKET_MS, VISITOR_TOKEN_MS};
use shared::privacy::Secret;
use shared::time::Millis;
use shared::wire::problem::Kind;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

const TAG_BYTES: usize = 32;

/// Signs tokens and tickets. Derived from the master key; it never seals anything.
#[derive(Clone)]
pub struct TokenKey(Zeroizing<[u8; 32]>);

impl TokenKey {
    /// Wraps derived key material.
    pub const fn new(key: Zeroizing<[u8; 32]>) -> Self {
        Self(key)
    }

    fn mac(&self, kind: &str, payload: &[u8]) -> Option<Hmac<Sha256>> {
        let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(self.0.as_slice()).ok()?;
        // The kind separates tokens from tickets, so that neither passes for the other.
        mac.update(kind.as_bytes());
        mac.update(payload);
        Some(mac)
    }

    fn seal(&self, prefix: &str, payload: &[u8]) -> Secret<String> {
        let mut bytes = payload.to_vec();
        if let Some(mac) = self.mac(prefix, payload) {
            bytes.extend_from_slice(&mac.finalize().into_bytes());
        }
        Secret::new(format!("{prefix}{}", URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// The payload behind a text, if the signature is ours; compared in constant time.
    fn open(&self, prefix: &str, text: &str) -> Option<Vec<u8>> {
        let mut bytes = URL_SAFE_NO_PAD.decode(text.strip_prefix(prefix)?).ok()?;
        let tag = bytes.split_off(bytes.len().checked_sub(TAG_BYTES)?);
        self.mac(prefix, &bytes)?.verify_slice(&tag).ok()?;
        Some(bytes)
    }

    /// A keyed hash of something that must not be kept or compared in the clear, as 32 hex digits.
    pub fn fingerprint(&self, what: &str, value: &str) -> String {
        let Some(mut mac) = self.mac("lq/fingerprint", what.as_bytes()) else { return String::new() };
        mac.update(&[0]);
        mac.update(value.as_bytes());
        hex(mac.finalize().into_bytes().get(..16).unwrap_or_default())
    }

    /// Sixteen bytes that only this deployment can compute from `parts`; the same parts give the same bytes.
    pub fn derive(&self, what: &str, parts: &[&[u8]]) -> [u8; 16] {
        let mut derived = [0; 16];
        if let Some(mut mac) = self.mac("lq/derive", what.as_bytes()) {
            for part in parts {
                mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
                mac.update(part);
            }
            for (byte, from) in derived.iter_mut().zip(mac.finalize().into_bytes()) {
                *byte = from;
            }
        }
        derived
    }
}

/// The six digits of a one-time code. They stand nowhere: they follow from the code's id and the deployment's key.
pub fn code_derive(key: &TokenKey, code: CodeId) -> Secret<String> {
    let bytes = key.derive("code", &[&code.to_bytes()]);
    // Of 128 bits, a million leaves a remainder that favours no digit by more than 2^-108.
    Secret::new(format!("{:06}", u128::from_be_bytes(bytes) % 1_000_000))
}

/// What proves that the mail of an invitation was read; stands in the fragment of its link.
pub fn invitation_token_derive(key: &TokenKey, invitation: InvitationId) -> Secret<String> {
    Secret::new(URL_SAFE_NO_PAD.encode(key.derive("invitation", &[&invitation.to_bytes()])))
}

/// What proves that the mail to the old address was read; stands in the fragment of the link that stops a change.
pub fn email_stop_token_derive(key: &TokenKey, change: CodeId) -> Secret<String> {
    Secret::new(URL_SAFE_NO_PAD.encode(key.derive("email stop", &[&change.to_bytes()])))
}

const VISITOR: &str = "lqv_";
const TICKET: &str = "lqs_";
const CONVERSATION: &str = "lqc_";
const PREVIEW: &str = "lqp_";
const IDENTITY: &str = "lqi_";

/// What a visitor's token proves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VisitorProof {
    /// The site whose document carried it.
    pub site: SiteId,
    /// The visitor.
    pub visitor: VisitorId,
    /// When it was minted.
    pub issued_at: Millis,
}

/// Mints a visitor's token.
pub fn visitor_token_mint(key: &TokenKey, site: SiteId, visitor: VisitorId, now: Millis) -> Secret<String> {
    let mut payload = Vec::with_capacity(40);
    payload.extend_from_slice(&site.to_bytes());
    payload.extend_from_slice(&visitor.to_bytes());
    payload.extend_from_slice(&now.as_i64().to_be_bytes());
    key.seal(VISITOR, &payload)
}

/// Opens a visitor's token. Fails with `TokenMissing` where it is none of ours, `TokenExpired` where its hour is over.
pub fn visitor_token_open(key: &TokenKey, text: &str, now: Millis) -> Result<VisitorProof, Kind> {
    let payload = key.open(VISITOR, text).ok_or(Kind::TokenMissing)?;
    let mut reader = Reader(&payload);
    let proof = VisitorProof {
        site: SiteId::from_bytes(reader.take().ok_or(Kind::TokenMissing)?),
        visitor: VisitorId::from_bytes(reader.take().ok_or(Kind::TokenMissing)?),
        issued_at: Millis::new(i64::from_be_bytes(reader.take().ok_or(Kind::TokenMissing)?)),
    };
    if now.since_ms(proof.issued_at) > VISITOR_TOKEN_MS {
        return Err(Kind::TokenExpired);
    }
    Ok(proof)
}

/// What a socket's ticket proves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TicketProof {
    /// The business.
    pub business: BusinessId,
    /// The conversation whose socket it opens.
    pub conversation: ConversationId,
    /// The hash of the token that bought it: a ticket opens no more than its token does.
    pub token_hash: [u8; 32],
    /// What makes it this one ticket: the object lets each in once.
    pub nonce: [u8; 16],
    /// When it stops opening anything.
    pub expires_at: Millis,
}

/// Mints a ticket for one socket of one conversation.
pub fn ticket_mint(
    key: &TokenKey,
    business: BusinessId,
    conversation: ConversationId,
    token: &str,
    nonce: [u8; 16],
    now: Millis,
) -> (Secret<String>, Millis) {
    let expires_at = now.plus_ms(TICKET_MS);
    let mut payload = Vec::with_capacity(88);
    payload.extend_from_slice(&business.to_bytes());
    payload.extend_from_slice(&conversation.to_bytes());
    payload.extend_from_slice(&Sha256::digest(token.as_bytes()));
    payload.extend_from_slice(&nonce);
    payload.extend_from_slice(&expires_at.as_i64().to_be_bytes());
    (key.seal(TICKET, &payload), expires_at)
}

/// Opens a ticket. Whether it was used before, only the object knows.
pub fn ticket_open(key: &TokenKey, text: &str, now: Millis) -> Result<TicketProof, Kind> {
    let payload = key.open(TICKET, text).ok_or(Kind::TokenMissing)?;
    let mut reader = Reader(&payload);
    let proof = TicketProof {
        business: BusinessId::from_bytes(reader.take().ok_or(Kind::TokenMissing)?),
        conversation: ConversationId::from_bytes(reader.take().ok_or(Kind::TokenMissing)?),
        token_hash: reader.take().ok_or(Kind::TokenMissing)?,
        nonce: reader.take().ok_or(Kind::TokenMissing)?,
        expires_at: Millis::new(i64::from_be_bytes(reader.take().ok_or(Kind::TokenMissing)?)),
    };
    if now > proof.expires_at {
        return Err(Kind::TokenExpired);
    }
    Ok(proof)
}

/// Mints what carries a site's settings to the document that previews them. It is signed, not sealed: everything in it
/// would be public once it is set.
pub fn preview_mint(key: &TokenKey, site: SiteId, settings: &[u8], now: Millis) -> Secret<String> {
    let mut payload = site.to_bytes().to_vec();
    payload.extend_from_slice(&now.plus_ms(PREVIEW_MS).as_i64().to_be_bytes());
    payload.extend_from_slice(settings);
    key.seal(PREVIEW, &payload)
}

/// The site and the settings of a preview. `None` where it is none of ours, or too old.
pub fn preview_open(key: &TokenKey, text: &str, now: Millis) -> Option<(SiteId, Vec<u8>)> {
    let payload = key.open(PREVIEW, text)?;
    let mut reader = Reader(&payload);
    let site = SiteId::from_bytes(reader.take()?);
    let expires_at = Millis::new(i64::from_be_bytes(reader.take()?));
    (now <= expires_at).then(|| (site, reader.0.to_vec()))
}

/// Mints a secret that names a site's visitors: 256 random bits.
pub fn identity_secret_mint(random: [u8; 32]) -> Secret<String> {
    Secret::new(format!("{IDENTITY}{}", URL_SAFE_NO_PAD.encode(random)))
}

/// What a member's ticket proves: who they are, and which socket it opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeskTicketProof {
    /// The business.
    pub business: BusinessId,
    /// The conversation whose socket it opens; `None` is the inbox.
    pub conversation: Option<ConversationId>,
    /// Whose it is.
    pub account: AccountId,
    /// They may answer visitors.
    pub may_answer: bool,
    /// What makes it this one ticket: the object lets each in once.
    pub nonce: [u8; 16],
    /// When it stops opening anything.
    pub expires_at: Millis,
}

const DESK_TICKET: &str = "lqd_";

/// Mints a member's ticket for one socket. `proof.expires_at` is the time now; the ticket's end comes back.
pub fn desk_ticket_mint(key: &TokenKey, proof: &DeskTicketProof) -> (Secret<String>, Millis) {
    let expires_at = proof.expires_at.plus_ms(TICKET_MS);
    let mut payload = Vec::with_capacity(73);
    payload.extend_from_slice(&proof.business.to_bytes());
    payload.extend_from_slice(&proof.conversation.map_or([0; 16], ConversationId::to_bytes));
    payload.extend_from_slice(&proof.account.to_bytes());
    payload.push(u8::from(proof.may_answer));
    payload.extend_from_slice(&proof.nonce);
    payload.extend_from_slice(&expires_at.as_i64().to_be_bytes());
    (key.seal(DESK_TICKET, &payload), expires_at)
}

/// Opens a member's ticket. Whether it was used before, only the object knows.
pub fn desk_ticket_open(key: &TokenKey, text: &str, now: Millis) -> Result<DeskTicketProof, Kind> {
    let payload = key.open(DESK_TICKET, text).ok_or(Kind::TokenMissing)?;
    let mut reader = Reader(&payload);
    let business = BusinessId::from_bytes(reader.take().ok_or(Kind::TokenMissing)?);
    let conversation: [u8; 16] = reader.take().ok_or(Kind::TokenMissing)?;
    let account = AccountId::from_bytes(reader.take().ok_or(Kind::TokenMissing)?);
    let [may_answer] = reader.take::<1>().ok_or(Kind::TokenMissing)?;
    let nonce = reader.take().ok_or(Kind::TokenMissing)?;
    let expires_at = Millis::new(i64::from_be_bytes(reader.take().ok_or(Kind::TokenMissing)?));
    if now > expires_at {
        return Err(Kind::TokenExpired);
    }
    let conversation = (conversation != [0; 16]).then(|| ConversationId::from_bytes(conversation));
    Ok(DeskTicketProof { business, conversation, account, may_answer: may_answer != 0, nonce, expires_at })
}

/// What a link in a mail to a visitor is for. Neither passes for the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailedFor {
    /// Proving the address; the subject is the contact.
    Address,
    /// Coming back to the conversation; the subject is the mail.
    Return,
}

impl MailedFor {
    const fn prefix(self) -> &'static str {
        match self {
            Self::Address => "lqa_",
            Self::Return => "lqr_",
        }
    }
}

/// What a link in a mail to a visitor proves: that the mail was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MailedProof {
    /// The business.
    pub business: BusinessId,
    /// The conversation.
    pub conversation: ConversationId,
    /// The contact, or the mail.
    pub subject: [u8; 16],
    /// When it stops opening anything.
    pub expires_at: Millis,
}

/// What stands in the fragment of a link in a mail to a visitor.
pub fn mailed_link_mint(key: &TokenKey, what: MailedFor, proof: &MailedProof) -> Secret<String> {
    let mut payload = Vec::with_capacity(56);
    payload.extend_from_slice(&proof.business.to_bytes());
    payload.extend_from_slice(&proof.conversation.to_bytes());
    payload.extend_from_slice(&proof.subject);
    payload.extend_from_slice(&proof.expires_at.as_i64().to_be_bytes());
    key.seal(what.prefix(), &payload)
}

/// Opens what stood in a link. Fails with `LinkRefused`; whether its time is over, the caller looks.
pub fn mailed_link_open(key: &TokenKey, what: MailedFor, text: &str) -> Result<MailedProof, Kind> {
    let payload = key.open(what.prefix(), text).ok_or(Kind::LinkRefused)?;
    let mut reader = Reader(&payload);
    Ok(MailedProof {
        business: BusinessId::from_bytes(reader.take().ok_or(Kind::LinkRefused)?),
        conversation: ConversationId::from_bytes(reader.take().ok_or(Kind::LinkRefused)?),
        subject: reader.take().ok_or(Kind::LinkRefused)?,
        expires_at: Millis::new(i64::from_be_bytes(reader.take().ok_or(Kind::LinkRefused)?)),
    })
}

/// Mints a conversation's token. It names the business, so that the shard with its hash can be found; 256 random
/// bits make it a secret.
pub fn conversation_token_mint(business: BusinessId, random: [u8; 32]) -> Secret<String> {
    let mut bytes = business.to_bytes().to_vec();
    bytes.extend_from_slice(&random);
    Secret::new(format!("{CONVERSATION}{}", URL_SAFE_NO_PAD.encode(bytes)))
}

/// The business that a conversation's token names, unproved: only its hash in that business's shard proves anything.
pub fn conversation_token_business(text: &str) -> Option<BusinessId> {
    let bytes = URL_SAFE_NO_PAD.decode(text.strip_prefix(CONVERSATION)?).ok()?;
    (bytes.len() == 48).then(|| Reader(&bytes).take().map(BusinessId::from_bytes)).flatten()
}

/// Mints what a session's cookie holds, or what makes a browser known again: 256 random bits.
pub fn opaque_mint(random: [u8; 32]) -> Secret<String> {
    Secret::new(URL_SAFE_NO_PAD.encode(random))
}

/// The token against forged requests of a session: it follows from the session's cookie, so that a page which can't
/// read the cookie can't make it up, and nothing of it is kept.
pub fn csrf_derive(key: &TokenKey, session: &str) -> Secret<String> {
    Secret::new(URL_SAFE_NO_PAD.encode(key.derive("csrf", &[session.as_bytes()])))
}

/// Two texts are the same, compared in a time that does not depend on where they differ.
pub fn same(a: &str, b: &str) -> bool {
    bool::from(a.as_bytes().ct_eq(b.as_bytes()))
}

const API_TOKEN: &str = "lqt_";

/// Mints a token for the API.
pub fn api_token_mint(random: [u8; 32]) -> Secret<String> {
    Secret::new(format!("{API_TOKEN}{}", URL_SAFE_NO_PAD.encode(random)))
}

/// The text looks like a token for the API.
pub fn is_api_token(text: &str) -> bool {
    text.starts_with(API_TOKEN)
}

/// What is kept of a token.
pub fn token_hash(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

/// Lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*head)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key() -> TokenKey {
        TokenKey::new(Zeroizing::new([7; 32]))
    }

    const NOW: Millis = Millis::new(1_800_000_000_000);

    #[test]
    fn a_visitor_token_opens_for_an_hour_and_then_says_that_it_expired() {
        let (site, visitor) = (SiteId::mint(NOW, [1; 10]), VisitorId::mint(NOW, [2; 10]));
        let token = visitor_token_mint(&key(), site, visitor, NOW);
        let proof = visitor_token_open(&key(), token.expose(), NOW.plus_ms(VISITOR_TOKEN_MS)).unwrap();
        assert_eq!((proof.site, proof.visitor), (site, visitor));
        let late = visitor_token_open(&key(), token.expose(), NOW.plus_ms(VISITOR_TOKEN_MS + 1));
        assert_eq!(late, Err(Kind::TokenExpired));
    }

    #[test]
    fn digits_follow_from_the_code_and_the_key_and_are_spread_evenly() {
        let code = |number: u16| CodeId::mint(NOW, [number.to_be_bytes(); 5].concat().try_into().unwrap());
        let digits = code_derive(&key(), code(1));
        assert_eq!(digits, code_derive(&key(), code(1)));
        let other = TokenKey::new(Zeroizing::new([8; 32]));
        assert_ne!(digits, code_derive(&other, code(1)));
        let mut firsts = [0_u32; 10];
        for number in 0..10_000 {
            let digits = code_derive(&key(), code(number)).into_exposed();
            assert_eq!(digits.len(), 6);
            firsts[usize::from(digits.as_bytes()[0] - b'0')] += 1;
        }
        assert!(firsts.iter().all(|count| (850..1_150).contains(count)), "{firsts:?}");
    }

    #[test]
    fn a_ticket_is_no_token_and_another_deployments_token_is_none() {
        let conversation = ConversationId::mint(NOW, [1; 10]);
        let (ticket, _) =
            ticket_mint(&key(), BusinessId::mint(NOW, [1; 10]), conversation, "t", [9; 16], NOW);
        assert_eq!(
            ticket_open(&key(), ticket.expose(), NOW).map(|proof| proof.conversation),
            Ok(conversation)
        );
        let swapped = ticket.expose().replacen(TICKET, VISITOR, 1);
        assert_eq!(visitor_token_open(&key(), &swapped, NOW), Err(Kind::TokenMissing));
        let other = TokenKey::new(Zeroizing::new([8; 32]));
        assert_eq!(ticket_open(&other, ticket.expose(), NOW), Err(Kind::TokenMissing));
    }

    #[test]
    fn a_members_ticket_and_a_mailed_link_open_what_they_were_made_for_and_nothing_else() {
        let (business, account) = (BusinessId::mint(NOW, [1; 10]), AccountId::mint(NOW, [2; 10]));
        let conversation = ConversationId::mint(NOW, [3; 10]);
        for conversation in [None, Some(conversation)] {
            let proof = DeskTicketProof {
                business,
                conversation,
                account,
                may_answer: true,
                nonce: [4; 16],
                expires_at: NOW,
            };
            let (ticket, expires_at) = desk_ticket_mint(&key(), &proof);
            let opened = desk_ticket_open(&key(), ticket.expose(), NOW);
            assert_eq!(opened, Ok(DeskTicketProof { expires_at, ..proof }));
            assert_eq!(
                desk_ticket_open(&key(), ticket.expose(), expires_at.plus_ms(1)),
                Err(Kind::TokenExpired)
            );
            assert!(ticket_open(&key(), ticket.expose(), NOW).is_err());
        }
        let proof = MailedProof { business, conversation, subject: [5; 16], expires_at: NOW };
        let link = mailed_link_mint(&key(), MailedFor::Return, &proof);
        assert_eq!(mailed_link_open(&key(), MailedFor::Return, link.expose()), Ok(proof));
        assert_eq!(mailed_link_open(&key(), MailedFor::Address, link.expose()), Err(Kind::LinkRefused));
        let swapped = link.expose().replacen("lqr_", "lqa_", 1);
        assert_eq!(mailed_link_open(&key(), MailedFor::Address, &swapped), Err(Kind::LinkRefused));
    }

    #[test]
    fn a_conversation_token_names_its_business_only() {
        let business = BusinessId::mint(NOW, [3; 10]);
        let token = conversation_token_mint(business, [4; 32]);
        assert_eq!(conversation_token_business(token.expose()), Some(business));
        assert_eq!(conversation_token_business("lqc_AAAA"), None);
    }

    proptest! {
        #[test]
        fn no_forged_text_opens_or_panics(text in "(lqv_|lqs_)?[A-Za-z0-9_-]{0,120}") {
            prop_assert_eq!(visitor_token_open(&key(), &text, NOW), Err(Kind::TokenMissing));
            prop_assert!(ticket_open(&key(), &text, NOW).is_err());
        }

        #[test]
        fn a_flipped_bit_is_refused(at in 4usize..100, bit in 0u8..6) {
            let token = visitor_token_mint(&key(), SiteId::mint(NOW, [1; 10]), VisitorId::mint(NOW, [2; 10]), NOW);
            let mut bytes = token.expose().clone().into_bytes();
            prop_assume!(at < bytes.len());
            bytes[at] ^= 1 << bit;
            let Ok(text) = String::from_utf8(bytes) else { return Ok(()) };
            prop_assert_eq!(visitor_token_open(&key(), &text, NOW), Err(Kind::TokenMissing));
        }
    }
}
