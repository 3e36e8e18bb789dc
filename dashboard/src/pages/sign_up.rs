//! Signing up: name, address, business, kind, and the two documents; nothing else is asked (promise P2.1).

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use shared::privacy::Personal;
use shared::wire::admin::business::BusinessKind;
use shared::wire::admin::sign_in::{Agreement, Door, SignUp, SignUpMode};

use crate::components::act::{problem, submit};
use crate::components::door::door;
use crate::components::field::{Input, Look, choice, field};
use crate::components::status::{Rows, slot};
use crate::i18n::Key;
use crate::shell::App;
use crate::state::{Ask, Form, Page};

/// What is typed: it outlives the documents, which are drawn again where they have changed.
#[derive(Clone, Copy)]
struct Fields {
    name: Input,
    email: Input,
    business: Input,
    kind: RwSignal<String>,
}

/// The page.
pub fn page(app: App) -> impl IntoView {
    let fields = Fields {
        name: Input::new("name", ""),
        email: Input::new("email", ""),
        business: Input::new("business", ""),
        kind: RwSignal::new(BusinessKind::Hotel.as_str().to_owned()),
    };
    let inside = view! {
        {slot(app, |state| &state.door, Rows(6), move |door| match door.sign_up {
            SignUpMode::Open => form(app, &door, fields).into_any(),
            // The edge lets the operator in alone: somebody has to be the first.
            SignUpMode::Invite => view! {
                <p class="note">{app.text(Key::SignUpClosed)}</p>
                <details>
                    <summary>{app.text(Key::SignUpOperator)}</summary>
                    {form(app, &door, fields)}
                </details>
            }
            .into_any(),
        })}
        <p class="aside">
            {app.text(Key::SignUpKnown)}" "
            <a href=Page::SignIn.fragment()>{app.text(Key::SignInInstead)}</a>
        </p>
    };
    door(app, app.text(Key::SignUpTitle), Some(app.text(Key::SignUpLede)), inside)
}

/// The kinds of business, with their names.
pub fn kinds(app: App) -> Vec<(String, String)> {
    let name = |kind| match kind {
        BusinessKind::Hotel => Key::KindHotel,
        BusinessKind::Restaurant => Key::KindRestaurant,
        BusinessKind::Clinic => Key::KindClinic,
        BusinessKind::Shop => Key::KindShop,
        BusinessKind::Services => Key::KindServices,
        BusinessKind::Other => Key::KindOther,
    };
    BusinessKind::ALL.into_iter().map(|kind| (kind.as_str().to_owned(), app.text(name(kind)))).collect()
}

/// The kind behind its name.
pub fn kind_of(name: &str) -> BusinessKind {
    BusinessKind::ALL.into_iter().find(|kind| kind.as_str() == name).unwrap_or(BusinessKind::Other)
}

/// Agreement to exactly the documents that were shown.
pub fn agreement_of(door: &Door) -> Agreement {
    Agreement { terms_hash: door.terms.hash.clone(), dpa_hash: door.dpa.hash.clone() }
}

/// The box that agrees, with links to what is agreed to.
pub fn agreement(
    app: App,
    door: &Door,
    agreed: RwSignal<bool>,
    missing: RwSignal<bool>,
) -> impl IntoView + use<> {
    let document = |path: &str, words| {
        view! { <a href=path.to_owned() target="_blank" rel="noopener">{app.text(words)}</a> }
    };
    view! {
        <div class="field">
            <label class="tick">
                <input
                    type="checkbox"
                    id="agreement"
                    aria-invalid=move || missing.get().then_some("true")
                    aria-describedby="agreement-wrong"
                    prop:checked=agreed
                    on:change=move |event| {
                        agreed.set(event_target_checked(&event));
                        missing.set(false);
                    }
                />
                <span>
                    {app.text(Key::Agree)}" "{document(&door.terms.path, Key::Terms)}" "{app.text(Key::And)}" "{document(&door.dpa.path, Key::Dpa)}
                </span>
            </label>
            <p class="wrong" id="agreement-wrong" role="alert" hidden=move || !missing.get()>{app.text(Key::AgreeMissing)}</p>
        </div>
    }
}

fn form(app: App, door: &Door, fields: Fields) -> impl IntoView + use<> {
    let Fields { name, email, business, kind } = fields;
    let (agreed, missing) = (RwSignal::new(false), RwSignal::new(false));
    let agreement_given = agreement_of(door);
    let sent = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(name) = name.name() else { return };
        let Some(email) = email.email() else { return };
        let Some(business) = business.name() else { return };
        missing.set(!agreed.get_untracked());
        if missing.get_untracked() {
            return crate::browser::focus("agreement");
        }
        app.ask(Ask::SignUp(SignUp {
            name: Personal::new(name),
            email: Personal::new(email),
            business,
            kind: kind_of(&kind.get_untracked()),
            locale: app.language_now(),
            agreement: agreement_given.clone(),
        }));
    };
    view! {
        <form novalidate on:submit=sent>
            {field(app, name, Look { fills: "name", first: true, ..Look::text(Key::YourName) })}
            {field(app, email, Look { fills: "email", hint: Some(Key::EmailHint), ..Look::email(Key::Email) })}
            {field(app, business, Look { fills: "organization", ..Look::text(Key::BusinessName) })}
            {choice("kind", app.text(Key::BusinessKind), kinds(app), kind)}
            {agreement(app, door, agreed, missing)}
            {problem(app, Form::SignUp)}
            {submit(app, Form::SignUp, Key::SignUpSend)}
        </form>
    }
}
