//! What a machine suggests to a team on demand: drafts and translations, masked, counted, and kept nowhere.

use std::sync::{Arc, Mutex};

use edge::platform::Http;
use edge::platform::http::{HttpFault, Response};
use http::StatusCode;
use serde_json::{Value, json};
use shared::wire::admin::inbox::deed::Suggestion;
use shared::wire::admin::numbers::Numbers;
use shared::wire::problem::Kind;
use tests::{Deployment, Desk, Options};

/// A provider that says the words of `says`, and what it was asked.
fn provider(says: &'static str) -> (Deployment, Arc<Mutex<Vec<String>>>) {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let record = Arc::clone(&asked);
    let http = Http::scripted(vec!["http://127.0.0.1:9".into()], move |request| {
        record.lock().unwrap().push(String::from_utf8(request.body).unwrap());
        let words = json!({ "choices": [{ "index": 0, "delta": { "content": says } }] });
        let end = json!({ "choices": [{ "index": 0, "delta": {}, "finish_reason": "stop" }] });
        let usage = json!({ "choices": [], "usage": { "prompt_tokens": 100, "completion_tokens": 10 } });
        let stream = format!("data: {words}\n\ndata: {end}\n\ndata: {usage}\n\ndata: [DONE]\n\n");
        let chunk = Ok::<_, HttpFault>(stream.into_bytes());
        Ok(Response { status: 200, retry_after_s: None, chunks: Box::pin(futures::stream::iter([chunk])) })
    });
    let variables = [("OPENAI_API_KEY", "test-key"), ("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")];
    let variables = variables.map(|(name, value)| (name, value.to_owned())).to_vec();
    (Deployment::new(Options { variables, http, ..Options::default() }), asked)
}

async fn numbers(desk: &mut Desk<'_>) -> Numbers {
    let path = desk.path("numbers");
    desk.manager.send("GET", &path, None).await.json()
}

#[tokio::test]
async fn where_no_provider_is_set_up_nothing_is_suggested_and_the_team_is_told_so() {
    let deployment = Deployment::new(Options::default());
    let mut desk = Desk::open(&deployment).await;
    desk.visitor.write("Hello?").await;
    deployment.settle().await;
    assert!(!desk.view().await.can_suggest);
    assert_eq!(desk.does("POST", "/draft", json!({})).await.problem(), Kind::NoProvider);
    let body = json!({ "text": "Hello", "into": "fr" });
    assert_eq!(desk.does("POST", "/translate", body).await.problem(), Kind::NoProvider);
}

#[tokio::test]
async fn b11_a_draft_is_asked_for_with_the_thread_masked_and_changes_nothing_in_it() {
    let (deployment, asked) = provider("I write to ⟦email-1⟧ until ten.");
    let mut desk = Desk::open(&deployment).await;
    desk.visitor.write("Is breakfast over? ada@example.org").await;
    deployment.settle().await;
    let before = desk.visitor.read_after(0).await.messages.len();
    let view = desk.view().await;
    assert!(view.can_suggest);
    let draft: Suggestion = desk.does("POST", "/draft", json!({ "intent": "no, until ten" })).await.json();
    assert_eq!(draft.text.expose(), "I write to ada@example.org until ten.");
    assert_eq!((draft.ai.provider.as_str(), draft.ai.model.as_str()), ("openai", "gpt-4.1-mini"));
    let sent = asked.lock().unwrap().last().unwrap().clone();
    assert!(sent.contains("Is breakfast over?") && sent.contains("no, until ten"), "{sent}");
    assert!(!sent.contains("ada@example.org") && sent.contains("\"store\":false"), "{sent}");
    assert_eq!(desk.visitor.read_after(0).await.messages.len(), before);
    assert_eq!(desk.view().await.row.state, view.row.state);
}

#[tokio::test]
async fn b11_a_translation_leaves_with_nothing_but_the_words_masked() {
    let (deployment, asked) = provider("Écrivez à ⟦email-1⟧.");
    let mut desk = Desk::open(&deployment).await;
    desk.visitor.write("A question of mine").await;
    deployment.settle().await;
    let body = json!({ "text": "Write to desk@hotel.example.", "into": "fr-FR" });
    let translated: Suggestion = desk.does("POST", "/translate", body).await.json();
    assert_eq!(translated.text.expose(), "Écrivez à desk@hotel.example.");
    let sent = asked.lock().unwrap().last().unwrap().clone();
    assert!(
        sent.contains("French") && !sent.contains("desk@hotel") && !sent.contains("A question"),
        "{sent}"
    );
    for (body, kind) in [
        (json!({ "text": " ", "into": "fr" }), Kind::MessageEmpty),
        (json!({ "text": "Hello", "into": "<b>" }), Kind::ValueRefused),
        (json!({ "text": "x".repeat(8_001), "into": "fr" }), Kind::MessageTooLong),
    ] {
        assert_eq!(desk.does("POST", "/translate", body).await.problem(), kind);
    }
}

#[tokio::test]
async fn suggestions_are_counted_and_stop_at_the_days_ceiling_and_a_viewer_has_none() {
    let (deployment, asked) = provider("Until ten.");
    let mut desk = Desk::open(&deployment).await;
    desk.visitor.write("Is breakfast over?").await;
    deployment.settle().await;
    assert_eq!(desk.does("POST", "/draft", json!({})).await.status, StatusCode::OK);
    let found = numbers(&mut desk).await;
    assert_eq!((found.models[0].calls, found.models[0].tokens_in, found.models[0].tokens_out), (2, 200, 20));
    let path = desk.thread("");
    let seen: Value = desk.viewer.send("GET", &path, None).await.json();
    assert_eq!(seen["can_suggest"], json!(false));
    let path = desk.thread("/draft");
    assert_eq!(desk.viewer.send("POST", &path, Some(json!({}))).await.problem(), Kind::RoleTooLow);
    deployment.shards[0]
        .with_connection(|connection| connection.execute("UPDATE ai_day SET calls = 1000000", []).unwrap())
        .unwrap();
    let before = asked.lock().unwrap().len();
    let refused = desk.does("POST", "/draft", json!({})).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(refused.headers.contains_key("retry-after"));
    assert_eq!(asked.lock().unwrap().len(), before);
}

#[tokio::test]
async fn p6_4_of_what_a_visitor_had_held_still_no_machine_learns_a_word() {
    let (deployment, asked) = provider("Until ten.");
    let mut desk = Desk::open(&deployment).await;
    desk.visitor.write("Is breakfast over?").await;
    deployment.settle().await;
    let (conversation, token) = desk.visitor.thread.clone().unwrap();
    let path = format!("/v1/privacy/conversations/{conversation}/requests");
    let body = json!({ "kind": "restriction" });
    assert!(deployment.send("POST", &path, Some(&token), Some(body)).await.status.is_success());
    let before = asked.lock().unwrap().len();
    assert_eq!(desk.does("POST", "/draft", json!({})).await.problem(), Kind::ConversationRestricted);
    let body = json!({ "text": "Is breakfast over?", "into": "fr" });
    assert_eq!(desk.does("POST", "/translate", body).await.problem(), Kind::ConversationRestricted);
    assert_eq!(asked.lock().unwrap().len(), before);
}
