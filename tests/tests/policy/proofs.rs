//! What a business can show of its care: the receipts of erasures that it was asked for, the ledger as a file, and the
//! editions of the notice.

use edge::ops::erasure::{Reason, Subject, erasure_begin};
use edge::store::scope::BusinessScope;
use http::StatusCode;
use serde_json::json;
use shared::id::ConsentId;
use shared::limits::ERASURE_SETTLE_MS;
use shared::time::{DAY_MS, Millis};
use shared::wire::admin::proof::{Erasures, NoticeEditions};
use shared::wire::admin::request::ConsentProofs;
use shared::wire::frame::Frame;
use shared::wire::problem::Kind;
use shared::wire::receipt::CheckedReceipt;
use tests::{Deployment, NOW, Options, Person, Visitor, business_id};

const OFTEN: &str = "*/5 * * * *";
const HOURLY: &str = "17 * * * *";

/// Somebody who owns business 0, which visitors write to.
async fn owner(deployment: &Deployment) -> Person<'_> {
    let mut owner = Person::new(deployment, "owner@one.example");
    owner.sign_up("elsewhere").await;
    let account = owner.me().await.account;
    deployment
        .directory
        .with_connection(|connection| {
            let sql =
                "INSERT INTO membership (business, account, role, created_at) VALUES (?1, ?2, 'owner', 0)";
            connection.execute(sql, [business_id(0).to_string(), account.to_string()]).unwrap();
        })
        .unwrap();
    owner
}

fn path(rest: &str) -> String {
    format!("/v1/admin/businesses/{}{rest}", business_id(0))
}

async fn at(deployment: &Deployment, now: Millis) {
    deployment.clock.wind(now);
    deployment.run_due(OFTEN, now).await;
}

async fn erased(deployment: &Deployment, number: u8, reason: Reason) {
    let mut visitor = Visitor::at(deployment, number).await;
    visitor.write("Hello").await;
    deployment.settle().await;
    let (conversation, _) = visitor.thread.clone().unwrap();
    let scope = BusinessScope::new(business_id(number), number.into());
    let subject = Subject::Conversation(conversation);
    erasure_begin(&deployment.app, &scope, subject, reason, NOW).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn b5_the_business_sees_the_receipts_of_what_it_was_asked_to_erase_and_of_nothing_else() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let mut owner = owner(&deployment).await;
    erased(&deployment, 0, Reason::Request).await;
    erased(&deployment, 0, Reason::Retention).await;
    erased(&deployment, 1, Reason::Request).await;
    let listed: Erasures = owner.send("GET", &path("/erasures"), None).await.json();
    assert_eq!(listed.erasures.len(), 1, "neither what time alone erased nor another business's");
    assert!(listed.erasures[0].receipt.is_none() && listed.before.is_none());
    at(&deployment, NOW).await;
    at(&deployment, NOW.plus_ms(ERASURE_SETTLE_MS)).await;
    let listed: Erasures = owner.send("GET", &path("/erasures"), None).await.json();
    let erasure = &listed.erasures[0];
    assert_eq!((erasure.state.as_str(), erasure.reason.as_str()), ("receipted", "request"));
    assert!(erasure.keyless_at.is_some() && erasure.verified_at.is_some());
    let receipt = serde_json::to_value(erasure.receipt.as_ref().unwrap()).unwrap();
    let checked: CheckedReceipt =
        deployment.send("POST", "/v1/privacy/receipts/check", None, Some(receipt)).await.json();
    assert!(checked.valid, "anybody whom it is sent to can have it checked");
    let older: Erasures =
        owner.send("GET", &path(&format!("/erasures?before={}", erasure.id)), None).await.json();
    assert!(older.erasures.is_empty());
    let nonsense = owner.send("GET", &path("/erasures?before=yesterday"), None).await;
    assert_eq!(nonsense.problem(), Kind::ValueRefused);
}

#[tokio::test(start_paused = true)]
async fn b8_the_ledger_leaves_as_a_file_with_the_exact_words() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let mut owner = owner(&deployment).await;
    for number in [0, 1] {
        let visitor = Visitor::at(&deployment, number).await;
        let site = format!("/v1/widget/sites/{}", visitor.site);
        let frame: Frame = deployment.send("GET", &format!("{site}?locale=fr"), None, None).await.json();
        let body = json!({
            "id": ConsentId::mint(NOW, [number; 10]), "purpose": "statistics", "choice": "declined", "way": "strip",
            "version": frame.consent.version, "hash": frame.consent.hash, "locale": "fr",
        });
        let chosen =
            deployment.send("POST", &format!("{site}/consents"), Some(&visitor.token), Some(body)).await;
        assert_eq!(chosen.status, StatusCode::NO_CONTENT);
    }
    let file = owner.send("GET", &path("/consents/export"), None).await;
    let name = file.headers["content-disposition"].to_str().unwrap();
    assert!(name.contains("attachment") && name.contains("loquet-consents.csv"), "{name}");
    let text = file.text();
    let question = edge::rules::consent_text::consent_text("fr").question;
    assert!(text.contains("declined,statistics,strip") && text.contains(&question), "{text}");
    assert!(text.contains("2026-11-21T"), "{text}");
    assert_eq!(text.matches("cns_").count(), 1, "nobody else's: {text}");
    let json: ConsentProofs = owner.send("GET", &path("/consents/export?format=json"), None).await.json();
    assert_eq!((json.consents.len(), json.before), (1, None));
    let odd = owner.send("GET", &path("/consents/export?format=pdf"), None).await;
    assert_eq!(odd.problem(), Kind::ValueRefused);
}

#[tokio::test(start_paused = true)]
async fn p11_the_business_sees_which_edition_is_in_force_which_is_coming_and_since_when() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let mut owner = owner(&deployment).await;
    let before: NoticeEditions = owner.send("GET", &path("/notices"), None).await.json();
    assert!(before.editions.is_empty() && before.sites[0].revised_at.is_none());
    deployment.run_due(HOURLY, NOW).await;
    let first: NoticeEditions = owner.send("GET", &path("/notices"), None).await.json();
    assert!(first.editions[0].is_in_force && !first.editions[0].is_material);
    assert_eq!(first.sites[0].revised_at, Some(NOW));

    // The software said something else when that edition was noted.
    deployment
        .directory
        .with_connection(|connection| {
            connection.execute_batch("UPDATE notice_edition SET hash = 'old', texts = '{}'").unwrap();
        })
        .unwrap();
    let later = NOW.plus_ms(DAY_MS);
    deployment.clock.wind(later);
    deployment.run_due(HOURLY, later).await;
    let mut owner = owner.elsewhere();
    owner.sign_in().await;
    let two: NoticeEditions = owner.send("GET", &path("/notices"), None).await.json();
    let [coming, now] = two.editions.as_slice() else { panic!("{two:?}") };
    assert!(coming.is_material && !coming.is_in_force && now.is_in_force);
    assert_eq!(coming.effective_at, coming.told_at.map(|at| at.plus_ms(30 * DAY_MS)));
}
