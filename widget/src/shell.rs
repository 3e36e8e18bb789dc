//! Joins the pure state with the world: hands events in, performs the effects that come out.

use js_sys::Reflect;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::id::{ConsentId, ConversationId, DraftId};
use shared::privacy::Personal;
use shared::rules::language::language_is_rtl;
use shared::rules::message::message_text;
use shared::wire::consent::Choice;
use shared::wire::file::Attachment;
use shared::wire::frame::Frame;
use shared::wire::identity::Identify;
use shared::wire::live::LiveEvent;
use shared::wire::widget::{Catchup, MintVisitor, SentMessage};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::api::{self, Call, Said};
use crate::browser;
use crate::i18n::{self, Key};
use crate::json;
use crate::state::{Credentials, Effect, Event, Place, Post, Refusal, State, update};

/// The running frame. Copies are the same frame.
#[derive(Clone, Copy)]
pub struct App {
    state: RwSignal<State>,
    /// Counts the languages that were loaded: whoever shows words depends on it.
    words: RwSignal<u32>,
}

impl App {
    /// A frame in its first state.
    pub fn new(state: State) -> Self {
        Self { state: RwSignal::new(state), words: RwSignal::new(0) }
    }

    /// Looks at the state, and again whenever it changes.
    pub fn read<T>(self, look: impl FnOnce(&State) -> T) -> T {
        self.state.with(look)
    }

    /// Looks at the state once.
    pub fn peek<T>(self, look: impl FnOnce(&State) -> T) -> T {
        self.state.with_untracked(look)
    }

    /// Does something now and whenever what it looked at changes.
    pub fn follow(self, run: impl FnMut() + 'static) {
        // One kind of effect for all: each further kind weighs.
        let mut run: Box<dyn FnMut()> = Box::new(run);
        leptos::prelude::Effect::new(move |_| run());
    }

    /// Keeps the words of an element like the state and in the visitor's language; without words it is not there.
    pub fn keep_text(self, id: &str, words: fn(Self) -> String) {
        let element = browser::element(id);
        let mut before = None;
        self.follow(move || {
            self.words();
            let now = Some(words(self));
            if now != before {
                element.set_hidden(now.as_ref().is_none_or(String::is_empty));
                element.set_text_content(now.as_deref());
                before.clone_from(&now);
            }
        });
    }

