//! Erasing somebody: asked for, condemned, keyless, emptied, verified, receipted. Here it is asked for and begun;
//! `steps` takes it to its end. `docs/sealing.md` says why in this order.

mod steps;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures::future::LocalBoxFuture;
use shared::id::{AccountId, BusinessId, ConversationId, ErasureId, VisitorId};
use shared::privacy::Secret;
use shared::rules::subject::SubjectKind;
use shared::time::Millis;
use shared::wire::problem::Kind;

use super::confirmation::{Holder, confirmation_keep};
use super::{Fault, OpError};
use crate::app::App;
use crate::log;
use crate::platform::Db;
use crate::rules::inventory::{self, Place};
use crate::rules::receipt;
use crate::store::erasure::{self, NewErasure};
use crate::store::member;
use crate::store::scope::{AccountScope, BusinessScope, ThreadScope};
use crate::store::subject::Subjects;

pub use steps::{erasure_resume, erasure_step, rooms_leave};

/// Why something is erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The person asked.
    Request,
    /// Its time was over.
    Retention,
    /// It is about a child (promise P10).
    Child,
    /// The account that it belonged to was deleted.
    Account,
}

impl Reason {
    /// The reason of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Request, Self::Retention, Self::Child, Self::Account]
            .into_iter()
            .find(|reason| reason.as_str() == name)
    }

    /// The name, as it is kept.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Retention => "retention",
            Self::Child => "child",
            Self::Account => "account",
        }
    }
}

/// Whom an erasure is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// A conversation; its visitor goes with it where it is their last one.
    Conversation(ConversationId),
    /// A visitor: all their conversations and choices.
    Visitor(VisitorId),
    /// Somebody who signs in.
    Account(AccountId),
    /// A whole business.
    Business(BusinessId),
}

impl Subject {
    const fn kind(self) -> SubjectKind {
        match self {
            Self::Conversation(_) => SubjectKind::Conversation,
            Self::Visitor(_) => SubjectKind::Visitor,
            Self::Account(_) => SubjectKind::Account,
            Self::Business(_) => SubjectKind::Business,
        }
    }

    fn text(self) -> String {
        match self {
            Self::Conversation(id) => id.to_string(),
            Self::Visitor(id) => id.to_string(),
            Self::Account(id) => id.to_string(),
            Self::Business(id) => id.to_string(),
        }
    }
}

/// The rooms in which conversations live, as far as an erasure needs them.
pub trait Rooms {
    /// Sends everybody out of a conversation's room, stops the answer that is being written there, forgets what
    /// the room remembers, and tells the business's inbox that the conversation is gone. Safe to repeat.
    fn room_empty(
        &self,
        scope: BusinessScope,
        conversation: ConversationId,
    ) -> LocalBoxFuture<'_, Result<(), OpError>>;
    /// Sends everybody out of a conversation's room, who come in anew and hear how it stands, and stops the answer that is
    /// being written there; the business's inbox hears that it changed. What is due by itself stays due: what is held still may go on one day. Safe to repeat.
    fn room_hold(
        &self,
        scope: BusinessScope,
        conversation: ConversationId,
    ) -> LocalBoxFuture<'_, Result<(), OpError>>;
}

/// An erasure that was asked for.
#[derive(Debug)]
pub struct Begun {
    /// Which.
    pub id: ErasureId,
    /// What the receipt is read with. Whoever asked gets it, once; where a letter brings it, it is sealed apart until then.
    pub nonce: Secret<String>,
    /// It is past its commit point: from now on nothing of the subject is found. Otherwise the next run begins it, or it
    /// waits for the end of a legal hold.
    pub condemned: bool,
}

/// Erases a conversation or a visitor of a business. What is asked for stands in the database before this answers, so it
/// is carried out whatever happens next; where everything went well, it is condemned already.
pub async fn erasure_begin(
    app: &App,
    scope: &BusinessScope,
    subject: Subject,
    reason: Reason,
    now: Millis,
) -> Result<Begun, OpError> {
    if !matches!(subject, Subject::Conversation(_) | Subject::Visitor(_)) {
        return Err(Fault::Platform("that is not erased in a shard".into()).into());
    }
    begin(app, Home::Shard(*scope), (subject, Subjects::default()), reason, None, now).await
}

/// Erases a conversation.
pub async fn conversation_erase(
    app: &App,
    scope: &ThreadScope,
    reason: Reason,
    now: Millis,
) -> Result<ErasureId, OpError> {
    let subject = Subject::Conversation(scope.conversation);
    Ok(erasure_begin(app, &scope.business, subject, reason, now).await?.id)
}

