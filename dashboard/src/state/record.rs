//! How a business keeps its promises: until when its sites keep conversations, what persons asked for about their data, and
//! what it can show: receipts, the ledger of consent, the notice, the data map. A part of the state of its own.

use std::collections::BTreeMap;

use shared::id::{BusinessId, ConsentId, ConversationId, ErasureId, RequestId, SiteId};
use shared::wire::admin::proof::{Erasures, NoticeEditions};
use shared::wire::admin::request::{ConsentProofs, DataMap, EnterRequest, Requests};
use shared::wire::admin::retention::SiteLimit;
use shared::wire::privacy::{ExtensionReason, RefusalReason, Request, RequestKind};

use super::load::fetch;
use super::{Answer, Ask, Effect, Form, Refusal, Said, Section, Slot, State};

/// One thing asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Record {
    /// How long a site keeps conversations.
    Limit(SiteId),
    /// What another limit would delete; absent days are the promise.
    LimitPreview(SiteId, Option<i64>),
    /// That limit.
    LimitChange(SiteId, Option<i64>),
    /// The one before after all.
    LimitUndo(SiteId),
    /// What persons asked for.
    Requests,
    /// What was asked for about one conversation.
    RequestsAbout(ConversationId),
    /// A request that came by mail, phone, letter or in person.
    RequestEnter(EnterRequest),
    /// More time for one.
    RequestExtend(RequestId, ExtensionReason),
    /// That it is met.
    RequestMeet(RequestId),
    /// That it is refused.
    RequestRefuse(RequestId, RefusalReason),
    /// A page of erasures with their receipts.
    Erasures(Option<ErasureId>),
    /// A page of the ledger of consent.
    Consents(Option<ConsentId>),
    /// The editions of the notice.
    Notices,
    /// The record of processing.
    DataMap,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recorded {
    /// A limit, or a preview of one.
    Limit(SiteLimit),
    /// The requests.
    Requests(Requests),
    /// A request was entered.
    Entered(Request),
    /// A page of erasures.
    Erasures(Erasures),
    /// A page of the ledger.
    Consents(ConsentProofs),
    /// The editions.
    Notices(NoticeEditions),
    /// The record.
    DataMap(DataMap),
}

/// Where on a page something was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordForm {
    Limit(SiteId),
    RequestEnter,
    Request(RequestId),
}

/// What is known of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RecordState {
    /// The limit of each site, as it stands.
    pub limits: BTreeMap<SiteId, Slot<SiteLimit>>,
    /// What another limit would delete, where one was looked at, with its days.
    pub previews: BTreeMap<SiteId, (Option<i64>, SiteLimit)>,
    /// What persons asked for.
    pub requests: Slot<Requests>,
    /// What was asked for about the conversation that is open at the desk, and which that is.
    pub about: (Option<ConversationId>, Slot<Requests>),
    /// Erasures, as far as they were read.
    pub erasures: Slot<Erasures>,
    /// The ledger, as far as it was read.
    pub consents: Slot<ConsentProofs>,
    /// The editions of the notice.
    pub notices: Slot<NoticeEditions>,
    /// The record of processing.
    pub map: Slot<DataMap>,
}

impl Record {
    /// The form that it was asked from; `None` for what a page asks by itself.
    pub const fn form(&self) -> Option<Form> {
        Some(match self {
            Self::Limit(_) | Self::Requests | Self::RequestsAbout(_) => return None,
            Self::Notices | Self::DataMap => return None,
            Self::Erasures(None) | Self::Consents(None) => return None,
            Self::Erasures(Some(_)) | Self::Consents(Some(_)) => Form::More,
            Self::LimitPreview(site, _) | Self::LimitChange(site, _) | Self::LimitUndo(site) => {
                Form::Record(RecordForm::Limit(*site))
            }
            Self::RequestEnter(_) => Form::Record(RecordForm::RequestEnter),
            Self::RequestExtend(request, _)
            | Self::RequestMeet(request)
            | Self::RequestRefuse(request, _) => Form::Record(RecordForm::Request(*request)),
        })
    }
}

/// Asks for what a section shows. Limits are asked for once it is known which sites there are.
pub fn settle(business: BusinessId, section: Section, state: &mut State, effects: &mut Vec<Effect>) {
    let records: &[Record] = match section {
        Section::Requests => &[Record::Requests],
        Section::Receipts => &[Record::Erasures(None)],
        Section::Consents => &[Record::Consents(None)],
        Section::Notices => &[Record::Notices, Record::DataMap],
        Section::DataMap => &[Record::DataMap],
        _ => &[],
    };
    if state.reaches(section.least()) {
        for record in records {
            fetch(state, Ask::Record(business, record.clone()), effects);
        }
    }
}

/// It is known which sites there are: asks how long each keeps conversations, where that is on the screen.
pub fn sites_known(state: &mut State, effects: &mut Vec<Effect>) {
    if state.page.section() != Some(Section::Retention) {
        return;
    }
    let Some(business) = &state.business.value else { return };
    let (id, sites) = (business.id, business.sites.iter().map(|site| site.id).collect::<Vec<_>>());
    for site in sites {
        fetch(state, Ask::Record(id, Record::Limit(site)), effects);
    }
}

/// Another page: what was shown of the one before is not shown again while the next is on its way.
pub fn leave(state: &mut State) {
    state.record = RecordState::default();
}

