//! What a business says of itself, and what was agreed to for it. Visitors read the first part (promises P1, P12).

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use shared::id::BusinessId;
use shared::wire::admin::business::{Acceptances, Business, BusinessProfile, DocumentKind};
use shared::wire::admin::team::Role;

use super::leaving;
use super::sign_up::{kind_of, kinds};
use crate::components::act::{problem, submit, typed};
use crate::components::field::{Input, Look, choice, choice_checked, field};
use crate::components::status::{Rows, slot};
use crate::i18n::{self, Key, Style};
use crate::shell::App;
use crate::state::{Ask, Form};

/// The countries of ISO 3166-1.
const COUNTRIES: &str = "\
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS \
    BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE \
    EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM \
    HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC \
    LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA \
    NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW \
    SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO \
    TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

/// The countries by name, in the reader's language and its order.
fn countries() -> Vec<(String, String)> {
    let mut all: Vec<_> =
        COUNTRIES.split(' ').map(|code| (code.to_owned(), i18n::country_name(code))).collect();
    all.sort_by(|(_, one), (_, other)| i18n::compare(one, other));
    all
}

/// The page.
pub fn page(app: App) -> impl IntoView {
    let owned = app.part(|state| state.page.business().filter(|_| state.reaches(Role::Owner)));
    view! {
        {super::heading(app, Key::Business, Some(Key::BusinessLede))}
        {slot(app, |state| &state.business, Rows(8), move |business| {
            if business.role >= Role::Admin {
                form(app, business.id, &business).into_any()
            } else {
                card(app, &business.profile).into_any()
            }
        })}
        {slot(app, |state| &state.acceptances, Rows(2), move |acceptances| agreements(app, &acceptances))}
        {move || owned.get().map(|business| leaving::business_card(app, business))}
    }
}

/// For those who may look.
fn card(app: App, profile: &BusinessProfile) -> impl IntoView + use<> {
    let lines = [
        (Key::BusinessName, Some(profile.name.clone())),
        (Key::Controller, Some(profile.controller.clone())),
        (Key::Contact, Some(profile.contact.clone())),
        (Key::Notice, profile.notice_url.clone()),
        (Key::Officer, profile.officer.clone()),
        (
            Key::Country,
            Some(profile.country.clone())
                .filter(|code| !code.is_empty())
                .map(|code| i18n::country_name(&code)),
        ),
    ];
    let lines =
        lines.into_iter().filter_map(|(label, line)| Some((label, line.filter(|line| !line.is_empty())?)));
    view! {
        <section class="card">
            <dl class="facts">
                {lines.map(|(label, line)| view! { <div><dt>{app.text(label)}</dt><dd dir="auto">{line}</dd></div> }).collect_view()}
            </dl>
        </section>
    }
}

fn form(app: App, id: BusinessId, business: &Business) -> impl IntoView + use<> {
    let profile = &business.profile;
    let name = Input::new("business-name", &profile.name);
    let controller = Input::new("controller", &profile.controller);
    let contact = Input::new("contact", &profile.contact);
    let notice = Input::new("notice", profile.notice_url.as_deref().unwrap_or_default());
    let officer = Input::new("officer", profile.officer.as_deref().unwrap_or_default());
    let country = Input::new("country", &profile.country);
    let kind = RwSignal::new(profile.kind.as_str().to_owned());
    let read = move || {
        let notice_url = notice.line_or_none()?;
        let is_web = notice_url.as_ref().is_none_or(|address| address.starts_with("https://"));
        notice.judged(is_web.then_some(()), Key::WrongWeb)?;
        let chosen = Some(country.raw()).filter(|code| !code.is_empty());
        Some(BusinessProfile {
            name: name.name()?,
            controller: controller.line()?,
            contact: contact.line()?,
            notice_url,
            officer: officer.line_or_none()?,
            country: country.judged(chosen, Key::WrongCountry)?,
            kind: kind_of(&kind.get_untracked()),
        })
    };
    let sent = move |event: SubmitEvent| {
        event.prevent_default();
        if let Some(profile) = read() {
            app.ask(Ask::BusinessChange(id, profile));
        }
    };
    let hinted = |label, hint| Look { hint: Some(hint), ..Look::text(label) };
    view! {
        <section class="card">
            <form novalidate class="inside" on:submit=sent on:input=typed(app, Form::Business)>
                {field(app, name, Look { fills: "organization", ..Look::text(Key::BusinessName) })}
                {field(app, controller, hinted(Key::Controller, Key::ControllerHint))}
                {field(app, contact, hinted(Key::Contact, Key::ContactHint))}
                {field(app, notice, Look { kind: "url", mode: "url", optional: true, ..Look::text(Key::Notice) })}
                {field(app, officer, Look { optional: true, ..hinted(Key::Officer, Key::OfficerHint) })}
                <div class="columns">
                    {choice_checked(app, country, (Key::Country, Key::CountryHint), countries())}
                    {choice("business-kind", app.text(Key::BusinessKind), kinds(app), kind)}
                </div>
                {problem(app, Form::Business)}
                {submit(app, Form::Business, Key::Save)}
            </form>
        </section>
    }
}

fn agreements(app: App, acceptances: &Acceptances) -> impl IntoView + use<> {
    let rows = acceptances.acceptances.iter().map(|acceptance| {
        let document = match acceptance.document {
            DocumentKind::Terms => Key::Terms,
            DocumentKind::Dpa => Key::Dpa,
        };
        let date = i18n::moment(acceptance.at, Style::Moment);
        let (kind, hash) = (acceptance.document.as_str(), acceptance.hash.as_str());
        // The text that was agreed to, whatever is in force meanwhile.
        let address = format!("/v1/admin/documents/{kind}?edition={hash}");
        let file = format!("loquet-{kind}-{}.md", acceptance.version);
        let name = app.text(document);
        let label = app.text_with(Key::AgreementTakeOf, &[("name", &name), ("version", &acceptance.version)]);
        view! {
            <li class="row">
                <div class="grow">
                    <strong class="start">{name}</strong>
                    <span>{app.text_with(Key::AgreementLine, &[("version", &acceptance.version), ("date", &date)])}</span>
                    <code class="hash">{acceptance.hash.clone()}</code>
                </div>
                <a class="button" href=address download=file aria-label=label>{app.text(Key::AgreementTake)}</a>
            </li>
        }
    });
    view! {
        <section class="card" aria-labelledby="agreements">
            <h2 id="agreements">{app.text(Key::Agreements)}</h2>
            <ul class="rows">{rows.collect_view()}</ul>
        </section>
    }
}
