//! What a business can show: its ledger of consent with the exact words, and its record of processing (GDPR Art. 30),
//! generated from the schema's own inventory and the features that are switched on.

use std::collections::BTreeSet;

use shared::id::ConsentId;
use shared::limits::{LEDGER_EXPORT, REQUESTS_PAGE};
use shared::rules::retention::ConversationLimit;
use shared::time::{DAY_MS, Millis, civil_from_day};
use shared::wire::admin::request::{
    ConsentProof, ConsentProofs, DataMap, MapColumn, MapEntry, MapSite, Processor,
};
use shared::wire::problem::Kind;

use super::vendor::own_names;
use super::{Fault, OpError};
use crate::app::App;
use crate::rules::consent_text::{consent_text, joined};
use crate::rules::csv::{Cell, csv_write};
use crate::rules::inventory::{Class, Inventory, Table, inventory_read};
use crate::rules::processor::{HOSTING, MAIL, Register, processor_in_force, processors};
use crate::store::business;
use crate::store::consent;
use crate::store::scope::MemberScope;
use crate::store::site::Site;
use crate::vendors::ProviderConfig;

/// A page of the ledger of consent, newest first.
pub async fn consents_read(
    app: &App,
    scope: &MemberScope,
    before: Option<ConsentId>,
) -> Result<ConsentProofs, OpError> {
    consents_take(app, scope, before, REQUESTS_PAGE).await
}

async fn consents_take(
    app: &App,
    scope: &MemberScope,
    before: Option<ConsentId>,
    most: u32,
) -> Result<ConsentProofs, OpError> {
    let shard = app.shard(&scope.business)?;
    let rows = consent::consents_page(shard, scope, before, most).await?;
    let full = rows.len() >= most as usize;
    let hashes: BTreeSet<&str> = rows.iter().map(|(_, _, row)| row.text_hash.as_str()).collect();
    let kept = consent::words_kept(shard, scope, &hashes).await?;
    let consents: Vec<ConsentProof> = rows
        .into_iter()
        .map(|(site, visitor, row)| {
            // Choices of before words were kept are about ours; where those are of an older edition, the hash alone is proof.
            let ours = || {
                let text = consent_text(&row.locale);
                (text.hash == row.text_hash).then(|| joined(&text.question, &text.detail))
            };
            let words = kept.get(&row.text_hash).cloned().or_else(ours); // keeps B8 | without: let words = ours();
            ConsentProof {
                id: row.id,
                site,
                visitor,
                purpose: row.purpose,
                choice: row.choice,
                way: row.way,
                version: row.version,
                text_hash: row.text_hash,
                locale: row.locale,
                words,
                at: row.created_at,
            }
        })
        .collect();
    let before = consents.last().filter(|_| full).map(|last| last.id);
    Ok(ConsentProofs { consents, before })
}

/// The newest choices of the ledger in one go, as far as a file holds them; `before` goes on from its end.
pub async fn consents_export(
    app: &App,
    scope: &MemberScope,
    before: Option<ConsentId>,
) -> Result<ConsentProofs, OpError> {
    consents_take(app, scope, before, LEDGER_EXPORT).await
}

/// Choices of the ledger as CSV. Times are UTC, to the second.
pub fn consents_csv(proofs: &ConsentProofs) -> String {
    let head = [
        "at_utc",
        "choice",
        "purpose",
        "way",
        "site",
        "visitor",
        "locale",
        "version",
        "text_sha256",
        "words",
        "id",
    ];
    let rows: Vec<Vec<Cell>> = proofs
        .consents
        .iter()
        .map(|proof| {
            let texts = [
                second(proof.at),
                proof.choice.as_str().to_owned(),
                proof.purpose.clone(),
                proof.way.as_str().to_owned(),
                proof.site.to_string(),
                proof.visitor.to_string(),
                proof.locale.clone(),
            ];
            let mut row: Vec<Cell> = texts.into_iter().map(Cell::Text).collect();
            row.push(Cell::Number(proof.version.into()));
            row.push(Cell::Text(proof.text_hash.clone()));
            row.push(proof.words.clone().map_or(Cell::Empty, Cell::Text));
            row.push(Cell::Text(proof.id.to_string()));
            row
        })
        .collect();
    csv_write(&head, &rows)
}

