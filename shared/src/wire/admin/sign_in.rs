//! Signing up and signing in: an address is proved by a one-time code that was mailed to it.

use serde::{Deserialize, Serialize};

use super::business::BusinessKind;
use crate::id::{CodeId, InvitationId};
use crate::privacy::{Personal, Secret};
use crate::time::Millis;

/// Whether anybody may open a business here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SignUpMode {
    /// Anybody.
    Open,
    /// Whoever runs the deployment opens businesses and hands them over by invitation.
    Invite,
}

/// A document in force: what signing up agrees to (promise P12).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct DocumentMark {
    /// Its version, a date.
    pub version: String,
    /// SHA-256 of the exact text, in lower-case hex.
    pub hash: String,
    /// Where the text is: a path on this origin.
    pub path: String,
}

/// What the front door must know before anybody is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Door {
    /// Whether anybody may sign up.
    pub sign_up: SignUpMode,
    /// The terms in force.
    pub terms: DocumentMark,
    /// The data processing agreement in force.
    pub dpa: DocumentMark,
    /// Who runs the deployment: whom people ask for help.
    #[serde(default)]
    pub host: Host,
}

/// Who runs a deployment, as far as its configuration says (promises K0, P3.2).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Host {
    /// Their name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publisher: Option<String>,
    /// Where they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Their phone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// The address of mail that letters name, too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
}

/// Agreement to both documents, by the hashes of what was shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Agreement {
    /// Hash of the terms.
    pub terms_hash: String,
    /// Hash of the data processing agreement.
    pub dpa_hash: String,
}

/// Signing up: these four and nothing else (promise P2.1). `locale` is the language of the page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct SignUp {
    /// The person's name.
    pub name: Personal<String>,
    /// Their address.
    pub email: Personal<String>,
    /// The business's name.
    pub business: String,
    /// What kind of business it is.
    pub kind: BusinessKind,
    /// The language of the page.
    pub locale: String,
    /// Agreement to the documents that were shown.
    pub agreement: Agreement,
}

/// Asking for a code to sign in with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct SignIn {
    /// The address.
    pub email: Personal<String>,
}

/// A code is on its way, if the address is somebody's: the answer is the same either way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct CodeAsked {
    /// Which request it was; goes back with the digits.
    pub code: CodeId,
    /// When the digits stop working.
    pub expires_at: Millis,
}

/// The six digits from the mail. They work in the browser that asked for them only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct CodeGiven {
    /// Which request it was.
    pub code: CodeId,
    /// The digits; spaces and dashes do not count.
    pub digits: Secret<String>,
}

/// The session is in the cookie; this is what goes into `X-Loquet-Csrf` with every call that changes something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct SignedIn {
    /// The token against forged requests, bound to the session.
    pub csrf: Secret<String>,
}

/// The link of an invitation: both parts stand in the fragment of the mailed address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct InvitationLink {
    /// Which invitation.
    pub invitation: InvitationId,
    /// What proves that the mail was read.
    pub token: Secret<String>,
}

/// What an invitation offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct InvitationOffer {
    /// The business's name.
    pub business: String,
    /// The role that is offered.
    pub role: super::team::Role,
    /// The address that was invited.
    pub email: Personal<String>,
    /// Somebody with that address has an account: sign in, then accept. Otherwise join.
    pub has_account: bool,
}

/// Joining a team as somebody new. The link proves the address, so no code is needed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct InvitationJoin {
    /// The link.
    pub link: InvitationLink,
    /// The person's name.
    pub name: Personal<String>,
    /// The language of the page.
    pub locale: String,
}
