//! Doors of a business's own systems, and what was told to them. That something is told stands in the schema: triggers add
//! a delivery with the very commit that makes it happen.

use serde::Deserialize;
use shared::id::{BusinessId, ConversationId, SiteId, WebhookId};
use shared::limits::{HOOK_BATCH, PAGE_ENTRIES, WEBHOOKS};
use shared::time::Millis;
use shared::wire::admin::webhook::{DeliveryState, HookDelivery, Webhook, WriteWebhook};

use super::scope::{BusinessScope, MemberScope, OperatorScope};
use super::secret::{SealedSecret, SecretRow};
use crate::platform::{Db, DbFault, Statement};
use crate::sealing::KeyRef;

#[derive(Deserialize)]
struct Row {
    id: WebhookId,
    url: String,
    events: String,
    is_active: i64,
    created_at: Millis,
}

impl Row {
    fn into_webhook(self) -> Result<Webhook, DbFault> {
        let events = serde_json::from_str(&self.events)
            .map_err(|fault| DbFault::Failed(format!("a webhook's events: {fault}")))?;
        let about = WriteWebhook { url: self.url, events, is_active: self.is_active != 0 };
        Ok(Webhook { id: self.id, about, created_at: self.created_at })
    }
}

/// Lists the doors of a business.
pub const WEBHOOKS_LIST: &str = "
SELECT id
     , url
     , events
     , is_active
     , created_at
FROM webhook
WHERE business = ?1
ORDER BY id
LIMIT ?2
";

/// The doors of a business, oldest first.
pub async fn webhooks_list(shard: &Db, scope: &MemberScope) -> Result<Vec<Webhook>, DbFault> {
    let values = [scope.business.business().into(), WEBHOOKS.into()];
    let rows: Vec<Row> = shard.rows(Statement::new(WEBHOOKS_LIST, values)).await?;
    rows.into_iter().map(Row::into_webhook).collect()
}

/// Finds a door.
pub const WEBHOOK_FIND: &str = "
SELECT id
     , url
     , events
     , is_active
     , created_at
FROM webhook
WHERE id = ?1
  AND business = ?2
";

/// A door of the business.
pub async fn webhook_find(
    shard: &Db,
    scope: &MemberScope,
    id: WebhookId,
) -> Result<Option<Webhook>, DbFault> {
    let values = [id.into(), scope.business.business().into()];
    let row: Option<Row> = shard.row(Statement::new(WEBHOOK_FIND, values)).await?;
    row.map(Row::into_webhook).transpose()
}

