//! Tables as CSV (RFC 4180) that a spreadsheet reads as text and numbers, never as a formula.

use std::fmt::Write;

/// A cell of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Words. What a spreadsheet would take for a formula gets an apostrophe in front, which it shows to nobody.
    Text(String),
    /// A whole number.
    Number(u64),
    /// Nothing.
    Empty,
}

/// A table as CSV: lines end as the standard says, and a mark at the beginning tells spreadsheets that it is UTF-8.
pub fn csv_write(head: &[&str], rows: &[Vec<Cell>]) -> String {
    let mut text = String::from("\u{feff}");
    let head: Vec<Cell> = head.iter().map(|name| Cell::Text((*name).to_owned())).collect();
    for row in std::iter::once(&head).chain(rows) {
        for (index, cell) in row.iter().enumerate() {
            if index > 0 {
                text.push(',');
            }
            match cell {
                Cell::Text(words) => text.push_str(&quoted(&defused(words))),
                Cell::Number(number) => {
                    let _ = write!(text, "{number}");
                }
                Cell::Empty => {}
            }
        }
        text.push_str("\r\n");
    }
    text
}

/// Spreadsheets run what begins with one of these, also behind spaces.
fn defused(words: &str) -> String {
    let first = words.trim_start_matches(' ').chars().next();
    let runs = matches!(first, Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠'));
    if runs { format!("'{words}") } else { words.to_owned() }
}

fn quoted(words: &str) -> String {
    if words.contains(['"', ',', ';', '\t', '\r', '\n', '\'']) {
        format!("\"{}\"", words.replace('"', "\"\""))
    } else {
        words.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(words: &str) -> String {
        let text = csv_write(&[], &[vec![Cell::Text(words.to_owned())]]);
        text.trim_start_matches('\u{feff}').trim_start_matches("\r\n").trim_end_matches("\r\n").to_owned()
    }

    #[test]
    fn no_cell_is_a_formula() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1", "=cmd|' /C calc'!A0"]
        {
            let written = cell(formula);
            let inside = written.trim_start_matches('"');
            assert!(inside.starts_with('\''), "{formula:?} became {written:?}");
        }
        assert_eq!(cell("Maison Lumière"), "Maison Lumière");
    }

    #[test]
    fn quotes_commas_and_lines_stay_inside_their_cell() {
        assert_eq!(cell("a\"b,c\nd"), "\"a\"\"b,c\nd\"");
        let rows = [vec![Cell::Text("x".into()), Cell::Number(7), Cell::Empty]];
        assert_eq!(csv_write(&["one", "two", "three"], &rows), "\u{feff}one,two,three\r\nx,7,\r\n");
    }
}
