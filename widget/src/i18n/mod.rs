//! What the frame says, in the visitor's language: typed keys, a file a language, numbers and dates by `Intl`.
//!
//! The files are read by the browser's own JSON parser and stay objects of the browser: a parser and a map in WASM
//! would weigh more than all the words. `widget/locales/en.json` is the catalogue; the tests below compare the others.

use std::cell::RefCell;

use js_sys::{Array, Date, Intl, JSON, Number, Object, Reflect};
use shared::time::{HOUR_MS, Millis};
use wasm_bindgen::{JsCast, JsValue};

macro_rules! keys {
    ($($name:ident = $text:literal;)+) => {
        /// Every sentence that the program says. The document says a few more, by the same files.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Key { $(#[doc = $text] $name,)+ }

        impl Key {
            /// Every key, for the tests.
            #[cfg(test)]
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The name in the files.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }
        }
    };
}

keys! {
    Dialog = "dialog";
    Conversation = "conversation";
    Message = "message";
    Placeholder = "placeholder";
    PlaceholderClosed = "placeholder_closed";
    Send = "send";
    Close = "close";
    About = "about";
    Person = "person";
    Attach = "attach";
    Newer = "newer";
    PresenceAi = "presence_ai";
    PresenceAiPeople = "presence_ai_people";
    PresenceAiPeopleFrom = "presence_ai_people_from";
    PresencePeople = "presence_people";
    PresencePeopleFrom = "presence_people_from";
    PresenceHuman = "presence_human";
    PresencePerson = "presence_person";
    PresenceOver = "presence_over";
    PresenceClosed = "presence_closed";
    AiNote = "ai_note";
    DayUntil = "day_until";
    UntilNow = "until_now";
    SaidVisitor = "said_visitor";
    SaidAi = "said_ai";
    SaidBusiness = "said_business";
    MarkAi = "mark_ai";
    MarkAiPages = "mark_ai_pages";
    Sources = "sources";
    Sending = "sending";
    Retry = "retry";
    WritingAi = "writing_ai";
    WritingHuman = "writing_human";
    NoticePerson = "notice_person";
    NoticeReach = "notice_reach";
    NoticeCeiling = "notice_ceiling";
    NoticeFailed = "notice_failed";
    NoticeCut = "notice_cut";
    NoticeAwaited = "notice_awaited";
    NoticeHanded = "notice_handed";
    NoticeJoined = "notice_joined";
    NoticeLeft = "notice_left";
    NoticeNobody = "notice_nobody";
    AddressLeave = "address_leave";
    NoticeNothing = "notice_nothing";
    NoticeAsk = "notice_ask";
    PeopleNow = "people_now";
    PeopleFrom = "people_from";
    PeopleUnknown = "people_unknown";
    ProblemOffline = "problem_offline";
    ProblemRate = "problem_rate";
    ProblemLong = "problem_long";
    ProblemRefused = "problem_refused";
    ProblemBlocked = "problem_blocked";
    ProblemHeld = "problem_held";
    ProblemEnded = "problem_ended";
    ProblemUnavailable = "problem_unavailable";
    ProblemOurs = "problem_ours";
    Reference = "reference";
    LineOffline = "line_offline";
    LineBack = "line_back";
    LinePersonFirst = "line_person_first";
    LineMemoryOnly = "line_memory_only";
    LineEnded = "line_ended";
    LineRenewed = "line_renewed";
    LineFormFailed = "line_form_failed";
    LinePersonRefused = "line_person_refused";
    LineOver = "line_over";
    LineClosed = "line_closed";
    LineFilesAgain = "line_files_again";
    CharactersLeft = "characters_left";
    CharactersOver = "characters_over";
    Consent = "consent";
    ConsentKept = "consent_kept";
    Accept = "accept";
    Decline = "decline";
    More = "more";
    Less = "less";
    ConsentSignal = "consent_signal";
    ConsentFailed = "consent_failed";
    ConsentRecorded = "consent_recorded";
    ConsentAccepted = "consent_accepted";
    ConsentDeclined = "consent_declined";
    ConsentSilent = "consent_silent";
    ConsentChange = "consent_change";
    Back = "back";
    Who = "who";
    Contact = "contact";
    Officer = "officer";
    BusinessNotice = "notice";
    Until = "until";
    UntilSpan = "until_span";
    UntilAll = "until_all";
    Device = "device";
    DeviceNothing = "device_nothing";
    DeviceTab = "device_tab";
    Statistics = "statistics";
    Rights = "rights";
    CodeGet = "code_get";
    ConversationNew = "conversation_new";
    ConversationEnd = "conversation_end";
    EndAsk = "end_ask";
    EndConfirm = "end_confirm";
    Cancel = "cancel";
}

