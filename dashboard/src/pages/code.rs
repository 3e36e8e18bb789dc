//! Six digits from a mail: typed or pasted, with another code to be had after a wait.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use shared::privacy::Secret;
use shared::wire::admin::sign_in::CodeGiven;

use crate::components::act::{problem, submit};
use crate::components::door::door;
use crate::components::field::{Input, Look, field};
use crate::i18n::{self, Key, Style};
use crate::shell::App;
use crate::state::{Ask, Event, Form, State, Waiting};

/// The page that comes after an address was given, to sign in or up.
pub fn page(app: App) -> impl IntoView {
    let email = app.peek(|state| state.waiting.as_ref().map(address)).unwrap_or_default();
    let lede = app.text_with(Key::CodeLede, &[("email", &email)]);
    door(app, app.text(Key::CodeTitle), Some(lede), form(app))
}

/// The address that the code went to.
fn address(waiting: &Waiting) -> String {
    match &waiting.ask {
        Ask::SignIn(ask) => ask.email.expose().clone(),
        Ask::SignUp(ask) => ask.email.expose().clone(),
        Ask::EmailChange(ask) => ask.email.expose().clone(),
        _ => String::new(),
    }
}

/// What the digits are sent with.
fn answer(waiting: &Waiting, digits: String) -> Option<Ask> {
    let given = CodeGiven { code: waiting.code, digits: Secret::new(digits) };
    match waiting.ask {
        Ask::SignIn(_) | Ask::SignUp(_) => Some(Ask::Code(given)),
        Ask::EmailChange(_) => Some(Ask::EmailCode(given)),
        _ => None,
    }
}

/// The form, for the door and for the profile.
pub fn form(app: App) -> impl IntoView {
    let digits = Input::new("code", "");
    let send = move || {
        let Some(digits) = digits.digits() else { return };
        if let Some(ask) = app.peek(|state| answer(state.waiting.as_ref()?, digits)) {
            app.ask(ask);
        }
    };
    let sent = move |event: SubmitEvent| {
        event.prevent_default();
        send();
    };
    let again_in = app.part(|state| state.waiting.as_ref().map_or(0, |waiting| waiting.again_in_s));
    let again_form = app.peek(|state| state.waiting.as_ref().and_then(|waiting| waiting.ask.form()));
    let again = move |_| {
        if let Some(ask) = app.peek(|state: &State| state.waiting.as_ref().map(|waiting| waiting.ask.clone()))
        {
            digits.set("");
            app.ask(ask);
        }
    };
    let until = app.part(|state| state.waiting.as_ref().map(|waiting| waiting.expires_at));
    let look = Look { fills: "one-time-code", mode: "numeric", first: true, ..Look::text(Key::Code) };
    view! {
        <form novalidate class="digits" on:submit=sent>
            {field(app, digits, look)}
            <p class="hint">
                {move || until.get().map(|at| app.text_with(Key::CodeUntil, &[("time", &i18n::moment(at, Style::Time))]))}
            </p>
            {problem(app, Form::Code)}
            {submit(app, Form::Code, Key::CodeSend)}
            <p class="aside">
                {move || match again_in.get() {
                    0 => view! {
                        <button type="button" class="link" on:click=again>{app.text(Key::CodeAgain)}</button>
                    }.into_any(),
                    seconds => i18n::text_counted(Key::CodeAgainIn, seconds).into_any(),
                }}
                " "
                <button type="button" class="link" on:click=move |_| app.dispatch(Event::CodeDropped)>
                    {app.text(Key::CodeOther)}
                </button>
            </p>
            {again_form.map(|form| problem(app, form))}
        </form>
    }
}
