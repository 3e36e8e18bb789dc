//! The one door: an event comes in, the state changes, effects come out.

use shared::rules::language::language_primary;
use shared::time::{MINUTE_MS, Millis};
use shared::wire::live::LiveCommand;
use shared::wire::message::{Body, Message, Notice, Origin};
use shared::wire::problem::Kind;
use shared::wire::widget::{AddressState, Catchup};

use super::thread::Taken;
use super::{
    Alarm, Effect, Event, Form, Line, Link, Place, Post, Progress, Refusal, Remembered, Stage, State, View,
    consent, link, sending,
};

/// Between two signs that the visitor is typing.
const TYPED_MS: i64 = 3_000;
/// Between two writes of the device's entry that only refresh its time.
const REFRESH_MS: i64 = MINUTE_MS;
/// Who answers when is asked for again after this, and only while the chat is before somebody's eyes.
const LOOK_MS: i64 = MINUTE_MS;

/// Takes an event. `dice` is any random number; it spreads retries over time.
pub fn update(state: &mut State, event: Event, now: Millis, dice: u32) -> Vec<Effect> {
    let mut effects = Vec::new();
    // What stands in the document, or came just now, is as new as it gets.
    if matches!(event, Event::Booted(_) | Event::FrameLoaded(_)) {
        state.looked_at = now;
    }
    let may_look = matches!(
        event,
        Event::Shown(true)
            | Event::Visible(true)
            | Event::Submitted(..)
            | Event::SocketHeard(..)
            | Event::Polled(..)
    );
    step(state, event, now, dice, &mut effects);
    if may_look && link::is_looked_at(state) && now.since_ms(state.looked_at) >= LOOK_MS {
        state.looked_at = now;
        effects.push(Effect::Look);
    }
    link::seen(state, &mut effects);
    effects
}

