//! Everything the dashboard knows, and how it changes: a pure `update` that takes an event and says what to do.
//!
//! No browser, no clock in here: what must happen in the world comes back as [`Effect`]s for `shell` to perform.

mod ask;
pub mod inbox;
mod leaving;
mod load;
mod numbers;
pub mod own;
mod page;
pub mod record;
mod refusal;
mod setup;
mod slot;
mod unsaved;
mod update;

#[cfg(test)]
mod page_tests;
#[cfg(test)]
mod record_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod unsaved_tests;

use serde::{Deserialize, Serialize};
use shared::id::{BusinessId, CodeId};
use shared::privacy::Secret;
use shared::time::Millis;
use shared::wire::admin::account::{Me, Membership, Sessions, StopEmailChange};
use shared::wire::admin::account_request::OwnRequests;
use shared::wire::admin::audit::AuditPage;
use shared::wire::admin::business::{Acceptances, Business};
use shared::wire::admin::operator::{CountedUses, OperatedBusinesses, OperatedJobs, OperatedQueues};
use shared::wire::admin::passkey::{PasskeyChallenge, PasskeyOffer, Passkeys};
use shared::wire::admin::sign_in::{Door, InvitationLink, InvitationOffer};
use shared::wire::admin::team::{Role, Team};
use shared::wire::admin::token::{ApiTokens, MadeApiToken};
use shared::wire::privacy::RequestState;

pub use ask::{Answer, Ask, Form};
pub use leaving::{Leaving, LeavingForm, LeavingState, Left, answer as left, deletion_of};
pub use load::first_steps;
pub use numbers::{Counted, Window, day_read};
pub use own::Own;
pub use page::{Page, Pane, Section, SitePart};
pub use record::{Record, RecordForm, RecordState, Recorded, answer as recorded};
pub use refusal::Refusal;
pub use setup::{Query, SetUp, Setup, SetupForm, SetupState, answer as set_up, vendor_form};
pub use slot::Slot;
pub use unsaved::Unsaved;
pub use update::update;

/// Whether somebody is signed in here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Session {
    /// Nobody knows yet.
    Unknown,
    /// Nobody is.
    Out,
    /// This person.
    In(Box<Me>),
}

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// As the system is.
    #[default]
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// Every theme.
    pub const ALL: [Self; 3] = [Self::Auto, Self::Light, Self::Dark];

    /// The name, as the document carries it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// What this browser remembers, only once somebody chose it, until they clear it (promise K7).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Preferences {
    /// Light or dark.
    #[serde(default)]
    pub theme: Theme,
    /// The language of the pages before sign-in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The business to begin with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub business: Option<BusinessId>,
    /// Single keys do nothing: some people's voice or hands press them by accident.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub keys_off: bool,
}

/// A code that is on its way to somebody's mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// What asked for it, to ask again.
    pub ask: Ask,
    /// Which request it was.
    pub code: CodeId,
    /// When its digits stop working.
    pub expires_at: Millis,
    /// Seconds until another can be asked for.
    pub again_in_s: u32,
}

/// A sentence about what was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    Saved,
    Invited,
    InvitationRevoked,
    RoleChanged,
    MemberRemoved,
    Left,
    Transferred,
    TokenRevoked,
    SessionRevoked,
    PasskeyAdded,
    PasskeyRemoved,
    EmailWaits(Millis),
    EmailKept,
    Joined,
    Cleared,
    Copied,
    NotCopied,
    CodeSent,
    TakenOver,
    GivenBack,
    ThreadClosed,
    Snoozed,
    NotSent,
    Deleted,
    SiteOpened,
    IdentityDropped,
    WebhookDropped,
    WebhookTold,
    VendorKeyKept,
    VendorKeyDropped,
    KnowledgeKept,
    KnowledgeDeleted,
    QuestionAnswered,
    QuestionPutAside,
    LimitAsked(Millis),
    LimitKept,
    RequestEntered,
    RequestExtended,
    RequestMet,
    RequestRefused,
    DeletionAsked(Millis),
    DeletionKept,
    Called(inbox::Why),
}

impl Said {
    /// It tells what did not work: it stays until somebody has read it.
    pub const fn stays(self) -> bool {
        matches!(self, Self::NotSent | Self::NotCopied)
    }
}

