//! Whoever deletes an account or a business gets the signed receipt by mail, at an address that is kept for that letter
//! alone; and hears of it where a deletion does not happen.

use edge::ops::mail::{OutboxMail, outbox_read};
use edge::rules::receipt::{Receipt, commitment};
use edge::sealing::{Family, KeyScope};
use edge::store::scope::OperatorScope;
use http::{Request, StatusCode};
use shared::id::SlabId;
use shared::time::{DAY_MS, Millis};
use shared::wire::admin::deletion::{Deletion, Deletions};
use shared::wire::admin::team::Role;
use shared::wire::receipt::{ErasureProgress, SignedReceipt};
use tests::{Deployment, Options, Person};

const HOURLY: &str = "17 * * * *";
const OFTEN: &str = "*/5 * * * *";

async fn at(deployment: &Deployment, now: Millis) {
    deployment.clock.wind(now);
    deployment.run_due(HOURLY, now).await;
    deployment.run_due(OFTEN, now).await;
}

async fn outbox(deployment: &Deployment, kind: &str) -> Vec<OutboxMail> {
    let mails = outbox_read(&deployment.app, &OperatorScope::of_deployment()).await.unwrap();
    mails.into_iter().filter(|mail| mail.kind == kind).collect()
}

fn rows(deployment: &Deployment, sql: &str) -> i64 {
    deployment
        .directory
        .with_connection(|connection| connection.query_row(sql, [], |row| row.get(0)).unwrap())
        .unwrap()
}

/// Where the keys of the addresses that receipts go to lie.
fn confirmation_keys(deployment: &Deployment) -> Vec<(SlabId, u16)> {
    deployment
        .directory
        .with_connection(|connection| {
            let mut keys = connection
                .prepare("SELECT slab, slot FROM seal_key WHERE owner_kind = 'erasure' ORDER BY slot")
                .unwrap();
            let keys = keys.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get(1)?))).unwrap();
            keys.map(|key| key.map(|(slab, slot)| (slab.parse().unwrap(), slot)).unwrap()).collect()
        })
        .unwrap()
}

/// Letters of a kind as they were just before they left, while the jobs run for `minutes` of their time.
async fn letters(deployment: &Deployment, from: Millis, minutes: i64, kind: &str) -> Vec<String> {
    let mut letters: Vec<String> = Vec::new();
    for minute in (0..minutes).step_by(5) {
        at(deployment, from.plus_ms(minute * 60_000)).await;
        for mail in outbox(deployment, kind).await.into_iter().filter(|mail| mail.state == "queued") {
            if let (Some(to), Some(text)) = (mail.to, mail.text) {
                letters.push(format!("{}\n{}", to.expose(), text.expose()));
            }
        }
        deployment.deliver().await;
    }
    letters
}

/// The document of a letter (its reader reads French), and what shows that it is its reader's.
fn document(letter: &str) -> (SignedReceipt, String, String) {
    let document = letter.lines().find(|line| line.starts_with('{')).expect("a document");
    let proof = letter.lines().find(|line| line.contains("votre secret, ")).expect("a proof");
    let word = |after: &str| {
        let rest = proof.split(after).nth(1).expect("a word");
        rest.split(',').next().unwrap_or_default().to_owned()
    };
    (serde_json::from_str(document).unwrap(), word("Avec son identifiant, "), word("votre secret, "))
}