fn step(state: &mut State, event: Event, now: Millis, dice: u32, effects: &mut Vec<Effect>) {
    match event {
        Event::Booted(remembered) => booted(state, remembered, now, effects),
        Event::Greeted(origin) => {
            state.host_origin = Some(origin);
            sending::pump(state, effects);
        }
        Event::Shown(shown) => {
            state.shown = shown;
            if shown && state.unread > 0 {
                state.unread = 0;
                effects.push(Effect::Post(Post::Unread(0)));
            }
        }
        Event::Visible(visible) => link::visible(state, visible, effects),
        Event::Online(online) => link::online(state, online, effects),
        Event::LocaleAsked(locale) => {
            if language_primary(&locale).is_some_and(|language| language != state.language()) {
                effects.push(Effect::LoadFrame(locale.clone()));
            }
            state.locale_asked = Some(locale);
        }
        Event::Named(token) => {
            state.named = Some(token);
            sending::name(state, effects);
        }
        Event::NameAnswered(conversation, result) => {
            if let (true, Err(refusal)) = (state.is_in(conversation), result) {
                sending::report(&refusal, effects);
            }
        }
        Event::FrameLoaded(frame) => {
            state.locale_asked = None;
            let token = state.frame.token.take();
            state.frame = *frame;
            state.frame.token = state.frame.token.take().or(token);
        }
        Event::Looked(frame) => {
            // The words stay as they are: another language comes by itself.
            state.frame.people = frame.people;
            state.frame.zone_min = frame.zone_min;
            state.frame.until = frame.until;
            state.frame.now = frame.now;
        }
        Event::Submitted(draft, text) => sending::submit(state, draft, text, Vec::new(), effects),
        Event::FilesSubmitted(draft, files) => sending::submit(state, draft, String::new(), files, effects),
        Event::RetryAsked(draft) => sending::retry(state, draft, effects),
        Event::Typed => {
            if state.link.link == Link::Live && now.since_ms(state.typed_at) >= TYPED_MS {
                state.typed_at = now;
                effects.push(Effect::Command(LiveCommand::Typing));
            }
        }
        Event::Opened(draft, result) => sending::opened(state, draft, result, now, effects),
        Event::Sent(draft, result) => sending::sent(state, draft, result, now, effects),
        Event::Minted(result) => sending::minted(state, result, effects),
        Event::PersonAsked => {
            state.refusal = None;
            sending::person_ask(state, effects);
        }
        // What was asked for in a conversation that was left changes nothing in the next.
        Event::PersonAnswered(conversation, result) => {
            if state.is_in(conversation) {
                sending::person_answered(state, result, effects);
            }
        }
        Event::Ticketed(attempt, result) => {
            if attempt == state.link.attempt() {
                link::ticketed(state, result, dice, effects);
            }
        }
        Event::SocketOpened(attempt) => {
            if attempt == state.link.attempt() {
                link::socket_opened(state, effects);
            }
        }
        Event::SocketHeard(attempt, event) => {
            if attempt == state.link.attempt() {
                if now.since_ms(state.remembered_at) >= REFRESH_MS {
                    sending::remember(state, now, effects);
                }
                link::socket_heard(state, event.map(|event| *event), effects);
            }
        }
        Event::SocketClosed(attempt) => {
            if attempt == state.link.attempt() {
                link::failed(state, dice, effects);
            }
        }
        Event::Polled(attempt, result) => {
            if attempt == state.link.attempt() {
                link::polled(state, result, dice, effects);
            }
        }
        Event::Rang(attempt, alarm) => {
            // What fades on the page has nothing to do with the try that it came with.
            if attempt == state.link.attempt() || matches!(alarm, Alarm::TypingFades | Alarm::LineFades) {
                link::rang(state, alarm, dice, effects);
            }
        }
        Event::FormAsked(form) => form_open(state, form, effects),
        Event::FormFailed(gone) => {
            state.outdated |= gone;
            state.line = (!gone).then_some(Line::FormFailed);
            // It is said beside the thread, so that has to be in view.
            if state.view == View::About {
                state.view = View::Chat;
                effects.push(Effect::Focus(Place::About));
            }
        }
        Event::Addressed => state.address = Some(AddressState::Waiting),
        Event::Rated => state.rating_asked = true,
        Event::ConsentChosen(id, choice) => consent::choose(state, id, choice, effects),
        Event::ConsentAnswered(result) => {
            consent::answered(state, result, effects);
            sending::remember(state, now, effects);
        }
        Event::ConsentReopened => consent::reopen(state, effects),
        Event::ViewChosen(view) => {
            state.view = view;
            let place = if view == View::About { Place::Back } else { Place::About };
            effects.push(Effect::Focus(place));
        }
        Event::Left(renew) => left(state, renew, effects),
        Event::StorageRefused => state.memory_only = true,
    }
}

fn booted(state: &mut State, remembered: Option<Remembered>, now: Millis, effects: &mut Vec<Effect>) {
    // Another business's page in the same tab: nothing is resumed, and its entry stays until something is sent here.
    let Some(remembered) = remembered.filter(|entry| entry.site == state.frame.site) else { return };
    if !remembered.serves(now) {
        effects.push(Effect::Forget);
        return;
    }
    if let Some(choice) = remembered.choice {
        state.consent.choice = Some(choice);
        state.consent.open = false;
    }
    state.credentials =
        Some(super::Credentials { conversation: remembered.conversation, token: remembered.token });
    state.restoring = true;
    link::open(state, None, effects);
}

fn left(state: &mut State, renew: bool, effects: &mut Vec<Effect>) {
    if let Some(credentials) = state.credentials.take() {
        effects.push(Effect::Leave(credentials));
    }
    conversation_drop(state, effects);
    state.view = View::Chat;
    state.line = Some(if renew { Line::Renewed } else { Line::Ended });
    effects.push(Effect::Focus(Place::Kept));
}

/// Takes what a catch-up brought.
pub fn caught_up(state: &mut State, catchup: Catchup, back: bool, effects: &mut Vec<Effect>) {
    let stage = catchup.state;
    state.person = catchup.person.as_ref().map(|name| name.expose().clone());
    state.address = catchup.address;
    state.is_held = catchup.is_held;
    let taken_from = state.thread.catchup_take(catchup);
    if back {
        state.line = Some(Line::Back);
        effects.push(Effect::Wake(state.link.attempt(), Alarm::LineFades, link::LINE_MS));
    }
    taken(state, &taken_from, effects);
    stage_set(state, stage, effects);
    if !taken_from.gap {
        state.restoring = false;
    }
}

