//! Signing in: by a code to one's mailbox, or by a passkey.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use shared::privacy::Personal;
use shared::wire::admin::sign_in::{SignIn, SignUpMode};

use crate::browser;
use crate::components::act::{problem, submit};
use crate::components::door::door;
use crate::components::field::{Input, Look, field};
use crate::i18n::Key;
use crate::shell::App;
use crate::state::{Ask, Form, Page};

/// The page.
pub fn page(app: App) -> impl IntoView {
    let email = Input::new("email", "");
    let sent = move |event: SubmitEvent| {
        event.prevent_default();
        if let Some(email) = email.email() {
            app.ask(Ask::SignIn(SignIn { email: Personal::new(email) }));
        }
    };
    let is_open =
        app.part(|state| state.door.value.as_ref().is_some_and(|door| door.sign_up == SignUpMode::Open));
    // Whoever was thrown out in the middle of something reads why, and that they will be back there.
    let lede = app.peek(|state| state.ended).then(|| app.text(Key::SignInEnded));
    let look = Look { first: true, fills: "username webauthn", ..Look::email(Key::Email) };
    let inside = view! {
        <form novalidate on:submit=sent>
            {field(app, email, look)}
            {problem(app, Form::SignIn)}
            {submit(app, Form::SignIn, Key::SignInSend)}
        </form>
        {browser::passkeys_work().then(|| passkey(app))}
        <details class="aside">
            <summary>{app.text(Key::LostMailbox)}</summary>
            <p>{app.text(Key::LostPasskey)}</p>
            <p>{app.text(Key::LostBoth)}</p>
            <p>{app.text(Key::LostOwner)}</p>
        </details>
        {move || is_open.get().then(|| view! {
            <p class="aside">
                {app.text(Key::SignInNew)}" "
                <a href=Page::SignUp.fragment()>{app.text(Key::SignUpInstead)}</a>
            </p>
        })}
    };
    door(app, app.text(Key::SignInTitle), lede, inside)
}

fn passkey(app: App) -> impl IntoView {
    let busy = app.part(|state| state.is_busy(Form::Passkey));
    view! {
        <p class="or"><span>{app.text(Key::Or)}</span></p>
        <button type="button" class="wide" aria-busy=move || busy.get().then_some("true") on:click=move |_| app.ask(Ask::PasskeyChallenge)>
            {app.text(Key::PasskeyUse)}
        </button>
        {problem(app, Form::Passkey)}
    }
}
