//! The closed list of problems, answered as `application/problem+json` (RFC 9457).

use serde::{Deserialize, Serialize};

use crate::id::ReferenceId;
use crate::privacy::Personal;

macro_rules! problems {
    ($($(#[doc = $doc:literal])+ $name:ident = $status:literal, $code:literal, $title:literal;)+) => {
        /// What can go wrong, as far as the caller is concerned.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
        pub enum Kind {
            $($(#[doc = $doc])+ #[serde(rename = $code)] $name,)+
        }

        impl Kind {
            /// Every kind, for documents and tests.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The HTTP status it is answered with.
            pub const fn status(self) -> u16 {
                match self { $(Self::$name => $status,)+ }
            }

            /// The `type` member: a URI that names it for machines.
            pub const fn type_uri(self) -> &'static str {
                match self { $(Self::$name => concat!("urn:loquet:problem:", $code),)+ }
            }

            /// The `title` member: one English sentence for people.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)+ }
            }

            /// The kind behind a `type` member.
            pub fn from_type_uri(uri: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|kind| kind.type_uri() == uri)
            }
        }
    };
}

problems! {
    /// The body is no JSON of the expected shape.
    BodyMalformed = 400, "body-malformed", "The request body is not JSON of the expected shape.";
    /// The body is larger than the route reads.
    BodyTooLarge = 413, "body-too-large", "The request body is too large.";
    /// A message without a visible character.
    MessageEmpty = 422, "message-empty", "A message needs at least one visible character.";
    /// A message over the limit.
    MessageTooLong = 422, "message-too-long", "A message may hold 4,000 characters at most.";
    /// A file over the limit, whatever was said of its length.
    FileTooLarge = 413, "file-too-large", "A file may be 20 MB large at most.";
    /// A file of a kind that is not taken, or that is not what it claims to be.
    FileTypeRefused = 422, "file-type-refused", "This kind of file is not accepted; send a picture, a PDF, a text, an office document, sound or a film.";
    /// A file that is cut short or damaged, or whose upload took too long.
    FileBroken = 422, "file-broken", "The file is incomplete or damaged; try to send it again.";
    /// A file to be sent that is unknown here, was sent already, or is too old.
    FileUnavailable = 409, "file-unavailable", "That file can't be sent any more; upload it again.";
    /// More files than a message may hold.
    FilesTooMany = 422, "files-too-many", "A message may hold 5 files at most.";
    /// A field holds a value that the route can't take.
    ValueRefused = 422, "value-refused", "A value is not one of those that are accepted here.";
    /// No token, or one that does not open this.
    TokenMissing = 401, "token-missing", "This needs a token, and none that is valid came with the request.";
    /// A webhook that its vendor did not sign, or not just now.
    SignatureRefused = 401, "signature-refused", "The signature does not hold for this body and this time.";
    /// A token past its time; the frame asks for a fresh one.
    TokenExpired = 401, "token-expired", "The token has expired; ask for a fresh one.";
    /// Nobody is signed in.
    SessionMissing = 401, "session-missing", "Sign in first.";
    /// A call that changes something came without its token, or from another site's page.
    CsrfRefused = 403, "csrf-refused", "This request did not come from our own page; load it again.";
    /// The role does not reach this far.
    RoleTooLow = 403, "role-too-low", "Your role in this business does not allow that.";
    /// The API token was not made for this.
    ScopeMissing = 403, "scope-missing", "This token does not have the scope that this needs.";
    /// Businesses are opened by whoever runs the deployment.
    SignUpClosed = 403, "sign-up-closed", "Signing up is by invitation here.";
    /// Wrong digits, used before, too old, too many tries, or another browser.
    CodeRefused = 422, "code-refused", "That code does not work; check the digits or ask for a new one.";
    /// Unknown, expired, revoked, used, or for another address.
    InvitationRefused = 422, "invitation-refused", "That invitation does not work any more; ask for a new one.";
    /// A link that stops something, unknown, used or too late.
    LinkRefused = 422, "link-refused", "That link does not work any more.";
    /// The passkey's answer does not prove what it should.
    PasskeyRefused = 422, "passkey-refused", "That passkey does not work here.";
    /// Joining as somebody new, with an address that has an account.
    AccountExists = 409, "account-exists", "There is an account with that address; sign in first.";
    /// Inviting a member.
    AlreadyMember = 409, "already-member", "That person belongs to the team already.";
    /// The last owner would be gone.
    LastOwner = 409, "last-owner", "A business needs an owner; hand it over first.";
    /// The documents changed since they were shown.
    DocumentsStale = 409, "documents-stale", "The terms or the data processing agreement have changed; read them again.";
    /// A token that names a visitor, forged, too old, too long, or without a secret of the site.
    IdentityRefused = 422, "identity-refused", "That token names nobody here.";
    /// Another entry of the same language has that title.
    TitleTaken = 409, "title-taken", "There is an entry with that title in that language already.";
    /// More of something than one may have.
    TooMany = 409, "too-many", "There are too many of these; remove one first.";
    /// The page is not one of the site's allowed origins.
    OriginRefused = 403, "origin-refused", "This site's chat may not be used from that origin.";
    /// Cookies came along with a widget call, which never needs one.
    CookieRefused = 400, "cookie-refused", "Widget calls are made without cookies.";
    /// There is no such thing, or not for this caller.
    NotFound = 404, "not-found", "There is nothing here, or nothing that you may see.";
    /// The route exists, but not with this method.
    MethodRefused = 405, "method-refused", "This address does not take that method.";
    /// The conversation is closed.
    ConversationClosed = 409, "conversation-closed", "This conversation is closed; a message opens it again.";
    /// A colleague has the conversation; `who` names them.
    TakenOver = 409, "taken-over", "A colleague has this conversation.";
    /// The business does not want to be written to by this visitor.
    VisitorBlocked = 403, "visitor-blocked", "This business does not take messages from here any more.";
    /// Nothing writes suggestions or translations here.
    NoProvider = 503, "no-provider", "No AI provider is set up for this site, so nothing can be suggested.";
    /// How content one was is said once, and changed for an hour.
    SatisfactionGiven = 409, "satisfaction-given", "You have said that already, and it can't be changed any more.";
    /// The visitor had its processing restricted: nothing is added until they lift it.
    ConversationRestricted = 409, "conversation-restricted", "This conversation is held still at its visitor's request; they can lift that on the privacy page.";
    /// An erasure that is asked for and can't begin yet.
    ErasureWaits = 409, "erasure-waits", "It is asked for and can't begin now: a legal claim keeps the conversation, or a database failed. It begins by itself once nothing keeps it.";
    /// A request that is settled already.
    RequestSettled = 409, "request-settled", "That request is settled already.";
    /// A request that was extended before: once is what the law allows.
    RequestExtended = 409, "request-extended", "That request was extended already.";
    /// Other people still belong to a business that would go.
    MembersRemain = 409, "members-remain", "Other people still belong to this business; remove them or hand it over first.";
    /// A deletion that is under way already.
    DeletionPending = 409, "deletion-pending", "That deletion has been asked for already.";
    /// The consent text changed since it was shown.
    ConsentStale = 409, "consent-stale", "The text that was agreed to is not the one in force.";
    /// Too much in too little time; `Retry-After` says when to come back.
    RateLimited = 429, "rate-limited", "Too many requests; try again in a moment.";
    /// The WebSocket handshake lacks what it needs.
    UpgradeRequired = 426, "upgrade-required", "This address speaks WebSocket only.";
    /// Our fault; the reference finds it in the log.
    Internal = 500, "internal", "Something failed on our side. Nothing that was accepted is lost.";
    /// A part that this needs is not there now.
    Unavailable = 503, "unavailable", "A part of the service is not available right now; try again in a moment.";
}

/// The body of every error answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Problem {
    /// One of the closed list, as a URI.
    #[serde(rename = "type")]
    pub type_uri: String,
    /// A sentence for people, in English; the widget has its own in the visitor's language.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What to quote when reporting it; it stands in the log beside the cause.
    pub reference: ReferenceId,
    /// Seconds to wait before trying again, where that helps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_s: Option<u32>,
    /// Who stands in the way, where it is a colleague.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<Personal<String>>,
}

impl Problem {
    /// The kind, where this side knows it.
    pub fn kind(&self) -> Option<Kind> {
        Kind::from_type_uri(&self.type_uri)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_found_again_by_its_uri_and_has_an_error_status() {
        for kind in Kind::ALL {
            assert_eq!(Kind::from_type_uri(kind.type_uri()), Some(*kind));
            assert!((400..600).contains(&kind.status()), "{kind:?}");
            assert!(kind.title().ends_with('.'));
        }
    }
}
