//! The configuration of a deployment, read once from its variables. What is wrong is named, and what does not
//! depend on it still works.

use shared::privacy::{Personal, Secret};
use shared::rules::person::email_normalise;
use shared::wire::admin::sign_in::SignUpMode;

use crate::mailer::{Mailer, mailer_read};
use crate::platform::http::origin_of;
use crate::providers::Providers;
use crate::rules::receipt::ReceiptSigner;
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
    /// Where the dashboard is reached; the same as `public_origin` unless it was moved.
    pub app_origin: String,
    /// Whether anybody may open a business.
    pub sign_up: SignUpMode,
    /// The address of whoever runs the deployment, in the form in which addresses are compared.
    pub operator_email: Option<Personal<String>>,
    /// The jurisdiction asked of Durable Objects; `None` where the runtime knows none.
    pub jurisdiction: Option<String>,
    /// Where content is processed, as recorded with AI messages of the built-in answerer.
    pub region: String,
    /// The master keys. `None` where they are missing or malformed: nothing can be sealed then.
    pub master: Option<MasterKeys>,
    /// What signs receipts of erasures. `None` where it is missing: erasures are carried out, their receipts wait.
    pub receipt_signer: Option<ReceiptSigner>,
    /// The AI providers that can be asked.
    pub providers: Providers,
    /// How mail is sent. `None` where it is not.
    pub mailer: Option<Mailer>,
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
    /// A previous master key is still there.
    pub fn is_rotating(&self) -> bool {
        self.master.as_ref().is_some_and(MasterKeys::is_rotating)
    }

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
        let app_origin = get("APP_ORIGIN").unwrap_or_default().trim_end_matches('/').to_owned();
        let app_origin = if app_origin.is_empty() { public_origin.clone() } else { app_origin };
        if origin_of(&app_origin) != Some(app_origin.as_str()) && app_origin != public_origin {
            complain(
                "APP_ORIGIN",
                "must be the origin of the dashboard, like https://app.example.eu, or empty",
            );
        }
        let sign_up = match get("SIGN_UP").as_deref() {
            Some("open") => SignUpMode::Open,
            Some("invite") => SignUpMode::Invite,
            None if dev => SignUpMode::Open,
            None => SignUpMode::Invite,
            Some(_) => {
                complain("SIGN_UP", "must be open or invite; invite is assumed");
                SignUpMode::Invite
            }
        };
        let operator_email = get("OPERATOR_EMAIL");
        let operator = operator_email.as_deref().and_then(email_normalise).map(Personal::new);
        if operator_email.is_some() && operator.is_none() {
            complain("OPERATOR_EMAIL", "must be an e-mail address; nobody is operator now");
        } else if operator.is_none() && !dev {
            complain(
                "OPERATOR_EMAIL",
                "is missing: nobody hears of late jobs, or answers what people ask about their accounts",
            );
        }
        let operator_email = operator;
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
        let receipt_signer = match get("RECEIPT_SIGNING_KEY").map(Secret::new) {
            Some(text) => {
                let signer = ReceiptSigner::parse(&text);
                if signer.is_none() {
                    complain(
                        "RECEIPT_SIGNING_KEY",
                        "must be 32 random bytes in base64; receipts wait for it",
                    );
                }
                signer
            }
            // A developer's receipts are signed by a key that follows from the master key.
            None if dev => {
                master.as_ref().and_then(|keys| keys.derive("lq/receipt").ok()).map(ReceiptSigner::new)
            }
            None => {
                complain(
                    "RECEIPT_SIGNING_KEY",
                    "is missing: erasures are carried out, but their receipts wait; 32 random bytes in base64",
                );
                None
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
        let region = if jurisdiction.is_some() { "eu" } else { "unspecified" }.to_owned();
        Self {
            dev,
            public_origin,
            app_origin,
            sign_up,
            operator_email,
            jurisdiction,
            region,
            master,
            receipt_signer,
            providers,
            mailer,
            imprint,
            complaints,
        }
    }

    /// Where a letter tells people to write to.
    pub fn mail_contact(&self) -> &str {
        self.mailer.as_ref().map_or(self.app_origin.as_str(), Mailer::from_address)
    }

    /// Mail leaves its outbox: to the vendor or, where `ENV=dev`, to nobody.
    pub const fn sends_mail(&self) -> bool {
        self.mailer.is_some() || self.dev
    }

    /// What the imprint must name, each with what it says, where it says it.
    pub fn imprint_lines(&self) -> Vec<(&'static str, Option<&str>)> {
        let said = |variable: &str| {
            let found = self.imprint.entries.iter().find(|(name, _)| *name == variable);
            found.map(|(_, value)| value.as_str())
        };
        IMPRINT.into_iter().map(|variable| (variable, said(variable))).collect()
    }

    /// Every origin that the Worker may call (promise P5.6).
    pub fn origins(&self) -> Vec<String> {
        let mailer = self.mailer.as_ref().and_then(Mailer::origin);
        let mut origins: Vec<String> =
            self.providers.origins().into_iter().chain(self.providers.own_origins()).chain(mailer).collect();
        origins.sort();
        origins.dedup();
        origins
    }

    /// The origin is the deployment's own: the frame opened by itself.
    pub fn is_own_origin(&self, origin: &str) -> bool {
        !self.public_origin.is_empty() && origin == self.public_origin
    }

    /// The origin is the one that the dashboard is served from.
    pub fn is_app_origin(&self, origin: &str) -> bool {
        !self.app_origin.is_empty() && origin == self.app_origin
    }

    /// The host name of the dashboard: the relying party of passkeys.
    pub fn app_host(&self) -> &str {
        let (_, after) = self.app_origin.split_once("://").unwrap_or_default();
        after.split(':').next().unwrap_or_default()
    }
}
