//! The notice: generated, true to what is switched on, and not changed behind anybody's back.

use http::StatusCode;
use serde_json::Value;
use shared::time::DAY_MS;
use tests::{Deployment, NOW, Options, Person, seed, site_id};

const HOURLY: &str = "17 * * * *";

async fn page(deployment: &Deployment, query: &str) -> String {
    let answer = deployment.send("GET", &format!("/privacy/{}{query}", site_id(0)), None, None).await;
    assert_eq!(answer.status, StatusCode::OK);
    let policy = answer.headers["content-security-policy"].to_str().unwrap();
    assert!(!policy.contains("unsafe") && policy.contains("frame-ancestors 'none'"), "{policy}");
    answer.text()
}

fn in_directory(deployment: &Deployment, sql: &str) {
    deployment.directory.with_connection(|connection| connection.execute_batch(sql).unwrap()).unwrap();
}

#[tokio::test(start_paused = true)]
async fn p1_p12_the_page_names_controller_contact_officer_and_the_authority_of_the_visitors_country() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let text = page(&deployment, "").await;
    for said in ["Hôtel 0 SARL, Cassis, France", "desk0@hotel.example", "dpo0@hotel.example", "CNIL"] {
        assert!(text.contains(said), "{said}");
    }
    let request = http::Request::get(format!("/privacy/{}", site_id(0))).header("cf-ipcountry", "PL");
    let answer = deployment.answer(request.body(axum::body::Body::empty()).unwrap()).await.text();
    assert!(answer.contains("uodo.gov.pl"), "somebody in Poland turns to the authority there");
}

#[tokio::test(start_paused = true)]
async fn p3_5_the_notice_is_written_in_four_languages_and_marked_as_english_in_the_others() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    for (language, said) in [
        ("en", "answering you, at your request"),
        ("fr", "vous répondre, à votre demande"),
        ("de", "Ihnen auf Ihre Anfrage zu antworten"),
        ("es", "responderle, a petición suya"),
    ] {
        let text = page(&deployment, &format!("?locale={language}")).await;
        assert!(text.contains(&format!("<html lang=\"{language}\"")) && text.contains(said), "{language}");
    }
    let arabic = page(&deployment, "?locale=ar").await;
    assert!(
        arabic.contains("<html lang=\"ar\" dir=\"rtl\">")
            && arabic.contains("<main lang=\"en\" dir=\"ltr\">")
    );
}

#[tokio::test(start_paused = true)]
async fn p5_7_only_those_whose_features_are_switched_on_stand_in_the_notice() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let text = page(&deployment, "").await;
    assert!(text.contains("built-in answerer") && text.contains("Cloudflare") && !text.contains("OpenAI"));
    let variables = vec![("OPENAI_API_KEY", "sk-test".to_owned())];
    let with_ai = Deployment::with_two_businesses(Options { variables, ..Options::default() }).await;
    let text = page(&with_ai, "").await;
    assert!(text.contains("OpenAI Ireland Ltd.") && !text.contains("Anthropic"));
    assert!(text.contains("standard contractual clauses"), "the safeguard of a transfer is named");
}

/// What the page says of how long one kind of data is kept.
fn how_long<'a>(page: &'a str, what: &str) -> &'a str {
    let (_, entry) = page.split_once(&format!("<h4>{what}")).unwrap();
    let (entry, _) = entry.split_once("</section>").unwrap();
    entry.split("<dd>").nth(3).and_then(|said| said.split_once("</dd>")).unwrap().0
}

#[tokio::test(start_paused = true)]
async fn p4_2_the_notice_says_the_businesss_own_limit_of_each_class_by_what_it_is_counted_from() {
    let mut short = seed(0);
    short.site.settings.retention_days = Some(30);
    let deployment = Deployment::new(Options::default());
    deployment.seed(&short).await;
    let text = page(&deployment, "?locale=en").await;
    let messages = "Messages between the visitor";
    assert_eq!(how_long(&text, messages), "30 days after each message was written, as set for this site");
    let after_the_last =
        "as long as the conversation goes on: 30 days after its last message, as set for this site";
    for what in
        ["A visitor who wrote", "What a business calls a visitor", "An e-mail address that a visitor leaves"]
    {
        assert_eq!(how_long(&text, what), after_the_last, "{what}");
    }
    let choices = how_long(&text, "Choices about statistics");
    assert!(
        choices.contains("30 days after its last message")
            && choices.ends_with("12 months where nothing was written"),
        "a choice of somebody who never wrote stays as long whatever the site says: {choices}"
    );
    let rating = how_long(&text, "How content a visitor was");
    assert!(rating.starts_with("the score as long as the conversation goes on"), "{rating}");
    assert_eq!(
        how_long(&text, "The IP address"),
        "30 days; then the key of the day is destroyed and the address with it"
    );
    let text = page(&deployment, "?locale=de").await;
    assert!(text.contains("geschrieben wurde, wie für diese Website eingestellt"));
}

