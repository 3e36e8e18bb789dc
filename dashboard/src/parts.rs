//! The parts of the program that come when they are first wanted: nobody waits at the door for the settings, or in the
//! settings for the inbox. A page's first load is the first program, its part, and what parts share.
//!
//! A part is what only its own function below reaches; the build takes that out of the program (`xtask/src/build/dashboard.rs`).
//! The function hands back pointers into the part, because a view has to be made where it is shown.

use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::thread::LocalKey;

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_split_helpers::{SplitLoaderError, wasm_split};

use crate::api::{self, Call};
use crate::browser;
use crate::components::status::{Rows, waiting};
use crate::components::{conversations, desk, keys, thread, visitor};
use crate::i18n::Key;
use crate::pages;
use crate::shell::{self, App};
use crate::state::{Ask, View, inbox};

/// How a part draws a page of its own.
pub type Draw = fn(App, View) -> AnyView;

/// Where everybody begins: signing in and up, and a business's first steps.
#[derive(Clone, Copy)]
pub struct Start {
    draw: Draw,
}

/// Where people work all day.
#[derive(Clone, Copy)]
pub struct Desk {
    draw: Draw,
    /// The addresses of its calls.
    pub call: fn(&Ask) -> Option<Call>,
    /// What its state asks for.
    pub perform: fn(App, inbox::Effect),
}

/// How a part draws something of the desk.
pub type DrawTool = fn(desk::Desk) -> AnyView;

/// What stands beside a conversation that is open, and what opens at the desk when somebody asks for it.
#[derive(Clone, Copy)]
pub struct Tools {
    /// The panel that narrows the list.
    pub filters: DrawTool,
    /// The strip for many conversations at once.
    pub bulk: DrawTool,
    /// The card of the visitor.
    pub card: DrawTool,
    /// The list of keys.
    pub keys: DrawTool,
    /// The views that are chosen more rarely.
    pub views: DrawTool,
    /// What is done with a conversation at once.
    pub acts: DrawTool,
    /// The label whose name is searched for.
    pub label: DrawTool,
    /// When a conversation is to come back.
    pub snooze: DrawTool,
    /// What is done with a conversation more rarely.
    pub more: DrawTool,
    /// What visitors asked and said, below the numbers.
    pub said: fn(App) -> AnyView,
}

/// Pages and their calls.
#[derive(Clone, Copy)]
pub struct Pages {
    draw: Draw,
    /// The addresses of its calls.
    pub call: fn(&Ask) -> Option<Call>,
}

/// What comes of fetching a part.
type Coming<T> = Pin<Box<dyn Future<Output = Result<T, SplitLoaderError>>>>;

/// Where a part lies once it has come, and how it comes.
pub struct Part<T: 'static> {
    here: &'static LocalKey<Cell<Option<T>>>,
    fetch: fn() -> Coming<T>,
}

thread_local! {
    static START_HERE: Cell<Option<Start>> = const { Cell::new(None) };
    static DESK_HERE: Cell<Option<Desk>> = const { Cell::new(None) };
    static TOOLS_HERE: Cell<Option<Tools>> = const { Cell::new(None) };
    static CHAT_HERE: Cell<Option<Pages>> = const { Cell::new(None) };
    static HOUSE_HERE: Cell<Option<Pages>> = const { Cell::new(None) };
    static RECORD_HERE: Cell<Option<Pages>> = const { Cell::new(None) };
}

/// The start.
pub const START: Part<Start> = Part { here: &START_HERE, fetch: || Box::pin(start()) };
/// The desk.
pub const DESK: Part<Desk> = Part { here: &DESK_HERE, fetch: || Box::pin(desk()) };
/// The desk's tools.
pub const TOOLS: Part<Tools> = Part { here: &TOOLS_HERE, fetch: || Box::pin(tools()) };
/// Where the chat is set up: sites, knowledge, answers, webhooks.
pub const CHAT: Part<Pages> = Part { here: &CHAT_HERE, fetch: || Box::pin(chat()) };
/// Where the business and one's own account are kept in order.
pub const HOUSE: Part<Pages> = Part { here: &HOUSE_HERE, fetch: || Box::pin(house()) };
/// What was kept, counted and promised: numbers, requests, receipts, consent, notices, the audit log.
pub const RECORD: Part<Pages> = Part { here: &RECORD_HERE, fetch: || Box::pin(record()) };

impl<T: Copy> Part<T> {
    /// The part, if it has come.
    pub fn here(&self) -> Option<T> {
        self.here.get()
    }

    /// The part. It fails where the network does, and may then be asked for again.
    pub async fn load(&self) -> Result<T, SplitLoaderError> {
        if let Some(here) = self.here() {
            return Ok(here);
        }
        let part = (self.fetch)().await?;
        self.here.set(Some(part));
        Ok(part)
    }
}

#[wasm_split(start, fallible)]
fn start() -> Result<Start, SplitLoaderError> {
    Ok(Start { draw: pages::start })
}

