//! Requests about one's own data as the business works on them: the clock, reminders, entering, extending and refusing;
//! the record of processing and the ledger.

use http::StatusCode;
use serde_json::{Value, json};
use shared::id::{BusinessId, RequestId, SiteId};
use shared::limits::REPORTS_SITE_DAY;
use shared::time::{DAY_MS, HOUR_MS, Millis};
use shared::wire::admin::business::Business;
use shared::wire::admin::proof::NoticeEditions;
use shared::wire::admin::request::{ConsentProofs, DataMap, Requests};
use shared::wire::privacy::{ExtensionReason, RefusalReason, Request, RequestState};
use shared::wire::problem::Kind;
use tests::{Deployment, NOW, Options, Person, Visitor};

const HOURLY: &str = "17 * * * *";

struct Desk<'a> {
    deployment: &'a Deployment,
    owner: Person<'a>,
    business: BusinessId,
}

impl<'a> Desk<'a> {
    async fn open(deployment: &'a Deployment) -> Self {
        let mut owner = Person::new(deployment, "owner@hotel.example");
        let business = owner.sign_up("Hôtel Ada").await;
        Self { deployment, owner, business }
    }

    /// Says who is responsible, and where: the country names the authority.
    async fn profile_complete(&mut self) {
        let path = format!("/v1/admin/businesses/{}", self.business);
        let mut profile = self.owner.send("GET", &path, None).await.json::<Value>()["profile"].clone();
        profile["controller"] = json!("Ada Lovelace, Cassis");
        profile["contact"] = json!("desk@hotel.example");
        profile["country"] = json!("FR");
        assert_eq!(self.owner.send("PUT", &path, Some(profile)).await.status, StatusCode::NO_CONTENT);
    }

    async fn enter(&mut self, body: Value) -> tests::Answer {
        let path = format!("/v1/admin/businesses/{}/requests", self.business);
        self.owner.send("POST", &path, Some(body)).await
    }

    async fn list(&mut self) -> Vec<Request> {
        let path = format!("/v1/admin/businesses/{}/requests", self.business);
        self.owner.send("GET", &path, None).await.json::<Requests>().requests
    }

    async fn act(&mut self, id: RequestId, act: &str, body: Option<Value>) -> tests::Answer {
        let path = format!("/v1/admin/businesses/{}/requests/{id}/{act}", self.business);
        self.owner.send("POST", &path, body).await
    }

    async fn site(&mut self) -> SiteId {
        let path = format!("/v1/admin/businesses/{}", self.business);
        self.owner.send("GET", &path, None).await.json::<Business>().sites[0].id
    }

    async fn processors(&mut self) -> Vec<String> {
        let path = format!("/v1/admin/businesses/{}/data-map", self.business);
        let map: DataMap = self.owner.send("GET", &path, None).await.json();
        map.sites[0].processors.iter().map(|processor| processor.name.clone()).collect()
    }

    async fn revised_at(&mut self) -> Option<Millis> {
        let path = format!("/v1/admin/businesses/{}/notices", self.business);
        self.owner.send("GET", &path, None).await.json::<NoticeEditions>().sites[0].revised_at
    }

    async fn mails(&self, kind: &str) -> usize {
        self.deployment.mails_count(kind).await
    }

    /// Winds the clock, and signs in again where the session has ended meanwhile.
    async fn at(&mut self, now: Millis) {
        self.deployment.clock.wind(now);
        self.deployment.run_due(HOURLY, now).await;
        self.owner = self.owner.elsewhere();
        self.owner.sign_in().await;
    }
}

#[tokio::test(start_paused = true)]
async fn p6_8_a_request_that_came_by_mail_has_the_same_clock_from_the_day_it_was_asked() {
    let deployment = Deployment::new(Options::default());
    let mut desk = Desk::open(&deployment).await;
    let asked_at = NOW.minus_ms(4 * DAY_MS);
    let words = "Grace Hopper, by letter: what do you hold about me?";
    let entered =
        desk.enter(json!({ "kind": "access", "way": "mail", "asked_at": asked_at, "words": words })).await;
    let entered: Request = entered.json();
    assert_eq!((entered.days_left, entered.state), (26, RequestState::Open));
    let listed = desk.list().await;
    assert_eq!(listed[0].words.as_ref().unwrap().expose(), words, "sealed, and opened for those who may");
    let later = json!({ "kind": "access", "way": "mail", "asked_at": NOW.plus_ms(1) });
    assert_eq!(desk.enter(later).await.problem(), Kind::ValueRefused, "nobody asks tomorrow");
    let page = json!({ "kind": "access", "way": "page", "asked_at": asked_at });
    assert_eq!(desk.enter(page).await.problem(), Kind::ValueRefused);
    let foreign = shared::id::ConversationId::mint(NOW, [8; 10]);
    let foreign = json!({ "kind": "erasure", "way": "phone", "asked_at": asked_at, "conversation": foreign });
    assert_eq!(desk.enter(foreign).await.problem(), Kind::NotFound);
}

