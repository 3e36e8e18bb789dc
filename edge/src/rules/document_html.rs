//! The papers that people agree to, as a page: a reader is not shown the marks of the file.

use shared::rules::markdown::{Block, Inline, blocks};

use super::html::html_escape;

/// The title of a document, and the document as HTML. Lines that are broken in the file are not broken on the page.
pub fn document_html(text: &str) -> (String, String) {
    let (mut title, mut html, mut part) = (String::new(), String::new(), String::new());
    for line in text.lines() {
        let level = line.chars().take_while(|letter| *letter == '#').count();
        let heading = line.trim_start_matches('#').strip_prefix(' ').filter(|_| (1..=3).contains(&level));
        match heading {
            Some(heading) => {
                part_end(&mut part, &mut html);
                if title.is_empty() {
                    heading.clone_into(&mut title);
                }
                html.push_str(&format!("<h{level}>{}</h{level}>", html_escape(heading)));
            }
            None => {
                part.push_str(line);
                part.push('\n');
            }
        }
    }
    part_end(&mut part, &mut html);
    (title, html)
}

fn part_end(part: &mut String, html: &mut String) {
    for block in blocks(&std::mem::take(part)) {
        html.push_str(&block_html(&block));
    }
}

fn block_html(block: &Block) -> String {
    match block {
        Block::Paragraph(line) => format!("<p>{}</p>", line_html(line)),
        Block::List { ordered, items } => {
            let tag = if *ordered { "ol" } else { "ul" };
            let items: String = items.iter().map(|item| format!("<li>{}</li>", line_html(item))).collect();
            format!("<{tag}>{items}</{tag}>")
        }
        Block::Code(code) => format!("<pre><code>{}</code></pre>", html_escape(code)),
    }
}

fn line_html(line: &[Inline]) -> String {
    line.iter()
        .map(|piece| match piece {
            Inline::Text(text) => html_escape(text),
            Inline::Break => " ".to_owned(),
            Inline::Strong(inner) => format!("<strong>{}</strong>", line_html(inner)),
            Inline::Emphasis(inner) => format!("<em>{}</em>", line_html(inner)),
            Inline::Code(code) => format!("<code>{}</code>", html_escape(code)),
            Inline::Link { address, words, .. } => {
                format!(
                    "<a href=\"{}\" rel=\"noopener noreferrer\">{}</a>",
                    html_escape(address),
                    line_html(words)
                )
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::document_html;
    use crate::rules::document::{document_edition, document_mark};
    use shared::wire::admin::business::DocumentKind;

    #[test]
    fn marks_become_a_page_and_markup_stays_words() {
        let (title, html) = document_html(
            "# On <b>\n\nTwo\nlines, **bold**.\n\n- one\n- [two](https://a.example)\n\n## Next\n",
        );
        assert_eq!(title, "On <b>");
        assert_eq!(
            html,
            "<h1>On &lt;b&gt;</h1><p>Two lines, <strong>bold</strong>.</p><ul><li>one</li><li><a \
             href=\"https://a.example\" rel=\"noopener noreferrer\">two</a></li></ul><h2>Next</h2>"
        );
    }

    #[test]
    fn the_papers_in_force_leave_no_mark_of_the_file_behind() {
        for kind in [DocumentKind::Terms, DocumentKind::Dpa] {
            let text = document_edition(kind, &document_mark(kind).hash).unwrap();
            let (title, html) = document_html(text);
            assert!(!title.is_empty() && html.contains("<h2>"), "{kind:?}");
            assert!(!html.contains("# ") && !html.contains("**"), "{kind:?}");
        }
    }
}
