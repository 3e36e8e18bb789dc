//! Keys for everything at the desk, and the list of them.

use leptos::prelude::*;
use shared::time::Millis;
use shared::wire::admin::inbox::deed::{Assign, MarkRead, MarkSpam, TakeOver};
use shared::wire::admin::inbox::list::Work;
use shared::wire::widget::State as Stage;

use super::composer;
use super::desk::{Desk, Menu};
use super::thread::{TRANSCRIPT, block};
use crate::browser;
use crate::i18n::Key;
use crate::state::inbox::{Deed, Event, Tab};
use crate::state::{Event as Outer, Page, Pane};

const DIALOG: &str = "keys";
/// So long after a letter in the reply box keys outside of it do nothing.
const WRITTEN_MS: i64 = 1_000;

/// Every key, and what it does.
const KEYS: [(&str, Key); 25] = [
    ("j", Key::PressNext),
    ("k", Key::PressPrevious),
    ("r", Key::PressReply),
    ("n", Key::PressNote),
    ("t", Key::PressTake),
    ("m", Key::PressMine),
    ("e", Key::PressClose),
    ("z", Key::PressSnooze),
    ("l", Key::PressLabel),
    ("p", Key::PressPriority),
    ("u", Key::PressUnread),
    ("x", Key::PressSelect),
    ("1 … 8", Key::Views),
    ("f", Key::Filter),
    ("/", Key::PressSearch),
    ("d", Key::DraftAi),
    ("i", Key::Translate),
    ("a", Key::AttachFile),
    ("s", Key::MarkSpam),
    ("b", Key::BlockAsk),
    ("c", Key::Transcript),
    ("?", Key::PressKeys),
    ("Esc", Key::PressLeave),
    ("⏎", Key::PressSend),
    ("⇧ ⏎", Key::PressLine),
];

/// Listens for as long as the desk is there.
pub fn listen(desk: Desk) {
    let written_at = StoredValue::new(Millis::new(0));
    let handle = window_event_listener(leptos::ev::keydown, move |event| {
        if event.key() == "Escape" {
            written_at.set_value(Millis::new(0));
            return escape(desk);
        }
        let is_off = desk.app.peek(|state| state.preferences.keys_off);
        let now = browser::now();
        let Some(key) = browser::key_alone(&event) else {
            if browser::has_focus(composer::ID) {
                written_at.set_value(now);
            }
            return;
        };
        // The box may have gone from under somebody's words: what they go on typing is no command.
        if now.since_ms(written_at.get_value()) < WRITTEN_MS {
            return;
        }
        // The list of keys can be had by its own key even where the others are off: there they are put on again.
        if (!is_off || key == "?") && press(desk, &key) {
            event.prevent_default();
        }
    });
    on_cleanup(move || handle.remove());
}

fn escape(desk: Desk) {
    if desk.menu.get_untracked().is_some() {
        desk.menu.set(None);
    }
}

