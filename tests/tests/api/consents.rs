//! The consent strip: a ledger row for each choice, a statistics row after Accept and never otherwise.

use http::StatusCode;
use shared::id::ConsentId;
use shared::wire::frame::Frame;
use shared::wire::problem::Kind;
use tests::{Deployment, NOW, Options, Visitor};

async fn choose(deployment: &Deployment, visitor: &Visitor<'_>, number: u8, choice: &str) -> tests::Answer {
    let frame =
        deployment.send("GET", &format!("/v1/widget/sites/{}?locale=fr", visitor.site), None, None).await;
    let frame: Frame = frame.json();
    let body = serde_json::json!({
        "id": ConsentId::mint(NOW, [number; 10]), "purpose": "statistics", "choice": choice, "way": "strip",
        "version": frame.consent.version, "hash": frame.consent.hash, "locale": "fr",
    });
    let path = format!("/v1/widget/sites/{}/consents", visitor.site);
    deployment.send("POST", &path, Some(&visitor.token), Some(body)).await
}

fn counts(deployment: &Deployment) -> (i64, i64) {
    deployment.shards[0]
        .with_connection(|connection| {
            let count = |table: &str| {
                connection.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
            };
            (count("consent_event"), count("visit_day"))
        })
        .unwrap()
}

#[tokio::test]
async fn p7_2_the_strip_governs_one_statistics_row_and_nothing_else() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let visitor = Visitor::at(&deployment, 0).await;
    assert_eq!(counts(&deployment), (0, 0), "silence leaves nothing");
    assert_eq!(choose(&deployment, &visitor, 1, "declined").await.status, StatusCode::NO_CONTENT);
    assert_eq!(counts(&deployment), (1, 0), "a decline is recorded and counts nothing");
    choose(&deployment, &visitor, 2, "accepted").await;
    assert_eq!(counts(&deployment), (2, 1));
    choose(&deployment, &visitor, 2, "accepted").await;
    choose(&deployment, &visitor, 3, "accepted").await;
    assert_eq!(counts(&deployment), (3, 1), "a visit is counted once, however often it is accepted");
}

#[tokio::test]
async fn b8_the_ledger_holds_the_hash_of_the_words_that_were_shown() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let visitor = Visitor::at(&deployment, 0).await;
    choose(&deployment, &visitor, 1, "accepted").await;
    let (hash, locale, way): (String, String, String) = deployment.shards[0]
        .with_connection(|connection| {
            connection
                .query_row("SELECT text_hash, locale, way FROM consent_event", [], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
                })
                .unwrap()
        })
        .unwrap();
    assert_eq!(hash, edge::rules::consent_text::consent_text("fr").hash);
    assert_eq!((locale.as_str(), way.as_str()), ("fr", "strip"));
}

#[tokio::test]
async fn consent_to_words_that_are_not_in_force_is_stale() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let visitor = Visitor::at(&deployment, 0).await;
    let body = serde_json::json!({
        "id": ConsentId::mint(NOW, [1; 10]), "purpose": "statistics", "choice": "accepted", "way": "strip",
        "version": 1, "hash": "0".repeat(64), "locale": "en",
    });
    let path = format!("/v1/widget/sites/{}/consents", visitor.site);
    let answer = deployment.send("POST", &path, Some(&visitor.token), Some(body)).await;
    assert_eq!(answer.problem(), Kind::ConsentStale);
    assert_eq!(counts(&deployment), (0, 0));
}

#[tokio::test]
async fn b3_a_privacy_signal_of_the_browser_counts_as_declined() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let visitor = Visitor::at(&deployment, 0).await;
    for (name, value, expected) in [("sec-gpc", "1", true), ("dnt", "1", true), ("dnt", "0", false)] {
        let request = http::Request::get(format!("/v1/widget/sites/{}", visitor.site))
            .header(name, value)
            .body(axum::body::Body::empty())
            .unwrap();
        let frame: Frame = deployment.answer(request).await.json();
        assert_eq!(frame.opted_out, expected, "{name}: {value}");
    }
}
