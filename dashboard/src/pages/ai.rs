//! The business's own keys for AI providers: handed over, tried, taken away. A key goes in and is never shown again.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use shared::id::BusinessId;
use shared::privacy::Secret;
use shared::wire::admin::vendor::{KeyOutcome, OwnKey, SetVendorKey, Vendor, Vendors};

use super::site::provider_name;
use crate::components::act::{careful, once_kept, problem, question, submit_aside};
use crate::components::field::{Input, Look, field};
use crate::components::status::{Rows, slot};
use crate::i18n::{self, Key, Style};
use crate::shell::App;
use crate::state::{Ask, Setup, vendor_form};

/// Fields of each provider, by its place in the list: ids are part of the page.
const IDS: [(&str, &str); 4] =
    [("key-0", "model-0"), ("key-1", "model-1"), ("key-2", "model-2"), ("key-3", "model-3")];

/// The page.
pub fn page(app: App) -> impl IntoView {
    // A key that is being typed outlives the list, which is drawn again when another one was tried.
    let keys = IDS.map(|(id, _)| Input::new(id, ""));
    view! {
        {super::heading(app, Key::Ai, Some(Key::AiLede))}
        {slot(app, |state| &state.setup.vendors, Rows(4), move |vendors| list(app, &vendors, keys))}
    }
}

fn list(app: App, vendors: &Vendors, keys: [Input; 4]) -> impl IntoView + use<> {
    let business = app.peek(|state| state.page.business());
    let cards = business.map(|business| {
        let fields = keys.into_iter().zip(IDS.map(|(_, model)| model));
        vendors
            .vendors
            .iter()
            .zip(fields)
            .map(|(vendor, fields)| card(app, business, vendor, fields))
            .collect_view()
    });
    view! { {cards}<p class="hint">{app.text(Key::AiOrder)}</p> }
}

const fn outcome_words(outcome: KeyOutcome) -> Key {
    match outcome {
        KeyOutcome::Works => Key::KeyWorks,
        KeyOutcome::Refused => Key::KeyRefused,
        KeyOutcome::Limited => Key::KeyLimited,
        KeyOutcome::Overloaded => Key::KeyOverloaded,
        KeyOutcome::Broken => Key::KeyBroken,
        KeyOutcome::Timeout => Key::KeyTimeout,
    }
}

fn card(
    app: App,
    business: BusinessId,
    vendor: &Vendor,
    fields: (Input, &'static str),
) -> impl IntoView + use<> {
    let title = provider_name(&vendor.name);
    let heading = format!("vendor-{}", vendor.name);
    let standing = match (&vendor.own, vendor.is_offered) {
        (Some(_), _) => Key::KeyOwn,
        (None, true) => Key::KeyOffered,
        (None, false) => Key::KeyNone,
    };
    let goes = app.text_with(Key::KeyGoes, &[("host", &vendor.host)]);
    let own = vendor.own.clone().map(|own| owned(app, business, &vendor.name, &own));
    view! {
        <section class="card" aria-labelledby=heading>
            <div class="title"><h2 id=heading.clone()>{title}</h2><span>{app.text(standing)}</span></div>
            <div class="inside">
                {own}
                {form(app, business, vendor, fields)}
                <p class="hint">{goes}</p>
            </div>
        </section>
    }
}

/// A key that is there: since when, whether it worked, and what can be done with it.
fn owned(app: App, business: BusinessId, name: &str, own: &OwnKey) -> impl IntoView + use<> {
    let since = app.text_with(Key::KeySince, &[("date", &i18n::moment(own.since, Style::Date))]);
    let tested = own.tested_at.zip(own.outcome).map(|(at, outcome)| {
        let date = i18n::moment(at, Style::Moment);
        let class = if outcome == KeyOutcome::Works { "" } else { "clay-text" };
        view! { <p class=class>{app.text(outcome_words(outcome))}" "{app.text_with(Key::KeyTested, &[("date", &date)])}</p> }
    });
    let (tried, dropped) = (name.to_owned(), name.to_owned());
    let shown = provider_name(name);
    let busy_form = vendor_form(name);
    let busy = Memo::new(move |_| app.read(|state| state.is_busy(busy_form)));
    view! {
        <div class="vendor">
            <p>{since}</p>
            <div role="status">{tested}</div>
            <div class="acts">
                <button type="button" aria-busy=move || busy.get().then_some("true") on:click=move |_| app.ask(Ask::Setup(business, Setup::VendorTest(tried.clone())))>
                    {app.text(Key::KeyTest)}
                </button>
                {careful(app, Key::KeyDropAsk, move || question(
                    app.text_with(Key::KeyDropQuestion, &[("name", &shown)]),
                    app.text(Key::KeyDropConsequence),
                    app.text(Key::KeyDrop),
                    Ask::Setup(business, Setup::VendorDrop(dropped.clone())),
                ))}
            </div>
        </div>
    }
}

fn form(
    app: App,
    business: BusinessId,
    vendor: &Vendor,
    (key, model_id): (Input, &'static str),
) -> impl IntoView + use<> {
    let own_model = vendor.own.as_ref().and_then(|own| own.model.clone()).unwrap_or_default();
    let model = Input::new(model_id, &own_model);
    let name = vendor.name.clone();
    let form = vendor_form(&name);
    let sent = move |event: SubmitEvent| {
        event.prevent_default();
        let text = key.raw().trim().to_owned();
        let fits = text.len() >= 8 && text.bytes().all(|letter| letter.is_ascii_graphic());
        let Some(text) = key.judged(fits.then_some(text), Key::WrongKey) else { return };
        let Some(model) = model.line_or_none() else { return };
        let body = SetVendorKey { key: Secret::new(text), model };
        app.ask(Ask::Setup(business, Setup::VendorSet(name.clone(), body)));
    };
    once_kept(app, form, move || key.set(""));
    let words = if vendor.own.is_some() { Key::KeyReplace } else { Key::KeySet };
    let label = if vendor.own.is_some() { Key::KeyAnother } else { Key::KeyField };
    view! {
        <form novalidate class="vendor" on:submit=sent>
            <div class="columns">
                {field(app, key, Look { kind: "password", hint: Some(Key::KeyHint), ..Look::text(label) })}
                {field(app, model, Look { optional: true, hint: Some(Key::KeyModelHint), ..Look::text(Key::KeyModel) })}
            </div>
            {problem(app, form)}
            {submit_aside(app, form, words)}
        </form>
    }
}
