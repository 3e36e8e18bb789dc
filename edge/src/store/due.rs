//! What time is over for, class by class: one query each. The preview counts with it, the purge deletes with it.

use serde::Deserialize;
use shared::rules::retention::Class;
use shared::time::{DAY_MS, Millis};

use super::scope::OperatorScope;
use crate::platform::{Db, DbFault, Statement};

/// In which databases a class has rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Where {
    /// The directory.
    Directory,
    /// Every shard.
    Shard,
}

/// One class's query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// Where its rows are.
    pub place: Where,
    /// The table.
    pub table: &'static str,
    /// Its primary key.
    pub key: &'static str,
    /// The time from which the limit counts.
    pub at: &'static str,
    /// The column is a UTC day, not a time.
    pub is_day: bool,
    /// What else a row must fulfil.
    pub also: &'static str,
}

const fn due(place: Where, table: &'static str, key: &'static str, at: &'static str) -> Due {
    Due { place, table, key, at, is_day: false, also: "" }
}

const fn days(place: Where, table: &'static str, key: &'static str) -> Due {
    Due { place, table, key, at: "day", is_day: true, also: "" }
}

/// The query of a class.
pub const fn due_of(class: Class) -> Due {
    use Where::{Directory, Shard};
    match class {
        Class::Code => due(Directory, "sign_in_code", "id", "created_at"),
        Class::Challenge => due(Directory, "passkey_challenge", "id", "created_at"),
        Class::Session => due(Directory, "session", "id", "created_at"),
        Class::SignIn => Due { also: "action = 'sign_in'", ..due(Directory, "audit", "id", "at") },
        Class::Invitation => due(Directory, "invitation", "id", "expires_at"),
        Class::EmailChange => due(Directory, "email_change", "id", "created_at"),
        Class::Audit => due(Directory, "audit", "id", "at"),
        Class::Mail => due(Directory, "mail", "id", "created_at"),
        Class::Suppression => due(Directory, "mail_suppression", "finder", "at"),
        Class::JobRun => due(Directory, "job_run", "id", "started_at"),
        Class::DirectoryErasure => {
            Due { also: "state = 'receipted'", ..due(Directory, "erasure", "id", "receipted_at") }
        }
        Class::ErasureContact => due(Directory, "erasure_contact", "erasure", "created_at"),
        Class::AccountRequest => {
            Due { also: "state <> 'open'", ..due(Directory, "account_request", "id", "settled_at") }
        }
        Class::Billing => due(Directory, "billing_record", "id", "at"),
        Class::Alarm => days(Directory, "alarm_day", "day"),
        Class::Consent => Due {
            also: "NOT EXISTS (SELECT 1 FROM visitor WHERE visitor.id = consent_event.visitor)",
            ..due(Shard, "consent_event", "id", "created_at")
        },
        Class::ConsentWords => Due {
            also: "NOT EXISTS (SELECT 1 FROM consent_event \
                   WHERE consent_event.business = consent_words.business AND consent_event.text_hash = consent_words.hash)",
            ..due(Shard, "consent_words", "business, hash", "created_at")
        },
        Class::ConversationToken => due(Shard, "conversation_token", "hash", "last_used_at"),
        Class::Visit => days(Shard, "visit_day", "business, site, day, locale, browser"),
        Class::AiUse => days(Shard, "ai_day", "business, site, day"),
        Class::ConversationNumbers => days(Shard, "conversation_numbers", "conversation"),
        Class::ConversationUse => days(Shard, "ai_use", "conversation, day, provider, model"),
        Class::NumbersDay => days(Shard, "numbers_day", "business, site, day, measure"),
        Class::NumbersUse => days(Shard, "numbers_ai_day", "business, site, day, provider, model"),
        Class::DashboardUse => days(Directory, "use_day", "day, name"),
        Class::ShardErasure => {
            Due { also: "state = 'receipted'", ..due(Shard, "erasure", "id", "receipted_at") }
        }
        Class::ShardKey => Due { also: "state = 2", ..due(Shard, "seal_key", "slab, slot", "destroyed_at") },
        Class::DirectoryKey => {
            Due { also: "state = 2", ..due(Directory, "seal_key", "slab, slot", "destroyed_at") }
        }
    }
}

impl Due {
    /// The rows that are due; `?1` is the cut-off: a time, or a day.
    fn rows(&self) -> String {
        let also = if self.also.is_empty() { String::new() } else { format!(" AND {}", self.also) };
        format!("FROM {} WHERE {} <= ?1{also}", self.table, self.at)
    }

    /// The text that counts what is due.
    pub fn count_sql(&self) -> String {
        format!("SELECT count(*) AS rows_due, min({}) AS oldest {}", self.at, self.rows())
    }

    /// The text that deletes up to `?2` rows that are due and returns a row for each.
    pub fn delete_sql(&self) -> String {
        let (table, key) = (self.table, self.key);
        format!(
            "DELETE FROM {table} WHERE ({key}) IN (SELECT {key} {} LIMIT ?2) RETURNING 1 AS gone",
            self.rows()
        )
    }

    /// The time that a row's column says: of a day, its beginning.
    pub fn time_of(&self, column: i64) -> Millis {
        Millis::new(if self.is_day { column.saturating_mul(DAY_MS) } else { column })
    }

    fn cut_off(&self, kept_from: Millis) -> i64 {
        if self.is_day { kept_from.day() } else { kept_from.as_i64() }
    }
}

/// How many rows of a class are due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct DueCount {
    /// How many.
    pub rows_due: u32,
    /// The time, or the day, of the oldest.
    pub oldest: Option<i64>,
}

/// What the purge would delete of a class, in one database.
pub async fn due_count(
    db: &Db,
    _scope: &OperatorScope,
    due: &Due,
    kept_from: Millis,
) -> Result<DueCount, DbFault> {
    let found = db.row(Statement::new(due.count_sql(), [due.cut_off(kept_from).into()])).await?;
    Ok(found.unwrap_or(DueCount { rows_due: 0, oldest: None }))
}

/// Deletes up to `limit` rows of a class that are due, in one database; how many went.
pub async fn due_delete(
    db: &Db,
    _scope: &OperatorScope,
    due: &Due,
    kept_from: Millis,
    limit: u32,
) -> Result<u32, DbFault> {
    let values = [due.cut_off(kept_from).into(), limit.into()];
    let gone: Vec<serde_json::Value> = db.rows(Statement::new(due.delete_sql(), values)).await?;
    Ok(u32::try_from(gone.len()).unwrap_or(u32::MAX))
}

/// Condemns the keys of days whose last payment is gone.
pub const BILLING_DAYS_CONDEMN: &str = "
UPDATE seal_key
SET state = 1
WHERE owner_kind = 'day'
  AND state = 0
  AND CAST(owner AS INTEGER) <= ?1
  AND NOT EXISTS (
      SELECT 1
      FROM billing_record
      WHERE billing_record.slab = seal_key.slab
        AND billing_record.slot = seal_key.slot
  )
";

/// The statement that condemns the keys of payments' days up to `last_day` that seal nothing any more.
pub fn billing_days_condemn(_scope: &OperatorScope, last_day: i64) -> Statement {
    Statement::new(BILLING_DAYS_CONDEMN, [last_day.into()])
}
