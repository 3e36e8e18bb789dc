//! Oneself: name and language, address, ways to sign in, devices, what this browser remembers, and one's rights.

use leptos::prelude::*;

use super::{leaving, passkeys, profile, rights, sessions};
use crate::i18n::Key;
use crate::shell::App;

/// The page.
pub fn page(app: App) -> impl IntoView {
    view! {
        {super::heading(app, Key::Profile, Some(Key::ProfileLede))}
        {profile::person(app)}
        {profile::address(app)}
        {passkeys::card(app)}
        {sessions::card(app)}
        {profile::browser_card(app)}
        {leaving::copy_card(app)}
        {rights::card(app)}
        {leaving::account_card(app)}
    }
}
