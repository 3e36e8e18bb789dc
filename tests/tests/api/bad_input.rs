//! What is typed and sent to do harm elsewhere: formulas for whoever opens a table, markup for whoever reads a name, and a
//! document that would burst if anything unpacked it.

use edge::http::access::Access;
use edge::http::routes::ROUTES;
use http::StatusCode;
use serde_json::{Value, json};
use shared::id::ConsentId;
use shared::wire::admin::business::Business;
use shared::wire::admin::inbox::conversation::Note;
use shared::wire::file::Attachment;
use shared::wire::frame::Frame;
use shared::wire::problem::Kind;
use tests::{Deployment, Desk, NOW, Options, repository};

/// What a spreadsheet would run, each beginning in a way of its own, with markup behind it.
const FORMULAS: [&str; 6] = [
    "=HYPERLINK(\"https://evil.example\")<b>x</b>",
    "+1+1<img src=x onerror=alert(1)>",
    "-2+3<script>alert(1)</script>",
    "@SUM(A1)</td><td>",
    "＝1+1<svg onload=alert(1)>",
    "=cmd|' /C calc'!A0",
];

/// The cells of a table as RFC 4180 reads them.
fn cells(table: &str) -> Vec<Vec<String>> {
    let mut rows = vec![vec![String::new()]];
    let (mut quoted, mut letters) = (false, table.trim_start_matches('\u{feff}').chars().peekable());
    while let Some(letter) = letters.next() {
        let row = rows.last_mut().unwrap();
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                row.last_mut().unwrap().push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(String::new()),
            '\r' if !quoted && letters.peek() == Some(&'\n') => {
                letters.next();
                rows.push(vec![String::new()]);
            }
            other => row.last_mut().unwrap().push(other),
        }
    }
    assert!(!quoted, "a quote is open at the end");
    rows.retain(|row| row.len() > 1);
    rows
}

/// What a spreadsheet makes of a cell: it runs what begins like this.
fn is_run(cell: &str) -> bool {
    let begins = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    cell.trim_start_matches(' ').starts_with(begins)
}

/// A business in which everything that has a name has one of these.
async fn named(desk: &mut Desk<'_>, deployment: &Deployment, formula: &str) {
    let made = async |desk: &mut Desk<'_>, place: &str, form: Value| -> Value {
        let path = desk.path(place);
        let answer = desk.owner.send("POST", &path, Some(form)).await;
        assert!(answer.status.is_success(), "{place} {formula}: {}", answer.text());
        assert_eq!(answer.headers["content-type"], "application/json", "{place}");
        answer.json()
    };
    let label = made(desk, "labels", json!({ "name": formula })).await;
    assert_eq!(label["name"], formula, "a name is kept as it was typed, and is text everywhere");
    let reply = json!({ "shortcut": "x", "title": formula, "text": formula });
    assert_eq!(made(desk, "canned-replies", reply).await["title"], formula);
    let view = json!({ "name": formula, "filter": { "labels": [label["id"]] } });
    assert_eq!(made(desk, "views", view).await["name"], formula);
    let knowledge = json!({ "locale": "en", "title": formula, "body": formula, "url": null });
    made(desk, "knowledge", knowledge).await;
    made(desk, "tokens", json!({ "name": formula, "scopes": ["team_read"], "days": 30 })).await;
    let draft = desk.draft();
    let note: Note = desk.does("POST", "/notes", json!({ "draft": draft, "text": formula })).await.json();
    assert_eq!(note.text.expose(), formula);
    let labels = json!({ "labels": [label["id"]] });
    assert_eq!(desk.does("PUT", "/labels", labels).await.status, StatusCode::OK);
    let account = json!({ "name": formula, "locale": "en" });
    for person in [&mut desk.owner, &mut desk.manager] {
        let answer = person.send("PUT", "/v1/admin/account", Some(account.clone())).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text());
    }
    // A file's name and the path of a page are a visitor's.
    let encoded: String = formula.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let file: Attachment = desk.visitor.upload(&format!("{encoded}.txt"), b"words").await.json();
    assert!(!file.name.expose().contains(['<', '>', '/', '"', '|']), "{}", file.name.expose());
    let draft = desk.visitor.draft();
    desk.visitor.write_with(draft, formula, &[file.id]).await;

    // The site's own name, and what it asks its visitors.
    let business: Business = desk.owner.send("GET", desk.path("").trim_end_matches('/'), None).await.json();
    let site = desk.path(&format!("sites/{}", business.sites[0].id));
    let mut form = desk.owner.send("GET", &site, None).await.json::<Value>()["form"].clone();
    form["name"] = json!(formula);
    form["consent"] = json!({ "en": { "question": formula, "detail": formula } });
    form["languages"] = json!(["en"]);
    assert_eq!(desk.owner.send("PUT", &site, Some(form)).await.status, StatusCode::NO_CONTENT);
    let public = format!("/v1/widget/sites/{}", business.sites[0].id);
    let frame: Frame = deployment.send("GET", &format!("{public}?locale=en"), None, None).await.json();
    assert!(frame.consent.question.starts_with(formula));
    let choice = json!({
        "id": ConsentId::mint(NOW, [1; 10]), "purpose": "statistics", "choice": "declined", "way": "strip",
        "version": frame.consent.version, "hash": frame.consent.hash, "locale": "en",
    });
    let token = desk.visitor.token.clone();
    let chosen = deployment.send("POST", &format!("{public}/consents"), Some(&token), Some(choice)).await;
    assert_eq!(chosen.status, StatusCode::NO_CONTENT, "{}", chosen.text());
}

