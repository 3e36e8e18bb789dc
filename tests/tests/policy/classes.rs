//! Every class of rows that time alone deletes: there one second before its limit, gone one second after; and what keeps
//! a purge honest when clocks jump.

use edge::ops::billing::{Billing, billing_read, billing_record};
use edge::ops::erasure::{Reason, business_erase};
use edge::platform::Db;
use edge::rules::inventory::inventory_read;
use edge::store::due::{Where, due_count, due_of};
use edge::store::scope::{BusinessScope, OperatorScope};
use http::StatusCode;
use shared::limits::{ERASURE_SETTLE_MS, JOURNAL_MS, SWEEP_PAGES};
use shared::privacy::Personal;
use shared::rules::retention::Class;
use shared::time::{DAY_MS, HOUR_MS, Millis, SECOND_MS};
use shared::wire::admin::retention::SiteLimit;
use shared::wire::problem::Kind;
use tests::{Deployment, NOW, Options, Person, Visitor, business_id};

const HOURLY: &str = "17 * * * *";
const OFTEN: &str = "*/5 * * * *";

/// A row of a class, made at `?1` (a time, or a UTC day).
fn row_of(class: Class) -> &'static str {
    match class {
        Class::Code => {
            "INSERT INTO sign_in_code (id, purpose, email_finder, nonce_hash, asker, created_at, expires_at) VALUES ('x', 'sign_in', '', '', '', ?1, ?1)"
        }
        Class::Challenge => {
            "INSERT INTO passkey_challenge (id, nonce_hash, created_at, expires_at) VALUES ('x', '', ?1, ?1)"
        }
        Class::Session => {
            "INSERT INTO session (id, hash, account, device, browser_hash, created_at, last_used_at, expires_at) VALUES ('x', 'x', 'acc', '', '', ?1, 0, 0)"
        }
        Class::SignIn => {
            "INSERT INTO audit (id, account, action, subject_kind, subject, at) VALUES ('x', 'acc', 'sign_in', '', '', ?1)"
        }
        Class::Invitation => {
            "INSERT INTO invitation (id, business, email_finder, role, locale, invited_by, slab, slot, email, created_at, expires_at) VALUES ('x', 'biz', '', 'viewer', 'en', '', 's', 0, x'00', 0, ?1)"
        }
        Class::EmailChange => {
            "INSERT INTO email_change (id, account, email_finder, slab, slot, email, created_at) VALUES ('x', 'acc', '', 's', 0, x'00', ?1)"
        }
        Class::Audit => {
            "INSERT INTO audit (id, account, action, subject_kind, subject, at) VALUES ('x', 'acc', '', '', '', ?1)"
        }
        Class::Mail => {
            "INSERT INTO mail (id, kind, recipient_kind, recipient, state, due_at, created_at) VALUES ('x', 'new_device', 'account', 'acc', 'sent', 0, ?1)"
        }
        Class::Suppression => "INSERT INTO mail_suppression (finder, reason, at) VALUES ('x', 'bounce', ?1)",
        Class::JobRun => {
            "INSERT INTO job_run (id, job, cut_off, due_rows, objects, outcome, started_at, duration_ms) VALUES ('x', 'x', 0, 0, 0, 'done', ?1, 0)"
        }
        Class::DirectoryErasure => {
            "INSERT INTO erasure (id, subject_kind, subject, reason, state, subjects, requested_at, receipted_at) VALUES ('x', 'account', 'acc', 'request', 'receipted', '{}', 0, ?1)"
        }
        Class::ErasureContact => {
            "INSERT INTO erasure_contact (erasure, account, locale, slab, slot, contact, created_at) VALUES ('x', 'acc', 'en', 's', 0, x'00', ?1)"
        }
        Class::AccountRequest => {
            "INSERT INTO account_request (id, account, kind, state, asked_at, due_at, settled_at) VALUES ('x', 'acc', 'other', 'met', 0, 0, ?1)"
        }
        Class::Billing => {
            "INSERT INTO billing_record (id, business_ref, vendor, reference, amount_cents, currency, day, at, slab, slot, address) VALUES ('x', 'biz', 'none', 'x', 1, 'EUR', 0, ?1, 's', 0, x'00')"
        }
        Class::Alarm => "INSERT INTO alarm_day (day, noted_at) VALUES (?1, 0)",
        Class::Consent => {
            "INSERT INTO consent_event (id, business, site, visitor, purpose, choice, way, version, text_hash, locale, created_at) VALUES ('x', 'biz', 'sit', 'vis', 'statistics', 'declined', 'strip', 1, '', 'en', ?1)"
        }
        Class::ConsentWords => {
            "INSERT INTO consent_words (business, hash, words, created_at) VALUES ('biz', 'x', '', ?1)"
        }
        Class::ConversationToken => {
            "INSERT INTO conversation_token (hash, business, conversation, created_at, last_used_at) VALUES ('x', 'biz', 'cnv', 0, ?1)"
        }
        Class::Visit => {
            "INSERT INTO visit_day (business, site, day, locale, browser, visits) VALUES ('biz', 'sit', ?1, 'en', '', 9)"
        }
        Class::AiUse => {
            "INSERT INTO ai_day (business, site, day, calls, tokens) VALUES ('biz', 'sit', ?1, 1, 1)"
        }
        Class::ConversationNumbers => {
            "INSERT INTO conversation_numbers (conversation, business, site, day, began_at) VALUES ('cnv', 'biz', 'sit', ?1, 0)"
        }
        Class::ConversationUse => {
            "INSERT INTO ai_use (conversation, day, provider, model, business, site, calls, tokens_in, tokens_out) VALUES ('cnv', ?1, 'p', 'm', 'biz', 'sit', 1, 1, 1)"
        }
        Class::NumbersDay => {
            "INSERT INTO numbers_day (business, site, day, measure, count) VALUES ('biz', 'sit', ?1, 'conversations', 9)"
        }
        Class::NumbersUse => {
            "INSERT INTO numbers_ai_day (business, site, day, provider, model, conversations, calls, tokens_in, tokens_out) VALUES ('biz', 'sit', ?1, 'p', 'm', 9, 9, 9, 9)"
        }
        Class::DashboardUse => "INSERT INTO use_day (day, name, count) VALUES (?1, 'page_team', 9)",
        Class::ShardErasure => {
            "INSERT INTO erasure (id, business, subject_kind, subject, reason, state, requested_at, receipted_at) VALUES ('x', 'biz', 'visitor', 'vis', 'request', 'receipted', 0, ?1)"
        }
        Class::ShardKey | Class::DirectoryKey => {
            "INSERT INTO seal_key (slab, slot, business, owner_kind, owner, commit16, created_at, state, destroyed_at) VALUES ('s', 0, 'biz', 'day', '1', x'00000000000000000000000000000000', 0, 2, ?1)"
        }
    }
}

