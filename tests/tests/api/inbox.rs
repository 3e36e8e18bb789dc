//! The inbox through its public doors: a visitor on one side, a team on the other.

use edge::ops::mail;
use edge::store::scope::OperatorScope;
use http::StatusCode;
use serde_json::{Value, json};
use shared::id::{AccountId, BusinessId, DraftId};
use shared::limits::ADDRESS_MAILS_DAY;
use shared::time::{DAY_MS, HOUR_MS, MINUTE_MS};
use shared::wire::admin::business::Business;
use shared::wire::admin::inbox::conversation::{ConversationView, DeskCatchup, HeldKind, Note, Reach};
use shared::wire::admin::inbox::deed::SentReply;
use shared::wire::admin::inbox::list::{
    ConversationPage, ConversationRow, InboxChanges, InboxCounts, Priority, SearchPage, Work,
};
use shared::wire::admin::inbox::words::Label;
use shared::wire::admin::team::{Role, Team};
use shared::wire::file::Attachment;
use shared::wire::message::{Body, Notice, Origin};
use shared::wire::privacy::Request;
use shared::wire::problem::{Kind, Problem};
use shared::wire::widget::{AddressState, ReturnedConversation, State};
use tests::{Answer, Deployment, NOW, Options, Person, Visitor};

/// A business with an owner (Ada), a manager (Grace) and a viewer, and a visitor at its site.
pub struct Desk<'a> {
    pub deployment: &'a Deployment,
    pub business: BusinessId,
    pub owner: Person<'a>,
    pub manager: Person<'a>,
    pub viewer: Person<'a>,
    pub accounts: [AccountId; 3],
    pub visitor: Visitor<'a>,
    drafts: u8,
}

impl<'a> Desk<'a> {
    pub async fn open(deployment: &'a Deployment) -> Self {
        let mut owner = Person::new(deployment, "ada@one.example");
        let business = owner.sign_up("One").await;
        let mut others = Vec::new();
        for role in [Role::Manager, Role::Viewer] {
            let mut person = Person::new(deployment, &format!("{}@one.example", role.as_str()));
            let link = owner.invite(business, &person.email, role).await;
            assert_eq!(person.join(link).await.status, StatusCode::OK);
            others.push(person);
        }
        let path = format!("/v1/admin/businesses/{business}");
        let read: Business = owner.send("GET", &path, None).await.json();
        let team: Team = owner.send("GET", &format!("{path}/team"), None).await.json();
        let of = |role| team.members.iter().find(|member| member.role == role).unwrap().account;
        let accounts = [of(Role::Owner), of(Role::Manager), of(Role::Viewer)];
        let visitor = Visitor::on(deployment, read.sites[0].id, "https://chat.example.eu").await;
        let viewer = others.pop().unwrap();
        let manager = others.pop().unwrap();
        Self { deployment, business, owner, manager, viewer, accounts, visitor, drafts: 0 }
    }

    pub fn path(&self, rest: &str) -> String {
        format!("/v1/admin/businesses/{}/{rest}", self.business)
    }

    pub fn thread(&self, rest: &str) -> String {
        let (conversation, _) = self.visitor.thread.as_ref().expect("a conversation");
        self.path(&format!("conversations/{conversation}{rest}"))
    }

    pub fn draft(&mut self) -> DraftId {
        self.drafts += 1;
        DraftId::mint(NOW, [100 + self.drafts; 10])
    }

    /// The manager asks for something of the visitor's conversation.
    pub async fn does(&mut self, method: &str, rest: &str, body: Value) -> Answer {
        let path = self.thread(rest);
        self.manager.send(method, &path, Some(body)).await
    }

    pub async fn reply(&mut self, text: &str) -> SentReply {
        let draft = self.draft();
        self.does("POST", "/replies", json!({ "draft": draft, "text": text })).await.json()
    }

    pub async fn list(&mut self, parameters: &str) -> ConversationPage {
        let path = self.path(&format!("conversations?{parameters}"));
        self.manager.send("GET", &path, None).await.json()
    }

    pub async fn view(&mut self) -> ConversationView {
        let path = self.thread("");
        self.manager.send("GET", &path, None).await.json()
    }

    pub async fn alarm(&self) {
        let (conversation, _) = self.visitor.thread.clone().unwrap();
        let business = self.deployment.app.business(self.business).await.unwrap().unwrap();
        let shard = self.deployment.app.shard(&business).unwrap();
        let found = edge::store::conversation::conversation_find(shard, &business, conversation).await;
        self.deployment.conversations.room(conversation).alarm(found.unwrap().unwrap().scope).await;
    }

    pub fn notices(&self, messages: &[shared::wire::message::Message]) -> Vec<Notice> {
        messages
            .iter()
            .filter_map(|message| match &message.body {
                Body::Notice(notice) => Some(*notice),
                Body::Text { .. } => None,
            })
            .collect()
    }
}

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

/// How many mails of a kind were written so far.
async fn mails(deployment: &Deployment, kind: &str) -> usize {
    let scope = OperatorScope::of_deployment();
    let mails = edge::store::mail::mails_latest(&deployment.directory, &scope, 200).await.unwrap();
    mails.iter().filter(|mail| mail.kind.as_str() == kind).count()
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
    assert_eq!(mails(&deployment, "visitor_address").await, most);
    leave("guest@visitor.example").await;
    assert_eq!(mails(&deployment, "visitor_address").await, most + 1, "each address by itself");
    deployment.clock.wind(NOW.plus_ms(DAY_MS));
    leave("victim@mailbox.example").await;
    assert_eq!(mails(&deployment, "visitor_address").await, most + 2, "and each day anew");
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
    assert_eq!(mails(&deployment, "visitor_reply").await, 0);
    assert!(room.walls().alarm.borrow().is_some(), "and is looked at again");
    let lifted = deployment.send("DELETE", &format!("{own}/restriction"), Some(&token), None).await;
    assert_eq!(lifted.status, StatusCode::NO_CONTENT);
    deployment.clock.wind(gone_at.plus_ms(DAY_MS));
    desk.alarm().await;
    assert_eq!(mails(&deployment, "visitor_reply").await, 1);
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
