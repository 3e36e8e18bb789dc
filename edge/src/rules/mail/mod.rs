//! The letters that the house writes: each kind in each language, as HTML and as text that says the same.
//!
//! Nothing here is kept. A letter is put together when it is sent, from what the database says then.

mod clean;
mod de;
mod en;
mod es;
mod fr;
mod page;
pub mod retry;
pub mod suppression;
#[cfg(test)]
mod tests;
mod words;

use shared::privacy::Personal;
use shared::time::Millis;
use shared::wire::privacy::RequestKind;

pub use words::LANGUAGES;
use words::{LetterWords, Words};

/// Where a letter leads to in the dashboard.
const HOME: &str = "/app/";
const SECURITY: &str = "/app/#/settings/security";
const TOKENS: &str = "/app/#/settings/tokens";
const TEAM: &str = "/app/#/settings/team";
const PROFILE: &str = "/app/#/settings/profile";
const REQUESTS: &str = "/app/#/settings/requests";
const OPERATOR: &str = "/app/#/operator";
const NOTICE: &str = "/privacy/platform";
const RECEIPTS: &str = "/privacy/receipts";
const READY: &str = "/readyz";

/// What a letter says, resolved: everything in it is about a person, so it has no `Debug`.
pub enum Letter {
    /// The code that signs somebody in.
    SignInCode {
        /// Six digits.
        code: String,
        /// How long it works.
        minutes: i64,
    },
    /// The code that opens an account.
    SignUpCode {
        /// Six digits.
        code: String,
        /// How long it works.
        minutes: i64,
    },
    /// The code that signs in to the account that somebody wanted to open once more.
    AlreadySignedUp {
        /// Six digits.
        code: String,
        /// How long it works.
        minutes: i64,
    },
    /// The code that proves a new address of an account.
    EmailChangeCode {
        /// Six digits.
        code: String,
        /// How long it works.
        minutes: i64,
    },
    /// An invitation to a team.
    Invitation {
        /// The business.
        business: String,
        /// Who invites.
        inviter: String,
        /// `admin`, `manager` or `viewer`.
        role: String,
        /// The whole address that accepts it; the secret stands in the fragment.
        link: String,
        /// When it stops opening anything.
        until: Millis,
    },
    /// Somebody signed in on a device that was not seen before.
    NewDevice {
        /// The device, without a place: "Firefox on Windows".
        device: String,
        /// When.
        at: Millis,
    },
    /// A passkey was added.
    NewPasskey {
        /// The device that it was made on.
        device: String,
        /// When.
        at: Millis,
    },
    /// An API token was made.
    NewToken {
        /// What its maker calls it.
        name: String,
        /// The business that it opens.
        business: String,
        /// When.
        at: Millis,
    },
    /// The account will have another address; this goes to the one that it still has.
    EmailChanging {
        /// The whole address that stops the change; the secret stands in the fragment.
        link: String,
        /// When it takes effect.
        until: Millis,
    },
    /// The account has another address; this goes to that one.
    EmailChanged {
        /// When.
        at: Millis,
    },
    /// A job of the deployment is late or fails; this goes to whoever runs it.
    JobAlarm {
        /// The names of the jobs.
        jobs: String,
    },
    /// A business has another owner.
    OwnershipTransferred {
        /// The business.
        business: String,
        /// When.
        at: Millis,
    },
    /// A visitor left an address: the link proves it.
    VisitorAddress {
        /// The business in whose chat.
        business: String,
        /// The whole address that confirms; the secret stands in the fragment.
        link: String,
        /// When it stops working.
        until: Millis,
    },
    /// A reply to a visitor who has left. What it says stays in the conversation.
    VisitorReply {
        /// The business.
        business: String,
        /// Who answered.
        author: String,
        /// The whole address that opens the conversation; the secret stands in the fragment.
        link: String,
        /// When it stops working.
        until: Millis,
    },
    /// The way from a mailbox to the privacy page of a conversation (promise B9).
    VisitorCode {
        /// The business.
        business: String,
        /// The code, in groups.
        code: String,
        /// The whole address that opens the page; the code stands in the fragment.
        link: String,
        /// When it stops working.
        until: Millis,
    },
    /// The code to come back with.
    VisitorResume {
        /// The business.
        business: String,
        /// The code, in groups.
        code: String,
        /// Where it is entered.
        link: String,
        /// When it stops working.
        until: Millis,
    },
    /// What waits in an inbox, for a member who asked to be told.
    InboxDigest {
        /// The business.
        business: String,
        /// Open conversations; "100+" where there are more.
        count: String,
        /// How often they were mentioned.
        mentions: String,
        /// Where the inbox is: a path below the dashboard's origin.
        path: String,
    },
    /// A person's request about their data is due soon.
    RequestDue {
        /// The business that must answer it.
        business: String,
        /// What is asked for.
        kind: RequestKind,
        /// Days that are left.
        days: i64,
        /// When it must be answered.
        until: Millis,
    },
    /// A request of somebody who signs in is due soon; this goes to whoever runs the deployment.
    OwnRequestDue {
        /// Days that are left.
        days: i64,
        /// When it must be answered.
        until: Millis,
    },
    /// A request of the reader about their own data was answered, or takes longer (GDPR Art. 12(3) and (4)). What was decided
    /// is not in the letter: it stands on the page behind the sign-in.
    OwnRequestAnswered {
        /// When it was asked.
        at: Millis,
    },
    /// The deletion of an account or a business was asked for.
    DeletionAsked {
        /// The business; `None` where it is the reader's account.
        business: Option<String>,
        /// When it was asked for.
        at: Millis,
        /// When it happens.
        until: Millis,
    },
    /// A deletion is near.
    DeletionSoon {
        /// The business; `None` where it is the reader's account.
        business: Option<String>,
        /// Days that are left.
        days: i64,
        /// When it happens.
        until: Millis,
    },
    /// A deletion has begun, and nothing stops it any more.
    DeletionDone {
        /// The business; `None` where it is the reader's account.
        business: Option<String>,
        /// When.
        at: Millis,
        /// What to name when asking about it.
        receipt: String,
    },
    /// A deletion was carried out and looked at again: its signed receipt (promise B5).
    DeletionReceipt {
        /// The business; `None` where it was the reader's account.
        business: Option<String>,
        /// The erasure's id.
        erasure: String,
        /// What shows that the receipt is its reader's.
        nonce: String,
        /// The signed document.
        receipt: String,
    },
    /// The reader's account was not deleted.
    DeletionKept {
        /// The businesses that keep it, and who belongs to them.
        others: String,
    },
    /// A sub-processor comes, or goes on on other terms (promises P5.7, P11).
    ProcessorComing {
        /// The companies.
        names: String,
        /// From when on it may be handed something.
        until: Millis,
    },
    /// The notice changes (promise P11).
    NoticeChanging {
        /// When.
        until: Millis,
    },
}

