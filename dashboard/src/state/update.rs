//! The one door: an event comes in, the state changes, effects come out.

use shared::wire::admin::audit::AuditPage;
use shared::wire::admin::operator::OperatedBusinesses;
use shared::wire::problem::Kind;

use super::inbox::{self, Spot};
use super::leaving;
use super::load::{enter, fetch, first_steps, refuse, settle};
use super::numbers;
use super::own;
use super::record;
use super::setup;
use super::unsaved;
use super::{
    Answer, Ask, Effect, Event, Form, Page, Preferences, Refusal, Said, Section, Session, Slot, State,
    Waiting,
};

/// Seconds between two codes: as long as a mail usually takes.
const AGAIN_S: u32 = 30;

/// Takes an event.
pub fn update(state: &mut State, event: Event) -> Vec<Effect> {
    let mut effects = Vec::new();
    step(state, event, &mut effects);
    effects
}

fn step(state: &mut State, event: Event, effects: &mut Vec<Effect>) {
    match event {
        Event::Booted(page, preferences) => {
            state.preferences = preferences;
            effects.push(Effect::Call(Ask::Me));
            enter(state, &page, effects);
        }
        Event::Went(page) => {
            // Writing over an address tells of it too.
            if page != state.page && !unsaved::hold(state, &page, effects) {
                state.said = None;
                state.homing = false;
                enter(state, &page, effects);
            }
        }
        Event::Asked(ask) => asked(state, ask, effects),
        Event::Answered(ask, answer) => {
            if state.busy.is_some() && state.busy == ask.form() {
                state.busy = None;
            }
            match answer {
                Ok(answer) => {
                    if let Some(form) = ask.form() {
                        let count = state.kept.map_or(0, |(_, count)| count);
                        state.kept = Some((form, count.wrapping_add(1)));
                    }
                    answered(state, ask, answer, effects);
                }
                Err(refusal) => refused(state, &ask, refusal, effects),
            }
        }
        Event::PasskeyFailed(form) => {
            state.busy = None;
            state.problem = Some((form, Refusal::Device));
        }
        Event::Reloaded => match state.session {
            Session::Unknown => effects.push(Effect::Call(Ask::Me)),
            _ => settle(state, effects),
        },
        Event::Online(online) => {
            let is_back = online && !state.online;
            state.online = online;
            if is_back {
                inbox::renew(state, effects);
                step(state, Event::Reloaded, effects);
            }
        }
        Event::Returned => {
            if let Session::In(_) = state.session {
                effects.push(Effect::Call(Ask::Me));
            }
        }
        Event::Ticked(code) => {
            if let Some(waiting) = state.waiting.as_mut().filter(|waiting| waiting.code == code) {
                waiting.again_in_s = waiting.again_in_s.saturating_sub(1);
                if waiting.again_in_s > 0 {
                    effects.push(Effect::Tick(code));
                }
            }
        }
        Event::CodeDropped => {
            state.waiting = None;
            state.problem = None;
            effects.push(Effect::Begin);
        }
        Event::TokenTaken => state.token_made = None,
        Event::WebhookTaken => state.setup.webhook_made = None,
        Event::IdentityTaken => state.setup.identity_made = None,
        Event::ThemeChosen(theme) => {
            state.preferences.theme = theme;
            effects.push(Effect::Paint(theme));
            effects.push(Effect::Remember(state.preferences.clone()));
        }
        Event::LanguageChosen(language) => {
            effects.push(Effect::Speak(language.clone()));
            state.preferences.language = Some(language);
            effects.push(Effect::Remember(state.preferences.clone()));
        }
        Event::PreferencesCleared => {
            state.preferences = Preferences::default();
            effects.push(Effect::Paint(state.preferences.theme));
            effects.push(Effect::Forget);
            asked(state, Ask::CookiesClear, effects);
        }
        Event::KeysChosen(on) => {
            state.preferences.keys_off = !on;
            effects.push(Effect::Remember(state.preferences.clone()));
        }
        Event::SaidRead => state.said = None,
        Event::Copied => state.said = Some(Said::Copied),
        Event::CopyFailed => state.said = Some(Said::NotCopied),
        Event::Typed(form) => state.unsaved.typed(form),
        Event::Abandoned(true) => unsaved::leave(state, effects),
        Event::Abandoned(false) => state.unsaved.stay(),
        Event::Outdated => state.outdated = true,
        Event::Inbox(event) => inbox::step(state, event, effects),
    }
}

