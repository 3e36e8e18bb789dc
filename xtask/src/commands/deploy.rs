//! `cargo xtask deploy`: creates what is missing in the EU, migrates, deploys. With `--dry-run` it does all
//! that needs no account, and the tests run that.

use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use crate::build::{self, Audience};
use crate::command::Run;
use crate::failure::{Explain, Failure};
use crate::files;
use crate::tools::{Need, Tools};
use crate::workshop::Workshop;

use super::plan::{self, Database, JURISDICTION, Plan};
use super::settings::{self, Settings};

/// The configuration with ids; git ignores it.
const CONFIG: &str = "wrangler.deploy.toml";
const ASSETS: &str = "target/deploy/dist";
const SIGN_IN: &str = "Sign in with `npx wrangler login`, or set CLOUDFLARE_API_TOKEN and CLOUDFLARE_ACCOUNT_ID. \
                       docs/operating.md lists the rights that the token needs.";

/// The rehearsal, as a command of its own.
pub fn rehearse(shop: &Workshop) -> Result<(), Failure> {
    rehearse_with(shop, &Tools::ready(shop, Need::Build)?)
}

/// Everything up to the account: builds what the public gets, checks it, and prints the plan.
pub fn rehearse_with(shop: &Workshop, tools: &Tools) -> Result<(), Failure> {
    let (plan, settings) = prepare(shop, tools)?;
    configure(shop, &settings, &[])?;
    bundle(shop, tools)?;
    shop.board.say(&told(&plan, &settings));
    Ok(())
}

/// Deploys.
pub fn deploy(shop: &Workshop) -> Result<(), Failure> {
    let tools = Tools::ready(shop, Need::Build)?;
    let (plan, settings) = prepare(shop, &tools)?;
    let origin = settings.get("PUBLIC_ORIGIN").filter(|origin| origin.starts_with("https://")).ok_or_else(|| {
        Failure::new("PUBLIC_ORIGIN is missing, or does not begin with https://")
            .advice("Say where the deployment will be reached: PUBLIC_ORIGIN=https://chat.example.eu cargo xtask deploy")
    })?;
    configure(shop, &settings, &[])?;
    let ids = shop.board.step("databases", || databases(shop, &tools, &plan))?;
    // Before anything else is asked about them: wrangler takes a database's id from this file, also where it is named.
    configure(shop, &settings, &ids)?;
    shop.board.step("residency", || residency_read_back(shop, &tools, &ids))?;
    shop.board
        .step("buckets", || plan.buckets.iter().try_for_each(|bucket| ensure_bucket(shop, &tools, bucket)))?;
    shop.board
        .step("queues", || plan.queues.iter().try_for_each(|queue| ensure_queue(shop, &tools, queue)))?;
    let secrets = shop.board.step("secrets", || require_secrets(shop, &tools))?;
    for line in
        settings::missed(|name| settings.contains_key(name) || secrets.iter().any(|known| known == name))
    {
        shop.board.say(&format!("  {line}"));
    }
    bundle(shop, &tools)?;
    for (database, _) in &ids {
        shop.board.step(&format!("migrate {}", database.binding), || {
            let mut wrangler = wrangler(shop, &tools);
            wrangler.args(["d1", "migrations", "apply", &database.binding, "--remote"]);
            Run::new(
                "migrate",
                "a migration failed",
                "Nothing was deployed. Migrations only add, so the running Worker is not hurt.",
            )
            .go(shop, &mut wrangler)
        })?;
    }
    shop.board.step("deploy", || {
        Run::new("deploy", "the Worker could not be deployed", "The former one still runs.")
            .go(shop, wrangler(shop, &tools).arg("deploy"))
    })?;
    shop.board
        .say(&format!("\nDeployed: {origin}\nLook at {origin}/readyz: it names what is missing or wrong."));
    Ok(())
}

/// Builds for the public and refuses what must not get there.
fn prepare(shop: &Workshop, tools: &Tools) -> Result<(Plan, Settings), Failure> {
    let plan = plan::of(&files::read(&shop.path("wrangler.toml"))?).map_err(|objections| {
        Failure::new(format!("wrangler.toml is not fit to be deployed:\n  {}", objections.join("\n  ")))
    })?;
    let folder = shop.path(ASSETS);
    build::everything(shop, tools, &folder, Audience::Public)?;
    for unwanted in ["demo", "dev"] {
        if folder.join(unwanted).exists() {
            return Err(Failure::new(format!("{unwanted}/ is among the files for the public")));
        }
    }
    Ok((plan, settings::of_deployment(std::env::vars())))
}

