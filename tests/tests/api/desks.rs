//! What open desks hear of at once: that a conversation is gone, held still or given to somebody, and that a session ended.

use edge::objects::inbox::protocol::News;
use http::StatusCode;
use serde_json::json;
use shared::id::{AccountId, ConversationId};
use shared::time::{DAY_MS, HOUR_MS};
use shared::wire::admin::account::Sessions;
use shared::wire::admin::inbox::conversation::ConversationView;
use shared::wire::admin::inbox::list::{ConversationRow, InboxChanges};
use shared::wire::problem::Kind;
use tests::{Answer, Deployment, Desk, NOW, Options, Person};

fn conversation(desk: &Desk<'_>) -> ConversationId {
    desk.visitor.thread.as_ref().unwrap().0
}

/// What a conversation's room told the inbox.
fn news(desk: &Desk<'_>) -> Vec<News> {
    desk.deployment.conversations.room(conversation(desk)).walls().news.borrow().clone()
}

/// The visitor asks for something on their privacy page.
async fn asks(desk: &Desk<'_>, kind: &str) -> Answer {
    let (conversation, token) = desk.visitor.thread.clone().unwrap();
    let path = format!("/v1/privacy/conversations/{conversation}/requests");
    desk.deployment.send("POST", &path, Some(&token), Some(json!({ "kind": kind }))).await
}

fn is_empty(desk: &Desk<'_>) -> bool {
    *desk.deployment.conversations.room(conversation(desk)).walls().empty.borrow()
}

#[tokio::test]
async fn p6_3_a_manager_types_while_the_visitor_erases_and_their_desk_lets_go_at_once() {
    let deployment = Deployment::new(Options::default());
    let mut desk = Desk::open(&deployment).await;
    desk.visitor.write("My name is Ida and I arrive on Sunday").await;
    deployment.settle().await;
    desk.does("POST", "/take", json!({})).await;
    let cursor = desk.list("").await.cursor;
    assert_eq!(asks(&desk, "erasure").await.status, StatusCode::OK);
    // No job ran: the room is empty, and every open desk heard it.
    let id = conversation(&desk);
    assert_eq!(news(&desk).last(), Some(&News::Gone(id)));
    assert!(is_empty(&desk), "whoever was in the room was sent out");
    // What the manager was typing is not kept, and every way back to the thread says that it is gone.
    let draft = desk.draft();
    let late = desk.does("POST", "/replies", json!({ "draft": draft, "text": "Welcome!" })).await;
    assert_eq!(late.problem(), Kind::NotFound);
    for (method, rest) in [("GET", ""), ("GET", "/messages?after=1"), ("POST", "/tickets")] {
        let path = desk.thread(rest);
        assert_eq!(desk.manager.send(method, &path, None).await.problem(), Kind::NotFound, "{rest}");
    }
    assert!(desk.list("").await.rows.is_empty());
    let path = desk.path(&format!("conversations/changes?after={cursor}"));
    let changes: InboxChanges = desk.manager.send("GET", &path, None).await.json();
    assert_eq!((changes.rows.len(), changes.gone), (0, vec![id]), "whoever was away hears it, too");
}

#[tokio::test]
async fn p6_3_an_erasure_that_waits_for_the_end_of_a_legal_hold_sends_nobody_out() {
    let deployment = Deployment::new(Options::default());
    let mut desk = Desk::open(&deployment).await;
    desk.visitor.write("Hello").await;
    deployment.settle().await;
    for shard in &deployment.shards {
        let hold = "UPDATE conversation SET held_at = 1";
        shard.with_connection(|connection| connection.execute(hold, []).unwrap()).unwrap();
    }
    assert_eq!(asks(&desk, "erasure").await.status, StatusCode::OK);
    assert!(!news(&desk).contains(&News::Gone(conversation(&desk))) && !is_empty(&desk));
    assert_eq!(desk.list("").await.rows.len(), 1);
}

#[tokio::test]
async fn p4_2_a_conversation_that_reached_its_date_leaves_open_desks_at_once() {
    let deployment = Deployment::new(Options::default());
    let mut desk = Desk::open(&deployment).await;
    desk.visitor.write("Hello").await;
    deployment.settle().await;
    let later = NOW.plus_months(13).plus_ms(DAY_MS);
    deployment.clock.wind(later);
    deployment.run_due("17 * * * *", later).await;
    assert_eq!(news(&desk).last(), Some(&News::Gone(conversation(&desk))));
    assert!(is_empty(&desk));
}

