//! The inbox through its public doors: a visitor on one side, a team on the other.

use edge::ops::mail;
use edge::store::scope::OperatorScope;
use http::StatusCode;
use serde_json::{Value, json};
use shared::time::{HOUR_MS, MINUTE_MS};
use shared::wire::admin::inbox::conversation::{ConversationView, DeskCatchup, HeldKind, Note, Reach};
use shared::wire::admin::inbox::list::{
    ConversationRow, InboxChanges, InboxCounts, Priority, SearchPage, Work,
};
use shared::wire::admin::inbox::words::Label;
use shared::wire::message::Origin;
use shared::wire::problem::Kind;
use shared::wire::widget::State;
use tests::{Answer, Deployment, Desk, NOW, Options, Visitor};

#[tokio::test]
async fn a_viewer_reads_and_changes_nothing() {
    let deployment = Deployment::new(Options::default());
    let mut desk = Desk::open(&deployment).await;
    desk.visitor.write("Hello?").await;
    let path = desk.thread("");
    assert_eq!(desk.viewer.send("GET", &path, None).await.status, StatusCode::OK);
    for (method, rest) in [("POST", "/take"), ("POST", "/close"), ("PUT", "/spam"), ("POST", "/notes")] {
        let path = desk.thread(rest);
        let answer = desk.viewer.send(method, &path, Some(json!({}))).await;
        assert_eq!(answer.problem(), Kind::RoleTooLow, "{rest}");
    }
}

#[tokio::test]
async fn the_list_shows_the_newest_words_and_who_has_not_read_them() {
    let deployment = Deployment::new(Options::default());
    let mut desk = Desk::open(&deployment).await;
    desk.visitor.write("Is there a\nsauna?").await;
    deployment.settle().await;
    let page = desk.list("").await;
    assert_eq!(page.rows.len(), 1);
    assert!(page.rows[0].unread && page.rows[0].present);
    assert!(page.rows[0].waiting_since.is_some() || page.rows[0].state == State::Ai);
    desk.does("PUT", "/read", json!({ "sequence": 50 })).await.json::<ConversationRow>();
    assert!(!desk.list("").await.rows[0].unread);
    assert!(desk.list("unread=true").await.rows.is_empty());
    desk.visitor.write("And a pool?").await;
    deployment.settle().await;
    let page = desk.list("unread=true").await;
    assert!(page.rows[0].unread);
    desk.reply("Both, until ten.").await;
    let row = desk.list("assignee=me&work=open").await.rows.remove(0);
    let preview = row.preview.unwrap();
    assert_eq!((preview.origin, preview.text.expose().as_str()), (Origin::Human, "Both, until ten."));
    assert_eq!(row.waiting_since, None);
    assert!(row.first_answer_at.is_some());
    assert!(desk.list("assignee=nobody").await.rows.is_empty());
    assert!(desk.list("work=pending").await.rows.is_empty());
    let path = desk.path("conversations?work=nonsense");
    assert_eq!(desk.manager.send("GET", &path, None).await.problem(), Kind::ValueRefused);
    let path = desk.path("conversations/counts");
    let counts: InboxCounts = desk.manager.send("GET", &path, None).await.json();
    assert_eq!((counts.open, counts.mine, counts.unassigned), (1, 1, 0));
}

