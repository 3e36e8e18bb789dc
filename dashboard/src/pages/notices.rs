//! What visitors are told: who is responsible, the notice in force and the one that is coming, and everybody who receives
//! something (promises P1, P5.7, P11, P12).

use leptos::prelude::*;
use shared::id::SiteId;
use shared::wire::admin::proof::{NoticeEdition, NoticeEditions};
use shared::wire::admin::request::{DataMap, Processor};

use crate::components::status::{Rows, slot};
use crate::i18n::{self, Key, Style};
use crate::shell::App;
use crate::state::{Page, Section};

/// The page.
pub fn page(app: App) -> AnyView {
    view! {
        {super::heading(app, Key::Notices, Some(Key::NoticesLede))}
        {slot(app, |state| &state.record.notices, Rows(4), move |notices| editions(app, &notices))}
        {slot(app, |state| &state.record.map, Rows(4), move |map| view! {
            {responsible(app, &map)}
            {register(app, &map)}
        })}
    }
    .into_any()
}

/// The name of a site, once it is known.
pub fn site_name(app: App, site: SiteId) -> String {
    let name = app.read(|state| {
        let business = state.business.value.as_ref()?;
        business.sites.iter().find(|entry| entry.id == site).map(|entry| entry.name.clone())
    });
    name.unwrap_or_else(|| site.to_string())
}

fn editions(app: App, notices: &NoticeEditions) -> AnyView {
    let sites = notices.sites.iter().map(|notice| {
        let (id, address) = (notice.id, format!("/privacy/{}", notice.id));
        let revised = notice.revised_at.map_or_else(
            || app.text(Key::NoticeUnrevised),
            |at| app.text_with(Key::NoticeRevised, &[("date", &i18n::moment(at, Style::Date))]),
        );
        let label = move || app.text_with(Key::NoticeReadOf, &[("site", &site_name(app, id))]);
        view! {
            <li class="row">
                <div class="grow"><strong dir="auto">{move || site_name(app, id)}</strong><span>{revised}</span></div>
                <a class="button" href=address target="_blank" rel="noopener" aria-label=label>{app.text(Key::NoticeRead)}</a>
            </li>
        }
    });
    let rows: Vec<AnyView> = notices.editions.iter().map(|one| edition(app, one)).collect();
    let none = rows.is_empty().then(|| view! { <p class="empty">{app.text(Key::EditionsEmpty)}</p> });
    view! {
        <section class="card" aria-labelledby="notice-sites">
            <h2 id="notice-sites">{app.text(Key::NoticeSites)}</h2>
            <ul class="rows">{sites.collect_view()}</ul>
        </section>
        <section class="card" aria-labelledby="editions">
            <div class="title">
                <h2 id="editions">{app.text(Key::Editions)}</h2>
                <a href="/privacy/platform" target="_blank" rel="noopener">{app.text(Key::EditionsRead)}</a>
            </div>
            <div class="inside"><p>{app.text(Key::EditionsLede)}</p></div>
            {none}
            <ul class="rows">{rows}</ul>
        </section>
    }
    .into_any()
}

fn edition(app: App, edition: &NoticeEdition) -> AnyView {
    let date = |at| i18n::moment(at, Style::Date);
    let (class, state, words) = match (edition.is_in_force, edition.effective_at) {
        (true, Some(at)) => {
            ("pill on", Key::EditionInForce, app.text_with(Key::EditionSince, &[("date", &date(at))]))
        }
        (true, None) => ("pill on", Key::EditionInForce, String::new()),
        (false, None) => ("pill clay", Key::EditionAnnounced, app.text(Key::EditionTelling)),
        // What takes effect after today and what is over stand on two sides of the one in force; time tells them apart.
        (false, Some(at)) if at > crate::browser::now() => {
            ("pill clay", Key::EditionComing, app.text_with(Key::EditionFrom, &[("date", &date(at))]))
        }
        (false, Some(at)) => {
            ("pill", Key::EditionPast, app.text_with(Key::EditionSince, &[("date", &date(at))]))
        }
    };
    let kind = if edition.is_material { Key::EditionMaterial } else { Key::EditionWording };
    let told = edition.told_at.map(|at| app.text_with(Key::EditionTold, &[("date", &date(at))]));
    // What it said stays to be read, also once it is over.
    let address = format!("/privacy/editions/{}", edition.id);
    view! {
        <li class="row">
            <div class="grow">
                <strong><a href=address target="_blank" rel="noopener">{words}</a>" "<span class=class>{app.text(state)}</span></strong>
                <span>{app.text(kind)}" "{told}</span>
                <code class="hash">{edition.id.to_string()}</code>
            </div>
        </li>
    }
    .into_any()
}

