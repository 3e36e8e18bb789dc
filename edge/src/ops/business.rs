//! Businesses: created with a root key of their own, so that erasing one is overwriting one object.

use serde::Deserialize;
use shared::id::{BusinessId, KnowledgeId, SiteId};

use super::OpError;
use crate::app::App;
use crate::rules::answer;
use crate::store::knowledge::{self, NewKnowledge};
use crate::store::scope::{BusinessScope, OperatorScope};
use crate::store::site::{self, NewBusiness, SiteSettings};

/// A business with one site and what it knows, as the demo's data file describes it. The same file seeds the same
/// business.
#[derive(Debug, Deserialize)]
pub struct Seed {
    /// Which shard it lives in.
    #[serde(default)]
    pub shard: usize,
    /// Who is responsible.
    pub business: SeedBusiness,
    /// The site.
    pub site: SeedSite,
    /// What the business knows.
    pub knowledge: Vec<SeedKnowledge>,
}

/// The business of a seed.
#[derive(Debug, Deserialize)]
pub struct SeedBusiness {
    /// Its id.
    pub id: BusinessId,
    /// Who is responsible.
    #[serde(flatten)]
    pub about: NewBusiness,
}

/// The site of a seed.
#[derive(Debug, Deserialize)]
pub struct SeedSite {
    /// Its id.
    pub id: SiteId,
    /// Its settings.
    #[serde(flatten)]
    pub settings: SiteSettings,
}

/// One entry of knowledge in a seed.
#[derive(Debug, Deserialize)]
pub struct SeedKnowledge {
    /// Its language.
    pub locale: String,
    /// Its title.
    pub title: String,
    /// The words that an answer may quote.
    pub body: String,
    /// The page it stands on.
    #[serde(default)]
    pub url: Option<String>,
}

/// Creates a business with its root key; where it exists, its site and its knowledge are brought up to date, and what is
/// not in the seed any more stays. Safe to repeat.
pub async fn business_seed(app: &App, operator: &OperatorScope, seed: &Seed) -> Result<(), OpError> {
    let now = app.clock.now();
    let scope = BusinessScope::new(seed.business.id, seed.shard);
    let shard = app.shard(&scope)?;
    // The key first: a business without one could not keep a word.
    app.keyring.root_mint(&scope).await?;
    app.directory
        .batch(vec![
            site::business_insert(operator, &scope, &seed.business.about, now),
            site::site_put(&scope, seed.site.id, &seed.site.settings, now),
        ])
        .await?;
    for entry in &seed.knowledge {
        let new = NewKnowledge {
            id: KnowledgeId::mint(now, app.rng.bytes()?),
            terms: answer::index_terms(&entry.locale, &entry.title, &entry.body),
            locale: entry.locale.clone(),
            title: entry.title.clone(),
            body: entry.body.clone(),
            url: entry.url.clone(),
        };
        knowledge::knowledge_put(shard, &scope, &new, now).await?;
    }
    Ok(())
}
