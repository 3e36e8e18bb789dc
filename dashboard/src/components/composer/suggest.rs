//! What is offered while somebody writes: saved replies behind `/` at the beginning, colleagues behind `@` in a note.

use leptos::prelude::*;

use super::ID;
use crate::browser;
use crate::components::desk::Desk;
use crate::i18n::Key;
use crate::shell::App;

/// One offer.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Offer {
    /// What is typed to find it.
    name: String,
    /// What it says.
    words: String,
    /// The text area afterwards, and where the caret stands in it (in UTF-16 units).
    becomes: (String, u32),
}

/// The list of offers. Copies are the same list.
#[derive(Clone, Copy)]
pub struct Suggest {
    desk: Desk,
    text: RwSignal<String>,
    offers: RwSignal<Option<Vec<Offer>>>,
    place: RwSignal<usize>,
}

fn units(text: &str) -> u32 {
    u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX)
}

impl Suggest {
    /// A list that is closed.
    pub fn new(desk: Desk, text: RwSignal<String>) -> Self {
        Self { desk, text, offers: RwSignal::new(None), place: RwSignal::new(0) }
    }

    /// Closes it.
    pub fn close(self) {
        self.offers.set(None);
        self.place.set(0);
    }

    /// Offers every saved reply.
    pub fn open_all(self) {
        self.place.set(0);
        self.offers.set(Some(replies(self.desk, "")));
        browser::focus(ID);
    }

    /// Looks at what stands before the caret.
    pub fn look(self) {
        let before = browser::text_before_caret(ID).unwrap_or_default();
        let offers = if self.desk.noting.get_untracked() {
            mention_of(&before).map(|asked| members(self.desk, self.text, &before, &asked))
        } else {
            before
                .strip_prefix('/')
                .filter(|asked| !asked.contains('\n'))
                .map(|asked| replies(self.desk, asked))
        };
        self.place.set(0);
        self.offers.set(offers);
    }

    /// The id of the offer that Enter would take.
    pub fn active(self) -> Option<String> {
        let count = self.offers.with(|offers| offers.as_ref().map_or(0, Vec::len));
        (count > 0).then(|| format!("offer-{}", self.place.get()))
    }

    /// Takes a key while it is open. Says whether it did.
    pub fn took_key(self, event: &leptos::ev::KeyboardEvent) -> bool {
        let count = self.offers.with_untracked(|offers| offers.as_ref().map_or(0, Vec::len));
        if self.offers.with_untracked(Option::is_none) {
            return false;
        }
        let place = self.place.get_untracked();
        match event.key().as_str() {
            "ArrowDown" => self.place.set(place.saturating_add(1).checked_rem(count).unwrap_or_default()),
            "ArrowUp" => {
                self.place.set(place.checked_sub(1).unwrap_or(count.saturating_sub(1)));
            }
            "Enter" | "Tab" if count > 0 => self.choose(place),
            // A lone "/word" was meant for the list. That nothing fits stands there; it is no answer to anybody.
            "Enter"
                if self
                    .text
                    .with_untracked(|text| text.starts_with('/') && !text.contains(char::is_whitespace)) => {}
            "Escape" => self.close(),
            _ => return false,
        }
        event.prevent_default();
        event.stop_propagation();
        browser::later(0, move || browser::show(&format!("offer-{}", self.place.get_untracked())));
        true
    }

    fn choose(self, place: usize) {
        let offer =
            self.offers.with_untracked(|offers| offers.as_ref().and_then(|it| it.get(place).cloned()));
        if let Some(offer) = offer {
            let (words, caret) = offer.becomes;
            super::put(self.desk, self.text, words);
            browser::caret_set(ID, caret);
        }
        self.close();
    }

    /// The list.
    pub fn list(self) -> impl IntoView {
        let app = self.desk.app;
        let is_open = Memo::new(move |_| self.offers.with(Option::is_some));
        let rows = move || {
            let offers = self.offers.get().unwrap_or_default();
            if offers.is_empty() {
                return view! { <p>{app.text(Key::RepliesNothing)}</p> }.into_any();
            }
            let rows = offers.into_iter().enumerate().map(|(place, offer)| {
                view! {
                    <div
                        role="option"
                        id=format!("offer-{place}")
                        aria-selected=move || if self.place.get() == place { "true" } else { "false" }
                        on:mousedown=move |event| {
                            // The text area keeps the focus.
                            event.prevent_default();
                            self.choose(place);
                        }
                    >
                        <strong>{offer.name}</strong>
                        <span dir="auto">{offer.words}</span>
                    </div>
                }
            });
            rows.collect_view().into_any()
        };
        view! {
            <div class="suggest" id="suggest" role="listbox" aria-label=app.text(Key::RepliesTitle) hidden=move || !is_open.get()>
                {rows}
            </div>
        }
    }
}

