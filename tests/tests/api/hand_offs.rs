//! The hand-over from machine to person and back, and how an answer reaches a visitor who has left.

use edge::ops::mail;
use edge::store::scope::OperatorScope;
use http::StatusCode;
use serde_json::json;
use shared::limits::ADDRESS_MAILS_DAY;
use shared::time::{DAY_MS, MINUTE_MS};
use shared::wire::admin::inbox::conversation::Reach;
use shared::wire::admin::inbox::deed::SentReply;
use shared::wire::admin::inbox::list::{ConversationRow, Priority, Work};
use shared::wire::file::Attachment;
use shared::wire::message::{Body, Notice, Origin};
use shared::wire::problem::{Kind, Problem};
use shared::wire::widget::{AddressState, ReturnedConversation, State};
use tests::{Deployment, Desk, NOW, Options, Visitor};

#[tokio::test]
async fn a_manager_takes_over_answers_by_name_and_gives_back() {
    let deployment = Deployment::new(Options::default());
    let mut desk = Desk::open(&deployment).await;
    desk.visitor.write("When is breakfast?").await;
    deployment.settle().await;
    let row: ConversationRow = desk.does("POST", "/take", json!({})).await.json();
    assert_eq!((row.state, row.work), (State::Human, Work::Open));
    assert_eq!(row.assignee.as_ref().unwrap().account, desk.accounts[1]);
    assert_eq!(row.person.unwrap().name.unwrap().expose(), "Grace Hopper");
    let sent = desk.reply("From seven.").await;
    assert_eq!(sent.message.by, Some(desk.accounts[1]));
    let heard = desk.visitor.read_after(0).await;
    assert_eq!(heard.state, State::Human);
    assert_eq!(heard.person.unwrap().expose(), "Grace Hopper");
    let answer = heard.messages.last().unwrap();
    assert_eq!(
        (answer.origin, answer.author.as_ref().unwrap().expose().as_str()),
        (Origin::Human, "Grace Hopper")
    );
    assert!(desk.notices(&heard.messages).contains(&Notice::PersonJoined));
    // Nobody but the person answers now.
    desk.visitor.write("And lunch?").await;
    deployment.settle().await;
    let after = desk.visitor.read_after(answer.sequence).await.messages;
    assert!(after.iter().all(|message| message.origin != Origin::Ai), "{after:?}");
    // Given back, the machine answers what nobody has answered.
    let row: ConversationRow = desk.does("POST", "/give-back", json!({})).await.json();
    assert_eq!((row.state, row.work, row.assignee), (State::Ai, Work::Pending, None));
    deployment.settle().await;
    let after = desk.visitor.read_after(answer.sequence).await;
    assert_eq!(after.state, State::Ai);
    assert!(after.person.is_none());
    let last = after.messages.last().unwrap();
    assert!(matches!(last.origin, Origin::Ai | Origin::System), "{last:?}");
}

#[tokio::test]
async fn of_two_who_take_over_one_wins_and_the_other_is_told_who() {
    let deployment = Deployment::new(Options::default());
    let mut desk = Desk::open(&deployment).await;
    desk.visitor.write("Hello?").await;
    deployment.settle().await;
    let path = desk.thread("/take");
    let (mut first, mut second) = (desk.manager.clone(), desk.owner.clone());
    let (one, two) =
        tokio::join!(first.send("POST", &path, Some(json!({}))), second.send("POST", &path, Some(json!({}))));
    let (won, lost) = if one.status == StatusCode::OK { (one, two) } else { (two, one) };
    assert_eq!(won.status, StatusCode::OK, "{}", won.text());
    assert_eq!(lost.problem(), Kind::TakenOver);
    let winner = won.json::<ConversationRow>().person.unwrap();
    let told: Problem = lost.json();
    assert_eq!(told.who, winner.name);
    let joined = desk.visitor.read_after(0).await.messages;
    let count = desk.notices(&joined).iter().filter(|notice| **notice == Notice::PersonJoined).count();
    assert_eq!(count, 1);
    // Taking it from the colleague is possible, when it is meant.
    let mut other = if winner.account == desk.accounts[0] { first } else { second };
    let row: ConversationRow =
        other.send("POST", &path, Some(json!({ "from_colleague": true }))).await.json();
    assert_ne!(row.person.unwrap().account, winner.account);
}

