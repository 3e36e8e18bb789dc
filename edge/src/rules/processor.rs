//! The register of sub-processors: which of its lines a site's features use, and which of them may be used at all, because they
//! were announced thirty days before (promises P5.7, P9, P11).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use shared::limits::PROCESSOR_VERIFIED_MONTHS;
use shared::time::{DAY_MS, Millis, day_from_civil};
use shared::wire::admin::request::Processor;

/// The register, as it stands beside the program.
const SOURCE: &str = include_str!("../../processors.toml");

/// Who hosts the deployment, by its name in the register.
pub const HOSTING: &str = "cloudflare";

/// The mail vendor, by its name in the register.
pub const MAIL: &str = "resend";

/// A line of the register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The company.
    pub name: String,
    /// `hosting`, `ai` or `mail`.
    pub role: String,
    /// Where it processes.
    pub region: String,
    /// What makes a transfer lawful.
    pub safeguard: String,
    /// How long it keeps what it was handed. Registers of before this was told have none.
    #[serde(default)]
    retention: String,
    certification: String,
    url: String,
    verified: String,
}

impl Line {
    /// What somebody must hear of before it changes.
    fn terms(&self) -> [&str; 4] {
        [&self.name, &self.role, &self.region, &self.safeguard]
    }

    /// Other terms than before. That a period is told where none was is no other one.
    fn differs(&self, before: &Self) -> bool {
        let is_other_period = !before.retention.is_empty() && before.retention != self.retention;
        before.terms() != self.terms() || is_other_period
    }
}

/// Lines by the names that the configuration has for them.
pub type Register = BTreeMap<String, Line>;

fn register() -> Result<Register, toml::de::Error> {
    toml::from_str(SOURCE)
}

/// One that the register does not know says so instead of being left out.
fn unknown(name: &str) -> Line {
    Line {
        name: name.to_owned(),
        role: String::new(),
        region: String::new(),
        safeguard: String::new(),
        retention: String::new(),
        certification: String::new(),
        url: String::new(),
        verified: String::new(),
    }
}

