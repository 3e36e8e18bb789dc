//! The promises, each by its id: a test here fails if the software stops keeping one.

#[path = "policy/account_rights.rs"]
mod account_rights;
#[path = "policy/accounts.rs"]
mod accounts;
#[path = "policy/canaries.rs"]
mod canaries;
#[path = "policy/classes.rs"]
mod classes;
#[path = "policy/confirmations.rs"]
mod confirmations;
#[path = "policy/consents.rs"]
mod consents;
#[path = "policy/copies.rs"]
mod copies;
#[path = "policy/deletions.rs"]
mod deletions;
#[path = "policy/erasure.rs"]
mod erasure;
#[path = "policy/held_still.rs"]
mod held_still;
#[path = "policy/holds.rs"]
mod holds;
#[path = "policy/jobs.rs"]
mod jobs;
#[path = "policy/late.rs"]
mod late;
#[path = "policy/leaving.rs"]
mod leaving;
#[path = "policy/long_replays.rs"]
mod long_replays;
#[path = "policy/mailed_codes.rs"]
mod mailed_codes;
#[path = "policy/meanwhile.rs"]
mod meanwhile;
#[path = "policy/notices.rs"]
mod notices;
#[path = "policy/numbers.rs"]
mod numbers;
#[path = "policy/objections.rs"]
mod objections;
#[path = "policy/pages.rs"]
mod pages;
#[path = "policy/places.rs"]
mod places;
#[path = "policy/promises.rs"]
mod promises;
#[path = "policy/proofs.rs"]
mod proofs;
#[path = "policy/receipts.rs"]
mod receipts;
#[path = "policy/replays.rs"]
mod replays;
#[path = "policy/requests.rs"]
mod requests;
#[path = "policy/restored.rs"]
mod restored;
#[path = "policy/resumed.rs"]
mod resumed;
#[path = "policy/retention.rs"]
mod retention;
#[path = "policy/rights.rs"]
mod rights;
#[path = "policy/sealed_columns.rs"]
mod sealed_columns;
#[path = "policy/stops.rs"]
mod stops;
#[path = "policy/sub_processors.rs"]
mod sub_processors;
#[path = "policy/traces.rs"]
mod traces;
#[path = "policy/uploads.rs"]
mod uploads;
