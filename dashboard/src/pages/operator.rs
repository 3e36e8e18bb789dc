//! What whoever runs the deployment sees: businesses and jobs, never content.

use leptos::prelude::*;
use shared::wire::admin::operator::{OperatedBusinesses, OperatedJobs};

use crate::components::act::problem;
use crate::components::status::{Rows, slot};
use crate::i18n::{self, Key, Style};
use crate::shell::App;
use crate::state::{Ask, Form};

/// The page.
pub fn page(app: App) -> impl IntoView {
    view! {
        {super::heading(app, Key::Operator, Some(Key::OperatorLede))}
        {slot(app, |state| &state.jobs, Rows(4), move |jobs| jobs_card(app, &jobs))}
        {slot(app, |state| &state.operated, Rows(4), move |page| businesses(app, &page))}
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