fn configure(shop: &Workshop, settings: &Settings, ids: &[(Database, String)]) -> Result<(), Failure> {
    let config = files::read(&shop.path("wrangler.toml"))?;
    files::write(&config_path(shop), plan::configuration(&config, ids, settings, ASSETS))
}

/// Lets wrangler bundle and validate, without sending anything.
fn bundle(shop: &Workshop, tools: &Tools) -> Result<(), Failure> {
    shop.board.step("deployment: dry run", || {
        let out = shop.path("target/deploy/worker");
        let mut wrangler = wrangler(shop, tools);
        wrangler.args(["deploy", "--dry-run", "--outdir"]).arg(out);
        Run::new("deploy-dry-run", "wrangler refuses the deployment", "").go(shop, &mut wrangler).map(drop)
    })
}

/// Finds each database by its name, or creates it; hands back their ids.
fn databases(shop: &Workshop, tools: &Tools, plan: &Plan) -> Result<Vec<(Database, String)>, Failure> {
    let mut known = listed(shop, tools)?;
    let missing: Vec<&Database> =
        plan.databases.iter().filter(|database| id_of(&known, &database.name).is_none()).collect();
    for database in &missing {
        let mut wrangler = wrangler(shop, tools);
        wrangler.args(["d1", "create", &database.name, "--jurisdiction", JURISDICTION]);
        let failed = format!("database {} could not be created", database.name);
        Run::new("d1-create", &failed, SIGN_IN).go(shop, &mut wrangler)?;
    }
    if !missing.is_empty() {
        known = listed(shop, tools)?;
    }
    plan.databases
        .iter()
        .map(|database| match id_of(&known, &database.name) {
            Some(id) => Ok((database.clone(), id)),
            None => Err(Failure::new(format!("database {} was created, but is not listed", database.name))),
        })
        .collect()
}

/// Reads back where each database lies. What lies elsewhere, or anywhere, can't be moved and is refused; where the platform
/// does not say, the deployment goes on, and what was asked for at its creation counts. A bucket is asked for by its
/// jurisdiction each time (`r2 bucket info` does not name it), so one that lies elsewhere is not found.
fn residency_read_back(shop: &Workshop, tools: &Tools, ids: &[(Database, String)]) -> Result<(), Failure> {
    for (database, _) in ids {
        let failed = format!("it could not be found out where database {} lies", database.name);
        let output = Run::new("d1-info", &failed, SIGN_IN)
            .go(shop, wrangler(shop, tools).args(["d1", "info", &database.name, "--json"]))?;
        let objection = match lies(&output) {
            Lies::In(told) if told == JURISDICTION => continue,
            Lies::In(told) => format!("database {} lies in {told}, not in {JURISDICTION}", database.name),
            Lies::Anywhere => {
                format!("database {} lies in no jurisdiction, not in {JURISDICTION}", database.name)
            }
            Lies::Untold => {
                shop.board.say(&format!("  {}: the platform does not say where it lies", database.name));
                continue;
            }
        };
        return Err(Failure::new(objection).advice(
            "Nothing can move it. Give the database another name in wrangler.toml, and deploy again.",
        ));
    }
    Ok(())
}

/// Where a database lies, as the platform tells.
#[derive(Debug, PartialEq)]
enum Lies {
    /// In this jurisdiction.
    In(String),
    /// In none.
    Anywhere,
    /// It is not told.
    Untold,
}

/// Reads what `wrangler d1 info --json` tells. It prints what `GET /accounts/{account}/d1/database/{id}` answers, beside
/// counts of its own (wrangler 4.164.0, `src/d1/info.ts`); Cloudflare's schema of that answer, `d1_database-details-response`,
/// has `jurisdiction`, which is null where none was asked for. Warnings may stand before and behind.
fn lies(output: &str) -> Lies {
    let lines: Vec<&str> = output.lines().skip_while(|line| !line.starts_with('{')).collect();
    let text = lines.join("\n");
    let first = serde_json::Deserializer::from_str(&text).into_iter::<Value>().next();
    match first.and_then(Result::ok).as_ref().and_then(|told| told.get("jurisdiction")) {
        Some(Value::String(told)) => Lies::In(told.clone()),
        Some(_) => Lies::Anywhere,
        None => Lies::Untold,
    }
}

