//! One database: a directory or a shard. D1 on workerd, SQLite on the host.
//!
//! A batch is one transaction. Writes are never retried here: D1 does not, so ours are idempotent and callers may.

use std::borrow::Cow;

use serde::de::DeserializeOwned;

#[cfg(target_arch = "wasm32")]
#[path = "db_d1.rs"]
mod body;
#[cfg(not(target_arch = "wasm32"))]
#[path = "db_sqlite.rs"]
mod body;

pub use body::Db;

/// What a statement binds.
#[derive(Clone, PartialEq, Eq)]
pub enum Value {
    /// Absence.
    Null,
    /// A whole number; JavaScript keeps 53 bits of it, and every number of ours fits.
    Integer(i64),
    /// Text.
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
}

impl std::fmt::Debug for Value {
    /// Never the value: statements are logged when they fail.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Null => "null",
            Self::Integer(_) => "integer",
            Self::Text(_) => "text",
            Self::Blob(_) => "blob",
        })
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<u32> for Value {
    fn from(value: u32) -> Self {
        Self::Integer(i64::from(value))
    }
}

impl From<u16> for Value {
    fn from(value: u16) -> Self {
        Self::Integer(i64::from(value))
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Integer(i64::from(value))
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<Vec<u8>> for Value {
    fn from(value: Vec<u8>) -> Self {
        Self::Blob(value)
    }
}

impl From<shared::time::Millis> for Value {
    fn from(value: shared::time::Millis) -> Self {
        Self::Integer(value.as_i64())
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

macro_rules! ids_as_values {
    ($($id:ident),+ $(,)?) => {$(
        impl From<shared::id::$id> for Value {
            fn from(id: shared::id::$id) -> Self {
                Self::Text(id.to_string())
            }
        }
    )+};
}

ids_as_values!(
    BusinessId,
    SiteId,
    VisitorId,
    ConversationId,
    MessageId,
    DraftId,
    TurnId,
    ConsentId,
    KnowledgeId,
    ErasureId,
    JobRunId,
    SlabId,
    AccountId,
    InvitationId,
    SessionId,
    ApiTokenId,
    PasskeyId,
    CodeId,
    AuditId,
    MailId,
    FileId,
    NoteId,
    LabelId,
    CannedReplyId,
    ViewId,
    ContactId,
    IdentitySecretId,
    WebhookId,
    BillingId,
    RequestId,
    RectificationId,
    DeletionId,
    NoticeId,
);

/// One SQL statement with what it binds to `?1`, `?2`, ….
#[derive(Debug, Clone)]
pub struct Statement {
    /// The text: a constant of the store file that owns the table, or made from the inventory.
    pub sql: Cow<'static, str>,
    /// What is bound, 100 values at most.
    pub values: Vec<Value>,
}

impl Statement {
    /// A statement with its values.
    pub fn new(sql: impl Into<Cow<'static, str>>, values: impl Into<Vec<Value>>) -> Self {
        Self { sql: sql.into(), values: values.into() }
    }
}

/// Why a database did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum DbFault {
    /// A unique index refused the row: what is written exists already.
    #[error("a row with that key exists")]
    Duplicate,
    /// A trigger refused the row. The text is the trigger's own constant.
    #[error("refused by the schema: {0}")]
    Refused(&'static str),
    /// Anything else. Database messages name tables and columns, never values.
    #[error("database: {0}")]
    Failed(String),
}

/// What the schema says where a join finds no invitation that is open.
pub const NO_INVITATION: &str = "NOT NULL constraint failed: membership.business";

/// What the schema says where a file belongs to another message already.
pub const FILE_TAKEN: &str = "file_taken";

/// What the schema says where somebody had the processing of a conversation restricted.
pub const RESTRICTED: &str = "conversation_restricted";

/// The constants our triggers raise, and the one constraint that stands for a condition.
const REFUSALS: [&str; 7] = [
    "seal_key_not_live",
    "seal_key_returns",
    "subject_erased",
    "last_owner",
    RESTRICTED,
    NO_INVITATION,
    FILE_TAKEN,
];

impl DbFault {
    fn from_message(message: String) -> Self {
        if let Some(refusal) = REFUSALS.iter().find(|refusal| message.contains(**refusal)) {
            return Self::Refused(refusal);
        }
        if message.contains("UNIQUE constraint failed") {
            return Self::Duplicate;
        }
        Self::Failed(message)
    }
}

/// What a batch brought back, a place for each statement.
pub struct Batch {
    results: Vec<body::Rows>,
}

impl Batch {
    /// The rows that statement `index` returned (`RETURNING`, or a SELECT).
    pub fn rows<T: DeserializeOwned>(&self, index: usize) -> Result<Vec<T>, DbFault> {
        self.results.get(index).map_or_else(|| Ok(Vec::new()), body::Rows::read)
    }

    /// The first row that statement `index` returned.
    pub fn row<T: DeserializeOwned>(&self, index: usize) -> Result<Option<T>, DbFault> {
        Ok(self.rows(index)?.into_iter().next())
    }
}

impl Db {
    /// All rows of a statement.
    pub async fn rows<T: DeserializeOwned>(&self, statement: Statement) -> Result<Vec<T>, DbFault> {
        self.run(vec![statement]).await?.rows(0)
    }

    /// The first row of a statement, if there is one.
    pub async fn row<T: DeserializeOwned>(&self, statement: Statement) -> Result<Option<T>, DbFault> {
        self.run(vec![statement]).await?.row(0)
    }

    /// Runs a statement for its effect.
    pub async fn write(&self, statement: Statement) -> Result<(), DbFault> {
        self.run(vec![statement]).await.map(drop)
    }

    /// Runs statements as one transaction: all of them, or none.
    pub async fn batch(&self, statements: Vec<Statement>) -> Result<Batch, DbFault> {
        self.run(statements).await
    }

    async fn run(&self, statements: Vec<Statement>) -> Result<Batch, DbFault> {
        super::meter::count(statements.len());
        Ok(Batch { results: self.execute(statements).await? })
    }
}
