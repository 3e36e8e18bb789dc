//! The composer comes with the document and takes text before this program is there; `start.js` sends what it holds.
//! Here it gets what only the program knows: a counter near the limit, and until when a message is kept.

use shared::limits::MESSAGE_CHARACTERS;

use crate::browser;
use crate::i18n::{self, Key, Style};
use crate::shell::App;
use crate::state::Event;

/// From so many characters before the limit on, the counter is there.
const COUNTER_FROM: usize = 400;

/// Keeps the line under the composer like the state and what is typed.
pub fn keep(app: App) {
    browser::listen(&browser::field(), "input", move |_| app.dispatch(Event::Typed));
    app.keep_text("hint", hint);
}

/// The date, or the counter.
fn hint(app: App) -> String {
    let (until, still) = app.read(|state| (state.frame.until, state.is_still()));
    if still {
        return String::new();
    }
    let field = browser::field();
    let written = field.value().trim().chars().count();
    let over = written.saturating_sub(MESSAGE_CHARACTERS);
    let left = MESSAGE_CHARACTERS.saturating_sub(written);
    browser::attribute_set(&field, "aria-invalid", (over > 0).then_some("true"));
    match (over, left) {
        (1.., _) => i18n::text_counted(Key::CharactersOver, over as u32, &[]),
        (0, ..COUNTER_FROM) => i18n::text_counted(Key::CharactersLeft, left as u32, &[]),
        _ => i18n::text_with(Key::UntilNow, &[("date", &i18n::moment(until, Style::Date))]),
    }
}
