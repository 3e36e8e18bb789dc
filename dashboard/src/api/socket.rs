//! The two sockets: the list's, and that of the conversation that is open.

use std::cell::RefCell;

use js_sys::Array;
use leptos::prelude::window;
use shared::id::{BusinessId, ConversationId};
use shared::wire::admin::inbox::live::RENEW;
use shared::wire::widget::LIVE_PROTOCOL;
use wasm_bindgen::JsCast;
use web_sys::{CloseEvent, MessageEvent, WebSocket};

use crate::browser;
use crate::state::inbox::Line;

/// What a socket has to say.
pub enum Said {
    /// It is open.
    Opened,
    /// A text frame.
    Text(String),
    /// It is gone; its hour was over, or it dropped.
    Closed { expected: bool },
}

thread_local! {
    static SOCKETS: RefCell<[Option<WebSocket>; 2]> = const { RefCell::new([None, None]) };
}

const fn place(line: Line) -> usize {
    match line {
        Line::List => 0,
        Line::Thread => 1,
    }
}

fn with<T>(line: Line, act: impl FnOnce(&mut Option<WebSocket>) -> T) -> Option<T> {
    SOCKETS.with_borrow_mut(|sockets| sockets.get_mut(place(line)).map(act))
}

/// Opens a socket with a ticket.
pub fn socket_open(
    line: Line,
    business: BusinessId,
    conversation: Option<ConversationId>,
    ticket: &str,
    heard: impl Fn(Said) + Clone + 'static,
) {
    let origin = window().location().origin().unwrap_or_default().replacen("http", "ws", 1);
    let rest = match conversation {
        Some(conversation) => format!("conversations/{conversation}"),
        None => "inbox".to_owned(),
    };
    let address = format!("{origin}/v1/admin/businesses/{business}/{rest}/live");
    let protocols = Array::of2(&LIVE_PROTOCOL.into(), &ticket.into());
    let Ok(socket) = WebSocket::new_with_str_sequence(&address, &protocols) else {
        return heard(Said::Closed { expected: false });
    };
    for (name, told) in [("open", 0), ("message", 1), ("close", 2)] {
        let heard = heard.clone();
        browser::listen_with(&socket, name, move |event| {
            heard(match told {
                0 => Said::Opened,
                1 => {
                    let event: MessageEvent = event.unchecked_into();
                    Said::Text(event.data().as_string().unwrap_or_default())
                }
                _ => Said::Closed { expected: event.unchecked_into::<CloseEvent>().code() == RENEW },
            });
        });
    }
    with(line, |kept| *kept = Some(socket));
}

/// Says something. A socket that is not open drops it; what matters is asked for again.
pub fn socket_say(line: Line, text: &str) {
    with(line, |socket| {
        if let Some(socket) = socket.as_ref().filter(|socket| socket.ready_state() == WebSocket::OPEN) {
            let _ = socket.send_with_str(text);
        }
    });
}

/// Closes a socket.
pub fn socket_close(line: Line) {
    if let Some(Some(socket)) = with(line, Option::take) {
        let _ = socket.close();
    }
}
