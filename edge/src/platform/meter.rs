//! How many statements an invocation has made. Cloudflare lets a Worker make so many of them in one invocation and fails
//! the rest; whoever knows how many are left stops before, and goes on in the next one.
//!
//! The count belongs to a future, not to an isolate: requests that an isolate answers meanwhile are not counted with it.
//!
//! Beside it stands what an isolate has asked for in all, in the units that a platform charges for. It is counted from when
//! somebody first asks for it, which only benchmarks do.

use std::cell::Cell;
use std::pin::Pin;
use std::task::{Context, Poll};

use serde::Serialize;

/// What was made, and up to where more may be.
#[derive(Debug, Clone, Copy)]
struct Reading {
    made: u32,
    until: u32,
}

impl Reading {
    const UNBOUNDED: Self = Self { made: 0, until: u32::MAX };
}

/// What this isolate has asked of databases and buckets.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Spent {
    /// Statements.
    pub statements: u64,
    /// Rows that the databases read for them, by their own count.
    pub rows_read: u64,
    /// Rows that they wrote, indexes included.
    pub rows_written: u64,
    /// Operations on buckets.
    pub bucket_operations: u64,
}

thread_local! {
    static READING: Cell<Reading> = const { Cell::new(Reading::UNBOUNDED) };
    static SPENT: Cell<Option<Spent>> = const { Cell::new(None) };
}

/// What this isolate has asked for since this was first asked.
pub fn spent() -> Spent {
    let spent = SPENT.get().unwrap_or_default();
    SPENT.set(Some(spent));
    spent
}

/// Adds to what was spent, where that is counted.
fn spend(add: impl FnOnce(&mut Spent)) {
    if let Some(mut spent) = SPENT.get() {
        add(&mut spent);
        SPENT.set(Some(spent));
    }
}

/// Somebody asked for what is spent.
#[cfg(target_arch = "wasm32")]
pub(super) fn is_counted() -> bool {
    SPENT.get().is_some()
}

/// Stands behind a statement: what the database says that it cost.
#[cfg(target_arch = "wasm32")]
pub(super) fn rows(read: usize, written: usize) {
    spend(|spent| {
        spent.rows_read = spent.rows_read.saturating_add(read as u64);
        spent.rows_written = spent.rows_written.saturating_add(written as u64);
    });
}

/// Stands before an operation on a bucket.
pub(super) fn bucket() {
    spend(|spent| spent.bucket_operations = spent.bucket_operations.saturating_add(1));
}

/// A future whose statements are counted by themselves.
pub struct Metered<F> {
    inner: Pin<Box<F>>,
    reading: Reading,
}

/// Counts the statements of a future from nought.
pub fn metered<F: Future>(inner: F) -> Metered<F> {
    Metered { inner: Box::pin(inner), reading: Reading::UNBOUNDED }
}

impl<F: Future> Future for Metered<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let outside = READING.replace(self.reading);
        let polled = self.inner.as_mut().poll(context);
        self.reading = READING.replace(outside);
        polled
    }
}

/// Stands before statements are made.
pub(super) fn count(statements: usize) {
    let mut reading = READING.get();
    reading.made = reading.made.saturating_add(u32::try_from(statements).unwrap_or(u32::MAX));
    READING.set(reading);
    spend(|spent| spent.statements = spent.statements.saturating_add(statements as u64));
}

/// From here on, `until` statements in all may be made.
pub fn allow(until: u32) {
    READING.set(Reading { until, ..READING.get() });
}

/// How many more statements may be made.
pub fn left() -> u32 {
    let reading = READING.get();
    reading.until.saturating_sub(reading.made)
}

/// So many more statements fit. Outside of what is metered they always do.
pub fn has(statements: u32) -> bool {
    statements <= left()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_future_s_statements_are_counted_by_themselves() {
        let work = async {
            allow(10);
            count(8);
            assert!(has(2) && !has(3));
            futures::pending!();
            assert!(has(2) && !has(3), "what another one did meanwhile is not counted");
        };
        let mut metered = Box::pin(metered(work));
        let mut context = Context::from_waker(std::task::Waker::noop());
        assert!(metered.as_mut().poll(&mut context).is_pending());
        assert!(has(u32::MAX), "outside nothing is bounded");
        count(100);
        assert!(metered.as_mut().poll(&mut context).is_ready());
        READING.set(Reading::UNBOUNDED);
    }

    #[test]
    fn what_an_isolate_asks_for_is_counted_once_somebody_wants_to_know() {
        count(5);
        assert_eq!(spent(), Spent::default());
        count(3);
        bucket();
        assert_eq!(spent(), Spent { statements: 3, bucket_operations: 1, ..Spent::default() });
        READING.set(Reading::UNBOUNDED);
    }
}
