//! What the log shows, in order: days with their dates, messages, and what is on its way.

use shared::id::{DraftId, MessageId};
use shared::time::{DAY_MS, MINUTE_MS, Millis};

use super::State;

/// One row of the log. A message of the visitor keeps its key when it is accepted, so that the element on the page
/// stays the same and is read out once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RowKey {
    /// A new day of the visitor's calendar begins. When the day's first message was written, and when it goes.
    Day(Millis, Millis),
    /// Written in this frame.
    Own(DraftId),
    /// Written elsewhere.
    Message(MessageId),
}

impl State {
    /// The rows of the log.
    pub fn rows(&self) -> Vec<RowKey> {
        let mut rows = Vec::new();
        let mut last_day = None;
        for message in self.thread.messages() {
            let day = self.local_day(message.at);
            if last_day != Some(day) {
                rows.push(RowKey::Day(message.at, message.until));
                last_day = Some(day);
            }
            rows.push(message.draft.map_or(RowKey::Message(message.id), RowKey::Own));
        }
        rows.extend(self.thread.drafts.iter().map(|draft| RowKey::Own(draft.id)));
        rows
    }

    /// When the oldest and the newest message go.
    pub fn until_span(&self) -> Option<(Millis, Millis)> {
        let dates = || self.thread.messages().iter().map(|message| message.until);
        Some((dates().min()?, dates().max()?))
    }

    /// The day of the visitor's calendar, counted from 1 January 1970.
    fn local_day(&self, at: Millis) -> i64 {
        at.plus_ms(i64::from(self.zone_min).saturating_mul(MINUTE_MS)).as_i64().div_euclid(DAY_MS)
    }
}
