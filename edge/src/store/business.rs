//! Businesses from inside: profile, agreements; and their list, for whoever runs the deployment.

use serde::Deserialize;
use shared::id::{AccountId, BusinessId, SiteId};
use shared::limits::PAGE_ENTRIES;
use shared::time::Millis;
use shared::wire::admin::business::{Acceptance, BusinessKind, BusinessProfile, DocumentKind, SiteEntry};
use shared::wire::admin::operator::{OperatedBusiness, OperatedBusinesses};
use shared::wire::admin::sign_in::DocumentMark;
use shared::wire::admin::site::OpeningHours;

use super::scope::{AccountScope, BusinessScope, MemberScope, OperatorScope};
use crate::platform::{Db, DbFault, Statement, Value};

/// Reads a profile.
pub const PROFILE_READ: &str = "
SELECT name
     , controller
     , contact
     , notice_url
     , officer
     , country
     , kind
     , created_at
FROM business
WHERE id = ?1
  AND state = 'active'
";

/// Lists sites.
pub const SITES_LIST: &str = "
SELECT id
     , name
     , allowed_origins
     , opening
     , found_at
FROM site
WHERE business = ?1
ORDER BY id
LIMIT 200
";

/// What a business says of itself, with its sites and when it was opened.
pub async fn profile_read(
    directory: &Db,
    scope: &MemberScope,
) -> Result<Option<(BusinessProfile, Vec<SiteEntry>, Millis)>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        name: String,
        controller: String,
        contact: String,
        notice_url: Option<String>,
        officer: Option<String>,
        country: String,
        kind: BusinessKind,
        created_at: Millis,
    }
    #[derive(Deserialize)]
    struct Site {
        id: SiteId,
        name: String,
        allowed_origins: String,
        opening: String,
        found_at: Option<Millis>,
    }
    let business = scope.business.business();
    let batch = directory
        .batch(vec![
            Statement::new(PROFILE_READ, [business.into()]),
            Statement::new(SITES_LIST, [business.into()]),
        ])
        .await?;
    let Some(row) = batch.row::<Row>(0)? else { return Ok(None) };
    let sites = batch.rows::<Site>(1)?;
    let entry = |site: Site| {
        let origins = serde_json::from_str(&site.allowed_origins)
            .map_err(|fault| DbFault::Failed(format!("site settings: {fault}")))?;
        let hours = serde_json::from_str::<OpeningHours>(&site.opening);
        let hours_said = hours.is_ok_and(|hours| !hours.is_guess);
        Ok(SiteEntry { id: site.id, name: site.name, origins, hours_said, found_at: site.found_at })
    };
    let sites = sites.into_iter().map(entry).collect::<Result<_, DbFault>>()?;
    let profile = BusinessProfile {
        name: row.name,
        controller: row.controller,
        contact: row.contact,
        notice_url: row.notice_url,
        officer: row.officer,
        country: row.country,
        kind: row.kind,
    };
    Ok(Some((profile, sites, row.created_at)))
}

/// Writes a profile.
pub const PROFILE_WRITE: &str = "
UPDATE business
SET name = ?2
  , controller = ?3
  , contact = ?4
  , notice_url = ?5
  , officer = ?6
  , country = ?7
  , kind = ?8
WHERE id = ?1
  AND state = 'active'
";

/// The statement that changes what a business says of itself.
pub fn profile_write(scope: &MemberScope, profile: &BusinessProfile) -> Statement {
    Statement::new(
        PROFILE_WRITE,
        [
            scope.business.business().into(),
            profile.name.as_str().into(),
            profile.controller.as_str().into(),
            profile.contact.as_str().into(),
            profile.notice_url.clone().into(),
            profile.officer.clone().into(),
            profile.country.as_str().into(),
            profile.kind.as_str().into(),
        ],
    )
}

/// Counts businesses by shard.
pub const SHARDS_COUNT: &str = "
SELECT shard
     , count(*) AS businesses
FROM business
GROUP BY shard
";

/// How many businesses live in each shard that has any.
pub async fn shards_count(directory: &Db, _scope: &OperatorScope) -> Result<Vec<(u32, u32)>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        shard: u32,
        businesses: u32,
    }
    let rows: Vec<Row> = directory.rows(Statement::new(SHARDS_COUNT, [])).await?;
    Ok(rows.into_iter().map(|row| (row.shard, row.businesses)).collect())
}

