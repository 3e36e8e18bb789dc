//! What a conversation does, on either target: it takes commands, keeps the machine, and tells everybody in the room.
//!
//! The room never holds a borrow across an await, and never relies on being alone: what must not happen twice is
//! guarded in the database.

mod desk;
mod turns;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use futures::future::{AbortHandle, LocalBoxFuture};
use shared::id::{AccountId, ConversationId, NoteId, TurnId};
use shared::limits::{TURN_WATCHDOG_MS, VISITOR_TOUCH_MS};
use shared::privacy::Personal;
use shared::time::Millis;
use shared::wire::admin::inbox::conversation::{DeskCatchup, DeskMessage};
use shared::wire::widget::{Catchup, RunningTurn, State};

use super::machine::{Effect, Event, Machine};
use super::protocol::{Command, Envelope, Reply};
use super::told::Told;
use crate::app::App;
use crate::objects::inbox::protocol::News;
use crate::ops::{self, OpError, conversation, inbox, message};
use crate::store::scope::{BusinessScope, ThreadScope};

/// What the room needs of the object around it.
pub trait Walls {
    /// Tells everybody in the room.
    fn tell(&self, told: &Told);
    /// The visitor has a socket open.
    fn has_visitor(&self) -> bool;
    /// Tells the business's inbox that something in this conversation changed.
    fn tell_inbox(&self, business: BusinessScope, news: News);
    /// Closes the sockets of a member.
    fn send_out_member(&self, account: AccountId);
    /// Runs something that outlives the command, while the object stays awake.
    fn spawn(&self, work: LocalBoxFuture<'static, ()>);
    /// Remembers the thread and when to look after a turn, across a restart; `None` when no turn runs any more.
    fn watch(&self, scope: ThreadScope, ring_at: Option<Millis>) -> LocalBoxFuture<'_, ()>;
    /// Closes the sockets that a token let in.
    fn send_out(&self, token_hash: &str);
    /// Sends everybody out.
    fn send_everybody_out(&self);
    /// Sends everybody out and forgets the thread and its alarm.
    fn tear_down(&self) -> LocalBoxFuture<'_, ()>;
}

/// A conversation's room.
pub struct Room<W> {
    app: Rc<App>,
    walls: W,
    memory: RefCell<Memory>,
}

#[derive(Default)]
struct Memory {
    machine: Option<Machine>,
    running: Option<Running>,
    /// A turn that the database granted while the one before was still leaving the room.
    granted: Option<TurnId>,
    /// When something is to be done here by itself, as the database last said.
    due_at: Option<Millis>,
    /// Tickets that were let in, with the time after which they would be refused anyway.
    spent: BTreeMap<[u8; 16], Millis>,
}

struct Running {
    turn: TurnId,
    text: String,
    stop: AbortHandle,
}

impl<W: Walls + Clone + 'static> Room<W> {
    /// A room that nobody spoke in since the object woke.
    pub fn new(app: Rc<App>, walls: W) -> Rc<Self> {
        Rc::new(Self { app, walls, memory: RefCell::default() })
    }

    /// What is around the room.
    pub const fn walls(&self) -> &W {
        &self.walls
    }

    /// Takes a command. Faults are logged here, once, and answered with a reference.
    pub async fn handle(self: &Rc<Self>, envelope: Envelope) -> Reply {
        let scope = ThreadScope::from(envelope.thread);
        let done = match envelope.command {
            Command::Open(draft, arrival, token_hash) => {
                let opened =
                    conversation::conversation_open(&self.app, &scope, &draft, &arrival, &token_hash);
                match opened.await {
                    Ok(kept) => self.keep(scope, kept).await,
                    Err(fault) => Err(fault),
                }
            }
            Command::Send(draft) => match message::message_send(&self.app, &scope, &draft).await {
                Ok(kept) => self.keep(scope, kept).await,
                Err(fault) => Err(fault),
            },
            Command::Catchup(after) => self.catchup(&scope, after).await.map(Reply::Catchup),
            Command::RequestPerson => self.request_person(scope).await,
            Command::Leave(token_hash) => {
                self.walls.send_out(&token_hash);
                Ok(Reply::Done)
            }
            Command::Desk(account, deed) => self.desk(scope, account, deed).await,
            Command::DeskCatchup(after, after_note) => {
                self.desk_catchup(&scope, after, after_note).await.map(Reply::DeskCatchup)
            }
            Command::Look => Ok(Reply::Looked(self.walls.has_visitor(), self.running())),
            Command::SendOut(account) => {
                self.walls.send_out_member(account);
                Ok(Reply::Done)
            }
        };
        match done {
            Ok(reply) => reply,
            Err(OpError::Denied(denial)) => Reply::Denied(denial),
            Err(OpError::Reported(reference)) => Reply::Failed(reference),
            Err(OpError::Fault(fault)) => Reply::Failed(crate::log::fault(&self.app, "conversation", &fault)),
        }
    }

