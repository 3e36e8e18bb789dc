//! Everything that the dashboard asks of the edge, as values: so that `update` can say what to ask, and tests can read it.

use shared::id::{
    AccountId, ApiTokenId, AuditId, BusinessId, InvitationId, MessageId, PasskeyId, SessionId, SiteId,
};
use shared::time::Millis;
use shared::wire::admin::account::{
    ChangeAccount, ChangeEmail, ChangePreferences, EmailConfirmed, Me, Sessions, StopEmailChange,
};
use shared::wire::admin::account_request::OwnRequests;
use shared::wire::admin::audit::AuditPage;
use shared::wire::admin::business::{
    Acceptances, Business, BusinessProfile, ChangeOrigins, OpenBusiness, OpenedBusiness,
};
use shared::wire::admin::knowledge::WriteKnowledge;
use shared::wire::admin::numbers::{CommentPage, Numbers, QuestionPage};
use shared::wire::admin::operator::{CountedUses, OperatedBusinesses, OperatedJobs, OperatedQueues};
use shared::wire::admin::passkey::{PasskeyChallenge, PasskeyMade, PasskeyOffer, PasskeySigned, Passkeys};
use shared::wire::admin::sign_in::{
    CodeAsked, CodeGiven, Door, InvitationJoin, InvitationLink, InvitationOffer, SignIn, SignUp,
};
use shared::wire::admin::team::{ChangeRole, Invite, Invited, Team, TransferOwnership};
use shared::wire::admin::token::{ApiTokens, MadeApiToken, MakeApiToken};

use super::Window;
use super::inbox::{InboxAnswer, InboxAsk, Spot};
use super::leaving::{Leaving, LeavingForm, Left};
use super::own::Own;
use super::record::{Record, RecordForm, Recorded};
use super::setup::{SetUp, Setup, SetupForm};

