//! What a conversation does, on either target: it takes commands, keeps the machine, and tells everybody in the room.
//!
//! The room never holds a borrow across an await, and never relies on being alone: what must not happen twice is
//! guarded in the database.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use futures::future::{AbortHandle, Abortable, LocalBoxFuture};
use shared::id::TurnId;
use shared::limits::TURN_WATCHDOG_MS;
use shared::privacy::Personal;
use shared::time::Millis;
use shared::wire::live::LiveEvent;
use shared::wire::widget::{Catchup, RunningTurn, State};

use super::machine::{Effect, Event, Machine};
use super::protocol::{Command, Envelope, Reply};
use crate::app::App;
use crate::ops::{OpError, conversation, message, turn};
use crate::store::scope::ThreadScope;

/// What the room needs of the object around it.
pub trait Walls {
    /// Tells everybody in the room.
    fn tell(&self, event: &LiveEvent);
    /// Runs something that outlives the command, while the object stays awake.
    fn spawn(&self, work: LocalBoxFuture<'static, ()>);
    /// Remembers the thread and when to look after a turn, across a restart; `None` when no turn runs any more.
    fn watch(&self, scope: ThreadScope, ring_at: Option<Millis>) -> LocalBoxFuture<'_, ()>;
    /// Closes the sockets that a token let in.
    fn send_out(&self, token_hash: &str);
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
    /// Tickets that were let in, with the time after which they would be refused anyway.
    spent: BTreeMap<[u8; 16], Millis>,
}

struct Running {
    turn: TurnId,
    text: String,
    stop: AbortHandle,
}

impl<W: Walls + 'static> Room<W> {
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
        let mut catchup = message::message_list(&self.app, scope, after).await?;
        let now = self.running().map(|running| running.turn);
        if before.is_some() && now != before {
            // The answer was written during the read, perhaps behind it: neither words nor message would be told.
            catchup = message::message_list(&self.app, scope, after).await?;
        }
        Ok(Catchup { turn: self.running(), ..catchup })
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
    /// is stopped, and what it still tries to keep is refused by the database.
    pub async fn empty(&self) {
        let running = std::mem::take(&mut *self.memory.borrow_mut()).running;
        if let Some(running) = running {
            running.stop.abort();
        }
        self.walls.tear_down().await;
    }

