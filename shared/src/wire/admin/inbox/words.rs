//! Words that a business keeps at hand: canned replies, labels, saved views. About nobody.

use serde::{Deserialize, Serialize};

use super::list::Filter;
use crate::id::{AccountId, CannedReplyId, LabelId, ViewId};

/// An answer that is given often.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct CannedReply {
    /// Which.
    pub id: CannedReplyId,
    /// Its words.
    #[serde(flatten)]
    pub reply: PutCannedReply,
}

/// The words of a canned reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct PutCannedReply {
    /// What is typed behind `/` to find it: 1 to 30 lower-case letters, digits and hyphens, once in a business.
    pub shortcut: String,
    /// What the team calls it.
    pub title: String,
    /// The words: 1 to 4,000 characters. `{visitor_name}`, `{agent_name}`, `{business_name}` and `{site_name}` are filled
    /// when it is used; no other braces are taken.
    pub text: String,
    /// The language that it is written in; absent is any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
}

/// The canned replies of a business, by shortcut.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct CannedReplies {
    /// Each of them.
    pub replies: Vec<CannedReply>,
}

/// The colours that a label may have. What they look like says the design, for light and dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LabelColor {
    /// Grey.
    #[default]
    Gray,
    /// Red.
    Red,
    /// Orange.
    Orange,
    /// Yellow.
    Yellow,
    /// Green.
    Green,
    /// Teal.
    Teal,
    /// Blue.
    Blue,
    /// Purple.
    Purple,
    /// Pink.
    Pink,
}

impl LabelColor {
    /// Every one.
    pub const ALL: [Self; 9] = [
        Self::Gray,
        Self::Red,
        Self::Orange,
        Self::Yellow,
        Self::Green,
        Self::Teal,
        Self::Blue,
        Self::Purple,
        Self::Pink,
    ];

    /// The lower-case name, as it is kept.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Gray => "gray",
            Self::Red => "red",
            Self::Orange => "orange",
            Self::Yellow => "yellow",
            Self::Green => "green",
            Self::Teal => "teal",
            Self::Blue => "blue",
            Self::Purple => "purple",
            Self::Pink => "pink",
        }
    }
}

/// A word that conversations are sorted by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Label {
    /// Which.
    pub id: LabelId,
    /// What it says.
    #[serde(flatten)]
    pub label: PutLabel,
}

/// What a label says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct PutLabel {
    /// Its name, once in a business.
    pub name: String,
    /// Its colour.
    #[serde(default)]
    pub color: LabelColor,
}

/// The labels of a business, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Labels {
    /// Each of them.
    pub labels: Vec<Label>,
}

/// A filter with a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct View {
    /// Which.
    pub id: ViewId,
    /// Whose it is; absent where the whole team has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<AccountId>,
    /// Name and filter.
    #[serde(flatten)]
    pub view: PutView,
}

/// What a saved view says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct PutView {
    /// What it is called.
    pub name: String,
    /// What it shows.
    pub filter: Filter,
    /// The whole team has it. Only admins make, change and delete such a view.
    #[serde(default)]
    pub shared: bool,
}

/// The team's views and one's own, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Views {
    /// Each of them.
    pub views: Vec<View>,
}
