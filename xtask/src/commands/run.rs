//! `cargo xtask run`: from a fresh clone to a running deployment on this machine.

use std::io::Write;
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::build::{self, Audience};
use crate::command::Run;
use crate::failure::{Explain, Failure};
use crate::progress::{clock, now};
use crate::stamp::Stamp;
use crate::tools::{Need, Tools};
use crate::workshop::Workshop;
use crate::{cron, files, http};

use super::server::Server;
use super::settings;

const STATE: &str = ".wrangler/state";
const DATABASES: [&str; 3] = ["DIRECTORY", "SHARD_0", "SHARD_1"];

/// Builds, migrates, serves, seeds; then fires due crons until it is told to stop.
pub fn run(shop: &Workshop) -> Result<(), Failure> {
    let begun = now();
    let port = port()?;
    let tools = Tools::ready(shop, Need::Build)?;
    build::everything(shop, &tools, &shop.path("dist"), Audience::Developers)?;
    let vars = vars(shop, port)?;
    migrate(shop, &tools)?;
    let stopping = Arc::new(AtomicBool::new(false));
    let stop = Arc::clone(&stopping);
    ctrlc::set_handler(move || stop.store(true, Ordering::SeqCst)).explain("Ctrl-C can't be listened to")?;
    let mut server = Server::start(shop, &tools, port, &vars, STATE)?;
    let served = shop
        .board
        .step("server", || server.wait_until_alive(&stopping))
        .and_then(|()| seed(shop, port))
        .and_then(|()| {
            shop.board.say(&greeting(port, &clock(begun.elapsed())));
            fire_crons(shop, &mut server, port, &stopping)
        });
    drop(server);
    if stopping.load(Ordering::SeqCst) {
        shop.board.say(&format!("\nStopped. What was written stays in {STATE}."));
        return Ok(());
    }
    served
}

fn port() -> Result<u16, Failure> {
    let text = std::env::var("PORT").unwrap_or_else(|_| "8787".to_owned());
    let port = text.parse().explain(format!("PORT is \"{text}\", which is no port"))?;
    TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], port))).map(drop).map_err(|error| {
        Failure::new(format!("port {port} can't be used: {error}"))
            .advice("Stop what listens there, or choose another port: PORT=8788 cargo xtask run")
    })?;
    Ok(port)
}

/// Makes `.dev.vars` where it is missing and writes the settings of this run; hands back that file's path.
fn vars(shop: &Workshop, port: u16) -> Result<PathBuf, Failure> {
    let file = shop.path(".dev.vars");
    if !file.exists() {
        write_private(&file, &settings::first_vars(&settings::random_key()?))?;
        shop.board.say("  .dev.vars was made, with a master key of its own");
    }
    let of_run = settings::of_run(port, &files::read(&file)?, std::env::vars());
    if !of_run.contains_key("MASTER_KEY") {
        return Err(Failure::new(".dev.vars holds no MASTER_KEY")
            .advice("Add MASTER_KEY=<32 bytes in base64>; for instance from: openssl rand -base64 32"));
    }
    let merged = shop.path(".wrangler/run.env");
    write_private(&merged, &settings::as_env_file(&of_run))?;
    Ok(merged)
}

fn write_private(path: &Path, content: &str) -> Result<(), Failure> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).explain(folder.display())?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    let mut file = options.open(path).explain(path.display())?;
    file.set_permissions(std::fs::Permissions::from_mode(0o600)).explain(path.display())?;
    file.write_all(content.as_bytes()).explain(path.display())
}

fn migrate(shop: &Workshop, tools: &Tools) -> Result<(), Failure> {
    let stamp = Stamp::of(shop, "migrations", &[shop.path("migrations"), shop.path("wrangler.toml")], "")?;
    if stamp.is_fresh(&shop.path(STATE).join("v3/d1")) {
        return Ok(());
    }
    shop.board.step("migrations", || {
        DATABASES.iter().try_for_each(|binding| {
            let mut wrangler = tools.program("wrangler");
            wrangler.current_dir(&shop.root).args(["d1", "migrations", "apply", binding]);
            wrangler.args(["--local", "--persist-to", STATE]).env("CI", "true");
            let log = format!("migrate-{binding}");
            let failed = format!("{binding} could not be migrated");
            let advice = format!("To begin with empty databases: rm -r {STATE}");
            Run::new(&log, &failed, &advice).go(shop, &mut wrangler).map(drop)
        })
    })?;
    stamp.keep()
}

fn seed(shop: &Workshop, port: u16) -> Result<(), Failure> {
    shop.board.step("demo data", || {
        let data = files::read(&shop.path("demo/data.json"))?;
        let reply = http::send(port, "POST", "/dev/seed", &data)?;
        if (200..300).contains(&reply.status) {
            return Ok(());
        }
        Err(Failure::new(format!("the demo data was refused with status {}", reply.status))
            .tail(&reply.body, 20))
    })
}

fn fire_crons(shop: &Workshop, server: &mut Server, port: u16, stopping: &AtomicBool) -> Result<(), Failure> {
    let expressions = cron::expressions(&files::read(&shop.path("wrangler.toml"))?);
    let mut last = this_minute();
    while !stopping.load(Ordering::SeqCst) {
        std::thread::sleep(Duration::from_millis(200));
        server.still_runs()?;
        let minute = this_minute();
        if minute == last {
            continue;
        }
        last = minute;
        for expression in expressions.iter().filter(|expression| cron::is_due(expression, minute)) {
            let answer = http::send(port, "GET", &cron::address(expression, minute), "");
            if !answer.is_ok_and(|reply| reply.status == 200) {
                shop.board
                    .say(&format!("  the cron \"{expression}\" failed; what the server says stands above"));
            }
        }
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "crons follow the real clock; the Worker is told the time")]
fn this_minute() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    since.as_secs() / 60
}

fn greeting(port: u16, elapsed: &str) -> String {
    format!(
        "\n  Loquet runs (ready after {elapsed}).\n\n\
         \x20 Demo       http://127.0.0.1:{port}/demo/   a hotel's page; the chat comes from localhost, another site\n\
         \x20 Dashboard  http://localhost:{port}/dev/sign-in   signs in as the demo's owner\n\
         \x20 Outbox     http://localhost:{port}/dev/outbox   mails that would have been sent\n\n\
         \x20 Answers come from the hotel's own knowledge. To plug in a model, put OPENAI_API_KEY (and\n\
         \x20 OPENAI_BASE_URL, for any server that speaks Chat Completions) or ANTHROPIC_API_KEY into\n\
         \x20 .dev.vars and start again.\n\n\
         \x20 Ctrl-C stops it.\n"
    )
}
