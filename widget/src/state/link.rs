//! How events come in: a socket where one holds, polling where none does, and patience in between.
//!
//! Every try has a number. What a try of yesterday still says carries its number and is not listened to.

use shared::privacy::Secret;
use shared::wire::live::{LiveCommand, LiveEvent};
use shared::wire::widget::{Catchup, Ticket};

use super::{Effect, Line, Refusal, State, sending, update};

/// Between two signs of life of a socket.
const PING_MS: u32 = 25_000;
/// How long a socket has for a sign of life when it was asked for one.
const PROBE_MS: u32 = 3_000;
/// A socket that failed this often without a catch-up is not to be had; polling it is.
const SOCKET_TRIES: u32 = 2;
/// The first pause before trying again; it doubles up to [`PAUSE_LONGEST_MS`].
const PAUSE_MS: u32 = 1_000;
const PAUSE_LONGEST_MS: u32 = 30_000;
/// Between two polls while something is expected, and while nothing is.
const POLL_BUSY_MS: u32 = 2_000;
const POLL_IDLE_MS: u32 = 5_000;
/// After so many polls a socket is tried once more.
const POLLS: u32 = 20;
/// A sign of typing fades after this.
pub const TYPING_MS: u32 = 6_000;
/// How long a line stays that only confirms.
pub const LINE_MS: u32 = 5_000;

/// Where events come from now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Link {
    /// From nowhere: there is no conversation.
    #[default]
    Idle,
    /// A socket is being opened.
    Opening,
    /// A socket.
    Live,
    /// Nowhere, until an alarm rings.
    Pausing,
    /// Polling.
    Polling,
}

/// What an alarm is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alarm {
    /// Try the socket again.
    Reconnect,
    /// Ask for what follows the cursor.
    Poll,
    /// Keep the socket awake.
    Ping,
    /// The socket was asked for a sign of life, by this count.
    Probe(u32),
    /// Typing has faded.
    TypingFades,
    /// A line that only confirms has been read.
    LineFades,
}

/// The connection of a conversation.
#[derive(Debug, Clone, Default)]
pub struct Connection {
    /// Where events come from now.
    pub link: Link,
    /// The edge is out of reach.
    pub offline: bool,
    attempt: u32,
    failures: u32,
    polls: u32,
    poll_pending: bool,
    heard: bool,
    probes: u32,
    probing: bool,
    hidden: bool,
    seen: u32,
}

impl Connection {
    /// The number of the present try.
    pub const fn attempt(&self) -> u32 {
        self.attempt
    }

    /// Makes everything that was under way belong to yesterday.
    pub const fn abandon(&mut self) {
        self.attempt = self.attempt.wrapping_add(1);
        self.link = Link::Idle;
        self.failures = 0;
        self.offline = false;
        self.seen = 0;
    }

    fn next(&mut self, link: Link) -> u32 {
        self.attempt = self.attempt.wrapping_add(1);
        self.link = link;
        self.heard = false;
        self.probing = false;
        self.poll_pending = false;
        self.attempt
    }
}

/// Opens a socket, with the ticket that is there or a fresh one.
pub fn open(state: &mut State, ticket: Option<Secret<String>>, effects: &mut Vec<Effect>) {
    let Some(credentials) = state.credentials.clone() else { return };
    effects.push(Effect::Disconnect);
    let attempt = state.link.next(Link::Opening);
    effects.push(match ticket {
        Some(ticket) => Effect::Connect(attempt, credentials.conversation, ticket),
        None => Effect::Ticket(attempt, credentials),
    });
}

/// A ticket came, or did not.
pub fn ticketed(state: &mut State, result: Result<Ticket, Refusal>, dice: u32, effects: &mut Vec<Effect>) {
    let Some(credentials) = &state.credentials else { return };
    match result {
        Ok(ticket) => {
            effects.push(Effect::Connect(state.link.attempt, credentials.conversation, ticket.ticket));
        }
        Err(refusal) if sending::ends_conversation(&refusal) => {
            update::conversation_lost(state, &refusal, effects);
        }
        // The edge asks for patience, and that is not the socket's fault.
        Err(refusal) if refusal.retry_after_ms() > 0 => {
            let pause = pause_ms(1, dice).saturating_add(refusal.retry_after_ms());
            let attempt = state.link.next(Link::Pausing);
            effects.push(Effect::Wake(attempt, Alarm::Reconnect, pause));
        }
        Err(refusal) => {
            state.link.offline = refusal == Refusal::Network;
            failed(state, dice, effects);
        }
    }
}

