//! Doors of the business's own systems: made, changed, tried, and what was told to them, with the way to tell it again.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use shared::id::{BusinessId, WebhookId};
use shared::rules::address::PublicAddress;
use shared::wire::admin::webhook::{
    DeliveryState, HookDeliveries, HookDelivery, HookEvent, MadeWebhook, Webhook, Webhooks, WriteWebhook,
};

use crate::components::act::{button, careful, once_kept, problem, question, submit, submit_aside};
use crate::components::code::code;
use crate::components::field::{Input, Look, field, tick};
use crate::components::status::{Rows, slot};
use crate::i18n::{self, Key, Style};
use crate::shell::App;
use crate::state::{Ask, Event, Form, Setup, SetupForm};

const EVENTS: [(HookEvent, Key); 4] = [
    (HookEvent::ConversationOpened, Key::HookOpened),
    (HookEvent::ConversationClosed, Key::HookClosed),
    (HookEvent::MessageReceived, Key::HookMessage),
    (HookEvent::PersonRequested, Key::HookPerson),
];

/// How a server checks what comes, by a library of the scheme.
const CHECK: &str = "import { Webhook } from \"standardwebhooks\";\n\
    // Throws where the signature does not hold, or is older than five minutes.\n\
    const event = new Webhook(process.env.LOQUET_WEBHOOK_SECRET).verify(rawBody, headers);";

/// The page.
pub fn page(app: App) -> impl IntoView {
    let business = app.part(|state| state.page.business());
    let made = app.part(|state| state.setup.webhook_made.clone());
    view! {
        {super::heading(app, Key::Webhooks, Some(Key::WebhooksLede))}
        {move || made.get().map(|made| shown_once(app, &made))}
        {slot(app, |state| &state.setup.webhooks, Rows(2), move |webhooks| list(app, &webhooks))}
        {move || business.get().map(|business| view! {
            <section class="card" aria-labelledby="webhook-new">
                <h2 id="webhook-new">{app.text(Key::WebhookNew)}</h2>
                {form(app, business, None)}
            </section>
        })}
        <details class="card">
            <summary>{app.text(Key::WebhookCheck)}</summary>
            <div class="inside">
                <p>{app.text(Key::WebhookCheckHow)}</p>
                {code(app, app.text(Key::WebhookCheck), CHECK.to_owned())}
                {super::tokens::api_links(app)}
            </div>
        </details>
    }
}

fn shown_once(app: App, made: &MadeWebhook) -> impl IntoView + use<> {
    view! {
        <section class="card accent" aria-labelledby="webhook-made">
            <h2 id="webhook-made">{app.text(Key::WebhookMade)}</h2>
            <div class="inside">
                <p>{app.text(Key::WebhookOnce)}</p>
                {code(app, app.text(Key::WebhookSecret), made.secret.expose().clone())}
                <div class="acts">{button(app.text(Key::TokenTaken), move || app.dispatch(Event::WebhookTaken))}</div>
            </div>
        </section>
    }
}

fn list(app: App, webhooks: &Webhooks) -> impl IntoView + use<> {
    if webhooks.webhooks.is_empty() {
        return view! { <section class="card"><p class="empty">{app.text(Key::WebhooksEmpty)}</p></section> }
            .into_any();
    }
    let business = app.peek(|state| state.page.business());
    let open = RwSignal::new(None);
    let rows = business.map(|business| {
        webhooks.webhooks.iter().map(|webhook| row(app, business, webhook, open)).collect_view()
    });
    view! { <section class="card"><ul class="rows">{rows}</ul></section> }.into_any()
}

