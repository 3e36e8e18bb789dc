//! Requests and answers of `/v1/privacy`: a visitor's rights, without an account. JSON over HTTPS, bearer tokens, no
//! cookies. The token is the conversation's own; a code gets one.
//!
//! | call | token | request | answer |
//! |---|---|---|---|
//! | `POST /v1/privacy/conversations/{id}/codes` | conversation | | `HandOver` |
//! | `POST /v1/privacy/conversations/{id}/resume` | conversation | | `ResumeCode` |
//! | `POST /v1/privacy/conversations/{id}/resume/mail` | conversation | | 204; the code goes to the confirmed address |
//! | `POST /v1/privacy/sites/{site}/codes` | none | `AskCode` | 204, known or not |
//! | `POST /v1/privacy/sites/{site}/open` | none | `OpenByCode` | `OpenedByCode` |
//! | `POST /v1/privacy/sites/{site}/reports` | none | `ReportChild` | 204 |
//! | `GET /v1/privacy/conversations/{id}` | conversation | | `Held` |
//! | `GET /v1/privacy/conversations/{id}/copy?after=0` | conversation | | `Copy` |
//! | `GET /v1/privacy/conversations/{id}/archive` | conversation | | a ZIP |
//! | `POST /v1/privacy/conversations/{id}/requests` | conversation | `MakeRequest` | `MadeRequest` |
//! | `DELETE /v1/privacy/conversations/{id}/restriction` | conversation | | 204 |

use serde::{Deserialize, Serialize};

use crate::id::{ConsentId, ConversationId, ErasureId, MessageId, RectificationId, RequestId, SiteId};
use crate::privacy::{Personal, Secret};
use crate::time::Millis;
use crate::wire::consent::{Choice, Way};
use crate::wire::message::{Body, Message};

/// The schema of a copy, as `docs/export-schema.md` describes it. A field may be added; nothing is renamed or removed
/// without a new name here.
pub const COPY_SCHEMA: &str = "loquet-export-1";

macro_rules! words {
    ($(#[doc = $about:literal])+ $name:ident { $($(#[doc = $doc:literal])+ $variant:ident = $text:literal;)+ }) => {
        $(#[doc = $about])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
        pub enum $name {
            $($(#[doc = $doc])+ #[serde(rename = $text)] $variant,)+
        }

        impl $name {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The lower-case name, as it is kept.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }
        }
    };
}
pub(crate) use words;

words! {
    /// What somebody asks for.
    RequestKind {
        /// A copy of what is held.
        Access = "access";
        /// Correcting what is wrong.
        Rectification = "rectification";
        /// Erasing it.
        Erasure = "erasure";
        /// Keeping it, and doing nothing with it.
        Restriction = "restriction";
        /// Taking it along.
        Portability = "portability";
        /// No further use for a purpose.
        Objection = "objection";
        /// A report that a child's data is held (promise P10).
        Child = "child";
    }
}

words! {
    /// How a request came.
    RequestWay {
        /// On the privacy page, by the person.
        Page = "page";
        /// By e-mail.
        Mail = "mail";
        /// By phone.
        Phone = "phone";
        /// By letter.
        Letter = "letter";
        /// In person.
        Desk = "desk";
    }
}

words! {
    /// Where a request stands.
    RequestState {
        /// It waits for an answer.
        Open = "open";
        /// It was met.
        Met = "met";
        /// It was refused, with a reason.
        Refused = "refused";
    }
}

words! {
    /// Why a request takes longer (GDPR Art. 12(3)).
    ExtensionReason {
        /// It is complex.
        Complex = "complex";
        /// There are many at once.
        Many = "many";
    }
}

words! {
    /// Why a request is refused.
    RefusalReason {
        /// Nobody could tell whose data is meant (Art. 11, 12(2)).
        NotIdentified = "not_identified";
        /// It is manifestly unfounded (Art. 12(5)).
        Unfounded = "unfounded";
        /// It repeats another one without cause (Art. 12(5)).
        Excessive = "excessive";
        /// A law demands that the data is kept (Art. 17(3)).
        LegalDuty = "legal_duty";
        /// It is needed for a legal claim (Art. 17(3)(e), 21(1)).
        LegalClaim = "legal_claim";
        /// It would harm the rights of others (Art. 15(4)).
        OthersRights = "others_rights";
    }
}

words! {
    /// What can be objected to: processing that rests on a legitimate interest, or that was agreed to.
    ObjectionPurpose {
        /// Being counted in statistics.
        Statistics = "statistics";
        /// Keeping the IP address against abuse.
        Address = "address";
        /// Being written to afterwards.
        FollowUp = "follow_up";
        /// Being scored.
        Scoring = "scoring";
    }
}

/// The way from the chat to its privacy centre: good once, for two minutes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct HandOver {
    /// Where to go, the code in its fragment, which reaches no server.
    pub path: Secret<String>,
    /// When it stops opening anything.
    pub expires_at: Millis,
}

/// The way back into a conversation without a cookie. It is shown this once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ResumeCode {
    /// 128 random bits, in groups that can be read out.
    pub code: Secret<String>,
    /// Until when it opens the conversation.
    pub until: Millis,
}

/// Proves a conversation by a code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct OpenByCode {
    /// From the fragment, or as it was typed: spaces, dashes and case mean nothing.
    pub code: Secret<String>,
}