#[tokio::test]
async fn p6_4_the_team_sees_that_a_conversation_is_held_still_and_why_nobody_answers() {
    let deployment = Deployment::new(Options::default());
    let mut desk = Desk::open(&deployment).await;
    desk.visitor.write("Hello").await;
    deployment.settle().await;
    let page = desk.list("").await;
    assert_eq!(page.rows[0].restricted_at, None);
    assert_eq!(asks(&desk, "restriction").await.status, StatusCode::OK);
    let id = conversation(&desk);
    assert_eq!(news(&desk).last(), Some(&News::Changed(id)), "open lists hear it");
    // Whoever was away hears it by their cursor, and a desk that is opened says since when.
    let path = desk.path(&format!("conversations/changes?after={}", page.cursor));
    let changes: InboxChanges = desk.manager.send("GET", &path, None).await.json();
    assert_eq!(changes.rows[0].restricted_at, Some(NOW));
    let view: ConversationView = desk.view().await;
    assert_eq!(view.row.restricted_at, Some(NOW));
    let draft = desk.draft();
    let reply = desk.does("POST", "/replies", json!({ "draft": draft, "text": "Welcome!" })).await;
    assert_eq!(reply.problem(), Kind::ConversationRestricted);
    assert_eq!(desk.does("POST", "/take", json!({})).await.problem(), Kind::ConversationRestricted);
    // It goes on, and the team hears that, too.
    let (_, token) = desk.visitor.thread.clone().unwrap();
    let path = format!("/v1/privacy/conversations/{id}/restriction");
    let lifted = deployment.send("DELETE", &path, Some(&token), None).await;
    assert_eq!(lifted.status, StatusCode::NO_CONTENT);
    assert!(deployment.inboxes.told.borrow().iter().any(|told| told.news == News::Changed(id)));
    let path = desk.path(&format!("conversations/changes?after={}", changes.cursor));
    let changes: InboxChanges = desk.manager.send("GET", &path, None).await.json();
    assert_eq!(changes.rows[0].restricted_at, None);
}

/// Whom the inbox was told to call because somebody gave them a conversation.
fn assigned(desk: &Desk<'_>) -> Vec<(ConversationId, AccountId)> {
    let told = desk.deployment.inboxes.told.borrow();
    let given = |news| if let News::Assigned(id, account) = news { Some((id, account)) } else { None };
    told.iter().filter_map(|told| given(told.news)).collect()
}

#[tokio::test]
async fn k4_6_whoever_is_given_a_conversation_is_called_and_nobody_calls_themself() {
    let deployment = Deployment::new(Options::default());
    let mut desk = Desk::open(&deployment).await;
    desk.visitor.write("Hello").await;
    deployment.settle().await;
    let (id, [owner, manager, _]) = (conversation(&desk), desk.accounts);
    let row: ConversationRow = desk.does("PUT", "/assignee", json!({ "account": manager })).await.json();
    assert_eq!(row.assignee.unwrap().account, manager);
    assert!(assigned(&desk).is_empty(), "who takes it knows of it");
    desk.does("PUT", "/assignee", json!({ "account": owner })).await;
    assert_eq!(assigned(&desk), [(id, owner)]);
    // Said again, it is no news; taken away, it calls nobody.
    desk.does("PUT", "/assignee", json!({ "account": owner })).await;
    desk.does("PUT", "/assignee", json!({ "account": null })).await;
    assert_eq!(assigned(&desk).len(), 1);
}

#[tokio::test]
async fn k4_6_many_that_are_given_at_once_call_once() {
    let deployment = Deployment::new(Options::default());
    let mut desk = Desk::open(&deployment).await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        desk.visitor.thread = None;
        desk.visitor.write("Hello").await;
        deployment.settle().await;
        ids.push(conversation(&desk));
    }
    let owner = desk.accounts[0];
    desk.does("PUT", "/assignee", json!({ "account": owner })).await;
    deployment.inboxes.told.borrow_mut().clear();
    let path = desk.path("conversations/bulk");
    let body = json!({ "conversations": ids, "deed": { "assign": owner } });
    assert_eq!(desk.manager.send("POST", &path, Some(body)).await.status, StatusCode::OK);
    let called = assigned(&desk);
    assert_eq!(called.len(), 1, "one sound for all of them");
    assert_ne!(called[0].0, ids[2], "and for one that is news");
    assert_eq!(deployment.inboxes.told.borrow().len(), 3, "each of them is told of");
}

#[tokio::test]
async fn a_session_that_ends_closes_the_sockets_that_it_opened() {
    let deployment = Deployment::new(Options::default());
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    let business = ada.sign_up("Hôtel Ada").await;
    let account = ada.me().await.account;
    let sent_out = || {
        let mut told = deployment.inboxes.told.borrow_mut();
        let told = std::mem::take(&mut *told);
        told.iter().any(|told| told.business == business && told.news == News::SendOut(account))
    };
    let mut laptop = ada.elsewhere();
    laptop.sign_in().await;
    let sessions: Sessions = ada.send("GET", "/v1/admin/sessions", None).await.json();
    let stolen = sessions.sessions.iter().find(|session| !session.current).unwrap().id;
    assert!(!sent_out());
    let path = format!("/v1/admin/sessions/{stolen}");
    assert_eq!(ada.send("DELETE", &path, None).await.status, StatusCode::NO_CONTENT);
    assert!(sent_out(), "a device that is signed out hears nothing any more");
    assert_eq!(ada.send("DELETE", &path, None).await.problem(), Kind::NotFound);
    assert!(!sent_out(), "what ended nothing closes nothing");
    deployment.clock.wind(NOW.plus_ms(HOUR_MS));
    assert_eq!(ada.send("POST", "/v1/admin/sign-out", None).await.status, StatusCode::NO_CONTENT);
    assert!(sent_out());
    ada.sign_in().await;
    assert_eq!(ada.send("DELETE", "/v1/admin/cookies", None).await.status, StatusCode::NO_CONTENT);
    assert!(sent_out());
}
