//! The mail that sums up what waits in an inbox, for members who asked to be told.

use shared::id::{AccountId, BusinessId, MailId};
use shared::limits::{DIGEST_STATEMENTS, DIGESTS, INBOX_COUNTED, INBOX_LOOKS};
use shared::time::{DAY_MS, HOUR_MS, MINUTE_MS, Millis};
use shared::wire::admin::inbox::settings::Digest;
use shared::wire::admin::team::Role;

use super::OpError;
use super::account_request::is_restricted;
use super::mail::{MailKind, NewMail, Recipient, batch_commit, mail_insert};
use crate::app::App;
use crate::platform::meter;
use crate::rules::mail::Letter;
use crate::rules::opening;
use crate::store::inbox_setting::{self, DigestDue};
use crate::store::scope::{AccountScope, BusinessScope, MemberScope, OperatorScope};
use crate::store::{inbox, letter, note, site};

/// The hours of a business's morning, in which a daily mail goes out.
const MORNING: std::ops::Range<i64> = 6..10;
/// A daily mail comes this long after the last one at the earliest.
const DAILY_MS: i64 = 20 * HOUR_MS;

fn window_ms(digest: Digest) -> i64 {
    match digest {
        Digest::Daily => DAY_MS,
        Digest::Hourly | Digest::Never => HOUR_MS,
    }
}

/// What waits for a member: open conversations, and mentions since a time.
async fn waiting(
    app: &App,
    business: BusinessScope,
    account: AccountId,
    since: Millis,
) -> Result<(u32, u32), OpError> {
    let member =
        MemberScope { business, account: AccountScope::new(account), role: Role::Viewer, token: None };
    let shard = app.shard(&business)?;
    let counts = inbox::counts(shard, &member, (INBOX_COUNTED, INBOX_LOOKS)).await?;
    let mentions = note::mentions_count(shard, &member, since, INBOX_COUNTED).await?;
    Ok((counts.open, mentions))
}

/// Puts the mails into the outbox that are due at `now`: how many, and whether more are.
pub async fn digests_send(app: &App, scope: &OperatorScope, now: Millis) -> Result<(u32, bool), OpError> {
    let due = inbox_setting::digests_due(
        &app.directory,
        scope,
        (now.minus_ms(HOUR_MS), now.minus_ms(DAILY_MS)),
        DIGESTS,
    )
    .await?;
    let mut more = due.len() >= DIGESTS as usize;
    let mut sent = 0_u32;
    for DigestDue { business, account, digest, digested_at } in due {
        if !meter::has(DIGEST_STATEMENTS) {
            more = true;
            break;
        }
        if digest == Digest::Daily && !is_morning(app, &business, now).await? {
            continue;
        }
        let (open, mentions) = waiting(app, business, account, digested_at).await?;
        let mut batch = vec![inbox_setting::digest_done(&business, account, digested_at, now)];
        if open > 0 || mentions > 0 {
            batch.push(mail_insert(&NewMail {
                id: MailId::mint(now, app.rng.bytes()?),
                kind: MailKind::InboxDigest,
                recipient: Recipient::Account(account),
                business: Some(business.business()),
                about: None,
                now,
            }));
            sent = sent.saturating_add(1);
        }
        batch_commit(app, batch).await?;
    }
    Ok((sent, more))
}

async fn is_morning(app: &App, business: &BusinessScope, now: Millis) -> Result<bool, OpError> {
    let first = site::first_opening(&app.directory, business).await?;
    // A business that did not say where it is has the morning of UTC.
    let zone_min = first.as_ref().and_then(|opening| opening::zone_min(opening, now)).unwrap_or_default();
    let local = now.plus_ms(i64::from(zone_min).saturating_mul(MINUTE_MS));
    Ok(MORNING.contains(&local.as_i64().rem_euclid(DAY_MS).div_euclid(HOUR_MS)))
}

/// The letter, as it stands now. `None` where nothing waits any more, or the reader has left the
/// team, wants none or is restricted.
pub(super) async fn digest_compose(
    app: &App,
    account: AccountId,
    id: BusinessId,
    at: Millis,
) -> Result<Option<Letter>, OpError> {
    let scope = OperatorScope::of_deployment();
    let Some(name) = letter::business_name(&app.directory, &scope, id).await? else { return Ok(None) };
    let Some(business) = app.business(id).await? else { return Ok(None) };
    let member =
        MemberScope { business, account: AccountScope::new(account), role: Role::Viewer, token: None };
    let digest = inbox_setting::notifications_find(&app.directory, &member).await?.digest;
    let belongs = crate::store::member::member_role(&app.directory, &member, account).await?.is_some();
    // Nothing optional processes who is restricted, also where the mail was written before.
    if digest == Digest::Never || !belongs || is_restricted(app, account).await? {
        return Ok(None);
    }
    let (open, mentions) = waiting(app, business, account, at.minus_ms(window_ms(digest))).await?;
    if open == 0 && mentions == 0 {
        return Ok(None);
    }
    let count = if open >= INBOX_COUNTED { format!("{INBOX_COUNTED}+") } else { open.to_string() };
    let path = format!("/app/#/{id}/inbox");
    Ok(Some(Letter::InboxDigest { business: name, count, mentions: mentions.to_string(), path }))
}