#[tokio::test(start_paused = true)]
async fn p6_8_requests_about_one_conversation_are_listed_by_it() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let mut desk = Desk::open(&deployment).await;
    let site = desk.site().await;
    let mut threads = Vec::new();
    for _ in 0..2 {
        let mut visitor = Visitor::on(&deployment, site, "https://chat.example.eu").await;
        visitor.write("Hello").await;
        threads.push(visitor.thread.unwrap().0);
    }
    for about in [Some(threads[0]), Some(threads[1]), None] {
        let body = json!({ "kind": "access", "way": "phone", "asked_at": NOW, "conversation": about });
        assert_eq!(desk.enter(body).await.status, StatusCode::OK);
    }
    let path = format!("/v1/admin/businesses/{}/requests?conversation=", desk.business);
    let about: Requests = desk.owner.send("GET", &format!("{path}{}", threads[0]), None).await.json();
    let listed: Vec<_> = about.requests.iter().map(|request| request.conversation).collect();
    assert_eq!(listed, [Some(threads[0])]);
    assert_eq!(desk.list().await.len(), 3);
    let mut foreign = Visitor::at(&deployment, 0).await;
    foreign.write("Theirs").await;
    let theirs = foreign.thread.unwrap().0;
    let refused = desk.owner.send("GET", &format!("{path}{theirs}"), None).await;
    assert_eq!(refused.problem(), Kind::NotFound);
    let refused = desk.owner.send("GET", &format!("{path}nonsense"), None).await;
    assert_eq!(refused.problem(), Kind::ValueRefused);
}

#[tokio::test(start_paused = true)]
async fn k12_the_business_is_reminded_at_seven_and_at_two_days_and_each_time_once() {
    let deployment = Deployment::new(Options::default());
    let mut desk = Desk::open(&deployment).await;
    let entered = desk.enter(json!({ "kind": "erasure", "way": "phone", "asked_at": NOW })).await;
    let due = entered.json::<Request>().due_at;
    desk.at(due.minus_ms(7 * DAY_MS + 1)).await;
    assert_eq!(desk.mails("request_due").await, 0);
    for now in [due.minus_ms(7 * DAY_MS), due.minus_ms(7 * DAY_MS), due.minus_ms(5 * DAY_MS)] {
        desk.at(now).await;
        assert_eq!(desk.mails("request_due").await, 1);
    }
    desk.at(due.minus_ms(2 * DAY_MS)).await;
    desk.at(due.plus_ms(DAY_MS)).await;
    assert_eq!(desk.mails("request_due").await, 2);
    let late = desk.list().await;
    assert_eq!(late[0].days_left, -1, "it says that it is late");
    assert_eq!(desk.act(late[0].id, "meet", None).await.status, StatusCode::NO_CONTENT);
    desk.at(due.plus_ms(2 * DAY_MS)).await;
    assert_eq!(desk.mails("request_due").await, 2, "what is settled is not reminded of");
}

#[tokio::test(start_paused = true)]
async fn p6_8_a_request_is_extended_once_with_its_reason_and_refused_with_the_authority() {
    let deployment = Deployment::new(Options::default());
    let mut desk = Desk::open(&deployment).await;
    desk.profile_complete().await;
    let entered = desk.enter(json!({ "kind": "access", "way": "desk", "asked_at": NOW })).await;
    let id = entered.json::<Request>().id;
    let extend = || Some(json!({ "reason": "complex" }));
    assert_eq!(desk.act(id, "extend", extend()).await.status, StatusCode::NO_CONTENT);
    let listed = desk.list().await;
    assert_eq!((listed[0].days_left, listed[0].extension), (90, Some(ExtensionReason::Complex)));
    assert_eq!(desk.act(id, "extend", extend()).await.problem(), Kind::RequestExtended);
    let refuse = Some(json!({ "reason": "not_identified" }));
    assert_eq!(desk.act(id, "refuse", refuse).await.status, StatusCode::NO_CONTENT);
    let listed = desk.list().await;
    assert_eq!(
        (listed[0].state, listed[0].refusal),
        (RequestState::Refused, Some(RefusalReason::NotIdentified))
    );
    assert_eq!(listed[0].authority.as_ref().unwrap().name, "CNIL");
    for (act, body) in
        [("meet", None), ("extend", extend()), ("refuse", Some(json!({ "reason": "excessive" })))]
    {
        assert_eq!(desk.act(id, act, body).await.problem(), Kind::RequestSettled, "{act}");
    }
    // A settled request stays for two years, as proof, and no longer.
    desk.at(NOW.plus_months(24).minus_ms(HOUR_MS)).await;
    assert_eq!(desk.list().await.len(), 1);
    desk.at(NOW.plus_months(24).plus_ms(HOUR_MS)).await;
    assert_eq!(desk.list().await.len(), 0);
}

