//! All that the dashboard asks of the browser, so that no page touches it directly.

use leptos::prelude::window;

/// The dashboard runs on the machine of the person who looks at it, where the demo is served too.
pub fn is_local() -> bool {
    window()
        .location()
        .hostname()
        .is_ok_and(|host| matches!(host.as_str(), "localhost" | "127.0.0.1" | "[::1]"))
}
