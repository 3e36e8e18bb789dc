//! Passkeys: real signatures of both algorithms get in; everything that is forged, replayed, late or foreign does not.

use http::StatusCode;
use serde_json::{Value, json};
use shared::limits::CHALLENGE_MS;
use shared::wire::admin::passkey::{PasskeyChallenge, PasskeyOffer, Passkeys};
use shared::wire::admin::sign_in::SignedIn;
use shared::wire::problem::Kind;
use tests::{Answer, Authenticator, Deployment, NOW, Options, Person, encoded};

async fn offer(person: &mut Person<'_>) -> PasskeyOffer {
    person.send("POST", "/v1/admin/passkeys/offer", None).await.json()
}

async fn challenge(person: &mut Person<'_>) -> PasskeyChallenge {
    person.send("POST", "/v1/admin/sign-in/passkey/challenge", None).await.json()
}

async fn add(person: &mut Person<'_>, authenticator: &Authenticator) {
    let offer = offer(person).await;
    let answer = person.send("POST", "/v1/admin/passkeys", Some(authenticator.make(&offer))).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text());
}

async fn sign_in(person: &mut Person<'_>, signed: Value) -> Answer {
    let answer = person.send("POST", "/v1/admin/sign-in/passkey", Some(signed)).await;
    if answer.status == StatusCode::OK {
        person.csrf = Some(answer.json::<SignedIn>().csrf.into_exposed());
    }
    answer
}

#[tokio::test]
async fn a_passkey_of_either_algorithm_suffices_to_sign_in() {
    let deployment = Deployment::new(Options::default());
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    ada.sign_up("Hôtel Ada").await;
    let account = ada.me().await.account;
    for mut authenticator in [Authenticator::es256(7), Authenticator::rs256()] {
        add(&mut ada, &authenticator).await;
        for _ in 0..2 {
            // Nobody says who they are: the authenticator does.
            let mut elsewhere = ada.elsewhere();
            let challenge = challenge(&mut elsewhere).await;
            let answer = sign_in(&mut elsewhere, authenticator.sign(&challenge)).await;
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
            assert_eq!(elsewhere.me().await.account, account);
        }
    }
    let list: Passkeys = ada.send("GET", "/v1/admin/passkeys", None).await.json();
    assert_eq!(list.passkeys.len(), 2);
    assert!(
        list.passkeys.iter().all(|key| key.device == "Firefox on Linux" && key.last_used_at == Some(NOW))
    );
    let path = format!("/v1/admin/passkeys/{}", list.passkeys[0].id);
    let mut eve = Person::new(&deployment, "eve@evil.example");
    eve.sign_up("Evil").await;
    assert_eq!(eve.send("DELETE", &path, None).await.problem(), Kind::NotFound, "foreign");
    assert_eq!(ada.send("DELETE", &path, None).await.status, StatusCode::NO_CONTENT);
    let mut removed = Authenticator::es256(7);
    removed.sign_count = 50;
    let mut elsewhere = ada.elsewhere();
    let challenge = challenge(&mut elsewhere).await;
    assert_eq!(sign_in(&mut elsewhere, removed.sign(&challenge)).await.problem(), Kind::PasskeyRefused);
}

