//! The audit log: who did what to which thing, when, why, and what changed by it. Ids, names of settings and words of closed
//! lists, never text of a person.

use shared::id::{AccountId, ApiTokenId, AuditId, BusinessId};
use shared::limits::PAGE_ENTRIES;
use shared::time::Millis;
use shared::wire::admin::audit::{AuditEntry, AuditPage};

use super::scope::{AccountScope, MemberScope};
use crate::platform::{Db, DbFault, Statement, Value};

macro_rules! actions {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal;)+) => {
        /// What was done.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Action {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Action {
            const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }
        }
    };
}

actions! {
    /// A business was opened.
    BusinessOpen = "business_open";
    /// Its profile was changed.
    BusinessChange = "business_change";
    /// Where a site's chat may be embedded was changed.
    SiteOrigins = "site_origins";
    /// A site was opened.
    SiteOpen = "site_open";
    /// What a site is set to was changed.
    SiteChange = "site_change";
    /// A secret that names a site's visitors was made.
    IdentityMake = "identity_make";
    /// It was taken away.
    IdentityDrop = "identity_drop";
    /// An entry of the knowledge was added.
    KnowledgeAdd = "knowledge_add";
    /// An entry of the knowledge was changed.
    KnowledgeChange = "knowledge_change";
    /// An entry of the knowledge was deleted.
    KnowledgeDelete = "knowledge_delete";
    /// A door for webhooks was made.
    WebhookMake = "webhook_make";
    /// A door for webhooks was changed.
    WebhookChange = "webhook_change";
    /// A door for webhooks was taken away.
    WebhookDelete = "webhook_delete";
    /// A key for an AI provider was handed over.
    VendorKeySet = "vendor_key_set";
    /// It was taken away.
    VendorKeyDrop = "vendor_key_drop";
    /// Another limit of a site was asked for.
    LimitChange = "limit_change";
    /// A change of a limit was taken back.
    LimitUndo = "limit_undo";
    /// Somebody was invited.
    Invite = "invite";
    /// An invitation was taken back.
    InvitationRevoke = "invitation_revoke";
    /// An invitation was accepted.
    MemberJoin = "member_join";
    /// A member's role was changed.
    MemberRole = "member_role";
    /// A member was sent away.
    MemberRemove = "member_remove";
    /// A member left.
    MemberLeave = "member_leave";
    /// The business was handed over.
    OwnershipTransfer = "ownership_transfer";
    /// A person's request was entered.
    RequestEnter = "request_enter";
    /// A person's request was extended.
    RequestExtend = "request_extend";
    /// A person's request was met.
    RequestMeet = "request_meet";
    /// A person's request was refused.
    RequestRefuse = "request_refuse";
    /// The deletion of an account or a business was asked for.
    DeletionAsk = "deletion_ask";
    /// A deletion was cancelled.
    DeletionCancel = "deletion_cancel";
    /// An API token was made.
    TokenMake = "token_make";
    /// An API token was revoked.
    TokenRevoke = "token_revoke";
    /// Questions to which nothing was found were read.
    QuestionsRead = "questions_read";
    /// What visitors said about conversations was read.
    CommentsRead = "comments_read";
    /// A file of a conversation was read.
    FileRead = "file_read";
    /// Somebody signed in.
    SignIn = "sign_in";
    /// A device was signed out.
    SessionRevoke = "session_revoke";
    /// A passkey was added.
    PasskeyAdd = "passkey_add";
    /// A passkey was removed.
    PasskeyRemove = "passkey_remove";
    /// A new address was proved.
    EmailConfirm = "email_confirm";
    /// A change of address was stopped.
    EmailStop = "email_stop";
    /// An address was replaced.
    EmailChange = "email_change";
    /// A conversation was read.
    ConversationRead = "conversation_read";
    /// A transcript of a conversation was taken along.
    ConversationExport = "conversation_export";
    /// A conversation was taken over.
    ConversationTake = "conversation_take";
    /// A conversation was given back to the machine.
    ConversationGiveBack = "conversation_give_back";
    /// A visitor was answered.
    ConversationReply = "conversation_reply";
    /// Colleagues were told something about a conversation.
    ConversationNote = "conversation_note";
    /// A note was taken back.
    ConversationNoteDelete = "conversation_note_delete";
    /// Who looks after a conversation was changed.
    ConversationAssign = "conversation_assign";
    /// Which labels a conversation carries was changed.
    ConversationLabel = "conversation_label";
    /// How much a conversation matters was changed.
    ConversationPriority = "conversation_priority";
    /// A conversation was put off.
    ConversationSnooze = "conversation_snooze";
    /// A conversation that was put off was taken up again.
    ConversationWake = "conversation_wake";
    /// A conversation was ended.
    ConversationClose = "conversation_close";
    /// A conversation was opened again.
    ConversationReopen = "conversation_reopen";
    /// A conversation was marked as spam, or not.
    ConversationSpam = "conversation_spam";
    /// A visitor was kept from writing, or allowed to again.
    ConversationBlock = "conversation_block";
    /// A conversation was held for a legal claim or an authority.
    ConversationHold = "conversation_hold";
    /// It was let go.
    ConversationRelease = "conversation_release";
    /// Words of a conversation were shown to a machine for a suggestion or a translation.
    ConversationSuggest = "conversation_suggest";
    /// Conversations were searched.
    ConversationSearch = "conversation_search";
    /// A canned reply was made or changed.
    CannedReplyPut = "canned_reply_put";
    /// A canned reply was deleted.
    CannedReplyDelete = "canned_reply_delete";
    /// A label was made or changed.
    LabelPut = "label_put";
    /// A label was deleted.
    LabelDelete = "label_delete";
    /// A view was saved or changed.
    ViewPut = "view_put";
    /// A view was deleted.
    ViewDelete = "view_delete";
    /// When the machine hands over was changed.
    HandOffChange = "hand_off_change";
    /// The choice about statistics was changed.
    PreferenceChange = "preference_change";
}

