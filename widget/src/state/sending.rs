//! What goes out: one thing at a time and in order, each with an id of its own, so that trying again is safe.

use shared::id::DraftId;
use shared::privacy::Personal;
use shared::time::Millis;
use shared::wire::file::Attachment;
use shared::wire::message::Message;
use shared::wire::problem::Kind;
use shared::wire::widget::{MintedVisitor, OpenConversation, OpenedConversation, SendMessage};

use super::{
    Credentials, Draft, Effect, Line, Place, Post, Progress, Refusal, Remembered, Stage, State, consent,
    link, update,
};

/// Takes the words of the visitor into the thread and sends them.
pub fn submit(
    state: &mut State,
    draft: DraftId,
    text: String,
    files: Vec<Attachment>,
    effects: &mut Vec<Effect>,
) {
    state.line = None;
    state.refusal = None;
    if state.is_over() {
        state.line = Some(Line::Renewed);
        restart(state, effects);
    }
    state.minted_anew = false;
    if !files.is_empty() && state.credentials.is_none() {
        state.line = Some(Line::FilesAgain);
        return;
    }
    let text = Personal::new(text);
    state.thread.drafts.push(Draft { id: draft, text, files, progress: Progress::Sending });
    effects.push(Effect::ScrollDown);
    pump(state, effects);
}

/// Sends again what failed.
pub fn retry(state: &mut State, draft: DraftId, effects: &mut Vec<Effect>) {
    if state.is_over() {
        state.line = Some(Line::Renewed);
        restart(state, effects);
    }
    state.minted_anew = false;
    state.thread.draft_mark(draft, Progress::Sending);
    effects.push(Effect::Focus(Place::Kept));
    pump(state, effects);
}

/// Sends what is next in line, and gets what that needs first.
pub fn pump(state: &mut State, effects: &mut Vec<Effect>) {
    consent::next(state, effects);
    let next = state.thread.drafts.iter().find(|draft| draft.progress == Progress::Sending);
    if state.in_flight.is_none()
        && !state.lost
        && let Some(draft) = next
    {
        let id = draft.id;
        let text = draft.text.clone();
        let files = draft.files.iter().map(|file| file.id).collect();
        let locale = state.language();
        if let Some(credentials) = &state.credentials {
            effects.push(Effect::Send(credentials.clone(), SendMessage { draft: id, text, locale, files }));
            state.in_flight = Some(id);
        } else if let Some(token) = &state.frame.token {
            effects
                .push(Effect::Open(token.clone(), OpenConversation { draft: id, text, locale, path: None }));
            state.in_flight = Some(id);
        }
    }
    let waits = (next.is_some() && state.credentials.is_none()) || state.consent.recording.is_some();
    if waits && state.frame.token.is_none() && !state.minting {
        match state.host_origin.clone() {
            Some(origin) => {
                state.minting = true;
                effects.push(Effect::Mint(origin));
            }
            // Opened without a loader and without a Referer: there is no page that this chat belongs to.
            None => fail_waiting(state, &Refusal::of(Kind::OriginRefused), effects),
        }
    }
}

/// A visitor's token came, or did not.
pub fn minted(state: &mut State, result: Result<MintedVisitor, Refusal>, effects: &mut Vec<Effect>) {
    state.minting = false;
    match result {
        Ok(minted) => {
            state.frame.token = Some(minted.token);
            pump(state, effects);
        }
        Err(refusal) => fail_waiting(state, &refusal, effects),
    }
}

/// The first message was answered.
pub fn opened(
    state: &mut State,
    draft: DraftId,
    result: Result<Box<OpenedConversation>, Refusal>,
    now: Millis,
    effects: &mut Vec<Effect>,
) {
    if state.in_flight != Some(draft) {
        // The visitor left in the meantime: what was opened is let go of at once.
        if let Ok(opened) = result {
            effects
                .push(Effect::Leave(Credentials { conversation: opened.conversation, token: opened.token }));
        }
        return;
    }
    state.in_flight = None;
    match result {
        Ok(opened) => {
            state.credentials = Some(Credentials { conversation: opened.conversation, token: opened.token });
            remember(state, now, effects);
            accepted(state, opened.message, effects);
            link::open(state, Some(opened.ticket), effects);
            name(state, effects);
            if state.person_wanted {
                person_ask(state, effects);
            }
        }
        Err(refusal) if token_is_stale(&refusal) && mint_anew(state) => {}
        Err(refusal) => refused(state, draft, refusal, effects),
    }
    pump(state, effects);
}

/// A further message was answered.
pub fn sent(
    state: &mut State,
    draft: DraftId,
    result: Result<Box<Message>, Refusal>,
    now: Millis,
    effects: &mut Vec<Effect>,
) {
    if state.in_flight != Some(draft) {
        return;
    }
    state.in_flight = None;
    match result {
        Ok(message) => {
            remember(state, now, effects);
            accepted(state, *message, effects);
            link::hurry(state, effects);
        }
        Err(refusal) => {
            if ends_conversation(&refusal) {
                update::conversation_lost(state, &refusal, effects);
            }
            refused(state, draft, refusal, effects);
        }
    }
    pump(state, effects);
}