/// Who is responsible, as visitors read it.
fn responsible(app: App, map: &DataMap) -> AnyView {
    let profile =
        app.peek(|state| state.page.business()).map(|business| Page::In(business, Section::Profile));
    let missing = || app.text(Key::NotSaid);
    let filled = |text: &str| if text.trim().is_empty() { missing() } else { text.to_owned() };
    let lines = [
        (Key::Controller, filled(&map.controller)),
        (Key::Contact, filled(&map.contact)),
        (Key::Officer, map.officer.clone().unwrap_or_else(missing)),
        (Key::MapProcessor, map.processor.clone()),
    ];
    let lines = lines.map(|(label, line)| {
        view! { <div><dt>{app.text(label)}</dt><dd dir="auto">{line}</dd></div> }
    });
    view! {
        <section class="card" aria-labelledby="responsible">
            <div class="title">
                <h2 id="responsible">{app.text(Key::Responsible)}</h2>
                {profile.map(|page| view! { <a href=page.fragment()>{app.text(Key::ResponsibleChange)}</a> })}
            </div>
            <dl class="facts">{lines.into_iter().collect_view()}</dl>
        </section>
    }
    .into_any()
}

/// Everybody who receives something, each once, with the sites that make it so.
fn register(app: App, map: &DataMap) -> AnyView {
    let mut found: Vec<(Processor, Vec<SiteId>)> = Vec::new();
    for site in &map.sites {
        for processor in &site.processors {
            match found.iter_mut().find(|(known, _)| known.name == processor.name) {
                Some((_, sites)) => sites.push(site.id),
                None => found.push((processor.clone(), vec![site.id])),
            }
        }
    }
    let rows: Vec<AnyView> =
        found.into_iter().map(|(processor, sites)| receiver(app, &processor, sites)).collect();
    view! {
        <section class="card" aria-labelledby="register">
            <h2 id="register">{app.text(Key::Register)}</h2>
            <div class="inside"><p>{app.text(Key::RegisterLede)}</p></div>
            <ul class="rows">{rows}</ul>
        </section>
    }
    .into_any()
}

fn receiver(app: App, processor: &Processor, sites: Vec<SiteId>) -> AnyView {
    let role = match processor.role.as_str() {
        "hosting" => app.text(Key::ProcessorHosting),
        "ai" => app.text(Key::ProcessorAi),
        "mail" => app.text(Key::ProcessorMail),
        other => other.to_owned(),
    };
    let verified = app.text_with(Key::ProcessorVerified, &[("date", &i18n::date(&processor.verified))]);
    let stale = processor
        .is_stale
        .then(|| view! { " "<span class="pill clay">{app.text(Key::ProcessorStale)}</span> });
    let names = move || {
        let names: Vec<String> = sites.iter().map(|site| site_name(app, *site)).collect();
        app.text_with(Key::ProcessorSites, &[("sites", &names.join(", "))])
    };
    view! {
        <li class="row">
            <div class="grow">
                <strong>{processor.name.clone()}{stale}</strong>
                <span>{role}" · "{names}</span>
                <dl class="lines" lang="en">
                    <div><dt lang=app.language_now()>{app.text(Key::ProcessorRegion)}</dt><dd>{processor.region.clone()}</dd></div>
                    <div><dt lang=app.language_now()>{app.text(Key::ProcessorSafeguard)}</dt><dd>{processor.safeguard.clone()}</dd></div>
                    <div><dt lang=app.language_now()>{app.text(Key::ProcessorKeeps)}</dt><dd>{processor.retention.clone()}</dd></div>
                    <div><dt lang=app.language_now()>{app.text(Key::ProcessorCertified)}</dt><dd>{processor.certification.clone()}</dd></div>
                </dl>
                <span>{verified}" "<a href=processor.url.clone() target="_blank" rel="noopener noreferrer">{app.text(Key::ProcessorSource)}</a></span>
            </div>
        </li>
    }
    .into_any()
}
