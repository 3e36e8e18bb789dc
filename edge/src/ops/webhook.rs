//! Doors of a business's own systems: made, changed, tried, and told what happens. A try takes hold of what is due, signs
//! it and hands it over; what was not taken comes back later, and is given up after eight tries.

use futures::future::{Either, select};
use serde::{Deserialize, Serialize};
use shared::id::{BusinessId, WebhookId};
use shared::limits::{HOOK_LEASE_MS, HOOK_MS, LINE_CHARACTERS, WEBHOOKS};
use shared::privacy::Secret;
use shared::rules::address::PublicAddress;
use shared::wire::admin::webhook::{HookDeliveries, MadeWebhook, Webhooks, WriteWebhook};
use shared::wire::problem::Kind;

use super::secret::{business_key, secret_open, secret_seal};
use super::team::line;
use super::{Fault, OpError};
use crate::app::App;
use crate::log;
use crate::platform::Statement;
use crate::platform::http::Visit;
use crate::rules::webhook::{WebhookSecret, hook_body, hook_retry_after_ms, webhook_secret_mint};
use crate::sealing::{Column, KeyRef};
use crate::store::audit::{Action, Subject};
use crate::store::key;
use crate::store::scope::{BusinessScope, MemberScope};
use crate::store::webhook::{self, Held};

/// What a message of the queue says: which business has something to tell. Never what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HookWake {
    /// The business whose deliveries are due.
    pub hooks_of: BusinessId,
}

/// Every door of a business.
pub async fn webhooks_list(app: &App, scope: &MemberScope) -> Result<Webhooks, OpError> {
    Ok(Webhooks { webhooks: webhook::webhooks_list(app.shard(&scope.business)?, scope).await? })
}

/// Proves that a door is the business's. Fails with `NotFound`.
pub async fn webhook_own(app: &App, scope: &MemberScope, id: WebhookId) -> Result<(), OpError> {
    let found = webhook::webhook_find(app.shard(&scope.business)?, scope, id).await?;
    found.map(drop).ok_or_else(|| Kind::NotFound.into())
}

/// Takes what a team sets for a door. Fails with `ValueRefused`: our own address would tell us what we told it.
fn about_take(app: &App, about: &WriteWebhook) -> Result<WriteWebhook, OpError> {
    let address = PublicAddress::parse(&about.url, app.config.dev).ok_or(Kind::ValueRefused)?;
    let is_ours =
        [&app.config.public_origin, &app.config.app_origin].iter().any(|own| *own == address.origin());
    let mut events = about.events.clone();
    events.sort_unstable();
    events.dedup();
    if is_ours || events.is_empty() || address.as_str().len() > LINE_CHARACTERS {
        return Err(Kind::ValueRefused.into());
    }
    Ok(WriteWebhook { url: address.as_str().to_owned(), events, is_active: about.is_active })
}

/// A fresh secret for a door.
struct Fresh {
    secret: Secret<String>,
    key: KeyRef,
    sealed: Vec<u8>,
    /// What records its key, where that is new.
    batch: Vec<Statement>,
}

async fn secret_make(app: &App, scope: &MemberScope, id: WebhookId) -> Result<Fresh, OpError> {
    let secret = webhook_secret_mint(app.rng.bytes()?);
    let (own, insert) = business_key(app, &scope.business, app.shard(&scope.business)?).await?;
    let row = id.to_string();
    let place = (Column::WebhookSecret, row.as_str(), &[][..]);
    let sealed = secret_seal(app, &scope.business, &own, place, &secret)?;
    Ok(Fresh {
        secret,
        key: own.reference(),
        sealed,
        batch: insert.into_iter().map(key::key_insert_in_shard).collect(),
    })
}

/// Notes a deed in the log, which is another database: before the deed, so that none goes unnoted.
async fn note(app: &App, scope: &MemberScope, action: Action, id: WebhookId) -> Result<(), OpError> {
    Ok(app.directory.write(line(app, scope, action, Subject::new("webhook", id))?).await?)
}

/// Makes a door. Its secret is shown this once. Fails with `ValueRefused` and `TooMany`.
pub async fn webhook_make(
    app: &App,
    scope: &MemberScope,
    about: &WriteWebhook,
) -> Result<MadeWebhook, OpError> {
    let about = about_take(app, about)?;
    let (now, shard) = (app.clock.now(), app.shard(&scope.business)?);
    if webhook::webhooks_list(shard, scope).await?.len() >= WEBHOOKS as usize {
        return Err(Kind::TooMany.into());
    }
    let id = WebhookId::mint(now, app.rng.bytes()?);
    let Fresh { secret, key, sealed, mut batch } = secret_make(app, scope, id).await?;
    batch.push(webhook::webhook_insert(scope, id, &about, (key, sealed), now));
    note(app, scope, Action::WebhookMake, id).await?;
    shard.batch(batch).await?;
    Ok(MadeWebhook { id, secret })
}

