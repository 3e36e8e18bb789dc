//! B4: erasure holds against backups.

use edge::ops::erasure::{Reason, conversation_erase};
use edge::platform::Db;
use edge::store::conversation::conversation_find;
use edge::store::scope::{BusinessScope, ThreadScope};
use shared::id::ConversationId;
use shared::limits::ERASURE_SETTLE_MS;
use tests::{Deployment, NOW, Options, Visitor, business_id};

async fn scope(deployment: &Deployment, conversation: ConversationId) -> ThreadScope {
    let business = BusinessScope::new(business_id(0), 0);
    conversation_find(&deployment.shards[0], &business, conversation).await.unwrap().unwrap().scope
}

fn erasure_state(deployment: &Deployment) -> String {
    deployment.shards[0]
        .with_connection(|connection| {
            connection.query_row("SELECT state FROM erasure", [], |row| row.get(0)).unwrap()
        })
        .unwrap()
}

#[tokio::test(start_paused = true)]
async fn b4_restored_from_before_an_erasure_the_erased_is_noise_and_everybody_else_opens() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let mut visitors = Vec::new();
    for number in 0..5 {
        let mut visitor = Visitor::at(&deployment, 0).await;
        visitor.write(&format!("words of visitor {number}")).await;
        visitors.push(visitor);
    }
    deployment.settle().await;
    let folder = std::env::temp_dir().join(format!("loquet-restore-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let backup = folder.join("shard.sqlite");
    let _ = std::fs::remove_file(&backup);
    deployment.shards[0].copy_to(&backup).unwrap();

    let erased = visitors.remove(2);
    let (conversation, _) = erased.thread.clone().unwrap();
    let thread = scope(&deployment, conversation).await;
    conversation_erase(&deployment.app, &thread, Reason::Request, NOW).await.unwrap();
    let (_, token) = erased.thread.clone().unwrap();
    let path = format!("/v1/widget/conversations/{conversation}/messages");
    let gone = deployment.send("GET", &path, Some(&token), None).await;
    assert_eq!(gone.status, 404, "from the commit point on, no read finds it");
    deployment.run_due("*/5 * * * *", NOW).await;
    assert_eq!(erasure_state(&deployment), "emptied", "not verified before every cache has forgotten");
    let later = NOW.plus_ms(ERASURE_SETTLE_MS);
    deployment.clock.wind(later);
    deployment.run_due("*/5 * * * *", later).await;
    assert_eq!(erasure_state(&deployment), "receipted");

    let restored = Db::in_file(&backup, &[]).unwrap();
    let shards = vec![restored, deployment.shards[1].clone()];
    let options = Options { seed: 99, ..Options::default() };
    let after = Deployment::over(options, deployment.directory.clone(), shards, deployment.keys.clone());
    let rows: i64 = after.shards[0]
        .with_connection(|connection| {
            let sql = "SELECT count(*) FROM message WHERE conversation = ?1";
            connection.query_row(sql, [conversation.to_string()], |row| row.get(0)).unwrap()
        })
        .unwrap();
    assert!(rows > 0, "the backup holds the erased rows");
    let catchup = after.send("GET", &path, Some(&token), None).await;
    let words = catchup.text();
    assert!(!words.contains("words of visitor 2"), "{words}");
    for visitor in visitors {
        let (conversation, token) = visitor.thread.clone().unwrap();
        let path = format!("/v1/widget/conversations/{conversation}/messages");
        let read = after.send("GET", &path, Some(&token), None).await;
        assert!(read.text().contains("words of visitor"), "{}", read.text());
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

#[tokio::test(start_paused = true)]
async fn b4_a_write_that_comes_too_late_is_refused_by_the_database_itself() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let mut visitor = Visitor::at(&deployment, 0).await;
    visitor.write("Hello").await;
    let (conversation, _) = visitor.thread.clone().unwrap();
    let thread = scope(&deployment, conversation).await;
    // The answer is still to be written when the erasure commits.
    conversation_erase(&deployment.app, &thread, Reason::Request, NOW).await.unwrap();
    deployment.settle().await;
    let draft = visitor.draft();
    assert_eq!(visitor.write_as(draft, "too late").await.status, 404);
    deployment.run_due("*/5 * * * *", NOW).await;
    let left: i64 = deployment.shards[0]
        .with_connection(|connection| {
            connection.query_row("SELECT count(*) FROM message", [], |row| row.get(0)).unwrap()
        })
        .unwrap();
    assert_eq!(left, 0);
}

#[tokio::test(start_paused = true)]
async fn b4_a_first_draft_sent_again_does_not_bring_an_erased_conversation_back() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let mut visitor = Visitor::at(&deployment, 0).await;
    let draft = visitor.draft();
    visitor.write_as(draft, "Hello").await;
    deployment.settle().await;
    let (conversation, _) = visitor.thread.take().unwrap();
    let thread = scope(&deployment, conversation).await;
    conversation_erase(&deployment.app, &thread, Reason::Request, NOW).await.unwrap();
    assert_eq!(visitor.write_as(draft, "Hello").await.status, 404, "while its rows are there");
    deployment.run_due("*/5 * * * *", NOW).await;
    assert_eq!(visitor.write_as(draft, "Hello").await.status, 404, "and after they are gone");
}

#[tokio::test(start_paused = true)]
async fn b5_a_row_that_turns_up_after_emptying_sends_the_erasure_back() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let mut visitor = Visitor::at(&deployment, 0).await;
    visitor.write("Hello").await;
    deployment.settle().await;
    let (conversation, _) = visitor.thread.clone().unwrap();
    let thread = scope(&deployment, conversation).await;
    conversation_erase(&deployment.app, &thread, Reason::Request, NOW).await.unwrap();
    deployment.run_due("*/5 * * * *", NOW).await;
    deployment.shards[0]
        .with_connection(|connection| {
            connection.execute_batch("PRAGMA foreign_keys = OFF;").unwrap();
            let orphan =
                "INSERT INTO conversation_token (hash, business, conversation, created_at, last_used_at)
                          VALUES ('orphan', ?1, ?2, 0, 0)";
            connection.execute(orphan, [business_id(0).to_string(), conversation.to_string()]).unwrap();
            connection.execute_batch("PRAGMA foreign_keys = ON;").unwrap();
        })
        .unwrap();
    let later = NOW.plus_ms(ERASURE_SETTLE_MS);
    deployment.clock.wind(later);
    deployment.run_due("*/5 * * * *", later).await;
    assert_eq!(
        erasure_state(&deployment),
        "emptied",
        "found, deleted, and another wait before the next look"
    );
    let once_more = later.plus_ms(ERASURE_SETTLE_MS);
    deployment.clock.wind(once_more);
    deployment.run_due("*/5 * * * *", once_more).await;
    assert_eq!(erasure_state(&deployment), "receipted");
    let orphans: i64 = deployment.shards[0]
        .with_connection(|connection| {
            connection.query_row("SELECT count(*) FROM conversation_token", [], |row| row.get(0)).unwrap()
        })
        .unwrap();
    assert_eq!(orphans, 0);
}

