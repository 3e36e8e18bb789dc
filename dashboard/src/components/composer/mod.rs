//! The reply box: a reply or a note, saved replies behind `/`, colleagues behind `@`, help by a machine on demand, and,
//! before anybody writes, whether it reaches the visitor.

mod attach;
mod suggest;

use std::collections::BTreeMap;

use leptos::prelude::*;
use shared::id::ConversationId;
use shared::limits::MESSAGE_CHARACTERS;
use shared::privacy::Personal;
use shared::rules::message::message_text;
use shared::time::Millis;
use shared::wire::admin::inbox::conversation::{HeldKind, Reach};
use shared::wire::admin::inbox::deed::{AskDraft, AskTranslation};
use shared::wire::admin::inbox::list::Work;
use shared::wire::problem::Kind;
use shared::wire::widget::State as Stage;

use super::act::problem;
use super::desk::Desk;
use super::thread::with;
use crate::browser;
use crate::i18n::{self, Key, Style};
use crate::state::Form;
use crate::state::inbox::{Event, InboxAsk, Spot, Suggested};
pub use attach::ID as FILE;
use suggest::Suggest;

/// The text area's id.
pub const ID: &str = "composer";
/// The id of the button that asks for a draft.
pub const DRAFT: &str = "composer-draft";
/// The id of the one that translates what is written.
pub const TRANSLATE: &str = "composer-translate";
/// Between two signs of typing.
const TYPING_MS: i64 = 3_000;
/// From so many characters before the end on, what is left is counted.
const COUNTED: usize = 200;

thread_local! {
    /// What is written and not sent, by conversation: nobody loses a sentence by looking something up elsewhere.
    static WRITTEN: std::cell::RefCell<BTreeMap<(ConversationId, bool), String>> = const { std::cell::RefCell::new(BTreeMap::new()) };
}

fn keep(open: ConversationId, is_note: bool, text: &str) {
    WRITTEN.with_borrow_mut(|written| {
        if text.is_empty() {
            written.remove(&(open, is_note));
        } else {
            written.insert((open, is_note), text.to_owned());
        }
    });
}

/// Forgets what was written and not sent, all or in one conversation.
pub fn forget(of: Option<ConversationId>) {
    WRITTEN.with_borrow_mut(|written| written.retain(|(open, _), _| of.is_some_and(|of| of != *open)));
}

fn kept(open: ConversationId, is_note: bool) -> String {
    WRITTEN.with_borrow(|written| written.get(&(open, is_note)).cloned().unwrap_or_default())
}

/// The box.
pub fn composer(desk: Desk) -> impl IntoView {
    let app = desk.app;
    let held_at = app.part(|state| state.inbox.open_row().and_then(|row| row.restricted_at));
    move || {
        let told = match (desk.may.get(), held_at.get()) {
            (true, None) => return write_box(desk).into_any(),
            (_, Some(at)) => {
                app.text_with(Key::ComposerRestricted, &[("date", &i18n::moment(at, Style::Moment))])
            }
            (false, None) => app.text(Key::ComposerViewer),
        };
        view! { <p class="composer-tell reader" role="status">{told}</p> }.into_any()
    }
}