fn seed(db: &Db, sql: &str, at: i64) {
    db.with_connection(|connection| {
        connection.execute_batch("PRAGMA foreign_keys = OFF;").unwrap();
        let mut triggers =
            connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").unwrap();
        let names: Vec<String> =
            triggers.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        for name in names {
            connection.execute_batch(&format!("DROP TRIGGER {name}")).unwrap();
        }
        connection.execute(sql, [at]).unwrap();
    })
    .unwrap();
}

fn count(db: &Db, sql: &str) -> i64 {
    db.with_connection(|connection| connection.query_row(sql, [], |row| row.get(0)).unwrap()).unwrap()
}

async fn at(deployment: &Deployment, now: Millis, cron: &str) {
    deployment.clock.wind(now);
    deployment.run_due(cron, now).await;
}

#[tokio::test(start_paused = true)]
async fn p4_1_p4_3_p4_4_every_class_is_there_a_second_before_its_limit_and_gone_a_second_after() {
    for class in Class::ALL {
        let deployment = Deployment::new(Options::default());
        let due = due_of(*class);
        let db = match due.place {
            Where::Directory => &deployment.directory,
            Where::Shard => &deployment.shards[1],
        };
        // A day begins at midnight, and so does its limit.
        let made = if due.is_day { Millis::new(NOW.day() * DAY_MS) } else { NOW };
        seed(db, row_of(*class), if due.is_day { made.day() } else { made.as_i64() });
        let which = format!(
            "SELECT count(*) FROM {} WHERE {} = {}",
            due.table,
            due.at,
            if due.is_day { made.day() } else { made.as_i64() }
        );
        let limit = class.limit().until(made);
        let scope = OperatorScope::of_deployment();
        let preview =
            async |now: Millis| due_count(db, &scope, &due, class.limit().kept_from(now)).await.unwrap();

        at(&deployment, limit.minus_ms(SECOND_MS), HOURLY).await;
        assert_eq!(count(db, &which), 1, "{class:?}: gone too early");
        assert_eq!(preview(limit.plus_ms(SECOND_MS)).await.rows_due, 1, "{class:?}: the preview counts it");
        at(&deployment, limit.plus_ms(SECOND_MS), HOURLY).await;
        assert_eq!(count(db, &which), 0, "{class:?}: kept too long");
        assert_eq!(preview(limit.plus_ms(SECOND_MS)).await.rows_due, 0, "{class:?}");
        let logged = format!("SELECT max(due_rows) FROM job_run WHERE class = '{}'", class.as_str());
        assert_eq!(count(&deployment.directory, &logged), 1, "{class:?}: the log says it");
        let zero =
            format!("SELECT count(*) FROM job_run WHERE class = '{}' AND due_rows = 0", class.as_str());
        assert_eq!(count(&deployment.directory, &zero), 1, "{class:?}: and that nothing was due before");
    }
}