/// Tries to begin an erasure that waits. Tells whether it is past its commit point.
pub async fn erasure_press(
    app: &App,
    scope: &BusinessScope,
    id: ErasureId,
    now: Millis,
) -> Result<bool, OpError> {
    steps::condemn(app, &Home::Shard(*scope), id, now).await
}

/// Erases somebody who signs in: from then on nothing opens their name and address, and they are signed out. Grace and
/// letters come before; the receipt goes to `holder`. Fails with `LastOwner` while an active business would be left without
/// one.
pub async fn account_erase(
    app: &App,
    scope: &AccountScope,
    reason: Reason,
    holder: Option<&Holder>,
    now: Millis,
) -> Result<Begun, OpError> {
    if member::is_last_owner(&app.directory, scope).await? {
        return Err(Kind::LastOwner.into());
    }
    let account = scope.account();
    let subjects = Subjects { account: vec![account], ..Subjects::default() };
    begin(app, Home::Directory, (Subject::Account(account), subjects), reason, holder, now).await
}

/// Erases a whole business: its root key first, from then on nothing of it opens. Grace and letters come before; the receipt
/// goes to `holder`.
pub async fn business_erase(
    app: &App,
    scope: &BusinessScope,
    reason: Reason,
    holder: Option<&Holder>,
    now: Millis,
) -> Result<Begun, OpError> {
    let business = scope.business();
    let subjects = Subjects { business: vec![business], shard: Some(scope.shard()), ..Subjects::default() }; // keeps K8 | without: let subjects = Subjects { business: vec![business], shard: None, ..Subjects::default() };
    begin(app, Home::Directory, (Subject::Business(business), subjects), reason, holder, now).await
}

/// The database in which an erasure is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Home {
    /// The business's shard.
    Shard(BusinessScope),
    /// The directory.
    Directory,
}

impl Home {
    /// Where an erasure of a business stands that was found in shard number `shard`, or in the directory.
    pub fn of(business: Option<BusinessId>, shard: Option<usize>) -> Self {
        match (business, shard) {
            (Some(business), Some(shard)) => Self::Shard(BusinessScope::new(business, shard)),
            _ => Self::Directory,
        }
    }

    fn db<'a>(&self, app: &'a App) -> Result<&'a Db, OpError> {
        match self {
            Self::Shard(scope) => app.shard(scope),
            Self::Directory => Ok(&app.directory),
        }
    }

    /// The tables of that database which hold something of a subject of that kind.
    fn places(&self, kind: SubjectKind) -> Result<Vec<Place<'static>>, OpError> {
        let inventory = inventory::inventory()
            .map_err(|fault| OpError::Fault(Fault::Platform(format!("inventory: {fault}"))))?;
        let kinds: &[SubjectKind] = match kind {
            SubjectKind::Conversation | SubjectKind::Visitor => {
                &[SubjectKind::Conversation, SubjectKind::Visitor]
            }
            SubjectKind::Account => &[SubjectKind::Account],
            SubjectKind::Business => &[SubjectKind::Business],
            SubjectKind::Address => &[],
        };
        Ok(inventory::places(
            match self {
                Self::Shard(_) => &inventory.shard,
                Self::Directory => &inventory.directory,
            },
            kinds,
        ))
    }
}

async fn begin(
    app: &App,
    home: Home,
    (subject, subjects): (Subject, Subjects),
    reason: Reason,
    holder: Option<&Holder>,
    now: Millis,
) -> Result<Begun, OpError> {
    let id = ErasureId::mint(now, app.rng.bytes()?);
    let nonce = Secret::new(URL_SAFE_NO_PAD.encode(app.rng.bytes::<32>()?));
    let business = match (home, subject) {
        (Home::Shard(scope), _) => Some(scope.business()),
        (Home::Directory, Subject::Business(business)) => Some(business),
        (Home::Directory, _) => None,
    };
    let new = NewErasure {
        id,
        business,
        kind: subject.kind(),
        subject: subject.text(),
        reason: reason.as_str(),
        subjects,
        commitment: receipt::commitment(nonce.expose(), id),
        now,
    };
    let mut batch = vec![erasure::erasure_insert(&new)?];
    if let Some(holder) = holder {
        batch.extend(confirmation_keep(app, id, &nonce, holder, now).await?);
    }
    home.db(app)?.batch(batch).await?;
    // It stands in the database now and will be carried out; what fails from here on is tried again by the job.
    let condemned = match steps::condemn(app, &home, id, now).await {
        Ok(condemned) => condemned,
        Err(failure) => {
            log::failed(app, "erasure", &failure);
            false
        }
    };
    Ok(Begun { id, nonce, condemned })
}
