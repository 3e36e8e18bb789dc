//! Legal holds: what keeps a conversation from its purge and from an erasure, and that both are told.

use http::StatusCode;
use serde_json::{Value, json};
use shared::id::BusinessId;
use shared::time::{HOUR_MS, MINUTE_MS, Millis};
use shared::wire::admin::business::Business;
use shared::wire::admin::inbox::conversation::ConversationView;
use shared::wire::admin::inbox::deed::HoldReason;
use shared::wire::admin::team::Role;
use shared::wire::privacy::{MadeRequest, RequestState};
use shared::wire::problem::Kind;
use shared::wire::receipt::ErasureProgress;
use tests::{Deployment, NOW, Options, Person, Visitor};

const HOURLY: &str = "17 * * * *";
const OFTEN: &str = "*/5 * * * *";

fn count(deployment: &Deployment, sql: &str) -> i64 {
    let in_shard = |shard: &edge::platform::Db| {
        shard.with_connection(|connection| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap())
    };
    deployment.shards.iter().map(|shard| in_shard(shard).unwrap()).sum()
}

fn logged(deployment: &Deployment, sql: &str) -> i64 {
    let read = |connection: &rusqlite::Connection| connection.query_row(sql, [], |row| row.get(0)).unwrap();
    deployment.directory.with_connection(read).unwrap()
}

async fn at(deployment: &Deployment, now: Millis) {
    deployment.clock.wind(now);
    for cron in [HOURLY, OFTEN] {
        deployment.run_due(cron, now).await;
    }
}

struct Desk<'a> {
    owner: Person<'a>,
    business: BusinessId,
    visitor: Visitor<'a>,
}

impl<'a> Desk<'a> {
    async fn open(deployment: &'a Deployment) -> Self {
        let mut owner = Person::new(deployment, "ada@hotel.example");
        let business = owner.sign_up("Hôtel Ada").await;
        let read: Business =
            owner.send("GET", &format!("/v1/admin/businesses/{business}"), None).await.json();
        let mut visitor = Visitor::on(deployment, read.sites[0].id, "https://chat.example.eu").await;
        visitor.write("You broke my suitcase").await;
        deployment.settle().await;
        Self { owner, business, visitor }
    }

    fn path(&self) -> String {
        let (conversation, _) = self.visitor.thread.as_ref().unwrap();
        format!("/v1/admin/businesses/{}/conversations/{conversation}/hold", self.business)
    }

    async fn hold(&mut self) -> StatusCode {
        let path = self.path();
        self.owner.send("PUT", &path, Some(json!({ "reason": "claim" }))).await.status
    }

    async fn release(&mut self) -> StatusCode {
        let path = self.path();
        self.owner = self.owner.elsewhere();
        self.owner.sign_in().await;
        self.owner.send("DELETE", &path, None).await.status
    }

    async fn erase(&self, deployment: &Deployment) -> MadeRequest {
        let (conversation, token) = self.visitor.thread.as_ref().unwrap();
        let path = format!("/v1/privacy/conversations/{conversation}/requests");
        deployment.send("POST", &path, Some(token), Some(json!({ "kind": "erasure" }))).await.json()
    }
}

#[tokio::test(start_paused = true)]
async fn p4_2_what_is_held_for_a_claim_outlives_its_limit_until_it_is_let_go() {
    let deployment = Deployment::new(Options::default());
    let mut desk = Desk::open(&deployment).await;
    assert_eq!(desk.hold().await, StatusCode::NO_CONTENT);
    let path = desk.path().replace("/hold", "");
    let view: ConversationView = desk.owner.send("GET", &path, None).await.json();
    assert_eq!(view.visitor.on_hold, Some(HoldReason::Claim), "the desk says so");
    let limit = NOW.plus_months(12).plus_ms(HOUR_MS);
    at(&deployment, limit).await;
    assert_eq!(count(&deployment, "SELECT count(*) FROM message"), 2);
    let spared = "SELECT max(spared) FROM job_run WHERE job = 'conversations_purge'";
    assert_eq!(logged(&deployment, spared), 1, "and the log says that it was passed by");
    assert_eq!(desk.release().await, StatusCode::NO_CONTENT);
    assert_eq!(desk.release().await, StatusCode::NOT_FOUND, "it is not held any more");
    at(&deployment, limit.plus_ms(HOUR_MS)).await;
    assert_eq!(count(&deployment, "SELECT count(*) FROM message"), 0);
    for action in ["conversation_hold", "conversation_release"] {
        let lines = format!("SELECT count(*) FROM audit WHERE action = '{action}'");
        assert_eq!(logged(&deployment, &lines), 1, "{action} stands in the audit log");
    }
}

