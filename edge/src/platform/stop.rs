//! The host's way to stop a worker in the middle: after so many calls to databases and buckets nothing answers any more,
//! as when an isolate is thrown away. Tests drop what waits, and look what is left.

use std::cell::Cell;

thread_local! {
    static CALLS_LEFT: Cell<Option<u32>> = const { Cell::new(None) };
    static STATEMENTS: Cell<u32> = const { Cell::new(0) };
    static STEPS: Cell<u64> = const { Cell::new(0) };
}

/// Lets `calls` more calls of this thread through; `None` lets all through.
pub fn after(calls: Option<u32>) {
    CALLS_LEFT.set(calls);
}

/// How many calls would still go through; `None` where all do.
pub fn left() -> Option<u32> {
    CALLS_LEFT.get()
}

/// How many statements this thread has made, counted where they are carried out: what D1 would count.
pub fn statements() -> u32 {
    STATEMENTS.get()
}

/// How many steps SQLite's machine has made for this thread's statements: work that no busy computer changes. Each row that is
/// read or written costs some.
pub fn steps_made() -> u64 {
    STEPS.get()
}

/// Counts the steps of a statement.
pub(super) fn steps(steps: i32) {
    STEPS.set(STEPS.get().saturating_add(u64::from(steps.unsigned_abs())));
}

/// Stands where a statement is carried out.
pub(super) fn statement() {
    STATEMENTS.set(STATEMENTS.get().saturating_add(1));
}

/// Stands before every call.
pub(super) async fn call() {
    match CALLS_LEFT.get() {
        None => {}
        Some(0) => std::future::pending().await,
        Some(calls) => CALLS_LEFT.set(Some(calls.saturating_sub(1))),
    }
}