/// Takes where the conversation stands now. What can't be asked for any more leaves the page, perhaps with the focus on it.
pub fn stage_set(state: &mut State, stage: Stage, effects: &mut Vec<Effect>) {
    if state.stage == stage {
        return;
    }
    state.stage = stage;
    effects.push(Effect::Focus(Place::Kept));
    if stage != Stage::Human {
        state.person = None;
    }
    // Asked once, at the end, and of nobody who only finds an ended conversation again.
    let answered = state.thread.messages().iter().any(|message| message.origin != Origin::Visitor);
    if stage == Stage::Closed && answered && !state.restoring && !state.rating_asked {
        state.rating_asked = true;
        form_open(state, Form::Rating, effects);
    }
}

fn form_open(state: &State, form: Form, effects: &mut Vec<Effect>) {
    if let Some(credentials) = &state.credentials {
        effects.push(Effect::Form(form, credentials.clone()));
    }
}

/// Tells what is new: to the loader by id, to the visitor by a count while the panel is closed.
pub fn taken(state: &mut State, taken: &Taken, effects: &mut Vec<Effect>) {
    let mut unread = state.unread;
    for message in state.thread.messages().iter().skip(taken.from) {
        if !state.restoring {
            announce(message, effects);
            if message.origin != Origin::Visitor && !state.shown {
                unread = unread.saturating_add(1);
            }
        }
        if let Body::Notice(notice) = &message.body {
            match notice {
                Notice::PersonJoined => {
                    state.person = message.author.as_ref().map(|name| name.expose().clone());
                }
                Notice::PersonLeft => state.person = None,
                _ => {}
            }
            // Two lines of one window do not contradict each other: what was said last counts.
            if let Some(people) = notice.people().filter(|_| message.at > state.frame.now) {
                state.frame.people = people;
                state.frame.now = message.at;
            }
        }
        if message.origin == Origin::Human {
            state.typing_signs = 0;
        }
    }
    if unread != state.unread {
        state.unread = unread;
        effects.push(Effect::Post(Post::Unread(unread)));
    }
    if taken.gap {
        link::catch_up(state, effects);
    }
}

fn announce(message: &Message, effects: &mut Vec<Effect>) {
    let name = match (&message.body, message.origin) {
        (Body::Notice(Notice::PersonRequested(_) | Notice::HandedOver(_)), _) => "handoff",
        (_, Origin::Ai | Origin::Human) => "message-received",
        _ => return,
    };
    effects.push(Effect::Post(Post::Event(name, "id", message.id.to_string())));
}

/// This device may not open the conversation any longer. A remembered one that nobody has seen yet goes quietly.
pub fn conversation_lost(state: &mut State, refusal: &Refusal, effects: &mut Vec<Effect>) {
    if state.restoring {
        sending::restart(state, effects);
        sending::pump(state, effects);
    } else {
        for draft in &mut state.thread.drafts {
            if draft.progress == Progress::Sending {
                draft.progress = Progress::Failed(Refusal::of(Kind::NotFound));
            }
        }
        // It is not there any more, erased or at its date: then it stands on no screen either.
        if refusal.kind() == Some(Kind::NotFound) {
            state.thread.messages_drop();
        }
        state.lost = true;
        state.link.abandon();
        effects.push(Effect::Disconnect);
        effects.push(Effect::Forget);
        effects.push(Effect::FormEnd);
        effects.push(Effect::Focus(Place::Kept));
    }
}

/// Lets go of the conversation: nothing of it is left here.
pub fn conversation_drop(state: &mut State, effects: &mut Vec<Effect>) {
    state.credentials = None;
    state.thread = super::Thread::default();
    state.stage = Stage::Ai;
    state.link.abandon();
    state.typing_signs = 0;
    state.lost = false;
    state.restoring = false;
    state.in_flight = None;
    state.person_wanted = false;
    state.person = None;
    state.address = None;
    state.rating_asked = false;
    state.is_held = false;
    state.refusal = None;
    if state.unread > 0 {
        state.unread = 0;
        effects.push(Effect::Post(Post::Unread(0)));
    }
    effects.push(Effect::Disconnect);
    effects.push(Effect::Forget);
    effects.push(Effect::FormEnd);
}