/// Something happened.
#[derive(Debug)]
pub enum Event {
    /// The dashboard came to life at an address, in a browser that remembers this and reads these languages.
    Booted(Page, Preferences),
    /// The address changed.
    Went(Page),
    /// Somebody, or a page, asks for something.
    Asked(Ask),
    /// It was answered.
    Answered(Ask, Result<Answer, Refusal>),
    /// The browser could not do its part of a passkey.
    PasskeyFailed(Form),
    /// What a page shows is asked for again.
    Reloaded,
    /// The network is there, or no longer.
    Online(bool),
    /// The tab came to the front: somebody may have signed out in another one.
    Returned,
    /// A second went by, counted from this request of a code.
    Ticked(CodeId),
    /// Another address than the one that the code went to.
    CodeDropped,
    /// The token that is shown once was taken.
    TokenTaken,
    /// So was the secret.
    IdentityTaken,
    /// So was the secret of a door.
    WebhookTaken,
    /// A theme was chosen.
    ThemeChosen(Theme),
    /// A language was chosen, before sign-in.
    LanguageChosen(String),
    /// Everything that this browser remembers goes.
    PreferencesCleared,
    /// The sentence about what was done has been read.
    SaidRead,
    /// Something was put into the clipboard.
    Copied,
    /// Somebody types into a form whose words would be lost by leaving it.
    Typed(Form),
    /// They leave it all the same, or stay.
    Abandoned(bool),
    /// The page is older than the deployment.
    Outdated,
    /// The clipboard did not take it.
    CopyFailed,
    /// Something at the desk.
    Inbox(inbox::Event),
    /// Single keys do something, or nothing.
    KeysChosen(bool),
}

/// Something must happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Ask the edge.
    Call(Ask),
    /// Go to a page.
    Go(Page),
    /// Write another address over this one.
    Replace(Page),
    /// Show everything in this language.
    Speak(String),
    /// Show this theme.
    Paint(Theme),
    /// Write what this browser remembers.
    Remember(Preferences),
    /// Remove it.
    Forget,
    /// Let the browser make a passkey.
    PasskeyMake(PasskeyOffer),
    /// Let the browser sign with one.
    PasskeySign(PasskeyChallenge),
    /// Begin a page: its title, its top, its heading under the reader's focus.
    Begin,
    /// Tick in a second.
    Tick(CodeId),
    /// Something at the desk.
    Inbox(inbox::Effect),
}

/// Everything the dashboard knows.
#[derive(Debug, Clone)]
pub struct State {
    /// Where somebody is.
    pub page: Page,
    /// Who they are.
    pub session: Session,
    /// The session ended while they were at work.
    pub ended: bool,
    /// The network is there.
    pub online: bool,
    /// What this browser remembers.
    pub preferences: Preferences,
    /// What the front door knows.
    pub door: Slot<Door>,
    /// The code that is on its way.
    pub waiting: Option<Waiting>,
    /// The form that waits for an answer.
    pub busy: Option<Form>,
    /// The form that was refused, and why.
    pub problem: Option<(Form, Refusal)>,
    /// What was done last.
    pub said: Option<Said>,
    /// The form whose deed was done last, counted.
    kept: Option<(Form, u32)>,
    /// What was typed and is not kept yet.
    pub unsaved: Unsaved,
    /// The page is older than the deployment: loading it again helps.
    pub outdated: bool,
    /// The invitation that somebody came with.
    pub link: Option<InvitationLink>,
    /// What it offers.
    pub offer: Slot<InvitationOffer>,
    /// The link that stops a change of address.
    pub stop: Option<StopEmailChange>,
    /// It did.
    pub stopped: bool,
    /// Somebody asked for nothing but home: which page that is, the business says.
    pub homing: bool,
    /// The business of the page.
    pub business: Slot<Business>,
    /// Its agreements.
    pub acceptances: Slot<Acceptances>,
    /// Its team.
    pub team: Slot<Team>,
    /// Its API tokens.
    pub tokens: Slot<ApiTokens>,
    /// The token that was just made, until it was taken.
    pub token_made: Option<MadeApiToken>,
    /// How its chat is set up, as far as the page shows it.
    pub setup: SetupState,
    /// Its audit log, as far as it was read.
    pub audit: Slot<AuditPage>,
    /// The one deed that the log is shown of; empty for all.
    pub audit_deed: &'static str,
    /// What is counted of its conversations.
    pub counted: Counted,
    /// How it keeps its promises, as far as the page shows it.
    pub record: RecordState,
    /// What is known of leaving.
    pub leaving: LeavingState,
    /// Requests about one's own data; at the operator's page, those of others that wait.
    pub own: Slot<OwnRequests>,
    /// One's devices.
    pub sessions: Slot<Sessions>,
    /// One's passkeys.
    pub passkeys: Slot<Passkeys>,
    /// The deployment's businesses, as far as they were read.
    pub operated: Slot<OperatedBusinesses>,
    /// The deployment's jobs.
    pub jobs: Slot<OperatedJobs>,
    /// What waits in it.
    pub queues: Slot<OperatedQueues>,
    /// How its dashboard was used.
    pub uses: Slot<CountedUses>,
    /// The desk.
    pub inbox: inbox::Inbox,
}

impl Default for State {
    fn default() -> Self {
        Self {
            page: Page::Home(Section::Overview),
            session: Session::Unknown,
            ended: false,
            online: true,
            preferences: Preferences::default(),
            door: Slot::default(),
            waiting: None,
            busy: None,
            problem: None,
            said: None,
            homing: false,
            kept: None,
            unsaved: Unsaved::default(),
            outdated: false,
            link: None,
            offer: Slot::default(),
            stop: None,
            stopped: false,
            business: Slot::default(),
            acceptances: Slot::default(),
            team: Slot::default(),
            tokens: Slot::default(),
            token_made: None,
            setup: SetupState::default(),
            audit: Slot::default(),
            audit_deed: "",
            counted: Counted::default(),
            record: RecordState::default(),
            leaving: LeavingState::default(),
            own: Slot::default(),
            sessions: Slot::default(),
            passkeys: Slot::default(),
            operated: Slot::default(),
            jobs: Slot::default(),
            queues: Slot::default(),
            uses: Slot::default(),
            inbox: inbox::Inbox::default(),
        }
    }
}

