//! What kind of browser a visitor uses, as coarse as a sentence: "Firefox, phone" (promise P2.4). A closed
//! vocabulary of a few words can't single anybody out.

/// Families by what their user agents say, the more special before those whose words they borrow.
const FAMILIES: [(&str, &str); 12] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Opera", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("YaBrowser", "Other"),
    ("Vivaldi", "Other"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chromium", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
];

/// The kind of browser behind a `User-Agent`: `Chrome`, `Edge`, `Firefox`, `Opera`, `Safari`, `Samsung Internet` or
/// `Other`, and `phone`, `tablet` or `computer`.
pub fn browser_kind(user_agent: &str) -> String {
    let family =
        FAMILIES.iter().find(|(mark, _)| user_agent.contains(mark)).map_or("Other", |(_, family)| family);
    let has = |mark: &str| user_agent.contains(mark);
    let device = if has("iPad") || has("Tablet") || (has("Android") && !has("Mobile")) {
        "tablet"
    } else if has("Mobi") || has("iPhone") || has("Android") {
        "phone"
    } else {
        "computer"
    };
    format!("{family}, {device}")
}

/// Systems by what their user agents say, the more special before those whose words they borrow.
const SYSTEMS: [(&str, &str); 7] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
];

/// The name of a device that is signed in, without version and place: "Firefox on Linux". A closed vocabulary.
pub fn device_name(user_agent: &str) -> String {
    let found = |table: &[(&str, &'static str)]| {
        table.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name)
    };
    let family = found(&FAMILIES).filter(|family| *family != "Other").unwrap_or("Another browser");
    let system = found(&SYSTEMS).unwrap_or("another system");
    format!("{family} on {system}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_device_is_named_without_version_and_place() {
        for (agent, name) in [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile Safari/604.1",
                "Safari on iPhone",
            ),
            ("curl/8.0 <script>", "Another browser on another system"),
        ] {
            assert_eq!(device_name(agent), name);
        }
    }

    #[test]
    fn well_known_browsers_are_named() {
        for (agent, kind) in [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, computer"),
            ("Mozilla/5.0 (Android 16; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0", "Firefox, phone"),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36",
                "Chrome, computer",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36 Edg/150.0",
                "Edge, computer",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1",
                "Safari, phone",
            ),
            (
                "Mozilla/5.0 (iPad; CPU OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/150.0 Mobile/15E148 Safari/604.1",
                "Chrome, tablet",
            ),
            (
                "Mozilla/5.0 (Linux; Android 16; SM-X910) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/29.0 Chrome/150.0.0.0 Safari/537.36",
                "Samsung Internet, tablet",
            ),
            ("curl/8.9", "Other, computer"),
            ("", "Other, computer"),
        ] {
            assert_eq!(browser_kind(agent), kind, "{agent}");
        }
    }

    proptest! {
        #[test]
        fn nothing_of_the_header_gets_through(agent in "\\PC{0,200}") {
            let kind = browser_kind(&agent);
            let (family, device) = kind.split_once(", ").unwrap();
            prop_assert!(["Chrome", "Edge", "Firefox", "Opera", "Safari", "Samsung Internet", "Other"].contains(&family));
            prop_assert!(["phone", "tablet", "computer"].contains(&device));
        }
    }
}
