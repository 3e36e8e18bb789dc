//! What a member does in a room: the deed is written by the operations, told here, and the machine follows it.

use std::rc::Rc;

use shared::id::AccountId;
use shared::wire::problem::Kind;
use shared::wire::widget::State;

use super::{Room, Walls};
use crate::objects::conversation::machine::Event;
use crate::objects::conversation::protocol::{Deed, Reply};
use crate::objects::conversation::told::Told;
use crate::objects::inbox::protocol::News;
use crate::ops::incoming::Answer;
use crate::ops::{OpError, desk, note};
use crate::store::scope::ThreadScope;

impl<W: Walls + Clone + 'static> Room<W> {
    /// Does what a member asks.
    pub(super) async fn desk(
        self: &Rc<Self>,
        scope: ThreadScope,
        account: AccountId,
        deed: Deed,
    ) -> Result<Reply, OpError> {
        match deed {
            Deed::Take(from_colleague) => {
                let done = desk::conversation_take(&self.app, &scope, account, from_colleague).await?;
                self.settle(scope, Event::PersonTook, done).await
            }
            Deed::GiveBack => {
                let done = desk::conversation_give_back(&self.app, &scope, account).await?;
                self.settle(scope, Event::PersonGaveBack, done).await
            }
            Deed::Reply(answer) => self.reply(scope, account, &answer).await,
            Deed::Note(draft, text) => {
                let (note, is_new) = note::note_write(&self.app, &scope, account, draft, &text).await?;
                if is_new {
                    self.walls.tell(&Told::Note(note.clone()));
                    for mentioned in &note.mentions {
                        self.walls
                            .tell_inbox(scope.business, News::call(scope.conversation, Some(*mentioned)));
                    }
                }
                Ok(Reply::Noted(note))
            }
            Deed::NoteDelete(id) => {
                note::note_delete(&self.app, &scope, account, id).await?;
                self.walls.tell(&Told::NoteGone(id));
                Ok(Reply::Done)
            }
            Deed::Snooze(until) => {
                let done = desk::conversation_snooze(&self.app, &scope, until).await?;
                self.settle(scope, Event::Nothing, done).await
            }
            Deed::Close => {
                let done = desk::conversation_close(&self.app, &scope).await?;
                self.settle(scope, Event::Closed, done).await
            }
            Deed::Reopen => {
                let done = desk::conversation_reopen(&self.app, &scope).await?;
                let event =
                    if done.state == State::Requested { Event::PersonRequested } else { Event::Nothing };
                self.settle(scope, event, done).await
            }
            Deed::Block(is_blocked) => {
                let done = desk::visitor_block(&self.app, &scope, is_blocked).await?;
                self.settle(scope, Event::Nothing, done).await
            }
        }
    }

    /// Keeps a member's answer, tells it, and ends the conversation with it where that was asked.
    async fn reply(
        self: &Rc<Self>,
        scope: ThreadScope,
        account: AccountId,
        answer: &Answer,
    ) -> Result<Reply, OpError> {
        let is_there = self.walls.has_visitor();
        let replied = desk::reply_write(&self.app, &scope, account, answer, is_there).await?;
        let message = replied.done.messages.last().cloned().ok_or(Kind::NotFound)?;
        if replied.is_new {
            self.settle(scope, Event::PersonTook, replied.done).await?;
            if is_there {
                // It is before the visitor by now; what was delivered stands in the row already.
                let seen = 0;
                self.mark(scope, message.message.sequence, seen);
            }
            if answer.closes {
                let done = desk::conversation_close(&self.app, &scope).await?;
                self.settle(scope, Event::Closed, done).await?;
            }
        }
        Ok(Reply::Replied(message, replied.is_mailed))
    }

    /// Tells what came of a deed, and does what the machine says about it.
    async fn settle(
        self: &Rc<Self>,
        scope: ThreadScope,
        event: Event,
        done: desk::Done,
    ) -> Result<Reply, OpError> {
        let before = {
            let mut memory = self.memory.borrow_mut();
            memory.due_at = done.due_at;
            memory.machine.map(|machine| machine.state)
        };
        self.step(scope, event).await;
        let after = self.memory.borrow().machine.map(|machine| machine.state);
        if before.is_none() || after != Some(done.state) {
            // The object slept, or remembered something older: the database's word counts.
            self.stand(done.state, None);
            self.walls.tell(&Told::State(done.state));
        }
        for message in done.messages {
            self.walls.tell(&Told::Message(message));
        }
        self.walls.tell_inbox(scope.business, News::changed(scope.conversation));
        if let Some(turn) = done.granted {
            self.step(scope, Event::VisitorWrote(turn)).await;
        }
        self.arm(scope).await;
        Ok(Reply::Done)
    }
}
