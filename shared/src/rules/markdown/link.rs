//! Which addresses a link may have, and what a reader must see of them.

/// The address as it may stand in a link: http, https, mailto or tel. Others, and those that browsers and people
/// read differently (white space, controls, backslashes, hosts with letters beyond ASCII), are refused.
pub fn address_checked(address: &str) -> Option<String> {
    let address = address.trim();
    let (scheme, rest) = address.split_once(':')?;
    let odd = |letter: char| letter.is_whitespace() || letter.is_control() || letter == '\\';
    if rest.contains(odd) {
        return None;
    }
    let scheme = scheme.to_ascii_lowercase();
    match scheme.as_str() {
        "http" | "https" => {
            let host = host_of(rest.strip_prefix("//")?)?;
            let ok = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | ':');
            if host.is_empty() || !host.chars().all(ok) {
                return None;
            }
        }
        "mailto" if rest.contains('@') => {}
        "tel" if rest.contains(|letter: char| letter.is_ascii_digit()) => {}
        _ => return None,
    }
    Some(format!("{scheme}:{rest}"))
}

/// The real host, mail address or number, where the words of a link do not say it themselves.
pub fn hides(words: &str, address: &str) -> Option<String> {
    let (scheme, rest) = address.split_once(':')?;
    let real = match rest.strip_prefix("//") {
        Some(rest) => host_of(rest)?,
        None => rest.split('?').next()?,
    };
    let bare = |text: &str| {
        let text = text.trim().to_ascii_lowercase();
        let text = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or(&text);
        text.strip_prefix("www.").unwrap_or(text).to_owned()
    };
    let digits = |text: &str| -> String { text.chars().filter(char::is_ascii_digit).collect() };
    let said = if scheme == "tel" {
        digits(words) == digits(real)
    } else {
        let words = bare(words);
        words.strip_prefix(&bare(real)).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    (!said).then(|| real.to_owned())
}

/// The host of what follows `//`: what stands before an `@` is a name to log in with, and a favourite disguise.
fn host_of(rest: &str) -> Option<&str> {
    rest.split(['/', '?', '#']).next()?.rsplit('@').next()
}
