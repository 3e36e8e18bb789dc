//! Deeds wait for one another: no press is lost, and none overtakes the one before it.

use shared::wire::admin::inbox::deed::{BulkChange, BulkDeed};

use super::update::ask;
use super::{Deed, InboxAsk};
use crate::state::{Ask, Effect, State};

/// Of one conversation deeds are done one after the other, and the one that was asked for last not twice. Says whether this
/// one is not to be sent now.
pub fn deed_waits(state: &mut State, asked: &InboxAsk) -> bool {
    let InboxAsk::Deed(conversation, deed) = asked else { return false };
    if matches!(deed, Deed::Read(_)) {
        return false;
    }
    let deeds = &mut state.inbox.deeds;
    let last = deeds.iter().rfind(|(of, _)| of == conversation).map(|(_, last)| last);
    let (waits, is_new) = (last.is_some(), last != Some(deed));
    if is_new {
        deeds.push((*conversation, deed.clone()));
    }
    waits
}

/// A deed was answered: the next one of its conversation goes out.
pub fn deed_next(state: &mut State, asked: &InboxAsk, effects: &mut Vec<Effect>) {
    let InboxAsk::Deed(conversation, deed) = asked else { return };
    let deeds = &mut state.inbox.deeds;
    let Some(place) = deeds.iter().position(|(of, first)| of == conversation && first == deed) else {
        return;
    };
    deeds.remove(place);
    if let Some((_, next)) = deeds.iter().find(|(of, _)| of == conversation) {
        let next = InboxAsk::Deed(*conversation, next.clone());
        ask(state, next, effects);
    }
}

/// Something is to be done to those that are picked. While another such deed is on its way it waits, with those that are picked
/// now; the one that was asked for last is not asked for twice.
pub fn bulk(state: &mut State, deed: BulkDeed, effects: &mut Vec<Effect>) {
    let conversations: Vec<_> = state.inbox.list.picked.iter().copied().collect();
    let change = BulkChange { conversations, deed };
    if change.conversations.is_empty() || state.inbox.bulks.last() == Some(&change) {
        return;
    }
    state.inbox.bulks.push(change);
    if state.inbox.bulks.len() == 1 {
        state.inbox.partly = None;
        bulk_send(state, effects);
    }
}

fn bulk_send(state: &mut State, effects: &mut Vec<Effect>) {
    if let (Some(business), Some(change)) = (state.inbox.business, state.inbox.bulks.first().cloned()) {
        let change = Ask::Inbox(business, Box::new(InboxAsk::Bulk(change)));
        crate::state::update::asked(state, change, effects);
    }
}

/// A deed for many was answered: the next one goes out.
pub fn bulk_next(state: &mut State, asked: &InboxAsk, effects: &mut Vec<Effect>) {
    let InboxAsk::Bulk(change) = asked else { return };
    if state.inbox.bulks.first() == Some(change) {
        state.inbox.bulks.remove(0);
        bulk_send(state, effects);
    }
}
