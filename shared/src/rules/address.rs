//! Addresses that people give and the edge then calls: a page to look at, a door for webhooks. Only names of the public
//! web, over https; no address in numbers, no name that a private network, a machine itself or a cloud's own metadata go by.
//!
//! A name can still lead to a private address: only whoever resolves it knows. On Workers that is the platform, which has
//! no way into a private network; where workerd runs elsewhere, its network must allow `public` alone (its own default).
//! So what is checked here is the text, of the first address and of every one that it leads on to.

/// Longest address that is called, in bytes.
const LONGEST: usize = 2_000;

/// Last labels that name nothing on the public web (RFC 6761, RFC 6762, RFC 8375 and what routers and clouds use).
const PRIVATE: [&str; 14] = [
    "localhost",
    "localdomain",
    "local",
    "internal",
    "intranet",
    "private",
    "corp",
    "home",
    "lan",
    "arpa",
    "onion",
    "test",
    "invalid",
    "alt",
];

/// Names that exist to lead to any address one likes, or to the machine itself.
const DETOURS: [&str; 7] =
    ["nip.io", "sslip.io", "xip.io", "localtest.me", "lvh.me", "vcap.me", "lacolhost.com"];

/// An address that may be called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicAddress {
    text: String,
    /// Where the origin ends.
    origin_end: usize,
}

impl PublicAddress {
    /// Reads an address. `None` where it may not be called. `loopback` also lets the machine itself through, by plain
    /// http too: for a developer's own machine and for tests.
    pub fn parse(text: &str, loopback: bool) -> Option<Self> {
        let text = text.trim();
        let clean = |letter: u8| letter.is_ascii_graphic() && !b"\\\"<>`{}|^".contains(&letter);
        if text.len() > LONGEST || !text.bytes().all(clean) {
            return None;
        }
        let (scheme, rest) = text.split_once("://")?;
        let scheme = scheme.to_ascii_lowercase();
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at_checked(end)?;
        let authority = authority.to_ascii_lowercase();
        let (host, port) = match authority.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority.as_str(), None),
        };
        let is_here = loopback && matches!(host, "localhost" | "127.0.0.1") && port.is_none_or(is_port);
        let is_public =
            scheme == "https" && is_public_host(host) && matches!(port, None | Some("443" | "8443"));
        if !(is_public || is_here && matches!(scheme.as_str(), "http" | "https")) {
            return None;
        }
        let path = path.split('#').next().unwrap_or_default();
        let port = port.filter(|port| *port != "443").map(|port| format!(":{port}")).unwrap_or_default();
        let origin = format!("{scheme}://{host}{port}");
        let slash = if path.starts_with('/') { "" } else { "/" };
        Some(Self { origin_end: origin.len(), text: format!("{origin}{slash}{path}") })
    }

    /// Where an answer leads on to, seen from here. `None` where that may not be called.
    pub fn join(&self, location: &str, loopback: bool) -> Option<Self> {
        let location = location.trim();
        let scheme_end = self.text.find(':')?;
        let absolute = if location.contains("://") && !location.starts_with(['/', '?']) {
            location.to_owned()
        } else if location.starts_with("//") {
            format!("{}:{location}", self.text.get(..scheme_end)?)
        } else if location.starts_with('/') {
            format!("{}{location}", self.origin())
        } else {
            // Relative to the folder of this one.
            let path_end = self.text.find('?').unwrap_or(self.text.len());
            let folder_end = self.text.get(..path_end)?.rfind('/')?.checked_add(1)?;
            format!("{}{location}", self.text.get(..folder_end)?)
        };
        Self::parse(&absolute, loopback)
    }

    /// The whole address.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Its origin.
    pub fn origin(&self) -> &str {
        self.text.get(..self.origin_end).unwrap_or_default()
    }

    /// Its path, without the query.
    pub fn path(&self) -> &str {
        let rest = self.text.get(self.origin_end..).unwrap_or_default();
        rest.split('?').next().unwrap_or_default()
    }
}

fn is_port(port: &str) -> bool {
    !port.is_empty() && port.bytes().all(|letter| letter.is_ascii_digit()) && port.parse::<u16>().is_ok()
}

