//! Replies that are given often.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use shared::id::CannedReplyId;
use shared::wire::admin::inbox::words::{CannedReply, PutCannedReply};

use super::{ask, asked};
use crate::components::act::{careful, once_kept, problem, question, submit, submit_aside};
use crate::components::field::{Input, Look, area_checked, choice, field};
use crate::components::status::{Rows, kept_rows};
use crate::i18n::{Key, NAMES, language_name};
use crate::shell::App;
use crate::state::Form;
use crate::state::inbox::{InboxAsk, Spot, WrongReply, reply_check};

/// The card.
pub fn card(app: App, may_write: bool) -> impl IntoView {
    let open = RwSignal::new(None);
    let none = (Rows(3), Key::RepliesEmpty);
    let rows = kept_rows(
        app,
        |state| &state.inbox.replies,
        |it| &it.replies,
        none,
        move |reply| row(app, may_write, reply, open).into_any(),
    );
    view! {
        <section class="card" aria-labelledby="saved-replies">
            <h2 id="saved-replies">{app.text(Key::RepliesTitle)}</h2>
            {rows}
            {may_write.then(|| view! {
                <details class="inside">
                    <summary>{app.text(Key::ReplyNew)}</summary>
                    {form(app, None, open)}
                </details>
            })}
        </section>
    }
}

fn row(
    app: App,
    may_write: bool,
    reply: CannedReply,
    open: RwSignal<Option<CannedReplyId>>,
) -> impl IntoView {
    let CannedReply { id, reply } = reply;
    let title = reply.title.clone();
    let edit = app.text_with(Key::EditThat, &[("name", &title)]);
    let asked_for = title.clone();
    let away = move || {
        careful(app, Key::DeleteAsk, {
            let title = asked_for.clone();
            move || {
                question(
                    app.text_with(Key::ReplyDeleteQuestion, &[("name", &title)]),
                    app.text(Key::ReplyDeleteConsequence),
                    app.text(Key::Delete),
                    asked(app, InboxAsk::ReplyDelete(id)).unwrap_or(crate::state::Ask::Me),
                )
            }
        })
    };
    let locale = reply.locale.as_deref().map(language_name);
    let words = reply.text.clone();
    view! {
        <li>
            <div class="row">
                <div class="grow">
                    <strong dir="auto">{title}</strong>
                    <span dir="auto">{words}</span>
                </div>
                {locale.map(|locale| view! { <span class="pill">{locale}</span> })}
                <code>{format!("/{}", reply.shortcut)}</code>
                {may_write.then(|| view! {
                    <button
                        type="button"
                        aria-label=edit
                        aria-expanded=move || if open.get() == Some(id) { "true" } else { "false" }
                        on:click=move |_| open.update(|open| *open = (*open != Some(id)).then_some(id))
                    >
                        {app.text(Key::Edit)}
                    </button>
                    {away()}
                })}
            </div>
            {move || (open.get() == Some(id)).then(|| view! { <div class="panel">{form(app, Some((id, reply.clone())), open)}</div> })}
        </li>
    }
}

fn form(
    app: App,
    known: Option<(CannedReplyId, PutCannedReply)>,
    open: RwSignal<Option<CannedReplyId>>,
) -> impl IntoView + use<> {
    let id = known.as_ref().map(|(id, _)| *id);
    let spot = Form::Inbox(Spot::Reply(id));
    let now = known.map(|(_, reply)| reply);
    let look = |of: fn(&PutCannedReply) -> &str| now.as_ref().map(of).unwrap_or_default().to_owned();
    let (title_id, shortcut_id, text_id) = match id {
        None => ("reply-title", "reply-shortcut", "reply-text"),
        Some(_) => ("reply-title-of", "reply-shortcut-of", "reply-text-of"),
    };
    let title = Input::new(title_id, &look(|reply| &reply.title));
    let shortcut = Input::new(shortcut_id, &look(|reply| &reply.shortcut));
    let text = Input::new(text_id, &look(|reply| &reply.text));
    let locale = RwSignal::new(now.as_ref().and_then(|reply| reply.locale.clone()).unwrap_or_default());
    let languages = std::iter::once((String::new(), app.text(Key::FilterAny)))
        .chain(NAMES.map(|(language, name)| (language.to_owned(), name.to_owned())))
        .collect();
    let sent = move |event: SubmitEvent| {
        event.prevent_default();
        for input in [title, shortcut, text] {
            input.judged(Some(()), Key::WrongText);
        }
        let typed = PutCannedReply {
            shortcut: shortcut.raw(),
            title: title.raw(),
            text: text.raw(),
            locale: Some(locale.get_untracked()),
        };
        let judged = app.peek(|state| {
            let known = state.inbox.replies.value.as_ref();
            reply_check(known.map(|known| known.replies.as_slice()).unwrap_or_default(), id, &typed)
        });
        let (input, wrong) = match judged {
            Ok(reply) => return ask(app, InboxAsk::ReplyPut(id, reply)),
            Err(WrongReply::Title) => (title, Key::WrongName),
            Err(WrongReply::Shortcut) => (shortcut, Key::WrongShortcut),
            Err(WrongReply::ShortcutTaken) => (shortcut, Key::WrongShortcutTaken),
            Err(WrongReply::Text) => (text, Key::WrongText),
            Err(WrongReply::Braces) => (text, Key::WrongBraces),
        };
        input.judged(None::<()>, wrong);
    };
    // A new reply's fields are emptied once it is kept, the panel of another one closes.
    once_kept(app, spot, move || {
        if id.is_some() {
            return open.set(None);
        }
        for input in [title, shortcut, text] {
            input.set("");
        }
    });
    let choice_id = if id.is_none() { "reply-locale" } else { "reply-locale-of" };
    view! {
        <form novalidate on:submit=sent>
            <div class="columns">
                {field(app, title, Look::text(Key::ReplyTitle))}
                {field(app, shortcut, Look { hint: Some(Key::ReplyShortcutHint), ..Look::text(Key::ReplyShortcut) })}
                {choice(choice_id, app.text(Key::HeldLanguage), languages, locale)}
            </div>
            {area_checked(app, text, Look { hint: Some(Key::ReplyTextHint), ..Look::text(Key::ReplyText) })}
            {problem(app, spot)}
            {if id.is_none() { submit(app, spot, Key::ReplySave).into_any() } else { submit_aside(app, spot, Key::ReplySave).into_any() }}
        </form>
    }
}
