//! The list of conversations: views, search and filters above, rows below, and what is done to many.

mod bulk;
mod filters;
mod row;
mod views;

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use shared::privacy::Personal;
use shared::wire::admin::inbox::list::{AssigneeIs, Filter, Work};

pub use views::further as views_further;

use super::act::problem;
use super::desk::{Desk, icon};
use super::status::{Rows, failed, waiting};
use crate::browser;
use crate::i18n::{self, Key, Style};
use crate::parts;
use crate::state::inbox::{Event, Spot};
use crate::state::{Form, Page, Section};

/// What narrows the list, of the desk's tools.
pub fn filters_panel(desk: Desk) -> AnyView {
    filters::panel(desk).into_any()
}

/// What is done to many, of the desk's tools.
pub fn bulk_strip(desk: Desk) -> AnyView {
    bulk::strip(desk).into_any()
}

/// The pane.
pub fn pane(desk: Desk) -> impl IntoView {
    let app = desk.app;
    let shown = app.part(|state| state.inbox.list.shown.clone());
    let picks = app.part(|state| !state.inbox.list.picked.is_empty());
    let newer = app.part(|state| u32::try_from(state.inbox.list.newer).unwrap_or(u32::MAX));
    let words = RwSignal::new(String::new());
    let searched = move |event: SubmitEvent| {
        event.prevent_default();
        let words = words.get_untracked().trim().to_owned();
        desk.app.desk(Event::SearchAsked((!words.is_empty()).then(|| Personal::new(words))));
    };
    let typed = move |event: leptos::ev::Event| {
        words.set(event_target_value(&event));
        if words.with_untracked(String::is_empty) {
            app.desk(Event::SearchAsked(None));
        }
    };
    // From here on keys mean again what they say.
    let left = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Escape" {
            browser::blur();
        }
    };
    // Another view ends the search, and the field says so.
    let searching = app.part(|state| state.inbox.list.words.is_some());
    Effect::new(move |_| {
        if !searching.get() {
            words.set(String::new());
        }
    });
    let is_label = app.part(|state| state.inbox.label_searched().is_some());
    let filters = Memo::new(move |_| app.read(|state| filters::count(&state.inbox.list.filter)));
    view! {
        <section class="list" aria-label=app.text(Key::Conversations)>
            <header class="list-head">
                <h1 tabindex="-1">{app.text(Key::Inbox)}</h1>
                <button
                    type="button"
                    class="quiet icon"
                    aria-label=move || match filters.get() {
                        0 => app.text(Key::Filter),
                        count => i18n::text_counted(Key::FilterOn, count),
                    }
                    aria-expanded=move || if desk.filters.get() { "true" } else { "false" }
                    aria-controls="filters"
                    on:click=move |_| desk.filters.update(|open| *open = !*open)
                >
                    {icon("M3 5.5h14M6 10h8m-5.5 4.5h3")}
                    {move || (filters.get() > 0).then(|| view! { <span class="dot"></span> })}
                </button>
                {move || desk.may.get().then(|| view! {
                    <button
                        type="button"
                        class="quiet icon"
                        aria-label=app.text(Key::SelectSome)
                        aria-pressed=move || if desk.picking.get() { "true" } else { "false" }
                        on:click=move |_| desk.picking.update(|picking| *picking = !*picking)
                    >
                        {icon("M4 4h12v12H4zm3 6 2.2 2.2L13 8")}
                    </button>
                })}
                <button type="button" class="quiet icon to-keys" aria-label=app.text(Key::PressTitle) on:click=move |_| desk.keys.set(true)>
                    {icon("M2.5 5.5h15v9h-15zM5.5 8.5h.01M8.5 8.5h.01M11.5 8.5h.01M14.5 8.5h.01M7 11.5h6")}
                </button>
                <form class="search" role="search" on:submit=searched>
                    <input
                        id="search"
                        type="search"
                        autocomplete="off"
                        aria-label=app.text(Key::InboxSearch)
                        placeholder=move || format!("{} /", app.text(Key::InboxSearch))
                        prop:value=words
                        on:input=typed
                        on:keydown=left
                    />
                </form>
            </header>
            {views::bar(desk)}
            <div id="filters" hidden=move || !desk.filters.get()>
                {move || desk.filters.get().then(|| parts::tool(desk, |tools| tools.filters))}
            </div>
            {move || picks.get().then(|| parts::tool(desk, |tools| tools.bulk))}
            {bulk::partly(desk)}
            {problem(app, Form::Inbox(Spot::List))}
            {move || is_label.get().then(|| parts::tool(desk, |tools| tools.label))}
            <div
                class="list-scroll"
                class:picking=move || desk.picking.get() || picks.get()
                on:pointerenter=move |_| app.desk(Event::Held(true))
                on:pointerleave=move |_| app.desk(Event::Held(false))
            >
                {move || (newer.get() > 0).then(|| view! {
                    <div class="newer">
                        <button type="button" on:click=move |_| app.desk(Event::NewerShown)>
                            {i18n::text_counted(Key::Newer, newer.get())}
                        </button>
                    </div>
                })}
                <ul>
                    <For each=move || shown.get() key=|id| *id children=move |id| row::row(desk, id)/>
                </ul>
                {foot(desk)}
            </div>
        </section>
    }
}

