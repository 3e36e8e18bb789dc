//! A business, as its team sees and changes it.

use serde::{Deserialize, Serialize};

use super::sign_in::Agreement;
use super::team::Role;
use crate::id::{AccountId, BusinessId, SiteId};
use crate::time::Millis;

/// What kind of business it is: says which first settings make sense, and nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BusinessKind {
    /// Rooms.
    Hotel,
    /// Tables.
    Restaurant,
    /// Appointments with somebody who treats.
    Clinic,
    /// Goods.
    Shop,
    /// Work for others.
    Services,
    /// Anything else.
    Other,
}

impl BusinessKind {
    /// Every kind.
    pub const ALL: [Self; 6] =
        [Self::Hotel, Self::Restaurant, Self::Clinic, Self::Shop, Self::Services, Self::Other];

    /// The lower-case name, as it is kept.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hotel => "hotel",
            Self::Restaurant => "restaurant",
            Self::Clinic => "clinic",
            Self::Shop => "shop",
            Self::Services => "services",
            Self::Other => "other",
        }
    }
}

/// What a business says of itself. Visitors see all of it but the kind (promise P1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct BusinessProfile {
    /// The name that visitors know.
    pub name: String,
    /// Legal entity and place.
    pub controller: String,
    /// How to reach it: published.
    pub contact: String,
    /// Its own privacy notice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice_url: Option<String>,
    /// The data protection officer's published address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub officer: Option<String>,
    /// ISO 3166-1 alpha-2: says which authority supervises.
    pub country: String,
    /// What kind of business it is.
    pub kind: BusinessKind,
}

/// A business, as a member reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Business {
    /// The business.
    pub id: BusinessId,
    /// What it says of itself.
    pub profile: BusinessProfile,
    /// Controller and contact are filled in: visitors can see who is responsible.
    pub is_complete: bool,
    /// It has written down something that the chat can answer with.
    #[serde(default)]
    pub has_knowledge: bool,
    /// A visitor has written to it: the chat works on a page of its own.
    pub has_conversations: bool,
    /// How many requests about data are open; absent for those who may not read them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open_requests: Option<u32>,
    /// Where its chats are served from: what a snippet names.
    pub chat_origin: String,
    /// Its sites, oldest first.
    pub sites: Vec<SiteEntry>,
    /// What the caller is in it.
    pub role: Role,
    /// When it was opened.
    pub created_at: Millis,
}

/// A site of a business, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct SiteEntry {
    /// The site.
    pub id: SiteId,
    /// What the business calls it.
    pub name: String,
    /// Pages of these origins may embed its chat; of no others.
    pub origins: Vec<String>,
    /// Somebody said when people answer, if only that nobody does.
    #[serde(default)]
    pub hours_said: bool,
    /// When somebody last had a page looked at, and the chat was found there as it must be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found_at: Option<Millis>,
}

/// Saying which pages may embed a site's chat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ChangeOrigins {
    /// Origins like `https://www.example.eu`, or `https://*.example.eu` for its sub-domains.
    pub origins: Vec<String>,
}

/// Opening a further business.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct OpenBusiness {
    /// Its name.
    pub name: String,
    /// What kind it is.
    pub kind: BusinessKind,
    /// Agreement to the documents that were shown.
    pub agreement: Agreement,
}

/// A business that was opened, with its first site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct OpenedBusiness {
    /// The business.
    pub business: BusinessId,
    /// Its first site.
    pub site: SiteId,
}

/// A document that can be agreed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// The terms of service.
    Terms,
    /// The data processing agreement.
    Dpa,
}

impl DocumentKind {
    /// The lower-case name, as it is kept.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Terms => "terms",
            Self::Dpa => "dpa",
        }
    }
}

/// An agreement on record (promise P12).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Acceptance {
    /// To which document.
    pub document: DocumentKind,
    /// Its version.
    pub version: String,
    /// SHA-256 of the exact text.
    pub hash: String,
    /// Who agreed for the business.
    pub account: AccountId,
    /// When.
    pub at: Millis,
}

/// The agreements of a business, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Acceptances {
    /// Each of them.
    pub acceptances: Vec<Acceptance>,
}
