//! The settings that the Worker reads, where they come from, and which of them are secret.

use std::collections::BTreeMap;

use crate::failure::{Explain, Failure};

/// Settings that may be seen: they go into the deployed configuration.
const OPEN: [&str; 10] = [
    "PUBLIC_ORIGIN",
    "APP_ORIGIN",
    "SIGN_UP",
    "MAIL_FROM",
    "OPERATOR_EMAIL",
    "RESEND_BASE_URL",
    "OPENAI_BASE_URL",
    "OPENAI_MODEL",
    "ANTHROPIC_BASE_URL",
    "ANTHROPIC_MODEL",
];

/// Names of the publisher's particulars begin so; they may be seen, too.
const PLATFORM: &str = "PLATFORM_";

/// Settings that only the platform's store of secrets may hold.
pub const SECRET: [&str; 7] = [
    "MASTER_KEY",
    "MASTER_KEY_PREVIOUS",
    "RECEIPT_SIGNING_KEY",
    "OPENAI_API_KEY",
    "ANTHROPIC_API_KEY",
    "RESEND_API_KEY",
    "RESEND_WEBHOOK_SECRET",
];

/// Without these secrets nothing can be sealed.
pub const REQUIRED_SECRETS: [&str; 1] = ["MASTER_KEY"];

/// Settings that a deployment runs without, and what is off then.
const MISSED: [(&str, &str); 6] = [
    ("RECEIPT_SIGNING_KEY", "receipts of erasures are not signed"),
    ("RESEND_API_KEY", "no mail is sent, and so nobody can sign in"),
    ("MAIL_FROM", "no mail is sent, and so nobody can sign in"),
    ("RESEND_WEBHOOK_SECRET", "mail that comes back is not heard of"),
    ("OPERATOR_EMAIL", "nobody can sign up by invitation, or is told of jobs that fail"),
    ("PLATFORM_PUBLISHER", "the imprint names nobody"),
];

/// Names and values.
pub type Settings = BTreeMap<String, String>;

/// What a new `.dev.vars` says.
pub fn first_vars(master_key: &str) -> String {
    format!(
        "# Made by `cargo xtask run` for this machine; git ignores it.\n\
         # What lies in .wrangler/state is sealed under this key: keep both, or delete both.\n\
         MASTER_KEY={master_key}\n\
         ENV=dev\n\n\
         # Without a provider the built-in answerer quotes the business's own knowledge. Any server that\n\
         # speaks Chat Completions will do; take the marks away and fill in.\n\
         # OPENAI_API_KEY=\n\
         # OPENAI_BASE_URL=http://127.0.0.1:11434/v1\n\
         # OPENAI_MODEL=\n\
         # ANTHROPIC_API_KEY=\n\
         # ANTHROPIC_MODEL=\n\n\
         # Without a mail vendor nothing leaves: /dev/outbox shows what would have been sent.\n\
         # RESEND_API_KEY=\n\
         # MAIL_FROM=Loquet <mail@chat.example.eu>\n"
    )
}

/// A key of 32 random bytes, in base64.
pub fn random_key() -> Result<String, Failure> {
    use base64::Engine;
    use std::io::Read;
    let mut bytes = [0_u8; 32];
    let mut source = std::fs::File::open("/dev/urandom").explain("no source of randomness")?;
    source.read_exact(&mut bytes).explain("no source of randomness")?;
    Ok(base64::engine::general_purpose::STANDARD.encode(bytes))
}

/// Reads `NAME=value` lines; quotes around a value are dropped.
pub fn parse(text: &str) -> Settings {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.strip_prefix("export ").unwrap_or(line).split_once('='))
        .map(|(name, value)| (name.trim().to_owned(), unquoted(value.trim()).to_owned()))
        .collect()
}

/// The settings of a run on this machine: defaults, then `.dev.vars`, then the environment.
pub fn of_run(port: u16, vars: &str, environment: impl Iterator<Item = (String, String)>) -> Settings {
    let mut settings = Settings::from([
        ("ENV".to_owned(), "dev".to_owned()),
        // The local runtime knows no jurisdictions.
        ("JURISDICTION".to_owned(), String::new()),
        ("PUBLIC_ORIGIN".to_owned(), format!("http://localhost:{port}")),
    ]);
    settings.extend(parse(vars));
    settings.extend(environment.filter(|(name, _)| is_open(name) || SECRET.contains(&name.as_str())));
    settings
}

