//! A worker that is stopped anywhere in an erasure, or whose calls to databases and buckets fail: afterwards everybody's
//! data is either whole and readable, or gone and receipted.

use edge::jobs::{self, Hands};
use edge::ops::account::account_contact;
use edge::ops::erasure::{
    Home, Reason, Subject, account_erase, business_erase, erasure_begin, erasure_resume,
};
use edge::platform::{Blobs, Db};
use edge::store::scope::{AccountScope, BusinessScope};
use shared::id::{AccountId, ConversationId, ErasureId, FileId};
use shared::limits::ERASURE_SETTLE_MS;
use shared::time::{HOUR_MS, Millis};
use shared::wire::admin::team::Role;
use shared::wire::file::Attachment;
use tests::{Deployment, NOW, Options, Person, Trouble, Visitor, business_id, troubled};

const OFTEN: &str = "*/5 * * * *";

/// Who is erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    Conversation,
    Visitor,
    Account,
    Business,
}

fn texts(db: &Db, sql: &str) -> Vec<String> {
    db.with_connection(|connection| {
        let mut found = connection.prepare(sql).unwrap();
        let rows = found.query_map([], |row| row.get::<_, String>(0)).unwrap();
        rows.map(Result::unwrap).collect()
    })
    .unwrap()
}

fn objects(blobs: &Blobs, part: &str) -> Vec<String> {
    blobs.dump().unwrap().0.into_iter().map(|(key, _)| key).filter(|key| key.contains(part)).collect()
}

/// A deployment in which somebody is about to be erased and others are not.
struct Scene {
    deployment: Deployment,
    who: Who,
    /// The conversations that go, each with what opens it and a file that was sent in it.
    going: Vec<((ConversationId, String), Option<FileId>)>,
    survivor: (ConversationId, String),
    account: Option<(AccountId, AccountId)>,
}

/// Writes with a file, and leaves another one unsent.
async fn write_with_files(deployment: &Deployment, visitor: &mut Visitor<'_>, words: &str) -> FileId {
    visitor.write(words).await;
    deployment.settle().await;
    let sent: Attachment = visitor.upload("sent.txt", b"words in a file").await.json();
    let draft = visitor.draft();
    visitor.write_with(draft, "Here", &[sent.id]).await;
    visitor.upload("unsent.txt", b"never sent").await;
    deployment.settle().await;
    sent.id
}

impl Scene {
    async fn of(who: Who) -> Self {
        let deployment = Deployment::with_two_businesses(Options::default()).await;
        let mut going = Vec::new();
        let survivor;
        let mut account = None;
        {
            let mut erased = Visitor::at(&deployment, 0).await;
            if who != Who::Account {
                let file = write_with_files(&deployment, &mut erased, "words of the erased").await;
                going.push((erased.thread.clone().unwrap(), Some(file)));
            }
            if who == Who::Visitor {
                erased.thread = None;
                erased.write("words of the erased").await;
                going.push((erased.thread.clone().unwrap(), None));
            }
            // Whoever stays has a key beside theirs, in the same slab; of a business, nobody does.
            let number = if who == Who::Business { 1 } else { 0 };
            let mut stays = Visitor::at(&deployment, number).await;
            stays.write("words of the survivor").await;
            survivor = stays.thread.clone().unwrap();
            if who == Who::Account {
                let mut ada = Person::new(&deployment, "ada@hotel.example");
                let business = ada.sign_up("Hôtel Ada").await;
                let mut grace = Person::new(&deployment, "grace@hotel.example");
                grace.join(ada.invite(business, "grace@hotel.example", Role::Manager).await).await;
                account = Some((grace.me().await.account, ada.me().await.account));
            }
        }
        deployment.settle().await;
        Self { deployment, who, going, survivor, account }
    }

    fn home(&self) -> (Home, &Db) {
        match self.who {
            Who::Conversation | Who::Visitor => {
                (Home::Shard(BusinessScope::new(business_id(0), 0)), &self.deployment.shards[0])
            }
            Who::Account | Who::Business => (Home::Directory, &self.deployment.directory),
        }
    }