/// Somebody asks for something.
pub fn asked(state: &mut State, ask: Ask, effects: &mut Vec<Effect>) {
    let form = ask.form();
    // One press is one deed, however often it is pressed; a passkey takes two calls.
    let goes_on = matches!(ask, Ask::PasskeyMade(_) | Ask::PasskeySigned(_));
    // What is done to conversations waits for its turn instead.
    let is_deed = matches!(&ask, Ask::Inbox(_, asked) if matches!(**asked, inbox::InboxAsk::Deed(..)));
    if !is_deed {
        if form.is_some() && state.busy == form && !goes_on {
            return;
        }
        state.busy = form.or(state.busy);
    }
    // What a page asks by itself leaves what is said of the last deed.
    if let Some(form) = form {
        // What another card of the page was refused stays beside it.
        if !state.problem.as_ref().is_some_and(|(refused, _)| *refused != form && refused.is_card()) {
            state.problem = None;
        }
        state.said = None;
        state.unsaved.send(form);
    }
    if !matches!(&ask, Ask::Inbox(_, asked) if inbox::deed_waits(state, asked)) {
        fetch(state, ask, effects);
    }
}

fn answered(state: &mut State, ask: Ask, answer: Answer, effects: &mut Vec<Effect>) {
    numbers::feature_count(state, &ask, effects);
    // Somebody has gone on to another business.
    let here = match &ask {
        // The list stays live while they are elsewhere in the house.
        Ask::Inbox(..) => state.inbox.business.or_else(|| state.page.business()),
        _ => state.page.business(),
    };
    if ask.business().is_some_and(|business| here != Some(business)) || setup::is_late(state, &ask) {
        return;
    }
    let Some(answer) = numbers::answered(state, &ask, answer) else { return };
    match answer {
        Answer::Me(me) => {
            let is_new = state.me().is_none_or(|before| before.account != me.account);
            if state.me().is_none_or(|before| before.locale != me.locale) {
                effects.push(Effect::Speak(me.locale.clone()));
            }
            state.session = Session::In(me);
            state.ended = false;
            if is_new {
                state.waiting = None;
                effects.push(Effect::Begin);
                numbers::page_count(state, effects);
                settle(state, effects);
            } else if matches!(state.page, Page::Home(_)) || is_empty(state) {
                settle(state, effects);
            }
        }
        Answer::SignedIn => {
            // The code's page stays until it is known who came in.
            effects.push(Effect::Call(Ask::Me));
            if let Ask::InvitationJoin(_) = ask {
                joined(state, effects);
            }
        }
        Answer::Code(code) => {
            match state.waiting {
                Some(_) => state.said = Some(Said::CodeSent),
                None => effects.push(Effect::Begin),
            }
            state.waiting =
                Some(Waiting { ask, code: code.code, expires_at: code.expires_at, again_in_s: AGAIN_S });
            effects.push(Effect::Tick(code.code));
        }
        Answer::Challenge(challenge) => {
            state.busy = Some(Form::Passkey);
            effects.push(Effect::PasskeySign(challenge));
        }
        Answer::Offer(offer) => {
            state.busy = Some(Form::PasskeyAdd);
            effects.push(Effect::PasskeyMake(offer));
        }
        Answer::EmailConfirmed(confirmed) => {
            state.waiting = None;
            state.said = Some(Said::EmailWaits(confirmed.effective_at));
            effects.push(Effect::Call(Ask::Me));
        }
        Answer::Opened(opened) => {
            // On to it, once it is known that somebody belongs to it.
            state.preferences.business = Some(opened.business);
            state.page = Page::Home(Section::Overview);
            effects.push(Effect::Go(state.page.clone()));
            effects.push(Effect::Call(Ask::Me));
        }
        Answer::TokenMade(made) => {
            state.token_made = Some(*made);
            refetch(state, &ask, effects);
        }
        Answer::Invited(_) => {
            state.said = Some(Said::Invited);
            refetch(state, &ask, effects);
        }
        Answer::Done => done(state, &ask, effects),
        Answer::Door(door) => state.door.fill(*door),
        Answer::Invitation(offer) => state.offer.fill(offer),
        Answer::Sessions(sessions) => state.sessions.fill(sessions),
        Answer::Passkeys(passkeys) => state.passkeys.fill(passkeys),
        Answer::Business(business) => {
            let is_begun = first_steps(&business).into_iter().all(|is_done| is_done);
            let id = business.id;
            state.business.fill(*business);
            record::sites_known(state, effects);
            if std::mem::take(&mut state.homing) && is_begun {
                let inbox = Page::In(id, Section::Inbox);
                effects.push(Effect::Replace(inbox.clone()));
                enter(state, &inbox, effects);
            }
            setup::sites_known(state, effects);
        }
        Answer::Acceptances(acceptances) => state.acceptances.fill(acceptances),
        Answer::Team(team) => state.team.fill(team),
        Answer::Tokens(tokens) => state.tokens.fill(tokens),
        // Another deed was chosen meanwhile: its own page is on its way.
        Answer::Audit(_) if !matches!(ask, Ask::Audit(_, deed, _) if deed == state.audit_deed) => {}
        Answer::Audit(page) => {
            let more = matches!(ask, Ask::Audit(_, _, Some(_)));
            let mut entries =
                state.audit.value.take().filter(|_| more).map(|page| page.entries).unwrap_or_default();
            entries.extend(page.entries);
            state.audit.fill(AuditPage { entries, before: page.before });
        }
        Answer::Inbox(answer) => {
            if let Ask::Inbox(_, asked) = &ask {
                inbox::answered(state, asked, *answer, effects);
            }
        }
        Answer::Setup(set_up) => {
            if let Ask::Setup(business, asked) = &ask {
                setup::answered(state, (*business, asked), *set_up, effects);
            }
        }
        Answer::Record(recorded) => {
            if let Ask::Record(business, asked) = &ask {
                record::answered(state, (*business, asked), *recorded, effects);
            }
        }
        Answer::Leaving(left) => leaving::answered(state, *left, effects),
        Answer::Own(requests) => own::answered(state, requests),
        Answer::OperatedBusinesses(page) => {
            let more = matches!(ask, Ask::OperatedBusinesses(Some(_)));
            let before = state.operated.value.take().filter(|_| more);
            let mut businesses = before.map(|page| page.businesses).unwrap_or_default();
            businesses.extend(page.businesses);
            state.operated.fill(OperatedBusinesses { businesses, before: page.before });
        }
        // Taken above.
        Answer::Numbers(_) | Answer::Questions(_) | Answer::Comments(_) => {}
        Answer::OperatedJobs(jobs) => state.jobs.fill(jobs),
        Answer::OperatedQueues(queues) => state.queues.fill(queues),
        Answer::OperatedUses(uses) => state.uses.fill(uses),
    }
}

