//! What is pasted into a page, and the look at a page whether it is there and may run. Pages are scripted; no address is
//! called that a business could not reach in public.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use edge::platform::Http;
use edge::platform::http::{HttpFault, Visited};
use futures::stream;
use http::StatusCode;
use serde_json::{Value, json};
use shared::wire::problem::Kind;
use tests::{Deployment, Options, Person};

/// A page of the scripted web: its status, its headers and its text.
type Page = (u16, Vec<(&'static str, String)>, String);

/// A web of these pages, and the addresses that were called.
fn web(pages: Vec<(&'static str, Page)>) -> (Http, Arc<Mutex<Vec<String>>>) {
    let pages: BTreeMap<&'static str, Page> = pages.into_iter().collect();
    let called = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&called);
    let http = Http::silent().with_visits(move |visit| {
        noted.lock().unwrap().push(visit.address.as_str().to_owned());
        let (status, headers, text) = pages.get(visit.address.as_str()).cloned().ok_or(HttpFault::Broken)?;
        let headers = headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let chunks: Vec<Result<Vec<u8>, HttpFault>> =
            text.into_bytes().chunks(1_000).map(|chunk| Ok(chunk.to_vec())).collect();
        Ok(Visited { status, headers, chunks: Box::pin(stream::iter(chunks)) })
    });
    (http, called)
}

fn html(policy: Option<&str>, text: &str) -> Page {
    let mut headers = vec![("content-type", "text/html; charset=utf-8".to_owned())];
    headers.extend(policy.map(|policy| ("content-security-policy", policy.to_owned())));
    (200, headers, text.to_owned())
}

/// A deployment in production with one business on `https://hotel.example`, over this web.
async fn house(http: Http, run: impl AsyncFnOnce(&mut Person<'_>, String, &Deployment)) {
    let variables = vec![("ENV", "production".to_owned()), ("SIGN_UP", "open".to_owned())];
    let deployment = Deployment::new(Options { http, variables, ..Options::default() });
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    let business = ada.sign_up("Hôtel Ada").await;
    let read: Value = ada.send("GET", &format!("/v1/admin/businesses/{business}"), None).await.json();
    let site = read["sites"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("/v1/admin/businesses/{business}/sites/{site}");
    let origins = json!({ "origins": ["https://hotel.example"] });
    ada.send("PUT", &format!("{path}/origins"), Some(origins)).await;
    run(&mut ada, path, &deployment).await;
}

async fn check(ada: &mut Person<'_>, path: &str, address: &str) -> Value {
    ada.send("POST", &format!("{path}/check"), Some(json!({ "address": address }))).await.json()
}

fn kinds(found: &Value) -> Vec<&str> {
    found["findings"].as_array().unwrap().iter().map(|finding| finding["kind"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn b14_the_snippet_comes_in_each_form_with_its_pin_and_the_lines_of_the_policy() {
    house(Http::silent(), async |ada, path, _| {
        let snippet: Value = ada.send("GET", &format!("{path}/snippet"), None).await.json();
        let site = path.rsplit('/').next().unwrap();
        let part = |name: &str| snippet[name].as_str().unwrap().to_owned();
        assert!(part("automatic").contains("src=\"https://chat.example.eu/embed.js\""));
        assert!(
            part("pinned").contains("/embed.0123456789abcdef.js\" integrity=\"sha384-")
                && part("pinned").contains("crossorigin=\"anonymous\"")
        );
        assert!(part("frame").contains(&format!("https://chat.example.eu/widget/{site}\"")));
        assert!(
            part("address").contains(&format!("/embed.js?site={site}\""))
                && !part("address").contains("data-")
        );
        assert_eq!(
            part("script_policy"),
            "script-src https://chat.example.eu;\nframe-src https://chat.example.eu;"
        );
    })
    .await;
}

#[tokio::test]
async fn a_page_with_the_snippet_runs_and_what_keeps_it_from_running_is_said_with_the_line_to_change() {
    let (http, _) = web(vec![]);
    house(http, async |ada, path, _| {
        // Nothing answers at all.
        let found = check(ada, &path, "https://hotel.example/").await;
        assert_eq!((kinds(&found), &found["runs"]), (vec!["no_answer"], &json!(false)));
    })
    .await;
    for (policy, attributes, expected, runs) in [
        (None, "", vec!["script_found", "origin_allowed", "policy_none"], true),
        (
            Some("script-src https://chat.example.eu; frame-src https://chat.example.eu"),
            "",
            vec!["script_found", "origin_allowed", "script_allowed", "frame_allowed"],
            true,
        ),
        (
            Some("default-src 'self'"),
            "",
            vec!["script_found", "origin_allowed", "script_blocked", "frame_blocked"],
            false,
        ),
        (
            Some("script-src 'nonce-a' 'strict-dynamic'"),
            "",
            vec!["script_found", "origin_allowed", "script_needs_nonce", "frame_allowed"],
            false,
        ),
        (
            Some("sandbox"),
            "",
            vec!["script_found", "origin_allowed", "sandboxed", "script_allowed", "frame_allowed"],
            false,
        ),
        (
            None,
            "integrity=\"sha384-wrong\" crossorigin",
            vec!["pin_wrong", "origin_allowed", "policy_none"],
            false,
        ),
        (None, "integrity=\"sha384-wrong\"", vec!["pin_unreadable", "origin_allowed", "policy_none"], false),
        (
            None,
            "data-color=\"#112233\" data-position=\"start\"",
            vec!["script_found", "look_old", "origin_allowed", "policy_none"],
            true,
        ),
        (None, "data-color=\"#1F6F5C\"", vec!["script_found", "origin_allowed", "policy_none"], true),
        (None, "data-site=\"sit_other\"", vec!["other_site", "origin_allowed", "policy_none"], false),
    ] {
        // The site's id is known only once the business is there: the page reads it from a fixed seed.
        let (probe, _) = web(vec![]);
        let mut site = String::new();
        house(probe, async |_, path, _| site = path.rsplit('/').next().unwrap().to_owned()).await;
        let own =
            if attributes.contains("data-site") { String::new() } else { format!("data-site=\"{site}\"") };
        let text = format!(
            "<html><body><script src=\"https://chat.example.eu/embed.js\" {own} {attributes} async></script>"
        );
        let (http, _) = web(vec![("https://hotel.example/", html(policy, &text))]);
        house(http, async |ada, path, _| {
            let found = check(ada, &path, "https://hotel.example").await;
            assert_eq!((kinds(&found), &found["runs"]), (expected, &json!(runs)), "{found}");
            let business: Value = ada.send("GET", path.split("/sites").next().unwrap(), None).await.json();
            assert_eq!(
                business["sites"][0]["found_at"].is_number(),
                runs,
                "the first steps tell that it was found"
            );
            if policy == Some("default-src 'self'") {
                assert_eq!(found["findings"][2]["found"], "default-src 'self'");
                assert_eq!(found["findings"][2]["change"], "script-src 'self' https://chat.example.eu");
                assert_eq!(found["findings"][3]["change"], "frame-src 'self' https://chat.example.eu");
            }
        })
        .await;
    }
}

#[tokio::test]
async fn a_policy_in_the_page_itself_counts_and_a_page_elsewhere_is_not_allowed() {
    let meta = "<head><meta http-equiv=\"Content-Security-Policy\" content=\"script-src &#39;self&#39;\"></head><body>";
    let (http, _) = web(vec![("https://www.hotel.example/x", html(Some("frame-src *"), meta))]);
    house(http, async |ada, path, _| {
        let found = check(ada, &path, "https://www.hotel.example/x").await;
        assert_eq!(kinds(&found), ["nothing_found", "origin_missing", "script_blocked", "frame_allowed"]);
        assert_eq!(found["findings"][1]["change"], "https://www.hotel.example");
    })
    .await;
}

#[tokio::test]
async fn no_private_address_is_called_also_not_after_a_redirect() {
    let to = |location: &str| -> Page { (302, vec![("location", location.to_owned())], String::new()) };
    let (http, called) = web(vec![
        ("https://hotel.example/a", to("/b")),
        ("https://hotel.example/b", to("https://www.hotel.example/c")),
        ("https://www.hotel.example/c", to("http://169.254.169.254/latest/meta-data")),
        ("https://hotel.example/d", to("//127.0.0.1/")),
        ("https://hotel.example/e", to("https://localhost/")),
        ("https://hotel.example/f", to("")),
        ("https://hotel.example/round", to("/round")),
        ("https://hotel.example/lost", (404, vec![], String::new())),
        ("https://hotel.example/picture", (200, vec![("content-type", "image/png".to_owned())], "x".into())),
    ]);
    house(http, async |ada, path, _| {
        for address in [
            "http://hotel.example/",
            "https://127.0.0.1/",
            "https://10.0.0.7/",
            "https://169.254.169.254/",
            "https://[::1]/",
            "https://localhost/",
            "http://127.0.0.1:8787/",
            "https://metadata.google.internal/",
            "file:///etc/passwd",
            "",
            "https://hotel.example:22/",
        ] {
            let body = Some(json!({ "address": address }));
            let answer = ada.send("POST", &format!("{path}/check"), body).await;
            assert_eq!(answer.problem(), Kind::ValueRefused, "{address}");
        }
        for (address, kind, last) in [
            ("https://hotel.example/a", "redirect_refused", "https://www.hotel.example/c"),
            ("https://hotel.example/d", "redirect_refused", "https://hotel.example/d"),
            ("https://hotel.example/e", "redirect_refused", "https://hotel.example/e"),
            ("https://hotel.example/round", "redirect_endless", "https://hotel.example/round"),
            ("https://hotel.example/lost", "status_bad", "https://hotel.example/lost"),
            ("https://hotel.example/picture", "not_html", "https://hotel.example/picture"),
        ] {
            let found = check(ada, &path, address).await;
            assert_eq!((kinds(&found), found["address"].as_str().unwrap()), (vec![kind], last), "{address}");
        }
    })
    .await;
    let called = called.lock().unwrap();
    assert!(
        called.iter().all(|address| address.starts_with("https://hotel.example/")
            || address.starts_with("https://www.hotel.example/")),
        "{called:?}"
    );
    assert!(called.iter().filter(|address| address.ends_with("/round")).count() <= 6);
}

#[tokio::test]
async fn of_a_long_page_only_the_beginning_is_read_and_looking_has_its_pace() {
    let long = format!("<html><head></head><body>{}", "<p>words</p>".repeat(60_000));
    let (http, _) = web(vec![("https://hotel.example/", html(None, &long))]);
    let variables = vec![("ENV", "production".to_owned()), ("SIGN_UP", "open".to_owned())];
    let deployment = Deployment::new(Options { http, variables, burst: 12, ..Options::default() });
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    let business = ada.sign_up("Hôtel Ada").await;
    let read: Value = ada.send("GET", &format!("/v1/admin/businesses/{business}"), None).await.json();
    let path = format!("/v1/admin/businesses/{business}/sites/{}", read["sites"][0]["id"].as_str().unwrap());
    let found = check(&mut ada, &path, "https://hotel.example/").await;
    assert!(kinds(&found).contains(&"page_long"), "{found}");
    let mut refused = 0;
    for _ in 0..20 {
        let body = Some(json!({ "address": "https://hotel.example/" }));
        let answer = ada.send("POST", &format!("{path}/check"), body).await;
        refused += u32::from(answer.status == StatusCode::TOO_MANY_REQUESTS);
    }
    assert!(refused >= 8, "{refused}");
}
