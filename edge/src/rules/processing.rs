//! Every operation that processes a person, visitor or somebody who signs in, and what a restriction does to it (GDPR
//! Art. 18, promise P6.4). One test reads the operations themselves and fails for one that does not stand here; another
//! tries each one that is refused or passes by.

/// What a restriction does to an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Under {
    /// It is refused, or finds nothing: the database itself says no.
    Refused,
    /// It passes such conversations by.
    PassesBy,
    /// It goes on, for the reason given: storing, the person's own rights, a legal duty, or the rights of others.
    GoesOn(&'static str),
}

macro_rules! operations {
    ($($file:literal $name:literal $under:expr;)+) => {
        /// File of `ops`, function, and what a restriction does to it.
        pub const OPERATIONS: &[(&str, &str, Under)] = &[$(($file, $name, $under),)+];
    };
}

use Under::{GoesOn, PassesBy, Refused};

const OWN: &str = "the person's own right";
const READS: &str = "the person reads what they said";
const STATE: &str = "it changes how a thread is sorted, not what is known of the person";
const SEEN: &str =
    "a colleague must be able to see the thread to answer the request itself; exports refuse it";
const MEANS: &str = "it opens or seals for an operation that stands here, too, and decides nothing itself";
const COLLEAGUES: &str = "it is about a colleague, not about the person who wrote";
const ENDS: &str = "it ends processing";
const PROOF: &str = "a choice is kept as proof, a legal duty";
const SIGNS_IN: &str = "the person does it: an account that is restricted still serves its owner";
const SAFETY: &str = "it keeps somebody else out of the account";
const TRUE: &str = "it keeps true what is stored: words that were corrected, or are past their time, leave the card, which nobody reads meanwhile";
const NEW: &str = "it makes something new, which nobody has restricted";

