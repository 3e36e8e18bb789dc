//! The notice as facts and words: generated from the inventory, so that it can't say what the software does not do.
//!
//! Facts decide whether an edition differs from the one before; words are how a language says them. A table that a
//! language has no words for yet is said in English, and the page marks it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use shared::rules::subject::SubjectKind;

use super::credential::hex;
use super::inventory::{Class, Inventory, Table};

/// The languages that the notice is written in; English first, it is the fallback.
pub const LANGUAGES: [&str; 4] = ["en", "fr", "de", "es"];

/// Whom a kind of data is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum About {
    /// Visitors of a chat; all that editions told before they told of accounts.
    #[default]
    Visitors,
    /// People who sign in.
    Accounts,
    /// Some of its rows are about the ones, some about the others.
    Both,
}

impl About {
    /// Whether this is told to those whom `other` stands for.
    pub fn covers(self, other: Self) -> bool {
        self == other || self == Self::Both
    }
}

/// One kind of data, in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The table.
    pub table: String,
    /// Whom it is about.
    #[serde(default)]
    pub about: About,
    /// The language that its words are in: the notice's own, or English.
    pub language: String,
    /// What.
    pub what: String,
    /// What for.
    pub purpose: String,
    /// The letter of GDPR Art. 6(1).
    pub basis: String,
    /// The class of retention.
    pub retention: String,
    /// That class in words.
    pub how_long: String,
    /// Who receives it: `ai`, `mail`.
    pub recipients: Vec<String>,
}

/// An edition: its entries by language, and the hash of its facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edition {
    /// SHA-256 of what is held, why, how long and who receives it; not of how it is said.
    pub hash: String,
    /// Entries by language.
    pub texts: BTreeMap<String, Vec<Entry>>,
}

#[derive(Deserialize)]
struct Words {
    retention: BTreeMap<String, String>,
    tables: BTreeMap<String, TableWords>,
}

#[derive(Deserialize)]
struct TableWords {
    what: String,
    purpose: String,
}

fn words(language: &str) -> Result<Option<Words>, toml::de::Error> {
    Ok(Some(match language {
        "fr" => toml::from_str(include_str!("fr.toml"))?,
        "de" => toml::from_str(include_str!("de.toml"))?,
        "es" => toml::from_str(include_str!("es.toml"))?,
        _ => return Ok(None),
    }))
}

/// The tables that are told of: those about visitors, and of the directory those about people who sign in, or that carry
/// the id of one.
fn told(inventory: &Inventory) -> impl Iterator<Item = (&String, &Table, About)> {
    let visitors = inventory.shard.iter().filter(|(_, table)| table.is_about_people());
    let accounts = inventory
        .directory
        .iter()
        .filter(|(_, table)| table.is_about_people() || table.subject.contains_key(&SubjectKind::Account));
    let visitors = visitors.map(|(name, table)| (name, table, About::Visitors));
    visitors.chain(
        accounts
            .map(|(name, table)| (name, table, if table.visitors { About::Both } else { About::Accounts })),
    )
}

fn entries(inventory: &Inventory, language: &str) -> Result<Vec<Entry>, toml::de::Error> {
    let words = words(language)?;
    Ok(told(inventory)
        .map(|(name, table, about)| {
            let own = words
                .as_ref()
                .and_then(|words| Some((words.tables.get(name)?, words.retention.get(&table.retention)?)));
            let promised = inventory.retention.get(&table.retention).map(String::as_str).unwrap_or_default();
            let (what, purpose, how_long, language) = match own {
                Some((words, how_long)) => (&words.what, &words.purpose, how_long.as_str(), language),
                None => (&table.what, &table.purpose, promised, "en"),
            };
            Entry {
                table: name.clone(),
                about,
                language: language.to_owned(),
                what: what.clone(),
                purpose: purpose.clone(),
                basis: table.basis.clone(), // keeps P3.5 | without: basis: String::new(),
                retention: table.retention.clone(),
                how_long: how_long.to_owned(),
                recipients: table.recipients.clone(),
            }
        })
        .collect())
}

