//! How many statements an invocation has made. Cloudflare lets a Worker make so many of them in one invocation and fails
//! the rest; whoever knows how many are left stops before, and goes on in the next one.
//!
//! The count belongs to a future, not to an isolate: requests that an isolate answers meanwhile are not counted with it.

use std::cell::Cell;
use std::pin::Pin;
use std::task::{Context, Poll};

/// What was made, and up to where more may be.
#[derive(Debug, Clone, Copy)]
struct Reading {
    made: u32,
    until: u32,
}

impl Reading {
    const UNBOUNDED: Self = Self { made: 0, until: u32::MAX };
}

thread_local! {
    static READING: Cell<Reading> = const { Cell::new(Reading::UNBOUNDED) };
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
}
