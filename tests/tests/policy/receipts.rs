//! B5: every erasure leaves a signed receipt, which anybody holding it can check.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use edge::ops::erasure::{Begun, Reason, Subject, erasure_begin};
use edge::rules::receipt::{Receipt, commitment};
use edge::store::scope::BusinessScope;
use http::{Request, StatusCode};
use shared::limits::ERASURE_SETTLE_MS;
use shared::time::Millis;
use shared::wire::problem::Kind;
use shared::wire::receipt::{CheckedReceipt, ErasureProgress, ReceiptKeys, SignedReceipt};
use tests::{Deployment, NOW, Options, Visitor, business_id};

const OFTEN: &str = "*/5 * * * *";

async fn at(deployment: &Deployment, now: Millis) {
    deployment.clock.wind(now);
    deployment.run_due(OFTEN, now).await;
}

/// Somebody who wrote and had it erased, to the end.
async fn erased(deployment: &Deployment) -> Begun {
    let mut visitor = Visitor::at(deployment, 0).await;
    visitor.write("Hello").await;
    deployment.settle().await;
    let (conversation, _) = visitor.thread.clone().unwrap();
    let scope = BusinessScope::new(business_id(0), 0);
    let subject = Subject::Conversation(conversation);
    let begun = erasure_begin(&deployment.app, &scope, subject, Reason::Request, NOW).await.unwrap();
    at(deployment, NOW).await;
    at(deployment, NOW.plus_ms(ERASURE_SETTLE_MS)).await;
    begun
}

async fn progress(deployment: &Deployment, begun: &Begun) -> ErasureProgress {
    let body = serde_json::json!({ "erasure": begun.id, "nonce": begun.nonce.expose() });
    deployment.send("POST", "/v1/privacy/receipts/read", None, Some(body)).await.json()
}

#[tokio::test(start_paused = true)]
async fn b5_an_erasure_leaves_a_signed_receipt_with_counts_that_only_its_holder_reads() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let begun = erased(&deployment).await;
    let progress = progress(&deployment, &begun).await;
    assert_eq!(progress.state, "receipted");
    let signed = progress.receipt.unwrap();
    let receipt: Receipt = serde_json::from_str(&signed.receipt).unwrap();
    assert_eq!(receipt.found["message"], 2);
    assert_eq!(receipt.deleted["message"], 2);
    assert!(receipt.left.values().all(|rows| *rows == 0) && receipt.left.contains_key("keys"));
    assert_eq!(receipt.slabs.len(), 1);
    assert_eq!(
        receipt.subject,
        commitment(begun.nonce.expose(), begun.id),
        "the holder can show that it is theirs"
    );
    assert_eq!(receipt.history_until, "2026-12-21T18:00Z");

    let guess = serde_json::json!({ "erasure": begun.id, "nonce": "guessed" });
    let answer = deployment.send("POST", "/v1/privacy/receipts/read", None, Some(guess)).await;
    assert_eq!(answer.problem(), Kind::NotFound);
}

#[tokio::test(start_paused = true)]
async fn b5_whoever_holds_a_receipt_checks_it_and_a_changed_one_fails() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let begun = erased(&deployment).await;
    let signed = progress(&deployment, &begun).await.receipt.unwrap();
    let check = async |signed: &SignedReceipt| -> CheckedReceipt {
        let body = serde_json::to_value(signed).unwrap();
        deployment.send("POST", "/v1/privacy/receipts/check", None, Some(body)).await.json()
    };
    let checked = check(&signed).await;
    assert!(checked.valid && checked.key.is_some());
    let forged = SignedReceipt {
        receipt: signed.receipt.replace("\"message\": 2", "\"message\": 3"),
        ..signed.clone()
    };
    assert_ne!(forged.receipt, signed.receipt);
    assert!(!check(&forged).await.valid);

    let page = async |text: &str| {
        let request = Request::builder().method("POST").uri("/privacy/receipts");
        let answer = deployment.answer(request.body(format!("receipt={text}\r\n").into()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::OK);
        answer.text()
    };
    assert!(page(&serde_json::to_string_pretty(&signed).unwrap()).await.contains("This receipt is genuine"));
    assert!(page(&serde_json::to_string(&forged).unwrap()).await.contains("not genuine"));
    let lines = format!("{}\n{}", begun.id, begun.nonce.expose());
    assert!(page(&lines).await.contains("This receipt is genuine"), "the two lines show it, too");
    assert!(page(&format!("{} guessed", begun.id)).await.contains("Nothing is known by these lines"));
    let nonsense = page("<script>alert(1)</script>").await;
    assert!(nonsense.contains("This is no receipt") && !nonsense.contains("<script>"));
}

