//! Accepting an invitation: as somebody new, or as who one is already.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use shared::privacy::Personal;
use shared::wire::admin::sign_in::{InvitationJoin, InvitationLink, InvitationOffer, SignIn};

use crate::components::act::{button, problem, submit};
use crate::components::door::door;
use crate::components::field::{Input, Look, field};
use crate::components::status::{Rows, slot};
use crate::i18n::Key;
use crate::shell::App;
use crate::state::{Ask, Form};

use super::team::role_name;

/// The page.
pub fn page(app: App) -> impl IntoView {
    let link = app.part(|state| state.link.clone());
    let inside = move || match link.get() {
        Some(link) => {
            slot(app, |state| &state.offer, Rows(4), move |offer| invited(app, link.clone(), offer))
                .into_any()
        }
        None => view! { <p class="note">{app.text(Key::InvitationEmpty)}</p> }.into_any(),
    };
    door(app, app.text(Key::InvitationTitle), None, inside)
}

fn invited(app: App, link: InvitationLink, offer: InvitationOffer) -> impl IntoView {
    let role = app.text(role_name(offer.role));
    let words = [("business", offer.business.as_str()), ("role", &role), ("email", offer.email.expose())];
    let me = app.part(|state| state.me().map(|me| me.email.expose().clone()));
    let lede = app.text_with(Key::InvitationLede, &words);
    let act = move || match me.get() {
        Some(mine) if mine == *offer.email.expose() => accept(app, link.clone()).into_any(),
        Some(mine) => other(app, &mine).into_any(),
        None if offer.has_account => known(app, offer.email.clone()).into_any(),
        None => join(app, link.clone()).into_any(),
    };
    view! { <p class="lede">{lede}</p> {act} }
}

/// Somebody new: their name is all that is missing.
fn join(app: App, link: InvitationLink) -> impl IntoView {
    let name = Input::new("name", "");
    let sent = move |event: SubmitEvent| {
        event.prevent_default();
        if let Some(name) = name.name() {
            app.ask(Ask::InvitationJoin(InvitationJoin {
                link: link.clone(),
                name: Personal::new(name),
                locale: app.language_now(),
            }));
        }
    };
    view! {
        <form novalidate on:submit=sent>
            {field(app, name, Look { fills: "name", first: true, ..Look::text(Key::YourName) })}
            {problem(app, Form::Invitation)}
            {submit(app, Form::Invitation, Key::InvitationAccept)}
        </form>
    }
}

/// Somebody with an account who is not signed in here.
fn known(app: App, email: Personal<String>) -> impl IntoView {
    let sent = move |event: SubmitEvent| {
        event.prevent_default();
        app.ask(Ask::SignIn(SignIn { email: email.clone() }));
    };
    view! {
        <form novalidate on:submit=sent>
            <p>{app.text(Key::InvitationKnown)}</p>
            {problem(app, Form::SignIn)}
            {submit(app, Form::SignIn, Key::SignInSend)}
        </form>
    }
}

/// The one who was invited, signed in.
fn accept(app: App, link: InvitationLink) -> impl IntoView {
    let sent = move |event: SubmitEvent| {
        event.prevent_default();
        app.ask(Ask::InvitationAccept(link.clone()));
    };
    view! {
        <form novalidate on:submit=sent>
            {problem(app, Form::Invitation)}
            {submit(app, Form::Invitation, Key::InvitationAccept)}
        </form>
    }
}

/// Somebody else is signed in on this device.
fn other(app: App, mine: &str) -> impl IntoView + use<> {
    view! {
        <p class="note">{app.text_with(Key::InvitationOther, &[("email", mine)])}</p>
        {button(app.text(Key::SignOut), move || app.ask(Ask::SignOut))}
        {problem(app, Form::Menu)}
    }
}
