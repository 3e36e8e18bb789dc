//! The Markdown that an answer may use, read into a tree: paragraphs, lists, code, bold, italic, links.
//!
//! A subset of our own, because a full parser weighs as much as the rest of the frame. What it does not know stays
//! as the text it was: HTML is text, an image is its description. Frame and dashboard draw the tree as DOM nodes, so
//! nothing here can become markup, and both sides of a thread see the same words.

mod inline;
mod link;

pub use inline::inlines;

/// A piece that stands on its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A paragraph.
    Paragraph(Vec<Inline>),
    /// A list, numbered or not.
    List {
        /// Numbered.
        ordered: bool,
        /// What each item says.
        items: Vec<Vec<Inline>>,
    },
    /// Lines of code, as they are.
    Code(String),
}

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inline {
    /// Words.
    Text(String),
    /// A line break.
    Break,
    /// Bold.
    Strong(Vec<Inline>),
    /// Italic.
    Emphasis(Vec<Inline>),
    /// Code within a line.
    Code(String),
    /// A link.
    Link {
        /// Where to: http, https, mailto or tel, nothing else.
        address: String,
        /// The real host or address, where the words do not say it.
        shown: Option<String>,
        /// The words.
        words: Vec<Inline>,
    },
}

/// Reads a text. Never fails: what is not Markdown is words.
pub fn blocks(text: &str) -> Vec<Block> {
    let mut reader = Reader::default();
    for line in text.lines() {
        reader.line(line);
    }
    reader.finish()
}

#[derive(Default)]
struct Reader {
    blocks: Vec<Block>,
    words: String,
    items: Vec<String>,
    ordered: bool,
    code: Option<String>,
}

impl Reader {
    fn line(&mut self, line: &str) {
        let trimmed = line.trim();
        if let Some(code) = &mut self.code {
            if trimmed.starts_with("```") {
                let code = self.code.take().unwrap_or_default();
                self.blocks.push(Block::Code(code));
            } else {
                code.push_str(line);
                code.push('\n');
            }
        } else if trimmed.starts_with("```") {
            self.flush();
            self.code = Some(String::new());
        } else if trimmed.is_empty() {
            self.flush_words();
        } else if let Some((ordered, item)) = item(trimmed) {
            self.flush_words();
            if ordered != self.ordered {
                self.flush_items();
            }
            self.ordered = ordered;
            self.items.push(item.to_owned());
        } else if let Some(heading) = heading(trimmed) {
            self.flush();
            self.blocks.push(Block::Paragraph(vec![Inline::Strong(inlines(heading))]));
        } else if let (Some(item), true) = (self.items.last_mut(), line.starts_with([' ', '\t'])) {
            item.push('\n');
            item.push_str(trimmed);
        } else {
            self.flush_items();
            if !self.words.is_empty() {
                self.words.push('\n');
            }
            self.words.push_str(trimmed);
        }
    }

    fn finish(mut self) -> Vec<Block> {
        self.flush();
        // A stream may stand in the middle of a code block.
        if let Some(code) = self.code.take() {
            self.blocks.push(Block::Code(code));
        }
        self.blocks
    }

    fn flush(&mut self) {
        self.flush_words();
        self.flush_items();
    }

    fn flush_words(&mut self) {
        if !self.words.is_empty() {
            self.flush_items();
            let words = std::mem::take(&mut self.words);
            self.blocks.push(Block::Paragraph(inlines(&words)));
        }
    }

    fn flush_items(&mut self) {
        if !self.items.is_empty() {
            let items = std::mem::take(&mut self.items);
            let items = items.iter().map(|item| inlines(item)).collect();
            self.blocks.push(Block::List { ordered: self.ordered, items });
        }
    }
}

/// `- item`, `* item`, `+ item`, `1. item`, `1) item`.
fn item(line: &str) -> Option<(bool, &str)> {
    if let Some(rest) = line.strip_prefix(['-', '*', '+', '•']) {
        return rest.strip_prefix(' ').map(|item| (false, item.trim_start()));
    }
    let rest = line.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let digits = line.len().saturating_sub(rest.len());
    let item = rest.strip_prefix(['.', ')'])?.strip_prefix(' ')?;
    (1..=3).contains(&digits).then(|| (true, item.trim_start()))
}

/// `# Heading`, drawn as a bold line: the panel has its own headings.
fn heading(line: &str) -> Option<&str> {
    let rest = line.trim_start_matches('#');
    let marks = line.len().saturating_sub(rest.len());
    if (1..=6).contains(&marks) { rest.strip_prefix(' ').map(str::trim) } else { None }
}

#[cfg(test)]
mod tests;
