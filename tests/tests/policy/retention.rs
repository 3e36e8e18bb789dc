//! What time alone deletes, and that it happens in every site by its own limit.

use edge::store::scope::BusinessScope;
use shared::id::{BusinessId, ConsentId};
use shared::limits::REWRAP_ROOTS;
use shared::time::{DAY_MS, HOUR_MS, Millis};
use shared::wire::frame::Frame;
use tests::{Deployment, NOW, Options, Visitor, seed};

const HOURLY: &str = "17 * * * *";
const OFTEN: &str = "*/5 * * * *";

fn count(deployment: &Deployment, sql: &str) -> i64 {
    deployment.shards[0]
        .with_connection(|connection| connection.query_row(sql, [], |row| row.get(0)).unwrap())
        .unwrap()
}

async fn at(deployment: &Deployment, now: Millis, cron: &str) {
    deployment.clock.wind(now);
    deployment.run_due(cron, now).await;
}

/// The purge begins an erasure; its job takes that to its end, with the pause before the second look.
async fn purge(deployment: &Deployment, now: Millis) {
    at(deployment, now, HOURLY).await;
    at(deployment, now, OFTEN).await;
    at(deployment, now.plus_ms(HOUR_MS / 2), OFTEN).await;
}

#[tokio::test(start_paused = true)]
async fn p4_2_conversations_are_deleted_after_twelve_months() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let mut visitor = Visitor::at(&deployment, 0).await;
    visitor.write("When is breakfast?").await;
    deployment.settle().await;
    let limit = NOW.plus_months(12);
    purge(&deployment, limit.minus_ms(HOUR_MS)).await;
    assert_eq!(count(&deployment, "SELECT count(*) FROM message"), 2, "not an hour too early");
    purge(&deployment, limit).await;
    for table in ["message", "conversation", "visitor", "conversation_token", "visitor_address"] {
        assert_eq!(count(&deployment, &format!("SELECT count(*) FROM {table}")), 0, "{table}");
    }
    let alive = "SELECT count(*) FROM seal_key WHERE owner_kind = 'conversation' AND state <> 2";
    assert_eq!(count(&deployment, alive), 0, "its keys are destroyed");
    assert_eq!(
        count(&deployment, "SELECT count(*) FROM erasure WHERE state = 'receipted' AND reason = 'retention'"),
        1
    );
}

#[tokio::test(start_paused = true)]
async fn p4_2_a_shorter_limit_of_a_site_holds_there_and_nowhere_else() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let mut brief = seed(2);
    brief.shard = 0;
    brief.site.settings.retention_days = Some(7);
    deployment.seed(&brief).await;
    let mut long = Visitor::at(&deployment, 0).await;
    long.write("Hello").await;
    let mut short = Visitor::at(&deployment, 2).await;
    short.write("Hello").await;
    deployment.settle().await;
    purge(&deployment, NOW.plus_ms(7 * DAY_MS)).await;
    assert_eq!(count(&deployment, "SELECT count(*) FROM conversation"), 1);
    assert_eq!(count(&deployment, "SELECT count(*) FROM message"), 2, "the other site's are all there");
}

#[tokio::test(start_paused = true)]
async fn p4_2_each_message_goes_by_its_own_clock_and_a_rolled_key_with_its_last_one() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let mut visitor = Visitor::at(&deployment, 0).await;
    visitor.write("The first").await;
    deployment.settle().await;
    // Its token serves twelve hours after each use.
    for third in 1..=105 {
        deployment.clock.wind(NOW.plus_ms(third * DAY_MS / 3));
        visitor.read_after(0).await;
    }
    visitor.write("Five weeks later").await;
    deployment.settle().await;
    assert_eq!(
        count(&deployment, "SELECT count(*) FROM seal_key WHERE owner_kind = 'conversation'"),
        2,
        "rolled"
    );
    purge(&deployment, NOW.plus_months(12)).await;
    assert_eq!(
        count(&deployment, "SELECT count(*) FROM message"),
        2,
        "the first question and its answer are gone"
    );
    let destroyed = "SELECT count(*) FROM seal_key WHERE owner_kind = 'conversation' AND state = 2";
    assert_eq!(count(&deployment, destroyed), 1, "the first key sealed nothing any more");
    assert_eq!(count(&deployment, "SELECT count(*) FROM conversation"), 1);
}