/// Saved replies that fit what is typed: by shortcut first, then by title.
fn replies(desk: Desk, asked: &str) -> Vec<Offer> {
    let asked = asked.to_lowercase();
    let (replies, locale) = desk.app.peek(|state| {
        let replies =
            state.inbox.replies.value.as_ref().map(|replies| replies.replies.clone()).unwrap_or_default();
        (replies, state.inbox.open_row().map(|row| row.locale.clone()))
    });
    let mut found: Vec<(u8, Offer)> = replies
        .into_iter()
        .filter_map(|reply| {
            let reply = reply.reply;
            let is_there = reply.shortcut.starts_with(&asked);
            let rank = match (is_there, reply.title.to_lowercase().contains(&asked)) {
                (true, _) => 0_u8,
                (false, true) => 2,
                (false, false) => return None,
            };
            // What is in the visitor's own language comes first, what is in another one last.
            let is_foreign = reply.locale.is_some() && reply.locale != locale;
            let words = filled(desk, &reply.text);
            let caret = units(&words);
            let offer =
                Offer { name: format!("/{}", reply.shortcut), words: reply.title, becomes: (words, caret) };
            Some((rank.saturating_add(u8::from(is_foreign)), offer))
        })
        .collect();
    found.sort_by(|(a, first), (b, second)| a.cmp(b).then_with(|| first.name.cmp(&second.name)));
    found.into_iter().map(|(_, offer)| offer).collect()
}

/// A saved reply with its variables filled. The visitor's name is what the business calls them; where it does not, and nobody
/// is called by an address, it is left out.
fn filled(desk: Desk, text: &str) -> String {
    let visitor = desk.app.peek(|state| {
        let thread = state.inbox.thread.as_ref();
        thread.and_then(|thread| thread.identity()).map(|name| name.expose().clone())
    });
    let text = match visitor {
        Some(name) => text.replace("{visitor_name}", &name),
        None => text.replace(" {visitor_name}", "").replace("{visitor_name}", ""),
    };
    let (me, business, site) = desk.app.peek(|state| {
        let site = state.inbox.open_row().map(|row| row.site);
        let known = state.business.value.as_ref();
        let site = known
            .and_then(|it| it.sites.iter().find(|entry| Some(entry.id) == site))
            .map(|it| it.name.clone());
        (
            state.me().map(|me| me.name.expose().clone()).unwrap_or_default(),
            state.membership().map(|place| place.name.clone()).unwrap_or_default(),
            site.unwrap_or_default(),
        )
    });
    text.replace("{agent_name}", &me).replace("{business_name}", &business).replace("{site_name}", &site)
}

/// What is typed behind the last `@`, if the caret stands in a name.
fn mention_of(before: &str) -> Option<String> {
    let (head, asked) = before.rsplit_once('@')?;
    let begins = head.chars().next_back().is_none_or(char::is_whitespace);
    let fits = asked.chars().count() <= 30 && !asked.contains('\n');
    (begins && fits).then(|| asked.to_lowercase())
}

fn members(desk: Desk, text: RwSignal<String>, before: &str, asked: &str) -> Vec<Offer> {
    let members =
        desk.app.peek(|state| state.team.value.as_ref().map(|team| team.members.clone()).unwrap_or_default());
    let whole = text.get_untracked();
    let rest = whole.strip_prefix(before).unwrap_or_default().to_owned();
    let head = before.rsplit_once('@').map(|(head, _)| head).unwrap_or_default();
    members
        .into_iter()
        .filter_map(|member| {
            let name = member.name.into_exposed();
            let fits = name.to_lowercase().split_whitespace().any(|part| part.starts_with(asked))
                || name.to_lowercase().starts_with(asked);
            fits.then(|| {
                let written = format!("{head}@{name} ");
                let caret = units(&written);
                Offer {
                    name: format!("@{name}"),
                    words: String::new(),
                    becomes: (format!("{written}{rest}"), caret),
                }
            })
        })
        .collect()
}

/// Names behind an `@` as the edge takes them. The longest name goes first, so that no other one is its beginning.
pub fn mentions_out(app: App, text: &str) -> String {
    let mut members = app.peek(|state| {
        let members = state.team.value.as_ref().map(|team| team.members.clone()).unwrap_or_default();
        members.into_iter().map(|member| (member.name.into_exposed(), member.account)).collect::<Vec<_>>()
    });
    members.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    members.into_iter().fold(text.to_owned(), |text, (name, account)| {
        text.replace(&format!("@{name}"), &format!("@[{account}]"))
    })
}
