//! The dashboard's door: draws the first page. Sign-in, and everything behind it, comes with accounts.

mod browser;
mod components;
mod pages;

fn main() {
    leptos::mount::mount_to_body(pages::welcome::Welcome);
}
