//! A place for something that is loaded: what was there stays on the screen while it is asked for again.

use super::Refusal;

/// What was loaded, whether it is on its way, and why it did not come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot<T> {
    /// What came last.
    pub value: Option<T>,
    /// It is on its way.
    pub loading: bool,
    /// Why it did not come.
    pub refusal: Option<Refusal>,
}

impl<T> Default for Slot<T> {
    fn default() -> Self {
        Self { value: None, loading: false, refusal: None }
    }
}

impl<T> Slot<T> {
    /// It is asked for.
    pub fn begin(&mut self) {
        self.loading = true;
        self.refusal = None;
    }

    /// It came.
    pub fn fill(&mut self, value: T) {
        *self = Self { value: Some(value), loading: false, refusal: None };
    }

    /// It did not come; what was there stays.
    pub fn refuse(&mut self, refusal: Refusal) {
        self.loading = false;
        self.refusal = Some(refusal);
    }
}
