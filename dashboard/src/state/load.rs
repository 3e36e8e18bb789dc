//! What a page needs, and what a change makes stale.

use shared::wire::admin::business::Business;
use shared::wire::admin::team::Role;

use super::inbox;
use super::leaving::{self, Leaving};
use super::own::Own;
use super::{Ask, Effect, Page, Section, Session, Slot, State, record, setup};

/// Comes to a page: asks for what it shows, or goes on to where somebody belongs.
pub fn enter(state: &mut State, page: &Page, effects: &mut Vec<Effect>) {
    let is_desk = |page: &Page| page.section() == Some(Section::Inbox);
    let stays = page.business().is_some() && page.business() == state.inbox.business;
    if stays && is_desk(page) && is_desk(&state.page) {
        // From one conversation to the next the desk stands as it is.
        state.problem = None;
        state.page = page.clone();
        inbox::enter(state, page, effects);
        effects.push(Effect::Inbox(inbox::Effect::Pane));
        return;
    }
    inbox::enter(state, page, effects);
    if page.business() != state.page.business() {
        if page.business().is_some() && !stays {
            inbox::leave(state, effects);
        }
        state.business = Slot::default();
        state.acceptances = Slot::default();
        state.team = Slot::default();
        state.tokens = Slot::default();
        state.audit = Slot::default();
        state.audit_deed = "";
        state.counted = super::Counted::default();
    }
    if page.without_secrets() != state.page.without_secrets() {
        state.problem = None;
        state.unsaved = super::Unsaved::default();
        state.token_made = None;
        // A code is asked for on one page; leaving it is changing one's mind.
        state.waiting = None;
        setup::leave(state);
        record::leave(state);
        state.leaving = super::LeavingState::default();
        state.own = Slot::default();
    }
    match page {
        Page::Invitation(Some(link)) => {
            state.link = Some(link.clone());
            state.offer = Slot::default();
        }
        Page::Stop(Some(stop)) => {
            state.stop = Some(stop.clone());
            state.stopped = false;
        }
        _ => {}
    }
    let clean = page.without_secrets();
    if clean != *page {
        effects.push(Effect::Replace(clean.clone()));
    }
    state.page = clean;
    effects.push(Effect::Begin);
    super::numbers::page_count(state, effects);
    settle(state, effects);
}

/// Asks for what the page shows, once it is known who is there.
pub fn settle(state: &mut State, effects: &mut Vec<Effect>) {
    if let (Page::Invitation(_), Some(link)) = (&state.page, &state.link)
        && !state.offer.loading
        && state.offer.value.is_none()
    {
        let ask = Ask::InvitationRead(link.clone());
        state.offer.begin();
        effects.push(Effect::Call(ask));
    }
    match state.session {
        Session::Unknown => {}
        Session::Out => fetch(state, Ask::Door, effects),
        Session::In(_) => settle_inside(state, effects),
    }
}

fn settle_inside(state: &mut State, effects: &mut Vec<Effect>) {
    match state.page {
        Page::Home(_) | Page::SignIn | Page::SignUp => {
            let home = home(state);
            effects.push(Effect::Replace(home.clone()));
            enter(state, &home, effects);
            // Whose first steps are done works in the inbox; what is known of that comes with the business.
            state.homing = home.section() == Some(Section::Overview) && state.role().is_some();
        }
        Page::In(..) | Page::Thread(..) => {
            let (Some(business), Some(section)) = (state.page.business(), state.page.section()) else {
                return;
            };
            if state.role().is_none() {
                return;
            }
            let is_one_of_many = state.me().is_some_and(|me| me.memberships.len() > 1);
            if state.preferences.business != Some(business) && is_one_of_many {
                state.preferences.business = Some(business);
                effects.push(Effect::Remember(state.preferences.clone()));
            }
            fetch(state, Ask::Business(business), effects);
            match section {
                Section::Inbox => {
                    // Colleagues and sites are named by id; these know their names.
                    fetch(state, Ask::Team(business), effects);
                    inbox::settle(state, business, effects);
                }
                Section::Replies => inbox::settle_settings(state, business, effects),
                Section::Overview | Section::Sites | Section::Retention => {}
                Section::Requests
                | Section::Receipts
                | Section::Consents
                | Section::Notices
                | Section::DataMap => record::settle(business, section, state, effects),
                Section::Knowledge | Section::Ai | Section::Webhooks => {
                    let page = state.page.clone();
                    setup::settle(business, &page, state, effects);
                }
                Section::Numbers => fetch(state, Ask::Numbers(business, state.counted.window), effects),
                Section::Team => fetch(state, Ask::Team(business), effects),
                Section::Profile => {
                    fetch(state, Ask::Acceptances(business), effects);
                    if state.reaches(Role::Owner) {
                        fetch(state, Ask::Leaving(Leaving::Read), effects);
                    }
                }
                Section::Tokens if state.reaches(Role::Admin) => {
                    // Tokens and log name people by id; the team knows their names.
                    fetch(state, Ask::Team(business), effects);
                    fetch(state, Ask::Tokens(business), effects);
                }
                Section::Audit if state.reaches(Role::Admin) => {
                    fetch(state, Ask::Team(business), effects);
                    fetch(state, Ask::Audit(business, state.audit_deed, None), effects);
                }
                Section::Tokens | Section::Audit => {}
            }
        }
        Page::Site(business, ..) => {
            if state.role().is_some() {
                fetch(state, Ask::Business(business), effects);
                let page = state.page.clone();
                setup::settle(business, &page, state, effects);
            }
        }
        Page::Open | Page::Help => fetch(state, Ask::Door, effects),
        Page::Me => {
            fetch(state, Ask::Passkeys, effects);
            fetch(state, Ask::Sessions, effects);
            fetch(state, Ask::Own(Own::Read), effects);
            fetch(state, Ask::Leaving(Leaving::Read), effects);
        }
        Page::Operator => {
            if state.me().is_some_and(|me| me.operator) {
                fetch(state, Ask::Own(Own::Operated), effects);
                fetch(state, Ask::OperatedJobs, effects);
                fetch(state, Ask::OperatedQueues, effects);
                fetch(state, Ask::OperatedUses, effects);
                fetch(state, Ask::OperatedBusinesses(None), effects);
            }
        }
        Page::Invitation(_) | Page::Stop(_) | Page::Nowhere => {}
    }
}

