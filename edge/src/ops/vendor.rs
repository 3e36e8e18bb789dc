//! A business's own keys for AI providers: handed over, tried, taken away, and used in the place of the deployment's.

use futures::StreamExt;
use shared::limits::{NAME_CHARACTERS, VENDOR_KEY_CHARACTERS};
use shared::privacy::Secret;
use shared::rules::person::line_text;
use shared::wire::admin::vendor::{KeyOutcome, OwnKey, SetVendorKey, TestedVendor, Vendor, Vendors};
use shared::wire::problem::Kind;

use super::OpError;
use super::record::may_hand;
use super::secret::{business_key, secret_open, secret_seal};
use super::team::line;
use crate::app::App;
use crate::log;
use crate::platform::Statement;
use crate::platform::http::origin_of;
use crate::rules::prompt::{Prompt, Role, Turn};
use crate::sealing::Column;
use crate::store::audit::{Action, Subject};
use crate::store::scope::{BusinessScope, MemberScope};
use crate::store::site::Site;
use crate::store::vendor_key::{
    self, VendorKey, vendor_key_delete, vendor_key_put, vendor_key_tested, vendor_keys,
};
use crate::vendors::{
    PROVIDERS, Provider, ProviderConfig, StreamEvent, VendorFault, answer_stream, provider_find,
};

/// A provider that can be asked for a business.
pub struct Asked {
    /// What its failures are remembered by: a business's own key that is refused must not keep others from the provider.
    pub label: String,
    /// How it is asked.
    pub config: ProviderConfig,
}

async fn key_open(app: &App, scope: &BusinessScope, key: &VendorKey) -> Result<Secret<String>, OpError> {
    let place = (Column::VendorKey, key.vendor.as_str(), &[][..]);
    secret_open(app, scope, &app.directory, place, &key.sealed).await
}

/// The providers that can be asked for a site: with the business's own keys, and with the deployment's where it has none.
/// An own key that can't be opened is passed over: its business did not choose the deployment's. One of the deployment's that is
/// announced and not in force yet is none: whoever sets up a key of their own chose it themselves.
pub async fn providers_for(app: &App, site: &Site) -> Result<Vec<Asked>, OpError> {
    let own = if site.has_own_keys { vendor_keys(&app.directory, &site.business).await? } else { Vec::new() };
    let register = app.register().await?;
    let mut asked = Vec::new();
    for provider in &PROVIDERS {
        match own.iter().find(|key| key.vendor == provider.name) {
            None => asked.extend(
                may_hand(app, register.as_deref(), provider.name)
                    .map(|config| Asked { label: provider.name.to_owned(), config: config.clone() }),
            ),
            Some(key) => match key_open(app, &site.business, key).await {
                Ok(secret) => asked.push(Asked {
                    label: format!("{} {}", site.business.business(), provider.name),
                    config: app.config.providers.own(provider, secret, key.model.as_deref()),
                }),
                Err(failure) => log::failed(app, "vendor", &failure),
            },
        }
    }
    Ok(asked)
}

/// Names of the providers for which the business has a key of its own.
pub async fn own_names(app: &App, scope: &BusinessScope) -> Result<Vec<String>, OpError> {
    let keys = vendor_keys(&app.directory, scope).await?;
    Ok(keys.into_iter().map(|key| key.vendor).collect())
}

/// Every provider, with what the business set.
pub async fn vendors_list(app: &App, scope: &MemberScope) -> Result<Vendors, OpError> {
    let keys = vendor_keys(&app.directory, &scope.business).await?;
    let register = app.register().await?;
    let vendors = PROVIDERS.iter().map(|provider| {
        let base = app.config.providers.base(provider);
        let own = keys.iter().find(|key| key.vendor == provider.name).map(|key| OwnKey {
            since: key.created_at,
            model: key.model.clone(),
            tested_at: key.tested_at,
            outcome: key.outcome,
        });
        let offered = may_hand(app, register.as_deref(), provider.name);
        Vendor {
            name: provider.name.to_owned(),
            host: origin_of(base)
                .and_then(|origin| origin.split_once("://"))
                .map_or("", |(_, host)| host)
                .to_owned(),
            model: offered.map_or(provider.model, |config| config.model.as_str()).to_owned(),
            is_offered: offered.is_some(),
            own,
        }
    });
    Ok(Vendors { vendors: vendors.collect() })
}

