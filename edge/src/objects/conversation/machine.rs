//! Who may speak in a thread: `ai → requested → human → ai | closed`, as a pure machine.
//!
//! The database guards the same rules in its statements; this machine keeps the object from trying.

use shared::id::TurnId;
use shared::wire::widget::State;

/// What the object knows of its thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Machine {
    /// Where the thread stands.
    pub state: State,
    /// The AI turn that may write.
    pub turn: Option<TurnId>,
    /// The visitor wrote while a turn ran: another turn has to follow it.
    pub waiting: bool,
}

/// What happens to a thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// A visitor's message was kept. The id is for the turn that would answer it.
    VisitorWrote(TurnId),
    /// A turn came to its end, whatever it wrote.
    TurnOver(TurnId),
    /// A person was asked for: by the visitor, by the machine, or by a member who opens a closed thread.
    PersonRequested,
    /// A person of the business takes over, or opens a closed thread with their answer.
    PersonTook,
    /// The person gives the thread back.
    PersonGaveBack,
    /// Somebody ended the thread.
    Closed,
    /// The visitor wrote again after the end.
    Reopened,
    /// Something that does not change who may speak.
    Nothing,
    /// The watchdog rang: a turn that was begun before a restart will never end by itself.
    WatchdogRang,
}

/// What the object does about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Run this turn.
    Run(TurnId),
    /// Stop this turn; what it still writes is refused.
    Cancel(TurnId),
    /// This turn was lost: say so in the thread.
    GiveUp(TurnId),
    /// Tell everybody where the thread stands.
    Announce(State),
}

impl Machine {
    /// A thread as it was found.
    pub const fn new(state: State, turn: Option<TurnId>) -> Self {
        Self { state, turn, waiting: false }
    }

    const fn machine_may_speak(self) -> bool {
        matches!(self.state, State::Ai | State::Requested)
    }

    fn stand(&mut self, state: State) -> Vec<Effect> {
        let mut effects = Vec::new();
        if self.state == state {
            return effects;
        }
        self.state = state;
        if !self.machine_may_speak() {
            self.waiting = false;
            effects.extend(self.turn.take().map(Effect::Cancel));
        }
        effects.push(Effect::Announce(state));
        effects
    }

    fn begin(&mut self, turn: TurnId) -> Vec<Effect> {
        self.turn = Some(turn);
        self.waiting = false;
        vec![Effect::Run(turn)]
    }

    /// Takes an event and says what to do about it.
    pub fn apply(&mut self, event: Event) -> Vec<Effect> {
        match event {
            Event::VisitorWrote(turn) if self.machine_may_speak() => {
                if self.turn.is_some() {
                    self.waiting = true;
                    return Vec::new();
                }
                self.begin(turn)
            }
            Event::TurnOver(over) if self.turn == Some(over) => {
                self.turn = None;
                Vec::new()
            }
            Event::WatchdogRang => self.turn.take().map(Effect::GiveUp).into_iter().collect(),
            Event::PersonRequested if matches!(self.state, State::Ai | State::Closed) => {
                self.stand(State::Requested)
            }
            Event::PersonTook => self.stand(State::Human),
            Event::PersonGaveBack if self.state == State::Human => self.stand(State::Ai),
            Event::Closed => self.stand(State::Closed),
            Event::Reopened if self.state == State::Closed => self.stand(State::Ai),
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use shared::time::Millis;

    fn turn(number: u8) -> TurnId {
        TurnId::mint(Millis::new(1), [number; 10])
    }

    fn event() -> impl Strategy<Value = Event> {
        prop_oneof![
            (0u8..4).prop_map(|number| Event::VisitorWrote(turn(number))),
            (0u8..4).prop_map(|over| Event::TurnOver(turn(over))),
            Just(Event::PersonRequested),
            Just(Event::PersonTook),
            Just(Event::PersonGaveBack),
            Just(Event::Closed),
            Just(Event::Reopened),
            Just(Event::WatchdogRang),
        ]
    }

    proptest! {
        /// Turn ids are drawn from a small set, so that ends meet the turns they end.
        #[test]
        fn whatever_happens_no_turn_runs_beside_another_or_beside_a_person(
            events in prop::collection::vec(event(), 0..200)
        ) {
            let mut machine = Machine::new(State::Ai, None);
            let mut running: Option<TurnId> = None;
            for event in events {
                if let Event::TurnOver(over) = event && running == Some(over) {
                    running = None;
                }
                for effect in machine.apply(event) {
                    match effect {
                        Effect::Run(turn) => {
                            prop_assert_eq!(running, None, "a turn began while another ran");
                            running = Some(turn);
                        }
                        Effect::Cancel(turn) | Effect::GiveUp(turn) => {
                            prop_assert_eq!(running, Some(turn));
                            running = None;
                        }
                        Effect::Announce(state) => prop_assert_eq!(state, machine.state),
                    }
                }
                prop_assert_eq!(machine.turn, running);
                if matches!(machine.state, State::Human | State::Closed) {
                    prop_assert_eq!(running, None, "a machine speaks beside a person");
                    prop_assert!(!machine.waiting);
                }
            }
        }
    }

    #[test]
    fn a_message_written_during_a_turn_is_answered_after_it() {
        let mut machine = Machine::new(State::Ai, None);
        assert_eq!(machine.apply(Event::VisitorWrote(turn(1))), [Effect::Run(turn(1))]);
        assert_eq!(machine.apply(Event::VisitorWrote(turn(2))), []);
        assert_eq!(machine.apply(Event::TurnOver(turn(1))), []);
        assert!(machine.waiting);
        assert_eq!(machine.apply(Event::VisitorWrote(turn(3))), [Effect::Run(turn(3))]);
        assert!(!machine.waiting);
    }

    #[test]
    fn taking_over_cancels_the_turn_that_streams() {
        let mut machine = Machine::new(State::Requested, Some(turn(1)));
        let effects = machine.apply(Event::PersonTook);
        assert_eq!(effects, [Effect::Cancel(turn(1)), Effect::Announce(State::Human)]);
        assert_eq!(machine.apply(Event::VisitorWrote(turn(2))), []);
    }

    #[test]
    fn asking_for_a_person_leaves_the_running_answer_alone() {
        let mut machine = Machine::new(State::Ai, Some(turn(1)));
        assert_eq!(machine.apply(Event::PersonRequested), [Effect::Announce(State::Requested)]);
        assert_eq!(machine.apply(Event::PersonRequested), []);
    }
}
