//! The inventory of every column, read: what the notice says, and what retention, erasure and export are driven by.

use std::collections::BTreeMap;

use serde::Deserialize;

/// The file, as it stands beside the migrations.
const SOURCE: &str = include_str!("../../../migrations/inventory.toml");

/// The whole inventory.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Inventory {
    /// What each retention class means, in words.
    pub retention: BTreeMap<String, String>,
    /// Tables of the directory.
    pub directory: BTreeMap<String, Table>,
    /// Tables of a shard.
    pub shard: BTreeMap<String, Table>,
}

/// One table.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Table {
    /// What stands in it, in words for a visitor.
    pub what: String,
    /// What for.
    pub purpose: String,
    /// The legal basis: the letter of GDPR Art. 6(1).
    pub basis: String,
    /// A key of `retention`.
    pub retention: String,
    /// Who receives it: `ai` for the AI providers that are configured, `mail` for the mail vendor.
    pub recipients: Vec<String>,
    /// Each column.
    pub columns: BTreeMap<String, Column>,
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Column {
    /// What kind of thing it holds.
    pub class: Class,
    /// The permanent number that binds its ciphertext to it, where it is sealed.
    #[serde(default)]
    pub number: Option<u16>,
    /// Why it is not sealed although it is about a person.
    #[serde(default)]
    pub unsealed: Option<String>,
}

/// What kind of thing a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// About nobody.
    None,
    /// About a person.
    Personal,
    /// What a person said.
    Content,
    /// Opens something.
    Secret,
}

impl Table {
    /// Something in it is about a person, was said by one or opens what one said, or stands there because somebody
    /// agreed to it.
    pub fn is_about_people(&self) -> bool {
        self.basis == "a" || self.columns.values().any(|column| column.class != Class::None)
    }
}

/// Reads the inventory. It is part of the program; a test proves that it reads.
pub fn inventory_read() -> Result<Inventory, toml::de::Error> {
    toml::from_str(SOURCE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_names_a_retention_class_a_basis_and_recipients_that_exist() {
        let inventory = inventory_read().unwrap();
        for (name, table) in inventory.directory.iter().chain(&inventory.shard) {
            assert!(inventory.retention.contains_key(&table.retention), "{name}: {}", table.retention);
            for recipient in &table.recipients {
                assert!(["ai", "mail"].contains(&recipient.as_str()), "{name}: {recipient}");
            }
            assert!(["a", "b", "c", "f"].contains(&table.basis.as_str()), "{name}: {}", table.basis);
        }
    }

    #[test]
    fn b7_personal_and_content_columns_are_sealed_under_their_own_number_or_say_why_not() {
        let inventory = inventory_read().unwrap();
        let mut numbers = Vec::new();
        for (table, entry) in inventory.directory.iter().chain(&inventory.shard) {
            for (name, column) in &entry.columns {
                if matches!(column.class, Class::Personal | Class::Content) {
                    assert!(column.number.is_some() ^ column.unsealed.is_some(), "{table}.{name}");
                }
                numbers.extend(column.number);
            }
        }
        let count = numbers.len();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), count, "a column number is used twice");
    }
}
