//! Files of a conversation: taken in, sent, read and gone, and everything that is no file for us.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::{Body, to_bytes};
use edge::http::stream::Streamed;
use edge::ops::erasure::{Reason, conversation_erase};
use edge::store::conversation::conversation_find;
use edge::store::scope::{BusinessScope, ThreadScope};
use futures::{StreamExt, stream};
use http::{Request, StatusCode};
use serde_json::json;
use shared::id::{DraftId, FileId};
use shared::limits::{
    ERASURE_SETTLE_MS, FILE_BYTES, FILE_REFUSED_BYTES, FILE_SENDABLE_MS, FILE_UNSENT_MS, FILES_MESSAGE,
    FILES_WINDOW,
};
use shared::time::{DAY_MS, HOUR_MS, Millis};
use shared::wire::admin::audit::AuditPage;
use shared::wire::admin::business::Business;
use shared::wire::admin::inbox::deed::SentReply;
use shared::wire::admin::team::Role;
use shared::wire::file::Attachment;
use shared::wire::message::Body as Words;
use shared::wire::problem::Kind;
use shared::wire::widget::SentMessage;
use tests::{Answer, Deployment, Desk, NOW, Options, Person, Visitor, business_id};

const HOURLY: &str = "17 * * * *";
const OFTEN: &str = "*/5 * * * *";
const CANARY: &str = "canary at 43.2148 N";

async fn deployment() -> Deployment {
    Deployment::with_two_businesses(Options::default()).await
}

async fn guest(deployment: &Deployment) -> Visitor<'_> {
    let mut visitor = Visitor::at(deployment, 0).await;
    visitor.write("Hello").await;
    deployment.settle().await;
    visitor
}

fn count(deployment: &Deployment, sql: &str) -> i64 {
    deployment.shards[0]
        .with_connection(|connection| connection.query_row(sql, [], |row| row.get(0)).unwrap())
        .unwrap()
}

fn objects(deployment: &Deployment) -> Vec<(String, Vec<u8>)> {
    deployment.files.dump().unwrap().0
}

fn holds(bytes: &[u8], what: &str) -> bool {
    bytes.windows(what.len()).any(|window| window == what.as_bytes())
}

/// A photo of 32 to 16 points that says where it was taken.
fn photo() -> Vec<u8> {
    let segment = |code: u8, content: &[u8]| {
        [&[0xff, code, 0, u8::try_from(content.len() + 2).unwrap()], content].concat()
    };
    [
        &[0xff, 0xd8][..],
        &segment(0xe1, format!("Exif\0\0{CANARY}").as_bytes()),
        &segment(0xfe, CANARY.as_bytes()),
        &segment(0xdb, &[7; 65]),
        &segment(0xc0, &[8, 0, 16, 0, 32, 1, 1, 0x11, 0]),
        &segment(0xda, &[1, 1, 0, 0, 63, 0]),
        &vec![0x55; 200_000],
        &[0xff, 0xd9],
    ]
    .concat()
}

fn note(words: &str) -> Vec<u8> {
    words.repeat(5_000).into_bytes()
}

async fn scope(deployment: &Deployment, visitor: &Visitor<'_>) -> ThreadScope {
    let (conversation, _) = visitor.thread.clone().unwrap();
    let business = BusinessScope::new(business_id(0), 0);
    conversation_find(&deployment.shards[0], &business, conversation).await.unwrap().unwrap().scope
}

async fn at(deployment: &Deployment, now: Millis, cron: &str) {
    deployment.clock.wind(now);
    deployment.run_due(cron, now).await;
}