/// Tells the slot that something is asked for.
pub fn begin(state: &mut RecordState, record: &Record) {
    match record {
        Record::Limit(site) => state.limits.entry(*site).or_default().begin(),
        // What was looked at before is no answer to what is asked now.
        Record::LimitPreview(site, _) => {
            state.previews.remove(site);
        }
        Record::Requests => state.requests.begin(),
        Record::RequestsAbout(about) => {
            if state.about.0 != Some(*about) {
                state.about = (Some(*about), Slot::default());
            }
            state.about.1.begin();
        }
        Record::Erasures(_) => state.erasures.begin(),
        Record::Consents(_) => state.consents.begin(),
        Record::Notices => state.notices.begin(),
        Record::DataMap => state.map.begin(),
        _ => {}
    }
}

/// A slot did not get what it was to hold.
pub fn refuse(state: &mut RecordState, record: &Record, refusal: Refusal) {
    match record {
        Record::Limit(site) => state.limits.entry(*site).or_default().refuse(refusal),
        Record::Requests => state.requests.refuse(refusal),
        Record::RequestsAbout(about) if state.about.0 == Some(*about) => state.about.1.refuse(refusal),
        Record::Erasures(_) => state.erasures.refuse(refusal),
        Record::Consents(_) => state.consents.refuse(refusal),
        Record::Notices => state.notices.refuse(refusal),
        Record::DataMap => state.map.refuse(refusal),
        _ => {}
    }
}

/// Something was answered.
pub fn answered(
    state: &mut State,
    (business, record): (BusinessId, &Record),
    answer: Recorded,
    effects: &mut Vec<Effect>,
) {
    let house = &mut state.record;
    match (record, answer) {
        (Record::LimitPreview(site, days), Recorded::Limit(limit)) => {
            house.previews.insert(*site, (*days, limit));
        }
        (Record::LimitChange(site, _), Recorded::Limit(limit)) => {
            house.previews.remove(site);
            state.said = limit.next.as_ref().map(|next| Said::LimitAsked(next.effective_at));
            house.limits.entry(*site).or_default().fill(limit);
        }
        (Record::Limit(site), Recorded::Limit(limit)) => house.limits.entry(*site).or_default().fill(limit),
        (_, Recorded::Limit(_)) => {}
        (Record::RequestsAbout(about), Recorded::Requests(requests)) => {
            // Somebody has gone on to another one, or it is gone.
            if house.about.0 == Some(*about) {
                house.about.1.fill(requests);
            }
        }
        (_, Recorded::Requests(requests)) => house.requests.fill(requests),
        (_, Recorded::Entered(_)) => {
            state.said = Some(Said::RequestEntered);
            let Some(about) = state.page.conversation() else {
                return fetch(state, Ask::Record(business, Record::Requests), effects);
            };
            // At the desk the number of open ones comes with the business.
            fetch(state, Ask::Record(business, Record::RequestsAbout(about)), effects);
            fetch(state, Ask::Business(business), effects);
        }
        (_, Recorded::Erasures(page)) => {
            let more = matches!(record, Record::Erasures(Some(_)));
            let kept = house.erasures.value.take().filter(|_| more);
            let mut erasures = kept.map(|page| page.erasures).unwrap_or_default();
            erasures.extend(page.erasures);
            house.erasures.fill(Erasures { erasures, before: page.before });
        }
        (_, Recorded::Consents(page)) => {
            let more = matches!(record, Record::Consents(Some(_)));
            let kept = house.consents.value.take().filter(|_| more);
            let mut consents = kept.map(|page| page.consents).unwrap_or_default();
            consents.extend(page.consents);
            house.consents.fill(ConsentProofs { consents, before: page.before });
        }
        (_, Recorded::Notices(notices)) => house.notices.fill(notices),
        (_, Recorded::DataMap(map)) => house.map.fill(map),
    }
}

/// Something was done that has no answer of its own.
pub fn done(state: &mut State, business: BusinessId, record: &Record, effects: &mut Vec<Effect>) {
    let (said, next) = match record {
        Record::LimitUndo(site) => (Said::LimitKept, Record::Limit(*site)),
        Record::RequestExtend(..) => (Said::RequestExtended, Record::Requests),
        Record::RequestMeet(_) => (Said::RequestMet, Record::Requests),
        Record::RequestRefuse(..) => (Said::RequestRefused, Record::Requests),
        _ => return,
    };
    state.said = Some(said);
    fetch(state, Ask::Record(business, next), effects);
}

/// Somebody else was faster, or the page is old: what is shown follows.
pub fn refused(state: &mut State, business: BusinessId, record: &Record, effects: &mut Vec<Effect>) {
    if matches!(record, Record::RequestExtend(..) | Record::RequestMeet(_) | Record::RequestRefuse(..)) {
        fetch(state, Ask::Record(business, Record::Requests), effects);
    }
}

/// Meeting this request does something that can't be taken back, besides noting that it was met.
pub fn meeting_erases(request: &Request) -> bool {
    request.conversation.is_some() && matches!(request.kind, RequestKind::Erasure | RequestKind::Child)
}

/// The answer as the one list of answers has it.
pub fn answer(recorded: Recorded) -> Answer {
    Answer::Record(Box::new(recorded))
}
