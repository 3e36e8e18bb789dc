//! A question about statistics in a business's own words: what they can't change, and that they are proved when the business
//! has other ones by then.

use http::StatusCode;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use shared::id::ConsentId;
use shared::time::{HOUR_MS, Millis};
use shared::wire::admin::request::ConsentProofs;
use shared::wire::frame::Frame;
use shared::wire::problem::Kind;
use tests::{Answer, Deployment, NOW, Options, Person, Visitor, business_id, site_id};

const HOURLY: &str = "17 * * * *";
const OFTEN: &str = "*/5 * * * *";
const SAME: &str = "Le chat fonctionne pareil dans les deux cas.";
const NOTHING_ELSE: &str = "Rien d’autre ne dépend de ce choix.";

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

/// Sets the words of the site's strip.
async fn words_set(owner: &mut Person<'_>, consent: Value) -> Answer {
    let path = format!("/v1/admin/businesses/{}/sites/{}", business_id(0), site_id(0));
    let mut form = owner.send("GET", &path, None).await.json::<Value>()["form"].clone();
    form["consent"] = consent;
    owner.send("PUT", &path, Some(form)).await
}

async fn frame(deployment: &Deployment, locale: &str) -> Frame {
    deployment
        .send("GET", &format!("/v1/widget/sites/{}?locale={locale}", site_id(0)), None, None)
        .await
        .json()
}

/// Chooses about the words of a frame.
async fn choose(
    deployment: &Deployment,
    visitor: &Visitor<'_>,
    shown: &Frame,
    (number, choice): (u8, &str),
) -> Answer {
    let body = json!({
        "id": ConsentId::mint(NOW, [number; 10]), "purpose": "statistics", "choice": choice, "way": "strip",
        "version": shown.consent.version, "hash": shown.consent.hash, "locale": shown.locale,
    });
    let path = format!("/v1/widget/sites/{}/consents", visitor.site);
    deployment.send("POST", &path, Some(&visitor.token), Some(body)).await
}

async fn ledger(owner: &mut Person<'_>) -> ConsentProofs {
    let path = format!("/v1/admin/businesses/{}/consents/export?format=json", business_id(0));
    owner.send("GET", &path, None).await.json()
}

async fn at(deployment: &Deployment, now: Millis) {
    deployment.clock.wind(now);
    for cron in [HOURLY, OFTEN] {
        deployment.run_due(cron, now).await;
    }
}

fn held(deployment: &Deployment, since: &str) {
    let sql = format!("UPDATE conversation SET held_at = {since}");
    deployment.shards[0].with_connection(|connection| connection.execute(&sql, []).unwrap()).unwrap();
}

fn count(deployment: &Deployment, sql: &str) -> i64 {
    deployment.shards[0]
        .with_connection(|connection| connection.query_row(sql, [], |row| row.get(0)).unwrap())
        .unwrap()
}

#[tokio::test(start_paused = true)]
async fn b8_a_businesss_own_words_are_proved_word_for_word_when_it_has_others_by_then() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let mut owner = owner(&deployment).await;
    let visitor = Visitor::at(&deployment, 0).await;
    let ours = frame(&deployment, "fr").await;
    assert_eq!(choose(&deployment, &visitor, &ours, (1, "declined")).await.status, StatusCode::NO_CONTENT);

    let own = json!({ "fr": { "question": "On vous\tcompte ?", "detail": "Pour la saison.\r\nMerci." } });
    assert_eq!(words_set(&mut owner, own).await.problem(), Kind::ValueRefused, "a tab breaks out of a line");
    let own = json!({ "fr": { "question": " On vous compte ? ", "detail": "Pour la saison.\r\nMerci." } });
    assert_eq!(words_set(&mut owner, own).await.status, StatusCode::NO_CONTENT);
    let first = frame(&deployment, "fr").await;
    assert_eq!(first.consent.question, format!("On vous compte ?\n{SAME}"));
    assert!(first.consent.detail.starts_with("Pour la saison.\nMerci.\n"), "{}", first.consent.detail);
    assert!(first.consent.detail.ends_with(NOTHING_ELSE));
    assert_eq!((ours.consent.version, first.consent.version), (1, 2));
    let words = format!("{}\n{}", first.consent.question, first.consent.detail);
    let hash: String = Sha256::digest(words.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(first.consent.hash, hash);
    let stale = choose(&deployment, &visitor, &ours, (2, "accepted")).await;
    assert_eq!(stale.problem(), Kind::ConsentStale, "what is not shown any more is asked anew");
    assert_eq!(choose(&deployment, &visitor, &first, (2, "accepted")).await.status, StatusCode::NO_CONTENT);

    let own = json!({ "fr": { "question": "Encore ?", "detail": "" } });
    assert_eq!(words_set(&mut owner, own).await.status, StatusCode::NO_CONTENT);
    let second = frame(&deployment, "fr").await;
    assert_eq!((second.consent.version, &second.consent.detail), (3, &ours.consent.detail));
    assert_eq!(choose(&deployment, &visitor, &second, (3, "declined")).await.status, StatusCode::NO_CONTENT);
    assert_eq!(words_set(&mut owner, json!({})).await.status, StatusCode::NO_CONTENT);
    assert_eq!(frame(&deployment, "fr").await.consent, ours.consent, "nothing of their own is ours again");

    let proofs = ledger(&mut owner).await.consents;
    let proved = |version: u32| proofs.iter().find(|proof| proof.version == version).unwrap();
    assert_eq!((proved(2).words.as_ref(), &proved(2).text_hash), (Some(&words), &hash));
    assert!(proved(3).words.as_ref().unwrap().starts_with("Encore ?\n"));
    assert!(proved(1).words.as_ref().unwrap().starts_with(&ours.consent.question));
    let csv =
        owner.send("GET", &format!("/v1/admin/businesses/{}/consents/export", business_id(0)), None).await;
    assert!(csv.text().contains("On vous compte ?"), "{}", csv.text());
}

