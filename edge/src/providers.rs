//! Which AI providers this deployment can ask, read from its configuration, and which of them failed lately.

use std::sync::Mutex;

use shared::privacy::Secret;
use shared::time::Millis;

use crate::platform::http::origin_of;
use crate::rules::fallback::fallback_order;
use crate::vendors::{PROVIDERS, Provider, ProviderConfig};

/// The providers that are configured.
#[derive(Debug, Clone, Default)]
pub struct Providers {
    configs: Vec<ProviderConfig>,
    /// Where each provider is reached, with a key or without: a business may bring its own.
    bases: Vec<(&'static str, String)>,
}

impl Providers {
    /// Reads `{NAME}_API_KEY`, `{NAME}_BASE_URL` and `{NAME}_MODEL` of every provider. One without a key is not
    /// configured; one whose address makes no sense is complained about and left out.
    pub fn read(
        get: impl Fn(&str) -> Option<String>,
        dev: bool,
        complain: &mut impl FnMut(&str, &str),
    ) -> Self {
        let (mut configs, mut bases) = (Vec::new(), Vec::new());
        for provider in &PROVIDERS {
            let variable = |suffix: &str| format!("{}_{suffix}", provider.name.to_ascii_uppercase());
            let base_url = get(&variable("BASE_URL"));
            if let Some(base_url) =
                base_url.as_deref().filter(|base_url| address_check(base_url, dev).is_ok())
            {
                bases.push((provider.name, base_url.trim().trim_end_matches('/').to_owned()));
            }
            let Some(key) = get(&variable("API_KEY")) else {
                if base_url.is_some() {
                    complain(
                        &variable("API_KEY"),
                        "is missing while a base URL is set; this provider is not asked",
                    );
                }
                continue;
            };
            let model = get(&variable("MODEL"));
            let config =
                ProviderConfig::new(provider, Secret::new(key), base_url.as_deref(), model.as_deref());
            match address_check(&config.base_url, dev) {
                Ok(()) => configs.push(config),
                Err(what) => complain(&variable("BASE_URL"), what),
            }
        }
        Self { configs, bases }
    }

    /// The origins that may be called.
    pub fn origins(&self) -> Vec<String> {
        self.configs.iter().filter_map(|config| origin_of(&config.base_url)).map(str::to_owned).collect()
    }

    /// Where a provider is reached: where this deployment says, or at its own address.
    pub fn base(&self, provider: &Provider) -> &str {
        self.bases.iter().find(|(name, _)| *name == provider.name).map_or(provider.base_url, |(_, base)| base)
    }

    /// The origins that a business's own keys lead to.
    pub fn own_origins(&self) -> Vec<String> {
        PROVIDERS.iter().filter_map(|provider| origin_of(self.base(provider))).map(str::to_owned).collect()
    }

    /// A provider under a business's own key. Which model is asked: the business's choice, the deployment's, the usual one.
    pub fn own(
        &self,
        provider: &'static Provider,
        key: Secret<String>,
        model: Option<&str>,
    ) -> ProviderConfig {
        let usual = self.find(provider.name).map(|config| config.model.as_str());
        ProviderConfig::new(provider, key, Some(self.base(provider)), model.or(usual))
    }

    /// The names of those that are configured.
    pub fn names(&self) -> Vec<String> {
        self.configs.iter().map(|config| config.provider.name.to_owned()).collect()
    }

    /// A provider by its name, if it is configured.
    pub fn find(&self, name: &str) -> Option<&ProviderConfig> {
        self.configs.iter().find(|config| config.provider.name == name)
    }
}

/// An address must be https; plain http is for loopback, and only where `ENV=dev`.
pub(crate) fn address_check(base_url: &str, dev: bool) -> Result<(), &'static str> {
    let Some(origin) = origin_of(base_url) else {
        return Err("must be an address like https://api.example.com/v1");
    };
    if origin.starts_with("https://") {
        return Ok(());
    }
    let host = origin.strip_prefix("http://").and_then(|host| host.split(':').next());
    match host {
        Some("127.0.0.1" | "localhost") if dev => Ok(()),
        _ => Err("must be https; plain http is accepted for loopback where ENV=dev"),
    }
}

/// What this isolate remembers of failures: a provider that just failed is asked last for a minute.
#[derive(Default)]
pub struct Health {
    failures: Mutex<Vec<(String, Millis)>>,
}

impl Health {
    /// The providers of `chosen`, in the order in which they are asked now.
    pub fn order<'a>(&self, chosen: &[&'a str], now: Millis) -> Vec<&'a str> {
        let Ok(failures) = self.failures.lock() else { return chosen.to_vec() };
        let failures: Vec<(&str, Millis)> = failures.iter().map(|(name, at)| (name.as_str(), *at)).collect();
        fallback_order(chosen, &failures, now)
    }

    /// Notes a failure.
    pub fn failed(&self, name: &str, now: Millis) {
        if let Ok(mut failures) = self.failures.lock() {
            failures.retain(|(failed, _)| failed != name);
            failures.push((name.to_owned(), now));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)], dev: bool) -> (Providers, Vec<String>) {
        let mut complaints = Vec::new();
        let get = |name: &str| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        let providers = Providers::read(get, dev, &mut |variable: &str, what: &str| {
            complaints.push(format!("{variable} {what}"));
        });
        (providers, complaints)
    }

    #[test]
    fn a_provider_without_a_key_is_not_asked_and_nobody_complains() {
        let (providers, complaints) = read(&[], true);
        assert!(providers.origins().is_empty() && complaints.is_empty());
    }

    #[test]
    fn plain_http_is_for_loopback_in_dev_only() {
        let name = PROVIDERS[0].name.to_ascii_uppercase();
        let key = format!("{name}_API_KEY");
        let base = format!("{name}_BASE_URL");
        let loopback = [(key.as_str(), "k"), (base.as_str(), "http://127.0.0.1:9/v1")];
        assert_eq!(read(&loopback, true).0.origins(), ["http://127.0.0.1:9"]);
        for (address, dev) in [("http://127.0.0.1:9/v1", false), ("http://10.0.0.1/v1", true), ("api", true)]
        {
            let (providers, complaints) = read(&[(&key, "k"), (&base, address)], dev);
            assert!(providers.origins().is_empty());
            assert!(complaints[0].starts_with(&base), "{complaints:?}");
        }
    }
}
