//! The thread: what the business says first, the messages, and what is being written now.

mod log;

use shared::wire::message::Origin;

use crate::browser::{self, Element, attribute_set};
use crate::components::message;
use crate::i18n::{self, Key};
use crate::shell::App;
use crate::state::State;
use shared::rules::markdown::blocks;

/// Keeps what the document holds of the thread like the state.
pub fn keep(app: App) {
    app.keep_text("note", note);
    let greeting = browser::element("greeting");
    app.follow(move || {
        app.words();
        let words = app.peek(|state| state.frame.greeting.clone());
        greeting.set_text_content(None);
        if !words.is_empty() {
            let said = app.text_named(Key::SaidBusiness);
            let _ = greeting.append_child(&message::bubble(Origin::System, &said, &blocks(&words)));
        }
    });
    let questions = browser::element("quick");
    app.follow(move || {
        app.words();
        quick(app, &questions);
    });
    log::keep(app);
    let live = browser::element("live");
    let (bubble, mut drawn) = (browser::element("live-words"), String::new());
    app.follow(move || {
        let (writing, words) = app.read(|state| {
            let words = state.thread.turn.as_ref().map(|turn| turn.text.expose().clone());
            // A mark whose partner has not come yet is not shown.
            let words = words.map(|words| words.trim_end_matches(['*', '_', '`', '[']).to_owned());
            (state.writing(), words.unwrap_or_default())
        });
        live.set_hidden(writing.is_none());
        attribute_set(&live, "data-origin", writing.map(Origin::as_str));
        if words != drawn {
            browser::draw(&bubble, &blocks(&words));
            drawn = words;
        }
    });
}

/// The notice that a machine answers (promise B10).
fn note(app: App) -> String {
    if app.read(State::ai_notice_is_due) { i18n::text(Key::AiNote) } else { String::new() }
}

/// Questions to tap, set by the business.
fn quick(app: App, place: &Element) {
    place.set_text_content(None);
    for question in app.peek(|state| state.frame.quick_questions.clone()) {
        let button = browser::add(place, "button", "", &question);
        attribute_set(&button, "dir", Some("auto"));
        browser::listen(&button, "click", move |_| app.submit(&question));
    }
}

impl State {
    /// Who is writing now, if somebody is.
    pub fn writing(&self) -> Option<Origin> {
        if self.thread.turn.is_some() { Some(Origin::Ai) } else { self.typing() }
    }
}
