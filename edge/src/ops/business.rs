//! Businesses: created with a root key of their own, so that erasing one is overwriting one object.

use serde::Deserialize;
use shared::id::{BusinessId, KnowledgeId, SiteId};
use shared::limits::{BUSINESSES, FIRST_DAILY_CALLS, FIRST_DAILY_TOKENS, LINE_CHARACTERS};
use shared::rules::person::line_text;
use shared::wire::admin::business::{
    Acceptances, Business, BusinessKind, BusinessProfile, DocumentKind, OpenBusiness, OpenedBusiness,
};
use shared::wire::admin::inbox::settings::{Digest, Notifications};
use shared::wire::admin::sign_in::{DocumentMark, SignUpMode};
use shared::wire::admin::site::{Side, Tone};
use shared::wire::admin::team::Role;
use shared::wire::problem::Kind;

use super::account::business_name_take;
use super::{Fault, OpError, session};
use crate::app::App;
use crate::platform::Statement;
use crate::platform::http::origin_of;
use crate::rules::permission::{Op, is_allowed};
use crate::rules::{answer, change, consent_text, document, first_settings};
use crate::store::audit::{Action, Detail, Subject};
use crate::store::knowledge::{self, NewKnowledge};
use crate::store::knowledge_edit::knowledge_total;
use crate::store::request::requests_open_count;
use crate::store::scope::{AccountScope, BusinessScope, MemberScope, OperatorScope};
use crate::store::session::OpenedSession;
use crate::store::site::{self, NewBusiness, SiteSettings};
use crate::store::{account, business, conversation, inbox_setting, member};
use crate::vendors::PROVIDERS;

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

/// A business that is about to be opened.
pub(super) struct NewHouse {
    pub(super) name: String,
    pub(super) kind: BusinessKind,
    pub(super) country: String,
    /// The language of whoever opens it.
    pub(super) locale: String,
    pub(super) terms: DocumentMark,
    pub(super) dpa: DocumentMark,
    pub(super) role: Role,
}

/// Opens a business: its root key now, and the statements for everything else. It lives in the shard that has the
/// fewest, and has a first site with settings that fit its kind.
pub(super) async fn business_open(
    app: &App,
    scope: &AccountScope,
    new: &NewHouse,
) -> Result<(OpenedBusiness, Vec<Statement>), OpError> {
    let (now, operator) = (app.clock.now(), OperatorScope::of_deployment());
    let counts = business::shards_count(&app.directory, &operator).await?;
    let businesses = |shard: usize| {
        counts.iter().find(|(known, _)| *known as usize == shard).map_or(0, |(_, businesses)| *businesses)
    };
    let shard = (0..app.shards(&operator).len())
        .min_by_key(|shard| businesses(*shard))
        .ok_or(Fault::Config("no shard is bound"))?;
    let house = BusinessScope::new(BusinessId::mint(now, app.rng.bytes()?), shard);
    let site = SiteId::mint(now, app.rng.bytes()?);
    // The key first: a business without one could not keep a word.
    app.keyring.root_mint(&house).await?;
    let about = NewBusiness {
        name: new.name.clone(),
        // Who is responsible must be said by a person; until then visitors see the name.
        controller: new.name.clone(),
        contact: String::new(),
        notice_url: None,
        officer: None,
        // Nobody has said which: a guess would name a supervising authority to visitors.
        country: String::new(),
        kind: new.kind, // keeps P2.1 | without: kind: BusinessKind::Other,
    };
    let line = session::account_line(
        app,
        scope,
        Some(house.business()),
        Action::BusinessOpen,
        Subject::new("business", house.business()),
    )?;
    let batch = vec![
        site::business_insert(&house, &about, now),
        site::site_put(&house, site, &first_site(new), now),
        member::member_insert(scope, &house, new.role, now),
        // Whoever has just begun has no page open all day: an hour later at the latest they hear that somebody waits.
        inbox_setting::notifications_put(
            &MemberScope { business: house, account: *scope, role: new.role, token: None },
            &Notifications { digest: Digest::Hourly, ..Notifications::default() },
            now,
        ),
        business::acceptance_insert(scope, &house, DocumentKind::Terms, &new.terms, now),
        business::acceptance_insert(scope, &house, DocumentKind::Dpa, &new.dpa, now),
        line,
    ];
    Ok((OpenedBusiness { business: house.business(), site }, batch))
}

/// The settings of a first site. It may be embedded nowhere yet: which pages are the business's own, only it knows.
fn first_site(new: &NewHouse) -> SiteSettings {
    let answerers = PROVIDERS.iter().map(|provider| provider.name).chain(["builtin"]);
    SiteSettings {
        name: new.name.clone(),
        allowed_origins: Vec::new(),
        languages: first_settings::languages(&new.locale),
        greeting: first_settings::greeting(new.kind, &new.name),
        quick_questions: first_settings::quick_questions(new.kind),
        consent: std::collections::BTreeMap::new(),
        consent_edition: consent_text::VERSION,
        color: "#1f6f5c".into(),
        opening: first_settings::opening(new.kind, &new.country),
        instructions: String::new(),
        answerers: answerers.map(str::to_owned).collect(),
        daily_calls: FIRST_DAILY_CALLS,
        daily_tokens: FIRST_DAILY_TOKENS,
        retention_days: None,
        side: Side::End,
        tone: Tone::Plain,
        keeps_path: false,
    }
}

