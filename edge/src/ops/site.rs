//! A site, as its business reads, opens and changes it.

use shared::id::SiteId;
use shared::limits::{
    CONSENT_DETAIL_CHARACTERS, CONSENT_QUESTION_CHARACTERS, DAILY_CALLS, DAILY_TOKENS, GREETING_CHARACTERS,
    INSTRUCTIONS_CHARACTERS, NAME_CHARACTERS, QUESTION_CHARACTERS, QUICK_QUESTIONS, SITES,
};
use shared::rules::color::is_color;
use shared::rules::language::LANGUAGES;
use shared::rules::person::{block_text, line_text};
use shared::wire::admin::business::ChangeOrigins;
use shared::wire::admin::site::{Answerer, OpenSite, OpenedSite, OpeningHours, Site, SiteForm};
use shared::wire::consent::OwnConsent;
use shared::wire::problem::Kind;

use super::OpError;
use super::team::{line, line_about};
use super::turn::BUILTIN;
use crate::app::App;
use crate::rules::{change, opening, origin};
use crate::store::audit::{Action, Detail, Subject};
use crate::store::identity_secret::identity_secrets;
use crate::store::scope::MemberScope;
use crate::store::site::{self, SiteSettings, site_of};
use crate::store::site_settings::{site_write, sites_count};
use crate::vendors::PROVIDERS;

/// Proves that a site is the member's. Fails with `NotFound`.
pub async fn site_own(app: &App, scope: &MemberScope, id: SiteId) -> Result<site::Site, OpError> {
    Ok(site_of(&app.directory, scope, id).await?.ok_or(Kind::NotFound)?)
}

/// What a site is set to. Fails with `NotFound`.
pub async fn site_read(app: &App, scope: &MemberScope, id: SiteId) -> Result<Site, OpError> {
    let site = site_own(app, scope, id).await?;
    let secrets = identity_secrets(&app.directory, &scope.business, id, app.clock.now()).await?;
    let present = secrets.iter().find(|secret| secret.expires_at.is_none());
    Ok(Site {
        id,
        retention_days: site.settings.retention_days.and_then(|days| u32::try_from(days).ok()),
        identity_since: present.map(|secret| secret.created_at),
        answerers: answerers(app, &super::vendor::own_names(app, &scope.business).await?).await?,
        form: form_of(site.settings),
    })
}

/// Who can be chosen to answer: every provider that this deployment knows, with or without a key.
async fn answerers(app: &App, own: &[String]) -> Result<Vec<Answerer>, OpError> {
    let register = app.register().await?;
    let providers = PROVIDERS.iter().map(|provider| Answerer {
        name: provider.name.to_owned(),
        is_ready: super::record::may_hand(app, register.as_deref(), provider.name).is_some()
            || own.iter().any(|name| name == provider.name),
    });
    Ok(providers.chain([Answerer { name: BUILTIN.to_owned(), is_ready: true }]).collect())
}

fn form_of(settings: SiteSettings) -> SiteForm {
    SiteForm {
        name: settings.name,
        origins: settings.allowed_origins,
        languages: settings.languages,
        greeting: settings.greeting,
        quick_questions: settings.quick_questions,
        consent: settings.consent,
        color: settings.color,
        side: settings.side,
        // What an older version wrote and this one can't read shows as nothing said.
        opening: serde_json::from_value::<OpeningHours>(settings.opening).unwrap_or_default(),
        answerers: settings.answerers,
        instructions: settings.instructions,
        tone: settings.tone,
        daily_calls: settings.daily_calls,
        daily_tokens: settings.daily_tokens,
        keeps_path: settings.keeps_path,
    }
}

