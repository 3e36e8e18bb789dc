//! The open conversation: its head, what was said, what is being written, and the reply box below.

mod head;
mod menus;
mod message;
mod words;

pub use head::{acts, block};
pub use menus::{TRANSCRIPT, more, snooze};

use leptos::prelude::*;
use shared::time::Millis;
use shared::wire::admin::inbox::live::Typist;

use super::composer;
use super::desk::{Desk, icon, member_name};
use super::mark::mark;
use super::status::{Rows, failed, waiting};
use crate::browser;
use crate::i18n::Key;
use crate::state::Page;
use crate::state::Section;
use crate::state::inbox::{Entry, Event, Thread};
use shared::wire::problem::Kind;

/// The pane.
pub fn pane(desk: Desk) -> impl IntoView {
    let app = desk.app;
    let open = app.part(|state| state.inbox.open());
    let is_filled = app.part(|state| state.inbox.thread.as_ref().is_some_and(|it| it.slot.value.is_some()));
    let refusal = app.part(|state| state.inbox.thread.as_ref().and_then(Thread::refusal).cloned());
    view! {
        <section class="talk" aria-label=app.text(Key::Conversation)>
            {move || match (open.get(), is_filled.get(), refusal.get()) {
                (None, ..) => blank(desk, Key::ThreadNone, Key::ThreadNoneLede).into_any(),
                (_, _, Some(refusal)) if refusal.kind() == Some(Kind::NotFound) => {
                    blank(desk, Key::ThreadGone, Key::ThreadGoneLede).into_any()
                }
                (Some(_), false, Some(refusal)) => failed(app, &refusal).into_any(),
                (Some(_), false, None) => waiting(app, Rows(5)).into_any(),
                (Some(_), true, _) => talk(desk).into_any(),
            }}
        </section>
    }
}

fn blank(desk: Desk, title: Key, lede: Key) -> impl IntoView {
    let app = desk.app;
    let list = desk.business().map(|business| Page::In(business, Section::Inbox).fragment());
    view! {
        <div class="blank">
            {mark()}
            <strong>{app.text(title)}</strong>
            <p>{app.text(lede)}</p>
            <a class="button back" href=list>{app.text(Key::BackToList)}</a>
        </div>
    }
}

/// What the thread's place in the state says, where it is open.
pub fn with<T: Default>(desk: Desk, look: impl FnOnce(&Thread) -> T) -> T {
    desk.app.read(|state| state.inbox.thread.as_ref().map(look)).unwrap_or_default()
}

fn talk(desk: Desk) -> impl IntoView {
    let app = desk.app;
    let entries = Memo::new(move |_| {
        with_days(app.read(|state| {
            let thread = state.inbox.thread.as_ref();
            thread.map(|thread| thread.entries(&state.inbox.drafts)).unwrap_or_default()
        }))
    });
    let older = Memo::new(move |_| with(desk, |thread| thread.has_older));
    let older_loading = Memo::new(move |_| with(desk, |thread| thread.older_loading));
    view! {
        {head::head(desk)}
        <div class="log-scroll" id="thread" tabindex="0" role="region" aria-label=app.text(Key::HeldMessages) on:scroll=move |_| browser::thread_scrolled()>
            <div class="below">
                <button type="button" on:click=move |_| browser::thread_end(true)>
                    {icon("m5 8 5 5 5-5")}{app.text(Key::NewBelow)}
                </button>
            </div>
            <div class="log-place">
                {move || older.get().then(|| view! {
                    <p class="earlier">
                        <button type="button" aria-busy=move || older_loading.get().then_some("true") on:click=move |_| app.desk(Event::EarlierAsked)>
                            {app.text(Key::Earlier)}
                        </button>
                    </p>
                })}
                <div class="log" role="log" aria-label=app.text(Key::Conversation)>
                    <For each=move || entries.get() key=|entry| *entry children=move |entry| message::entry(desk, entry)/>
                </div>
                {live(desk)}
            </div>
        </div>
        {composer::composer(desk)}
    }
}

/// The entries with a line where a day begins, by the reader's own clock.
fn with_days(entries: Vec<(Entry, Millis, Millis)>) -> Vec<Entry> {
    let mut found = Vec::new();
    let mut day = None;
    for (entry, at, until) in entries {
        let now = browser::local_day(at);
        if day.is_none_or(|day| day < now) && !matches!(entry, Entry::Draft(_)) {
            day = Some(now);
            found.push(Entry::Day(at, until));
        }
        found.push(entry);
    }
    found
}

/// What is being written now: a machine's words as they come, or a sign that somebody types. Not read out piece by piece:
/// the whole message is, once it stands in the log.
fn live(desk: Desk) -> impl IntoView {
    let app = desk.app;
    let turn =
        Memo::new(move |_| with(desk, |thread| thread.turn.as_ref().map(|turn| turn.text.expose().clone())));
    let writing = Memo::new(move |_| turn.with(Option::is_some));
    let typing = Memo::new(move |_| {
        with(desk, |thread| thread.typing).map(|typist| match typist {
            Typist::Visitor => app.text(Key::VisitorWrites),
            Typist::Member(member) => {
                let name = app.read(|state| member_name(state, member)).unwrap_or_default();
                app.text_with(Key::ColleagueWrites, &[("name", &name)])
            }
        })
    });
    view! {
        <div class="live">
            {move || writing.get().then(|| view! {
                <div class="message" data-origin="ai" aria-busy="true">
                    <div class="bubble" dir="auto">
                        {move || words::drawn(&turn.get().unwrap_or_default())}
                    </div>
                    <p class="mark">{app.text(Key::AiWrites)}</p>
                </div>
            })}
            <p class="writing" role="status">{move || typing.get()}</p>
        </div>
    }
}