#[tokio::test]
async fn k4_6_labels_priority_assignee_snooze_and_spam_change_the_row_and_filter_the_list() {
    let deployment = Deployment::new(Options::default());
    let mut desk = Desk::open(&deployment).await;
    desk.visitor.write("Hello?").await;
    deployment.settle().await;
    let path = desk.path("labels");
    let label: Label =
        desk.owner.send("POST", &path, Some(json!({ "name": "Late", "color": "red" }))).await.json();
    let twice = desk.owner.send("POST", &path, Some(json!({ "name": "late" }))).await;
    assert_eq!(twice.problem(), Kind::ValueRefused);
    let row: ConversationRow = desk.does("PUT", "/labels", json!({ "labels": [label.id] })).await.json();
    assert_eq!(row.labels, [label.id]);
    assert_eq!(desk.list(&format!("label={}", label.id)).await.rows.len(), 1);
    let strange = json!({ "labels": [shared::id::LabelId::mint(NOW, [9; 10])] });
    assert_eq!(desk.does("PUT", "/labels", strange).await.problem(), Kind::ValueRefused);
    let row: ConversationRow = desk.does("PUT", "/priority", json!({ "priority": "urgent" })).await.json();
    assert_eq!(row.priority, Priority::Urgent);
    assert_eq!(desk.list("priority=urgent").await.rows.len(), 1);
    assert!(desk.list("priority=low").await.rows.is_empty());
    let (owner, viewer) = (desk.accounts[0], desk.accounts[2]);
    let row: ConversationRow = desk.does("PUT", "/assignee", json!({ "account": owner })).await.json();
    assert_eq!(row.assignee.unwrap().account, owner);
    let wrong = desk.does("PUT", "/assignee", json!({ "account": viewer })).await;
    assert_eq!(wrong.problem(), Kind::ValueRefused, "a viewer answers nobody");
    let until = NOW.plus_ms(HOUR_MS);
    let row: ConversationRow = desk.does("POST", "/snooze", json!({ "until": until })).await.json();
    assert_eq!((row.work, row.snoozed_until), (Work::Snoozed, Some(until)));
    // Its time comes.
    deployment.clock.wind(until);
    desk.alarm().await;
    assert_eq!(desk.list("").await.rows[0].work, Work::Pending);
    // And a word of the visitor brings it back before that.
    let until = until.plus_ms(HOUR_MS);
    desk.does("POST", "/snooze", json!({ "until": until })).await.json::<ConversationRow>();
    desk.visitor.write("Hello again?").await;
    assert_eq!(desk.list("").await.rows[0].snoozed_until, None);
    let past = json!({ "until": NOW });
    assert_eq!(desk.does("POST", "/snooze", past).await.problem(), Kind::ValueRefused);
    desk.does("PUT", "/spam", json!({ "is_spam": true })).await.json::<ConversationRow>();
    assert!(desk.list("").await.rows.is_empty());
    assert_eq!(desk.list("spam=true").await.rows.len(), 1);
    // A label that is deleted is on nothing any more.
    let path = desk.path(&format!("labels/{}", label.id));
    assert_eq!(desk.owner.send("DELETE", &path, None).await.status, StatusCode::NO_CONTENT);
    assert!(desk.list("spam=true").await.rows[0].labels.is_empty());
}

#[tokio::test]
async fn a_blocked_visitor_is_told_so_and_nothing_of_theirs_is_kept() {
    let deployment = Deployment::new(Options::default());
    let mut desk = Desk::open(&deployment).await;
    desk.visitor.write("Spam").await;
    deployment.settle().await;
    let row: ConversationRow = desk.does("PUT", "/block", json!({ "is_blocked": true })).await.json();
    assert!(row.is_blocked);
    let before = desk.visitor.read_after(0).await.messages.len();
    let draft = desk.visitor.draft();
    assert_eq!(desk.visitor.write_as(draft, "More spam").await.problem(), Kind::VisitorBlocked);
    let thread = desk.visitor.thread.take();
    let draft = desk.visitor.draft();
    assert_eq!(desk.visitor.write_as(draft, "A new thread").await.problem(), Kind::VisitorBlocked);
    desk.visitor.thread = thread;
    assert_eq!(desk.visitor.read_after(0).await.messages.len(), before);
    desk.does("PUT", "/block", json!({ "is_blocked": false })).await.json::<ConversationRow>();
    desk.visitor.write("Sorry.").await;
}

#[tokio::test]
async fn k4_6_notes_are_for_colleagues_alone_and_go_only_by_their_author() {
    let deployment = Deployment::new(Options::default());
    let mut desk = Desk::open(&deployment).await;
    desk.visitor.write("Hello?").await;
    deployment.settle().await;
    let draft = desk.draft();
    let owner = desk.accounts[0];
    let body = json!({ "draft": draft, "text": format!("canary-note @[{owner}] look") });
    let note: Note = desk.does("POST", "/notes", body.clone()).await.json();
    assert_eq!(note.mentions, [owner]);
    assert_eq!(note.by.name.as_ref().unwrap().expose(), "Grace Hopper");
    let again: Note = desk.does("POST", "/notes", body).await.json();
    assert_eq!(again.id, note.id);
    assert_eq!(desk.view().await.thread.notes, std::slice::from_ref(&note));
    assert!(!format!("{:?}", desk.visitor.transcript().await).contains("canary"));
    let (conversation, _) = desk.visitor.thread.clone().unwrap();
    let room = deployment.conversations.room(conversation);
    assert!(!serde_json::to_string(&*room.walls().told.borrow()).unwrap().contains("canary-note"));
    assert!(serde_json::to_string(&*room.walls().desk.borrow()).unwrap().contains("canary-note"));
    let path = desk.thread(&format!("/notes/{}", note.id));
    assert_eq!(desk.owner.send("DELETE", &path, None).await.problem(), Kind::NotFound);
    assert_eq!(desk.manager.send("DELETE", &path, None).await.status, StatusCode::NO_CONTENT);
    assert!(desk.view().await.thread.notes.is_empty());
}

