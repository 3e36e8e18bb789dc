//! Conversations and the visitors in them.

use serde::Deserialize;
use shared::id::{AccountId, ConversationId, SiteId, TurnId, VisitorId};
use shared::time::Millis;
use shared::wire::widget::State;

use super::scope::{BusinessScope, ThreadScope, VisitorScope};
use crate::platform::{Db, DbFault, Statement};
use crate::sealing::KeyRef;

/// A conversation's row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conversation {
    /// Who and where.
    pub scope: ThreadScope,
    /// Where it stands.
    pub state: State,
    /// The AI turn that may write, if one runs.
    pub turn: Option<TurnId>,
    /// The language that the visitor reads.
    pub locale: String,
    /// The key that seals new messages.
    pub key: KeyRef,
    /// When that key was made.
    pub key_created_at: Millis,
    /// What proves that key.
    pub key_commit: Vec<u8>,
    /// What people do in it.
    pub desk: Desk,
}

/// What people do in a conversation, and what waits there.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Desk {
    /// Who answers, while a person does.
    pub person: Option<AccountId>,
    /// Whose it is, also while a machine answers or nobody.
    pub assignee: Option<AccountId>,
    /// Place of a person's newest message.
    pub human_sequence: u32,
    /// What reached the visitor's client.
    pub delivered_sequence: u32,
    /// What was before the visitor's eyes.
    pub seen_sequence: u32,
    /// When the visitor's client was last heard.
    pub present_at: Millis,
    /// The visitor's oldest word that nobody has answered.
    pub waiting_since: Option<Millis>,
    /// Questions in a row to which nothing was found.
    pub misses: u32,
    /// Until when it is put off.
    pub snoozed_until: Option<Millis>,
    /// When the visitor is told that nobody has come.
    pub nobody_due_at: Option<Millis>,
    /// When a reply goes to the visitor by mail, unless it reaches them before.
    pub mail_due_at: Option<Millis>,
    /// The visitor may not write: 0 or 1.
    is_blocked: u32,
    /// Since when it is held still at the visitor's request.
    pub restricted_at: Option<Millis>,
    /// The visitor objected to being written to: 0 or 1.
    objects_to_mail: u32,
}

impl Desk {
    /// The visitor may not write.
    pub const fn is_blocked(&self) -> bool {
        self.is_blocked != 0
    }

    /// No reply may go to the visitor by mail: they objected to that.
    pub const fn objects_to_mail(&self) -> bool {
        self.objects_to_mail != 0 // keeps P6.6 | without: false
    }

    /// When something is to be done here by itself.
    pub fn due_at(&self) -> Option<Millis> {
        [self.snoozed_until, self.nobody_due_at, self.mail_due_at].into_iter().flatten().min()
    }
}

/// A row of [`CONVERSATION_FIND`].
#[derive(Deserialize)]
pub(super) struct Row {
    id: ConversationId,
    site: SiteId,
    visitor: VisitorId,
    state: State,
    turn: Option<TurnId>,
    locale: String,
    key_slab: shared::id::SlabId,
    key_slot: u16,
    key_created_at: Millis,
    key_commit: Vec<u8>,
    #[serde(flatten)]
    desk: Desk,
}

impl Row {
    pub(super) fn of(self, business: &BusinessScope) -> Conversation {
        let Self { id: conversation, site, visitor, .. } = self;
        Conversation {
            scope: ThreadScope { business: *business, site, visitor, conversation },
            state: self.state,
            turn: self.turn,
            locale: self.locale,
            key: KeyRef { slab: self.key_slab, slot: self.key_slot },
            key_created_at: self.key_created_at,
            key_commit: self.key_commit,
            desk: self.desk,
        }
    }
}

/// Finds a conversation whose key lives: one that is being erased is not there any more.
pub const CONVERSATION_FIND: &str = "
SELECT conversation.id
     , conversation.site
     , conversation.visitor
     , conversation.state
     , conversation.turn
     , conversation.locale
     , conversation.key_slab
     , conversation.key_slot
     , seal_key.created_at AS key_created_at
     , seal_key.commit16 AS key_commit
     , conversation.person
     , conversation.assignee
     , conversation.human_sequence
     , conversation.delivered_sequence
     , conversation.seen_sequence
     , conversation.present_at
     , conversation.waiting_since
     , conversation.misses
     , conversation.snoozed_until
     , conversation.nobody_due_at
     , conversation.mail_due_at
     , conversation.is_blocked
     , conversation.restricted_at
     , EXISTS (
           SELECT 1 FROM objection
           WHERE objection.conversation = conversation.id AND objection.purpose = 'follow_up'
       ) AS objects_to_mail