#[tokio::test(start_paused = true)]
async fn b5_a_receipt_is_checked_offline_by_the_documented_command() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let begun = erased(&deployment).await;
    let signed = progress(&deployment, &begun).await.receipt.unwrap();
    let keys: ReceiptKeys = deployment.send("GET", "/v1/privacy/receipts/keys", None, None).await.json();
    let key = keys.keys.into_iter().find(|key| key.id == signed.key).unwrap();
    let folder = std::env::temp_dir().join(format!("loquet-receipt-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("receipt.txt"), &signed.receipt).unwrap();
    std::fs::write(folder.join("receipt.sig"), STANDARD.decode(&signed.signature).unwrap()).unwrap();
    std::fs::write(folder.join("key.pem"), &key.public_key).unwrap();
    // The command of `docs/sealing.md`, letter by letter.
    let documented = std::fs::read_to_string(tests::repository().join("docs/sealing.md")).unwrap();
    let command = documented.lines().find(|line| line.trim_start().starts_with("openssl pkeyutl")).unwrap();
    let mut words = command.split_whitespace();
    let verify = |words: Vec<&str>| {
        std::process::Command::new(words[0]).args(&words[1..]).current_dir(&folder).output()
    };
    let output = verify(words.by_ref().collect()).expect("openssl is installed");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    std::fs::write(folder.join("receipt.txt"), signed.receipt.replace("request", "retention")).unwrap();
    assert!(!verify(command.split_whitespace().collect()).unwrap().status.success());
    std::fs::remove_dir_all(&folder).unwrap();
}

#[tokio::test(start_paused = true)]
async fn b5_without_a_key_the_erasure_is_carried_out_and_the_receipt_waits_for_one() {
    let variables = |key: &str| {
        let mut variables = vec![("ENV", "production".to_owned())];
        variables.push(("RECEIPT_SIGNING_KEY", key.to_owned()));
        variables
    };
    let first =
        Deployment::with_two_businesses(Options { variables: variables(""), ..Options::default() }).await;
    let begun = erased(&first).await;
    let waiting = progress(&first, &begun).await;
    assert_eq!((waiting.state.as_str(), waiting.waits.as_deref()), ("verified", Some("signing_key")));
    let ready = first.send("GET", "/readyz", None, None).await.text();
    assert!(ready.contains("RECEIPT_SIGNING_KEY"), "{ready}");

    let options = Options { variables: variables(&STANDARD.encode([42; 32])), seed: 9, ..Options::default() };
    let second = Deployment::over(options, first.directory.clone(), first.shards.clone(), first.keys.clone());
    at(&second, NOW.plus_ms(3 * ERASURE_SETTLE_MS)).await;
    assert!(progress(&second, &begun).await.receipt.is_some());
}

#[tokio::test(start_paused = true)]
async fn b5_a_receipt_of_a_key_that_was_replaced_is_still_checked() {
    let with = |key: u8, seed| Options {
        variables: vec![("RECEIPT_SIGNING_KEY", STANDARD.encode([key; 32]))],
        seed,
        ..Options::default()
    };
    let first = Deployment::with_two_businesses(with(1, 7)).await;
    let begun = erased(&first).await;
    let second =
        Deployment::over(with(2, 8), first.directory.clone(), first.shards.clone(), first.keys.clone());
    let signed = progress(&second, &begun).await.receipt.unwrap();
    let body = serde_json::to_value(&signed).unwrap();
    let checked: CheckedReceipt =
        second.send("POST", "/v1/privacy/receipts/check", None, Some(body)).await.json();
    assert!(checked.valid);
}
