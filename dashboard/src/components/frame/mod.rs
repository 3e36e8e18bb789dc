//! The house itself: where one can go, which business one is in, who one is.

use leptos::prelude::*;
use shared::id::BusinessId;

use super::mark::{initials, mark};
use super::status;
use crate::browser;
use crate::i18n::{self, Key};
use crate::shell::App;
use crate::state::{Ask, Form, Page, Section, State, View};

/// A page inside the frame.
pub fn frame(app: App, inside: impl IntoView) -> impl IntoView {
    let open = RwSignal::new(false);
    let page = app.part(|state| state.page.clone());
    // Going somewhere closes the menus.
    Effect::new(move |_| {
        // A memo that nobody reads follows nothing.
        let _ = page.get();
        open.set(false);
    });
    // The inbox takes all the room that there is; on a phone a conversation takes the bar's, too.
    let working = app.part(|state| state.view() == View::In(Section::Inbox));
    let reading = app.part(|state| state.page.conversation().is_some());
    // On a phone the way in is the way back.
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Escape" && open.get_untracked() {
            open.set(false);
            browser::focus("menu");
        }
    };
    view! {
        <div class="frame" class:open=move || open.get() class:working=move || working.get() class:reading=move || reading.get()>
            <button type="button" class="skip" on:click=move |_| browser::focus("content")>{app.text(Key::Skip)}</button>
            <header class="bar">
                <a class="brand" href="#/">{mark()}"Loquet"</a>
                <button
                    type="button"
                    id="menu"
                    aria-expanded=move || if open.get() { "true" } else { "false" }
                    aria-controls="side"
                    on:click=move |_| open.update(|open| *open = !*open)
                >
                    {app.text(Key::Menu)}
                </button>
            </header>
            <div class="side" id="side" on:keydown=on_key>
                <nav aria-label=app.text(Key::Navigation)>{navigation(app)}</nav>
                {person(app)}
            </div>
            <main id="content" tabindex="-1">
                {status::offline(app)}
                {status::outdated(app)}
                {inside}
                {status::said(app)}
            </main>
        </div>
    }
}

/// The business that the navigation is about: that of the page, or the one somebody came from.
fn business(state: &State) -> Option<BusinessId> {
    let last = state.preferences.business;
    let places = &state.me()?.memberships;
    state.page.business().or_else(|| {
        places
            .iter()
            .find(|place| Some(place.business) == last)
            .or(places.first())
            .map(|place| place.business)
    })
}

fn link(app: App, page: &Page, words: Key) -> impl IntoView + use<> {
    let here = page.clone();
    let current = Memo::new(move |_| {
        app.read(|state| match (&here, &state.page) {
            // A site stands below the list of them.
            (Page::In(business, Section::Sites), Page::Site(other, ..)) => business == other,
            (here, page) => here == page || (here.section().is_some() && page.section() == here.section()),
        })
    });
    let section = page.section();
    let count = Memo::new(move |_| {
        let waiting = app.read(|state| match section {
            Some(Section::Inbox) => state.inbox.counts.map(|counts| counts.open),
            Some(Section::Requests) => state.open_requests(),
            _ => None,
        });
        waiting.filter(|count| *count > 0)
    });
    view! {
        <li>
            <a href=page.fragment() aria-current=move || current.get().then_some("page")>
                {app.text(words)}
                {move || count.get().map(|count| view! {
                    <span class="number">{if count >= 100 { "99+".to_owned() } else { i18n::number(count) }}</span>
                })}
            </a>
        </li>
    }
}

/// The name of a section.
pub const fn section_name(section: Section) -> Key {
    match section {
        Section::Inbox => Key::Inbox,
        Section::Overview => Key::Overview,
        Section::Numbers => Key::Numbers,
        Section::Team => Key::Team,
        Section::Requests => Key::Requests,
        Section::Retention => Key::Retention,
        Section::Receipts => Key::Receipts,
        Section::Consents => Key::Consents,
        Section::Notices => Key::Notices,
        Section::DataMap => Key::DataMap,
        Section::Replies => Key::Replies,
        Section::Profile => Key::Business,
        Section::Sites => Key::Sites,
        Section::Knowledge => Key::Knowledge,
        Section::Ai => Key::Ai,
        Section::Webhooks => Key::Webhooks,
        Section::Tokens => Key::Tokens,
        Section::Audit => Key::Audit,
    }
}

