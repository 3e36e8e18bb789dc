//! The rights of visitors: what somebody can do with a conversation that they prove, and what nobody else can.

use http::StatusCode;
use serde_json::{Value, json};
use shared::id::{ConversationId, MessageId};
use shared::limits::{CONVERSATION_TOKEN_MS, HAND_OVER_MS, REQUESTS_OPEN};
use shared::time::DAY_MS;
use shared::wire::message::{Body, Origin};
use shared::wire::privacy::{
    Copy, HandOver, Held, MadeRequest, ObjectionPurpose, OpenedByCode, RequestKind, RequestState, ResumeCode,
};
use shared::wire::problem::Kind;
use tests::{Answer, Deployment, NOW, Options, Visitor, site_id};

async fn deployment() -> Deployment {
    Deployment::with_two_businesses(Options::default()).await
}

/// A visitor who wrote something, and what opens their conversation.
async fn written(deployment: &Deployment, words: &str) -> (ConversationId, String) {
    let mut visitor = Visitor::at(deployment, 0).await;
    visitor.write(words).await;
    deployment.settle().await;
    visitor.thread.clone().unwrap()
}

async fn own(
    deployment: &Deployment,
    method: &str,
    (conversation, token): &(ConversationId, String),
    rest: &str,
    body: Option<Value>,
) -> Answer {
    let path = format!("/v1/privacy/conversations/{conversation}{rest}");
    deployment.send(method, &path, Some(token), body).await
}

async fn ask(deployment: &Deployment, thread: &(ConversationId, String), body: Value) -> MadeRequest {
    own(deployment, "POST", thread, "/requests", Some(body)).await.json()
}

async fn held(deployment: &Deployment, thread: &(ConversationId, String)) -> Held {
    own(deployment, "GET", thread, "", None).await.json()
}

async fn copy(deployment: &Deployment, thread: &(ConversationId, String)) -> Copy {
    own(deployment, "GET", thread, "/copy", None).await.json()
}

fn count(deployment: &Deployment, sql: &str) -> i64 {
    deployment.shards[0]
        .with_connection(|connection| connection.query_row(sql, [], |row| row.get(0)).unwrap())
        .unwrap()
}

#[tokio::test(start_paused = true)]
async fn p6_1_a_visitor_gets_a_copy_of_everything_that_is_held_and_until_when() {
    let deployment = deployment().await;
    let thread = written(&deployment, "my words of yesterday").await;
    let made = ask(&deployment, &thread, json!({ "kind": "access" })).await;
    assert_eq!(made.request.state, RequestState::Met, "a machine meets it at once");
    let copy = copy(&deployment, &thread).await;
    assert_eq!(copy.schema, "loquet-export-1");
    assert_eq!(copy.controller.contact, "desk0@hotel.example");
    assert_eq!(copy.address.unwrap().address.expose(), "203.0.113.7");
    assert_eq!(copy.held.messages.last_until, Some(NOW.plus_months(12)));
    assert_eq!(copy.held.address_until.map(|at| at.since_ms(NOW) / DAY_MS), Some(29));
    assert!(copy.keys.iter().any(|key| key.kind == "token"));
    let words: Vec<String> = copy
        .messages
        .iter()
        .filter_map(|message| match &message.body {
            Body::Text { text, .. } => Some(text.expose().clone()),
            Body::Notice(_) => None,
        })
        .collect();
    assert!(words.contains(&"my words of yesterday".to_owned()), "{words:?}");
    assert!(words.len() > 1 || copy.messages.len() > 1, "the answer belongs to it");
}

