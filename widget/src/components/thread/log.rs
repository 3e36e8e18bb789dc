//! The log: rows come and stay, and a message of the visitor tells how it fares.
//!
//! Drawn by hand: a row never changes but for its fate, and the general list of Leptos weighs as much as all messages
//! and their Markdown.

use crate::browser::{self, Element};
use crate::components::message;
use crate::shell::App;
use crate::state::{Progress, RowKey, State};

/// A row on the page.
struct Row {
    key: RowKey,
    element: Element,
    progress: Option<Progress>,
}

/// Keeps the log like the state: what is there stays the same element, so that it is read out once.
pub fn keep(app: App) {
    let log: Element = browser::element("log").into();
    // `start.js` may have shown what was sent before this program came; it is drawn anew now.
    log.set_text_content(None);
    let mut rows: Vec<Row> = Vec::new();
    let mut words = app.words();
    app.follow(move || {
        // With the next language every row is another one.
        let now = app.words();
        if now != words {
            words = now;
            rows.clear();
            log.set_text_content(None);
        }
        let restoring = app.read(State::is_restoring);
        browser::attribute_set(&log, "aria-busy", restoring.then_some("true"));
        let mut before = std::mem::take(&mut rows);
        for key in app.read(State::rows) {
            let place = before.iter().position(|row| row.key == key);
            let mut row = match place {
                Some(place) => before.swap_remove(place),
                None => Row { key, element: message::drawn(app, key), progress: None },
            };
            if let RowKey::Own(draft) = key {
                let progress =
                    app.read(|state| state.thread.draft(draft).map(|draft| draft.progress.clone()));
                if progress != row.progress {
                    message::fate_set(app, draft, &row.element, progress.as_ref());
                    row.progress = progress;
                }
            }
            // An element that is in its place is not touched, or it would be read out again.
            let follows = rows.last().map_or_else(|| log.first_child(), |row| row.element.next_sibling());
            if follows.as_ref() != Some(row.element.as_ref()) {
                let _ = log.insert_before(&row.element, follows.as_ref());
            }
            rows.push(row);
        }
        before.iter().for_each(|row| row.element.remove());
    });
}
