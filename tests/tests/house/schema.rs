//! The schema and everything that claims to know it: the inventory, the migrations, the statements.

use std::collections::{BTreeMap, BTreeSet};

use edge::rules::inventory::{Inventory, inventory_read, places};
use edge::sealing::Column;
use edge::store::due::{Where, due_of};
use edge::store::site_due::{self, SiteDue};
use edge::store::subject::{count_sql, delete_sql};
use rusqlite::Connection;
use shared::rules::retention::Class;
use shared::rules::subject::SubjectKind;
use tests::{directory_migrations, repository, shard_migrations};

fn database(migrations: &[String]) -> Connection {
    let connection = Connection::open_in_memory().unwrap();
    for migration in migrations {
        connection.execute_batch(migration).unwrap();
    }
    connection
}

/// Tables and their columns; SQLite's own and the shadows of full-text tables are left out.
fn columns(connection: &Connection) -> BTreeMap<String, BTreeSet<String>> {
    let mut tables = BTreeMap::new();
    let mut list = connection.prepare("PRAGMA table_list").unwrap();
    let rows = list.query_map([], |row| Ok((row.get::<_, String>(1)?, row.get::<_, String>(2)?))).unwrap();
    for (table, kind) in rows.map(Result::unwrap) {
        if table.starts_with("sqlite_") || kind == "shadow" {
            continue;
        }
        let mut info = connection.prepare(&format!("PRAGMA table_info({table})")).unwrap();
        let names = info.query_map([], |row| row.get::<_, String>(1)).unwrap();
        tables.insert(table, names.map(Result::unwrap).collect());
    }
    tables
}

fn classified(
    tables: &BTreeMap<String, edge::rules::inventory::Table>,
) -> BTreeMap<String, BTreeSet<String>> {
    tables.iter().map(|(name, table)| (name.clone(), table.columns.keys().cloned().collect())).collect()
}

#[test]
fn b7_every_column_is_classified_and_every_classified_column_exists() {
    let Inventory { directory, shard, .. } = inventory_read().unwrap();
    assert_eq!(classified(&directory), columns(&database(&directory_migrations())));
    assert_eq!(classified(&shard), columns(&database(&shard_migrations())));
}

#[test]
fn the_inventory_knows_primary_and_foreign_keys_as_the_schema_has_them() {
    let Inventory { directory, shard, .. } = inventory_read().unwrap();
    for (tables, migrations) in [(directory, directory_migrations()), (shard, shard_migrations())] {
        let connection = database(&migrations);
        for (name, table) in tables {
            if table.full_text {
                continue;
            }
            let mut info = connection.prepare(&format!("PRAGMA table_info({name})")).unwrap();
            let rows =
                info.query_map([], |row| Ok((row.get::<_, i64>(5)?, row.get::<_, String>(1)?))).unwrap();
            let mut key: Vec<(i64, String)> = rows.map(Result::unwrap).filter(|(at, _)| *at > 0).collect();
            key.sort();
            let key: Vec<String> = key.into_iter().map(|(_, column)| column).collect();
            assert_eq!(key, table.key, "{name}: key");
            let mut list = connection.prepare(&format!("PRAGMA foreign_key_list({name})")).unwrap();
            let named = list.query_map([], |row| row.get::<_, String>(2)).unwrap();
            let named: BTreeSet<String> = named.map(Result::unwrap).collect();
            assert_eq!(named, table.references.iter().cloned().collect(), "{name}: references");
        }
    }
}

