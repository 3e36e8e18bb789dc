//! What time is over for in conversations, where each site has a limit of its own: one text a kind. The preview of a limit
//! counts with it, the purge looks with it where something is due, and deletes with it.

use serde::Deserialize;
use shared::id::SiteId;
use shared::time::Millis;

use super::retention::SiteLimit;
use super::scope::OperatorScope;
use crate::platform::{Db, DbFault, Statement};

/// What has a clock of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SiteDue {
    /// A conversation whose newest message is over: it goes as a whole, with its keys.
    Conversation,
    /// A message.
    Message,
    /// A file. It goes with its message.
    File,
    /// A note of a colleague.
    Note,
    /// A card with words that are over.
    Card,
    /// What a visitor said about the conversation.
    Comment,
}

/// How the texts name the business, the site and the cut-off.
struct Names {
    business: &'static str,
    site: &'static str,
    cut_off: &'static str,
}

const BOUND: Names = Names { business: "?1", site: "?2", cut_off: "?3" };
const ASKED: Names = Names {
    business: "(asked.value ->> '$.business')",
    site: "(asked.value ->> '$.site')",
    cut_off: "(asked.value ->> '$.cut_off')",
};

/// Tables whose rows are sealed under a conversation's key, each with what says that a row still is.
const SEALED: [(&str, &str); 10] = [
    ("message", ""),
    ("satisfaction", " AND satisfaction.comment IS NOT NULL"),
    ("note", ""),
    ("conversation_card", ""),
    ("visitor_identity", ""),
    ("visitor_page", ""),
    ("privacy_request", ""),
    ("rectification", ""),
    ("contact", ""),
    ("file", ""),
];

impl SiteDue {
    /// Every kind.
    pub const ALL: [Self; 6] =
        [Self::Conversation, Self::Message, Self::File, Self::Note, Self::Card, Self::Comment];

    /// The table, the time that its clock counts from, and what else a row must fulfil.
    const fn place(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Conversation => ("conversation", "last_message_at", ""),
            Self::Message | Self::File => ("message", "created_at", ""),
            Self::Note => ("note", "created_at", ""),
            Self::Card => ("conversation_card", "covers_from", ""),
            Self::Comment => ("satisfaction", "given_at", " AND satisfaction.comment IS NOT NULL"),
        }
    }

    /// The rows that are due: what is restricted, or held for a legal claim, is passed by.
    fn rows(self, names: &Names) -> String {
        let Names { business, site, cut_off } = names;
        let (table, at, also) = self.place();
        let joined = match self {
            // What is being erased already is not due again, nor is a conversation with a message that came meanwhile.
            Self::Conversation => format!(
                "JOIN seal_key ON seal_key.slab = conversation.key_slab AND seal_key.slot = conversation.key_slot \
                 AND seal_key.state = 0 AND NOT EXISTS (SELECT 1 FROM message \
                 WHERE message.conversation = conversation.id AND message.created_at > {cut_off})"
            ),
            Self::File => "JOIN conversation ON conversation.id = message.conversation \
                           JOIN file ON file.message = message.id"
                .to_owned(),
            _ => format!("JOIN conversation ON conversation.id = {table}.conversation"),
        };
        format!(
            "FROM {table} {joined} WHERE {table}.business = {business} AND {table}.{at} <= {cut_off} \
             AND conversation.site = {site} AND conversation.restricted_at IS NULL \
             AND conversation.held_at IS NULL{also}"
        )
    }

    /// The text that counts what is due of a site. `?1` is the business, `?2` the site, `?3` the cut-off.
    pub fn count_sql(self) -> String {
        let (table, at, _) = self.place();
        format!("SELECT count(*) AS rows_due, min({table}.{at}) AS oldest {}", self.rows(&BOUND))
    }

    /// The text that takes away up to `?4` rows that are due and returns one for each. `None` where a row is not deleted by
    /// itself: a conversation is erased, and a file goes with its message.
    pub fn delete_sql(self) -> Option<String> {
        let rows = self.rows(&BOUND);
        match self {
            Self::Conversation | Self::File => None,
            Self::Message => Some(format!(
                "DELETE FROM message WHERE id IN (SELECT message.id {rows} LIMIT ?4) RETURNING id"
            )),
            // In an order, so that a note's mentions are those of the same notes.
            Self::Note => Some(format!(
                "DELETE FROM note WHERE id IN (SELECT note.id {rows} ORDER BY note.created_at, note.id LIMIT ?4) RETURNING id"
            )),
            Self::Card => Some(format!(
                "DELETE FROM conversation_card WHERE conversation IN (SELECT conversation_card.conversation {rows} \
                 LIMIT ?4) RETURNING conversation"
            )),
            Self::Comment => Some(format!(
                "UPDATE satisfaction SET comment = NULL WHERE conversation IN (SELECT satisfaction.conversation {rows} \
                 LIMIT ?4) RETURNING conversation"
            )),
        }
    }
}

/// The text that lists up to `?4` conversations that are due, oldest first.
pub fn conversations_sql() -> String {
    format!(
        "SELECT conversation.id, conversation.visitor {} ORDER BY conversation.last_message_at LIMIT ?4",
        SiteDue::Conversation.rows(&BOUND)
    )
}