#[tokio::test(start_paused = true)]
async fn p4_3_counted_visits_and_choices_without_a_conversation_end() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let visitor = Visitor::at(&deployment, 0).await;
    let frame: Frame =
        deployment.send("GET", &format!("/v1/widget/sites/{}", visitor.site), None, None).await.json();
    let body = serde_json::json!({
        "id": ConsentId::mint(NOW, [1; 10]), "purpose": "statistics", "choice": "accepted", "way": "strip",
        "version": frame.consent.version, "hash": frame.consent.hash, "locale": "en",
    });
    let path = format!("/v1/widget/sites/{}/consents", visitor.site);
    deployment.send("POST", &path, Some(&visitor.token), Some(body)).await;
    let rows = |table: &str| count(&deployment, &format!("SELECT count(*) FROM {table}"));
    assert_eq!((rows("consent_event"), rows("visit_day")), (1, 1));
    // Four others who were alike.
    deployment.shards[0]
        .with_connection(|connection| connection.execute("UPDATE visit_day SET visits = 5", []).unwrap())
        .unwrap();
    at(&deployment, NOW.plus_months(12), HOURLY).await;
    assert_eq!((rows("consent_event"), rows("visit_day")), (0, 1));
    at(&deployment, NOW.plus_months(24), HOURLY).await;
    assert_eq!(rows("visit_day"), 0);
}

#[tokio::test(start_paused = true)]
async fn p3_3_visits_that_fewer_than_five_had_in_common_are_not_kept_past_their_day() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let (business, site) = (tests::business_id(0), tests::site_id(0));
    deployment.shards[0]
        .with_connection(|connection| {
            for (locale, visits) in [("en", 4), ("fr", 5)] {
                let sql = "INSERT INTO visit_day (business, site, day, locale, browser, visits) VALUES (?1, ?2, ?3, ?4, 'Firefox', ?5)";
                let values = (business.to_string(), site.to_string(), NOW.day(), locale, visits);
                connection.execute(sql, values).unwrap();
            }
        })
        .unwrap();
    let cells = "SELECT count(*) FROM visit_day";
    at(&deployment, NOW, HOURLY).await;
    assert_eq!(count(&deployment, cells), 2, "the day goes on: the cell may still grow");
    at(&deployment, NOW.plus_ms(DAY_MS), HOURLY).await;
    assert_eq!(count(&deployment, cells), 1);
    assert_eq!(count(&deployment, "SELECT count(*) FROM visit_day WHERE locale = 'fr'"), 1);
}

#[tokio::test(start_paused = true)]
async fn p4_2_what_can_not_be_erased_does_not_keep_the_rest() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    for _ in 0..2 {
        let mut visitor = Visitor::at(&deployment, 0).await;
        visitor.write("Hello").await;
    }
    let mut other = Visitor::at(&deployment, 1).await;
    other.write("Hello").await;
    deployment.settle().await;
    // The first shard's slab is lost: nothing of it can be destroyed.
    let prefix = format!("k/{}/c/", tests::business_id(0));
    for object in deployment.keys.list(&prefix).await.unwrap() {
        deployment.keys.delete(&object).await.unwrap();
    }
    let limit = NOW.plus_months(12);
    purge(&deployment, limit).await;
    let left: i64 = deployment.shards[1]
        .with_connection(|connection| {
            connection.query_row("SELECT count(*) FROM conversation", [], |row| row.get(0)).unwrap()
        })
        .unwrap();
    assert_eq!(left, 0, "the other business's conversation is gone");
    let failed: i64 = deployment
        .directory
        .with_connection(|connection| {
            let sql = "SELECT count(*) FROM job_run WHERE job = 'erasures_resume' AND outcome = 'failed'";
            connection.query_row(sql, [], |row| row.get(0)).unwrap()
        })
        .unwrap();
    assert!(failed > 0, "and the log says what was not done");
}