fn write_box(desk: Desk) -> impl IntoView {
    let app = desk.app;
    let text = RwSignal::new(String::new());
    let typed_at = StoredValue::new(Millis::new(0));
    let open = app.part(|state| state.inbox.open());
    let suggest = Suggest::new(desk, text);
    // Each conversation has its own words, and each of the two ways.
    Effect::new(move |_| {
        if let Some(open) = open.get() {
            text.set(kept(open, desk.noting.get()));
            suggest.close();
        }
    });
    // What a machine suggests takes the place of what it was made of. Where somebody has gone on writing, they are asked.
    let offered = RwSignal::new(None::<String>);
    let suggestion = Memo::new(move |_| with(desk, |thread| thread.suggestion.clone()));
    Effect::new(move |_| {
        if let Some(Suggested { of, words }) = suggestion.get() {
            let is_same = text.with_untracked(|text| text.trim() == of.trim());
            if is_same && !desk.noting.get_untracked() {
                put(desk, text, words.into_exposed());
            } else {
                offered.set(Some(words.into_exposed()));
            }
            browser::later(0, move || app.desk(Event::SuggestionTaken));
        }
    });
    let typed = move |event: leptos::ev::Event| {
        let words = event_target_value(&event);
        if let Some(open) = desk.open() {
            keep(open, desk.noting.get_untracked(), &words);
        }
        let now = browser::now();
        if !desk.noting.get_untracked() && now.since_ms(typed_at.get_value()) > TYPING_MS {
            typed_at.set_value(now);
            app.desk(Event::Typed);
        }
        text.set(words);
        suggest.look();
    };
    let standing = Memo::new(move |_| attach::standing(desk));
    let send = move || {
        let is_note = desk.noting.get_untracked();
        let (waits, has_files) = if is_note { (false, false) } else { standing.get_untracked() };
        let words = match message_text(&text.get_untracked()) {
            Ok(words) => words,
            // Files need no words.
            Err(Kind::MessageEmpty) if has_files => String::new(),
            Err(_) => return,
        };
        // What was chosen goes along: it is waited for.
        if waits {
            return;
        }
        let words = if is_note { suggest::mentions_out(app, &words) } else { words };
        if let Some(open) = desk.open() {
            keep(open, is_note, "");
        }
        text.set(String::new());
        suggest.close();
        app.write(words, is_note);
        browser::focus(ID);
    };
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        if event.is_composing() || suggest.took_key(&event) {
            return;
        }
        match event.key().as_str() {
            "Enter" if !event.shift_key() => {
                event.prevent_default();
                send();
            }
            "Escape" => browser::blur(),
            _ => {}
        }
    };
    let left = Memo::new(move |_| {
        let count = text.with(|text| text.chars().count());
        MESSAGE_CHARACTERS.checked_sub(count).filter(|left| *left < COUNTED)
    });
    let way = move |words: Key, is_note: bool| {
        view! {
            <button
                type="button"
                aria-pressed=move || if desk.noting.get() == is_note { "true" } else { "false" }
                on:click=move |_| {
                    desk.note(is_note);
                    browser::focus(ID);
                }
            >
                {app.text(words)}
            </button>
        }
    };
    view! {
        <form
            class="composer"
            class:noting=move || desk.noting.get()
            on:submit=move |event| {
                event.prevent_default();
                send();
            }
        >
            {tell(desk)}
            {desk.open().map(|open| problem(app, Form::Inbox(Spot::Composer(open))))}
            {move || offered.get().map(|words| offer(desk, text, offered, words))}
            {suggest.list()}
            <div class="composer-box">
                <div class="composer-ways" role="group" aria-label=app.text(Key::Reply)>
                    {way(Key::Reply, false)}{way(Key::Note, true)}
                </div>
                <textarea
                    id=ID
                    rows="2"
                    dir="auto"
                    maxlength=MESSAGE_CHARACTERS.to_string()
                    aria-label=move || app.text(if desk.noting.get() { Key::Note } else { Key::Reply })
                    aria-describedby="composer-tell"
                    aria-autocomplete="list"
                    aria-controls="suggest"
                    aria-activedescendant=move || suggest.active()
                    placeholder=move || app.text(if desk.noting.get() { Key::NotePlaceholder } else { Key::ReplyPlaceholder })
                    prop:value=text
                    on:input=typed
                    on:keydown=on_key
                ></textarea>
                {attach::attached(desk)}
                <div class="composer-acts">
                    {helps(desk, text, suggest)}
                    <span class="grow"></span>
                    {move || left.get().map(|left| view! {
                        <span class="count">{i18n::text_counted(Key::LettersLeft, u32::try_from(left).unwrap_or_default())}</span>
                    })}
                    <button type="submit" class="primary" disabled=move || standing.get().0 && !desk.noting.get()>
                        {move || app.text(if desk.noting.get() { Key::KeepNote } else { Key::Send })}
                        <span aria-hidden="true">"⏎"</span>
                    </button>
                </div>
            </div>
        </form>
    }
}

/// Writes over what stands in the box, as its writer would: they can undo it.
fn put(desk: Desk, text: RwSignal<String>, words: String) {
    if !browser::words_put(ID, &words) {
        if let Some(open) = desk.open() {
            keep(open, desk.noting.get_untracked(), &words);
        }
        text.set(words);
    }
}

/// A suggestion that came too late to be put in unasked.
fn offer(
    desk: Desk,
    text: RwSignal<String>,
    offered: RwSignal<Option<String>>,
    words: String,
) -> impl IntoView {
    let app = desk.app;
    let shown = words.clone();
    let taken = move |_| {
        offered.set(None);
        desk.note(false);
        let words = words.clone();
        // The box shows the reply by then.
        browser::later(0, move || put(desk, text, words));
    };
    view! {
        <div class="composer-offer">
            <p dir="auto">{shown}</p>
            <p>
                <button type="button" on:click=taken>{app.text(Key::DraftUse)}</button>" · "
                <button type="button" on:click=move |_| {
                    offered.set(None);
                    browser::focus(ID);
                }>{app.text(Key::Remove)}</button>
            </p>
        </div>
    }
}

