//! The inbox: list, thread and card, with a line that says when the live connection is away.

use leptos::prelude::*;

use crate::components::desk::Desk;
use crate::components::{conversations, keys, thread};
use crate::i18n::Key;
use crate::parts;
use crate::shell::App;
use crate::state::{Page, Pane};

/// The page.
pub fn page(app: App) -> impl IntoView {
    let desk = Desk::new(app);
    keys::listen(desk);
    let pane = app.part(|state| match state.page {
        Page::Thread(_, _, pane) => Some(pane),
        _ => None,
    });
    let is_open = app.part(|state| state.inbox.open().is_some());
    let lost = app.part(|state| {
        let thread = state.inbox.thread.as_ref();
        state.online && (state.inbox.link.is_lost() || thread.is_some_and(|thread| thread.link.is_lost()))
    });
    // Once it was asked for it stays: a dialog that goes takes the focus along.
    let asked =
        Memo::new(move |before: Option<&bool>| desk.keys.get() || before.is_some_and(|before| *before));
    view! {
        <div role="status">
            {move || lost.get().then(|| view! { <p class="offline">{app.text(Key::LinkLost)}</p> })}
        </div>
        <div
            class="desk"
            class:at-thread=move || pane.get() == Some(Pane::Thread)
            class:at-card=move || pane.get() == Some(Pane::Card)
        >
            {conversations::pane(desk)}
            {thread::pane(desk)}
            <aside class="about" aria-label=app.text(Key::HeldTitle)>
                {move || is_open.get().then(|| parts::tool(desk, |tools| tools.card))}
            </aside>
        </div>
        {move || asked.get().then(|| parts::tool(desk, |tools| tools.keys))}
    }
}
