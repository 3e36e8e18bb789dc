//! What is true of everything on the screen: waiting, nothing there, not to be had, offline, done.

use std::sync::Arc;

use leptos::prelude::*;
use serde::Serialize;

use super::act::refusal_text;
use crate::browser;
use crate::i18n::{self, Key, Style};
use crate::json;
use crate::shell::App;
use crate::state::inbox::Why;
use crate::state::{Event, Refusal, Said, Slot, State};

/// The height of what is on its way, so that nothing jumps when it comes.
#[derive(Clone, Copy)]
pub struct Rows(pub usize);

/// Something that is loaded: its place while it is on its way, why it did not come, or it. What was there stays.
pub fn slot<T, V>(
    app: App,
    look: fn(&State) -> &Slot<T>,
    rows: Rows,
    draw: impl Fn(T) -> V + Send + 'static,
) -> AnyView
where
    T: Clone + PartialEq + Send + Sync + 'static,
    V: IntoView + 'static,
{
    // Told by its version, so that no type of value needs a watcher of its own.
    let version = Memo::new(move |_| {
        app.read(|state| {
            let slot = look(state);
            slot.value.is_some().then_some(slot.version)
        })
    });
    let refusal = Memo::new(move |_| app.read(|state| look(state).refusal.clone()));
    let drawn =
        Box::new(move || app.peek(|state| look(state).value.clone()).map(|value| draw(value).into_any()));
    placed(app, rows, version, refusal, drawn)
}

/// What a slot shows, whatever it holds.
fn placed(
    app: App,
    rows: Rows,
    version: Memo<Option<u32>>,
    refusal: Memo<Option<Refusal>>,
    drawn: Box<dyn Fn() -> Option<AnyView> + Send>,
) -> AnyView {
    view! {
        {move || refusal.get().map(|refusal| failed(app, &refusal))}
        {move || match version.get() {
            Some(_) => drawn().into_any(),
            None if refusal.get().is_some() => ().into_any(),
            None => waiting(app, rows).into_any(),
        }}
    }
    .into_any()
}

/// The rows of a list that is loaded, or a sentence where it has none. When it comes anew, a row of which nothing changed stays
/// as it is, with whatever is open and typed in it.
pub fn kept_rows<T, I>(
    app: App,
    look: fn(&State) -> &Slot<T>,
    items: fn(&T) -> &[I],
    (rows, empty): (Rows, Key),
    draw: impl Fn(I) -> AnyView + Send + Sync + 'static,
) -> AnyView
where
    T: 'static,
    I: Clone + Serialize + 'static,
{
    let refusal = Memo::new(move |_| app.read(|state| look(state).refusal.clone()));
    // Told by their words, so that no type of row needs a watcher of its own.
    let words = Memo::new(move |_| {
        app.read(|state| {
            let value = look(state).value.as_ref();
            value.map(|value| items(value).iter().filter_map(json::write).collect::<Vec<_>>())
        })
    });
    let one = Arc::new(move |place: usize| {
        let item = app.peek(|state| items(look(state).value.as_ref()?).get(place).cloned());
        item.map(&draw)
    });
    kept_placed(app, (rows, empty), words, refusal, one)
}

/// Draws the row at a place.
type DrawRow = Arc<dyn Fn(usize) -> Option<AnyView> + Send + Sync>;

/// The same, whatever the rows hold.
fn kept_placed(
    app: App,
    (rows, empty): (Rows, Key),
    words: Memo<Option<Vec<String>>>,
    refusal: Memo<Option<Refusal>>,
    one: DrawRow,
) -> AnyView {
    let version = Memo::new(move |_| words.with(|words| words.is_some().then_some(0)));
    let is_empty = Memo::new(move |_| words.with(|words| words.as_ref().is_none_or(Vec::is_empty)));
    let drawn = move || {
        let one = Arc::clone(&one);
        let each = move || words.get().unwrap_or_default().into_iter().enumerate().collect::<Vec<_>>();
        let rows = view! {
            {move || is_empty.get().then(|| view! { <p class="empty">{app.text(empty)}</p> })}
            <ul class="rows" hidden=move || is_empty.get()>
                <For each=each key=|(_, words)| words.clone() children=move |(place, _)| one(place)/>
            </ul>
        };
        Some(rows.into_any())
    };
    placed(app, rows, version, refusal, Box::new(drawn))
}

/// The place of what is on its way.
pub fn waiting(app: App, rows: Rows) -> impl IntoView {
    view! {
        <div class="waiting" role="status" aria-label=app.text(Key::Loading)>
            {(0..rows.0).map(|_| view! { <span></span> }).collect_view()}
        </div>
    }
}

/// Why something did not come, and the way to try again.
pub fn failed(app: App, refusal: &Refusal) -> impl IntoView + use<> {
    view! {
        <div class="problem" role="alert">
            <p>{refusal_text(app, refusal)}</p>
            <button type="button" on:click=move |_| app.dispatch(Event::Reloaded)>{app.text(Key::TryAgain)}</button>
        </div>
    }
}

/// The line that says that the network is away.
pub fn offline(app: App) -> impl IntoView {
    let online = app.part(|state| state.online);
    view! {
        <div role="status">
            {move || (!online.get()).then(|| view! { <p class="offline">{app.text(Key::Offline)}</p> })}
        </div>
    }
}

