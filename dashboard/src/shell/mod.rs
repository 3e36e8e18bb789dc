//! Joins the pure state with the world: hands events in, performs the effects that come out.

pub mod desk;
mod passkey;

use std::collections::BTreeMap;

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::id::{CodeId, DraftId};
use shared::rules::language::{language_choose, language_primary};

use crate::i18n::{self, Key, LANGUAGES};
use crate::parts::DESK;
use crate::state::inbox;
use crate::state::{Ask, Effect, Event, Refusal, State, update};
use crate::{api, browser, json};

/// A deed that is asked about once before it is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// What would be done.
    pub title: String,
    /// What goes with it.
    pub body: String,
    /// What the button says.
    pub button: String,
    /// What is asked of the edge then.
    pub ask: Ask,
}

/// What somebody follows a link for, where its page holds more than that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Aim {
    /// The hours of a site.
    Hours,
    /// An answer to this question, in this language.
    Answer { question: String, locale: String },
}

/// The running dashboard. Copies are the same dashboard.
#[derive(Clone, Copy)]
pub struct App {
    state: RwSignal<State>,
    /// The language that is shown; whoever shows words depends on it.
    language: RwSignal<String>,
    /// The deed that is being asked about.
    pub question: RwSignal<Option<Question>>,
    /// What the next page is opened for.
    pub aim: RwSignal<Option<Aim>>,
}

impl App {
    /// A dashboard in its first state.
    pub fn new() -> Self {
        Self {
            state: RwSignal::new(State::default()),
            language: RwSignal::new(String::new()),
            question: RwSignal::new(None),
            aim: RwSignal::new(None),
        }
    }

    /// Looks at the state, and again whenever it changes.
    pub fn read<T>(self, look: impl FnOnce(&State) -> T) -> T {
        self.state.with(look)
    }

    /// Looks at the state once.
    pub fn peek<T>(self, look: impl FnOnce(&State) -> T) -> T {
        self.state.with_untracked(look)
    }

    /// A part of the state; whoever depends on it is told only when the part changes.
    pub fn part<T: PartialEq + Send + Sync + 'static>(self, look: fn(&State) -> T) -> Memo<T> {
        Memo::new(move |_| self.read(look))
    }

    /// The language that is shown.
    pub fn language(self) -> String {
        self.language.get()
    }

    /// The language that is shown, looked at once.
    pub fn language_now(self) -> String {
        self.language.get_untracked()
    }

    /// A sentence, and again in the next language.
    pub fn text(self, key: Key) -> String {
        self.language.track();
        i18n::text(key)
    }

    /// A sentence with its placeholders filled.
    pub fn text_with(self, key: Key, values: &[(&str, &str)]) -> String {
        self.language.track();
        i18n::text_with(key, values)
    }

    /// Takes an event, and does what comes of it.
    pub fn dispatch(self, event: Event) {
        let mut effects = Vec::new();
        browser::focus_keep();
        self.state.update(|state| effects = update(state, event));
        for effect in effects {
            self.perform(effect);
        }
    }

    /// Asks the edge for something.
    pub fn ask(self, ask: Ask) {
        self.dispatch(Event::Asked(ask));
    }

    /// Puts text into the clipboard.
    pub fn copy(self, text: String) {
        spawn_local(async move {
            let copied = browser::copy(text).await;
            self.dispatch(if copied { Event::Copied } else { Event::CopyFailed });
        });
    }

    /// Something did not come: perhaps because the page is older than the deployment.
    pub fn newer_look(self) {
        if self.peek(|state| state.online && !state.outdated) {
            spawn_local(async move {
                if api::is_outdated().await {
                    self.dispatch(Event::Outdated);
                }
            });
        }
    }

    fn perform(self, effect: Effect) {
        match effect {
            Effect::Call(ask) => {
                let csrf = self.peek(|state| state.csrf().cloned());
                spawn_local(async move {
                    let answer = api::ask(&ask, csrf.as_ref()).await;
                    // A part that is gone looks like a network that fails.
                    if answer.as_ref().is_err_and(|refusal| *refusal == Refusal::Network) {
                        self.newer_look();
                    }
                    self.dispatch(Event::Answered(ask, answer));
                });
            }
            Effect::Go(page) => browser::fragment_go(&page.fragment()),
            Effect::Replace(page) => browser::fragment_replace(&page.fragment()),
            Effect::Speak(tag) => spawn_local(async move {
                if !self.speak(tag).await {
                    self.newer_look();
                }
            }),
            Effect::Paint(theme) => browser::theme_set(theme.as_str()),
            Effect::Remember(preferences) => {
                if let Some(entry) = json::write(&preferences) {
                    browser::entry_write(&entry);
                }
            }
            Effect::Forget => browser::entry_remove(),
            Effect::PasskeyMake(offer) => spawn_local(passkey::make(self, offer)),
            Effect::PasskeySign(challenge) => spawn_local(passkey::sign(self, challenge)),
            // The page is drawn after this event.
            Effect::Begin => browser::later(0, browser::page_begin),
            Effect::Tick(code) => self.tick(code),
            Effect::Inbox(effect) => match DESK.here() {
                Some(desk) => (desk.perform)(self, effect),
                None => spawn_local(async move {
                    // Where it does not come, the page that needs it says so.
                    if let Ok(desk) = DESK.load().await {
                        (desk.perform)(self, effect);
                    }
                }),
            },
        }
    }

    /// Something happened at the desk.
    pub fn desk(self, event: inbox::Event) {
        self.dispatch(Event::Inbox(event));
    }

    /// Says what time it is, again and again. With it begins what is heard of the inbox, on whichever page: sooner than the
    /// next minute, and later than what the page itself shows.
    pub fn clock(self) {
        let (is_on, is_due) =
            self.peek(|state| (state.inbox.business.is_some(), inbox::due(state).is_some()));
        if is_on || is_due {
            self.desk(inbox::Event::Clock(browser::now()));
        }
        browser::later(if is_on { CLOCK_MS } else { SOON_MS }, move || self.clock());
    }

    /// Sends what was written: a reply, or a note.
    pub fn write(self, text: String, is_note: bool) {
        let at = browser::now();
        self.desk(inbox::Event::Written { id: DraftId::mint(at, browser::random()), text, is_note, at });
    }

    fn tick(self, code: CodeId) {
        browser::later(1_000, move || self.dispatch(Event::Ticked(code)));
    }

    /// Gets the words of a language, then shows everything in them; says whether they came.
    pub async fn speak(self, tag: String) -> bool {
        let language = language_choose(&[&tag], &LANGUAGES);
        let Some(file) = locale_address(language) else { return false };
        let Some(file) = api::file(&file).await else { return false };
        // Dates follow the reader's own region where they read that language at home.
        let own =
            browser::languages().into_iter().find(|own| language_primary(own).as_deref() == Some(language));
        let came = i18n::words_set(&file, own.unwrap_or_else(|| language.to_owned()));
        if came {
            browser::language_set(language);
            self.language.set(language.to_owned());
        }
        came
    }
}

/// Between two looks at the clock: waiting times are told in minutes, the first one in seconds.
const CLOCK_MS: u32 = 10_000;
/// The same, until there is something to tell the time for.
const SOON_MS: u32 = 1_500;

/// The address of a language's words, from the document.
fn locale_address(language: &str) -> Option<String> {
    let mut map: BTreeMap<String, String> = json::read(&browser::data("loquet-locales"))?;
    map.remove(language)
}