#[test]
fn b6_nothing_lives_for_ever_by_accident() {
    // Tables whose rows end with what they belong to, by erasure, or which are one row a thing that is set up.
    let by_other_means =
        ["conversation", "thread", "rating", "file", "address", "account", "members", "keys", "token"];
    let inventory = inventory_read().unwrap();
    let purged: Vec<&str> = Class::ALL.iter().map(|class| due_of(*class).table).collect();
    for (name, table) in inventory.directory.iter().chain(&inventory.shard) {
        let ends = purged.contains(&name.as_str()) || by_other_means.contains(&table.retention.as_str());
        // By jobs of their own, whose tests are elsewhere: `files_purge`, `requests_remind`, `deletions_run`, `webhooks_sweep`.
        let own_job = ["file", "privacy_request", "privacy_code", "deletion", "webhook_delivery"]
            .contains(&name.as_str());
        let single = ["notice_edition", "tick", "receipt_key", "limit_change", "sign_up", "job_state"]
            .contains(&name.as_str());
        assert!(ends || own_job || single, "{name} ({}) is deleted by nothing", table.retention);
    }
}

#[tokio::test(start_paused = true)]
async fn p4_4_billing_outlives_its_business_for_seven_years_and_not_longer() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let operator = OperatorScope::of_deployment();
    let new = Billing {
        business: business_id(0),
        vendor: "stripe".into(),
        reference: "pi_1".into(),
        amount_cents: 4_900,
        currency: "EUR".into(),
        address: Personal::new("Hôtel 0 SARL, 1 quai, Cassis".into()),
        at: NOW,
    };
    billing_record(&deployment.app, &operator, &new).await.unwrap();
    billing_record(&deployment.app, &operator, &new).await.unwrap();
    let mut visitor = Visitor::at(&deployment, 0).await;
    visitor.write("Hello").await;
    deployment.settle().await;

    let scope = BusinessScope::new(business_id(0), 0);
    business_erase(&deployment.app, &scope, Reason::Account, None, NOW).await.unwrap();
    at(&deployment, NOW, OFTEN).await;
    at(&deployment, NOW.plus_ms(ERASURE_SETTLE_MS), OFTEN).await;
    assert_eq!(count(&deployment.directory, "SELECT count(*) FROM erasure WHERE state = 'receipted'"), 1);
    for table in ["conversation", "message", "visitor", "knowledge"] {
        assert_eq!(count(&deployment.shards[0], &format!("SELECT count(*) FROM {table}")), 0, "{table}");
    }
    assert_eq!(count(&deployment.directory, "SELECT count(*) FROM business"), 1, "the other one");
    assert!(deployment.keys.list(&format!("k/{}/", business_id(0))).await.unwrap().is_empty());
    let mut other = Visitor::at(&deployment, 1).await;
    other.write("Still here").await;
    assert_eq!(other.transcript().await[0].1, "Still here");

    let read = billing_read(&deployment.app, &operator, business_id(0)).await.unwrap();
    assert_eq!(read.len(), 1, "written twice, kept once");
    assert_eq!(read[0].address.expose(), "Hôtel 0 SARL, 1 quai, Cassis");
    let limit = NOW.plus_months(84);
    at(&deployment, limit.minus_ms(SECOND_MS), HOURLY).await;
    assert_eq!(count(&deployment.directory, "SELECT count(*) FROM billing_record"), 1);
    at(&deployment, limit.plus_ms(SECOND_MS), HOURLY).await;
    assert_eq!(count(&deployment.directory, "SELECT count(*) FROM billing_record"), 0);
    let alive = "SELECT count(*) FROM seal_key WHERE owner_kind = 'day' AND state = 0";
    assert_eq!(count(&deployment.directory, alive), 0, "and its day's key is condemned");
}

