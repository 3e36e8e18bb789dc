//! Runs other programs: output into a log, a deadline where one is wise, a failure that can be acted on.

use std::ffi::OsStr;
use std::fs::File;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::failure::{Explain, Failure};
use crate::progress::now;
use crate::workshop::Workshop;

const POLL: Duration = Duration::from_millis(40);
const TAIL_LINES: usize = 40;

/// What `cargo run` leaves in the environment; inherited, it makes other cargo calls rebuild needlessly.
const LEFT_BY_CARGO: [&str; 6] =
    ["CARGO", "CARGO_MAKEFLAGS", "MAKEFLAGS", "LD_LIBRARY_PATH", "OUT_DIR", "RUST_RECURSION_COUNT"];

/// A command that starts from the user's own environment, as if typed into a shell.
pub fn program(name: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(name);
    for (key, _) in std::env::vars_os() {
        let text = key.to_string_lossy();
        if LEFT_BY_CARGO.contains(&&*text)
            || text.starts_with("CARGO_PKG_")
            || text.starts_with("CARGO_MANIFEST_")
            || text.starts_with("CARGO_BIN_")
        {
            command.env_remove(&key);
        }
    }
    command.stdin(Stdio::null());
    command
}

/// How one run is to be treated.
pub struct Run<'a> {
    /// Names the log file below `target/xtask/logs`.
    pub log: &'a str,
    /// What failed, if it fails.
    pub what: &'a str,
    /// What a person can do then.
    pub advice: &'a str,
    /// How many of its last lines a failure shows.
    pub tail: usize,
    /// None waits for ever.
    pub deadline: Option<Duration>,
}

impl<'a> Run<'a> {
    /// A run without deadline.
    pub fn new(log: &'a str, what: &'a str, advice: &'a str) -> Self {
        Self { log, what, advice, tail: TAIL_LINES, deadline: None }
    }

    /// Runs to the end and hands back what was printed; anything but success is a failure.
    pub fn go(&self, shop: &Workshop, command: &mut Command) -> Result<String, Failure> {
        let (status, output) = self.attempt(shop, command)?;
        if status.success() { Ok(output) } else { Err(self.failure(shop, command, &output)) }
    }

    /// Runs to the end and hands back status and output, whichever they are.
    pub fn attempt(&self, shop: &Workshop, command: &mut Command) -> Result<(ExitStatus, String), Failure> {
        let folder = shop.scratch("logs");
        std::fs::create_dir_all(&folder).explain("the log folder could not be made")?;
        let path = folder.join(format!("{}.log", self.log));
        let log = File::create(&path).explain("the log could not be written")?;
        let twin = log.try_clone().explain("the log could not be written")?;
        let started = command.stdout(log).stderr(twin).spawn();
        let mut child = started.map_err(|error| {
            Failure::new(format!("{}: {error}", self.what)).command(shown(command)).advice(self.advice)
        })?;
        let status = self.wait(shop, &mut child)?;
        let bytes = std::fs::read(&path).explain("the log could not be read")?;
        let output = String::from_utf8_lossy(&bytes).into_owned();
        match status {
            Some(status) => Ok((status, output)),
            None => Err(Failure::new(format!("{}: no end in sight", self.what))
                .command(shown(command))
                .tail(&output, self.tail)
                .advice(self.advice)),
        }
    }

    /// The failure of this run, with the end of its output.
    pub fn failure(&self, shop: &Workshop, command: &Command, output: &str) -> Failure {
        let log = shop.scratch("logs").join(format!("{}.log", self.log));
        let advice = if self.advice.is_empty() { String::new() } else { format!("{}\n  → ", self.advice) };
        Failure::new(self.what)
            .command(shown(command))
            .tail(output, self.tail)
            .advice(format!("{advice}All of the output: {}", log.display()))
    }

    fn wait(&self, shop: &Workshop, child: &mut Child) -> Result<Option<ExitStatus>, Failure> {
        let begun = now();
        loop {
            if let Some(status) = child.try_wait().explain(self.what)? {
                return Ok(Some(status));
            }
            if shop.given_up.load(Ordering::SeqCst) {
                let _ = child.kill();
                let _ = child.wait();
                return Err(Failure::ended());
            }
            if self.deadline.is_some_and(|deadline| begun.elapsed() > deadline) {
                let _ = child.kill();
                let _ = child.wait();
                return Ok(None);
            }
            std::thread::sleep(POLL);
        }
    }
}

/// Asks a program something short; None when it is missing or says no.
pub fn ask(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The absolute path of a program on PATH.
pub fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// The command as a person would type it: folder, variables, program, arguments.
pub fn shown(command: &Command) -> String {
    let mut words = Vec::new();
    if let Some(folder) = command.get_current_dir() {
        words.push(format!("cd {} &&", quoted(&folder.to_string_lossy())));
    }
    let inherited = std::env::var("PATH").unwrap_or_default();
    for (key, value) in command.get_envs() {
        let (key, Some(value)) = (key.to_string_lossy(), value) else { continue };
        let value = value.to_string_lossy();
        match value.strip_suffix(&inherited).filter(|_| key == "PATH") {
            Some(added) => words.push(format!("PATH={}\"$PATH\"", quoted(added))),
            None => words.push(format!("{key}={}", quoted(&value))),
        }
    }
    words.push(quoted(&command.get_program().to_string_lossy()));
    words.extend(command.get_args().map(|word| quoted(&word.to_string_lossy())));
    words.join(" ")
}

fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@,+".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::{ask, program, shown};

    #[test]
    fn a_shown_command_can_be_pasted_into_a_shell() {
        let mut command = program("echo");
        command.current_dir("/tmp").env("FLAGS", "-a -b").arg("it's").arg("plain/word");
        let text = shown(&command);
        assert_eq!(text, r"cd /tmp && FLAGS='-a -b' echo 'it'\''s' plain/word");
        let mut shell = program("sh");
        assert_eq!(ask(shell.arg("-c").arg(text)).as_deref(), Some("it's plain/word\n"));
    }

    #[test]
    fn a_missing_program_answers_nothing() {
        assert_eq!(ask(&mut program("no-such-program-here")), None);
    }
}
