//! Jobs within what one invocation may ask of the databases, and noticed where they do not run.

use edge::platform::{Db, stop};
use shared::time::{DAY_MS, HOUR_MS, MINUTE_MS, Millis};
use tests::{Deployment, NOW, Options, Visitor, business_id, site_id};

const HOURLY: &str = "17 * * * *";
const OFTEN: &str = "*/5 * * * *";
/// What D1 lets one invocation ask.
const ALLOWED: u32 = 1_000;

fn count(db: &Db, sql: &str) -> i64 {
    db.with_connection(|connection| connection.query_row(sql, [], |row| row.get(0)).unwrap()).unwrap()
}

fn text(db: &Db, sql: &str) -> String {
    db.with_connection(|connection| connection.query_row(sql, [], |row| row.get(0)).unwrap()).unwrap()
}

/// Runs the jobs of an event, and says how many statements they made.
async fn run(deployment: &Deployment, now: Millis, cron: &str) -> u32 {
    deployment.clock.wind(now);
    let before = stop::statements();
    deployment.run_due(cron, now).await;
    stop::statements() - before
}

/// Gives the first business `sites` more sites, each with a conversation that goes on and `old` messages past their time.
fn sites_fill(deployment: &Deployment, sites: i64, old: i64) {
    let (business, site) = (business_id(0).to_string(), site_id(0).to_string());
    deployment
        .directory
        .with_connection(|connection| {
            let mut info = connection.prepare("PRAGMA table_info(site)").unwrap();
            let names: Vec<String> =
                info.query_map([], |row| row.get(1)).unwrap().map(Result::unwrap).collect();
            let values: Vec<String> = names
                .iter()
                .map(|name| if name == "id" { "'sit_' || printf('%026d', n)".to_owned() } else { name.clone() })
                .collect();
            let sql = format!(
                "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {sites}) \
                 INSERT INTO site ({}) SELECT {} FROM site JOIN numbers WHERE site.id = ?1",
                names.join(", "),
                values.join(", ")
            );
            connection.execute(&sql, [&site]).unwrap();
        })
        .unwrap();
    let long_ago = NOW.plus_months(-12).minus_ms(DAY_MS).as_i64();
    let lately = NOW.minus_ms(DAY_MS).as_i64();
    deployment.shards[0]
        .with_connection(|connection| {
            connection
                .execute_batch(&format!(
                    "BEGIN; DROP TRIGGER message_sealed_insert;
                     CREATE TEMP TABLE numbers AS WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {sites}) SELECT n FROM numbers;
                     CREATE TEMP TABLE messages AS WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {old}) SELECT n AS m FROM numbers;
                     INSERT INTO key_slab (slab, business, family, next_slot, closed, created_at) VALUES ('slab_0', '{business}', 'c', 512, 1, {lately}), ('slab_1', '{business}', 'c', 512, 1, {lately});
                     INSERT INTO visitor (id, business, site, locale, browser, created_at, last_seen_at) SELECT 'vis_' || printf('%026d', n), '{business}', 'sit_' || printf('%026d', n), 'en', '', 0, 0 FROM numbers;
                     INSERT INTO seal_key (slab, slot, business, owner_kind, owner, commit16, created_at) SELECT 'slab_' || (n / 512), n % 512, '{business}', 'conversation', 'cnv_' || printf('%026d', n), zeroblob(16), {lately} FROM numbers;
                     INSERT INTO conversation (id, business, site, visitor, state, locale, key_slab, key_slot, created_at, last_message_at) SELECT 'cnv_' || printf('%026d', n), '{business}', 'sit_' || printf('%026d', n), 'vis_' || printf('%026d', n), 'ai', 'en', 'slab_' || (n / 512), n % 512, 0, {lately} FROM numbers;
                     INSERT INTO message (id, business, conversation, sequence, origin, created_at, slab, slot, body) SELECT 'msg_' || printf('%013d%013d', n, m), '{business}', 'cnv_' || printf('%026d', n), m, 'visitor', {long_ago}, 'slab_' || (n / 512), n % 512, zeroblob(175) FROM numbers JOIN messages;
                     COMMIT;"
                ))
                .unwrap();
        })
        .unwrap();
}