/// Changes a door. Fails with `NotFound` and `ValueRefused`.
pub async fn webhook_change(
    app: &App,
    scope: &MemberScope,
    id: WebhookId,
    about: &WriteWebhook,
) -> Result<(), OpError> {
    webhook_own(app, scope, id).await?;
    let about = about_take(app, about)?;
    note(app, scope, Action::WebhookChange, id).await?;
    Ok(app.shard(&scope.business)?.write(webhook::webhook_write(scope, id, &about)).await?)
}

/// Another secret for a door, from now on. Fails with `NotFound`.
pub async fn webhook_rotate(app: &App, scope: &MemberScope, id: WebhookId) -> Result<MadeWebhook, OpError> {
    webhook_own(app, scope, id).await?;
    let Fresh { secret, key, sealed, mut batch } = secret_make(app, scope, id).await?;
    batch.push(webhook::webhook_secret_write(scope, id, key, sealed));
    note(app, scope, Action::WebhookChange, id).await?;
    app.shard(&scope.business)?.batch(batch).await?;
    Ok(MadeWebhook { id, secret })
}

/// Takes a door away, with what was told to it. Fails with `NotFound`.
pub async fn webhook_remove(app: &App, scope: &MemberScope, id: WebhookId) -> Result<(), OpError> {
    webhook_own(app, scope, id).await?;
    note(app, scope, Action::WebhookDelete, id).await?;
    app.shard(&scope.business)?.batch(webhook::webhook_delete(scope, id).into()).await?;
    Ok(())
}

/// Tells a door something that means nothing, to see whether it hears. Fails with `NotFound`.
pub async fn webhook_test(app: &App, scope: &MemberScope, id: WebhookId) -> Result<(), OpError> {
    webhook_own(app, scope, id).await?;
    let random: [u8; 8] = app.rng.bytes()?;
    let event = format!("test.{:016x}", u64::from_be_bytes(random));
    app.shard(&scope.business)?.write(webhook::test_insert(scope, id, &event, app.clock.now())).await?;
    hooks_wake(app, &scope.business, 0).await
}

/// The newest deliveries of a door. Fails with `NotFound`.
pub async fn deliveries_list(
    app: &App,
    scope: &MemberScope,
    id: WebhookId,
) -> Result<HookDeliveries, OpError> {
    webhook_own(app, scope, id).await?;
    let deliveries = webhook::deliveries_list(app.shard(&scope.business)?, scope, id).await?;
    Ok(HookDeliveries { deliveries })
}

/// Tells an event again, under the same id. Fails with `NotFound`.
pub async fn delivery_replay(
    app: &App,
    scope: &MemberScope,
    id: WebhookId,
    event: &str,
) -> Result<(), OpError> {
    let replay = webhook::delivery_replay(scope, id, event, app.clock.now());
    let found: Option<serde_json::Value> = app.shard(&scope.business)?.row(replay).await?;
    found.ok_or(Kind::NotFound)?;
    hooks_wake(app, &scope.business, 0).await
}

/// Wakes the consumer for a business, after `delay_s` seconds.
pub async fn hooks_wake(app: &App, scope: &BusinessScope, delay_s: u32) -> Result<(), OpError> {
    let wake = HookWake { hooks_of: scope.business() };
    let text = serde_json::to_string(&wake).map_err(|fault| Fault::Platform(fault.to_string()))?;
    Ok(app.outbound.send(text, delay_s).await?)
}

/// Wakes the consumer for every business that was noted since the last time (see [`App::hooks_note`]).
pub async fn hooks_noted_wake(app: &App) {
    for scope in app.hooks_noted_take() {
        hooks_look(app, &scope).await;
    }
}

/// Wakes the consumer for a business that has something to tell. What the queue does not take, the cron sweeps.
pub async fn hooks_look(app: &App, scope: &BusinessScope) {
    let waits = async {
        let waits = webhook::hooks_wait(app.shard(scope)?, scope, app.clock.now()).await?;
        if waits { hooks_wake(app, scope, 0).await } else { Ok(()) }
    };
    if let Err(failure) = waits.await {
        log::failed(app, "webhook", &failure);
    }
}

