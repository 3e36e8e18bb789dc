//! The tree that a text becomes, and what can never be in it.

use super::*;
use proptest::prelude::*;

fn text(words: &str) -> Inline {
    Inline::Text(words.into())
}

fn one_line(markdown: &str) -> Vec<Inline> {
    match blocks(markdown).as_slice() {
        [Block::Paragraph(line)] => line.clone(),
        other => panic!("not one paragraph: {other:?}"),
    }
}

#[test]
fn paragraphs_lists_and_code_become_blocks() {
    let read = blocks(
        "Hello\nthere\n\n- one\n- two\n  more\n\n1. first\n2) second\n```rust\nlet <b> = 1;\n```\nend",
    );
    assert_eq!(
        read,
        [
            Block::Paragraph(vec![text("Hello"), Inline::Break, text("there")]),
            Block::List {
                ordered: false,
                items: vec![vec![text("one")], vec![text("two"), Inline::Break, text("more")]]
            },
            Block::List { ordered: true, items: vec![vec![text("first")], vec![text("second")]] },
            Block::Code("let <b> = 1;\n".into()),
            Block::Paragraph(vec![text("end")]),
        ]
    );
}

#[test]
fn blank_lines_between_items_do_not_end_a_list() {
    let read = blocks("- one\n\n- two");
    assert_eq!(read, [Block::List { ordered: false, items: vec![vec![text("one")], vec![text("two")]] }]);
}

#[test]
fn bold_italic_and_code_stand_within_a_line() {
    assert_eq!(
        one_line("a **b *c* d** `e*f*` _g_"),
        [
            text("a "),
            Inline::Strong(vec![text("b "), Inline::Emphasis(vec![text("c")]), text(" d")]),
            text(" "),
            Inline::Code("e*f*".into()),
            text(" "),
            Inline::Emphasis(vec![text("g")]),
        ]
    );
}

#[test]
fn marks_that_are_no_marks_are_letters() {
    for line in ["2 * 3 * 4", "snake_case_name", "5 ** x", "a*", "`open", "**open", "<b>bold</b>", r"c:\dir"]
    {
        assert_eq!(one_line(line), [text(line)]);
    }
    assert_eq!(one_line(r"\*kept\*"), [text("*kept*")]);
}

#[test]
fn a_heading_is_a_bold_line_and_an_image_is_its_words() {
    assert_eq!(one_line("## Rooms"), [Inline::Strong(vec![text("Rooms")])]);
    let image = one_line("![our garden](https://example.org/a.png)");
    assert!(matches!(image.as_slice(), [Inline::Link { .. }]), "{image:?}");
}

#[test]
fn a_link_shows_its_host_where_its_words_hide_it() {
    let shown = |markdown: &str| match one_line(markdown).as_slice() {
        [Inline::Link { shown, .. }] => shown.clone(),
        other => panic!("no link: {other:?}"),
    };
    assert_eq!(shown("[our page](https://hotel.example/a)"), Some("hotel.example".into()));
    assert_eq!(shown("[hotel.example](https://hotel.example/a)"), None);
    assert_eq!(shown("[www.hotel.example/a](https://hotel.example/a)"), None);
    assert_eq!(shown("[bank.example](https://bank.example@evil.example/)"), Some("evil.example".into()));
    assert_eq!(
        shown("[bank.example](https://bank.example.evil.example/)"),
        Some("bank.example.evil.example".into())
    );
    assert_eq!(
        shown("[write to us](mailto:desk@hotel.example?subject=x)"),
        Some("desk@hotel.example".into())
    );
    assert_eq!(shown("[+33 1 23](tel:+33123)"), None);
    assert_eq!(shown("<https://hotel.example/b>"), None);
}

#[test]
fn an_address_that_is_written_out_is_a_link_without_the_sentence_around_it() {
    assert_eq!(
        one_line("See https://hotel.example/a?b=1."),
        [
            text("See "),
            Inline::Link {
                address: "https://hotel.example/a?b=1".into(),
                shown: None,
                words: vec![text("https://hotel.example/a?b=1")]
            },
            text("."),
        ]
    );
}

#[test]
fn addresses_beyond_the_list_are_no_links() {
    for address in [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "data:text/html,x",
        "//hotel.example",
        "/path",
        "https:hotel.example",
        "https://",
        "https://hotel.example\\@evil.example",
        "https://h\u{43e}tel.example",
        "https://ev%69l.example",
        "mailto:",
        "tel:abc",
        "vbscript:x",
    ] {
        let read = one_line(&format!("[words]({address})"));
        assert!(!read.iter().any(|piece| matches!(piece, Inline::Link { .. })), "{address}: {read:?}");
    }
}

#[test]
fn overrides_of_direction_are_gone() {
    assert_eq!(one_line("abc\u{202e}fdp.exe"), [text("abcfdp.exe")]);
}

fn links(pieces: &[Inline], found: &mut Vec<String>) {
    for piece in pieces {
        match piece {
            Inline::Link { address, words, .. } => {
                found.push(address.clone());
                links(words, found);
            }
            Inline::Strong(words) | Inline::Emphasis(words) => links(words, found),
            _ => {}
        }
    }
}

proptest! {
    #[test]
    fn no_text_makes_the_parser_panic(text in "\\PC*") {
        let _ = blocks(&text);
    }

    #[test]
    fn whatever_is_thrown_at_it_only_allowed_links_come_out(
        text in r"([\[\]()*_`<>!\\#\-\n :/@.a1]|https://|javascript:|data:|mailto:|\*\*|```){0,80}"
    ) {
        let mut found = Vec::new();
        for block in blocks(&text) {
            match block {
                Block::Paragraph(line) => links(&line, &mut found),
                Block::List { items, .. } => items.iter().for_each(|item| links(item, &mut found)),
                Block::Code(_) => {}
            }
        }
        for address in found {
            let allowed = ["http://", "https://", "mailto:", "tel:"].iter().any(|start| address.starts_with(start));
            prop_assert!(allowed && !address.contains(['\\', ' ', '\n']), "{}", address);
        }
    }

    #[test]
    fn every_cut_of_a_stream_can_be_drawn(cut in 0usize..140) {
        let whole = "Yes, **one dog** per room:\n\n1. €12 a *night*\n2. see [Pets](https://hotel.example/pets)\n\n```\ncode\n``` end";
        let part: String = whole.chars().take(cut).collect();
        let _ = blocks(&part);
    }
}