#[tokio::test]
async fn after_an_hour_away_everything_that_changed_comes_once_as_it_is_now() {
    let deployment = Deployment::new(Options::default());
    let mut desk = Desk::open(&deployment).await;
    desk.visitor.write("One").await;
    deployment.settle().await;
    let cursor = desk.list("").await.cursor;
    let changes = async |desk: &mut Desk<'_>, after: &str| -> InboxChanges {
        let path = desk.path(&format!("conversations/changes?after={after}"));
        desk.manager.send("GET", &path, None).await.json()
    };
    let nothing = changes(&mut desk, &cursor).await;
    assert!(nothing.rows.is_empty() && nothing.gone.is_empty() && !nothing.more);
    deployment.clock.wind(NOW.plus_ms(HOUR_MS));
    desk.visitor.write("Two").await;
    deployment.settle().await;
    desk.does("PUT", "/priority", json!({ "priority": "high" })).await.json::<ConversationRow>();
    let site = desk.visitor.site;
    let mut other = Visitor::on(&deployment, site, "https://chat.example.eu").await;
    other.write("Three").await;
    deployment.settle().await;
    let caught = changes(&mut desk, &cursor).await;
    let mut ids: Vec<_> = caught.rows.iter().map(|row| row.conversation).collect();
    assert_eq!(ids.len(), 2);
    ids.dedup();
    assert_eq!(ids.len(), 2, "each once");
    assert!(caught.rows[0].change < caught.rows[1].change);
    assert_eq!(caught.rows[0].priority, Priority::High);
    assert!(changes(&mut desk, &caught.cursor).await.rows.is_empty());
    let path = desk.path("conversations/changes?after=x");
    assert_eq!(desk.manager.send("GET", &path, None).await.problem(), Kind::ValueRefused);
}

#[tokio::test]
async fn p8_2_reading_a_conversation_stands_in_the_log_once_an_hour() {
    let deployment = Deployment::new(Options::default());
    let mut desk = Desk::open(&deployment).await;
    desk.visitor.write("Hello?").await;
    let reads = async |desk: &mut Desk<'_>| {
        let path = desk.path("audit");
        let page: Value = desk.owner.send("GET", &path, None).await.json();
        let entries = page["entries"].as_array().unwrap().clone();
        entries.iter().filter(|entry| entry["action"] == "conversation_read").count()
    };
    desk.view().await;
    let path = desk.thread("/messages?after=0");
    desk.manager.send("GET", &path, None).await.json::<DeskCatchup>();
    assert_eq!(reads(&mut desk).await, 1);
    let path = desk.thread("");
    desk.viewer.send("GET", &path, None).await.json::<ConversationView>();
    assert_eq!(reads(&mut desk).await, 2);
    deployment.clock.wind(NOW.plus_ms(HOUR_MS + MINUTE_MS));
    desk.view().await;
    assert_eq!(reads(&mut desk).await, 3);
}

#[tokio::test]
async fn the_card_says_what_is_held_and_until_when_and_only_admins_read_the_ip_address() {
    let deployment = Deployment::new(Options::default());
    let mut desk = Desk::open(&deployment).await;
    desk.visitor.write("Hello?").await;
    deployment.settle().await;
    let card = desk.view().await.visitor;
    assert_eq!(card.reach, Reach::Page);
    let of = |card: &shared::wire::admin::inbox::conversation::VisitorCard, kind| {
        card.held.iter().find(|held| held.kind == kind).cloned()
    };
    assert_eq!(of(&card, HeldKind::Language).unwrap().value.expose(), "en");
    let ip = of(&card, HeldKind::Address).unwrap();
    assert_eq!(ip.value.expose(), "");
    assert_eq!(ip.until, NOW.plus_ms(shared::limits::ADDRESS_MS));
    assert_eq!(of(&card, HeldKind::Email), None);
    assert_eq!(card.newest_until, Some(NOW.plus_months(12)));
    let path = desk.thread("");
    let view: ConversationView = desk.owner.send("GET", &path, None).await.json();
    assert_eq!(of(&view.visitor, HeldKind::Address).unwrap().value.expose(), "203.0.113.7");
    deployment.clock.wind(NOW.plus_ms(3 * MINUTE_MS));
    assert_eq!(desk.view().await.visitor.reach, Reach::Nowhere, "before writing, the manager knows");
}

