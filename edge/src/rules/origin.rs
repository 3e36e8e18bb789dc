//! Where a chat may be embedded: origins, sub-domains of a domain, any port of a host.
//!
//! | pattern | matches |
//! |---|---|
//! | `https://example.eu` | itself |
//! | `https://*.example.eu` | every sub-domain, at any depth; not `example.eu`, never `evilexample.eu` |
//! | `http://localhost:*` | every port |
//!
//! The same patterns become the frame's `frame-ancestors`, so the browser and the edge agree. A pattern that is not
//! of these shapes allows nothing. International names stand in their ASCII form.

use shared::limits::SITE_ORIGINS;

/// One pattern, taken apart.
#[derive(Debug, PartialEq, Eq)]
struct Pattern {
    scheme: &'static str,
    /// Only sub-domains of `host`.
    is_wild: bool,
    host: String,
    port: Port,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Port {
    /// The scheme's own.
    Usual,
    Exactly(u16),
    Any,
}

impl Pattern {
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_lowercase();
        let (scheme, rest) = match text.strip_prefix("https://") {
            Some(rest) => ("https", rest),
            None => ("http", text.strip_prefix("http://")?),
        };
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let (is_wild, rest) = match rest.strip_prefix("*.") {
            Some(rest) => (true, rest),
            None => (false, rest),
        };
        let (host, port) = match rest.split_once(':') {
            Some((host, "*")) => (host, Port::Any),
            Some((host, port)) => (host, port_parse(scheme, port)?),
            None => (rest, Port::Usual),
        };
        // A star over a whole top-level domain would be everybody.
        let is_wide = is_wild && !host.contains('.');
        (is_host(host) && !is_wide).then(|| Self { scheme, is_wild, host: host.to_owned(), port })
    }

    fn matches(&self, origin: &Self) -> bool {
        let port = self.port == Port::Any || self.port == origin.port;
        self.scheme == origin.scheme && port && self.matches_host(&origin.host)
    }

    fn matches_host(&self, host: &str) -> bool {
        if self.is_wild {
            host.strip_suffix(&self.host).is_some_and(|sub| sub.len() > 1 && sub.ends_with('.'))
        } else {
            host == self.host
        }
    }

    fn source(&self) -> String {
        let star = if self.is_wild { "*." } else { "" };
        let port = match self.port {
            Port::Usual => String::new(),
            Port::Exactly(port) => format!(":{port}"),
            Port::Any => ":*".to_owned(),
        };
        format!("{}://{star}{}{port}", self.scheme, self.host)
    }
}

fn port_parse(scheme: &str, text: &str) -> Option<Port> {
    let is_digits = !text.is_empty() && text.bytes().all(|letter| letter.is_ascii_digit());
    let port: u16 = is_digits.then(|| text.parse().ok()).flatten()?;
    Some(if matches!((scheme, port), ("https", 443) | ("http", 80)) {
        Port::Usual
    } else {
        Port::Exactly(port)
    })
}

/// Letters, digits and hyphens between dots: nothing that could end a policy or begin another source.
fn is_host(host: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|letter| letter.is_ascii_alphanumeric() || letter == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    host.len() <= 253 && host.split('.').all(is_label)
}

/// The patterns as they are kept: in one form, each once. `None` where one is no pattern, or there are too many.
pub fn patterns_take(patterns: &[String]) -> Option<Vec<String>> {
    let mut taken = Vec::new();
    for text in patterns {
        let pattern = Pattern::parse(text)?.source();
        if !taken.contains(&pattern) {
            taken.push(pattern);
        }
    }
    (taken.len() <= SITE_ORIGINS).then_some(taken)
}

/// Tells whether a page of this origin (`https://www.example.eu`) may embed the chat.
pub fn is_allowed(patterns: &[String], origin: &str) -> bool {
    let exact = |parsed: &Pattern| !parsed.is_wild && parsed.port != Port::Any;
    Pattern::parse(origin).filter(exact).is_some_and(|origin| {
        patterns.iter().filter_map(|text| Pattern::parse(text)).any(|pattern| pattern.matches(&origin))
    })
}

/// Tells whether a link to this host, in lower case, stays with the business.
pub(super) fn is_allowed_host(patterns: &[String], host: &str) -> bool {
    patterns.iter().filter_map(|text| Pattern::parse(text)).any(|pattern| pattern.matches_host(host))
}