#[tokio::test]
async fn a_late_answer_does_not_get_in_once_a_person_took_over() {
    let deployment = Deployment::new(Options::default());
    let mut desk = Desk::open(&deployment).await;
    // The turn is granted and waits to run; the person is faster.
    desk.visitor.write("When is breakfast?").await;
    desk.does("POST", "/take", json!({})).await.json::<ConversationRow>();
    deployment.settle().await;
    let messages = desk.visitor.read_after(0).await.messages;
    assert!(messages.iter().all(|message| message.origin != Origin::Ai), "{messages:?}");
    let (conversation, _) = desk.visitor.thread.clone().unwrap();
    // Also where the object forgot that anybody took over.
    deployment.conversations.evict(conversation);
    desk.visitor.write("Anybody?").await;
    deployment.settle().await;
    let messages = desk.visitor.read_after(0).await.messages;
    assert!(messages.iter().all(|message| message.origin != Origin::Ai), "{messages:?}");
}

#[tokio::test]
async fn a_visitor_s_client_finds_no_draft_but_its_own_in_the_thread() {
    let deployment = Deployment::new(Options::default());
    let mut desk = Desk::open(&deployment).await;
    desk.visitor.write("A cot, please?").await;
    deployment.settle().await;
    let said = desk.reply("It will stand in your room.").await;
    let read = desk.visitor.read_after(0).await.messages;
    assert!(read.iter().any(|message| message.id == said.message.message.id));
    for message in read.iter().chain([&said.message.message]) {
        assert_eq!(message.draft.is_some(), message.origin == Origin::Visitor, "{:?}", message.origin);
    }
}

#[tokio::test]
async fn the_same_reply_twice_is_one_and_a_reply_takes_over_and_opens_what_was_closed() {
    let deployment = Deployment::new(Options::default());
    let mut desk = Desk::open(&deployment).await;
    desk.visitor.write("Hello?").await;
    deployment.settle().await;
    let draft = desk.draft();
    let body = json!({ "draft": draft, "text": "Good evening." });
    let first: SentReply = desk.does("POST", "/replies", body.clone()).await.json();
    let second: SentReply = desk.does("POST", "/replies", body).await.json();
    assert_eq!(first.message, second.message);
    assert_eq!(first.row.state, State::Human);
    let row: ConversationRow = desk.does("POST", "/close", json!({})).await.json();
    assert_eq!((row.state, row.work, row.person), (State::Closed, Work::Closed, None));
    assert_eq!(desk.visitor.read_after(0).await.state, State::Closed);
    assert_eq!(desk.does("POST", "/take", json!({})).await.problem(), Kind::ConversationClosed);
    assert_eq!(desk.reply("One more thing.").await.row.state, State::Human);
    desk.does("POST", "/close", json!({})).await.json::<ConversationRow>();
    // The visitor's next word opens it, too: a machine answers first, and whoever had it has it again.
    desk.visitor.write("Thank you. When is breakfast?").await;
    deployment.settle().await;
    let heard = desk.visitor.read_after(0).await;
    assert_eq!(heard.state, State::Requested);
    let last = heard.messages.last().unwrap();
    assert!(last.origin != Origin::Visitor, "a machine says at once what it finds, or that it finds nothing");
    let row = desk.list("work=open&assignee=me").await.rows.remove(0);
    assert_eq!((row.state, row.work, row.unread), (State::Requested, Work::Open, true));
    desk.does("POST", "/close", json!({})).await.json::<ConversationRow>();
    let row: ConversationRow = desk.does("POST", "/reopen", json!({})).await.json();
    assert_eq!((row.state, row.work), (State::Requested, Work::Open));
}

#[tokio::test]
async fn a_closed_conversation_takes_the_visitor_s_words_and_files_and_is_the_same_one_again() {
    let deployment = Deployment::new(Options::default());
    let mut desk = Desk::open(&deployment).await;
    desk.visitor.write("Hello?").await;
    deployment.settle().await;
    desk.reply("Good evening.").await;
    let (priority, closed) = (json!({ "priority": "high" }), json!({}));
    assert_eq!(desk.does("PUT", "/priority", priority).await.status, StatusCode::OK);
    desk.does("POST", "/close", closed).await.json::<ConversationRow>();
    assert_eq!(desk.list("work=closed").await.rows.len(), 1);
    // What can be done in an open one only is refused as what it is, and ends nothing for the visitor.
    let (conversation, token) = desk.visitor.thread.clone().unwrap();
    let path = format!("/v1/widget/conversations/{conversation}/person");
    let asked = deployment.send("POST", &path, Some(&token), None).await;
    assert_eq!(asked.problem(), Kind::ConversationClosed);
    // A file goes up and is sent, and with it the conversation opens.
    let file: Attachment = desk.visitor.upload("notes.txt", b"We arrive at nine.").await.json();
    let draft = desk.draft();
    let sent = desk.visitor.write_with(draft, "", &[file.id]).await;
    assert_eq!(sent.status, StatusCode::OK, "{}", sent.text());
    deployment.settle().await;
    let page = desk.list("").await;
    assert_eq!(page.rows.len(), 1, "no second conversation");
    assert_eq!((page.rows[0].conversation, page.rows[0].priority), (conversation, Priority::High));
    let read = desk.visitor.read_after(0).await;
    assert_eq!(read.state, State::Requested, "it is theirs again who had it");
    assert!(read.messages.iter().any(|message| message.origin == Origin::Human), "what was said stays");
}