/// The socket is open: what follows the cursor is asked for first.
pub fn socket_opened(state: &mut State, effects: &mut Vec<Effect>) {
    effects.push(Effect::Command(LiveCommand::Resume { after: state.thread.cursor() }));
    effects.push(Effect::Wake(state.link.attempt, Alarm::Ping, PING_MS));
}

/// The socket said something; `None` is a sign of life.
pub fn socket_heard(state: &mut State, event: Option<LiveEvent>, effects: &mut Vec<Effect>) {
    state.link.heard = true;
    state.link.probing = false;
    let back = std::mem::take(&mut state.link.offline);
    let Some(event) = event else { return };
    match event {
        LiveEvent::Catchup(catchup) => {
            state.link.link = Link::Live;
            state.link.failures = 0;
            state.link.polls = 0;
            update::caught_up(state, catchup, back, effects);
        }
        LiveEvent::Message(message) => {
            let taken = state.thread.message_take(message);
            update::taken(state, &taken, effects);
        }
        LiveEvent::TurnStarted { turn } => state.thread.turn_start(turn),
        LiveEvent::Delta { turn, at, text } => {
            if !state.thread.turn_write(turn, at, text.expose()) {
                catch_up(state, effects);
            }
        }
        LiveEvent::TurnEnded { turn } => state.thread.turn_end(turn),
        LiveEvent::Typing { origin } => {
            state.typing = Some(origin);
            state.typing_signs = state.typing_signs.saturating_add(1);
            effects.push(Effect::Wake(state.link.attempt, Alarm::TypingFades, TYPING_MS));
        }
        LiveEvent::State(stage) => update::stage_set(state, stage, effects),
    }
}

/// The socket is gone, or never came.
pub fn failed(state: &mut State, dice: u32, effects: &mut Vec<Effect>) {
    if state.credentials.is_none() {
        return;
    }
    effects.push(Effect::Disconnect);
    state.link.failures = state.link.failures.saturating_add(1);
    let failures = state.link.failures;
    if failures >= SOCKET_TRIES {
        let attempt = state.link.next(Link::Polling);
        poll(state, attempt, effects);
    } else {
        let attempt = state.link.next(Link::Pausing);
        effects.push(Effect::Wake(attempt, Alarm::Reconnect, pause_ms(failures, dice)));
    }
}

/// A poll was answered.
pub fn polled(
    state: &mut State,
    result: Result<Box<Catchup>, Refusal>,
    dice: u32,
    effects: &mut Vec<Effect>,
) {
    state.link.poll_pending = false;
    match result {
        Ok(catchup) => {
            let back = std::mem::take(&mut state.link.offline);
            update::caught_up(state, *catchup, back, effects);
            if back {
                // The network is there again, so a socket may be.
                state.link.failures = SOCKET_TRIES.saturating_sub(1);
                open(state, None, effects);
            } else if !state.link.poll_pending {
                let busy = state.thread.turn.is_some() || !state.thread.drafts.is_empty();
                let pause = if busy { POLL_BUSY_MS } else { POLL_IDLE_MS };
                effects.push(Effect::Wake(state.link.attempt, Alarm::Poll, pause));
            }
        }
        Err(refusal) if sending::ends_conversation(&refusal) => {
            update::conversation_lost(state, &refusal, effects);
        }
        Err(refusal) => {
            state.link.offline = refusal == Refusal::Network;
            state.link.failures = state.link.failures.saturating_add(1);
            let least = refusal.retry_after_ms().max(POLL_IDLE_MS);
            let pause = pause_ms(state.link.failures, dice).saturating_add(least);
            effects.push(Effect::Wake(state.link.attempt, Alarm::Poll, pause));
        }
    }
}

