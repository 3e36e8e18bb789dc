//! What is typed for a saved reply or a label, judged before it is sent: the edge says that something is wrong, and whoever
//! typed it must see which field.

use shared::id::{CannedReplyId, LabelId};
use shared::limits::{NAME_CHARACTERS, SHORTCUT_CHARACTERS};
use shared::rules::message::{message_text, reply_is_fillable};
use shared::rules::person::line_text;
use shared::wire::admin::inbox::words::{CannedReply, Label, PutCannedReply};

/// What is wrong, and by that which field it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WrongReply {
    Title,
    Shortcut,
    ShortcutTaken,
    Text,
    /// A word in braces that nothing fills in.
    Braces,
}

/// A reply as the edge takes it, out of what was typed.
pub fn reply_check(
    known: &[CannedReply],
    id: Option<CannedReplyId>,
    typed: &PutCannedReply,
) -> Result<PutCannedReply, WrongReply> {
    let title = line_text(&typed.title, NAME_CHARACTERS).ok_or(WrongReply::Title)?;
    let shortcut = shortcut_of(&typed.shortcut).ok_or(WrongReply::Shortcut)?;
    if known.iter().any(|other| Some(other.id) != id && other.reply.shortcut == shortcut) {
        return Err(WrongReply::ShortcutTaken);
    }
    let text = message_text(&typed.text).map_err(|_| WrongReply::Text)?;
    if !reply_is_fillable(&text) {
        return Err(WrongReply::Braces);
    }
    Ok(PutCannedReply { shortcut, title, text, locale: typed.locale.clone().filter(|it| !it.is_empty()) })
}

/// Another label has this name.
pub fn label_is_taken(known: &[Label], id: Option<LabelId>, name: &str) -> bool {
    known.iter().any(|other| Some(other.id) != id && other.label.name == name)
}

fn shortcut_of(text: &str) -> Option<String> {
    let shortcut = text.trim().trim_start_matches('/').to_lowercase().replace(' ', "-");
    let fits = (1..=SHORTCUT_CHARACTERS).contains(&shortcut.len());
    let is_plain = |letter: u8| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == b'-';
    (fits && shortcut.bytes().all(is_plain)).then_some(shortcut)
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::time::Millis;
    use shared::wire::admin::inbox::words::{LabelColor, PutLabel};

    const NOW: Millis = Millis::new(1_795_000_000_000);
    const LONG: &str = "thirty-one-letters-are-too-many";

    fn typed(title: &str, shortcut: &str, text: &str) -> PutCannedReply {
        let [title, shortcut, text] = [title, shortcut, text].map(str::to_owned);
        PutCannedReply { shortcut, title, text, locale: Some(String::new()) }
    }

    fn id(number: u8) -> CannedReplyId {
        CannedReplyId::mint(NOW, [number; 10])
    }

    #[test]
    fn what_can_not_be_taken_names_the_field_before_anything_is_sent() {
        let known = [CannedReply { id: id(1), reply: typed("Parking", "parking", "In the courtyard.") }];
        let judged = |id, title, shortcut, text| reply_check(&known, id, &typed(title, shortcut, text)).err();
        assert_eq!(judged(None, " ", "a", "b"), Some(WrongReply::Title));
        assert_eq!(judged(None, "A", "café", "b"), Some(WrongReply::Shortcut));
        assert_eq!(judged(None, "A", LONG, "b"), Some(WrongReply::Shortcut));
        assert_eq!(judged(None, "A", "/Parking", "b"), Some(WrongReply::ShortcutTaken));
        assert_eq!(judged(None, "A", "a", "\u{200b}"), Some(WrongReply::Text));
        assert_eq!(judged(None, "A", "a", "Hello {name}"), Some(WrongReply::Braces));
        assert_eq!(judged(None, "A", "a", "Hello {visitor_name}, {agent_name}"), None);
        assert_eq!(judged(Some(id(1)), "A", "parking", "b"), None, "its own shortcut is not taken");
        let put = reply_check(&[], None, &typed(" A ", "/check in", " b ")).expect("it can be taken");
        assert_eq!(put, PutCannedReply { locale: None, ..typed("A", "check-in", "b") });
    }

    #[test]
    fn a_label_has_its_name_alone() {
        let label = PutLabel { name: "late".to_owned(), color: LabelColor::Gray };
        let known = [Label { id: LabelId::mint(NOW, [1; 10]), label }];
        assert!(label_is_taken(&known, None, "late") && !label_is_taken(&known, None, "early"));
        assert!(!label_is_taken(&known, Some(known[0].id), "late"));
    }
}