#[tokio::test]
async fn nothing_found_twice_in_a_row_or_a_listed_topic_brings_a_person() {
    let deployment = Deployment::new(Options::default());
    let mut desk = Desk::open(&deployment).await;
    desk.visitor.write("Do you have a helicopter?").await;
    deployment.settle().await;
    assert_eq!(desk.visitor.read_after(0).await.state, State::Ai);
    desk.visitor.write("Is there a submarine?").await;
    deployment.settle().await;
    let heard = desk.visitor.read_after(0).await;
    assert_eq!(heard.state, State::Requested);
    let notices = desk.notices(&heard.messages);
    assert!(matches!(notices.as_slice(), [Notice::NothingFound(_), Notice::HandedOver(_)]), "{notices:?}");
    assert_eq!(desk.list("work=open").await.rows.len(), 1);
    let form = json!({ "topics": ["refund"], "after_misses": 0, "at_ceiling": true, "answer_within_min": 5 });
    let path = desk.path("hand-off");
    assert_eq!(desk.owner.send("PUT", &path, Some(form)).await.status, StatusCode::NO_CONTENT);
    deployment.clock.wind(NOW.plus_ms(MINUTE_MS));
    let site = desk.visitor.site;
    let mut other = Visitor::on(&deployment, site, "https://chat.example.eu").await;
    other.write("I want a REFUND, please").await;
    deployment.settle().await;
    assert_eq!(other.read_after(0).await.state, State::Requested);
}

#[tokio::test]
async fn where_nobody_answers_in_time_the_visitor_is_told_once() {
    let deployment = Deployment::new(Options::default());
    let mut desk = Desk::open(&deployment).await;
    desk.visitor.write("Hello").await;
    deployment.settle().await;
    let (conversation, token) = desk.visitor.thread.clone().unwrap();
    let person = format!("/v1/widget/conversations/{conversation}/person");
    deployment.send("POST", &person, Some(&token), None).await;
    let rings_at = *deployment.conversations.room(conversation).walls().alarm.borrow();
    assert_eq!(rings_at, Some(NOW.plus_ms(5 * MINUTE_MS)));
    desk.alarm().await;
    let told = |messages: &[shared::wire::message::Message]| {
        let nobody = |message: &&shared::wire::message::Message| {
            matches!(message.body, Body::Notice(Notice::NobodyYet(_)))
        };
        messages.iter().filter(nobody).count()
    };
    assert_eq!(told(&desk.visitor.read_after(0).await.messages), 0, "too early");
    deployment.clock.wind(NOW.plus_ms(5 * MINUTE_MS));
    // Also after the object forgot everything.
    deployment.conversations.evict(conversation);
    desk.alarm().await;
    desk.alarm().await;
    assert_eq!(told(&desk.visitor.read_after(0).await.messages), 1);
    // An answered visitor who writes again waits anew.
    desk.reply("Here I am.").await;
    desk.visitor.write("Good.").await;
    deployment.clock.wind(NOW.plus_ms(20 * MINUTE_MS));
    desk.alarm().await;
    assert_eq!(told(&desk.visitor.read_after(0).await.messages), 2);
}

