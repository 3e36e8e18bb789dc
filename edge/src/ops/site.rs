//! A site, as its business changes it.

use shared::id::SiteId;
use shared::wire::admin::business::ChangeOrigins;
use shared::wire::problem::Kind;

use super::OpError;
use crate::app::App;
use crate::rules::origin;
use crate::store::audit::{Action, Subject};
use crate::store::scope::MemberScope;
use crate::store::site;

/// Says which pages may embed a site's chat. Fails with `ValueRefused` where one is no origin, with `NotFound`.
pub async fn origins_change(
    app: &App,
    scope: &MemberScope,
    id: SiteId,
    change: &ChangeOrigins,
) -> Result<(), OpError> {
    let origins = origin::patterns_take(&change.origins).ok_or(Kind::ValueRefused)?;
    let written = app.directory.row(site::origins_write(scope, id, &origins, app.clock.now())).await?;
    let _: serde_json::Value = written.ok_or(Kind::NotFound)?;
    app.directory
        .write(super::team::line(app, scope, Action::SiteOrigins, Subject::new("site", id))?)
        .await?;
    Ok(())
}
