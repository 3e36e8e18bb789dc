//! The inventory of every column, read: what the notice says, and what retention, erasure and export are driven by.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;
use shared::rules::subject::SubjectKind;

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
    /// Of a table of the directory: rows about visitors stand in it, too.
    #[serde(default)]
    pub visitors: bool,
    /// The legal basis: the letter of GDPR Art. 6(1).
    pub basis: String,
    /// A key of `retention`.
    pub retention: String,
    /// Who receives it: `ai` for the AI providers that are configured, `mail` for the mail vendor.
    pub recipients: Vec<String>,
    /// Who its rows are about: the kind, and the column that carries the id.
    #[serde(default)]
    pub subject: BTreeMap<SubjectKind, String>,
    /// Why its rows stay when a subject of that kind is erased. All others are deleted, counted and looked for again.
    #[serde(default)]
    pub kept: BTreeMap<SubjectKind, String>,
    /// The primary key.
    #[serde(default = "key_usual")]
    pub key: Vec<String>,
    /// The tables that its foreign keys name.
    #[serde(default)]
    pub references: Vec<String>,
    /// The part of a visitor's copy in which its rows stand.
    #[serde(default)]
    pub copied: Option<String>,
    /// Why its rows are in no copy.
    #[serde(default)]
    pub uncopied: Option<String>,
    /// Rows are found by a term of a full-text index instead of a column.
    #[serde(default)]
    pub full_text: bool,
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

fn key_usual() -> Vec<String> {
    vec!["id".to_owned()]
}

/// Where rows about a subject stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place<'a> {
    /// The table.
    pub table: &'a str,
    /// Its entry.
    pub entry: &'a Table,
    /// The kinds of subject that are asked for and the columns that carry their ids.
    pub columns: Vec<(SubjectKind, &'a str)>,
}

/// The tables of one database that hold rows about subjects of `kinds` which do not stay. A table stands before those
/// that its foreign keys name, so that rows can be deleted in this order.
pub fn places<'a>(tables: &'a BTreeMap<String, Table>, kinds: &[SubjectKind]) -> Vec<Place<'a>> {
    let mut names: Vec<&String> = tables.keys().collect();
    let mut sorted: Vec<&String> = Vec::with_capacity(names.len());
    while !names.is_empty() {
        let is_named = |name: &String| {
            names.iter().any(|other| {
                *other != name && tables.get(*other).is_some_and(|table| table.references.contains(name))
            })
        };
        let (named, free): (Vec<&String>, Vec<&String>) =
            names.iter().copied().partition(|name| is_named(name));
        // A circle can't be ordered; a test keeps it out of the schema.
        let (named, free) = if free.is_empty() { (free, named) } else { (named, free) };
        sorted.extend(free);
        names = named;
    }
    sorted
        .into_iter()
        .filter_map(|name| {
            let entry = tables.get(name)?;
            let is_asked = |kind: &SubjectKind| kinds.contains(kind) && !entry.kept.contains_key(kind);
            let columns: Vec<_> = entry
                .subject
                .iter()
                .filter(|(kind, _)| is_asked(kind))
                .map(|(kind, column)| (*kind, column.as_str()))
                .collect();
            (!columns.is_empty()).then_some(Place { table: name, entry, columns })
        })
        .collect()
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

static INVENTORY: LazyLock<Result<Inventory, toml::de::Error>> = LazyLock::new(inventory_read);

/// The inventory, read once an isolate.
pub fn inventory() -> Result<&'static Inventory, &'static toml::de::Error> {
    INVENTORY.as_ref()
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
    fn b7_a_table_with_something_of_a_person_says_who_that_is() {
        let inventory = inventory_read().unwrap();
        for (name, table) in inventory.directory.iter().chain(&inventory.shard) {
            let is_personal = table.columns.values().any(|column| column.class != Class::None);
            assert!(
                !is_personal || !table.subject.is_empty(),
                "{name} holds something personal without a subject"
            );
            for kind in table.kept.keys() {
                assert!(table.subject.contains_key(kind), "{name} keeps what it does not hold");
            }
            for (kind, column) in &table.subject {
                assert!(table.columns.contains_key(column), "{name}.{column} of {kind:?} does not exist");
            }
            for (column, kind) in [
                ("conversation", SubjectKind::Conversation),
                ("visitor", SubjectKind::Visitor),
                ("account", SubjectKind::Account),
                ("business", SubjectKind::Business),
            ] {
                let has = table.columns.contains_key(column);
                assert!(
                    !has || table.subject.contains_key(&kind),
                    "{name}.{column} names a subject and does not say so"
                );
            }
        }
    }

    #[test]
    fn children_stand_before_the_tables_that_they_name() {
        let inventory = inventory_read().unwrap();
        let found = places(&inventory.shard, &[SubjectKind::Conversation, SubjectKind::Visitor]);
        let at = |table: &str| found.iter().position(|place| place.table == table).unwrap();
        assert!(at("message") < at("conversation") && at("conversation") < at("visitor"));
        assert!(found.iter().all(|place| place.table != "seal_key"), "what is kept is not among them");
        for tables in [&inventory.directory, &inventory.shard] {
            let all: Vec<SubjectKind> = SubjectKind::ALL.to_vec();
            let order = places(tables, &all);
            for (index, place) in order.iter().enumerate() {
                for named in &place.entry.references {
                    let before = order.iter().take(index).any(|earlier| earlier.table == named);
                    assert!(!before, "{} comes after {named}", place.table);
                }
            }
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
