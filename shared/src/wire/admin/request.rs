//! Requests of persons about their data, as the business works on them; and its proofs: the ledger of consent and the
//! record of processing.

use serde::{Deserialize, Serialize};

use crate::id::{ConsentId, ConversationId, SiteId, VisitorId};
use crate::privacy::Personal;
use crate::time::Millis;
use crate::wire::consent::{Choice, Way};
use crate::wire::privacy::{
    ExtensionReason, ObjectionPurpose, RefusalReason, Request, RequestKind, RequestWay,
};

/// Requests of a business: the open ones first, those with the fewest days left leading. Those about one conversation come newest
/// first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Requests {
    /// Each of them, 100 at most.
    pub requests: Vec<Request>,
}

/// Enters a request that came by mail, phone, letter or in person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct EnterRequest {
    /// What is asked for.
    pub kind: RequestKind,
    /// How it came; not `page`.
    pub way: RequestWay,
    /// When the person asked: the clock begins then.
    pub asked_at: Millis,
    /// The conversation that it is about, where one was found.
    #[serde(default)]
    pub conversation: Option<ConversationId>,
    /// To what an objection is: with it, and a conversation, the machine keeps to it once the request is met.
    #[serde(default)]
    pub purpose: Option<ObjectionPurpose>,
    /// What the person said, and who they are; sealed.
    #[serde(default)]
    pub words: Option<Personal<String>>,
}

/// Extends a request by sixty days, once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ExtendRequest {
    /// Why.
    pub reason: ExtensionReason,
}

/// Refuses a request. The person is told the reason and where to complain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct RefuseRequest {
    /// Why.
    pub reason: RefusalReason,
}

/// A choice of the ledger, with the words that it was about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ConsentProof {
    /// The choice.
    pub id: ConsentId,
    /// The site.
    pub site: SiteId,
    /// The visitor, a pseudonym.
    pub visitor: VisitorId,
    /// What for.
    pub purpose: String,
    /// What was chosen.
    pub choice: Choice,
    /// How.
    pub way: Way,
    /// The edition of the words.
    pub version: u32,
    /// SHA-256 of the exact words.
    pub text_hash: String,
    /// The language they were shown in.
    pub locale: String,
    /// The exact words behind the hash, as far as this version of the software has them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
    /// When.
    pub at: Millis,
}

/// A page of the ledger, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ConsentProofs {
    /// Choices, 100 at most.
    pub consents: Vec<ConsentProof>,
    /// Ask again with `before` for older ones; absent at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<ConsentId>,
}

/// Who receives something, and on what terms (promise P5.7).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Processor {
    /// Its name.
    pub name: String,
    /// What it does here.
    pub role: String,
    /// Where it processes.
    pub region: String,
    /// What makes a transfer lawful.
    pub safeguard: String,
    /// How long it keeps what it was handed, in its own words.
    #[serde(default)]
    pub retention: String,
    /// What it is certified for.
    pub certification: String,
    /// Where it says so itself.
    pub url: String,
    /// When somebody last looked, as `2026-11-20`.
    pub verified: String,
    /// That was more than a year ago: look again.
    pub is_stale: bool,
}

/// One class of data of the record of processing (GDPR Art. 30).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct MapEntry {
    /// Where it lies: `shard.message`.
    pub table: String,
    /// What.
    pub what: String,
    /// What for.
    pub purpose: String,
    /// The letter of GDPR Art. 6(1).
    pub basis: String,
    /// How long.
    pub retention: String,
    /// Who receives it.
    pub recipients: Vec<String>,
    /// Its columns about people, each with its class.
    pub columns: Vec<MapColumn>,
}

/// One column about people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct MapColumn {
    /// Its name.
    pub name: String,
    /// `personal`, `content` or `secret`.
    pub class: String,
    /// It lies there as ciphertext.
    pub is_sealed: bool,
    /// Why it does not, where it does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unsealed: Option<String>,
}

/// A site, as far as the record names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct MapSite {
    /// The site.
    pub id: SiteId,
    /// How long its conversations are kept.
    pub retention: String,
    /// Who receives something of them.
    pub processors: Vec<Processor>,
}

/// The record of processing activities, generated from the schema's inventory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct DataMap {
    /// Who is responsible.
    pub controller: String,
    /// How to reach them.
    pub contact: String,
    /// Their data protection officer.
    #[serde(default)]
    pub officer: Option<String>,
    /// Who processes for them.
    pub processor: String,
    /// When it was made.
    pub made_at: Millis,
    /// Their sites.
    pub sites: Vec<MapSite>,
    /// Each class of data about people.
    pub entries: Vec<MapEntry>,
    /// What is done to keep it safe.
    pub measures: Vec<String>,
}
