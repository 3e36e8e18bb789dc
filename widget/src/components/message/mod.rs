//! One message: who says it, what, and how it fares.

use shared::id::{DraftId, MessageId};
use shared::limits::MESSAGE_CHARACTERS;
use shared::privacy::Personal;
use shared::time::{Millis, SECOND_MS};
use shared::wire::file::Attachment;
use shared::wire::message::{Body, Message, Notice, Origin, People, Source};
use shared::wire::problem::Kind;

use crate::browser::{self, Element, add, attribute_set, draw, listen, make, words};
use crate::i18n::{self, Key, Style};
use crate::shell::App;
use crate::state::{Event, Form, Progress, Refusal, RowKey, State};
use shared::rules::markdown::{Block, Inline, blocks};

/// A row of the log.
pub fn drawn(app: App, row: RowKey) -> Element {
    match row {
        RowKey::Day(at, until) => {
            let (day, date) = (i18n::moment(at, Style::Date), i18n::moment(until, Style::Date));
            let element = make("p", "day");
            element
                .set_text_content(Some(&i18n::text_with(Key::DayUntil, &[("day", &day), ("date", &date)])));
            element
        }
        RowKey::Own(draft) => own(app, draft),
        RowKey::Message(id) => other(app, id),
    }
}

/// A bubble with words of somebody.
pub fn bubble(origin: Origin, said: &str, words: &[Block]) -> Element {
    let element = make("div", "message");
    attribute_set(&element, "data-origin", Some(origin.as_str()));
    add(&element, "span", "unseen", said);
    let bubble = add(&element, "div", "bubble", "");
    attribute_set(&bubble, "dir", Some("auto"));
    draw(&bubble, words);
    element
}

/// Says under a message of the visitor how it fares. A message that was accepted needs no words.
pub fn fate_set(app: App, draft: DraftId, element: &Element, progress: Option<&Progress>) {
    let old = element.last_element_child().filter(|last| last.class_list().contains("mark"));
    if let Some(old) = old {
        old.remove();
    }
    match progress {
        Some(Progress::Sending) => drop(add(element, "p", "mark", &i18n::text(Key::Sending))),
        Some(Progress::Failed(refusal)) => {
            let mark = add(element, "p", "mark failed", "");
            let told = add(&mark, "span", "", &refusal_text(refusal));
            if let (Some(Kind::RateLimited), wait_ms @ 1..) = (refusal.kind(), refusal.retry_after_ms()) {
                count_down(told, browser::now().plus_ms(wait_ms.into()));
            }
            // From a page that may not have the chat, every further try ends like this one.
            if refusal.kind() != Some(Kind::OriginRefused) {
                let retry = add(&mark, "button", "retry", &i18n::text(Key::Retry));
                listen(&retry, "click", move |_| app.dispatch(Event::RetryAsked(draft)));
            }
        }
        Some(Progress::Sent) | None => {}
    }
}

/// Counts the seconds that are left, until none is, or the words are gone.
fn count_down(told: Element, end: Millis) {
    browser::later(1_000, move || {
        let left_ms = end.since_ms(browser::now()).max(0) as u64;
        if told.is_connected() {
            // Read out once, when it came: a clock that is read out leaves no room for anything else.
            attribute_set(&told, "aria-live", Some("off"));
            let left = left_ms.div_ceil(SECOND_MS as u64) as u32;
            told.set_text_content(Some(&i18n::text_counted(Key::ProblemRate, left, &[])));
            if left > 0 {
                count_down(told, end);
            }
        }
    });
}

/// A message of the visitor, from the moment it is sent.
fn own(app: App, draft: DraftId) -> Element {
    let (text, files) = app.peek(|state| match (state.thread.draft(draft), state.thread.message_of(draft)) {
        (Some(draft), _) => (draft.text.expose().clone(), draft.files.clone()),
        (None, Some(Message { body: Body::Text { text, .. }, attachments, .. })) => {
            (text.expose().clone(), attachments.clone())
        }
        (None, _) => Default::default(),
    });
    let words = if text.is_empty() { Vec::new() } else { plain(&text) };
    let element = bubble(Origin::Visitor, &i18n::text(Key::SaidVisitor), &words);
    files_place(app, &element, files);
    element
}

/// A message of somebody else.
fn other(app: App, id: MessageId) -> Element {
    let Some(message) = app.peek(|state| state.thread.message(id).cloned()) else { return make("p", "") };
    let author = message.author.map_or_else(|| app.business_name(), Personal::into_exposed);
    let (text, sources) = match message.body {
        Body::Notice(notice) => {
            let element = make("p", "message notice");
            attribute_set(&element, "data-origin", Some("system"));
            notice_draw(app, &element, notice, &author, message.at);
            return element;
        }
        Body::Text { text, sources } => (text.into_exposed(), sources),
    };
    let (said, mark) = match message.origin {
        // Only the built-in answerer says nothing but the pages' own words; a model was shown them.
        Origin::Ai if message.ai.is_some_and(|ai| ai.provider == "builtin") => {
            (i18n::text(Key::SaidAi), app.text_named(Key::MarkAiPages))
        }
        Origin::Ai => (i18n::text(Key::SaidAi), i18n::text(Key::MarkAi)),
        _ => (i18n::text_with(Key::SaidBusiness, &[("business", &author)]), author),
    };
    let element = bubble(message.origin, &said, &blocks(&text));
    if let (Some(bubble), false) = (element.last_element_child(), sources.is_empty()) {
        chips(&bubble, sources);
    }
    files_place(app, &element, message.attachments);
    let line = add(&element, "p", "mark", "");
    // Each by itself, or a name in the other direction would pull the time along.
    add(&line, "bdi", "", &mark);
    words(&line, " · ");
    add(&line, "bdi", "", &i18n::moment(message.at, Style::Time));
    element
}

