//! Opening, sending, catching up, asking for a person, leaving.

use http::StatusCode;
use shared::limits::{CONVERSATION_TOKEN_MS, MESSAGE_CHARACTERS, VISITOR_MESSAGES, VISITOR_TOKEN_MS};
use shared::time::MINUTE_MS;
use shared::wire::live::LiveEvent;
use shared::wire::message::{Body, Notice, Origin};
use shared::wire::problem::Kind;
use shared::wire::widget::{OpenedConversation, State};
use tests::{Deployment, NOW, Options, Visitor};

async fn deployment() -> Deployment {
    Deployment::with_two_businesses(Options::default()).await
}

fn count(deployment: &Deployment, shard: usize, sql: &str) -> i64 {
    deployment.shards[shard]
        .with_connection(|connection| connection.query_row(sql, [], |row| row.get(0)).unwrap())
        .unwrap()
}

#[tokio::test]
async fn nothing_is_kept_before_the_first_message() {
    let deployment = deployment().await;
    let _visitor = Visitor::at(&deployment, 0).await;
    for table in ["visitor", "conversation", "message", "visitor_address", "consent_event", "visit_day"] {
        assert_eq!(count(&deployment, 0, &format!("SELECT count(*) FROM {table}")), 0, "{table}");
    }
}

#[tokio::test]
async fn p2_2_a_first_message_opens_a_conversation_and_is_read_back_in_order() {
    let deployment = deployment().await;
    let mut visitor = Visitor::at(&deployment, 0).await;
    let first = visitor.write("Bonsoir, avez-vous un lit bébé ?").await;
    assert_eq!((first.sequence, first.origin, first.at), (1, Origin::Visitor, NOW));
    assert_eq!(first.until, NOW.plus_months(12));
    deployment.settle().await;
    visitor.write("We land late.").await;
    deployment.settle().await;
    let sequences: Vec<u32> =
        visitor.read_after(0).await.messages.iter().map(|message| message.sequence).collect();
    assert_eq!(sequences, (1..=u32::try_from(sequences.len()).unwrap()).collect::<Vec<_>>());
    assert!(visitor.read_after(sequences.len() as u32).await.messages.is_empty());
}

#[tokio::test]
async fn the_same_draft_twice_is_one_message_and_one_conversation() {
    let deployment = deployment().await;
    let mut visitor = Visitor::at(&deployment, 0).await;
    let draft = visitor.draft();
    let first: OpenedConversation = visitor.write_as(draft, "Hello").await.json();
    visitor.thread = None;
    let again: OpenedConversation = visitor.write_as(draft, "Hello").await.json();
    assert_eq!(first.conversation, again.conversation);
    assert_eq!(first.message, again.message);
    assert_ne!(first.token, again.token, "each device has a token of its own");
    let draft = visitor.draft();
    let once = visitor.write_as(draft, "Still there?").await.text();
    assert_eq!(once, visitor.write_as(draft, "Still there?").await.text());
    assert_eq!(count(&deployment, 0, "SELECT count(*) FROM message WHERE origin = 'visitor'"), 2);
    assert_eq!(count(&deployment, 0, "SELECT count(*) FROM conversation"), 1);
}

#[tokio::test]
async fn bad_input_gets_a_clear_problem_and_keeps_nothing() {
    let deployment = deployment().await;
    let mut visitor = Visitor::at(&deployment, 0).await;
    let draft = visitor.draft();
    for (text, kind) in [
        ("", Kind::MessageEmpty),
        (" \u{200b}\n", Kind::MessageEmpty),
        (&*"é".repeat(MESSAGE_CHARACTERS + 1), Kind::MessageTooLong),
        (&*"x".repeat(70_000), Kind::BodyTooLarge),
    ] {
        assert_eq!(visitor.write_as(draft, text).await.problem(), kind);
    }
    let path = format!("/v1/widget/sites/{}/conversations", visitor.site);
    for body in [
        &b"{"[..],
        b"[]",
        b"{\"draft\":1}",
        b"\xff\xfe",
        b"{\"draft\":\"msg_0\",\"text\":\"a\",\"locale\":\"en\"}",
    ] {
        let request = http::Request::post(&path)
            .header("authorization", format!("Bearer {}", visitor.token))
            .body(axum::body::Body::from(body.to_vec()))
            .unwrap();
        assert_eq!(deployment.answer(request).await.problem(), Kind::BodyMalformed);
    }
    assert_eq!(count(&deployment, 0, "SELECT count(*) FROM message"), 0);
}

#[tokio::test]
async fn too_many_messages_in_a_minute_are_told_when_to_come_back() {
    let deployment = deployment().await;
    let mut visitor = Visitor::at(&deployment, 0).await;
    for number in 0..VISITOR_MESSAGES {
        visitor.write(&format!("message {number}")).await;
        deployment.settle().await;
    }
    let draft = visitor.draft();
    let refused = visitor.write_as(draft, "one more").await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.headers["retry-after"], "60");
    deployment.clock.wind(deployment.clock.now().plus_ms(MINUTE_MS));
    assert_eq!(
        visitor.write_as(draft, "one more").await.status,
        StatusCode::OK,
        "the same draft gets in later"
    );
}

