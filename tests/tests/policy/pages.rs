//! What is kept of the page that a chat stands on, and whom the business says that it speaks with.

use edge::ops::erasure::{Reason, conversation_erase};
use edge::store::conversation::conversation_find;
use edge::store::scope::BusinessScope;
use serde_json::{Value, json};
use shared::limits::ERASURE_SETTLE_MS;
use shared::time::MINUTE_MS;
use shared::wire::frame::Frame;
use shared::wire::privacy::Held;
use shared::wire::widget::OpenedConversation;
use tests::{Deployment, NOW, Options, Visitor, business_id, site_id};

const OFTEN: &str = "*/5 * * * *";

fn count(deployment: &Deployment, sql: &str) -> i64 {
    deployment.shards[0]
        .with_connection(|connection| connection.query_row(sql, [], |row| row.get(0)).unwrap())
        .unwrap()
}

/// Somebody who begins a conversation on a page.
async fn begin<'a>(deployment: &'a Deployment, page: &Value) -> Visitor<'a> {
    let mut visitor = Visitor::at(deployment, 0).await;
    let body =
        json!({ "draft": visitor.draft(), "text": "Is breakfast over?", "locale": "en", "path": page });
    let path = format!("/v1/widget/sites/{}/conversations", visitor.site);
    let answer = deployment.send("POST", &path, Some(&visitor.token), Some(body)).await;
    let opened: OpenedConversation = answer.json();
    visitor.thread = Some((opened.conversation, opened.token.into_exposed()));
    deployment.settle().await;
    visitor
}

async fn held(deployment: &Deployment, visitor: &Visitor<'_>) -> Held {
    let (conversation, token) = visitor.thread.clone().unwrap();
    let path = format!("/v1/privacy/conversations/{conversation}");
    deployment.send("GET", &path, Some(&token), None).await.json()
}

#[tokio::test(start_paused = true)]
async fn p2_4_the_path_of_a_page_is_kept_only_where_the_business_turns_it_on_and_goes_with_the_conversation()
{
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let frame = format!("/v1/widget/sites/{}", site_id(0));
    let read: Frame = deployment.send("GET", &frame, None, None).await.json();
    assert!(!read.keeps_path);
    let visitor = begin(&deployment, &json!("/rooms/canary")).await;
    assert_eq!(count(&deployment, "SELECT count(*) FROM visitor_page"), 0);
    assert_eq!(held(&deployment, &visitor).await.page, None);

    deployment
        .directory
        .with_connection(|connection| connection.execute("UPDATE site SET keeps_path = 1", []).unwrap())
        .unwrap();
    deployment.clock.wind(NOW.plus_ms(MINUTE_MS));
    let read: Frame = deployment.send("GET", &frame, None, None).await.json();
    assert!(read.keeps_path);
    for none in [json!(null), json!("rooms"), json!("https://hotel.example/")] {
        begin(&deployment, &none).await;
    }
    assert_eq!(count(&deployment, "SELECT count(*) FROM visitor_page"), 0);
    let visitor = begin(&deployment, &json!("/rooms/canary?name=ada#top")).await;
    let page = held(&deployment, &visitor).await.page.unwrap();
    assert_eq!(page.expose(), "/rooms/canary", "neither query nor fragment");
    let sealed = "SELECT count(*) FROM visitor_page WHERE instr(path, 'canary') = 0";
    assert_eq!(count(&deployment, sealed), 1);

    let business = BusinessScope::new(business_id(0), 0);
    let (conversation, _) = visitor.thread.clone().unwrap();
    let found = conversation_find(&deployment.shards[0], &business, conversation).await.unwrap().unwrap();
    conversation_erase(&deployment.app, &found.scope, Reason::Request, NOW).await.unwrap();
    for after_ms in [0, ERASURE_SETTLE_MS] {
        let now = NOW.plus_ms(MINUTE_MS + after_ms);
        deployment.clock.wind(now);
        deployment.run_due(OFTEN, now).await;
    }
    assert_eq!(count(&deployment, "SELECT count(*) FROM visitor_page"), 0);
}