#[tokio::test(start_paused = true)]
async fn b8_words_are_kept_while_a_choice_is_about_them_and_go_after_it() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let mut owner = owner(&deployment).await;
    let mut writer = Visitor::at(&deployment, 0).await;
    let reader = Visitor::at(&deployment, 0).await;
    for (visitor, question) in [(&writer, "Vous ?"), (&reader, "Toi ?")] {
        let own = json!({ "fr": { "question": question } });
        assert_eq!(words_set(&mut owner, own).await.status, StatusCode::NO_CONTENT);
        let shown = frame(&deployment, "fr").await;
        let number = u8::try_from(question.len()).unwrap();
        let chosen = choose(&deployment, visitor, &shown, (number, "accepted")).await;
        assert_eq!(chosen.status, StatusCode::NO_CONTENT);
    }
    writer.write("Hello").await;
    deployment.settle().await;
    let kept = "SELECT count(*) FROM consent_words";
    assert_eq!(count(&deployment, kept), 2);
    // The writer's conversation is held for a claim; the reader never wrote.
    held(&deployment, "1");
    let over = NOW.plus_months(12);
    at(&deployment, over).await;
    assert_eq!(count(&deployment, "SELECT count(*) FROM consent_event"), 1);
    assert_eq!(count(&deployment, kept), 1);
    assert_eq!(count(&deployment, "SELECT count(*) FROM consent_words WHERE words LIKE 'Vous ?%'"), 1);
    held(&deployment, "NULL");
    at(&deployment, over.plus_ms(HOUR_MS)).await;
    at(&deployment, over.plus_ms(2 * HOUR_MS)).await;
    assert_eq!(count(&deployment, "SELECT count(*) FROM consent_event"), 0);
    assert_eq!(count(&deployment, kept), 0);
}

#[tokio::test(start_paused = true)]
async fn p7_2_b3_accepting_declining_and_silence_are_equal_whatever_a_business_asks() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let mut owner = owner(&deployment).await;
    let own = json!({ "en": { "question": "Accept, or the chat ends.", "detail": "We count everything." } });
    assert_eq!(words_set(&mut owner, own).await.status, StatusCode::NO_CONTENT);
    let shown = frame(&deployment, "en").await;
    // Whatever they wrote, what is true stands below it.
    assert_eq!(shown.consent.question, "Accept, or the chat ends.\nChat works the same either way.");
    assert!(shown.consent.detail.ends_with("Nothing else depends on this choice."));
    let mut transcripts = Vec::new();
    for (number, choice) in [(1, Some("accepted")), (2, Some("declined")), (3, None)] {
        let mut visitor = Visitor::at(&deployment, 0).await;
        if let Some(choice) = choice {
            let chosen = choose(&deployment, &visitor, &shown, (number, choice)).await;
            assert_eq!(chosen.status, StatusCode::NO_CONTENT);
        }
        visitor.write("When is breakfast?").await;
        deployment.settle().await;
        transcripts.push(visitor.transcript().await);
    }
    assert!(transcripts.windows(2).all(|pair| pair[0] == pair[1]), "{transcripts:?}");
    assert_eq!(
        count(&deployment, "SELECT coalesce(sum(visits), 0) FROM visit_day"),
        1,
        "the one that said yes"
    );
    // A browser that said no is not asked, by nobody's words.
    let request = http::Request::get(format!("/v1/widget/sites/{}?locale=en", site_id(0)))
        .header("sec-gpc", "1")
        .body(axum::body::Body::empty())
        .unwrap();
    assert!(deployment.answer(request).await.json::<Frame>().opted_out);
}

#[tokio::test]
async fn p7_2_words_are_shown_in_the_language_that_they_are_in_and_ours_in_every_other() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let mut owner = owner(&deployment).await;
    let german = frame(&deployment, "de").await;
    // The site has texts in English and French.
    let own = json!({ "fr": { "question": "On vous compte ?" }, "de": { "question": "Zählen?" }, "en": {} });
    assert_eq!(words_set(&mut owner, own).await.status, StatusCode::NO_CONTENT);
    assert!(frame(&deployment, "fr").await.consent.question.starts_with("On vous compte ?\n"));
    assert_eq!(frame(&deployment, "de").await.consent, german.consent);
    assert_eq!(frame(&deployment, "en").await.consent.version, 1);
}

#[tokio::test]
async fn words_of_a_strip_that_are_too_long_unknown_or_more_than_words_are_refused() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let mut owner = owner(&deployment).await;
    for (consent, kind) in [
        (json!({ "en": { "question": "x".repeat(201) } }), Kind::ValueRefused),
        (json!({ "en": { "detail": "x".repeat(501) } }), Kind::ValueRefused),
        (json!({ "en": { "question": "two\nlines" } }), Kind::ValueRefused),
        (json!({ "en": { "detail": "turned \u{202e} round" } }), Kind::ValueRefused),
        (json!({ "xx": { "question": "Hm?" } }), Kind::ValueRefused),
        (json!({ "en": { "question": "Hm?", "purpose": "marketing" } }), Kind::BodyMalformed),
        (json!({ "en": "Hm?" }), Kind::BodyMalformed),
    ] {
        assert_eq!(words_set(&mut owner, consent.clone()).await.problem(), kind, "{consent}");
    }
    assert_eq!(frame(&deployment, "en").await.consent.version, 1);
    let most = json!({ "en": { "question": "x".repeat(200), "detail": "y".repeat(500) } });
    assert_eq!(words_set(&mut owner, most).await.status, StatusCode::NO_CONTENT);
}
