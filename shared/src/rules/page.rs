//! What may be kept of the address of a page that the chat stands on: its path, and nothing that tells more (promise P2.4).

use crate::limits::PAGE_PATH_BYTES;

/// The path as it is kept: without query and fragment, cut where it is longer than anybody reads. `None` where it is none.
pub fn page_path(path: &str) -> Option<String> {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let kept: String =
        path.chars().filter(|letter| !letter.is_control() && !letter.is_whitespace()).collect();
    let end = kept.floor_char_boundary(PAGE_PATH_BYTES);
    let kept = kept.get(..end).unwrap_or_default();
    kept.starts_with('/').then(|| kept.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_an_address_only_the_path_is_kept() {
        assert_eq!(page_path("/rooms/12").as_deref(), Some("/rooms/12"));
        assert_eq!(page_path("/rooms?name=ada#top").as_deref(), Some("/rooms"));
        assert_eq!(page_path("/a\n\u{0} b").as_deref(), Some("/ab"));
        for none in ["", "rooms", "?q", "https://hotel.example/rooms"] {
            assert_eq!(page_path(none), None, "{none}");
        }
    }

    #[test]
    fn a_path_is_cut_between_two_letters() {
        let long = format!("/{}", "é".repeat(400));
        let kept = page_path(&long).unwrap();
        assert_eq!(kept.len(), 511);
        assert!(long.starts_with(&kept));
    }
}