#[tokio::test]
async fn no_cell_of_any_table_that_leaves_is_a_formula_whatever_things_are_called() {
    // Every route that hands out a table stands here.
    let tables = [
        (
            "numbers/export",
            ["table=days&format=csv", "table=sites&format=csv", "table=models&format=csv"].as_slice(),
        ),
        ("audit/export", &[""]),
        ("consents/export", &["format=csv"]),
    ];
    let known: Vec<&str> = ROUTES
        .iter()
        .filter(|route| route.summary.to_lowercase().contains("csv"))
        .filter_map(|route| route.path.strip_prefix("/v1/admin/businesses/{business}/"))
        .collect();
    assert_eq!(known, tables.map(|(path, _)| path));
    assert!(
        ROUTES
            .iter()
            .all(|route| !route.path.ends_with("/export") || matches!(route.access, Access::Member(_)))
    );
    for formula in FORMULAS {
        let deployment = Deployment::new(Options::default());
        let mut desk = Desk::open(&deployment).await;
        desk.visitor.write("Hello").await;
        deployment.settle().await;
        named(&mut desk, &deployment, formula).await;
        let mut told = String::new();
        for (path, queries) in tables {
            for query in queries {
                let path = desk.path(&format!("{path}?{query}"));
                let answer = desk.owner.send("GET", &path, None).await;
                assert_eq!(answer.headers["content-type"], "text/csv; charset=utf-8", "{path}");
                assert_eq!(answer.headers["x-content-type-options"], "nosniff", "{path}");
                let disposition = answer.headers["content-disposition"].to_str().unwrap();
                assert!(disposition.starts_with("attachment; filename=\"loquet-"), "{disposition}");
                let rows = cells(&answer.text());
                assert!(rows.windows(2).all(|pair| pair[0].len() == pair[1].len()), "{path}: {rows:?}");
                let run: Vec<&String> = rows.iter().flatten().filter(|cell| is_run(cell)).collect();
                assert_eq!(run, Vec::<&String>::new(), "{path}");
                told.push_str(&answer.text());
            }
        }
        // The tables do hold such names: as text.
        let inside = format!("'{}", formula.replace('"', "\"\""));
        assert!(told.matches(&inside).count() >= 3, "a site's, a person's and words of consent: {told}");
    }
}

#[tokio::test]
async fn names_that_break_out_of_their_line_are_refused() {
    let deployment = Deployment::new(Options::default());
    let mut desk = Desk::open(&deployment).await;
    for broken in ["a\tb", "a\rb", "a\nb", "a\u{0}b", "a\u{202e}b"] {
        for (place, form) in [
            ("labels", json!({ "name": broken })),
            ("views", json!({ "name": broken, "filter": {} })),
            ("canned-replies", json!({ "shortcut": "x", "title": broken, "text": "x" })),
            ("tokens", json!({ "name": broken, "scopes": ["team_read"], "days": 30 })),
        ] {
            let path = desk.path(place);
            let answer = desk.owner.send("POST", &path, Some(form)).await;
            assert_eq!(answer.problem(), Kind::ValueRefused, "{place} {broken:?}");
        }
        let form = json!({ "name": broken, "locale": "en" });
        let answer = desk.owner.send("PUT", "/v1/admin/account", Some(form)).await;
        assert_eq!(answer.problem(), Kind::ValueRefused, "{broken:?}");
    }
}

/// Writes bits as DEFLATE wants them, the lowest first.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    used: u32,
}

impl Bits {
    fn put(&mut self, bits: impl IntoIterator<Item = u32>) {
        for bit in bits {
            if self.used.is_multiple_of(8) {
                self.bytes.push(0);
            }
            *self.bytes.last_mut().unwrap() |= u8::try_from(bit & 1).unwrap() << (self.used % 8);
            self.used += 1;
        }
    }

