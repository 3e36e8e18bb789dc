//! Every provider under the same trials: recorded streams whole, in pieces, cut, slow and malformed.

use futures::{StreamExt, stream};
use proptest::prelude::*;
use shared::limits::{ANSWER_MS, FIRST_TOKEN_MS, STREAM_LINE_BYTES};
use shared::privacy::Secret;
use shared::time::Millis;

use super::decode::StreamDecoder;
use super::*;
use crate::platform::http::{Chunks, HttpFault, Response, origin_of};
use crate::platform::{Clock, Http};
use crate::rules::prompt::{Role, Turn};

/// What a provider sends: its stream, and one that calls for a tool which nobody offered.
fn recording(provider: &Provider) -> (&'static [&'static str], &'static [&'static str]) {
    let place =
        PROVIDERS.iter().position(|known| known.name == provider.name).expect("a provider of the registry");
    RECORDED[place]
}

fn events(recorded: &[&str]) -> String {
    recorded.iter().map(|event| format!("{event}\n\n")).collect()
}

fn recorded(provider: &Provider) -> String {
    events(recording(provider).0)
}

type Decoded = (String, Option<(u32, u32)>, Result<EndReason, VendorFault>);

/// The text, the last usage and the end of a stream that arrives in these pieces.
fn decoded(provider: &Provider, pieces: &[&[u8]]) -> Decoded {
    let mut decoder = StreamDecoder::new((provider.decoder)());
    let mut events = Vec::new();
    let outcome = pieces
        .iter()
        .try_for_each(|piece| decoder.chunk(piece, &mut events))
        .and_then(|()| decoder.finish(&mut events));
    let mut text = String::new();
    let (mut usage, mut end) = (None, None);
    for event in events {
        match event {
            StreamEvent::Text(words) => text.push_str(&words),
            StreamEvent::Usage { tokens_in, tokens_out } => usage = Some((tokens_in, tokens_out)),
            StreamEvent::End(reason) => end = Some(reason),
        }
    }
    (text, usage, outcome.map(|()| end.expect("a stream that ends well has an end")))
}

fn whole() -> Decoded {
    ("Bonjour à vous 👋".to_owned(), Some((31, 7)), Ok(EndReason::Complete))
}

#[test]
fn a_stream_decodes_whole() {
    for provider in &PROVIDERS {
        assert_eq!(decoded(provider, &[recorded(provider).as_bytes()]), whole(), "{}", provider.name);
    }
}

#[test]
fn a_stream_cut_in_two_at_any_byte_decodes_the_same() {
    for provider in &PROVIDERS {
        let stream = recorded(provider);
        for at in 0..=stream.len() {
            let (head, tail) = stream.as_bytes().split_at(at);
            assert_eq!(decoded(provider, &[head, tail]), whole(), "{} at {at}", provider.name);
        }
    }
}

#[test]
fn a_stream_that_stops_at_any_byte_is_known_to_be_cut() {
    for provider in &PROVIDERS {
        let stream = recorded(provider);
        let (said, _, _) = whole();
        // The end mark counts as soon as it is readable: its blank line may be missing.
        let ends = stream.trim_end().len();
        for at in 0..ends {
            let (text, _, end) = decoded(provider, &[&stream.as_bytes()[..at]]);
            assert_eq!(end, Err(VendorFault::Truncated), "{} at {at}", provider.name);
            assert!(said.starts_with(&text));
        }
        assert_eq!(decoded(provider, &[&stream.as_bytes()[..ends]]), whole());
    }
}

#[test]
fn windows_line_ends_decode_the_same() {
    for provider in &PROVIDERS {
        let stream = recorded(provider).replace('\n', "\r\n");
        assert_eq!(decoded(provider, &[stream.as_bytes()]), whole());
    }
}

#[test]
fn nothing_counts_after_the_end() {
    for provider in &PROVIDERS {
        let stream = recorded(provider);
        assert_eq!(
            decoded(provider, &[stream.as_bytes(), stream.as_bytes(), b"data: nonsense\n\n"]),
            whole()
        );
    }
}

#[test]
fn a_tool_call_that_nobody_offered_ends_honestly() {
    for provider in &PROVIDERS {
        let (text, _, end) = decoded(provider, &[events(recording(provider).1).as_bytes()]);
        assert_eq!((text.as_str(), end), ("One moment.", Ok(EndReason::Strange)), "{}", provider.name);
    }
}

