//! One entry of the thread: who says it, what, and how far it has come.

use leptos::prelude::*;
use shared::id::{DraftId, NoteId};
use shared::privacy::Personal;
use shared::time::Millis;
use shared::wire::admin::inbox::conversation::DeskMessage;
use shared::wire::admin::inbox::deed::AskTranslation;
use shared::wire::file::Attachment;
use shared::wire::message::{Body, Notice, Origin, Source};

use super::{with, words};
use crate::api::file_address;
use crate::browser;
use crate::components::act::refusal_text;
use crate::components::desk::{Desk, who_name};
use crate::i18n::{self, Key, Style};
use crate::state::Slot;
use crate::state::inbox::{Entry, Event, Fate, InboxAsk};

/// An entry.
pub fn entry(desk: Desk, entry: Entry) -> AnyView {
    match entry {
        Entry::Day(at, until) => day(desk, at, until),
        Entry::Message(sequence, _) => {
            let found = desk.app.peek(|state| {
                state.inbox.thread.as_ref().and_then(|thread| thread.messages.get(&sequence).cloned())
            });
            found.map(|found| message(desk, found)).into_any()
        }
        Entry::Note(id) => note(desk, id),
        Entry::Draft(id) => draft(desk, id),
    }
}

/// The line where a day begins: what is said on it goes a year later, or sooner.
fn day(desk: Desk, at: Millis, until: Millis) -> AnyView {
    let app = desk.app;
    let words = move || {
        let now = app.read(|state| state.inbox.now);
        let day = match browser::local_day(now).saturating_sub(browser::local_day(at)) {
            0 => app.text(Key::Today),
            1 => app.text(Key::Yesterday),
            _ => i18n::moment(at, Style::Day),
        };
        app.text_with(Key::DayUntil, &[("day", &day), ("date", &i18n::moment(until, Style::Date))])
    };
    let words = Memo::new(move |_| words());
    view! { <p class="day">{move || words.get()}</p> }.into_any()
}

fn message(desk: Desk, found: DeskMessage) -> AnyView {
    let app = desk.app;
    let DeskMessage { message, by } = found;
    let (text, sources) = match message.body {
        Body::Notice(notice) => {
            let name = message.author.map(Personal::into_exposed).or_else(|| {
                by.and_then(|by| app.peek(|state| crate::components::desk::member_name(state, by)))
            });
            return notice_drawn(desk, notice, name);
        }
        Body::Text { text, sources } => (text.into_exposed(), sources),
    };
    let time = i18n::moment(message.at, Style::Time);
    let (said, mark) = match message.origin {
        Origin::Visitor => (app.text(Key::SaidVisitor), time),
        Origin::Ai => {
            let who = message.ai.as_ref().map_or_else(
                || app.text(Key::SaidAi),
                |ai| match ai.provider.as_str() {
                    "builtin" => app.text(Key::MarkAiPages),
                    _ => app.text_with(Key::MarkAi, &[("model", &ai.model)]),
                },
            );
            (
                app.text(Key::SaidAi),
                [who, sources_text(desk, &sources), time]
                    .into_iter()
                    .filter(|part| !part.is_empty())
                    .collect::<Vec<_>>()
                    .join(" · "),
            )
        }
        Origin::Human | Origin::System => {
            let name = by
                .and_then(|by| app.peek(|state| crate::components::desk::member_name(state, by)))
                .or_else(|| message.author.as_ref().map(|name| name.expose().clone()))
                .unwrap_or_else(|| app.text(Key::FormerMember));
            (format!("{name}:"), format!("{name} · {time}"))
        }
    };
    let sequence = message.sequence;
    let files = files(desk, message.attachments);
    let is_human = message.origin == Origin::Human;
    let bubble = if message.origin == Origin::Visitor { words::plain(&text) } else { words::drawn(&text) };
    // A message may be nothing but files.
    let has_words = !text.is_empty();
    let translate =
        (has_words && message.origin == Origin::Visitor).then(|| translation(desk, sequence, text));
    view! {
        <div class="message" data-origin=message.origin.as_str()>
            <span class="unseen">{said}</span>
            {has_words.then(|| view! { <div class="bubble" dir="auto">{bubble}</div> })}
            {files}
            {chips(desk, sources)}
            <p class="mark"><bdi>{mark}</bdi>{is_human.then(|| way(desk, sequence))}{translate.as_ref().map(|(button, _)| button.clone()())}</p>
            {translate.map(|(_, shown)| shown)}
        </div>
    }
    .into_any()
}