fn navigation(app: App) -> impl IntoView {
    let place = app.part(|state| {
        let business = business(state)?;
        let places = &state.me()?.memberships;
        places.iter().find(|place| place.business == business).map(|place| (business, place.role))
    });
    let operator = app.part(|state| state.me().is_some_and(|me| me.operator));
    let group = move |sections: &'static [Section]| {
        move || {
            place.get().map(|(business, role)| {
                let seen = sections.iter().filter(|section| role >= section.least());
                seen.map(|section| link(app, &Page::In(business, *section), section_name(*section)))
                    .collect_view()
            })
        }
    };
    view! {
        <ul>{group(&[Section::Inbox, Section::Overview, Section::Numbers, Section::Team])}</ul>
        <h2>{app.text(Key::Privacy)}</h2>
        <ul>{group(&[Section::Requests, Section::Retention, Section::Receipts, Section::Consents, Section::Notices, Section::DataMap])}</ul>
        <h2>{app.text(Key::Settings)}</h2>
        <ul>
            {group(&[Section::Replies, Section::Profile, Section::Sites, Section::Knowledge, Section::Ai, Section::Webhooks, Section::Tokens, Section::Audit])}
            {link(app, &Page::Me, Key::Profile)}
            {link(app, &Page::Help, Key::Help)}
        </ul>
        {move || operator.get().then(|| view! {
            <h2>{app.text(Key::Deployment)}</h2>
            <ul>{link(app, &Page::Operator, Key::Operator)}</ul>
        })}
    }
}

/// Who one is, where, and the ways out.
fn person(app: App) -> impl IntoView {
    let open = RwSignal::new(false);
    let page = app.part(|state| state.page.clone());
    Effect::new(move |_| {
        // A memo that nobody reads follows nothing.
        let _ = page.get();
        open.set(false);
    });
    let who = app.part(|state| state.me().map(|me| me.name.expose().clone()).unwrap_or_default());
    let at = app.part(|state| {
        let business = business(state)?;
        state
            .me()?
            .memberships
            .iter()
            .find(|place| place.business == business)
            .map(|place| place.name.clone())
    });
    let places = app.part(|state| state.me().map(|me| me.memberships.clone()).unwrap_or_default());
    let here = app.part(business);
    let others = move || {
        let others = places.get().into_iter().map(move |place| {
            let page = Page::In(place.business, Section::Overview);
            let current = (here.get() == Some(place.business)).then_some("true");
            view! { <li><a href=page.fragment() aria-current=current>{place.name}</a></li> }
        });
        others.collect_view()
    };
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Escape" {
            open.set(false);
            browser::focus("person");
        }
    };
    view! {
        <div class="person" on:keydown=on_key>
            <div class="person-menu" id="person-menu" hidden=move || !open.get()>
                <h2>{app.text(Key::Businesses)}</h2>
                <ul>
                    {others}
                    <li><a href=Page::Open.fragment()>{app.text(Key::OpenAnother)}</a></li>
                </ul>
                <ul>
                    <li><a href=Page::Me.fragment()>{app.text(Key::Profile)}</a></li>
                    <li>
                        <button type="button" class="plain" aria-busy=move || app.read(|state| state.is_busy(Form::Menu)).then_some("true") on:click=move |_| app.ask(Ask::SignOut)>
                            {app.text(Key::SignOut)}
                        </button>
                    </li>
                </ul>
            </div>
            <button
                type="button"
                class="plain who"
                id="person"
                aria-expanded=move || if open.get() { "true" } else { "false" }
                aria-controls="person-menu"
                on:click=move |_| open.update(|open| *open = !*open)
            >
                {move || initials(&who.get())}
                <span>
                    <strong>{move || who.get()}</strong>
                    <span>{move || at.get()}</span>
                </span>
                <svg viewBox="0 0 20 20" aria-hidden="true"><path d="m6 8 4-4 4 4M6 12l4 4 4-4"/></svg>
            </button>
            {super::act::problem(app, Form::Menu)}
        </div>
    }
}
