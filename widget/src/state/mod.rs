//! Everything the frame knows, and how it changes: a pure `update` that takes an event and says what to do.
//!
//! No browser, no clock, no dice in here: `now` and `dice` are handed in, and what must happen in the world comes
//! back as [`Effect`]s for `shell` to perform. So drops, repeats and reordering can be tested by the thousand.

mod consent;
mod link;
mod memory;
mod rows;
mod screen;
mod sending;
mod thread;
mod update;

#[cfg(test)]
mod tests;

use shared::id::{ConsentId, ConversationId, DraftId};
use shared::privacy::Secret;
use shared::rules::language::language_primary;
use shared::time::Millis;
use shared::wire::consent::{Choice, RecordConsent};
use shared::wire::file::Attachment;
use shared::wire::frame::Frame;
use shared::wire::live::{LiveCommand, LiveEvent};
use shared::wire::message::{Message, Origin};
use shared::wire::problem::{Kind, Problem};
use shared::wire::widget::{
    AddressState, Catchup, MintedVisitor, OpenConversation, OpenedConversation, SendMessage, Ticket,
};

pub use consent::Consent;
pub use link::{Alarm, Link};
pub use memory::Remembered;
pub use rows::RowKey;
#[cfg(test)]
pub use screen::Screen;
pub use thread::{Draft, Progress, Thread};
pub use update::update;

/// Where the conversation stands, as the edge names it.
pub use shared::wire::widget::State as Stage;

/// Why a call brought nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// No answer came: no connection, or the edge could not be reached.
    Network,
    /// The edge said no, and why.
    Said {
        /// From the closed list; `Internal` where this frame does not know the kind.
        kind: Kind,
        /// What to quote when reporting it.
        reference: String,
        /// Seconds to wait, where waiting helps.
        retry_after_s: Option<u32>,
    },
}

impl Refusal {
    /// The refusal behind a problem document.
    pub fn from_problem(problem: &Problem) -> Self {
        Self::Said {
            kind: problem.kind().unwrap_or(Kind::Internal),
            reference: problem.reference.to_string(),
            retry_after_s: problem.retry_after_s,
        }
    }

    /// A refusal that this side makes itself.
    pub const fn of(kind: Kind) -> Self {
        Self::Said { kind, reference: String::new(), retry_after_s: None }
    }

    /// How long the edge wants to be left alone; 0 where it did not say.
    pub const fn retry_after_ms(&self) -> u32 {
        match self {
            Self::Said { retry_after_s: Some(seconds), .. } => seconds.saturating_mul(1_000),
            _ => 0,
        }
    }

    /// The kind, where the edge answered at all.
    pub const fn kind(&self) -> Option<Kind> {
        match self {
            Self::Network => None,
            Self::Said { kind, .. } => Some(*kind),
        }
    }
}

/// What opens a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The conversation.
    pub conversation: ConversationId,
    /// Its token.
    pub token: Secret<String>,
}

/// What the panel shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// The conversation.
    Chat,
    /// Who is responsible, how long, and what the visitor can do about it.
    About,
}

/// Where the focus goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Into the composer.
    Composer,
    /// Into the composer too, where what had the focus is gone from the page; elsewhere it stays where it is.
    Kept,
    /// To the button that leads to the view about this chat.
    About,
    /// To the way back from that view.
    Back,
    /// To the choices of the consent strip.
    Choices,
}

/// A form that is loaded when it is wanted; `widget/later` has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Leaving an address.
    Address,
    /// Choosing files.
    Attach,
    /// A code that leads back to the conversation.
    Code,
    /// How the chat was.
    Rating,
    /// The privacy centre, which gets to know whose data it shows.
    Rights,
}

impl Form {
    /// What `later.js` calls it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Attach => "attach",
            Self::Code => "code",
            Self::Rating => "rating",
            Self::Rights => "rights",
        }
    }
}

/// A quiet sentence under the thread, about the chat itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// A person was wanted before there was a message.
    PersonFirst,
    /// The chat was ended on this device.
    Ended,
    /// A new conversation began.
    Renewed,
    /// The consent is in the ledger.
    ConsentRecorded,
    /// The connection came back.
    Back,
    /// A form that was wanted did not come.
    FormFailed,
    /// Files lie with a conversation that nothing can be sent into any more.
    FilesAgain,
}