#[tokio::test(start_paused = true)]
async fn p11_a_material_change_is_mailed_and_waits_thirty_days_while_the_old_text_stays() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    ada.sign_up("Hôtel Ada").await;
    deployment.run_due(HOURLY, NOW).await;
    assert!(page(&deployment, "").await.contains("Last revised on 21 November 2026."));
    // What an older version of the software said: addresses for longer, and in other words.
    in_directory(
        &deployment,
        "UPDATE notice_edition SET hash = 'older'
         , texts = replace(texts, '30 days; then the key of the day', '60 days, as it was; then the key of the day')",
    );
    let day_one = NOW.plus_ms(DAY_MS);
    deployment.clock.wind(day_one);
    deployment.run_due(HOURLY, day_one).await;
    let mails = async || {
        let scope = edge::store::scope::OperatorScope::of_deployment();
        let mails = edge::store::mail::mails_latest(&deployment.directory, &scope, 100).await.unwrap();
        mails.iter().filter(|mail| mail.kind.as_str() == "notice_changing").count()
    };
    assert_eq!(mails().await, 1, "everybody with an account is told");
    let text = page(&deployment, "").await;
    assert!(text.contains("60 days, as it was"), "the old text stays in force");
    assert!(text.contains("A new edition takes effect on 22 December 2026"));
    let both = deployment.send("GET", "/privacy/platform", None, None).await.text();
    assert!(
        both.contains("60 days, as it was") && both.contains("<dd>30 days; then the key"),
        "both can be read"
    );
    deployment.run_due(HOURLY, day_one).await;
    assert_eq!(mails().await, 1, "once");
    let last = day_one.plus_ms(30 * DAY_MS);
    deployment.clock.wind(last.minus_ms(1));
    assert!(page(&deployment, "").await.contains("60 days, as it was"));
    deployment.clock.wind(last);
    let text = page(&deployment, "").await;
    assert!(!text.contains("60 days, as it was") && text.contains("Last revised on 22 December 2026."));
    // What was said before can still be read.
    let older = "SELECT id FROM notice_edition ORDER BY found_at LIMIT 1";
    let older: String = deployment
        .directory
        .with_connection(|connection| connection.query_row(older, [], |row| row.get(0)).unwrap())
        .unwrap();
    let text =
        deployment.send("GET", &format!("/privacy/editions/{older}?locale=en"), None, None).await.text();
    assert!(text.contains("60 days, as it was") && text.contains("Last revised on 21 November 2026."));
    assert!(text.contains("Cloudflare, Inc."), "with whom it named");
    let none = shared::id::NoticeId::mint(NOW, [9; 10]);
    let none = deployment.send("GET", &format!("/privacy/editions/{none}"), None, None).await;
    assert_eq!(none.status, http::StatusCode::NOT_FOUND);
}

#[tokio::test(start_paused = true)]
async fn p11_a_change_of_words_alone_takes_effect_at_once_and_nobody_is_mailed() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    deployment.run_due(HOURLY, NOW).await;
    in_directory(&deployment, "UPDATE notice_edition SET texts = replace(texts, 'Répondre', 'Repondre')");
    let later = NOW.plus_ms(DAY_MS);
    deployment.clock.wind(later);
    deployment.run_due(HOURLY, later).await;
    assert!(page(&deployment, "?locale=fr").await.contains("Répondre"));
    assert!(page(&deployment, "").await.contains("Last revised on 22 November 2026."));
}

/// The platform's page, what it tells of people who sign in.
async fn about_accounts(deployment: &Deployment, language: &str, heading: &str) -> String {
    let text =
        deployment.send("GET", &format!("/privacy/platform?locale={language}"), None, None).await.text();
    text.split_once(&format!("<h3>{heading}")).unwrap().1.to_owned()
}

