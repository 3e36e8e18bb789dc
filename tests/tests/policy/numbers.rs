//! What may be counted of people, and for how long: only sums, only cells of five or more, 24 months.

use edge::ops::erasure::{Reason, conversation_erase};
use edge::rules::numbers::STEPS_MS;
use edge::store::conversation::conversation_find;
use edge::store::scope::BusinessScope;
use http::StatusCode;
use serde_json::json;
use shared::limits::ERASURE_SETTLE_MS;
use shared::time::{DAY_MS, HOUR_MS, Millis};
use shared::wire::admin::numbers::{Numbers, Tally};
use tests::{Deployment, NOW, Options, Person, Visitor, business_id, shard_migrations};

const HOURLY: &str = "17 * * * *";
const OFTEN: &str = "*/5 * * * *";

async fn owner(deployment: &Deployment) -> Person<'_> {
    let mut owner = Person::new(deployment, "owner@one.example");
    owner.sign_up("elsewhere").await;
    let account = owner.me().await.account;
    deployment
        .directory
        .with_connection(|connection| {
            let sql =
                "INSERT INTO membership (business, account, role, created_at) VALUES (?1, ?2, 'owner', 0)";
            connection.execute(sql, [business_id(0).to_string(), account.to_string()]).unwrap();
        })
        .unwrap();
    owner
}

async fn at(deployment: &Deployment, now: Millis, cron: &str) {
    deployment.clock.wind(now);
    deployment.run_due(cron, now).await;
}

/// Time takes whole conversations away, and the job of the numbers looks at what is left of their day.
async fn purge(deployment: &Deployment, now: Millis) {
    at(deployment, now, HOURLY).await;
    at(deployment, now, OFTEN).await;
    at(deployment, now.plus_ms(ERASURE_SETTLE_MS), OFTEN).await;
    at(deployment, now.plus_ms(HOUR_MS), HOURLY).await;
}

async fn write(deployment: &Deployment, count: usize, score: Option<u8>) {
    for _ in 0..count {
        let mut visitor = Visitor::at(deployment, 0).await;
        visitor.write("When is breakfast?").await;
        deployment.settle().await;
        let Some(score) = score else { continue };
        let (conversation, token) = visitor.thread.clone().unwrap();
        let path = format!("/v1/widget/conversations/{conversation}/satisfaction");
        let body = json!({ "score": score, "comment": "canary-comment" });
        let answer = deployment.send("POST", &path, Some(&token), Some(body)).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT);
    }
}

/// The numbers of the day on which tests begin, read by somebody who signs in afresh: a year is longer than a session.
async fn first_day(owner: &Person<'_>) -> Numbers {
    let mut owner = owner.elsewhere();
    owner.sign_in().await;
    let path = format!("/v1/admin/businesses/{}/numbers?from=2026-11-21&to=2026-11-21", business_id(0));
    let answer = owner.send("GET", &path, None).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()
}

fn rows(deployment: &Deployment, table: &str) -> i64 {
    deployment.shards[0]
        .with_connection(|connection| {
            connection.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
        })
        .unwrap()
}

#[tokio::test(start_paused = true)]
async fn p3_3_a_day_of_five_lives_on_as_a_sum_and_one_of_four_does_not() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let owner = owner(&deployment).await;
    write(&deployment, 6, Some(4)).await;
    assert_eq!(first_day(&owner).await.total.conversations, Tally { count: 6, hidden: false });
    purge(&deployment, NOW.plus_months(12)).await;
    assert_eq!(rows(&deployment, "conversation"), 0);
    let gone = first_day(&owner).await.total;
    assert_eq!(gone.conversations, Tally { count: 6, hidden: false });
    assert_eq!(gone.by_ai, Tally { count: 6, hidden: false });
    assert_eq!((gone.scores.given.count, gone.scores.mean_hundredths), (6, Some(400)));
    assert!(gone.answer.unwrap().is_step, "of times only the step is left");
    for table in ["conversation_numbers", "satisfaction", "unanswered", "ai_use"] {
        assert_eq!(rows(&deployment, table), 0, "{table}");
    }

    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let owner = self::owner(&deployment).await;
    write(&deployment, 4, Some(4)).await;
    purge(&deployment, NOW.plus_months(12)).await;
    let gone = first_day(&owner).await;
    assert_eq!(gone.total.conversations, Tally { count: 0, hidden: true }, "fewer than five");
    assert_eq!((gone.total.scores.given.count, gone.total.answer), (0, None));
    assert_eq!(rows(&deployment, "numbers_day"), 1, "of a small day stays only that it was small");
    assert_eq!(rows(&deployment, "numbers_ai_day"), 0);
}

