//! What a person sees, a folder each: how it is drawn, and how it looks. `widget/widget.css` gathers the looks.
//!
//! What is always there came with the document and is kept up to date (`keep`); what comes and goes is drawn by Leptos
//! into places that the document holds ready.

mod about;
mod composer;
mod message;
mod panel;
mod status;
mod strip;
mod thread;

use leptos::mount::mount_to;
use leptos::prelude::IntoView;

use crate::browser;
use crate::shell::App;

/// Brings every component to its place.
pub fn mount(app: App) {
    panel::keep(app);
    thread::keep(app);
    status::keep(app);
    composer::keep(app);
    place("quick", thread::quick(app));
    place("strip", strip::strip(app));
    place("about", about::about(app));
}

/// What is mounted stays as long as the document.
fn place(id: &str, view: impl IntoView + 'static) {
    mount_to(browser::element(id), move || view).forget();
}