    /// Draws what a look at the state says, and again whenever that or the language changes.
    pub fn draw<T: PartialEq + Copy + 'static>(self, look: fn(&State) -> T, draw: impl Fn(T) + 'static) {
        let mut drawn = None;
        self.follow(move || {
            let now = (self.read(look), self.words());
            if drawn != Some(now) {
                drawn = Some(now);
                draw(now.0);
            }
        });
    }

    /// The name that visitors know.
    pub fn business_name(self) -> String {
        self.peek(|state| state.frame.business.name.clone())
    }

    /// A sentence by a person, by name where one is known; else by the business.
    pub fn text_by(self, key: Key) -> String {
        self.words.track();
        self.read(|state| {
            let name = state.person.as_ref().unwrap_or(&state.frame.business.name);
            i18n::text_with(key, &[("business", name)])
        })
    }

    /// Which language is there, counted.
    pub fn words(self) -> u32 {
        self.words.get()
    }

    /// A sentence, and again in the next language.
    pub fn text(self, key: Key) -> String {
        self.words.track();
        i18n::text(key)
    }

    /// A sentence that names the business.
    pub fn text_named(self, key: Key) -> String {
        self.words.track();
        self.peek(|state| i18n::text_with(key, &[("business", &state.frame.business.name)]))
    }

    /// Takes an event, and does what comes of it.
    pub fn dispatch(self, event: Event) {
        let dice = u32::from_le_bytes(browser::random());
        let mut effects = Vec::new();
        self.state.update(|state| effects = update(state, event, browser::now(), dice));
        for effect in effects {
            self.perform(effect);
        }
    }

    /// The visitor sends these words, by their own act. Nothing visible is nothing sent. What `start.js` sent off already
    /// goes on under the id that it gave.
    pub fn submit(self, words: &str) {
        let begun = browser::start_take("draft").as_string().and_then(|draft| draft.parse().ok());
        if let Ok(text) = message_text(words) {
            let draft = begun.unwrap_or_else(|| DraftId::mint(browser::now(), browser::random()));
            self.dispatch(Event::Submitted(draft, text));
        }
    }

    /// The visitor sends files, as the edge named them when they were uploaded.
    pub fn submit_files(self, files: &str) {
        if let Some(files) = json::read(files) {
            let draft = DraftId::mint(browser::now(), browser::random());
            self.dispatch(Event::FilesSubmitted(draft, files));
        }
    }

    /// Shows files in places that bear their ids, once the page holds those.
    pub fn show_files(self, files: Vec<Attachment>) {
        browser::later(0, move || {
            if let Some(credentials) = self.peek(|state| state.credentials.clone()) {
                self.form_open("files", &credentials, &files);
            }
        });
    }

    fn form_open(self, form: &str, credentials: &Credentials, files: &[Attachment]) {
        let about = self.peek(|state| {
            serde_json::to_string(&About {
                conversation: credentials.conversation,
                token: credentials.token.expose(),
                business: &state.frame.business.name,
                path: &state.frame.privacy_path,
                files,
            })
        });
        browser::form_open(form, &about.unwrap_or_default());
    }

    /// The visitor chooses.
    pub fn choose(self, choice: Choice) {
        let id = ConsentId::mint(browser::now(), browser::random());
        self.dispatch(Event::ConsentChosen(id, choice));
    }

    fn call(self, call: Call, then: impl FnOnce(Result<String, Refusal>) -> Event + 'static) {
        // One kind of future for every call: each further kind weighs.
        let then: Box<dyn FnOnce(Result<String, Refusal>) -> Event> = Box::new(then);
        spawn_local(async move {
            let answer = call.answer().await;
            self.dispatch(then(answer));
        });
    }

    fn perform(self, effect: Effect) {
        let site = |rest: &str| api::site(self.peek(|state| state.frame.site), rest);
        match effect {
            Effect::Mint(origin) => {
                self.call(api::post(site("/visitors"), None, &MintVisitor { origin }), |answer| {
                    Event::Minted(api::read(answer))
                });
            }
            Effect::Open(token, mut request) => {
                let draft = request.draft;
                if self.peek(|state| state.frame.keeps_path) {
                    request.path = browser::start_property("path").as_string().map(Personal::new);
                }
                let call = api::post(site("/conversations"), Some(&token), &request);
                let begun = browser::start_take(&draft.to_string());
                self.call(call.begun(begun), move |answer| Event::Opened(draft, api::read(answer)));
            }
            Effect::Send(credentials, request) => {
                let draft = request.draft;
                let path = api::conversation(credentials.conversation, "/messages");
                self.call(api::post(path, Some(&credentials.token), &request), move |answer| {
                    let sent = api::read::<SentMessage>(answer);
                    Event::Sent(draft, sent.map(|sent| Box::new(sent.message)))
                });
            }
            Effect::AskPerson(credentials) => {
                let conversation = credentials.conversation;
                let path = api::conversation(conversation, "/person");
                self.call(api::ask(path, &credentials.token), move |answer| {
                    Event::PersonAnswered(conversation, answer.map(drop))
                });
            }
            Effect::Name(credentials, token) => {
                let conversation = credentials.conversation;
                let path = api::conversation(conversation, "/identity");
                self.call(api::post(path, Some(&credentials.token), &Identify { token }), move |answer| {
                    Event::NameAnswered(conversation, answer.map(drop))
                });
            }
            Effect::Record(token, request) => {
                self.call(api::post(site("/consents"), Some(&token), &request), |answer| {
                    Event::ConsentAnswered(answer.map(drop))
                });
            }
            Effect::Leave(credentials) => {
                let path = api::conversation(credentials.conversation, "/leave");
                let call = api::ask(path, &credentials.token);
                // The device has let go already, whatever the edge says.
                spawn_local(async move { drop(call.answer().await) });
            }
            Effect::Ticket(attempt, credentials) => {
                let path = api::conversation(credentials.conversation, "/tickets");
                self.call(api::ask(path, &credentials.token), move |answer| {
                    Event::Ticketed(attempt, api::read(answer))
                });
            }
            Effect::Connect(attempt, conversation, ticket) => {
                api::socket_open(conversation, ticket.expose(), move |said| {
                    self.dispatch(match said {
                        Said::Opened => Event::SocketOpened(attempt),
                        Said::Closed => Event::SocketClosed(attempt),
                        Said::Text(text) => {
                            let event = json::read::<LiveEvent>(&text);
                            Event::SocketHeard(attempt, event.map(Box::new))
                        }
                    });
                });
            }
            Effect::Disconnect => api::socket_close(),
            Effect::Command(command) => {
                if let Ok(text) = serde_json::to_string(&command) {
                    api::socket_say(&text);
                }
            }
            Effect::Ping => api::socket_say("ping"),
            Effect::Poll(attempt, credentials, after) => {
                let path = api::conversation(credentials.conversation, &format!("/messages?after={after}"));
                self.call(api::get(path, Some(&credentials.token)), move |answer| {
                    Event::Polled(attempt, api::read::<Catchup>(answer).map(Box::new))
                });
            }
            Effect::Wake(attempt, alarm, after_ms) => {
                browser::later(after_ms, move || self.dispatch(Event::Rang(attempt, alarm)));
            }
            Effect::Remember(remembered) => {
                let written =
                    serde_json::to_string(&remembered).is_ok_and(|entry| browser::entry_write(&entry));
                if !written {
                    self.dispatch(Event::StorageRefused);
                }
            }
            Effect::Forget => browser::entry_remove(),
            Effect::LoadFrame(locale) => {
                let call = api::get(site(&format!("?locale={locale}")), None);
                spawn_local(async move {
                    if let Ok(frame) = api::read::<Frame>(call.answer().await) {
                        self.language_load(frame, &locale).await;
                    }
                });
            }
            Effect::Look => {
                let locale = self.peek(|state| state.frame.locale.clone());
                let call = api::get(site(&format!("?locale={locale}")), None);
                spawn_local(async move {
                    if let Ok(frame) = api::read::<Frame>(call.answer().await) {
                        self.dispatch(Event::Looked(Box::new(frame)));
                    }
                });
            }
            Effect::Form(form, credentials) => self.form_open(form.as_str(), &credentials, &[]),
            Effect::FormEnd => browser::form_end(),
            Effect::Post(post) => browser::post(&post_text(&post)),
            Effect::ScrollDown => browser::scroll_down(),
            Effect::Focus(place) => match place {
                Place::Composer => browser::focus("message"),
                Place::Kept => browser::focus_keep(),
                Place::About => browser::focus("open-about"),
                Place::Back => browser::focus("back"),
                Place::Choices => browser::focus("choices"),
            },
        }
    }

    /// Gets the words of a frame's language, then shows both, unless another was asked for meanwhile.
    async fn language_load(self, frame: Frame, asked: &str) {
        let state = State::new(frame.clone(), 0, true);
        let Some(address) = browser::locale_address(&state.language()) else { return };
        let Ok(text) = api::get(address, None).answer().await else { return };
        let Ok(words) = js_sys::JSON::parse(&text) else { return };
        if !self.peek(|state| state.wants_locale(asked)) {
            return;
        }
        self.dispatch(Event::FrameLoaded(Box::new(frame)));
        self.language_set(words);
    }

    /// Shows everything in the words of a language.
    pub fn language_set(self, words: JsValue) {
        let language = self.peek(State::language);
        i18n::words_set(words, browser::region_tag(&language));
        self.words.update(|count| *count = count.wrapping_add(1));
        browser::language_set(&language, language_is_rtl(&language), &self.text_named(Key::Dialog));
    }
}

/// The words that `start.js` began to load.
pub async fn words_of_start() -> Option<JsValue> {
    let promise = browser::start_property("words").dyn_into::<js_sys::Promise>().ok()?;
    let words = JsFuture::from(promise).await.ok()?;
    Reflect::has(&words, &Key::Dialog.as_str().into()).ok()?.then_some(words)
}

/// What a form has to know.
#[derive(serde::Serialize)]
struct About<'a> {
    conversation: ConversationId,
    token: &'a str,
    business: &'a str,
    path: &'a str,
    files: &'a [Attachment],
}

/// What the loader understands. Every value is ours: ids, counts and names from closed lists, so nothing to escape.
fn post_text(post: &Post) -> String {
    match post {
        Post::Unread(count) => format!(r#"{{"type":"unread","count":{count}}}"#),
        Post::Event(name, key, value) => {
            format!(r#"{{"type":"event","name":"{name}","detail":{{"{key}":"{value}"}}}}"#)
        }
    }
}