/// Adds a door.
pub const WEBHOOK_INSERT: &str = "
INSERT INTO webhook (id, business, url, events, is_active, slab, slot, secret, created_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
";

/// The statement that adds a door.
pub fn webhook_insert(
    scope: &MemberScope,
    id: WebhookId,
    about: &WriteWebhook,
    (key, secret): (KeyRef, Vec<u8>),
    now: Millis,
) -> Statement {
    Statement::new(
        WEBHOOK_INSERT,
        [
            id.into(),
            scope.business.business().into(),
            about.url.as_str().into(),
            serde_json::json!(about.events).to_string().into(),
            about.is_active.into(),
            key.slab.into(),
            key.slot.into(),
            secret.into(),
            now.into(),
        ],
    )
}

/// Changes a door.
pub const WEBHOOK_WRITE: &str = "
UPDATE webhook
SET url = ?3
  , events = ?4
  , is_active = ?5
WHERE id = ?1
  AND business = ?2
";

/// The statement that changes a door.
pub fn webhook_write(scope: &MemberScope, id: WebhookId, about: &WriteWebhook) -> Statement {
    Statement::new(
        WEBHOOK_WRITE,
        [
            id.into(),
            scope.business.business().into(),
            about.url.as_str().into(),
            serde_json::json!(about.events).to_string().into(),
            about.is_active.into(),
        ],
    )
}

/// Changes what a door's deliveries are signed with.
pub const WEBHOOK_SECRET_WRITE: &str = "
UPDATE webhook
SET slab = ?3
  , slot = ?4
  , secret = ?5
WHERE id = ?1
  AND business = ?2
";

/// The statement that changes what a door's deliveries are signed with.
pub fn webhook_secret_write(scope: &MemberScope, id: WebhookId, key: KeyRef, secret: Vec<u8>) -> Statement {
    let business = scope.business.business();
    let values = [id.into(), business.into(), key.slab.into(), key.slot.into(), secret.into()];
    Statement::new(WEBHOOK_SECRET_WRITE, values)
}

/// Takes a door away.
pub const WEBHOOK_DELETE: &str = "
DELETE FROM webhook
WHERE id = ?1
  AND business = ?2
";

/// Forgets what was told to a door.
pub const WEBHOOK_DELIVERIES_DELETE: &str = "
DELETE FROM webhook_delivery
WHERE webhook = ?1
  AND business = ?2
";

/// The statements that take a door away, with what was told to it.
pub fn webhook_delete(scope: &MemberScope, id: WebhookId) -> [Statement; 2] {
    let values = || [id.into(), scope.business.business().into()];
    [Statement::new(WEBHOOK_DELIVERIES_DELETE, values()), Statement::new(WEBHOOK_DELETE, values())]
}

/// Adds a delivery that is about no conversation.
pub const TEST_INSERT: &str = "
INSERT INTO webhook_delivery (event, webhook, business, kind, due_at, created_at)
VALUES (?1, ?2, ?3, 'test', ?4, ?4)
";

/// The statement that tells a door something that means nothing, to see whether it hears.
pub fn test_insert(scope: &MemberScope, id: WebhookId, event: &str, now: Millis) -> Statement {
    Statement::new(TEST_INSERT, [event.into(), id.into(), scope.business.business().into(), now.into()])
}

/// Lists what was told to a door.
pub const DELIVERIES_LIST: &str = "
SELECT event
     , kind
     , state
     , tries
     , status
     , created_at
     , due_at
FROM webhook_delivery
WHERE webhook = ?1
  AND business = ?2
ORDER BY created_at DESC
       , event DESC
LIMIT ?3
";

/// The newest deliveries of a door.
pub async fn deliveries_list(
    shard: &Db,
    scope: &MemberScope,
    id: WebhookId,
) -> Result<Vec<HookDelivery>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        event: String,
        kind: String,
        state: DeliveryState,
        tries: u32,
        status: Option<u16>,
        created_at: Millis,
        due_at: Millis,
    }
    let values = [id.into(), scope.business.business().into(), PAGE_ENTRIES.into()];
    let rows: Vec<Row> = shard.rows(Statement::new(DELIVERIES_LIST, values)).await?;
    Ok(rows
        .into_iter()
        .map(|row| HookDelivery {
            event: row.event,
            kind: row.kind,
            state: row.state,
            tries: row.tries,
            status: row.status,
            created_at: row.created_at,
            due_at: row.due_at,
        })
        .collect())
}

/// Lets a delivery begin anew.
pub const DELIVERY_REPLAY: &str = "
UPDATE webhook_delivery
SET state = 'queued'
  , tries = 0
  , due_at = ?4
  , settled_at = NULL
WHERE event = ?1
  AND webhook = ?2
  AND business = ?3
  AND state IN ('delivered', 'given_up', 'queued')
RETURNING event
";

/// The statement that lets a delivery begin anew; returns a row where there is one that no try holds.
pub fn delivery_replay(scope: &MemberScope, id: WebhookId, event: &str, now: Millis) -> Statement {
    Statement::new(DELIVERY_REPLAY, [event.into(), id.into(), scope.business.business().into(), now.into()])
}

/// Tells whether a business has something to tell.
pub const HOOKS_WAIT: &str = "
SELECT event
FROM webhook_delivery
WHERE business = ?1
  AND state = 'queued'
  AND due_at <= ?2
LIMIT 1
";

/// A business has something to tell now.
pub async fn hooks_wait(shard: &Db, scope: &BusinessScope, now: Millis) -> Result<bool, DbFault> {
    let row: Option<serde_json::Value> =
        shard.row(Statement::new(HOOKS_WAIT, [scope.business().into(), now.into()])).await?;
    Ok(row.is_some())
}

/// A delivery that a try holds.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Held {
    /// What `webhook-id` says.
    pub event: String,
    /// Which door.
    pub webhook: WebhookId,
    /// What it is about; `None` for a test.
    pub conversation: Option<ConversationId>,
    /// Where that began.
    pub site: Option<SiteId>,
    /// What happened.
    pub kind: String,
    /// How often it was tried, the present try included.
    pub tries: u32,
    /// When it happened.
    pub created_at: Millis,
}