#[tokio::test(start_paused = true)]
async fn b5_p4_6_the_receipt_of_a_deletion_is_mailed_and_verifies_and_then_the_address_is_nowhere() {
    let deployment = Deployment::new(Options::default());
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    let business = ada.sign_up("Hôtel Ada").await;
    let asked: Deletion = ada.send("POST", "/v1/admin/account/deletion", None).await.json();
    deployment.deliver().await;
    let before = letters(&deployment, asked.due_at, 10, "deletion_done").await;
    assert!(before.len() == 1 && before[0].contains("Un reçu signé arrive à cette adresse"), "{before:?}");
    let letters = letters(&deployment, asked.due_at.plus_ms(10 * 60_000), 80, "deletion_receipt").await;
    assert_eq!(letters.len(), 2, "one for the business, one for the account");
    let mut about = Vec::new();
    for letter in &letters {
        assert!(letter.starts_with("ada@hotel.example\n") && letter.contains("ada Lovelace"), "{letter}");
        let (signed, erasure, nonce) = document(letter);
        let receipt: Receipt = serde_json::from_str(&signed.receipt).unwrap();
        assert_eq!(receipt.erasure.to_string(), erasure);
        assert_eq!(receipt.subject, commitment(&nonce, receipt.erasure), "it is hers");
        assert!(receipt.left.values().all(|rows| *rows == 0));
        let pasted = format!("receipt={}", serde_json::to_string(&signed).unwrap());
        let page = Request::post("/privacy/receipts").body(pasted.into()).unwrap();
        let page = deployment.answer(page).await;
        assert!(page.text().contains("This receipt is genuine."), "{}", page.text());
        let asked = serde_json::json!({ "erasure": erasure, "nonce": nonce });
        let read = deployment.send("POST", "/v1/privacy/receipts/read", None, Some(asked)).await;
        assert_eq!(read.json::<ErasureProgress>().receipt, Some(signed));
        about.push(receipt.business);
    }
    assert_eq!(about, [Some(business), None]);
    assert!(letters[0].contains("Hôtel Ada"), "the business by its name, which is gone by now");
    assert_eq!(rows(&deployment, "SELECT count(*) FROM account"), 0);
    assert_eq!(rows(&deployment, "SELECT count(*) FROM erasure_contact"), 0, "the letter has gone");
    let keys = confirmation_keys(&deployment);
    assert_eq!(keys.len(), 2);
    assert_eq!(rows(&deployment, "SELECT min(state) FROM seal_key WHERE owner_kind = 'erasure'"), 2);
    for (slab, slot) in keys {
        let living =
            deployment.app.keyring.slots_living(KeyScope::Accounts, Family::Erasure, slab, &[slot]).await;
        assert_eq!(living.unwrap(), 0, "no backup of the directory opens it");
    }
    for mail in outbox(&deployment, "deletion_receipt").await {
        assert!(mail.to.is_none() && mail.text.is_none());
    }
}

#[tokio::test(start_paused = true)]
async fn b5_an_address_whose_letter_never_leaves_is_gone_after_seven_days() {
    // No vendor, and not a developer's machine: nothing is sent.
    let deployment = Deployment::new(Options::default());
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    ada.sign_up("Hôtel Ada").await;
    let asked: Deletion = ada.send("POST", "/v1/admin/account/deletion", None).await.json();
    // Messages of the queue are lost, and no mail goes.
    for minutes in (0..80).step_by(5) {
        at(&deployment, asked.due_at.plus_ms(minutes * 60_000)).await;
        drop(deployment.outbound.take());
    }
    assert_eq!(rows(&deployment, "SELECT count(*) FROM erasure_contact"), 2);
    at(&deployment, asked.due_at.plus_ms(8 * DAY_MS)).await;
    at(&deployment, asked.due_at.plus_ms(8 * DAY_MS + 300_000)).await;
    assert_eq!(rows(&deployment, "SELECT count(*) FROM erasure_contact"), 0);
    assert_eq!(
        rows(&deployment, "SELECT count(*) FROM seal_key WHERE owner_kind = 'erasure' AND state < 2"),
        0,
        "its key went with it"
    );
}

#[tokio::test(start_paused = true)]
async fn p4_1_k11_an_account_deletion_that_was_overtaken_ends_with_a_letter_that_says_why() {
    let deployment = Deployment::new(Options::default());
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    let business = ada.sign_up("Hôtel Ada").await;
    let asked: Deletion = ada.send("POST", "/v1/admin/account/deletion", None).await.json();
    let mut grace = Person::new(&deployment, "grace@hotel.example");
    let link = ada.invite(business, &grace.email, Role::Manager).await;
    assert_eq!(grace.join(link).await.status, StatusCode::OK);
    deployment.deliver().await;
    let told = letters(&deployment, asked.due_at, 20, "deletion_kept").await;
    assert_eq!(told.len(), 1, "one letter, however often the job runs: {told:?}");
    assert!(
        told[0].starts_with("ada@hotel.example\n") && told[0].contains("Hôtel Ada (Grace Hopper)"),
        "{told:?}"
    );
    let cancelled = "SELECT count(*) FROM deletion WHERE cancelled_at IS NOT NULL AND begun_at IS NULL";
    assert_eq!(rows(&deployment, cancelled), 1);
    assert_eq!(rows(&deployment, "SELECT count(*) FROM audit WHERE action = 'deletion_cancel'"), 1);
    assert_eq!(outbox(&deployment, "deletion_done").await.len(), 0);
    let mut ada = ada.elsewhere();
    ada.sign_in().await;
    let read: Deletions = ada.send("GET", "/v1/admin/account/deletion", None).await.json();
    assert_eq!((read.deletions.len(), read.blocks.len()), (0, 1), "she may ask anew");
}
