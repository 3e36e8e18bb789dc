//! Every operation that processes a person, and what a restriction does to it (GDPR Art. 18, promise P6.4). A test reads
//! the operations themselves and fails for one that does not stand here.

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
const NEW: &str = "it makes something new, which nobody has restricted";

operations! {
    "consent" "consent_record" GoesOn("a choice is recorded as proof; a person may always say no");
    "conversation" "conversation_open" GoesOn(NEW);
    "conversation" "person_request" Refused;
    "copy" "archive_write" GoesOn(OWN);
    "copy" "copy_read" GoesOn(OWN);
    "copy" "held_read" GoesOn(OWN);
    "erasure" "conversation_erase" GoesOn("erasure at the person's own request, or at the end of a limit, which waits");
    "erasure" "room_empty" GoesOn("it ends processing");
    "message" "message_list" GoesOn(READS);
    "message" "message_send" Refused;
    "privacy_code" "hand_over_make" GoesOn(OWN);
    "privacy_code" "resume_make" GoesOn(OWN);
    "right" "request_make" GoesOn(OWN);
    "right" "restriction_holds" GoesOn("it asks whether there is a restriction");
    "right" "restriction_lift" GoesOn(OWN);
    "turn" "turn_begin" PassesBy;
    "turn" "turn_find" GoesOn("it looks how the thread stands, without its words");
    "turn" "turn_give_up" Refused;
    "turn" "turn_run" Refused;
    "visitor" "token_open" GoesOn(READS);
    "visitor" "token_revoke" GoesOn("the person closes a door");
    "visitor" "visitor_open" GoesOn("nothing is kept or looked up");
}

/// What a restriction does to an operation. `None` where the table does not know it.
pub fn under_restriction(file: &str, name: &str) -> Option<Under> {
    OPERATIONS
        .iter()
        .find(|(known, operation, _)| *known == file && *operation == name)
        .map(|(_, _, under)| *under)
}
