//! Businesses and their sites, in the directory.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use shared::id::{BusinessId, SiteId};
use shared::rules::retention::ConversationLimit;
use shared::time::Millis;
use shared::wire::admin::business::BusinessKind;
use shared::wire::admin::site::{Side, Tone};
use shared::wire::consent::OwnConsent;

use super::scope::{BusinessScope, MemberScope, OperatorScope, PublicScope};
use crate::platform::{Db, DbFault, Statement};

/// A site with the business behind it: all that serving a visitor needs to know.
#[derive(Debug, Clone, PartialEq)]
pub struct Site {
    /// The site.
    pub id: SiteId,
    /// The business and its shard.
    pub business: BusinessScope,
    /// The name that visitors know.
    pub business_name: String,
    /// Legal entity and place.
    pub controller: String,
    /// Published contact.
    pub contact: String,
    /// The business's own privacy notice.
    pub notice_url: Option<String>,
    /// The data protection officer's address.
    pub officer: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// The business has keys of its own for AI providers.
    pub has_own_keys: bool,
    /// Settings of the site itself.
    pub settings: SiteSettings,
}

/// What a business sets for a site.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SiteSettings {
    /// What the business calls the site.
    pub name: String,
    /// Where the chat may be embedded: `https://*.example.eu`.
    pub allowed_origins: Vec<String>,
    /// Languages that the site has texts in; the first is the fallback.
    pub languages: Vec<String>,
    /// The first words, by language.
    pub greeting: BTreeMap<String, String>,
    /// Questions to tap, by language.
    pub quick_questions: BTreeMap<String, Vec<String>>,
    /// The business's own words for the consent strip, by language.
    #[serde(default)]
    pub consent: BTreeMap<String, OwnConsent>,
    /// Which edition of those words it is; ours is the first. The statement that writes other words counts it on.
    #[serde(default = "consent_edition_first")]
    pub consent_edition: u32,
    /// `#rrggbb`.
    pub color: String,
    /// When people answer, as `rules::opening` reads it.
    pub opening: serde_json::Value,
    /// What the business tells the model.
    pub instructions: String,
    /// Who answers, in order: `openai`, `anthropic`, `builtin`.
    pub answerers: Vec<String>,
    /// Ceiling of AI calls a UTC day.
    pub daily_calls: u32,
    /// Ceiling of AI tokens a UTC day.
    pub daily_tokens: u32,
    /// Shorter than the promise; `None` is the promise.
    pub retention_days: Option<i64>,
    /// Where the launcher stands.
    #[serde(default)]
    pub side: Side,
    /// How the AI speaks.
    #[serde(default)]
    pub tone: Tone,
    /// The path of the page is kept with a conversation.
    #[serde(default)]
    pub keeps_path: bool,
}

const fn consent_edition_first() -> u32 {
    1
}

impl Site {
    /// How long this site keeps conversations.
    pub fn limit(&self) -> ConversationLimit {
        ConversationLimit::from_days(self.settings.retention_days)
    }

    /// Visitors of this site are answered by a machine first.
    pub fn has_ai(&self) -> bool {
        !self.settings.answerers.is_empty()
    }
}

/// A business as it is created.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct NewBusiness {
    /// The name that visitors know.
    pub name: String,
    /// Legal entity and place.
    pub controller: String,
    /// Published contact.
    pub contact: String,
    /// The business's own privacy notice.
    #[serde(default)]
    pub notice_url: Option<String>,
    /// The data protection officer's address.
    #[serde(default)]
    pub officer: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// What kind of business it is.
    #[serde(default = "kind_unsaid")]
    pub kind: BusinessKind,
}

const fn kind_unsaid() -> BusinessKind {
    BusinessKind::Other
}

#[derive(Deserialize)]
struct Row {
    id: SiteId,
    business: BusinessId,
    shard: i64,
    business_name: String,
    controller: String,
    contact: String,
    notice_url: Option<String>,
    officer: Option<String>,
    country: String,
    name: String,
    allowed_origins: String,
    languages: String,
    greeting: String,
    quick_questions: String,
    consent: String,
    consent_edition: u32,
    color: String,
    opening: String,
    instructions: String,
    answerers: String,
    daily_calls: u32,
    daily_tokens: u32,
    retention_days: Option<i64>,
    side: Side,
    tone: Tone,
    keeps_path: i64,
    has_own_keys: i64,
}