/// What is held about visitors and about people who sign in, why, how long and for whom, without a word of how it is said.
fn facts(inventory: &Inventory) -> String {
    told(inventory).fold(String::new(), |mut all, (name, table, _)| {
        let period = inventory.retention.get(&table.retention).map(String::as_str).unwrap_or_default();
        let columns = table.columns.iter().filter(|(_, column)| column.class != Class::None);
        let columns: Vec<&str> = columns.map(|(column, _)| column.as_str()).collect();
        for part in [name.as_str(), &table.purpose, &table.basis, period] {
            all.push_str(part);
            all.push('\n');
        }
        all.push_str(&table.recipients.join(","));
        all.push('\n');
        all.push_str(&columns.join(","));
        all.push_str("\n\n");
        all
    })
}

/// The edition that the inventory makes.
pub fn edition(inventory: &Inventory) -> Result<Edition, toml::de::Error> {
    let mut texts = BTreeMap::new();
    for language in LANGUAGES {
        texts.insert(language.to_owned(), entries(inventory, language)?);
    }
    Ok(Edition { hash: hash(&facts(inventory)), texts })
}

/// SHA-256 of facts, in hex.
pub fn hash(facts: &str) -> String {
    hex(&Sha256::digest(facts.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::inventory::inventory_read;

    #[test]
    fn p3_5_every_class_of_data_names_its_purpose_its_basis_and_its_end_in_every_language() {
        let edition = edition(&inventory_read().unwrap()).unwrap();
        for (language, entries) in &edition.texts {
            assert!(entries.len() > 8, "{language}");
            for entry in entries {
                for text in [&entry.what, &entry.purpose, &entry.how_long] {
                    assert!(!text.trim().is_empty(), "{language}: {}", entry.table);
                }
                assert!(["a", "b", "c", "f"].contains(&entry.basis.as_str()), "{}", entry.table);
                assert_eq!(&entry.language, language, "{} has no words yet", entry.table);
            }
        }
    }

    #[test]
    fn what_is_said_otherwise_is_the_same_and_what_is_done_otherwise_is_not() {
        let inventory = inventory_read().unwrap();
        let first = edition(&inventory).unwrap();
        let mut reworded = inventory.clone();
        reworded.shard.get_mut("message").unwrap().what = "What was written".to_owned();
        assert_eq!(edition(&reworded).unwrap().hash, first.hash);
        assert_ne!(edition(&reworded).unwrap().texts, first.texts);
        let mut changed = inventory.clone();
        changed.shard.get_mut("visitor").unwrap().recipients.push("mail".to_owned());
        assert_ne!(edition(&changed).unwrap().hash, first.hash);
        // Of visitors as of people who sign in.
        for class in ["address", "sessions", "audit", "suppression"] {
            let mut longer = inventory.clone();
            longer.retention.insert(class.to_owned(), "6 years".to_owned());
            assert_ne!(edition(&longer).unwrap().hash, first.hash, "{class}");
        }
    }

    #[test]
    fn a_site_is_told_of_what_the_directory_holds_of_visitors_and_of_nothing_about_accounts() {
        let edition = edition(&inventory_read().unwrap()).unwrap();
        let told = |about: About| {
            let entries = edition.texts["en"].iter().filter(move |entry| entry.about.covers(about));
            entries.map(|entry| entry.table.as_str()).collect::<Vec<_>>()
        };
        let (visitors, accounts) = (told(About::Visitors), told(About::Accounts));
        for both in ["mail", "mail_suppression"] {
            assert!(visitors.contains(&both) && accounts.contains(&both), "{both}");
        }
        assert!(visitors.contains(&"message") && !visitors.contains(&"session"));
        assert!(
            accounts.contains(&"session")
                && accounts.contains(&"saved_view")
                && !accounts.contains(&"message")
        );
    }
}