/// One thing asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// What the front door must know.
    Door,
    /// Who is signed in.
    Me,
    /// A code to sign in with.
    SignIn(SignIn),
    /// A code to sign up with.
    SignUp(SignUp),
    /// The digits of either.
    Code(CodeGiven),
    /// A challenge to sign in by passkey.
    PasskeyChallenge,
    /// The challenge, signed.
    PasskeySigned(PasskeySigned),
    /// The end of this session.
    SignOut,
    /// Clearing the cookies, which signs out, too.
    CookiesClear,
    /// What an invitation offers.
    InvitationRead(InvitationLink),
    /// To join as somebody new.
    InvitationJoin(InvitationJoin),
    /// To join as who is signed in.
    InvitationAccept(InvitationLink),
    /// To stop a change of address.
    EmailStop(StopEmailChange),
    /// Another name or language.
    AccountChange(ChangeAccount),
    /// Another choice about statistics.
    PreferencesChange(ChangePreferences),
    /// A code to a new address.
    EmailChange(ChangeEmail),
    /// Its digits.
    EmailCode(CodeGiven),
    /// To keep the old address after all.
    EmailKeep,
    /// Devices that are signed in.
    Sessions,
    /// The end of one of them.
    SessionRevoke(SessionId),
    /// One's passkeys.
    Passkeys,
    /// What making one needs.
    PasskeyOffer,
    /// One that was made.
    PasskeyMade(PasskeyMade),
    /// The end of one.
    PasskeyRemove(PasskeyId),
    /// To open a further business.
    BusinessOpen(OpenBusiness),
    /// A business.
    Business(BusinessId),
    /// Another profile.
    BusinessChange(BusinessId, BusinessProfile),
    /// Other origins for one of its sites.
    OriginsChange(BusinessId, SiteId, ChangeOrigins),
    /// Its agreements.
    Acceptances(BusinessId),
    /// Its team.
    Team(BusinessId),
    /// An invitation.
    Invite(BusinessId, Invite),
    /// Taking one back.
    InvitationRevoke(BusinessId, InvitationId),
    /// Another role for a member.
    RoleChange(BusinessId, AccountId, ChangeRole),
    /// Sending a member away.
    MemberRemove(BusinessId, AccountId),
    /// Leaving.
    Leave(BusinessId),
    /// Handing over.
    Transfer(BusinessId, TransferOwnership),
    /// Its API tokens.
    Tokens(BusinessId),
    /// A new one.
    TokenMake(BusinessId, MakeApiToken),
    /// The end of one.
    TokenRevoke(BusinessId, ApiTokenId),
    /// A page of its audit log: of one deed by its name, or of all by none.
    Audit(BusinessId, &'static str, Option<AuditId>),
    /// Something of the inbox.
    Inbox(BusinessId, Box<InboxAsk>),
    /// How its chat is set up.
    Setup(BusinessId, Setup),
    /// How the business keeps its promises.
    Record(BusinessId, Record),
    /// Leaving for good.
    Leaving(Leaving),
    /// Rights over one's own data.
    Own(Own),
    /// What is counted of a period.
    Numbers(BusinessId, Window),
    /// A page of questions without an answer.
    Questions(BusinessId, Option<MessageId>),
    /// The answer to one of them, for the knowledge.
    QuestionAnswer(BusinessId, MessageId, WriteKnowledge),
    /// Putting one of them aside.
    QuestionPutAside(BusinessId, MessageId),
    /// A page of what visitors said about conversations.
    Comments(BusinessId, Option<Millis>),
    /// Counting a use of the dashboard.
    UseCount(&'static str),
    /// A page of the deployment's businesses.
    OperatedBusinesses(Option<BusinessId>),
    /// The deployment's jobs.
    OperatedJobs,
    /// What waits in it.
    OperatedQueues,
    /// How its dashboard was used.
    OperatedUses,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    Done,
    SignedIn,
    Door(Box<Door>),
    Me(Box<Me>),
    Code(CodeAsked),
    Challenge(PasskeyChallenge),
    Offer(PasskeyOffer),
    Invitation(InvitationOffer),
    EmailConfirmed(EmailConfirmed),
    Sessions(Sessions),
    Passkeys(Passkeys),
    Opened(OpenedBusiness),
    Business(Box<Business>),
    Acceptances(Acceptances),
    Team(Team),
    Invited(Invited),
    Tokens(ApiTokens),
    TokenMade(Box<MadeApiToken>),
    Audit(AuditPage),
    Inbox(Box<InboxAnswer>),
    Setup(Box<SetUp>),
    Record(Box<Recorded>),
    Leaving(Box<Left>),
    Own(OwnRequests),
    Numbers(Box<Numbers>),
    Questions(QuestionPage),
    Comments(CommentPage),
    OperatedBusinesses(OperatedBusinesses),
    OperatedJobs(OperatedJobs),
    OperatedQueues(OperatedQueues),
    OperatedUses(CountedUses),
}

/// Where on a page something was asked for: there the waiting and the refusal are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    SignIn,
    SignUp,
    Code,
    Passkey,
    Menu,
    Invitation,
    Stop,
    Profile,
    Preferences,
    Email,
    Session(SessionId),
    PasskeyAdd,
    PasskeyRow(PasskeyId),
    Open,
    Business,
    Origins,
    Invite,
    InvitationRow(InvitationId),
    Member(AccountId),
    TokenMake,
    Token(ApiTokenId),
    Inbox(Spot),
    More,
    Setup(SetupForm),
    Record(RecordForm),
    Leaving(LeavingForm),
    Own,
    Questions,
    Comments,
    Question(MessageId),
}

impl Form {
    /// It stands beside others on one page, each with a deed of its own.
    pub const fn is_card(self) -> bool {
        matches!(self, Self::Inbox(Spot::Reply(_) | Spot::Label(_) | Spot::View | Spot::HandOff))
    }
}