/// Does what a key says; `false` where it says nothing.
fn press(desk: Desk, key: &str) -> bool {
    let app = desk.app;
    let may = desk.may.get_untracked();
    let (row, me) = app.peek(|state| (state.inbox.open_row().cloned(), state.account()));
    match key {
        "?" => desk.keys.set(true),
        "/" => browser::focus("search"),
        "j" => go(desk, true),
        "k" => go(desk, false),
        "f" => {
            desk.filters.update(|open| *open = !*open);
            browser::later(0, || browser::focus_shown("#filters select"));
        }
        "x" if may => {
            if let Some(open) = desk.open() {
                app.desk(Event::Picked(open));
            }
        }
        "c" if may && row.is_some() => {
            // It is pressed where it stands, or the menu says why not.
            desk.menu.set(Some(Menu::More));
            browser::later(0, || browser::press(TRANSCRIPT));
        }
        "b" | "s" if may => match row {
            Some(row) if key == "b" => block(desk, &row),
            Some(row) => desk.deed(Deed::Spam(MarkSpam { is_spam: !row.is_spam })),
            None => {}
        },
        "d" | "i" | "a" if may => browser::press(match key {
            "d" => composer::DRAFT,
            "i" => composer::TRANSLATE,
            _ => composer::FILE,
        }),
        "u" => desk.deed(Deed::Read(MarkRead { sequence: 0 })),
        "l" | "p" if may => {
            to_card(desk);
            let id = if key == "l" { "label-add" } else { "priority" };
            browser::later(0, move || browser::focus(id));
        }
        "r" | "n" if may => {
            desk.note(key == "n");
            // At once: what is typed next is words, and no further keys.
            browser::focus(composer::ID);
        }
        "z" if may => match row {
            Some(row) if row.work == Work::Snoozed => desk.deed(Deed::Wake),
            Some(_) => {
                desk.menu.set(Some(Menu::Snooze));
                browser::later(0, || browser::focus_shown("#menu-snooze button"));
            }
            None => {}
        },
        "m" if may => desk.deed(Deed::Assign(Assign { account: me })),
        "e" if may => match row {
            Some(row) if row.work == Work::Closed => desk.deed(Deed::Reopen),
            Some(_) => desk.deed(Deed::Close),
            None => {}
        },
        "t" if may => match row {
            Some(row) if row.state == Stage::Human => {
                let is_mine = row.person.is_some_and(|who| Some(who.account) == me);
                desk.deed(if is_mine {
                    Deed::GiveBack
                } else {
                    Deed::Take(TakeOver { from_colleague: true })
                });
            }
            Some(row) if row.state != Stage::Closed => desk.deed(Deed::Take(TakeOver::default())),
            _ => {}
        },
        _ => {
            let place = key.parse::<usize>().ok().and_then(|place| place.checked_sub(1));
            let Some(tab) = place.and_then(|place| Tab::ALL.get(place)) else { return false };
            app.desk(Event::FilterChosen(tab.filter()));
        }
    }
    true
}

/// The next conversation, or the one before.
fn go(desk: Desk, forward: bool) {
    let next = desk.app.peek(|state| state.inbox.list.beside(state.inbox.open(), forward));
    if let (Some(next), Some(business)) = (next, desk.business()) {
        browser::fragment_go(&Page::Thread(business, next, Pane::Thread).fragment());
        browser::show(&format!("row-{next}"));
    }
}

/// Where there is no room for the card, its address is gone to.
fn to_card(desk: Desk) {
    if let Some(open) = desk.open().filter(|_| browser::has_no_card()) {
        browser::fragment_go(&desk.page(open, Pane::Card));
    }
}

/// The list of keys, of the desk's tools.
pub fn dialog(desk: Desk) -> AnyView {
    let app = desk.app;
    Effect::new(move |_| {
        let open = desk.keys.get();
        browser::later(0, move || browser::dialog_show(DIALOG, open));
    });
    let on = app.part(|state| !state.preferences.keys_off);
    let rows = KEYS.map(|(key, words)| view! { <li><span>{app.text(words)}</span><kbd>{key}</kbd></li> });
    view! {
        <dialog id=DIALOG aria-labelledby="keys-title" on:close=move |_| desk.keys.set(false)>
            <h2 id="keys-title">{app.text(Key::PressTitle)}</h2>
            <p>{app.text(Key::PressLede)}</p>
            <ul>{rows.into_iter().collect_view()}</ul>
            <label class="tick">
                <input type="checkbox" prop:checked=move || on.get() on:change=move |_| app.dispatch(Outer::KeysChosen(!on.get_untracked()))/>
                <span><strong>{app.text(Key::PressOn)}</strong><span>{app.text(Key::PressOffHint)}</span></span>
            </label>
            <div class="acts end">
                <button type="button" autofocus on:click=move |_| desk.keys.set(false)>{app.text(Key::Close)}</button>
            </div>
        </dialog>
    }
    .into_any()
}