fn listed(shop: &Workshop, tools: &Tools) -> Result<Value, Failure> {
    let output = Run::new("d1-list", "the account's databases could not be listed", SIGN_IN)
        .go(shop, wrangler(shop, tools).args(["d1", "list", "--json"]))?;
    json(&output).ok_or_else(|| Failure::new("wrangler's list of databases is no JSON").tail(&output, 20))
}

fn id_of(listed: &Value, name: &str) -> Option<String> {
    let found =
        listed.as_array()?.iter().find(|database| database.get("name").is_some_and(|found| found == name))?;
    Some(found.get("uuid")?.as_str()?.to_owned())
}

fn ensure_bucket(shop: &Workshop, tools: &Tools, bucket: &str) -> Result<(), Failure> {
    let mut info = wrangler(shop, tools);
    info.args(["r2", "bucket", "info", bucket, "--jurisdiction", JURISDICTION]);
    let (status, _) = Run::new("r2-info", "wrangler could not be asked", SIGN_IN).attempt(shop, &mut info)?;
    if !status.success() {
        let mut create = wrangler(shop, tools);
        create.args(["r2", "bucket", "create", bucket, "--jurisdiction", JURISDICTION]);
        let failed = format!("bucket {bucket} could not be created");
        Run::new("r2-create", &failed, SIGN_IN).go(shop, &mut create)?;
    }
    let mut public = wrangler(shop, tools);
    public.args(["r2", "bucket", "dev-url", "get", bucket, "--jurisdiction", JURISDICTION]);
    let failed = format!("it could not be found out whether bucket {bucket} is public");
    let answer = Run::new("r2-public", &failed, SIGN_IN).go(shop, &mut public)?;
    if answer.contains("Public access is enabled") {
        return Err(Failure::new(format!("bucket {bucket} is open to the public")).advice(format!(
            "Close it at once: npx wrangler r2 bucket dev-url disable {bucket} --jurisdiction {JURISDICTION}"
        )));
    }
    let mut domains = wrangler(shop, tools);
    domains.args(["r2", "bucket", "domain", "list", bucket, "--jurisdiction", JURISDICTION]);
    let answer = Run::new("r2-domains", &failed, SIGN_IN).go(shop, &mut domains)?;
    if !answer.contains("There are no custom domains") {
        return Err(Failure::new(format!("bucket {bucket} is reached by a domain of its own")).advice(format!(
            "Close it at once: npx wrangler r2 bucket domain remove {bucket} --domain NAME --jurisdiction {JURISDICTION}"
        )));
    }
    Ok(())
}

/// A queue has no jurisdiction; what lies in it are ids.
fn ensure_queue(shop: &Workshop, tools: &Tools, queue: &str) -> Result<(), Failure> {
    let mut info = wrangler(shop, tools);
    info.args(["queues", "info", queue]);
    let (status, _) =
        Run::new("queues-info", "wrangler could not be asked", SIGN_IN).attempt(shop, &mut info)?;
    if status.success() {
        return Ok(());
    }
    let mut create = wrangler(shop, tools);
    create.args(["queues", "create", queue]);
    let failed = format!("queue {queue} could not be created");
    Run::new("queues-create", &failed, SIGN_IN).go(shop, &mut create).map(drop)
}

/// The names of the secrets that the Worker has; refuses where one is missing that it can't do without.
fn require_secrets(shop: &Workshop, tools: &Tools) -> Result<Vec<String>, Failure> {
    let run = Run::new("secrets", "the Worker's secrets could not be listed", SIGN_IN);
    // Before the first deployment there is no Worker, and so no list.
    let (_, output) =
        run.attempt(shop, wrangler(shop, tools).args(["secret", "list", "--format", "json"]))?;
    let known = secret_names(json(&output).as_ref());
    let missing: Vec<&str> = settings::REQUIRED_SECRETS
        .into_iter()
        .filter(|name| !known.iter().any(|known| known == name))
        .collect();
    if missing.is_empty() {
        return Ok(known);
    }
    let commands: Vec<String> =
        missing.iter().map(|name| format!("npx wrangler secret put {name} --config {CONFIG}")).collect();
    Err(Failure::new(format!("the Worker lacks {}", missing.join(", ")))
        .advice(format!("docs/operating.md says how to make and keep them. Then: {}", commands.join(" && "))))
}