/// Records an agreement.
pub const ACCEPTANCE_INSERT: &str = "
INSERT INTO acceptance (business, document, version, hash, account, at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT (business, document, version) DO NOTHING
";

/// The statement that records that an account agreed to a document for a business.
pub fn acceptance_insert(
    scope: &AccountScope,
    business: &BusinessScope,
    document: DocumentKind,
    mark: &DocumentMark,
    now: Millis,
) -> Statement {
    Statement::new(
        ACCEPTANCE_INSERT,
        [
            business.business().into(),
            document.as_str().into(),
            mark.version.as_str().into(),
            mark.hash.as_str().into(),
            scope.account().into(),
            now.into(),
        ],
    )
}

/// Lists agreements.
pub const ACCEPTANCES_LIST: &str = "
SELECT document
     , version
     , hash
     , account
     , at
FROM acceptance
WHERE business = ?1
ORDER BY at DESC, document
LIMIT 200
";

/// The agreements of a business, newest first.
pub async fn acceptances_list(directory: &Db, scope: &MemberScope) -> Result<Vec<Acceptance>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        document: DocumentKind,
        version: String,
        hash: String,
        account: AccountId,
        at: Millis,
    }
    let rows: Vec<Row> =
        directory.rows(Statement::new(ACCEPTANCES_LIST, [scope.business.business().into()])).await?;
    Ok(rows
        .into_iter()
        .map(|row| Acceptance {
            document: row.document,
            version: row.version,
            hash: row.hash,
            account: row.account,
            at: row.at,
        })
        .collect())
}

/// What a sign-up asked for.
#[derive(Debug, Clone)]
pub struct SignUpRow {
    /// The business's name.
    pub business_name: String,
    /// What kind it is.
    pub kind: BusinessKind,
    /// Its country, until the owner says otherwise.
    pub country: String,
    /// The terms that were agreed to.
    pub terms: DocumentMark,
    /// The data processing agreement that was agreed to.
    pub dpa: DocumentMark,
}

/// Records a sign-up.
pub const SIGN_UP_INSERT: &str = "
INSERT INTO sign_up (account, business_name, kind, country, terms_version, terms_hash, dpa_version, dpa_hash
                   , created_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
";

/// The statement that records what a pending account asks for.
pub fn sign_up_insert(account: AccountId, row: &SignUpRow, now: Millis) -> Statement {
    Statement::new(
        SIGN_UP_INSERT,
        [
            account.into(),
            row.business_name.as_str().into(),
            row.kind.as_str().into(),
            row.country.as_str().into(),
            row.terms.version.as_str().into(),
            row.terms.hash.as_str().into(),
            row.dpa.version.as_str().into(),
            row.dpa.hash.as_str().into(),
            now.into(),
        ],
    )
}

/// Finds a sign-up.
pub const SIGN_UP_FIND: &str = "
SELECT business_name
     , kind
     , country
     , terms_version
     , terms_hash
     , dpa_version
     , dpa_hash
FROM sign_up
WHERE account = ?1
";

/// What a pending account asked for.
pub async fn sign_up_find(directory: &Db, scope: &AccountScope) -> Result<Option<SignUpRow>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        business_name: String,
        kind: BusinessKind,
        country: String,
        terms_version: String,
        terms_hash: String,
        dpa_version: String,
        dpa_hash: String,
    }
    let row: Option<Row> = directory.row(Statement::new(SIGN_UP_FIND, [scope.account().into()])).await?;
    let mark = |version: String, hash: String| DocumentMark { version, hash, path: String::new() };
    Ok(row.map(|row| SignUpRow {
        business_name: row.business_name,
        kind: row.kind,
        country: row.country,
        terms: mark(row.terms_version, row.terms_hash),
        dpa: mark(row.dpa_version, row.dpa_hash),
    }))
}

/// Forgets a sign-up.
pub const SIGN_UP_DELETE: &str = "
DELETE FROM sign_up
WHERE account = ?1
";

/// The statement that forgets what an account asked for, once it has it.
pub fn sign_up_delete(scope: &AccountScope) -> Statement {
    Statement::new(SIGN_UP_DELETE, [scope.account().into()])
}

/// Reads a page of businesses.
pub const BUSINESSES_PAGE: &str = "
SELECT id
     , name
     , kind
     , shard
     , created_at
     , (SELECT count(*) FROM membership WHERE membership.business = business.id) AS members
     , (SELECT count(*) FROM site WHERE site.business = business.id) AS sites
FROM business
WHERE id < ?1
  AND state = 'active'
ORDER BY id DESC
LIMIT ?2
";

/// A page of the deployment's businesses, newest first.
pub async fn businesses_page(
    directory: &Db,
    _scope: &OperatorScope,
    before: Option<BusinessId>,
) -> Result<OperatedBusinesses, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        id: BusinessId,
        name: String,
        kind: BusinessKind,
        shard: u32,
        created_at: Millis,
        members: u32,
        sites: u32,
    }
    // A tilde sorts after every id.
    let before = before.map_or_else(|| Value::Text("~".into()), Into::into);
    let rows: Vec<Row> =
        directory.rows(Statement::new(BUSINESSES_PAGE, [before, PAGE_ENTRIES.into()])).await?;
    let full = rows.len() >= PAGE_ENTRIES as usize;
    let businesses: Vec<OperatedBusiness> = rows
        .into_iter()
        .map(|row| OperatedBusiness {
            id: row.id,
            name: row.name,
            kind: row.kind,
            shard: row.shard,
            members: row.members,
            sites: row.sites,
            created_at: row.created_at,
        })
        .collect();
    let before = businesses.last().filter(|_| full).map(|last| last.id);
    Ok(OperatedBusinesses { businesses, before })
}
