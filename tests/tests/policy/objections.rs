//! P6.6: whoever objects to being written to gets no mail, and whoever answers them knows before they write.

use edge::ops::mail::{OutboxMail, outbox_read};
use edge::store::scope::OperatorScope;
use http::StatusCode;
use serde_json::{Value, json};
use shared::id::{BusinessId, ConversationId, DraftId};
use shared::time::MINUTE_MS;
use shared::wire::admin::business::Business;
use shared::wire::admin::inbox::conversation::{ConversationView, Reach};
use shared::wire::admin::inbox::deed::SentReply;
use shared::wire::privacy::{Held, ObjectionPurpose};
use tests::{Deployment, NOW, Options, Person, Visitor};

async fn outbox(deployment: &Deployment, kind: &str) -> Vec<OutboxMail> {
    let mails = outbox_read(&deployment.app, &OperatorScope::of_deployment()).await.unwrap();
    mails.into_iter().filter(|mail| mail.kind == kind).collect()
}

/// A visitor who wrote to a business, left an address there and proved it, and has been gone for ten minutes.
struct Gone<'a> {
    deployment: &'a Deployment,
    owner: Person<'a>,
    business: BusinessId,
    thread: (ConversationId, String),
}

impl<'a> Gone<'a> {
    async fn from(deployment: &'a Deployment) -> Self {
        let mut owner = Person::new(deployment, "ada@one.example");
        let business = owner.sign_up("One").await;
        let read: Business =
            owner.send("GET", &format!("/v1/admin/businesses/{business}"), None).await.json();
        let mut visitor = Visitor::on(deployment, read.sites[0].id, "https://chat.example.eu").await;
        visitor.write("Can I come with a horse?").await;
        deployment.settle().await;
        let gone = Self { deployment, owner, business, thread: visitor.thread.clone().unwrap() };
        gone.address_leave().await;
        deployment.clock.wind(NOW.plus_ms(10 * MINUTE_MS));
        gone
    }

    async fn address_leave(&self) {
        let (conversation, token) = &self.thread;
        let path = format!("/v1/widget/conversations/{conversation}/address");
        let form = json!({ "email": "guest@visitor.example", "locale": "en" });
        let left = self.deployment.send("POST", &path, Some(token), Some(form)).await;
        assert_eq!(left.status, StatusCode::NO_CONTENT, "{}", left.text());
        let mails = outbox(self.deployment, "visitor_address").await;
        let text = mails.iter().find_map(|mail| mail.text.clone()).expect("it still holds").into_exposed();
        let line = text.lines().find(|line| line.contains("/widget/")).expect("a link");
        let proof = json!({ "token": line.rsplit('/').next().unwrap().trim() });
        let answer = self.deployment.send("POST", "/v1/widget/addresses/confirm", None, Some(proof)).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    }

    async fn objects(&self) {
        let (conversation, token) = &self.thread;
        let path = format!("/v1/privacy/conversations/{conversation}/requests");
        let body = json!({ "kind": "objection", "purpose": "follow_up" });
        let made = self.deployment.send("POST", &path, Some(token), Some(body)).await;
        assert_eq!(made.status, StatusCode::OK, "{}", made.text());
    }

    async fn held(&self) -> Held {
        let path = format!("/v1/privacy/conversations/{}", self.thread.0);
        self.deployment.send("GET", &path, Some(&self.thread.1), None).await.json()
    }

    async fn desk(&mut self, method: &str, rest: &str, body: Option<Value>) -> tests::Answer {
        let path = format!("/v1/admin/businesses/{}/conversations/{}{rest}", self.business, self.thread.0);
        self.owner.send(method, &path, body).await
    }

    async fn view(&mut self) -> ConversationView {
        self.desk("GET", "", None).await.json()
    }

    async fn reply(&mut self, number: u8) -> SentReply {
        let draft = DraftId::mint(NOW, [number; 10]);
        self.desk("POST", "/replies", Some(json!({ "draft": draft, "text": "Gladly." }))).await.json()
    }

    async fn alarm(&self) {
        let business = self.deployment.app.business(self.business).await.unwrap().unwrap();
        let shard = self.deployment.app.shard(&business).unwrap();
        let found = edge::store::conversation::conversation_find(shard, &business, self.thread.0).await;
        self.deployment.conversations.room(self.thread.0).alarm(found.unwrap().unwrap().scope).await;
    }
}

#[tokio::test(start_paused = true)]
async fn p6_6_whoever_objects_to_follow_up_gets_no_reply_by_mail_and_the_desk_knows_before_writing() {
    let deployment = Deployment::new(Options::default());
    let mut gone = Gone::from(&deployment).await;
    assert_eq!(gone.view().await.visitor.reach, Reach::Mail);
    gone.objects().await;
    let card = gone.view().await.visitor;
    assert!(card.objects_to_mail && card.is_email_verified);
    assert_eq!(card.reach, Reach::Nowhere, "before writing, the desk knows");
    assert!(!gone.reply(51).await.is_mailed);
    gone.alarm().await;
    assert!(outbox(&deployment, "visitor_reply").await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn p6_6_a_reply_that_waited_for_its_mail_when_somebody_objected_does_not_go() {
    let deployment = Deployment::new(Options::default());
    let mut gone = Gone::from(&deployment).await;
    assert!(gone.reply(52).await.is_mailed);
    gone.objects().await;
    gone.alarm().await;
    assert!(outbox(&deployment, "visitor_reply").await.is_empty(), "it was due, and is not any more");
}

#[tokio::test(start_paused = true)]
async fn p6_6_a_letter_that_stood_in_the_outbox_when_somebody_objected_lapses() {
    let deployment = Deployment::new(Options::default());
    let mut gone = Gone::from(&deployment).await;
    gone.reply(53).await;
    gone.alarm().await;
    assert!(outbox(&deployment, "visitor_reply").await[0].text.is_some());
    gone.objects().await;
    assert!(outbox(&deployment, "visitor_reply").await[0].text.is_none());
    deployment.deliver().await;
    assert_eq!(outbox(&deployment, "visitor_reply").await[0].state, "lapsed");
}

#[tokio::test(start_paused = true)]
async fn p6_6_whoever_leaves_an_address_afterwards_asks_to_be_written_to_again() {
    let deployment = Deployment::new(Options::default());
    let mut gone = Gone::from(&deployment).await;
    gone.objects().await;
    assert_eq!(gone.held().await.objections, [ObjectionPurpose::FollowUp]);
    gone.address_leave().await;
    assert!(gone.held().await.objections.is_empty(), "the page says so, and they may object again");
    assert!(gone.reply(54).await.is_mailed);
}
