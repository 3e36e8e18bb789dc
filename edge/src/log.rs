//! Logs say what happened, never who: one JSON line an event, with a closed set of fields.

use shared::id::ReferenceId;

use crate::app::App;
use crate::ops::OpError;

/// Logs a fault, once, and returns the reference that the caller is told.
///
/// `part` names the part of the house; the fault's own words name steps and columns, never values.
pub fn fault(app: &App, part: &str, fault: &dyn std::error::Error) -> ReferenceId {
    let reference = ReferenceId::mint(app.clock.now(), app.rng.bytes().unwrap_or_default());
    line(&serde_json::json!({
        "level": "error",
        "message": "an operation failed",
        "part": part,
        "fault": fault.to_string(),
        "reference": reference,
    }));
    reference
}

/// Logs why a part of a job was not done. What was denied needs no reference: nobody waits for an answer.
pub fn failed(app: &App, part: &str, failure: &OpError) {
    match failure {
        OpError::Fault(cause) => {
            fault(app, part, cause);
        }
        OpError::Denied(_) | OpError::Reported(_) => note(part, "something was refused to a job"),
    }
}

/// Logs something that an operator may want to know.
pub fn note(part: &str, message: &str) {
    line(&serde_json::json!({ "level": "info", "part": part, "message": message }));
}

#[cfg(target_arch = "wasm32")]
fn line(entry: &serde_json::Value) {
    worker::console_log!("{entry}");
}

#[cfg(not(target_arch = "wasm32"))]
fn line(entry: &serde_json::Value) {
    if let Ok(mut captured) = CAPTURED.lock() {
        captured.push(entry.to_string());
    }
}

/// What was logged in this process, for tests that look for canaries.
#[cfg(not(target_arch = "wasm32"))]
static CAPTURED: std::sync::Mutex<Vec<String>> = std::sync::Mutex::new(Vec::new());

/// Everything that was logged in this process so far.
#[cfg(not(target_arch = "wasm32"))]
pub fn captured() -> Vec<String> {
    CAPTURED.lock().map(|captured| captured.clone()).unwrap_or_default()
}
