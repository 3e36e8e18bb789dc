//! Tokens for the API: named, scoped, expiring, shown once, revocable (promise P8.5).

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use shared::id::{AccountId, BusinessId};
use shared::wire::admin::token::{ApiScope, ApiToken, ApiTokens, MakeApiToken};

use crate::components::act::{button, careful, problem, question, submit};
use crate::components::code::code;
use crate::components::field::{Input, Look, choice, field};
use crate::components::status::{Rows, slot};
use crate::i18n::{self, Key, Style};
use crate::shell::App;
use crate::state::{Ask, Event, Form, State};

/// How many days a token may live, to choose from.
const DAYS: [u32; 4] = [30, 90, 180, 365];

const SCOPES: [(ApiScope, Key); 9] = [
    (ApiScope::BusinessRead, Key::ScopeBusinessRead),
    (ApiScope::BusinessWrite, Key::ScopeBusinessWrite),
    (ApiScope::TeamRead, Key::ScopeTeamRead),
    (ApiScope::ConversationRead, Key::ScopeConversationRead),
    (ApiScope::ConversationWrite, Key::ScopeConversationWrite),
    (ApiScope::AuditRead, Key::ScopeAuditRead),
    (ApiScope::KnowledgeRead, Key::ScopeKnowledgeRead),
    (ApiScope::KnowledgeWrite, Key::ScopeKnowledgeWrite),
    (ApiScope::NumbersRead, Key::ScopeNumbersRead),
];

/// The name of somebody of the team; empty where nobody knows it any more.
pub fn member_name(state: &State, account: AccountId) -> Option<String> {
    let members = &state.team.value.as_ref()?.members;
    members.iter().find(|member| member.account == account).map(|member| member.name.expose().clone())
}

/// The page.
pub fn page(app: App) -> impl IntoView {
    let made = app.part(|state| state.token_made.clone());
    view! {
        {super::heading(app, Key::Tokens, Some(Key::TokensLede))}
        {api_links(app)}
        {move || made.get().map(|made| view! {
            <section class="card accent" aria-labelledby="made">
                <h2 id="made">{app.text_with(Key::TokenMade, &[("name", &made.about.name)])}</h2>
                <div class="inside">
                    <p>{app.text(Key::TokenOnce)}</p>
                    {code(app, app.text(Key::Token), made.token.expose().clone())}
                    <div class="acts">{button(app.text(Key::TokenTaken), move || app.dispatch(Event::TokenTaken))}</div>
                </div>
            </section>
        })}
        {slot(app, |state| &state.tokens, Rows(2), move |tokens| list(app, &tokens))}
        {form(app)}
    }
}

/// Where the API is described, for people and for machines.
pub fn api_links(app: App) -> impl IntoView {
    let link = |address: &'static str, words: Key| {
        view! { <a href=address target="_blank" rel="noopener">{app.text(words)}</a> }
    };
    view! {
        <p class="hint">
            {link("/v1/admin/documents/api", Key::GuideApi)}" · "{link("/openapi.json", Key::GuideOpenapi)}
        </p>
    }
}

fn list(app: App, tokens: &ApiTokens) -> impl IntoView + use<> {
    let business = app.peek(|state| state.page.business());
    if tokens.tokens.is_empty() {
        return view! { <section class="card"><p class="empty">{app.text(Key::TokensEmpty)}</p></section> }
            .into_any();
    }
    let rows = tokens.tokens.iter().map(|token| row(app, business, token));
    view! { <section class="card"><ul class="rows">{rows.collect_view()}</ul></section> }.into_any()
}

fn row(app: App, business: Option<BusinessId>, token: &ApiToken) -> impl IntoView + use<> {
    let (id, name, account) = (token.id, token.name.clone(), token.created_by);
    let date = |at, style| i18n::moment(at, style);
    let used = token.last_used_at.map_or_else(
        || app.text(Key::NeverUsed),
        |at| app.text_with(Key::LastUsed, &[("date", &date(at, Style::Moment))]),
    );
    let until = app.text_with(Key::TokenUntil, &[("date", &date(token.expires_at, Style::Date))]);
    let scopes = SCOPES.iter().filter(|(scope, _)| token.scopes.contains(scope));
    let scopes = scopes.map(|(_, name)| view! { <span class="pill">{app.text(*name)}</span> });
    let maker = move || {
        let name = app.read(|state| member_name(state, account));
        app.text_with(Key::MadeBy, &[("name", &name.unwrap_or_else(|| app.text(Key::FormerMember)))])
    };
    let revoke = business.map(|business| {
        let name = name.clone();
        careful(app, Key::TokenRevokeAsk, move || {
            question(
                app.text_with(Key::TokenRevokeQuestion, &[("name", &name)]),
                app.text(Key::TokenRevokeConsequence),
                app.text(Key::TokenRevoke),
                Ask::TokenRevoke(business, id),
            )
        })
    });
    view! {
        <li>
            <div class="row">
                <div class="grow">
                    <strong dir="auto">{name}</strong>
                    <span>{until}" · "{used}" · "{maker}</span>
                    <span class="pills">{scopes.collect_view()}</span>
                </div>
                {revoke}
            </div>
            {problem(app, Form::Token(id))}
        </li>
    }
}

fn form(app: App) -> impl IntoView {
    let name = Input::new("token-name", "");
    let days = RwSignal::new("90".to_owned());
    let chosen = RwSignal::new(vec![ApiScope::BusinessRead]);
    let missing = RwSignal::new(false);
    let options = DAYS.map(|days| (days.to_string(), i18n::text_counted(Key::Days, days))).to_vec();
    let scopes = SCOPES.map(|(scope, words)| {
        view! {
            <label class="tick">
                <input
                    type="checkbox"
                    prop:checked=move || chosen.with(|chosen| chosen.contains(&scope))
                    on:change=move |event| {
                        let is_chosen = event_target_checked(&event);
                        missing.set(false);
                        chosen.update(|chosen| {
                            chosen.retain(|other| *other != scope);
                            chosen.extend(is_chosen.then_some(scope));
                        });
                    }
                />
                <span>{app.text(words)}</span>
            </label>
        }
    });
    let sent = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(name) = name.name() else { return };
        let mut scopes = chosen.get_untracked();
        scopes.sort_unstable();
        missing.set(scopes.is_empty());
        let business = app.peek(|state| state.page.business());
        let (Some(business), false) = (business, scopes.is_empty()) else { return };
        let days = days.get_untracked().parse().unwrap_or(30);
        app.ask(Ask::TokenMake(business, MakeApiToken { name, scopes, days }));
    };
    // The name is for the next one once this one is made.
    let is_made = app.part(|state| state.token_made.is_some());
    Effect::new(move |_| {
        if is_made.get() {
            name.set("");
        }
    });
    view! {
        <section class="card" aria-labelledby="token-new">
            <h2 id="token-new">{app.text(Key::TokenNew)}</h2>
            <form novalidate class="inside" on:submit=sent>
                <div class="columns">
                    {field(app, name, Look::text(Key::TokenName))}
                    {choice("token-days", app.text(Key::TokenDays), options, days)}
                </div>
                <fieldset class="ticks">
                    <legend>{app.text(Key::TokenScopes)}</legend>
                    {scopes.into_iter().collect_view()}
                    <p class="wrong" role="alert" hidden=move || !missing.get()>{app.text(Key::TokenScopesMissing)}</p>
                </fieldset>
                {problem(app, Form::TokenMake)}
                {submit(app, Form::TokenMake, Key::TokenMake)}
            </form>
        </section>
    }
}
