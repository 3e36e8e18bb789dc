//! What visitors asked without being answered, and what they said at the end: opened when somebody asks for it, since every
//! opening is noted.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use shared::id::{ConversationId, MessageId};
use shared::limits::{KNOWLEDGE_CHARACTERS, KNOWLEDGE_TITLE_CHARACTERS};
use shared::rules::person::{block_text, line_text};
use shared::time::Millis;
use shared::wire::admin::knowledge::WriteKnowledge;
use shared::wire::admin::numbers::{Comment, Question};

use crate::browser;
use crate::components::act::{button, problem, submit, typed};
use crate::components::field::{Input, Look, area, field};
use crate::i18n::{self, Key, Style};
use crate::shell::App;
use crate::state::{Ask, Form, Page, Pane};

/// Both cards.
pub fn cards(app: App) -> AnyView {
    view! { {questions(app)} {comments(app)} }.into_any()
}

fn until(app: App, until: Millis) -> String {
    app.text_with(Key::GoesOn, &[("date", &i18n::moment(until, Style::Date))])
}

/// The way to the conversation in which it was said.
fn thread_link(app: App, conversation: ConversationId) -> impl IntoView + use<> {
    let business = app.peek(|state| state.page.business());
    business.map(|business| {
        let page = Page::Thread(business, conversation, Pane::Thread);
        view! { <a href=page.fragment()>{app.text(Key::ToConversation)}</a> }
    })
}

fn show(app: App, form: Form, words: String, ask: impl Fn() -> Option<Ask> + 'static) -> impl IntoView {
    let busy = Memo::new(move |_| app.read(|state| state.is_busy(form)));
    view! {
        <button
            type="button"
            aria-busy=move || busy.get().then_some("true")
            on:click=move |_| if let Some(ask) = ask() { app.ask(ask) }
        >
            {words}
        </button>
    }
}

fn questions(app: App) -> impl IntoView {
    let open =
        app.part(|state| state.counted.numbers.value.as_ref().and_then(|numbers| numbers.open_questions));
    let page = app.part(|state| state.counted.questions.value.clone());
    let answering = RwSignal::new(None::<MessageId>);
    let ask = move |before| {
        app.peek(|state| state.page.business()).map(|business| Ask::Questions(business, before))
    };
    let inside = move || {
        match (page.get(), open.get()) {
        (None, Some(0)) => view! { <p class="empty">{app.text(Key::QuestionsNone)}</p> }.into_any(),
        (None, open) => view! {
            <div class="inside">
                <p>{app.text(Key::QuestionsLede)}</p>
                <div class="acts">{show(app, Form::Questions, i18n::text_counted(Key::QuestionsShow, open.unwrap_or(0)), move || ask(None))}</div>
            </div>
        }.into_any(),
        (Some(page), _) if page.questions.is_empty() => view! { <p class="empty">{app.text(Key::QuestionsNone)}</p> }.into_any(),
        (Some(page), _) => {
            let before = page.before;
            view! {
                <ul class="rows">{page.questions.into_iter().map(|it| question(app, it, answering)).collect_view()}</ul>
                {before.map(|before| view! { <div class="inside">{show(app, Form::Questions, app.text(Key::Older), move || ask(Some(before)))}</div> })}
            }.into_any()
        }
    }
    };
    view! {
        <section class="card" aria-labelledby="questions">
            <h2 id="questions">{app.text(Key::QuestionsTitle)}</h2>
            {inside}
            {problem(app, Form::Questions)}
        </section>
    }
}

fn question(app: App, question: Question, answering: RwSignal<Option<MessageId>>) -> impl IntoView {
    let Question { message, conversation, text, locale, at, until: goes, .. } = question;
    let words = text.into_exposed();
    let business = app.peek(|state| state.page.business());
    let put_aside = move || {
        if let Some(business) = business {
            app.ask(Ask::QuestionPutAside(business, message));
        }
    };
    let asked = words.clone();
    view! {
        <li class="words">
            <blockquote dir="auto">{words}</blockquote>
            <p class="about">
                <span class="pill">{locale.clone()}</span>
                <span>{i18n::moment(at, Style::Moment)}</span>
                <span>{until(app, goes)}</span>
                {thread_link(app, conversation)}
            </p>
            {move || if answering.get() == Some(message) {
                answer_form(app, message, locale.clone(), &asked, answering).into_any()
            } else {
                view! {
                    <div class="acts">
                        {button(app.text(Key::QuestionAnswer), move || answering.set(Some(message)))}
                        {button(app.text(Key::QuestionAside), put_aside)}
                    </div>
                }.into_any()
            }}
            {problem(app, Form::Question(message))}
        </li>
    }
}

