//! A team at its desk, for tests: a business with people of three roles, and a visitor who writes to it.

use http::StatusCode;
use serde_json::{Value, json};
use shared::id::{AccountId, BusinessId, DraftId};
use shared::wire::admin::business::Business;
use shared::wire::admin::inbox::conversation::ConversationView;
use shared::wire::admin::inbox::deed::SentReply;
use shared::wire::admin::inbox::list::ConversationPage;
use shared::wire::admin::team::{Role, Team};
use shared::wire::message::{Body, Notice};

use crate::{Answer, Deployment, NOW, Person, Visitor};

/// A business with an owner (Ada), a manager (Grace) and a viewer, and a visitor at its site.
pub struct Desk<'a> {
    /// Where it stands.
    pub deployment: &'a Deployment,
    /// The business.
    pub business: BusinessId,
    /// Ada, who opened it.
    pub owner: Person<'a>,
    /// Grace, who answers.
    pub manager: Person<'a>,
    /// Who only reads.
    pub viewer: Person<'a>,
    /// The three, in that order.
    pub accounts: [AccountId; 3],
    /// Who writes to it.
    pub visitor: Visitor<'a>,
    drafts: u8,
}

impl<'a> Desk<'a> {
    /// Opens the business and brings its people in.
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

    /// The path of something of the business.
    pub fn path(&self, rest: &str) -> String {
        format!("/v1/admin/businesses/{}/{rest}", self.business)
    }

    /// The path of something of the visitor's conversation.
    pub fn thread(&self, rest: &str) -> String {
        let (conversation, _) = self.visitor.thread.as_ref().expect("a conversation");
        self.path(&format!("conversations/{conversation}{rest}"))
    }

    /// A name for the next reply.
    pub fn draft(&mut self) -> DraftId {
        self.drafts += 1;
        DraftId::mint(NOW, [100 + self.drafts; 10])
    }

    /// The manager asks for something of the visitor's conversation.
    pub async fn does(&mut self, method: &str, rest: &str, body: Value) -> Answer {
        let path = self.thread(rest);
        self.manager.send(method, &path, Some(body)).await
    }

    /// The manager replies.
    pub async fn reply(&mut self, text: &str) -> SentReply {
        let draft = self.draft();
        self.does("POST", "/replies", json!({ "draft": draft, "text": text })).await.json()
    }

    /// The list, with these parameters.
    pub async fn list(&mut self, parameters: &str) -> ConversationPage {
        let path = self.path(&format!("conversations?{parameters}"));
        self.manager.send("GET", &path, None).await.json()
    }

    /// The visitor's conversation, as the manager sees it.
    pub async fn view(&mut self) -> ConversationView {
        let path = self.thread("");
        self.manager.send("GET", &path, None).await.json()
    }

    /// Lets the alarm of the conversation's room ring.
    pub async fn alarm(&self) {
        let (conversation, _) = self.visitor.thread.clone().unwrap();
        let business = self.deployment.app.business(self.business).await.unwrap().unwrap();
        let shard = self.deployment.app.shard(&business).unwrap();
        let found = edge::store::conversation::conversation_find(shard, &business, conversation).await;
        self.deployment.conversations.room(conversation).alarm(found.unwrap().unwrap().scope).await;
    }

    /// The notices among messages.
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
