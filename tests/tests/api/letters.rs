//! What people find in their mailbox, from the door that caused it: on a developer's machine, where the outbox shows it.

use edge::ops::mail::webhook_take;
use http::StatusCode;
use serde_json::{Value, json};
use shared::limits::EMAIL_CHANGE_MS;
use shared::wire::admin::sign_in::CodeAsked;
use shared::wire::admin::team::Role;
use tests::{Deployment, Options, Person};

/// The newest mails, newest first, after everything was delivered. Time goes on, so that what follows is newer.
async fn outbox(deployment: &Deployment) -> Vec<Value> {
    deployment.deliver().await;
    let mails = deployment.send("GET", "/dev/outbox", None, None).await.json();
    deployment.clock.wind(deployment.clock.now().plus_ms(1));
    mails
}

/// The newest mail to an address, of which there must be one: its kind, its subject and its text.
async fn newest(deployment: &Deployment, email: &str) -> (String, String, String) {
    let outbox = outbox(deployment).await;
    let mail = outbox.iter().find(|mail| mail["to"] == email).expect("a mail to that address");
    assert_eq!(mail["state"], "sent");
    let part = |name: &str| mail[name].as_str().unwrap_or_default().to_owned();
    (part("kind"), part("subject"), part("text"))
}

/// The line of a text that is six digits and nothing else.
fn digits(text: &str) -> &str {
    let is_code = |line: &&str| line.len() == 6 && line.bytes().all(|byte| byte.is_ascii_digit());
    text.lines().find(is_code).expect("a code on a line of its own")
}

async fn team() -> Deployment {
    Deployment::with_two_businesses(Options::default()).await
}