/// Who reads it.
pub struct Reader<'a> {
    /// The language of their dashboard; one that there are no words in becomes English.
    pub language: &'a str,
    /// Their name. `None` where nobody proved that the address is theirs: a name typed by a stranger is no greeting.
    pub name: Option<&'a str>,
}

/// Who writes it.
pub struct House<'a> {
    /// The origin where the dashboard is.
    pub origin: &'a str,
    /// Where somebody who is worried can write to.
    pub contact: &'a str,
}

/// A letter, ready to be sent.
#[derive(Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The subject: one line, without control characters.
    pub subject: Personal<String>,
    /// The text.
    pub text: Personal<String>,
    /// The same as HTML.
    pub html: Personal<String>,
}

/// What stands out in the middle of a letter.
enum Heart {
    Code(String),
    Link(String),
}

/// Writes a letter.
pub fn letter_render(letter: &Letter, reader: &Reader<'_>, house: &House<'_>) -> Rendered {
    let words = words::words(reader.language);
    let (kind, heart, values) = parts(letter, words, house);
    let fill = |template: &str| filled(template, &values);
    let greeting = match reader.name.map(clean::name_clean).filter(|name| !name.is_empty()) {
        Some(name) => filled(words.hello, &[("name", name)]),
        None => words.hello_nobody.to_owned(),
    };
    let subject = fill(kind.subject);
    let foot = match letter {
        Letter::VisitorAddress { .. }
        | Letter::VisitorReply { .. }
        | Letter::VisitorCode { .. }
        | Letter::VisitorResume { .. } => words.foot_visitor,
        _ => words.foot,
    };
    let host = ("host", host(house.origin).to_owned());
    let foot = filled(foot, &values.iter().cloned().chain([host]).collect::<Vec<_>>());
    let sheet = page::Sheet {
        language: words.language,
        subject: &subject,
        greeting: &greeting,
        lead: &fill(kind.lead),
        heart: &heart,
        act: kind.act,
        after: &kind.after.iter().map(|line| fill(line)).collect::<Vec<_>>(),
        document: match letter {
            Letter::DeletionReceipt { receipt, .. } => Some(receipt),
            _ => None,
        },
        foot: &foot,
    };
    Rendered {
        text: Personal::new(page::text(&sheet)),
        html: Personal::new(page::html(&sheet)),
        subject: Personal::new(subject),
    }
}

