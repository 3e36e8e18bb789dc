//! The notice as markup: what is held and why, for how long as this site is set, and who receives it as its features are
//! switched on now.

use std::fmt::Write;

use shared::rules::retention::ConversationLimit;
use shared::wire::admin::request::Processor;

use super::words::{Words, filled, word};
use crate::http::body::html_escape;
use crate::rules::notice::{About, Entry};
use crate::store::site::Site;

/// An entry's language, marked where it is not the page's.
fn marked(entry: &Entry, language: &str) -> String {
    if entry.language == language {
        String::new()
    } else {
        format!(" lang=\"{}\" dir=\"ltr\"", entry.language)
    }
}

/// The entries of an edition that are about the ones or the others, with those who receive something. With a site, its own
/// limit stands in them.
pub fn entries(
    words: &Words,
    language: &str,
    (entries, about): (&[Entry], About),
    site: Option<&Site>,
    processors: &[Processor],
) -> String {
    let (basis_b, nobody) = match about {
        About::Accounts => ("basis_b_account", "nobody_account"),
        _ => ("basis_b", "nobody"),
    };
    let mut html = String::new();
    for entry in entries.iter().filter(|entry| entry.about.covers(about)) {
        let period = site.map_or_else(|| entry.how_long.clone(), |site| period(words, site, entry));
        let basis = if entry.basis == "b" { basis_b.to_owned() } else { format!("basis_{}", entry.basis) };
        // Writing to a String can't fail.
        let _ = write!(
            html,
            "<section class=\"entry\"{}><h4>{}</h4><dl><dt>{}</dt><dd>{}</dd><dt>{}</dt><dd>{}</dd>\
             <dt>{}</dt><dd>{}</dd><dt>{}</dt><dd>{}</dd></dl></section>",
            marked(entry, language),
            html_escape(&entry.what),
            html_escape(word(words, "for")),
            html_escape(&entry.purpose),
            html_escape(word(words, "basis")),
            html_escape(word(words, &basis)),
            html_escape(word(words, "how_long")),
            html_escape(&period),
            html_escape(word(words, "receives")),
            html_escape(&recipients(words, &entry.recipients, nobody, processors)),
        );
    }
    html
}

/// The period in force: the business's own where it set one in days, told of each class by what it is counted from.
fn period(words: &Words, site: &Site, entry: &Entry) -> String {
    let days = match site.limit() {
        ConversationLimit::Days(1) => word(words, "days_one").to_owned(),
        ConversationLimit::Days(days) => filled(words, "days_some", &[("count", &days.to_string())]),
        ConversationLimit::Months(_) if entry.retention == "conversation" => {
            return word(words, "months_each").to_owned();
        }
        ConversationLimit::Months(_) => return entry.how_long.clone(),
    };
    let key = match entry.retention.as_str() {
        "conversation" => "set_each",
        "thread" => "set_thread",
        "consent" => "set_consent",
        "rating" => "set_rating",
        _ => return entry.how_long.clone(),
    };
    filled(words, key, &[("period", &days)])
}

/// Who receives something: only those that a feature which is switched on needs.
pub fn recipients(words: &Words, recipients: &[String], nobody: &str, processors: &[Processor]) -> String {
    let names = |role: &str| -> String {
        let of_role = processors.iter().filter(|processor| processor.role == role);
        of_role.map(|processor| processor.name.as_str()).collect::<Vec<_>>().join(", ")
    };
    let mut parts = Vec::new();
    for recipient in recipients {
        let named = names(recipient);
        match (recipient.as_str(), named.is_empty()) {
            ("ai", false) => parts.push(filled(words, "to_ai", &[("names", &named)])),
            ("ai", true) => parts.push(word(words, "builtin").to_owned()),
            (_, false) => parts.push(filled(words, "to_mail", &[("names", &named)])),
            _ => {}
        }
    }
    if parts.is_empty() { word(words, nobody).to_owned() } else { parts.join("; ") }
}

/// Who processes something, with region, safeguard, how long it keeps what it is handed, and when that was last looked at.
pub fn processors(words: &Words, processors: &[Processor]) -> String {
    let mut html = String::new();
    for processor in processors {
        let note = if processor.is_stale {
            format!(" <strong class=\"flag\">{}</strong>", html_escape(word(words, "stale")))
        } else {
            String::new()
        };
        let _ = write!(
            html,
            "<dt>{}</dt><dd lang=\"en\">{}</dd><dd><span class=\"quiet\">{}:</span> <span lang=\"en\">{}</span></dd>\
             <dd><span class=\"quiet\">{}:</span> <span lang=\"en\">{}</span></dd>\
             <dd><span class=\"quiet\">{}:</span> <span lang=\"en\">{}</span>, {}{note}</dd>",
            html_escape(&processor.name),
            html_escape(&processor.region),
            html_escape(word(words, "safeguard")),
            html_escape(&processor.safeguard),
            html_escape(word(words, "keeps")),
            html_escape(&processor.retention),
            html_escape(word(words, "certified")),
            html_escape(&processor.certification),
            html_escape(&filled(words, "verified", &[("date", &processor.verified)])),
        );
    }
    html
}