#[tokio::test(start_paused = true)]
async fn b4_a_rotated_master_key_is_carried_to_its_end_and_the_old_one_can_go() {
    const OLD: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    const NEW: &str = "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=";
    let first = Deployment::with_two_businesses(Options::default()).await;
    let keys = |variables: Vec<(&'static str, String)>| {
        let options = Options { variables, seed: 11, ..Options::default() };
        Deployment::over(options, first.directory.clone(), first.shards.clone(), first.keys.clone())
    };
    let both = keys(vec![("MASTER_KEY", NEW.into()), ("MASTER_KEY_PREVIOUS", OLD.into())]);
    both.run_due(HOURLY, NOW).await;
    let after = keys(vec![("MASTER_KEY", NEW.into())]);
    let mut visitor = Visitor::at(&after, 0).await;
    visitor.write("Hello").await;
    let without = keys(vec![("MASTER_KEY", OLD.into())]);
    let mut lost = Visitor::at(&without, 0).await;
    let draft = lost.draft();
    assert_eq!(lost.write_as(draft, "Hello").await.status, 500, "the old key opens nothing any more");
}

#[tokio::test(start_paused = true)]
async fn b4_a_rotation_looks_at_so_many_roots_a_run_and_goes_on_behind_them() {
    const OLD: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    const NEW: &str = "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=";
    let first = Deployment::with_two_businesses(Options::default()).await;
    let others: Vec<BusinessId> = (0..REWRAP_ROOTS)
        .map(|index| {
            let mut random = [0; 10];
            random[..4].copy_from_slice(&index.to_be_bytes());
            // Older than the two that are there: they come first.
            BusinessId::mint(NOW.plus_months(-12), random)
        })
        .collect();
    for other in &others {
        first.app.keyring.root_mint(&BusinessScope::new(*other, 0)).await.unwrap();
    }
    first
        .directory
        .with_connection(|connection| {
            let copy = "CREATE TEMP TABLE other AS SELECT * FROM business LIMIT 1";
            connection.execute_batch(copy).unwrap();
            for other in &others {
                connection.execute("UPDATE other SET id = ?1", [other.to_string()]).unwrap();
                connection.execute("INSERT INTO business SELECT * FROM other", []).unwrap();
            }
        })
        .unwrap();
    let keys = |variables: Vec<(&'static str, String)>| {
        let options = Options { variables, seed: 11, ..Options::default() };
        Deployment::over(options, first.directory.clone(), first.shards.clone(), first.keys.clone())
    };
    let both = || keys(vec![("MASTER_KEY", NEW.into()), ("MASTER_KEY_PREVIOUS", OLD.into())]);
    let answers = async |sent: &str| {
        let after = keys(vec![("MASTER_KEY", NEW.into())]);
        let mut visitor = Visitor::at(&after, 0).await;
        let draft = visitor.draft();
        visitor.write_as(draft, sent).await.status
    };
    both().run_due(HOURLY, NOW).await;
    assert_eq!(answers("Too early").await, 500, "a run ends before the last root");
    both().run_due(OFTEN, NOW).await;
    assert_eq!(answers("Hello").await, 200, "and the next one goes on");
}

#[tokio::test(start_paused = true)]
async fn p4_2_an_object_that_no_row_names_is_found_a_day_later_and_deleted() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let mut visitor = Visitor::at(&deployment, 0).await;
    visitor.write("Hello").await;
    let attached: shared::wire::file::Attachment = visitor.upload("notes.txt", b"words of mine").await.json();
    let draft = visitor.draft();
    visitor.write_with(draft, "This", &[attached.id]).await;
    let orphan: shared::wire::file::Attachment = visitor.upload("notes.txt", b"words of nobody").await.json();
    deployment.settle().await;
    deployment.shards[0]
        .with_connection(|connection| {
            connection.execute("DELETE FROM file WHERE id = ?1", [orphan.id.to_string()]).unwrap()
        })
        .unwrap();
    let left = async || deployment.files.list("f/").await.unwrap();
    at(&deployment, NOW.plus_ms(DAY_MS - HOUR_MS), HOURLY).await;
    assert_eq!(left().await.len(), 2, "an upload may still be under way");
    at(&deployment, NOW.plus_ms(DAY_MS), HOURLY).await;
    let left = left().await;
    assert_eq!(left.len(), 1);
    assert!(left[0].ends_with(&attached.id.to_string()), "what a message names stays");
}
