//! Documents, which are kept as they are: what they are shows at their beginning and at their end. Nothing in them is
//! unpacked here, so that nothing that is packed in them can burst.

use shared::rules::file::FileKind;

use super::Refusal;
use super::walk::{Fate, Format, Step, little, part};

/// How much of a file's end is looked at: a directory of some three thousand entries.
pub(super) const TAIL_BYTES: usize = 256 * 1024;

/// What is kept as it comes.
pub(super) struct Whole;

impl Format for Whole {
    fn take(&mut self, bytes: &[u8], out: &mut Vec<u8>) -> Result<Step, Refusal> {
        out.extend_from_slice(bytes);
        Ok(Step::Rest(Fate::Keep))
    }
}

/// Text in any encoding of one byte or UTF-8: no controls.
pub(super) struct Plain;

impl Format for Plain {
    fn take(&mut self, bytes: &[u8], out: &mut Vec<u8>) -> Result<Step, Refusal> {
        self.see(bytes)?;
        out.extend_from_slice(bytes);
        Ok(Step::Rest(Fate::Keep))
    }

    fn see(&mut self, bytes: &[u8]) -> Result<(), Refusal> {
        if is_text(bytes) { Ok(()) } else { Err(Refusal::Type) }
    }
}

/// Whether no control stands in it but white space.
pub(super) fn is_text(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c) || (*byte >= 0x20 && *byte != 0x7f))
}

fn holds(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|window| window.eq_ignore_ascii_case(what))
}

/// Whether a browser that guesses might take it for a page.
pub(super) fn is_markup(bytes: &[u8]) -> bool {
    const SIGNS: [&[u8]; 8] =
        [b"<!doctype", b"<html", b"<head", b"<body", b"<script", b"<svg", b"<iframe", b"<?php"];
    SIGNS.iter().any(|sign| holds(bytes, sign))
}

/// Whether plain text is a page, a drawing, or something that a machine would run.
pub(super) fn is_program(head: &[u8]) -> bool {
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    text.starts_with(b"<")
        || text.starts_with(b"#!")
        || text.starts_with(b"{\\rtf")
        || text.get(..9).is_some_and(|start| start.eq_ignore_ascii_case(b"@echo off"))
        || is_markup(head)
}

/// Whether a PDF ends as one does, with nothing behind it but white space.
pub(super) fn pdf_ends(tail: &[u8]) -> bool {
    let ends = tail.trim_ascii_end();
    let ends = ends.strip_suffix(b"\0").unwrap_or(ends).trim_ascii_end();
    ends.ends_with(b"%%EOF")
}

/// The directory of an archive, where one ends the file.
struct Archive<'a> {
    directory: &'a [u8],
    entries: u64,
    /// Whether directory and end are the last of the file, and the first entry the first.
    is_whole: bool,
}

/// Where an archive ends: its directory lies right before.
fn archive(tail: &[u8], total: u64) -> Option<Archive<'_>> {
    let place = tail.windows(4).rposition(|window| window == b"PK\x05\x06")?;
    let end = part(tail, place, 22);
    let (length, offset) = (little(part(end, 12, 4)), little(part(end, 16, 4)));
    let from = place.checked_sub(usize::try_from(length).ok()?)?;
    let directory = tail.get(from..place)?;
    // Four bytes may stand there by chance; with a directory before them they do not.
    if end.is_empty() || !directory.starts_with(b"PK\x01\x02") {
        return None;
    }
    let is_whole = tail.len().checked_sub(22) == Some(place)
        && offset.saturating_add(length).saturating_add(22) == total
        && little(part(end, 4, 4)) == 0
        && little(part(end, 20, 2)) == 0;
    Some(Archive { directory, entries: little(part(end, 10, 2)), is_whole })
}

/// Whether an archive hides at the end of a file that is something else.
pub(super) fn is_archive(tail: &[u8], total: u64) -> bool {
    archive(tail, total).is_some()
}

/// Which document an archive is. Whatever else is packed stays out: other archives, macros, what is locked.
pub(super) fn office(head: &[u8], tail: &[u8], total: u64) -> Result<FileKind, Refusal> {
    let archive = archive(tail, total).ok_or(Refusal::Broken)?;
    if !archive.is_whole {
        return Err(Refusal::Type);
    }
    let names = names(&archive)?;
    let has = |name: &[u8]| names.contains(&name);
    let is_odd = |name: &&[u8]| {
        name.to_ascii_lowercase().ends_with(b"vbaproject.bin")
            || name.starts_with(b"Basic/")
            || name.starts_with(b"Scripts/")
            || name.starts_with(b"/")
            || holds(name, b"..")
    };
    if names.iter().any(is_odd) {
        return Err(Refusal::Type);
    }
    if has(b"[Content_Types].xml") {
        let kinds: [(&[u8], FileKind); 3] = [
            (b"word/document.xml", FileKind::Docx),
            (b"xl/workbook.xml", FileKind::Xlsx),
            (b"ppt/presentation.xml", FileKind::Pptx),
        ];
        return kinds.into_iter().find(|(name, _)| has(name)).map(|(_, kind)| kind).ok_or(Refusal::Type);
    }
    // OpenDocument says what it is in its first entry, which is not packed.
    if part(head, 30, 8) == b"mimetype" && has(b"content.xml") {
        let said = head.get(38..).unwrap_or_default();
        let kinds = [FileKind::Odt, FileKind::Ods, FileKind::Odp];
        let said = |kind: &FileKind| {
            said.strip_prefix(kind.media_type().as_bytes()).is_some_and(|rest| rest.starts_with(b"PK"))
        };
        return kinds.into_iter().find(said).ok_or(Refusal::Type);
    }
    Err(Refusal::Type)
}

/// The names in a directory, each entry in the open.
fn names<'a>(archive: &Archive<'a>) -> Result<Vec<&'a [u8]>, Refusal> {
    let (mut rest, mut names) = (archive.directory, Vec::new());
    while !rest.is_empty() {
        let length = |from| usize::try_from(little(part(rest, from, 2))).unwrap_or_default();
        let is_locked = little(part(rest, 8, 2)) & 1 == 1;
        let (name, more, words) = (length(28), length(30), length(32));
        if !rest.starts_with(b"PK\x01\x02") || is_locked || part(rest, 46, name).len() != name {
            return Err(Refusal::Type);
        }
        names.push(part(rest, 46, name));
        let entry = 46_usize.saturating_add(name).saturating_add(more).saturating_add(words);
        rest = rest.get(entry..).ok_or(Refusal::Broken)?;
    }
    if names.len() as u64 == archive.entries { Ok(names) } else { Err(Refusal::Broken) }
}
