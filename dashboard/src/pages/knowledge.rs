//! What the business knows about itself: looked through, written, tried out. Answers come from here and from nowhere else.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use shared::id::{BusinessId, KnowledgeId};
use shared::limits::{KNOWLEDGE_CHARACTERS, KNOWLEDGE_TITLE_CHARACTERS};
use shared::rules::person::{block_text, line_text};
use shared::wire::admin::knowledge::{
    KnowledgeEntry, KnowledgePage, KnowledgeTrial, TryKnowledge, WriteKnowledge,
};
use shared::wire::admin::team::Role;

use crate::components::act::{careful, once_kept, problem, question, submit, submit_aside, typed};
use crate::components::field::{Input, Look, area, choice, field};
use crate::components::status::{Rows, slot};
use crate::i18n::{self, Key, SITE_LANGUAGES, Style};
use crate::shell::{Aim, App};
use crate::state::{Ask, Form, Query, Setup, SetupForm};

/// How much of an entry a row shows.
const EXCERPT: usize = 160;

fn ask(app: App, setup: Setup) {
    if let Some(business) = app.peek(|state| state.page.business()) {
        app.ask(Ask::Setup(business, setup));
    }
}

fn languages() -> Vec<(String, String)> {
    SITE_LANGUAGES.map(|(language, name)| (language.to_owned(), name.to_owned())).to_vec()
}

/// The page.
pub fn page(app: App) -> impl IntoView {
    let may_write = app.part(|state| state.reaches(Role::Manager));
    // Somebody comes to answer a question that they read elsewhere: it stands in the form already.
    let aim = StoredValue::new(match app.aim.get_untracked() {
        Some(Aim::Answer { question, locale }) => Some((question, locale)),
        _ => None,
    });
    let is_aimed = aim.with_value(Option::is_some);
    app.aim.set(None);
    if is_aimed {
        crate::browser::later(0, || crate::browser::focus("new-body"));
    }
    view! {
        {super::heading(app, Key::Knowledge, Some(Key::KnowledgeLede))}
        {trial(app)}
        {move || may_write.get().then(|| view! {
            <details class="card" open=is_aimed>
                <summary>{app.text(Key::KnowledgeNew)}</summary>
                {editor(app, None, aim.get_value())}
            </details>
        })}
        {search(app)}
        {slot(app, |state| &state.setup.knowledge, Rows(6), |_| ())}
        {list(app)}
    }
}

/// Tries a question, and shows which entries answer.
fn trial(app: App) -> impl IntoView {
    let asked = Input::new("trial", "");
    let locale = RwSignal::new(app.language_now());
    let sent = move |event: SubmitEvent| {
        event.prevent_default();
        let question = Some(asked.raw()).filter(|question| !question.trim().is_empty());
        if let Some(question) = asked.judged(question, Key::WrongLine) {
            ask(app, Setup::Try(TryKnowledge { question, locale: locale.get_untracked() }));
        }
    };
    let result = app.part(|state| state.setup.trial.clone());
    view! {
        <section class="card" aria-labelledby="trial-title">
            <h2 id="trial-title">{app.text(Key::Trial)}</h2>
            <form novalidate class="inside" on:submit=sent>
                <div class="columns wide-first">
                    {field(app, asked, Look { hint: Some(Key::TrialHint), ..Look::text(Key::TrialQuestion) })}
                    {choice("trial-language", app.text(Key::TrialLanguage), languages(), locale)}
                </div>
                {submit_aside(app, Form::Setup(SetupForm::Try), Key::TrialAsk)}
                {problem(app, Form::Setup(SetupForm::Try))}
                <div role="status">{move || result.get().map(|result| tried(app, &result))}</div>
            </form>
        </section>
    }
}

fn tried(app: App, trial: &KnowledgeTrial) -> impl IntoView + use<> {
    let rows = trial.passages.iter().map(|passage| {
        view! { <li><bdi>{passage.title.clone()}</bdi>" "<span class="pill">{i18n::site_language(&passage.locale)}</span></li> }
    });
    let sources: Vec<String> = trial.sources.iter().map(|source| source.title.clone()).collect();
    let answer = match &trial.answer {
        Some(answer) => view! {
            <h3>{app.text(Key::TrialAnswer)}</h3>
            <blockquote dir="auto">{answer.clone()}</blockquote>
            <p class="hint">{app.text_with(Key::TrialSources, &[("sources", &sources.join(", "))])}</p>
        }
        .into_any(),
        None => view! { <p class="clay-text">{app.text(Key::TrialNothing)}</p> }.into_any(),
    };
    let has_passages = !trial.passages.is_empty();
    view! {
        <div class="panel">
            {answer}
            {has_passages.then(|| view! { <h3>{app.text(Key::TrialPassages)}</h3> })}
            <ol class="numbered">{rows.collect_view()}</ol>
        </div>
    }
}

