//! What a visitor is answered: by a provider, by the built-in answerer, or by an honest notice.

use edge::platform::Http;
use edge::platform::http::{HttpFault, Response};
use shared::wire::message::{Body, Notice, Origin};
use shared::wire::widget::State;
use tests::{Deployment, NOW, Options, Visitor, business_id, seed};

/// A provider that is asked at a server of this process.
pub const KEYED: [(&str, &str); 2] =
    [("OPENAI_API_KEY", "test-key"), ("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")];

/// An answer as a provider streams it.
pub fn chat_completion(words: &[&str], end: &str) -> Vec<u8> {
    let mut stream = String::new();
    for word in words {
        let chunk = serde_json::json!({ "choices": [{ "index": 0, "delta": { "content": word } }] });
        stream.push_str(&format!("data: {chunk}\n\n"));
    }
    stream.push_str("data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n");
    stream.push_str("data: {\"choices\":[],\"usage\":{\"prompt_tokens\":20,\"completion_tokens\":7}}\n\n");
    stream.push_str(end);
    stream.into_bytes()
}

/// A provider that answers so, and the bodies that it received.
pub fn answering(status: u16, bytes: Vec<u8>) -> (Http, std::sync::Arc<std::sync::Mutex<Vec<String>>>) {
    let asked = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let record = std::sync::Arc::clone(&asked);
    let http = Http::scripted(vec!["http://127.0.0.1:9".into()], move |request| {
        record.lock().unwrap().push(String::from_utf8(request.body).unwrap());
        let chunks = bytes.chunks(7).map(|chunk| Ok::<_, HttpFault>(chunk.to_vec())).collect::<Vec<_>>();
        Ok(Response { status, retry_after_s: None, chunks: Box::pin(futures::stream::iter(chunks)) })
    });
    (http, asked)
}

async fn deployment(http: Http, keyed: bool) -> Deployment {
    let variables =
        if keyed { KEYED.map(|(name, value)| (name, value.to_owned())).to_vec() } else { Vec::new() };
    Deployment::with_two_businesses(Options { variables, http, ..Options::default() }).await
}

async fn ask(deployment: &Deployment, text: &str) -> Vec<shared::wire::message::Message> {
    let mut visitor = Visitor::at(deployment, 0).await;
    visitor.write(text).await;
    deployment.settle().await;
    visitor.read_after(1).await.messages
}

fn words(message: &shared::wire::message::Message) -> &str {
    match &message.body {
        Body::Text { text, .. } => text.expose(),
        Body::Notice(_) => "",
    }
}

#[tokio::test]
async fn b13_without_a_key_the_built_in_answerer_quotes_the_business_with_its_source() {
    let deployment = deployment(Http::silent(), false).await;
    let answer = ask(&deployment, "What time is breakfast?").await;
    assert_eq!(answer.len(), 1, "{answer:?}");
    assert!(words(&answer[0]).contains("7:00 to 10:30"));
    assert_eq!(answer[0].origin, Origin::Ai);
    assert_eq!(answer[0].ai.as_ref().unwrap().provider, "builtin");
    let Body::Text { sources, .. } = &answer[0].body else { panic!() };
    assert_eq!(sources[0].title, "Breakfast");
}

#[tokio::test]
async fn b13_what_the_business_does_not_know_is_said_so() {
    let deployment = deployment(Http::silent(), false).await;
    let answer = ask(&deployment, "Do you sell submarines?").await;
    assert!(matches!(answer[0].body, Body::Notice(Notice::NothingFound(_))), "{answer:?}");
}

#[tokio::test]
async fn b13_a_greeting_is_met_with_an_invitation_to_ask() {
    let deployment = deployment(Http::silent(), false).await;
    for greeting in ["Hello!", "Good morning", "Thanks", "Bonjour", "👋"] {
        let answer = ask(&deployment, greeting).await;
        assert!(matches!(answer[0].body, Body::Notice(Notice::QuestionAwaited)), "{greeting}: {answer:?}");
    }
}

#[tokio::test]
async fn b13_a_question_that_goes_on_is_read_with_the_one_before_it() {
    let deployment = deployment(Http::silent(), false).await;
    let mut visitor = Visitor::at(&deployment, 0).await;
    for question in ["When is breakfast?", "And on Sundays?"] {
        visitor.write(question).await;
        deployment.settle().await;
    }
    let messages = visitor.read_after(3).await.messages;
    assert!(words(&messages[0]).contains("7:00 to 10:30"), "{messages:?}");
}

#[tokio::test]
async fn a_provider_streams_and_the_answer_is_kept_with_who_wrote_it() {
    let (http, asked) =
        answering(200, chat_completion(&["Break", "fast is ", "at **7:00**."], "data: [DONE]\n\n"));
    let deployment = deployment(http, true).await;
    let answer = ask(&deployment, "What time is breakfast?").await;
    assert_eq!(words(&answer[0]), "Breakfast is at **7:00**.");
    assert_eq!(answer[0].ai.as_ref().unwrap().provider, "openai");
    assert_eq!(asked.lock().unwrap().len(), 1);
    let (tokens_in, tokens_out): (i64, i64) = deployment.shards[0]
        .with_connection(|connection| {
            connection
                .query_row("SELECT tokens_in, tokens_out FROM message WHERE origin = 'ai'", [], |row| {
                    Ok((row.get(0)?, row.get(1)?))
                })
                .unwrap()
        })
        .unwrap();
    assert_eq!((tokens_in, tokens_out), (20, 7));
}

