//! The local server: wrangler and the runtime that it starts, from first breath to a clean end.

use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::command::{program, shown};
use crate::failure::{Explain, Failure};
use crate::http;
use crate::progress::now;
use crate::tools::Tools;
use crate::workshop::Workshop;

const START_DEADLINE: Duration = Duration::from_secs(60);
const STOP_DEADLINE: Duration = Duration::from_secs(8);

/// A started server. It is ended when it is dropped.
pub struct Server {
    child: Child,
    port: u16,
    voice: Arc<Voice>,
}

/// What the server says. Its greetings are of interest only if it does not come up.
#[derive(Default)]
struct Voice {
    alive: AtomicBool,
    before: Mutex<String>,
}

impl Server {
    /// Starts wrangler on 127.0.0.1 with the settings in `vars` and everything it writes below `state`.
    pub fn start(
        shop: &Workshop,
        tools: &Tools,
        port: u16,
        vars: &Path,
        state: &str,
    ) -> Result<Self, Failure> {
        let mut wrangler = tools.program("wrangler");
        wrangler
            .current_dir(&shop.root)
            .args(["dev", "--local", "--ip", "127.0.0.1", "--port", &port.to_string(), "--persist-to", state])
            .args(["--show-interactive-dev-session=false", "--log-level=warn", "--env-file"])
            .arg(vars)
            .env("CLOUDFLARE_CF_FETCH_ENABLED", "false")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            // Its own group: a Ctrl-C reaches it once, through `drop`, and all of its children with it.
            .process_group(0);
        let mut child = wrangler.spawn().map_err(|error| {
            Failure::new(format!("wrangler could not be started: {error}")).command(shown(&wrangler))
        })?;
        let voice = Arc::new(Voice::default());
        if let Some(output) = child.stdout.take() {
            listen(shop, &voice, output);
        }
        if let Some(output) = child.stderr.take() {
            listen(shop, &voice, output);
        }
        Ok(Self { child, port, voice })
    }

    /// Waits for the first good answer of `/healthz`, or until `stopping` is set.
    pub fn wait_until_alive(&mut self, stopping: &AtomicBool) -> Result<(), Failure> {
        let begun = now();
        while !stopping.load(Ordering::SeqCst) {
            if http::send(self.port, "GET", "/healthz", "").is_ok_and(|reply| reply.status == 200) {
                self.voice.alive.store(true, Ordering::SeqCst);
                return Ok(());
            }
            self.still_runs().map_err(|failure| failure.tail(&self.voice.before(), 40))?;
            if begun.elapsed() > START_DEADLINE {
                return Err(Failure::new(format!("http://localhost:{}/healthz does not answer", self.port))
                    .tail(&self.voice.before(), 40));
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        Err(Failure::new("stopped before the server answered"))
    }

    /// A failure if the server ended by itself.
    pub fn still_runs(&mut self) -> Result<(), Failure> {
        match self.child.try_wait().explain("the server")? {
            Some(status) => Err(Failure::new(format!("the server ended by itself: {status}"))),
            None => Ok(()),
        }
    }
}

impl Drop for Server {
    /// Ends the server and its children: politely, then not.
    fn drop(&mut self) {
        let group = format!("-{}", self.child.id());
        let _ = program("kill").args(["-TERM", "--", &group]).status();
        let begun = now();
        while begun.elapsed() < STOP_DEADLINE {
            if self.child.try_wait().is_ok_and(|status| status.is_some()) {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        let _ = program("kill").args(["-KILL", "--", &group]).status();
        let _ = self.child.wait();
    }
}

impl Voice {
    fn before(&self) -> MutexGuard<'_, String> {
        self.before.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Collects what the server says, and passes it on between our own lines once it is alive.
fn listen(shop: &Workshop, voice: &Arc<Voice>, output: impl Read + Send + 'static) {
    let board = shop.board.clone();
    let voice = Arc::clone(voice);
    std::thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if voice.alive.load(Ordering::SeqCst) {
                board.say(&format!("  {line}"));
            } else {
                let mut before = voice.before();
                before.push_str(&line);
                before.push('\n');
            }
        }
    });
}
