//! How the chat comes onto a page, and how its visitors are named there.

use leptos::prelude::*;
use shared::id::{BusinessId, SiteId};
use shared::wire::admin::install::Snippet;
use shared::wire::admin::site::MadeIdentitySecret;
use shared::wire::admin::team::Role;

use super::check;
use super::sites::site_heading;
use crate::components::act::{button, careful, problem, question};
use crate::components::code::code;
use crate::components::status::{Rows, slot};
use crate::i18n::{self, Key, Style};
use crate::shell::App;
use crate::state::{Ask, Event, Form, Page, Setup, SetupForm, SitePart};

/// The page.
pub fn page(app: App) -> impl IntoView {
    view! {
        {site_heading(app, SitePart::Install)}
        {slot(app, |state| &state.setup.snippet, Rows(6), move |snippet| forms(app, &snippet))}
        {check(app)}
        {identity(app)}
    }
}

/// The forms in which the chat comes onto a page, the usual one open.
fn forms(app: App, snippet: &Snippet) -> impl IntoView + use<> {
    let other = |title: Key, lede: Key, text: String, policy: Option<String>| {
        view! {
            <details>
                <summary>{app.text(title)}</summary>
                <p class="hint">{app.text(lede)}</p>
                {code(app, app.text(title), text)}
                {policy.map(|policy| code(app, app.text(Key::Policy), policy))}
            </details>
        }
    };
    let places = [
        (Key::PlaceWordpress, Key::PlaceWordpressHow),
        (Key::PlaceShopify, Key::PlaceShopifyHow),
        (Key::PlaceWix, Key::PlaceWixHow),
        (Key::PlaceTags, Key::PlaceTagsHow),
    ];
    let places = places.map(|(title, how)| {
        let address = (title == Key::PlaceTags)
            .then(|| code(app, app.text(Key::SnippetAddress), snippet.address.clone()));
        view! { <details><summary>{app.text(title)}</summary><p>{app.text(how)}</p>{address}</details> }
    });
    view! {
        <section class="card" aria-labelledby="snippet">
            <h2 id="snippet">{app.text(Key::StepSnippet)}</h2>
            <div class="inside">
                <p class="hint">{app.text(Key::SnippetLede)}</p>
                {code(app, app.text(Key::Snippet), snippet.automatic.clone())}
                <p class="hint">{app.text(Key::PolicyHint)}</p>
                {code(app, app.text(Key::Policy), snippet.script_policy.clone())}
                {other(Key::SnippetPinned, Key::SnippetPinnedHint, snippet.pinned.clone(), None)}
                {other(Key::SnippetFrame, Key::SnippetFrameHint, snippet.frame.clone(), Some(snippet.frame_policy.clone()))}
            </div>
        </section>
        <section class="card" aria-labelledby="places">
            <h2 id="places">{app.text(Key::Places)}</h2>
            <div class="inside">{places.into_iter().collect_view()}</div>
        </section>
    }
}

/// Looks at a page whether the chat is on it and may run.
fn check(app: App) -> impl IntoView {
    let place = app.part(|state| {
        let Page::Site(business, site, _) = &state.page else { return None };
        state.reaches(Role::Manager).then_some((*business, *site))
    });
    move || {
        place.get().map(|(business, site)| {
            view! {
                <section class="card" aria-labelledby="check">
                    <h2 id="check">{app.text(Key::Check)}</h2>
                    {check::form(app, (business, site), "", "inside")}
                </section>
            }
        })
    }
}

/// What a business's page says once its server has signed the token. It may come before the loader.
const IDENTIFY: &str = "(window.Loquet ||= []).push([\"identify\", token]);";

/// The secret that names visitors, for those who may make one.
fn identity(app: App) -> impl IntoView {
    let known = app.part(|state| {
        let Page::Site(business, site, _) = &state.page else { return None };
        let since = state.setup.site.value.as_ref()?.identity_since;
        state.reaches(Role::Admin).then_some((*business, *site, since))
    });
    let made = app.part(|state| state.setup.identity_made.clone());
    move || {
        known.get().map(|(business, site, since)| {
            let since = since.map(|since| i18n::moment(since, Style::Date));
            view! {
                <section class="card" aria-labelledby="identity">
                    <h2 id="identity">{app.text(Key::Identity)}</h2>
                    <div class="inside">
                        <p>{app.text(Key::IdentityLede)}</p>
                        <p class="hint">{app.text(Key::IdentityClaims)}</p>
                        {code(app, app.text(Key::IdentityLine), IDENTIFY.to_owned())}
                        <p>{since.as_ref().map_or_else(|| app.text(Key::IdentityNone), |since| app.text_with(Key::IdentitySince, &[("date", since)]))}</p>
                        {move || made.get().map(|made| shown_once(app, &made))}
                        {acts(app, (business, site), since.is_some())}
                        {problem(app, Form::Setup(SetupForm::Identity))}
                    </div>
                </section>
            }
        })
    }
}

fn acts(app: App, (business, site): (BusinessId, SiteId), is_made: bool) -> impl IntoView {
    let ask = move |setup| Ask::Setup(business, setup);
    if !is_made {
        let make = button(app.text(Key::IdentityMake), move || app.ask(ask(Setup::IdentityMake(site))));
        return view! { <div class="acts">{make}</div> }.into_any();
    }
    view! {
        <div class="acts">
            {careful(app, Key::IdentityRotate, move || question(
                app.text(Key::IdentityRotateQuestion),
                app.text(Key::IdentityRotateConsequence),
                app.text(Key::IdentityRotateDo),
                ask(Setup::IdentityMake(site)),
            ))}
            {careful(app, Key::IdentityDrop, move || question(
                app.text(Key::IdentityDropQuestion),
                app.text(Key::IdentityDropConsequence),
                app.text(Key::IdentityDropDo),
                ask(Setup::IdentityDrop(site)),
            ))}
        </div>
    }
    .into_any()
}

fn shown_once(app: App, made: &MadeIdentitySecret) -> impl IntoView + use<> {
    let until = made.before_until.map(|until| i18n::moment(until, Style::Moment));
    view! {
        <div class="panel">
            <p>{app.text(Key::IdentityOnce)}</p>
            {code(app, app.text(Key::IdentitySecret), made.secret.expose().clone())}
            {until.map(|until| view! { <p>{app.text_with(Key::IdentityBefore, &[("date", &until)])}</p> })}
            <div class="acts">{button(app.text(Key::TokenTaken), move || app.dispatch(Event::IdentityTaken))}</div>
        </div>
    }
}