#[tokio::test(start_paused = true)]
async fn p3_5_p4_1_who_signs_in_reads_what_is_held_about_them_in_their_language() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    deployment.run_due(HOURLY, NOW).await;
    for (language, heading, said) in [
        (
            "en",
            "About people who sign in",
            ["People of a business who sign in", "90 days after the sign-in", "24 months; sign-ins 90 days"],
        ),
        (
            "fr",
            "Sur les personnes qui se connectent",
            ["Appareils connectés", "90 jours après la connexion", "24 mois ; les connexions 90 jours"],
        ),
        (
            "de",
            "Über Menschen, die sich anmelden",
            ["Angemeldete Geräte", "90 Tage nach der Anmeldung", "wozu das Konto da ist"],
        ),
        (
            "es",
            "Sobre personas que inician sesión",
            ["Dispositivos con sesión", "90 días desde el inicio de sesión", "para lo que existe la cuenta"],
        ),
    ] {
        let told = about_accounts(&deployment, language, heading).await;
        let (told, _) = told.split_once("<aside>").unwrap();
        for said in said {
            assert!(told.contains(said), "{language}: {said}");
        }
        assert!(!told.contains("class=\"entry\" lang="), "{language}: no part of it is in English only");
    }
    let site = page(&deployment, "?locale=en").await;
    assert!(!site.contains("Devices that are signed in"), "a visitor is told what is about visitors");
}

#[tokio::test(start_paused = true)]
async fn p2_4_a_site_tells_what_the_directory_holds_of_its_visitors() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let site = page(&deployment, "?locale=en").await;
    assert_eq!(how_long(&site, "Mails to send and sent"), "30 days, without what it said");
    assert!(how_long(&site, "Addresses that bounced").starts_with("12 months"));
}

#[tokio::test(start_paused = true)]
async fn p11_a_longer_period_of_accounts_is_announced_and_the_first_edition_is_not() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    ada.sign_up("Hôtel Ada").await;
    deployment.run_due(HOURLY, NOW).await;
    let day_one = NOW.plus_ms(DAY_MS);
    deployment.clock.wind(day_one);
    deployment.run_due(HOURLY, day_one).await;
    assert_eq!(deployment.mails_count("notice_changing").await, 0, "a first edition is news to nobody");
    // What an older version said of devices: gone sooner.
    in_directory(
        &deployment,
        "UPDATE notice_edition SET hash = 'older'
         , texts = replace(texts, '90 days after the sign-in', '9 days after the sign-in')",
    );
    let day_two = NOW.plus_ms(2 * DAY_MS);
    deployment.clock.wind(day_two);
    deployment.run_due(HOURLY, day_two).await;
    assert_eq!(deployment.mails_count("notice_changing").await, 1);
    let both = deployment.send("GET", "/privacy/platform?locale=en", None, None).await.text();
    assert!(both.contains("<dd>9 days after the sign-in") && both.contains("<dd>90 days after the sign-in"));
}

#[tokio::test(start_paused = true)]
async fn b7_the_record_of_processing_says_on_its_page_who_receives_each_kind_of_data() {
    let variables = vec![("OPENAI_API_KEY", "sk-test".to_owned())];
    let deployment = Deployment::with_two_businesses(Options { variables, ..Options::default() }).await;
    let text = deployment.send("GET", "/privacy/map", None, None).await.text();
    assert!(text.contains("<th scope=\"col\">Who receives it</th>"));
    let row = |what: &str| {
        let (_, row) = text.split_once(&format!("<th scope=\"row\">{what}")).unwrap();
        row.split_once("</tr>").unwrap().0
    };
    assert!(row("Messages between the visitor").contains("the AI provider (OpenAI Ireland Ltd.)"));
    assert!(row("The IP address").contains("nobody besides the business and its hosting"));
}

#[tokio::test(start_paused = true)]
async fn k0_the_platforms_own_notice_names_its_publisher_and_says_what_is_missing() {
    let variables = vec![
        ("ENV", "production".to_owned()),
        ("PLATFORM_PUBLISHER", "Loquet Hosting <b>SAS".to_owned()),
        ("PLATFORM_PHONE", "+33 4 00 00 00 00".to_owned()),
    ];
    let deployment = Deployment::with_two_businesses(Options { variables, ..Options::default() }).await;
    let text = deployment.send("GET", "/privacy/platform", None, None).await.text();
    assert!(text.contains("Loquet Hosting &lt;b&gt;SAS") && text.contains("+33 4 00 00 00 00"));
    assert!(text.contains("not said yet"));
    let ready: Value = deployment.send("GET", "/readyz", None, None).await.json();
    let checks = ready["checks"].as_array().unwrap();
    let named = |name: &str| checks.iter().any(|check| check["name"] == name && check["ok"] == false);
    assert!(named("PLATFORM_CAPITAL") && !named("PLATFORM_PHONE"));
}