#[tokio::test(start_paused = true)]
async fn b6_a_shorter_limit_shows_what_will_go_waits_a_day_and_can_be_undone() {
    let deployment = Deployment::new(Options::default());
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    let business = ada.sign_up("Hôtel Ada").await;
    let site = count_text(&deployment.directory, "SELECT id FROM site");
    let path = format!("/v1/admin/businesses/{business}/sites/{site}/limit");
    for refused in [0, -1, 366, 3_650] {
        let answer = ada.send("PUT", &path, Some(serde_json::json!({ "days": refused }))).await;
        assert_eq!(answer.problem(), Kind::ValueRefused, "{refused}");
    }
    let asked = ada.send("PUT", &path, Some(serde_json::json!({ "days": 7 }))).await;
    let shown: SiteLimit = asked.json();
    assert_eq!(
        shown.next.as_ref().map(|next| (next.days, next.effective_at)),
        Some((Some(7), NOW.plus_ms(DAY_MS)))
    );
    assert_eq!((shown.days, shown.messages), (None, 0));
    at(&deployment, NOW.plus_ms(DAY_MS - SECOND_MS), HOURLY).await;
    let days = "SELECT coalesce(max(retention_days), 0) FROM site";
    assert_eq!(count(&deployment.directory, days), 0, "not before the day is over");
    assert_eq!(ada.send("DELETE", &path, None).await.status, StatusCode::NO_CONTENT);
    at(&deployment, NOW.plus_ms(DAY_MS), HOURLY).await;
    assert_eq!(count(&deployment.directory, days), 0, "undone");
    assert_eq!(ada.send("DELETE", &path, None).await.problem(), Kind::NotFound);

    ada.send("PUT", &path, Some(serde_json::json!({ "days": 30 }))).await;
    at(&deployment, NOW.plus_ms(2 * DAY_MS), HOURLY).await;
    assert_eq!(count(&deployment.directory, days), 30);
}

fn count_text(db: &Db, sql: &str) -> String {
    db.with_connection(|connection| connection.query_row(sql, [], |row| row.get(0)).unwrap()).unwrap()
}

#[tokio::test(start_paused = true)]
async fn p6_4_what_is_held_or_restricted_is_passed_by_and_the_log_says_so() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    for _ in 0..3 {
        let mut visitor = Visitor::at(&deployment, 0).await;
        visitor.write("Hello").await;
    }
    deployment.settle().await;
    deployment.shards[0]
        .with_connection(|connection| {
            let mut ids = connection.prepare("SELECT id FROM conversation ORDER BY id").unwrap();
            let ids: Vec<String> = ids.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
            connection.execute("UPDATE conversation SET held_at = 1 WHERE id = ?1", [&ids[0]]).unwrap();
            connection.execute("UPDATE conversation SET restricted_at = 1 WHERE id = ?1", [&ids[1]]).unwrap();
        })
        .unwrap();
    let limit = NOW.plus_months(12);
    at(&deployment, limit, HOURLY).await;
    at(&deployment, limit, OFTEN).await;
    assert_eq!(count(&deployment.shards[0], "SELECT count(*) FROM conversation"), 2);
    assert_eq!(count(&deployment.shards[0], "SELECT count(*) FROM message"), 4);
    let spared = "SELECT max(spared) FROM job_run WHERE job = 'conversations_purge'";
    assert_eq!(count(&deployment.directory, spared), 2);
}

