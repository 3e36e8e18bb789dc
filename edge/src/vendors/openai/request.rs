//! The request: the whole prompt, streamed back, not to be stored (promise P5.1).

use serde::Serialize;
use shared::limits::ANSWER_TOKENS;
use shared::privacy::Secret;

use crate::platform::http::{Request, origin_of};
use crate::rules::prompt::{Prompt, Role};
use crate::vendors::ProviderConfig;

#[derive(Serialize)]
struct Body<'a> {
    model: &'a str,
    messages: Vec<Message<'a>>,
    stream: bool,
    stream_options: StreamOptions,
    store: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_completion_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_tokens: Option<u32>,
}

#[derive(Serialize)]
struct StreamOptions {
    include_usage: bool,
}

#[derive(Serialize)]
struct Message<'a> {
    role: &'static str,
    content: &'a str,
}

/// Writes the request. `None` where the prompt can't be written, which no prompt of ours is.
pub(super) fn request(config: &ProviderConfig, prompt: &Prompt) -> Option<Request> {
    // The provider itself renamed the limit; other servers that speak the same language often know the old name only.
    let is_own = origin_of(&config.base_url) == origin_of(super::PROVIDER.base_url);
    let system = Message { role: "system", content: &prompt.system };
    let turns = prompt.messages.iter().map(|message| Message {
        role: match message.role {
            Role::Visitor => "user",
            Role::Answerer => "assistant",
        },
        content: &message.text,
    });
    let body = Body {
        model: &config.model,
        messages: std::iter::once(system).chain(turns).collect(),
        stream: true,
        stream_options: StreamOptions { include_usage: true },
        store: false, // keeps P5.1 | without: store: true,
        max_completion_tokens: is_own.then_some(ANSWER_TOKENS),
        max_tokens: (!is_own).then_some(ANSWER_TOKENS),
    };
    Some(Request {
        url: format!("{}/chat/completions", versioned(&config.base_url)),
        headers: vec![
            ("content-type", Secret::new("application/json".to_owned())),
            ("authorization", Secret::new(format!("Bearer {}", config.key.expose()))),
        ],
        body: serde_json::to_vec(&body).ok()?,
    })
}

/// A base URL without a path means the first version, which is where every such server has it.
fn versioned(base_url: &str) -> String {
    match origin_of(base_url) {
        Some(origin) if origin == base_url => format!("{origin}/v1"),
        _ => base_url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::prompt::Turn;
    use serde_json::{Value, json};

    fn written(base_url: Option<&str>) -> (String, Value) {
        let turn = |role, text: &str| Turn { role, text: text.to_owned() };
        let prompt = Prompt {
            system: "Be exact.".to_owned(),
            messages: vec![
                turn(Role::Visitor, "Hi"),
                turn(Role::Answerer, "Hello"),
                turn(Role::Visitor, "When?"),
            ],
        };
        let config =
            ProviderConfig::new(&crate::vendors::PROVIDERS[0], Secret::new("k".to_owned()), base_url, None);
        let request = request(&config, &prompt).unwrap();
        (request.url, serde_json::from_slice(&request.body).unwrap())
    }

    #[test]
    fn p5_1_the_thread_goes_along_and_nothing_is_to_be_kept() {
        let (url, body) = written(None);
        assert_eq!(url, "https://api.openai.com/v1/chat/completions");
        assert_eq!(body["store"], false);
        assert_eq!(body["stream_options"], json!({"include_usage": true}));
        assert_eq!(body["max_completion_tokens"], ANSWER_TOKENS);
        assert!(body.get("max_tokens").is_none());
        let fields: Vec<&str> = body.as_object().unwrap().keys().map(String::as_str).collect();
        let needed = ["max_completion_tokens", "messages", "model", "store", "stream", "stream_options"];
        assert_eq!(fields, needed, "nothing beyond what the answer needs, and nothing that lets it be kept");
        assert_eq!(
            body["messages"],
            json!([
                {"role": "system", "content": "Be exact."},
                {"role": "user", "content": "Hi"},
                {"role": "assistant", "content": "Hello"},
                {"role": "user", "content": "When?"},
            ])
        );
    }

    #[test]
    fn another_server_is_asked_in_the_words_that_it_knows() {
        let (url, body) = written(Some("http://127.0.0.1:9/"));
        assert_eq!(url, "http://127.0.0.1:9/v1/chat/completions");
        assert_eq!((&body["max_tokens"], &body["store"]), (&json!(ANSWER_TOKENS), &json!(false)));
        assert!(body.get("max_completion_tokens").is_none());
        assert_eq!(
            written(Some("http://127.0.0.1:9/api/v3")).0,
            "http://127.0.0.1:9/api/v3/chat/completions"
        );
    }
}
