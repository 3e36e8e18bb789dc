//! What is done to many conversations at once.

use leptos::prelude::*;
use shared::wire::admin::inbox::deed::BulkDeed;
use shared::wire::admin::inbox::list::Priority;

use crate::components::desk::{Desk, Menu, item, menu, priority_name, snooze_times};
use crate::i18n::{self, Key};
use crate::state::Form;
use crate::state::inbox::{Event, Spot};

/// The strip above the rows while some are picked.
pub fn strip(desk: Desk) -> impl IntoView {
    let app = desk.app;
    let count = app.part(|state| u32::try_from(state.inbox.list.picked.len()).unwrap_or(u32::MAX));
    let busy = app.part(|state| state.is_busy(Form::Inbox(Spot::List)));
    let act = move |words: Key, deed: BulkDeed| {
        let words = app.text(words);
        let busy = move || busy.get().then_some("true");
        view! { <button type="button" aria-busy=busy on:click=move |_| app.desk(Event::BulkAsked(deed.clone()))>{words}</button> }
    };
    view! {
        <div class="list-strip picked" role="group" aria-label=move || i18n::text_counted(Key::Selected, count.get())>
            <strong>{move || i18n::text_counted(Key::Selected, count.get())}</strong>
            {act(Key::CloseThread, BulkDeed::Close)}
            {menu(desk, Menu::Bulk, "", move || app.text(Key::More).into_any(), None, move || further(desk))}
            <button type="button" class="quiet" on:click=move |_| app.desk(Event::PickedAll(true))>{app.text(Key::SelectAll)}</button>
            <button type="button" class="quiet" on:click=move |_| {
                desk.picking.set(false);
                app.desk(Event::PickedAll(false));
            }>{app.text(Key::SelectNone)}</button>
        </div>
    }
}

fn further(desk: Desk) -> impl IntoView {
    let app = desk.app;
    let line = move |words: String, deed: BulkDeed| {
        item(desk, words, move || app.desk(Event::BulkAsked(deed.clone())))
    };
    let (me, labels, now) = app.peek(|state| {
        let labels =
            state.inbox.labels.value.as_ref().map(|labels| labels.labels.clone()).unwrap_or_default();
        (state.account(), labels, state.inbox.now)
    });
    let labels = labels.into_iter().map(|label| {
        let words = format!("{}: {}", app.text(Key::Label), label.label.name);
        line(words, BulkDeed::LabelAdd(label.id))
    });
    let priorities = [Priority::Urgent, Priority::High, Priority::Normal, Priority::Low].map(|priority| {
        let words = format!("{}: {}", app.text(Key::Priority), app.text(priority_name(priority)));
        line(words, BulkDeed::Priority(priority))
    });
    let times = snooze_times(app, now)
        .into_iter()
        .map(|(words, at)| line(format!("{}: {words}", app.text(Key::Snooze)), BulkDeed::Snooze(at)));
    view! {
        {line(app.text(Key::BulkRead), BulkDeed::Read)}
        {line(app.text(Key::Reopen), BulkDeed::Reopen)}
        {me.map(|me| line(app.text(Key::AssignMe), BulkDeed::Assign(Some(me))))}
        {line(app.text(Key::AssignNobody), BulkDeed::Assign(None))}
        <hr/>
        {times.collect_view()}
        <hr/>
        {labels.collect_view()}
        {priorities.into_iter().collect_view()}
        <hr/>
        {line(app.text(Key::MarkSpam), BulkDeed::Spam(true))}
    }
}

/// Some were not done: the reader is told how many.
pub fn partly(desk: Desk) -> impl IntoView {
    let app = desk.app;
    let partly = app.part(|state| state.inbox.partly);
    view! {
        <div role="status">
            {move || partly.get().map(|(done, all)| view! {
                <p class="problem">
                    {app.text_with(Key::BulkPartly, &[("done", &done.to_string()), ("all", &all.to_string())])}
                </p>
            })}
        </div>
    }
}