/// Something happened.
#[derive(Debug)]
pub enum Event {
    /// The frame came to life, perhaps in a tab that remembers a conversation.
    Booted(Option<Remembered>),
    /// The loader said hello from this origin.
    Greeted(String),
    /// The panel is open, or no longer.
    Shown(bool),
    /// The tab is in front, or no longer.
    Visible(bool),
    /// The network is there, or no longer.
    Online(bool),
    /// The host page asks for another language.
    LocaleAsked(String),
    /// The host page says whom the business calls this visitor, by a token that its server signed.
    Named(Secret<String>),
    /// That was answered.
    NameAnswered(ConversationId, Result<(), Refusal>),
    /// The site's texts came in another language, or anew.
    FrameLoaded(Box<Frame>),
    /// The site says anew who answers when.
    Looked(Box<Frame>),
    /// The visitor sends.
    Submitted(DraftId, String),
    /// The visitor sends files that were uploaded.
    FilesSubmitted(DraftId, Vec<Attachment>),
    /// The visitor sends again what failed.
    RetryAsked(DraftId),
    /// The visitor is writing.
    Typed,
    /// The first message was answered.
    Opened(DraftId, Result<Box<OpenedConversation>, Refusal>),
    /// A further message was answered.
    Sent(DraftId, Result<Box<Message>, Refusal>),
    /// A visitor's token was asked for.
    Minted(Result<MintedVisitor, Refusal>),
    /// The visitor wants a person.
    PersonAsked,
    /// The wish was answered, in this conversation.
    PersonAnswered(ConversationId, Result<(), Refusal>),
    /// A ticket was asked for, in this attempt.
    Ticketed(u32, Result<Ticket, Refusal>),
    /// The socket of this attempt is open.
    SocketOpened(u32),
    /// The socket of this attempt said something.
    SocketHeard(u32, Option<Box<LiveEvent>>),
    /// The socket of this attempt is gone.
    SocketClosed(u32),
    /// A poll of this attempt was answered.
    Polled(u32, Result<Box<Catchup>, Refusal>),
    /// An alarm of this attempt rang.
    Rang(u32, Alarm),
    /// The visitor wants a form.
    FormAsked(Form),
    /// A form did not come; `true` where its file is gone, because the page is older than the deployment.
    FormFailed(bool),
    /// The visitor left an address.
    Addressed,
    /// The visitor said how the chat was, or that they would rather not.
    Rated,
    /// The visitor chose, in the strip.
    ConsentChosen(ConsentId, Choice),
    /// The choice was answered.
    ConsentAnswered(Result<(), Refusal>),
    /// The visitor wants to choose again.
    ConsentReopened,
    /// The visitor goes to a view.
    ViewChosen(View),
    /// The visitor leaves this conversation; `true` begins a new one at once.
    Left(bool),
    /// The device does not take the entry.
    StorageRefused,
}

/// What the host page's loader is told: ids and counts, never text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Post {
    /// So many messages were not seen yet.
    Unread(u32),
    /// For the host's listeners: a name, and one detail.
    Event(&'static str, &'static str, String),
}

/// Something must happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Ask for a visitor's token.
    Mint(String),
    /// Send the first message.
    Open(Secret<String>, OpenConversation),
    /// Send a further one.
    Send(Credentials, SendMessage),
    /// Ask for a person.
    AskPerson(Credentials),
    /// Say whom the business calls this visitor.
    Name(Credentials, Secret<String>),
    /// Record a choice.
    Record(Secret<String>, RecordConsent),
    /// Let go of a conversation at the edge.
    Leave(Credentials),
    /// Ask for a ticket, in this attempt.
    Ticket(u32, Credentials),
    /// Open a socket, in this attempt.
    Connect(u32, ConversationId, Secret<String>),
    /// Close the socket, if there is one.
    Disconnect,
    /// Say something through the socket.
    Command(LiveCommand),
    /// Keep the socket awake.
    Ping,
    /// Ask for what follows the cursor, in this attempt.
    Poll(u32, Credentials, u32),
    /// Ring after so many milliseconds.
    Wake(u32, Alarm, u32),
    /// Write the one entry of the device.
    Remember(Remembered),
    /// Remove it.
    Forget,
    /// Get the site's texts in a language.
    LoadFrame(String),
    /// Ask the site who answers when.
    Look,
    /// Load a form and draw it.
    Form(Form, Credentials),
    /// Take away the form under the thread: it is about a conversation that is left.
    FormEnd,
    /// Tell the loader.
    Post(Post),
    /// Show the end of the thread.
    ScrollDown,
    /// Move the focus, once the page shows what changed.
    Focus(Place),
}

