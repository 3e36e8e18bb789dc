//! The host's ways to let a worker fail in the middle. After so many calls to databases and buckets nothing answers any
//! more, as when an isolate is thrown away: tests drop what waits, and look what is left; or let something else happen
//! meanwhile, and then let it go on. Or some calls answer an error, without having done anything or after they have done
//! it, and the worker goes on.

use std::cell::Cell;
use std::task::Poll;

thread_local! {
    static CALLS_LEFT: Cell<Option<u32>> = const { Cell::new(None) };
    static FAILURES: Cell<Option<Failures>> = const { Cell::new(None) };
    static STATEMENTS: Cell<u32> = const { Cell::new(0) };
    static STEPS: Cell<u64> = const { Cell::new(0) };
}

/// Calls that answer an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failures {
    /// So many calls go through before.
    pub after: u32,
    /// So many answer an error.
    pub times: u32,
    /// They do what they were asked for all the same: only the answer is lost.
    pub done: bool,
}

/// What becomes of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is carried out and answered.
    Whole,
    /// It is not carried out, and answers an error.
    Failed,
    /// It is carried out, and answers an error.
    Lost,
}

/// What a call says that failed because a test wanted it.
pub(super) const BROKEN: &str = "a test broke the line";

/// Lets `calls` more calls of this thread through; `None` lets all through.
pub fn after(calls: Option<u32>) {
    CALLS_LEFT.set(calls);
}

/// How many calls would still go through; `None` where all do.
pub fn left() -> Option<u32> {
    CALLS_LEFT.get()
}

/// Lets calls of this thread answer an error; `None` ends that.
pub fn fail(failures: Option<Failures>) {
    FAILURES.set(failures);
}

/// Whether every error that was ordered was answered.
pub fn has_failed() -> bool {
    FAILURES.get().is_some_and(|failures| failures.times == 0)
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
pub(super) async fn call() -> Fate {
    match CALLS_LEFT.get() {
        None => {}
        Some(0) => {
            std::future::poll_fn(
                |_| {
                    if CALLS_LEFT.get() == Some(0) { Poll::Pending } else { Poll::Ready(()) }
                },
            )
            .await;
        }
        Some(calls) => CALLS_LEFT.set(Some(calls.saturating_sub(1))),
    }
    let Some(mut failures) = FAILURES.get() else { return Fate::Whole };
    let fate = if failures.after > 0 {
        failures.after = failures.after.saturating_sub(1);
        Fate::Whole
    } else if failures.times > 0 {
        failures.times = failures.times.saturating_sub(1);
        if failures.done { Fate::Lost } else { Fate::Failed }
    } else {
        Fate::Whole
    };
    FAILURES.set(Some(failures));
    fate
}