#[tokio::test(start_paused = true)]
async fn p4_2_an_event_that_comes_late_twice_or_at_once_deletes_what_was_due_and_nothing_else() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let mut old = Visitor::at(&deployment, 0).await;
    old.write("Hello").await;
    deployment.settle().await;
    let younger_at = NOW.plus_ms(3 * DAY_MS);
    deployment.clock.wind(younger_at);
    let mut younger = Visitor::at(&deployment, 0).await;
    younger.write("Three days later").await;
    deployment.settle().await;
    // A week late: the event's own time decides.
    let limit = NOW.plus_months(12);
    deployment.clock.wind(limit.plus_ms(7 * DAY_MS));
    futures::join!(deployment.run_due(HOURLY, limit), deployment.run_due(HOURLY, limit));
    deployment.run_due(HOURLY, limit).await;
    deployment.run_due(OFTEN, limit).await;
    assert_eq!(count(&deployment.shards[0], "SELECT count(*) FROM conversation"), 1);
    assert_eq!(count(&deployment.shards[0], "SELECT count(*) FROM erasure"), 1, "begun once");
}

#[tokio::test(start_paused = true)]
async fn p4_2_an_event_from_the_future_is_refused_outside_a_developers_machine() {
    let variables = vec![("ENV", "production".to_owned())];
    let deployment = Deployment::with_two_businesses(Options { variables, ..Options::default() }).await;
    let mut visitor = Visitor::at(&deployment, 0).await;
    visitor.write("Hello").await;
    deployment.settle().await;
    deployment.run_due(HOURLY, NOW.plus_months(13)).await;
    assert_eq!(count(&deployment.shards[0], "SELECT count(*) FROM message WHERE origin = 'visitor'"), 1);
    assert!(count(&deployment.directory, "SELECT count(*) FROM job_run WHERE outcome = 'refused'") > 0);
}

#[tokio::test(start_paused = true)]
async fn b4_slabs_that_nobody_names_go_after_31_days_and_others_stay() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let mut visitor = Visitor::at(&deployment, 0).await;
    visitor.write("Hello").await;
    deployment.settle().await;
    let slabs = deployment.keys.list(&format!("k/{}/c/", business_id(0))).await.unwrap();
    // A crash between object and row: the same bytes under a name of the same age that no database knows.
    let bytes = deployment.keys.get(&slabs[0]).await.unwrap().unwrap().bytes;
    let orphan = format!("k/{}/c/{}", business_id(0), shared::id::SlabId::mint(NOW, [99; 10]));
    deployment.keys.put_new(&orphan, bytes).await.unwrap();
    at(&deployment, NOW.plus_ms(JOURNAL_MS - HOUR_MS), HOURLY).await;
    assert!(deployment.keys.get(&orphan).await.unwrap().is_some());
    at(&deployment, NOW.plus_ms(JOURNAL_MS), HOURLY).await;
    assert!(deployment.keys.get(&orphan).await.unwrap().is_none());
    assert!(deployment.keys.get(&slabs[0]).await.unwrap().is_some(), "the slab of a living conversation");
}

#[tokio::test(start_paused = true)]
async fn b4_the_list_of_slabs_is_looked_at_in_stretches_and_its_end_is_reached() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let mut visitor = Visitor::at(&deployment, 0).await;
    visitor.write("Hello").await;
    deployment.settle().await;
    let slabs = deployment.keys.list(&format!("k/{}/c/", business_id(0))).await.unwrap();
    let bytes = deployment.keys.get(&slabs[0]).await.unwrap().unwrap().bytes;
    // More young ones than a run looks at, and behind them in the list one that is old enough to go.
    let young = NOW.plus_ms(JOURNAL_MS - HOUR_MS);
    for index in 0..SWEEP_PAGES * 1_000 {
        let mut random = [0; 10];
        random[..4].copy_from_slice(&index.to_be_bytes());
        let name = format!("k/{}/c/{}", business_id(0), shared::id::SlabId::mint(young, random));
        deployment.keys.put_new(&name, Vec::new()).await.unwrap();
    }
    let orphan = format!("k/{}/d/{}", business_id(0), shared::id::SlabId::mint(NOW, [99; 10]));
    deployment.keys.put_new(&orphan, bytes).await.unwrap();
    at(&deployment, NOW.plus_ms(JOURNAL_MS), HOURLY).await;
    assert!(deployment.keys.get(&orphan).await.unwrap().is_some(), "a run ends");
    at(&deployment, NOW.plus_ms(JOURNAL_MS), OFTEN).await;
    assert!(deployment.keys.get(&orphan).await.unwrap().is_none(), "and the next one goes on");
    assert!(deployment.keys.get(&slabs[0]).await.unwrap().is_some(), "the slab of a living conversation");
}