/// Takes a form as it may be kept. `None` where a value is none that may stand there.
pub(super) fn form_take(form: &SiteForm, before: &SiteSettings) -> Option<SiteSettings> {
    let known = |language: &String| LANGUAGES.contains(&language.as_str());
    let mut languages: Vec<String> = Vec::new();
    for language in &form.languages {
        if !known(language) {
            return None;
        }
        if !languages.contains(language) {
            languages.push(language.clone());
        }
    }
    let offered = |language: &&String| languages.contains(language);
    let mut greeting = std::collections::BTreeMap::new();
    for language in form.greeting.keys().filter(offered) {
        greeting.insert(language.clone(), block_text(form.greeting.get(language)?, GREETING_CHARACTERS)?);
    }
    let mut quick_questions = std::collections::BTreeMap::new();
    for language in form.quick_questions.keys().filter(offered) {
        let asked = form.quick_questions.get(language)?.iter().filter(|question| !question.trim().is_empty());
        let questions: Vec<String> =
            asked.map(|question| line_text(question, QUESTION_CHARACTERS)).collect::<Option<_>>()?;
        if questions.len() > QUICK_QUESTIONS {
            return None;
        }
        quick_questions.insert(language.clone(), questions);
    }
    let mut consent = std::collections::BTreeMap::new();
    for (language, own) in &form.consent {
        let own = consent_take(own)?;
        if !known(language) {
            return None;
        }
        // What is empty is ours, and kept as nothing.
        if languages.contains(language) && own != OwnConsent::default() {
            consent.insert(language.clone(), own);
        }
    }
    let mut answerers: Vec<String> = Vec::new();
    for name in &form.answerers {
        let is_known = name == BUILTIN || PROVIDERS.iter().any(|provider| provider.name == name);
        if !is_known || answerers.contains(name) {
            return None;
        }
        answerers.push(name.clone());
    }
    let is_bounded = form.daily_calls <= DAILY_CALLS && form.daily_tokens <= DAILY_TOKENS;
    if languages.is_empty() || !is_color(&form.color) || !is_bounded {
        return None;
    }
    Some(SiteSettings {
        name: line_text(&form.name, NAME_CHARACTERS)?,
        allowed_origins: origin::patterns_take(&form.origins)?,
        languages,
        greeting,
        quick_questions,
        consent,
        consent_edition: before.consent_edition,
        color: form.color.to_ascii_lowercase(),
        opening: serde_json::to_value(opening::opening_take(&form.opening)?).ok()?,
        instructions: block_text(&form.instructions, INSTRUCTIONS_CHARACTERS)?,
        answerers,
        daily_calls: form.daily_calls,
        daily_tokens: form.daily_tokens,
        retention_days: before.retention_days,
        side: form.side,
        tone: form.tone,
        keeps_path: form.keeps_path,
    })
}

/// A business's own words for the consent strip: plain text within its limits, the question a line.
fn consent_take(own: &OwnConsent) -> Option<OwnConsent> {
    let question = match own.question.trim() {
        "" => String::new(),
        question => line_text(question, CONSENT_QUESTION_CHARACTERS)?,
    };
    Some(OwnConsent { question, detail: block_text(&own.detail, CONSENT_DETAIL_CHARACTERS)? })
}

/// Opens a further site: a copy of the first one under another name, embedded nowhere yet. Fails with `ValueRefused` and
/// `TooMany`.
pub async fn site_open(app: &App, scope: &MemberScope, request: &OpenSite) -> Result<OpenedSite, OpError> {
    let now = app.clock.now();
    let name = line_text(&request.name, NAME_CHARACTERS).ok_or(Kind::ValueRefused)?;
    let (count, first) = sites_count(&app.directory, scope).await?;
    if count >= SITES {
        return Err(Kind::TooMany.into());
    }
    let first = site_own(app, scope, first.ok_or(Kind::NotFound)?).await?;
    let settings = SiteSettings { name, allowed_origins: Vec::new(), ..first.settings };
    let site = SiteId::mint(now, app.rng.bytes()?);
    let noted = line(app, scope, Action::SiteOpen, Subject::new("site", site))?;
    app.directory.batch(vec![site::site_put(&scope.business, site, &settings, now), noted]).await?;
    Ok(OpenedSite { site })
}

/// Changes a site. Fails with `NotFound` and `ValueRefused`.
pub async fn site_change(app: &App, scope: &MemberScope, id: SiteId, form: &SiteForm) -> Result<(), OpError> {
    let found = site_own(app, scope, id).await?;
    let settings = form_take(form, &found.settings).ok_or(Kind::ValueRefused)?;
    let changed = change::fields(&form_of(found.settings), &form_of(settings.clone()));
    let subject = Subject::new("site", id);
    let noted = line_about(app, scope, Action::SiteChange, subject, Detail::what(changed))?;
    app.directory.batch(vec![site_write(scope, id, &settings, app.clock.now()), noted]).await?;
    app.site_forget(id);
    Ok(())
}

/// Says which pages may embed a site's chat. Fails with `ValueRefused` where one is no origin, with `NotFound`.
pub async fn origins_change(
    app: &App,
    scope: &MemberScope,
    id: SiteId,
    change: &ChangeOrigins,
) -> Result<(), OpError> {
    let origins = origin::patterns_take(&change.origins).ok_or(Kind::ValueRefused)?;
    let found = site_own(app, scope, id).await?;
    let changed = change::list(&found.settings.allowed_origins, &origins);
    let subject = Subject::new("site", id);
    let noted = line_about(app, scope, Action::SiteOrigins, subject, Detail::what(changed))?;
    app.directory.batch(vec![site::origins_write(scope, id, &origins, app.clock.now()), noted]).await?;
    app.site_forget(id);
    Ok(())
}
