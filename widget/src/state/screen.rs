//! The screens, by name: the panel carries it as `data-screen`, and the accessibility tests walk the list.

use super::{Progress, State, View};

macro_rules! screens {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal;)+) => {
        /// What a person has in front of them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Screen { $($(#[doc = $doc])+ $name,)+ }

        impl Screen {
            /// Every screen; `screens.json` beside `src` holds the same names.
            #[cfg(test)]
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The name in the document.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }
        }
    };
}

screens! {
    /// Nothing was written yet.
    Empty = "empty";
    /// A conversation, at rest.
    Chat = "chat";
    /// An answer is being written, or a message is on its way.
    Waiting = "waiting";
    /// A message could not be sent.
    Failed = "failed";
    /// There is no connection.
    Offline = "offline";
    /// The team closed the conversation; writing opens it again.
    Closed = "closed";
    /// This device may not open the conversation any longer.
    Over = "over";
    /// Who is responsible, how long, and what the visitor can do.
    About = "about";
}

impl State {
    /// The screen that fits the state; what needs the visitor's eye comes first.
    pub fn screen(&self) -> Screen {
        let drafts = &self.thread.drafts;
        if self.view == View::About {
            Screen::About
        } else if drafts.iter().any(|draft| matches!(draft.progress, Progress::Failed(_))) {
            Screen::Failed
        } else if self.link.offline {
            Screen::Offline
        } else if self.is_over() {
            Screen::Over
        } else if self.thread.turn.is_some() || !drafts.is_empty() {
            Screen::Waiting
        } else if self.is_closed() {
            Screen::Closed
        } else if self.thread.is_empty() {
            Screen::Empty
        } else {
            Screen::Chat
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_for_other_tests_names_every_screen() {
        let listed: Vec<String> =
            serde_json::from_str(include_str!("../../screens.json")).expect("a JSON list of names");
        let known: Vec<&str> = Screen::ALL.iter().map(|screen| screen.as_str()).collect();
        assert_eq!(listed, known);
    }
}
