//! Files as they come: whole, cut, damaged, two things at once, and telling more than they should.

use proptest::prelude::*;
use shared::rules::file::FileKind;

use super::{Checked, FileSieve, Refusal};

const CANARY: &[u8] = b"canary at 43.2148 N, 5.5378 E";

fn sieved(name: &str, bytes: &[u8], chunk: usize) -> Result<(Checked, Vec<u8>), Refusal> {
    let (mut sieve, mut out) = (FileSieve::new(name), Vec::new());
    for chunk in bytes.chunks(chunk.max(1)) {
        sieve.push(chunk, &mut out)?;
    }
    let checked = sieve.finish(&mut out)?;
    Ok((checked, out))
}

fn taken(bytes: &[u8]) -> Result<(Checked, Vec<u8>), Refusal> {
    sieved("name", bytes, 65_536)
}

fn holds(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|window| window == what)
}

fn segment(code: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
    [&[0xff, code], &length[..], content].concat()
}

fn exif(orientation: u8) -> Vec<u8> {
    let mut tiff = b"Exif\0\0II*\0\x08\0\0\0\x02\0".to_vec();
    tiff.extend_from_slice(b"\x25\x88\x04\0\x01\0\0\0\x26\0\0\0"); // where the GPS directory lies
    tiff.extend_from_slice(&[0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0]);
    tiff.extend_from_slice(&[0; 4]);
    tiff.extend_from_slice(CANARY);
    tiff
}

fn jpeg() -> Vec<u8> {
    [
        &[0xff, 0xd8][..],
        &segment(0xe0, b"JFIF\0\x01\x01\0\0\x01\0\x01\x01\x01thumbnail of a face"),
        &segment(0xe1, &exif(6)),
        &segment(0xe1, &[b"http://ns.adobe.com/xap/1.0/\0".as_slice(), CANARY].concat()),
        &segment(0xe2, b"ICC_PROFILE\0\x01\x01colours"),
        &segment(0xed, &[b"Photoshop 3.0\0".as_slice(), CANARY].concat()),
        &segment(0xfe, CANARY),
        &segment(0xdb, &[7; 65]),
        &segment(0xc0, &[8, 0, 16, 0, 32, 1, 1, 0x11, 0]),
        &segment(0xc4, &[9; 20]),
        &segment(0xda, &[1, 1, 0, 0, 63, 0]),
        b"\x12\xff\x00\x34\xff\xd0\x56",
        &segment(0xfe, CANARY),
        &segment(0xda, &[1, 1, 0, 0, 63, 0]),
        b"\x78\x9a\xff\xd9",
    ]
    .concat()
}

fn chunk(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).unwrap().to_be_bytes();
    [&length[..], kind, content, b"\x01\x02\x03\x04"].concat()
}

fn png() -> Vec<u8> {
    [
        b"\x89PNG\r\n\x1a\n".to_vec(),
        chunk(b"IHDR", &[0, 0, 0, 32, 0, 0, 0, 16, 8, 2, 0, 0, 0]),
        chunk(b"tEXt", CANARY),
        chunk(b"eXIf", CANARY),
        chunk(b"gAMA", &[0, 0, 1, 1]),
        chunk(b"IDAT", &[5; 300]),
        chunk(b"iTXt", CANARY),
        chunk(b"IDAT", &[6; 20]),
        chunk(b"IEND", b""),
    ]
    .concat()
}

