//! A failed step has to help: what failed, the exact command, its last words, what a person can do.

use std::fmt;

/// Why a step did not work, in words for the person at the keyboard.
#[derive(Debug, Default)]
pub struct Failure {
    what: String,
    command: Option<String>,
    tail: Option<String>,
    advice: Option<String>,
    aside: bool,
}

impl Failure {
    /// A step that was ended because another one failed. It has nothing to tell beside that one.
    pub fn ended() -> Self {
        Self { what: "ended, because another step failed".to_owned(), aside: true, ..Self::default() }
    }

    /// Names what failed, as a sentence without its full stop.
    pub fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), ..Self::default() }
    }

    /// Adds the command as it can be pasted into a shell.
    pub fn command(mut self, command: impl Into<String>) -> Self {
        self.command = Some(command.into());
        self
    }

    /// Adds the last lines that the command printed.
    pub fn tail(mut self, output: &str, lines: usize) -> Self {
        self.tail = Some(last_lines(output, lines));
        self
    }

    /// Adds what a person can do now.
    pub fn advice(mut self, advice: impl Into<String>) -> Self {
        let advice = advice.into();
        self.advice = (!advice.is_empty()).then_some(advice);
        self
    }

    /// One failure that tells of both, so that a second broken thing is not found only after the first.
    pub fn and(self, other: &Failure) -> Self {
        if other.aside {
            return self;
        }
        if self.aside {
            return Self { what: other.to_string(), ..Self::default() };
        }
        Self { what: format!("{self}\n\n{other}"), ..Self::default() }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.what)?;
        if let Some(command) = &self.command {
            write!(out, "\n\n  command  {command}")?;
        }
        if let Some(tail) = self.tail.as_ref().filter(|tail| !tail.is_empty()) {
            write!(out, "\n\n")?;
            for line in tail.lines() {
                writeln!(out, "  | {line}")?;
            }
        }
        if let Some(advice) = &self.advice {
            write!(out, "\n  → {advice}")?;
        }
        Ok(())
    }
}

/// Turns an error of the standard library into a failure that says what was being done.
pub trait Explain<T> {
    /// Wraps the error: `what` reads as "… : <the error>".
    fn explain(self, what: impl fmt::Display) -> Result<T, Failure>;
}

impl<T, E: fmt::Display> Explain<T> for Result<T, E> {
    fn explain(self, what: impl fmt::Display) -> Result<T, Failure> {
        self.map_err(|error| Failure::new(format!("{what}: {error}")))
    }
}

fn last_lines(output: &str, lines: usize) -> String {
    let all: Vec<&str> = output.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect();
    all.get(all.len().saturating_sub(lines)..).unwrap_or_default().join("\n")
}

#[cfg(test)]
mod tests {
    use super::Failure;

    #[test]
    fn of_two_failures_the_one_that_was_only_ended_is_not_told() {
        let told = |first: Failure, second: Failure| first.and(&second).to_string();
        assert_eq!(told(Failure::new("npm"), Failure::ended()), "npm");
        assert_eq!(told(Failure::ended(), Failure::new("npm")), "npm");
        assert_eq!(told(Failure::new("npm"), Failure::new("apt")), "npm\n\napt");
    }

    #[test]
    fn a_failure_shows_the_command_its_last_lines_and_what_to_do() {
        let failure = Failure::new("trunk could not be installed")
            .command("cargo install trunk")
            .tail("one\ntwo\n\nthree\n", 2)
            .advice("Look at the network.");
        let text = failure.to_string();
        assert!(text.contains("command  cargo install trunk"), "{text}");
        assert!(text.contains("| two\n") && text.contains("| three\n") && !text.contains("| one"), "{text}");
        assert!(text.ends_with("→ Look at the network."), "{text}");
    }
}