fn row(
    app: App,
    business: BusinessId,
    webhook: &Webhook,
    open: RwSignal<Option<WebhookId>>,
) -> impl IntoView + use<> {
    let (id, about) = (webhook.id, webhook.about.clone());
    let ask = move |setup| Ask::Setup(business, setup);
    let names = EVENTS.iter().filter(|(event, _)| about.events.contains(event));
    let names = names.map(|(_, name)| view! { <span class="pill">{app.text(*name)}</span> }).collect_view();
    let label = app.text_with(Key::WebhookChangeOf, &[("url", &about.url)]);
    let shown = about.clone();
    let panel = move || {
        (open.get() == Some(id)).then(|| {
            let about = shown.clone();
            view! {
                <div class="panel">
                    {form(app, business, Some((id, about)))}
                    <div class="acts">
                        <button type="button" on:click=move |_| app.ask(ask(Setup::WebhookTest(id)))>{app.text(Key::WebhookTest)}</button>
                        <button type="button" on:click=move |_| app.ask(ask(Setup::Deliveries(id)))>{app.text(Key::WebhookLog)}</button>
                        {careful(app, Key::WebhookRotateAsk, move || question(
                            app.text(Key::WebhookRotateQuestion),
                            app.text(Key::WebhookRotateConsequence),
                            app.text(Key::WebhookRotate),
                            ask(Setup::WebhookRotate(id)),
                        ))}
                        {careful(app, Key::WebhookDropAsk, move || question(
                            app.text(Key::WebhookDropQuestion),
                            app.text(Key::WebhookDropConsequence),
                            app.text(Key::WebhookDrop),
                            ask(Setup::WebhookDrop(id)),
                        ))}
                    </div>
                    {log(app, business, id)}
                </div>
            }
        })
    };
    let paused =
        (!about.is_active).then(|| view! { <span class="pill clay">{app.text(Key::WebhookPaused)}</span> });
    view! {
        <li>
            <div class="row">
                <div class="grow">
                    <strong><bdi>{about.url.clone()}</bdi></strong>
                    <span class="pills">{paused}{names}</span>
                </div>
                <button
                    type="button"
                    aria-label=label
                    aria-expanded=move || if open.get() == Some(id) { "true" } else { "false" }
                    on:click=move |_| open.update(|open| *open = (*open != Some(id)).then_some(id))
                >
                    {app.text(Key::Change)}
                </button>
            </div>
            {panel}
            {problem(app, Form::Setup(SetupForm::Webhook(id)))}
        </li>
    }
}

/// The fields of a door: a new one, or one that is there.
fn form(app: App, business: BusinessId, webhook: Option<(WebhookId, WriteWebhook)>) -> impl IntoView {
    let (id, about) = webhook.unzip();
    let is_new = id.is_none();
    let about = about.unwrap_or_else(|| WriteWebhook {
        url: String::new(),
        events: vec![HookEvent::MessageReceived, HookEvent::PersonRequested],
        is_active: true,
    });
    let url = Input::new(if is_new { "webhook-url-new" } else { "webhook-url" }, &about.url);
    let ticks = EVENTS.map(|(event, name)| (event, RwSignal::new(about.events.contains(&event)), name));
    let active = RwSignal::new(about.is_active);
    let missing = RwSignal::new(false);
    let form = Form::Setup(id.map_or(SetupForm::WebhookMake, SetupForm::Webhook));
    let sent = move |event: SubmitEvent| {
        event.prevent_default();
        // A developer's own machine is let through by the edge alone, which knows whether it is one.
        let address = PublicAddress::parse(&url.raw(), true).map(|address| address.as_str().to_owned());
        let Some(address) = url.judged(address, Key::WrongHook) else { return };
        let chosen = ticks.iter().filter(|(_, is_chosen, _)| is_chosen.get_untracked());
        let events: Vec<HookEvent> = chosen.map(|(event, ..)| *event).collect();
        missing.set(events.is_empty());
        if events.is_empty() {
            return;
        }
        let about = WriteWebhook { url: address, events, is_active: active.get_untracked() };
        let setup = id
            .map_or_else(|| Setup::WebhookMake(about.clone()), |id| Setup::WebhookChange(id, about.clone()));
        app.ask(Ask::Setup(business, setup));
    };
    // The field is for the next one once this one is kept.
    once_kept(app, form, move || {
        if is_new {
            url.set("");
        }
    });
    let boxes = ticks.map(|(_, is_chosen, name)| tick(app, is_chosen, name, None));
    view! {
        <form novalidate class="inside" on:submit=sent>
            {field(app, url, Look { kind: "url", mode: "url", hint: Some(Key::WebhookUrlHint), ..Look::text(Key::WebhookUrl) })}
            <fieldset class="ticks">
                <legend>{app.text(Key::WebhookEvents)}</legend>
                {boxes.into_iter().collect_view()}
                <p class="wrong" role="alert" hidden=move || !missing.get()>{app.text(Key::WebhookEventsMissing)}</p>
            </fieldset>
            {(!is_new).then(|| tick(app, active, Key::WebhookActive, None))}
            {problem(app, form)}
            {if is_new { submit(app, form, Key::WebhookMake).into_any() } else { submit_aside(app, form, Key::Save).into_any() }}
        </form>
    }
}