#[tokio::test]
async fn the_code_in_the_mail_opens_the_account_and_greets_nobody_by_a_name_that_nobody_proved() {
    let deployment = team().await;
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    let asked = ada.sign_up_ask("Hôtel Ada").await;
    let (kind, subject, text) = newest(&deployment, &ada.email).await;
    assert_eq!(kind, "sign_up_code");
    assert_eq!(subject, format!("{} est votre code Loquet", digits(&text)));
    assert!(text.starts_with("Bonjour,\n") && !text.contains("Lovelace"), "{text}");
    let answer = ada.code_give(asked.code, digits(&text)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    outbox(&deployment).await;
    ada.sign_in_ask().await;
    let (kind, _, text) = newest(&deployment, &ada.email).await;
    assert_eq!(kind, "sign_in_code");
    assert!(text.starts_with("Bonjour ada Lovelace,\n"), "{text}");
}

#[tokio::test]
async fn whoever_signs_up_twice_is_told_so_in_the_mailbox_and_nowhere_else() {
    let deployment = team().await;
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    ada.sign_up("Hôtel Ada").await;
    outbox(&deployment).await;
    let mut again = ada.elsewhere();
    let asked = again.sign_up_ask("Hôtel Ada").await;
    let (kind, _, text) = newest(&deployment, &ada.email).await;
    assert_eq!(kind, "already_signed_up");
    assert!(text.contains("qui en a déjà un"), "{text}");
    assert_eq!(again.code_give(asked.code, digits(&text)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_link_of_an_invitation_lets_its_reader_in_and_a_revoked_one_is_never_sent() {
    let deployment = team().await;
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    let business = ada.sign_up("Hôtel <Ada>").await;
    ada.invite(business, "Grace@hotel.example", Role::Manager).await;
    let (kind, subject, text) = newest(&deployment, "Grace@hotel.example").await;
    assert_eq!(kind, "invitation");
    assert_eq!(subject, "ada Lovelace lädt Sie zu Hôtel <Ada> auf Loquet ein");
    assert!(text.contains("als Manager") && text.starts_with("Guten Tag,\n"), "{text}");
    let link = text.lines().find(|line| line.starts_with("https://")).expect("a link");
    let (origin, fragment) = link.split_once("/app/#/invitation/").expect("the secret in the fragment");
    assert_eq!(origin, "https://chat.example.eu");
    let (invitation, token) = fragment.split_once('/').unwrap();
    let mut grace = Person::new(&deployment, "grace@hotel.example");
    let joined = grace.join(json!({ "invitation": invitation, "token": token })).await;
    assert_eq!(joined.status, StatusCode::OK, "{}", joined.text());

    let revoked = ada.invite(business, "eve@evil.example", Role::Viewer).await;
    let path =
        format!("/v1/admin/businesses/{business}/invitations/{}", revoked["invitation"].as_str().unwrap());
    assert_eq!(ada.send("DELETE", &path, None).await.status, StatusCode::NO_CONTENT);
    let mails = outbox(&deployment).await;
    let mail = mails.iter().find(|mail| mail["kind"] == "invitation").unwrap();
    assert_eq!((&mail["state"], &mail["to"], &mail["text"]), (&"lapsed".into(), &Value::Null, &Value::Null));
}

#[tokio::test]
async fn p3_4_security_alerts_say_what_happened_where_to_look_and_whom_to_write_to() {
    let deployment = team().await;
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    let business = ada.sign_up("Hôtel Ada").await;
    outbox(&deployment).await;
    ada.elsewhere().sign_in().await;
    let (kind, _, text) = newest(&deployment, &ada.email).await;
    assert_eq!(kind, "new_device");
    assert!(
        text.contains("Firefox") && text.contains("https://chat.example.eu/app/#/settings/security"),
        "{text}"
    );
    let form = json!({ "name": "Booking engine", "scopes": ["business_read"], "days": 30 });
    let made = ada.send("POST", &format!("/v1/admin/businesses/{business}/tokens"), Some(form)).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.text());
    let (kind, subject, text) = newest(&deployment, &ada.email).await;
    assert_eq!((kind.as_str(), subject.as_str()), ("new_token", "Un nouveau jeton d’API pour Hôtel Ada"));
    assert!(text.contains("« Booking engine »") && text.contains("Le 21 novembre 2026"), "{text}");

    let link = ada.invite(business, "grace@hotel.example", Role::Admin).await;
    let mut grace = Person::new(&deployment, "grace@hotel.example");
    grace.join(link).await;
    let heir = grace.me().await.account;
    let path = format!("/v1/admin/businesses/{business}/transfer");
    outbox(&deployment).await;
    let handed = ada.send("POST", &path, Some(json!({ "account": heir }))).await;
    assert_eq!(handed.status, StatusCode::NO_CONTENT, "{}", handed.text());
    for (email, subject) in [
        (&ada.email, "Hôtel Ada a un nouveau propriétaire sur Loquet"),
        (&grace.email, "Hôtel Ada on Loquet has a new owner"),
    ] {
        let (kind, told, _) = newest(&deployment, email).await;
        assert_eq!((kind.as_str(), told.as_str()), ("ownership_transferred", subject));
    }
}

#[tokio::test]
async fn a_change_of_address_is_told_to_the_new_one_and_to_the_old_one_which_can_stop_it() {
    let deployment = team().await;
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    ada.sign_up("Hôtel Ada").await;
    outbox(&deployment).await;
    let ask = json!({ "email": "ada@new.example" });
    let asked: CodeAsked = ada.send("POST", "/v1/admin/account/email", Some(ask.clone())).await.json();
    let (kind, _, text) = newest(&deployment, "ada@new.example").await;
    assert_eq!(kind, "email_change_code");
    assert!(text.starts_with("Bonjour,\n"), "a new address is proved by nothing yet: {text}");
    let given = json!({ "code": asked.code, "digits": digits(&text) });
    let confirmed = ada.send("POST", "/v1/admin/account/email/code", Some(given)).await;
    assert_eq!(confirmed.status, StatusCode::OK, "{}", confirmed.text());
    let (kind, _, text) = newest(&deployment, "ada@hotel.example").await;
    assert_eq!(kind, "email_changing");
    assert!(text.contains("Le 23 novembre 2026"), "{text}");
    let (_, fragment) =
        text.split_once("https://chat.example.eu/app/#/stop/").expect("the link that stops it");
    let (change, token) = fragment.lines().next().and_then(|line| line.split_once('/')).unwrap();
    let mut reader = Person::new(&deployment, "whoever@reads.example");
    let stop = json!({ "change": change, "token": token });
    let stopped = reader.send("POST", "/v1/admin/email/stop", Some(stop)).await;
    assert_eq!(stopped.status, StatusCode::NO_CONTENT, "{}", stopped.text());

    ada.sign_in().await;
    outbox(&deployment).await;
    let asked: CodeAsked = ada.send("POST", "/v1/admin/account/email", Some(ask)).await.json();
    let given = json!({ "code": asked.code, "digits": ada.digits(asked.code) });
    ada.send("POST", "/v1/admin/account/email/code", Some(given)).await;
    outbox(&deployment).await;
    let due = deployment.clock.now().plus_ms(EMAIL_CHANGE_MS);
    deployment.clock.wind(due);
    deployment.run_due("17 * * * *", due).await;
    let (kind, subject, _) = newest(&deployment, "ada@new.example").await;
    assert_eq!(
        (kind.as_str(), subject.as_str()),
        ("email_changed", "Voici désormais l’adresse de votre compte Loquet")
    );
}

#[tokio::test]
async fn a_code_that_was_entered_proves_that_a_mailbox_lives_again() {
    let deployment = team().await;
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    ada.sign_up("Hôtel Ada").await;
    outbox(&deployment).await;
    let told = json!({
        "type": "email.complained", "created_at": "2026-11-21T18:00:00Z", "data": { "to": ["ADA@hotel.example"] },
    });
    webhook_take(&deployment.app, told.to_string().as_bytes()).await.unwrap();
    let business = ada.me().await.memberships.last().unwrap().business;
    let make = |name: &str| json!({ "name": name, "scopes": ["business_read"], "days": 30 });
    let path = format!("/v1/admin/businesses/{business}/tokens");
    ada.send("POST", &path, Some(make("first"))).await;
    assert_eq!(outbox(&deployment).await[0]["state"], "suppressed");
    ada.sign_in().await;
    outbox(&deployment).await;
    ada.send("POST", &path, Some(make("second"))).await;
    let newest = &outbox(&deployment).await[0];
    assert_eq!((&newest["kind"], &newest["state"]), (&"new_token".into(), &"sent".into()));
}
