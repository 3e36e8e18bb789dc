//! What a business can show of its care for data: erasures with their receipts, and the editions of the notice.

use serde::{Deserialize, Serialize};

use crate::id::{ErasureId, NoticeId, SiteId};
use crate::rules::subject::SubjectKind;
use crate::time::Millis;
use crate::wire::receipt::SignedReceipt;

/// An erasure that somebody asked for. Whom it was about stands nowhere any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ErasureEntry {
    /// Which.
    pub id: ErasureId,
    /// What kind of subject it was.
    pub about: SubjectKind,
    /// Why: `request`, `child` or `account`.
    pub reason: String,
    /// `requested`, `condemned`, `keyless`, `emptied`, `verified` or `receipted`.
    pub state: String,
    /// Why it does not go on, where it does not: `hold` or `signing_key`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waits: Option<String>,
    /// When it was asked for.
    pub requested_at: Millis,
    /// When every key was destroyed: from then on nothing of it can be read, nowhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keyless_at: Option<Millis>,
    /// When a second look found nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified_at: Option<Millis>,
    /// The receipt, once there is one: for whoever asked, who can have it checked by anybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<SignedReceipt>,
}

/// A page of erasures, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Erasures {
    /// Each of them, 100 at most.
    pub erasures: Vec<ErasureEntry>,
    /// Ask again with `before` for older ones; absent at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<ErasureId>,
}

/// An edition of the deployment's notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct NoticeEdition {
    /// Which.
    pub id: NoticeId,
    /// It changed what is done with data, so it was announced before it took effect.
    pub is_material: bool,
    /// It is the one that visitors read now.
    pub is_in_force: bool,
    /// When the software said it first.
    pub found_at: Millis,
    /// When the last mail about it was written, where it was announced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told_at: Option<Millis>,
    /// When it took or takes effect; absent while it is being announced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_at: Option<Millis>,
}

/// The published notice of a site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct SiteNotice {
    /// The site.
    pub id: SiteId,
    /// Since when it says what it says of this site, where that was noted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revised_at: Option<Millis>,
}

/// What visitors are told, over time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct NoticeEditions {
    /// The newest editions, 20 at most.
    pub editions: Vec<NoticeEdition>,
    /// The sites, each with its notice.
    pub sites: Vec<SiteNotice>,
}