type Values = Vec<(&'static str, String)>;

/// The words of a letter's kind, what stands out in it, and what fills its gaps.
fn parts<'a>(letter: &Letter, words: &'a Words, house: &House<'_>) -> (&'a LetterWords, Heart, Values) {
    let at = |at: &Millis| ("at", words.moment(*at));
    let name = |key: &'static str, name: &str| (key, clean::name_clean(name));
    let contact = || ("contact", house.contact.to_owned());
    let code = |code: &str, minutes: &i64| {
        let values = vec![("code", code.to_owned()), ("minutes", minutes.to_string())];
        (Heart::Code(code.to_owned()), values)
    };
    let link = |path: &str| Heart::Link(format!("{}{path}", house.origin));
    match letter {
        Letter::SignInCode { code: digits, minutes } => {
            let (heart, values) = code(digits, minutes);
            (&words.sign_in_code, heart, values)
        }
        Letter::SignUpCode { code: digits, minutes } => {
            let (heart, values) = code(digits, minutes);
            (&words.sign_up_code, heart, values)
        }
        Letter::AlreadySignedUp { code: digits, minutes } => {
            let (heart, values) = code(digits, minutes);
            (&words.already_signed_up, heart, values)
        }
        Letter::EmailChangeCode { code: digits, minutes } => {
            let (heart, values) = code(digits, minutes);
            (&words.email_change_code, heart, values)
        }
        Letter::Invitation { business, inviter, role, link, until } => (
            &words.invitation,
            Heart::Link(link.clone()),
            vec![
                name("business", business),
                name("inviter", inviter),
                ("role", words.role(role).to_owned()),
                ("until", words.moment(*until)),
            ],
        ),
        Letter::NewDevice { device, at: when } => {
            (&words.new_device, link(SECURITY), vec![name("device", device), at(when), contact()])
        }
        Letter::NewPasskey { device, at: when } => {
            (&words.new_passkey, link(SECURITY), vec![name("device", device), at(when), contact()])
        }
        Letter::NewToken { name: token, business, at: when } => (
            &words.new_token,
            link(TOKENS),
            vec![name("token", token), name("business", business), at(when), contact()],
        ),
        Letter::EmailChanging { link, until } => (
            &words.email_changing,
            Heart::Link(link.clone()),
            vec![("until", words.moment(*until)), contact()],
        ),
        Letter::EmailChanged { at: when } => (&words.email_changed, link(HOME), vec![at(when), contact()]),
        Letter::JobAlarm { jobs } => (&words.job_alarm, link(READY), vec![("jobs", jobs.clone())]),
        Letter::OwnershipTransferred { business, at: when } => {
            (&words.ownership_transferred, link(TEAM), vec![name("business", business), at(when), contact()])
        }
        Letter::VisitorAddress { business, link, until } => (
            &words.visitor_address,
            Heart::Link(link.clone()),
            vec![name("business", business), ("until", words.moment(*until))],
        ),
        Letter::VisitorReply { business, author, link, until } => (
            &words.visitor_reply,
            Heart::Link(link.clone()),
            vec![name("business", business), name("author", author), ("until", words.moment(*until))],
        ),
        Letter::VisitorCode { business, code, link, until } => (
            &words.visitor_code,
            Heart::Link(link.clone()),
            vec![name("business", business), ("code", code.clone()), ("until", words.moment(*until))],
        ),
        Letter::VisitorResume { business, code, link, until } => (
            &words.visitor_resume,
            Heart::Link(link.clone()),
            vec![name("business", business), ("code", code.clone()), ("until", words.moment(*until))],
        ),
        Letter::InboxDigest { business, count, mentions, path } => (
            &words.inbox_digest,
            link(path),
            vec![name("business", business), ("count", count.clone()), ("mentions", mentions.clone())],
        ),
        Letter::RequestDue { business, kind, days, until } => (
            &words.request_due,
            link(REQUESTS),
            vec![
                name("business", business),
                ("kind", words.right(*kind).to_owned()),
                ("days", days.to_string()),
                ("until", words.moment(*until)),
            ],
        ),
        Letter::OwnRequestDue { days, until } => (
            &words.own_request_due,
            link(OPERATOR),
            vec![("days", days.to_string()), ("until", words.moment(*until))],
        ),
        Letter::OwnRequestAnswered { at: when } => {
            (&words.own_request_answered, link(PROFILE), vec![at(when), contact()])
        }
        Letter::DeletionAsked { business, at: when, until } => (
            &words.deletion_asked,
            link(PROFILE),
            vec![subject(words, business), at(when), ("until", words.moment(*until)), contact()],
        ),
        Letter::DeletionSoon { business, days, until } => (
            &words.deletion_soon,
            link(PROFILE),
            vec![subject(words, business), ("days", days.to_string()), ("until", words.moment(*until))],
        ),
        Letter::DeletionDone { business, at: when, receipt } => (
            &words.deletion_done,
            link(HOME),
            vec![subject(words, business), at(when), ("receipt", receipt.clone()), contact()],
        ),
        Letter::DeletionReceipt { business, erasure, nonce, .. } => (
            &words.deletion_receipt,
            link(RECEIPTS),
            vec![subject(words, business), ("erasure", erasure.clone()), ("nonce", nonce.clone())],
        ),
        Letter::DeletionKept { others } => {
            (&words.deletion_kept, link(TEAM), vec![name("others", others), contact()])
        }
        Letter::ProcessorComing { names, until } => (
            &words.processor_coming,
            link(NOTICE),
            vec![name("names", names), ("until", words.moment(*until)), contact()],
        ),
        Letter::NoticeChanging { until } => {
            (&words.notice_changing, link(NOTICE), vec![("until", words.moment(*until)), contact()])
        }
    }
}

/// What is deleted: a business by its name, or the reader's own account.
fn subject(words: &Words, business: &Option<String>) -> (&'static str, String) {
    let named = business.as_deref().map(clean::name_clean);
    ("subject", named.unwrap_or_else(|| words.account.to_owned()))
}

/// Fills `{gaps}`. What is filled in is never read again, so a name can't bring a gap of its own.
fn filled(template: &str, values: &[(&str, String)]) -> String {
    let mut text = String::with_capacity(template.len().saturating_add(32));
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let gap = after.split_once('}');
        match gap.and_then(|(name, behind)| {
            let (_, value) = values.iter().find(|(key, _)| *key == name)?;
            Some((value, behind))
        }) {
            Some((value, behind)) => {
                text.push_str(value);
                rest = behind;
            }
            None => {
                text.push('{');
                rest = after;
            }
        }
    }
    text.push_str(rest);
    text
}

fn host(origin: &str) -> &str {
    origin.split_once("://").map_or(origin, |(_, host)| host)
}