    /// What follows a cursor, with the answer that is being written.
    ///
    /// The running words are taken after the read, with no wait before they are sent: whoever asks is in the room
    /// already, and older words would wipe out those that it heard meanwhile.
    pub async fn catchup(&self, scope: &ThreadScope, after: u32) -> Result<Catchup, OpError> {
        let before = self.running().map(|running| running.turn);
        let mut followed = message::message_list(&self.app, scope, after).await?;
        let now = self.running().map(|running| running.turn);
        if before.is_some() && now != before {
            // The answer was written during the read, perhaps behind it: neither words nor message would be told.
            followed = message::message_list(&self.app, scope, after).await?;
        }
        self.arrived(scope, &followed);
        Ok(Catchup { turn: self.running(), ..followed.catchup })
    }

    /// Notes what reached the visitor's client with this answer, where the team sees a difference: a person's words, or
    /// that the visitor is there again.
    fn arrived(&self, scope: &ThreadScope, followed: &message::Followed) {
        let reached = followed.catchup.messages.last().map_or(0, |message| message.sequence);
        let is_news = reached > followed.delivered && followed.human > followed.delivered;
        let is_back = self.app.clock.now().since_ms(followed.present_at) > VISITOR_TOUCH_MS;
        if is_news || is_back {
            self.mark(*scope, reached, 0);
        }
    }

    /// Notes how far the visitor's client has got, without anybody waiting for it.
    fn mark(&self, scope: ThreadScope, delivered: u32, seen: u32) {
        let app = Rc::clone(&self.app);
        let walls = self.walls.clone();
        self.walls.spawn(Box::pin(async move {
            match ops::desk::visitor_mark(&app, &scope, delivered, seen).await {
                Ok(marks) => {
                    if let Some(marks) = marks {
                        walls.tell(&Told::Marks(marks));
                        walls.tell_inbox(scope.business, News::changed(scope.conversation));
                    }
                }
                Err(failure) => crate::log::failed(&app, "conversation", &failure),
            }
        }));
    }

    /// The visitor's client says what it showed.
    pub fn seen(&self, scope: ThreadScope, sequence: u32) {
        self.mark(scope, sequence, sequence);
    }

    /// The visitor came or went: lists show it.
    pub fn visitor_moved(&self, scope: ThreadScope) {
        self.mark(scope, 0, 0);
    }

    /// What follows a cursor and a note, for members, with the answer that is being written.
    pub async fn desk_catchup(
        &self,
        scope: &ThreadScope,
        after: u32,
        after_note: Option<NoteId>,
    ) -> Result<DeskCatchup, OpError> {
        let before = self.running().map(|running| running.turn);
        let mut catchup = inbox::desk_catchup(&self.app, scope, after, after_note).await?;
        let now = self.running().map(|running| running.turn);
        if before.is_some() && now != before {
            catchup = inbox::desk_catchup(&self.app, scope, after, after_note).await?;
        }
        Ok(DeskCatchup { turn: self.running(), ..catchup })
    }

    /// Sets the alarm for whatever comes first: the end of a turn that runs, or something that is due by itself.
    async fn arm(&self, scope: ThreadScope) {
        let (turn, due_at) = {
            let memory = self.memory.borrow();
            (memory.running.is_some(), memory.due_at)
        };
        let turn = turn.then(|| self.watchdog_at());
        self.walls.watch(scope, [turn, due_at].into_iter().flatten().min()).await;
    }

    fn running(&self) -> Option<RunningTurn> {
        let memory = self.memory.borrow();
        let running = memory.running.as_ref()?;
        Some(RunningTurn { turn: running.turn, text: Personal::new(running.text.clone()) })
    }

    /// Lets a ticket in, once.
    pub fn ticket_spend(&self, nonce: [u8; 16], expires_at: Millis) -> bool {
        let now = self.app.clock.now();
        let mut memory = self.memory.borrow_mut();
        memory.spent.retain(|_, until| *until >= now);
        memory.spent.insert(nonce, expires_at).is_none()
    }

    /// Sends everybody out and forgets: what this conversation said is being erased. An answer that is being written
    /// is stopped, and what it still tries to keep is refused by the database. The team's lists and desks let go of it,
    /// too.
    pub async fn empty(&self, business: BusinessScope, conversation: ConversationId) {
        let running = std::mem::take(&mut *self.memory.borrow_mut()).running;
        if let Some(running) = running {
            running.stop.abort();
        }
        self.walls.tear_down().await;
        self.walls.tell_inbox(business, News::Gone(conversation));
    }