#[tokio::test]
async fn words_are_found_on_sealed_cards_and_the_search_says_how_far_back_it_looked() {
    let deployment = Deployment::new(Options::default());
    let mut desk = Desk::open(&deployment).await;
    desk.visitor.write("Gibt es ein Kinderbett für Müller?").await;
    deployment.settle().await;
    let site = desk.visitor.site;
    let mut other = Visitor::on(&deployment, site, "https://chat.example.eu").await;
    other.write("Where is the sauna?").await;
    deployment.settle().await;
    desk.reply("Das Babybett steht bereit.").await;
    let search = async |desk: &mut Desk<'_>, words: &str| -> SearchPage {
        let path = desk.path("conversations/search");
        desk.manager.send("POST", &path, Some(json!({ "words": words }))).await.json()
    };
    let found = search(&mut desk, "MULLER babybett").await;
    assert_eq!(found.rows.len(), 1);
    assert_eq!(found.rows[0].conversation, desk.visitor.thread.clone().unwrap().0);
    assert_eq!((found.looked_at, found.before, found.looked_back_to), (2, None, Some(NOW)));
    assert!(search(&mut desk, "muller sauna").await.rows.is_empty());
    let path = desk.path("conversations/search");
    let empty = desk.manager.send("POST", &path, Some(json!({ "words": "?!" }))).await;
    assert_eq!(empty.problem(), Kind::ValueRefused);
    // No word of it can be read where it lies.
    let cards: Vec<Vec<u8>> = deployment
        .shards
        .iter()
        .flat_map(|shard| {
            shard
                .with_connection(|connection| {
                    let mut rows = connection.prepare("SELECT card FROM conversation_card").unwrap();
                    let rows = rows.query_map([], |row| row.get::<_, Vec<u8>>(0)).unwrap();
                    rows.map(Result::unwrap).collect::<Vec<_>>()
                })
                .unwrap()
        })
        .collect();
    assert_eq!(cards.len(), 2);
    for card in cards {
        assert!(!String::from_utf8_lossy(&card).to_lowercase().contains("sauna"));
    }
}

#[tokio::test]
async fn a_transcript_is_a_file_of_text_or_json_and_stands_in_the_log() {
    let deployment = Deployment::new(Options::default());
    let mut desk = Desk::open(&deployment).await;
    desk.visitor.write("Hello?").await;
    deployment.settle().await;
    desk.reply("Good evening.").await;
    let path = desk.thread("/transcript");
    let text = desk.manager.send("GET", &path, None).await;
    assert!(text.headers["content-disposition"].to_str().unwrap().starts_with("attachment; filename=\"cnv_"));
    assert!(text.text().contains("Grace Hopper\n    Good evening."), "{}", text.text());
    let path = desk.thread("/transcript?format=json");
    let messages: Vec<shared::wire::message::Message> = desk.manager.send("GET", &path, None).await.json();
    assert!(messages.len() >= 3);
    let path = desk.path("audit");
    let log = desk.owner.send("GET", &path, None).await.text();
    assert!(log.contains("conversation_export") && log.contains("conversation_reply"));
    assert!(!log.contains("Good evening"));
}

#[tokio::test]
async fn many_are_changed_at_once_and_those_of_others_are_passed_over() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let mut desk = Desk::open(&deployment).await;
    desk.visitor.write("One").await;
    let mut foreign = Visitor::at(&deployment, 0).await;
    foreign.write("Theirs").await;
    deployment.settle().await;
    let own = desk.visitor.thread.clone().unwrap().0;
    let theirs = foreign.thread.clone().unwrap().0;
    let path = desk.path("conversations/bulk");
    for deed in [json!({ "priority": "high" }), json!("close"), json!("reopen"), json!("read")] {
        let body = json!({ "conversations": [own, theirs], "deed": deed });
        let answer = desk.manager.send("POST", &path, Some(body)).await;
        let rows = answer.json::<Value>()["rows"].as_array().unwrap().len();
        assert_eq!(rows, 1, "{deed}");
    }
    assert_eq!(foreign.read_after(0).await.state, State::Ai);
    assert_eq!(desk.visitor.read_after(0).await.state, State::Requested);
    let many: Vec<_> = (0..51).map(|_| own).collect();
    let body = json!({ "conversations": many, "deed": "close" });
    assert_eq!(desk.manager.send("POST", &path, Some(body)).await.problem(), Kind::ValueRefused);
}