/// A time to the second, as in `2026-11-22T05:10:07Z`.
pub fn second(at: Millis) -> String {
    let (year, month, day) = civil_from_day(at.day());
    let of_day_s = at.as_i64().rem_euclid(DAY_MS).div_euclid(1_000);
    let (hours, minutes) = (of_day_s.div_euclid(3_600), of_day_s.rem_euclid(3_600).div_euclid(60));
    format!("{year:04}-{month:02}-{day:02}T{hours:02}:{minutes:02}:{:02}Z", of_day_s.rem_euclid(60))
}

/// The inventory, which is part of the program.
pub fn inventory() -> Result<Inventory, OpError> {
    Ok(inventory_read().map_err(|fault| Fault::Platform(format!("inventory: {fault}")))?)
}

/// Who receives something of a site's conversations: the hosting, the AI providers that the site asks, with the
/// deployment's key or with one of the business's own, and who carries mail. `own` are the providers that the business has
/// keys for.
pub async fn site_processors(
    app: &App,
    site: &Site,
    own: &[String],
    now: Millis,
) -> Result<Vec<Processor>, OpError> {
    let register = app.register().await?;
    let is_asked = |name: &&str| {
        own.iter().any(|vendor| vendor == name) || may_hand(app, register.as_deref(), name).is_some()
    };
    let asked = site.settings.answerers.iter().map(String::as_str).filter(is_asked);
    let mail = app.config.mailer.is_some().then_some(MAIL);
    let names: Vec<&str> = std::iter::once(HOSTING).chain(asked).chain(mail).collect();
    register_read(app, &names, register.as_deref(), now)
}

/// Everybody whom this deployment may hand something to now.
pub async fn all_processors(app: &App, now: Millis) -> Result<Vec<Processor>, OpError> {
    let register = app.register().await?;
    let mut names = configured(app);
    names.retain(|name| [HOSTING, MAIL].contains(name) || may_hand(app, register.as_deref(), name).is_some());
    register_read(app, &names, register.as_deref(), now)
}

/// Everybody whom this deployment is set up to hand something to, announced or not.
pub fn configured(app: &App) -> Vec<&'static str> {
    let asked = crate::vendors::PROVIDERS.iter().map(|provider| provider.name);
    let asked = asked.filter(|name| app.config.providers.find(name).is_some());
    let mail = app.config.mailer.is_some().then_some(MAIL);
    std::iter::once(HOSTING).chain(asked).chain(mail).collect()
}

/// A provider of the deployment's own that may be handed something: one that was announced and is in force.
pub(super) fn may_hand<'a>(
    app: &'a App,
    register: Option<&Register>,
    name: &str,
) -> Option<&'a ProviderConfig> {
    app.config.providers.find(name).filter(|_| processor_in_force(name, register))
}

/// Lines of the register, and in that of the hosting the place that this deployment really asks for (promise P5.5).
pub(super) fn register_read(
    app: &App,
    names: &[&str],
    register: Option<&Register>,
    now: Millis,
) -> Result<Vec<Processor>, OpError> {
    let lines = processors(names, register, now);
    let lines = lines.map_err(|fault| Fault::Platform(format!("processors: {fault}")))?;
    let place = |line: Processor| match line.role.as_str() {
        "hosting" => Processor { region: hosting_region(app).to_owned(), ..line }, // keeps P5.5 | without: "hosting" => line,
        _ => line,
    };
    Ok(lines.into_iter().map(place).collect())
}

/// Whether databases, files, keys and the conversations' own objects are asked for in the European Union.
pub fn stays_in_union(app: &App) -> bool {
    app.config.jurisdiction.as_deref() == Some("eu")
}

