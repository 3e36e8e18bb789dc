//! P5.5: the notice says where content is kept and where it is opened, as the deployment is set up.

use http::Request;
use tests::{Deployment, Options, site_id};

/// What the privacy page, the deployment's own page and the record say in a language.
async fn pages(jurisdiction: &str, language: &str) -> [String; 3] {
    let variables = vec![("JURISDICTION", jurisdiction.to_owned())];
    let deployment = Deployment::with_two_businesses(Options { variables, ..Options::default() }).await;
    let read = async |path: &str| {
        let request =
            Request::get(format!("{path}?locale={language}")).body(axum::body::Body::empty()).unwrap();
        deployment.answer(request).await.text()
    };
    let site = format!("/privacy/{}", site_id(0));
    let page = read(&site).await;
    // The whole catalogue stands in the page for its script: what is shown is looked at.
    let shown = page.split("id=\"where\">").nth(1).expect("it is shown").split("</p>").next().unwrap();
    [shown.to_owned(), read("/privacy/platform").await, read("/privacy/map").await]
}

#[tokio::test(start_paused = true)]
async fn p5_5_the_notice_says_where_content_is_kept_and_opened_in_each_language() {
    for (language, kept, unasked) in [
        ("en", "Everything is stored in the European Union", "asks the hosting for no place"),
        ("fr", "Tout est conservé dans l’Union européenne", "ne demande aucun lieu"),
        ("de", "Alles wird in der Europäischen Union gespeichert", "verlangt vom Hosting keinen Ort"),
        ("es", "Todo se guarda en la Unión Europea", "no pide ningún lugar"),
    ] {
        let [site, platform, map] = pages("eu", language).await;
        for page in [&site, &platform] {
            assert!(page.contains(kept) && !page.contains(unasked), "{language}: {page}");
        }
        assert!(map.contains("Stored in the European Union"));
        let [site, platform, map] = pages("", language).await;
        for page in [&site, &platform] {
            assert!(page.contains(unasked) && !page.contains(kept), "{language}: {page}");
        }
        assert!(map.contains("No place was asked for") && !map.contains("Stored in the European Union"));
    }
}

#[tokio::test(start_paused = true)]
async fn p5_5_nothing_claims_that_content_is_opened_in_the_union_alone() {
    let [site, ..] = pages("eu", "en").await;
    assert!(site.contains(
        "nearest to whoever asks, and is opened there for that moment; outside the Union where they are"
    ));
    // Nor at somebody's request alone, or by the chat's own place.
    for (language, unasked, drafts) in [
        (
            "en",
            "are made when nobody asks, in a data centre that the hosting chooses",
            "Drafts and translations",
        ),
        ("fr", "dans un centre de données choisi par l’hébergeur", "Les brouillons et traductions"),
        ("de", "in einem Rechenzentrum nach Wahl des Hostings", "Entwürfe und Übersetzungen"),
        ("es", "en un centro de datos que elige el alojamiento", "Los borradores y traducciones"),
    ] {
        for place in ["eu", ""] {
            let [site, platform, map] = pages(place, language).await;
            for page in [&site, &platform] {
                assert!(page.contains(unasked) && page.contains(drafts), "{language}: {page}");
            }
            assert!(map.contains("in one that the hosting chooses"));
        }
    }
}