#[tokio::test(start_paused = true)]
async fn p6_2_a_message_is_corrected_at_once_and_the_history_keeps_what_stood_there() {
    let deployment = deployment().await;
    let thread = written(&deployment, "I arive on 4 June").await;
    let before = copy(&deployment, &thread).await;
    let mine = before.messages.iter().find(|message| message.origin == Origin::Visitor).unwrap();
    let answer = before.messages.iter().find(|message| message.origin != Origin::Visitor);
    let body = json!({ "kind": "rectification", "message": mine.id, "words": "I arrive on 14 June" });
    assert_eq!(ask(&deployment, &thread, body).await.request.state, RequestState::Met);
    let after = copy(&deployment, &thread).await;
    let text = |body: &Body| match body {
        Body::Text { text, .. } => text.expose().clone(),
        Body::Notice(notice) => format!("{notice:?}"),
    };
    let now_mine = after.messages.iter().find(|message| message.id == mine.id).unwrap();
    assert_eq!(text(&now_mine.body), "I arrive on 14 June");
    assert_eq!((now_mine.at, now_mine.sequence), (mine.at, mine.sequence), "who spoke and when stay");
    assert_eq!(after.corrections.len(), 1);
    assert_eq!(text(&after.corrections[0].before), "I arive on 4 June");
    // Nobody puts words into somebody else's mouth.
    if let Some(answer) = answer {
        let body = json!({ "kind": "rectification", "message": answer.id, "words": "Yes, for free" });
        let refused = own(&deployment, "POST", &thread, "/requests", Some(body)).await;
        assert_eq!(refused.problem(), Kind::NotFound);
    }
    let unknown = MessageId::mint(NOW, [3; 10]);
    let body = json!({ "kind": "rectification", "message": unknown, "words": "x" });
    assert_eq!(own(&deployment, "POST", &thread, "/requests", Some(body)).await.problem(), Kind::NotFound);
}

#[tokio::test(start_paused = true)]
async fn p6_2_what_no_machine_can_correct_waits_for_a_person_with_a_clock() {
    let deployment = deployment().await;
    let thread = written(&deployment, "Hello").await;
    let words = "canary-request: my name is Ada, not Ida";
    let made = ask(&deployment, &thread, json!({ "kind": "rectification", "words": words })).await;
    assert_eq!(made.request.state, RequestState::Open);
    assert_eq!((made.request.days_left, made.request.due_at), (30, NOW.plus_ms(30 * DAY_MS)));
    let held = held(&deployment, &thread).await;
    assert_eq!(held.requests[0].words.as_ref().unwrap().expose(), words);
    let sealed = count(&deployment, "SELECT count(*) FROM privacy_request WHERE instr(words, 'canary') = 0");
    assert_eq!(sealed, 1, "the words lie sealed");
}

#[tokio::test(start_paused = true)]
async fn p6_3_a_visitor_erases_their_conversation_and_gets_the_only_key_to_the_receipt() {
    let deployment = deployment().await;
    let thread = written(&deployment, "Forget me").await;
    let made = ask(&deployment, &thread, json!({ "kind": "erasure" })).await;
    assert_eq!(made.request.state, RequestState::Met);
    let receipt = made.receipt.unwrap();
    assert_eq!(Some(receipt.erasure), made.request.erasure);
    assert!(receipt.nonce.expose().len() >= 40);
    assert_eq!(own(&deployment, "GET", &thread, "", None).await.problem(), Kind::NotFound);
    deployment.run_due("*/5 * * * *", NOW).await;
    assert_eq!(count(&deployment, "SELECT count(*) FROM message"), 0);
    let kept = "SELECT count(*) FROM privacy_request WHERE kind = 'erasure' AND state = 'met'";
    assert_eq!(count(&deployment, kept), 1, "that it was asked and answered can still be shown");
}

