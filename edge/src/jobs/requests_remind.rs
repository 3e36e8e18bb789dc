//! Requests of persons, visitors and people who sign in: reminders at seven and at two days before their end; and those that
//! were settled long ago, with codes that open nothing any more, forgotten.
//!
//! Idempotent: the same reminder is the same mail, and how many went out stands in the request.

use shared::limits::{DELETE_ROWS, LETTER_STATEMENTS, REQUEST_MONTHS, REQUESTS_PAGE};
use shared::time::Millis;

use super::{Done, Hands};
use crate::log;
use crate::ops::meter;
use crate::ops::{OpError, account_request, request};
use crate::store::account_request::own_requests_to_remind;
use crate::store::privacy_code::codes_forget;
use crate::store::request::{requests_forget, requests_to_remind};
use crate::store::scope::{BusinessScope, OperatorScope};

/// Reminds and forgets, the directory first, then shard by shard. One reminder that fails stops no other.
pub(super) async fn run(hands: &Hands<'_>, scope: &OperatorScope, now: Millis) -> Result<Done, OpError> {
    let mut done = Done::at(now);
    let (first, second) = request::reminders_due(now);
    let own = own_requests_to_remind(&hands.app.directory, scope, first, second).await?;
    done.more |= own.len() >= REQUESTS_PAGE as usize;
    for request in own {
        if !meter::has(LETTER_STATEMENTS) {
            done.more = true;
            break;
        }
        let reminded = account_request::operated_request_remind(hands.app, scope, &request, now).await;
        if let Err(fault) = reminded {
            log::failed(hands.app, "requests_remind", &fault);
            done.failed = done.failed.saturating_add(1);
        }
        done.count(1);
    }
    for (number, shard) in hands.app.shards(scope).iter().enumerate() {
        let due = requests_to_remind(shard, scope, first, second).await?;
        done.more |= due.len() >= REQUESTS_PAGE as usize;
        for request in due {
            if !meter::has(LETTER_STATEMENTS) {
                done.more = true;
                break;
            }
            let business = BusinessScope::new(request.business, number);
            let reminded = request::request_remind(hands.app, scope, &business, &request, now).await;
            if let Err(fault) = reminded {
                log::failed(hands.app, "requests_remind", &fault);
                done.failed = done.failed.saturating_add(1);
            }
            done.count(1);
        }
        let settled = now.plus_months(REQUEST_MONTHS.saturating_neg());
        let forget =
            vec![requests_forget(scope, settled, DELETE_ROWS), codes_forget(scope, now, DELETE_ROWS)];
        let gone = shard.batch(forget).await?;
        for index in 0..2 {
            let rows = gone.rows::<serde_json::Value>(index)?.len();
            done.more |= rows >= DELETE_ROWS as usize;
            done.count(rows);
        }
    }
    Ok(done)
}
