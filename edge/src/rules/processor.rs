//! The register of sub-processors, and which of its lines a site's features use (promises P5.7, P9).

use std::collections::BTreeMap;

use serde::Deserialize;
use shared::limits::PROCESSOR_VERIFIED_MONTHS;
use shared::time::{DAY_MS, Millis, day_from_civil};
use shared::wire::admin::request::Processor;

/// The register, as it stands beside the program.
const SOURCE: &str = include_str!("../../processors.toml");

/// Who hosts the deployment, by its name in the register.
pub const HOSTING: &str = "cloudflare";

#[derive(Deserialize)]
struct Line {
    name: String,
    role: String,
    region: String,
    safeguard: String,
    certification: String,
    url: String,
    verified: String,
}

fn register() -> Result<BTreeMap<String, Line>, toml::de::Error> {
    toml::from_str(SOURCE)
}

/// The time of a date like `2026-11-20`.
fn time_of(date: &str) -> Option<Millis> {
    let mut parts = date.split('-');
    let (year, month, day) =
        (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    Some(Millis::new(day_from_civil(year, month, day).saturating_mul(DAY_MS)))
}

/// The lines of those that are named; one that the register does not know says so instead of being left out.
pub fn processors(names: &[&str], now: Millis) -> Result<Vec<Processor>, toml::de::Error> {
    let mut register = register()?;
    Ok(names
        .iter()
        .map(|name| match register.remove(*name) {
            Some(line) => {
                let until = time_of(&line.verified).map(|at| at.plus_months(PROCESSOR_VERIFIED_MONTHS));
                Processor {
                    name: line.name,
                    role: line.role,
                    region: line.region,
                    safeguard: line.safeguard, // keeps P9 | without: safeguard: String::new(),
                    certification: line.certification,
                    url: line.url,
                    verified: line.verified,
                    is_stale: until.is_none_or(|until| until <= now), // keeps P5.7 | without: is_stale: until.is_none(),
                }
            }
            None => Processor {
                name: (*name).to_owned(),
                role: String::new(),
                region: String::new(),
                safeguard: String::new(),
                certification: String::new(),
                url: String::new(),
                verified: String::new(),
                is_stale: true,
            },
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vendors::PROVIDERS;

    #[test]
    fn p5_7_every_vendor_that_may_be_called_stands_in_the_register_with_region_and_safeguard() {
        let names: Vec<&str> =
            PROVIDERS.iter().map(|provider| provider.name).chain([HOSTING, "resend"]).collect();
        let now = time_of("2026-11-21").unwrap();
        for line in processors(&names, now).unwrap() {
            assert!(
                !line.region.is_empty() && !line.safeguard.is_empty() && !line.certification.is_empty(),
                "{}",
                line.name
            );
            assert!(line.url.starts_with("https://") && !line.is_stale, "{}", line.name);
        }
    }

    #[test]
    fn p5_7_a_line_that_nobody_looked_at_for_a_year_is_flagged() {
        let at = |date: &str| processors(&[HOSTING], time_of(date).unwrap()).unwrap().remove(0).is_stale;
        assert!(!at("2027-11-19"));
        assert!(at("2027-11-20"));
    }
}