#[tokio::test]
async fn a_photo_is_sent_and_read_back_without_what_it_told_of_its_place() {
    let deployment = deployment().await;
    let mut visitor = guest(&deployment).await;
    let file: Attachment = visitor.upload("Ma%20chambre.jpeg", &photo()).await.json();
    assert_eq!(file.name.expose(), "Ma chambre.jpeg");
    assert_eq!((file.media_type.as_str(), file.width, file.height), ("image/jpeg", Some(32), Some(16)));
    assert_eq!(file.until, NOW.plus_ms(FILE_UNSENT_MS));
    let draft = visitor.draft();
    let sent: SentMessage = visitor.write_with(draft, "Look!", &[file.id]).await.json();
    assert_eq!(sent.message.attachments, [Attachment { until: NOW.plus_months(12), ..file.clone() }]);
    let read = visitor.read_after(2).await.messages;
    assert_eq!(read[0], sent.message, "as it was kept, so it is read");

    let answer = visitor.download(file.id).await;
    assert_eq!((answer.status, answer.body.len() as u64), (StatusCode::OK, file.bytes));
    assert!(answer.body.starts_with(&[0xff, 0xd8]) && answer.body.ends_with(&[0x55, 0xff, 0xd9]));
    assert!(!holds(&answer.body, "canary"));
    for (name, value) in [
        ("content-type", "image/jpeg"),
        ("content-disposition", "attachment; filename*=UTF-8''Ma%20chambre.jpeg"),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "sandbox; default-src 'none'"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cache-control", "no-store"),
    ] {
        assert_eq!(answer.headers[name], value, "{name}");
    }
}

#[tokio::test]
async fn only_a_picture_is_shown_in_place() {
    let deployment = deployment().await;
    let visitor = guest(&deployment).await;
    let (conversation, token) = visitor.thread.clone().unwrap();
    for (name, bytes, way) in [("a.jpg", photo(), "inline"), ("a.txt", note("hello "), "attachment")] {
        let file: Attachment = visitor.upload(name, &bytes).await.json();
        let path = format!("/v1/widget/conversations/{conversation}/files/{}?inline", file.id);
        let answer = deployment.send("GET", &path, Some(&token), None).await;
        let disposition = answer.headers["content-disposition"].to_str().unwrap();
        assert!(disposition.starts_with(way), "{disposition}");
    }
}

#[tokio::test]
async fn what_is_no_file_for_us_is_refused_in_words_and_nothing_of_it_is_kept() {
    let deployment = deployment().await;
    let visitor = guest(&deployment).await;
    let half = |bytes: Vec<u8>| bytes[..bytes.len() / 2].to_vec();
    let archive = b"PK\x03\x04 and so on, but no document".to_vec();
    for (what, name, bytes, kind) in [
        ("nothing", "a.txt", Vec::new(), Kind::FileBroken),
        ("a drawing", "a.svg", b"<svg onload='alert(1)'/>".to_vec(), Kind::FileTypeRefused),
        (
            "a page called a photo",
            "a.jpg",
            b"<!doctype html><script>1</script>".to_vec(),
            Kind::FileTypeRefused,
        ),
        ("a program", "a.png", b"MZ\x90\0\x03\0\0\0\x04".to_vec(), Kind::FileTypeRefused),
        ("a script", "a.js", b"alert(1)".to_vec(), Kind::FileTypeRefused),
        ("an archive that is none", "a.zip", archive, Kind::FileBroken),
        ("half a photo", "a.jpg", half(photo()), Kind::FileBroken),
        ("a photo and a page", "a.jpg", [photo(), b"<html>".to_vec()].concat(), Kind::FileTypeRefused),
        (
            "a page in the head of a GIF",
            "a.gif",
            b"GIF89a=1/*<script>alert(1)</script>*/".to_vec(),
            Kind::FileBroken,
        ),
        ("too much", "a.txt", vec![b'a'; FILE_BYTES as usize + 1], Kind::FileTooLarge),
    ] {
        let answer = visitor.upload(name, &bytes).await;
        assert_eq!(answer.problem(), kind, "{what}");
    }
    let bad_name = visitor.upload("%FF%FE", &photo()).await;
    assert_eq!(bad_name.problem(), Kind::ValueRefused);
    assert_eq!(objects(&deployment), []);
    assert_eq!(count(&deployment, "SELECT count(*) FROM file"), 0);
}

