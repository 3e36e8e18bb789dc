//! Waiting is bearable when one sees what for: every step prints its name and its time.
//!
//! On a terminal one line ticks below the finished steps; elsewhere (CI) a line comes every twenty seconds.

use std::io::{IsTerminal, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::failure::Failure;

const QUIET_INTERVAL_S: u64 = 20;

/// The list of steps under way, shared by the threads that work on them.
#[derive(Clone)]
pub struct Board {
    steps: Arc<Mutex<Steps>>,
    terminal: bool,
}

#[derive(Default)]
struct Steps {
    active: Vec<(usize, String, Instant)>,
    next: usize,
    closed: bool,
}

impl Board {
    /// Opens the board and starts its clock.
    pub fn open() -> Self {
        let board =
            Self { steps: Arc::new(Mutex::new(Steps::default())), terminal: std::io::stdout().is_terminal() };
        let ticking = board.clone();
        std::thread::spawn(move || ticking.tick());
        board
    }

    /// Runs one step under its name; says how long it took.
    pub fn step<T>(&self, name: &str, work: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
        let begun = now();
        let number = {
            let mut steps = self.lock();
            let number = steps.next;
            steps.next += 1;
            steps.active.push((number, name.to_owned(), begun));
            number
        };
        let done = work();
        let mark = if done.is_ok() { "✓" } else { "✗" };
        self.lock().active.retain(|(other, _, _)| *other != number);
        self.say(&format!("{mark} {name}  {}", clock(begun.elapsed())));
        done
    }

    /// Prints a line above the ticking one.
    pub fn say(&self, line: &str) {
        let steps = self.lock();
        self.wipe();
        println!("{line}");
        drop(steps);
    }

    /// Stops the ticking, before a result or an error is printed.
    pub fn close(&self) {
        self.lock().closed = true;
        self.wipe();
    }

    fn lock(&self) -> MutexGuard<'_, Steps> {
        self.steps.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wipe(&self) {
        if self.terminal {
            print!("\r\x1b[2K");
        }
    }

    fn tick(&self) {
        let mut seconds = 0_u64;
        loop {
            std::thread::sleep(Duration::from_secs(1));
            seconds += 1;
            let steps = self.lock();
            if steps.closed {
                return;
            }
            if steps.active.is_empty() {
                continue;
            }
            let now: Vec<String> = steps
                .active
                .iter()
                .map(|(_, name, begun)| format!("{name} {}", clock(begun.elapsed())))
                .collect();
            let line = format!("… {}", now.join(" · "));
            if self.terminal {
                print!("\r\x1b[2K{}", line.chars().take(100).collect::<String>());
                let _ = std::io::stdout().flush();
            } else if seconds.is_multiple_of(QUIET_INTERVAL_S) {
                println!("{line}");
            }
        }
    }
}

/// Reads the machine's clock. Only durations are taken from it.
#[expect(clippy::disallowed_methods, reason = "a build tool measures real time, and runs on no wasm")]
pub fn now() -> Instant {
    Instant::now()
}

/// `75 s` reads worse than `1:15`.
pub fn clock(elapsed: Duration) -> String {
    let seconds = elapsed.as_secs();
    if seconds < 60 {
        format!("{seconds}.{} s", elapsed.subsec_millis() / 100)
    } else {
        format!("{}:{:02} min", seconds / 60, seconds % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::clock;
    use std::time::Duration;

    #[test]
    fn elapsed_times_read_as_people_say_them() {
        assert_eq!(clock(Duration::from_millis(1234)), "1.2 s");
        assert_eq!(clock(Duration::from_secs(75)), "1:15 min");
        assert_eq!(clock(Duration::from_secs(605)), "10:05 min");
    }
}
