//! The head of a thread: whose it is, how long they wait, and what can be done at once.

use leptos::prelude::*;
use shared::wire::admin::inbox::deed::{BlockVisitor, TakeOver};
use shared::wire::admin::inbox::list::{ConversationRow, Work};
use shared::wire::widget::State as Stage;

use crate::components::act::{problem, question};
use crate::components::desk::{Desk, Menu, ago, icon, member_name, menu, visitor_name, who_name};
use crate::i18n::{self, Key};
use crate::parts;
use crate::shell::App;
use crate::state::inbox::{Deed, InboxAsk, Spot};
use crate::state::{Ask, Form, Page, Pane, Section};

/// The head.
pub fn head(desk: Desk) -> impl IntoView {
    let app = desk.app;
    let row = app.part(|state| state.inbox.open_row().cloned());
    let list = desk.business().map(|business| Page::In(business, Section::Inbox).fragment());
    let held = desk.open().map(|open| desk.page(open, Pane::Card));
    let title = move || row.get().map(|row| visitor_name(app, &row));
    view! {
        <header class="talk-head">
            <a class="button quiet icon back" href=list aria-label=app.text(Key::BackToList)>{icon("M12 4.5 6.5 10l5.5 5.5")}</a>
            <div class="grow">
                <h1 tabindex="-1"><bdi>{title}</bdi></h1>
                <p>{move || row.get().map(|row| line(desk, &row))}</p>
            </div>
            {move || desk.may.get().then(|| parts::tool(desk, |tools| tools.acts))}
            <a class="button quiet icon to-card" href=held aria-label=app.text(Key::CardOpen)>{icon("M4 4h12v12H4zm3 4h6m-6 4h4")}</a>
        </header>
        {desk.open().map(|open| problem(app, Form::Inbox(Spot::Thread(open))))}
    }
}

/// Waiting, language, whether they are there, who has it, who else looks.
fn line(desk: Desk, row: &ConversationRow) -> impl IntoView + use<> {
    let app = desk.app;
    let since = row.waiting_since.filter(|_| row.work == Work::Open);
    let waiting = since.map(|since| {
        let words = move || {
            let now = app.read(|state| state.inbox.now);
            app.text_with(Key::WaitingSince, &[("time", &ago(app, since, now))])
        };
        view! { <span class="clay-text">{words}</span>" · " }
    });
    let mut rest = vec![i18n::language_name(&row.locale)];
    if row.restricted_at.is_some() {
        rest.push(app.text(Key::RowRestricted));
    }
    rest.push(app.text(if row.present { Key::RowHere } else { Key::RowAway }));
    match (row.state, &row.person) {
        (Stage::Human, Some(who)) if app.peek(|state| state.account()) == Some(who.account) => {
            rest.push(app.text(Key::RowMine));
        }
        (Stage::Human, Some(who)) => {
            rest.push(app.text_with(Key::RowHuman, &[("name", &who_name(app, who))]));
        }
        (Stage::Ai, _) => rest.push(app.text(Key::RowAiAnswers)),
        _ => {}
    }
    let conversation = row.conversation;
    let others = Memo::new(move |_| {
        app.read(|state| {
            let me = state.account();
            let here = state.inbox.presence.iter().filter(|one| one.conversation == Some(conversation));
            let names =
                here.filter(|one| Some(one.account) != me).filter_map(|one| member_name(state, one.account));
            names.collect::<Vec<_>>().join(", ")
        })
    });
    let look = move || {
        Some(others.get())
            .filter(|names| !names.is_empty())
            .map(|names| format!(" · {}", app.text_with(Key::AlsoHere, &[("name", &names)])))
    };
    view! { {waiting}{rest.join(" · ")}{look} }
}

const PERSON: &str = "M10 10a3.2 3.2 0 1 0-.01 0M4 16.5a6 6 0 0 1 12 0";
const BACK: &str = "M8 4.5 4 8.5l4 4M4 8.5h8a4 4 0 0 1 0 8H9";
const CLOCK: &str = "M10 3a7 7 0 1 0 .01 0M10 6.5V10l2.5 1.5";