fn sources_text(desk: Desk, sources: &[Source]) -> String {
    // Where each can be opened, the chips say it.
    if sources.is_empty() || sources.iter().any(|source| source.url.is_some()) {
        return String::new();
    }
    let titles: Vec<String> = sources.iter().map(|source| format!("“{}”", source.title)).collect();
    desk.app.text_with(Key::MarkFrom, &[("sources", &titles.join(", "))])
}

/// Files of a message: pictures are shown, the rest is to be taken along.
fn files(desk: Desk, files: Vec<Attachment>) -> Option<AnyView> {
    let (business, open) = desk.business().zip(desk.open()).filter(|_| !files.is_empty())?;
    let files = files.into_iter().map(|file| {
        let address = file_address(business, open, file.id);
        let size = i18n::size(file.bytes);
        let name = file.name.into_exposed();
        // Its place is kept while it loads, and it is fetched only where somebody looks.
        let picture = file.width.zip(file.height).map(|(width, height)| {
            let source = format!("{address}?inline");
            view! { <img src=source alt=name.clone() width=width height=height loading="lazy" /> }
        });
        let is_picture = picture.is_some();
        view! {
            <li class:picture=is_picture>
                {picture}
                <a class="chip" href=address download=""><bdi>{name}</bdi>" · "{size}</a>
            </li>
        }
    });
    Some(view! { <ul class="sources">{files.collect_view()}</ul> }.into_any())
}

/// What an answer rests on. An address that is not plain https is not followed.
fn chips(desk: Desk, sources: Vec<Source>) -> Option<AnyView> {
    sources.iter().any(|source| source.url.is_some()).then(|| {
        let chips = sources.into_iter().map(|source| {
            let address = source.url.filter(|address| address.starts_with("https://"));
            let chip = match address {
                Some(address) => view! {
                    <a class="chip" href=address target="_blank" rel="noopener noreferrer">{source.title}</a>
                }
                .into_any(),
                None => view! { <span class="chip">{source.title}</span> }.into_any(),
            };
            view! { <li>{chip}</li> }
        });
        view! { <ul class="sources" aria-label=desk.app.text(Key::Sources)>{chips.collect_view()}</ul> }
            .into_any()
    })
}

/// How far a reply has come.
fn way(desk: Desk, sequence: u32) -> impl IntoView {
    let app = desk.app;
    let key = Memo::new(move |_| {
        with(desk, |thread| {
            Some(if thread.marks.seen >= sequence {
                Key::MarkRead
            } else if thread.mailed.contains(&sequence) {
                Key::MarkMailed
            } else if thread.marks.delivered >= sequence {
                Key::MarkDelivered
            } else {
                Key::MarkSent
            })
        })
    });
    move || key.get().map(|key| format!(" · {}", app.text(key)))
}

/// The button below a visitor's words, and their translation.
fn translation(desk: Desk, sequence: u32, text: String) -> (impl Fn() -> AnyView + Clone, AnyView) {
    let app = desk.app;
    let slot: Memo<Slot<Personal<String>>> = Memo::new(move |_| {
        with(desk, |thread| thread.translations.get(&sequence).cloned().unwrap_or_default())
    });
    let is_foreign = Memo::new(move |_| {
        let locale = app.read(|state| state.inbox.open_row().map(|row| row.locale.clone()));
        with(desk, |thread| thread.can_suggest) && locale.is_some_and(|locale| locale != app.language())
    });
    let button = move || {
        let text = text.clone();
        (move || {
            let text = text.clone();
            (is_foreign.get() && slot.with(|slot| slot.value.is_none())).then(|| {
                let busy = move || slot.with(|slot| slot.loading);
                let ask = move |_| {
                    if let Some(open) = desk.open().filter(|_| !slot.with_untracked(|slot| slot.loading)) {
                        let words = Personal::new(text.clone());
                        let body = AskTranslation { text: words, into: app.language_now() };
                        desk.ask(InboxAsk::Translation(open, Some(sequence), body));
                    }
                };
                view! { " · "<button type="button" aria-busy=move || busy().then_some("true") on:click=ask>{app.text(Key::Translate)}</button> }
            })
        })
        .into_any()
    };
    let shown = (move || {
        let slot = slot.get();
        let value = slot.value.map(|text| view! {
            <div class="translation" dir="auto">{words::plain(text.expose())}<p class="mark">{app.text(Key::Translated)}</p></div>
        });
        let refusal = slot.refusal.map(|refusal| view! { <p class="mark failed">{refusal_text(app, &refusal)}</p> });
        (value, refusal)
    })
    .into_any();
    (button, shown)
}