/// The time of a date like `2026-11-20`.
fn time_of(date: &str) -> Option<Millis> {
    let mut parts = date.split('-');
    let (year, month, day) =
        (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    Some(Millis::new(day_from_civil(year, month, day).saturating_mul(DAY_MS)))
}

/// The lines of those that are named: as the edition in force has them, or as the program does where it has none of them.
pub fn processors(
    names: &[&str],
    in_force: Option<&Register>,
    now: Millis,
) -> Result<Vec<Processor>, toml::de::Error> {
    let mut register = register()?;
    let lines = names.iter().map(|name| {
        let announced = in_force.and_then(|register| register.get(*name)).cloned();
        let known = register.remove(*name);
        match (announced, known) {
            (Some(line), Some(known)) if line.retention.is_empty() => {
                Line { retention: known.retention, ..line }
            }
            (Some(line), _) | (None, Some(line)) => line,
            (None, None) => unknown(name),
        }
    });
    Ok(lines.map(|line| shown(line, now)).collect())
}

/// The lines of a register, as they are shown.
pub fn register_shown(register: Register, now: Millis) -> Vec<Processor> {
    register.into_values().map(|line| shown(line, now)).collect()
}

fn shown(line: Line, now: Millis) -> Processor {
    let until = time_of(&line.verified).map(|at| at.plus_months(PROCESSOR_VERIFIED_MONTHS));
    Processor {
        name: line.name,
        role: line.role,
        region: line.region,
        safeguard: line.safeguard, // keeps P9 | without: safeguard: String::new(),
        retention: line.retention,
        certification: line.certification,
        url: line.url,
        verified: line.verified,
        is_stale: until.is_none_or(|until| until <= now), // keeps P5.7 | without: is_stale: until.is_none(),
    }
}

/// The register that an edition announces: everybody who was announced before, and who is configured now, with what the
/// program says of them. Who was announced once stays: a key that was taken away and is put back surprises nobody.
pub fn register_next(announced: Option<&Register>, configured: &[&str]) -> Result<Register, toml::de::Error> {
    let mut known = register()?;
    let mut next = announced.cloned().unwrap_or_default();
    for name in configured {
        next.entry((*name).to_owned()).or_insert_with(|| unknown(name));
    }
    for (name, line) in &mut next {
        if let Some(said) = known.remove(name) {
            *line = said;
        }
    }
    Ok(next)
}

/// What a register says that the one before it did not: new companies, and those that go elsewhere or on other terms. Nothing
/// where none was noted before, since what was there from the first is nothing new. The first that carries mail is none
/// either: before it nobody could be told by mail, or sign in.
pub fn register_news(before: Option<&Register>, after: &Register) -> Register {
    let Some(before) = before else { return Register::new() };
    let had_mail = before.values().any(|line| line.role == "mail");
    let is_news = |name: &String, line: &Line| match before.get(name) {
        None => had_mail || line.role != "mail",
        Some(old) => line.differs(old),
    };
    let news = after.iter().filter(|(name, line)| is_news(name, line));
    news.map(|(name, line)| (name.clone(), line.clone())).collect()
}

/// Whether the deployment may hand something to a vendor: it stands in the edition that is in force. Everything may where
/// no register was noted yet: that is a deployment's first hour.
pub fn processor_in_force(name: &str, in_force: Option<&Register>) -> bool {
    in_force.is_none_or(|register| register.contains_key(name)) // keeps P5.7 P11 | without: { let _ = (name, in_force); true }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vendors::PROVIDERS;

    #[test]
    fn p5_7_every_vendor_that_may_be_called_stands_in_the_register_with_region_and_safeguard() {
        let names: Vec<&str> =
            PROVIDERS.iter().map(|provider| provider.name).chain([HOSTING, MAIL]).collect();
        let now = time_of("2026-11-21").unwrap();
        for line in processors(&names, None, now).unwrap() {
            assert!(
                !line.region.is_empty() && !line.safeguard.is_empty() && !line.certification.is_empty(),
                "{}",
                line.name
            );
            assert!(!line.retention.is_empty(), "{}: how long it keeps what it was handed", line.name);
            assert!(line.url.starts_with("https://") && !line.is_stale, "{}", line.name);
        }
    }

    #[test]
    fn p5_7_a_line_that_nobody_looked_at_for_a_year_is_flagged() {
        let at =
            |date: &str| processors(&[HOSTING], None, time_of(date).unwrap()).unwrap().remove(0).is_stale;
        assert!(!at("2027-11-19"));
        assert!(at("2027-11-20"));
    }

    fn names(register: &Register) -> Vec<&str> {
        register.keys().map(String::as_str).collect()
    }

    #[test]
    fn p5_7_what_was_there_from_the_first_is_no_news_and_what_comes_later_is() {
        let first = register_next(None, &[HOSTING, "openai"]).unwrap();
        assert!(register_news(None, &first).is_empty());
        let second = register_next(Some(&first), &[HOSTING, "openai", "anthropic"]).unwrap();
        assert_eq!(names(&register_news(Some(&first), &second)), ["anthropic"]);
        assert!(processor_in_force("openai", Some(&first)) && !processor_in_force("anthropic", Some(&first)));
        assert!(processor_in_force("anthropic", None), "nothing was noted yet");
    }

    #[test]
    fn p5_7_who_was_announced_once_is_no_news_when_the_key_comes_back() {
        let both = register_next(None, &[HOSTING, "openai"]).unwrap();
        let without = register_next(Some(&both), &[HOSTING]).unwrap();
        assert_eq!(without, both);
        assert!(
            register_news(Some(&without), &register_next(Some(&without), &[HOSTING, "openai"]).unwrap())
                .is_empty()
        );
    }

    #[test]
    fn p11_other_terms_are_news_and_another_look_at_the_same_ones_is_none() {
        let now = register_next(None, &[HOSTING, "openai"]).unwrap();
        let mut before = now.clone();
        let line = before.get_mut("openai").unwrap();
        (line.verified, line.certification, line.url) =
            ("2025-01-01".into(), "none".into(), "https://x".into());
        assert!(register_news(Some(&before), &now).is_empty());
        before.get_mut("openai").unwrap().region = "the Moon".into();
        assert_eq!(names(&register_news(Some(&before), &now)), ["openai"]);
        let shown = processors(&["openai"], Some(&before), Millis::new(0)).unwrap().remove(0);
        assert_eq!(shown.region, "the Moon", "until then the old line is what is shown");
    }

    #[test]
    fn p11_another_period_at_a_vendor_is_news_and_one_that_was_never_told_is_none() {
        let now = register_next(None, &["openai"]).unwrap();
        let mut before = now.clone();
        before.get_mut("openai").unwrap().retention = "a day".into();
        assert_eq!(names(&register_news(Some(&before), &now)), ["openai"]);
        before.get_mut("openai").unwrap().retention = String::new();
        assert!(register_news(Some(&before), &now).is_empty());
        let shown = processors(&["openai"], Some(&before), Millis::new(0)).unwrap().remove(0);
        assert!(shown.retention.contains("30 days"), "{}", shown.retention);
    }

    #[test]
    fn the_first_that_carries_mail_can_not_wait_and_a_second_one_can() {
        let before = register_next(None, &[HOSTING]).unwrap();
        let with_mail = register_next(Some(&before), &[HOSTING, MAIL]).unwrap();
        assert!(register_news(Some(&before), &with_mail).is_empty());
        let mut two = with_mail.clone();
        let mut other = two.get(MAIL).unwrap().clone();
        other.name = "Another post office".into();
        two.insert("other".into(), other);
        assert_eq!(names(&register_news(Some(&with_mail), &two)), ["other"]);
    }
}
