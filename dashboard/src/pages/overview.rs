//! The first steps, from sign-up to a chat that answers on one's own page, with what is done and what is not.

use leptos::prelude::*;
use shared::wire::admin::business::{Business, SiteEntry};
use shared::wire::admin::team::Role;

use super::origins;
use crate::components::code::code;
use crate::components::status::{Rows, slot};
use crate::i18n::{self, Key, Style};
use crate::shell::App;
use crate::state::{Page, Section};

/// The page.
pub fn page(app: App) -> impl IntoView {
    let name = app.part(|state| state.membership().map(|place| place.name.clone()).unwrap_or_default());
    view! {
        <header class="heading">
            <h1 tabindex="-1">{move || name.get()}</h1>
            <p class="lede">{app.text(Key::OverviewLede)}</p>
        </header>
        {slot(app, |state| &state.business, Rows(6), move |business| steps(app, &business))}
    }
}

/// How far a step is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Done,
    Open,
}

fn step(app: App, mark: Mark, number: usize, title: Key, inside: impl IntoView) -> impl IntoView {
    let sign = match mark {
        Mark::Done => view! {
            <svg viewBox="0 0 20 20" aria-hidden="true"><path d="m5 10.5 3.2 3.2L15 7"/></svg>
            <span class="unseen">{app.text(Key::StepDone)}</span>
        }
        .into_any(),
        Mark::Open => number.to_string().into_any(),
    };
    view! {
        <li class="step" class:done=mark == Mark::Done>
            <span class="step-mark">{sign}</span>
            <div>
                <h3>{app.text(title)}</h3>
                {inside}
            </div>
        </li>
    }
}

fn steps(app: App, business: &Business) -> impl IntoView + use<> {
    let created = i18n::moment(business.created_at, Style::Date);
    let may_write = business.role >= Role::Admin;
    let profile = Page::In(business.id, Section::Profile).fragment();
    let who = if business.is_complete {
        view! { <p>{app.text(Key::StepWhoDone)}</p> }.into_any()
    } else {
        view! {
            <p>{app.text(Key::StepWhoOpen)}</p>
            {may_write.then(|| view! { <p><a class="button" href=profile>{app.text(Key::StepWhoAct)}</a></p> })}
        }
        .into_any()
    };
    let who_mark = if business.is_complete { Mark::Done } else { Mark::Open };
    let is_somewhere = business.sites.first().is_some_and(|site| !site.origins.is_empty());
    let where_mark = if is_somewhere { Mark::Done } else { Mark::Open };
    let where_ = business.sites.first().map(|site| origins::list(app, business.id, site, may_write));
    let runs_mark = if business.has_conversations { Mark::Done } else { Mark::Open };
    let asked = if business.has_conversations { Key::StepAskDone } else { Key::StepAskOpen };
    let marks = [Mark::Done, who_mark, where_mark, runs_mark, runs_mark];
    let done = marks.into_iter().filter(|mark| *mark == Mark::Done).count().to_string();
    let all = marks.len().to_string();
    let words = app.text_with(Key::StepsDone, &[("done", &done), ("all", &all)]);
    let snippet = business.sites.first().map(|site| snippet(app, &business.chat_origin, site));
    view! {
        <section class="card" aria-labelledby="steps">
            <div class="title"><h2 id="steps">{app.text(Key::Steps)}</h2><span>{words.clone()}</span></div>
            <progress max=all value=done aria-label=words></progress>
            <ol class="steps">
                {step(app, Mark::Done, 1, Key::StepOpened, view! {
                    <p>{app.text_with(Key::StepOpenedDone, &[("date", &created)])}</p>
                })}
                {step(app, who_mark, 2, Key::StepWho, who)}
                {step(app, where_mark, 3, Key::StepWhere, where_)}
                {step(app, runs_mark, 4, Key::StepSnippet, snippet)}
                {step(app, runs_mark, 5, Key::StepAsk, view! { <p>{app.text(asked)}</p> })}
            </ol>
        </section>
    }
}

fn snippet(app: App, origin: &str, site: &SiteEntry) -> impl IntoView + use<> {
    let tag = format!("<script src=\"{origin}/embed.js\" data-site=\"{}\" async></script>", site.id);
    let policy = format!("script-src {origin};\nframe-src {origin};");
    view! {
        <p>{app.text_with(Key::StepSnippetOpen, &[("site", &site.name)])}</p>
        {code(app, app.text(Key::Snippet), tag)}
        <p class="hint">{app.text(Key::PolicyHint)}</p>
        {code(app, app.text(Key::Policy), policy)}
    }
}
