//! Counts tests over runners that each speak their own way.

/// How many tests ran, and how they ended.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tally {
    /// Ended well.
    pub passed: u64,
    /// Did not.
    pub failed: u64,
    /// Were left out. None may be.
    pub skipped: u64,
}

impl Tally {
    /// Both together.
    pub fn plus(self, other: Tally) -> Tally {
        Tally {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
            skipped: self.skipped + other.skipped,
        }
    }
}

/// Reads the closing lines of every test binary in cargo's output.
pub fn of_cargo(output: &str) -> Tally {
    output.lines().filter_map(|line| line.trim().strip_prefix("test result: ")).fold(
        Tally::default(),
        |sum, line| {
            sum.plus(Tally {
                passed: before(line, " passed"),
                failed: before(line, " failed"),
                skipped: before(line, " ignored"),
            })
        },
    )
}

/// Reads the closing lines of node's test runner (`# pass 3` or `ℹ pass 3`).
pub fn of_node(output: &str) -> Tally {
    let count = |word: &str| {
        output
            .lines()
            .filter_map(|line| line.strip_prefix("# ").or_else(|| line.strip_prefix("ℹ ")))
            .filter_map(|line| line.strip_prefix(word)?.trim().parse::<u64>().ok())
            .sum::<u64>()
    };
    Tally {
        passed: count("pass "),
        failed: count("fail ") + count("cancelled "),
        skipped: count("skipped ") + count("todo "),
    }
}

fn before(line: &str, word: &str) -> u64 {
    line.split_once(word).and_then(|(start, _)| start.rsplit(' ').next()?.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{Tally, of_cargo, of_node};

    #[test]
    fn cargos_binaries_are_summed() {
        let output = "running 3 tests\ntest result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out\n\
                      test result: FAILED. 10 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out\n";
        assert_eq!(of_cargo(output), Tally { passed: 13, failed: 2, skipped: 1 });
    }

    #[test]
    fn a_test_that_was_cancelled_or_is_still_to_do_does_not_count_as_passed() {
        let output = "ℹ tests 9\nℹ suites 2\nℹ pass 5\nℹ fail 1\nℹ cancelled 1\nℹ skipped 1\nℹ todo 1\n";
        assert_eq!(of_node(output), Tally { passed: 5, failed: 2, skipped: 2 });
    }
}
