//! Help: whom to ask, and what there is to read (promise P3.2). Who runs the deployment says so in its configuration.

use leptos::prelude::*;
use shared::wire::admin::sign_in::Host;

use crate::components::status::{Rows, slot};
use crate::i18n::Key;
use crate::shell::App;

/// What there is to read, as the deployment serves it.
const GUIDES: [(&str, Key); 6] = [
    ("/v1/admin/documents/snippet", Key::GuideSnippet),
    ("/v1/admin/documents/answers", Key::GuideAnswers),
    ("/v1/admin/documents/accounts", Key::GuideAccounts),
    ("/v1/admin/documents/mail", Key::GuideMail),
    ("/v1/admin/documents/api", Key::GuideApi),
    ("/openapi.json", Key::GuideOpenapi),
];

/// The page.
pub fn page(app: App) -> impl IntoView {
    let guides = GUIDES.map(|(address, name)| {
        view! { <li><a href=address target="_blank" rel="noopener">{app.text(name)}</a></li> }
    });
    view! {
        {super::heading(app, Key::Help, Some(Key::HelpLede))}
        {slot(app, |state| &state.door, Rows(4), move |door| host(app, &door.host))}
        <section class="card" aria-labelledby="guides">
            <h2 id="guides">{app.text(Key::Guides)}</h2>
            <div class="inside"><ul>{guides.into_iter().collect_view()}</ul></div>
        </section>
    }
}

fn host(app: App, host: &Host) -> impl IntoView + use<> {
    let mail = host.contact.clone().map(|contact| {
        let href = format!("mailto:{contact}");
        view! { <div><dt>{app.text(Key::HelpMail)}</dt><dd><a href=href>{contact}</a></dd></div> }
    });
    let line = |label: Key, line: &Option<String>| {
        line.clone().map(|line| view! { <div><dt>{app.text(label)}</dt><dd dir="auto">{line}</dd></div> })
    };
    let is_silent = *host == Host::default();
    view! {
        <section class="card" aria-labelledby="host">
            <h2 id="host">{app.text(Key::HelpHost)}</h2>
            {is_silent.then(|| view! { <p class="empty">{app.text(Key::HelpSilent)}</p> })}
            <dl class="facts">
                {line(Key::HelpPublisher, &host.publisher)}
                {line(Key::HelpAddress, &host.address)}
                {line(Key::HelpPhone, &host.phone)}
                {mail}
            </dl>
            <div class="inside">
                <p class="hint">{app.text(Key::HelpReference)}</p>
                <p><a href="/privacy/platform" target="_blank" rel="noopener">{app.text(Key::PlatformLink)}</a></p>
            </div>
        </section>
    }
}