#[tokio::test(start_paused = true)]
async fn p4_2_of_a_thousand_sites_each_has_its_turn_within_what_an_invocation_may_ask() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    sites_fill(&deployment, 1_000, 3);
    let shard = &deployment.shards[0];
    assert_eq!(count(shard, "SELECT count(*) FROM message"), 3_000);
    let made = run(&deployment, NOW, HOURLY).await;
    assert!(made <= ALLOWED, "{made} statements");
    let last = "SELECT outcome || ' ' || (left_over > 0) FROM job_run WHERE job = 'conversations_purge' ORDER BY started_at DESC LIMIT 1";
    assert_eq!(text(&deployment.directory, last), "more 1", "the log says that something is left");
    assert!(count(shard, "SELECT count(*) FROM message") > 0);
    // What came after it had its share.
    let others = "SELECT count(DISTINCT job) FROM job_run WHERE class = '' AND outcome IN ('done', 'more')";
    assert_eq!(count(&deployment.directory, others), 11);
    let mut now = NOW;
    for _ in 0..11 {
        now = now.plus_ms(5 * MINUTE_MS);
        let made = run(&deployment, now, OFTEN).await;
        assert!(made <= ALLOWED, "{made} statements");
    }
    assert_eq!(count(shard, "SELECT count(*) FROM message"), 0, "within the hour");
    assert_eq!(text(&deployment.directory, last), "done 0");
    let ready = deployment.send("GET", "/readyz", None, None).await;
    assert!(!ready.text().contains("is late"), "a job that goes on is not late: {}", ready.text());
}

#[tokio::test(start_paused = true)]
async fn p4_2_a_thousand_sites_with_nothing_due_cost_no_more_than_two() {
    let two = Deployment::with_two_businesses(Options::default()).await;
    let many = Deployment::with_two_businesses(Options::default()).await;
    sites_fill(&many, 1_000, 0);
    // What their notices say is noted once.
    for deployment in [&two, &many] {
        run(deployment, NOW, HOURLY).await;
        for five in 1..=5 {
            run(deployment, NOW.plus_ms(five * 5 * MINUTE_MS), OFTEN).await;
        }
    }
    let next = NOW.plus_ms(HOUR_MS);
    let (few, more) = (run(&two, next, HOURLY).await, run(&many, next, HOURLY).await);
    assert!(more < few + 40, "{few} statements for two sites, {more} for a thousand");
}

#[tokio::test(start_paused = true)]
async fn p4_2_a_site_without_end_does_not_keep_the_others_from_their_turn() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    sites_fill(&deployment, 300, 1);
    let shard = &deployment.shards[0];
    shard
        .with_connection(|connection| {
            connection
                .execute_batch(
                    "WITH RECURSIVE numbers (n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM numbers WHERE n < 25000) \
                     INSERT INTO message (id, business, conversation, sequence, origin, created_at, slab, slot, body) \
                     SELECT 'msx_' || n, business, conversation, n, origin, created_at, slab, slot, zeroblob(1) \
                     FROM message JOIN numbers WHERE message.id = 'msg_' || printf('%013d%013d', 1, 1)",
                )
                .unwrap();
        })
        .unwrap();
    run(&deployment, NOW, HOURLY).await;
    for five in 1..=3 {
        run(&deployment, NOW.plus_ms(five * 5 * MINUTE_MS), OFTEN).await;
    }
    let others = "SELECT count(*) FROM message WHERE conversation <> 'cnv_' || printf('%026d', 1)";
    assert_eq!(count(shard, others), 0);
}