    fn erasure(&self) -> Option<ErasureId> {
        texts(self.home().1, "SELECT id FROM erasure").first().map(|id| id.parse().unwrap())
    }

    async fn begin(&self) -> Result<ErasureId, edge::ops::OpError> {
        let (app, scope) = (&self.deployment.app, BusinessScope::new(business_id(0), 0));
        let begun = match self.who {
            Who::Conversation => {
                let subject = Subject::Conversation(self.going[0].0.0);
                erasure_begin(app, &scope, subject, Reason::Request, NOW).await?
            }
            Who::Visitor => {
                let visitor = texts(
                    &self.deployment.shards[0],
                    &format!("SELECT visitor FROM conversation WHERE id = '{}'", self.going[0].0.0),
                );
                let subject = Subject::Visitor(visitor[0].parse().unwrap());
                erasure_begin(app, &scope, subject, Reason::Request, NOW).await?
            }
            Who::Account => {
                let scope = AccountScope::new(self.account.unwrap().0);
                account_erase(app, &scope, Reason::Account, None, NOW).await?
            }
            Who::Business => business_erase(app, &scope, Reason::Account, None, NOW).await?,
        };
        Ok(begun.id)
    }

    async fn resume(&self, id: ErasureId, now: Millis) {
        self.deployment.clock.wind(now);
        let (home, _) = self.home();
        // What fails is what this test is about.
        let _ = erasure_resume(&self.deployment.app, &*self.deployment.conversations, &home, id, now).await;
    }

    /// From the request to the receipt, in one worker.
    async fn run(&self) {
        let Ok(id) = self.begin().await else { return };
        self.resume(id, NOW).await;
        self.resume(id, NOW.plus_ms(ERASURE_SETTLE_MS)).await;
    }

    /// The jobs take it on: twice at once, then again.
    async fn finish(&self) {
        let hands = || Hands { app: &self.deployment.app, rooms: &*self.deployment.conversations };
        for round in 1..=3 {
            let now = NOW.plus_ms(HOUR_MS * round);
            self.deployment.clock.wind(now);
            if round == 1 {
                futures::join!(jobs::run_due(hands(), OFTEN, now), jobs::run_due(hands(), OFTEN, now));
            } else {
                jobs::run_due(hands(), OFTEN, now).await;
            }
        }
    }

    async fn read(&self, (conversation, token): &(ConversationId, String)) -> String {
        let path = format!("/v1/widget/conversations/{conversation}/messages");
        self.deployment.send("GET", &path, Some(token), None).await.text()
    }

    async fn assert_whole(&self, when: &str) {
        for (thread, file) in &self.going {
            let said = self.read(thread).await;
            assert!(said.contains("words of the erased"), "{when}: {said}");
            if let Some(file) = file {
                let path = format!("/v1/widget/conversations/{}/files/{file}", thread.0);
                let read = self.deployment.send("GET", &path, Some(&thread.1), None).await;
                assert_eq!(read.text(), "words in a file", "{when}");
            }
        }
        if let Some((account, _)) = self.account {
            assert!(account_contact(&self.deployment.app, account).await.unwrap().is_some(), "{when}");
        }
    }