operations! {
    "consent" "consent_record" GoesOn("a choice is recorded as proof; a person may always say no");
    "consent" "consent_withdraw_note" GoesOn("what was taken back stays so after a restore; a person may always say no");
    "conversation" "conversation_open" GoesOn(NEW);
    "conversation" "person_request" Refused;
    "copy" "archive_write" GoesOn(OWN);
    "copy" "copy_read" GoesOn(OWN);
    "copy" "held_read" GoesOn(OWN);
    "erasure" "erasure_press" GoesOn(OWN);
    "erasure" "conversation_erase" GoesOn("erasure at the person's own request, or at the end of a limit, which waits");
    "message" "message_list" GoesOn(READS);
    "message" "message_send" Refused;
    "privacy_code" "hand_over_make" GoesOn(OWN);
    "privacy_code" "resume_mail" GoesOn(OWN);
    "privacy_code" "resume_make" GoesOn(OWN);
    "right" "request_make" GoesOn(OWN);
    "right" "restriction_holds" GoesOn("it asks whether there is a restriction");
    "right" "restriction_lift" GoesOn(OWN);
    "card" "card_renew" GoesOn(TRUE);
    "contact" "address_leave" GoesOn("the person says where an answer reaches them");
    "desk" "conversation_close" GoesOn("it ends processing");
    "desk" "conversation_give_back" GoesOn(STATE);
    "desk" "conversation_reopen" GoesOn(STATE);
    "desk" "conversation_snooze" GoesOn(STATE);
    "desk" "conversation_take" GoesOn(STATE);
    "desk" "conversation_tick" GoesOn(STATE);
    "desk" "conversations_mark" GoesOn(STATE);
    "desk" "deed_note" GoesOn(STATE);
    "desk" "labels_set" GoesOn(STATE);
    "desk" "reply_write" Refused;
    "desk" "visitor_block" GoesOn("the business protects itself");
    "desk" "visitor_mark" GoesOn(READS);
    "file" "file_discard" GoesOn("it ends processing");
    "file" "file_open" GoesOn(READS);
    "file" "file_take_back" GoesOn(OWN);
    "file" "file_upload" GoesOn("nothing reads a file before its message, which is refused");
    "file" "files_empty" GoesOn("it ends processing");
    "file" "files_left" GoesOn("it ends processing");
    "hold" "hold_lift" GoesOn("it ends what keeps the data");
    "hold" "hold_set" GoesOn("restricted data may be kept for a legal claim (GDPR Art. 18(2))");
    "identity" "identity_prove" GoesOn("the person says who they are");
    "identity" "identity_read" GoesOn(READS);
    "inbox" "conversation_view" GoesOn(SEEN);
    "inbox" "desk_before" GoesOn(SEEN);
    "inbox" "desk_catchup" GoesOn(SEEN);
    "inbox" "reading_note" GoesOn(STATE);
    "inbox" "row_for" GoesOn(SEEN);
    "inbox" "row_read" GoesOn(SEEN);
    "inbox" "rows_read" GoesOn(SEEN);
    "inbox" "thread_find" GoesOn("it looks where the thread is, without its words");
    "inbox" "transcript_read" Refused;
    "page" "page_read" GoesOn(READS);
    "note" "note_delete" GoesOn("it ends processing");
    "note" "note_write" GoesOn(STATE);
    "satisfaction" "satisfaction_give" Refused;
    "satisfaction" "satisfaction_read" GoesOn(READS);
    "suggest" "draft_suggest" Refused;
    "suggest" "translation_suggest" Refused;
    "turn" "turn_begin" PassesBy;
    "turn" "turn_find" GoesOn("it looks how the thread stands, without its words");
    "turn" "turn_give_up" Refused;
    "turn" "turn_run" Refused;
    "visitor" "token_open" GoesOn(READS);
    "visitor" "token_revoke" GoesOn("the person closes a door");
    "visitor" "visitor_open" GoesOn("nothing is kept or looked up");
    "card" "card_first" GoesOn(MEANS);
    "card" "card_next" GoesOn(MEANS);
    "card" "card_open" GoesOn(MEANS);
    "contact" "answerer_name" GoesOn(MEANS);
    "contact" "address_open" GoesOn(MEANS);
    "contact" "email_open" GoesOn(MEANS);
    "contact" "reply_mail" PassesBy;
    "contact" "visitor_finder" GoesOn(MEANS);
    "contact" "visitor_mail_find" PassesBy;
    "contact" "with_cell" GoesOn(MEANS);
    "desk" "colleague_name" GoesOn(COLLEAGUES);
    "desk" "nobody_due_at" GoesOn(STATE);
    "digest" "digest_compose" PassesBy;
    "erasure" "erasure_begin" GoesOn(ENDS);
    "erasure" "business_erase" GoesOn(ENDS);
    "file" "file_purge" GoesOn(ENDS);
    "file" "file_read_note" GoesOn(COLLEAGUES);
    "file" "files_ready" GoesOn("it looks which files may be sent; the message is refused");
    "inbox" "changes_read" GoesOn(SEEN);
    "inbox" "conversations_list" GoesOn(SEEN);
    "inbox" "conversations_search" PassesBy;
    "inbox" "counts_read" GoesOn(STATE);
    "inbox" "rows_compose" GoesOn(SEEN);
    "message" "kept_before" GoesOn(MEANS);
    "note" "notes_open" GoesOn(SEEN);
    "numbers" "numbers_read" PassesBy;
    "page" "page_keep" GoesOn(NEW);
    "question" "comments_read" PassesBy;
    "question" "question_answer" GoesOn(STATE);
    "question" "question_own" GoesOn(STATE);
    "question" "question_put_aside" GoesOn(STATE);
    "question" "questions_read" PassesBy;
    "receipt" "erasures_list" GoesOn("a receipt names nobody");
    "record" "consents_export" GoesOn(PROOF);
    "record" "consents_read" GoesOn(PROOF);
    "record" "data_map_read" GoesOn("it names nobody");
    "request" "request_enter" GoesOn(OWN);
    "request" "request_extend" GoesOn(OWN);
    "request" "request_meet" GoesOn(OWN);
    "request" "request_open" GoesOn(OWN);
    "request" "request_refuse" GoesOn(OWN);
    "request" "request_remind" GoesOn(OWN);
    "request" "requests_list" GoesOn(OWN);
    "request" "requests_open" GoesOn(OWN);
    "request" "words_seal" GoesOn(OWN);
    "right" "rectification_open" GoesOn(OWN);
    "right" "restriction_note" GoesOn(OWN);
    "right" "object" GoesOn(OWN);
    "right" "objection_note" GoesOn(OWN);
    "right" "thread_key" GoesOn(MEANS);
    "satisfaction" "comment_open" GoesOn(MEANS);
    "satisfaction" "satisfaction_copy" GoesOn(OWN);
    "sealed_line" "line_open" GoesOn(MEANS);
    "sealed_line" "line_seal" GoesOn(MEANS);
    "sealed_message" "message_compose" GoesOn(MEANS);
    "sealed_message" "message_key" GoesOn(MEANS);
    "sealed_message" "message_open" GoesOn(MEANS);
    "sealed_message" "messages_open" GoesOn(MEANS);
    "sealed_message" "messages_open_by" GoesOn(MEANS);
    "sealed_message" "said_open" GoesOn(MEANS);
    "sealed_message" "said_reseal" GoesOn(MEANS);
    "turn" "draft_prepare" GoesOn(MEANS);
    "account" "account_compose" GoesOn(NEW);
    "account" "account_contact" GoesOn(MEANS);
    "account" "account_key" GoesOn(MEANS);
    "account" "account_open" GoesOn(MEANS);
    "account" "email_change_seal" GoesOn(MEANS);
    "account" "email_seal" GoesOn(MEANS);
    "account" "name_seal" GoesOn(MEANS);
    "account_copy" "account_archive" GoesOn(OWN);
    "account_copy" "account_copy" GoesOn(OWN);
    "account_request" "is_restricted" GoesOn("it asks whether there is a restriction");
    "account_request" "operated_request_extend" GoesOn(OWN);
    "account_request" "operated_request_meet" GoesOn(OWN);
    "account_request" "operated_request_refuse" GoesOn(OWN);
    "account_request" "operated_request_remind" GoesOn(OWN);
    "account_request" "operated_requests_list" GoesOn(OWN);
    "account_request" "own_request_make" GoesOn(OWN);
    "account_request" "objection_note" GoesOn(OWN);
    "account_request" "own_requests_list" GoesOn(OWN);
    "account_request" "own_restriction_lift" GoesOn(OWN);
    "deletion" "account_deletion_ask" GoesOn(OWN);
    "deletion" "account_deletion_cancel" GoesOn(OWN);
    "deletion" "deletion_blocks" GoesOn(OWN);
    "deletion" "deletion_carry_out" GoesOn(OWN);
    "deletion" "deletion_remind" GoesOn(OWN);
    "deletion" "deletions_read" GoesOn(OWN);
    "digest" "digests_send" PassesBy;
    "email" "email_change_apply" GoesOn(SIGNS_IN);
    "email" "email_change_ask" GoesOn(SIGNS_IN);
    "email" "email_change_confirm" GoesOn(SIGNS_IN);
    "email" "email_change_stop" GoesOn(SAFETY);
    "email" "email_change_stop_by_link" GoesOn(SAFETY);
    "passkey" "passkey_add" GoesOn(SIGNS_IN);
    "passkey" "passkey_offer" GoesOn(SIGNS_IN);
    "passkey" "passkey_remove" GoesOn(SIGNS_IN);
    "passkey" "passkeys_list" GoesOn(SIGNS_IN);
    "session" "account_change" GoesOn(SIGNS_IN);
    "session" "account_line" GoesOn("who did what in a business is kept for others' rights, and ends by its limit");
    "session" "businesses_of" GoesOn(MEANS);
    "session" "cookies_clear" GoesOn(ENDS);
    "session" "me_read" GoesOn(SIGNS_IN);
    "session" "preferences_change" GoesOn("a choice is recorded; nothing is counted while there is a restriction");
    "session" "session_begin" GoesOn(SIGNS_IN);
    "session" "session_is_operator" GoesOn(MEANS);
    "session" "session_open" GoesOn(SIGNS_IN);
    "session" "session_revoke" GoesOn(SAFETY);
    "session" "sessions_list" GoesOn(SIGNS_IN);
    "session" "use_count" PassesBy;
}

/// What a restriction does to an operation. `None` where the table does not know it.
pub fn under_restriction(file: &str, name: &str) -> Option<Under> {
    OPERATIONS
        .iter()
        .find(|(known, operation, _)| *known == file && *operation == name)
        .map(|(_, _, under)| *under)
}
