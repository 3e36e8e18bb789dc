//! What a thread's menus hold. They are of the desk's tools: nobody waits for them before a conversation is open.

use leptos::prelude::*;
use shared::wire::admin::inbox::deed::{MarkRead, MarkSpam, Snooze};
use shared::wire::admin::inbox::list::Work;

use super::head::block;
use crate::api::transcript_address;
use crate::browser;
use crate::components::desk::{Desk, Menu, item, snooze_times};
use crate::i18n::Key;
use crate::state::inbox::Deed;

/// The id of the line that takes the conversation along as a file.
pub const TRANSCRIPT: &str = "more-transcript";

/// When it is to come back.
pub fn snooze(desk: Desk) -> AnyView {
    let app = desk.app;
    let now = app.peek(|state| state.inbox.now);
    let times = snooze_times(app, now)
        .into_iter()
        .map(|(words, until)| item(desk, words, move || desk.deed(Deed::Snooze(Snooze { until }))));
    let at = RwSignal::new(String::new());
    let sent = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if let Some(until) =
            browser::local_moment(&at.get_untracked()).filter(|until| *until > browser::now())
        {
            desk.menu_shut();
            desk.deed(Deed::Snooze(Snooze { until }));
        }
    };
    view! {
        {times.collect_view()}
        <hr/>
        <form class="menu-form" on:submit=sent>
            <label for="snooze-at">{app.text(Key::SnoozeAt)}</label>
            <input id="snooze-at" type="datetime-local" on:input=move |event| at.set(event_target_value(&event))/>
            <button type="submit">{app.text(Key::Snooze)}</button>
        </form>
    }
    .into_any()
}

/// What is done more rarely.
pub fn more(desk: Desk) -> AnyView {
    let app = desk.app;
    let Some(row) = app.peek(|state| state.inbox.open_row().cloned()) else { return ().into_any() };
    let line = move |words: Key, deed: Deed| item(desk, app.text(words), move || desk.deed(deed.clone()));
    let spam = if row.is_spam { Key::UnmarkSpam } else { Key::MarkSpam };
    let (words, blocked) = (if row.is_blocked { Key::Unblock } else { Key::BlockAsk }, row.clone());
    // What is held still leaves in nobody's file.
    let file = desk.business().map(|business| match row.restricted_at {
        Some(_) => view! { <p class="hint">{app.text(Key::ProblemRestricted)}</p> }.into_any(),
        None => {
            let file = transcript_address(business, row.conversation);
            view! { <a class="menu-link" id=TRANSCRIPT href=file download="" on:click=move |_| desk.menu.set(None)>{app.text(Key::Transcript)}</a> }
                .into_any()
        }
    });
    // On a phone the head has no place for it.
    let later = match row.work {
        Work::Closed => ().into_any(),
        Work::Snoozed => line(Key::SnoozeEnd, Deed::Wake),
        Work::Open | Work::Pending => {
            item(desk, app.text(Key::Snooze), move || desk.menu.set(Some(Menu::Snooze)))
        }
    };
    view! {
        <div class="only-phone">{later}</div>
        {line(Key::MarkUnread, Deed::Read(MarkRead { sequence: 0 }))}
        {file}
        <hr/>
        {line(spam, Deed::Spam(MarkSpam { is_spam: !row.is_spam }))}
        {item(desk, app.text(words), move || block(desk, &blocked))}
    }
    .into_any()
}