/// What something was done to: the kind of thing, and which one.
#[derive(Debug, Clone)]
pub struct Subject {
    kind: &'static str,
    id: String,
}

impl Subject {
    /// A subject by its id, which can only be one of the registry.
    pub fn new(kind: &'static str, id: impl std::fmt::Display) -> Self {
        Self { kind, id: id.to_string() }
    }
}

/// What a line tells beyond the deed.
#[derive(Debug, Clone, Default)]
pub struct Detail {
    /// Why, from a closed list.
    pub reason: Option<&'static str>,
    /// What changed: roles, days, origins, names of settings.
    pub change: Option<String>,
}

impl Detail {
    /// Why something was done.
    pub fn why(reason: &'static str) -> Self {
        Self { reason: Some(reason), change: None }
    }

    /// What changed; nothing where that is empty.
    pub fn what(change: String) -> Self {
        Self { reason: None, change: Some(change).filter(|change| !change.is_empty()) }
    }
}

/// Adds a line.
pub const AUDIT_INSERT: &str = "
INSERT INTO audit (id, business, account, token, action, subject_kind, subject, reason, at, change)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
";

fn line(
    id: AuditId,
    business: Option<BusinessId>,
    (account, token): (AccountId, Option<ApiTokenId>),
    (action, subject): (Action, Subject),
    detail: Detail,
    at: Millis,
) -> Statement {
    Statement::new(
        AUDIT_INSERT,
        [
            id.into(),
            business.into(),
            account.into(),
            token.into(),
            action.as_str().into(),
            subject.kind.into(),
            subject.id.into(),
            detail.reason.into(),
            at.into(),
            detail.change.into(),
        ],
    )
}

/// The statement that notes what a member did in a business. It belongs into the batch of the deed itself.
pub fn member_line(
    scope: &MemberScope,
    id: AuditId,
    action: Action,
    subject: Subject,
    detail: Detail,
    at: Millis,
) -> Statement {
    let business = Some(scope.business.business());
    line(id, business, (scope.account.account(), scope.token), (action, subject), detail, at)
}

/// The statement that notes what somebody did with their own account, or on their way into a business.
pub fn account_line(
    scope: &AccountScope,
    id: AuditId,
    business: Option<BusinessId>,
    action: Action,
    subject: Subject,
    at: Millis,
) -> Statement {
    line(id, business, (scope.account(), None), (action, subject), Detail::default(), at)
}

