//! The first steps, from sign-up to a chat that answers on one's own page, with what is done and what is not.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use shared::limits::{KNOWLEDGE_CHARACTERS, KNOWLEDGE_TITLE_CHARACTERS};
use shared::rules::person::{block_text, line_text};
use shared::wire::admin::business::{Business, SiteEntry};
use shared::wire::admin::knowledge::WriteKnowledge;
use shared::wire::admin::team::Role;

use super::{check, origins};
use crate::components::act::{problem, submit_aside};
use crate::components::code::code;
use crate::components::field::{Input, Look, area_checked, field};
use crate::components::status::{Rows, slot};
use crate::i18n::{self, Key, Style};
use crate::shell::{Aim, App};
use crate::state::{Ask, Form, Page, Section, Setup, SetupForm, SitePart, first_steps};

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
    let site = business.sites.first();
    let asked = if business.has_conversations { Key::StepAskDone } else { Key::StepAskOpen };
    let facts = first_steps(business);
    let [opened, named, placed, taught, said, found, ran] =
        facts.map(|fact| if fact { Mark::Done } else { Mark::Open });
    let done = facts.into_iter().filter(|fact| *fact).count().to_string();
    let all = facts.len().to_string();
    let words = app.text_with(Key::StepsDone, &[("done", &done), ("all", &all)]);
    let may_write = business.role >= Role::Admin;
    let where_ = site.map(|site| origins::list(app, business.id, site, may_write));
    let hours = site.map(|site| hours(app, business, site, may_write));
    let snippet = site.map(|site| snippet(app, business, site));
    view! {
        <section class="card" aria-labelledby="steps">
            <div class="title"><h2 id="steps">{app.text(Key::Steps)}</h2><span>{words.clone()}</span></div>
            <progress max=all value=done aria-label=words></progress>
            <ol class="steps">
                {step(app, opened, 1, Key::StepOpened, view! {
                    <p>{app.text_with(Key::StepOpenedDone, &[("date", &created)])}</p>
                })}
                {step(app, named, 2, Key::StepWho, who(app, business))}
                {step(app, placed, 3, Key::StepWhere, where_)}
                {step(app, taught, 4, Key::StepTeach, teach(app, business))}
                {step(app, said, 5, Key::StepHours, hours)}
                {step(app, found, 6, Key::StepSnippet, snippet)}
                {step(app, ran, 7, Key::StepAsk, view! { <p>{app.text(asked)}</p> })}
            </ol>
        </section>
    }
}

/// Who is responsible.
fn who(app: App, business: &Business) -> impl IntoView + use<> {
    if business.is_complete {
        return view! { <p>{app.text(Key::StepWhoDone)}</p> }.into_any();
    }
    let profile = Page::In(business.id, Section::Profile).fragment();
    let may_write = business.role >= Role::Admin;
    view! {
        <p>{app.text(Key::StepWhoOpen)}</p>
        {may_write.then(|| view! { <p><a class="button" href=profile>{app.text(Key::StepWhoAct)}</a></p> })}
    }
    .into_any()
}

/// The first answer: without one the chat can only say that it does not know.
fn teach(app: App, business: &Business) -> impl IntoView + use<> {
    let id = business.id;
    let more = Page::In(id, Section::Knowledge).fragment();
    let link = view! { <p><a href=more>{app.text(Key::StepTeachMore)}</a></p> };
    if business.has_knowledge {
        return view! { <p>{app.text(Key::StepTeachDone)}</p>{link} }.into_any();
    }
    let (asked, answer) = (Input::new("teach-question", ""), Input::new("teach-answer", ""));
    let form = Form::Setup(SetupForm::KnowledgeAdd);
    let sent = move |event: SubmitEvent| {
        event.prevent_default();
        let title = asked.judged(line_text(&asked.raw(), KNOWLEDGE_TITLE_CHARACTERS), Key::WrongTitle);
        let Some(title) = title else { return };
        let body = block_text(&answer.raw(), KNOWLEDGE_CHARACTERS).filter(|body| !body.is_empty());
        let Some(body) = answer.judged(body, Key::WrongBody) else { return };
        let text = WriteKnowledge { locale: app.language_now(), title, body, url: None };
        app.ask(Ask::Setup(id, Setup::KnowledgeAdd(text)));
    };
    let fields = view! {
        <form novalidate class="step-form" on:submit=sent>
            {field(app, asked, Look { hint: Some(Key::StepTeachHint), ..Look::text(Key::KnowledgeQuestion) })}
            {area_checked(app, answer, Look::text(Key::KnowledgeAnswer))}
            {problem(app, form)}
            {submit_aside(app, form, Key::KnowledgeAdd)}
        </form>
    };
    view! {
        <p>{app.text(Key::StepTeachOpen)}</p>
        {(business.role >= Role::Manager).then_some(fields)}
        {link}
    }
    .into_any()
}

/// When people are there: until somebody says so, visitors are promised nobody.
fn hours(app: App, business: &Business, site: &SiteEntry, may_write: bool) -> impl IntoView + use<> {
    let settings = Page::Site(business.id, site.id, SitePart::Settings).fragment();
    let (words, act) = if site.hours_said {
        (Key::StepHoursDone, Key::StepHoursChange)
    } else {
        (Key::StepHoursOpen, Key::StepHoursAct)
    };
    let class = if site.hours_said { "" } else { "button" };
    view! {
        <p>{app.text(words)}</p>
        {may_write.then(|| view! {
            <p><a class=class href=settings on:click=move |_| app.aim.set(Some(Aim::Hours))>{app.text(act)}</a></p>
        })}
    }
}

/// What to paste, as the edge writes it for this site, and the look at the page.
fn snippet(app: App, business: &Business, site: &SiteEntry) -> impl IntoView + use<> {
    let lede = app.text_with(Key::StepSnippetOpen, &[("site", &site.name)]);
    let place = (business.id, site.id);
    let first = site.origins.iter().find(|origin| !origin.contains('*')).cloned().unwrap_or_default();
    let found = site.found_at.map(|at| i18n::moment(at, Style::Moment));
    let others = Page::Site(business.id, site.id, SitePart::Install).fragment();
    view! {
        <p>{lede}</p>
        {slot(app, |state| &state.setup.snippet, Rows(2), move |snippet| view! {
            {code(app, app.text(Key::Snippet), snippet.automatic)}
            <p class="hint">{app.text(Key::PolicyHint)}</p>
            {code(app, app.text(Key::Policy), snippet.script_policy)}
        })}
        <p><a href=others>{app.text(Key::StepSnippetOthers)}</a></p>
        <h4>{app.text(Key::Check)}</h4>
        {found.map(|at| view! { <p>{app.text_with(Key::StepFound, &[("date", &at)])}</p> })}
        {(business.role >= Role::Manager).then(|| check::form(app, place, &first, "step-form"))}
    }
}
