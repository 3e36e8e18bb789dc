//! What the page of the numbers knows: which period of which site it shows, and what visitors said, once it is asked for.

use shared::id::{RequestId, SiteId};
use shared::rules::usage::page_use;
use shared::time::{civil_from_day, day_from_civil};
use shared::wire::admin::numbers::{CommentPage, Numbers, QuestionPage};

use super::record::meeting_erases;
use super::{Answer, Ask, Effect, Page, Record, Slot, State};

/// What is counted: the last days, of one site or of all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// How many days, today among them.
    pub days: u32,
    /// A period of one's own instead: its first and its last UTC day, counted from 1970.
    pub own: Option<(i64, i64)>,
    /// One site; absent for all.
    pub site: Option<SiteId>,
}

impl Window {
    /// The periods to choose from.
    pub const DAYS: [u32; 4] = [7, 30, 90, 365];

    /// What an address asks for.
    pub fn query(&self) -> String {
        let site = self.site.map(|site| format!("&site={site}")).unwrap_or_default();
        match self.own {
            Some((from, to)) => format!("from={}&to={}{site}", day_write(from), day_write(to)),
            None => format!("days={}{site}", self.days),
        }
    }
}

/// A day as it is written: `2026-11-22`.
pub fn day_write(day: i64) -> String {
    let (year, month, day) = civil_from_day(day);
    format!("{year:04}-{month:02}-{day:02}")
}

/// The day that is written so. `None` where there is none such.
pub fn day_read(text: &str) -> Option<i64> {
    let mut parts = text.trim().splitn(3, '-');
    let day =
        day_from_civil(parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    (day_write(day) == text.trim()).then_some(day)
}

impl Default for Window {
    fn default() -> Self {
        Self { days: 30, own: None, site: None }
    }
}

/// Everything of the page.
#[derive(Debug, Clone, Default)]
pub struct Counted {
    /// What is shown, or on its way.
    pub window: Window,
    /// The numbers.
    pub numbers: Slot<Numbers>,
    /// Questions without an answer, once somebody asked to read them: every reading is noted.
    pub questions: Slot<QuestionPage>,
    /// What visitors said about conversations, likewise.
    pub comments: Slot<CommentPage>,
}

/// Takes an answer that is about the numbers. `None` gives it back: it is about something else.
pub fn answered(state: &mut State, ask: &Ask, answer: Answer) -> Option<Answer> {
    let counted = &mut state.counted;
    match (ask, answer) {
        // Somebody has chosen another period meanwhile: its own answer is on its way.
        (Ask::Numbers(_, window), Answer::Numbers(_)) if *window != counted.window => {}
        (_, Answer::Numbers(numbers)) => counted.numbers.fill(*numbers),
        (Ask::Questions(_, before), Answer::Questions(page)) => {
            let kept = counted.questions.value.take().filter(|_| before.is_some());
            let mut questions = kept.map(|page| page.questions).unwrap_or_default();
            questions.extend(page.questions);
            counted.questions.fill(QuestionPage { questions, before: page.before });
        }
        (Ask::Comments(_, before), Answer::Comments(page)) => {
            let kept = counted.comments.value.take().filter(|_| before.is_some());
            let mut comments = kept.map(|page| page.comments).unwrap_or_default();
            comments.extend(page.comments);
            counted.comments.fill(CommentPage { comments, before: page.before });
        }
        (_, answer) => return Some(answer),
    }
    None
}

/// A question was answered or put aside: it leaves the list without another reading.
pub fn settled(state: &mut State, ask: &Ask) {
    let (Ask::QuestionAnswer(_, message, _) | Ask::QuestionPutAside(_, message)) = ask else { return };
    if let Some(page) = &mut state.counted.questions.value {
        page.questions.retain(|question| question.message != *message);
    }
    if let Some(open) =
        state.counted.numbers.value.as_mut().and_then(|numbers| numbers.open_questions.as_mut())
    {
        *open = open.saturating_sub(1);
    }
}

/// Counts that a page was visited, where somebody agreed to be counted (promises P2.3, P7.1).
pub fn page_count(state: &State, effects: &mut Vec<Effect>) {
    let part = match &state.page {
        Page::In(_, section) => section.as_str(),
        Page::Site(..) => "sites",
        Page::Me => "profile",
        Page::Operator => "operator",
        _ => return,
    };
    use_count(state, page_use(&part.replace('-', "_")), effects);
}

/// Counts that a feature was used, likewise.
pub fn feature_count(state: &State, ask: &Ask, effects: &mut Vec<Effect>) {
    let feature = match ask {
        Ask::Invite(..) => "feature_invite",
        Ask::TokenMake(..) => "feature_token",
        Ask::PasskeyMade(_) => "feature_passkey",
        Ask::Record(_, Record::RequestMeet(request)) if erases(state, *request) => "feature_erase",
        Ask::QuestionAnswer(..) => "feature_answer_question",
        _ => return,
    };
    use_count(state, feature, effects);
}

fn erases(state: &State, request: RequestId) -> bool {
    let requests = state.record.requests.value.as_ref().map(|requests| requests.requests.as_slice());
    let found = requests.unwrap_or_default().iter().find(|known| known.id == request);
    found.is_some_and(meeting_erases)
}

fn use_count(state: &State, name: &'static str, effects: &mut Vec<Effect>) {
    if state.me().is_some_and(|me| me.analytics) {
        effects.push(Effect::Call(Ask::UseCount(name)));
    }
}
