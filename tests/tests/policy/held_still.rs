//! P6.4, entry by entry: what the table of operations says a restriction refuses or passes by is done with a conversation that
//! nobody restricted, and not done with one that its visitor had held still.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use edge::ops::mail::outbox_read;
use edge::ops::turn::{turn_begin, turn_give_up, turn_run};
use edge::platform::Http;
use edge::platform::http::{HttpFault, Response};
use edge::rules::processing::{OPERATIONS, Under};
use edge::store::conversation::conversation_find;
use edge::store::scope::{OperatorScope, ThreadScope};
use serde_json::{Value, json};
use shared::id::{BusinessId, ConversationId, DraftId, TurnId};
use shared::time::{HOUR_MS, MINUTE_MS};
use shared::wire::admin::business::Business;
use shared::wire::admin::inbox::list::SearchPage;
use shared::wire::admin::numbers::Numbers;
use tests::{Answer, Deployment, NOW, Options, Person, Visitor};

/// A provider that always says the same, and counts how often it was asked.
fn provider() -> (Deployment, Arc<AtomicU32>) {
    let asked = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&asked);
    let http = Http::scripted(vec!["http://127.0.0.1:9".into()], move |_| {
        count.fetch_add(1, Ordering::Relaxed);
        let words = json!({ "choices": [{ "index": 0, "delta": { "content": "Until ten." } }] });
        let end = json!({ "choices": [{ "index": 0, "delta": {}, "finish_reason": "stop" }] });
        let stream = format!("data: {words}\n\ndata: {end}\n\ndata: [DONE]\n\n");
        let chunk = Ok::<_, HttpFault>(stream.into_bytes());
        Ok(Response { status: 200, retry_after_s: None, chunks: Box::pin(futures::stream::iter([chunk])) })
    });
    let variables = [("OPENAI_API_KEY", "test-key"), ("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")];
    let variables = variables.map(|(name, value)| (name, value.to_owned())).to_vec();
    (Deployment::new(Options { variables, http, ..Options::default() }), asked)
}

/// A business, and a visitor who asked it something.
struct Scene<'a> {
    deployment: &'a Deployment,
    owner: Person<'a>,
    business: BusinessId,
    visitor: Visitor<'a>,
    /// Its visitor has it held still before the operation.
    is_restricted: bool,
    asked: Arc<AtomicU32>,
}

impl<'a> Scene<'a> {
    async fn open(deployment: &'a Deployment, asked: Arc<AtomicU32>, is_restricted: bool) -> Self {
        let mut owner = Person::new(deployment, "ada@hotel.example");
        let business = owner.sign_up("Hôtel Ada").await;
        let read: Business =
            owner.send("GET", &format!("/v1/admin/businesses/{business}"), None).await.json();
        let mut visitor = Visitor::on(deployment, read.sites[0].id, "https://chat.example.eu").await;
        visitor.write("May I bring a xylophone?").await;
        deployment.settle().await;
        Self { deployment, owner, business, visitor, is_restricted, asked }
    }

    fn thread(&self) -> (ConversationId, String) {
        self.visitor.thread.clone().unwrap()
    }

    async fn scope(&self) -> ThreadScope {
        let business = self.deployment.app.business(self.business).await.unwrap().unwrap();
        let shard = self.deployment.app.shard(&business).unwrap();
        conversation_find(shard, &business, self.thread().0).await.unwrap().unwrap().scope
    }

    /// The moment between what is prepared and what is tried.
    async fn hold_still(&self) {
        if self.is_restricted {
            let (conversation, token) = self.thread();
            let path = format!("/v1/privacy/conversations/{conversation}/requests");
            let body = Some(json!({ "kind": "restriction" }));
            let held = self.deployment.send("POST", &path, Some(&token), body).await;
            assert!(held.status.is_success(), "{}", held.text());
        }
    }

    /// The visitor asks for something of their conversation.
    async fn visits(&self, rest: &str, body: Option<Value>) -> Answer {
        let (conversation, token) = self.thread();
        let path = format!("/v1/widget/conversations/{conversation}{rest}");
        self.deployment.send("POST", &path, Some(&token), body).await
    }

    /// The owner asks for something of the business.
    async fn reads(&mut self, rest: &str) -> Answer {
        let path = format!("/v1/admin/businesses/{}/{rest}", self.business);
        self.owner.send("GET", &path, None).await
    }