/// The settings of a deployment that may be seen, from the environment.
pub fn of_deployment(environment: impl Iterator<Item = (String, String)>) -> Settings {
    environment.filter(|(name, _)| is_open(name)).collect()
}

/// Says, a line each, what is off for want of the settings that are not known.
pub fn missed(is_known: impl Fn(&str) -> bool) -> Vec<String> {
    MISSED
        .iter()
        .filter(|(name, _)| !is_known(name))
        .map(|(name, off)| format!("{name} is not set: {off}"))
        .collect()
}

/// Writes settings for wrangler, which unquotes values and expands `$`.
pub fn as_env_file(settings: &Settings) -> String {
    settings.iter().map(|(name, value)| format!("{name}='{}'\n", value.replace('$', "\\$"))).collect()
}

fn is_open(name: &str) -> bool {
    OPEN.contains(&name) || name.starts_with(PLATFORM)
}

fn unquoted(value: &str) -> &str {
    ['"', '\'', '`']
        .iter()
        .find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote))
        .unwrap_or_else(|| value.split_once(" #").map_or(value, |(value, _)| value.trim_end()))
}

#[cfg(test)]
mod tests {
    use super::{
        MISSED, SECRET, as_env_file, first_vars, is_open, missed, of_deployment, of_run, parse, random_key,
    };

    fn pair(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn a_new_file_holds_a_key_of_its_own_and_no_provider() {
        let key = random_key().expect("randomness");
        let settings = parse(&first_vars(&key));
        assert_eq!(settings.get("MASTER_KEY"), Some(&key));
        assert_eq!(settings.get("ENV").map(String::as_str), Some("dev"));
        assert_eq!(settings.len(), 2);
        assert_eq!(key.len(), 44);
        assert_ne!(random_key().expect("randomness"), key);
    }

    #[test]
    fn the_environment_wins_over_the_file_and_the_file_over_the_defaults() {
        let environment = [pair("OPENAI_MODEL", "from-shell"), pair("HOME", "/root")];
        let file = "PUBLIC_ORIGIN=\"https://tunnel.example\"\nOPENAI_MODEL=from-file # note\n";
        let settings = of_run(9000, file, environment.into_iter());
        assert_eq!(settings.get("PUBLIC_ORIGIN").map(String::as_str), Some("https://tunnel.example"));
        assert_eq!(settings.get("OPENAI_MODEL").map(String::as_str), Some("from-shell"));
        assert_eq!(settings.get("JURISDICTION").map(String::as_str), Some(""));
        assert!(!settings.contains_key("HOME"));
        let origin = of_run(9000, "", std::iter::empty());
        assert_eq!(origin.get("PUBLIC_ORIGIN").map(String::as_str), Some("http://localhost:9000"));
    }

    #[test]
    fn no_secret_gets_into_a_deployed_configuration() {
        let environment = [
            pair("MASTER_KEY", "s"),
            pair("OPENAI_API_KEY", "s"),
            pair("PLATFORM_PHONE", "+49"),
            pair("PATH", "/bin"),
        ];
        let settings = of_deployment(environment.into_iter());
        assert_eq!(settings.into_iter().collect::<Vec<_>>(), [pair("PLATFORM_PHONE", "+49")]);
    }

    #[test]
    fn what_is_off_for_want_of_a_setting_is_said() {
        assert!(MISSED.iter().all(|(name, _)| is_open(name) || SECRET.contains(name)));
        assert!(missed(|_| true).is_empty());
        assert_eq!(
            missed(|name| name != "RECEIPT_SIGNING_KEY"),
            ["RECEIPT_SIGNING_KEY is not set: receipts of erasures are not signed"]
        );
    }

    #[test]
    fn a_dollar_in_a_value_survives_wranglers_expansion() {
        assert_eq!(as_env_file(&parse("KEY=a$b")), "KEY='a\\$b'\n");
    }
}