#[test]
fn b7_what_is_about_somebody_is_found_by_an_index_in_every_table() {
    let Inventory { directory, shard, .. } = inventory_read().unwrap();
    let sets: [&[SubjectKind]; 4] = [
        &[SubjectKind::Conversation, SubjectKind::Visitor],
        &[SubjectKind::Visitor],
        &[SubjectKind::Account],
        &[SubjectKind::Business],
    ];
    for (tables, migrations) in [(directory, directory_migrations()), (shard, shard_migrations())] {
        let connection = database(&migrations);
        for place in sets.iter().flat_map(|kinds| places(&tables, kinds)) {
            for sql in [count_sql(&place, "?1"), delete_sql(&place)] {
                let mut explained = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
                let nulls = vec![rusqlite::types::Null; explained.parameter_count()];
                let rows =
                    explained.query_map(rusqlite::params_from_iter(nulls), |row| row.get::<_, String>(3));
                let plan: Vec<String> = rows.unwrap().map(Result::unwrap).collect();
                let whole = plan.iter().find(|step| {
                    step.starts_with("SCAN ")
                        && !step.contains("json_each")
                        && !step.contains("VIRTUAL TABLE INDEX")
                });
                assert!(whole.is_none(), "{}: {plan:#?}\n{sql}", place.table);
            }
        }
    }
}

#[test]
fn what_is_due_is_found_by_an_index_in_every_class() {
    let (directory, shard) = (database(&directory_migrations()), database(&shard_migrations()));
    for class in Class::ALL {
        let due = due_of(*class);
        let connection = if due.place == Where::Directory { &directory } else { &shard };
        for sql in [due.count_sql(), due.delete_sql()] {
            let mut explained = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
            let nulls = vec![rusqlite::types::Null; explained.parameter_count()];
            let rows = explained.query_map(rusqlite::params_from_iter(nulls), |row| row.get::<_, String>(3));
            let plan: Vec<String> = rows.unwrap().map(Result::unwrap).collect();
            assert!(!plan.iter().any(|step| step.starts_with("SCAN ")), "{class:?}: {plan:#?}\n{sql}");
        }
    }
}

#[test]
fn what_is_due_of_a_site_is_found_by_an_index() {
    let shard = database(&shard_migrations());
    let mut texts = vec![
        site_due::conversations_sql(),
        site_due::mentions_sql(),
        site_due::rolled_sql(),
        site_due::look_sql(),
    ];
    for kind in SiteDue::ALL {
        texts.push(kind.count_sql());
        texts.extend(kind.delete_sql());
    }
    for sql in texts {
        let mut explained = shard.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let nulls = vec![rusqlite::types::Null; explained.parameter_count()];
        let rows = explained.query_map(rusqlite::params_from_iter(nulls), |row| row.get::<_, String>(3));
        let plan: Vec<String> = rows.unwrap().map(Result::unwrap).collect();
        let is_whole = |step: &String| step.starts_with("SCAN ") && !step.contains("VIRTUAL TABLE");
        assert!(!plan.iter().any(is_whole), "{plan:#?}\n{sql}");
    }
}

#[test]
fn sealed_columns_have_the_numbers_that_the_code_seals_with() {
    let inventory = inventory_read().unwrap();
    let mut numbers = BTreeMap::new();
    for (table, entry) in inventory.directory.iter().chain(&inventory.shard) {
        for (name, column) in &entry.columns {
            numbers.extend(column.number.map(|number| (format!("{table}.{name}"), number)));
        }
    }
    let code: BTreeMap<String, u16> =
        Column::ALL.iter().map(|column| (column.name().to_owned(), column.number())).collect();
    assert_eq!(numbers, code);
}

#[test]
fn every_table_is_strict() {
    for migrations in [directory_migrations(), shard_migrations()] {
        let connection = database(&migrations);
        let mut list = connection.prepare("PRAGMA table_list").unwrap();
        let rows = list
            .query_map([], |row| {
                Ok((row.get::<_, String>(1)?, row.get::<_, String>(2)?, row.get::<_, bool>(5)?))
            })
            .unwrap();
        for (table, kind, strict) in rows.map(Result::unwrap) {
            assert!(strict || kind != "table" || table.starts_with("sqlite_"), "{table} is not STRICT");
        }
    }
}

