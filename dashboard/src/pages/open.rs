//! Opening a further business; or, for somebody who belongs to none, the way into one.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use shared::wire::admin::business::{BusinessKind, OpenBusiness};
use shared::wire::admin::sign_in::{Door, SignUpMode};

use super::sign_up::{agreement, agreement_of, kind_of, kinds};
use crate::browser;
use crate::components::act::{problem, submit};
use crate::components::field::{Input, Look, choice, field};
use crate::components::status::{Rows, slot};
use crate::i18n::Key;
use crate::shell::App;
use crate::state::{Ask, Form};

/// The page.
pub fn page(app: App) -> impl IntoView {
    // What is typed outlives the documents, which are drawn again where they have changed.
    let name = Input::new("new-business", "");
    let kind = RwSignal::new(BusinessKind::Hotel.as_str().to_owned());
    view! {
        {super::heading(app, Key::OpenTitle, Some(Key::OpenLede))}
        {slot(app, |state| &state.door, Rows(4), move |door| {
            // Whoever runs the deployment may open businesses where signing up is closed.
            let may = door.sign_up == SignUpMode::Open || app.peek(|state| state.me().is_some_and(|me| me.operator));
            if may {
                form(app, &door, name, kind).into_any()
            } else {
                view! { <p class="note">{app.text(Key::OpenClosed)}</p> }.into_any()
            }
        })}
    }
}

fn form(app: App, door: &Door, name: Input, kind: RwSignal<String>) -> impl IntoView + use<> {
    let (agreed, missing) = (RwSignal::new(false), RwSignal::new(false));
    let given = agreement_of(door);
    let sent = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(name) = name.name() else { return };
        missing.set(!agreed.get_untracked());
        if missing.get_untracked() {
            return browser::focus("agreement");
        }
        let kind = kind_of(&kind.get_untracked());
        app.ask(Ask::BusinessOpen(OpenBusiness { name, kind, agreement: given.clone() }));
    };
    view! {
        <section class="card">
            <form novalidate class="inside" on:submit=sent>
                {field(app, name, Look { fills: "organization", ..Look::text(Key::BusinessName) })}
                {choice("new-kind", app.text(Key::BusinessKind), kinds(app), kind)}
                {agreement(app, door, agreed, missing)}
                {problem(app, Form::Open)}
                {submit(app, Form::Open, Key::OpenSend)}
            </form>
        </section>
    }
}