#[tokio::test]
async fn an_address_that_opens_too_much_is_told_to_wait() {
    let deployment = Deployment::with_two_businesses(Options { burst: 1, ..Options::default() }).await;
    let mut visitor = Visitor::at(&deployment, 0).await;
    visitor.write("Hello").await;
    let site = visitor.site;
    let body = serde_json::json!({ "origin": "https://hotel0.example" });
    let path = format!("/v1/widget/sites/{site}/visitors");
    let answer = deployment.send("POST", &path, None, Some(body)).await;
    assert_eq!(answer.problem(), Kind::RateLimited);
    assert_eq!(answer.headers["retry-after"], "60");
}

#[tokio::test]
async fn a_site_that_is_written_to_too_often_tells_everybody_to_wait() {
    let deployment = Deployment::with_two_businesses(Options { site_burst: 3, ..Options::default() }).await;
    let mut visitor = Visitor::at(&deployment, 0).await;
    visitor.write("Hello").await;
    visitor.write("Is anybody there?").await;
    let draft = visitor.draft();
    let refused = visitor.write_as(draft, "one more").await;
    assert_eq!(refused.problem(), Kind::RateLimited);
    assert_eq!(refused.headers["retry-after"], "60");
    let mut elsewhere = Visitor::at(&deployment, 1).await;
    elsewhere.write("Hello").await;
}

#[tokio::test]
async fn a_draft_that_comes_in_again_is_answered_once() {
    let deployment = deployment().await;
    let mut visitor = Visitor::at(&deployment, 0).await;
    let first = visitor.draft();
    visitor.write_as(first, "When is breakfast?").await;
    let second = visitor.draft();
    visitor.write_as(second, "When is breakfast served?").await;
    deployment.settle().await;
    for _ in 0..2 {
        assert_eq!(visitor.write_as(second, "When is breakfast served?").await.status, StatusCode::OK);
        deployment.settle().await;
    }
    let (conversation, _) = visitor.thread.clone().unwrap();
    let room = deployment.conversations.room(conversation);
    let began = |event: &&LiveEvent| matches!(event, LiveEvent::TurnStarted { .. });
    assert_eq!(
        room.walls().told.borrow().iter().filter(began).count(),
        2,
        "a turn for each message, no more"
    );
    assert_eq!(visitor.read_after(0).await.messages.len(), 4);
}

#[tokio::test]
async fn asking_for_a_person_is_recorded_once_and_says_when_people_answer() {
    let deployment = deployment().await;
    let mut visitor = Visitor::at(&deployment, 0).await;
    visitor.write("Hello").await;
    deployment.settle().await;
    let (conversation, token) = visitor.thread.clone().unwrap();
    let path = format!("/v1/widget/conversations/{conversation}/person");
    for _ in 0..2 {
        let answer = deployment.send("POST", &path, Some(&token), None).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT);
    }
    let catchup = visitor.read_after(0).await;
    assert_eq!(catchup.state, State::Requested);
    let asked = catchup
        .messages
        .iter()
        .filter(|message| matches!(message.body, Body::Notice(Notice::PersonRequested(_))))
        .count();
    assert_eq!(asked, 1);
}

#[tokio::test]
async fn leaving_revokes_the_token_and_keeps_the_conversation() {
    let deployment = deployment().await;
    let mut visitor = Visitor::at(&deployment, 0).await;
    visitor.write("Hello").await;
    let (conversation, token) = visitor.thread.clone().unwrap();
    let path = |what: &str| format!("/v1/widget/conversations/{conversation}/{what}");
    let left = deployment.send("POST", &path("leave"), Some(&token), None).await;
    assert_eq!(left.status, StatusCode::NO_CONTENT);
    assert_eq!(deployment.send("GET", &path("messages"), Some(&token), None).await.problem(), Kind::NotFound);
    assert_eq!(count(&deployment, 0, "SELECT count(*) FROM message WHERE origin = 'visitor'"), 1);
}

#[tokio::test]
async fn b1_a_conversations_token_serves_twelve_hours_after_its_last_use() {
    let deployment = deployment().await;
    let mut visitor = Visitor::at(&deployment, 0).await;
    visitor.write("Hello").await;
    let (conversation, token) = visitor.thread.clone().unwrap();
    let path = format!("/v1/widget/conversations/{conversation}/messages");
    deployment.clock.wind(NOW.plus_ms(CONVERSATION_TOKEN_MS - 1));
    assert_eq!(deployment.send("GET", &path, Some(&token), None).await.status, StatusCode::OK);
    deployment.clock.wind(NOW.plus_ms(2 * CONVERSATION_TOKEN_MS - 2));
    assert_eq!(
        deployment.send("GET", &path, Some(&token), None).await.status,
        StatusCode::OK,
        "a use extends it"
    );
    deployment.clock.wind(NOW.plus_ms(3 * CONVERSATION_TOKEN_MS));
    assert_eq!(deployment.send("GET", &path, Some(&token), None).await.problem(), Kind::NotFound);
}