#[tokio::test(start_paused = true)]
async fn p4_2_many_conversations_that_are_over_are_erased_within_what_an_invocation_may_ask() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    for _ in 0..60 {
        Visitor::at(&deployment, 0).await.write("Hello").await;
    }
    deployment.settle().await;
    let mut now = NOW.plus_months(12);
    let made = run(&deployment, now, HOURLY).await;
    assert!(made <= ALLOWED, "{made} statements");
    for _ in 0..16 {
        now = now.plus_ms(5 * MINUTE_MS);
        let made = run(&deployment, now, OFTEN).await;
        assert!(made <= ALLOWED, "{made} statements");
    }
    let shard = &deployment.shards[0];
    assert_eq!(count(shard, "SELECT count(*) FROM conversation"), 0);
    assert_eq!(count(shard, "SELECT count(*) FROM erasure WHERE state = 'receipted'"), 60);
}

#[tokio::test(start_paused = true)]
async fn k12_readyz_is_red_for_a_job_that_is_late() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    for cron in [HOURLY, OFTEN] {
        run(&deployment, NOW, cron).await;
    }
    let ready = async || deployment.send("GET", "/readyz", None, None).await;
    assert_eq!(ready().await.status, 200, "{}", ready().await.text());
    deployment.clock.wind(NOW.plus_ms(4 * HOUR_MS));
    let late = ready().await;
    assert_eq!(late.status, 503);
    for job in ["conversations_purge", "ticks_count"] {
        assert!(late.text().contains(&format!("\"job {job}\",\"ok\":false")), "{job}: {}", late.text());
    }
}

#[tokio::test(start_paused = true)]
async fn k12_readyz_is_red_for_a_job_whose_last_run_failed() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let mut visitor = Visitor::at(&deployment, 0).await;
    visitor.write("Hello").await;
    deployment.settle().await;
    let limit = NOW.plus_months(12);
    for cron in [HOURLY, OFTEN] {
        run(&deployment, limit.minus_ms(5 * MINUTE_MS), cron).await;
    }
    // The slab is lost: the erasure can't go on.
    for object in deployment.keys.list(&format!("k/{}/c/", business_id(0))).await.unwrap() {
        deployment.keys.delete(&object).await.unwrap();
    }
    for cron in [HOURLY, OFTEN] {
        run(&deployment, limit, cron).await;
    }
    let ready = deployment.send("GET", "/readyz", None, None).await;
    assert_eq!(ready.status, 503);
    assert!(ready.text().contains("\"job erasures_resume\",\"ok\":false"), "{}", ready.text());
    assert!(ready.text().contains("its last run failed"));
}

#[tokio::test(start_paused = true)]
async fn k12_where_the_cron_is_dead_a_request_tells_whoever_runs_the_deployment_once_a_day() {
    let variables = vec![("OPERATOR_EMAIL", "ops@loquet.example".to_owned())];
    let deployment = Deployment::with_two_businesses(Options { variables, ..Options::default() }).await;
    let letters = "SELECT count(*) FROM mail WHERE kind = 'job_alarm'";
    for cron in [HOURLY, OFTEN] {
        run(&deployment, NOW, cron).await;
    }
    let ask_at = async |now: Millis| {
        deployment.clock.wind(now);
        deployment.send("GET", "/healthz", None, None).await;
    };
    ask_at(NOW.plus_ms(MINUTE_MS)).await;
    assert_eq!(count(&deployment.directory, letters), 0, "all is well");
    // Nobody looks again within the hour.
    ask_at(NOW.plus_ms(50 * MINUTE_MS)).await;
    assert_eq!(count(&deployment.directory, letters), 0);
    for hours in [4, 5] {
        ask_at(NOW.plus_ms(hours * HOUR_MS)).await;
        assert_eq!(count(&deployment.directory, letters), 1, "once that day");
    }
    for hours in [7, 9] {
        ask_at(NOW.plus_ms(hours * HOUR_MS)).await;
        assert_eq!(count(&deployment.directory, letters), 2, "and once the next");
    }
}
