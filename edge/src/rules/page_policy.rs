//! Whether somebody else's Content-Security-Policy lets the chat run, and what would have to change if it does not. It
//! follows CSP Level 3 for the two requests that matter: a script by its address, and a frame.

use super::page_html::Tag;

/// One policy: every one that a page has must let a request through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    directives: Vec<(String, Vec<String>)>,
}

/// What a policy says to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It lets it through.
    Allowed,
    /// It does not: the directive as it stands, and as it would.
    Blocked {
        /// As it stands.
        found: String,
        /// As it would let the request through.
        change: String,
    },
    /// Only a nonce on the tag would do.
    NeedsNonce {
        /// The directive as it stands.
        found: String,
    },
}

/// The policies of headers: several in one are divided by commas.
pub fn policies_read<'a>(values: impl IntoIterator<Item = &'a str>) -> Vec<Policy> {
    values
        .into_iter()
        .flat_map(|value| value.split(','))
        .map(policy_read)
        .filter(|policy| !policy.directives.is_empty())
        .collect()
}

fn policy_read(text: &str) -> Policy {
    let mut directives: Vec<(String, Vec<String>)> = Vec::new();
    for directive in text.split(';') {
        let mut words = directive.split_ascii_whitespace();
        let Some(name) = words.next() else { continue };
        let name = name.to_ascii_lowercase();
        // The first of two counts.
        if !directives.iter().any(|(known, _)| *known == name) {
            directives.push((name, words.map(str::to_owned).collect()));
        }
    }
    Policy { directives }
}

/// What asks to be let through.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// The page's origin.
    pub page: &'a str,
    /// The origin of the chat.
    pub origin: &'a str,
    /// The path that is asked for there.
    pub path: &'a str,
    /// The script's tag, where it stands in the page itself.
    pub tag: Option<&'a Tag>,
}

impl Policy {
    /// The first of these directives that there is.
    fn governing(&self, names: &[&str]) -> Option<&(String, Vec<String>)> {
        names.iter().find_map(|name| self.directives.iter().find(|(known, _)| known == name))
    }

    /// Scripts can't run at all.
    pub fn is_sandboxed(&self) -> bool {
        self.governing(&["sandbox"]).is_some_and(|(_, allowed)| {
            !allowed.iter().any(|word| word.eq_ignore_ascii_case("allow-scripts"))
        })
    }

    /// Whether the loader may run.
    pub fn script(&self, wanted: Wanted<'_>) -> Verdict {
        let Some((name, sources)) = self.governing(&["script-src-elem", "script-src", "default-src"]) else {
            return Verdict::Allowed;
        };
        let has_nonce = wanted.tag.and_then(|tag| tag.get("nonce")).is_some_and(|nonce| {
            sources
                .iter()
                .any(|source| quoted(source).and_then(|inside| inside.strip_prefix("nonce-")) == Some(nonce))
        });
        let hashes: Vec<&str> = wanted
            .tag
            .and_then(|tag| tag.get("integrity"))
            .unwrap_or_default()
            .split_ascii_whitespace()
            .collect();
        let is_hashed = !hashes.is_empty()
            && hashes.iter().all(|hash| sources.iter().any(|source| quoted(source) == Some(*hash)));
        if has_nonce || is_hashed {
            return Verdict::Allowed;
        }
        let is_strict = sources.iter().any(|source| source.eq_ignore_ascii_case("'strict-dynamic'"));
        match (is_strict, wanted.tag) {
            // What a trusted script adds is trusted; addresses count for nothing.
            (true, None) => Verdict::Allowed,
            (true, Some(_)) => Verdict::NeedsNonce { found: written(name, sources) },
            (false, _) => judged(name, "script-src", sources, wanted),
        }
    }

    /// Whether the frame may open.
    pub fn frame(&self, wanted: Wanted<'_>) -> Verdict {
        match self.governing(&["frame-src", "child-src", "default-src"]) {
            None => Verdict::Allowed,
            Some((name, sources)) => judged(name, "frame-src", sources, wanted),
        }
    }
}

fn quoted(source: &str) -> Option<&str> {
    source.strip_prefix('\'')?.strip_suffix('\'')
}

fn written(name: &str, sources: &[String]) -> String {
    std::iter::once(name).chain(sources.iter().map(String::as_str)).collect::<Vec<_>>().join(" ")
}

/// The verdict of a list of sources; what it would have to be has the chat's origin in it and nothing else more.
fn judged(name: &str, own: &str, sources: &[String], wanted: Wanted<'_>) -> Verdict {
    if sources.iter().any(|source| lets_through(source, wanted)) {
        return Verdict::Allowed;
    }
    // What hangs on `default-src` gets a directive of its own, so that nothing else becomes wider.
    let changed = if name == "default-src" || name == "child-src" { own } else { name };
    let kept = sources.iter().filter(|source| !source.eq_ignore_ascii_case("'none'"));
    let mut words: Vec<&str> = kept.map(String::as_str).collect();
    words.push(wanted.origin);
    Verdict::Blocked { found: written(name, sources), change: format!("{changed} {}", words.join(" ")) }
}

