//! What list, thread and card share: the menus of the desk, names, times, and the small pieces that all three draw with.

use leptos::prelude::*;
use shared::id::{AccountId, BusinessId, ConversationId, LabelId};
use shared::time::{DAY_MS, HOUR_MS, MINUTE_MS, Millis};
use shared::wire::admin::inbox::list::{ConversationRow, Priority, Who};

use crate::browser;
use crate::i18n::{self, Key, Style};
use crate::shell::App;
use crate::state::inbox::{Deed, Event, InboxAsk, may_answer};
use crate::state::{Ask, Page, Pane, State};

/// A menu of the desk. One is open at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Menu {
    Views,
    Bulk,
    Snooze,
    More,
}

impl Menu {
    const fn id(self) -> &'static str {
        match self {
            Self::Views => "menu-views",
            Self::Bulk => "menu-bulk",
            Self::Snooze => "menu-snooze",
            Self::More => "menu-more",
        }
    }

    /// The id of the button that opens it.
    fn button(self) -> String {
        format!("{}-button", self.id())
    }
}

/// What the desk's pieces hand to each other. Copies are the same desk.
#[derive(Clone, Copy)]
pub struct Desk {
    /// The dashboard.
    pub app: App,
    /// The menu that is open.
    pub menu: RwSignal<Option<Menu>>,
    /// The filters are open.
    pub filters: RwSignal<bool>,
    /// Rows show where they are picked.
    pub picking: RwSignal<bool>,
    /// What is written is a note.
    pub noting: Memo<bool>,
    /// The list of keys is open.
    pub keys: RwSignal<bool>,
    /// Its reader may do something here, and does not only look.
    pub may: Memo<bool>,
}

impl Desk {
    /// A desk with everything closed.
    pub fn new(app: App) -> Self {
        Self {
            app,
            menu: RwSignal::new(None),
            filters: RwSignal::new(false),
            picking: RwSignal::new(false),
            noting: app.part(|state| state.inbox.thread.as_ref().is_some_and(|thread| thread.noting)),
            keys: RwSignal::new(false),
            may: app.part(may_answer),
        }
    }

    /// Asks for something of the inbox.
    pub fn ask(self, ask: InboxAsk) {
        if let Some(business) = self.business() {
            self.app.ask(Ask::Inbox(business, Box::new(ask)));
        }
    }

    /// Does something to the conversation that is open.
    pub fn deed(self, deed: Deed) {
        if let Some(open) = self.open() {
            self.ask(InboxAsk::Deed(open, deed));
        }
    }

    /// What is written from here on is a note, or a reply.
    pub fn note(self, noting: bool) {
        self.app.desk(Event::Noting(noting));
    }

    /// Closes the menu that is open. What had the focus goes with it: its button takes it.
    pub fn menu_shut(self) {
        if let Some(menu) = self.menu.get_untracked() {
            self.menu.set(None);
            // On a phone it was opened from the other one, and its own button is not there to take the focus.
            if menu == Menu::Snooze {
                browser::focus(&Menu::More.button());
            }
            browser::focus(&menu.button());
        }
    }

    /// The business.
    pub fn business(self) -> Option<BusinessId> {
        self.app.peek(|state| state.page.business())
    }

    /// The conversation that is open.
    pub fn open(self) -> Option<ConversationId> {
        self.app.peek(|state| state.inbox.open())
    }

    /// The page of a conversation.
    pub fn page(self, conversation: ConversationId, pane: Pane) -> String {
        self.business()
            .map_or_else(String::new, |business| Page::Thread(business, conversation, pane).fragment())
    }
}

/// What the visitor of a row is called: by the name that is held of them. Of those without one the end of the id tells one
/// from another.
pub fn visitor_name(app: App, row: &ConversationRow) -> String {
    if let Some(name) = &row.name {
        return name.expose().clone();
    }
    let id = row.conversation.to_string();
    let end: String = id.chars().skip(id.chars().count().saturating_sub(4)).collect();
    app.text_with(Key::VisitorNamed, &[("code", &end.to_uppercase())])
}

/// The letter that stands for them.
pub fn initial(row: &ConversationRow) -> String {
    let letter = row.name.as_ref().and_then(|name| name.expose().chars().next());
    letter.unwrap_or('V').to_uppercase().collect()
}

/// What a member is called.
pub fn member_name(state: &State, account: AccountId) -> Option<String> {
    let members = &state.team.value.as_ref()?.members;
    members.iter().find(|member| member.account == account).map(|member| member.name.expose().clone())
}

/// What a colleague is called: as the edge says, else as the team says.
pub fn who_name(app: App, who: &Who) -> String {
    who.name
        .as_ref()
        .map(|name| name.expose().clone())
        .or_else(|| app.peek(|state| member_name(state, who.account)))
        .unwrap_or_else(|| app.text(Key::FormerMember))
}

/// A label's name and colour.
pub fn label_of(state: &State, label: LabelId) -> Option<(String, &'static str)> {
    let labels = &state.inbox.labels.value.as_ref()?.labels;
    let found = labels.iter().find(|known| known.id == label)?;
    Some((found.label.name.clone(), found.label.color.as_str()))
}

/// The name of a priority.
pub const fn priority_name(priority: Priority) -> Key {
    match priority {
        Priority::Low => Key::PriorityLow,
        Priority::Normal => Key::PriorityNormal,
        Priority::High => Key::PriorityHigh,
        Priority::Urgent => Key::PriorityUrgent,
    }
}