    /// The alarm rang: a turn that no longer runs here was lost by a restart, or could not be ended. As long as it
    /// stands in the database nobody is answered, so the alarm rings again until it is ended.
    pub async fn watchdog(self: &Rc<Self>, scope: ThreadScope) {
        if self.memory.borrow().running.is_some() {
            return self.walls.watch(scope, Some(self.watchdog_at())).await;
        }
        let found = match turn::turn_find(&self.app, &scope).await {
            Ok(Some(found)) => found,
            // Erased meanwhile.
            Ok(None) => return self.walls.watch(scope, None).await,
            Err(_) => return self.walls.watch(scope, Some(self.watchdog_at())).await,
        };
        self.stand(found.state, found.turn);
        if !self.step(scope, Event::WatchdogRang).await {
            self.stand(found.state, found.turn);
            return self.walls.watch(scope, Some(self.watchdog_at())).await;
        }
        self.walls.watch(scope, None).await;
        self.follow(scope).await;
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
        self.walls.tell(&LiveEvent::Message(kept.message.clone()));
        let busy = {
            let mut memory = self.memory.borrow_mut();
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
        if let Some(turn) = turn {
            self.step(scope, Event::VisitorWrote(turn)).await;
        }
        Ok(Reply::Kept(kept.message))
    }

    async fn request_person(self: &Rc<Self>, scope: ThreadScope) -> Result<Reply, OpError> {
        let notice = conversation::person_request(&self.app, &scope).await?;
        if let Some(notice) = &notice {
            self.walls.tell(&LiveEvent::Message(notice.clone()));
        }
        self.step(scope, Event::PersonRequested).await;
        match notice {
            Some(notice) => Ok(Reply::Kept(notice)),
            None => self.catchup(&scope, u32::MAX).await.map(Reply::Catchup),
        }
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
                    Effect::Announce(state) => self.walls.tell(&LiveEvent::State(state)),
                }
            }
            done
        })
    }

    async fn run(self: &Rc<Self>, scope: ThreadScope, turn: TurnId) {
        let (stop, registration) = AbortHandle::new_pair();
        self.memory.borrow_mut().running = Some(Running { turn, text: String::new(), stop });
        // The watchdog is set before the first call: a restart at any later point finds it.
        self.walls.watch(scope, Some(self.watchdog_at())).await;
        self.walls.tell(&LiveEvent::TurnStarted { turn });
        let room = Rc::clone(self);
        let work = async move {
            let hear = |at: u32, words: &str| room.hear(turn, at, words);
            let done = turn::turn_run(&room.app, &scope, turn, &hear).await;
            room.finish(scope, turn, done).await;
        };
        let work = Abortable::new(work, registration);
        self.walls.spawn(Box::pin(async move {
            // An aborted turn has nothing left to say: whoever stopped it has told the room.
            let _stopped = work.await;
        }));
    }

    /// Words of a running turn: kept for those who come late, told to those who are there.
    fn hear(&self, turn: TurnId, at: u32, words: &str) {
        if let Some(running) = self.memory.borrow_mut().running.as_mut()
            && running.turn == turn
        {
            let keep =
                running.text.char_indices().nth(at as usize).map_or(running.text.len(), |(index, _)| index);
            running.text.truncate(keep);
            running.text.push_str(words);
        }
        self.walls.tell(&LiveEvent::Delta { turn, at, text: Personal::new(words.to_owned()) });
    }

    async fn finish(
        self: &Rc<Self>,
        scope: ThreadScope,
        turn: TurnId,
        done: Result<Vec<shared::wire::message::Message>, OpError>,
    ) {
        let over = match done {
            Ok(messages) => {
                for message in messages {
                    self.walls.tell(&LiveEvent::Message(message));
                }
                true
            }
            Err(OpError::Denied(_) | OpError::Reported(_)) => true,
            Err(OpError::Fault(fault)) => {
                crate::log::fault(&self.app, "turn", &fault);
                self.give_up(scope, turn).await
            }
        };
        self.memory.borrow_mut().running = None;
        self.walls.tell(&LiveEvent::TurnEnded { turn });
        if !over {
            // The turn still stands in the database: the watchdog ends it, and messages wait for that.
            return self.walls.watch(scope, Some(self.watchdog_at())).await;
        }
        self.walls.watch(scope, None).await;
        self.step(scope, Event::TurnOver(turn)).await;
        self.follow(scope).await;
    }

    /// Begins the turn that a message written meanwhile waits for.
    async fn follow(self: &Rc<Self>, scope: ThreadScope) {
        let (waits, granted) = {
            let mut memory = self.memory.borrow_mut();
            (memory.machine.is_some_and(|machine| machine.waiting), memory.granted.take())
        };
        if !waits {
            return;
        }
        let next = match granted {
            Some(turn) => turn,
            None => {
                let Ok(random) = self.app.rng.bytes() else { return };
                let next = TurnId::mint(self.app.clock.now(), random);
                // The database decides which turn may write; where it lets none, nobody waits any more.
                if !matches!(turn::turn_begin(&self.app, &scope, next).await, Ok(true)) {
                    return;
                }
                next
            }
        };
        self.step(scope, Event::VisitorWrote(next)).await;
    }

    fn cancel(&self, turn: TurnId) {
        let running = self.memory.borrow_mut().running.take();
        if let Some(running) = running {
            running.stop.abort();
            self.walls.tell(&LiveEvent::TurnEnded { turn });
        }
    }

    /// Ends a turn that was lost and says so in the thread. `false` where that could not be written.
    async fn give_up(&self, scope: ThreadScope, turn: TurnId) -> bool {
        match turn::turn_give_up(&self.app, &scope, turn).await {
            Ok(notice) => {
                if let Some(notice) = notice {
                    self.walls.tell(&LiveEvent::Message(notice));
                }
                true
            }
            Err(OpError::Denied(_) | OpError::Reported(_)) => true,
            Err(OpError::Fault(fault)) => {
                crate::log::fault(&self.app, "turn", &fault);
                false
            }
        }
    }
}
