//! Where a site's chat may be embedded: a list, and a field that takes what people paste.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use shared::id::{BusinessId, SiteId};
use shared::wire::admin::business::{ChangeOrigins, SiteEntry};

use crate::components::act::{problem, submit_aside};
use crate::components::field::{Input, Look, field};
use crate::i18n::Key;
use crate::shell::App;
use crate::state::{Ask, Form};

/// The origin in what somebody typed or pasted: an address of a page, or a host alone, which is taken to be served
/// safely. `None` where there is none in it; the edge judges the rest.
pub fn origin_typed(text: &str) -> Option<String> {
    let text = text.trim();
    let (scheme, rest) = text.split_once("://").unwrap_or(("https", text));
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let is_host = host.contains('.') || host.starts_with("localhost");
    let is_clean = !host.contains(char::is_whitespace) && !host.contains('@');
    (["https", "http"].contains(&scheme) && is_host && is_clean)
        .then(|| format!("{scheme}://{host}").to_lowercase())
}

/// The list, and for those who may the way to change it.
pub fn list(app: App, business: BusinessId, site: &SiteEntry, may_write: bool) -> impl IntoView + use<> {
    let id = site.id;
    let origins = site.origins.clone();
    let rows = origins.clone().into_iter().map({
        let origins = origins.clone();
        move |origin| {
            let rest: Vec<String> = origins.iter().filter(|other| **other != origin).cloned().collect();
            let label = app.text_with(Key::OriginRemove, &[("origin", &origin)]);
            view! {
                <li class="pill">
                    <bdi>{origin}</bdi>
                    {may_write.then(|| view! {
                        <button type="button" class="quiet" aria-label=label on:click=move |_| change(app, business, id, rest.clone())>
                            <svg viewBox="0 0 20 20" aria-hidden="true"><path d="m6 6 8 8m0-8-8 8"/></svg>
                        </button>
                    })}
                </li>
            }
        }
    });
    let is_empty = origins.is_empty();
    view! {
        <p>{app.text(Key::StepWhereOpen)}</p>
        {is_empty.then(|| view! { <p class="clay-text">{app.text(Key::StepWhereNone)}</p> })}
        <ul class="pills">{rows.collect_view()}</ul>
        {may_write.then(|| form(app, business, id, origins))}
    }
}

fn change(app: App, business: BusinessId, site: SiteId, origins: Vec<String>) {
    app.ask(Ask::OriginsChange(business, site, ChangeOrigins { origins }));
}

fn form(app: App, business: BusinessId, site: SiteId, origins: Vec<String>) -> impl IntoView {
    let address = Input::new("origin", "");
    let sent = move |event: SubmitEvent| {
        event.prevent_default();
        if let Some(origin) = address.judged(origin_typed(&address.raw()), Key::WrongOrigin) {
            let mut all = origins.clone();
            all.push(origin);
            change(app, business, site, all);
        }
    };
    let look = Look {
        kind: "url",
        mode: "url",
        fills: "url",
        hint: Some(Key::OriginHint),
        ..Look::text(Key::Origin)
    };
    view! {
        <form novalidate class="step-form" on:submit=sent>
            {field(app, address, look)}
            {problem(app, Form::Origins)}
            {submit_aside(app, Form::Origins, Key::OriginAdd)}
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::origin_typed;

    #[test]
    fn the_origin_is_found_in_what_people_paste() {
        for (text, origin) in [
            ("https://www.example.eu", "https://www.example.eu"),
            (" https://Example.eu/rooms?x=1#top ", "https://example.eu"),
            ("www.example.eu/rooms", "https://www.example.eu"),
            ("http://localhost:8080/", "http://localhost:8080"),
            ("https://*.example.eu", "https://*.example.eu"),
        ] {
            assert_eq!(origin_typed(text).as_deref(), Some(origin), "{text}");
        }
        for text in ["", "hotel", "ftp://example.eu", "javascript://x.eu", "me@example.eu", "a b.eu"] {
            assert_eq!(origin_typed(text), None, "{text}");
        }
    }
}
