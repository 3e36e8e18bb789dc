//! The effects of the inbox: they come with the inbox, since nothing else opens sockets or calls for somebody.

use super::App;
use crate::components::status::called_text;
use crate::i18n;
use crate::state::inbox::{self, Line};
use crate::state::{Page, Pane};
use crate::{api, browser, json};

/// A sign of typing fades after this.
const TYPING_MS: u32 = 6_000;

/// Does what the inbox's state asks for.
pub fn perform(app: App, effect: inbox::Effect) {
    use inbox::Effect;
    match effect {
        Effect::Connect { line, attempt, business, conversation, ticket } => {
            api::socket_open(line, business, conversation, ticket.expose(), move |said| {
                heard(app, line, attempt, said);
            });
        }
        Effect::Disconnect(line) => api::socket_close(line),
        Effect::ListSay(command) => say(Line::List, &command),
        Effect::ThreadSay(command) => say(Line::Thread, &command),
        Effect::Ping(line) => api::socket_say(line, "ping"),
        Effect::Wake { line, attempt, alarm, after_ms } => browser::later(after_ms, move || {
            app.desk(inbox::Event::Rang { line, attempt, alarm, dice: dice() });
        }),
        Effect::TypingFade(conversation) => {
            browser::later(TYPING_MS, move || app.desk(inbox::Event::TypingFades(conversation)));
        }
        // The thread is drawn after this event.
        Effect::ScrollDown { always } => browser::later(0, move || browser::thread_end(always)),
        Effect::Call { business, conversation, why } => {
            let chosen = app.peek(|state| state.inbox.notifications.value.unwrap_or_default());
            if chosen.sound {
                browser::sound();
            }
            if chosen.browser && !browser::is_visible() && browser::may_notify() == Some(true) {
                let page = Page::Thread(business, conversation, Pane::Thread);
                browser::notify(
                    "Loquet",
                    &i18n::text(called_text(why)),
                    &conversation.to_string(),
                    page.fragment(),
                );
            }
        }
        Effect::Upload { business, conversation, key } => {
            let csrf = app.peek(|state| state.csrf().cloned());
            api::upload_begin(key, (business, conversation), csrf.as_ref(), move |said| {
                let fate = match said {
                    api::Uploaded::Part(part) => inbox::FileFate::Uploading(part),
                    api::Uploaded::Over(Ok(kept)) => inbox::FileFate::Kept(kept),
                    api::Uploaded::Over(Err(refusal)) => inbox::FileFate::Failed(refusal),
                };
                app.desk(inbox::Event::FileFares(key, fate));
            });
        }
        Effect::UploadEnd(key) => api::upload_end(key),
        Effect::Forget(of) => crate::components::composer::forget(of),
        Effect::Pane => browser::later(0, || {
            if browser::is_narrow() {
                browser::focus_shown(".desk h1[tabindex]");
            }
        }),
    }
}

/// Takes files for a reply that were chosen in the field with this id.
pub fn attach(app: App, field: &str) {
    for file in browser::files_take(field) {
        let (key, name, bytes) = api::upload_hold(file);
        app.desk(inbox::Event::FileChosen { key, name, bytes });
    }
}

fn heard(app: App, line: Line, attempt: u32, said: api::Said) {
    use inbox::Event;
    match (said, line) {
        (api::Said::Opened, _) => app.desk(Event::SocketOpened(line, attempt)),
        (api::Said::Closed { expected }, _) => {
            app.desk(Event::SocketClosed { line, attempt, expected, dice: dice() });
        }
        (api::Said::Text(text), Line::List) => {
            let event = json::read(&text).map(Box::new);
            app.desk(Event::ListHeard(attempt, event));
        }
        (api::Said::Text(text), Line::Thread) => {
            let event = json::read(&text).map(Box::new);
            app.desk(Event::ThreadHeard(attempt, event));
        }
    }
}

fn dice() -> u32 {
    u32::from_le_bytes(browser::random())
}

fn say(line: Line, command: &impl serde::Serialize) {
    if let Some(text) = json::write(command) {
        api::socket_say(line, &text);
    }
}