fn answer_form(
    app: App,
    message: MessageId,
    locale: String,
    asked: &str,
    answering: RwSignal<Option<MessageId>>,
) -> impl IntoView + use<> {
    let title = Input::new("question-title", &asked.split_whitespace().collect::<Vec<_>>().join(" "));
    let body = RwSignal::new(String::new());
    let wrong = RwSignal::new(false);
    let sent = move |event: SubmitEvent| {
        event.prevent_default();
        let line = line_text(&title.raw(), KNOWLEDGE_TITLE_CHARACTERS);
        let Some(line) = title.judged(line, Key::WrongTitle) else { return };
        let taken = block_text(&body.get_untracked(), KNOWLEDGE_CHARACTERS).filter(|body| !body.is_empty());
        wrong.set(taken.is_none());
        let business = app.peek(|state| state.page.business());
        let Some((business, body)) = business.zip(taken) else {
            browser::focus("question-body");
            return;
        };
        let written = WriteKnowledge { locale: locale.clone(), title: line, body, url: None };
        app.ask(Ask::QuestionAnswer(business, message, written));
    };
    view! {
        <form novalidate on:submit=sent on:input=typed(app, Form::Question(message))>
            {field(app, title, Look { hint: Some(Key::QuestionHint), ..Look::text(Key::QuestionWords) })}
            {area(app, "question-body", Key::QuestionBody, None, 6, move || body.get(), move |text| {
                wrong.set(false);
                body.set(text);
            })}
            <p class="wrong" role="alert" hidden=move || !wrong.get()>{app.text(Key::WrongBody)}</p>
            <div class="acts">
                {submit(app, Form::Question(message), Key::QuestionSend)}
                {button(app.text(Key::Cancel), move || answering.set(None))}
            </div>
        </form>
    }
}

fn comments(app: App) -> impl IntoView {
    let page = app.part(|state| state.counted.comments.value.clone());
    let ask =
        move |before| app.peek(|state| state.page.business()).map(|business| Ask::Comments(business, before));
    let inside = move || {
        match page.get() {
        None => view! {
            <div class="inside">
                <p>{app.text(Key::CommentsLede)}</p>
                <div class="acts">{show(app, Form::Comments, app.text(Key::CommentsShow), move || ask(None))}</div>
            </div>
        }.into_any(),
        Some(page) if page.comments.is_empty() => view! { <p class="empty">{app.text(Key::CommentsNone)}</p> }.into_any(),
        Some(page) => {
            let before = page.before;
            view! {
                <ul class="rows">{page.comments.into_iter().map(|it| comment(app, it)).collect_view()}</ul>
                {before.map(|before| view! { <div class="inside">{show(app, Form::Comments, app.text(Key::Older), move || ask(Some(before)))}</div> })}
            }.into_any()
        }
    }
    };
    view! {
        <section class="card" aria-labelledby="comments">
            <h2 id="comments">{app.text(Key::CommentsTitle)}</h2>
            {inside}
            {problem(app, Form::Comments)}
        </section>
    }
}

fn comment(app: App, comment: Comment) -> impl IntoView {
    let score = app.text_with(Key::ScoreOf, &[("score", &i18n::number(comment.score.into()))]);
    view! {
        <li class="words">
            <blockquote dir="auto">{comment.text.into_exposed()}</blockquote>
            <p class="about">
                <strong>{score}</strong>
                <span>{i18n::moment(comment.at, Style::Moment)}</span>
                <span>{until(app, comment.until)}</span>
                {thread_link(app, comment.conversation)}
            </p>
        </li>
    }
}