/// Saved replies, and what a machine can do on demand.
fn helps(desk: Desk, text: RwSignal<String>, suggest: Suggest) -> impl IntoView {
    let app = desk.app;
    let can = Memo::new(move |_| with(desk, |thread| thread.can_suggest));
    let busy = app.part(|state| {
        state.inbox.open().is_some_and(|open| state.is_busy(Form::Inbox(Spot::Composer(open))))
    });
    let locale = app.part(|state| state.inbox.open_row().map(|row| row.locale.clone()));
    let draft = move |_| {
        if let Some(open) = desk.open() {
            let intent = Some(text.get_untracked()).filter(|text| !text.trim().is_empty());
            desk.ask(InboxAsk::Draft(open, AskDraft { intent: intent.map(Personal::new) }));
        }
    };
    let translate = move |_| {
        if let (Some(open), Some(into)) = (desk.open(), locale.get_untracked()) {
            let text = text.get_untracked();
            if !text.trim().is_empty() {
                let body = AskTranslation { text: Personal::new(text), into };
                desk.ask(InboxAsk::Translation(open, None, body));
            }
        }
    };
    let is_reply = move || !desk.noting.get();
    view! {
        {move || is_reply().then(|| view! {
            <button type="button" class="quiet" on:click=move |_| suggest.open_all()>{app.text(Key::Saved)}</button>
            {attach::attach(desk)}
        })}
        {move || (is_reply() && can.get()).then(|| {
            let foreign = locale.get().filter(|locale| *locale != app.language());
            let into = foreign.map(|locale| app.text_with(Key::TranslateDraft, &[("language", &i18n::language_name(&locale))]));
            view! {
                <button type="button" class="quiet" id=DRAFT aria-busy=move || busy.get().then_some("true") on:click=draft>{app.text(Key::DraftAi)}</button>
                {into.map(|into| view! {
                    <button type="button" class="quiet" id=TRANSLATE aria-busy=move || busy.get().then_some("true") on:click=translate>{into}</button>
                })}
            }
        })}
    }
}

/// Whom it reaches, told before anybody writes.
fn tell(desk: Desk) -> impl IntoView {
    let app = desk.app;
    let told = Memo::new(move |_| {
        let row = app.read(|state| state.inbox.open_row().map(|row| (row.present, row.work, row.state)));
        let (reach, email, objects) = with(desk, |thread| {
            let visitor = thread.visitor.as_ref();
            let email = visitor.and_then(|visitor| {
                let email = visitor.held.iter().find(|held| held.kind == HeldKind::Email)?;
                Some((visitor.is_email_verified, email.value.clone()))
            });
            let objects = visitor.is_some_and(|visitor| visitor.objects_to_mail);
            (visitor.map(|visitor| visitor.reach), email.filter(|_| !objects), objects)
        });
        let (present, work, stage) = row?;
        if desk.noting.get() {
            return Some((false, app.text(Key::NoteHint)));
        }
        let is_there = present || (reach == Some(Reach::Page) && email.is_none());
        let way = match (present, email) {
            (true, Some((true, _))) => None,
            (false, Some((true, email))) => {
                Some((false, app.text_with(Key::ReachesMail, &[("address", email.expose())])))
            }
            (_, None) if objects => Some((!is_there, app.text(Key::ReachesObjected))),
            (_, Some((false, _))) => Some((!present, app.text(Key::ReachesUnproved))),
            (_, None) if is_there => Some((false, app.text(Key::ReachesLater))),
            (_, None) => Some((true, app.text(Key::ReachesNowhere))),
        };
        let first = match (work, stage) {
            (Work::Closed, _) => Some(app.text(Key::ComposerClosed)),
            (_, Stage::Ai | Stage::Requested) => Some(app.text(Key::ComposerAi)),
            _ => None,
        };
        match (first, way) {
            (Some(first), Some((is_clay, way))) => Some((is_clay, format!("{first} {way}"))),
            (Some(first), None) => Some((false, first)),
            (None, way) => way,
        }
    });
    view! {
        <p class="composer-tell" id="composer-tell" class:clay-text=move || told.get().is_some_and(|(is_clay, _)| is_clay)>
            {move || told.get().map(|(_, words)| words)}
        </p>
    }
}
