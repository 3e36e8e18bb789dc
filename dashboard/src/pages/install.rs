//! How the chat comes onto a page, and how its visitors are named there.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use shared::id::{BusinessId, SiteId};
use shared::wire::admin::install::{CheckInstall, FindingKind, Installation, Snippet, Weight};
use shared::wire::admin::site::MadeIdentitySecret;
use shared::wire::admin::team::Role;

use super::sites::site_heading;
use crate::components::act::{button, careful, problem, question, submit};
use crate::components::code::code;
use crate::components::field::{Input, Look, field};
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
    let address = Input::new("check-address", "");
    let sent = move |event: SubmitEvent| {
        event.prevent_default();
        let typed = address.raw().trim().to_owned();
        // A host alone is taken to be served safely.
        let typed = if typed.contains("://") { typed } else { format!("https://{typed}") };
        let is_one = typed.len() > 8 && !typed.contains(char::is_whitespace);
        if let (Some(typed), Some((business, site))) =
            (address.judged(is_one.then_some(typed), Key::WrongWeb), place.get_untracked())
        {
            app.ask(Ask::Setup(business, Setup::Check(site, CheckInstall { address: typed })));
        }
    };
    let found = app.part(|state| state.setup.installation.clone());
    let form = Form::Setup(SetupForm::Check);
    move || {
        place.get().map(|_| {
            let look = Look {
                kind: "url",
                mode: "url",
                hint: Some(Key::CheckHint),
                ..Look::text(Key::CheckAddress)
            };
            view! {
                <section class="card" aria-labelledby="check">
                    <h2 id="check">{app.text(Key::Check)}</h2>
                    <form novalidate class="inside" on:submit=sent>
                        {field(app, address, look)}
                        {problem(app, form)}
                        {submit(app, form, Key::CheckDo)}
                        <div role="status">{move || found.get().map(|found| findings(app, &found))}</div>
                    </form>
                </section>
            }
        })
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