/// Whoever searches for a label's name is offered the label: its word stands in no message.
pub fn label_offer(desk: Desk) -> AnyView {
    let app = desk.app;
    let found = app.part(|state| state.inbox.label_searched());
    let drawn = move || {
        found.get().map(|(label, name)| {
            let choose = move |_| {
                app.desk(Event::FilterChosen(Filter { label: Some(label), ..Filter::default() }));
            };
            view! {
                <p class="list-foot">
                    <button type="button" on:click=choose>{app.text_with(Key::SearchLabel, &[("name", &name)])}</button>
                </p>
            }
        })
    };
    drawn.into_any()
}

/// What stands below the rows: waiting, why not, what to do where there is nothing, or the way to more.
fn foot(desk: Desk) -> impl IntoView {
    let app = desk.app;
    let is_empty = app.part(|state| state.inbox.list.shown.is_empty());
    let is_filled = app.part(|state| state.inbox.list.is_filled);
    let loading = app.part(|state| state.inbox.slot.loading);
    let refusal = app.part(|state| state.inbox.slot.refusal.clone());
    let before = app.part(|state| state.inbox.list.before.is_some());
    let searching = app.part(|state| state.inbox.list.words.is_some());
    let back_to = app.part(|state| state.inbox.list.looked_back_to);
    move || {
        if let Some(refusal) = refusal.get() {
            return failed(app, &refusal).into_any();
        }
        if !is_filled.get() {
            return is_empty.get().then(|| waiting(app, Rows(6))).into_any();
        }
        if before.get() {
            let partial = back_to.get().filter(|_| searching.get()).map(|at| {
                let date = i18n::moment(at, Style::Date);
                view! { <p class="hint">{app.text_with(Key::SearchPartial, &[("date", &date)])}</p> }
            });
            return view! {
                <div class="list-foot">
                    {partial}
                    <button type="button" aria-busy=move || loading.get().then_some("true") on:click=move |_| app.desk(Event::MoreAsked)>
                        {app.text(Key::ListMore)}
                    </button>
                </div>
            }
            .into_any();
        }
        is_empty.get().then(|| empty(desk)).into_any()
    }
}

/// What to do where nothing is shown.
fn empty(desk: Desk) -> impl IntoView {
    let app = desk.app;
    let (filter, is_search, is_first) = app.peek(|state| {
        let is_first = state.business.value.as_ref().is_some_and(|business| !business.has_conversations);
        (state.inbox.list.filter.clone(), state.inbox.list.words.is_some(), is_first)
    });
    let plain =
        Filter { work: filter.work, assignee: filter.assignee, spam: filter.spam, ..Filter::default() };
    let is_plain = plain == filter;
    let key = match (is_search, is_plain, filter.work, filter.assignee) {
        (true, ..) => Key::EmptySearch,
        (_, false, ..) => Key::EmptyFilter,
        _ if filter.spam => Key::EmptySpam,
        _ if is_first => Key::EmptyFirst,
        (.., Some(AssigneeIs::Me)) => Key::EmptyMine,
        (.., Some(AssigneeIs::Nobody)) => Key::EmptyUnassigned,
        (.., Some(AssigneeIs::Member(_))) => Key::EmptyFilter,
        (_, _, Some(Work::Open), _) => Key::EmptyOpen,
        (_, _, Some(Work::Pending), _) => Key::EmptyPending,
        (_, _, Some(Work::Snoozed), _) => Key::EmptySnoozed,
        (_, _, Some(Work::Closed), _) => Key::EmptyClosed,
        (_, _, None, _) => Key::EmptyAll,
    };
    let clear = (!is_plain || is_search).then(|| {
        let words = if is_search { Key::SearchClear } else { Key::FilterClear };
        let clear = move |_| {
            app.desk(if is_search { Event::SearchAsked(None) } else { Event::FilterChosen(plain.clone()) });
        };
        view! { <button type="button" on:click=clear>{app.text(words)}</button> }
    });
    let first = desk.business().filter(|_| key == Key::EmptyFirst).map(|business| {
        let page = Page::In(business, Section::Overview).fragment();
        view! { <a class="button" href=page>{app.text(Key::EmptyFirstAct)}</a> }
    });
    view! { <div class="blank"><p>{app.text(key)}</p>{clear}{first}</div> }
}
