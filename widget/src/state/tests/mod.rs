//! The state under fire: what a visitor relies on, proven without a browser; a file a room, and here what they share.

mod chance;
mod link;
mod memory;
mod page;
mod people;
mod sending;
mod thread;

use shared::id::{ConsentId, ConversationId, FileId, MessageId, SiteId, TurnId, VisitorId};
use shared::limits::CONVERSATION_TOKEN_MS;
use shared::privacy::Personal;
use shared::time::HOUR_MS;
use shared::wire::consent::{ConsentText, Way};
use shared::wire::frame::{Accent, BusinessCard};
use shared::wire::message::{Body, Notice, People};

use super::*;

const NOW: Millis = Millis::new(1_795_000_000_000);

fn frame() -> Frame {
    let accent = Accent { fill: "#1f6f5c".into(), ink: "#ffffff".into() };
    Frame {
        site: SiteId::mint(NOW, [1; 10]),
        business: BusinessCard {
            name: "Maison Lumière".into(),
            controller: "Lumière SARL, Marseille".into(),
            contact: "desk@hotel.example".into(),
            notice_url: None,
            officer: None,
        },
        locale: "en".into(),
        greeting: "Good evening.".into(),
        quick_questions: vec!["When is breakfast?".into()],
        accent: accent.clone(),
        accent_dark: accent,
        ai: true,
        people: People::Unknown,
        zone_min: Some(60),
        keeps_path: false,
        until: NOW.plus_months(12),
        consent: ConsentText {
            version: 3,
            question: "May we?".into(),
            detail: "This.".into(),
            hash: "ab".into(),
        },
        privacy_path: "/privacy/x".into(),
        now: NOW,
        token: Some(Secret::new("visitor-token".into())),
        opted_out: false,
    }
}

fn state() -> State {
    State::new(frame(), 60, true)
}

fn draft(number: u8) -> DraftId {
    DraftId::mint(NOW, [number; 10])
}

fn conversation() -> ConversationId {
    ConversationId::mint(NOW, [2; 10])
}

fn message(sequence: u32, origin: Origin) -> Message {
    let mut dice = [0; 10];
    dice[..4].copy_from_slice(&sequence.to_be_bytes());
    let at = NOW.plus_ms(i64::from(sequence) * 1_000);
    Message {
        id: MessageId::mint(NOW, dice),
        sequence,
        draft: None,
        origin,
        at,
        until: at.plus_months(12),
        body: Body::Text { text: Personal::new(format!("words {sequence}")), sources: Vec::new() },
        ai: None,
        author: None,
        attachments: Vec::new(),
    }
}

fn attachment() -> Attachment {
    Attachment {
        id: FileId::mint(NOW, [8; 10]),
        name: Personal::new("room.png".into()),
        media_type: "image/png".into(),
        bytes: 120,
        width: None,
        height: None,
        until: NOW.plus_ms(HOUR_MS),
    }
}

fn opened(number: u8) -> Result<Box<OpenedConversation>, Refusal> {
    Ok(Box::new(OpenedConversation {
        conversation: conversation(),
        token: Secret::new("conversation-token".into()),
        message: Message { draft: Some(draft(number)), ..message(1, Origin::Visitor) },
        ticket: Secret::new("ticket".into()),
    }))
}

fn catchup(messages: Vec<Message>) -> Catchup {
    Catchup {
        messages,
        more: false,
        state: Stage::Ai,
        turn: None,
        person: None,
        address: None,
        is_held: false,
    }
}

fn go(state: &mut State, event: Event) -> Vec<Effect> {
    update(state, event, NOW, 7)
}

fn heard(state: &mut State, event: LiveEvent) -> Vec<Effect> {
    let attempt = state.link.attempt();
    go(state, Event::SocketHeard(attempt, Some(Box::new(event))))
}

/// A conversation with one message sent and the socket live.
fn live() -> State {
    let mut state = state();
    go(&mut state, Event::Submitted(draft(1), "Hello".into()));
    go(&mut state, Event::Opened(draft(1), opened(1)));
    let attempt = state.link.attempt();
    go(&mut state, Event::SocketOpened(attempt));
    heard(&mut state, LiveEvent::Catchup(catchup(Vec::new())));
    state
}

fn sequences(state: &State) -> Vec<u32> {
    state.thread.messages().iter().map(|message| message.sequence).collect()
}

fn failure(state: &State, number: u8) -> Option<Refusal> {
    match &state.thread.draft(draft(number))?.progress {
        Progress::Failed(refusal) => Some(refusal.clone()),
        _ => None,
    }
}