/// Words and a drawing for them: the stylesheet shows what there is room for, and the words stay its name.
fn signed(app: App, words: Key, path: &'static str) -> AnyView {
    view! {
        <svg viewBox="0 0 20 20" aria-hidden="true"><title>{app.text(words)}</title><path d=path/></svg>
        <span>{app.text(words)}</span>
    }
    .into_any()
}

/// What a manager does at once, of the desk's tools: they come with the card beside it.
pub fn acts(desk: Desk) -> AnyView {
    let app = desk.app;
    // What can be done follows from this alone: drawn anew for every word, an open menu would lose what was typed in it.
    let acted = app.part(|state| {
        let row = state.inbox.open_row()?;
        let person = row.person.as_ref().map(|who| who.account);
        Some((row.work, row.state, person, row.is_spam, row.is_blocked, row.restricted_at))
    });
    let row = move || app.peek(|state| state.inbox.open_row().cloned());
    (move || acted.get().and_then(|_| row()).map(|row| acts_of(desk, &row))).into_any()
}

/// The first of them is what the thread is about.
fn acts_of(desk: Desk, row: &ConversationRow) -> AnyView {
    let app = desk.app;
    let open = row.conversation;
    let say = move |words: Key, path: &'static str, class: &'static str, deed: Deed| {
        let asked = deed.clone();
        let busy = Memo::new(move |_| app.read(|state| state.inbox.is_doing(open, &asked)));
        let busy = move || busy.get().then_some("true");
        let pressed = move |_| desk.deed(deed.clone());
        view! { <button type="button" class=class aria-busy=busy on:click=pressed>{signed(app, words, path)}</button> }
            .into_any()
    };
    let me = app.peek(|state| state.account());
    let is_mine = row.person.as_ref().is_some_and(|who| Some(who.account) == me);
    let first = match row.state {
        _ if row.restricted_at.is_some() => ().into_any(),
        Stage::Ai | Stage::Requested => {
            say(Key::TakeOver, PERSON, "sign primary", Deed::Take(TakeOver::default()))
        }
        Stage::Human if is_mine => say(Key::GiveBack, BACK, "sign", Deed::GiveBack),
        Stage::Human => say(Key::TakeFrom, PERSON, "sign", Deed::Take(TakeOver { from_colleague: true })),
        Stage::Closed => ().into_any(),
    };
    let end = if row.work == Work::Closed {
        say(Key::Reopen, BACK, "sign primary", Deed::Reopen)
    } else {
        say(Key::CloseThread, "m5 10.5 3.5 3.5L15 6.5", "sign", Deed::Close)
    };
    let later = match row.work {
        Work::Closed => ().into_any(),
        Work::Snoozed => say(Key::SnoozeEnd, CLOCK, "sign later", Deed::Wake),
        Work::Open | Work::Pending => {
            let words = move || signed(app, Key::Snooze, CLOCK);
            menu(desk, Menu::Snooze, "sign", words, None, move || parts::tool(desk, |tools| tools.snooze))
                .into_any()
        }
    };
    let dots = move || icon("M4.5 10h.01M10 10h.01M15.5 10h.01").into_any();
    view! {
        {later}{end}{first}
        {menu(desk, Menu::More, "quiet icon", dots, Some(Key::More), move || parts::tool(desk, |tools| tools.more))}
    }
    .into_any()
}

/// Asks whether the visitor is to be blocked, or lets them write again.
pub fn block(desk: Desk, row: &ConversationRow) {
    let app = desk.app;
    let deed = Deed::Block(BlockVisitor { is_blocked: !row.is_blocked });
    if row.is_blocked {
        return desk.deed(deed);
    }
    if let Some(business) = desk.business() {
        app.question.set(Some(question(
            app.text(Key::BlockQuestion),
            app.text(Key::BlockConsequence),
            app.text(Key::Block),
            Ask::Inbox(business, Box::new(InboxAsk::Deed(row.conversation, deed))),
        )));
    }
}
