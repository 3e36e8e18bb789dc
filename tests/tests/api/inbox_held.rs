//! The inbox and what its visitors asked for: corrected words, and conversations that are held still.

use edge::ops::mail;
use edge::store::scope::OperatorScope;
use http::StatusCode;
use serde_json::json;
use shared::time::{DAY_MS, MINUTE_MS};
use shared::wire::admin::inbox::list::SearchPage;
use shared::wire::file::Attachment;
use shared::wire::privacy::Request;
use shared::wire::problem::Kind;
use tests::{Deployment, Desk, NOW, Options, Visitor};

#[tokio::test]
async fn p6_2_corrected_words_take_the_place_of_the_wrong_ones_in_lists_and_searches() {
    let deployment = Deployment::new(Options::default());
    let mut desk = Desk::open(&deployment).await;
    desk.visitor.write("Hello").await;
    deployment.settle().await;
    desk.reply("Good evening! Your name?").await;
    let wrong = desk.visitor.write("My name is Wolfgang").await;
    deployment.settle().await;
    let search = async |desk: &mut Desk<'_>, words: &str| -> usize {
        let path = desk.path("conversations/search");
        let found = desk.manager.send("POST", &path, Some(json!({ "words": words }))).await;
        found.json::<SearchPage>().rows.len()
    };
    assert_eq!(search(&mut desk, "wolfgang").await, 1);
    let (conversation, token) = desk.visitor.thread.clone().unwrap();
    let path = format!("/v1/privacy/conversations/{conversation}/requests");
    let body = json!({ "kind": "rectification", "message": wrong.id, "words": "My name is Waltraud" });
    assert_eq!(deployment.send("POST", &path, Some(&token), Some(body)).await.status, StatusCode::OK);
    let preview = desk.list("").await.rows.remove(0).preview.unwrap();
    assert_eq!(preview.text.expose(), "My name is Waltraud");
    assert_eq!((search(&mut desk, "wolfgang").await, search(&mut desk, "waltraud").await), (0, 1));
}

#[tokio::test]
async fn p6_4_what_is_held_still_is_in_no_search_and_no_preview_and_no_colleague_takes_its_files() {
    let deployment = Deployment::new(Options::default());
    let mut desk = Desk::open(&deployment).await;
    desk.visitor.write("Can I bring a xylophone?").await;
    let file: Attachment = desk.visitor.upload("a.txt", b"hello").await.json();
    let draft = desk.visitor.draft();
    assert_eq!(desk.visitor.write_with(draft, "", &[file.id]).await.status, StatusCode::OK);
    deployment.settle().await;
    let (conversation, token) = desk.visitor.thread.clone().unwrap();
    let own = format!("/v1/privacy/conversations/{conversation}");
    let found = async |desk: &mut Desk<'_>| -> usize {
        let path = desk.path("conversations/search");
        let found = desk.manager.send("POST", &path, Some(json!({ "words": "xylophone" }))).await;
        found.json::<SearchPage>().rows.len()
    };
    let download = desk.thread(&format!("/files/{}", file.id));
    assert_eq!(found(&mut desk).await, 1);
    assert!(desk.list("").await.rows[0].preview.is_some());
    let body = json!({ "kind": "restriction" });
    let held = deployment.send("POST", &format!("{own}/requests"), Some(&token), Some(body)).await;
    assert_eq!(held.status, StatusCode::OK, "{}", held.text());
    assert_eq!(found(&mut desk).await, 0);
    assert!(desk.list("").await.rows[0].preview.is_none(), "the row is there, its words are not");
    let refused = desk.manager.send("GET", &download, None).await;
    assert_eq!(refused.problem(), Kind::ConversationRestricted);
    assert_eq!(desk.visitor.download(file.id).await.status, StatusCode::OK, "it is theirs");
    let lifted = deployment.send("DELETE", &format!("{own}/restriction"), Some(&token), None).await;
    assert_eq!(lifted.status, StatusCode::NO_CONTENT);
    assert_eq!(found(&mut desk).await, 1);
    assert_eq!(desk.manager.send("GET", &download, None).await.status, StatusCode::OK);
}

