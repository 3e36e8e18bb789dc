//! How the chat comes onto a page, and how its visitors are named there.

use leptos::prelude::*;
use shared::id::{BusinessId, SiteId};
use shared::wire::admin::site::MadeIdentitySecret;
use shared::wire::admin::team::Role;

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
        {slot(app, |state| &state.business, Rows(4), move |business| {
            let site = app.peek(|state| if let Page::Site(_, site, _) = &state.page { Some(*site) } else { None });
            site.map(|site| snippet(app, &business.chat_origin, site))
        })}
        {identity(app)}
    }
}

fn snippet(app: App, origin: &str, site: SiteId) -> impl IntoView + use<> {
    let tag = format!("<script src=\"{origin}/embed.js\" data-site=\"{site}\" async></script>");
    let policy = format!("script-src {origin};\nframe-src {origin};");
    view! {
        <section class="card" aria-labelledby="snippet">
            <h2 id="snippet">{app.text(Key::StepSnippet)}</h2>
            <div class="inside">
                {code(app, app.text(Key::Snippet), tag)}
                <p class="hint">{app.text(Key::PolicyHint)}</p>
                {code(app, app.text(Key::Policy), policy)}
            </div>
        </section>
    }
}

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