/// Tells what is due of a business: some deliveries at a time, one after the other. Safe to call twice and at once.
pub async fn hooks_send(app: &App, business: BusinessId) -> Result<(), OpError> {
    let Some(scope) = app.business(business).await? else { return Ok(()) };
    let shard = app.shard(&scope)?;
    let now = app.clock.now();
    let held = webhook::deliveries_lease(shard, &scope, now, now.plus_ms(HOOK_LEASE_MS)).await?;
    let mut next_ms = None;
    for held in &held {
        let answer = told(app, &scope, held).await;
        let now = app.clock.now();
        // Behind a door that is gone or switched off nobody is to hear of it later, either.
        let is_over = matches!(answer, Err(Untold::Gone));
        let (status, is_taken) = match answer {
            Ok(status) => (Some(status), (200..300).contains(&status)),
            Err(failure) => {
                log::note("webhook", &format!("a delivery was not made at try {}: {failure}", held.tries));
                (None, false)
            }
        };
        let dice = u16::from_be_bytes(app.rng.bytes()?);
        let wait_ms = hook_retry_after_ms(held.tries, dice).filter(|_| !is_over);
        let settle = match (is_taken, wait_ms) {
            (true, _) => webhook::delivery_settle(&scope, held, "delivered", status, (now, Some(now))),
            (false, Some(wait_ms)) => {
                next_ms = Some(next_ms.map_or(wait_ms, |next: i64| next.min(wait_ms)));
                webhook::delivery_settle(&scope, held, "queued", status, (now.plus_ms(wait_ms), None))
            }
            (false, None) => webhook::delivery_settle(&scope, held, "given_up", status, (now, Some(now))),
        };
        shard.write(settle).await?;
    }
    // A full batch has more behind it; what failed is woken when it is due.
    if held.len() >= shared::limits::HOOK_BATCH as usize {
        hooks_wake(app, &scope, 0).await?;
    }
    if let Some(wait_ms) = next_ms {
        let delay_s = u32::try_from(wait_ms.saturating_add(999).div_euclid(1_000)).unwrap_or(u32::MAX);
        // The queue waits half a day at most; the cron sweeps what is due later.
        hooks_wake(app, &scope, delay_s.min(shared::limits::QUEUE_DELAY_S)).await?;
    }
    Ok(())
}

/// Why a door was not told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
enum Untold {
    #[error("the door is gone or switched off")]
    Gone,
    #[error("the door could not be looked up")]
    Unread,
    #[error("its secret can't be opened")]
    Secret,
    #[error("its address is none that is called")]
    Address,
    #[error("no answer came")]
    Silent,
}

/// Tells a door an event; gives the status that it answered with.
async fn told(app: &App, scope: &BusinessScope, held: &Held) -> Result<u16, Untold> {
    let shard = app.shard(scope).map_err(|_| Untold::Unread)?;
    let door = webhook::door_find(shard, scope, held).await.map_err(|_| Untold::Unread)?;
    let (url, sealed) = door.ok_or(Untold::Gone)?;
    let row = held.webhook.to_string();
    let place = (Column::WebhookSecret, row.as_str(), &[][..]);
    let secret = secret_open(app, scope, shard, place, &sealed).await.map_err(|_| Untold::Secret)?;
    let secret = WebhookSecret::parse(secret.expose()).ok_or(Untold::Secret)?;
    // Judged again at every try: what may be called can change with a version of ours.
    let address = PublicAddress::parse(&url, app.config.dev).ok_or(Untold::Address)?;
    let body = hook_body(&held.kind, held.created_at, scope.business(), held.site, held.conversation);
    let (timestamp, signature) = secret.signed(&held.event, app.clock.now(), &body).ok_or(Untold::Secret)?;
    let visit = Visit {
        address,
        headers: vec![
            ("content-type", "application/json".to_owned()),
            ("user-agent", "Loquet webhooks".to_owned()),
            ("webhook-id", held.event.clone()),
            ("webhook-timestamp", timestamp),
            ("webhook-signature", signature),
        ],
        body: Some(body),
    };
    let deadline = Box::pin(app.clock.sleep(HOOK_MS));
    // The answer's head says enough; its body is not read.
    match select(Box::pin(app.http.visit(visit)), deadline).await {
        Either::Left((Ok(answer), _)) => Ok(answer.status),
        Either::Left((Err(_), _)) | Either::Right(_) => Err(Untold::Silent),
    }
}
