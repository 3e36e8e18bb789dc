//! The AI's turns in a room: begun, heard, ended, and looked after when a restart lost one.

use std::rc::Rc;

use futures::future::{AbortHandle, Abortable};
use shared::id::TurnId;
use shared::limits::TURN_WATCHDOG_MS;
use shared::privacy::Personal;
use shared::wire::admin::inbox::conversation::DeskMessage;

use super::{Room, Running, Walls};
use crate::objects::conversation::machine::Event;
use crate::objects::conversation::told::Told;
use crate::objects::inbox::protocol::News;
use crate::ops::{OpError, turn, webhook};
use crate::store::scope::ThreadScope;

impl<W: Walls + Clone + 'static> Room<W> {
    pub(super) async fn run(self: &Rc<Self>, scope: ThreadScope, turn: TurnId) {
        let (stop, registration) = AbortHandle::new_pair();
        self.memory.borrow_mut().running = Some(Running { turn, text: String::new(), stop });
        // The watchdog is set before the first call: a restart at any later point finds it.
        self.arm(scope).await;
        self.walls.tell(&Told::TurnStarted(turn));
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
        self.walls.tell(&Told::Delta(turn, at, Personal::new(words.to_owned())));
    }

    async fn finish(self: &Rc<Self>, scope: ThreadScope, turn: TurnId, done: Result<turn::Ran, OpError>) {
        let mut handed_over = None;
        let over = match done {
            Ok(ran) => {
                for message in ran.messages {
                    self.walls.tell(&Told::Message(DeskMessage { message, by: None }));
                }
                handed_over = ran.handed_over;
                true
            }
            Err(OpError::Denied(_) | OpError::Reported(_)) => true,
            Err(OpError::Fault(fault)) => {
                crate::log::fault(&self.app, "turn", &fault);
                self.give_up(scope, turn).await
            }
        };
        self.memory.borrow_mut().running = None;
        self.walls.tell(&Told::TurnEnded(turn));
        if let Some(due_at) = handed_over {
            self.memory.borrow_mut().due_at = Some(due_at);
            self.step(scope, Event::PersonRequested).await;
            // No request waits for this, so nobody else looks whether the business's own systems are to hear of it.
            let app = Rc::clone(&self.app);
            self.walls.spawn(Box::pin(async move { webhook::hooks_look(&app, &scope.business).await }));
        }
        let news = News::changed(scope.conversation);
        let called = handed_over.map(|_| News::call(scope.conversation, None));
        self.walls.tell_inbox(scope.business, called.unwrap_or(news));
        if !over {
            // The turn still stands in the database: the watchdog ends it, and messages wait for that.
            return self.walls.watch(scope, Some(self.watchdog_at())).await;
        }
        self.arm(scope).await;
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

    pub(super) fn cancel(&self, turn: TurnId) {
        let running = self.memory.borrow_mut().running.take();
        if let Some(running) = running {
            running.stop.abort();
            self.walls.tell(&Told::TurnEnded(turn));
        }
    }

    /// Ends a turn that was lost and says so in the thread. `false` where that could not be written.
    pub(super) async fn give_up(&self, scope: ThreadScope, turn: TurnId) -> bool {
        match turn::turn_give_up(&self.app, &scope, turn).await {
            Ok(notice) => {
                if let Some(message) = notice {
                    self.walls.tell(&Told::Message(DeskMessage { message, by: None }));
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

    /// Looks after a turn that may have been lost.
    pub(super) async fn watchdog(self: &Rc<Self>, scope: ThreadScope) {
        if self.memory.borrow().running.is_some() {
            return self.arm(scope).await;
        }
        let found = match turn::turn_find(&self.app, &scope).await {
            Ok(Some(found)) => found,
            // Erased meanwhile.
            Ok(None) => return self.walls.watch(scope, None).await,
            Err(_) => return self.walls.watch(scope, Some(self.watchdog_at())).await,
        };
        self.stand(found.state, found.turn);
        // A turn that was granted a moment ago is on its way into the room.
        let lost_at = found.turn.map(|turn| turn.minted_at().plus_ms(TURN_WATCHDOG_MS));
        if let Some(lost_at) = lost_at.filter(|lost_at| *lost_at > self.app.clock.now()) {
            let due_at = self.memory.borrow().due_at;
            return self.walls.watch(scope, [Some(lost_at), due_at].into_iter().flatten().min()).await;
        }
        if !self.step(scope, Event::WatchdogRang).await {
            self.stand(found.state, found.turn);
            return self.walls.watch(scope, Some(self.watchdog_at())).await;
        }
        self.arm(scope).await;
        self.follow(scope).await;
    }
}