/// Adds a line if the statement right before it in its batch changed a row.
pub const AUDIT_IF_CHANGED: &str = "
INSERT INTO audit (id, business, account, token, action, subject_kind, subject, reason, at, change)
SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10
WHERE changes() = 1
";

/// The same line, where the statement right before it in its batch changed a row: what did not happen is not noted, and what
/// happened is, wherever the Worker stops.
pub fn if_changed(line: Statement) -> Statement {
    Statement::new(AUDIT_IF_CHANGED, line.values)
}

/// Adds a line unless the same member did the same to the same thing since a line of this time or later.
pub const AUDIT_ONCE: &str = "
INSERT INTO audit (id, business, account, token, action, subject_kind, subject, reason, at)
SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, NULL, ?8
WHERE NOT EXISTS (
    SELECT 1
    FROM audit
    WHERE business = ?2
      AND id > ?9
      AND account = ?3
      AND action = ?5
      AND subject = ?7
)
";

/// The statement that notes what a member does again and again, once in a while: `since` is the id that a line of the
/// beginning of that while would have.
pub fn member_line_once(
    scope: &MemberScope,
    (id, since): (AuditId, AuditId),
    action: Action,
    subject: Subject,
    at: Millis,
) -> Statement {
    Statement::new(
        AUDIT_ONCE,
        [
            id.into(),
            scope.business.business().into(),
            scope.account.account().into(),
            scope.token.into(),
            action.as_str().into(),
            subject.kind.into(),
            subject.id.into(),
            at.into(),
            since.into(),
        ],
    )
}

/// Reads a page.
pub const AUDIT_PAGE: &str = "
SELECT id
     , account
     , token
     , action
     , subject_kind
     , subject
     , reason
     , change
     , at
FROM audit
WHERE business = ?1
  AND id < ?2
ORDER BY id DESC
LIMIT ?3
";

/// Reads a page of one deed.
pub const AUDIT_PAGE_OF: &str = "
SELECT id
     , account
     , token
     , action
     , subject_kind
     , subject
     , reason
     , change
     , at
FROM audit
WHERE business = ?1
  AND action = ?4
  AND id < ?2
ORDER BY id DESC
LIMIT ?3
";

/// Lines of a business's log, newest first, older than `before`, of all deeds or of one.
pub async fn audit_rows(
    directory: &Db,
    scope: &MemberScope,
    (before, deed): (Option<AuditId>, Option<&str>),
    limit: u32,
) -> Result<Vec<AuditEntry>, DbFault> {
    // A tilde sorts after every id.
    let before = before.map_or_else(|| Value::Text("~".into()), Into::into);
    let mut values = vec![scope.business.business().into(), before, limit.into()];
    let sql = match deed {
        Some(deed) => {
            values.push(deed.into());
            AUDIT_PAGE_OF
        }
        None => AUDIT_PAGE,
    };
    directory.rows(Statement::new(sql, values)).await
}

/// A page of a business's log.
pub async fn audit_page(
    directory: &Db,
    scope: &MemberScope,
    before: Option<AuditId>,
    deed: Option<&str>,
) -> Result<AuditPage, DbFault> {
    let entries = audit_rows(directory, scope, (before, deed), PAGE_ENTRIES).await?;
    let before = entries.last().filter(|_| entries.len() >= PAGE_ENTRIES as usize).map(|last| last.id);
    Ok(AuditPage { entries, before })
}

/// Reads what somebody did.
pub const AUDIT_OF_ACCOUNT: &str = "
SELECT id
     , account
     , token
     , action
     , subject_kind
     , subject
     , reason
     , change
     , at
FROM audit
WHERE account = ?1
ORDER BY id DESC
LIMIT ?2
";

/// What somebody did, newest first, for their own copy.
pub async fn audit_of_account(
    directory: &Db,
    scope: &AccountScope,
    limit: u32,
) -> Result<Vec<AuditEntry>, DbFault> {
    directory.rows(Statement::new(AUDIT_OF_ACCOUNT, [scope.account().into(), limit.into()])).await
}
