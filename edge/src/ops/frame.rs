//! What a site's frame needs to draw itself, in one language.

use shared::privacy::Secret;
use shared::rules::color;
use shared::rules::language::{LANGUAGES, language_choose};
use shared::wire::frame::{BusinessCard, Frame};

use super::consent::consent_words;
use crate::app::App;
use crate::rules::opening;
use crate::store::site::Site;

/// Gathers the public settings of a site for a visitor who reads `wanted` (language tags, best first).
pub fn frame_read(
    app: &App,
    site: &Site,
    wanted: &[&str],
    token: Option<Secret<String>>,
    opted_out: bool,
) -> Frame {
    let now = app.clock.now();
    let offered: Vec<&str> = site.settings.languages.iter().map(String::as_str).collect();
    // The interface speaks ten languages; the business's own texts exist in those it wrote.
    let locale = language_choose(wanted, &LANGUAGES);
    let written = language_choose(&[locale], &offered);
    let (accent, accent_dark) = color::accents(&site.settings.color);
    Frame {
        site: site.id,
        business: BusinessCard {
            name: site.business_name.clone(),
            controller: site.controller.clone(),
            contact: site.contact.clone(),
            notice_url: site.notice_url.clone(),
            officer: site.officer.clone(),
        },
        locale: locale.to_owned(),
        greeting: site.settings.greeting.get(written).cloned().unwrap_or_default(),
        quick_questions: site.settings.quick_questions.get(written).cloned().unwrap_or_default(),
        accent,
        accent_dark,
        ai: site.has_ai(),
        people: opening::people_at(&site.settings.opening, now),
        zone_min: opening::zone_min(&site.settings.opening, now),
        keeps_path: site.settings.keeps_path,
        until: site.limit().until(now),
        consent: consent_words(&site.settings, locale),
        privacy_path: format!("/privacy/{}?locale={locale}", site.id),
        now,
        token,
        opted_out,
    }
}
