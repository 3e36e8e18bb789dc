//! What leaves for a provider, searched for numbers that are somebody's: none of them goes, and what only looks like one does.

use std::sync::{Arc, Mutex};

use edge::platform::Http;
use tests::{Deployment, Options, Visitor};

use super::answers::{KEYED, answering, chat_completion};

/// So many lines stand in one message: it stays below the limit of a message.
const LINES: usize = 25;

/// Writes lines, many to a message, and gives what the provider received.
async fn received(lines: &[&str]) -> String {
    let (http, asked): (Http, Arc<Mutex<Vec<String>>>) =
        answering(200, chat_completion(&["Thank you."], "data: [DONE]\n\n"));
    let variables = KEYED.map(|(name, value)| (name, value.to_owned())).to_vec();
    let options = Options { variables, http, ..Options::default() };
    let deployment = Deployment::with_two_businesses(options).await;
    let mut visitor = Visitor::at(&deployment, 0).await;
    let messages: Vec<String> = lines.chunks(LINES).map(|lines| lines.join("\n")).collect();
    for text in &messages {
        visitor.write(text).await;
        deployment.settle().await;
    }
    let asked = asked.lock().unwrap();
    assert_eq!(asked.len(), messages.len(), "the provider was asked about each");
    asked.concat()
}

#[tokio::test]
async fn b11_of_two_hundred_numbers_in_a_chat_a_provider_receives_none() {
    let lines: Vec<&str> = include_str!("../../../edge/src/rules/masking/numbers.txt")
        .lines()
        .map(|line| line.split_once('\t').unwrap().1)
        .collect();
    assert!(lines.len() >= 200);
    let received = received(&lines).await;
    for number in &lines {
        assert!(!received.contains(number), "{number} left");
        // Nor without what stands between its digits.
        let bare = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
        assert!(!bare(&received).contains(&bare(number)), "{number} left in another shape");
    }
    assert!(received.contains("\u{27e6}phone-1\u{27e7}") && received.contains("\u{27e6}iban-"), "{received}");
}

#[tokio::test]
async fn b11_of_two_hundred_lookalikes_in_a_chat_a_provider_receives_every_one() {
    let lines: Vec<&str> = include_str!("../../../edge/src/rules/masking/lookalikes.txt").lines().collect();
    assert!(lines.len() >= 200);
    let received = received(&lines).await;
    for number in &lines {
        assert!(received.contains(number), "{number} was taken for somebody's");
    }
    assert!(!received.contains("\u{27e6}phone-") && !received.contains("\u{27e6}card-"), "{received}");
}