fn json<T: for<'de> Deserialize<'de>>(text: &str) -> Result<T, DbFault> {
    serde_json::from_str(text).map_err(|fault| DbFault::Failed(format!("site settings: {fault}")))
}

impl Row {
    fn into_site(self) -> Result<Site, DbFault> {
        let shard =
            usize::try_from(self.shard).map_err(|_| DbFault::Failed("a shard number is negative".into()))?;
        Ok(Site {
            id: self.id,
            business: BusinessScope::new(self.business, shard),
            business_name: self.business_name,
            controller: self.controller,
            contact: self.contact,
            notice_url: self.notice_url,
            officer: self.officer,
            country: self.country,
            has_own_keys: self.has_own_keys != 0,
            settings: SiteSettings {
                name: self.name,
                allowed_origins: json(&self.allowed_origins)?,
                languages: json(&self.languages)?,
                greeting: json(&self.greeting)?,
                quick_questions: json(&self.quick_questions)?,
                consent: json(&self.consent)?,
                consent_edition: self.consent_edition,
                color: self.color,
                opening: json(&self.opening)?,
                instructions: self.instructions,
                answerers: json(&self.answerers)?,
                daily_calls: self.daily_calls,
                daily_tokens: self.daily_tokens,
                retention_days: self.retention_days,
                side: self.side,
                tone: self.tone,
                keeps_path: self.keeps_path != 0,
            },
        })
    }
}

/// Finds a site whose business is active.
pub const SITE_FIND: &str = "
SELECT site.id
     , site.business
     , business.shard
     , business.name AS business_name
     , business.controller
     , business.contact
     , business.notice_url
     , business.officer
     , business.country
     , site.name
     , site.allowed_origins
     , site.languages
     , site.greeting
     , site.quick_questions
     , site.consent
     , site.consent_edition
     , site.color
     , site.opening
     , site.instructions
     , site.answerers
     , site.daily_calls
     , site.daily_tokens
     , site.retention_days
     , site.side
     , site.tone
     , site.keeps_path
     , EXISTS (SELECT 1 FROM vendor_key WHERE vendor_key.business = site.business) AS has_own_keys
FROM site
JOIN business ON business.id = site.business
WHERE site.id = ?1
  AND business.state = 'active'
";

/// Finds a site. `None` where there is none, or its business is being deleted.
pub async fn site_find(directory: &Db, scope: &PublicScope) -> Result<Option<Site>, DbFault> {
    let row: Option<Row> = directory.row(Statement::new(SITE_FIND, [scope.site().into()])).await?;
    row.map(Row::into_site).transpose()
}

/// A site of the member's business. `None` where there is none, or it is another's.
pub async fn site_of(directory: &Db, scope: &MemberScope, site: SiteId) -> Result<Option<Site>, DbFault> {
    let found = site_find(directory, &PublicScope::new(site)).await?;
    Ok(found.filter(|site| site.business.business() == scope.business.business()))
}

/// Finds the shard of an active business.
pub const BUSINESS_SHARD: &str = "
SELECT shard
FROM business
WHERE id = ?1
  AND state = 'active'
";

/// Finds where a business's data is. `None` where there is none, or it is being deleted.
///
/// The caller still has to check that whoever asks may see that business.
pub async fn business_shard(
    directory: &Db,
    _scope: &OperatorScope,
    business: BusinessId,
) -> Result<Option<usize>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        shard: i64,
    }
    let row: Option<Row> = directory.row(Statement::new(BUSINESS_SHARD, [business.into()])).await?;
    Ok(row.and_then(|row| usize::try_from(row.shard).ok()))
}

/// Lists businesses by id, whatever their state.
pub const BUSINESSES_AFTER: &str = "
SELECT id
     , shard
FROM business
WHERE id > ?1
ORDER BY id
LIMIT ?2
";

/// Up to `limit` businesses after `after` (`None` begins), in the order of their ids.
pub async fn businesses_after(
    directory: &Db,
    _scope: &OperatorScope,
    after: Option<BusinessId>,
    limit: u32,
) -> Result<Vec<BusinessScope>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        id: BusinessId,
        shard: usize,
    }
    let after = after.map_or_else(String::new, |business| business.to_string());
    let rows: Vec<Row> =
        directory.rows(Statement::new(BUSINESSES_AFTER, [after.into(), limit.into()])).await?;
    Ok(rows.into_iter().map(|row| BusinessScope::new(row.id, row.shard)).collect())
}

