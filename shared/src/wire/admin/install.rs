//! How a site's chat comes onto a page, and whether it did.

use serde::{Deserialize, Serialize};

/// What to paste, in each form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Snippet {
    /// A script that follows new versions by itself.
    pub automatic: String,
    /// The present version, pinned by its hash: the browser runs these bytes and no others (promise B14).
    pub pinned: String,
    /// The chat alone, without a script, where the page wants it.
    pub frame: String,
    /// For modules and tag managers, which drop attributes: the site stands in the address.
    pub address: String,
    /// The lines that a page's policy needs for the script.
    pub script_policy: String,
    /// The line that it needs for the frame alone.
    pub frame_policy: String,
}

/// Asking whether the chat is on a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct CheckInstall {
    /// The address of the page: https, on the public web.
    pub address: String,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Installation {
    /// The page that was looked at in the end.
    pub address: String,
    /// Everything was found as it must be.
    pub runs: bool,
    /// What was found, one after the other.
    pub findings: Vec<Finding>,
}

/// One thing that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Finding {
    /// What it is.
    pub kind: FindingKind,
    /// As it stands on the page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<String>,
    /// As it should be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<String>,
}

/// How a finding is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// As it must be.
    Good,
    /// Worth knowing.
    Note,
    /// The chat does not run because of it.
    Bad,
}

/// Everything that can be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// The page did not answer, or not in time.
    NoAnswer,
    /// It leads on to an address that is not looked at.
    RedirectRefused,
    /// It leads on and on.
    RedirectEndless,
    /// It answered with an error; `found` is the status.
    StatusBad,
    /// It is no HTML page; `found` is what it says it is.
    NotHtml,
    /// It is larger than what is read; its beginning was looked at.
    PageLong,
    /// The script is there, and follows new versions by itself.
    ScriptFound,
    /// The script is there, pinned, and its hash is that of the file.
    PinHolds,
    /// Its hash is not that of the file: the browser refuses it.
    PinWrong,
    /// It has a hash and no `crossorigin`: the browser can't compare them and refuses it.
    PinUnreadable,
    /// The frame alone is there.
    FrameFound,
    /// Neither is in the page's own text. A tag manager may add it later.
    NothingFound,
    /// There is a snippet, but of another site; `found` is which.
    OtherSite,
    /// There are two; the first one counts.
    FoundTwice,
    /// It carries another colour or side than the site is set to; `change` is what it should carry.
    LookOld,
    /// The page's origin may show the chat.
    OriginAllowed,
    /// It may not; `change` is the origin to allow.
    OriginMissing,
    /// The page has no policy.
    PolicyNone,
    /// Its policy lets the script run.
    ScriptAllowed,
    /// It does not; `found` is the directive, `change` the one that would.
    ScriptBlocked,
    /// It wants a nonce on the script's tag, which only the page's own server can write.
    ScriptNeedsNonce,
    /// Its policy lets the frame open.
    FrameAllowed,
    /// It does not.
    FrameBlocked,
    /// It puts the page into a sandbox without scripts.
    Sandboxed,
}

impl FindingKind {
    /// How it is meant.
    pub const fn weight(self) -> Weight {
        match self {
            Self::ScriptFound
            | Self::PinHolds
            | Self::FrameFound
            | Self::OriginAllowed
            | Self::PolicyNone
            | Self::ScriptAllowed
            | Self::FrameAllowed => Weight::Good,
            Self::PageLong | Self::FoundTwice | Self::LookOld => Weight::Note,
            Self::NoAnswer
            | Self::RedirectRefused
            | Self::RedirectEndless
            | Self::StatusBad
            | Self::NotHtml
            | Self::PinWrong
            | Self::PinUnreadable
            | Self::NothingFound
            | Self::OtherSite
            | Self::OriginMissing
            | Self::ScriptBlocked
            | Self::ScriptNeedsNonce
            | Self::FrameBlocked
            | Self::Sandboxed => Weight::Bad,
        }
    }
}