    /// The owner does something with the conversation.
    async fn does(&mut self, rest: &str, body: Value) -> Answer {
        let path = format!("/v1/admin/businesses/{}/conversations/{}{rest}", self.business, self.thread().0);
        self.owner.send("POST", &path, Some(body)).await
    }

    async fn rates(&self) -> Answer {
        self.visits("/satisfaction", Some(json!({ "score": 4, "comment": "It was fine" }))).await
    }

    /// A turn that was granted before the conversation was held still. How many messages it wrote.
    async fn turn(&self, runs: bool) -> usize {
        let (app, scope) = (&self.deployment.app, self.scope().await);
        let turn = TurnId::mint(NOW, [9; 10]);
        assert!(turn_begin(app, &scope, turn).await.unwrap(), "no other turn writes");
        self.hold_still().await;
        let heard = Cell::new(0);
        let written = if runs {
            turn_run(app, &scope, turn, &|_, _| heard.set(heard.get() + 1)).await.unwrap().messages.len()
        } else {
            usize::from(turn_give_up(app, &scope, turn).await.unwrap().is_some())
        };
        written + heard.get()
    }

    /// A reply is due by mail to a visitor who left, and proved, an address. The letters to them, as they would leave now.
    async fn mailed(&mut self, queued_before: bool) -> usize {
        let (conversation, _) = self.thread();
        let form = json!({ "email": "guest@visitor.example", "locale": "fr" });
        let left = self.visits("/address", Some(form)).await;
        assert!(left.status.is_success(), "{}", left.text());
        let text = self.letters("visitor_address").await.pop().expect("a letter with a link");
        let line = text.lines().find(|line| line.contains("/widget/")).expect("a link").to_owned();
        let proof = line.rsplit('/').next().unwrap().trim().to_owned();
        let confirm = "/v1/widget/addresses/confirm";
        let confirmed = self.deployment.send("POST", confirm, None, Some(json!({ "token": proof }))).await;
        assert!(confirmed.status.is_success(), "{}", confirmed.text());
        let gone_at = NOW.plus_ms(10 * MINUTE_MS);
        self.deployment.clock.wind(gone_at);
        let reply = json!({ "draft": DraftId::mint(NOW, [77; 10]), "text": "Xylophones are welcome." });
        let replied = self.does("/replies", reply).await;
        assert!(replied.status.is_success(), "{}", replied.text());
        if !queued_before {
            self.hold_still().await;
        }
        self.deployment.clock.wind(gone_at.plus_ms(HOUR_MS));
        let scope = self.scope().await;
        self.deployment.conversations.room(conversation).alarm(scope).await;
        if queued_before {
            self.hold_still().await;
        }
        self.letters("visitor_reply").await.len()
    }

    /// The same, where it is somebody who signs in who is held still.
    async fn hold_owner_still(&mut self) {
        if self.is_restricted {
            let body = Some(json!({ "kind": "restriction" }));
            let held = self.owner.send("POST", "/v1/admin/account/requests", body).await;
            assert!(held.status.is_success(), "{}", held.text());
        }
    }

    /// A visitor waits, and the owner is written to about it once an hour. Those letters, as they would leave now.
    async fn summed_up(&mut self, queued_before: bool) -> usize {
        assert!(self.visits("/person", None).await.status.is_success());
        self.deployment.settle().await;
        if !queued_before {
            self.hold_owner_still().await;
        }
        let later = NOW.plus_ms(2 * HOUR_MS);
        self.deployment.clock.wind(later);
        self.deployment.run_due("17 * * * *", later).await;
        if queued_before {
            self.hold_owner_still().await;
        }
        self.letters("inbox_digest").await.len()
    }

    /// The texts of letters of a kind that would leave now.
    async fn letters(&self, kind: &str) -> Vec<String> {
        let outbox = outbox_read(&self.deployment.app, &OperatorScope::of_deployment()).await.unwrap();
        let mails = outbox.into_iter().filter(|mail| mail.kind == kind);
        mails.filter_map(|mail| mail.text.map(|text| text.into_exposed())).collect()
    }