/// A provider by its name. Fails with `NotFound`.
pub fn vendor_known(name: &str) -> Result<&'static Provider, OpError> {
    Ok(provider_find(name).ok_or(Kind::NotFound)?)
}

/// Takes a key over in the place of the one before it. Fails with `NotFound` and `ValueRefused`.
pub async fn vendor_key_set(
    app: &App,
    scope: &MemberScope,
    name: &str,
    request: &SetVendorKey,
) -> Result<(), OpError> {
    let provider = vendor_known(name)?;
    let text = request.key.expose().trim();
    let fits = (8..=VENDOR_KEY_CHARACTERS).contains(&text.len());
    if !fits || !text.bytes().all(|letter| letter.is_ascii_graphic()) {
        return Err(Kind::ValueRefused.into());
    }
    let model = request.model.as_deref().map(str::trim).filter(|model| !model.is_empty());
    let model = model.map(|model| line_text(model, NAME_CHARACTERS).ok_or(Kind::ValueRefused)).transpose()?;
    let (key, key_insert) = business_key(app, &scope.business, &app.directory).await?;
    let secret = Secret::new(text.to_owned());
    let sealed = secret_seal(app, &scope.business, &key, (Column::VendorKey, provider.name, &[]), &secret)?;
    let mut batch: Vec<Statement> = key_insert.into_iter().collect();
    batch.push(vendor_key_put(scope, provider.name, (key.reference(), sealed), model, app.clock.now()));
    batch.push(line(app, scope, Action::VendorKeySet, Subject::new("vendor", provider.name))?);
    app.directory.batch(batch).await?;
    Ok(())
}

async fn own_key(app: &App, scope: &MemberScope, name: &str) -> Result<VendorKey, OpError> {
    let keys = vendor_key::vendor_keys(&app.directory, &scope.business).await?;
    Ok(keys.into_iter().find(|key| key.vendor == name).ok_or(Kind::NotFound)?)
}

/// Takes a key away: from now on the deployment's is used, if there is one. Fails with `NotFound`.
pub async fn vendor_key_drop(app: &App, scope: &MemberScope, name: &str) -> Result<(), OpError> {
    own_key(app, scope, name).await?;
    let noted = line(app, scope, Action::VendorKeyDrop, Subject::new("vendor", name))?;
    app.directory.batch(vec![vendor_key_delete(scope, name), noted]).await?;
    Ok(())
}

/// Tries the business's own key: asks the provider one short question and waits for the first word. Fails with `NotFound`.
pub async fn vendor_key_test(app: &App, scope: &MemberScope, name: &str) -> Result<TestedVendor, OpError> {
    let provider = vendor_known(name)?;
    let key = own_key(app, scope, name).await?;
    let secret = key_open(app, &scope.business, &key).await?;
    let config = app.config.providers.own(provider, secret, key.model.as_deref());
    let question = Turn { role: Role::Visitor, text: "Does the connection work?".to_owned() };
    let prompt = Prompt { system: "Answer with the one word Yes.".to_owned(), messages: vec![question] };
    let outcome = outcome_of(first_word(app, &config, &prompt).await);
    app.directory.write(vendor_key_tested(scope, provider.name, outcome, app.clock.now())).await?;
    Ok(TestedVendor { outcome })
}

/// Waits for the first word; what comes after it is not read, and the call ends.
async fn first_word(app: &App, config: &ProviderConfig, prompt: &Prompt) -> Result<(), VendorFault> {
    let mut stream = answer_stream(&app.http, &app.clock, config, prompt).await?;
    while let Some(event) = stream.next().await {
        if let StreamEvent::Text(_) = event? {
            return Ok(());
        }
    }
    Err(VendorFault::Broken)
}

const fn outcome_of(result: Result<(), VendorFault>) -> KeyOutcome {
    match result {
        Ok(()) => KeyOutcome::Works,
        Err(VendorFault::Refused) => KeyOutcome::Refused,
        Err(VendorFault::RateLimited { .. }) => KeyOutcome::Limited,
        Err(VendorFault::Overloaded) => KeyOutcome::Overloaded,
        Err(VendorFault::Timeout) => KeyOutcome::Timeout,
        Err(VendorFault::Broken | VendorFault::Truncated) => KeyOutcome::Broken,
    }
}