/// What was told to a door, once it was asked for.
fn log(app: App, business: BusinessId, id: WebhookId) -> impl IntoView {
    let told = Memo::new(move |_| {
        app.read(|state| state.setup.deliveries.clone())
            .filter(|(other, _)| *other == id)
            .map(|(_, told)| told)
    });
    view! { <div role="status">{move || told.get().map(|told| deliveries(app, business, id, &told))}</div> }
}

fn deliveries(app: App, business: BusinessId, id: WebhookId, told: &HookDeliveries) -> impl IntoView + use<> {
    if told.deliveries.is_empty() {
        return view! { <p class="hint">{app.text(Key::WebhookLogEmpty)}</p> }.into_any();
    }
    let rows = told.deliveries.iter().map(|delivery| delivered(app, business, id, delivery));
    view! { <ul class="rows flat">{rows.collect_view()}</ul> }.into_any()
}

fn delivered(
    app: App,
    business: BusinessId,
    id: WebhookId,
    delivery: &HookDelivery,
) -> impl IntoView + use<> {
    let (class, state) = match delivery.state {
        DeliveryState::Queued => ("pill", Key::DeliveryQueued),
        DeliveryState::Sending => ("pill", Key::DeliverySending),
        DeliveryState::Delivered => ("pill on", Key::DeliveryDone),
        DeliveryState::GivenUp => ("pill clay", Key::DeliveryGivenUp),
    };
    let known = EVENTS.iter().find(|(event, _)| event.as_str() == delivery.kind);
    let name = known.map_or_else(|| app.text(Key::HookTest), |(_, name)| app.text(*name));
    let date = i18n::moment(delivery.created_at, Style::Moment);
    let tries = i18n::text_counted(Key::DeliveryTries, delivery.tries);
    let answer = delivery.status.map_or_else(
        || if delivery.tries == 0 { String::new() } else { app.text(Key::DeliverySilent) },
        |status| app.text_with(Key::DeliveryStatus, &[("status", &status.to_string())]),
    );
    let next = (delivery.state == DeliveryState::Queued && delivery.tries > 0).then(|| {
        app.text_with(Key::DeliveryNext, &[("date", &i18n::moment(delivery.due_at, Style::Moment))])
    });
    let (event, label) =
        (delivery.event.clone(), app.text_with(Key::ReplayOf, &[("event", &delivery.event)]));
    view! {
        <li class="row">
            <div class="grow">
                <strong>{name}" "<span class=class>{app.text(state)}</span></strong>
                <span>{date}" · "{tries}" "{answer}" "{next}</span>
                <code class="hash">{delivery.event.clone()}</code>
            </div>
            <button type="button" aria-label=label on:click=move |_| app.ask(Ask::Setup(business, Setup::Replay(id, event.clone())))>
                {app.text(Key::Replay)}
            </button>
        </li>
    }
}