    /// Tries an operation of the table. Whether anything was done with the conversation. `None` where no case tells.
    async fn tried(&mut self, file: &str, name: &str) -> Option<bool> {
        let before = self.asked.load(Ordering::Relaxed);
        let done = match (file, name) {
            ("conversation", "person_request") => {
                self.hold_still().await;
                self.visits("/person", None).await.status.is_success()
            }
            ("message", "message_send") => {
                self.hold_still().await;
                let draft = self.visitor.draft();
                self.visitor.write_as(draft, "one more").await.status.is_success()
            }
            ("desk", "reply_write") => {
                self.hold_still().await;
                let reply = json!({ "draft": DraftId::mint(NOW, [77; 10]), "text": "Yes" });
                self.does("/replies", reply).await.status.is_success()
            }
            ("inbox", "transcript_read") => {
                self.hold_still().await;
                let path = format!("conversations/{}/transcript?format=text", self.thread().0);
                self.reads(&path).await.status.is_success()
            }
            ("inbox", "conversations_search") => {
                self.hold_still().await;
                let path = format!("/v1/admin/businesses/{}/conversations/search", self.business);
                let found = self.owner.send("POST", &path, Some(json!({ "words": "xylophone" }))).await;
                !found.json::<SearchPage>().rows.is_empty()
            }
            ("satisfaction", "satisfaction_give") => {
                self.hold_still().await;
                self.rates().await.status.is_success()
            }
            ("suggest", "draft_suggest") => {
                self.hold_still().await;
                self.does("/draft", json!({})).await.status.is_success()
            }
            ("suggest", "translation_suggest") => {
                self.hold_still().await;
                let words = json!({ "text": "May I bring a xylophone?", "into": "fr" });
                self.does("/translate", words).await.status.is_success()
            }
            ("turn", "turn_begin") => {
                self.hold_still().await;
                let turn = TurnId::mint(NOW, [9; 10]);
                turn_begin(&self.deployment.app, &self.scope().await, turn).await.unwrap()
            }
            ("turn", "turn_run") => self.turn(true).await > 0,
            ("turn", "turn_give_up") => self.turn(false).await > 0,
            ("contact", "reply_mail") => self.mailed(false).await > 0,
            ("contact", "visitor_mail_find") => self.mailed(true).await > 0,
            ("numbers", "numbers_read") => {
                self.hold_still().await;
                self.reads("numbers").await.json::<Numbers>().total.conversations.count > 0
            }
            ("question", "questions_read") => {
                self.hold_still().await;
                self.reads("questions").await.text().contains("xylophone")
            }
            ("question", "comments_read") => {
                assert!(self.rates().await.status.is_success());
                self.hold_still().await;
                self.reads("numbers/comments").await.text().contains("It was fine")
            }
            ("digest", "digests_send") => self.summed_up(false).await > 0,
            ("digest", "digest_compose") => self.summed_up(true).await > 0,
            ("session", "use_count") => {
                let agreed = Some(json!({ "analytics": true }));
                let agreed = self.owner.send("PUT", "/v1/admin/account/preferences", agreed).await;
                assert!(agreed.status.is_success(), "{}", agreed.text());
                self.hold_owner_still().await;
                let used = Some(json!({ "name": "page_team" }));
                self.owner.send("POST", "/v1/admin/account/use", used).await;
                let counted = self.deployment.directory.with_connection(|connection| {
                    connection
                        .query_row("SELECT count(*) FROM use_day", [], |row| row.get::<_, i64>(0))
                        .unwrap()
                });
                counted.unwrap() > 0
            }
            _ => return None,
        };
        // Whatever it answers: a machine that was asked has read it.
        let machines = self.asked.load(Ordering::Relaxed) - before;
        Some(done || self.is_restricted && machines > 0)
    }
}

#[tokio::test(start_paused = true)]
async fn p6_4_what_the_table_says_a_restriction_refuses_or_passes_by_is_not_done_with_what_is_held_still() {
    let kept_out =
        OPERATIONS.iter().filter(|(_, _, under)| matches!(under, Under::Refused | Under::PassesBy));
    let mut looked = 0;
    for (file, name, under) in kept_out {
        for is_restricted in [false, true] {
            let (deployment, asked) = provider();
            let mut scene = Scene::open(&deployment, asked, is_restricted).await;
            let done = scene.tried(file, name).await;
            let done = done.unwrap_or_else(|| panic!("{file}::{name} says {under:?}, and no case shows it"));
            assert_eq!(done, !is_restricted, "{file}::{name} says {under:?}; held still: {is_restricted}");
        }
        looked += 1;
    }
    assert!(looked > 12, "{looked}");
}
