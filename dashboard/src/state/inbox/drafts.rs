//! What was written and the edge has not taken: it is kept by conversation, whatever is open, until it is taken or given up.

use shared::id::DraftId;
use shared::wire::admin::inbox::deed::{WriteNote, WriteReply};

use super::update::{arrange, ask};
use super::{Draft, Fate, InboxAsk};
use crate::state::{Effect, State};

/// Sends it to its conversation.
pub fn send(state: &State, draft: &Draft, effects: &mut Vec<Effect>) {
    let (conversation, text) = (draft.conversation, draft.text.clone());
    let words = if draft.is_note {
        InboxAsk::Note(conversation, WriteNote { draft: draft.id, text })
    } else {
        let files = draft.files.iter().map(|file| file.id).collect();
        InboxAsk::Reply(conversation, WriteReply { draft: draft.id, text, files, close: false })
    };
    ask(state, words, effects);
}

/// How a draft fares from now on. Where it was not taken, its row says so, whatever is open.
pub fn fare(state: &mut State, id: DraftId, fate: Fate) {
    if let Some(draft) = state.inbox.drafts.iter_mut().find(|known| known.id == id) {
        draft.fate = fate;
        drafts_told(state);
    }
}

/// A draft was taken, or is given up.
pub fn draft_end(state: &mut State, id: DraftId) {
    state.inbox.drafts.retain(|draft| draft.id != id);
    drafts_told(state);
}

fn drafts_told(state: &mut State) {
    let failed = state.inbox.drafts.iter().filter(|draft| draft.fate != Fate::Sending);
    state.inbox.list.unsent = failed.map(|draft| draft.conversation).collect();
    arrange(state);
}