#[tokio::test]
async fn a_length_that_is_said_is_no_length() {
    let deployment = deployment().await;
    let visitor = guest(&deployment).await;
    let (conversation, token) = visitor.thread.clone().unwrap();
    let send = async |said: &str, bytes: Vec<u8>| {
        let request = Request::post(format!("/v1/widget/conversations/{conversation}/files"))
            .header("authorization", format!("Bearer {token}"))
            .header("content-length", said)
            .body(Body::from(bytes))
            .unwrap();
        deployment.answer(request).await
    };
    assert_eq!(send("5", vec![b'a'; FILE_BYTES as usize + 1]).await.problem(), Kind::FileTooLarge);
    assert_eq!(send("20971521", b"short".to_vec()).await.problem(), Kind::FileTooLarge);
    assert_eq!(send("nonsense", b"short".to_vec()).await.status, StatusCode::OK);
}

#[tokio::test]
async fn whoever_sends_a_refused_file_may_send_it_to_its_end_and_no_further() {
    let deployment = deployment().await;
    let visitor = guest(&deployment).await;
    let (conversation, token) = visitor.thread.clone().unwrap();
    let page = b"<!doctype html><p>".to_vec();
    for (sent, read) in [(300, 300), (100_000, FILE_REFUSED_BYTES as usize / 65_536)] {
        let asked = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&asked);
        let rest = stream::iter(0..sent).map(move |_| {
            counted.fetch_add(1, Ordering::Relaxed);
            vec![b'a'; 65_536]
        });
        let pieces = stream::iter([page.clone()]).chain(rest);
        let request = Request::post(format!("/v1/widget/conversations/{conversation}/files"))
            .header("authorization", format!("Bearer {token}"))
            .body(Body::from_stream(pieces.map(Ok::<_, std::convert::Infallible>)))
            .unwrap();
        assert_eq!(deployment.answer(request).await.problem(), Kind::FileTypeRefused);
        let asked = asked.load(Ordering::Relaxed);
        assert!((read..=read + 2).contains(&asked), "{asked} pieces of {sent}");
    }
}

#[tokio::test]
async fn a_file_is_as_large_as_the_limit_and_passes_in_pieces() {
    let deployment = deployment().await;
    let visitor = guest(&deployment).await;
    let bytes: Vec<u8> = (0..FILE_BYTES).map(|index| b'a' + (index % 23) as u8).collect();
    let file: Attachment = visitor.upload("long.txt", &bytes).await.json();
    assert_eq!(file.bytes, FILE_BYTES);
    assert!(visitor.download(file.id).await.body == bytes);
}

