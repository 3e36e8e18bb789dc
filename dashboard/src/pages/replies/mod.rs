//! What the inbox has at hand: how one hears of it, replies that are given often, labels, and when the machine hands over.

mod hand_off;
mod labels;
mod notifications;
mod saved;
mod views;

use leptos::prelude::*;
use shared::wire::admin::team::Role;

use crate::i18n::Key;
use crate::shell::App;
use crate::state::Ask;
use crate::state::inbox::InboxAsk;

/// The page.
pub fn page(app: App) -> impl IntoView {
    let may_write = app.part(|state| state.reaches(Role::Admin));
    let may_make = app.part(|state| state.reaches(Role::Manager));
    view! {
        {super::heading(app, Key::Replies, Some(Key::RepliesLede))}
        {notifications::card(app)}
        {move || saved::card(app, may_write.get())}
        {move || labels::card(app, may_make.get(), may_write.get())}
        {move || may_make.get().then(|| views::card(app, may_write.get()))}
        {move || may_write.get().then(|| hand_off::card(app))}
    }
}

/// Asks for something of the inbox.
fn ask(app: App, ask: InboxAsk) {
    if let Some(business) = app.peek(|state| state.page.business()) {
        app.ask(Ask::Inbox(business, Box::new(ask)));
    }
}

/// The same, as a value.
fn asked(app: App, ask: InboxAsk) -> Option<Ask> {
    app.peek(|state| state.page.business()).map(|business| Ask::Inbox(business, Box::new(ask)))
}