/// Finds the hours of a business's oldest site.
pub const FIRST_OPENING: &str = "
SELECT opening
FROM site
WHERE business = ?1
ORDER BY created_at
LIMIT 1
";

/// When people answer at a business's oldest site: says in which zone its day begins.
pub async fn first_opening(
    directory: &Db,
    scope: &BusinessScope,
) -> Result<Option<serde_json::Value>, DbFault> {
    #[derive(Deserialize)]
    struct Opening {
        opening: String,
    }
    let row: Option<Opening> =
        directory.row(Statement::new(FIRST_OPENING, [scope.business().into()])).await?;
    row.map(|row| json(&row.opening)).transpose()
}

/// Adds a business; one that exists stays as it is.
pub const BUSINESS_INSERT: &str = "
INSERT INTO business (id, name, controller, contact, notice_url, officer, country, shard, created_at, kind)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
ON CONFLICT (id) DO NOTHING
";

/// The statement that adds a business.
pub fn business_insert(business: &BusinessScope, new: &NewBusiness, now: Millis) -> Statement {
    Statement::new(
        BUSINESS_INSERT,
        [
            business.business().into(),
            new.name.as_str().into(),
            new.controller.as_str().into(),
            new.contact.as_str().into(),
            new.notice_url.clone().into(),
            new.officer.clone().into(),
            new.country.as_str().into(),
            i64::try_from(business.shard()).unwrap_or(i64::MAX).into(),
            now.into(),
            new.kind.as_str().into(),
        ],
    )
}

/// Adds a site, or replaces the settings of one that is the business's own.
pub const SITE_PUT: &str = "
INSERT INTO site (id, business, name, allowed_origins, languages, greeting, quick_questions, color, opening
                , instructions, answerers, daily_calls, daily_tokens, retention_days, created_at, updated_at
                , side, tone, keeps_path, consent, consent_edition)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?15, ?16, ?17, ?18, ?19, ?20)
ON CONFLICT (id) DO UPDATE
SET name = excluded.name
  , allowed_origins = excluded.allowed_origins
  , languages = excluded.languages
  , greeting = excluded.greeting
  , quick_questions = excluded.quick_questions
  , color = excluded.color
  , opening = excluded.opening
  , instructions = excluded.instructions
  , answerers = excluded.answerers
  , daily_calls = excluded.daily_calls
  , daily_tokens = excluded.daily_tokens
  , retention_days = excluded.retention_days
  , updated_at = excluded.updated_at
  , side = excluded.side
  , tone = excluded.tone
  , keeps_path = excluded.keeps_path
  , consent = excluded.consent
  , consent_edition = site.consent_edition + (excluded.consent <> site.consent)
WHERE site.business = excluded.business
";

/// The statement that adds a site or replaces its settings.
pub fn site_put(scope: &BusinessScope, site: SiteId, settings: &SiteSettings, now: Millis) -> Statement {
    let text = |value: serde_json::Value| value.to_string();
    Statement::new(
        SITE_PUT,
        [
            site.into(),
            scope.business().into(),
            settings.name.as_str().into(),
            text(serde_json::json!(settings.allowed_origins)).into(),
            text(serde_json::json!(settings.languages)).into(),
            text(serde_json::json!(settings.greeting)).into(),
            text(serde_json::json!(settings.quick_questions)).into(),
            settings.color.as_str().into(),
            text(settings.opening.clone()).into(),
            settings.instructions.as_str().into(),
            text(serde_json::json!(settings.answerers)).into(),
            settings.daily_calls.into(),
            settings.daily_tokens.into(),
            settings.retention_days.into(),
            now.into(),
            settings.side.as_str().into(),
            settings.tone.as_str().into(),
            settings.keeps_path.into(),
            text(serde_json::json!(settings.consent)).into(),
            settings.consent_edition.into(),
        ],
    )
}

/// Changes where a site may be embedded.
pub const ORIGINS_WRITE: &str = "
UPDATE site
SET allowed_origins = ?3
  , updated_at = ?4
WHERE id = ?1
  AND business = ?2
RETURNING id
";

/// The statement that says where a site may be embedded; returns a row where the site is the caller's.
pub fn origins_write(scope: &MemberScope, site: SiteId, origins: &[String], now: Millis) -> Statement {
    Statement::new(
        ORIGINS_WRITE,
        [
            site.into(),
            scope.business.business().into(),
            serde_json::json!(origins).to_string().into(),
            now.into(),
        ],
    )
}
