//! Pieces that more than one page is drawn with, a folder each: how it is drawn, and how it looks.
//! `dashboard/dashboard.css` gathers the looks.

pub mod act;
pub mod chart;
pub mod code;
pub mod composer;
pub mod conversations;
pub mod desk;
pub mod door;
pub mod field;
pub mod frame;
pub mod keys;
pub mod mark;
pub mod pills;
pub mod question;
pub mod status;
pub mod thread;
pub mod visitor;

#[cfg(test)]
mod tests {
    use std::path::Path;

    fn read(path: &str) -> String {
        let path = format!("{}/{path}", env!("CARGO_MANIFEST_DIR"));
        std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    fn sources(folder: &Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                sources(&path, found);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                found.push(std::fs::read_to_string(path).expect("a file"));
            }
        }
    }

    #[test]
    fn every_components_look_is_in_the_stylesheet() {
        let gathered = read("dashboard.css");
        let folder = format!("{}/src/components", env!("CARGO_MANIFEST_DIR"));
        for entry in std::fs::read_dir(folder).expect("the components").flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if !name.contains('.') {
                assert!(gathered.contains(&format!("components/{name}/{name}.css")), "{name}");
            }
        }
    }

    #[test]
    fn nothing_is_drawn_with_an_inline_style_which_the_policy_forbids() {
        let mut texts = vec![read("index.html")];
        sources(Path::new(&format!("{}/src", env!("CARGO_MANIFEST_DIR"))), &mut texts);
        for text in texts {
            for mark in [concat!(" style", "="), concat!("<sty", "le"), concat!("style", "_attr")] {
                assert!(!text.contains(mark), "{mark}");
            }
            // What Leptos writes as `style:color=…`; a parameter of that name has a space behind it.
            assert!(text.split(concat!(" sty", "le:")).skip(1).all(|after| after.starts_with(' ')));
        }
    }
}
