//! A site, as its team sets it: where it may be embedded, what it says, how it looks, when people answer, who answers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::id::SiteId;
use crate::privacy::Secret;
use crate::time::Millis;
use crate::wire::consent::OwnConsent;

/// Where the launcher stands: at the end of a line, or at its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// On the right where text runs to the right.
    #[default]
    End,
    /// On the other side.
    Start,
}

impl Side {
    /// The lower-case name, as it is kept and as the snippet says it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::End => "end",
            Self::Start => "start",
        }
    }
}

/// How the AI speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// Friendly and exact.
    #[default]
    Plain,
    /// Warmer, as a host speaks.
    Warm,
    /// Formal: in languages that know one, the polite form.
    Formal,
}

impl Tone {
    /// Every tone.
    pub const ALL: [Self; 3] = [Self::Plain, Self::Warm, Self::Formal];

    /// The lower-case name, as it is kept.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Warm => "warm",
            Self::Formal => "formal",
        }
    }
}

/// When people answer in a week: spans like `08:00-12:30`, several a day, on the wall of the business.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Week {
    /// Monday.
    pub mon: Vec<String>,
    /// Tuesday.
    pub tue: Vec<String>,
    /// Wednesday.
    pub wed: Vec<String>,
    /// Thursday.
    pub thu: Vec<String>,
    /// Friday.
    pub fri: Vec<String>,
    /// Saturday.
    pub sat: Vec<String>,
    /// Sunday.
    pub sun: Vec<String>,
}

impl Week {
    /// The days, Monday first.
    pub const fn days(&self) -> [&Vec<String>; 7] {
        [&self.mon, &self.tue, &self.wed, &self.thu, &self.fri, &self.sat, &self.sun]
    }

    /// A week out of its days, Monday first.
    pub fn of(days: [Vec<String>; 7]) -> Self {
        let [mon, tue, wed, thu, fri, sat, sun] = days;
        Self { mon, tue, wed, thu, fri, sat, sun }
    }
}

/// When people answer.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct OpeningHours {
    /// The zone that the hours are in, like `Europe/Paris`.
    pub timezone: String,
    /// The usual week.
    pub weekly: Week,
    /// Days on which nobody comes, like `2026-12-25`.
    #[serde(default)]
    pub holidays: Vec<String>,
    /// Usual hours of such a business, which nobody has confirmed: until somebody does, visitors are promised nobody.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_guess: bool,
}

/// What a team sets for a site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct SiteForm {
    /// What the business calls it.
    pub name: String,
    /// Origins like `https://www.example.eu`, or `https://*.example.eu` for its sub-domains.
    pub origins: Vec<String>,
    /// Languages that the site has texts in; the first is the fallback.
    pub languages: Vec<String>,
    /// The first words, by language.
    #[serde(default)]
    pub greeting: BTreeMap<String, String>,
    /// Questions to tap, by language.
    #[serde(default)]
    pub quick_questions: BTreeMap<String, Vec<String>>,
    /// Words of the business's own for the question about statistics, by language. A language without any has ours.
    #[serde(default)]
    pub consent: BTreeMap<String, OwnConsent>,
    /// `#rrggbb`.
    pub color: String,
    /// Where the launcher stands.
    #[serde(default)]
    pub side: Side,
    /// When people answer.
    pub opening: OpeningHours,
    /// Who answers, in order: names of AI providers and `builtin`. Nobody: people alone.
    pub answerers: Vec<String>,
    /// What the business tells the model.
    #[serde(default)]
    pub instructions: String,
    /// How the AI speaks.
    #[serde(default)]
    pub tone: Tone,
    /// Ceiling of AI calls a UTC day.
    pub daily_calls: u32,
    /// Ceiling of AI tokens a UTC day.
    pub daily_tokens: u32,
    /// The path of the page where a conversation begins is kept with it, without its query (promise P2.4).
    #[serde(default)]
    pub keeps_path: bool,
}

/// Somebody who can be chosen to answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Answerer {
    /// The name in [`SiteForm::answerers`].
    pub name: String,
    /// There is a key for it, the deployment's or the business's own.
    pub is_ready: bool,
}

/// A site, as a member reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Site {
    /// Which.
    pub id: SiteId,
    /// What is set.
    pub form: SiteForm,
    /// Days that messages are kept, where that is shorter than twelve months.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retention_days: Option<u32>,
    /// Since when visitors can be named by a token; absent while there is no secret to sign one with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity_since: Option<Millis>,
    /// Who can be chosen to answer.
    pub answerers: Vec<Answerer>,
}

/// Opening a further site. It begins as a copy of the first one, and may be embedded nowhere yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct OpenSite {
    /// What the business calls it.
    pub name: String,
}

/// A site that was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct OpenedSite {
    /// Which.
    pub site: SiteId,
}

/// A secret that names visitors. This is the only time that it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct MadeIdentitySecret {
    /// What tokens for `identify` are signed with (HS256).
    pub secret: Secret<String>,
    /// Until when the one before it still counts, where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before_until: Option<Millis>,
}

/// Asking how a site would look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct AskPreview {
    /// What would be set.
    pub form: SiteForm,
    /// The language to look at.
    pub locale: String,
}

/// Where the frame can be looked at as it would be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Preview {
    /// The whole address of the document, for a few minutes; only the dashboard may show it.
    pub address: String,
}
