//! Buttons that do something at the edge, and what came of it.

use leptos::ev::MouseEvent;
use leptos::prelude::*;
use shared::wire::problem::Kind;

use crate::i18n::{self, Key};
use crate::shell::{App, Question};
use crate::state::{Ask, Event, Form, Refusal};

/// The one button that a page is about.
pub fn submit(app: App, form: Form, words: Key) -> impl IntoView {
    send(app, form, words, "primary")
}

/// The button of a form beside others.
pub fn submit_aside(app: App, form: Form, words: Key) -> impl IntoView {
    send(app, form, words, "aside-button")
}

fn send(app: App, form: Form, words: Key, class: &'static str) -> impl IntoView {
    let busy = Memo::new(move |_| app.read(|state| state.is_busy(form)));
    view! {
        <button class=class type="submit" aria-busy=move || busy.get().then_some("true")>
            {move || app.text(if busy.get() { Key::Busy } else { words })}
        </button>
    }
}

/// Marks a form as typed into, so that nobody leaves it by mistake.
pub fn typed(app: App, form: Form) -> impl Fn(leptos::ev::Event) + Copy + 'static {
    move |_| {
        if !app.peek(|state| state.unsaved.holds(form)) {
            app.dispatch(Event::Typed(form));
        }
    }
}

/// Does something each time that what this form asked for was done.
pub fn once_kept(app: App, form: Form, run: impl Fn() + 'static) {
    let kept = Memo::new(move |_| app.read(|state| state.kept(form)));
    Effect::new(move |before: Option<Option<u32>>| {
        let now = kept.get();
        if now.is_some() && before.is_some_and(|before| before != now) {
            run();
        }
        now
    });
}

/// A button beside a row.
pub fn button(words: String, pressed: impl Fn() + 'static) -> impl IntoView {
    view! { <button type="button" on:click=move |_: MouseEvent| pressed()>{words}</button> }
}

/// A button that asks once before it does something.
pub fn careful(app: App, words: Key, question: impl Fn() -> Question + 'static) -> impl IntoView {
    view! {
        <button type="button" class="careful" on:click=move |_| app.question.set(Some(question()))>
            {app.text(words)}
        </button>
    }
}

/// A question about a deed.
pub fn question(title: String, body: String, button: String, ask: Ask) -> Question {
    Question { title, body, button, ask }
}

/// What was refused, in its form: what happened, and what to do.
pub fn problem(app: App, form: Form) -> impl IntoView {
    let refusal = Memo::new(move |_| app.read(|state| state.refusal(form).cloned()));
    view! {
        <div role="alert" class="problem-place">
            {move || refusal.get().map(|refusal| view! { <p class="problem">{refusal_text(app, &refusal)}</p> })}
        </div>
    }
}

/// A refusal in words.
pub fn refusal_text(app: App, refusal: &Refusal) -> String {
    let (kind, reference, wait) = match refusal {
        Refusal::Network => return app.text(Key::ProblemNetwork),
        Refusal::Device => return app.text(Key::ProblemDevice),
        Refusal::Said { kind: Kind::MembersRemain, who: Some(who), .. } => {
            return app.text_with(Key::ProblemMembers, &[("who", who.expose())]);
        }
        Refusal::Said { kind: Kind::TakenOver, who: Some(who), .. } => {
            return app.text_with(Key::ProblemTakenBy, &[("who", who.expose())]);
        }
        Refusal::Said { kind, reference, retry_after_s, .. } => (*kind, reference, *retry_after_s),
    };
    let key = match kind {
        Kind::CodeRefused => Key::ProblemCode,
        Kind::InvitationRefused => Key::ProblemInvitation,
        Kind::LinkRefused => Key::ProblemLink,
        Kind::PasskeyRefused => Key::ProblemPasskey,
        Kind::AccountExists => Key::ProblemAccountExists,
        Kind::AlreadyMember => Key::ProblemAlreadyMember,
        Kind::LastOwner => Key::ProblemLastOwner,
        Kind::DocumentsStale => Key::ProblemDocuments,
        Kind::TooMany => Key::ProblemTooMany,
        Kind::TakenOver => Key::ProblemTakenOver,
        Kind::ConversationRestricted => Key::ProblemRestricted,
        Kind::ErasureWaits => Key::ProblemErasureWaits,
        Kind::ConversationClosed => Key::ProblemThreadClosed,
        Kind::NoProvider => Key::ProblemNoProvider,
        Kind::FileTooLarge => Key::ProblemFileTooLarge,
        Kind::FileTypeRefused => Key::ProblemFileType,
        Kind::FileBroken => Key::ProblemFileBroken,
        Kind::FileUnavailable => Key::ProblemFileGone,
        Kind::FilesTooMany => Key::ProblemFilesMany,
        Kind::MessageEmpty | Kind::MessageTooLong => Key::WrongText,
        Kind::TitleTaken => Key::ProblemTitleTaken,
        Kind::RequestSettled => Key::ProblemRequestSettled,
        Kind::RequestExtended => Key::ProblemRequestExtended,
        Kind::DeletionPending => Key::ProblemDeletionPending,
        Kind::SignUpClosed => Key::ProblemSignUpClosed,
        Kind::RoleTooLow => Key::ProblemRole,
        Kind::NotFound => Key::ProblemGone,
        Kind::CsrfRefused => Key::ProblemCsrf,
        Kind::SessionMissing => Key::ProblemSession,
        Kind::ValueRefused | Kind::BodyMalformed | Kind::BodyTooLarge => Key::ProblemValue,
        Kind::Unavailable => Key::ProblemUnavailable,
        Kind::RateLimited => {
            app.language();
            return i18n::text_counted(Key::ProblemRate, wait.unwrap_or(60).div_ceil(60));
        }
        _ => Key::ProblemOurs,
    };
    let text = app.text(key);
    let is_ours = matches!(key, Key::ProblemOurs | Key::ProblemUnavailable) && !reference.is_empty();
    if is_ours {
        format!("{text} {}", app.text_with(Key::Reference, &[("reference", reference)]))
    } else {
        text
    }
}