fn gif() -> Vec<u8> {
    let mut bytes = b"GIF89a\x20\0\x10\0\x80\0\0".to_vec();
    bytes.extend_from_slice(&[1, 2, 3, 4, 5, 6]);
    bytes.extend_from_slice(b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0");
    bytes.extend_from_slice(b"\x21\xff\x0bXMP DataXMP");
    bytes.push(u8::try_from(CANARY.len()).unwrap());
    bytes.extend_from_slice(CANARY);
    bytes.push(0);
    bytes.extend_from_slice(b"\x21\xfe");
    bytes.push(u8::try_from(CANARY.len()).unwrap());
    bytes.extend_from_slice(CANARY);
    bytes.push(0);
    bytes.extend_from_slice(b"\x21\xf9\x04\0\0\0\0\0");
    bytes.extend_from_slice(b"\x2c\0\0\0\0\x20\0\x10\0\0\x02\x03abc\x02de\0\x3b");
    bytes
}

fn riff(kind: &[u8; 4], chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let mut content = kind.to_vec();
    for (name, bytes) in chunks {
        content.extend_from_slice(*name);
        content.extend_from_slice(&u32::try_from(bytes.len()).unwrap().to_le_bytes());
        content.extend_from_slice(bytes);
        content.resize(content.len().next_multiple_of(2), 0);
    }
    [b"RIFF", &u32::try_from(content.len()).unwrap().to_le_bytes()[..], &content].concat()
}

fn webp() -> Vec<u8> {
    let image = [b"\x30\x01\0\x9d\x01\x2a\x20\0\x10\0".as_slice(), &[3; 41]].concat();
    riff(
        b"WEBP",
        &[
            (b"VP8X", &[0x2c, 0, 0, 0, 31, 0, 0, 15, 0, 0]),
            (b"ICCP", b"colours"),
            (b"VP8 ", &image),
            (b"EXIF", CANARY),
            (b"XMP ", CANARY),
        ],
    )
}

fn wav() -> Vec<u8> {
    riff(b"WAVE", &[(b"fmt ", &[1; 16]), (b"data", &[2; 500])])
}

fn ogg() -> Vec<u8> {
    let page = |content: &[u8]| {
        let mut page = b"OggS\0\x02".to_vec();
        page.resize(26, 0);
        page.push(1);
        page.push(u8::try_from(content.len()).unwrap());
        page.extend_from_slice(content);
        page
    };
    [page(b"OpusHead\x01\x01"), page(&[7; 200])].concat()
}

fn mp3() -> Vec<u8> {
    [b"ID3\x04\0\0\0\0\x01\x02".as_slice(), &[0; 130], &[0xff, 0xfb, 0x90, 0x64], &[5; 400]].concat()
}

fn boxed(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    [&u32::try_from(content.len() + 8).unwrap().to_be_bytes()[..], kind, content].concat()
}

fn mp4(brand: &[u8; 4]) -> Vec<u8> {
    let trak = boxed(b"trak", &[boxed(b"tkhd", &[1; 84]), boxed(b"udta", CANARY)].concat());
    let moov = boxed(b"moov", &[boxed(b"mvhd", &[1; 100]), trak, boxed(b"udta", CANARY)].concat());
    [boxed(b"ftyp", &[brand.as_slice(), &[0; 4], b"isom"].concat()), moov, boxed(b"mdat", &[9; 999])].concat()
}

fn pdf() -> Vec<u8> {
    [b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".as_slice(), &[b'x'; 600], b"\nstartxref\n9\n%%EOF\n"].concat()
}

/// An archive of unpacked entries.
fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in entries {
        let at = u32::try_from(bytes.len()).unwrap().to_le_bytes();
        let size = u32::try_from(content.len()).unwrap().to_le_bytes();
        let length = u16::try_from(name.len()).unwrap().to_le_bytes();
        let same =
            [&[20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4][..], &size, &size, &length, &[0, 0]].concat();
        bytes.extend([b"PK\x03\x04", same.as_slice(), name.as_bytes(), content].concat());
        directory.extend([b"PK\x01\x02\x14\0", same.as_slice(), &[0; 10], &at, name.as_bytes()].concat());
    }
    let count = u16::try_from(entries.len()).unwrap().to_le_bytes();
    let (at, size) = (u32::try_from(bytes.len()).unwrap(), u32::try_from(directory.len()).unwrap());
    bytes.extend(directory);
    bytes.extend(
        [b"PK\x05\x06\0\0\0\0", &count[..], &count, &size.to_le_bytes(), &at.to_le_bytes(), &[0, 0]].concat(),
    );
    bytes
}

fn docx() -> Vec<u8> {
    zip(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", &[b'w'; 5_000])])
}

fn odt() -> Vec<u8> {
    zip(&[("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", b"<office/>")])
}

/// A whole file of each sort, and whether its end can be told from its content.
fn samples() -> Vec<(FileKind, Vec<u8>, bool)> {
    vec![
        (FileKind::Jpeg, jpeg(), true),
        (FileKind::Png, png(), true),
        (FileKind::Gif, gif(), true),
        (FileKind::Webp, webp(), true),
        (FileKind::Wav, wav(), true),
        (FileKind::Ogg, ogg(), false), // it may end behind each page
        (FileKind::Mp3, mp3(), false),
        (FileKind::Mp4, mp4(b"isom"), false), // the film's content may be missing as a whole
        (FileKind::M4a, mp4(b"M4A "), false),
        (FileKind::Pdf, pdf(), true),
        (FileKind::Docx, docx(), true),
        (FileKind::Odt, odt(), true),
        (FileKind::Text, "Réservation : 2 nuits\r\n".repeat(300).into_bytes(), false),
    ]
}

#[test]
fn each_kind_is_known_by_what_it_holds_however_it_arrives() {
    for (kind, bytes, _) in samples() {
        for chunk in [1, 7, 4_096, 1_000_000] {
            let (checked, out) =
                sieved("no.ending", &bytes, chunk).unwrap_or_else(|why| panic!("{kind:?} {why:?}"));
            assert_eq!(checked.kind, kind);
            assert_eq!(out, taken(&bytes).unwrap().1, "{kind:?} in chunks of {chunk}");
            assert_eq!(taken(&out).unwrap(), (checked, out), "{kind:?} goes through again as it is");
        }
    }
}

#[test]
fn a_table_and_a_program_are_told_from_text_by_their_names() {
    assert_eq!(sieved("Guests.CSV", b"name;nights\nAnna;2\n", 9).unwrap().0.kind, FileKind::Csv);
    for name in ["run.bat", "page.html", "drawing.svg", "a.js", "a.ps1"] {
        assert_eq!(sieved(name, b"nothing that shows", 9), Err(Refusal::Type), "{name}");
    }
}

#[test]
fn pictures_and_films_lose_place_person_and_device_and_keep_what_is_seen() {
    for (kind, bytes, _) in samples() {
        if kind.is_picture() || matches!(kind, FileKind::Mp4 | FileKind::M4a) {
            assert!(holds(&bytes, CANARY), "{kind:?}");
            assert!(!holds(&taken(&bytes).unwrap().1, b"canary"), "{kind:?}");
        }
    }
    let (checked, out) = taken(&jpeg()).unwrap();
    assert!(!holds(&out, b"face") && !holds(&out, b"Photoshop") && holds(&out, b"ICC_PROFILE"));
    assert!(holds(&out, b"Exif\0\0MM") && holds(&out, b"\x12\xff\x00\x34\xff\xd0\x56"));
    assert_eq!(checked.size, Some((16, 32)), "it lies on its side");
    for bytes in [png(), gif(), webp()] {
        assert_eq!(taken(&bytes).unwrap().0.size, Some((32, 16)));
    }
    let (webp_out, mp4_out) = (taken(&webp()).unwrap().1, taken(&mp4(b"isom")).unwrap().1);
    assert_eq!((webp_out.len(), mp4_out.len()), (webp().len(), mp4(b"isom").len()), "offsets hold");
    assert_eq!(webp_out[20] & 0x2c, 0x20, "it says that no Exif and no XMP is there");
}

#[test]
fn what_phones_put_behind_a_photo_is_left_out() {
    let with_film = [jpeg(), mp4(b"isom"), CANARY.to_vec()].concat();
    assert_eq!(taken(&with_film).unwrap().1, taken(&jpeg()).unwrap().1);
}

#[test]
fn a_file_cut_short_is_refused_where_the_format_says_how_long_it_is() {
    for (kind, bytes, _) in samples().into_iter().filter(|(_, _, tells)| *tells) {
        for cut in 0..bytes.len() {
            // White space at the end of a PDF is not missed, and the first letters of a format may be a word.
            if kind != FileKind::Pdf || cut < bytes.len() - 1 {
                let taken = taken(&bytes[..cut]).map(|(checked, _)| checked.kind);
                assert!(taken.is_err() || (taken == Ok(FileKind::Text) && cut < 12), "{kind:?} cut at {cut}");
            }
        }
    }
    for (kind, bytes) in [(FileKind::Ogg, ogg()), (FileKind::Mp4, mp4(b"isom"))] {
        assert_eq!(taken(&bytes[..bytes.len() - 1]), Err(Refusal::Broken), "{kind:?}");
    }
    assert_eq!(taken(b""), Err(Refusal::Broken));
}

#[test]
fn a_file_that_is_two_things_at_once_is_refused() {
    let archive = zip(&[("evil.exe", b"MZ")]);
    let page = b"<html><script>alert(1)</script>".to_vec();
    for (kind, bytes, _) in samples() {
        assert!(taken(&[bytes.clone(), archive.clone()].concat()).is_err(), "{kind:?} and an archive");
        if kind != FileKind::Mp3 && kind != FileKind::Text {
            assert!(taken(&[bytes, page.clone()].concat()).is_err(), "{kind:?} and a page");
        }
    }
    for head in [&b"GIF89a"[..], b"GIF89a/*", b"\xff\xd8\xff\xe0", b"%PDF-1.4\n", b"ID3\x03\0\0\0\0\0\0"] {
        assert!(taken(&[head, &page, &[b' '; 100]].concat()).is_err());
    }
    assert!(taken(&[b"PK stub".to_vec(), docx()].concat()).is_err());
    assert!(taken(&[docx(), b" ".to_vec()].concat()).is_err());
    assert!(taken(&[docx(), docx()].concat()).is_err());
}

#[test]
fn pages_drawings_programs_and_archives_are_refused() {
    let archives = [
        zip(&[("evil.exe", b"MZ")]),
        zip(&[("[Content_Types].xml", b""), ("anything.xml", b"")]),
        zip(&[("[Content_Types].xml", b""), ("word/document.xml", b""), ("word/vbaProject.bin", b"macro")]),
        zip(&[("[Content_Types].xml", b""), ("word/document.xml", b""), ("../../x", b"")]),
        zip(&[
            ("mimetype", b"application/vnd.oasis.opendocument.text"),
            ("content.xml", b""),
            ("Basic/a.xml", b""),
        ]),
        zip(&[("mimetype", b"application/epub+zip"), ("content.xml", b"")]),
    ];
    for archive in archives {
        assert_eq!(taken(&archive), Err(Refusal::Type));
    }
    for bytes in [
        &b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"[..],
        b"\xef\xbb\xbf  <?xml version='1.0'?><svg/>",
        b"<!DOCTYPE html><p>hello",
        b"hello <SCRIPT>alert(1)</SCRIPT>",
        b"#!/bin/sh\nrm -rf /\n",
        b"@ECHO OFF\r\ndel *.*",
        b"{\\rtf1 hello}",
        b"MZ\x90\0\x03\0\0\0",
        b"\x7fELF\x02\x01\x01\0",
        b"Rar!\x1a\x07\0",
        b"7z\xbc\xaf\x27\x1c",
        b"\x1f\x8b\x08\0\0\0\0\0",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"\0asm\x01\0\0\0",
        b"BM\x3a\0\0\0\0\0",
        b"h\0e\0l\0l\0o\0",
        b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
    ] {
        assert_eq!(taken(bytes), Err(Refusal::Type), "{}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn a_picture_that_would_burst_when_it_is_drawn_is_refused() {
    let mut bytes = png();
    bytes[16..24].copy_from_slice(&[0, 1, 0, 0, 0, 1, 0, 0]);
    assert_eq!(taken(&bytes), Err(Refusal::Type));
    bytes[16..24].copy_from_slice(&[0; 8]);
    assert_eq!(taken(&bytes), Err(Refusal::Broken));
}

proptest! {
    #[test]
    fn no_bytes_make_the_walk_panic(start in 0usize..14, bytes: Vec<u8>, chunk in 1usize..50) {
        let heads: [&[u8]; 14] = [
            b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR", b"GIF89a", b"RIFF\x40\0\0\0WEBP", b"RIFF\x40\0\0\0WAVE",
            b"OggS", b"ID3\x03", b"\xff\xfb\x90\x64", b"\0\0\0\x10ftypisom\0\0\0\0", b"%PDF-1.4", b"PK\x03\x04",
            b"PK\x05\x06", b"RIFF\xff\xff\xff\xffWEBPVP8X",
        ];
        let _ = sieved("x", &[heads[start], &bytes].concat(), chunk);
    }

    #[test]
    fn a_damaged_file_is_refused_or_taken_but_never_more_than_it_was(
        sample in 0usize..13, damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        chunk in 1usize..700
    ) {
        let (_, mut bytes, _) = samples().swap_remove(sample);
        for (place, value) in damage {
            let place = place.index(bytes.len());
            bytes[place] = value;
        }
        if let Ok((checked, out)) = sieved("x.txt", &bytes, chunk) {
            // A segment of our own says which way a photo is turned.
            prop_assert!(out.len() <= bytes.len() + 36);
            let again = taken(&out);
            prop_assert_eq!(again.map(|(checked, _)| checked), Ok(checked));
        }
    }
}