/// How long ago, in one figure: 40 s, 4 min, 2 h, 3 days.
pub fn ago(app: App, since: Millis, now: Millis) -> String {
    let ms = now.since_ms(since).max(0);
    let (key, unit_ms) = if ms < MINUTE_MS {
        (Key::AgoSeconds, 1_000)
    } else if ms < HOUR_MS {
        (Key::AgoMinutes, MINUTE_MS)
    } else if ms < DAY_MS {
        (Key::AgoHours, HOUR_MS)
    } else {
        (Key::AgoDays, DAY_MS)
    };
    let count = u32::try_from(ms.checked_div(unit_ms).unwrap_or_default()).unwrap_or(u32::MAX);
    app.language();
    i18n::text_counted(key, count)
}

/// A time, as short as it can be said today.
pub fn at_short(at: Millis, now: Millis) -> String {
    let is_today = browser::local_day(at) == browser::local_day(now);
    i18n::moment(at, if is_today { Style::Time } else { Style::Short })
}

/// A button that opens a menu, and the menu. Escape and a press beside it close it.
pub fn menu<V: IntoView + 'static>(
    desk: Desk,
    which: Menu,
    class: &'static str,
    words: impl Fn() -> AnyView + Send + 'static,
    label: Option<Key>,
    inside: impl Fn() -> V + Send + 'static,
) -> AnyView {
    menu_drawn(desk, which, class, words().into_any(), label, Box::new(move || inside().into_any()))
}

fn menu_drawn(
    desk: Desk,
    which: Menu,
    class: &'static str,
    words: AnyView,
    label: Option<Key>,
    inside: Box<dyn Fn() -> AnyView + Send>,
) -> AnyView {
    let is_open = Memo::new(move |_| desk.menu.get() == Some(which));
    let id = which.id();
    let button_id = which.button();
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Escape" && is_open.get_untracked() {
            event.stop_propagation();
            desk.menu_shut();
        }
    };
    let label = label.map(|label| move || desk.app.text(label));
    view! {
        <div class=format!("menu-place at-{id}") on:keydown=on_key>
            <button
                type="button"
                class=class
                id=button_id
                aria-label=label
                aria-expanded=move || if is_open.get() { "true" } else { "false" }
                aria-controls=id
                on:click=move |_| desk.menu.update(|menu| *menu = (*menu != Some(which)).then_some(which))
            >
                {words}
            </button>
            <div class="shade" hidden=move || !is_open.get() on:click=move |_| desk.menu.set(None)></div>
            <div class="menu" id=id hidden=move || !is_open.get()>
                {move || is_open.get().then(&inside)}
            </div>
        </div>
    }
    .into_any()
}

/// A line of a menu. It closes the menu and does something.
pub fn item(desk: Desk, words: String, pressed: impl Fn() + 'static) -> AnyView {
    let press = move |_| {
        desk.menu_shut();
        pressed();
    };
    view! { <button type="button" on:click=press>{words}</button> }.into_any()
}

/// A choice that stands for what is kept: choosing is doing.
pub fn pick(
    id: &'static str,
    label: String,
    options: Memo<Vec<(String, String)>>,
    value: Memo<String>,
    chosen: impl Fn(String) + 'static,
) -> AnyView {
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <select id=id on:change=move |event| chosen(event_target_value(&event))>
                {move || {
                    let options = options.get().into_iter().map(|(name, words)| {
                        let mine = name.clone();
                        view! { <option value=name prop:selected=move || value.get() == mine>{words}</option> }
                    });
                    options.collect_view()
                }}
            </select>
        </div>
    }
    .into_any()
}

/// The options of a choice of a member, with nobody first.
pub fn member_options(app: App, first: Vec<(String, String)>) -> Memo<Vec<(String, String)>> {
    Memo::new(move |_| {
        let members = app.read(|state| {
            let members = state.team.value.as_ref().map(|team| team.members.clone()).unwrap_or_default();
            members.into_iter().map(|member| (member.account.to_string(), member.name.into_exposed()))
        });
        first.iter().cloned().chain(members).collect()
    })
}

/// The options of a choice of a priority.
pub fn priority_options(app: App) -> Vec<(String, String)> {
    let options = Priority::ALL.into_iter().rev();
    options.map(|priority| (priority.as_str().to_owned(), app.text(priority_name(priority)))).collect()
}

/// When something may come back, to choose from.
pub fn snooze_times(app: App, now: Millis) -> Vec<(String, Millis)> {
    let (weekday, hour) = browser::local_weekday(now);
    let said = |key: Key, at: Millis| {
        let time = i18n::moment(at, Style::Time);
        (app.text_with(key, &[("time", &time)]), at)
    };
    let mut times = vec![(app.text(Key::SnoozeHour), now.plus_ms(HOUR_MS))];
    if hour < 17 {
        times.push(said(Key::SnoozeEvening, browser::local_hour(now, 0, 18)));
    }
    times.push(said(Key::SnoozeTomorrow, browser::local_hour(now, 1, 9)));
    let to_monday = match weekday {
        0 => 1,
        day => 8_u32.saturating_sub(day),
    };
    times.push(said(Key::SnoozeWeek, browser::local_hour(now, to_monday, 9)));
    times
}

/// A small drawing of lines.
pub fn icon(path: &'static str) -> impl IntoView {
    view! { <svg viewBox="0 0 20 20" aria-hidden="true"><path d=path/></svg> }
}
