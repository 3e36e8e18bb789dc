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
    /// Counts the values that differed from the one before: whoever draws one looks at this, whatever its type.
    pub version: u32,
}

impl<T> Default for Slot<T> {
    fn default() -> Self {
        Self { value: None, loading: false, refusal: None, version: 0 }
    }
}

impl<T> Slot<T> {
    /// It is asked for.
    pub fn begin(&mut self) {
        self.loading = true;
        self.refusal = None;
    }

    /// It came.
    pub fn fill(&mut self, value: T)
    where
        T: PartialEq,
    {
        if self.value.as_ref() != Some(&value) {
            self.version = self.version.wrapping_add(1);
        }
        self.value = Some(value);
        self.loading = false;
        self.refusal = None;
    }

    /// It did not come; what was there stays.
    pub fn refuse(&mut self, refusal: Refusal) {
        self.loading = false;
        self.refusal = Some(refusal);
    }
}