#[tokio::test]
async fn a_file_is_sent_once_by_whoever_uploaded_it_in_its_own_conversation() {
    let deployment = deployment().await;
    let mut visitor = guest(&deployment).await;
    let mut other = guest(&deployment).await;
    let upload =
        async |visitor: &Visitor<'_>| visitor.upload("a.txt", b"hello").await.json::<Attachment>().id;
    let (file, foreign) = (upload(&visitor).await, upload(&other).await);
    let draft = visitor.draft();
    assert_eq!(visitor.write_with(draft, "", &[foreign]).await.problem(), Kind::FileUnavailable);
    assert_eq!(visitor.write_with(draft, "", &[file, file]).await.problem(), Kind::FileUnavailable);
    assert_eq!(visitor.write_with(draft, "", &[]).await.problem(), Kind::MessageEmpty);
    let many = vec![file; FILES_MESSAGE + 1];
    assert_eq!(visitor.write_with(draft, "", &many).await.problem(), Kind::FilesTooMany);
    let first = visitor.write_with(draft, "", &[file]).await;
    assert_eq!(first.status, StatusCode::OK, "without a word, too");
    assert_eq!(
        visitor.write_with(draft, "", &[file]).await.text(),
        first.text(),
        "the same draft is the same message"
    );
    let again = visitor.draft();
    assert_eq!(visitor.write_with(again, "", &[file]).await.problem(), Kind::FileUnavailable);
    assert_eq!(other.download(file).await.problem(), Kind::NotFound);
    let (conversation, token) = visitor.thread.clone().unwrap();
    let path = format!("/v1/widget/conversations/{conversation}/files/{file}");
    assert_eq!(
        deployment.send("DELETE", &path, Some(&token), None).await.problem(),
        Kind::NotFound,
        "it was sent"
    );
    let draft = other.draft();
    assert_eq!(other.write_with(draft, "", &[foreign]).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_file_that_two_messages_take_at_once_belongs_to_one() {
    let deployment = deployment().await;
    let mut visitor = guest(&deployment).await;
    let file: Attachment = visitor.upload("a.txt", b"hello").await.json();
    let (one, two) = (visitor.draft(), visitor.draft());
    let files = [file.id];
    let (one, two) =
        futures::join!(visitor.write_with(one, "one", &files), visitor.write_with(two, "two", &files));
    let kinds = [one, two].map(|answer| (answer.status != StatusCode::OK).then(|| answer.problem()));
    assert!(kinds.contains(&None) && kinds.contains(&Some(Kind::FileUnavailable)), "{kinds:?}");
    assert_eq!(
        count(&deployment, "SELECT count(*) FROM message WHERE origin = 'visitor'"),
        2,
        "Hello, and one"
    );
}

#[tokio::test]
async fn a_file_that_was_not_sent_can_be_taken_back_and_goes_by_itself_after_a_day() {
    let deployment = deployment().await;
    let mut visitor = guest(&deployment).await;
    let (conversation, token) = visitor.thread.clone().unwrap();
    let file: Attachment = visitor.upload("a.txt", b"hello").await.json();
    let path = format!("/v1/widget/conversations/{conversation}/files/{}", file.id);
    assert_eq!(deployment.send("DELETE", &path, Some(&token), None).await.status, StatusCode::NO_CONTENT);
    assert_eq!(visitor.download(file.id).await.problem(), Kind::NotFound);
    assert_eq!((objects(&deployment).len(), count(&deployment, "SELECT count(*) FROM file")), (0, 0));

    let sent: Attachment = visitor.upload("sent.txt", b"hello").await.json();
    let draft = visitor.draft();
    visitor.write_with(draft, "", &[sent.id]).await;
    let late: Attachment = visitor.upload("late.txt", b"hello").await.json();
    at(&deployment, NOW.plus_ms(FILE_SENDABLE_MS / 2), HOURLY).await;
    visitor.read_after(0).await;
    at(&deployment, NOW.plus_ms(FILE_SENDABLE_MS), HOURLY).await;
    let draft = visitor.draft();
    assert_eq!(visitor.write_with(draft, "", &[late.id]).await.problem(), Kind::FileUnavailable);
    assert_eq!(visitor.download(late.id).await.status, StatusCode::OK, "it is still there");
    at(&deployment, NOW.plus_ms(DAY_MS), HOURLY).await;
    assert_eq!(visitor.download(late.id).await.problem(), Kind::NotFound);
    assert_eq!(visitor.download(sent.id).await.status, StatusCode::OK);
    let left: Vec<String> = objects(&deployment).into_iter().map(|(key, _)| key).collect();
    assert_eq!(left, [format!("f/{}/{conversation}/{}", business_id(0), sent.id)]);
}

#[tokio::test]
async fn p4_2_a_file_goes_with_its_message() {
    let deployment = deployment().await;
    let mut visitor = guest(&deployment).await;
    let file: Attachment = visitor.upload("a.txt", b"hello").await.json();
    let draft = visitor.draft();
    visitor.write_with(draft, "", &[file.id]).await;
    // Something later keeps the conversation alive; the message goes by its own clock.
    deployment.clock.wind(NOW.plus_ms(HOUR_MS));
    visitor.write("Still there?").await;
    deployment.settle().await;
    let limit = NOW.plus_months(12);
    at(&deployment, limit.minus_ms(1), HOURLY).await;
    assert_eq!(objects(&deployment).len(), 1);
    at(&deployment, limit, HOURLY).await;
    assert_eq!((objects(&deployment).len(), count(&deployment, "SELECT count(*) FROM file")), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn b4_an_erasure_takes_every_file_also_one_that_came_late() {
    let deployment = deployment().await;
    let mut visitor = guest(&deployment).await;
    let stranger = guest(&deployment).await;
    let kept: Attachment = stranger.upload("kept.txt", b"hello").await.json();
    let file: Attachment = visitor.upload("a.txt", b"hello").await.json();
    visitor.upload("unsent.txt", b"hello").await;
    let draft = visitor.draft();
    visitor.write_with(draft, "", &[file.id]).await;
    let thread = scope(&deployment, &visitor).await;
    conversation_erase(&deployment.app, &thread, Reason::Request, NOW).await.unwrap();
    assert_eq!(visitor.download(file.id).await.problem(), Kind::NotFound, "from the commit point on");
    assert_eq!(visitor.upload("b.txt", b"hello").await.problem(), Kind::NotFound);
    at(&deployment, NOW, OFTEN).await;
    let prefix = format!("f/{}/{}/", business_id(0), thread.conversation);
    assert_eq!(deployment.files.list(&prefix).await.unwrap(), Vec::<String>::new());
    // An upload that another isolate was finishing in that very moment.
    deployment.files.put_new(&format!("{prefix}{}", file.id), b"noise".to_vec()).await.unwrap();
    let state = "SELECT state IN ('verified', 'receipted') FROM erasure";
    let (second, third) = (NOW.plus_ms(ERASURE_SETTLE_MS), NOW.plus_ms(3 * ERASURE_SETTLE_MS));
    at(&deployment, second, OFTEN).await;
    at(&deployment, third, OFTEN).await;
    assert_eq!(count(&deployment, state), 1);
    assert_eq!(deployment.files.list(&prefix).await.unwrap(), Vec::<String>::new());
    assert_eq!(stranger.download(kept.id).await.body, b"hello", "nobody else loses anything");
}

#[tokio::test]
async fn a_damaged_file_breaks_off_and_never_passes_for_the_whole() {
    let deployment = deployment().await;
    let visitor = guest(&deployment).await;
    let (conversation, token) = visitor.thread.clone().unwrap();
    let bytes = note("a long list of wishes ");
    let file: Attachment = visitor.upload("a.txt", &bytes).await.json();
    let (key, sealed) = objects(&deployment).remove(0);
    let put = async |bytes: Vec<u8>| {
        deployment.files.delete(&key).await.unwrap();
        deployment.files.put_new(&key, bytes).await.unwrap();
    };
    let read = async || {
        let request = Request::get(format!("/v1/widget/conversations/{conversation}/files/{}", file.id))
            .header("authorization", format!("Bearer {token}"))
            .body(Body::empty())
            .unwrap();
        let response = deployment.call(request).await;
        assert!(response.status() != StatusCode::OK || response.extensions().get::<Streamed>().is_some());
        (response.status(), to_bytes(response.into_body(), usize::MAX).await.map(|bytes| bytes.to_vec()).ok())
    };
    assert_eq!(read().await, (StatusCode::OK, Some(bytes.clone())));
    for place in [40, 70_000, sealed.len() - 1] {
        let mut damaged = sealed.clone();
        damaged[place] ^= 1;
        put(damaged).await;
        assert_eq!(read().await, (StatusCode::OK, None), "a flipped bit at {place}");
    }
    for length in [30, 65_582, sealed.len() - 1] {
        put(sealed[..length].to_vec()).await;
        assert_eq!(read().await, (StatusCode::OK, None), "cut at {length}");
    }
    for strange in [Vec::new(), b"no file at all".to_vec(), vec![0; 100]] {
        put(strange).await;
        assert_eq!(read().await.0, StatusCode::INTERNAL_SERVER_ERROR);
    }
    deployment.files.delete(&key).await.unwrap();
    assert_eq!(read().await.0, StatusCode::INTERNAL_SERVER_ERROR);
}

#[tokio::test]
async fn an_upload_whose_connection_breaks_leaves_nothing() {
    let deployment = deployment().await;
    let visitor = guest(&deployment).await;
    let (conversation, token) = visitor.thread.clone().unwrap();
    let pieces = [Ok(note("half of it ")), Err(std::io::Error::other("gone"))];
    let request = Request::post(format!("/v1/widget/conversations/{conversation}/files"))
        .header("authorization", format!("Bearer {token}"))
        .body(Body::from_stream(futures::stream::iter(pieces)))
        .unwrap();
    assert_eq!(deployment.answer(request).await.problem(), Kind::FileBroken);
    assert_eq!((objects(&deployment).len(), count(&deployment, "SELECT count(*) FROM file")), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn an_upload_that_takes_too_long_is_ended() {
    let deployment = deployment().await;
    let visitor = guest(&deployment).await;
    let (conversation, token) = visitor.thread.clone().unwrap();
    let begun = futures::stream::iter([Ok::<_, std::io::Error>(note("half of it "))]);
    let stuck = futures::StreamExt::chain(begun, futures::stream::pending());
    let request = Request::post(format!("/v1/widget/conversations/{conversation}/files"))
        .header("authorization", format!("Bearer {token}"))
        .body(Body::from_stream(stuck))
        .unwrap();
    assert_eq!(deployment.answer(request).await.problem(), Kind::FileBroken);
    assert_eq!((objects(&deployment).len(), count(&deployment, "SELECT count(*) FROM file")), (0, 0));
}

#[tokio::test]
async fn a_conversation_takes_so_many_files_a_day_and_says_when_more() {
    let deployment = deployment().await;
    let visitor = guest(&deployment).await;
    let mut last: Option<FileId> = None;
    for _ in 0..FILES_WINDOW {
        let answer: Answer = visitor.upload("a.txt", b"hello").await;
        last = Some(answer.json::<Attachment>().id);
    }
    let refused = visitor.upload("a.txt", b"hello").await;
    assert_eq!(refused.problem(), Kind::RateLimited);
    assert_eq!(refused.headers["retry-after"], "3600");
    assert_eq!(visitor.download(last.unwrap()).await.status, StatusCode::OK);
    for hours in [11, 22, 24] {
        deployment.clock.wind(NOW.plus_ms(hours * HOUR_MS));
        visitor.read_after(0).await;
    }
    assert_eq!(visitor.upload("a.txt", b"hello").await.status, StatusCode::OK);
}

#[tokio::test]
async fn p8_2_a_team_reads_what_was_sent_and_the_log_says_who_did() {
    let deployment = Deployment::new(Options::default());
    let mut owner = Person::new(&deployment, "owner@one.example");
    let business = owner.sign_up("one").await;
    let below = format!("/v1/admin/businesses/{business}");
    let site = owner.send("GET", &below, None).await.json::<Business>().sites[0].id;
    let mut viewer = Person::new(&deployment, "viewer@one.example");
    let link = owner.invite(business, &viewer.email, Role::Viewer).await;
    assert_eq!(viewer.join(link).await.status, StatusCode::OK);
    let mut visitor = Visitor::on(&deployment, site, "https://chat.example.eu").await;
    visitor.write("Hello").await;
    let (conversation, token) = visitor.thread.clone().unwrap();
    let files = format!("{below}/conversations/{conversation}/files");

    let file: Attachment = visitor.upload("a.txt", b"hello").await.json();
    let unsent = viewer.send("GET", &format!("{files}/{}", file.id), None).await;
    assert_eq!(unsent.problem(), Kind::NotFound, "what the visitor did not send is theirs");
    let draft = visitor.draft();
    visitor.write_with(draft, "", &[file.id]).await;
    let read = viewer.send("GET", &format!("{files}/{}", file.id), None).await;
    assert_eq!((read.status, read.body), (StatusCode::OK, b"hello".to_vec()));
    let log: AuditPage = owner.send("GET", &format!("{below}/audit"), None).await.json();
    let lines: Vec<&str> = log
        .entries
        .iter()
        .filter(|line| line.action == "file_read")
        .map(|line| line.subject.as_str())
        .collect();
    assert_eq!(lines, [file.id.to_string()]);

    // The body of a call is JSON here, and JSON is text.
    let own = owner.send("POST", &files, Some(serde_json::json!({ "room": 12 }))).await;
    let own: Attachment = own.json();
    assert_eq!(
        visitor.download(own.id).await.problem(),
        Kind::NotFound,
        "what the team did not send is theirs"
    );
    assert_eq!(visitor.write_with(visitor_draft(), "", &[own.id]).await.problem(), Kind::FileUnavailable);
    let path = format!("/v1/widget/conversations/{conversation}/files/{}", own.id);
    assert_eq!(deployment.send("DELETE", &path, Some(&token), None).await.problem(), Kind::NotFound);
    let refused = viewer.send("DELETE", &format!("{files}/{}", own.id), None).await;
    assert_eq!(refused.problem(), Kind::RoleTooLow);
    let gone = owner.send("DELETE", &format!("{files}/{}", own.id), None).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    assert_eq!(objects(&deployment).len(), 1);
}

#[tokio::test]
async fn a_team_sends_files_with_an_answer_and_each_of_them_once() {
    let deployment = Deployment::new(Options::default());
    let mut desk = Desk::open(&deployment).await;
    desk.visitor.write("Hello").await;
    deployment.settle().await;
    let files = desk.thread("/files");
    let mut upload = Vec::new();
    for room in [12, 13] {
        let kept = desk.manager.send("POST", &files, Some(json!({ "room": room }))).await;
        upload.push(kept.json::<Attachment>());
    }
    let theirs: Attachment = desk.visitor.upload("a.txt", b"hello").await.json();
    let (draft, other) = (desk.draft(), desk.draft());
    let body = |draft: DraftId, text: &str, files: &[FileId]| json!({ "draft": draft, "text": text, "files": files });
    for (text, files, kind) in [
        ("", &[][..], Kind::MessageEmpty),
        ("Look", &[theirs.id][..], Kind::FileUnavailable),
        ("Look", &[upload[0].id; 6][..], Kind::FilesTooMany),
    ] {
        assert_eq!(desk.does("POST", "/replies", body(draft, text, files)).await.problem(), kind);
    }
    let both = [upload[0].id, upload[1].id];
    let sent: SentReply = desk.does("POST", "/replies", body(draft, " ", &both)).await.json();
    let attached = &sent.message.message.attachments;
    assert_eq!(attached.iter().map(|file| file.id).collect::<Vec<_>>(), both);
    assert_eq!(attached[0].until, NOW.plus_months(12));
    let again: SentReply = desk.does("POST", "/replies", body(draft, " ", &both)).await.json();
    assert_eq!(again.message.message, sent.message.message, "the same draft is the same message");
    let taken = desk.does("POST", "/replies", body(other, "Again", &both[..1])).await;
    assert_eq!(taken.problem(), Kind::FileUnavailable);
    let read = desk.visitor.read_after(sent.message.message.sequence - 1).await.messages;
    assert_eq!(read[0].attachments, *attached);
    assert_eq!(desk.visitor.download(both[1]).await.body, br#"{"room":13}"#);
    assert_eq!(desk.visitor.read_after(sent.message.message.sequence).await.messages.len(), 0, "one answer");
}

fn visitor_draft() -> shared::id::DraftId {
    shared::id::DraftId::mint(NOW, [200; 10])
}

#[tokio::test]
async fn p6_2_a_message_with_a_file_is_corrected_and_its_file_stays_with_it() {
    let deployment = deployment().await;
    let mut visitor = guest(&deployment).await;
    let file: Attachment = visitor.upload("Ma%20chambre.jpeg", &photo()).await.json();
    let draft = visitor.draft();
    let sent: SentMessage = visitor.write_with(draft, "Look at my rom", &[file.id]).await.json();
    let (conversation, token) = visitor.thread.clone().unwrap();
    let path = format!("/v1/privacy/conversations/{conversation}");
    let ask = json!({ "kind": "rectification", "message": sent.message.id, "words": "Look at my room" });
    let made = deployment.send("POST", &format!("{path}/requests"), Some(&token), Some(ask)).await;
    assert_eq!(made.status, StatusCode::OK);
    let thread = visitor.read_after(0).await.messages;
    let read = thread.iter().find(|message| message.id == sent.message.id).unwrap();
    let Words::Text { text, .. } = &read.body else { panic!("{read:?}") };
    assert_eq!(text.expose(), "Look at my room");
    assert_eq!(read.attachments, sent.message.attachments);
    let archive = deployment.send("GET", &format!("{path}/archive"), Some(&token), None).await;
    assert!(holds(&archive.body, &format!("files/{}-Ma chambre.jpeg", file.id)));
}
