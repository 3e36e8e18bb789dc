//! Acts that a restored database must not forget. Each is written into the journal before it is reported done; a replay
//! does them again.

use serde::{Deserialize, Serialize};
use shared::id::{
    AccountId, ApiTokenId, BusinessId, ConversationId, ErasureId, PasskeyId, SiteId, VisitorId,
};
use shared::rules::subject::SubjectKind;
use shared::time::Millis;
use shared::wire::admin::account_request::OwnPurpose;
use shared::wire::admin::inbox::deed::HoldReason;
use shared::wire::admin::team::Role;
use shared::wire::consent::RecordConsent;
use shared::wire::privacy::ObjectionPurpose;

use super::OpError;
use crate::app::App;
use crate::ops::Fault;
use crate::sealing::KeyScope;
use crate::store::subject::Subjects;

/// Something that was done and must stay done.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum Act {
    /// Somebody was erased.
    Erased {
        /// The erasure.
        id: ErasureId,
        /// The business; absent for an account.
        business: Option<BusinessId>,
        /// Whom it is about.
        kind: SubjectKind,
        /// Their id.
        subject: String,
        /// Why.
        reason: String,
        /// What was known from the start.
        subjects: Subjects,
        /// What the holder's nonce hashes to.
        commitment: Option<String>,
        /// When it was asked for.
        requested_at: Millis,
    },
    /// An address wants no mail.
    Suppressed {
        /// Its keyed hash.
        finder: String,
        /// `bounce` or `complaint`.
        reason: String,
        /// When.
        at: Millis,
    },
    /// A visitor took a consent back.
    Withdrawn {
        /// Where.
        site: SiteId,
        /// Who.
        visitor: VisitorId,
        /// The choice.
        record: RecordConsent,
        /// The language that it was asked in.
        locale: String,
        /// The words that it was about; absent in acts of before they were kept.
        #[serde(default)]
        words: Option<String>,
        /// When.
        at: Millis,
    },
    /// A conversation was restricted, or its restriction lifted.
    Restricted {
        /// Which.
        conversation: ConversationId,
        /// Since when; absent where it was lifted.
        at: Option<Millis>,
    },
    /// A visitor objected to a purpose, or took that back.
    Objected {
        /// Where.
        site: SiteId,
        /// Who.
        visitor: VisitorId,
        /// In which conversation.
        conversation: ConversationId,
        /// To what.
        purpose: ObjectionPurpose,
        /// When; absent where it was taken back.
        at: Option<Millis>,
    },
    /// Somebody who signs in objected to a purpose, or took their consent to it back.
    AccountObjected {
        /// Who.
        account: AccountId,
        /// To what.
        purpose: OwnPurpose,
        /// When.
        at: Millis,
    },
    /// Somebody restricted their own account, or lifted that.
    AccountRestricted {
        /// Which.
        account: AccountId,
        /// Since when; absent where it was lifted.
        at: Option<Millis>,
    },
    /// A conversation was held for a legal claim, or let go.
    Held {
        /// Which.
        conversation: ConversationId,
        /// Since when and why; absent where it was let go.
        held: Option<(Millis, HoldReason)>,
    },
    /// An API token was revoked.
    TokenRevoked {
        /// Which.
        token: ApiTokenId,
        /// When.
        at: Millis,
    },
    /// A passkey was removed: whoever has the device signs in with it no more.
    PasskeyRemoved {
        /// Whose.
        account: AccountId,
        /// Which.
        passkey: PasskeyId,
    },
    /// A member's role was changed.
    RoleChanged {
        /// The business.
        business: BusinessId,
        /// Who.
        account: AccountId,
        /// What they are now.
        role: Role,
        /// When. Who left and joined again since has the role of their new invitation.
        at: Millis,
    },
    /// Somebody left a team or was sent away.
    MemberRemoved {
        /// The business.
        business: BusinessId,
        /// Who.
        account: AccountId,
        /// When; absent in entries of older versions. Who joined again since stays.
        #[serde(default)]
        at: Option<Millis>,
    },
}

/// Writes an act into the journal of a scope: the business's for its visitors, the one of all accounts for everything in
/// the directory. `id` makes it the same act when it is written again.
pub async fn journal_put(
    app: &App,
    scope: impl Into<KeyScope>,
    id: &str,
    act: &Act,
    now: Millis,
) -> Result<(), OpError> {
    let text = serde_json::to_vec(act).map_err(|fault| Fault::Platform(fault.to_string()))?;
    Ok(app.keyring.journal_put(scope, now.day(), id, &text).await?)
}