#[wasm_split(desk, fallible)]
fn desk() -> Result<Desk, SplitLoaderError> {
    Ok(Desk { draw: pages::desk, call: api::call_inbox, perform: shell::desk::perform })
}

#[wasm_split(tools, fallible)]
fn tools() -> Result<Tools, SplitLoaderError> {
    Ok(Tools {
        filters: conversations::filters_panel,
        bulk: conversations::bulk_strip,
        card: visitor::card,
        keys: keys::dialog,
        views: conversations::views_further,
        acts: thread::acts,
        label: conversations::label_offer,
        snooze: thread::snooze,
        more: thread::more,
        said: pages::said,
    })
}

#[wasm_split(chat, fallible)]
fn chat() -> Result<Pages, SplitLoaderError> {
    Ok(Pages { draw: pages::chat, call: api::call_chat })
}

#[wasm_split(house, fallible)]
fn house() -> Result<Pages, SplitLoaderError> {
    Ok(Pages { draw: pages::house, call: api::call_house })
}

#[wasm_split(record, fallible)]
fn record() -> Result<Pages, SplitLoaderError> {
    Ok(Pages { draw: pages::record, call: api::call_record })
}

/// One of the desk's tools.
pub fn tool(desk: desk::Desk, which: fn(Tools) -> DrawTool) -> AnyView {
    asked_for(desk.app, move |tools| which(tools)(desk))
}

/// What visitors said, below the numbers.
pub fn said(app: App) -> AnyView {
    asked_for(app, move |tools| (tools.said)(app))
}

/// Draws something of the tools. Until they have come its place is empty; where they do not come, that is said there.
fn asked_for(app: App, draw: impl Fn(Tools) -> AnyView + Send + 'static) -> AnyView {
    if let Some(tools) = TOOLS.here() {
        return draw(tools);
    }
    let came = RwSignal::new(None);
    spawn_local(async move {
        let tools = TOOLS.load().await.ok();
        if tools.is_none() {
            app.newer_look();
        }
        came.try_set(Some(tools));
    });
    let drawn = move || match came.get()? {
        Some(tools) => Some(draw(tools)),
        None => {
            Some(view! { <p class="problem" role="alert">{app.text(Key::ProblemNetwork)}</p> }.into_any())
        }
    };
    drawn.into_any()
}

/// A page of the start.
pub fn at_start(app: App, view: View) -> AnyView {
    page(app, view, START.here().map(|start| start.draw), || Box::pin(async { Ok(START.load().await?.draw) }))
}

/// A page of the desk.
pub fn at_desk(app: App, view: View) -> AnyView {
    page(app, view, DESK.here().map(|desk| desk.draw), || Box::pin(async { Ok(DESK.load().await?.draw) }))
}

/// A page of the chat's.
pub fn at_chat(app: App, view: View) -> AnyView {
    page(app, view, CHAT.here().map(|chat| chat.draw), || Box::pin(async { Ok(CHAT.load().await?.draw) }))
}

/// A page of the house's.
pub fn at_house(app: App, view: View) -> AnyView {
    page(app, view, HOUSE.here().map(|house| house.draw), || Box::pin(async { Ok(HOUSE.load().await?.draw) }))
}

/// A page of the record's.
pub fn at_record(app: App, view: View) -> AnyView {
    page(app, view, RECORD.here().map(|it| it.draw), || Box::pin(async { Ok(RECORD.load().await?.draw) }))
}

#[derive(Clone, Copy)]
enum Loaded {
    Waiting,
    Failed,
    Here(Draw),
}

/// A page of a part: its place until the part is there, and a way to try again where it does not come.
fn page(app: App, view: View, here: Option<Draw>, load: fn() -> Coming<Draw>) -> AnyView {
    if let Some(draw) = here {
        return draw(app, view);
    }
    let loaded = RwSignal::new(Loaded::Waiting);
    let fetch = move || {
        loaded.set(Loaded::Waiting);
        spawn_local(async move {
            // Whoever went elsewhere meanwhile needs no page.
            let part = load().await;
            if part.is_err() {
                app.newer_look();
            }
            let came = part.is_ok();
            let is_left = loaded.try_set(part.map_or(Loaded::Failed, Loaded::Here)).is_some();
            if came && !is_left {
                // Only now is there a heading, or a first field, to begin at.
                browser::later(0, browser::page_begin);
            }
        });
    };
    fetch();
    let drawn = move || match loaded.get() {
        Loaded::Here(draw) => draw(app, view),
        Loaded::Waiting => waiting(app, Rows(4)).into_any(),
        Loaded::Failed => view! {
            <div class="problem" role="alert">
                <p>{app.text(Key::ProblemNetwork)}</p>
                <button type="button" on:click=move |_| fetch()>{app.text(Key::TryAgain)}</button>
            </div>
        }
        .into_any(),
    };
    drawn.into_any()
}