/// Opens a further business for somebody who is signed in. Fails with `SignUpClosed`, `DocumentsStale`, `TooMany`,
/// `ValueRefused`.
pub async fn business_add(
    app: &App,
    opened: &OpenedSession,
    request: &OpenBusiness,
) -> Result<OpenedBusiness, OpError> {
    let scope = &opened.account;
    if app.config.sign_up == SignUpMode::Invite && !session::session_is_operator(app, opened).await? {
        return Err(Kind::SignUpClosed.into());
    }
    if !document::agreement_holds(&request.agreement) {
        return Err(Kind::DocumentsStale.into());
    }
    let owned = member::memberships(&app.directory, scope).await?;
    if owned.iter().filter(|membership| membership.role == Role::Owner).count() >= BUSINESSES as usize {
        return Err(Kind::TooMany.into());
    }
    let sealed = account::account_find(&app.directory, scope).await?.ok_or(Kind::SessionMissing)?;
    let new = NewHouse {
        name: business_name_take(&request.name)?,
        kind: request.kind,
        country: first_settings::country(&sealed.locale).to_owned(),
        locale: sealed.locale,
        terms: document::document_mark(DocumentKind::Terms).clone(),
        dpa: document::document_mark(DocumentKind::Dpa).clone(),
        role: Role::Owner,
    };
    let (opened, batch) = business_open(app, scope, &new).await?;
    app.directory.batch(batch).await?;
    Ok(opened)
}

/// A business, as a member reads it.
pub async fn business_read(app: &App, scope: &MemberScope) -> Result<Business, OpError> {
    let found = business::profile_read(&app.directory, scope).await?;
    let (profile, sites, created_at) = found.ok_or(Kind::NotFound)?;
    let shard = app.shard(&scope.business)?;
    let has_knowledge = knowledge_total(shard, scope).await? > 0;
    let open_requests = if is_allowed(Op::RequestRead, scope.role) && scope.token.is_none() {
        Some(requests_open_count(shard, &scope.business).await?)
    } else {
        None
    };
    let has_conversations = conversation::conversation_exists(shard, &scope.business).await?;
    let is_complete = !profile.controller.is_empty() && !profile.contact.is_empty();
    Ok(Business {
        id: scope.business.business(),
        is_complete,
        has_knowledge,
        has_conversations,
        open_requests,
        chat_origin: app.config.public_origin.clone(),
        profile,
        sites,
        role: scope.role,
        created_at,
    })
}

/// Changes what a business says of itself. Fails with `ValueRefused`.
pub async fn business_change(
    app: &App,
    scope: &MemberScope,
    profile: &BusinessProfile,
) -> Result<(), OpError> {
    let line = |text: &str| line_text(text, LINE_CHARACTERS).ok_or(Kind::ValueRefused);
    let optional = |text: &Option<String>| {
        text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(line).transpose()
    };
    let notice_url = optional(&profile.notice_url)?;
    if notice_url.as_deref().is_some_and(|url| !url.starts_with("https://") || origin_of(url).is_none()) {
        return Err(Kind::ValueRefused.into());
    }
    if profile.country.len() != 2 || !profile.country.bytes().all(|letter| letter.is_ascii_uppercase()) {
        return Err(Kind::ValueRefused.into());
    }
    let taken = BusinessProfile {
        name: business_name_take(&profile.name)?,
        controller: line(&profile.controller)?,
        contact: line(&profile.contact)?,
        notice_url,
        officer: optional(&profile.officer)?,
        country: profile.country.clone(),
        kind: profile.kind,
    };
    let subject = Subject::new("business", scope.business.business());
    let (before, ..) = business::profile_read(&app.directory, scope).await?.ok_or(Kind::NotFound)?;
    let changed = Detail::what(change::fields(&before, &taken));
    let noted = super::team::line_about(app, scope, Action::BusinessChange, subject, changed)?;
    app.directory.batch(vec![business::profile_write(scope, &taken), noted]).await?;
    Ok(())
}

/// The agreements of a business (promise P12).
pub async fn acceptances_list(app: &App, scope: &MemberScope) -> Result<Acceptances, OpError> {
    Ok(Acceptances { acceptances: business::acceptances_list(&app.directory, scope).await? })
}

/// Creates a business with its root key; where it exists, its site and its knowledge are brought up to date, and what is
/// not in the seed any more stays. Safe to repeat.
pub async fn business_seed(app: &App, _operator: &OperatorScope, seed: &Seed) -> Result<(), OpError> {
    let now = app.clock.now();
    let scope = BusinessScope::new(seed.business.id, seed.shard);
    let shard = app.shard(&scope)?;
    // The key first: a business without one could not keep a word.
    app.keyring.root_mint(&scope).await?;
    app.directory
        .batch(vec![
            site::business_insert(&scope, &seed.business.about, now),
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
