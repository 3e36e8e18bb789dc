//! Deeds wait for one another: no press is lost, and none overtakes the one before it.

use super::update::ask;
use super::{Deed, InboxAsk};
use crate::state::{Effect, State};

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
