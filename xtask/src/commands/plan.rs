//! What a deployment is made of, read from `wrangler.toml`, and the configuration that is deployed.

use super::settings::Settings;

/// Where everything that holds data has to lie.
pub const JURISDICTION: &str = "eu";

/// A database: its binding, which is also in its placeholder `id-of-…`, and its name.
#[derive(Clone, Debug, PartialEq)]
pub struct Database {
    /// What the Worker calls it.
    pub binding: String,
    /// What the platform calls it.
    pub name: String,
}

/// What has to exist before the Worker can run.
#[derive(Debug, PartialEq)]
pub struct Plan {
    /// D1 databases.
    pub databases: Vec<Database>,
    /// R2 buckets, by name.
    pub buckets: Vec<String>,
    /// Queues, by name, those for dead letters included.
    pub queues: Vec<String>,
}

/// Reads the plan; anything that would leave the European Union, or run as a developer's machine, is an
/// objection.
pub fn of(config: &str) -> Result<Plan, Vec<String>> {
    let tables = tables(config);
    let named = |heading: &str| -> Vec<&Table<'_>> {
        tables.iter().filter(|table| table.heading == heading).collect()
    };
    let mut objections = Vec::new();
    let mut databases = Vec::new();
    for table in named("[[d1_databases]]") {
        let database = Database { binding: table.value("binding"), name: table.value("database_name") };
        let elsewhere = table.value("jurisdiction") != JURISDICTION; // keeps P5.5 | without: let elsewhere = table.value("jurisdiction").is_empty();
        if elsewhere {
            objections.push(format!(
                "database {} does not ask for jurisdiction = \"{JURISDICTION}\"",
                database.binding
            ));
        }
        databases.push(database);
    }
    let mut buckets = Vec::new();
    for table in named("[[r2_buckets]]") {
        if table.value("jurisdiction") != JURISDICTION {
            objections.push(format!(
                "bucket {} does not ask for jurisdiction = \"{JURISDICTION}\"",
                table.value("binding")
            ));
        }
        buckets.push(table.value("bucket_name"));
    }
    let consumers = named("[[queues.consumers]]");
    let mut queues: Vec<String> = named("[[queues.producers]]")
        .iter()
        .chain(&consumers)
        .map(|table| table.value("queue"))
        .chain(consumers.iter().map(|table| table.value("dead_letter_queue")))
        .filter(|queue| !queue.is_empty())
        .collect();
    queues.sort();
    queues.dedup();
    let vars = named("[vars]");
    for (name, wanted) in [("ENV", "production"), ("JURISDICTION", JURISDICTION)] {
        if !vars.iter().any(|table| table.value(name) == wanted) {
            objections.push(format!("[vars] does not say {name} = \"{wanted}\""));
        }
    }
    if databases.is_empty() || buckets.is_empty() {
        objections.push("no database or no bucket is named".to_owned());
    }
    if objections.is_empty() { Ok(Plan { databases, buckets, queues }) } else { Err(objections) }
}

/// The configuration to deploy: ids in, the operator's settings in, served files from `assets`.
pub fn configuration(config: &str, ids: &[(Database, String)], settings: &Settings, assets: &str) -> String {
    let mut text =
        String::from("# Written by `cargo xtask deploy` from wrangler.toml. Changes here are lost.\n");
    for line in config.lines() {
        match line {
            "directory = \"dist\"" => text.push_str(&format!("directory = {}\n", quoted(assets))),
            "workers_dev = false" => text.push_str(&door(settings.get("PUBLIC_ORIGIN"))),
            "[vars]" => {
                text.push_str("[vars]\n");
                for (name, value) in settings {
                    text.push_str(&format!("{name} = {}\n", quoted(value)));
                }
            }
            _ => {
                text.push_str(line);
                text.push('\n');
            }
        }
    }
    for (database, id) in ids {
        text = text.replace(&format!("\"id-of-{}\"", database.binding), &quoted(id));
    }
    text
}

/// How the public reaches the Worker: its workers.dev name, or a domain of its own.
fn door(origin: Option<&String>) -> String {
    let host =
        origin.and_then(|origin| origin.strip_prefix("https://")).unwrap_or_default().trim_end_matches('/');
    if host.ends_with(".workers.dev") {
        "workers_dev = true\n".to_owned()
    } else if host.is_empty() {
        "workers_dev = false\n".to_owned()
    } else {
        format!("workers_dev = false\nroutes = [{{ pattern = {}, custom_domain = true }}]\n", quoted(host))
    }
}

struct Table<'a> {
    heading: &'a str,
    lines: Vec<&'a str>,
}

impl Table<'_> {
    fn value(&self, name: &str) -> String {
        self.lines
            .iter()
            .find_map(|line| line.split_once(" = ").filter(|(found, _)| *found == name))
            .map(|(_, value)| value.trim_matches('"').to_owned())
            .unwrap_or_default()
    }
}

fn tables(config: &str) -> Vec<Table<'_>> {
    let mut tables: Vec<Table<'_>> = Vec::new();
    for line in config.lines() {
        if line.starts_with('[') {
            tables.push(Table { heading: line, lines: Vec::new() });
        } else if let Some(table) = tables.last_mut() {
            table.lines.push(line);
        }
    }
    tables
}

fn quoted(value: &str) -> String {
    // JSON's strings are a part of TOML's.
    serde_json::Value::from(value).to_string()
}

#[cfg(test)]
mod tests {
    use super::{Database, Settings, configuration, of};

    const CONFIG: &str = include_str!("../../../wrangler.toml");

    #[test]
    fn p5_5_every_database_and_bucket_is_asked_for_in_the_european_union() {
        let plan = of(CONFIG).expect("no objection");
        assert!(plan.databases.len() >= 3 && !plan.buckets.is_empty(), "{plan:?}");
        for (from, to) in
            [("jurisdiction = \"eu\"", "jurisdiction = \"us\""), ("jurisdiction = \"eu\"\n", "")]
        {
            let objections = of(&CONFIG.replace(from, to)).expect_err("objections");
            assert_eq!(objections.len(), plan.databases.len() + plan.buckets.len(), "{objections:?}");
        }
        assert!(of(&CONFIG.replace("JURISDICTION = \"eu\"", "")).is_err());
    }

    #[test]
    fn every_queue_is_named_once_with_that_for_its_dead_letters() {
        let plan = of(CONFIG).expect("no objection");
        assert_eq!(plan.queues, ["loquet-outbound", "loquet-outbound-dead"]);
    }

    #[test]
    fn a_developers_configuration_is_not_deployed() {
        assert!(of(&CONFIG.replace("\"production\"", "\"dev\"")).is_err());
    }

    #[test]
    fn ids_settings_and_the_folder_of_files_are_filled_in() {
        let database = Database { binding: "DIRECTORY".to_owned(), name: "loquet-directory".to_owned() };
        let settings = Settings::from([
            ("PUBLIC_ORIGIN".to_owned(), "https://chat.example.eu".to_owned()),
            ("PLATFORM_PUBLISHER".to_owned(), "The \"Inn\"".to_owned()),
        ]);
        let text = configuration(CONFIG, &[(database, "1-2-3".to_owned())], &settings, "target/deploy/dist");
        assert!(text.contains("database_id = \"1-2-3\"") && !text.contains("id-of-DIRECTORY"));
        assert!(text.contains("routes = [{ pattern = \"chat.example.eu\", custom_domain = true }]"));
        assert!(text.contains("PLATFORM_PUBLISHER = \"The \\\"Inn\\\"\""));
        assert!(text.contains("directory = \"target/deploy/dist\""));
        assert!(of(&text).is_ok());
    }
}