FROM conversation
JOIN seal_key ON seal_key.slab = conversation.key_slab AND seal_key.slot = conversation.key_slot
WHERE conversation.id = ?1
  AND conversation.business = ?2
  AND seal_key.state = 0
";

pub(super) fn find(scope: &BusinessScope, conversation: ConversationId) -> Statement {
    Statement::new(CONVERSATION_FIND, [conversation.into(), scope.business().into()])
}

/// Finds one conversation. `None` if it does not exist, is being erased, or belongs to another business.
pub async fn conversation_find(
    shard: &Db,
    scope: &BusinessScope,
    conversation: ConversationId,
) -> Result<Option<Conversation>, DbFault> {
    let row: Option<Row> = shard.row(find(scope, conversation)).await?;
    Ok(row.map(|row| row.of(scope)))
}

/// Adds a visitor at their first message; a returning one is only seen again.
pub const VISITOR_PUT: &str = "
INSERT INTO visitor (id, business, site, locale, browser, created_at, last_seen_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)
ON CONFLICT (id) DO UPDATE
SET last_seen_at = excluded.last_seen_at
WHERE visitor.business = excluded.business
";

/// The statement that adds a visitor.
pub fn visitor_put(scope: &VisitorScope, locale: &str, browser: &str, now: Millis) -> Statement {
    Statement::new(
        VISITOR_PUT,
        [
            scope.visitor.into(),
            scope.business.business().into(),
            scope.site.into(),
            locale.into(),
            browser.into(),
            now.into(),
        ],
    )
}

/// Adds a conversation. One that exists makes the batch fail as a duplicate, and nothing of it is written.
pub const CONVERSATION_INSERT: &str = "
INSERT INTO conversation (id, business, site, visitor, state, turn, locale, key_slab, key_slot, created_at
                        , last_message_at, present_at, requested_at, nobody_due_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10, ?10, CASE ?5 WHEN 'requested' THEN ?10 END, ?11)
";

/// The statement that adds a conversation.
pub fn conversation_insert(
    scope: &ThreadScope,
    state: State,
    turn: Option<TurnId>,
    locale: &str,
    key: KeyRef,
    (now, nobody_due_at): (Millis, Option<Millis>),
) -> Statement {
    Statement::new(
        CONVERSATION_INSERT,
        [
            scope.conversation.into(),
            scope.business.business().into(),
            scope.site.into(),
            scope.visitor.into(),
            state_name(state).into(),
            turn.into(),
            locale.into(),
            key.slab.into(),
            key.slot.into(),
            now.into(),
            nobody_due_at.into(),
        ],
    )
}

/// Records where the sealed address of a visitor was seen.
pub const ADDRESS_INSERT: &str = "
INSERT INTO visitor_address (conversation, business, visitor, day, seen_at, slab, slot, address)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
";

/// The statement that keeps a sealed IP address under the key of its day.
pub fn address_insert(scope: &ThreadScope, key: KeyRef, address: Vec<u8>, now: Millis) -> Statement {
    Statement::new(
        ADDRESS_INSERT,
        [
            scope.conversation.into(),
            scope.business.business().into(),
            scope.visitor.into(),
            now.day().into(),
            now.into(),
            key.slab.into(),
            key.slot.into(),
            address.into(),
        ],
    )
}

/// Notes that the visitor wrote: in which language, that they are there, and when they are to be told that nobody has
/// answered, where a person is to.
pub const CONVERSATION_TOUCH: &str = "
UPDATE conversation
SET locale = ?4
  , present_at = ?3
  , nobody_due_at = CASE WHEN state = 'human' THEN coalesce(nobody_due_at, ?5) ELSE nobody_due_at END
WHERE id = ?1
  AND business = ?2
";

/// The statement that notes a message of the visitor; the trigger on messages does the rest.
pub fn conversation_touch(
    scope: &ThreadScope,
    locale: &str,
    now: Millis,
    nobody_due_at: Option<Millis>,
) -> Statement {
    Statement::new(
        CONVERSATION_TOUCH,
        [
            scope.conversation.into(),
            scope.business.business().into(),
            now.into(),
            locale.into(),
            nobody_due_at.into(),
        ],
    )
}

/// Opens a conversation that was closed, because its visitor writes again. A machine answers, or a person is asked for.
pub const CONVERSATION_REOPEN: &str = "
UPDATE conversation
SET state = ?3
  , closed_at = NULL
  , person = NULL
  , requested_at = CASE ?3 WHEN 'requested' THEN ?4 ELSE NULL END
  , nobody_due_at = ?5
WHERE id = ?1
  AND business = ?2
  AND state = 'closed'
RETURNING id
";

