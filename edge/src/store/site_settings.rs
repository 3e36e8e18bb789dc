//! What a team changes of its sites. How long messages are kept is not among it: that change has a delay of its own.

use serde::Deserialize;
use shared::id::SiteId;
use shared::time::Millis;

use super::scope::MemberScope;
use super::site::SiteSettings;
use crate::platform::{Db, DbFault, Statement};

/// Counts the sites of a business and finds the first one.
pub const SITES_COUNT: &str = "
SELECT count(*) AS count
     , min(id) AS first
FROM site
WHERE business = ?1
";

/// How many sites a business has, and which was the first.
pub async fn sites_count(directory: &Db, scope: &MemberScope) -> Result<(u32, Option<SiteId>), DbFault> {
    #[derive(Deserialize)]
    struct Row {
        count: u32,
        first: Option<SiteId>,
    }
    let row: Option<Row> =
        directory.row(Statement::new(SITES_COUNT, [scope.business.business().into()])).await?;
    Ok(row.map_or((0, None), |row| (row.count, row.first)))
}

/// Notes that a site's chat was found on a page.
pub const SITE_FOUND: &str = "
UPDATE site
SET found_at = ?3
WHERE id = ?1
  AND business = ?2
";

/// The statement that notes that a site's chat was found on a page, as it must be.
pub fn site_found(scope: &MemberScope, site: SiteId, now: Millis) -> Statement {
    Statement::new(SITE_FOUND, [site.into(), scope.business.business().into(), now.into()])
}

/// Writes what a team set.
pub const SITE_WRITE: &str = "
UPDATE site
SET name = ?3
  , allowed_origins = ?4
  , languages = ?5
  , greeting = ?6
  , quick_questions = ?7
  , color = ?8
  , opening = ?9
  , instructions = ?10
  , answerers = ?11
  , daily_calls = ?12
  , daily_tokens = ?13
  , side = ?14
  , tone = ?15
  , keeps_path = ?16
  , consent = ?17
  , consent_edition = consent_edition + (consent <> ?17)
  , updated_at = ?18
WHERE id = ?1
  AND business = ?2
";

/// The statement that writes everything but the retention.
pub fn site_write(scope: &MemberScope, site: SiteId, settings: &SiteSettings, now: Millis) -> Statement {
    let text = |value: serde_json::Value| value.to_string();
    Statement::new(
        SITE_WRITE,
        [
            site.into(),
            scope.business.business().into(),
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
            settings.side.as_str().into(),
            settings.tone.as_str().into(),
            settings.keeps_path.into(),
            text(serde_json::json!(settings.consent)).into(),
            now.into(),
        ],
    )
}