    async fn assert_gone(&self, when: &str) {
        let states = texts(self.home().1, "SELECT DISTINCT state FROM erasure");
        assert_eq!(states, ["receipted"], "{when}");
        let shard = &self.deployment.shards[0];
        for ((conversation, _), _) in &self.going {
            for table in ["message", "file", "conversation_token", "visitor_address", "conversation_card"] {
                let rows = format!("SELECT 'x' FROM {table} WHERE conversation = '{conversation}'");
                assert!(texts(shard, &rows).is_empty(), "{when}: {table}");
            }
            let keys = format!("SELECT owner FROM seal_key WHERE owner = '{conversation}' AND state <> 2");
            assert!(texts(shard, &keys).is_empty(), "{when}");
            assert!(objects(&self.deployment.files, &conversation.to_string()).is_empty(), "{when}");
        }
        if self.who == Who::Business {
            assert!(objects(&self.deployment.keys, &business_id(0).to_string()).is_empty(), "{when}");
            let left = format!("SELECT 'x' FROM business WHERE id = '{}'", business_id(0));
            assert!(texts(&self.deployment.directory, &left).is_empty(), "{when}");
        }
        if let Some((account, stays)) = self.account {
            let app = &self.deployment.app;
            assert!(account_contact(app, account).await.unwrap().is_none(), "{when}");
            assert!(account_contact(app, stays).await.unwrap().is_some(), "{when}");
            for table in ["session", "membership"] {
                let rows = format!("SELECT 'x' FROM {table} WHERE account = '{account}'");
                assert!(texts(&self.deployment.directory, &rows).is_empty(), "{when}: {table}");
            }
        }
    }
}

/// Lets trouble come after each number of calls, until none comes any more. How often it came before the erasure was
/// written down, and how often after.
async fn everywhere(who: Who, trouble: Trouble) -> (u32, u32) {
    let (mut whole, mut begun) = (0, 0);
    for calls in 0.. {
        let scene = Scene::of(who).await;
        let when = format!("{who:?} {trouble:?} after {calls} calls");
        let came = troubled(trouble, calls, scene.run()).await;
        if scene.erasure().is_some() {
            begun += 1;
            scene.finish().await;
            scene.assert_gone(&when).await;
        } else {
            whole += 1;
            scene.assert_whole(&when).await;
        }
        let said = scene.read(&scene.survivor).await;
        assert!(said.contains("words of the survivor"), "{when}: {said}");
        assert_eq!(scene.deployment.app.keyring.health().alarms, 0, "{when}");
        if !came {
            break;
        }
    }
    (whole, begun)
}

#[tokio::test(start_paused = true)]
async fn b4_a_worker_stopped_at_any_await_leaves_a_conversation_whole_or_gone_and_receipted() {
    let (whole, begun) = everywhere(Who::Conversation, Trouble::Stopped).await;
    assert!(whole > 0 && begun > 20, "{whole} {begun}");
}

#[tokio::test(start_paused = true)]
async fn b4_a_worker_stopped_at_any_await_leaves_a_visitor_whole_or_gone_and_receipted() {
    let (whole, begun) = everywhere(Who::Visitor, Trouble::Stopped).await;
    assert!(whole > 0 && begun > 20, "{whole} {begun}");
}

#[tokio::test(start_paused = true)]
async fn b4_a_worker_stopped_at_any_await_leaves_an_account_whole_or_gone_and_receipted() {
    let (whole, begun) = everywhere(Who::Account, Trouble::Stopped).await;
    assert!(whole > 0 && begun > 20, "{whole} {begun}");
}

#[tokio::test(start_paused = true)]
async fn b4_a_worker_stopped_at_any_await_leaves_a_business_whole_or_gone_and_receipted() {
    let (whole, begun) = everywhere(Who::Business, Trouble::Stopped).await;
    assert!(whole > 0 && begun > 20, "{whole} {begun}");
}

#[tokio::test(start_paused = true)]
async fn b4_a_call_that_fails_anywhere_leaves_everybody_whole_or_gone_and_receipted() {
    for who in [Who::Conversation, Who::Visitor, Who::Account, Who::Business] {
        let (whole, begun) = everywhere(who, Trouble::Failed).await;
        assert!(whole > 0 && begun > 20, "{who:?} {whole} {begun}");
    }
}

#[tokio::test(start_paused = true)]
async fn b4_an_answer_that_is_lost_anywhere_leaves_everybody_whole_or_gone_and_receipted() {
    for who in [Who::Conversation, Who::Visitor, Who::Account, Who::Business] {
        let (_, begun) = everywhere(who, Trouble::Lost).await;
        assert!(begun > 20, "{who:?} {begun}");
    }
}