    /// Sends everybody out and stops the answer that is being written: this conversation is held still. The alarm stays
    /// as it was set, for a thread that goes on again needs what was due in it.
    pub fn hold(&self, business: BusinessScope, conversation: ConversationId) {
        let running = {
            let mut memory = self.memory.borrow_mut();
            memory.machine = None;
            memory.granted = None;
            memory.running.take()
        };
        if let Some(running) = running {
            running.stop.abort();
        }
        self.walls.send_everybody_out();
        self.walls.tell_inbox(business, News::changed(conversation));
    }

    /// The alarm rang: something is due by itself, or a turn that no longer runs here was lost by a restart, or could not be
    /// ended. As long as it stands in the database nobody is answered, so the alarm rings again until it is ended.
    pub async fn alarm(self: &Rc<Self>, scope: ThreadScope) {
        match ops::desk::conversation_tick(&self.app, &scope, self.walls.has_visitor()).await {
            Ok(tick) => {
                self.memory.borrow_mut().due_at = tick.due_at;
                let has_message = tick.message.is_some();
                if let Some(message) = tick.message {
                    self.walls.tell(&Told::Message(DeskMessage { message, by: None }));
                }
                if tick.has_changed || has_message {
                    self.walls.tell_inbox(scope.business, News::changed(scope.conversation));
                }
            }
            Err(failure) => {
                crate::log::failed(&self.app, "conversation", &failure);
                self.memory.borrow_mut().due_at = Some(self.watchdog_at());
            }
        }
        self.watchdog(scope).await;
    }

    fn watchdog_at(&self) -> Millis {
        self.app.clock.now().plus_ms(TURN_WATCHDOG_MS)
    }

    /// Takes the database's word for where the thread stands.
    fn stand(&self, state: State, turn: Option<TurnId>) {
        let mut memory = self.memory.borrow_mut();
        let waiting = memory.machine.is_some_and(|machine| machine.waiting);
        memory.machine = Some(Machine { waiting, ..Machine::new(state, turn) });
    }

    /// Tells the room of a message and has it answered. A draft that came in again changes nothing.
    async fn keep(self: &Rc<Self>, scope: ThreadScope, kept: message::Kept) -> Result<Reply, OpError> {
        let Some(news) = kept.news else { return Ok(Reply::Kept(kept.message)) };
        self.walls.tell(&Told::Message(DeskMessage { message: kept.message.clone(), by: None }));
        if news.reopened {
            self.stand(news.state, None);
            self.walls.tell(&Told::State(news.state));
        }
        let busy = {
            let mut memory = self.memory.borrow_mut();
            memory.due_at = news.due_at;
            let machine = memory.machine.get_or_insert(Machine::new(news.state, news.running));
            let busy = machine.turn.is_some();
            if busy && news.granted.is_some() {
                memory.granted = news.granted;
            }
            busy
        };
        let turn = match news.granted {
            Some(turn) => Some(turn),
            // Its own turn comes after the one that runs.
            None if busy => Some(TurnId::mint(self.app.clock.now(), self.app.rng.bytes()?)),
            // No machine answers here.
            None => None,
        };
        let change = if news.is_first_word && matches!(news.state, State::Requested | State::Human) {
            News::call(scope.conversation, None)
        } else {
            News::changed(scope.conversation)
        };
        self.walls.tell_inbox(scope.business, change);
        match turn {
            Some(turn) => drop(self.step(scope, Event::VisitorWrote(turn)).await),
            None if news.due_at.is_some() => self.arm(scope).await,
            None => {}
        }
        Ok(Reply::Kept(kept.message))
    }

    async fn request_person(self: &Rc<Self>, scope: ThreadScope) -> Result<Reply, OpError> {
        let requested = conversation::person_request(&self.app, &scope).await?;
        let Some((notice, due_at)) = requested else {
            self.step(scope, Event::PersonRequested).await;
            return self.catchup(&scope, u32::MAX).await.map(Reply::Catchup);
        };
        self.walls.tell(&Told::Message(DeskMessage { message: notice.clone(), by: None }));
        self.step(scope, Event::PersonRequested).await;
        self.memory.borrow_mut().due_at = due_at;
        self.arm(scope).await;
        self.walls.tell_inbox(scope.business, News::call(scope.conversation, None));
        Ok(Reply::Kept(notice))
    }

    /// Feeds the machine and does what it says. `false` where a lost turn could not be ended.
    fn step(self: &Rc<Self>, scope: ThreadScope, event: Event) -> LocalBoxFuture<'_, bool> {
        Box::pin(async move {
            let effects = match self.memory.borrow_mut().machine.as_mut() {
                Some(machine) => machine.apply(event),
                None => Vec::new(),
            };
            let mut done = true;
            for effect in effects {
                match effect {
                    Effect::Run(turn) => self.run(scope, turn).await,
                    Effect::Cancel(turn) => self.cancel(turn),
                    Effect::GiveUp(turn) => done = self.give_up(scope, turn).await,
                    Effect::Announce(state) => self.walls.tell(&Told::State(state)),
                }
            }
            done
        })
    }
}
