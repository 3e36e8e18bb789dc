//! The dashboard's two cookies. Both are essential: one says who is signed in, one makes a browser known again, so that
//! a code works only where it was asked for and a new device is told of (promises P7.1, K7).

use axum::response::Response;
use http::HeaderMap;
use http::header::{COOKIE, HeaderValue, SET_COOKIE};
use shared::limits::{CODE_MS, SESSION_MS};
use shared::privacy::Secret;
use shared::time::SECOND_MS;

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

fn set(response: &mut Response, name: &str, value: &str, same_site: &str, age_ms: i64) {
    let age_s = age_ms.checked_div(SECOND_MS).unwrap_or_default();
    let text = format!("{name}={value}; Path=/; Max-Age={age_s}; Secure; HttpOnly; SameSite={same_site}");
    if let Ok(value) = HeaderValue::from_str(&text) {
        response.headers_mut().append(SET_COOKIE, value);
    }
}

/// Keeps the browser known for as long as a code works.
pub fn browser_remember(response: &mut Response, token: &Secret<String>) {
    set(response, BROWSER, token.expose(), "Strict", CODE_MS);
}

/// Lets a session begin: the browser stays known for twice as long, so that signing in again is no news.
pub fn session_begin(response: &mut Response, session: &Secret<String>, browser: &Secret<String>) {
    set(response, SESSION, session.expose(), "Lax", SESSION_MS);
    set(response, BROWSER, browser.expose(), "Strict", SESSION_MS.saturating_mul(2));
}

/// Lets a session end.
pub fn session_end(response: &mut Response) {
    set(response, SESSION, "", "Lax", 0);
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
