//! How a site would look, before anything of it is kept: the settings travel in a sealed text inside the address of the
//! frame's document, for a few minutes. Nothing is written, and only the dashboard may show such a document.

use shared::id::SiteId;
use shared::rules::language::LANGUAGES;
use shared::wire::admin::site::{AskPreview, Preview};
use shared::wire::problem::Kind;

use super::site::{form_take, site_own};
use super::{Fault, OpError};
use crate::app::App;
use crate::rules::credential;
use crate::store::scope::MemberScope;
use crate::store::site::{Site, SiteSettings};

/// Where the frame can be looked at as it would be. Fails with `NotFound` and `ValueRefused`.
pub async fn preview_make(
    app: &App,
    scope: &MemberScope,
    id: SiteId,
    request: &AskPreview,
) -> Result<Preview, OpError> {
    let found = site_own(app, scope, id).await?;
    let locale = LANGUAGES.into_iter().find(|language| *language == request.locale);
    let locale = locale.ok_or(Kind::ValueRefused)?;
    let taken = form_take(&request.form, &found.settings).ok_or(Kind::ValueRefused)?;
    // What the frame shows, in the one language: an address has no room for more, and needs no instructions.
    let written = shared::rules::language::language_choose(
        &[locale],
        &taken.languages.iter().map(String::as_str).collect::<Vec<_>>(),
    )
    .to_owned();
    let shown = SiteSettings {
        languages: vec![written.clone()],
        greeting: taken.greeting.into_iter().filter(|(language, _)| *language == written).collect(),
        quick_questions: taken
            .quick_questions
            .into_iter()
            .filter(|(language, _)| *language == written)
            .collect(),
        consent: taken.consent.into_iter().filter(|(language, _)| *language == written).collect(),
        instructions: String::new(),
        allowed_origins: Vec::new(),
        ..taken
    };
    let plain = serde_json::to_vec(&shown).map_err(|fault| Fault::Platform(fault.to_string()))?;
    let token = credential::preview_mint(app.token_key()?, id, &plain, app.clock.now());
    let address =
        format!("{}/widget/{id}?preview={}&locale={locale}", app.config.public_origin, token.expose());
    Ok(Preview { address })
}

/// The site as a preview's address would have it. Fails with `NotFound` where the text is none of ours, or too old.
pub fn preview_open(app: &App, site: &Site, text: &str) -> Result<Site, OpError> {
    let opened = credential::preview_open(app.token_key()?, text, app.clock.now());
    let (id, plain) = opened.ok_or(Kind::NotFound)?;
    let settings: SiteSettings = serde_json::from_slice(&plain).map_err(|_| Kind::NotFound)?;
    if id != site.id {
        return Err(Kind::NotFound.into());
    }
    Ok(Site { settings, ..site.clone() })
}