#[tokio::test(start_paused = true)]
async fn p3_3_an_erased_conversation_is_in_no_number_until_its_whole_day_is_gone() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let owner = owner(&deployment).await;
    write(&deployment, 6, None).await;
    let mut visitor = Visitor::at(&deployment, 0).await;
    visitor.write("When is breakfast?").await;
    deployment.settle().await;
    let (conversation, _) = visitor.thread.clone().unwrap();
    let business = BusinessScope::new(business_id(0), 0);
    let found = conversation_find(&deployment.shards[0], &business, conversation).await.unwrap().unwrap();
    conversation_erase(&deployment.app, &found.scope, Reason::Request, NOW).await.unwrap();
    at(&deployment, NOW, OFTEN).await;
    at(&deployment, NOW.plus_ms(ERASURE_SETTLE_MS), OFTEN).await;
    let next_day = NOW.plus_ms(DAY_MS);
    at(&deployment, next_day, HOURLY).await;
    assert_eq!(first_day(&owner).await.total.conversations, Tally { count: 6, hidden: false });
    purge(&deployment, NOW.plus_months(12)).await;
    assert_eq!(
        first_day(&owner).await.total.conversations.count,
        7,
        "one of seven whom nobody can tell apart"
    );
}

#[tokio::test(start_paused = true)]
async fn p3_3_what_is_left_of_a_day_names_nobody() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    write(&deployment, 5, Some(5)).await;
    purge(&deployment, NOW.plus_months(12)).await;
    let dump: String = deployment.shards[0]
        .with_connection(|connection| {
            let sql =
                "SELECT group_concat(business || site || day || measure || count, ' ') FROM numbers_day";
            connection.query_row(sql, [], |row| row.get(0)).unwrap()
        })
        .unwrap();
    for mark in ["cnv_", "vis_", "msg_", "canary", "acc_"] {
        assert!(!dump.contains(mark), "{mark}: {dump}");
    }
}

#[tokio::test(start_paused = true)]
async fn p4_3_sums_of_gone_days_end_after_twenty_four_months() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    write(&deployment, 5, None).await;
    purge(&deployment, NOW.plus_months(12)).await;
    assert!(rows(&deployment, "numbers_day") > 1);
    at(&deployment, NOW.plus_months(24).minus_ms(DAY_MS), HOURLY).await;
    assert!(rows(&deployment, "numbers_day") > 1);
    at(&deployment, NOW.plus_months(24), HOURLY).await;
    assert_eq!(rows(&deployment, "numbers_day"), 0);
}

#[tokio::test]
async fn p4_3_a_conversation_that_goes_on_for_years_is_counted_for_twenty_four_months() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    write(&deployment, 1, Some(3)).await;
    let end = NOW.plus_months(24);
    deployment.shards[0]
        .with_connection(|connection| {
            connection.execute("UPDATE message SET created_at = ?1", [end.as_i64()]).unwrap();
            connection.execute("UPDATE conversation SET last_message_at = ?1", [end.as_i64()]).unwrap();
        })
        .unwrap();
    at(&deployment, end.minus_ms(DAY_MS), HOURLY).await;
    assert_eq!(rows(&deployment, "conversation_numbers"), 1);
    at(&deployment, end, HOURLY).await;
    assert_eq!(rows(&deployment, "conversation_numbers"), 0);
    assert_eq!((rows(&deployment, "numbers_day"), rows(&deployment, "conversation")), (0, 1));
}

#[tokio::test(start_paused = true)]
async fn p4_2_a_comment_goes_by_its_own_clock_and_is_gone_with_its_conversation() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    write(&deployment, 1, Some(3)).await;
    let comments = |deployment: &Deployment| rows(deployment, "satisfaction WHERE comment IS NOT NULL");
    assert_eq!(comments(&deployment), 1);
    // The conversation lives on by a newer message.
    deployment.shards[0]
        .with_connection(|connection| {
            let later = NOW.plus_months(6).as_i64();
            connection.execute("UPDATE message SET created_at = ?1", [later]).unwrap();
            connection.execute("UPDATE conversation SET last_message_at = ?1", [later]).unwrap();
        })
        .unwrap();
    at(&deployment, NOW.plus_months(12).minus_ms(1), HOURLY).await;
    assert_eq!(comments(&deployment), 1);
    at(&deployment, NOW.plus_months(12), HOURLY).await;
    assert_eq!((comments(&deployment), rows(&deployment, "satisfaction")), (0, 1), "the score is counted on");
}

