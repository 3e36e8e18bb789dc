//! Signing up and signing in: who gets in, and every way in which somebody else does not.

use http::StatusCode;
use serde_json::json;
use shared::id::CodeId;
use shared::limits::{CODE_MS, SESSION_IDLE_MS, SESSION_MS};
use shared::time::{DAY_MS, HOUR_MS, MINUTE_MS};
use shared::wire::admin::account::Sessions;
use shared::wire::admin::business::{Acceptances, Business, BusinessKind};
use shared::wire::admin::sign_in::{CodeAsked, Door, SignUpMode};
use shared::wire::admin::team::Role;
use shared::wire::problem::Kind;
use tests::{Deployment, NOW, Options, Person};

fn production(variables: Vec<(&'static str, String)>) -> Options {
    Options { variables, ..Options::default() }
}

/// Kinds of the mails in the outbox, in order.
fn mails(deployment: &Deployment) -> Vec<String> {
    deployment
        .directory
        .with_connection(|connection| {
            let mut list = connection.prepare("SELECT kind FROM mail ORDER BY id").unwrap();
            let rows = list.query_map([], |row| row.get::<_, String>(0)).unwrap();
            rows.map(Result::unwrap).collect()
        })
        .unwrap()
}

fn count(deployment: &Deployment, sql: &str) -> i64 {
    deployment
        .directory
        .with_connection(|connection| connection.query_row(sql, [], |row| row.get(0)).unwrap())
        .unwrap()
}

#[tokio::test]
async fn p2_1_a_sign_up_takes_four_things_and_opens_a_business_that_is_of_use() {
    let deployment = Deployment::new(Options::default());
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    let business = ada.sign_up("Hôtel Ada").await;
    let me = ada.me().await;
    assert_eq!(me.email.expose(), "ada@hotel.example");
    assert_eq!(me.name.expose(), "ada Lovelace");
    assert_eq!((me.locale.as_str(), me.operator, me.analytics), ("fr", false, false));
    assert_eq!(me.memberships.len(), 1);
    assert_eq!((me.memberships[0].role, me.memberships[0].name.as_str()), (Role::Owner, "Hôtel Ada"));
    let read: Business = ada.send("GET", &format!("/v1/admin/businesses/{business}"), None).await.json();
    assert_eq!(read.profile.kind, BusinessKind::Hotel);
    assert_eq!(read.profile.country, "", "which authority is told to visitors is not guessed");
    assert!(!read.is_complete, "who is responsible, only a person can say");
    // Its first site greets and asks in the owner's language, before anybody has set anything.
    let site = format!("/v1/widget/sites/{}?locale=fr", read.sites[0].id);
    let frame: shared::wire::frame::Frame = deployment.send("GET", &site, None, None).await.json();
    assert_eq!(frame.locale, "fr");
    assert!(frame.greeting.contains("Hôtel Ada"));
    assert_eq!(frame.quick_questions.len(), 3);
}

#[tokio::test]
async fn businesses_go_to_the_shard_that_has_the_fewest() {
    let deployment = Deployment::new(Options::default());
    for number in 0..4 {
        Person::new(&deployment, &format!("owner@b{number}.example")).sign_up("B").await;
    }
    assert_eq!(count(&deployment, "SELECT count(*) FROM business WHERE shard = 0"), 2);
    assert_eq!(count(&deployment, "SELECT count(*) FROM business WHERE shard = 1"), 2);
}

#[tokio::test]
async fn p12_a_sign_up_records_version_and_hash_of_both_documents() {
    let deployment = Deployment::new(Options::default());
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    let mut stale = ada.sign_up_form("Hôtel Ada");
    stale["agreement"]["dpa_hash"] = json!("0".repeat(64));
    let answer = ada.send("POST", "/v1/admin/sign-up", Some(stale)).await;
    assert_eq!(answer.problem(), Kind::DocumentsStale);
    let business = ada.sign_up("Hôtel Ada").await;
    let door: Door = ada.send("GET", "/v1/admin/door", None).await.json();
    let list: Acceptances =
        ada.send("GET", &format!("/v1/admin/businesses/{business}/acceptances"), None).await.json();
    assert_eq!(list.acceptances.len(), 2);
    for (acceptance, mark) in list.acceptances.iter().zip([&door.dpa, &door.terms]) {
        assert_eq!((&acceptance.version, &acceptance.hash), (&mark.version, &mark.hash));
        let text = ada.send("GET", &mark.path, None).await;
        assert_eq!(edge::rules::credential::token_hash(&text.text()), mark.hash, "the very text is served");
    }
}

#[tokio::test]
async fn p12_the_very_words_that_were_agreed_to_are_served_after_newer_ones_came() {
    let deployment = Deployment::new(Options::default());
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    let door: Door = ada.send("GET", "/v1/admin/door", None).await.json();
    let old = std::fs::read_to_string(tests::repository().join("docs/agreements/dpa-2026-11-22.md")).unwrap();
    let hash = edge::rules::credential::token_hash(&old);
    assert_ne!(hash, door.dpa.hash, "newer words are in force");
    let edition = |kind: &str, hash: &str| format!("/v1/admin/documents/{kind}?edition={hash}");
    assert_eq!(ada.send("GET", &edition("dpa", &hash), None).await.text(), old);
    for (kind, hash) in [("terms", hash.as_str()), ("dpa", "0"), ("dpa", "../terms"), ("dpa", "")] {
        assert_eq!(
            ada.send("GET", &edition(kind, hash), None).await.problem(),
            Kind::NotFound,
            "{kind} {hash}"
        );
    }
}

#[tokio::test]
async fn p3_2_whoever_asks_for_help_reads_who_runs_the_deployment_and_the_guides() {
    let variables = vec![
        ("PLATFORM_PUBLISHER", "Chat & Co".to_owned()),
        ("PLATFORM_PHONE", "+33 4 00 00 00 00".to_owned()),
    ];
    let deployment = Deployment::new(Options { variables, ..Options::default() });
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    let door: Door = ada.send("GET", "/v1/admin/door", None).await.json();
    assert_eq!(door.host.publisher.as_deref(), Some("Chat & Co"));
    assert_eq!(door.host.phone.as_deref(), Some("+33 4 00 00 00 00"));
    assert_eq!(door.host.address, None, "what is not said is not made up");
    for guide in ["snippet", "answers", "accounts", "mail", "api"] {
        let text = ada.send("GET", &format!("/v1/admin/documents/{guide}"), None).await.text();
        assert!(text.starts_with("# "), "{guide}");
    }
    assert_eq!(ada.send("GET", "/v1/admin/documents/sealing", None).await.problem(), Kind::NotFound);
}

#[tokio::test]
async fn where_signing_up_is_by_invitation_only_the_operator_opens_businesses() {
    let variables = vec![("SIGN_UP", "invite".into()), ("OPERATOR_EMAIL", "Root@Deploy.example".into())];
    let deployment = Deployment::new(production(variables));
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    let door: Door = ada.send("GET", "/v1/admin/door", None).await.json();
    assert_eq!(door.sign_up, SignUpMode::Invite);
    let form = ada.sign_up_form("Hôtel Ada");
    assert_eq!(ada.send("POST", "/v1/admin/sign-up", Some(form)).await.problem(), Kind::SignUpClosed);
    let mut root = Person::new(&deployment, "root@deploy.example");
    let business = root.sign_up("Hôtel Ada").await;
    assert!(root.me().await.operator);
    let link = root.invite(business, &ada.email, Role::Owner).await;
    assert_eq!(ada.join(link).await.status, StatusCode::OK);
    let form = json!({ "name": "Second", "kind": "shop", "agreement": tests::agreement() });
    let answer = ada.send("POST", "/v1/admin/businesses", Some(form.clone())).await;
    assert_eq!(answer.problem(), Kind::SignUpClosed);
    // Handed over: the operator leaves, and the business has its owner.
    let leave = format!("/v1/admin/businesses/{business}/leave");
    assert_eq!(root.send("POST", &leave, None).await.status, StatusCode::NO_CONTENT);
    assert_eq!(ada.me().await.memberships[0].role, Role::Owner);
}

#[tokio::test]
async fn an_address_that_nobody_has_gets_the_same_answer_and_no_mail() {
    let deployment = Deployment::new(Options::default());
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    ada.sign_up("Hôtel Ada").await;
    let before = mails(&deployment).len();
    let (mut known, mut stranger) = (ada.elsewhere(), Person::new(&deployment, "eve@nowhere.example"));
    let known_answer =
        known.send("POST", "/v1/admin/sign-in", Some(json!({ "email": "ADA@hotel.example" }))).await;
    assert_eq!(mails(&deployment).len(), before + 1);
    let strange_answer =
        stranger.send("POST", "/v1/admin/sign-in", Some(json!({ "email": stranger.email }))).await;
    assert_eq!(mails(&deployment).len(), before + 1);
    assert_eq!(known_answer.status, strange_answer.status);
    let shape = |answer: &tests::Answer| {
        let names: Vec<String> = answer.headers.keys().map(ToString::to_string).collect();
        let keys: Vec<String> =
            answer.json::<serde_json::Value>().as_object().unwrap().keys().cloned().collect();
        (names, keys, answer.body.len())
    };
    assert_eq!(shape(&known_answer), shape(&strange_answer));
    // Even the right digits of a stranger's code open nothing.
    let asked: CodeAsked = strange_answer.json();
    let answer = stranger.code_give(asked.code, &stranger.digits(asked.code)).await;
    assert_eq!(answer.problem(), Kind::CodeRefused);
    // Both are counted alike.
    for person in [&mut known, &mut stranger] {
        let mut refused = 0;
        for _ in 0..6 {
            let form = json!({ "email": person.email });
            let answer = person.send("POST", "/v1/admin/sign-in", Some(form)).await;
            refused += u32::from(answer.status == StatusCode::TOO_MANY_REQUESTS);
        }
        // Ada asked once more: when she signed up.
        assert!((2..=3).contains(&refused), "{refused}");
    }
}

#[tokio::test]
async fn signing_up_with_an_address_that_has_an_account_signs_in_to_it_and_tells_nobody_else() {
    let deployment = Deployment::new(Options::default());
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    let business = ada.sign_up("Hôtel Ada").await;
    let mut again = ada.elsewhere();
    let new = Person::new(&deployment, "new@hotel.example").sign_up_ask("New").await;
    let asked = again.sign_up_ask("Another").await;
    assert_eq!(asked.expires_at, new.expires_at);
    assert!(mails(&deployment).contains(&"already_signed_up".to_owned()));
    let answer = again.code_give(asked.code, &again.digits(asked.code)).await;
    assert_eq!(answer.status, StatusCode::OK);
    let me = again.me().await;
    assert_eq!((me.memberships.len(), me.memberships[0].business), (1, business));
}

#[tokio::test]
async fn two_sign_ups_of_one_address_make_one_account() {
    let deployment = Deployment::new(Options::default());
    let (mut ada, mut eve) =
        (Person::new(&deployment, "ada@hotel.example"), Person::new(&deployment, "eve@evil.example"));
    eve.email.clone_from(&ada.email);
    let hers = ada.sign_up_ask("Hôtel Ada").await;
    let theirs = eve.sign_up_ask("Evil").await;
    assert_eq!(ada.code_give(hers.code, &ada.digits(hers.code)).await.status, StatusCode::OK);
    // Whoever asked from elsewhere would need the mail, and even then gets no account of their own.
    let answer = eve.code_give(theirs.code, &eve.digits(theirs.code)).await;
    assert_eq!(answer.problem(), Kind::CodeRefused);
    assert_eq!(ada.me().await.memberships[0].name, "Hôtel Ada");
    assert_eq!(count(&deployment, "SELECT count(*) FROM account WHERE state = 'active'"), 1);
}

#[tokio::test]
async fn a_code_works_once_for_ten_minutes_in_the_browser_that_asked_for_it() {
    let deployment = Deployment::new(Options::default());
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    ada.sign_up("Hôtel Ada").await;

    let mut there = ada.elsewhere();
    let asked = there.sign_in_ask().await;
    let digits = there.digits(asked.code);
    let mut thief = there.elsewhere();
    assert_eq!(thief.code_give(asked.code, &digits).await.problem(), Kind::CodeRefused, "another browser");
    let spaced = format!(" {} {}", &digits[..3], &digits[3..]);
    assert_eq!(there.code_give(asked.code, &spaced).await.status, StatusCode::OK);
    assert_eq!(there.code_give(asked.code, &digits).await.problem(), Kind::CodeRefused, "replayed");

    let mut late = ada.elsewhere();
    let asked = late.sign_in_ask().await;
    deployment.clock.wind(NOW.plus_ms(CODE_MS));
    assert_eq!(
        late.code_give(asked.code, &late.digits(asked.code)).await.problem(),
        Kind::CodeRefused,
        "late"
    );
    let forged = CodeId::mint(NOW, [1; 10]);
    assert_eq!(late.code_give(forged, &late.digits(forged)).await.problem(), Kind::CodeRefused, "forged");
}

#[tokio::test]
async fn ten_thousand_guesses_fail_even_if_the_last_is_right() {
    let deployment = Deployment::new(Options { burst: 1_000_000, ..Options::default() });
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    ada.sign_up("Hôtel Ada").await;
    let mut eve = ada.elsewhere();
    let asked = eve.sign_in_ask().await;
    let right = eve.digits(asked.code);
    let mut tried = 0;
    for guess in 0..10_000 {
        let guess = format!("{guess:06}");
        if guess == right {
            continue;
        }
        tried += 1;
        assert_eq!(eve.code_give(asked.code, &guess).await.problem(), Kind::CodeRefused);
    }
    assert!(tried >= 9_999);
    assert_eq!(eve.code_give(asked.code, &right).await.problem(), Kind::CodeRefused);
    assert_eq!(count(&deployment, "SELECT max(tries) FROM sign_in_code"), 5);
    // New codes are few: five an hour, twenty a day, for the address and not for who asks.
    let mut codes = 0;
    for hour in 0..24 {
        deployment.clock.wind(NOW.plus_ms(hour * HOUR_MS + 1));
        for number in 0..6 {
            let mut eve = ada.elsewhere();
            eve.address = format!("203.0.{hour}.{number}");
            let form = json!({ "email": eve.email });
            codes +=
                u32::from(eve.send("POST", "/v1/admin/sign-in", Some(form)).await.status == StatusCode::OK);
        }
    }
    assert!(codes <= 20, "{codes}");
}

#[tokio::test]
async fn an_address_that_asks_for_many_people_is_told_to_wait() {
    let deployment = Deployment::new(Options::default());
    let mut refused = 0;
    for number in 0..30 {
        let mut eve = Person::new(&deployment, &format!("victim{number}@hotel.example"));
        eve.address = "203.0.113.9".into();
        let form = json!({ "email": eve.email });
        let answer = eve.send("POST", "/v1/admin/sign-in", Some(form)).await;
        refused += u32::from(answer.status == StatusCode::TOO_MANY_REQUESTS);
    }
    assert_eq!(refused, 10);
}

#[tokio::test]
async fn what_is_no_name_or_address_is_refused() {
    let deployment = Deployment::new(Options::default());
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    for (field, value) in [
        ("email", "ada"),
        ("email", "ada@hotel.example\r\nBcc: eve@evil.example"),
        ("name", ""),
        ("name", "Ada\nEve"),
        ("business", "   "),
    ] {
        let mut form = ada.sign_up_form("Hôtel Ada");
        form[field] = json!(value);
        let answer = ada.send("POST", "/v1/admin/sign-up", Some(form)).await;
        assert_eq!(answer.problem(), Kind::ValueRefused, "{field} {value:?}");
    }
    let mut form = ada.sign_up_form("Hôtel Ada");
    form["kind"] = json!("casino");
    assert_eq!(ada.send("POST", "/v1/admin/sign-up", Some(form)).await.problem(), Kind::BodyMalformed);
}

#[tokio::test]
async fn a_session_is_rotated_listed_without_a_place_and_revoked() {
    let deployment = Deployment::new(Options::default());
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    ada.sign_up("Hôtel Ada").await;
    let mut before = ada.clone();
    ada.sign_in().await;
    assert_ne!(ada.cookies["__Host-loquet"], before.cookies["__Host-loquet"]);
    let answer = before.send("GET", "/v1/admin/session", None).await;
    assert_eq!(answer.problem(), Kind::SessionMissing, "the session from before is over");
    let mut phone = ada.elsewhere();
    phone.sign_in().await;
    let list: Sessions = ada.send("GET", "/v1/admin/sessions", None).await.json();
    assert_eq!(list.sessions.len(), 2);
    assert!(list.sessions.iter().all(|session| session.device == "Firefox on Linux"));
    let other = list.sessions.iter().find(|session| !session.current).unwrap().id;
    let mut eve = Person::new(&deployment, "eve@evil.example");
    eve.sign_up("Evil").await;
    let path = format!("/v1/admin/sessions/{other}");
    assert_eq!(eve.send("DELETE", &path, None).await.problem(), Kind::NotFound, "foreign");
    assert_eq!(ada.send("DELETE", &path, None).await.status, StatusCode::NO_CONTENT);
    assert_eq!(phone.send("GET", "/v1/admin/session", None).await.problem(), Kind::SessionMissing);
    assert_eq!(ada.send("POST", "/v1/admin/sign-out", None).await.status, StatusCode::NO_CONTENT);
    assert!(!ada.cookies.contains_key("__Host-loquet"));
}

#[tokio::test]
async fn a_session_ends_after_30_idle_days_and_after_90_days_at_most() {
    let deployment = Deployment::new(Options::default());
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    ada.sign_up("Hôtel Ada").await;
    deployment.clock.wind(NOW.plus_ms(SESSION_IDLE_MS));
    assert_eq!(ada.send("GET", "/v1/admin/session", None).await.problem(), Kind::SessionMissing);
    deployment.clock.wind(NOW);
    let mut days = 0;
    while days < 89 {
        days += 10;
        deployment.clock.wind(NOW.plus_ms(days.min(89) * DAY_MS));
        assert_eq!(ada.send("GET", "/v1/admin/session", None).await.status, StatusCode::OK, "day {days}");
    }
    deployment.clock.wind(NOW.plus_ms(SESSION_MS));
    assert_eq!(ada.send("GET", "/v1/admin/session", None).await.problem(), Kind::SessionMissing);
}

#[tokio::test]
async fn p3_4_a_browser_that_was_never_seen_before_is_told_of_by_mail() {
    let deployment = Deployment::new(Options::default());
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    ada.sign_up("Hôtel Ada").await;
    let alerts = || mails(&deployment).iter().filter(|kind| *kind == "new_device").count();
    assert_eq!(alerts(), 0, "the first one is no news");
    ada.send("POST", "/v1/admin/sign-out", None).await;
    ada.sign_in().await;
    assert_eq!(alerts(), 0, "nor is the same one again");
    ada.elsewhere().sign_in().await;
    assert_eq!(alerts(), 1);
}

#[tokio::test]
async fn p7_1_statistics_of_use_begin_off_are_chosen_and_yield_to_the_browsers_signal() {
    let deployment = Deployment::new(Options::default());
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    ada.sign_up("Hôtel Ada").await;
    assert!(!ada.me().await.analytics);
    let answer = ada.send("PUT", "/v1/admin/account/preferences", Some(json!({ "analytics": true }))).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert!(ada.me().await.analytics);
    for signal in ["sec-gpc", "dnt"] {
        let cookies: Vec<String> =
            ada.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = http::Request::get("/v1/admin/session")
            .header("cookie", cookies.join("; "))
            .header(signal, "1")
            .body(axum::body::Body::empty())
            .unwrap();
        let me: shared::wire::admin::account::Me = deployment.answer(request).await.json();
        assert!(!me.analytics && me.opted_out, "{signal}");
    }
    // The cookies of a signed-in browser are these two, both essential.
    let names: Vec<&str> = ada.cookies.keys().map(String::as_str).collect();
    assert_eq!(names, ["__Host-loquet", "__Host-loquet-browser"]);
}

#[tokio::test]
async fn k7_one_button_clears_every_cookie_and_signs_out() {
    let deployment = Deployment::new(Options::default());
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    ada.sign_up("Hôtel Ada").await;
    let mut before = ada.clone();
    assert_eq!(ada.send("DELETE", "/v1/admin/cookies", None).await.status, StatusCode::NO_CONTENT);
    assert!(ada.cookies.is_empty());
    assert_eq!(before.send("GET", "/v1/admin/session", None).await.problem(), Kind::SessionMissing);
    assert_eq!(ada.send("DELETE", "/v1/admin/cookies", None).await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn a_person_changes_their_name_and_opens_a_second_business() {
    let deployment = Deployment::new(Options::default());
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    ada.sign_up("Hôtel Ada").await;
    let form = json!({ "name": "Ada King", "locale": "de" });
    assert_eq!(ada.send("PUT", "/v1/admin/account", Some(form)).await.status, StatusCode::NO_CONTENT);
    deployment.clock.wind(NOW.plus_ms(1));
    let form = json!({ "name": "Ada’s shop", "kind": "shop", "agreement": tests::agreement() });
    assert_eq!(ada.send("POST", "/v1/admin/businesses", Some(form)).await.status, StatusCode::OK);
    let me = ada.me().await;
    assert_eq!((me.name.expose().as_str(), me.locale.as_str()), ("Ada King", "de"));
    let names: Vec<&str> = me.memberships.iter().map(|membership| membership.name.as_str()).collect();
    assert_eq!(names, ["Hôtel Ada", "Ada’s shop"]);
}

#[tokio::test]
async fn what_a_business_says_of_itself_is_what_visitors_see() {
    let deployment = Deployment::new(Options::default());
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    let business = ada.sign_up("Hôtel Ada").await;
    let path = format!("/v1/admin/businesses/{business}");
    let mut profile = json!({
        "name": "Hôtel Ada", "controller": "Ada SARL, Cassis", "contact": "desk@hotel.example",
        "notice_url": "https://hotel.example/privacy", "officer": " ", "country": "FR", "kind": "hotel",
    });
    assert_eq!(ada.send("PUT", &path, Some(profile.clone())).await.status, StatusCode::NO_CONTENT);
    let read: Business = ada.send("GET", &path, None).await.json();
    assert!(read.is_complete && read.profile.officer.is_none());
    deployment.clock.wind(NOW.plus_ms(MINUTE_MS));
    let site = format!("/v1/widget/sites/{}", read.sites[0].id);
    let frame: shared::wire::frame::Frame = deployment.send("GET", &site, None, None).await.json();
    assert_eq!(frame.business.controller, "Ada SARL, Cassis");
    for (field, value) in [
        ("notice_url", "javascript:alert(1)"),
        ("notice_url", "http://hotel.example"),
        ("country", "fr"),
        ("country", "FRA"),
        ("controller", ""),
    ] {
        let kept = profile[field].take();
        profile[field] = json!(value);
        assert_eq!(
            ada.send("PUT", &path, Some(profile.clone())).await.problem(),
            Kind::ValueRefused,
            "{value}"
        );
        profile[field] = kept;
    }
}