/// How a thread stands after two questions in a row that a provider answers with these words, where this was set.
async fn after_two(text: &'static str, unsure_counts: bool, questions: [&str; 2]) -> State {
    let (http, _) = answering(200, chat_completion(&[text], "data: [DONE]\n\n"));
    let deployment = deployment(http, true).await;
    deployment
        .directory
        .with_connection(|connection| {
            connection
                .execute(
                    "INSERT INTO hand_off (business, topics, after_misses, unsure_counts, at_ceiling, answer_within_min, updated_at)
                     VALUES (?1, '[]', 2, ?2, 1, 5, 0)",
                    (business_id(0).to_string(), unsure_counts),
                )
                .unwrap()
        })
        .unwrap();
    let mut visitor = Visitor::at(&deployment, 0).await;
    for question in questions {
        visitor.write(question).await;
        deployment.settle().await;
    }
    visitor.read_after(0).await.state
}

#[tokio::test]
async fn a_provider_that_twice_found_nothing_or_says_so_brings_a_person() {
    let unknown = "I do not know. There is the button \"Talk to a person\".";
    let known = ["What time is breakfast?", "When is breakfast served?"];
    assert_eq!(
        after_two("Of course.", false, ["Do you sell submarines?", "Is there a helicopter?"]).await,
        State::Requested
    );
    assert_eq!(after_two(unknown, false, known).await, State::Requested);
    assert_eq!(after_two("From 7:00 to 10:30.", true, known).await, State::Ai);
    assert_eq!(after_two("Welcome!", true, ["Hello!", "Thanks"]).await, State::Ai, "nothing was asked");
}

#[tokio::test]
async fn b11_personal_data_is_masked_before_it_leaves_and_put_back() {
    let (http, asked) = answering(200, chat_completion(&["I wrote to ⟦ema", "il-1⟧."], "data: [DONE]\n\n"));
    let deployment = deployment(http, true).await;
    let answer = ask(&deployment, "My mail is ada@example.org, phone +33 6 12 34 56 78").await;
    assert_eq!(words(&answer[0]), "I wrote to ada@example.org.");
    let sent = asked.lock().unwrap().concat();
    assert!(!sent.contains("ada@example.org") && !sent.contains("12 34 56"), "{sent}");
    assert!(sent.contains("\"store\":false"));
}

#[tokio::test]
async fn b11_a_provider_learns_of_a_file_its_type_and_nothing_else() {
    let (http, asked) = answering(200, chat_completion(&["A colleague will look at it."], "stop"));
    let deployment = deployment(http, true).await;
    let mut visitor = Visitor::at(&deployment, 0).await;
    visitor.write("Hello").await;
    deployment.settle().await;
    let file = visitor.upload("canary-name.txt", b"canary-content").await;
    let file: shared::wire::file::Attachment = file.json();
    let draft = visitor.draft();
    visitor.write_with(draft, "Is this the right form?", &[file.id]).await;
    deployment.settle().await;
    let asked = asked.lock().unwrap();
    let last = asked.last().unwrap();
    assert!(last.contains("Is this the right form?") && last.contains("text/plain"), "{last}");
    assert!(!last.contains("canary"), "{last}");
}

#[tokio::test]
async fn a_cut_answer_is_kept_and_told() {
    let (http, _) =
        answering(200, b"data: {\"choices\":[{\"delta\":{\"content\":\"Breakfast is\"}}]}\n\n".to_vec());
    let deployment = deployment(http, true).await;
    let answer = ask(&deployment, "What time is breakfast?").await;
    assert_eq!(words(&answer[0]), "Breakfast is");
    assert!(matches!(answer[1].body, Body::Notice(Notice::AnswerCut)), "{answer:?}");
}

#[tokio::test]
async fn b13_a_provider_that_fails_leaves_the_answer_to_the_built_in_one() {
    for status in [400, 401, 429, 500, 529] {
        let (http, _) = answering(status, b"{}".to_vec());
        let deployment = deployment(http, true).await;
        let answer = ask(&deployment, "What time is breakfast?").await;
        assert!(words(&answer[0]).contains("7:00 to 10:30"), "{status}: {answer:?}");
        assert_eq!(answer[0].ai.as_ref().unwrap().provider, "builtin");
    }
}

