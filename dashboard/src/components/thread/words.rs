//! What was said, as nodes: Markdown for machines and for the house, plain words for visitors, names for mentions.

use leptos::prelude::*;
use shared::rules::markdown::{Block, Inline, blocks};

use crate::components::desk::{Desk, member_name};
use crate::i18n::Key;

/// A text in the Markdown subset that the visitor's frame draws as well.
pub fn drawn(text: &str) -> AnyView {
    // A mark whose partner has not come yet is not shown.
    let text = text.trim_end_matches(['*', '_', '`', '[']);
    blocks(text).into_iter().map(block).collect_view().into_any()
}

fn block(block: Block) -> AnyView {
    match block {
        Block::Paragraph(line) => view! { <p>{pieces(line)}</p> }.into_any(),
        Block::List { ordered, items } => {
            let items = items.into_iter().map(|item| view! { <li>{pieces(item)}</li> }).collect_view();
            if ordered {
                view! { <ol>{items}</ol> }.into_any()
            } else {
                view! { <ul>{items}</ul> }.into_any()
            }
        }
        Block::Code(code) => view! { <pre><code>{code}</code></pre> }.into_any(),
    }
}

fn pieces(line: Vec<Inline>) -> Vec<AnyView> {
    line.into_iter().map(piece).collect()
}

fn piece(piece: Inline) -> AnyView {
    match piece {
        Inline::Text(text) => text.into_any(),
        Inline::Break => view! { <br/> }.into_any(),
        Inline::Strong(inner) => view! { <strong>{pieces(inner)}</strong> }.into_any(),
        Inline::Emphasis(inner) => view! { <em>{pieces(inner)}</em> }.into_any(),
        Inline::Code(code) => view! { <code>{code}</code> }.into_any(),
        Inline::Link { address, shown, words } => view! {
            <a href=address target="_blank" rel="noopener noreferrer">
                {pieces(words)}{shown.map(|shown| view! { <bdi>" ("{shown}")"</bdi> })}
            </a>
        }
        .into_any(),
    }
}

/// The words of a person, as they are: no Markdown, no links.
pub fn plain(text: &str) -> AnyView {
    let mut found: Vec<AnyView> = Vec::new();
    for (place, line) in text.split('\n').enumerate() {
        if place > 0 {
            found.push(view! { <br/> }.into_any());
        }
        found.push(line.to_owned().into_any());
    }
    view! { <p>{found}</p> }.into_any()
}

/// A note: `@[acc_…]` becomes a name.
pub fn noted(desk: Desk, text: &str) -> AnyView {
    let mut found: Vec<AnyView> = Vec::new();
    let mut pieces = text.split("@[");
    found.push(plain_line(pieces.next().unwrap_or_default()));
    for piece in pieces {
        match piece.split_once(']').and_then(|(id, rest)| Some((id.parse().ok()?, rest))) {
            Some((account, rest)) => {
                let name = move || {
                    let known = desk.app.read(|state| member_name(state, account));
                    format!("@{}", known.unwrap_or_else(|| desk.app.text(Key::FormerMember)))
                };
                found.push(view! { <bdi class="mention">{name}</bdi> }.into_any());
                found.push(plain_line(rest));
            }
            None => found.push(plain_line(&format!("@[{piece}"))),
        }
    }
    view! { <p>{found}</p> }.into_any()
}

fn plain_line(text: &str) -> AnyView {
    let mut found: Vec<AnyView> = Vec::new();
    for (place, line) in text.split('\n').enumerate() {
        if place > 0 {
            found.push(view! { <br/> }.into_any());
        }
        found.push(line.to_owned().into_any());
    }
    found.into_any()
}