#[tokio::test]
async fn p6_4_a_reply_that_is_due_by_mail_waits_while_its_conversation_is_held_still() {
    let deployment = Deployment::new(Options::default());
    let mut desk = Desk::open(&deployment).await;
    desk.visitor.write("Can I come with a horse?").await;
    deployment.settle().await;
    let (conversation, token) = desk.visitor.thread.clone().unwrap();
    let address = format!("/v1/widget/conversations/{conversation}/address");
    let form = json!({ "email": "guest@visitor.example", "locale": "fr" });
    deployment.send("POST", &address, Some(&token), Some(form)).await;
    let outbox = mail::outbox_read(&deployment.app, &OperatorScope::of_deployment()).await.unwrap();
    let asks = outbox.iter().find(|mail| mail.kind == "visitor_address").expect("a mail of this kind");
    let text = asks.text.clone().expect("it still holds").into_exposed();
    let line = text.lines().find(|line| line.contains("/widget/")).expect("a link").to_owned();
    let proof = line.rsplit('/').next().unwrap().trim().to_owned();
    let confirm = "/v1/widget/addresses/confirm";
    let confirmed = deployment.send("POST", confirm, None, Some(json!({ "token": proof }))).await;
    assert_eq!(confirmed.status, StatusCode::OK, "{}", confirmed.text());
    let gone_at = NOW.plus_ms(10 * MINUTE_MS);
    deployment.clock.wind(gone_at);
    assert!(desk.reply("Horses are welcome.").await.is_mailed);
    let own = format!("/v1/privacy/conversations/{conversation}");
    let body = json!({ "kind": "restriction" });
    deployment.send("POST", &format!("{own}/requests"), Some(&token), Some(body)).await;
    let room = deployment.conversations.room(conversation);
    assert!(*room.walls().empty.borrow(), "everybody was sent out");
    assert!(room.walls().alarm.borrow().is_some(), "what is due stays due");
    desk.alarm().await;
    assert_eq!(deployment.mails_count("visitor_reply").await, 0);
    assert!(room.walls().alarm.borrow().is_some(), "and is looked at again");
    let lifted = deployment.send("DELETE", &format!("{own}/restriction"), Some(&token), None).await;
    assert_eq!(lifted.status, StatusCode::NO_CONTENT);
    deployment.clock.wind(gone_at.plus_ms(DAY_MS));
    desk.alarm().await;
    assert_eq!(deployment.mails_count("visitor_reply").await, 1);
}

#[tokio::test]
async fn p6_4_a_restriction_that_is_met_at_the_desk_stops_the_answer_that_is_being_written() {
    let deployment = Deployment::new(Options::default());
    let mut desk = Desk::open(&deployment).await;
    desk.visitor.write("When is breakfast?").await;
    // The answer is still being written.
    let (conversation, _) = desk.visitor.thread.clone().unwrap();
    let path = desk.path("requests");
    let body =
        json!({ "kind": "restriction", "way": "phone", "asked_at": NOW, "conversation": conversation });
    let entered: Request = desk.owner.send("POST", &path, Some(body)).await.json();
    let met = desk.owner.send("POST", &format!("{path}/{}/meet", entered.id), None).await;
    assert_eq!(met.status, StatusCode::NO_CONTENT, "{}", met.text());
    assert!(*deployment.conversations.room(conversation).walls().empty.borrow());
    deployment.settle().await;
    let catchup = desk.visitor.read_after(0).await;
    assert!(catchup.turn.is_none(), "nobody writes there any more");
    assert_eq!(catchup.messages.len(), 1);
}

#[tokio::test]
async fn one_card_that_does_not_open_hides_no_other_from_a_search() {
    let deployment = Deployment::new(Options::default());
    let mut desk = Desk::open(&deployment).await;
    desk.visitor.write("Is there a sauna?").await;
    let mut other = Visitor::on(&deployment, desk.visitor.site, "https://chat.example.eu").await;
    other.write("Where is the sauna?").await;
    deployment.settle().await;
    let broken = desk.visitor.thread.clone().unwrap().0.to_string();
    for shard in &deployment.shards {
        let sql = "UPDATE conversation_card SET card = x'00' WHERE conversation = ?1";
        shard.with_connection(|connection| connection.execute(sql, [&broken]).unwrap()).unwrap();
    }
    let path = desk.path("conversations/search");
    let answer = desk.manager.send("POST", &path, Some(json!({ "words": "sauna" }))).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let rows = answer.json::<SearchPage>().rows;
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].conversation, other.thread.unwrap().0);
}