#[tokio::test(start_paused = true)]
async fn k6_the_business_erases_for_whoever_asked_by_phone() {
    let deployment = Deployment::new(Options::default());
    let mut desk = Desk::open(&deployment).await;
    let business: shared::wire::admin::business::Business =
        desk.owner.send("GET", &format!("/v1/admin/businesses/{}", desk.business), None).await.json();
    let site = business.sites[0].id;
    let origins = format!("/v1/admin/businesses/{}/sites/{site}/origins", desk.business);
    desk.owner.send("PUT", &origins, Some(json!({ "origins": ["https://hotel.example"] }))).await;
    deployment.clock.wind(NOW.plus_ms(10_000));
    let minted: shared::wire::widget::MintedVisitor = deployment
        .send(
            "POST",
            &format!("/v1/widget/sites/{site}/visitors"),
            None,
            Some(json!({ "origin": "https://hotel.example" })),
        )
        .await
        .json();
    let draft = shared::id::DraftId::mint(NOW, [1; 10]);
    let opened: shared::wire::widget::OpenedConversation = deployment
        .send(
            "POST",
            &format!("/v1/widget/sites/{site}/conversations"),
            Some(minted.token.expose()),
            Some(json!({ "draft": draft, "text": "Erase me later", "locale": "en" })),
        )
        .await
        .json();
    deployment.settle().await;
    let conversation = opened.conversation;
    let body = json!({
        "kind": "erasure", "way": "phone", "asked_at": NOW, "conversation": conversation, "words": "Called on Sunday",
    });
    let id = desk.enter(body).await.json::<Request>().id;
    assert_eq!(desk.act(id, "meet", None).await.status, StatusCode::NO_CONTENT);
    let path = format!("/v1/privacy/conversations/{conversation}");
    let gone = deployment.send("GET", &path, Some(opened.token.expose()), None).await;
    assert_eq!(gone.problem(), Kind::NotFound);
    let listed = desk.list().await;
    assert!(listed[0].erasure.is_some() && listed[0].state == RequestState::Met);
    assert!(listed[0].words.is_none(), "its words are noise with the conversation");
}

#[tokio::test(start_paused = true)]
async fn b7_the_record_of_processing_is_generated_and_the_ledger_shows_the_exact_words() {
    let deployment = Deployment::new(Options::default());
    let mut desk = Desk::open(&deployment).await;
    let map: DataMap = desk
        .owner
        .send("GET", &format!("/v1/admin/businesses/{}/data-map", desk.business), None)
        .await
        .json();
    let message = map.entries.iter().find(|entry| entry.table == "shard.message").unwrap();
    assert_eq!((message.basis.as_str(), message.recipients.as_slice()), ("b", ["ai".to_owned()].as_slice()));
    assert!(message.columns.iter().any(|column| column.name == "body" && column.is_sealed));
    assert_eq!(map.sites[0].retention, "12 calendar months");
    assert_eq!(
        map.sites[0].processors.len(),
        1,
        "no provider is configured: only the hosting receives anything"
    );
    let consents = format!("/v1/admin/businesses/{}/consents", desk.business);
    let proofs: ConsentProofs = desk.owner.send("GET", &consents, None).await.json();
    assert!(proofs.consents.is_empty() && proofs.before.is_none());
    for path in ["/privacy/map", "/privacy/platform", "/privacy/map.json"] {
        let answer = deployment.send("GET", path, None, None).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert!(answer.text().contains("message"), "{path}");
    }
}

