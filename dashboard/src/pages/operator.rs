//! What whoever runs the deployment sees: what people ask about their accounts, businesses, what waits, jobs and uses; of
//! content no more than what those who asked said to them.

use std::collections::BTreeMap;

use leptos::prelude::*;
use shared::wire::admin::operator::{CountedUses, OperatedBusinesses, OperatedJobs, OperatedQueues};

use super::rights;
use crate::components::act::problem;
use crate::components::status::{Rows, slot};
use crate::i18n::{self, Key, Style};
use crate::shell::App;
use crate::state::{Ask, Form};

/// The page.
pub fn page(app: App) -> impl IntoView {
    view! {
        {super::heading(app, Key::Operator, Some(Key::OperatorLede))}
        {slot(app, |state| &state.own, Rows(1), move |own| rights::operated_card(app, &own))}
        {slot(app, |state| &state.queues, Rows(3), move |queues| queues_card(app, &queues))}
        {slot(app, |state| &state.jobs, Rows(4), move |jobs| jobs_card(app, &jobs))}
        {slot(app, |state| &state.operated, Rows(4), move |page| businesses(app, &page))}
        {slot(app, |state| &state.uses, Rows(2), move |uses| uses_card(app, &uses))}
    }
}

/// What waits, in numbers.
fn queues_card(app: App, queues: &OperatedQueues) -> impl IntoView + use<> {
    let rows = queues.queues.iter().map(|queue| {
        let name = match queue.name.as_str() {
            "mails" => Key::QueueMails,
            "webhooks" => Key::QueueWebhooks,
            _ => Key::QueueErasures,
        };
        let oldest = queue
            .oldest_at
            .map(|at| app.text_with(Key::QueueOldest, &[("date", &i18n::moment(at, Style::Moment))]));
        let given_up = (queue.given_up > 0).then(|| {
            let words = app.text_with(Key::QueueGivenUp, &[("count", &i18n::number(queue.given_up))]);
            view! { <span class="pill clay">{words}</span> }
        });
        view! {
            <li class="row">
                <div class="grow"><strong>{app.text(name)}</strong><span>{oldest}</span></div>
                {given_up}
                <span class="pill">{app.text_with(Key::QueueWaiting, &[("count", &i18n::number(queue.waiting))])}</span>
            </li>
        }
    });
    view! {
        <section class="card" aria-labelledby="queues">
            <h2 id="queues">{app.text(Key::Queues)}</h2>
            <ul class="rows">{rows.collect_view()}</ul>
        </section>
    }
}

/// How the dashboard was used, by those who agreed to be counted: a name with its sum.
fn uses_card(app: App, uses: &CountedUses) -> impl IntoView + use<> {
    let mut sums: BTreeMap<String, u32> = BTreeMap::new();
    for used in &uses.uses {
        let sum = sums.entry(used.name.clone()).or_default();
        *sum = sum.saturating_add(used.count);
    }
    let is_empty = sums.is_empty();
    let rows = sums.into_iter().map(|(name, count)| {
        view! { <li class="row"><div class="grow"><strong>{name.replace('_', " ")}</strong></div><span class="pill">{i18n::number(count)}</span></li> }
    });
    view! {
        <section class="card" aria-labelledby="uses">
            <h2 id="uses">{app.text(Key::Uses)}</h2>
            <div class="inside"><p class="hint">{app.text(Key::UsesLede)}</p></div>
            {is_empty.then(|| view! { <p class="empty">{app.text(Key::UsesEmpty)}</p> })}
            <ul class="rows">{rows.collect_view()}</ul>
        </section>
    }
}

fn jobs_card(app: App, jobs: &OperatedJobs) -> impl IntoView + use<> {
    let rows = jobs.jobs.iter().map(|job| {
        let last = job.last_good_at.map_or_else(
            || app.text(Key::JobNever),
            |at| app.text_with(Key::JobGood, &[("date", &i18n::moment(at, Style::Moment))]),
        );
        let state = match (job.late, job.last_good_at) {
            (true, _) => Some(("pill clay", Key::JobLate)),
            (false, Some(_)) => Some(("pill on", Key::JobOnTime)),
            (false, None) => None,
        };
        view! {
            <li class="row">
                <div class="grow"><strong>{job.name.replace('_', " ")}</strong><span>{last}" · "<code>{job.cron.clone()}</code></span></div>
                {state.map(|(class, state)| view! { <span class=class>{app.text(state)}</span> })}
            </li>
        }
    });
    view! {
        <section class="card" aria-labelledby="jobs">
            <h2 id="jobs">{app.text(Key::Jobs)}</h2>
            <ul class="rows">{rows.collect_view()}</ul>
        </section>
    }
}

fn businesses(app: App, page: &OperatedBusinesses) -> impl IntoView + use<> {
    let rows = page.businesses.iter().map(|business| {
        let line = app.text_with(
            Key::OperatedLine,
            &[
                ("members", &i18n::text_counted(Key::Members, business.members)),
                ("sites", &i18n::text_counted(Key::SiteCount, business.sites)),
                ("shard", &i18n::number(business.shard)),
                ("date", &i18n::moment(business.created_at, Style::Date)),
            ],
        );
        view! {
            <li class="row">
                <div class="grow"><strong dir="auto">{business.name.clone()}</strong><span>{line}</span></div>
            </li>
        }
    });
    let before = page.before;
    let busy = app.part(|state| state.is_busy(Form::More));
    let is_empty = page.businesses.is_empty();
    view! {
        <section class="card" aria-labelledby="operated">
            <h2 id="operated">{app.text(Key::Businesses)}</h2>
            {is_empty.then(|| view! { <p class="empty">{app.text(Key::OperatedEmpty)}</p> })}
            <ul class="rows">{rows.collect_view()}</ul>
        </section>
        {problem(app, Form::More)}
        {before.map(|_| view! {
            <div class="acts">
                <button type="button" aria-busy=move || busy.get().then_some("true") on:click=move |_| app.ask(Ask::OperatedBusinesses(before))>
                    {app.text(Key::Older)}
                </button>
            </div>
        })}
    }
}