fn notice_drawn(desk: Desk, notice: Notice, name: Option<String>) -> AnyView {
    let app = desk.app;
    let name = name.unwrap_or_else(|| app.text(Key::FormerMember));
    let (class, words) = match notice {
        Notice::PersonRequested(_) => ("message notice clay", app.text(Key::NoticePerson)),
        Notice::HandedOver(_) => ("message notice clay", app.text(Key::NoticeHandedOver)),
        Notice::CeilingReached(_) => ("message notice clay", app.text(Key::NoticeCeiling)),
        Notice::NobodyYet(_) => ("message notice clay", app.text(Key::NoticeNobody)),
        Notice::NothingFound(_) => ("message notice", app.text(Key::NoticeNothing)),
        Notice::QuestionAwaited => ("message notice", app.text(Key::NoticeAwaited)),
        Notice::AnswerFailed => ("message notice", app.text(Key::NoticeFailed)),
        Notice::AnswerCut => ("message notice", app.text(Key::NoticeCut)),
        Notice::PersonJoined => ("message notice", app.text_with(Key::NoticeJoined, &[("name", &name)])),
        Notice::PersonLeft => ("message notice", app.text(Key::NoticeAiBack)),
    };
    view! { <p class=class data-origin="system">{words}</p> }.into_any()
}

fn note(desk: Desk, id: NoteId) -> AnyView {
    let app = desk.app;
    let found =
        app.peek(|state| state.inbox.thread.as_ref().and_then(|thread| thread.notes.get(&id).cloned()));
    let Some(note) = found else { return ().into_any() };
    let name = who_name(app, &note.by);
    let mark = format!(
        "{} · {}",
        app.text_with(Key::NoteBy, &[("name", &name)]),
        i18n::moment(note.at, Style::Time)
    );
    let is_mine = app.peek(|state| state.account()) == Some(note.by.account);
    let delete = is_mine.then(|| {
        let gone = move |_| {
            if let Some(open) = desk.open() {
                desk.ask(InboxAsk::NoteDelete(open, id));
            }
        };
        view! { " · "<button type="button" on:click=gone>{app.text(Key::NoteDelete)}</button> }
    });
    view! {
        <div class="message remark" data-origin="note">
            <div class="bubble" dir="auto">{words::noted(desk, note.text.expose())}</div>
            <p class="mark"><bdi>{mark}</bdi>{delete}</p>
        </div>
    }
    .into_any()
}

/// Something on its way: it stands at once, and says how it fares.
fn draft(desk: Desk, id: DraftId) -> AnyView {
    let app = desk.app;
    let found =
        Memo::new(move |_| app.read(|state| state.inbox.drafts.iter().find(|draft| draft.id == id).cloned()));
    let first = found.get_untracked();
    let Some(first) = first else { return ().into_any() };
    let class = if first.is_note { "message remark" } else { "message" };
    let origin = if first.is_note { "note" } else { "human" };
    let text = first.text.expose();
    let bubble = if first.is_note { words::noted(desk, text) } else { words::drawn(text) };
    let has_words = !text.is_empty();
    let name = |file: &Attachment| view! { <li><span class="chip"><bdi>{file.name.expose().clone()}</bdi></span></li> };
    let names: Vec<_> = first.files.iter().map(name).collect();
    let refusal = Memo::new(move |_| match found.get().map(|draft| draft.fate) {
        Some(Fate::Failed(refusal)) => Some(refusal),
        _ => None,
    });
    view! {
        <div class=class data-origin=origin class:pending=move || refusal.with(Option::is_none) class:failed=move || refusal.with(Option::is_some)>
            {has_words.then(|| view! { <div class="bubble" dir="auto">{bubble}</div> })}
            {(!names.is_empty()).then(|| view! { <ul class="sources">{names}</ul> })}
            {move || match refusal.get() {
                None => view! { <p class="mark">{app.text(Key::MarkSending)}</p> }.into_any(),
                Some(refusal) => view! {
                    <p class="mark failed" role="alert">
                        {app.text(Key::MarkFailed)}" "{refusal_text(app, &refusal)}" "
                        <button type="button" on:click=move |_| app.desk(Event::SentAgain(id))>{app.text(Key::TryAgain)}</button>" · "
                        <button type="button" on:click=move |_| app.desk(Event::DraftDropped(id))>{app.text(Key::Remove)}</button>
                    </p>
                }.into_any(),
            }}
        </div>
    }
    .into_any()
}
