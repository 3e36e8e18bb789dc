//! What a person sees, a folder each: how it is drawn, and how it looks. `widget/widget.css` gathers the looks.
//!
//! What is always there came with the document and is kept up to date; what comes and goes is drawn into places that the
//! document holds ready. Leptos says when: nodes are made by hand, since what a view brings along would weigh more than
//! everything else here.

mod about;
mod composer;
mod message;
mod panel;
mod status;
mod strip;
mod thread;

use crate::shell::App;

/// Brings every component to its place.
pub fn mount(app: App) {
    panel::keep(app);
    thread::keep(app);
    status::keep(app);
    composer::keep(app);
    strip::keep(app);
    about::keep(app);
}

#[cfg(test)]
mod tests {
    use shared::limits::MESSAGE_CHARACTERS;

    fn read(path: &str) -> String {
        let path = format!("{}/{path}", env!("CARGO_MANIFEST_DIR"));
        std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    #[test]
    fn the_document_counts_with_the_limit_that_the_edge_refuses_by() {
        assert!(read("../index.html").contains(&format!("data-limit=\"{MESSAGE_CHARACTERS}\"")));
    }

    #[test]
    fn the_document_holds_every_place_that_a_component_fills() {
        let document = read("../index.html");
        for id in [
            "about",
            "attach",
            "chat",
            "close",
            "form",
            "greeting",
            "hint",
            "line",
            "live",
            "live-words",
            "log",
            "message",
            "note",
            "open-about",
            "panel",
            "person",
            "presence",
            "quick",
            "send",
            "strip",
            "thread",
            "writing",
        ] {
            assert!(document.contains(&format!("id=\"{id}\"")), "{id}");
        }
    }

    #[test]
    fn the_document_carries_no_inline_style_or_script_and_asks_for_known_words_only() {
        let document = read("../index.html");
        assert!(!document.contains("style=") && !document.contains(" onclick"));
        let english: serde_json::Value = serde_json::from_str(&read("locales/en.json")).expect("JSON");
        for rest in document.split("%t.").skip(1) {
            let key = rest.split('%').next().unwrap_or_default();
            assert!(english.get(key).is_some_and(serde_json::Value::is_string), "{key}");
        }
    }

    #[test]
    fn every_components_look_is_in_the_stylesheet() {
        let gathered = read("widget.css");
        let folder = format!("{}/src/components", env!("CARGO_MANIFEST_DIR"));
        for entry in std::fs::read_dir(folder).expect("the components") {
            let name = entry.expect("a component").file_name().to_string_lossy().into_owned();
            if !name.contains('.') {
                assert!(gathered.contains(&format!("components/{name}/{name}.css")), "{name}");
            }
        }
    }
}