/// What is on the screen: a page, or what must come before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// Nobody knows yet who is there.
    Opening,
    /// The edge could not be reached to find out.
    Unreachable,
    /// Signing in.
    SignIn,
    /// Signing up.
    SignUp,
    /// A code is asked for, to sign in or up.
    Code,
    /// An invitation.
    Invitation,
    /// The stop of a change.
    Stop,
    /// A part of a business.
    In(Section),
    /// A site of a business.
    Site(SitePart),
    /// Opening a business.
    Open,
    /// Oneself.
    Me,
    /// Whom to ask.
    Help,
    /// The deployment.
    Operator,
    /// There is no such page, or not for this person.
    Nowhere,
}

impl State {
    /// Who is signed in.
    pub fn me(&self) -> Option<&Me> {
        match &self.session {
            Session::In(me) => Some(me),
            Session::Unknown | Session::Out => None,
        }
    }

    /// What goes into the header of calls that change something.
    pub fn csrf(&self) -> Option<&Secret<String>> {
        self.me().map(|me| &me.csrf)
    }

    /// Their place in the business of the page.
    pub fn membership(&self) -> Option<&Membership> {
        let business = self.page.business()?;
        self.me()?.memberships.iter().find(|membership| membership.business == business)
    }

    /// Their place in the business that they are in: that of the page, else the one they were in last.
    pub fn place(&self) -> Option<&Membership> {
        let places = &self.me()?.memberships;
        let of = |business| places.iter().find(|place| Some(place.business) == business);
        match self.page.business() {
            Some(business) => of(Some(business)),
            None => of(self.preferences.business).or(of(self.inbox.business)).or(places.first()),
        }
    }

    /// What they are in the business of the page.
    pub fn role(&self) -> Option<Role> {
        self.membership().map(|membership| membership.role)
    }

    /// Their role in the business of the page reaches this far.
    pub fn reaches(&self, least: Role) -> bool {
        self.role().is_some_and(|role| role >= least)
    }

    /// What is on the screen.
    pub fn view(&self) -> View {
        let is_signing = |waiting: &Waiting| matches!(waiting.ask, Ask::SignIn(_) | Ask::SignUp(_));
        match (&self.page, &self.session) {
            (Page::Stop(_), _) => View::Stop,
            (Page::Invitation(_), Session::Out | Session::In(_))
                if !self.waiting.as_ref().is_some_and(is_signing) =>
            {
                View::Invitation
            }
            (_, Session::Unknown) if self.door.refusal.is_some() => View::Unreachable,
            (_, Session::Unknown) => View::Opening,
            (_, Session::Out) if self.waiting.as_ref().is_some_and(is_signing) => View::Code,
            (Page::SignUp, Session::Out) => View::SignUp,
            (_, Session::Out) => View::SignIn,
            (Page::Home(_) | Page::SignIn | Page::SignUp | Page::Invitation(_), Session::In(_)) => {
                View::Opening
            }
            (Page::Open, Session::In(_)) => View::Open,
            (Page::Me, Session::In(_)) => View::Me,
            (Page::Help, Session::In(_)) => View::Help,
            (Page::Operator, Session::In(me)) if me.operator => View::Operator,
            (Page::In(_, section), Session::In(_)) if self.reaches(section.least()) => View::In(*section),
            (Page::Thread(..), Session::In(_)) if self.role().is_some() => View::In(Section::Inbox),
            (Page::Site(_, _, part), Session::In(_)) if self.reaches(part.least()) => View::Site(*part),
            (
                Page::In(..) | Page::Thread(..) | Page::Site(..) | Page::Operator | Page::Nowhere,
                Session::In(_),
            ) => View::Nowhere,
        }
    }

    /// How many requests about data are open: of the list where it is there, else of what is known of the business.
    pub fn open_requests(&self) -> Option<u32> {
        let listed = self.record.requests.value.as_ref().map(|requests| {
            let open = requests.requests.iter().filter(|request| request.state == RequestState::Open);
            u32::try_from(open.count()).unwrap_or(u32::MAX)
        });
        listed.or_else(|| self.business.value.as_ref()?.open_requests)
    }

    /// This form waits for an answer.
    pub fn is_busy(&self, form: Form) -> bool {
        self.busy == Some(form)
    }

    /// Changes each time that what this form asked for was done.
    pub fn kept(&self, form: Form) -> Option<u32> {
        self.kept.filter(|(kept, _)| *kept == form).map(|(_, count)| count)
    }

    /// Why this form was refused.
    pub fn refusal(&self, form: Form) -> Option<&Refusal> {
        self.problem.as_ref().filter(|(refused, _)| *refused == form).map(|(_, refusal)| refusal)
    }
}
