//! The Worker's body of `Db`: D1.

use std::sync::Arc;

use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;
use worker::D1Database;

use super::super::meter;
use super::{DbFault, Statement, Value};

/// A database.
#[derive(Clone)]
pub struct Db {
    database: Arc<D1Database>,
}

/// The rows of one statement.
pub(super) struct Rows(worker::D1Result);

impl Rows {
    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<Vec<T>, DbFault> {
        self.0.results().map_err(|fault| DbFault::Failed(format!("row shape: {fault}")))
    }
}

fn js(value: &Value) -> JsValue {
    match value {
        Value::Null => JsValue::NULL,
        // D1 refuses BigInt; every integer of ours is below 2^53.
        #[expect(clippy::cast_precision_loss, reason = "integers of ours are below 2^53")]
        Value::Integer(number) => JsValue::from_f64(*number as f64),
        Value::Text(text) => JsValue::from_str(text),
        Value::Blob(bytes) => js_sys::Uint8Array::from(bytes.as_slice()).into(),
    }
}

impl Db {
    /// Wraps a binding.
    pub fn new(database: D1Database) -> Self {
        Self { database: Arc::new(database) }
    }

    pub(super) async fn execute(&self, statements: Vec<Statement>) -> Result<Vec<Rows>, DbFault> {
        let mut prepared = Vec::with_capacity(statements.len());
        for statement in &statements {
            let values: Vec<JsValue> = statement.values.iter().map(js).collect();
            let bound = self.database.prepare(statement.sql.as_ref()).bind(&values);
            prepared.push(bound.map_err(|fault| DbFault::Failed(fault.to_string()))?);
        }
        let results =
            self.database.batch(prepared).await.map_err(|fault| DbFault::from_message(fault.to_string()))?;
        if meter::is_counted() {
            for meta in results.iter().filter_map(|result| result.meta().ok().flatten()) {
                meter::rows(meta.rows_read.unwrap_or_default(), meta.rows_written.unwrap_or_default());
            }
        }
        Ok(results.into_iter().map(Rows).collect())
    }
}