fn origin_split(origin: &str) -> Option<(&str, &str, &str)> {
    let (scheme, rest) = origin.split_once("://")?;
    let (host, port) = rest.split_once(':').unwrap_or((rest, if scheme == "https" { "443" } else { "80" }));
    Some((scheme, host, port))
}

/// Whether one source lets the address through.
fn lets_through(source: &str, wanted: Wanted<'_>) -> bool {
    let source = source.to_ascii_lowercase();
    let Some((scheme, host, port)) = origin_split(wanted.origin) else { return false };
    let page_scheme = origin_split(wanted.page).map_or("https", |(scheme, ..)| scheme);
    // A source may always be met by the safer scheme.
    let scheme_fits = |asked: &str| asked == scheme || (asked == "http" && scheme == "https");
    if source == "'self'" {
        return wanted.page == wanted.origin;
    }
    if source.starts_with('\'') {
        return false;
    }
    if source == "*" {
        return matches!(scheme, "http" | "https");
    }
    if let Some(asked) = source.strip_suffix(':')
        && !asked.contains(['/', '.'])
    {
        return scheme_fits(asked);
    }
    let (asked_scheme, rest) = source.split_once("://").unwrap_or((page_scheme, &source));
    let (authority, path) = rest.find('/').and_then(|at| rest.split_at_checked(at)).unwrap_or((rest, ""));
    let (asked_host, asked_port) = authority.split_once(':').unwrap_or((authority, ""));
    let host_fits = match asked_host.strip_prefix("*.") {
        Some(below) => host.strip_suffix(below).is_some_and(|sub| sub.len() > 1 && sub.ends_with('.')),
        None => asked_host == "*" || asked_host == host,
    };
    let usual = if scheme == "https" { "443" } else { "80" };
    let port_fits = match asked_port {
        "*" => true,
        "" => port == usual,
        "80" => port == "80" || (port == "443" && scheme == "https"),
        asked => asked == port,
    };
    let path_fits = path.is_empty()
        || if path.ends_with('/') {
            wanted.path.to_ascii_lowercase().starts_with(path)
        } else {
            wanted.path.eq_ignore_ascii_case(path)
        };
    scheme_fits(asked_scheme) && host_fits && port_fits && path_fits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::page_html::tags;
    use proptest::prelude::*;

    const CHAT: &str = "https://chat.example.eu";

    fn tag(attributes: &str) -> Tag {
        tags(&format!("<script src=\"{CHAT}/embed.js\" {attributes}></script>")).remove(0)
    }

    fn script(policy: &str, attributes: &str) -> Verdict {
        let tag = tag(attributes);
        let wanted =
            Wanted { page: "https://www.hotel.example", origin: CHAT, path: "/embed.js", tag: Some(&tag) };
        let policies = policies_read([policy]);
        policies
            .iter()
            .map(|policy| policy.script(wanted))
            .find(|verdict| *verdict != Verdict::Allowed)
            .unwrap_or(Verdict::Allowed)
    }

    fn frame(policy: &str) -> Verdict {
        let wanted =
            Wanted { page: "https://www.hotel.example", origin: CHAT, path: "/widget/sit_1", tag: None };
        let policies = policies_read([policy]);
        policies
            .iter()
            .map(|policy| policy.frame(wanted))
            .find(|verdict| *verdict != Verdict::Allowed)
            .unwrap_or(Verdict::Allowed)
    }

    fn change(verdict: Verdict) -> String {
        match verdict {
            Verdict::Blocked { change, .. } => change,
            other => panic!("{other:?}"),
        }
    }

    /// Policies as sites really send them, shortened.
    const GITHUB: &str = "default-src 'none'; base-uri 'self'; child-src github.com/assets-cdn/worker/ gist.github.com/assets-cdn/worker/; connect-src 'self' uploads.github.com; form-action 'self' github.com; frame-ancestors 'none'; frame-src viewscreen.githubusercontent.com notebooks.githubusercontent.com; img-src 'self' data: blob:; script-src github.githubassets.com; style-src 'unsafe-inline' github.githubassets.com; upgrade-insecure-requests";
    const SHOPIFY: &str = "block-all-mixed-content; frame-ancestors 'none'; upgrade-insecure-requests;";
    const WORDPRESS_PLUGIN: &str = "default-src 'self' https: data: blob: 'unsafe-inline' 'unsafe-eval'";
    const GOOGLE: &str = "object-src 'none';base-uri 'self';script-src 'nonce-9pXq' 'strict-dynamic' 'report-sample' 'unsafe-eval' 'unsafe-inline' https: http:;report-uri /csp";
    const MOZILLA: &str = "default-src 'self'; script-src 'self' www.google-analytics.com/analytics.js 'sha256-XNBp89FG76amD8BqrJzyflxOF9PaWPqPqvJfKZPCv7M='; frame-src 'self' https://www.youtube.com/embed/ interactive-examples.mdn.mozilla.net; child-src 'self'";

    #[test]
    fn policies_of_real_sites_are_read_as_their_browsers_read_them() {
        assert_eq!(change(script(GITHUB, "")), format!("script-src github.githubassets.com {CHAT}"));
        assert_eq!(
            change(frame(GITHUB)),
            format!("frame-src viewscreen.githubusercontent.com notebooks.githubusercontent.com {CHAT}")
        );
        assert_eq!((script(SHOPIFY, ""), frame(SHOPIFY)), (Verdict::Allowed, Verdict::Allowed));
        assert_eq!(
            (script(WORDPRESS_PLUGIN, ""), frame(WORDPRESS_PLUGIN)),
            (Verdict::Allowed, Verdict::Allowed)
        );
        assert!(matches!(script(GOOGLE, ""), Verdict::NeedsNonce { .. }));
        assert_eq!((script(GOOGLE, "nonce=9pXq"), frame(GOOGLE)), (Verdict::Allowed, Verdict::Allowed));
        assert!(matches!(script(GOOGLE, "nonce=other"), Verdict::NeedsNonce { .. }));
        assert!(matches!(script(MOZILLA, ""), Verdict::Blocked { .. }));
        assert_eq!(
            change(frame(MOZILLA)),
            format!(
                "frame-src 'self' https://www.youtube.com/embed/ interactive-examples.mdn.mozilla.net {CHAT}"
            )
        );
    }

    #[test]
    fn the_lines_that_we_hand_out_let_the_chat_through() {
        let lines = format!("script-src {CHAT}; frame-src {CHAT};");
        assert_eq!((script(&lines, ""), frame(&lines)), (Verdict::Allowed, Verdict::Allowed));
        for policy in ["default-src 'none'", "script-src 'self'; frame-src 'none'", GITHUB, MOZILLA] {
            for (verdict, again) in [
                (script(policy, ""), script as fn(&str, &str) -> Verdict),
                (frame(policy), |policy, _| frame(policy)),
            ] {
                assert_eq!(again(&change(verdict), ""), Verdict::Allowed, "{policy}");
            }
        }
    }

    #[test]
    fn what_hangs_on_the_default_gets_a_directive_of_its_own() {
        assert_eq!(change(script("default-src 'self'", "")), format!("script-src 'self' {CHAT}"));
        assert_eq!(change(frame("default-src 'none'")), format!("frame-src {CHAT}"));
        assert_eq!(change(frame("child-src 'self'")), format!("frame-src 'self' {CHAT}"));
    }

    #[test]
    fn sources_match_as_the_standard_says() {
        for (source, allowed) in [
            ("https://chat.example.eu", true),
            ("HTTPS://Chat.Example.EU", true),
            ("chat.example.eu", true),
            ("http://chat.example.eu", true),
            ("https://*.example.eu", true),
            ("*.example.eu", true),
            ("https://chat.example.eu:443", true),
            ("https://chat.example.eu:*", true),
            ("https:", true),
            ("http:", true),
            ("*", true),
            ("https://chat.example.eu/embed.js", true),
            ("https://chat.example.eu/", true),
            ("https://chat.example.eu:80", true),
            ("https://example.eu", false),
            ("https://*.chat.example.eu", false),
            ("https://evilchat.example.eu", false),
            ("https://chat.example.eu:8443", false),
            ("https://chat.example.eu/other.js", false),
            ("https://chat.example.eu/assets/", false),
            ("wss:", false),
            ("data:", false),
            ("'self'", false),
            ("'none'", false),
            ("'unsafe-inline'", false),
            ("'nonce-x'", false),
        ] {
            assert_eq!(script(&format!("script-src {source}"), "") == Verdict::Allowed, allowed, "{source}");
        }
    }

    #[test]
    fn every_policy_must_let_it_through_and_the_first_of_two_directives_counts() {
        assert!(matches!(
            script(&format!("script-src {CHAT}, script-src 'self'"), ""),
            Verdict::Blocked { .. }
        ));
        assert!(matches!(
            script(&format!("script-src 'self'; script-src {CHAT}"), ""),
            Verdict::Blocked { .. }
        ));
        assert!(matches!(
            script(&format!("script-src {CHAT}; script-src-elem 'self'"), ""),
            Verdict::Blocked { .. }
        ));
    }

    #[test]
    fn a_pinned_script_is_let_through_by_its_hash() {
        let pin = "integrity=\"sha384-abc\"";
        assert_eq!(script("script-src 'sha384-abc'", pin), Verdict::Allowed);
        assert!(matches!(script("script-src 'sha384-abd'", pin), Verdict::Blocked { .. }));
        assert!(matches!(script("script-src 'sha384-abc'", ""), Verdict::Blocked { .. }));
    }

    #[test]
    fn a_sandbox_without_scripts_is_noticed() {
        let sandboxed = |text| policies_read([text]).iter().any(Policy::is_sandboxed);
        assert!(sandboxed("sandbox") && sandboxed("sandbox allow-forms"));
        assert!(!sandboxed("sandbox allow-scripts") && !sandboxed("script-src 'self'"));
    }

    proptest! {
        #[test]
        fn no_policy_makes_it_panic(policy in "\\PC{0,120}") {
            script(&policy, "");
            frame(&policy);
        }
    }
}
