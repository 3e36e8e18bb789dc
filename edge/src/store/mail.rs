//! The outbox of mails, and addresses that no mail goes to. Rows hold ids; what they stand for is looked up when a
//! mail is written (`letter.rs`).

use serde::Deserialize;
use shared::id::{AccountId, BusinessId, CodeId, ContactId, ErasureId, InvitationId, MailId};
use shared::time::Millis;
use shared::wire::admin::deletion::CopyMail;

use super::scope::{AccountScope, OperatorScope};
use crate::platform::{Db, DbFault, Statement, Value};

macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal;)+) => {
        /// What a mail is about.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum MailKind {
            $($(#[doc = $doc])+ $name,)+
        }

        impl MailKind {
            /// The name, as it is kept.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }

            /// The kind of a name.
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($text => Some(Self::$name),)+ _ => None }
            }
        }
    };
}

kinds! {
    /// A code to sign in with. `about`: the code.
    SignInCode = "sign_in_code";
    /// A code to confirm a sign-up with. `about`: the code.
    SignUpCode = "sign_up_code";
    /// Somebody signed up with an address that has an account: the code signs in to it. `about`: the code.
    AlreadySignedUp = "already_signed_up";
    /// A code that proves a new address; goes to the new one. `about`: the code.
    EmailChangeCode = "email_change_code";
    /// The address will change; goes to the old one, with the link that stops it. `about`: the code of the change.
    EmailChanging = "email_changing";
    /// The address has changed; goes to the new one. `about`: the code of the change.
    EmailChanged = "email_changed";
    /// An invitation into a business. `about`: the invitation.
    Invitation = "invitation";
    /// Somebody signed in on a device that was not seen before. `about`: the session.
    NewDevice = "new_device";
    /// A passkey was added. `about`: the passkey.
    NewPasskey = "new_passkey";
    /// An API token was made. `about`: the token.
    NewToken = "new_token";
    /// The business was handed over. `about`: nothing; `business` says which.
    OwnershipTransferred = "ownership_transferred";
    /// A visitor left an address: the link proves it. `about`: the conversation.
    VisitorAddress = "visitor_address";
    /// A reply to a visitor who has left. `about`: the conversation.
    VisitorReply = "visitor_reply";
    /// Somebody asked for the privacy page of a conversation in which they confirmed this address. `about`: the conversation.
    VisitorCode = "visitor_code";
    /// The code to come back with, for a visitor who asked to have it mailed. `about`: the conversation.
    VisitorResume = "visitor_resume";
    /// What waits in an inbox. `about`: nothing; `business` says which.
    InboxDigest = "inbox_digest";
    /// A person's request is due soon. `about`: the request.
    RequestDue = "request_due";
    /// A request of somebody who signs in is due soon; goes to whoever runs the deployment. `about`: the request.
    OwnRequestDue = "own_request_due";
    /// A request of somebody who signs in was answered, or takes longer; goes to them. `about`: the request.
    OwnRequestAnswered = "own_request_answered";
    /// A deletion was asked for. `about`: the deletion.
    DeletionAsked = "deletion_asked";
    /// A deletion is near. `about`: the deletion.
    DeletionSoon = "deletion_soon";
    /// A deletion began. `about`: the deletion.
    DeletionDone = "deletion_done";
    /// The signed receipt of a deletion. `about`: its erasure.
    DeletionReceipt = "deletion_receipt";
    /// A deletion did not happen, because others belong to what would have gone. `about`: the deletion.
    DeletionKept = "deletion_kept";
    /// The notice changes. `about`: the edition.
    NoticeChanging = "notice_changing";
    /// A job is late or fails; goes to whoever runs the deployment. `about`: the names of the jobs.
    JobAlarm = "job_alarm";
}

impl MailKind {
    /// It carries a code that its reader asked for a moment ago.
    pub const fn is_code(self) -> bool {
        matches!(self, Self::SignInCode | Self::SignUpCode | Self::AlreadySignedUp | Self::EmailChangeCode)
    }
}

