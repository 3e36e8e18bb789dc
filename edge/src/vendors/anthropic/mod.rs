//! The Messages API.

mod errors;
mod prices;
#[cfg(test)]
pub(super) mod recorded;
mod request;
mod stream;

use super::Provider;

/// Its row of the registry.
pub(super) const PROVIDER: Provider = Provider {
    name: "anthropic",
    base_url: "https://api.anthropic.com",
    model: "claude-haiku-4-5",
    prices: prices::LIST,
    request: request::request,
    decoder: stream::decoder,
    fault: errors::fault_of_status,
};