#[tokio::test(start_paused = true)]
async fn p6_3_p6_4_what_a_machine_can_do_is_not_refused_because_other_requests_wait() {
    let deployment = deployment().await;
    let thread = written(&deployment, "When is breakfast?").await;
    let waits = || Some(json!({ "kind": "rectification", "words": "My name is spelt wrong" }));
    for _ in 0..REQUESTS_OPEN {
        let made = own(&deployment, "POST", &thread, "/requests", waits()).await;
        assert_eq!(made.status, StatusCode::OK, "{}", made.text());
    }
    let refused = own(&deployment, "POST", &thread, "/requests", waits()).await;
    assert_eq!(refused.problem(), Kind::TooMany, "a person, not a flood");
    let made = ask(&deployment, &thread, json!({ "kind": "restriction" })).await;
    assert_eq!(made.request.state, RequestState::Met);
    let made = ask(&deployment, &thread, json!({ "kind": "erasure" })).await;
    assert!(made.receipt.is_some());
}

#[tokio::test(start_paused = true)]
async fn p6_4_what_is_restricted_is_kept_and_nothing_works_with_it() {
    let deployment = deployment().await;
    let mut visitor = Visitor::at(&deployment, 0).await;
    visitor.write("When is breakfast?").await;
    // The answer is still being written.
    let thread = visitor.thread.clone().unwrap();
    let messages = "SELECT count(*) FROM message";
    ask(&deployment, &thread, json!({ "kind": "restriction" })).await;
    deployment.settle().await;
    assert_eq!(count(&deployment, messages), 1, "the answer did not get in");
    let draft = visitor.draft();
    let refused = visitor.write_as(draft, "one more").await;
    assert_eq!(refused.problem(), Kind::ConversationRestricted, "and the chat says why");
    let path = format!("/v1/widget/conversations/{}/person", thread.0);
    let refused = deployment.send("POST", &path, Some(&thread.1), None).await;
    assert_eq!(refused.problem(), Kind::ConversationRestricted);
    assert_eq!(count(&deployment, messages), 1, "it is kept as it was");
    // The person still reads it, and the purge passes by.
    assert_eq!(copy(&deployment, &thread).await.messages.len(), 1);
    assert!(held(&deployment, &thread).await.restricted_at.is_some());
    assert_eq!(
        own(&deployment, "DELETE", &thread, "/restriction", None).await.status,
        StatusCode::NO_CONTENT
    );
    let draft = visitor.draft();
    assert_eq!(visitor.write_as(draft, "and on").await.status, StatusCode::OK);
    deployment.settle().await;
    assert!(count(&deployment, messages) >= 3, "the AI answers again");
}

#[tokio::test(start_paused = true)]
async fn p6_5_everything_leaves_as_json_in_a_zip_in_files_of_a_hundred_messages() {
    let deployment = deployment().await;
    let thread = written(&deployment, "Take me along").await;
    let made = ask(&deployment, &thread, json!({ "kind": "portability" })).await;
    assert_eq!(made.request.state, RequestState::Met);
    let answer = own(&deployment, "GET", &thread, "/archive", None).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.headers["content-type"], "application/zip");
    let folder = std::env::temp_dir().join(format!("loquet-zip-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("my-data.zip");
    std::fs::write(&file, &answer.body).unwrap();
    let entries = zip_entries(&answer.body);
    let names: Vec<&str> = entries.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["README.txt", "data.json", "messages/0001.json"]);
    let copy: Copy = serde_json::from_slice(&entries[1].1).unwrap();
    assert_eq!((copy.schema.as_str(), copy.more), ("loquet-export-1", false));
    let messages: Vec<shared::wire::message::Message> = serde_json::from_slice(&entries[2].1).unwrap();
    assert!(
        messages.iter().any(
            |message| matches!(&message.body, Body::Text { text, .. } if text.expose() == "Take me along")
        )
    );
    std::fs::remove_dir_all(&folder).unwrap();
}

