//! The documents that a business agrees to: their exact text, version and hash (promise P12). A text that was agreed
//! to is never edited: new words get a new version, and the old text moves to `docs/agreements`, where it is served on.

use std::sync::OnceLock;

use sha2::{Digest, Sha256};
use shared::wire::admin::business::DocumentKind;
use shared::wire::admin::sign_in::{Agreement, DocumentMark};

use super::credential::hex;

/// Every text that was ever in force, by its kind. The tests know the hash of each.
const EDITIONS: [(DocumentKind, &str); 6] = [
    (DocumentKind::Terms, include_str!("../../../docs/terms.md")),
    (DocumentKind::Dpa, include_str!("../../../docs/dpa.md")),
    (DocumentKind::Terms, include_str!("../../../docs/agreements/terms-2026-11-22.md")),
    (DocumentKind::Dpa, include_str!("../../../docs/agreements/dpa-2026-11-23.md")),
    (DocumentKind::Dpa, include_str!("../../../docs/agreements/dpa-2026-11-22.md")),
    // Words that were changed without a new version, which must not happen again.
    (DocumentKind::Dpa, include_str!("../../../docs/agreements/dpa-2026-11-22-changed.md")),
];

fn hash_of(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

/// The exact text that is in force: the first of its kind.
pub fn document_text(kind: DocumentKind) -> &'static str {
    EDITIONS.iter().find(|(of, _)| *of == kind).map_or("", |(_, text)| text)
}

/// The exact text with this hash, in force or not. `None` where no such text was ever agreed to here.
pub fn document_edition(kind: DocumentKind, hash: &str) -> Option<&'static str> {
    let mut editions = EDITIONS.iter().filter(|(of, _)| *of == kind);
    editions.find(|(_, text)| hash_of(text) == hash).map(|(_, text)| *text)
}

/// Version, hash and address of the text that is in force.
pub fn document_mark(kind: DocumentKind) -> &'static DocumentMark {
    static MARKS: [OnceLock<DocumentMark>; 2] = [OnceLock::new(), OnceLock::new()];
    let [terms, dpa] = &MARKS;
    let cell = match kind {
        DocumentKind::Terms => terms,
        DocumentKind::Dpa => dpa,
    };
    cell.get_or_init(|| {
        let text = document_text(kind);
        let version = text.lines().find_map(|line| line.strip_prefix("Version: ")).unwrap_or_default();
        DocumentMark {
            version: version.to_owned(),
            hash: hash_of(text),
            path: format!("/v1/admin/documents/{}", kind.as_str()),
        }
    })
}

/// What was agreed to is what is in force.
pub fn agreement_holds(agreement: &Agreement) -> bool {
    agreement.terms_hash == document_mark(DocumentKind::Terms).hash
        && agreement.dpa_hash == document_mark(DocumentKind::Dpa).hash
}

/// What people read to use the product, by its name in addresses. Served as it stands in the repository.
pub fn guide_text(name: &str) -> Option<&'static str> {
    Some(match name {
        "snippet" => include_str!("../../../docs/snippet.md"),
        "answers" => include_str!("../../../docs/answers.md"),
        "accounts" => include_str!("../../../docs/accounts.md"),
        "mail" => include_str!("../../../docs/mail.md"),
        "api" => include_str!("../../../docs/api.md"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Texts that businesses may have agreed to. A line is added with each new version; none is ever changed.
    const KNOWN: [(DocumentKind, &str); 6] = [
        (DocumentKind::Terms, "7e2229b9d1479a9d5dfeacf299ef12b29a10ba2ba4e8ce1e6b96a5fe678b694f"),
        (DocumentKind::Dpa, "f8ab47e331dda417005e8c40e21121c9c8baaacbea3d082cb5c8fa3695d1c4f9"),
        (DocumentKind::Dpa, "cebd7d36f15ad3413af1454fd465e354c5cf697158cdd001a1fdc8706fd9e160"),
        (DocumentKind::Dpa, "5fdbeda78cf528dfd777b355a3c6f6c281cc9196a66dc7382496095d9787279c"),
        (DocumentKind::Terms, "f1309748fb56777ce5af347b9803affee04ff3be82adacaec469d4f5bc4ed293"),
        (DocumentKind::Dpa, "5e38ca8c3f7ca5c500a86e82bc7bed1eb32bb0f19398ce8d024112ea241c7b99"),
    ];

    #[test]
    fn both_documents_say_their_version() {
        for kind in [DocumentKind::Terms, DocumentKind::Dpa] {
            let mark = document_mark(kind);
            assert_eq!(mark.version.len(), 10, "{kind:?}");
            assert_eq!(mark.hash.len(), 64);
        }
        assert_ne!(document_mark(DocumentKind::Terms).hash, document_mark(DocumentKind::Dpa).hash);
    }

    #[test]
    fn p12_no_text_that_was_agreed_to_is_edited_or_forgotten() {
        for (kind, hash) in KNOWN {
            assert!(
                document_edition(kind, hash).is_some(),
                "{kind:?} {hash} was changed or left out: give the new words a new version, and keep the old text in \
                 docs/agreements"
            );
        }
        assert_eq!(EDITIONS.len(), KNOWN.len(), "a new text gets a line here");
        assert_eq!(document_edition(DocumentKind::Terms, "KNOWN"), None);
        assert_eq!(document_edition(DocumentKind::Terms, KNOWN[1].1), None, "each kind has its own");
    }
}