/// Whom a mail goes to: an id behind which the address is sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recipient {
    /// Somebody who has an account.
    Account(AccountId),
    /// Somebody who is invited.
    Invitation(InvitationId),
    /// The new address of a change of address.
    EmailChange(CodeId),
    /// A visitor, by the address that they left in the conversation that the mail is about.
    Contact(ContactId),
    /// Whoever gets the receipt of an erasure: their own address is gone, this one was kept apart.
    Erasure(ErasureId),
    /// Whoever runs the deployment: the address stands in its configuration.
    Operator,
}

impl Recipient {
    fn read(kind: &str, id: &str) -> Option<Self> {
        match kind {
            "account" => id.parse().ok().map(Self::Account),
            "invitation" => id.parse().ok().map(Self::Invitation),
            "email_change" => id.parse().ok().map(Self::EmailChange),
            "contact" => id.parse().ok().map(Self::Contact),
            "erasure" => id.parse().ok().map(Self::Erasure),
            "operator" => Some(Self::Operator),
            _ => None,
        }
    }
}

/// A mail to send.
#[derive(Debug, Clone)]
pub struct NewMail {
    /// Minted by whoever asks.
    pub id: MailId,
    /// What it is about.
    pub kind: MailKind,
    /// Whom it goes to.
    pub recipient: Recipient,
    /// The business that it concerns.
    pub business: Option<BusinessId>,
    /// An id that the kind says.
    pub about: Option<String>,
    /// When it was asked for.
    pub now: Millis,
}

/// Adds a mail.
pub const MAIL_INSERT: &str = "
INSERT INTO mail (id, kind, recipient_kind, recipient, business, about, due_at, created_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)
";

/// The statement that adds a mail to the directory's outbox, in the batch of what it tells of.
pub fn mail_insert(new: &NewMail) -> Statement {
    let (kind, recipient) = match new.recipient {
        Recipient::Account(id) => ("account", id.to_string()),
        Recipient::Invitation(id) => ("invitation", id.to_string()),
        Recipient::EmailChange(id) => ("email_change", id.to_string()),
        Recipient::Contact(id) => ("contact", id.to_string()),
        Recipient::Erasure(id) => ("erasure", id.to_string()),
        Recipient::Operator => ("operator", "operator".to_owned()),
    };
    Statement::new(
        MAIL_INSERT,
        [
            new.id.into(),
            new.kind.as_str().into(),
            kind.into(),
            recipient.into(),
            new.business.into(),
            new.about.clone().into(),
            new.now.into(),
        ],
    )
}

/// The mails that a batch adds.
pub fn mails_in(batch: &[Statement]) -> Vec<MailId> {
    let inserts = batch.iter().filter(|statement| statement.sql == MAIL_INSERT);
    inserts
        .filter_map(|insert| match insert.values.first() {
            Some(Value::Text(id)) => id.parse().ok(),
            _ => None,
        })
        .collect()
}

/// A mail of the outbox.
#[derive(Debug, Clone)]
pub struct Mail {
    /// Which.
    pub id: MailId,
    /// What it is about.
    pub kind: MailKind,
    /// Whom it goes to.
    pub recipient: Recipient,
    /// The business that it concerns.
    pub business: Option<BusinessId>,
    /// An id that the kind says.
    pub about: Option<String>,
    /// Where it stands.
    pub state: String,
    /// How often it was tried, the present try included.
    pub tries: u32,
    /// When it was asked for.
    pub created_at: Millis,
}

#[derive(Deserialize)]
struct Row {
    id: MailId,
    kind: String,
    recipient_kind: String,
    recipient: String,
    business: Option<BusinessId>,
    about: Option<String>,
    state: String,
    tries: u32,
    created_at: Millis,
}

impl Row {
    fn into_mail(self) -> Result<Mail, DbFault> {
        let unknown = || DbFault::Failed("a mail of a kind that this version does not know".into());
        Ok(Mail {
            id: self.id,
            kind: MailKind::from_name(&self.kind).ok_or_else(unknown)?,
            recipient: Recipient::read(&self.recipient_kind, &self.recipient).ok_or_else(unknown)?,
            business: self.business,
            about: self.about,
            state: self.state,
            tries: self.tries,
            created_at: self.created_at,
        })
    }
}