#[tokio::test(start_paused = true)]
async fn k12_reports_of_a_day_are_bounded_and_hide_no_request() {
    let deployment = Deployment::new(Options::default());
    let mut desk = Desk::open(&deployment).await;
    let path = format!("/v1/privacy/sites/{}/reports", desk.site().await);
    let report = async || {
        let words = json!({ "words": "My daughter wrote here" });
        deployment.send("POST", &path, None, Some(words)).await
    };
    for _ in 0..REPORTS_SITE_DAY {
        assert_eq!(report().await.status, StatusCode::NO_CONTENT);
    }
    assert_eq!(report().await.problem(), Kind::RateLimited);
    let entered = desk.enter(json!({ "kind": "access", "way": "mail", "asked_at": NOW })).await;
    let entered = entered.json::<Request>().id;
    let listed = desk.list().await;
    assert_eq!(listed.len(), REPORTS_SITE_DAY as usize + 1);
    assert!(listed.iter().any(|request| request.id == entered));
    deployment.clock.wind(NOW.plus_ms(DAY_MS));
    assert_eq!(report().await.status, StatusCode::NO_CONTENT, "and on the next day again");
}

#[tokio::test(start_paused = true)]
async fn p5_7_p12_who_is_asked_with_a_key_of_the_business_s_own_is_named_and_who_carries_mail() {
    let variables = vec![
        ("RESEND_API_KEY", "re_test".to_owned()),
        ("MAIL_FROM", "Loquet <mail@chat.example.eu>".to_owned()),
    ];
    let deployment = Deployment::new(Options { variables, ..Options::default() });
    let mut desk = Desk::open(&deployment).await;
    let page = format!("/privacy/{}?locale=en", desk.site().await);
    let page = async || deployment.send("GET", &page, None, None).await.text();
    desk.at(NOW.plus_ms(HOUR_MS)).await;
    let (hosting, mail) = ("Cloudflare, Inc.", "Resend (Plus Five Five, Inc.)");
    assert_eq!(desk.processors().await, [hosting, mail]);
    let before = page().await;
    assert!(before.contains("Resend (Plus Five Five, Inc.)") && !before.contains("OpenAI"));
    assert_eq!(desk.revised_at().await, Some(NOW.plus_ms(HOUR_MS)));

    let path = format!("/v1/admin/businesses/{}/vendors/openai", desk.business);
    let set = desk.owner.send("PUT", &path, Some(json!({ "key": "sk-own-12345678" }))).await;
    assert_eq!(set.status, StatusCode::NO_CONTENT);
    assert_eq!(desk.processors().await, [hosting, "OpenAI Ireland Ltd.", mail]);
    assert!(page().await.contains("OpenAI Ireland Ltd."));
    desk.at(NOW.plus_ms(2 * HOUR_MS)).await;
    assert_eq!(desk.revised_at().await, Some(NOW.plus_ms(2 * HOUR_MS)), "the notice says something else");
    desk.at(NOW.plus_ms(3 * HOUR_MS)).await;
    assert_eq!(desk.revised_at().await, Some(NOW.plus_ms(2 * HOUR_MS)));
}

#[tokio::test(start_paused = true)]
async fn p6_6_k6_an_objection_that_came_by_phone_is_kept_to_once_it_is_met() {
    let deployment = Deployment::new(Options::default());
    let mut desk = Desk::open(&deployment).await;
    let site = desk.site().await;
    let mut visitor = Visitor::on(&deployment, site, "https://chat.example.eu").await;
    visitor.write("My address, too?").await;
    deployment.settle().await;
    let (conversation, _) = visitor.thread.clone().unwrap();
    let rows = |sql: &str| -> i64 {
        let read = |shard: &edge::platform::Db| {
            shard.with_connection(|connection| {
                connection.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap()
            })
        };
        deployment.shards.iter().map(|shard| read(shard).unwrap()).sum()
    };
    assert_eq!(rows("SELECT count(*) FROM visitor_address"), 1);
    let body = json!({ "kind": "objection", "way": "phone", "purpose": "address", "conversation": conversation, "asked_at": NOW });
    let entered: Request = desk.enter(body).await.json();
    assert_eq!(entered.purpose, Some(shared::wire::privacy::ObjectionPurpose::Address));
    assert_eq!(rows("SELECT count(*) FROM visitor_address"), 1, "not before somebody met it");
    assert_eq!(desk.act(entered.id, "meet", None).await.status, StatusCode::NO_CONTENT);
    assert_eq!(rows("SELECT count(*) FROM visitor_address"), 0);
    assert_eq!(rows("SELECT count(*) FROM objection WHERE purpose = 'address'"), 1);
}
