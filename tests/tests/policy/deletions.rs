//! Leaving: thirty days to think again, then everything of an account and of its business is gone.

use http::StatusCode;
use shared::time::{DAY_MS, Millis};
use shared::wire::admin::deletion::{AccountCopy, Deletion, Deletions};
use shared::wire::admin::team::Role;
use shared::wire::problem::{Kind, Problem};
use tests::{Deployment, NOW, Options, Person};

const HOURLY: &str = "17 * * * *";
const OFTEN: &str = "*/5 * * * *";

async fn at(deployment: &Deployment, now: Millis) {
    deployment.clock.wind(now);
    deployment.run_due(HOURLY, now).await;
    deployment.run_due(OFTEN, now).await;
}

fn rows(deployment: &Deployment, sql: &str) -> i64 {
    deployment
        .directory
        .with_connection(|connection| connection.query_row(sql, [], |row| row.get(0)).unwrap())
        .unwrap()
}

/// Runs the jobs until a deletion has come to its end, an hour of their time at most. How many letters told of it.
async fn carry_out(deployment: &Deployment, from: Millis) -> usize {
    let mut told = 0;
    for minutes in (0..70).step_by(5) {
        at(deployment, from.plus_ms(minutes * 60_000)).await;
        told = told.max(deployment.mails_count("deletion_done").await);
        deployment.deliver().await;
    }
    told
}

#[tokio::test(start_paused = true)]
async fn p4_1_p4_6_an_account_has_thirty_days_in_which_everything_works_and_it_can_be_cancelled() {
    let deployment = Deployment::new(Options::default());
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    let business = ada.sign_up("Hôtel Ada").await;
    let asked: Deletion = ada.send("POST", "/v1/admin/account/deletion", None).await.json();
    assert_eq!(asked.due_at, NOW.plus_ms(30 * DAY_MS));
    assert_eq!(deployment.mails_count("deletion_asked").await, 1);
    let again = ada.send("POST", "/v1/admin/account/deletion", None).await;
    assert_eq!(again.problem(), Kind::DeletionPending);
    let read: Deletions = ada.send("GET", "/v1/admin/account/deletion", None).await.json();
    assert_eq!((read.deletions.len(), read.businesses.len()), (1, 1));
    for (left, mailed) in [(8, 0), (7, 1), (6, 1), (1, 2)] {
        at(&deployment, asked.due_at.minus_ms(left * DAY_MS)).await;
        assert_eq!(deployment.mails_count("deletion_soon").await, mailed, "{left} days before");
    }
    let mut ada = ada.elsewhere();
    ada.sign_in().await;
    let path = format!("/v1/admin/businesses/{business}");
    assert_eq!(ada.send("GET", &path, None).await.status, StatusCode::OK, "everything works as before");
    let cancelled = ada.send("DELETE", "/v1/admin/account/deletion", None).await;
    assert_eq!(cancelled.status, StatusCode::NO_CONTENT);
    carry_out(&deployment, asked.due_at.plus_ms(DAY_MS)).await;
    assert_eq!(rows(&deployment, "SELECT count(*) FROM account"), 1, "nothing happened");
    assert_eq!(rows(&deployment, "SELECT count(*) FROM business WHERE state = 'active'"), 1);
}

#[tokio::test(start_paused = true)]
async fn p4_6_k10_once_the_grace_is_over_account_and_business_are_gone_and_nothing_opens() {
    let deployment = Deployment::new(Options::default());
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    ada.sign_up("Hôtel Ada").await;
    let mut eve = Person::new(&deployment, "eve@inn.example");
    let inn = eve.sign_up("Eve’s Inn").await;
    let account = ada.me().await.account;
    let asked: Deletion = ada.send("POST", "/v1/admin/account/deletion", None).await.json();
    at(&deployment, asked.due_at.minus_ms(1)).await;
    assert_eq!(rows(&deployment, "SELECT count(*) FROM business WHERE state = 'active'"), 2);
    let told = carry_out(&deployment, asked.due_at).await;
    assert_eq!(told, 2, "she was told of both");
    assert_eq!(rows(&deployment, "SELECT count(*) FROM business"), 1, "hers is gone, the other one is not");
    let found = edge::ops::account::account_contact(&deployment.app, account).await.unwrap();
    assert!(found.is_none(), "name and address open no more");
    let done = "SELECT count(*) FROM deletion WHERE done_at IS NOT NULL";
    assert_eq!(rows(&deployment, done), 2, "what stays shows that it was done");
    let mut eve = eve.elsewhere();
    eve.sign_in().await;
    let path = format!("/v1/admin/businesses/{inn}");
    assert_eq!(eve.send("GET", &path, None).await.status, StatusCode::OK);
}