/// A business's page that could not be filled before it was known that somebody belongs there.
const fn is_empty(state: &State) -> bool {
    state.page.business().is_some() && state.business.value.is_none() && !state.business.loading
}

/// Something was done that has no answer of its own.
fn done(state: &mut State, ask: &Ask, effects: &mut Vec<Effect>) {
    let said = match ask {
        Ask::SignOut | Ask::CookiesClear => {
            signed_out(state, effects);
            state.said = (*ask == Ask::CookiesClear).then_some(Said::Cleared);
            state.page = Page::SignIn;
            effects.push(Effect::Go(Page::SignIn));
            return;
        }
        Ask::EmailStop(_) => {
            state.stopped = true;
            state.stop = None;
            // Every device was signed out, this one too.
            signed_out(state, effects);
            return;
        }
        Ask::InvitationAccept(_) => {
            joined(state, effects);
            effects.push(Effect::Call(Ask::Me));
            return;
        }
        Ask::Setup(business, asked) => {
            setup::done(state, *business, asked, effects);
            return;
        }
        Ask::Record(business, asked) => {
            record::done(state, *business, asked, effects);
            return;
        }
        Ask::Leaving(_) => {
            leaving::done(state, effects);
            return;
        }
        Ask::Own(asked) => {
            own::done(state, asked, effects);
            return;
        }
        Ask::EmailKeep => Said::EmailKept,
        Ask::SessionRevoke(_) => Said::SessionRevoked,
        Ask::PasskeyMade(_) => Said::PasskeyAdded,
        Ask::PasskeyRemove(_) => Said::PasskeyRemoved,
        Ask::InvitationRevoke(..) => Said::InvitationRevoked,
        Ask::RoleChange(..) => Said::RoleChanged,
        Ask::MemberRemove(..) => Said::MemberRemoved,
        Ask::Leave(_) => Said::Left,
        Ask::Transfer(..) => Said::Transferred,
        Ask::TokenRevoke(..) => Said::TokenRevoked,
        Ask::QuestionAnswer(..) => Said::QuestionAnswered,
        Ask::QuestionPutAside(..) => Said::QuestionPutAside,
        // Nobody has to know.
        Ask::UseCount(_) => return,
        _ => Said::Saved,
    };
    state.said = Some(said);
    numbers::settled(state, ask);
    if let Ask::Leave(_) = ask {
        state.page = Page::Home(Section::Overview);
        effects.push(Effect::Go(Page::Home(Section::Overview)));
        effects.push(Effect::Call(Ask::Me));
        return;
    }
    refetch(state, ask, effects);
}