/// Takes hold of a mail that is due.
pub const MAIL_LEASE: &str = "
UPDATE mail
SET state = 'sending'
  , tries = tries + 1
  , due_at = ?3
WHERE id = ?1
  AND state IN ('queued', 'sending')
  AND due_at <= ?2
  AND NOT EXISTS (
      SELECT 1
      FROM tick
      WHERE needs_replay = 1
  )
RETURNING id
        , kind
        , recipient_kind
        , recipient
        , business
        , about
        , state
        , tries
        , created_at
";

/// Takes hold of a mail until `until`. `None` where it is not due, settled, or somebody else holds it.
pub async fn mail_lease(
    directory: &Db,
    _scope: &OperatorScope,
    id: MailId,
    now: Millis,
    until: Millis,
) -> Result<Option<Mail>, DbFault> {
    let row: Option<Row> =
        directory.row(Statement::new(MAIL_LEASE, [id.into(), now.into(), until.into()])).await?;
    row.map(Row::into_mail).transpose()
}

/// How a mail ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// The vendor took it.
    Sent,
    /// What it told of was over before it could be sent.
    Lapsed,
    /// Its address gets no mail.
    Suppressed,
    /// The vendor will never take it.
    Failed,
    /// Too many tries.
    GivenUp,
}

impl Settled {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Lapsed => "lapsed",
            Self::Suppressed => "suppressed",
            Self::Failed => "failed",
            Self::GivenUp => "given_up",
        }
    }
}

/// Settles a mail, by the try that holds it.
pub const MAIL_SETTLE: &str = "
UPDATE mail
SET state = ?3
  , vendor_id = ?4
  , settled_at = ?5
WHERE id = ?1
  AND tries = ?2
  AND state = 'sending'
";

/// Settles a mail. A try that was overtaken by a later one changes nothing.
pub async fn mail_settle(
    directory: &Db,
    _scope: &OperatorScope,
    mail: &Mail,
    settled: Settled,
    vendor_id: Option<String>,
    now: Millis,
) -> Result<(), DbFault> {
    let values = [mail.id.into(), mail.tries.into(), settled.as_str().into(), vendor_id.into(), now.into()];
    directory.write(Statement::new(MAIL_SETTLE, values)).await
}

/// Lets go of a mail until its next try.
pub const MAIL_POSTPONE: &str = "
UPDATE mail
SET state = 'queued'
  , due_at = ?3
WHERE id = ?1
  AND tries = ?2
  AND state = 'sending'
";

/// Lets go of a mail until `due_at`.
pub async fn mail_postpone(
    directory: &Db,
    _scope: &OperatorScope,
    mail: &Mail,
    due_at: Millis,
) -> Result<(), DbFault> {
    directory.write(Statement::new(MAIL_POSTPONE, [mail.id.into(), mail.tries.into(), due_at.into()])).await
}

#[derive(Deserialize)]
struct Id {
    id: MailId,
}

/// Lists mails that are due.
pub const MAILS_DUE: &str = "
SELECT id
FROM mail
WHERE state IN ('queued', 'sending')
  AND due_at <= ?1
ORDER BY due_at
LIMIT ?2
";