/// The statement that opens a closed conversation again; it returns a row where it was closed.
pub fn conversation_reopen(
    scope: &ThreadScope,
    state: State,
    now: Millis,
    nobody_due_at: Option<Millis>,
) -> Statement {
    Statement::new(
        CONVERSATION_REOPEN,
        [
            scope.conversation.into(),
            scope.business.business().into(),
            state_name(state).into(),
            now.into(),
            nobody_due_at.into(),
        ],
    )
}

/// Begins a turn where none runs and a machine may answer.
pub const TURN_BEGIN: &str = "
UPDATE conversation
SET turn = ?3
WHERE id = ?1
  AND business = ?2
  AND turn IS NULL
  AND restricted_at IS NULL
  AND state IN ('ai', 'requested')
RETURNING id
";

/// The statement that begins a turn; it returns a row where it did.
pub fn turn_begin(scope: &ThreadScope, turn: TurnId) -> Statement {
    Statement::new(TURN_BEGIN, [scope.conversation.into(), scope.business.business().into(), turn.into()])
}

/// Ends a turn, if it is still the one that runs.
pub const TURN_END: &str = "
UPDATE conversation
SET turn = NULL
WHERE id = ?1
  AND business = ?2
  AND turn = ?3
";

/// The statement that ends a turn.
pub fn turn_end(scope: &ThreadScope, turn: TurnId) -> Statement {
    Statement::new(TURN_END, [scope.conversation.into(), scope.business.business().into(), turn.into()])
}

/// Notes how a turn went: how many questions in a row found nothing, and whether the machine asks for a person.
pub const TURN_NOTE: &str = "
UPDATE conversation
SET misses = ?4
  , requested_at = CASE WHEN ?5 IS NOT NULL AND state = 'ai' THEN ?5 ELSE requested_at END
  , nobody_due_at = CASE WHEN ?5 IS NOT NULL AND state = 'ai' THEN ?6 ELSE nobody_due_at END
  , state = CASE WHEN ?5 IS NOT NULL AND state = 'ai' THEN 'requested' ELSE state END
WHERE id = ?1
  AND business = ?2
  AND turn = ?3
  AND state IN ('ai', 'requested')
RETURNING id
";

/// The statement that notes how a turn went, while it still may write. `asked`: a person is asked for, since when, and
/// when the visitor is to be told that nobody has come.
pub fn turn_note(
    scope: &ThreadScope,
    turn: TurnId,
    misses: u32,
    asked: Option<(Millis, Millis)>,
) -> Statement {
    Statement::new(
        TURN_NOTE,
        [
            scope.conversation.into(),
            scope.business.business().into(),
            turn.into(),
            misses.into(),
            asked.map(|(now, _)| now).into(),
            asked.map(|(_, due_at)| due_at).into(),
        ],
    )
}

/// Moves new messages to a fresh key.
pub const KEY_ROLL: &str = "
UPDATE conversation
SET key_slab = ?3
  , key_slot = ?4
WHERE id = ?1
  AND business = ?2
";

/// The statement that moves a conversation's new messages to a fresh key.
pub fn key_roll(scope: &ThreadScope, key: KeyRef) -> Statement {
    Statement::new(
        KEY_ROLL,
        [scope.conversation.into(), scope.business.business().into(), key.slab.into(), key.slot.into()],
    )
}

/// Records the request for a person, once.
pub const PERSON_REQUEST: &str = "
UPDATE conversation
SET state = 'requested'
  , requested_at = ?3
  , nobody_due_at = ?4
  , misses = 0
WHERE id = ?1
  AND business = ?2
  AND state = 'ai'
RETURNING id
";

/// The statement that records the request for a person, and when the visitor is told that nobody has come; it returns a
/// row where it was the first.
pub fn person_request(scope: &ThreadScope, now: Millis, nobody_due_at: Millis) -> Statement {
    Statement::new(
        PERSON_REQUEST,
        [scope.conversation.into(), scope.business.business().into(), now.into(), nobody_due_at.into()],
    )
}

/// A state's name in the database, the same as on the wire.
pub const fn state_name(state: State) -> &'static str {
    match state {
        State::Ai => "ai",
        State::Requested => "requested",
        State::Human => "human",
        State::Closed => "closed",
    }
}

/// Looks for any conversation of a business.
pub const CONVERSATION_EXISTS: &str = "
SELECT id
FROM conversation
WHERE business = ?1
LIMIT 1
";

/// Whether anybody has written to a business.
pub async fn conversation_exists(shard: &Db, scope: &BusinessScope) -> Result<bool, DbFault> {
    let row: Option<serde_json::Value> =
        shard.row(Statement::new(CONVERSATION_EXISTS, [scope.business().into()])).await?;
    Ok(row.is_some())
}