/// What a code opens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct OpenedByCode {
    /// The conversation.
    pub conversation: ConversationId,
    /// Opens it, for 12 hours after its last use.
    pub token: Secret<String>,
}

/// Asks for a code to an address that was confirmed in the chat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct AskCode {
    /// The address.
    pub email: Personal<String>,
}

/// Reports that a child's data is held here (promise P10). It needs no proof; a person looks at it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ReportChild {
    /// How to find it: what was written, when, under which name.
    pub words: Personal<String>,
}

/// The authority that somebody may complain to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Authority {
    /// Its name.
    pub name: String,
    /// Where it is reached.
    pub url: String,
}

/// A request, as whoever made it sees it, and as the business does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Request {
    /// The request.
    pub id: RequestId,
    /// What is asked for.
    pub kind: RequestKind,
    /// How it came.
    pub way: RequestWay,
    /// Where it stands.
    pub state: RequestState,
    /// The purpose that is objected to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<ObjectionPurpose>,
    /// The conversation that it is about, where one was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<ConversationId>,
    /// When the person asked.
    pub asked_at: Millis,
    /// When it must be answered.
    pub due_at: Millis,
    /// Days that are left; negative where it is late.
    pub days_left: i64,
    /// Why it takes longer than thirty days, where it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension: Option<ExtensionReason>,
    /// When it was met or refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settled_at: Option<Millis>,
    /// Why it was refused, where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<RefusalReason>,
    /// Where to complain about a refusal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authority: Option<Authority>,
    /// The erasure that met it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub erasure: Option<ErasureId>,
    /// What the person said about it; absent where nothing was said, and once its key is destroyed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<Personal<String>>,
}

/// Makes a request. What a machine can do is done at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct MakeRequest {
    /// What is asked for.
    pub kind: RequestKind,
    /// A message of one's own that is to say `words` instead: such a correction is made at once.
    #[serde(default)]
    pub message: Option<MessageId>,
    /// What should be done, in the person's own words, or the corrected words of `message`.
    #[serde(default)]
    pub words: Option<Personal<String>>,
    /// What is objected to.
    #[serde(default)]
    pub purpose: Option<ObjectionPurpose>,
}

/// A request that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct MadeRequest {
    /// As it stands now.
    pub request: Request,
    /// Opens the receipt of the erasure that it began; kept nowhere, so it is told this once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<ReceiptOpener>,
}

/// What opens a receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ReceiptOpener {
    /// The erasure.
    pub erasure: ErasureId,
    /// The holder's only key to its receipt.
    pub nonce: Secret<String>,
}

/// How many messages there are, and when they go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct HeldMessages {
    /// How many.
    pub count: u32,
    /// When the oldest goes.
    #[serde(default)]
    pub first_until: Option<Millis>,
    /// When the newest goes.
    #[serde(default)]
    pub last_until: Option<Millis>,
}

/// What is held about somebody, in short: what the privacy page shows first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Held {
    /// The conversation.
    pub conversation: ConversationId,
    /// When it began.
    pub began_at: Millis,
    /// Messages of everybody in it.
    pub messages: HeldMessages,
    /// Files of everybody in it; each goes with its message.
    #[serde(default)]
    pub files: u32,
    /// Until when the IP address is kept; absent where none is.
    #[serde(default)]
    pub address_until: Option<Millis>,
    /// The language that was chosen.
    pub language: String,
    /// The kind of browser.
    pub browser: Personal<String>,
    /// What the business calls the visitor, who signed in at its own site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<Personal<String>>,
    /// The path of the page that the conversation began on, where the business keeps that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<Personal<String>>,
    /// Until when language, browser, that name and that path are kept.
    pub about_until: Millis,
    /// What was chosen about statistics; absent where nothing was.
    #[serde(default)]
    pub statistics: Option<Choice>,
    /// Since when it is held still; absent where it is not.
    #[serde(default)]
    pub restricted_at: Option<Millis>,
    /// What was objected to.
    pub objections: Vec<ObjectionPurpose>,
    /// The e-mail address that was left and confirmed, where codes can go; absent where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Personal<String>>,
    /// Until when a code leads back; absent where none was asked for.
    #[serde(default)]
    pub resume_until: Option<Millis>,
    /// What was asked for, newest first.
    pub requests: Vec<Request>,
}

/// Who holds the data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Controller {
    /// Legal entity and place.
    pub name: String,
    /// How to reach it.
    pub contact: String,
    /// Its data protection officer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub officer: Option<String>,
    /// The site.
    pub site: SiteId,
}

/// The IP address, while it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct CopyAddress {
    /// The address.
    pub address: Personal<String>,
    /// When it was seen.
    pub seen_at: Millis,
    /// When it goes.
    pub until: Millis,
}