/// Everything the frame knows.
#[derive(Debug, Clone)]
pub struct State {
    /// The site's public settings.
    pub frame: Frame,
    /// The messages.
    pub thread: Thread,
    /// Where the conversation stands.
    pub stage: Stage,
    /// How events come in.
    pub link: link::Connection,
    /// The strip and what it led to.
    pub consent: Consent,
    /// What the panel shows.
    pub view: View,
    /// The quiet sentence, if there is one.
    pub line: Option<Line>,
    /// Messages that came while the panel was closed.
    pub unread: u32,
    typing: Option<Origin>,
    /// The name of the person who answers, where one does and is known by name.
    pub person: Option<String>,
    /// What became of the address that the visitor left.
    pub address: Option<AddressState>,
    /// What opens the conversation, once there is one.
    pub credentials: Option<Credentials>,
    /// The conversation is held still at the visitor's own request.
    pub is_held: bool,
    /// Why the last wish that is no message was refused.
    pub refusal: Option<Refusal>,
    /// The page is older than the deployment: loading it again helps.
    pub outdated: bool,
    /// Minutes to add to UTC for the visitor's own clock.
    pub zone_min: i32,
    shown: bool,
    locale_asked: Option<String>,
    named: Option<Secret<String>>,
    host_origin: Option<String>,
    minting: bool,
    minted_anew: bool,
    in_flight: Option<DraftId>,
    person_wanted: bool,
    restoring: bool,
    lost: bool,
    typing_signs: u32,
    typed_at: Millis,
    remembered_at: Millis,
    looked_at: Millis,
    memory_only: bool,
    rating_asked: bool,
}

impl State {
    /// The state before anything happened. `zone_min` is what the visitor's clock adds to UTC; `shown` is true
    /// where no loader says otherwise.
    pub fn new(frame: Frame, zone_min: i32, shown: bool) -> Self {
        let consent = Consent::new(frame.opted_out);
        let looked_at = frame.now;
        Self {
            frame,
            thread: Thread::default(),
            stage: Stage::Ai,
            link: link::Connection::default(),
            consent,
            view: View::Chat,
            line: None,
            unread: 0,
            typing: None,
            person: None,
            address: None,
            credentials: None,
            is_held: false,
            refusal: None,
            outdated: false,
            zone_min,
            shown,
            locale_asked: None,
            named: None,
            host_origin: None,
            minting: false,
            minted_anew: false,
            in_flight: None,
            person_wanted: false,
            restoring: false,
            lost: false,
            typing_signs: 0,
            typed_at: Millis::new(0),
            remembered_at: Millis::new(0),
            looked_at,
            memory_only: false,
            rating_asked: false,
        }
    }

    /// The language of the interface: that of the site's texts.
    pub fn language(&self) -> String {
        language_primary(&self.frame.locale).unwrap_or_default()
    }

    /// The first catch-up of a remembered conversation has not come yet; what it brings is no news.
    pub const fn is_restoring(&self) -> bool {
        self.restoring
    }

    /// Nothing more comes of this conversation: this device may not open it any longer.
    pub const fn is_over(&self) -> bool {
        self.lost
    }

    /// The team closed the conversation. It stays what it is, and the visitor's next word opens it again.
    pub fn is_closed(&self) -> bool {
        !self.lost && self.stage == Stage::Closed
    }

    /// These are the texts that were asked for last: of two languages chosen in a row, the slower one is late.
    pub fn wants_locale(&self, locale: &str) -> bool {
        self.locale_asked.as_deref().is_none_or(|asked| language_primary(asked) == language_primary(locale))
    }

    /// Nothing can be sent or asked for: the visitor had this conversation held still, and it is not over.
    pub const fn is_still(&self) -> bool {
        self.is_held && !self.lost
    }

    /// A person can still be asked for: a machine answers, and nobody asked yet.
    pub fn person_can_be_asked(&self) -> bool {
        self.frame.ai && self.stage == Stage::Ai && !self.is_over() && !self.is_still()
    }

    /// This is the conversation that is shown.
    fn is_in(&self, conversation: ConversationId) -> bool {
        self.credentials.as_ref().is_some_and(|here| here.conversation == conversation)
    }

    /// The AI notice is due: a machine answers here, and no person has spoken (promise B10).
    pub fn ai_notice_is_due(&self) -> bool {
        self.frame.ai && self.stage != Stage::Human && !self.thread.has_human() // keeps B10 | without: false
    }

    /// The business lives by another clock than the visitor, so a time of day needs its zone.
    pub fn zone_differs(&self) -> bool {
        self.frame.zone_min.is_some_and(|zone_min| zone_min != self.zone_min)
    }

    /// Who else is typing, if somebody is.
    pub fn typing(&self) -> Option<Origin> {
        self.typing.filter(|_| self.typing_signs > 0)
    }

    /// The device keeps nothing, so the chat ends with the page.
    pub fn ends_with_the_page(&self) -> bool {
        self.memory_only && self.credentials.is_some()
    }
}