    /// A code of the fixed tables, the highest bit first.
    fn code(&mut self, code: u32, length: u32) {
        self.put((0..length).rev().map(|place| code >> place));
    }
}

/// A stream of DEFLATE (RFC 1951) that becomes `1 + 258 * runs` spaces: one letter, and then itself again and again.
fn packed(runs: u32) -> Vec<u8> {
    let mut bits = Bits::default();
    bits.put([1, 1, 0]); // the last block, with the fixed codes
    bits.code(0x30 + u32::from(b' '), 8);
    for _ in 0..runs {
        bits.code(0b1100_0101, 8); // 258 bytes
        bits.code(0, 5); // from one byte before
    }
    bits.code(0, 7);
    bits.bytes
}

/// A document of Word's whose words are packed: `runs` says how much they become.
fn burst(runs: u32) -> (Vec<u8>, u64) {
    let unpacked = 1 + 258 * runs;
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    let words = packed(runs);
    for (name, way, content, size) in [
        ("[Content_Types].xml", 0_u16, b"<Types/>".as_slice(), 8_u32),
        ("word/document.xml", 8, &words, unpacked),
    ] {
        let at = u32::try_from(bytes.len()).unwrap().to_le_bytes();
        let kept = u32::try_from(content.len()).unwrap().to_le_bytes();
        let length = u16::try_from(name.len()).unwrap().to_le_bytes();
        let same = [
            &[20, 0, 0, 0][..],
            &way.to_le_bytes(),
            &[0; 4],
            &[1, 2, 3, 4],
            &kept,
            &size.to_le_bytes(),
            &length,
            &[0, 0],
        ]
        .concat();
        bytes.extend([b"PK\x03\x04", same.as_slice(), name.as_bytes(), content].concat());
        directory.extend([b"PK\x01\x02\x14\0", same.as_slice(), &[0; 10], &at, name.as_bytes()].concat());
    }
    let (at, size) = (u32::try_from(bytes.len()).unwrap(), u32::try_from(directory.len()).unwrap());
    bytes.extend(directory);
    bytes.extend(
        [b"PK\x05\x06\0\0\0\0\x02\0\x02\0", &size.to_le_bytes()[..], &at.to_le_bytes(), &[0, 0]].concat(),
    );
    (bytes, unpacked.into())
}

#[tokio::test]
async fn a_document_that_would_burst_is_taken_as_it_came_and_nothing_unpacks_it() {
    let deployment = Deployment::new(Options::default());
    let mut desk = Desk::open(&deployment).await;
    desk.visitor.write("Hello").await;
    deployment.settle().await;
    // A megabyte that would be 166: the ratio that fixed codes can reach.
    let (bytes, unpacked) = burst(645_000);
    assert!(unpacked / bytes.len() as u64 > 150 && bytes.len() > 1_000_000, "{} of {unpacked}", bytes.len());
    let file: Attachment = desk.visitor.upload("Menu.docx", &bytes).await.json();
    assert_eq!(file.media_type, "application/vnd.openxmlformats-officedocument.wordprocessingml.document");
    assert_eq!(
        (file.bytes, file.width),
        (bytes.len() as u64, None),
        "what it says that it becomes is nothing to us"
    );
    let kept: usize = deployment.files.dump().unwrap().0.iter().map(|(_, object)| object.len()).sum();
    assert!(kept < bytes.len() + 64 * 1024, "{kept} bytes are kept of {}", bytes.len());
    let draft = desk.visitor.draft();
    desk.visitor.write_with(draft, "The menu", &[file.id]).await;
    let read = desk.visitor.download(file.id).await;
    assert!(read.body == bytes, "it goes out as it came");
    let disposition = read.headers["content-disposition"].to_str().unwrap();
    assert!(disposition.starts_with("attachment"), "and is opened by nobody's browser: {disposition}");
    let path = desk.thread(&format!("/files/{}", file.id));
    assert!(desk.manager.send("GET", &path, None).await.body == bytes);
    // A visitor's copy holds it packed as it is.
    let (conversation, token) = desk.visitor.thread.clone().unwrap();
    let archive = format!("/v1/privacy/conversations/{conversation}/archive");
    let copy = deployment.send("GET", &archive, Some(&token), None).await;
    assert_eq!(copy.status, StatusCode::OK);
    assert!((bytes.len()..bytes.len() + 256 * 1024).contains(&copy.body.len()), "{}", copy.body.len());
    // Nothing that could unpack it is part of the program.
    let lock = std::fs::read_to_string(repository().join("Cargo.lock")).unwrap();
    for able in
        ["flate2", "miniz_oxide", "libz-sys", "zlib-rs", "libflate", "inflate", "zip", "async-compression"]
    {
        assert!(!lock.contains(&format!("name = \"{able}\"\n")), "{able}");
    }
}
