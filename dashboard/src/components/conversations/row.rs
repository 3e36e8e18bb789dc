//! One row: who, when, the last words, and what stands out.

use leptos::prelude::*;
use shared::id::ConversationId;
use shared::wire::admin::inbox::list::{ConversationRow, Priority, Work};
use shared::wire::message::Origin;
use shared::wire::widget::State as Stage;

use crate::components::desk::{
    Desk, ago, at_short, initial, label_of, priority_name, visitor_name, who_name,
};
use crate::i18n::{self, Key, Style};
use crate::state::Pane;
use crate::state::inbox::Event;

/// The row.
pub fn row(desk: Desk, id: ConversationId) -> AnyView {
    let app = desk.app;
    let row = Memo::new(move |_| app.read(|state| state.inbox.row(id).cloned()));
    let current = Memo::new(move |_| app.read(|state| state.inbox.open() == Some(id)));
    let picked = Memo::new(move |_| app.read(|state| state.inbox.list.picked.contains(&id)));
    // It has left the filter and stands here until the reader goes on.
    let passed = Memo::new(move |_| {
        app.read(|state| {
            let list = &state.inbox.list;
            let under = |row| list.filter.holds(row, state.account());
            list.words.is_none() && !list.rows.get(&id).is_some_and(under)
        })
    });
    let unsent = Memo::new(move |_| app.read(|state| state.inbox.list.unsent.contains(&id)));
    let unread = Memo::new(move |_| row.with(|row| row.as_ref().is_some_and(|row| row.unread)));
    let name = Memo::new(move |_| {
        row.with(|row| row.as_ref().map(|row| visitor_name(app, row))).unwrap_or_default()
    });
    let select = move || app.text_with(Key::SelectThat, &[("name", &name.get())]);
    view! {
        <li class="conversation" class:unread=move || unread.get() class:passed=move || passed.get()>
            <a
                href=desk.page(id, Pane::Thread)
                id=format!("row-{id}")
                aria-current=move || current.get().then_some("true")
            >
                {move || row.get().map(|row| inside(desk, &row, unsent.get()))}
            </a>
            {move || desk.may.get().then(|| view! {
                <label class="pick">
                    <input type="checkbox" prop:checked=move || picked.get() on:change=move |_| app.desk(Event::Picked(id))/>
                    <span class="unseen">{select}</span>
                </label>
            })}
        </li>
    }
    .into_any()
}

fn inside(desk: Desk, row: &ConversationRow, unsent: bool) -> AnyView {
    let app = desk.app;
    let now = app.peek(|state| state.inbox.now);
    let site = app.peek(|state| state.site_name(row.site));
    let at = row.last_message_at;
    let words = row.preview.as_ref().map(|preview| {
        let text = preview.text.expose();
        let me = app.peek(|state| state.account());
        match (preview.origin, row.person.as_ref()) {
            (Origin::Ai, _) => app.text_with(Key::RowAi, &[("text", text)]),
            (Origin::Human, Some(who)) if Some(who.account) != me => {
                app.text_with(Key::RowBy, &[("name", &who_name(app, who)), ("text", text)])
            }
            (Origin::Human, Some(_)) => app.text_with(Key::RowYou, &[("text", text)]),
            _ => text.clone(),
        }
    });
    let unread = row.unread.then(|| {
        view! { <span class="dot"></span><span class="unseen">{app.text(Key::RowUnread)}</span> }
    });
    view! {
        <span class="initials" aria-hidden="true">{initial(row)}</span>
        <span class="row-top">
            <strong><bdi>{visitor_name(app, row)}</bdi>{site.map(|site| format!(" · {site}"))}</strong>
            {unread}
            <time>{at_short(at, now)}</time>
        </span>
        <span class="row-words" dir="auto">{words}</span>
        <span class="row-chips">{chips(desk, row, unsent)}</span>
    }
    .into_any()
}

fn chips(desk: Desk, row: &ConversationRow, unsent: bool) -> Vec<AnyView> {
    let app = desk.app;
    let mut found: Vec<AnyView> = Vec::new();
    let mut chip = |class: &'static str, words: String| {
        found.push(view! { <span class=class>{words}</span> }.into_any());
    };
    if unsent {
        chip("chip clay", app.text(Key::MarkFailed));
    }
    if row.restricted_at.is_some() {
        chip("chip clay", app.text(Key::RowRestricted));
    }
    if matches!(row.priority, Priority::High | Priority::Urgent) {
        chip("chip clay", app.text(priority_name(row.priority)));
    }
    match (row.work, row.state, &row.person) {
        (Work::Snoozed, ..) => {
            let until = row.snoozed_until.map(|at| i18n::moment(at, Style::Moment)).unwrap_or_default();
            chip("chip", app.text_with(Key::RowUntil, &[("date", &until)]));
        }
        (Work::Closed, ..) => chip("chip", app.text(Key::NoticeClosed)),
        (_, Stage::Requested, _) => chip("chip clay", app.text(Key::RowAsks)),
        (_, Stage::Human, Some(who)) if app.peek(|state| state.account()) == Some(who.account) => {
            chip("chip green", app.text(Key::RowMine));
        }
        (_, Stage::Human, Some(who)) => {
            chip("chip green", app.text_with(Key::RowHuman, &[("name", &who_name(app, who))]));
        }
        (_, Stage::Ai, _) => chip("chip", app.text(Key::RowAiAnswers)),
        _ => {}
    }
    let since = row.waiting_since.filter(|_| row.work == Work::Open);
    if let Some(since) = since {
        // The clock goes on while nothing else happens.
        let words = move || {
            let now = app.read(|state| state.inbox.now);
            app.text_with(Key::RowWaiting, &[("time", &ago(app, since, now))])
        };
        found.push(view! { <span class="chip clay">{words}</span> }.into_any());
    }
    for label in &row.labels {
        let label = *label;
        let named = Memo::new(move |_| app.read(|state| label_of(state, label)));
        found.push(
            (move || {
                named.get().map(|(name, color)| {
                    view! { <span class="chip"><span class=format!("swatch {color}")></span><bdi>{name}</bdi></span> }
                })
            })
            .into_any(),
        );
    }
    let language = i18n::language_name(&row.locale);
    found.push(
        view! {
            <span class="chip"><span aria-hidden="true">{row.locale.clone()}</span><span class="unseen">{language}</span></span>
        }
        .into_any(),
    );
    found
}
