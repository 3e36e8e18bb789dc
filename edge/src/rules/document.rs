//! The documents that a business agrees to: their exact text, version and hash (promise P12). A text that was agreed
//! to is never edited: new words get a new version, and the old file stays in the repository's history.

use std::sync::OnceLock;

use sha2::{Digest, Sha256};
use shared::wire::admin::business::DocumentKind;
use shared::wire::admin::sign_in::{Agreement, DocumentMark};

use super::credential::hex;

/// The exact text that is in force.
pub const fn document_text(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::Terms => include_str!("../../../docs/terms.md"),
        DocumentKind::Dpa => include_str!("../../../docs/dpa.md"),
    }
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
            hash: hex(&Sha256::digest(text.as_bytes())),
            path: format!("/v1/admin/documents/{}", kind.as_str()),
        }
    })
}

/// What was agreed to is what is in force.
pub fn agreement_holds(agreement: &Agreement) -> bool {
    agreement.terms_hash == document_mark(DocumentKind::Terms).hash
        && agreement.dpa_hash == document_mark(DocumentKind::Dpa).hash
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_documents_say_their_version() {
        for kind in [DocumentKind::Terms, DocumentKind::Dpa] {
            let mark = document_mark(kind);
            assert_eq!(mark.version.len(), 10, "{kind:?}");
            assert_eq!(mark.hash.len(), 64);
        }
        assert_ne!(document_mark(DocumentKind::Terms).hash, document_mark(DocumentKind::Dpa).hash);
    }
}
