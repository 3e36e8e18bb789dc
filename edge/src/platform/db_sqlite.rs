//! The host's body of `Db`: SQLite in memory or in a file, with the limits that D1 sets.

use std::path::Path;
use std::sync::{Arc, Mutex};

use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, StatementStatus};
use serde::de::DeserializeOwned;

use super::super::stop::{self, Fate};
use super::{DbFault, Statement, Value};
use shared::limits::SQL_PARAMETERS;

/// A database.
#[derive(Clone)]
pub struct Db {
    connection: Arc<Mutex<Connection>>,
}

/// The rows of one statement, as JSON objects: the shape in which D1 gives them too.
pub(super) struct Rows(Vec<serde_json::Value>);

impl Rows {
    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<Vec<T>, DbFault> {
        self.0
            .iter()
            .map(|row| T::deserialize(row).map_err(|fault| DbFault::Failed(format!("row shape: {fault}"))))
            .collect()
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            // D1 binds every number as a REAL; a column that is an INTEGER makes one of it again.
            #[expect(clippy::cast_precision_loss, reason = "integers of ours are below 2^53")]
            Self::Integer(value) => ValueRef::Real(*value as f64),
            Self::Text(value) => ValueRef::Text(value.as_bytes()),
            Self::Blob(value) => ValueRef::Blob(value),
        }))
    }
}

fn fault(error: &rusqlite::Error) -> DbFault {
    DbFault::from_message(error.to_string())
}

impl Db {
    /// A fresh database in memory, with migrations applied in order.
    pub fn in_memory(migrations: &[&str]) -> Result<Self, DbFault> {
        Self::with(Connection::open_in_memory().map_err(|error| fault(&error))?, migrations)
    }

    /// A database in a file, with migrations applied in order where the file is new.
    pub fn in_file(path: &Path, migrations: &[&str]) -> Result<Self, DbFault> {
        Self::with(Connection::open(path).map_err(|error| fault(&error))?, migrations)
    }

    fn with(connection: Connection, migrations: &[&str]) -> Result<Self, DbFault> {
        let limit = i32::try_from(SQL_PARAMETERS).unwrap_or(i32::MAX);
        let apply = || -> rusqlite::Result<()> {
            connection.set_limit(rusqlite::limits::Limit::SQLITE_LIMIT_VARIABLE_NUMBER, limit)?;
            // D1 enforces foreign keys always.
            connection.execute_batch("PRAGMA foreign_keys = ON;")?;
            let tables: i64 =
                connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
            if tables == 0 {
                for migration in migrations {
                    connection.execute_batch(migration)?;
                }
            }
            Ok(())
        };
        apply().map_err(|error| fault(&error))?;
        Ok(Self { connection: Arc::new(Mutex::new(connection)) })
    }

    /// Copies the whole database to a file, as a backup does.
    pub fn copy_to(&self, path: &Path) -> Result<(), DbFault> {
        let connection = self.lock()?;
        connection
            .execute("VACUUM INTO ?1", [path.to_string_lossy()])
            .map(drop)
            .map_err(|error| fault(&error))
    }

    /// Hands the connection to a test that looks at the schema, a plan or raw rows.
    pub fn with_connection<T>(&self, look: impl FnOnce(&Connection) -> T) -> Result<T, DbFault> {
        Ok(look(&*self.lock()?))
    }

    fn lock(&self) -> Result<std::sync::MutexGuard<'_, Connection>, DbFault> {
        self.connection
            .lock()
            .map_err(|_| DbFault::Failed("a test panicked while it held the database".into()))
    }

    pub(super) async fn execute(&self, statements: Vec<Statement>) -> Result<Vec<Rows>, DbFault> {
        let fate = stop::call().await;
        if fate == Fate::Failed {
            return Err(DbFault::Failed(stop::BROKEN.into()));
        }
        let mut connection = self.lock()?;
        let transaction = connection.transaction().map_err(|error| fault(&error))?;
        let mut results = Vec::with_capacity(statements.len());
        for statement in &statements {
            stop::statement();
            results.push(Rows(run(&transaction, statement).map_err(|error| fault(&error))?));
        }
        transaction.commit().map_err(|error| fault(&error))?;
        if fate == Fate::Lost { Err(DbFault::Failed(stop::BROKEN.into())) } else { Ok(results) }
    }
}

fn run(connection: &Connection, statement: &Statement) -> rusqlite::Result<Vec<serde_json::Value>> {
    let mut prepared = connection.prepare_cached(&statement.sql)?;
    let names: Vec<String> = prepared.column_names().map(str::to_owned).collect();
    let mut rows = prepared.query(rusqlite::params_from_iter(&statement.values))?;
    let mut read = Vec::new();
    while let Some(row) = rows.next()? {
        let mut object = serde_json::Map::new();
        for (index, name) in names.iter().enumerate() {
            object.insert(name.clone(), json(row.get_ref(index)?));
        }
        read.push(serde_json::Value::Object(object));
    }
    drop(rows);
    stop::steps(prepared.reset_status(StatementStatus::VmStep));
    Ok(read)
}

fn json(value: ValueRef<'_>) -> serde_json::Value {
    match value {
        ValueRef::Null => serde_json::Value::Null,
        ValueRef::Integer(number) => number.into(),
        // JavaScript, through which D1's rows come, writes a whole number as one.
        #[expect(clippy::cast_possible_truncation, reason = "whole, and below 2^53")]
        ValueRef::Real(number) if number.fract() == 0.0 && number.abs() < 9e15 => (number as i64).into(),
        ValueRef::Real(number) => number.into(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned().into(),
        ValueRef::Blob(bytes) => bytes.to_vec().into(),
    }
}