/// The first steps of a business, each by a fact of its own: opened, named, placed, taught, its hours said, found on its page,
/// written to.
pub fn first_steps(business: &Business) -> [bool; 7] {
    let site = business.sites.first();
    let is_somewhere = site.is_some_and(|site| !site.origins.is_empty());
    // Whoever writes to it has the chat in front of them, however it came onto the page.
    let is_found = site.is_some_and(|site| site.found_at.is_some()) || business.has_conversations;
    let is_said = site.is_some_and(|site| site.hours_said);
    let (is_taught, is_asked) = (business.has_knowledge, business.has_conversations);
    [true, business.is_complete, is_somewhere, is_taught, is_said, is_found, is_asked]
}

/// Where somebody belongs who asked for nothing else.
fn home(state: &State) -> Page {
    let Some(me) = state.me() else { return Page::SignIn };
    let section = if let Page::Home(section) = state.page { section } else { Section::Overview };
    match state.place() {
        Some(place) => Page::In(place.business, section),
        None if me.operator => Page::Operator,
        None => Page::Open,
    }
}

/// Asks for something, with its slot told.
pub fn fetch(state: &mut State, ask: Ask, effects: &mut Vec<Effect>) {
    match &ask {
        Ask::Door => state.door.begin(),
        Ask::Business(_) => state.business.begin(),
        Ask::Acceptances(_) => state.acceptances.begin(),
        Ask::Team(_) => state.team.begin(),
        Ask::Tokens(_) => state.tokens.begin(),
        Ask::Audit(_, deed, _) => {
            state.audit_deed = deed;
            state.audit.begin();
        }
        Ask::Inbox(_, asked) => inbox::begin(&mut state.inbox, asked),
        Ask::Setup(_, asked) => setup::begin(&mut state.setup, asked),
        Ask::Record(_, asked) => record::begin(&mut state.record, asked),
        Ask::Leaving(asked) => leaving::begin(&mut state.leaving, *asked),
        Ask::Own(Own::Read | Own::Operated) => state.own.begin(),
        Ask::Numbers(_, window) => {
            state.counted.window = *window;
            state.counted.numbers.begin();
        }
        Ask::Questions(..) => state.counted.questions.begin(),
        Ask::Comments(..) => state.counted.comments.begin(),
        Ask::Sessions => state.sessions.begin(),
        Ask::Passkeys => state.passkeys.begin(),
        Ask::OperatedJobs => state.jobs.begin(),
        Ask::OperatedQueues => state.queues.begin(),
        Ask::OperatedUses => state.uses.begin(),
        Ask::OperatedBusinesses(_) => state.operated.begin(),
        _ => {}
    }
    effects.push(Effect::Call(ask));
}

/// A slot did not get what it was to hold.
pub fn refuse(state: &mut State, ask: &Ask, refusal: super::Refusal) {
    match ask {
        // Without knowing who is there, the door has nothing to show either.
        Ask::Door | Ask::Me => state.door.refuse(refusal),
        Ask::InvitationRead(_) => state.offer.refuse(refusal),
        Ask::Business(_) => {
            state.homing = false;
            state.business.refuse(refusal);
        }
        Ask::Acceptances(_) => state.acceptances.refuse(refusal),
        Ask::Team(_) => state.team.refuse(refusal),
        Ask::Tokens(_) => state.tokens.refuse(refusal),
        Ask::Audit(..) => state.audit.refuse(refusal),
        Ask::Setup(_, asked) => setup::refuse(&mut state.setup, asked, refusal),
        Ask::Record(_, asked) => record::refuse(&mut state.record, asked, refusal),
        Ask::Leaving(asked) => leaving::refuse(&mut state.leaving, *asked, refusal),
        Ask::Own(Own::Read | Own::Operated) => state.own.refuse(refusal),
        // A window that nobody looks at any more has nothing to say.
        Ask::Numbers(_, window) if *window == state.counted.window => state.counted.numbers.refuse(refusal),
        Ask::Questions(..) => state.counted.questions.refuse(refusal),
        Ask::Comments(..) => state.counted.comments.refuse(refusal),
        Ask::Sessions => state.sessions.refuse(refusal),
        Ask::Passkeys => state.passkeys.refuse(refusal),
        Ask::OperatedJobs => state.jobs.refuse(refusal),
        Ask::OperatedQueues => state.queues.refuse(refusal),
        Ask::OperatedUses => state.uses.refuse(refusal),
        Ask::OperatedBusinesses(_) => state.operated.refuse(refusal),
        _ => {}
    }
}