#[tokio::test(start_paused = true)]
async fn p4_5_an_address_is_unreadable_after_thirty_days_in_a_restored_copy_too() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let mut visitor = Visitor::at(&deployment, 0).await;
    visitor.write("Hello").await;
    let count = |sql: &str| -> i64 {
        deployment.shards[0]
            .with_connection(|connection| connection.query_row(sql, [], |row| row.get(0)).unwrap())
            .unwrap()
    };
    assert_eq!(count("SELECT count(*) FROM visitor_address"), 1);
    let day_29 = NOW.plus_ms(29 * shared::time::DAY_MS);
    deployment.clock.wind(day_29);
    deployment.run_due("17 * * * *", day_29).await;
    assert_eq!(count("SELECT count(*) FROM visitor_address"), 1);
    let day_30 = NOW.plus_ms(30 * shared::time::DAY_MS);
    deployment.clock.wind(day_30);
    deployment.run_due("17 * * * *", day_30).await;
    assert_eq!(count("SELECT count(*) FROM visitor_address"), 0);
    deployment.run_due("*/5 * * * *", day_30).await;
    assert_eq!(count("SELECT count(*) FROM seal_key WHERE owner_kind = 'day' AND state <> 2"), 0);
}

#[tokio::test]
async fn b4_an_erasure_empties_the_room_and_stops_the_answer_that_is_being_written() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let mut visitor = Visitor::at(&deployment, 0).await;
    visitor.write("When is breakfast?").await;
    let (conversation, _) = visitor.thread.clone().unwrap();
    let thread = scope(&deployment, conversation).await;
    conversation_erase(&deployment.app, &thread, Reason::Request, NOW).await.unwrap();
    deployment.run_due("*/5 * * * *", NOW).await;
    let room = deployment.conversations.room(conversation);
    assert!(*room.walls().empty.borrow(), "nobody is left in it");
    assert!(room.walls().alarm.borrow().is_none(), "nothing rings any more");
    let told = room.walls().told.borrow().len();
    deployment.settle().await;
    assert_eq!(room.walls().told.borrow().len(), told, "the stopped answer says nothing more");
}
