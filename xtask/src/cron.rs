//! Locally nobody fires the cron triggers, so `run` does: this says which are due in a minute.

/// The cron expressions in `wrangler.toml`'s `crons = […]`.
pub fn expressions(config: &str) -> Vec<String> {
    let line = config.lines().find(|line| line.starts_with("crons")).unwrap_or_default();
    line.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Whether an expression is due in the minute that begins `minute` minutes after 1970 (UTC). Minute and
/// hour are looked at; days and months must be `*`, which is all that this project uses.
pub fn is_due(expression: &str, minute: u64) -> bool {
    let fields: Vec<&str> = expression.split(' ').collect();
    let [of_minute, of_hour, "*", "*", "*"] = fields.as_slice() else { return false };
    field_matches(of_minute, minute % 60) && field_matches(of_hour, minute / 60 % 24)
}

/// The address at which the local runtime fires a trigger as if it were that minute.
pub fn address(expression: &str, minute: u64) -> String {
    let time_ms = minute.saturating_mul(60_000);
    format!(
        "/cdn-cgi/handler/scheduled?cron={}&time={time_ms}",
        expression.replace(' ', "+").replace('/', "%2F")
    )
}

fn field_matches(field: &str, value: u64) -> bool {
    match field.strip_prefix("*/") {
        Some(step) => step.parse::<u64>().is_ok_and(|step| value.is_multiple_of(step)),
        None => field == "*" || field.parse() == Ok(value),
    }
}

#[cfg(test)]
mod tests {
    use super::{address, expressions, is_due};

    #[test]
    fn expressions_are_read_from_the_configuration() {
        let config = "[triggers]\ncrons = [\"*/5 * * * *\", \"17 * * * *\"]\n";
        assert_eq!(expressions(config), ["*/5 * * * *", "17 * * * *"]);
    }

    #[test]
    fn a_trigger_is_fired_with_the_time_it_was_due() {
        assert_eq!(address("*/5 * * * *", 10), "/cdn-cgi/handler/scheduled?cron=*%2F5+*+*+*+*&time=600000");
    }

    #[test]
    fn each_trigger_fires_in_its_minutes_and_in_no_other() {
        let day = 24 * 60;
        let times = |expression: &str| (0..day).filter(|minute| is_due(expression, *minute)).count();
        assert_eq!(times("*/5 * * * *"), 288);
        assert_eq!(times("17 * * * *"), 24);
        assert_eq!(times("30 3 * * *"), 1);
        assert!(is_due("30 3 * * *", 20_000 * day + 3 * 60 + 30));
        assert_eq!(times("not a cron"), 0);
    }
}