/// Names and contents of a ZIP's stored entries, by its central directory, as every reader finds them.
fn zip_entries(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let number = |at: usize, width: usize| {
        bytes[at..at + width].iter().rev().fold(0_usize, |sum, byte| sum << 8 | usize::from(*byte))
    };
    let end = bytes.len() - 22;
    let mut at = number(end + 16, 4);
    let mut entries = Vec::new();
    for _ in 0..number(end + 10, 2) {
        assert_eq!(&bytes[at..at + 4], b"PK\x01\x02");
        let (size, name_size, local) = (number(at + 24, 4), number(at + 28, 2), number(at + 42, 4));
        let name = String::from_utf8(bytes[at + 46..at + 46 + name_size].to_vec()).unwrap();
        let from = local + 30 + number(local + 26, 2) + number(local + 28, 2);
        let contents = bytes[from..from + size].to_vec();
        assert_eq!(edge::rules::zip::crc32(&contents) as usize, number(at + 16, 4), "{name}");
        entries.push((name, contents));
        at += 46 + name_size;
    }
    entries
}

#[tokio::test(start_paused = true)]
async fn p6_6_an_objection_takes_effect_at_once_and_is_kept_to() {
    let deployment = deployment().await;
    let thread = written(&deployment, "Hello").await;
    assert_eq!(count(&deployment, "SELECT count(*) FROM visitor_address"), 1);
    for purpose in ["address", "statistics", "follow_up", "scoring"] {
        let made = ask(&deployment, &thread, json!({ "kind": "objection", "purpose": purpose })).await;
        assert_eq!(made.request.state, RequestState::Met, "{purpose}");
    }
    assert_eq!(count(&deployment, "SELECT count(*) FROM visitor_address"), 0, "the address is gone");
    let held = held(&deployment, &thread).await;
    assert_eq!(held.objections.len(), ObjectionPurpose::ALL.len());
    assert_eq!(held.statistics, Some(shared::wire::consent::Choice::Declined));
    assert!(held.address_until.is_none());
    let bare = own(&deployment, "POST", &thread, "/requests", Some(json!({ "kind": "objection" }))).await;
    assert_eq!(bare.problem(), Kind::ValueRefused);
}

#[tokio::test(start_paused = true)]
async fn p10_a_childs_data_is_erased_for_whoever_proves_it_and_reported_by_whoever_knows() {
    let deployment = deployment().await;
    let thread = written(&deployment, "I am nine").await;
    let made = ask(&deployment, &thread, json!({ "kind": "child" })).await;
    assert!(made.receipt.is_some() && made.request.kind == RequestKind::Child);
    let reason = "SELECT count(*) FROM erasure WHERE reason = 'child'";
    assert_eq!(count(&deployment, reason), 1);
    let path = format!("/v1/privacy/sites/{}/reports", site_id(0));
    let report = json!({ "words": "My daughter wrote here on Sunday as Lena" });
    assert_eq!(deployment.send("POST", &path, None, Some(report)).await.status, StatusCode::NO_CONTENT);
    let open = "SELECT count(*) FROM privacy_request WHERE kind = 'child' AND state = 'open'";
    assert_eq!(count(&deployment, open), 1);
    let empty = deployment.send("POST", &path, None, Some(json!({ "words": "  " }))).await;
    assert_eq!(empty.problem(), Kind::ValueRefused);
}