/// Up to `limit` mails that are due and that nobody holds, the longest due first.
pub async fn mails_due(
    directory: &Db,
    _scope: &OperatorScope,
    now: Millis,
    limit: u32,
) -> Result<Vec<MailId>, DbFault> {
    let rows: Vec<Id> = directory.rows(Statement::new(MAILS_DUE, [now.into(), limit.into()])).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Lists the newest mails.
pub const MAILS_LATEST: &str = "
SELECT id
     , kind
     , recipient_kind
     , recipient
     , business
     , about
     , state
     , tries
     , created_at
FROM mail
ORDER BY created_at DESC
       , id DESC
LIMIT ?1
";

/// The newest mails, for the outbox of a developer's machine.
pub async fn mails_latest(directory: &Db, _scope: &OperatorScope, limit: u32) -> Result<Vec<Mail>, DbFault> {
    let rows: Vec<Row> = directory.rows(Statement::new(MAILS_LATEST, [limit.into()])).await?;
    rows.into_iter().map(Row::into_mail).collect()
}

/// Lists mails to an account.
pub const MAILS_OF_ACCOUNT: &str = "
SELECT kind
     , state
     , created_at AS at
FROM mail
WHERE recipient = ?1
ORDER BY created_at DESC
LIMIT ?2
";

/// Mails that went to somebody who signs in, or will: what kind, and when.
pub async fn mails_of_account(
    directory: &Db,
    scope: &AccountScope,
    limit: u32,
) -> Result<Vec<CopyMail>, DbFault> {
    directory.rows(Statement::new(MAILS_OF_ACCOUNT, [scope.account().into(), limit.into()])).await
}

/// What an operator should hear of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct MailHealth {
    /// Mails that were due long ago and were not sent.
    pub late: u32,
    /// Mails that failed several times and wait.
    pub struggling: u32,
    /// Mails that were given up lately.
    pub given_up: u32,
}

/// Counts mails that did not go out as they should.
pub const MAIL_HEALTH: &str = "
SELECT (
    SELECT count(*)
    FROM mail
    WHERE state IN ('queued', 'sending')
      AND due_at <= ?1
) AS late
, (
    SELECT count(*)
    FROM mail
    WHERE state IN ('queued', 'sending')
      AND due_at > ?1
      AND tries >= ?3
) AS struggling
, (
    SELECT count(*)
    FROM mail
    WHERE state = 'given_up'
      AND settled_at > ?2
) AS given_up
";

/// Mails due before `late_before`, tried at least `tries` times, or given up after `given_up_after`.
pub async fn mail_health(
    directory: &Db,
    _scope: &OperatorScope,
    late_before: Millis,
    given_up_after: Millis,
    tries: u32,
) -> Result<MailHealth, DbFault> {
    let values = [late_before.into(), given_up_after.into(), tries.into()];
    let row = directory.row(Statement::new(MAIL_HEALTH, values)).await?;
    Ok(row.unwrap_or(MailHealth { late: 0, struggling: 0, given_up: 0 }))
}

/// Records that an address gets no mail.
pub const SUPPRESSION_PUT: &str = "
INSERT INTO mail_suppression (finder, reason, at)
VALUES (?1, ?2, ?3)
ON CONFLICT (finder) DO UPDATE
SET reason = excluded.reason
  , at = excluded.at
WHERE excluded.at > mail_suppression.at
";

/// The statement that records that an address gets no mail. Told again, or late, it changes nothing.
pub fn suppression_put(_scope: &OperatorScope, finder: &str, reason: &str, at: Millis) -> Statement {
    Statement::new(SUPPRESSION_PUT, [finder.into(), reason.into(), at.into()])
}

/// Finds a suppression that was not lifted since.
pub const SUPPRESSION_FIND: &str = "
SELECT reason
     , at
FROM mail_suppression
WHERE finder = ?1
  AND (lifted_at IS NULL OR lifted_at < at)
";

/// Why and since when an address gets no mail.
pub async fn suppression_find(
    directory: &Db,
    _scope: &OperatorScope,
    finder: &str,
) -> Result<Option<(String, Millis)>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        reason: String,
        at: Millis,
    }
    let row: Option<Row> = directory.row(Statement::new(SUPPRESSION_FIND, [finder.into()])).await?;
    Ok(row.map(|row| (row.reason, row.at)))
}

/// Lifts a suppression.
pub const SUPPRESSION_LIFT: &str = "
UPDATE mail_suppression
SET lifted_at = ?2
WHERE finder = (
    SELECT email_finder
    FROM sign_in_code
    WHERE id = ?1
)
";

/// The statement that lifts a suppression, for the batch in which a code proved that somebody reads at its address.
pub fn suppression_lift(code: CodeId, now: Millis) -> Statement {
    Statement::new(SUPPRESSION_LIFT, [code.into(), now.into()])
}