#[tokio::test]
async fn a_visitors_token_expires_after_an_hour_and_says_so() {
    let deployment = deployment().await;
    let mut visitor = Visitor::at(&deployment, 0).await;
    deployment.clock.wind(NOW.plus_ms(VISITOR_TOKEN_MS + 1));
    let draft = visitor.draft();
    assert_eq!(visitor.write_as(draft, "Hello").await.problem(), Kind::TokenExpired);
}

#[tokio::test]
async fn p4_2_a_message_is_there_one_second_before_its_limit_and_not_after_it() {
    let deployment = deployment().await;
    let mut visitor = Visitor::at(&deployment, 0).await;
    let message = visitor.write("Hello").await;
    deployment.settle().await;
    let scope = visitor.thread.clone().unwrap();
    let read = async |at: shared::time::Millis| {
        deployment.clock.wind(at);
        // The token is long gone by then; the operation itself is asked, as an account user's route will.
        let command = edge::objects::conversation::protocol::Command::Catchup(0);
        let business = edge::store::scope::BusinessScope::new(tests::business_id(0), 0);
        let thread = edge::store::conversation::conversation_find(&deployment.shards[0], &business, scope.0)
            .await
            .unwrap()
            .unwrap()
            .scope;
        match deployment.conversations.ask(&thread, command).await.unwrap() {
            edge::objects::conversation::protocol::Reply::Catchup(catchup) => catchup.messages.len(),
            other => panic!("{other:?}"),
        }
    };
    assert!(read(message.until.minus_ms(1_000)).await > 0);
    assert_eq!(read(message.until).await, 0);
}

#[tokio::test]
async fn cookies_and_missing_tokens_are_refused() {
    let deployment = deployment().await;
    let mut visitor = Visitor::at(&deployment, 0).await;
    visitor.write("Hello").await;
    let (conversation, token) = visitor.thread.clone().unwrap();
    let path = format!("/v1/widget/conversations/{conversation}/messages");
    assert_eq!(deployment.send("GET", &path, None, None).await.problem(), Kind::TokenMissing);
    assert_eq!(deployment.send("GET", &path, Some("lqc_nonsense"), None).await.problem(), Kind::TokenMissing);
    let request = http::Request::get(&path)
        .header("authorization", format!("Bearer {token}"))
        .header("cookie", "a=b")
        .body(axum::body::Body::empty())
        .unwrap();
    assert_eq!(deployment.answer(request).await.problem(), Kind::CookieRefused);
}

#[tokio::test]
async fn unknown_addresses_and_methods_are_problems_too() {
    let deployment = deployment().await;
    assert_eq!(deployment.send("GET", "/assets/nothing-0123.js", None, None).await.problem(), Kind::NotFound);
    assert_eq!(deployment.send("DELETE", "/healthz", None, None).await.problem(), Kind::MethodRefused);
    assert_eq!(deployment.send("GET", "/v1/widget/sites/sit_x", None, None).await.problem(), Kind::NotFound);
}

#[tokio::test]
async fn a_chat_that_was_ended_on_this_device_is_not_reopened_by_its_first_words() {
    let deployment = deployment().await;
    let mut visitor = Visitor::at(&deployment, 0).await;
    let first = visitor.draft();
    visitor.write_as(first, "Hello").await;
    let (conversation, token) = visitor.thread.take().unwrap();
    let path = format!("/v1/widget/conversations/{conversation}/leave");
    assert_eq!(deployment.send("POST", &path, Some(&token), None).await.status, StatusCode::NO_CONTENT);
    let room = deployment.conversations.room(conversation);
    assert_eq!(room.walls().sent_out.borrow().len(), 1, "its sockets are closed");
    assert_eq!(visitor.write_as(first, "Hello").await.problem(), Kind::NotFound);
    let fresh = visitor.draft();
    assert_eq!(visitor.write_as(fresh, "Something new").await.status, StatusCode::OK);
}

#[tokio::test]
async fn one_address_can_not_use_up_what_a_site_may_take() {
    let options = Options { message_burst: 2, site_burst: 6, ..Options::default() };
    let deployment = Deployment::with_two_businesses(options).await;
    let mut greedy = Visitor::at(&deployment, 0).await;
    greedy.write("Hello").await;
    for number in 0..9 {
        let draft = greedy.draft();
        let status = greedy.write_as(draft, "again").await.status;
        let wanted = if number < 2 { StatusCode::OK } else { StatusCode::TOO_MANY_REQUESTS };
        assert_eq!(status, wanted);
    }
    let mut other = Visitor::at(&deployment, 0).await;
    other.write("The site still takes my words").await;
}
