//! The tags of somebody else's page that matter for the chat: scripts, frames, and policies in `meta`. It reads as
//! browsers do where it counts (comments, raw text, quotes, entities), and no further.

/// A tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// Its name, in lower case.
    pub name: String,
    /// Its attributes, names in lower case, values with their entities resolved.
    attributes: Vec<(String, String)>,
}

impl Tag {
    /// An attribute.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Elements whose content is no markup.
const RAW: [&str; 8] = ["script", "style", "textarea", "title", "xmp", "noembed", "noframes", "template"];

/// The tags of a page, in order.
pub fn tags(page: &str) -> Vec<Tag> {
    let mut found = Vec::new();
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        let Some(after) = rest.get(at.saturating_add(1)..) else { break };
        if let Some(comment) = after.strip_prefix("!--") {
            rest =
                comment.find("-->").and_then(|end| comment.get(end.saturating_add(3)..)).unwrap_or_default();
            continue;
        }
        if !after.starts_with(|letter: char| letter.is_ascii_alphabetic()) {
            rest = after;
            continue;
        }
        let (tag, behind) = tag_read(after);
        rest = behind;
        if RAW.contains(&tag.name.as_str()) {
            rest = raw_skip(rest, &tag.name);
        }
        found.push(tag);
    }
    found
}

/// What follows the end of a raw element.
fn raw_skip<'a>(text: &'a str, name: &str) -> &'a str {
    let end = format!("</{name}");
    let lower = text.to_ascii_lowercase();
    lower.find(&end).and_then(|at| text.get(at..)).unwrap_or_default()
}

/// Reads a tag from its name on; gives what follows it.
fn tag_read(text: &str) -> (Tag, &str) {
    let name_end =
        text.find(|letter: char| letter.is_whitespace() || "/>".contains(letter)).unwrap_or(text.len());
    let (name, mut rest) = text.split_at_checked(name_end).unwrap_or((text, ""));
    let mut attributes: Vec<(String, String)> = Vec::new();
    loop {
        rest = rest.trim_start_matches(|letter: char| letter.is_whitespace() || letter == '/');
        if let Some(behind) = rest.strip_prefix('>') {
            return (Tag { name: name.to_ascii_lowercase(), attributes }, behind);
        }
        if rest.is_empty() {
            return (Tag { name: name.to_ascii_lowercase(), attributes }, rest);
        }
        let end = rest
            .char_indices()
            .skip(1)
            .find(|(_, letter)| letter.is_whitespace() || "=/>".contains(*letter))
            .map_or(rest.len(), |(at, _)| at);
        let (key, behind) = rest.split_at_checked(end).unwrap_or((rest, ""));
        let (value, behind) = value_read(behind);
        rest = behind;
        let key = key.to_ascii_lowercase();
        // The first of two counts, as in browsers.
        if !attributes.iter().any(|(known, _)| *known == key) {
            attributes.push((key, entities_resolve(value)));
        }
    }
}

/// Reads `= value` in any of its three writings; nothing where none is there.
fn value_read(text: &str) -> (&str, &str) {
    let Some(after) = text.trim_start().strip_prefix('=') else { return ("", text) };
    let after = after.trim_start();
    for quote in ['"', '\''] {
        if let Some(inside) = after.strip_prefix(quote) {
            return inside.split_once(quote).unwrap_or((inside, ""));
        }
    }
    let end = after.find(|letter: char| letter.is_whitespace() || letter == '>').unwrap_or(after.len());
    after.split_at_checked(end).unwrap_or((after, ""))
}

/// Resolves the entities that stand in addresses and policies.
fn entities_resolve(text: &str) -> String {
    [
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#x27;", "'"),
        ("&apos;", "'"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&#x2F;", "/"),
        ("&amp;", "&"),
    ]
    .iter()
    .fold(text.to_owned(), |text, (entity, letter)| text.replace(entity, letter))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn tags_are_read_as_browsers_read_them() {
        let page = r#"<!doctype html><html><head>
            <!-- <script src="https://old.example/embed.js"></script> -->
            <title>a < b <script src="no"></title>
            <META http-equiv=Content-Security-Policy content="script-src &#39;self&#39; https://a.example?x=1&amp;y">
            <script>if (a < b) document.write("<script src='no'><\/script>")</script>
            <script async SRC='https://chat.example/embed.js' data-site = sit_1 data-site=sit_2></script>
            <iframe/src=https://chat.example/widget/sit_1></iframe>"#;
        let tags = tags(page);
        let names: Vec<&str> = tags.iter().map(|tag| tag.name.as_str()).collect();
        assert_eq!(names, ["html", "head", "title", "meta", "script", "script", "iframe"]);
        assert_eq!(tags[3].get("content"), Some("script-src 'self' https://a.example?x=1&y"));
        assert_eq!(tags[4].get("src"), None);
        assert_eq!(
            (tags[5].get("src"), tags[5].get("data-site"), tags[5].get("async")),
            (Some("https://chat.example/embed.js"), Some("sit_1"), Some(""))
        );
        assert_eq!(tags[6].get("src"), Some("https://chat.example/widget/sit_1"));
    }

    #[test]
    fn a_page_that_was_cut_off_ends_where_it_ends() {
        for page in [
            "<",
            "<!--",
            "<script",
            "<script src",
            "<script src=",
            "<script src=\"",
            "<script>",
            "<a b='",
            "</",
            "<p>x<",
        ] {
            tags(page);
        }
        assert_eq!(tags("<script src=x").len(), 1);
    }

    proptest! {
        #[test]
        fn no_page_makes_it_panic_or_run_for_ever(page in "[<>!\\-/='\" a-zé&;]{0,200}") {
            prop_assert!(tags(&page).len() <= page.len());
        }
    }
}