#[tokio::test(start_paused = true)]
async fn b9_a_hand_over_opens_once_within_two_minutes_and_at_its_own_site_only() {
    let deployment = deployment().await;
    let thread = written(&deployment, "Hello").await;
    let hand_over = async || -> String {
        let made: HandOver = own(&deployment, "POST", &thread, "/codes", None).await.json();
        let path = made.path.into_exposed();
        let (page, code) = path.split_once('#').unwrap();
        assert_eq!(page, format!("/privacy/{}", site_id(0)));
        code.to_owned()
    };
    let open = async |site: u8, code: &str| {
        let path = format!("/v1/privacy/sites/{}/open", site_id(site));
        deployment.send("POST", &path, None, Some(json!({ "code": code }))).await
    };
    let code = hand_over().await;
    assert_eq!(open(1, &code).await.problem(), Kind::CodeRefused, "another business's site");
    let opened: OpenedByCode = open(0, &code).await.json();
    assert_eq!(opened.conversation, thread.0);
    let own_token = (opened.conversation, opened.token.into_exposed());
    assert_eq!(own(&deployment, "GET", &own_token, "", None).await.status, StatusCode::OK);
    assert_eq!(open(0, &code).await.problem(), Kind::CodeRefused, "once");
    let late = hand_over().await;
    deployment.clock.wind(NOW.plus_ms(HAND_OVER_MS));
    assert_eq!(open(0, &late).await.problem(), Kind::CodeRefused, "two minutes");
    let (first, second) = (hand_over().await, hand_over().await);
    assert_eq!(open(0, &first).await.problem(), Kind::CodeRefused, "the newest counts");
    assert_eq!(open(0, &second).await.status, StatusCode::OK);
    let stored = "SELECT count(*) FROM privacy_code WHERE length(hash) = 64";
    assert_eq!(count(&deployment, stored), count(&deployment, "SELECT count(*) FROM privacy_code"));
}

#[tokio::test(start_paused = true)]
async fn b9_a_resume_code_leads_back_after_the_token_has_ended_however_it_is_typed() {
    let deployment = deployment().await;
    let thread = written(&deployment, "Hello").await;
    let made: ResumeCode = own(&deployment, "POST", &thread, "/resume", None).await.json();
    assert_eq!(made.until, NOW.plus_months(12));
    let code = made.code.into_exposed();
    assert_eq!(code.replace('-', "").len(), 26, "128 bits");
    deployment.clock.wind(NOW.plus_ms(CONVERSATION_TOKEN_MS + 1));
    assert_eq!(own(&deployment, "GET", &thread, "", None).await.problem(), Kind::NotFound);
    let path = format!("/v1/privacy/sites/{}/open", site_id(0));
    for typed in [code.clone(), code.to_lowercase().replace('-', " ")] {
        let opened: OpenedByCode =
            deployment.send("POST", &path, None, Some(json!({ "code": typed }))).await.json();
        let again = (opened.conversation, opened.token.into_exposed());
        assert_eq!(copy(&deployment, &again).await.messages[0].sequence, 1);
        // It is the way back into the chat, too.
        let messages = format!("/v1/widget/conversations/{}/messages", again.0);
        assert_eq!(deployment.send("GET", &messages, Some(&again.1), None).await.status, StatusCode::OK);
    }
    let opened: OpenedByCode =
        deployment.send("POST", &path, None, Some(json!({ "code": code }))).await.json();
    let again = (opened.conversation, opened.token.into_exposed());
    let _: ResumeCode = own(&deployment, "POST", &again, "/resume", None).await.json();
    let old = deployment.send("POST", &path, None, Some(json!({ "code": code }))).await;
    assert_eq!(old.problem(), Kind::CodeRefused, "a new one replaces it");
}

