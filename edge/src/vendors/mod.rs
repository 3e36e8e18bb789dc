//! The outside services, one folder each with the same files: those that answer (`request`, `stream`, `errors`) and
//! the one that carries mail (`request`, `response`, `errors`, `webhook`).
//!
//! This file is the only place besides a provider's own folder where its name stands: everything else knows a
//! provider by its place in [`PROVIDERS`]. Streams of any provider decode into one closed [`StreamEvent`], and
//! whatever can go wrong is one of [`VendorFault`].

pub mod anthropic;
pub mod openai;
pub mod resend;

mod decode;
mod stream;
#[cfg(test)]
mod tests;

pub use stream::{AnswerStream, answer_stream};

use shared::privacy::Secret;

use crate::platform::http::Request;
use crate::rules::prices::PriceList;
use crate::rules::prompt::Prompt;

/// A piece of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StreamEvent {
    /// More words. Never empty.
    Text(String),
    /// What the call has used so far; each one replaces the one before.
    Usage {
        /// Tokens read.
        tokens_in: u32,
        /// Tokens written.
        tokens_out: u32,
    },
    /// The provider said that it is done. Always the last event of a stream.
    End(EndReason),
}

/// Why a provider stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndReason {
    /// The answer is whole.
    Complete,
    /// It ran into the limit of tokens.
    TooLong,
    /// The provider's own filter stopped it.
    Filtered,
    /// It called for a tool that nobody offered, or stopped for a reason that this file does not know.
    Strange,
}

/// Why there is no answer, or no more of it. It never carries what the provider wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VendorFault {
    /// Too many calls, or no credit.
    #[error("the provider limits the rate")]
    RateLimited {
        /// Seconds to wait, where the provider said so.
        retry_after_s: Option<u32>,
    },
    /// The provider does not want this request or this key; asking again does not help.
    #[error("the provider refused the request")]
    Refused,
    /// The provider has trouble of its own.
    #[error("the provider is overloaded")]
    Overloaded,
    /// No connection, or an answer that is none: no event stream, nonsense JSON, an empty answer, a line too long.
    #[error("the provider's answer is broken")]
    Broken,
    /// The stream ended without saying that it ends.
    #[error("the provider's answer was cut off")]
    Truncated,
    /// The first token or the last one did not come in time.
    #[error("the provider took too long")]
    Timeout,
}

impl VendorFault {
    /// A short, stable name for logs and counters.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RateLimited { .. } => "rate_limited",
            Self::Refused => "refused",
            Self::Overloaded => "overloaded",
            Self::Broken => "broken",
            Self::Truncated => "truncated",
            Self::Timeout => "timeout",
        }
    }
}

/// Reads the events of one stream. It may keep what earlier events said.
pub trait Decoder {
    /// Takes one event and appends what it means to `events`. Unknown events mean nothing.
    fn event(&mut self, name: &str, data: &str, events: &mut Vec<StreamEvent>) -> Result<(), VendorFault>;
}

/// One row of the registry: everything that differs from provider to provider.
#[derive(Debug, Clone, Copy)]
pub struct Provider {
    /// What settings, the database and the visitor's message call it.
    pub name: &'static str,
    /// Where it is reached unless a deployment says otherwise.
    pub base_url: &'static str,
    /// The model that is asked unless a deployment says otherwise.
    pub model: &'static str,
    /// What its models cost by its public list.
    pub prices: PriceList,
    /// Writes the request.
    request: fn(&ProviderConfig, &Prompt) -> Option<Request>,
    /// Begins to read a stream.
    decoder: fn() -> Box<dyn Decoder>,
    /// Says what an HTTP status other than 200 means.
    fault: fn(u16, Option<u32>) -> VendorFault,
}

/// Every provider that can answer.
pub const PROVIDERS: [Provider; 2] = [openai::PROVIDER, anthropic::PROVIDER];

/// What each of [`PROVIDERS`] sends, for tests.
#[cfg(test)]
const RECORDED: [(&[&str], &[&str]); 2] = [
    (openai::recorded::STREAM, openai::recorded::TOOL_CALL),
    (anthropic::recorded::STREAM, anthropic::recorded::TOOL_CALL),
];

/// Finds a provider by its name.
pub fn provider_find(name: &str) -> Option<&'static Provider> {
    PROVIDERS.iter().find(|provider| provider.name == name)
}

/// A provider as this deployment, or a business, uses it.
#[derive(Debug, Clone)]
pub struct ProviderConfig {
    /// Which one.
    pub provider: &'static Provider,
    /// Where it is reached, without a slash at the end.
    pub base_url: String,
    /// Opens it.
    pub key: Secret<String>,
    /// The model to ask.
    pub model: String,
}

impl ProviderConfig {
    /// A provider under a key; what is absent or empty comes from the registry.
    pub fn new(
        provider: &'static Provider,
        key: Secret<String>,
        base_url: Option<&str>,
        model: Option<&str>,
    ) -> Self {
        let chosen = |given: Option<&str>, usual: &str| {
            given.map(str::trim).filter(|text| !text.is_empty()).unwrap_or(usual).to_owned()
        };
        Self {
            provider,
            base_url: chosen(base_url, provider.base_url).trim_end_matches('/').to_owned(),
            key,
            model: chosen(model, provider.model),
        }
    }
}
