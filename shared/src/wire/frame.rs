//! What the frame needs to draw itself: public settings of a site, carried in its document.

use serde::{Deserialize, Serialize};

use crate::id::SiteId;
use crate::privacy::Secret;
use crate::time::Millis;
use crate::wire::consent::ConsentText;
use crate::wire::message::People;

/// Who is responsible (promise P1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct BusinessCard {
    /// The name that visitors know.
    pub name: String,
    /// The legal entity and its place.
    pub controller: String,
    /// How to reach it: an e-mail address or a phone number, as the business wrote it.
    pub contact: String,
    /// The business's own privacy notice, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice_url: Option<String>,
    /// The data protection officer's address, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub officer: Option<String>,
}

/// The business's colour for one theme, already moved until its contrast holds (4.5 against `ink` and the card).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Accent {
    /// The colour, as `#rrggbb`.
    pub fill: String,
    /// What can be read on it, as `#rrggbb`.
    pub ink: String,
}

/// Public settings of a site in one language, for the frame.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Frame {
    /// The site.
    pub site: SiteId,
    /// Who is responsible.
    pub business: BusinessCard,
    /// The language these texts are in, chosen from what the visitor asked for and what the site has.
    pub locale: String,
    /// The first words, shown before anybody wrote; in `locale`.
    pub greeting: String,
    /// Questions to tap, set by the business; in `locale`.
    pub quick_questions: Vec<String>,
    /// The business's colour on light paper.
    pub accent: Accent,
    /// The business's colour on dark paper.
    pub accent_dark: Accent,
    /// A machine answers first. Where it is false, the AI notice is not shown and people answer.
    pub ai: bool,
    /// When people can answer.
    pub people: People,
    /// Minutes that the business's clock adds to UTC, where it said where it is: times of day need a zone for others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone_min: Option<i32>,
    /// The business keeps the path of the page that a conversation begins on (promise P2.4). Where it is false, the client
    /// sends none.
    #[serde(default)]
    pub keeps_path: bool,
    /// Until when a message written now is kept.
    pub until: Millis,
    /// What the consent strip asks, in `locale`.
    pub consent: ConsentText,
    /// Where the privacy centre is: a path on the frame's own origin.
    pub privacy_path: String,
    /// The time at the edge, for dates only; a client's clock may be wrong.
    pub now: Millis,
    /// The visitor's token, where the document's Referer was an allowed origin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<Secret<String>>,
    /// `Sec-GPC: 1` or `DNT: 1` came with the request: counts as declined, and the strip says so (promise B3).
    #[serde(default)]
    pub opted_out: bool,
}