#[tokio::test]
async fn a_reply_to_a_visitor_who_left_goes_to_the_address_that_they_proved() {
    let deployment = Deployment::new(Options::default());
    let mut desk = Desk::open(&deployment).await;
    desk.visitor.write("Can I come with a horse?").await;
    deployment.settle().await;
    let (conversation, token) = desk.visitor.thread.clone().unwrap();
    let address = format!("/v1/widget/conversations/{conversation}/address");
    let form = json!({ "email": "guest@visitor.example", "locale": "fr" });
    let left = deployment.send("POST", &address, Some(&token), Some(form.clone())).await;
    assert_eq!(left.status, StatusCode::NO_CONTENT);
    assert_eq!(
        deployment.send("POST", &address, Some(&token), Some(form)).await.problem(),
        Kind::RateLimited
    );
    assert_eq!(desk.visitor.read_after(0).await.address, Some(AddressState::Waiting));
    let outbox = async || mail::outbox_read(&deployment.app, &OperatorScope::of_deployment()).await.unwrap();
    let link = async |kind: &str| {
        let mails = outbox().await;
        let found = mails.iter().find(|mail| mail.kind == kind).expect("a mail of this kind");
        assert_eq!(found.to.as_ref().unwrap().expose(), "guest@visitor.example");
        let text = found.text.clone().expect("it still holds").into_exposed();
        let line = text.lines().find(|line| line.contains("/widget/")).expect("a link").to_owned();
        line.rsplit('/').next().unwrap().trim().to_owned()
    };
    let proof = link("visitor_address").await;
    let confirm = "/v1/widget/addresses/confirm";
    let wrong = deployment.send("POST", "/v1/widget/return", None, Some(json!({ "token": proof }))).await;
    assert_eq!(wrong.problem(), Kind::LinkRefused, "a link opens what it was made for");
    for _ in 0..2 {
        let answer = deployment.send("POST", confirm, None, Some(json!({ "token": proof }))).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    }
    assert_eq!(desk.visitor.read_after(0).await.address, Some(AddressState::Confirmed));
    let card = desk.view().await.visitor;
    assert!(card.is_email_verified);
    // A moment later they are gone; the answer waits for nobody.
    deployment.clock.wind(NOW.plus_ms(10 * MINUTE_MS));
    assert_eq!(desk.view().await.visitor.reach, Reach::Mail);
    assert!(desk.reply("Horses are welcome.").await.is_mailed);
    desk.alarm().await;
    desk.alarm().await;
    let replies = outbox().await.iter().filter(|mail| mail.kind == "visitor_reply").count();
    assert_eq!(replies, 1);
    let back = link("visitor_reply").await;
    let open = async |token: &str| {
        deployment.send("POST", "/v1/widget/return", None, Some(json!({ "token": token }))).await
    };
    let returned: ReturnedConversation = open(&back).await.json();
    assert_eq!(returned.conversation, conversation);
    assert_eq!(open(&back).await.problem(), Kind::LinkRefused, "once");
    let path = format!("/v1/widget/conversations/{conversation}/messages?after=0");
    let read = deployment.send("GET", &path, Some(returned.token.expose()), None).await;
    assert_eq!(read.status, StatusCode::OK);
    // What was read by now needs no mail.
    deployment.settle().await;
    let mails = outbox().await;
    let reply = mails.iter().find(|mail| mail.kind == "visitor_reply").unwrap();
    assert!(reply.text.is_none(), "it lapses");
}

#[tokio::test]
async fn a_visitor_who_is_there_gets_no_mail_and_the_team_sees_what_they_saw() {
    let deployment = Deployment::new(Options::default());
    let mut desk = Desk::open(&deployment).await;
    desk.visitor.write("Hello").await;
    deployment.settle().await;
    let (conversation, _) = desk.visitor.thread.clone().unwrap();
    let room = deployment.conversations.room(conversation);
    *room.walls().visitor.borrow_mut() = true;
    let sent = desk.reply("Good evening.").await;
    assert!(!sent.is_mailed);
    let marks = desk.view().await.thread.marks;
    assert_eq!((marks.delivered, marks.seen), (sent.message.message.sequence, 0));
    let business = deployment.app.business(desk.business).await.unwrap().unwrap();
    let shard = deployment.app.shard(&business).unwrap();
    let found = edge::store::conversation::conversation_find(shard, &business, conversation).await;
    let scope = found.unwrap().unwrap().scope;
    room.seen(scope, 10_000);
    deployment.settle().await;
    assert_eq!(desk.view().await.thread.marks.seen, 0, "nobody saw what is not there");
    room.seen(scope, sent.message.message.sequence);
    deployment.settle().await;
    assert_eq!(desk.view().await.thread.marks.seen, sent.message.message.sequence);
}

#[tokio::test]
async fn one_address_gets_a_few_mails_a_day_however_many_conversations_it_is_left_in() {
    let deployment = Deployment::new(Options::default());
    let desk = Desk::open(&deployment).await;
    let leave = async |email: &str| {
        let mut visitor = Visitor::on(&deployment, desk.visitor.site, "https://chat.example.eu").await;
        visitor.write("Hello").await;
        let (conversation, token) = visitor.thread.clone().unwrap();
        let path = format!("/v1/widget/conversations/{conversation}/address");
        let form = json!({ "email": email, "locale": "en" });
        let left = deployment.send("POST", &path, Some(&token), Some(form)).await;
        assert_eq!(left.status, StatusCode::NO_CONTENT, "the answer tells nobody how many went out");
    };
    for _ in 0..ADDRESS_MAILS_DAY + 2 {
        leave("victim@mailbox.example").await;
    }
    let most = usize::from(ADDRESS_MAILS_DAY);
    assert_eq!(deployment.mails_count("visitor_address").await, most);
    leave("guest@visitor.example").await;
    assert_eq!(deployment.mails_count("visitor_address").await, most + 1, "each address by itself");
    deployment.clock.wind(NOW.plus_ms(DAY_MS));
    leave("victim@mailbox.example").await;
    assert_eq!(deployment.mails_count("visitor_address").await, most + 2, "and each day anew");
}