#[tokio::test(start_paused = true)]
async fn k11_an_owner_removes_the_other_members_first_and_the_error_names_them() {
    let deployment = Deployment::new(Options::default());
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    let business = ada.sign_up("Hôtel Ada").await;
    let mut grace = Person::new(&deployment, "grace@hotel.example");
    let link = ada.invite(business, &grace.email, Role::Manager).await;
    grace.join(link).await;
    for path in ["/v1/admin/account/deletion".to_owned(), format!("/v1/admin/businesses/{business}/deletion")]
    {
        let refused = ada.send("POST", &path, None).await;
        assert_eq!(refused.problem(), Kind::MembersRemain, "{path}");
        let who = refused.json::<Problem>().who.unwrap().into_exposed();
        assert_eq!(who, "Hôtel Ada: Grace Hopper", "{path}");
    }
    // A manager may go at any time, and leaves the business as it is.
    let left: Deletion = grace.send("POST", "/v1/admin/account/deletion", None).await.json();
    carry_out(&deployment, left.due_at).await;
    assert_eq!(rows(&deployment, "SELECT count(*) FROM membership"), 1);
    let mut ada = ada.elsewhere();
    ada.sign_in().await;
    let path = format!("/v1/admin/businesses/{business}/deletion");
    let asked = ada.send("POST", &path, None).await;
    assert_eq!(asked.status, StatusCode::OK, "{}", asked.text());
    assert_eq!(ada.send("DELETE", &path, None).await.status, StatusCode::NO_CONTENT);
    assert_eq!(ada.send("DELETE", &path, None).await.problem(), Kind::NotFound);
}

#[tokio::test(start_paused = true)]
async fn p6_1_p6_5_account_users_take_a_copy_of_their_own_data() {
    let deployment = Deployment::new(Options::default());
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    let business = ada.sign_up("Hôtel Ada").await;
    let answer = ada.send("GET", "/v1/admin/account/copy", None).await;
    assert!(answer.headers["content-disposition"].to_str().unwrap().contains("my-account.json"));
    let text = answer.text();
    let copy: AccountCopy = answer.json();
    assert_eq!(
        (copy.schema.as_str(), copy.email.expose().as_str()),
        ("loquet-account-1", "ada@hotel.example")
    );
    assert_eq!(copy.memberships[0].business, business);
    assert_eq!(copy.sessions.len(), 1);
    assert!(copy.audit.iter().any(|line| line.action == "business_open"));
    for secret in [ada.csrf.clone().unwrap(), ada.cookies.values().next().unwrap().clone()] {
        assert!(!text.contains(&secret), "what opens a door is no copy of data");
    }
}

#[tokio::test(start_paused = true)]
async fn k11_a_business_that_somebody_joined_or_took_over_during_the_grace_is_not_deleted() {
    let deployment = Deployment::new(Options::default());
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    let business = ada.sign_up("Hôtel Ada").await;
    let below = format!("/v1/admin/businesses/{business}");
    let asked: Deletion = ada.send("POST", &format!("{below}/deletion"), None).await.json();
    let mut grace = Person::new(&deployment, "grace@hotel.example");
    let link = ada.invite(business, &grace.email, Role::Manager).await;
    assert_eq!(grace.join(link).await.status, StatusCode::OK);
    let to = serde_json::json!({ "account": grace.me().await.account });
    let handed = ada.send("POST", &format!("{below}/transfer"), Some(to)).await;
    assert_eq!(handed.status, StatusCode::NO_CONTENT, "{}", handed.text());
    let left = ada.send("POST", &format!("{below}/leave"), None).await;
    assert_eq!(left.status, StatusCode::NO_CONTENT, "{}", left.text());
    carry_out(&deployment, asked.due_at).await;
    assert_eq!(rows(&deployment, "SELECT count(*) FROM business WHERE state = 'active'"), 1);
    let cancelled = "SELECT count(*) FROM deletion WHERE cancelled_at IS NOT NULL AND begun_at IS NULL";
    assert_eq!(rows(&deployment, cancelled), 1, "its new owner may ask for it anew");
    let noted = "SELECT count(*) FROM audit WHERE action = 'deletion_cancel' AND business IS NOT NULL";
    assert_eq!(rows(&deployment, noted), 1, "the log says so");
    assert_eq!(deployment.mails_count("deletion_done").await, 0);
    let mut grace = grace.elsewhere();
    grace.sign_in().await;
    assert_eq!(grace.send("GET", &below, None).await.status, StatusCode::OK);
}