fn search(app: App) -> impl IntoView {
    let words = Input::new("search", "");
    let locale = RwSignal::new(String::new());
    let sent = move |event: SubmitEvent| {
        event.prevent_default();
        let query = Query { words: words.raw(), locale: locale.get_untracked(), before: None };
        ask(app, Setup::Knowledge(query));
    };
    let options = std::iter::once((String::new(), app.text(Key::LanguageAny))).chain(languages()).collect();
    view! {
        <form novalidate role="search" class="search" on:submit=sent>
            {field(app, words, Look { kind: "search", ..Look::text(Key::Search) })}
            {choice("search-language", app.text(Key::Language), options, locale)}
            {submit_aside(app, Form::Setup(SetupForm::Search), Key::SearchDo)}
        </form>
        {problem(app, Form::Setup(SetupForm::Search))}
    }
}

/// What stands over and under the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Ends {
    is_empty: bool,
    total: u32,
    most: u32,
    before: Option<KnowledgeId>,
}

/// The entries: a row stays as it is while others come and go, with what is being typed into it.
fn list(app: App) -> impl IntoView {
    let entries = app.part(|state| {
        state.setup.knowledge.value.as_ref().map(|page| page.entries.clone()).unwrap_or_default()
    });
    let ends = app.part(|state| {
        let KnowledgePage { entries, total, most, before, .. } = state.setup.knowledge.value.as_ref()?;
        Some(Ends { is_empty: entries.is_empty(), total: *total, most: *most, before: *before })
    });
    let has_rows = Memo::new(move |_| ends.get().map(|ends| !ends.is_empty));
    let business = app.peek(|state| state.page.business().filter(|_| state.reaches(Role::Manager)));
    let open = RwSignal::new(None);
    let count = move || {
        let (total, most) = ends.get().map(|ends| (ends.total, ends.most)).unwrap_or_default();
        let (total, most) = (i18n::number(total), i18n::number(most));
        app.text_with(Key::KnowledgeCount, &[("count", &total), ("most", &most)])
    };
    let busy = app.part(|state| state.is_busy(Form::More));
    let more = move |_| {
        let (query, before) = app.peek(|state| {
            (state.setup.query.clone(), state.setup.knowledge.value.as_ref().and_then(|page| page.before))
        });
        ask(app, Setup::Knowledge(Query { before, ..query }));
    };
    let nothing = move || {
        let is_none = move || ends.get().is_none_or(|ends| ends.total == 0);
        let words = move || app.text(if is_none() { Key::KnowledgeEmpty } else { Key::SearchEmpty });
        view! { <section class="card"><p class="empty">{words}</p></section> }
    };
    let rows = move || {
        view! {
            <section class="card" aria-labelledby="entries">
                <div class="title"><h2 id="entries">{app.text(Key::KnowledgeEntries)}</h2><span>{count}</span></div>
                <ul class="rows">
                    <For each=move || entries.get() key=|entry| (entry.id, entry.updated_at) let:entry>
                        {row(app, business, &entry, open)}
                    </For>
                </ul>
            </section>
            {problem(app, Form::More)}
            {move || ends.get().is_some_and(|ends| ends.before.is_some()).then(|| view! {
                <div class="acts below"><button type="button" aria-busy=move || busy.get().then_some("true") on:click=more>{app.text(Key::Older)}</button></div>
            })}
        }
    };
    move || match has_rows.get() {
        None => ().into_any(),
        Some(false) => nothing().into_any(),
        Some(true) => rows().into_any(),
    }
}

fn excerpt(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= EXCERPT {
        return line;
    }
    let cut: String = line.chars().take(EXCERPT).collect();
    format!("{}…", cut.trim_end())
}

fn row(
    app: App,
    business: Option<BusinessId>,
    entry: &KnowledgeEntry,
    open: RwSignal<Option<KnowledgeId>>,
) -> impl IntoView + use<> {
    let id = entry.id;
    let (title, text) = (entry.text.title.clone(), entry.text.clone());
    let label = app.text_with(Key::KnowledgeEdit, &[("title", &title)]);
    let date =
        app.text_with(Key::KnowledgeWritten, &[("date", &i18n::moment(entry.updated_at, Style::Date))]);
    let acts = business.map(|business| {
        let title = title.clone();
        let panel = move || (open.get() == Some(id)).then(|| editor(app, Some((id, text.clone())), None));
        // What was kept stands in the row.
        once_kept(app, Form::Setup(SetupForm::Knowledge(id)), move || {
            open.update(|open| *open = open.filter(|open| *open != id));
        });
        (
            view! {
                <button
                    type="button"
                    aria-label=label
                    aria-expanded=move || if open.get() == Some(id) { "true" } else { "false" }
                    on:click=move |_| open.update(|open| *open = (*open != Some(id)).then_some(id))
                >
                    {app.text(Key::Change)}
                </button>
                {careful(app, Key::KnowledgeDeleteAsk, move || question(
                    app.text_with(Key::KnowledgeDeleteQuestion, &[("title", &title)]),
                    app.text(Key::KnowledgeDeleteConsequence),
                    app.text(Key::KnowledgeDelete),
                    Ask::Setup(business, Setup::KnowledgeDelete(id)),
                ))}
            },
            panel,
        )
    });
    let (buttons, panel) = acts.unzip();
    view! {
        <li>
            <div class="row">
                <div class="grow">
                    <strong dir="auto">{title}</strong>
                    <span dir="auto">{excerpt(&entry.text.body)}</span>
                    <span class="pills"><span class="pill">{i18n::site_language(&entry.text.locale)}</span><span class="pill">{date}</span></span>
                </div>
                {buttons}
            </div>
            {panel}
            {problem(app, Form::Setup(SetupForm::Knowledge(id)))}
        </li>
    }
}

