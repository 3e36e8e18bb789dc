//! The request: the whole prompt, streamed back.

use serde::Serialize;
use shared::limits::ANSWER_TOKENS;
use shared::privacy::Secret;

use crate::platform::http::Request;
use crate::rules::prompt::{Prompt, Role};
use crate::vendors::ProviderConfig;

#[derive(Serialize)]
struct Body<'a> {
    model: &'a str,
    max_tokens: u32,
    system: &'a str,
    messages: Vec<Message<'a>>,
    stream: bool,
}

#[derive(Serialize)]
struct Message<'a> {
    role: &'static str,
    content: &'a str,
}

/// Writes the request. `None` where the prompt can't be written, which no prompt of ours is.
pub(super) fn request(config: &ProviderConfig, prompt: &Prompt) -> Option<Request> {
    let body = Body {
        model: &config.model,
        max_tokens: ANSWER_TOKENS,
        system: &prompt.system,
        messages: prompt
            .messages
            .iter()
            .map(|message| Message {
                role: match message.role {
                    Role::Visitor => "user",
                    Role::Answerer => "assistant",
                },
                content: &message.text,
            })
            .collect(),
        stream: true,
    };
    // Both spellings of the base URL are in use, with the version and without.
    let base_url = config.base_url.strip_suffix("/v1").unwrap_or(&config.base_url);
    Some(Request {
        url: format!("{base_url}/v1/messages"),
        headers: vec![
            ("content-type", Secret::new("application/json".to_owned())),
            ("anthropic-version", Secret::new("2023-06-01".to_owned())),
            ("x-api-key", config.key.clone()),
        ],
        body: serde_json::to_vec(&body).ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::prompt::Turn;
    use serde_json::{Value, json};

    #[test]
    fn p5_1_the_thread_goes_along_under_both_spellings_of_the_base_url() {
        let turn = |role, text: &str| Turn { role, text: text.to_owned() };
        let prompt = Prompt {
            system: "Be exact.".to_owned(),
            messages: vec![
                turn(Role::Visitor, "Hi"),
                turn(Role::Answerer, "Hello"),
                turn(Role::Visitor, "When?"),
            ],
        };
        for (base_url, url) in [
            (None, "https://api.anthropic.com/v1/messages"),
            (Some("http://127.0.0.1:9/v1/"), "http://127.0.0.1:9/v1/messages"),
        ] {
            let provider = &crate::vendors::PROVIDERS[1];
            let config = ProviderConfig::new(provider, Secret::new("k".to_owned()), base_url, None);
            let request = request(&config, &prompt).unwrap();
            assert_eq!(request.url, url);
            let body: Value = serde_json::from_slice(&request.body).unwrap();
            assert_eq!((&body["system"], &body["stream"]), (&json!("Be exact."), &json!(true)));
            assert_eq!(body["max_tokens"], ANSWER_TOKENS);
            let fields: Vec<&str> = body.as_object().unwrap().keys().map(String::as_str).collect();
            assert_eq!(
                fields,
                ["max_tokens", "messages", "model", "stream", "system"],
                "what the answer needs"
            );
            assert_eq!(
                body["messages"],
                json!([
                    {"role": "user", "content": "Hi"},
                    {"role": "assistant", "content": "Hello"},
                    {"role": "user", "content": "When?"},
                ])
            );
        }
    }
}