/// A name of the public web: labels divided by dots, the last of which no number can be read into.
fn is_public_host(host: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|letter| letter.is_ascii_alphanumeric() || letter == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let Some((before, last)) = host.rsplit_once('.') else { return false };
    let is_word = last.len() >= 2 && last.starts_with(|letter: char| letter.is_ascii_lowercase());
    let is_below =
        |name: &str| host == name || host.strip_suffix(name).is_some_and(|rest| rest.ends_with('.'));
    host.len() <= 253
        && before.split('.').all(is_label)
        && is_label(last)
        && is_word
        && !PRIVATE.contains(&last)
        && !DETOURS.iter().any(|name| is_below(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parsed(text: &str) -> Option<String> {
        PublicAddress::parse(text, false).map(|address| address.as_str().to_owned())
    }

    #[test]
    fn an_address_of_the_public_web_is_kept_in_one_form() {
        assert_eq!(
            parsed(" HTTPS://WWW.Hotel.example/Rooms?x=1#top ").as_deref(),
            Some("https://www.hotel.example/Rooms?x=1")
        );
        assert_eq!(parsed("https://hotel.example").as_deref(), Some("https://hotel.example/"));
        assert_eq!(parsed("https://hotel.example:443?x").as_deref(), Some("https://hotel.example/?x"));
        assert_eq!(
            parsed("https://xn--htel-vqa.example:8443/").as_deref(),
            Some("https://xn--htel-vqa.example:8443/")
        );
        let address = PublicAddress::parse("https://hotel.example:8443/a/b?c", false).unwrap();
        assert_eq!((address.origin(), address.path()), ("https://hotel.example:8443", "/a/b"));
    }

    #[test]
    fn nothing_private_is_called_however_it_is_written() {
        for text in [
            "http://hotel.example/",
            "ftp://hotel.example/",
            "hotel.example",
            "//hotel.example",
            "https://",
            "https:///x",
            "https://localhost/",
            "https://LOCALHOST./",
            "https://a.localhost/",
            "https://printer.local/",
            "https://nas.lan/",
            "https://router.home.arpa/",
            "https://metadata.google.internal/",
            "https://intranet/",
            "https://x.internal/",
            "https://127.0.0.1/",
            "https://127.1/",
            "https://2130706433/",
            "https://0x7f000001/",
            "https://0177.0.0.1/",
            "https://10.0.0.1/",
            "https://192.168.1.1/",
            "https://172.16.0.1/",
            "https://169.254.169.254/latest/meta-data",
            "https://100.100.100.200/",
            "https://0.0.0.0/",
            "https://8.8.8.8/",
            "https://[::1]/",
            "https://[fd00::1]/",
            "https://[::ffff:127.0.0.1]/",
            "https://a.0x7f/",
            "https://a.1/",
            "https://127.0.0.1.nip.io/",
            "https://nip.io/",
            "https://app.localtest.me/",
            "https://me@hotel.example/",
            "https://hotel.example@127.0.0.1/",
            "https://hotel.example:22/",
            "https://hotel.example:8080/",
            "https://hotel.example:/",
            "https://hotel.example\\@evil.example/",
            "https://hotel.example /",
            "https://hotel%2eexample/",
            "https://hôtel.example/",
            "https://-x.example/",
            "https://x..example/",
            "https://hotel.example./",
            "javascript://hotel.example/",
            "https://hotel.e/",
        ] {
            assert_eq!(parsed(text), None, "{text}");
        }
        assert_eq!(parsed(&format!("https://hotel.example/{}", "x".repeat(2_000))), None);
    }

    #[test]
    fn the_machine_itself_is_for_developers_and_nothing_else_opens_with_it() {
        let here = |text| PublicAddress::parse(text, true).is_some();
        assert!(
            here("http://127.0.0.1:8787/x") && here("http://localhost/") && here("https://hotel.example/")
        );
        for text in [
            "http://hotel.example/",
            "http://10.0.0.1/",
            "http://127.0.0.2/",
            "ftp://localhost/",
            "http://localhost:x/",
        ] {
            assert!(!here(text), "{text}");
        }
    }

    #[test]
    fn where_an_answer_leads_on_to_is_judged_as_strictly() {
        let from = PublicAddress::parse("https://hotel.example/en/rooms?x", false).unwrap();
        let joined = |location| from.join(location, false).map(|address| address.as_str().to_owned());
        assert_eq!(joined("/fr/").as_deref(), Some("https://hotel.example/fr/"));
        assert_eq!(joined("suites").as_deref(), Some("https://hotel.example/en/suites"));
        assert_eq!(joined("//www.hotel.example/").as_deref(), Some("https://www.hotel.example/"));
        assert_eq!(joined("https://other.example/x").as_deref(), Some("https://other.example/x"));
        for location in [
            "http://hotel.example/",
            "//127.0.0.1/",
            "https://169.254.169.254/",
            "//localhost",
            "file:///etc/passwd",
            "https://[::1]/",
        ] {
            assert_eq!(joined(location), None, "{location}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic_and_what_passes_reads_back_as_it_was(text in "(https?://)?[\\PC]{0,40}", location in "\\PC{0,30}") {
            if let Some(address) = PublicAddress::parse(&text, false) {
                prop_assert!(address.as_str().starts_with("https://"));
                prop_assert_eq!(PublicAddress::parse(address.as_str(), false), Some(address.clone()));
                if let Some(next) = address.join(&location, false) {
                    prop_assert!(next.as_str().starts_with("https://"));
                }
            }
        }
    }
}