/// The fields of an entry: a new one, or one that is there.
fn editor(
    app: App,
    entry: Option<(KnowledgeId, WriteKnowledge)>,
    aim: Option<(String, String)>,
) -> impl IntoView {
    let (id, text) = entry.unzip();
    let is_new = id.is_none();
    let ids = if is_new {
        ["new-title", "new-body", "new-url", "new-language"]
    } else {
        ["edit-title", "edit-body", "edit-url", "edit-language"]
    };
    let [title_id, body_id, url_id, language_id] = ids;
    let is_pair = RwSignal::new(if aim.is_some() { "pair" } else { "text" }.to_owned());
    let (question, language) = aim.unwrap_or_else(|| (String::new(), app.language_now()));
    let text = text.unwrap_or_else(|| WriteKnowledge {
        locale: language,
        title: question,
        body: String::new(),
        url: None,
    });
    let title = Input::new(title_id, &text.title);
    let url = Input::new(url_id, text.url.as_deref().unwrap_or_default());
    let body = RwSignal::new(text.body.clone());
    let wrong = RwSignal::new(false);
    let locale = RwSignal::new(text.locale);
    let form = id.map_or(SetupForm::KnowledgeAdd, SetupForm::Knowledge);
    let sent = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(line) = title.judged(line_text(&title.raw(), KNOWLEDGE_TITLE_CHARACTERS), Key::WrongTitle)
        else {
            return;
        };
        let block = block_text(&body.get_untracked(), KNOWLEDGE_CHARACTERS).filter(|block| !block.is_empty());
        wrong.set(block.is_none());
        let Some(block) = block else { return crate::browser::focus(body_id) };
        let Some(address) = url.line_or_none() else { return };
        let is_web = address.as_ref().is_none_or(|address| address.starts_with("https://"));
        if url.judged(is_web.then_some(()), Key::WrongWeb).is_none() {
            return;
        }
        let text = WriteKnowledge { locale: locale.get_untracked(), title: line, body: block, url: address };
        ask(
            app,
            id.map_or_else(
                || Setup::KnowledgeAdd(text.clone()),
                |id| Setup::KnowledgeChange(id, text.clone()),
            ),
        );
    };
    // The fields are for the next entry once this one is kept.
    once_kept(app, Form::Setup(form), move || {
        if is_new {
            title.set("");
            url.set("");
            body.set(String::new());
        }
    });
    let kinds = vec![
        ("text".to_owned(), app.text(Key::KnowledgeText), app.text(Key::KnowledgeTextHint)),
        ("pair".to_owned(), app.text(Key::KnowledgePair), app.text(Key::KnowledgePairHint)),
    ];
    let fields = move || {
        let pair = is_pair.get() == "pair";
        let (first, second) = if pair {
            (Key::KnowledgeQuestion, Key::KnowledgeAnswer)
        } else {
            (Key::KnowledgeTitle, Key::KnowledgeBody)
        };
        view! {
            {field(app, title, Look::text(first))}
            {area(app, body_id, second, None, 6, move || body.get(), move |text| {
                wrong.set(false);
                body.set(text);
            })}
        }
    };
    view! {
        <form novalidate class="inside" on:submit=sent on:input=typed(app, Form::Setup(form))>
            {is_new.then(|| crate::components::field::radios("knowledge-kind", app.text(Key::KnowledgeKind), kinds, is_pair))}
            {fields}
            <p class="wrong" role="alert" hidden=move || !wrong.get()>{app.text(Key::WrongBody)}</p>
            <div class="columns">
                {choice(language_id, app.text(Key::Language), languages(), locale)}
                {field(app, url, Look { kind: "url", mode: "url", optional: true, hint: Some(Key::KnowledgeUrlHint), ..Look::text(Key::KnowledgeUrl) })}
            </div>
            {problem(app, Form::Setup(form))}
            {if is_new { submit(app, Form::Setup(form), Key::KnowledgeAdd).into_any() } else { submit_aside(app, Form::Setup(form), Key::Save).into_any() }}
        </form>
    }
}