#[test]
fn nonsense_is_a_fault() {
    for provider in &PROVIDERS {
        for nonsense in ["data: {\"choices\":\n\n", "data: <html>\n\n", "data: 5\n\n", "data: \u{fffd}\n\n"] {
            let (_, _, end) = decoded(provider, &[nonsense.as_bytes()]);
            assert_eq!(end, Err(VendorFault::Broken), "{} {nonsense}", provider.name);
        }
        let endless = vec![b'x'; STREAM_LINE_BYTES + 1];
        assert_eq!(decoded(provider, &[b"data: ", &endless]).2, Err(VendorFault::Broken));
        // Half a character inside a string is replaced, never a panic.
        let (text, _, end) = decoded(provider, &[&recorded(provider).replace('👋', "\u{0}").into_bytes()]);
        assert!(end.is_err() && text == "Bonjour à ", "a bare control character is no JSON");
    }
}

#[test]
fn an_error_in_the_middle_keeps_its_kind() {
    let errors = [
        ("overloaded_error", VendorFault::Overloaded),
        ("api_error", VendorFault::Overloaded),
        ("rate_limit_error", VendorFault::RateLimited { retry_after_s: None }),
        ("invalid_request_error", VendorFault::Refused),
    ];
    for provider in &PROVIDERS {
        for (kind, fault) in errors {
            let event = format!(
                "event: error\ndata: {{\"type\":\"error\",\"error\":{{\"type\":\"{kind}\",\"message\":\"m\"}}}}\n\n"
            );
            assert_eq!(decoded(provider, &[event.as_bytes()]).2, Err(fault), "{} {kind}", provider.name);
        }
    }
}

proptest! {
    #[test]
    fn a_stream_in_any_pieces_decodes_the_same(cuts in proptest::collection::vec(any::<proptest::sample::Index>(), 0..30)) {
        for provider in &PROVIDERS {
            let stream = recorded(provider).into_bytes();
            let mut at: Vec<usize> = cuts.iter().map(|cut| cut.index(stream.len())).collect();
            at.push(0);
            at.push(stream.len());
            at.sort_unstable();
            let pieces: Vec<&[u8]> = at.windows(2).map(|pair| &stream[pair[0]..pair[1]]).collect();
            prop_assert_eq!(decoded(provider, &pieces), whole());
        }
    }

    #[test]
    fn no_bytes_make_a_decoder_panic(bytes: Vec<u8>, text in "(data|event|id|: |\n|\r|\\{|\\}|\"type\":|\"choices\":|\\[|\\]|x){0,40}") {
        for provider in &PROVIDERS {
            let _ = decoded(provider, &[&bytes, text.as_bytes()]);
        }
    }
}

// The call.

fn prompt() -> Prompt {
    let turn = |role, text: &str| Turn { role, text: text.to_owned() };
    Prompt {
        system: "Be exact.".to_owned(),
        messages: vec![
            turn(Role::Visitor, "Hi"),
            turn(Role::Answerer, "Hello"),
            turn(Role::Visitor, "When?"),
        ],
    }
}

fn config(provider: &'static Provider) -> ProviderConfig {
    ProviderConfig::new(provider, Secret::new("sk-test".to_owned()), None, None)
}

fn origins() -> Vec<String> {
    let own = PROVIDERS.iter().filter_map(|provider| origin_of(provider.base_url));
    own.map(str::to_owned).collect()
}

/// Answers every call with this status and these chunks.
fn answering(status: u16, chunks: impl Fn() -> Chunks + Send + 'static) -> Http {
    Http::scripted(origins(), move |_| Ok(Response { status, retry_after_s: Some(7), chunks: chunks() }))
}

fn at_once(text: String) -> impl Fn() -> Chunks + Send + 'static {
    move || Box::pin(stream::iter([Ok(text.clone().into_bytes())]))
}

async fn asked(http: &Http, provider: &'static Provider) -> Vec<Result<StreamEvent, VendorFault>> {
    let clock = Clock::at(Millis::new(0));
    match answer_stream(http, &clock, &config(provider), &prompt()).await {
        Ok(stream) => stream.collect().await,
        Err(fault) => vec![Err(fault)],
    }
}

#[tokio::test]
async fn an_answer_streams_and_ends() {
    for provider in &PROVIDERS {
        let events = asked(&answering(200, at_once(recorded(provider))), provider).await;
        let text: String = events
            .iter()
            .filter_map(|event| match event {
                Ok(StreamEvent::Text(text)) => Some(text.as_str()),
                _ => None,
            })
            .collect();
        assert_eq!(text, "Bonjour à vous 👋");
        assert_eq!(events.last(), Some(&Ok(StreamEvent::End(EndReason::Complete))));
    }
}

#[tokio::test]
async fn every_status_has_its_fault() {
    let limited = VendorFault::RateLimited { retry_after_s: Some(7) };
    for provider in &PROVIDERS {
        for (status, fault) in [
            (400, VendorFault::Refused),
            (401, VendorFault::Refused),
            (403, VendorFault::Refused),
            (404, VendorFault::Refused),
            (429, limited),
            (500, VendorFault::Overloaded),
            (503, VendorFault::Overloaded),
            (529, VendorFault::Overloaded),
            (302, VendorFault::Broken),
        ] {
            let events = asked(&answering(status, at_once(String::new())), provider).await;
            assert_eq!(events, [Err(fault)], "{} {status}", provider.name);
        }
    }
}