/// Makes places for files, which are filled as soon as the page holds them.
fn files_place(app: App, parent: &Element, files: Vec<Attachment>) {
    for file in &files {
        add(parent, "div", "files", "").set_id(&file.id.to_string());
    }
    if !files.is_empty() {
        app.show_files(files);
    }
}

/// What the answer rests on. An address that is not plain https is not followed.
fn chips(parent: &Element, sources: Vec<Source>) {
    let list = add(parent, "ul", "sources", "");
    attribute_set(&list, "aria-label", Some(&i18n::text(Key::Sources)));
    for source in sources {
        let address = source.url.filter(|address| address.starts_with("https://"));
        let tag = if address.is_some() { "a" } else { "span" };
        let chip = add(&add(&list, "li", "", ""), tag, "", &source.title);
        if let Some(address) = address {
            browser::link_set(&chip, &address);
        }
    }
}

/// The words of a person, as they are: no Markdown, no links.
fn plain(text: &str) -> Vec<Block> {
    let mut pieces = Vec::new();
    for line in text.split('\n') {
        if !pieces.is_empty() {
            pieces.push(Inline::Break);
        }
        pieces.push(Inline::Text(line.to_owned()));
    }
    vec![Block::Paragraph(pieces)]
}

/// What Loquet itself says: what happened, when people answer, and what the visitor can do meanwhile.
fn notice_draw(app: App, element: &Element, notice: Notice, author: &str, at: Millis) {
    let (text, people) = match notice {
        Notice::PersonRequested(people) => (i18n::text(Key::NoticePerson), Some(people)),
        Notice::CeilingReached(people) => (i18n::text(Key::NoticeCeiling), Some(people)),
        Notice::NothingFound(people) => (app.text_named(Key::NoticeNothing), Some(people)),
        Notice::QuestionAwaited => (app.text_named(Key::NoticeAwaited), None),
        Notice::AnswerFailed => (i18n::text(Key::NoticeFailed), None),
        Notice::AnswerCut => (i18n::text(Key::NoticeCut), None),
        Notice::HandedOver(people) => (i18n::text(Key::NoticeHanded), Some(people)),
        Notice::NobodyYet(people) => (i18n::text(Key::NoticeNobody), Some(people)),
        Notice::PersonJoined => (i18n::text_with(Key::NoticeJoined, &[("business", author)]), None),
        Notice::PersonLeft => (i18n::text(Key::NoticeLeft), None),
    };
    words(element, &text);
    let Some(people) = people else { return };
    let people = match people {
        People::Now => i18n::text(Key::PeopleNow),
        People::From(from) => {
            let time = i18n::moment_near(from, at, app.peek(State::zone_differs));
            i18n::text_with(Key::PeopleFrom, &[("time", &time)])
        }
        People::Unknown => i18n::text(Key::PeopleUnknown),
    };
    if matches!(notice, Notice::NothingFound(_)) {
        // There while a person can still be asked for; the stylesheet goes by the panel's mark.
        let ask = add(element, "span", "ask", &format!(" {} {people} ", i18n::text(Key::NoticeAsk)));
        let button = add(&ask, "button", "", &i18n::text(Key::Person));
        listen(&button, "click", move |_| app.dispatch(Event::PersonAsked));
    } else {
        // Nobody has to take it on trust that somebody looks: the business can be reached without this chat.
        words(element, &format!(" {people} {} ", app.text_named(Key::NoticeReach)));
        add(element, "bdi", "", &app.peek(|state| state.frame.business.contact.clone()));
        // There while the visitor has left none.
        let leave = add(element, "span", "leave", " ");
        let button = add(&leave, "button", "", &i18n::text(Key::AddressLeave));
        listen(&button, "click", move |_| app.dispatch(Event::FormAsked(Form::Address)));
    }
}

/// What happened, what was kept, and what to do.
fn refusal_text(refusal: &Refusal) -> String {
    let Refusal::Said { kind, reference, retry_after_s } = refusal else {
        return i18n::text(Key::ProblemOffline);
    };
    match (kind, retry_after_s) {
        (Kind::RateLimited, Some(seconds)) => i18n::text_counted(Key::ProblemRate, *seconds, &[]),
        (Kind::MessageTooLong | Kind::BodyTooLarge, _) => {
            i18n::text_with(Key::ProblemLong, &[("count", &i18n::number(MESSAGE_CHARACTERS as u32))])
        }
        (Kind::OriginRefused | Kind::TokenMissing | Kind::TokenExpired, _) => i18n::text(Key::ProblemRefused),
        (Kind::VisitorBlocked, _) => i18n::text(Key::ProblemBlocked),
        (Kind::ConversationRestricted, _) => i18n::text(Key::ProblemHeld), // keeps P6.4
        (Kind::NotFound | Kind::ConversationClosed, _) => i18n::text(Key::ProblemEnded),
        (Kind::RateLimited | Kind::Unavailable, _) => i18n::text(Key::ProblemUnavailable),
        _ if reference.is_empty() => i18n::text(Key::ProblemOurs),
        _ => {
            let reference = i18n::text_with(Key::Reference, &[("reference", reference)]);
            format!("{} {reference}.", i18n::text(Key::ProblemOurs))
        }
    }
}
