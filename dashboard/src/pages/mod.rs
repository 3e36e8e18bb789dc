//! What a person sees at an address, a file each.

mod ai;
mod audit;
mod business;
mod check;
mod code;
mod consents;
mod data_map;
mod help;
mod inbox;
mod install;
mod invitation;
mod knowledge;
mod leaving;
mod me;
mod notices;
mod numbers;
mod open;
mod operator;
mod origins;
mod overview;
mod passkeys;
mod plain;
mod profile;
mod receipts;
mod replies;
mod requests;
mod retention;
mod rights;
mod sessions;
mod sign_in;
mod sign_up;
mod site;
mod sites;
mod stop;
mod team;
mod tokens;
mod webhooks;

pub use numbers::said::cards as said;
pub use requests::about::group as requests_about;

use leptos::prelude::*;

use crate::browser;
use crate::components::frame::{frame, section_name};
use crate::components::question;
use crate::i18n::Key;
use crate::parts;
use crate::shell::App;
use crate::state::{Page, Section, SitePart, View};

/// Draws the dashboard for as long as its document lives.
pub fn mount(app: App) {
    mount_to_body(move || dashboard(app));
}

fn dashboard(app: App) -> impl IntoView {
    let view = app.part(|state| state.view());
    let open = app.part(|state| {
        state.inbox.counts.map(|counts| counts.open).filter(|open| *open > 0 && state.me().is_some())
    });
    // A page of another business, or of another site, is another page.
    let business = app.part(|state| {
        let site = if let Page::Site(_, site, _) = &state.page { Some(*site) } else { None };
        (state.page.business(), site)
    });
    Effect::new(move |_| {
        let name = app.text(title(view.get()));
        let name = if name.is_empty() { "Loquet".to_owned() } else { format!("{name} · Loquet") };
        // Whoever works in another tab sees how many are open.
        browser::title_set(&open.get().map_or_else(|| name.clone(), |open| format!("({open}) {name}")));
    });
    let is_inside = Memo::new(move |_| is_inside(view.get()));
    view! {
        {move || {
            app.language();
            if is_inside.get() {
                frame(app, move || {
                    let _ = business.get();
                    inside(app, view.get())
                }).into_any()
            } else {
                (move || outside(app, view.get())).into_any()
            }
        }}
        {question::dialog(app)}
    }
}

const fn is_inside(view: View) -> bool {
    matches!(
        view,
        View::In(_) | View::Site(_) | View::Open | View::Me | View::Help | View::Operator | View::Nowhere
    )
}

fn outside(app: App, view: View) -> AnyView {
    match view {
        View::SignIn | View::SignUp | View::Code | View::Invitation | View::Stop => {
            parts::at_start(app, view)
        }
        View::Unreachable => plain::unreachable(app).into_any(),
        _ => plain::opening(app).into_any(),
    }
}

fn inside(app: App, view: View) -> AnyView {
    match view {
        View::In(Section::Overview) | View::Open => parts::at_start(app, view),
        View::In(Section::Inbox) => parts::at_desk(app, view),
        View::In(Section::Sites | Section::Ai | Section::Webhooks | Section::Knowledge) | View::Site(_) => {
            parts::at_chat(app, view)
        }
        View::In(
            Section::Numbers
            | Section::Requests
            | Section::Retention
            | Section::Receipts
            | Section::Consents
            | Section::Notices
            | Section::DataMap
            | Section::Audit
            | Section::Tokens,
        ) => parts::at_record(app, view),
        View::In(_) | View::Me | View::Help | View::Operator => parts::at_house(app, view),
        _ => plain::nowhere(app).into_any(),
    }
}

/// The pages of the start.
pub fn start(app: App, view: View) -> AnyView {
    match view {
        View::SignUp => sign_up::page(app).into_any(),
        View::Code => code::page(app).into_any(),
        View::Invitation => invitation::page(app).into_any(),
        View::Stop => stop::page(app).into_any(),
        View::In(_) => overview::page(app).into_any(),
        View::Open => open::page(app).into_any(),
        _ => sign_in::page(app).into_any(),
    }
}

/// The page of the desk.
pub fn desk(app: App, _: View) -> AnyView {
    inbox::page(app).into_any()
}

/// The pages of what was kept, counted and promised.
pub fn record(app: App, view: View) -> AnyView {
    match view {
        View::In(Section::Numbers) => numbers::page(app).into_any(),
        View::In(Section::Requests) => requests::page(app),
        View::In(Section::Retention) => retention::page(app),
        View::In(Section::Receipts) => receipts::page(app),
        View::In(Section::Consents) => consents::page(app),
        View::In(Section::Notices) => notices::page(app),
        View::In(Section::DataMap) => data_map::page(app),
        View::In(Section::Audit) => audit::page(app).into_any(),
        View::In(Section::Tokens) => tokens::page(app).into_any(),
        _ => plain::nowhere(app).into_any(),
    }
}

/// The pages where the chat is set up.
pub fn chat(app: App, view: View) -> AnyView {
    match view {
        View::In(Section::Sites) => sites::page(app).into_any(),
        View::In(Section::Ai) => ai::page(app).into_any(),
        View::In(Section::Webhooks) => webhooks::page(app).into_any(),
        View::In(Section::Knowledge) => knowledge::page(app).into_any(),
        View::Site(SitePart::Settings) => site::page(app).into_any(),
        View::Site(SitePart::Install) => install::page(app).into_any(),
        _ => plain::nowhere(app).into_any(),
    }
}

/// The pages where the business and one's own account are kept in order.
pub fn house(app: App, view: View) -> AnyView {
    match view {
        View::In(Section::Replies) => replies::page(app).into_any(),
        View::In(Section::Team) => team::page(app).into_any(),
        View::In(Section::Profile) => business::page(app).into_any(),
        View::Me => me::page(app).into_any(),
        View::Help => help::page(app).into_any(),
        View::Operator => operator::page(app).into_any(),
        _ => plain::nowhere(app).into_any(),
    }
}

/// What the tab is called.
const fn title(view: View) -> Key {
    match view {
        View::SignIn | View::Opening | View::Unreachable => Key::SignInTitle,
        View::SignUp => Key::SignUpTitle,
        View::Code => Key::CodeTitle,
        View::Invitation => Key::InvitationTitle,
        View::Stop => Key::StopTitle,
        View::In(section) => section_name(section),
        View::Site(_) => Key::Sites,
        View::Open => Key::OpenTitle,
        View::Me => Key::Profile,
        View::Help => Key::Help,
        View::Operator => Key::Operator,
        View::Nowhere => Key::NowhereTitle,
    }
}

/// A page's heading, and a sentence below it.
fn heading(app: App, title: Key, lede: Option<Key>) -> impl IntoView {
    view! {
        <header class="heading">
            <h1 tabindex="-1">{app.text(title)}</h1>
            {lede.map(|lede| view! { <p class="lede">{app.text(lede)}</p> })}
        </header>
    }
}
