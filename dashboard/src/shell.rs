//! Joins the pure state with the world: hands events in, performs the effects that come out.

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Deserialize;
use shared::id::{CodeId, DraftId};
use shared::rules::language::{language_choose, language_primary};
use shared::wire::admin::passkey::{PasskeyChallenge, PasskeyMade, PasskeyOffer, PasskeySigned};

use crate::i18n::{self, Key, LANGUAGES};
use crate::state::inbox::{self, Line};
use crate::state::{Ask, Effect, Event, Form, Page, Pane, State, update};
use crate::{api, browser};

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

/// The running dashboard. Copies are the same dashboard.
#[derive(Clone, Copy)]
pub struct App {
    state: RwSignal<State>,
    /// The language that is shown; whoever shows words depends on it.
    language: RwSignal<String>,
    /// The deed that is being asked about.
    pub question: RwSignal<Option<Question>>,
}

impl App {
    /// A dashboard in its first state.
    pub fn new() -> Self {
        Self {
            state: RwSignal::new(State::default()),
            language: RwSignal::new(String::new()),
            question: RwSignal::new(None),
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
            if browser::copy(text).await {
                self.dispatch(Event::Copied);
            }
        });
    }

    fn perform(self, effect: Effect) {
        match effect {
            Effect::Call(ask) => {
                let csrf = self.peek(|state| state.csrf().cloned());
                spawn_local(async move {
                    let answer = api::ask(&ask, csrf.as_ref()).await;
                    self.dispatch(Event::Answered(ask, answer));
                });
            }
            Effect::Go(page) => browser::fragment_go(&page.fragment()),
            Effect::Replace(page) => browser::fragment_replace(&page.fragment()),
            Effect::Speak(tag) => spawn_local(self.speak(tag)),
            Effect::Paint(theme) => browser::theme_set(theme.as_str()),
            Effect::Remember(preferences) => {
                if let Ok(entry) = serde_json::to_string(&preferences) {
                    browser::entry_write(&entry);
                }
            }
            Effect::Forget => browser::entry_remove(),
            Effect::PasskeyMake(offer) => spawn_local(self.passkey_make(offer)),
            Effect::PasskeySign(challenge) => spawn_local(self.passkey_sign(challenge)),
            // The page is drawn after this event.
            Effect::Begin => browser::later(0, browser::page_begin),
            Effect::Tick(code) => self.tick(code),
            Effect::Inbox(effect) => self.perform_at_desk(effect),
        }
    }

    /// Something happened at the desk.
    pub fn desk(self, event: inbox::Event) {
        self.dispatch(Event::Inbox(event));
    }

    /// Says what time it is, again and again.
    pub fn clock(self) {
        if self.peek(|state| state.inbox.business.is_some()) {
            self.desk(inbox::Event::Clock(browser::now()));
        }
        browser::later(CLOCK_MS, move || self.clock());
    }

    /// Sends what was written: a reply, or a note.
    pub fn write(self, text: String, is_note: bool) {
        let at = browser::now();
        self.desk(inbox::Event::Written { id: DraftId::mint(at, browser::random()), text, is_note, at });
    }

    /// Takes files for a reply that were chosen in the field with this id.
    pub fn attach(self, field: &str) {
        for file in browser::files_take(field) {
            let (key, name, bytes) = api::upload_hold(file);
            self.desk(inbox::Event::FileChosen { key, name, bytes });
        }
    }

    fn perform_at_desk(self, effect: inbox::Effect) {
        use inbox::Effect;
        match effect {
            Effect::Connect { line, attempt, business, conversation, ticket } => {
                api::socket_open(line, business, conversation, ticket.expose(), move |said| {
                    self.heard(line, attempt, said);
                });
            }
            Effect::Disconnect(line) => api::socket_close(line),
            Effect::ListSay(command) => say(Line::List, &command),
            Effect::ThreadSay(command) => say(Line::Thread, &command),
            Effect::Ping(line) => api::socket_say(line, "ping"),
            Effect::Wake { line, attempt, alarm, after_ms } => browser::later(after_ms, move || {
                self.desk(inbox::Event::Rang { line, attempt, alarm, dice: dice() });
            }),
            Effect::TypingFade(conversation) => {
                browser::later(TYPING_MS, move || self.desk(inbox::Event::TypingFades(conversation)));
            }
            // The thread is drawn after this event.
            Effect::ScrollDown { always } => browser::later(0, move || browser::thread_end(always)),
            Effect::Call { business, conversation, is_mention } => {
                let chosen = self.peek(|state| state.inbox.notifications.value.unwrap_or_default());
                if chosen.sound {
                    browser::sound();
                }
                if chosen.browser && !browser::is_visible() && browser::may_notify() == Some(true) {
                    let words = if is_mention { Key::NotifyMention } else { Key::NotifyWords };
                    let page = Page::Thread(business, conversation, Pane::Thread);
                    browser::notify("Loquet", &i18n::text(words), &conversation.to_string(), page.fragment());
                }
            }
            Effect::Upload { business, conversation, key } => {
                let csrf = self.peek(|state| state.csrf().cloned());
                api::upload_begin(key, (business, conversation), csrf.as_ref(), move |said| {
                    let fate = match said {
                        api::Uploaded::Part(part) => inbox::FileFate::Uploading(part),
                        api::Uploaded::Over(Ok(kept)) => inbox::FileFate::Kept(kept),
                        api::Uploaded::Over(Err(refusal)) => inbox::FileFate::Failed(refusal),
                    };
                    self.desk(inbox::Event::FileFares(key, fate));
                });
            }
            Effect::UploadEnd(key) => api::upload_end(key),
            Effect::Forget => crate::components::composer::forget(),
            Effect::Pane => browser::later(0, || {
                if browser::is_narrow() {
                    browser::focus_shown(".desk h1[tabindex]");
                }
            }),
        }
    }

    fn heard(self, line: Line, attempt: u32, said: api::Said) {
        use inbox::Event;
        match (said, line) {
            (api::Said::Opened, _) => self.desk(Event::SocketOpened(line, attempt)),
            (api::Said::Closed { expected }, _) => {
                self.desk(Event::SocketClosed { line, attempt, expected, dice: dice() });
            }
            (api::Said::Text(text), Line::List) => {
                let event = serde_json::from_str(&text).ok().map(Box::new);
                self.desk(Event::ListHeard(attempt, event));
            }
            (api::Said::Text(text), Line::Thread) => {
                let event = serde_json::from_str(&text).ok().map(Box::new);
                self.desk(Event::ThreadHeard(attempt, event));
            }
        }
    }

    fn tick(self, code: CodeId) {
        browser::later(1_000, move || self.dispatch(Event::Ticked(code)));
    }

    /// Gets the words of a language, then shows everything in them.
    pub async fn speak(self, tag: String) {
        let language = language_choose(&[&tag], &LANGUAGES);
        let Some(file) = locale_address(language) else { return };
        let Some(file) = api::file(&file).await else { return };
        // Dates follow the reader's own region where they read that language at home.
        let own =
            browser::languages().into_iter().find(|own| language_primary(own).as_deref() == Some(language));
        if i18n::words_set(&file, own.unwrap_or_else(|| language.to_owned())) {
            browser::language_set(language);
            self.language.set(language.to_owned());
        }
    }

    async fn passkey_make(self, offer: PasskeyOffer) {
        let (name, email) = self.peek(|state| {
            state.me().map(|me| (me.name.expose().clone(), me.email.expose().clone())).unwrap_or_default()
        });
        let exclude: Vec<_> =
            offer.exclude.iter().map(|id| serde_json::json!({ "type": "public-key", "id": id })).collect();
        let algorithms: Vec<_> = offer
            .algorithms
            .iter()
            .map(|algorithm| serde_json::json!({ "type": "public-key", "alg": algorithm }))
            .collect();
        let options = serde_json::json!({
            "challenge": offer.challenge_bytes,
            "rp": { "id": offer.rp_id, "name": "Loquet" },
            "user": { "id": offer.user_handle, "name": email, "displayName": name },
            "pubKeyCredParams": algorithms,
            "excludeCredentials": exclude,
            "authenticatorSelection": { "residentKey": "required", "requireResidentKey": true, "userVerification": "required" },
            "attestation": "none",
            "timeout": offer.timeout_ms,
        });
        let made = browser::passkey_make(&options.to_string()).await;
        match made.as_deref().and_then(credential::<Attested>) {
            Some(Credential { id, response }) => self.ask(Ask::PasskeyMade(PasskeyMade {
                challenge: offer.challenge,
                credential: id,
                client_data: response.client_data,
                authenticator_data: response.authenticator_data,
                public_key: response.public_key,
                algorithm: response.algorithm,
            })),
            None => self.dispatch(Event::PasskeyFailed(Form::PasskeyAdd)),
        }
    }

    async fn passkey_sign(self, challenge: PasskeyChallenge) {
        let options = serde_json::json!({
            "challenge": challenge.challenge_bytes,
            "rpId": challenge.rp_id,
            "userVerification": "required",
            "timeout": challenge.timeout_ms,
        });
        let signed = browser::passkey_sign(&options.to_string()).await;
        match signed.as_deref().and_then(credential::<Asserted>) {
            Some(Credential { id, response }) => self.ask(Ask::PasskeySigned(PasskeySigned {
                challenge: challenge.challenge,
                credential: id,
                client_data: response.client_data,
                authenticator_data: response.authenticator_data,
                signature: response.signature,
            })),
            None => self.dispatch(Event::PasskeyFailed(Form::Passkey)),
        }
    }
}