/// Takes hold of deliveries that are due.
pub const DELIVERIES_LEASE: &str = "
UPDATE webhook_delivery
SET state = 'sending'
  , tries = tries + 1
  , due_at = ?3
WHERE (event, webhook) IN (
    SELECT event
         , webhook
    FROM webhook_delivery
    WHERE business = ?1
      AND state IN ('queued', 'sending')
      AND due_at <= ?2
    ORDER BY due_at
    LIMIT ?4
)
RETURNING event
        , webhook
        , conversation
        , site
        , kind
        , tries
        , created_at
";

/// Takes hold of a business's deliveries that are due, until `until`: some at a time.
pub async fn deliveries_lease(
    shard: &Db,
    scope: &BusinessScope,
    now: Millis,
    until: Millis,
) -> Result<Vec<Held>, DbFault> {
    let values = [scope.business().into(), now.into(), until.into(), HOOK_BATCH.into()];
    shard.rows(Statement::new(DELIVERIES_LEASE, values)).await
}

/// Finds a door that hears a kind of event, with what its deliveries are signed with.
pub const DOOR_FIND: &str = "
SELECT webhook.url
     , webhook.slab
     , webhook.slot
     , seal_key.commit16
     , webhook.secret
FROM webhook
JOIN seal_key ON seal_key.slab = webhook.slab AND seal_key.slot = webhook.slot
WHERE webhook.id = ?1
  AND webhook.business = ?2
  AND (webhook.is_active = 1 OR ?3 = 'test')
";

/// Where the door of a delivery is, and what it is signed with, sealed. `None` where it is gone or switched off; a test may
/// try one that is off.
pub async fn door_find(
    shard: &Db,
    scope: &BusinessScope,
    held: &Held,
) -> Result<Option<(String, SealedSecret)>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        url: String,
        #[serde(flatten)]
        sealed: SecretRow,
    }
    let values = [held.webhook.into(), scope.business().into(), held.kind.as_str().into()];
    let row: Option<Row> = shard.row(Statement::new(DOOR_FIND, values)).await?;
    Ok(row.map(|row| (row.url, row.sealed.into())))
}

/// Records what came of a try, by the try that holds the delivery.
pub const DELIVERY_SETTLE: &str = "
UPDATE webhook_delivery
SET state = ?4
  , status = ?5
  , due_at = ?6
  , settled_at = ?7
WHERE event = ?1
  AND webhook = ?2
  AND business = ?3
  AND state = 'sending'
  AND tries = ?8
";

/// The statement that records what came of a try: delivered, given up, or to be tried again at `due_at`.
pub fn delivery_settle(
    scope: &BusinessScope,
    held: &Held,
    state: &'static str,
    status: Option<u16>,
    (due_at, settled_at): (Millis, Option<Millis>),
) -> Statement {
    Statement::new(
        DELIVERY_SETTLE,
        [
            held.event.as_str().into(),
            held.webhook.into(),
            scope.business().into(),
            state.into(),
            status.into(),
            due_at.into(),
            settled_at.into(),
            held.tries.into(),
        ],
    )
}

/// Lists businesses with deliveries that are due.
pub const HOOKS_DUE: &str = "
SELECT DISTINCT business
FROM webhook_delivery
WHERE state IN ('queued', 'sending')
  AND due_at <= ?1
LIMIT ?2
";

/// Up to `limit` businesses of a shard that have something to tell.
pub async fn hooks_due(
    shard: &Db,
    _scope: &OperatorScope,
    now: Millis,
    limit: u32,
) -> Result<Vec<BusinessId>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        business: BusinessId,
    }
    let rows: Vec<Row> = shard.rows(Statement::new(HOOKS_DUE, [now.into(), limit.into()])).await?;
    Ok(rows.into_iter().map(|row| row.business).collect())
}

/// Forgets old deliveries.
pub const DELIVERIES_FORGET: &str = "
DELETE FROM webhook_delivery
WHERE (event, webhook) IN (
    SELECT event
         , webhook
    FROM webhook_delivery
    WHERE created_at <= ?1
    LIMIT ?2
)
RETURNING event
";

/// The statement that forgets up to `limit` deliveries from before `before`.
pub fn deliveries_forget(_scope: &OperatorScope, before: Millis, limit: u32) -> Statement {
    Statement::new(DELIVERIES_FORGET, [before.into(), limit.into()])
}
