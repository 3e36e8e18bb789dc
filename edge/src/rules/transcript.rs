//! A conversation as a file to take along: plain text that people read.

use shared::time::{DAY_MS, MINUTE_MS, Millis, civil_from_day};
use shared::wire::message::{Body, Message, Origin};

/// When, in UTC: `2026-11-21 18:04`.
fn moment(at: Millis) -> String {
    let (year, month, day) = civil_from_day(at.day());
    let minute = at.as_i64().rem_euclid(DAY_MS).div_euclid(MINUTE_MS);
    format!("{year:04}-{month:02}-{day:02} {:02}:{:02}", minute.div_euclid(60), minute.rem_euclid(60))
}

/// Who speaks, in a word or by name.
fn speaker(message: &Message) -> String {
    match (message.origin, &message.author, &message.ai) {
        (Origin::Human, Some(name), _) => name.expose().clone(),
        (Origin::Human, None, _) => "Team".into(),
        (Origin::Ai, _, Some(ai)) => format!("AI ({} {})", ai.provider, ai.model),
        (Origin::Ai, _, None) => "AI".into(),
        (Origin::Visitor, ..) => "Visitor".into(),
        (Origin::System, ..) => "—".into(),
    }
}

/// Writes messages as text, oldest first. Notices are named as the interface names them to machines.
pub fn text(messages: &[Message]) -> String {
    let mut out = String::new();
    for message in messages {
        let words = match &message.body {
            Body::Text { text, .. } => text.expose().replace('\n', "\n    "),
            Body::Notice(notice) => format!("[{notice:?}]"),
        };
        out.push_str(&format!("{} UTC  {}\n    {words}\n\n", moment(message.at), speaker(message)));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::id::MessageId;
    use shared::privacy::Personal;

    #[test]
    fn a_transcript_says_when_who_and_what() {
        let at = Millis::new(1_795_284_000_000);
        let message = |origin, author: Option<&str>, text: &str| Message {
            id: MessageId::mint(at, [1; 10]),
            sequence: 1,
            draft: None,
            origin,
            at,
            until: at,
            body: Body::Text { text: Personal::new(text.into()), sources: Vec::new() },
            ai: None,
            attachments: Vec::new(),
            author: author.map(|name| Personal::new(name.into())),
        };
        let all = [message(Origin::Visitor, None, "One\ntwo"), message(Origin::Human, Some("Ada"), "Yes.")];
        let expected =
            "2026-11-21 18:00 UTC  Visitor\n    One\n    two\n\n2026-11-21 18:00 UTC  Ada\n    Yes.\n\n";
        assert_eq!(text(&all), expected);
    }
}