/// An alarm of the present try rang.
pub fn rang(state: &mut State, alarm: Alarm, dice: u32, effects: &mut Vec<Effect>) {
    match alarm {
        Alarm::Reconnect => open(state, None, effects),
        Alarm::Poll if state.link.link == Link::Polling => {
            if state.link.polls >= POLLS && !state.link.offline {
                state.link.polls = 0;
                state.link.failures = SOCKET_TRIES.saturating_sub(1);
                open(state, None, effects);
            } else {
                poll(state, state.link.attempt, effects);
            }
        }
        Alarm::Poll => {}
        // No answer to the last ping, nor anything else: the socket is dead and does not know it.
        Alarm::Ping if !state.link.heard => failed(state, dice, effects),
        Alarm::Ping => {
            state.link.heard = false;
            effects.push(Effect::Ping);
            effects.push(Effect::Wake(state.link.attempt, Alarm::Ping, PING_MS));
        }
        Alarm::Probe(count) if state.link.probing && count == state.link.probes => {
            failed(state, dice, effects);
        }
        Alarm::Probe(_) => {}
        Alarm::TypingFades => state.typing_signs = state.typing_signs.saturating_sub(1),
        Alarm::LineFades => {
            state.line = state.line.filter(|line| !matches!(line, Line::Back | Line::ConsentRecorded));
        }
    }
}

/// The chat is open and its tab in front.
pub const fn is_looked_at(state: &State) -> bool {
    state.shown && !state.link.hidden
}

/// Says how far the visitor has read, where that is further than it was.
pub fn seen(state: &mut State, effects: &mut Vec<Effect>) {
    let sequence = state.thread.cursor();
    if is_looked_at(state) && state.link.link == Link::Live && sequence > state.link.seen {
        state.link.seen = sequence;
        effects.push(Effect::Command(LiveCommand::Seen { sequence }));
    }
}

/// The tab came to the front, or went.
pub fn visible(state: &mut State, visible: bool, effects: &mut Vec<Effect>) {
    state.link.hidden = !visible;
    if visible {
        hurry(state, effects);
    }
}

/// The network came back, or went.
pub fn online(state: &mut State, online: bool, effects: &mut Vec<Effect>) {
    state.link.offline = !online;
    if online {
        match state.link.link {
            Link::Idle => {}
            // It may have died with the network that it was opened on.
            Link::Live => probe(state, effects),
            Link::Opening | Link::Pausing | Link::Polling => {
                state.link.failures = 0;
                open(state, None, effects);
            }
        }
        sending::resume_offline(state, effects);
    }
}

/// Something was sent, or somebody looks: a poll need not wait for its time, and a socket that is silent is asked.
pub fn hurry(state: &mut State, effects: &mut Vec<Effect>) {
    match state.link.link {
        Link::Polling => {
            // A new number, so that the alarm that was set before does not ring besides.
            let attempt = state.link.next(Link::Polling);
            poll(state, attempt, effects);
        }
        Link::Live => probe(state, effects),
        Link::Idle | Link::Opening | Link::Pausing => {}
    }
}

/// Asks the socket for a sign of life. A network that changed leaves sockets behind that are dead and do not know it.
fn probe(state: &mut State, effects: &mut Vec<Effect>) {
    if !state.link.probing {
        state.link.probing = true;
        state.link.probes = state.link.probes.wrapping_add(1);
        effects.push(Effect::Ping);
        effects.push(Effect::Wake(state.link.attempt, Alarm::Probe(state.link.probes), PROBE_MS));
    }
}

/// Asks for what follows the cursor, on the way that is there.
pub fn catch_up(state: &mut State, effects: &mut Vec<Effect>) {
    match state.link.link {
        Link::Live => effects.push(Effect::Command(LiveCommand::Resume { after: state.thread.cursor() })),
        Link::Polling => poll(state, state.link.attempt, effects),
        Link::Idle | Link::Opening | Link::Pausing => {}
    }
}

fn poll(state: &mut State, attempt: u32, effects: &mut Vec<Effect>) {
    if state.link.hidden || state.link.poll_pending {
        return;
    }
    if let Some(credentials) = &state.credentials {
        state.link.poll_pending = true;
        state.link.polls = state.link.polls.saturating_add(1);
        effects.push(Effect::Poll(attempt, credentials.clone(), state.thread.cursor()));
    }
}

/// Half of the pause is certain and half is diced, so that two hundred clients do not come back in one moment.
fn pause_ms(failures: u32, dice: u32) -> u32 {
    let doublings = failures.saturating_sub(1).min(5);
    let whole = PAUSE_MS.saturating_mul(2_u32.saturating_pow(doublings)).min(PAUSE_LONGEST_MS);
    let half = whole.checked_div(2).unwrap_or(whole);
    half.saturating_add(dice.checked_rem(half.saturating_add(1)).unwrap_or_default())
}