#[tokio::test]
async fn p6_4_what_is_held_still_is_in_no_number() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let owner = owner(&deployment).await;
    write(&deployment, 2, Some(4)).await;
    let hold = |deployment: &Deployment, sql: &str| {
        let run = |connection: &rusqlite::Connection| connection.execute(sql, []).unwrap();
        deployment.shards[0].with_connection(|connection| run(connection)).unwrap()
    };
    hold(
        &deployment,
        "UPDATE conversation SET restricted_at = 1 WHERE id = (SELECT min(id) FROM conversation)",
    );
    let total = first_day(&owner).await.total;
    assert_eq!((total.conversations.count, total.scores.given.count), (1, 1));
    hold(&deployment, "UPDATE conversation SET restricted_at = NULL");
    assert_eq!(first_day(&owner).await.total.conversations.count, 2);
}

#[test]
fn the_schema_knows_the_steps_of_time_that_the_rules_know() {
    let bounds: Vec<String> = STEPS_MS.iter().map(i64::to_string).collect();
    let array = format!("json_each('[{}]')", bounds.join(","));
    let migration =
        shard_migrations().into_iter().find(|text| text.contains("conversation_numbers_fold")).unwrap();
    assert_eq!(migration.matches(&array).count(), 2);
}

#[tokio::test]
async fn p2_3_use_of_the_dashboard_is_counted_only_after_consent_and_leads_back_to_nobody() {
    let variables = vec![("OPERATOR_EMAIL", "root@root.example".to_owned()), ("SIGN_UP", "open".to_owned())];
    let deployment = Deployment::new(Options { variables, ..Options::default() });
    let mut person = Person::new(&deployment, "ada@one.example");
    person.sign_up("one").await;
    let counted = || -> Option<i64> {
        deployment
            .directory
            .with_connection(|connection| {
                connection.query_row("SELECT sum(count) FROM use_day", [], |row| row.get(0)).unwrap()
            })
            .unwrap()
    };
    let used = json!({ "name": "page_numbers" });
    let path = "/v1/admin/account/use";
    assert_eq!(person.send("POST", path, Some(used.clone())).await.status, StatusCode::NO_CONTENT);
    assert_eq!(counted(), None, "nobody begins with a yes");
    let yes = json!({ "analytics": true });
    person.send("PUT", "/v1/admin/account/preferences", Some(yes)).await;
    for _ in 0..5 {
        person.send("POST", path, Some(used.clone())).await;
    }
    person.send("POST", path, Some(json!({ "name": "page_team" }))).await;
    assert_eq!(counted(), Some(6));
    let unknown = person.send("POST", path, Some(json!({ "name": "ada was here" }))).await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
    person.send("PUT", "/v1/admin/account/preferences", Some(json!({ "analytics": false }))).await;
    person.send("POST", path, Some(used)).await;
    assert_eq!(counted(), Some(6), "a no ends it at once");

    let columns: String = deployment
        .directory
        .with_connection(|connection| {
            let sql = "SELECT group_concat(name) FROM pragma_table_info('use_day')";
            connection.query_row(sql, [], |row| row.get(0)).unwrap()
        })
        .unwrap();
    assert_eq!(columns, "day,name,count", "no column could lead back");

    let mut root = Person::new(&deployment, "root@root.example");
    root.sign_up("root").await;
    let today: serde_json::Value = root.send("GET", "/v1/admin/operator/uses", None).await.json();
    assert_eq!(today, json!({ "uses": [] }), "a day that is not over says nothing");
    deployment.clock.wind(NOW.plus_ms(DAY_MS));
    let shown: serde_json::Value = root.send("GET", "/v1/admin/operator/uses", None).await.json();
    assert_eq!(shown, json!({ "uses": [{ "day": "2026-11-21", "name": "page_numbers", "count": 5 }] }));

    deployment.run_due(HOURLY, NOW.plus_months(24)).await;
    assert_eq!(counted(), None);
}