/// Every `pub const …: &str = "…"` of the store, by file and name.
fn statements() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(repository().join("edge/src/store")).unwrap().flatten() {
        let file = std::fs::read_to_string(entry.path()).unwrap();
        let mut rest = file.as_str();
        while let Some((_, after)) = rest.split_once("const ") {
            let Some((name, body)) = after.split_once(": &str = \"") else { break };
            if name.contains(|letter: char| {
                !(letter.is_ascii_uppercase() || letter == '_' || letter.is_ascii_digit())
            }) {
                rest = after;
                continue;
            }
            let (sql, after) = body.split_once("\";").unwrap();
            found.push((format!("{}::{name}", entry.file_name().to_string_lossy()), sql.to_owned()));
            rest = after;
        }
    }
    found
}

/// Tables that stay small whatever a deployment grows to may be read whole.
const SMALL: [&str; 3] = ["tick", "receipt_key", "job_state"];

/// How SQLite would go about each statement of the store.
fn plans() -> Vec<(String, String, Vec<String>)> {
    let (directory, shard) = (database(&directory_migrations()), database(&shard_migrations()));
    let plan = |connection: &Connection, sql: &str| -> rusqlite::Result<Vec<String>> {
        let mut explained = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
        let nulls = vec![rusqlite::types::Null; explained.parameter_count()];
        explained.query_map(rusqlite::params_from_iter(nulls), |row| row.get(3))?.collect()
    };
    let steps = |(name, sql): (String, String)| {
        let found = plan(&directory, &sql).or_else(|_| plan(&shard, &sql));
        let steps = found.unwrap_or_else(|fault| panic!("{name}: {fault}"));
        (name, sql, steps)
    };
    statements().into_iter().map(steps).collect()
}

#[test]
fn no_statement_reads_a_growing_table_whole() {
    let plans = plans();
    assert!(plans.len() > 30, "the statements are not found any more: {}", plans.len());
    for (name, sql, steps) in plans {
        for step in steps {
            let whole =
                step.starts_with("SCAN ") && !step.contains("USING") && !step.contains("VIRTUAL TABLE");
            let table = step.split(' ').nth(1).unwrap_or_default();
            let harmless = ["json_each", "value", "CONSTANT"].contains(&table)
                || table.starts_with("(subquery-")
                || SMALL.contains(&table);
            assert!(!whole || harmless, "{name}: {step}\n{sql}");
        }
    }
}

/// Where a table has an index for the business, too, SQLite may take that one for the better: `+business = ?` tells it not to
/// (<https://sqlite.org/optoverview.html#disqualifying_where_clause_terms_using_unary_>).
#[test]
fn rows_that_are_named_are_gone_to_and_not_sought_among_all_of_a_business() {
    // Of labels, members, sites and views a business has few.
    let few = ["label ", "membership ", "site ", "saved_view "];
    let sought = |step: &String| {
        let table = step.strip_prefix("SEARCH ").unwrap_or_default();
        step.contains("(business=?)") && !few.iter().any(|few| table.starts_with(few))
    };
    let names = ["json_each(?", "conversation = ?", "visitor = ?", "message = ?", "owner = ?"];
    let names_rows = |sql: &str| names.iter().any(|name| sql.contains(name));
    let named = plans().into_iter().filter(|(_, sql, _)| names_rows(sql));
    let wrong: Vec<_> = named.filter(|(.., steps)| steps.iter().any(sought)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_statement_names_its_columns() {
    for (name, sql) in statements() {
        assert!(!sql.contains("SELECT *"), "{name}");
    }
}

#[test]
fn each_migration_applies_after_the_ones_before_it_and_is_numbered_in_order() {
    for folder in ["directory", "shard"] {
        let mut names: Vec<String> = std::fs::read_dir(repository().join("migrations").join(folder))
            .unwrap()
            .flatten()
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        // Branches land in any order, so a number may be missing for a while; none stands twice.
        let numbers: Vec<u32> = names.iter().map(|name| name[..4].parse().unwrap()).collect();
        assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]), "{folder}: {names:?}");
    }
}