#[tokio::test]
async fn canned_replies_and_views_keep_to_their_rules() {
    let deployment = Deployment::new(Options::default());
    let mut desk = Desk::open(&deployment).await;
    let path = desk.path("canned-replies");
    for (shortcut, text) in
        [("Hi", "x"), ("", "x"), ("a b", "x"), ("hi", ""), ("hi", "Dear {name}"), ("hi", "{")]
    {
        let form = json!({ "shortcut": shortcut, "title": "Hello", "text": text });
        let status = desk.owner.send("POST", &path, Some(form)).await.status;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{shortcut} {text}");
    }
    let form =
        json!({ "shortcut": "hi", "title": "Hello", "text": "Dear {visitor_name}, {agent_name} here." });
    assert_eq!(desk.owner.send("POST", &path, Some(form.clone())).await.status, StatusCode::OK);
    assert_eq!(desk.owner.send("POST", &path, Some(form)).await.problem(), Kind::ValueRefused, "taken");
    let path = desk.path("views");
    let view = json!({ "name": "Mine", "filter": { "work": "open", "assignee": "me" } });
    let made: Value = desk.manager.send("POST", &path, Some(view.clone())).await.json();
    let shared_view = json!({ "name": "All", "filter": {}, "shared": true });
    assert_eq!(desk.manager.send("POST", &path, Some(shared_view.clone())).await.problem(), Kind::RoleTooLow);
    assert_eq!(desk.owner.send("POST", &path, Some(shared_view)).await.status, StatusCode::OK);
    let count = |answer: &Answer| answer.json::<Value>()["views"].as_array().unwrap().len();
    assert_eq!(count(&desk.manager.send("GET", &path, None).await), 2);
    assert_eq!(count(&desk.owner.send("GET", &path, None).await), 1, "another member's own stays theirs");
    let own = desk.path(&format!("views/{}", made["id"].as_str().unwrap()));
    assert_eq!(desk.owner.send("DELETE", &own, None).await.problem(), Kind::NotFound);
    assert_eq!(desk.manager.send("DELETE", &own, None).await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn a_digest_sums_up_what_waits_and_comes_once_an_hour() {
    let deployment = Deployment::new(Options::default());
    let mut desk = Desk::open(&deployment).await;
    let path = desk.path("notifications");
    let form = json!({ "hear": "all", "sound": false, "browser": false, "digest": "hourly" });
    assert_eq!(desk.manager.send("PUT", &path, Some(form)).await.status, StatusCode::NO_CONTENT);
    let digests = async || {
        let mails = mail::outbox_read(&deployment.app, &OperatorScope::of_deployment()).await.unwrap();
        mails.into_iter().filter(|mail| mail.kind == "inbox_digest").collect::<Vec<_>>()
    };
    let at = |hours: i64| NOW.plus_ms(hours * HOUR_MS + MINUTE_MS);
    desk.visitor.write("Hello").await;
    deployment.settle().await;
    deployment.clock.wind(at(1));
    deployment.run_due("17 * * * *", at(1)).await;
    assert_eq!(digests().await.len(), 0, "a machine answers: nothing waits");
    desk.does("POST", "/take", json!({})).await.json::<ConversationRow>();
    deployment.clock.wind(at(3));
    deployment.run_due("17 * * * *", at(3)).await;
    deployment.run_due("17 * * * *", at(3)).await;
    let mails = digests().await;
    let mut to: Vec<&str> = mails.iter().map(|mail| mail.to.as_ref().unwrap().expose().as_str()).collect();
    to.sort_unstable();
    assert_eq!(to, ["ada@one.example", "manager@one.example"], "who opened the business hears of it unasked");
    assert!(mails[0].text.as_ref().unwrap().expose().contains("One"));
    desk.does("POST", "/close", json!({})).await.json::<ConversationRow>();
    assert!(digests().await.iter().all(|mail| mail.text.is_none()), "nothing waits any more");
}
