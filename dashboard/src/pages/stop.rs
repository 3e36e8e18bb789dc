//! Stopping a change of address, by the link in the mail to the old one. It asks once: opening a link changes nothing.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use crate::components::act::{problem, submit};
use crate::components::door::door;
use crate::i18n::Key;
use crate::shell::App;
use crate::state::{Ask, Form, Page};

/// The page.
pub fn page(app: App) -> impl IntoView {
    let is_stopped = app.part(|state| state.stopped);
    let link = app.part(|state| state.stop.clone());
    let inside = move || match (is_stopped.get(), link.get()) {
        (true, _) => view! {
            <p class="lede">{app.text(Key::StopDone)}</p>
            <p><a class="button primary" href=Page::SignIn.fragment()>{app.text(Key::SignInInstead)}</a></p>
        }
        .into_any(),
        (false, Some(link)) => {
            let sent = move |event: SubmitEvent| {
                event.prevent_default();
                app.ask(Ask::EmailStop(link.clone()));
            };
            view! {
                <p class="lede">{app.text(Key::StopLede)}</p>
                <form novalidate on:submit=sent>
                    {problem(app, Form::Stop)}
                    {submit(app, Form::Stop, Key::StopSend)}
                </form>
            }
            .into_any()
        }
        (false, None) => view! { <p class="note">{app.text(Key::StopEmpty)}</p> }.into_any(),
    };
    door(app, app.text(Key::StopTitle), None, inside)
}