fn secret_names(listed: Option<&Value>) -> Vec<String> {
    listed
        .and_then(Value::as_array)
        .map(|secrets| {
            secrets.iter().filter_map(|secret| Some(secret.get("name")?.as_str()?.to_owned())).collect()
        })
        .unwrap_or_default()
}

/// The JSON array in what wrangler printed; a warning may stand before it.
fn json(output: &str) -> Option<Value> {
    let lines: Vec<&str> = output.lines().skip_while(|line| !line.starts_with('[')).collect();
    serde_json::from_str(&lines.join("\n")).explain("").ok()
}

fn wrangler(shop: &Workshop, tools: &Tools) -> Command {
    let mut command = tools.program("wrangler");
    command.current_dir(&shop.root).args(["--config", CONFIG]).env("CI", "true");
    command
}

fn config_path(shop: &Workshop) -> PathBuf {
    shop.path(CONFIG)
}

fn told(plan: &Plan, settings: &Settings) -> String {
    let databases: Vec<&str> = plan.databases.iter().map(|database| database.name.as_str()).collect();
    let origin = settings.get("PUBLIC_ORIGIN").map_or("PUBLIC_ORIGIN, which is not set here", String::as_str);
    format!(
        "\nA deployment would\n\
         \x20 create where missing, with jurisdiction {JURISDICTION}: databases {}; buckets {}\n\
         \x20 create where missing: queues {}\n\
         \x20 require the secrets: {}\n\
         \x20 take, where they are set, the secrets: {}\n\
         \x20 apply the migrations, deploy the Worker and the files of {ASSETS}\n\
         \x20 be reached at {origin}\n",
        databases.join(", "),
        plan.buckets.join(", "),
        plan.queues.join(", "),
        settings::REQUIRED_SECRETS.join(", "),
        settings::SECRET.join(", "),
    )
}

#[cfg(test)]
mod tests {
    use super::{Lies, id_of, json, lies, secret_names};

    /// What `wrangler d1 info --json` prints.
    fn info(jurisdiction: &str) -> String {
        format!(
            "▲ [WARNING] something\n{{\n  \"uuid\": \"1-2-3\",\n  \"name\": \"loquet-shard-0\",\n  \
             \"created_at\": \"2026-11-21T18:00:00.000Z\",\n  \"num_tables\": 60,\n{jurisdiction}  \
             \"read_replication\": {{\n    \"mode\": \"disabled\"\n  }},\n  \"database_size\": 12288,\n  \
             \"read_queries_24h\": 0\n}}\n▲ [WARNING] a newer one is there\n"
        )
    }

    #[test]
    fn where_a_database_lies_is_read_back_as_far_as_it_is_told() {
        assert_eq!(lies(&info("  \"jurisdiction\": \"eu\",\n")), Lies::In("eu".to_owned()));
        assert_eq!(lies(&info("  \"jurisdiction\": null,\n")), Lies::Anywhere);
        assert_eq!(lies(&info("")), Lies::Untold);
        assert_eq!(lies("no JSON"), Lies::Untold);
    }

    #[test]
    fn the_secrets_that_are_there_are_read_and_none_before_the_first_deployment() {
        assert!(secret_names(None).is_empty());
        let listed =
            json("▲ [WARNING] something\n[\n  { \"name\": \"MASTER_KEY\", \"type\": \"secret_text\" }\n]\n");
        assert_eq!(secret_names(listed.as_ref()), ["MASTER_KEY"]);
    }

    #[test]
    fn a_database_is_found_by_its_whole_name() {
        let listed = json(
            "[{\"uuid\": \"1\", \"name\": \"loquet-shard-10\"}, {\"uuid\": \"2\", \"name\": \"loquet-shard-1\"}]",
        );
        assert_eq!(listed.and_then(|listed| id_of(&listed, "loquet-shard-1")).as_deref(), Some("2"));
    }
}
