//! Chat Completions: the provider that coined it, and any server that speaks it through a base URL of its own.

mod errors;
mod prices;
#[cfg(test)]
pub(super) mod recorded;
mod request;
mod stream;

use super::Provider;

/// Its row of the registry.
pub(super) const PROVIDER: Provider = Provider {
    name: "openai",
    base_url: "https://api.openai.com/v1",
    model: "gpt-4.1-mini",
    prices: prices::LIST,
    request: request::request,
    decoder: stream::decoder,
    fault: errors::fault_of_status,
};
