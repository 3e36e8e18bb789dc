//! Requests of people who sign in about their own data (GDPR Art. 15 to 22). What a machine can do is done at once; the rest
//! waits for whoever runs the deployment, under the clock that a visitor's request has.

use serde::{Deserialize, Serialize};

use crate::id::{AccountId, RequestId};
use crate::privacy::Personal;
use crate::time::Millis;
use crate::wire::privacy::{Authority, ExtensionReason, RefusalReason, RequestState, words};

words! {
    /// What somebody who signs in asks for, besides what they do themselves: a copy, their name and address, leaving.
    OwnRequestKind {
        /// Correcting what they can't correct themselves.
        Rectification = "rectification";
        /// Keeping their data, and doing nothing optional with it.
        Restriction = "restriction";
        /// No further use for a purpose.
        Objection = "objection";
        /// Anything else.
        Other = "other";
    }
}

words! {
    /// What a machine ends at once when somebody objects to it.
    OwnPurpose {
        /// Being counted in how the dashboard is used.
        Statistics = "statistics";
        /// Mails that sum up what waits in an inbox.
        Digests = "digests";
    }
}

/// A request, as whoever made it sees it, and as whoever answers it does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct OwnRequest {
    /// The request.
    pub id: RequestId,
    /// Whose.
    pub account: AccountId,
    /// What is asked for.
    pub kind: OwnRequestKind,
    /// Where it stands.
    pub state: RequestState,
    /// The purpose that is objected to, where a machine knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<OwnPurpose>,
    /// When it was asked.
    pub asked_at: Millis,
    /// When it must be answered.
    pub due_at: Millis,
    /// Days that are left; negative where it is late.
    pub days_left: i64,
    /// Why it takes longer than thirty days, where it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension: Option<ExtensionReason>,
    /// When it was met or refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settled_at: Option<Millis>,
    /// Why it was refused, where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<RefusalReason>,
    /// Where to complain about a refusal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authority: Option<Authority>,
    /// What was said about it; absent where nothing was, and once its key is destroyed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<Personal<String>>,
}

/// One's own requests, newest first; or those that are open, for whoever answers them, the one with the fewest days leading.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct OwnRequests {
    /// Since when the reader's account is restricted; absent where it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restricted_at: Option<Millis>,
    /// Each of them, 100 at most.
    pub requests: Vec<OwnRequest>,
}

/// Makes a request. A restriction, and an objection to a purpose, are met at once; everything else needs words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct MakeOwnRequest {
    /// What is asked for.
    pub kind: OwnRequestKind,
    /// What is objected to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<OwnPurpose>,
    /// What should be done, in one's own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<Personal<String>>,
}
