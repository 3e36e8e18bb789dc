//! The configuration of a deployment, read once from its variables. What is wrong is named, and what does not
//! depend on it still works.

use shared::privacy::Secret;

use crate::mailer::{Mailer, mailer_read};
use crate::platform::http::origin_of;
use crate::providers::Providers;
use crate::sealing::MasterKeys;

/// A variable that is missing or makes no sense.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// The variable.
    pub variable: String,
    /// What is wrong with it, in words that help.
    pub what: String,
    /// Serving goes on without it.
    pub optional: bool,
}

/// A deployment's configuration.
pub struct Config {
    /// `ENV=dev`: the demo, the seed and plain http to loopback are there.
    pub dev: bool,
    /// Where the deployment is reached, without a trailing slash.
    pub public_origin: String,
    /// Where the dashboard is reached: `APP_ORIGIN`, or the public origin.
    pub app_origin: String,
    /// The jurisdiction asked of Durable Objects; `None` where the runtime knows none.
    pub jurisdiction: Option<String>,
    /// Where content is processed, as recorded with AI messages of the built-in answerer.
    pub region: String,
    /// The master keys. `None` where they are missing or malformed: nothing can be sealed then.
    pub master: Option<MasterKeys>,
    /// The AI providers that can be asked.
    pub providers: Providers,
    /// How mail is sent. `None` where it is not.
    pub mailer: Option<Mailer>,
    /// Where people write to whom something about their account worries (`OPERATOR_EMAIL`).
    pub operator_email: Option<String>,
    /// Who runs this deployment (promise K0).
    pub imprint: Imprint,
    /// Everything that is wrong.
    pub complaints: Vec<Complaint>,
}

/// Who runs this deployment: the platform's own notice is incomplete without these (promise K0).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Imprint {
    /// Name and value of each `PLATFORM_*` variable that is set.
    pub entries: Vec<(&'static str, String)>,
}

/// What the imprint must name.
pub const IMPRINT: [&str; 9] = [
    "PLATFORM_PUBLISHER",
    "PLATFORM_LEGAL_FORM",
    "PLATFORM_CAPITAL",
    "PLATFORM_REGISTER_NUMBER",
    "PLATFORM_ADDRESS",
    "PLATFORM_PHONE",
    "PLATFORM_PUBLICATION_DIRECTOR",
    "PLATFORM_HOSTING_PROVIDER",
    "PLATFORM_DATA_PROTECTION_OFFICER",
];

impl Config {
    /// Reads the configuration through `get`, which gives a variable's value where it is set and not empty.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Self {
        let mut complaints = Vec::new();
        let mut complain = |variable: &str, what: &str| {
            // Without these nothing can be served; everything else only switches its own part off.
            let optional =
                !matches!(variable, "ENV" | "PUBLIC_ORIGIN" | "MASTER_KEY" | "MASTER_KEY_PREVIOUS");
            complaints.push(Complaint { variable: variable.to_owned(), what: what.to_owned(), optional });
        };
        let dev = match get("ENV").as_deref() {
            Some("dev") => true,
            Some("production") => false,
            _ => {
                complain("ENV", "must be dev or production; production is assumed");
                false
            }
        };
        let public_origin = get("PUBLIC_ORIGIN").unwrap_or_default().trim_end_matches('/').to_owned();
        if origin_of(&public_origin) != Some(public_origin.as_str()) {
            complain("PUBLIC_ORIGIN", "must be the origin visitors reach, like https://chat.example.eu");
        } else if !dev && !public_origin.starts_with("https://") {
            complain("PUBLIC_ORIGIN", "must be https outside ENV=dev");
        }
        let app_origin = get("APP_ORIGIN").map(|origin| origin.trim_end_matches('/').to_owned());
        if app_origin.as_deref().is_some_and(|origin| origin_of(origin) != Some(origin)) {
            complain("APP_ORIGIN", "must be the origin of the dashboard, or absent");
        }
        let app_origin = app_origin.unwrap_or_else(|| public_origin.clone());
        let jurisdiction = get("JURISDICTION").filter(|value| !value.trim().is_empty());
        if jurisdiction.as_deref().is_some_and(|value| value != "eu") {
            complain("JURISDICTION", "must be eu, or empty where the runtime knows no jurisdictions");
        }
        let master = match get("MASTER_KEY") {
            None => {
                complain(
                    "MASTER_KEY",
                    "is missing: nothing can be kept without it; 32 random bytes in base64",
                );
                None
            }
            Some(current) => {
                let previous = get("MASTER_KEY_PREVIOUS").map(Secret::new);
                MasterKeys::parse(&Secret::new(current), previous.as_ref())
                    .map_err(|fault| complain("MASTER_KEY", &fault.to_string()))
                    .ok()
            }
        };
        let mut imprint = Imprint::default();
        for variable in IMPRINT {
            match get(variable) {
                Some(value) => imprint.entries.push((variable, value)),
                None if !dev => complain(variable, "is missing: the platform's notice names it (K0)"),
                None => {}
            }
        }
        let providers = Providers::read(&get, dev, &mut complain);
        let mailer = mailer_read(&get, dev, &mut complain);
        let operator_email = get("OPERATOR_EMAIL").map(|address| address.trim().to_owned());
        let region = if jurisdiction.is_some() { "eu" } else { "unspecified" }.to_owned();
        Self {
            dev,
            public_origin,
            app_origin,
            jurisdiction,
            region,
            master,
            providers,
            mailer,
            operator_email,
            imprint,
            complaints,
        }
    }

    /// Where a letter tells people to write to.
    pub fn mail_contact(&self) -> &str {
        let from = self.mailer.as_ref().map(Mailer::from_address);
        self.operator_email.as_deref().or(from).unwrap_or(&self.app_origin)
    }

    /// Mail leaves its outbox: to the vendor or, where `ENV=dev`, to nobody.
    pub const fn sends_mail(&self) -> bool {
        self.mailer.is_some() || self.dev
    }

    /// Every origin that the Worker may call (promise P5.6).
    pub fn origins(&self) -> Vec<String> {
        let mailer = self.mailer.as_ref().and_then(Mailer::origin);
        self.providers.origins().into_iter().chain(mailer).collect()
    }

    /// The origin is the deployment's own: the frame opened by itself.
    pub fn is_own_origin(&self, origin: &str) -> bool {
        !self.public_origin.is_empty() && origin == self.public_origin
    }
}