/// The page is older than the deployment: says so, and offers the newer one. Nobody's page goes by itself.
pub fn outdated(app: App) -> impl IntoView {
    let outdated = app.part(|state| state.outdated);
    view! {
        <div role="status">
            {move || outdated.get().then(|| view! {
                <div class="problem">
                    <p>{app.text(Key::NewerVersion)}</p>
                    <button type="button" on:click=move |_| browser::reload()>{app.text(Key::NewerLoad)}</button>
                </div>
            })}
        </div>
    }
}

/// How long what was done is said, and between two looks whether somebody still reads it.
const SAID_MS: u32 = 8_000;
const SAID_AGAIN_MS: u32 = 2_000;

/// The sentence about what was done last. It goes by itself after a while, with the next deed, or when it is closed.
pub fn said(app: App) -> impl IntoView {
    let said = app.part(|state| state.said);
    let count = StoredValue::new(0_u32);
    Effect::new(move |_| {
        let now = said.get();
        count.update_value(|count| *count = count.wrapping_add(1));
        if now.is_some_and(|said| !said.stays()) {
            said_fade(app, count, count.get_value(), SAID_MS);
        }
    });
    view! {
        <div role="status" class="said-place">
            {move || said.get().map(|said| view! {
                <p class="said">
                    {said_text(app, said)}
                    <button type="button" class="quiet" aria-label=app.text(Key::Close) on:click=move |_| app.dispatch(Event::SaidRead)>
                        <svg viewBox="0 0 20 20" aria-hidden="true"><path d="m5.5 5.5 9 9m0-9-9 9"/></svg>
                    </button>
                </p>
            })}
        </div>
    }
}

/// Lets a sentence go that nobody points at and that has no focus in it, unless another one stands there by then.
fn said_fade(app: App, count: StoredValue<u32>, mine: u32, after_ms: u32) {
    browser::later(after_ms, move || {
        if count.try_get_value() != Some(mine) {
            return;
        }
        if browser::is_attended(".said") {
            said_fade(app, count, mine, SAID_AGAIN_MS);
        } else {
            app.dispatch(Event::SaidRead);
        }
    });
}

/// Why somebody is called, without a visitor's words.
pub const fn called_text(why: Why) -> Key {
    match why {
        Why::Waits => Key::NotifyWords,
        Why::Mentioned => Key::NotifyMention,
        Why::Assigned => Key::NotifyAssigned,
    }
}

fn said_text(app: App, said: Said) -> String {
    let key = match said {
        Said::Saved => Key::SaidSaved,
        Said::Invited => Key::SaidInvited,
        Said::InvitationRevoked => Key::SaidInvitationRevoked,
        Said::RoleChanged => Key::SaidRoleChanged,
        Said::MemberRemoved => Key::SaidMemberRemoved,
        Said::Left => Key::SaidLeft,
        Said::Transferred => Key::SaidTransferred,
        Said::TokenRevoked => Key::SaidTokenRevoked,
        Said::SessionRevoked => Key::SaidSessionRevoked,
        Said::PasskeyAdded => Key::SaidPasskeyAdded,
        Said::PasskeyRemoved => Key::SaidPasskeyRemoved,
        Said::EmailWaits(at) => {
            return app.text_with(Key::SaidEmailWaits, &[("date", &i18n::moment(at, Style::Moment))]);
        }
        Said::EmailKept => Key::SaidEmailKept,
        Said::Joined => Key::SaidJoined,
        Said::Cleared => Key::SaidCleared,
        Said::Copied => Key::SaidCopied,
        Said::NotCopied => Key::SaidNotCopied,
        Said::CodeSent => Key::SaidCodeSent,
        Said::TakenOver => Key::SaidTaken,
        Said::GivenBack => Key::SaidGivenBack,
        Said::ThreadClosed => Key::SaidClosed,
        Said::Snoozed => Key::SaidSnoozed,
        Said::NotSent => Key::SaidNotSent,
        Said::Deleted => Key::SaidDeleted,
        Said::SiteOpened => Key::SaidSiteOpened,
        Said::IdentityDropped => Key::SaidIdentityDropped,
        Said::WebhookDropped => Key::SaidWebhookDropped,
        Said::WebhookTold => Key::SaidWebhookTold,
        Said::VendorKeyKept => Key::SaidVendorKeyKept,
        Said::VendorKeyDropped => Key::SaidVendorKeyDropped,
        Said::KnowledgeKept => Key::SaidKnowledgeKept,
        Said::KnowledgeDeleted => Key::SaidKnowledgeDeleted,
        Said::QuestionAnswered => Key::SaidQuestionAnswered,
        Said::QuestionPutAside => Key::SaidQuestionPutAside,
        Said::LimitAsked(at) => {
            return app.text_with(Key::SaidLimitAsked, &[("date", &i18n::moment(at, Style::Moment))]);
        }
        Said::LimitKept => Key::SaidLimitKept,
        Said::RequestEntered => Key::SaidRequestEntered,
        Said::RequestExtended => Key::SaidRequestExtended,
        Said::RequestMet => Key::SaidRequestMet,
        Said::RequestRefused => Key::SaidRequestRefused,
        Said::DeletionAsked(at) => {
            return app.text_with(Key::SaidDeletionAsked, &[("date", &i18n::moment(at, Style::Moment))]);
        }
        Said::DeletionKept => Key::SaidDeletionKept,
        Said::Called(why) => called_text(why),
    };
    app.text(key)
}