/// How a point in time is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// 21 Nov 2027
    Date,
    /// 8:00
    Time,
}

thread_local! {
    static WORDS: RefCell<JsValue> = const { RefCell::new(JsValue::UNDEFINED) };
    static LANGUAGE: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Takes the words of a language, as the browser read them, and the tag that `Intl` gets: the visitor's own region
/// where it fits the language.
pub fn words_set(words: JsValue, tag: String) {
    WORDS.set(words);
    LANGUAGE.set(tag);
}

/// The sentence as it stands in the file.
pub fn text(key: Key) -> String {
    WORDS.with_borrow(|words| property(words, key.as_str())).as_string().unwrap_or_default()
}

/// The sentence with its placeholders filled.
pub fn text_with(key: Key, values: &[(&str, &str)]) -> String {
    filled(text(key), values)
}

/// The sentence in the form that goes with a number, which fills `{count}`; other placeholders as well.
pub fn text_counted(key: Key, count: u32, values: &[(&str, &str)]) -> String {
    let forms = WORDS.with_borrow(|words| property(words, key.as_str()));
    let category = LANGUAGE.with_borrow(|tag| {
        Intl::PluralRules::new(&Array::of1(&tag.into()), &Object::new()).select(count.into())
    });
    // A sentence without forms reads alike for every number.
    let text =
        [forms.clone(), property(&forms, "other"), Reflect::get(&forms, &category).unwrap_or_default()]
            .iter()
            .rev()
            .find_map(JsValue::as_string);
    filled(filled(text.unwrap_or_default(), &[("count", &number(count))]), values)
}

/// A number as the language writes it.
pub fn number(value: u32) -> String {
    LANGUAGE.with_borrow(|tag| Number::from(value).to_locale_string(tag)).into()
}

/// A point in time as the language writes it, by the visitor's own clock.
pub fn moment(at: Millis, style: Style) -> String {
    written(
        at,
        match style {
            Style::Date => r#"{"dateStyle":"medium"}"#,
            Style::Time => r#"{"timeStyle":"short"}"#,
        },
    )
}

/// A point in time that is to come: the time alone where it is within half a day, with its weekday where it is later,
/// and with the name of the visitor's zone where others may count by another.
pub fn moment_near(at: Millis, now: Millis, zoned: bool) -> String {
    let day = if at.since_ms(now) < 12 * HOUR_MS { "" } else { r#""weekday":"short","# };
    let zone = if zoned { r#","timeZoneName":"short""# } else { "" };
    written(at, &format!(r#"{{{day}"hour":"numeric","minute":"2-digit"{zone}}}"#))
}

fn written(at: Millis, options: &str) -> String {
    let options = JSON::parse(options).unwrap_or_default();
    let date = Date::new(&JsValue::from_f64(at.as_i64() as f64));
    LANGUAGE.with_borrow(|tag| date.to_locale_string(tag, &options)).into()
}

fn filled(text: String, values: &[(&str, &str)]) -> String {
    values.iter().fold(text, |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}

fn property(object: &JsValue, name: &str) -> JsValue {
    if object.is_object() {
        Reflect::get(object.unchecked_ref(), &name.into()).unwrap_or_default()
    } else {
        JsValue::UNDEFINED
    }
}

#[cfg(test)]
mod tests;