/// An e-mail address that was left for an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct CopyContact {
    /// The address.
    pub email: Personal<String>,
    /// When it was left.
    pub left_at: Millis,
    /// When a link proved it.
    #[serde(default)]
    pub confirmed_at: Option<Millis>,
}

/// A choice, as the ledger has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct CopyConsent {
    /// The choice.
    pub id: ConsentId,
    /// What for.
    pub purpose: String,
    /// What was chosen.
    pub choice: Choice,
    /// How.
    pub way: Way,
    /// The edition of the words.
    pub version: u32,
    /// SHA-256 of the exact words.
    pub text_hash: String,
    /// The language they were shown in.
    pub locale: String,
    /// When.
    pub at: Millis,
}

/// An objection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct CopyObjection {
    /// Against what.
    pub purpose: ObjectionPurpose,
    /// Since when.
    pub at: Millis,
}

/// How content somebody said they were.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct CopySatisfaction {
    /// 1 to 5.
    pub score: u8,
    /// In their own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<Personal<String>>,
    /// When.
    pub at: Millis,
    /// When the words go; the score goes with the conversation.
    pub until: Millis,
}

/// What stood in a message before it was corrected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct CopyCorrection {
    /// The correction.
    pub id: RectificationId,
    /// The message.
    pub message: MessageId,
    /// When it was corrected.
    pub at: Millis,
    /// What stood there before.
    pub before: Body,
}

/// What colleagues wrote to each other about the person. Who wrote it is not told: that is the colleague's (Art. 15(4)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct CopyNote {
    /// The words; a colleague who is called in them stands as `@…`.
    pub text: Personal<String>,
    /// When it was written.
    pub at: Millis,
    /// When it goes.
    pub until: Millis,
}

/// How the business sorted the conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct CopyMarks {
    /// `ai`, `requested`, `human` or `closed`.
    pub state: String,
    /// How urgent it is called: 0 is low, 3 is urgent.
    pub priority: u8,
    /// It is called unwanted.
    pub is_spam: bool,
    /// The person may not write any more.
    pub is_blocked: bool,
    /// When a person was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requested_at: Option<Millis>,
    /// When it was closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Millis>,
    /// When the person's client was last there.
    pub present_at: Millis,
    /// The last message that was before their eyes.
    pub seen_sequence: u32,
}

/// What is counted of the conversation while it lives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct CopyNumbers {
    /// The UTC day that it counts for.
    pub day: i64,
    /// It is in the statistics.
    pub is_counted: bool,
    /// A machine answered.
    pub by_ai: bool,
    /// It was handed to a person.
    pub handed_over: bool,
    /// A question found no answer.
    pub has_unanswered: bool,
    /// How long the first answer took.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer_ms: Option<i64>,
    /// How long a person's first answer took.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person_ms: Option<i64>,
    /// The score that was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<u8>,
}

/// What a machine used to answer, by day and model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct CopyAiUse {
    /// The UTC day.
    pub day: i64,
    /// The provider.
    pub provider: String,
    /// The model.
    pub model: String,
    /// Answers.
    pub calls: u32,
    /// Tokens that were read.
    pub tokens_in: u32,
    /// Tokens that were written.
    pub tokens_out: u32,
}

/// A token or code that opens the conversation. What it is stands nowhere; that it is, does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct CopyKey {
    /// `token`, `hand_over`, `mailed` or `resume`.
    pub kind: String,
    /// When it was made.
    pub created_at: Millis,
    /// When it stops opening anything.
    pub until: Millis,
}

/// A copy of everything that is held about somebody, as `docs/export-schema.md` describes it. Messages come in pages of
/// 100; everything else stands in the first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Copy {
    /// [`COPY_SCHEMA`].
    pub schema: String,
    /// When it was made.
    pub made_at: Millis,
    /// Who holds the data.
    pub controller: Controller,
    /// In short.
    pub held: Held,
    /// The IP address, while it is kept.
    #[serde(default)]
    pub address: Option<CopyAddress>,
    /// The e-mail address that was left for an answer.
    #[serde(default)]
    pub contact: Option<CopyContact>,
    /// Every choice.
    pub consents: Vec<CopyConsent>,
    /// Every objection.
    pub objections: Vec<CopyObjection>,
    /// What corrected messages said before.
    pub corrections: Vec<CopyCorrection>,
    /// How content they said they were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub satisfaction: Option<CopySatisfaction>,
    /// What opens the conversation.
    pub keys: Vec<CopyKey>,
    /// What colleagues wrote to each other about the person.
    #[serde(default)]
    pub notes: Vec<CopyNote>,
    /// The names of the labels that the conversation carries.
    #[serde(default)]
    pub labels: Vec<String>,
    /// How the business sorted it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marks: Option<CopyMarks>,
    /// What is counted of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub numbers: Option<CopyNumbers>,
    /// What a machine used to answer.
    #[serde(default)]
    pub ai_use: Vec<CopyAiUse>,
    /// Messages, oldest first.
    pub messages: Vec<Message>,
    /// There are more: ask again from the last one's sequence.
    pub more: bool,
}