#[tokio::test]
async fn a_signature_that_is_forged_replayed_late_or_for_another_page_opens_nothing() {
    let deployment = Deployment::new(Options::default());
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    ada.sign_up("Hôtel Ada").await;
    let mut authenticator = Authenticator::es256(7);
    add(&mut ada, &authenticator).await;
    let mut there = ada.elsewhere();
    let refused = async |there: &mut Person<'_>, signed: Value, why: &str| {
        assert_eq!(sign_in(there, signed).await.problem(), Kind::PasskeyRefused, "{why}");
    };

    let asked = challenge(&mut there).await;
    let signed = authenticator.sign(&asked);
    refused(&mut ada.elsewhere(), signed.clone(), "another browser's challenge").await;
    assert_eq!(sign_in(&mut there, signed.clone()).await.status, StatusCode::OK);
    refused(&mut there, signed, "replayed").await;

    let mut there = ada.elsewhere();
    let mut other = Authenticator::es256(8);
    other.credential.clone_from(&authenticator.credential);
    other.sign_count = 90;
    let asked = challenge(&mut there).await;
    refused(&mut there, other.sign(&asked), "another key").await;

    authenticator.origin = "https://evil.example".into();
    let asked = challenge(&mut there).await;
    refused(&mut there, authenticator.sign(&asked), "another origin").await;
    authenticator.origin = "https://chat.example.eu".into();

    let mut asked = challenge(&mut there).await;
    asked.rp_id = "evil.example".into();
    refused(&mut there, authenticator.sign(&asked), "another party").await;

    authenticator.flags = 0x01;
    let asked = challenge(&mut there).await;
    refused(&mut there, authenticator.sign(&asked), "nobody was verified").await;
    authenticator.flags = 0x05;

    let mut asked = challenge(&mut there).await;
    asked.challenge_bytes = encoded(b"sixteen bytes ..");
    refused(&mut there, authenticator.sign(&asked), "another challenge").await;

    let asked = challenge(&mut there).await;
    let mut swapped = authenticator.sign(&asked);
    swapped["signature"] = json!(encoded(&[0x30, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01]));
    refused(&mut there, swapped, "another signature").await;

    let asked = challenge(&mut there).await;
    authenticator.sign_count = 0;
    refused(&mut there, authenticator.sign(&asked), "a counter that went back").await;
    authenticator.sign_count = 40;

    let asked = challenge(&mut there).await;
    deployment.clock.wind(NOW.plus_ms(CHALLENGE_MS));
    refused(&mut there, authenticator.sign(&asked), "late").await;
    let asked = challenge(&mut there).await;
    assert_eq!(sign_in(&mut there, authenticator.sign(&asked)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_passkey_that_is_not_what_it_says_is_not_added() {
    let deployment = Deployment::new(Options::default());
    let (mut ada, mut eve) =
        (Person::new(&deployment, "ada@hotel.example"), Person::new(&deployment, "eve@evil.example"));
    ada.sign_up("Hôtel Ada").await;
    eve.sign_up("Evil").await;
    let authenticator = Authenticator::es256(7);
    let refused = async |person: &mut Person<'_>, made: Value, why: &str| {
        let answer = person.send("POST", "/v1/admin/passkeys", Some(made)).await;
        assert_eq!(answer.problem(), Kind::PasskeyRefused, "{why}");
    };
    let hers = authenticator.make(&offer(&mut ada).await);
    refused(&mut eve, hers.clone(), "somebody else's challenge").await;
    let answer = ada.send("POST", "/v1/admin/passkeys", Some(hers.clone())).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    refused(&mut ada, hers, "replayed").await;
    let known = authenticator.make(&offer(&mut eve).await);
    refused(&mut eve, known, "a credential that somebody has").await;
    let fresh = Authenticator::es256(9);
    for (field, value) in [
        ("algorithm", json!(-8)),
        ("algorithm", json!(-257)),
        ("public_key", json!(encoded(b"no key"))),
        ("credential", json!(encoded(b"another name"))),
        ("authenticator_data", json!(encoded(&[0; 37]))),
        ("client_data", json!("not base64!")),
    ] {
        let mut made = fresh.make(&offer(&mut ada).await);
        made[field] = value;
        refused(&mut ada, made, field).await;
    }
    let mut elsewhere = Authenticator::es256(9);
    elsewhere.origin = "https://evil.example".into();
    let made = elsewhere.make(&offer(&mut ada).await);
    refused(&mut ada, made, "another origin").await;
    let next = offer(&mut ada).await;
    assert_eq!(next.exclude, [encoded(&authenticator.credential)]);
    assert_eq!((next.rp_id.as_str(), next.algorithms.as_slice()), ("chat.example.eu", &[-7, -257][..]));
}