/// The text that deletes whom the notes call that [`SiteDue::Note`] deletes.
pub fn mentions_sql() -> String {
    format!(
        "DELETE FROM note_mention WHERE note IN (SELECT note.id {} ORDER BY note.created_at, note.id LIMIT ?4)",
        SiteDue::Note.rows(&BOUND)
    )
}

/// Keys of a business that were rolled before a cut-off and seal no row any more.
fn rolled(business: &str, cut_off: &str) -> String {
    let empty: String = SEALED
        .iter()
        .map(|(table, also)| {
            format!(
                " AND NOT EXISTS (SELECT 1 FROM {table} WHERE {table}.slab = seal_key.slab \
                 AND {table}.slot = seal_key.slot{also})"
            )
        })
        .collect();
    format!(
        "seal_key.business = {business} AND seal_key.owner_kind = 'conversation' AND seal_key.state = 0 \
         AND seal_key.created_at <= {cut_off}{empty} AND NOT EXISTS (SELECT 1 FROM conversation \
         WHERE conversation.id = seal_key.owner AND conversation.key_slab = seal_key.slab \
         AND conversation.key_slot = seal_key.slot)"
    )
}

/// The text that condemns such keys. `?1` is the business, `?2` the cut-off. It returns a row for each.
pub fn rolled_sql() -> String {
    format!("UPDATE seal_key SET state = 1 WHERE {} RETURNING slot", rolled("?1", "?2"))
}

/// The text that says of each site in `?1` of what the purge finds anything in it, and how much it passes by. It looks up to
/// the first row of each kind, so it costs the same whatever a site holds.
pub fn look_sql() -> String {
    let Names { business, site, cut_off } = ASKED;
    let kinds: String = LOOKED
        .iter()
        .map(|(kind, name)| format!("EXISTS (SELECT 1 {}) AS {name}, ", kind.rows(&ASKED)))
        .collect();
    format!(
        "SELECT {site} AS site, {kinds}EXISTS (SELECT 1 FROM seal_key WHERE {}) AS keys, \
         (SELECT count(*) FROM conversation WHERE conversation.business = {business} \
         AND conversation.last_message_at <= {cut_off} AND conversation.site = {site} \
         AND (conversation.restricted_at IS NOT NULL OR conversation.held_at IS NOT NULL)) AS spared \
         FROM json_each(?1) AS asked",
        rolled(business, cut_off)
    )
}

/// What the look says of each kind, by the names of [`SiteLook`]. A file goes with its message.
const LOOKED: [(SiteDue, &str); 5] = [
    (SiteDue::Conversation, "conversations"),
    (SiteDue::Message, "messages"),
    (SiteDue::Note, "notes"),
    (SiteDue::Card, "cards"),
    (SiteDue::Comment, "comments"),
];

/// What a look found in a site: 1 where something of a kind is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct SiteLook {
    /// The site.
    pub site: SiteId,
    /// Whole conversations.
    pub conversations: u8,
    /// Messages.
    pub messages: u8,
    /// Notes.
    pub notes: u8,
    /// Cards.
    pub cards: u8,
    /// Comments.
    pub comments: u8,
    /// Rolled keys that seal nothing any more.
    pub keys: u8,
    /// How many conversations are due and passed by.
    pub spared: u32,
}

impl SiteLook {
    /// Anything is due.
    pub const fn is_due(&self) -> bool {
        self.conversations | self.messages | self.notes | self.cards | self.comments | self.keys != 0
    }
}

/// Looks at some sites of one shard at once: one statement, however many they are.
pub async fn sites_look(
    shard: &Db,
    _scope: &OperatorScope,
    sites: &[(SiteLimit, Millis)],
) -> Result<Vec<SiteLook>, DbFault> {
    let asked: Vec<serde_json::Value> = sites
        .iter()
        .map(|(site, cut_off)| {
            serde_json::json!({ "business": site.business.business(), "site": site.site, "cut_off": cut_off })
        })
        .collect();
    let asked = serde_json::Value::Array(asked).to_string();
    shard.rows(Statement::new(look_sql(), [asked.into()])).await
}

/// How much of a kind is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
pub struct SiteCount {
    /// How many rows.
    pub rows_due: u32,
    /// The time of the oldest.
    pub oldest: Option<Millis>,
}

/// How much of each kind is due of a site, in the order of [`SiteDue::ALL`], as of one moment.
pub async fn site_count(shard: &Db, site: &SiteLimit, cut_off: Millis) -> Result<[SiteCount; 6], DbFault> {
    let statements =
        SiteDue::ALL.iter().map(|kind| statement(kind.count_sql(), site, cut_off, None)).collect();
    let batch = shard.batch(statements).await?;
    let mut counts = [SiteCount::default(); 6];
    for (index, count) in counts.iter_mut().enumerate() {
        *count = batch.row(index)?.unwrap_or_default();
    }
    Ok(counts)
}

/// A text with a site bound to it, and how many rows it may touch.
pub fn statement(sql: String, site: &SiteLimit, cut_off: Millis, limit: Option<u32>) -> Statement {
    let mut values = vec![site.business.business().into(), site.site.into(), cut_off.into()];
    values.extend(limit.map(Into::into));
    Statement::new(sql, values)
}
