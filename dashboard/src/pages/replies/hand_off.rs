//! When the machine hands over, and what happens while nobody comes.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use shared::wire::admin::inbox::settings::HandOff;

use super::ask;
use crate::components::act::{problem, submit_aside, typed};
use crate::components::field::{Input, Look, area_checked, field, tick};
use crate::components::status::{Rows, slot};
use crate::i18n::Key;
use crate::shell::App;
use crate::state::Form;
use crate::state::inbox::{InboxAsk, Spot};

/// The card.
pub fn card(app: App) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="hand-off">
            <h2 id="hand-off">{app.text(Key::HandOffTitle)}</h2>
            {slot(app, |state| &state.inbox.hand_off, Rows(4), move |rules| form(app, &rules))}
        </section>
    }
}

fn form(app: App, rules: &HandOff) -> impl IntoView + use<> {
    let topics = Input::new("topics", &rules.topics.join("\n"));
    let misses = Input::new("misses", &rules.after_misses.to_string());
    let minutes = Input::new("minutes", &rules.answer_within_min.to_string());
    let unsure = RwSignal::new(rules.unsure_counts);
    let ceiling = RwSignal::new(rules.at_ceiling);
    let sent = move |event: SubmitEvent| {
        event.prevent_default();
        let number = |input: Input, least: u32, most: u32| {
            let given = input.raw().trim().parse().ok().filter(|given| (least..=most).contains(given));
            input.judged(given, Key::WrongNumber)
        };
        let (Some(after_misses), Some(answer_within_min)) =
            (number(misses, 0, 20), number(minutes, 1, 1_440))
        else {
            return;
        };
        let lines = topics.raw();
        let lines = lines.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty());
        let rules = HandOff {
            topics: lines.collect(),
            after_misses,
            unsure_counts: unsure.get_untracked(),
            at_ceiling: ceiling.get_untracked(),
            answer_within_min,
        };
        ask(app, InboxAsk::HandOffPut(rules));
    };
    view! {
        <form novalidate class="inside" on:submit=sent on:input=typed(app, Form::Inbox(Spot::HandOff))>
            {area_checked(app, topics, Look { hint: Some(Key::HandOffTopicsHint), optional: true, ..Look::text(Key::HandOffTopics) })}
            <div class="columns">
                {field(app, misses, Look { hint: Some(Key::HandOffMissesHint), mode: "numeric", ..Look::text(Key::HandOffMisses) })}
                {field(app, minutes, Look { hint: Some(Key::HandOffMinutesHint), mode: "numeric", ..Look::text(Key::HandOffMinutes) })}
            </div>
            {tick(app, unsure, Key::HandOffUnsure, Some(Key::HandOffUnsureHint))}
            {tick(app, ceiling, Key::HandOffCeiling, None)}
            {problem(app, Form::Inbox(Spot::HandOff))}
            {submit_aside(app, Form::Inbox(Spot::HandOff), Key::Save)}
        </form>
    }
}
