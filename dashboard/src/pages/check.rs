//! The look at a page whether the chat is on it and may run: offered with the first steps, and with a site's own page.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use shared::id::{BusinessId, SiteId};
use shared::wire::admin::install::{CheckInstall, FindingKind, Installation, Weight};

use crate::components::act::{problem, submit_aside};
use crate::components::code::code;
use crate::components::field::{Input, Look, field};
use crate::i18n::Key;
use crate::shell::App;
use crate::state::{Ask, Form, Setup, SetupForm};

/// The field for the page's address, and what was found there.
pub fn form(
    app: App,
    (business, site): (BusinessId, SiteId),
    address: &str,
    class: &'static str,
) -> impl IntoView + use<> {
    // Drawn anew once it is noted that the chat was found, the field keeps the address that was looked at.
    let looked = app.peek(|state| state.setup.installation.as_ref().map(|found| found.address.clone()));
    let address = Input::new("check-address", looked.as_deref().unwrap_or(address));
    let sent = move |event: SubmitEvent| {
        event.prevent_default();
        let typed = address.raw().trim().to_owned();
        // A host alone is taken to be served safely.
        let typed = if typed.contains("://") { typed } else { format!("https://{typed}") };
        let is_one = typed.len() > 8 && !typed.contains(char::is_whitespace);
        if let Some(typed) = address.judged(is_one.then_some(typed), Key::WrongWeb) {
            app.ask(Ask::Setup(business, Setup::Check(site, CheckInstall { address: typed })));
        }
    };
    let found = app.part(|state| state.setup.installation.clone());
    let form = Form::Setup(SetupForm::Check);
    let look = Look { kind: "url", mode: "url", hint: Some(Key::CheckHint), ..Look::text(Key::CheckAddress) };
    view! {
        <form novalidate class=class on:submit=sent>
            {field(app, address, look)}
            {problem(app, form)}
            {submit_aside(app, form, Key::CheckDo)}
            <div role="status">{move || found.get().map(|found| findings(app, &found))}</div>
        </form>
    }
}

fn findings(app: App, found: &Installation) -> impl IntoView + use<> {
    let (mark, words) = if found.runs { ("pill on", Key::CheckRuns) } else { ("pill clay", Key::CheckFails) };
    let rows = found.findings.iter().map(|finding| {
        let (sign, name) = match finding.kind.weight() {
            Weight::Good => ("m5 10.5 3.2 3.2L15 7", Key::WeightGood),
            Weight::Note => ("M10 9v5m0-8v.5", Key::WeightNote),
            Weight::Bad => ("m6 6 8 8m0-8-8 8", Key::WeightBad),
        };
        let is_bad = finding.kind.weight() == Weight::Bad;
        let values = [("found", finding.found.as_deref().unwrap_or_default())];
        let text = app.text_with(finding_words(finding.kind), &values);
        // A directive is shown as it is to be pasted.
        let change = finding.change.clone().map(|change| code(app, app.text(Key::CheckChange), change));
        let as_found = finding
            .found
            .clone()
            .filter(|_| finding.change.is_some() || finding.kind == FindingKind::ScriptNeedsNonce);
        view! {
            <li class="finding" class:bad=is_bad>
                <svg viewBox="0 0 20 20" aria-hidden="true"><path d=sign/></svg>
                <div>
                    <p><span class="unseen">{app.text(name)}" "</span>{text}</p>
                    {as_found.map(|found| view! { <p class="hint"><code>{found}</code></p> })}
                    {change}
                </div>
            </li>
        }
    });
    view! {
        <div class="panel">
            <p><span class=mark>{app.text(words)}</span>" "<bdi>{found.address.clone()}</bdi></p>
            <ul class="findings">{rows.collect_view()}</ul>
        </div>
    }
}

const fn finding_words(kind: FindingKind) -> Key {
    match kind {
        FindingKind::NoAnswer => Key::FoundNoAnswer,
        FindingKind::RedirectRefused => Key::FoundRedirectRefused,
        FindingKind::RedirectEndless => Key::FoundRedirectEndless,
        FindingKind::StatusBad => Key::FoundStatusBad,
        FindingKind::NotHtml => Key::FoundNotHtml,
        FindingKind::PageLong => Key::FoundPageLong,
        FindingKind::ScriptFound => Key::FoundScript,
        FindingKind::PinHolds => Key::FoundPinHolds,
        FindingKind::PinWrong => Key::FoundPinWrong,
        FindingKind::PinUnreadable => Key::FoundPinUnreadable,
        FindingKind::FrameFound => Key::FoundFrame,
        FindingKind::NothingFound => Key::FoundNothing,
        FindingKind::OtherSite => Key::FoundOtherSite,
        FindingKind::FoundTwice => Key::FoundTwice,
        FindingKind::LookOld => Key::FoundLookOld,
        FindingKind::OriginAllowed => Key::FoundOriginAllowed,
        FindingKind::OriginMissing => Key::FoundOriginMissing,
        FindingKind::PolicyNone => Key::FoundPolicyNone,
        FindingKind::ScriptAllowed => Key::FoundScriptAllowed,
        FindingKind::ScriptBlocked => Key::FoundScriptBlocked,
        FindingKind::ScriptNeedsNonce => Key::FoundScriptNeedsNonce,
        FindingKind::FrameAllowed => Key::FoundFrameAllowed,
        FindingKind::FrameBlocked => Key::FoundFrameBlocked,
        FindingKind::Sandboxed => Key::FoundSandboxed,
    }
}
