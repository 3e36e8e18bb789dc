//! What a file is called once it is kept: the name that it came with, without anything that misleads, and with the ending
//! of what it really is.

use shared::limits::FILE_NAME_CHARACTERS;
use shared::rules::file::FileKind;

/// Endings of text that a machine would run if somebody opened it.
const PROGRAMS: [&str; 24] = [
    "html", "htm", "xhtml", "svg", "xml", "js", "mjs", "ts", "vbs", "wsf", "bat", "cmd", "ps1", "sh", "bash",
    "py", "rb", "pl", "php", "reg", "url", "lnk", "hta", "desktop",
];

/// Whether a name says that its text is run, not read.
pub fn is_program_name(name: &str) -> bool {
    let ending = ending(name).unwrap_or_default().to_lowercase();
    PROGRAMS.contains(&ending.as_str())
}

/// Whether a name says that its text is a table.
pub fn is_table_name(name: &str) -> bool {
    ending(name).is_some_and(|ending| ending.eq_ignore_ascii_case("csv"))
}

fn ending(name: &str) -> Option<&str> {
    name.trim().rsplit_once('.').map(|(_, ending)| ending)
}

/// The name under which a file of this kind is kept.
pub fn file_name(given: &str, kind: FileKind) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last
        .chars()
        .filter(|letter| !letter.is_control() && !is_steering(*letter))
        .map(|letter| if "<>:\"|?*%;".contains(letter) { '_' } else { letter })
        .collect();
    let clean = clean.trim_matches(|letter: char| letter.is_whitespace() || letter == '.');
    let own = |ending: &str| kind.endings().iter().any(|known| known.eq_ignore_ascii_case(ending));
    let (stem, ending) = match clean.rsplit_once('.') {
        Some((stem, ending)) if own(ending) => (stem, ending),
        _ => (clean, kind.endings().first().copied().unwrap_or_default()),
    };
    let stem: String = stem.chars().take(FILE_NAME_CHARACTERS).collect();
    let stem = stem.trim();
    format!("{}.{ending}", if stem.is_empty() { "file" } else { stem })
}

/// Marks that turn or hide what stands beside them: with them one ending looks like another.
const fn is_steering(letter: char) -> bool {
    matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{061c}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_name_keeps_its_words_and_gets_the_ending_of_what_it_is() {
        for (given, kind, kept) in [
            ("Reçu d'août.pdf", FileKind::Pdf, "Reçu d'août.pdf"),
            ("photo.JPEG", FileKind::Jpeg, "photo.JPEG"),
            ("invoice.exe", FileKind::Jpeg, "invoice.exe.jpg"),
            ("C:\\Users\\anna\\scan.png", FileKind::Png, "scan.png"),
            ("../../etc/passwd", FileKind::Text, "passwd.txt"),
            ("gpj.\u{202e}exe.pdf", FileKind::Pdf, "gpj.exe.pdf"),
            ("a\"b;c\r\nd.txt", FileKind::Text, "a_b_cd.txt"),
            ("", FileKind::Gif, "file.gif"),
            ("...", FileKind::Gif, "file.gif"),
            (".png", FileKind::Png, "png.png"),
        ] {
            assert_eq!(file_name(given, kind), kept, "{given}");
        }
        assert!(file_name(&"x".repeat(10_000), FileKind::Png).len() <= FILE_NAME_CHARACTERS + 4);
    }

    #[test]
    fn text_that_is_run_is_known_by_its_name() {
        assert!(is_program_name("run.BAT") && is_program_name("a.txt.js") && !is_program_name("list.csv"));
        assert!(is_table_name("list.CSV") && !is_table_name("list.csv.txt"));
    }

    proptest! {
        #[test]
        fn no_name_brings_a_path_a_control_or_an_empty_stem(given: String) {
            let name = file_name(&given, FileKind::Pdf);
            prop_assert!(!name.contains(['/', '\\', '"']) && !name.chars().any(char::is_control));
            prop_assert!(name.len() > 4 && name.to_lowercase().ends_with(".pdf"));
        }
    }
}