#[tokio::test(start_paused = true)]
async fn p6_3_an_erasure_waits_for_the_end_of_a_hold_and_whoever_asked_is_told_why() {
    let deployment = Deployment::new(Options::default());
    let mut desk = Desk::open(&deployment).await;
    desk.hold().await;
    let made = desk.erase(&deployment).await;
    assert_eq!(made.request.state, RequestState::Open, "nothing is said to be done that is not");
    let receipt = made.receipt.unwrap();
    let progress = async || {
        let opener = json!({ "erasure": receipt.erasure, "nonce": receipt.nonce.expose() });
        let path = "/v1/privacy/receipts/read";
        deployment.send("POST", path, None, Some(opener)).await.json::<ErasureProgress>()
    };
    assert_eq!(progress().await.waits.as_deref(), Some("hold"));
    at(&deployment, NOW.plus_ms(HOUR_MS)).await;
    assert_eq!(count(&deployment, "SELECT count(*) FROM message"), 2);
    assert_eq!(desk.release().await, StatusCode::NO_CONTENT);
    let met = "SELECT count(*) FROM privacy_request WHERE kind = 'erasure' AND state = 'met'";
    assert_eq!(count(&deployment, met), 0, "nothing is done yet");
    at(&deployment, NOW.plus_ms(2 * HOUR_MS)).await;
    assert_eq!(count(&deployment, met), 1, "the request is settled when its erasure begins");
    at(&deployment, NOW.plus_ms(2 * HOUR_MS + 10 * MINUTE_MS)).await;
    assert_eq!(count(&deployment, "SELECT count(*) FROM message"), 0, "and the erasure goes on by itself");
    let told = progress().await;
    assert_eq!((told.state.as_str(), told.waits), ("receipted", None));
}

#[tokio::test(start_paused = true)]
async fn p6_3_the_desk_does_not_call_an_erasure_done_that_waits_for_the_end_of_a_hold() {
    let deployment = Deployment::new(Options::default());
    let mut desk = Desk::open(&deployment).await;
    desk.hold().await;
    let (conversation, _) = desk.visitor.thread.clone().unwrap();
    let requests = format!("/v1/admin/businesses/{}/requests", desk.business);
    let entered = json!({ "kind": "erasure", "way": "phone", "conversation": conversation, "words": "Please erase me", "asked_at": NOW });
    let entered = desk.owner.send("POST", &requests, Some(entered)).await;
    assert_eq!(entered.status, StatusCode::OK, "{}", entered.text());
    let id = entered.json::<shared::wire::privacy::Request>().id;
    let meet = format!("{requests}/{id}/meet");
    for _ in 0..2 {
        let refused = desk.owner.send("POST", &meet, None).await;
        assert_eq!(refused.problem(), Kind::ErasureWaits, "{}", refused.text());
    }
    assert_eq!(count(&deployment, "SELECT count(*) FROM erasure"), 1, "asked for once");
    let open = "SELECT count(*) FROM privacy_request WHERE state = 'open'";
    assert_eq!((count(&deployment, open), count(&deployment, "SELECT count(*) FROM message")), (1, 2));
    assert_eq!(desk.release().await, StatusCode::NO_CONTENT);
    assert_eq!(desk.owner.send("POST", &meet, None).await.status, StatusCode::NO_CONTENT, "now it begins");
    assert_eq!(count(&deployment, open), 0);
    assert_eq!(desk.owner.send("POST", &meet, None).await.problem(), Kind::RequestSettled);
}

#[tokio::test(start_paused = true)]
async fn p6_3_what_is_being_erased_can_not_be_held_any_more() {
    let deployment = Deployment::new(Options::default());
    let mut desk = Desk::open(&deployment).await;
    desk.erase(&deployment).await;
    assert_eq!(desk.hold().await, StatusCode::NOT_FOUND);
}

#[tokio::test(start_paused = true)]
async fn p8_2_only_those_who_lead_a_business_hold_a_conversation_and_only_their_own() {
    let deployment = Deployment::new(Options::default());
    let mut desk = Desk::open(&deployment).await;
    let path = desk.path();
    let reason = || Some(json!({ "reason": "obligation" }));
    let mut manager = Person::new(&deployment, "grace@hotel.example");
    let link = desk.owner.invite(desk.business, &manager.email, Role::Manager).await;
    manager.join(link).await;
    assert_eq!(manager.send("PUT", &path, reason()).await.problem(), Kind::RoleTooLow);
    let mut other = Person::new(&deployment, "eve@other.example");
    other.sign_up("Other").await;
    assert_eq!(other.send("PUT", &path, reason()).await.problem(), Kind::NotFound);
    let nothing: Value = json!({ "reason": "because" });
    assert_eq!(desk.owner.send("PUT", &path, Some(nothing)).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(desk.owner.send("PUT", &path, reason()).await.status, StatusCode::NO_CONTENT);
}