/// Between two looks at the clock: waiting times are told in minutes, the first one in seconds.
const CLOCK_MS: u32 = 10_000;
/// A sign of typing fades after this.
const TYPING_MS: u32 = 6_000;

fn dice() -> u32 {
    u32::from_le_bytes(browser::random())
}

fn say(line: Line, command: &impl serde::Serialize) {
    if let Ok(text) = serde_json::to_string(command) {
        api::socket_say(line, &text);
    }
}

/// A credential as `toJSON` writes it.
#[derive(Deserialize)]
struct Credential<T> {
    id: String,
    response: T,
}

#[derive(Deserialize)]
struct Attested {
    #[serde(rename = "clientDataJSON")]
    client_data: String,
    #[serde(rename = "authenticatorData")]
    authenticator_data: String,
    #[serde(rename = "publicKey")]
    public_key: String,
    #[serde(rename = "publicKeyAlgorithm")]
    algorithm: i32,
}

#[derive(Deserialize)]
struct Asserted {
    #[serde(rename = "clientDataJSON")]
    client_data: String,
    #[serde(rename = "authenticatorData")]
    authenticator_data: String,
    signature: String,
}

fn credential<T: serde::de::DeserializeOwned>(json: &str) -> Option<Credential<T>> {
    serde_json::from_str(json).ok()
}

/// The address of a language's words, from the document.
fn locale_address(language: &str) -> Option<String> {
    let map: serde_json::Value = serde_json::from_str(&browser::data("loquet-locales")).ok()?;
    map.get(language)?.as_str().map(str::to_owned)
}
