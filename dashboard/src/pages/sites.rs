//! A business's sites: where each is embedded, the way into its settings, and a further one.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use shared::id::BusinessId;
use shared::wire::admin::business::{Business, SiteEntry};
use shared::wire::admin::site::OpenSite;
use shared::wire::admin::team::Role;

use crate::components::act::{problem, submit};
use crate::components::field::{Input, Look, field};
use crate::components::status::{Rows, slot};
use crate::i18n::Key;
use crate::shell::App;
use crate::state::{Ask, Form, Page, Setup, SetupForm, SitePart};

/// The page.
pub fn page(app: App) -> impl IntoView {
    view! {
        {super::heading(app, Key::Sites, Some(Key::SitesLede))}
        {slot(app, |state| &state.business, Rows(2), move |business| list(app, &business))}
    }
}

fn list(app: App, business: &Business) -> impl IntoView + use<> {
    let id = business.id;
    let rows = business.sites.iter().map(|site| row(app, id, site));
    view! {
        <section class="card"><ul class="rows">{rows.collect_view()}</ul></section>
        {(business.role >= Role::Admin).then(|| form(app, id))}
    }
}

fn row(app: App, business: BusinessId, site: &SiteEntry) -> impl IntoView + use<> {
    let to = |part| Page::Site(business, site.id, part).fragment();
    let label = |key| app.text_with(key, &[("site", &site.name)]);
    let origins = site
        .origins
        .clone()
        .into_iter()
        .map(|origin| view! { <span class="pill"><bdi>{origin}</bdi></span> });
    let nowhere = site.origins.is_empty();
    view! {
        <li>
            <div class="row">
                <div class="grow">
                    <strong dir="auto">{site.name.clone()}</strong>
                    {nowhere.then(|| view! { <span class="clay-text">{app.text(Key::StepWhereNone)}</span> })}
                    <span class="pills">{origins.collect_view()}</span>
                </div>
                <a class="button" href=to(SitePart::Settings) aria-label=label(Key::SiteSettingsOf)>{app.text(Key::SiteSettings)}</a>
                <a class="button" href=to(SitePart::Install) aria-label=label(Key::SiteInstallOf)>{app.text(Key::SiteInstall)}</a>
            </div>
        </li>
    }
}

fn form(app: App, business: BusinessId) -> impl IntoView {
    let name = Input::new("site-new", "");
    let sent = move |event: SubmitEvent| {
        event.prevent_default();
        if let Some(name) = name.name() {
            app.ask(Ask::Setup(business, Setup::SiteOpen(OpenSite { name })));
        }
    };
    let look = Look { hint: Some(Key::SiteNewHint), ..Look::text(Key::SiteName) };
    view! {
        <section class="card" aria-labelledby="site-opens">
            <h2 id="site-opens">{app.text(Key::SiteNew)}</h2>
            <form novalidate class="inside" on:submit=sent>
                {field(app, name, look)}
                {problem(app, Form::Setup(SetupForm::SiteOpen))}
                {submit(app, Form::Setup(SetupForm::SiteOpen), Key::SiteOpen)}
            </form>
        </section>
    }
}

/// Heading and tabs of a site's parts.
pub fn site_heading(app: App, part: SitePart) -> impl IntoView {
    let here = app.part(|state| {
        if let Page::Site(business, site, _) = &state.page { Some((*business, *site)) } else { None }
    });
    let name = app.part(|state| {
        let Page::Site(_, id, _) = &state.page else { return String::new() };
        let business = state.business.value.as_ref();
        let site = business.and_then(|business| business.sites.iter().find(|site| site.id == *id));
        site.map(|site| site.name.clone()).unwrap_or_default()
    });
    let tabs = move || {
        here.get().map(|(business, site)| {
            let names = [(SitePart::Settings, Key::SiteSettings), (SitePart::Install, Key::SiteInstall)];
            let tabs = names.map(|(other, words)| {
                let current = (other == part).then_some("page");
                view! { <li><a href=Page::Site(business, site, other).fragment() aria-current=current>{app.text(words)}</a></li> }
            });
            let all = Page::In(business, crate::state::Section::Sites).fragment();
            view! {
                <p class="trail"><a href=all>{app.text(Key::Sites)}</a></p>
                <h1 tabindex="-1">{move || name.get()}</h1>
                <ul class="tabs">{tabs.collect_view()}</ul>
            }
        })
    };
    view! { <header class="heading">{tabs}</header> }
}
