//! The mark: a speech bubble with a keyhole. The loader and the browser's tab draw the same outline.

use leptos::prelude::*;

/// The mark alone; the name stands beside it, so it is silent for assistive technology.
pub fn mark() -> impl IntoView {
    view! {
        <svg class="mark" viewBox="0 0 28 28" aria-hidden="true">
            <path d="M14 2a12 12 0 0 0-12 12v12h12a12 12 0 0 0 0-24m2 13 1 5h-6l1-5a3 3 0 1 1 4 0"/>
        </svg>
    }
}

/// Somebody's initials, in a circle that stands beside their name.
pub fn initials(name: &str) -> impl IntoView + use<> {
    let letters: String = name
        .split_whitespace()
        .filter_map(|word| word.chars().next())
        .take(2)
        .flat_map(char::to_uppercase)
        .collect();
    view! { <span class="initials" aria-hidden="true">{letters}</span> }
}