/// What failed for want of a connection goes once more.
pub fn resume_offline(state: &mut State, effects: &mut Vec<Effect>) {
    for draft in &mut state.thread.drafts {
        if draft.progress == Progress::Failed(Refusal::Network) {
            draft.progress = Progress::Sending;
        }
    }
    pump(state, effects);
}

/// Asks for a person, now or together with the first message.
pub fn person_ask(state: &mut State, effects: &mut Vec<Effect>) {
    if let Some(credentials) = &state.credentials {
        state.person_wanted = false;
        effects.push(Effect::AskPerson(credentials.clone()));
    } else {
        state.person_wanted = true;
        state.line = Some(Line::PersonFirst);
        effects.push(Effect::Focus(Place::Composer));
    }
}

/// Says whom the business calls this visitor, once there is a conversation that it can be kept with.
pub fn name(state: &State, effects: &mut Vec<Effect>) {
    if let (Some(credentials), Some(token)) = (&state.credentials, &state.named) {
        effects.push(Effect::Name(credentials.clone(), token.clone()));
    }
}

/// The wish for a person was answered: the notice comes as a message.
pub fn person_answered(state: &mut State, result: Result<(), Refusal>, effects: &mut Vec<Effect>) {
    match result {
        Ok(()) => {
            state.refusal = None;
            link::hurry(state, effects);
        }
        // It was closed by a moment: there is no wish to fail, and the next word opens it again.
        Err(refusal) if refusal.kind() == Some(Kind::ConversationClosed) => {
            update::stage_set(state, Stage::Closed, effects);
        }
        Err(refusal) => {
            if ends_conversation(&refusal) {
                update::conversation_lost(state, &refusal, effects);
            }
            report(&refusal, effects);
            // The line says why by itself.
            if is_held(&refusal) {
                state.is_held = true;
            } else {
                state.refusal = Some(refusal);
            }
        }
    }
}

/// Writes the device's entry: the time of this use, and what was chosen.
pub fn remember(state: &mut State, now: Millis, effects: &mut Vec<Effect>) {
    if let Some(credentials) = &state.credentials {
        state.remembered_at = now;
        effects.push(Effect::Remember(Remembered {
            site: state.frame.site,
            conversation: credentials.conversation,
            token: credentials.token.clone(),
            at: now,
            choice: state.consent.choice,
        }));
    }
}

/// The visitor's token does not open anything any more; a fresh one may.
pub const fn token_is_stale(refusal: &Refusal) -> bool {
    matches!(refusal.kind(), Some(Kind::TokenExpired | Kind::TokenMissing))
}

/// The conversation can't be gone on with from here.
pub const fn ends_conversation(refusal: &Refusal) -> bool {
    matches!(refusal.kind(), Some(Kind::TokenExpired | Kind::TokenMissing | Kind::NotFound))
}

/// The visitor had the conversation held still; they can lift that.
const fn is_held(refusal: &Refusal) -> bool {
    matches!(refusal.kind(), Some(Kind::ConversationRestricted))
}

/// Drops the visitor's token so that a fresh one is asked for; once, or a broken edge would be asked for ever.
pub fn mint_anew(state: &mut State) -> bool {
    let first = !state.minted_anew;
    state.minted_anew = true;
    if first {
        state.frame.token = None;
    }
    first
}

/// Begins anew with the words that were not sent yet. Files lie in the conversation that they were sent up into, and stay
/// behind with it.
pub fn restart(state: &mut State, effects: &mut Vec<Effect>) {
    let mut drafts = std::mem::take(&mut state.thread.drafts);
    update::conversation_drop(state, effects);
    let all = drafts.len();
    drafts.retain(|draft| draft.files.is_empty());
    if drafts.len() < all {
        state.line = Some(Line::FilesAgain);
    }
    state.thread.drafts = drafts;
}

fn accepted(state: &mut State, message: Message, effects: &mut Vec<Effect>) {
    // What takes a message is held no more.
    state.is_held = false;
    effects.push(Effect::Post(Post::Event("message-sent", "id", message.id.to_string())));
    let taken = state.thread.message_take(message);
    update::taken(state, &taken, effects);
}

fn refused(state: &mut State, draft: DraftId, refusal: Refusal, effects: &mut Vec<Effect>) {
    report(&refusal, effects);
    state.is_held |= is_held(&refusal);
    state.thread.draft_mark(draft, Progress::Failed(refusal));
}

fn fail_waiting(state: &mut State, refusal: &Refusal, effects: &mut Vec<Effect>) {
    report(refusal, effects);
    for draft in &mut state.thread.drafts {
        if draft.progress == Progress::Sending {
            draft.progress = Progress::Failed(refusal.clone());
        }
    }
    if state.consent.recording.take().is_some() {
        consent::fail(state);
    }
}

/// Tells the host page what was refused, by its kind.
pub fn report(refusal: &Refusal, effects: &mut Vec<Effect>) {
    let kind = refusal.kind().map_or("network", Kind::type_uri);
    effects.push(Effect::Post(Post::Event("error", "kind", kind.to_owned())));
}
