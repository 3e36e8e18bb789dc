//! The quiet line under the thread: about the connection, and about the chat itself. Screen readers hear it.

use shared::wire::message::Origin;

use crate::browser;
use crate::i18n::{self, Key};
use crate::shell::App;
use crate::state::{Line, State};

/// Keeps the status region like the state: a line to see, and who is writing, which the eyes see elsewhere.
pub fn keep(app: App) {
    app.keep_text("line", |app| app.read(line_key).map(i18n::text).unwrap_or_default());
    app.keep_text("writing", |app| match app.read(State::writing) {
        None => String::new(),
        Some(Origin::Ai) => i18n::text(Key::WritingAi),
        Some(_) => app.text_by(Key::WritingHuman),
    });
    // The place that the start uses where it fails, with the same way out.
    app.follow(move || {
        if app.read(|state| state.outdated) {
            let place = browser::element("failed");
            if let Some(words) = place.first_child() {
                words.set_text_content(Some(&format!("{} ", app.text(Key::Newer))));
            }
            place.set_hidden(false);
        }
    });
}

/// What the line says.
fn line_key(state: &State) -> Option<Key> {
    if state.link.offline {
        return Some(Key::LineOffline);
    }
    // It stays while it lasts: whoever comes back next week has forgotten that they asked for it.
    if state.is_still() {
        return Some(Key::ProblemHeld);
    }
    if state.refusal.is_some() {
        return Some(Key::LinePersonRefused);
    }
    let line = state.line.map(|line| match line {
        Line::PersonFirst => Key::LinePersonFirst,
        Line::Ended => Key::LineEnded,
        Line::Renewed => Key::LineRenewed,
        Line::ConsentRecorded => Key::ConsentRecorded,
        Line::Back => Key::LineBack,
        Line::FormFailed => Key::LineFormFailed,
        Line::FilesAgain => Key::LineFilesAgain,
    });
    line.or_else(|| state.is_over().then_some(Key::LineOver))
        .or_else(|| state.is_closed().then_some(Key::LineClosed))
        .or_else(|| state.ends_with_the_page().then_some(Key::LineMemoryOnly))
}