#[tokio::test(start_paused = true)]
async fn b9_a_typed_address_opens_nothing_and_guessing_is_limited() {
    let deployment = Deployment::with_two_businesses(Options { burst: 12, ..Options::default() }).await;
    let path = format!("/v1/privacy/sites/{}/open", site_id(0));
    let mut limited = 0;
    for guess in 0..20 {
        let code = format!("{guess:0>26}");
        let answer = deployment.send("POST", &path, None, Some(json!({ "code": code }))).await;
        match answer.problem() {
            Kind::CodeRefused => assert_eq!(limited, 0),
            Kind::RateLimited => limited += 1,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(limited, 8);
    let fresh = self::deployment().await;
    for typed in ["guest@example.org", "", "lqc_AAAA", "7ZZZZ"] {
        let answer = fresh.send("POST", &path, None, Some(json!({ "code": typed }))).await;
        assert_eq!(answer.problem(), Kind::CodeRefused, "{typed}");
    }
}

#[tokio::test(start_paused = true)]
async fn b9_another_persons_data_is_refused_on_every_right() {
    let deployment = deployment().await;
    let mine = written(&deployment, "mine").await;
    let theirs = written(&deployment, "theirs").await;
    let swapped = (theirs.0, mine.1.clone());
    for (method, rest, body) in [
        ("GET", "", None),
        ("GET", "/copy", None),
        ("GET", "/archive", None),
        ("POST", "/codes", None),
        ("POST", "/resume", None),
        ("POST", "/requests", Some(json!({ "kind": "erasure" }))),
        ("DELETE", "/restriction", None),
    ] {
        let answer = own(&deployment, method, &swapped, rest, body).await;
        assert_eq!(answer.problem(), Kind::NotFound, "{method} {rest}");
    }
    assert_eq!(copy(&deployment, &theirs).await.messages[0].sequence, 1, "nothing happened to them");
}

#[tokio::test(start_paused = true)]
async fn p6_4_lifting_what_is_not_restricted_leaves_nothing_behind_and_has_its_pace() {
    let deployment = Deployment::with_two_businesses(Options { burst: 12, ..Options::default() }).await;
    let thread = written(&deployment, "Hello").await;
    let writes = deployment.keys.dump().unwrap().1;
    let mut limited = 0;
    for _ in 0..20 {
        match own(&deployment, "DELETE", &thread, "/restriction", None).await.problem() {
            Kind::NotFound => assert_eq!(limited, 0),
            Kind::RateLimited => limited += 1,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(limited, 8);
    assert_eq!(deployment.keys.dump().unwrap().1, writes, "nothing stands in the journal");
}

#[tokio::test(start_paused = true)]
async fn p6_5_a_file_that_goes_while_the_archive_is_written_is_named_in_it_and_breaks_nothing() {
    use futures::StreamExt;
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let mut visitor = tests::Visitor::at(&deployment, 0).await;
    visitor.write("Here are two").await;
    let mut files = Vec::new();
    for words in ["the first", "the second"] {
        let uploaded: shared::wire::file::Attachment =
            visitor.upload("notes.txt", words.repeat(40_000).as_bytes()).await.json();
        files.push(uploaded.id);
    }
    let draft = visitor.draft();
    assert_eq!(visitor.write_with(draft, "These", &files).await.status, StatusCode::OK);
    deployment.settle().await;
    let (conversation, _) = visitor.thread.clone().unwrap();
    let who: String = deployment.shards[0]
        .with_connection(|connection| {
            connection.query_row("SELECT visitor FROM conversation", [], |row| row.get(0)).unwrap()
        })
        .unwrap();
    let scope = edge::store::scope::ThreadScope {
        business: edge::store::scope::BusinessScope::new(tests::business_id(0), 0),
        site: visitor.site,
        visitor: who.parse().unwrap(),
        conversation,
    };
    let mut pieces = edge::ops::copy::archive_write(std::rc::Rc::clone(&deployment.app), scope);
    let mut archive = pieces.next().await.unwrap().unwrap();
    // The messages are read; then the second file goes.
    deployment.shards[0]
        .with_connection(|connection| {
            connection.execute("DELETE FROM file WHERE id = ?1", [files[1].to_string()]).unwrap()
        })
        .unwrap();
    let mut largest = 0;
    while let Some(piece) = pieces.next().await {
        let piece = piece.unwrap();
        largest = largest.max(piece.len());
        archive.extend(piece);
    }
    assert!(largest < 200_000, "a piece of a file at a time: {largest}");
    let entries = zip_entries(&archive);
    let first = entries.iter().find(|(name, _)| name.starts_with(&format!("files/{}", files[0]))).unwrap();
    assert_eq!(first.1, "the first".repeat(40_000).into_bytes());
    let gone = entries.iter().find(|(name, _)| name == "files/GONE.txt").unwrap();
    assert!(String::from_utf8_lossy(&gone.1).contains(&files[1].to_string()));
}