#[tokio::test]
async fn b12_at_the_ceiling_the_chat_hands_over_honestly() {
    let (http, asked) = answering(200, chat_completion(&["Hello."], "data: [DONE]\n\n"));
    let options = Options {
        variables: KEYED.map(|(name, value)| (name, value.to_owned())).to_vec(),
        http,
        ..Options::default()
    };
    let deployment = Deployment::new(options);
    let mut small = seed(0);
    small.site.settings.daily_calls = 1;
    deployment.seed(&small).await;
    ask(&deployment, "Do you sell submarines?").await;
    let answer = ask(&deployment, "Do you sell submarines?").await;
    assert!(matches!(answer[0].body, Body::Notice(Notice::CeilingReached(_))), "{answer:?}");
    assert_eq!(asked.lock().unwrap().len(), 1, "the second question cost nothing");
}

#[tokio::test]
async fn a_person_who_takes_over_keeps_a_late_answer_out() {
    let (http, _) = answering(200, chat_completion(&["Too late."], "data: [DONE]\n\n"));
    let deployment = deployment(http, true).await;
    let mut visitor = Visitor::at(&deployment, 0).await;
    visitor.write("Hello").await;
    deployment.shards[0]
        .with_connection(|connection| {
            connection.execute("UPDATE conversation SET state = 'human', turn = NULL", []).unwrap();
        })
        .unwrap();
    deployment.settle().await;
    let (conversation, _) = visitor.thread.clone().unwrap();
    assert_eq!(visitor.read_after(1).await.messages, [], "{conversation}");
}

#[tokio::test]
async fn a_message_written_during_an_answer_is_answered_after_it() {
    let (http, asked) = answering(200, chat_completion(&["Yes."], "data: [DONE]\n\n"));
    let deployment = deployment(http, true).await;
    let mut visitor = Visitor::at(&deployment, 0).await;
    visitor.write("When is breakfast?").await;
    visitor.write("And on Sundays?").await;
    deployment.settle().await;
    assert_eq!(asked.lock().unwrap().len(), 2);
    let origins: Vec<Origin> =
        visitor.read_after(0).await.messages.iter().map(|message| message.origin).collect();
    assert_eq!(origins, [Origin::Visitor, Origin::Visitor, Origin::Ai, Origin::Ai]);
}

#[tokio::test]
async fn a_turn_that_a_restart_lost_is_told_when_the_watchdog_rings() {
    let (http, _) = answering(200, chat_completion(&["never"], "data: [DONE]\n\n"));
    let deployment = deployment(http, true).await;
    let mut visitor = Visitor::at(&deployment, 0).await;
    visitor.write("Hello").await;
    let (conversation, _) = visitor.thread.clone().unwrap();
    assert!(deployment.conversations.room(conversation).walls().alarm.borrow().is_some());
    deployment.conversations.evict(conversation);
    let business = edge::store::scope::BusinessScope::new(business_id(0), 0);
    let found =
        edge::store::conversation::conversation_find(&deployment.shards[0], &business, conversation).await;
    deployment.clock.wind(NOW.plus_ms(shared::limits::TURN_WATCHDOG_MS));
    deployment.conversations.room(conversation).alarm(found.unwrap().unwrap().scope).await;
    let messages = visitor.read_after(1).await.messages;
    assert!(matches!(messages[0].body, Body::Notice(Notice::AnswerFailed)), "{messages:?}");
    visitor.write("Again?").await;
    deployment.settle().await;
    assert_eq!(visitor.read_after(3).await.messages.len(), 1, "the thread goes on");
}

#[tokio::test]
async fn a_turn_that_a_failing_database_lost_is_ended_once_it_answers_again() {
    let deployment = deployment(Http::silent(), false).await;
    let mut visitor = Visitor::at(&deployment, 0).await;
    visitor.write("When is breakfast?").await;
    let (conversation, _) = visitor.thread.clone().unwrap();
    let rename = |from: &str, to: &str| {
        let sql = format!("ALTER TABLE {from} RENAME TO {to}");
        deployment.shards[0].with_connection(|connection| connection.execute_batch(&sql).unwrap()).unwrap();
    };
    rename("message", "message_away");
    deployment.settle().await;
    let room = deployment.conversations.room(conversation);
    assert!(room.walls().alarm.borrow().is_some(), "somebody comes back for the turn");
    let scope = edge::store::scope::BusinessScope::new(business_id(0), 0);
    let found =
        edge::store::conversation::conversation_find(&deployment.shards[0], &scope, conversation).await;
    let thread = found.unwrap().unwrap().scope;
    deployment.clock.wind(NOW.plus_ms(shared::limits::TURN_WATCHDOG_MS));
    room.alarm(thread).await;
    assert!(room.walls().alarm.borrow().is_some(), "and again, while it can't be ended");
    rename("message_away", "message");
    visitor.write("Hello").await;
    room.alarm(thread).await;
    deployment.settle().await;
    let messages = visitor.read_after(0).await.messages;
    let told = messages.iter().any(|message| matches!(message.body, Body::Notice(Notice::AnswerFailed)));
    assert!(told, "{messages:?}");
    assert!(
        messages.iter().any(|message| matches!(message.body, Body::Notice(Notice::QuestionAwaited))),
        "{messages:?}"
    );
}