/// Where the hosting works, as this deployment is set up. The Worker itself is bound to no place: no plan of the hosting that
/// this software needs can ask for one.
pub fn hosting_region(app: &App) -> &'static str {
    if stays_in_union(app) {
        "Stored in the European Union; requests are served in the data centre nearest to whoever asks, and what runs when nobody \
         asks (mails, lists, deletions) in one that the hosting chooses"
    } else {
        "No place was asked for; requests are served in the data centre nearest to whoever asks, and what runs when nobody \
         asks (mails, lists, deletions) in one that the hosting chooses"
    }
}

/// How long a site keeps conversations, in English.
pub fn limit_words(days: Option<i64>) -> String {
    match ConversationLimit::from_days(days) {
        ConversationLimit::Days(1) => "1 day".to_owned(),
        ConversationLimit::Days(days) => format!("{days} days"),
        ConversationLimit::Months(months) => format!("{months} calendar months"),
    }
}

/// The classes of data about people, as the inventory has them.
pub fn map_entries(inventory: &Inventory) -> Vec<MapEntry> {
    let rooms = [("directory", &inventory.directory), ("shard", &inventory.shard)];
    rooms
        .into_iter()
        .flat_map(|(room, tables)| tables.iter().map(move |(name, table)| (format!("{room}.{name}"), table)))
        .filter(|(_, table)| table.is_about_people())
        .map(|(name, table)| map_entry(inventory, name, table))
        .collect()
}

fn map_entry(inventory: &Inventory, table_name: String, table: &Table) -> MapEntry {
    let columns = table.columns.iter().filter(|(_, column)| column.class != Class::None);
    MapEntry {
        table: table_name,
        what: table.what.clone(),
        purpose: table.purpose.clone(),
        basis: table.basis.clone(),
        retention: inventory.retention.get(&table.retention).cloned().unwrap_or_default(),
        recipients: table.recipients.clone(),
        columns: columns
            .map(|(name, column)| MapColumn {
                name: name.clone(),
                class: match column.class {
                    Class::None => "none",
                    Class::Personal => "personal",
                    Class::Content => "content",
                    Class::Secret => "secret",
                }
                .to_owned(),
                is_sealed: column.number.is_some(), // keeps B7 | without: is_sealed: false,
                unsealed: column.unsealed.clone(),
            })
            .collect(),
    }
}

/// What keeps the data safe, in short (GDPR Art. 30(1)(g), 32).
pub fn measures() -> Vec<String> {
    [
        "Content, names and addresses are encrypted (AES-256-GCM) under keys kept outside every database",
        "Erasing destroys the key, so that what was written, names and e-mail addresses open in no backup either; an IP \
         address opens in the databases' history until the key of its day goes on day 30",
        "Each business has a root key of its own and is kept apart in every statement",
        "Roles decide who reaches what, and an audit log says who did",
        "TLS in transit; session cookies are HttpOnly and bound to the site",
        "E-mail addresses, phone, card and bank numbers are masked before words leave for an AI provider",
        "Deletion is by jobs whose every run is logged",
    ]
    .map(str::to_owned)
    .to_vec()
}

/// The record of processing of a business.
pub async fn data_map_read(app: &App, scope: &MemberScope) -> Result<DataMap, OpError> {
    let now = app.clock.now();
    let found = business::profile_read(&app.directory, scope).await?;
    let (profile, entries, _) = found.ok_or(Kind::NotFound)?;
    let own = own_names(app, &scope.business).await?;
    let mut sites = Vec::with_capacity(entries.len());
    for entry in entries {
        let site = app.site(entry.id).await?;
        sites.push(MapSite {
            id: entry.id,
            retention: limit_words(site.settings.retention_days),
            processors: site_processors(app, &site, &own, now).await?,
        });
    }
    Ok(DataMap {
        controller: profile.controller,
        contact: profile.contact,
        officer: profile.officer,
        processor: platform_name(app),
        made_at: now,
        sites,
        entries: map_entries(&inventory()?),
        measures: measures(),
    })
}

/// Who runs the deployment, as far as it says so; its address otherwise.
pub fn platform_name(app: &App) -> String {
    let publisher = app.config.imprint.entries.iter().find(|(name, _)| *name == "PLATFORM_PUBLISHER");
    publisher.map_or_else(|| app.config.public_origin.clone(), |(_, name)| name.clone())
}