/// The invitation is used: on to the business, once it is known which.
fn joined(state: &mut State, effects: &mut Vec<Effect>) {
    state.link = None;
    state.offer = Slot::default();
    state.said = Some(Said::Joined);
    state.page = Page::Home(Section::Overview);
    effects.push(Effect::Replace(Page::Home(Section::Overview)));
}

/// Nobody is signed in here any more: nothing of them stays in memory.
fn signed_out(state: &mut State, effects: &mut Vec<Effect>) {
    inbox::leave(state, effects);
    let kept = std::mem::take(state);
    *state = State {
        page: kept.page,
        session: Session::Out,
        online: kept.online,
        preferences: kept.preferences,
        outdated: kept.outdated,
        door: kept.door,
        link: kept.link,
        offer: kept.offer,
        stopped: kept.stopped,
        said: None,
        ..State::default()
    };
    effects.push(Effect::Begin);
    settle(state, effects);
}

/// Asks again for what a deed changed.
fn refetch(state: &mut State, ask: &Ask, effects: &mut Vec<Effect>) {
    match ask {
        Ask::AccountChange(_) | Ask::PreferencesChange(_) | Ask::EmailKeep => {
            effects.push(Effect::Call(Ask::Me));
        }
        Ask::OriginsChange(business, ..) => fetch(state, Ask::Business(*business), effects),
        Ask::SessionRevoke(_) => fetch(state, Ask::Sessions, effects),
        Ask::PasskeyMade(_) | Ask::PasskeyRemove(_) => fetch(state, Ask::Passkeys, effects),
        Ask::BusinessChange(business, _) => {
            effects.push(Effect::Call(Ask::Me));
            fetch(state, Ask::Business(*business), effects);
        }
        Ask::Invite(business, _)
        | Ask::InvitationRevoke(business, _)
        | Ask::RoleChange(business, ..)
        | Ask::MemberRemove(business, _) => fetch(state, Ask::Team(*business), effects),
        Ask::Transfer(business, _) => {
            effects.push(Effect::Call(Ask::Me));
            fetch(state, Ask::Team(*business), effects);
        }
        Ask::TokenMake(business, _) | Ask::TokenRevoke(business, _) => {
            fetch(state, Ask::Tokens(*business), effects);
        }
        _ => {}
    }
}

fn refused(state: &mut State, ask: &Ask, refusal: Refusal, effects: &mut Vec<Effect>) {
    match refusal.kind() {
        // Whoever signs in again is back where they were: the page stays.
        Some(Kind::SessionMissing) => {
            let was_in = matches!(state.session, Session::In(_));
            if was_in || *ask == Ask::Me {
                signed_out(state, effects);
                state.ended = was_in;
                return;
            }
        }
        // The token is older than the session; a fresh one makes the next try good.
        Some(Kind::CsrfRefused) => effects.push(Effect::Call(Ask::Me)),
        Some(Kind::DocumentsStale) => fetch(state, Ask::Door, effects),
        // Roles change while people look: what is shown follows.
        Some(Kind::RoleTooLow | Kind::NotFound) if ask.business().is_some() => {
            effects.push(Effect::Call(Ask::Me));
        }
        _ => {}
    }
    if setup::is_late(state, ask) {
        return;
    }
    if let Ask::Inbox(_, asked) = ask {
        inbox::refused(state, asked, refusal.clone(), effects);
    }
    match ask.form() {
        Some(form) => {
            state.unsaved.refuse(form);
            // Whoever has gone on to another conversation is told above the list.
            let form = match form {
                Form::Inbox(Spot::Thread(of) | Spot::Composer(of)) if state.inbox.open() != Some(of) => {
                    Form::Inbox(Spot::List)
                }
                form => form,
            };
            state.problem = Some((form, refusal.clone()));
            refuse(state, ask, refusal);
            if let Ask::Record(business, asked) = ask {
                record::refused(state, *business, asked, effects);
            }
            if let Ask::Own(asked) = ask {
                own::refused(state, asked, effects);
            }
        }
        None => refuse(state, ask, refusal),
    }
}