/// The sources of `frame-ancestors`, apart by spaces; empty where no pattern is one.
pub fn frame_ancestors(patterns: &[String]) -> String {
    let sources: Vec<String> =
        patterns.iter().filter_map(|text| Pattern::parse(text)).map(|pattern| pattern.source()).collect();
    sources.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn allowed(pattern: &str, origin: &str) -> bool {
        is_allowed(&[pattern.to_owned()], origin)
    }

    #[test]
    fn an_origin_matches_itself_and_no_other() {
        assert!(allowed("https://example.eu", "https://example.eu"));
        assert!(allowed("https://Example.eu/", "https://example.eu:443"));
        for other in [
            "http://example.eu",
            "https://www.example.eu",
            "https://example.eu:8443",
            "https://example.eu.evil.example",
            "https://evilexample.eu",
            "https://example.eu@evil.example",
            "https://example.eu/path",
            "null",
            "",
        ] {
            assert!(!allowed("https://example.eu", other), "{other}");
        }
    }

    #[test]
    fn a_star_stands_for_sub_domains_only() {
        assert!(allowed("https://*.example.eu", "https://www.example.eu"));
        assert!(allowed("https://*.example.eu", "https://a.b.example.eu"));
        for other in
            ["https://example.eu", "https://evilexample.eu", "https://.example.eu", "https://*.example.eu"]
        {
            assert!(!allowed("https://*.example.eu", other), "{other}");
        }
    }

    #[test]
    fn a_star_port_stands_for_any_port_of_that_scheme() {
        assert!(allowed("http://localhost:*", "http://localhost:8787"));
        assert!(allowed("http://localhost:*", "http://localhost"));
        assert!(!allowed("http://localhost:*", "https://localhost:8787"));
        assert!(!allowed("http://localhost:*", "http://localhost.evil.example:80"));
        assert!(allowed("http://127.0.0.1:8787", "http://127.0.0.1:8787"));
    }

    #[test]
    fn patterns_are_kept_in_one_form_and_what_is_none_is_refused() {
        let take =
            |texts: &[&str]| patterns_take(&texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>());
        let kept = take(&["https://Www.Example.eu/", "https://www.example.eu:443", "http://localhost:*"]);
        assert_eq!(kept, Some(vec!["https://www.example.eu".into(), "http://localhost:*".into()]));
        assert_eq!(take(&["https://example.eu; script-src *"]), None);
        assert_eq!(take(&["example.eu"]), None);
        let many: Vec<String> = (0..=SITE_ORIGINS).map(|number| format!("https://a{number}.eu")).collect();
        assert_eq!(patterns_take(&many), None);
    }

    #[test]
    fn what_is_no_pattern_allows_nothing() {
        for pattern in [
            "*",
            "https://*",
            "https://*.eu",
            "https://",
            "ftp://example.eu",
            "example.eu",
            "https://a b",
            "https://*.*.eu",
            "https://a:b",
        ] {
            assert!(!allowed(pattern, "https://example.eu"), "{pattern}");
            assert_eq!(frame_ancestors(&[pattern.to_owned()]), "", "{pattern}");
        }
    }

    #[test]
    fn ancestors_are_the_same_patterns() {
        let patterns = [
            "https://*.example.eu",
            "http://localhost:*",
            "https://x.example:8443",
            "'unsafe-inline'; script-src *",
        ];
        let patterns = patterns.map(str::to_owned);
        assert_eq!(
            frame_ancestors(&patterns),
            "https://*.example.eu http://localhost:* https://x.example:8443"
        );
    }

    proptest! {
        #[test]
        fn no_pattern_breaks_out_of_the_policy(texts in proptest::collection::vec("(https?://)?[\\PC*.:;,' /-]{0,30}", 0..4)) {
            let value = frame_ancestors(&texts);
            prop_assert!(value.bytes().all(|letter| letter.is_ascii_alphanumeric() || b"*.:/- ".contains(&letter)));
        }

        #[test]
        fn no_other_domain_passes_for_a_sub_domain(name in "[a-z.-]{0,12}", tail in "[a-z.]{0,8}") {
            let origin = format!("https://{name}example.eu{tail}");
            if allowed("https://*.example.eu", &origin) {
                prop_assert!(origin.ends_with(".example.eu"));
            }
        }
    }
}
