//! The host's way to stop a worker in the middle: after so many calls to databases and buckets nothing answers any more,
//! as when an isolate is thrown away. Tests drop what waits, and look what is left.

use std::cell::Cell;

thread_local! {
    static CALLS_LEFT: Cell<Option<u32>> = const { Cell::new(None) };
}

/// Lets `calls` more calls of this thread through; `None` lets all through.
pub fn after(calls: Option<u32>) {
    CALLS_LEFT.set(calls);
}

/// How many calls would still go through; `None` where all do.
pub fn left() -> Option<u32> {
    CALLS_LEFT.get()
}

/// Stands before every call.
pub(super) async fn call() {
    match CALLS_LEFT.get() {
        None => {}
        Some(0) => std::future::pending().await,
        Some(calls) => CALLS_LEFT.set(Some(calls.saturating_sub(1))),
    }
}