#[tokio::test(start_paused = true)]
async fn k12_whoever_runs_the_deployment_hears_of_a_failing_job_once_a_day() {
    let variables = vec![("OPERATOR_EMAIL", "ops@loquet.example".to_owned())];
    let deployment = Deployment::with_two_businesses(Options { variables, ..Options::default() }).await;
    let letters = "SELECT count(*) FROM mail WHERE kind = 'job_alarm'";
    for cron in [HOURLY, OFTEN] {
        at(&deployment, NOW, cron).await;
    }
    at(&deployment, NOW.plus_ms(HOUR_MS / 12), OFTEN).await;
    assert_eq!(count(&deployment.directory, letters), 0, "all is well");
    // The hourly jobs stop.
    for hours in 1..=5 {
        at(&deployment, NOW.plus_ms(HOUR_MS * hours), OFTEN).await;
    }
    assert_eq!(count(&deployment.directory, letters), 1, "once that day");
    deployment.deliver().await;
    assert_eq!(
        count(&deployment.directory, "SELECT count(*) FROM mail WHERE kind = 'job_alarm' AND state = 'sent'"),
        1
    );
    at(&deployment, NOW.plus_ms(HOUR_MS * 7), OFTEN).await;
    assert_eq!(count(&deployment.directory, letters), 2, "and once the next");
}

#[tokio::test(start_paused = true)]
async fn b6_a_preview_counts_what_the_purge_deletes_files_notes_and_comments_included() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let mut visitor = Visitor::at(&deployment, 0).await;
    visitor.write("Hello").await;
    let attached: shared::wire::file::Attachment = visitor.upload("notes.txt", b"words").await.json();
    let draft = visitor.draft();
    visitor.write_with(draft, "This", &[attached.id]).await;
    deployment.settle().await;
    let shard = &deployment.shards[0];
    let site = edge::store::retention::SiteLimit {
        site: visitor.site,
        business: BusinessScope::new(business_id(0), 0),
        limit: shared::rules::retention::ConversationLimit::from_days(None),
    };
    let limit = NOW.plus_months(12);
    let preview = async |now: Millis| {
        edge::store::retention::limit_preview(shard, &site, site.limit.kept_from(now)).await.unwrap()
    };
    let before = preview(limit.minus_ms(SECOND_MS)).await;
    assert_eq!((before.conversations, before.messages, before.files), (0, 0, 0));
    let due = preview(limit).await;
    let messages = count(shard, "SELECT count(*) FROM message");
    assert_eq!((due.conversations, i64::from(due.messages), due.files), (1, messages, 1));
    assert_eq!(due.oldest, Some(NOW));
    at(&deployment, limit, HOURLY).await;
    at(&deployment, limit, OFTEN).await;
    assert_eq!(count(shard, "SELECT count(*) FROM message"), 0);
    let after = preview(limit).await;
    assert_eq!((after.conversations, after.messages, after.files), (0, 0, 0));
}

#[tokio::test(start_paused = true)]
async fn b6_whoever_runs_the_deployment_sees_what_is_due_class_by_class() {
    let variables = vec![("OPERATOR_EMAIL", "ops@loquet.example".to_owned())];
    let deployment = Deployment::new(Options { variables, ..Options::default() });
    let mut operator = Person::new(&deployment, "ops@loquet.example");
    operator.sign_up("Loquet").await;
    seed(&deployment.directory, row_of(Class::Suppression), NOW.as_i64());
    let due = async |operator: &mut Person<'_>, at: Millis| {
        let path = format!("/v1/admin/operator/due?at={}", at.as_i64());
        let due: shared::wire::admin::operator::DueClasses = operator.send("GET", &path, None).await.json();
        assert_eq!(due.classes.len(), Class::ALL.len());
        due.classes.into_iter().find(|class| class.class == Class::Suppression.as_str()).unwrap()
    };
    let limit = Class::Suppression.limit().until(NOW);
    assert_eq!(due(&mut operator, limit.minus_ms(SECOND_MS)).await.rows, 0);
    let found = due(&mut operator, limit.plus_ms(SECOND_MS)).await;
    assert_eq!((found.rows, found.oldest), (1, Some(NOW)));
}