impl Ask {
    /// The form that it was asked from; `None` for what a page asks by itself.
    pub fn form(&self) -> Option<Form> {
        Some(match self {
            Self::Inbox(_, ask) => return ask.spot().map(Form::Inbox),
            Self::Door | Self::Me | Self::Sessions | Self::Passkeys | Self::InvitationRead(_) => return None,
            Self::Business(_) | Self::Acceptances(_) | Self::Team(_) | Self::Tokens(_) => return None,
            Self::Numbers(..) | Self::UseCount(_) => return None,
            Self::Questions(..) => Form::Questions,
            Self::Comments(..) => Form::Comments,
            Self::QuestionAnswer(_, message, _) | Self::QuestionPutAside(_, message) => {
                Form::Question(*message)
            }
            Self::OperatedJobs | Self::OperatedQueues | Self::OperatedUses => return None,
            Self::Audit(_, _, None) | Self::OperatedBusinesses(None) => return None,
            Self::Audit(_, _, Some(_)) | Self::OperatedBusinesses(Some(_)) => Form::More,
            Self::SignIn(_) => Form::SignIn,
            Self::SignUp(_) => Form::SignUp,
            Self::Code(_) | Self::EmailCode(_) => Form::Code,
            Self::PasskeyChallenge | Self::PasskeySigned(_) => Form::Passkey,
            Self::SignOut => Form::Menu,
            Self::CookiesClear => Form::Preferences,
            Self::InvitationJoin(_) | Self::InvitationAccept(_) => Form::Invitation,
            Self::EmailStop(_) => Form::Stop,
            Self::AccountChange(_) => Form::Profile,
            Self::PreferencesChange(_) => Form::Preferences,
            Self::EmailChange(_) | Self::EmailKeep => Form::Email,
            Self::SessionRevoke(session) => Form::Session(*session),
            Self::PasskeyOffer | Self::PasskeyMade(_) => Form::PasskeyAdd,
            Self::PasskeyRemove(passkey) => Form::PasskeyRow(*passkey),
            Self::BusinessOpen(_) => Form::Open,
            Self::BusinessChange(..) => Form::Business,
            Self::OriginsChange(..) => Form::Origins,
            Self::Invite(..) => Form::Invite,
            Self::InvitationRevoke(_, invitation) => Form::InvitationRow(*invitation),
            Self::RoleChange(_, account, _) | Self::MemberRemove(_, account) => Form::Member(*account),
            Self::Transfer(_, transfer) => Form::Member(transfer.account),
            Self::Leave(_) => Form::Menu,
            Self::TokenMake(..) => Form::TokenMake,
            Self::TokenRevoke(_, token) => Form::Token(*token),
            Self::Setup(_, setup) => return setup.form(),
            Self::Record(_, record) => return record.form(),
            Self::Leaving(leaving) => return leaving.form(),
            Self::Own(own) => return own.form(),
        })
    }

    /// The business that it is about.
    pub const fn business(&self) -> Option<BusinessId> {
        match self {
            Self::Business(business)
            | Self::BusinessChange(business, _)
            | Self::OriginsChange(business, ..)
            | Self::Acceptances(business)
            | Self::Team(business)
            | Self::Invite(business, _)
            | Self::InvitationRevoke(business, _)
            | Self::RoleChange(business, ..)
            | Self::MemberRemove(business, _)
            | Self::Leave(business)
            | Self::Transfer(business, _)
            | Self::Tokens(business)
            | Self::TokenMake(business, _)
            | Self::TokenRevoke(business, _)
            | Self::Audit(business, ..)
            | Self::Inbox(business, _)
            | Self::Setup(business, _)
            | Self::Record(business, _)
            | Self::Numbers(business, _)
            | Self::Questions(business, _)
            | Self::QuestionAnswer(business, ..)
            | Self::QuestionPutAside(business, _)
            | Self::Comments(business, _) => Some(*business),
            Self::Leaving(leaving) => leaving.business(),
            _ => None,
        }
    }
}
