//! The consent strip: asked, answered, reopened. It governs statistics and nothing else, and never stands in the way.

use shared::id::ConsentId;
use shared::wire::consent::{Choice, Purpose, RecordConsent, Way};
use shared::wire::problem::Kind;

use super::{Alarm, Effect, Line, Place, Post, Refusal, State, View, link, sending};

/// What was asked and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// The strip is there.
    pub open: bool,
    /// The choice that is in the ledger.
    pub choice: Option<Choice>,
    /// The last choice could not be recorded.
    pub failed: bool,
    /// The choice that is on its way.
    pub recording: Option<RecordConsent>,
    in_flight: bool,
    way: Way,
}

impl Consent {
    /// A browser that said no already is not asked (promise B3).
    pub const fn new(opted_out: bool) -> Self {
        Self {
            open: !opted_out,
            choice: None,
            failed: false,
            recording: None,
            in_flight: false,
            way: Way::Strip,
        }
    }
}

/// The visitor chose: the very words that were shown go into the ledger.
pub fn choose(state: &mut State, id: ConsentId, choice: Choice, effects: &mut Vec<Effect>) {
    let frame = &state.frame;
    state.consent.recording = Some(RecordConsent {
        id,
        purpose: Purpose::Statistics,
        choice,
        way: state.consent.way,
        version: frame.consent.version,
        hash: frame.consent.hash.clone(),
        locale: frame.locale.clone(),
    });
    state.minted_anew = false;
    state.consent.failed = false;
    state.consent.in_flight = false;
    sending::pump(state, effects);
}

/// The choice that waits for the visitor's token, if one does.
pub fn next(state: &mut State, effects: &mut Vec<Effect>) {
    if state.consent.in_flight {
        return;
    }
    if let (Some(recording), Some(token)) = (&state.consent.recording, &state.frame.token) {
        effects.push(Effect::Record(token.clone(), recording.clone()));
        state.consent.in_flight = true;
    }
}

/// The edge answered.
pub fn answered(state: &mut State, result: Result<(), Refusal>, effects: &mut Vec<Effect>) {
    state.consent.in_flight = false;
    match result {
        Ok(()) => {
            let Some(recorded) = state.consent.recording.take() else { return };
            state.consent.choice = Some(recorded.choice);
            state.consent.open = false;
            state.line = Some(Line::ConsentRecorded);
            effects.push(Effect::Wake(state.link.attempt(), Alarm::LineFades, link::LINE_MS));
            effects.push(Effect::Focus(Place::Kept));
            effects.push(Effect::Post(Post::Event("consent", "choice", recorded.choice.as_str().to_owned())));
        }
        Err(refusal) if sending::token_is_stale(&refusal) && sending::mint_anew(state) => {
            sending::pump(state, effects);
        }
        Err(refusal) => {
            state.consent.recording = None;
            fail(state);
            if refusal.kind() == Some(Kind::ConsentStale) {
                state.locale_asked = None;
                effects.push(Effect::LoadFrame(state.frame.locale.clone()));
            }
        }
    }
}

/// Says that nothing was recorded, and asks again.
pub fn fail(state: &mut State) {
    state.consent.failed = true;
    state.consent.open = true;
}

/// Asks again, because the visitor wants to.
pub fn reopen(state: &mut State, effects: &mut Vec<Effect>) {
    state.consent.open = true;
    state.consent.way = Way::Settings;
    state.view = View::Chat;
    effects.push(Effect::Focus(Place::Choices));
}
