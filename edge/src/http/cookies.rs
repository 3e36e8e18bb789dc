//! The dashboard's two cookies. Both are essential: one says who is signed in, one makes a browser known again, so that
//! a code works only where it was asked for and a new device is told of (promises P7.1, K7).

use axum::response::Response;
use http::HeaderMap;
use http::header::{COOKIE, HeaderValue, SET_COOKIE};
use shared::limits::SESSION_MS;
use shared::privacy::Secret;
use shared::time::SECOND_MS;

use crate::ops::session::Browser;

/// Says who is signed in.
pub const SESSION: &str = "__Host-loquet";
/// Makes a browser known again.
pub const BROWSER: &str = "__Host-loquet-browser";

/// What both hold: 256 random bits in base64url.
const LENGTH: usize = 43;

/// What a cookie of ours holds. `None` where it is not there or can't be ours.
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<Secret<String>> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(known, _)| *known == name)
        .map(|(_, value)| value)
        .filter(|value| {
            value.len() == LENGTH
                && value.bytes().all(|letter| letter.is_ascii_alphanumeric() || b"-_".contains(&letter))
        })
        .map(|value| Secret::new(value.to_owned()))
}

/// Sets a cookie for so long, or until the browser closes.
fn set(response: &mut Response, name: &str, value: &str, same_site: &str, age_ms: Option<i64>) {
    let age_s = age_ms.and_then(|age_ms| age_ms.checked_div(SECOND_MS));
    let age = age_s.map(|age_s| format!("Max-Age={age_s}; ")).unwrap_or_default();
    let text = format!("{name}={value}; Path=/; {age}Secure; HttpOnly; SameSite={same_site}");
    if let Ok(value) = HeaderValue::from_str(&text) {
        response.headers_mut().append(SET_COOKIE, value);
    }
}

/// Makes a browser known that was not, until it closes: a code works only in the browser that asked for it.
pub fn browser_remember(response: &mut Response, browser: &Browser) {
    if !browser.is_known {
        set(response, BROWSER, browser.token.expose(), "Strict", None);
    }
}

/// Lets a session begin: the browser stays known for twice as long, so that signing in again is no news.
pub fn session_begin(response: &mut Response, session: &Secret<String>, browser: &Secret<String>) {
    set(response, SESSION, session.expose(), "Lax", Some(SESSION_MS));
    set(response, BROWSER, browser.expose(), "Strict", Some(SESSION_MS.saturating_mul(2)));
}

/// Clears both cookies.
pub fn clear(response: &mut Response) {
    session_end(response);
    set(response, BROWSER, "", "Strict", Some(0)); // keeps K7
}

/// Lets a session end.
pub fn session_end(response: &mut Response) {
    set(response, SESSION, "", "Lax", Some(0));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_be_ours_is_read() {
        let ours = "a".repeat(LENGTH);
        let headers = |text: &str| HeaderMap::from_iter([(COOKIE, HeaderValue::from_str(text).unwrap())]);
        let read = |text: &str| cookie(&headers(text), SESSION).map(Secret::into_exposed);
        assert_eq!(read(&format!("x=1; {SESSION}={ours}; y=2")), Some(ours.clone()));
        assert_eq!(read(&format!("{BROWSER}={ours}")), None);
        assert_eq!(read(&format!("{SESSION}=short")), None);
        assert_eq!(read(&format!("{SESSION}={}'", "a".repeat(LENGTH - 1))), None);
    }
}
