//! Which conversations are shown: the views that are always there, and those that somebody saved.

use leptos::prelude::*;
use shared::wire::admin::inbox::words::View;

use crate::components::desk::{Desk, Menu, icon, item, menu};
use crate::i18n::{self, Key};
use crate::parts;
use crate::state::inbox::{Event, InboxAsk, Tab};

/// The name of a view.
const fn tab_name(tab: Tab) -> Key {
    match tab {
        Tab::Open => Key::ViewOpen,
        Tab::Mine => Key::ViewMine,
        Tab::Unassigned => Key::ViewUnassigned,
        Tab::Pending => Key::ViewPending,
        Tab::Snoozed => Key::ViewSnoozed,
        Tab::Closed => Key::ViewClosed,
        Tab::All => Key::ViewAll,
        Tab::Spam => Key::ViewSpam,
    }
}

/// Views that stand in the row; the others are in the menu behind them, until one is chosen.
const ALWAYS: [Tab; 3] = [Tab::Open, Tab::Mine, Tab::Unassigned];

/// The row of views.
pub fn bar(desk: Desk) -> impl IntoView {
    let app = desk.app;
    let further = Memo::new(move |_| {
        app.read(|state| {
            let filter = &state.inbox.list.filter;
            let tabs = Tab::ALL.into_iter().filter(|tab| !ALWAYS.contains(tab));
            let saved = state.inbox.views.value.as_ref().map(|views| views.views.clone()).unwrap_or_default();
            let named = saved.into_iter().find(|view| view.view.filter == *filter).map(|view| view.view.name);
            (tabs.into_iter().find(|tab| tab.filter() == *filter), named)
        })
    });
    view! {
        <nav class="views" aria-label=app.text(Key::Views)>
            <ul>
                {ALWAYS.map(|tab| view! { <li>{button(desk, tab)}</li> }).into_iter().collect_view()}
                {move || match further.get() {
                    (Some(tab), _) => Some(view! { <li>{button(desk, tab)}</li> }.into_any()),
                    (None, Some(name)) => Some(view! {
                        <li><button type="button" aria-current="true"><bdi>{name}</bdi></button></li>
                    }.into_any()),
                    (None, None) => None,
                }}
            </ul>
            {menu(
                desk,
                Menu::Views,
                "",
                move || view! { {app.text(Key::ViewMore)}{icon("m6 8 4 4 4-4")} }.into_any(),
                None,
                move || parts::tool(desk, |tools| tools.views),
            )}
        </nav>
    }
}

fn button(desk: Desk, tab: Tab) -> impl IntoView {
    let app = desk.app;
    let current = Memo::new(move |_| app.read(|state| state.inbox.list.filter == tab.filter()));
    view! {
        <button
            type="button"
            aria-current=move || current.get().then_some("true")
            on:click=move |_| app.desk(Event::FilterChosen(tab.filter()))
        >
            {words(desk, tab)}
        </button>
    }
}

/// A view's name, and how many there are.
fn words(desk: Desk, tab: Tab) -> impl IntoView {
    let app = desk.app;
    let count = Memo::new(move |_| {
        app.read(|state| state.inbox.counts.as_ref().and_then(|counts| tab.count(counts)))
            .filter(|count| *count > 0)
    });
    view! {
        {app.text(tab_name(tab))}
        {move || count.get().map(|count| view! {
            " "<span class="number">{if count >= 100 { "99+".to_owned() } else { i18n::number(count) }}</span>
        })}
    }
}

/// The views that are chosen more rarely, of the desk's tools.
pub fn further(desk: Desk) -> AnyView {
    let app = desk.app;
    let tabs = Tab::ALL.into_iter().filter(|tab| !ALWAYS.contains(tab)).map(|tab| {
        let chosen = move |_| {
            desk.menu_shut();
            app.desk(Event::FilterChosen(tab.filter()));
        };
        view! { <li><button type="button" on:click=chosen>{words(desk, tab)}</button></li> }
    });
    let saved =
        app.peek(|state| state.inbox.views.value.clone().map(|views| views.views).unwrap_or_default());
    let account = app.peek(|state| state.account());
    let rows = saved.into_iter().map(|view| saved_view(desk, view, account)).collect_view();
    view! {
        <ul>{tabs.collect_view()}</ul>
        <hr/>
        <ul>{rows}</ul>
        {desk.may.get_untracked().then(|| item(desk, app.text(Key::ViewSave), move || {
            desk.filters.set(true);
            crate::browser::later(0, || crate::browser::focus("view-name"));
        }))}
    }
    .into_any()
}

fn saved_view(desk: Desk, view: View, account: Option<shared::id::AccountId>) -> impl IntoView {
    let app = desk.app;
    let id = view.id;
    let is_mine = view.owner.is_some() && view.owner == account;
    let filter = view.view.filter.clone();
    let chosen = move |_| {
        desk.menu_shut();
        app.desk(Event::FilterChosen(filter.clone()));
    };
    let delete = app.text_with(Key::ViewDelete, &[("name", &view.view.name)]);
    let gone = move |_| {
        desk.menu_shut();
        desk.ask(InboxAsk::ViewDelete(id));
    };
    view! {
        <li>
            <button type="button" on:click=chosen><bdi>{view.view.name}</bdi></button>
            {is_mine.then(|| view! {
                <button type="button" aria-label=delete on:click=gone>{icon("m5.5 5.5 9 9m0-9-9 9")}</button>
            })}
        </li>
    }
}
