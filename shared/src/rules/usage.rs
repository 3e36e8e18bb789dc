//! What of the dashboard's use is counted (promise P2.3): a closed list of pages and features. Nothing else has a name here, so
//! nothing else can be counted.

/// Every page and feature that is counted.
pub const USES: [&str; 26] = [
    "page_overview",
    "page_inbox",
    "page_numbers",
    "page_knowledge",
    "page_sites",
    "page_requests",
    "page_retention",
    "page_receipts",
    "page_consents",
    "page_notices",
    "page_data_map",
    "page_team",
    "page_business",
    "page_ai",
    "page_tokens",
    "page_audit",
    "page_profile",
    "page_operator",
    "page_other",
    "feature_export",
    "feature_answer_question",
    "feature_invite",
    "feature_token",
    "feature_passkey",
    "feature_reply",
    "feature_erase",
];

/// The name as the list has it; `None` where it has none such.
pub fn use_find(name: &str) -> Option<&'static str> {
    USES.into_iter().find(|known| *known == name)
}

/// What visiting a part of the dashboard is called. A part that the list does not know is one of the others.
pub fn page_use(part: &str) -> &'static str {
    USES.into_iter().find(|known| known.strip_prefix("page_") == Some(part)).unwrap_or("page_other")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_the_list_are_counted() {
        assert_eq!(use_find("page_inbox"), Some("page_inbox"));
        for unknown in ["", "page_", "page_ada", "inbox", "PAGE_INBOX", "page_inbox "] {
            assert_eq!(use_find(unknown), None, "{unknown}");
        }
        assert_eq!((page_use("team"), page_use("me-and-my-cat")), ("page_team", "page_other"));
    }
}