#[tokio::test]
async fn an_origin_outside_the_register_is_not_asked() {
    let http = Http::scripted(Vec::new(), |_| panic!("nobody may be asked"));
    assert_eq!(asked(&http, &PROVIDERS[0]).await, [Err(VendorFault::Refused)]);
    assert_eq!(
        asked(&Http::scripted(origins(), |_| Err(HttpFault::Broken)), &PROVIDERS[0]).await,
        [Err(VendorFault::Broken)]
    );
}

#[tokio::test]
async fn an_answer_without_a_word_is_broken() {
    for provider in &PROVIDERS {
        let stream = recorded(provider).replace("Bonjour à ", "").replace("vous 👋", "");
        let events = asked(&answering(200, at_once(stream)), provider).await;
        assert_eq!(events.last(), Some(&Err(VendorFault::Broken)), "{}", provider.name);
    }
}

#[tokio::test]
async fn words_before_a_fault_are_still_said() {
    for provider in &PROVIDERS {
        let stream = recorded(provider);
        let cut = stream.find("vous").unwrap();
        let chunks = move || -> Chunks {
            Box::pin(stream::iter([Ok(stream.as_bytes()[..cut].to_vec()), Err(HttpFault::Broken)]))
        };
        let events = asked(&answering(200, chunks), provider).await;
        assert!(events.contains(&Ok(StreamEvent::Text("Bonjour à ".to_owned()))));
        assert_eq!(events.last(), Some(&Err(VendorFault::Truncated)));
    }
}

#[tokio::test(start_paused = true)]
async fn a_provider_that_never_speaks_times_out_at_the_first_deadline() {
    for provider in &PROVIDERS {
        let begun = tokio::time::Instant::now();
        let events = asked(&answering(200, || Box::pin(stream::pending())), provider).await;
        assert_eq!(events, [Err(VendorFault::Timeout)]);
        assert_eq!(begun.elapsed().as_millis(), u128::from(FIRST_TOKEN_MS));
    }
}

#[tokio::test(start_paused = true)]
async fn a_provider_that_stalls_in_the_middle_times_out_at_the_last_deadline() {
    for provider in &PROVIDERS {
        let stream = recorded(provider);
        let cut = stream.find("vous").unwrap();
        let head = stream.as_bytes()[..cut].to_vec();
        let begun = tokio::time::Instant::now();
        let chunks =
            move || -> Chunks { Box::pin(stream::iter([Ok(head.clone())]).chain(stream::pending())) };
        let events = asked(&answering(200, chunks), provider).await;
        assert!(events.contains(&Ok(StreamEvent::Text("Bonjour à ".to_owned()))));
        assert_eq!(events.last(), Some(&Err(VendorFault::Timeout)));
        assert_eq!(begun.elapsed().as_millis(), u128::from(ANSWER_MS));
    }
}

#[tokio::test(start_paused = true)]
async fn pings_are_no_first_token() {
    let chunks = || -> Chunks {
        Box::pin(stream::unfold((), |()| async {
            tokio::time::sleep(std::time::Duration::from_secs(1)).await;
            Some((Ok(b": ping\n\n".to_vec()), ()))
        }))
    };
    assert_eq!(asked(&answering(200, chunks), &PROVIDERS[1]).await, [Err(VendorFault::Timeout)]);
}

#[test]
fn a_request_shows_its_key_to_nobody() {
    for provider in &PROVIDERS {
        let request =
            (provider.request)(&config(provider), &prompt()).expect("a prompt of ours can be written");
        assert!(format!("{:?}", request.headers).contains("Secret(…)"));
        assert!(
            !request.url.contains("sk-test") && !String::from_utf8_lossy(&request.body).contains("sk-test")
        );
    }
}

#[test]
fn what_a_deployment_leaves_open_comes_from_the_registry() {
    for provider in &PROVIDERS {
        assert_eq!(provider_find(provider.name).map(|found| found.name), Some(provider.name));
        let usual = ProviderConfig::new(provider, Secret::default(), Some(" "), Some(""));
        assert_eq!((usual.base_url.as_str(), usual.model.as_str()), (provider.base_url, provider.model));
        let own = ProviderConfig::new(provider, Secret::default(), Some("http://127.0.0.1:9/"), Some("own"));
        assert_eq!((own.base_url.as_str(), own.model.as_str()), ("http://127.0.0.1:9", "own"));
    }
    assert!(provider_find("nobody").is_none());
}
