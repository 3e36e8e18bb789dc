//! The card: what is held of the visitor, each with its until-when, and who looks after the conversation.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use shared::id::{ConversationId, LabelId};
use shared::time::Millis;
use shared::wire::admin::inbox::conversation::{Held, HeldKind, VisitorCard};
use shared::wire::admin::inbox::deed::{Assign, SetLabels, SetPriority};
use shared::wire::admin::inbox::list::{ConversationRow, Priority};
use shared::wire::admin::inbox::words::{LabelColor, PutLabel};

use super::act::{problem, submit_aside};
use super::desk::{Desk, icon, initial, label_of, member_options, pick, priority_options, visitor_name};
use super::field::{Input, Look, field};
use crate::i18n::{self, Key, Style};
use crate::pages::requests_about;
use crate::shell::App;
use crate::state::inbox::{Deed, InboxAsk, Spot};
use crate::state::{Form, Pane, Section, State};

/// What stands on it, of the desk's tools: it comes with the first conversation that is opened.
pub fn card(desk: Desk) -> AnyView {
    let app = desk.app;
    let visitor = app.part(|state| state.inbox.thread.as_ref().and_then(|thread| thread.visitor.clone()));
    let open = app.part(|state| state.inbox.open());
    let row = app.part(|state| state.inbox.open_row().cloned());
    let called = move |how: fn(App, &ConversationRow) -> String| {
        Memo::new(move |_| row.with(|row| row.as_ref().map(|row| how(app, row))))
    };
    let (name, letter) = (called(visitor_name), called(|_, row| initial(row)));
    view! {
            {move || open.get().zip(visitor.get()).map(|(open, visitor)| {
                let back = desk.page(open, Pane::Thread);
                let email = held(&visitor, HeldKind::Email).map(|held| held.value.expose().clone());
                let blocked = visitor.is_blocked.then(|| view! { " "<span class="chip clay">{app.text(Key::Blocked)}</span> });
                let held = visitor.on_hold.map(|_| view! { " "<span class="chip clay">{app.text(Key::OnHold)}</span> });
                view! {
                    <header>
                        <a class="button quiet icon back" href=back aria-label=app.text(Key::BackToThread)>{icon("M12 4.5 6.5 10l5.5 5.5")}</a>
                        <span class="initials large" aria-hidden="true">{move || letter.get()}</span>
                        <div>
                            <h1 tabindex="-1"><bdi>{move || name.get()}</bdi>{blocked}{held}</h1>
                            <p>{email.unwrap_or_else(|| app.text(Key::NoName))}</p>
                        </div>
                    </header>
                    {what(desk, &visitor)}
                    {until(desk, &visitor)}
                }
            })}
            {move || open.get().map(|open| rights(desk, open))}
            {move || open.get().map(|_| handling(desk))}
    }
    .into_any()
}

fn held(visitor: &VisitorCard, kind: HeldKind) -> Option<&Held> {
    visitor.held.iter().find(|held| held.kind == kind)
}

/// A kind of browser in the reader's words: it is kept as one of a few names and a few devices, in English.
fn browser_words(app: App, kind: &str) -> String {
    let (family, device) = kind.split_once(", ").unwrap_or((kind, ""));
    let device = match device {
        "phone" => app.text(Key::DevicePhone),
        "tablet" => app.text(Key::DeviceTablet),
        "computer" => app.text(Key::DeviceComputer),
        other => other.to_owned(),
    };
    let family = if family == "Other" { app.text(Key::BrowserOther) } else { family.to_owned() };
    format!("{family}, {device}")
}

/// Only what is held. What is not, is said to be not.
fn what(desk: Desk, visitor: &VisitorCard) -> impl IntoView + use<> {
    let app = desk.app;
    let newest = visitor.newest_until;
    let rows = visitor.held.iter().map(|held| {
        let value = held.value.expose();
        let (name, words) = match held.kind {
            HeldKind::Language => (Key::HeldLanguage, i18n::language_name(value)),
            HeldKind::Browser => (Key::HeldBrowser, browser_words(app, value)),
            HeldKind::Identity => (Key::HeldIdentity, value.clone()),
            HeldKind::Page => (Key::HeldPage, value.clone()),
            HeldKind::Address => (Key::HeldIp, value.clone()),
            HeldKind::Email => (Key::HeldAddress, value.clone()),
            HeldKind::Consent if value == "accepted" => (Key::HeldStatistics, app.text(Key::ChoiceAccepted)),
            HeldKind::Consent => (Key::HeldStatistics, app.text(Key::ChoiceDeclined)),
            HeldKind::Score => (Key::FigureScores, app.text_with(Key::ScoreOf, &[("score", value)])),
            HeldKind::Comment => (Key::HeldComment, value.clone()),
        };
        let proof = (held.kind == HeldKind::Email).then(|| {
            let key = if visitor.is_email_verified { Key::HeldVerified } else { Key::HeldUnverified };
            format!("{} · ", app.text(key))
        });
        // What goes with the conversation is said once, below.
        let own = (Some(held.until) != newest || held.kind == HeldKind::Email)
            .then(|| app.text_with(Key::HeldUntil, &[("date", &i18n::moment(held.until, Style::Date))]));
        let small = (proof.is_some() || own.is_some()).then(|| view! { <small>{proof}{own}</small> });
        view! { <div><dt>{app.text(name)}</dt><dd><bdi>{words}</bdi>{small}</dd></div> }
    });
    let rows = rows.collect_view();
    let no_ip = held(visitor, HeldKind::Address).is_none().then(|| {
        view! {
            <div><dt>{app.text(Key::HeldIp)}</dt><dd>{app.text(Key::HeldIpNone)}</dd></div>
        }
    });
    view! {
        <section class="group">
            <h2>{app.text(Key::HeldTitle)}</h2>
            <dl>{rows}{no_ip}</dl>
        </section>
    }
}

/// The signature: until when.
fn until(desk: Desk, visitor: &VisitorCard) -> impl IntoView + use<> {
    let app = desk.app;
    let day = |at: Millis| i18n::moment(at, Style::Date);
    let (oldest, newest) = (visitor.oldest_until.map(day), visitor.newest_until.map(day));
    let words = match (oldest, newest) {
        (Some(first), Some(last)) if first != last => {
            vec![split(
                &app.text_with(Key::UntilTwo, &[("first", "\u{1}"), ("last", "\u{2}")]),
                &first,
                &last,
            )]
        }
        (_, Some(last)) | (Some(last), None) => {
            vec![split(&app.text_with(Key::UntilOne, &[("date", "\u{2}")]), "", &last)]
        }
        (None, None) => Vec::new(),
    };
    (!words.is_empty()).then(|| {
        view! {
            <section class="group">
                <h2>{app.text(Key::UntilTitle)}</h2>
                <p class="until">{words}</p>
            </section>
        }
    })
}

/// What the person behind it may ask for: requests about this conversation, for those who work on requests.
fn rights(desk: Desk, open: ConversationId) -> AnyView {
    let app = desk.app;
    let page = app.part(|state| state.page.business().filter(|_| state.reaches(Section::Requests.least())));
    (move || page.get().map(|business| requests_about(app, business, open))).into_any()
}

/// A sentence with its dates in bold.
fn split(sentence: &str, first: &str, last: &str) -> AnyView {
    let mut found: Vec<AnyView> = Vec::new();
    let mut words = String::new();
    for letter in sentence.chars() {
        let date = match letter {
            '\u{1}' => first,
            '\u{2}' => last,
            _ => {
                words.push(letter);
                continue;
            }
        };
        found.push(std::mem::take(&mut words).into_any());
        found.push(view! { <strong>{date.to_owned()}</strong> }.into_any());
    }
    found.push(words.into_any());
    found.into_any()
}

/// Who looks after it, how much it matters, what it is about.
fn handling(desk: Desk) -> impl IntoView {
    let app = desk.app;
    let may = desk.may;
    let row = app.part(|state| state.inbox.handled());
    let assignee = Memo::new(move |_| {
        row.with(|row| row.as_ref().and_then(|row| row.assignee.as_ref()).map(|who| who.account.to_string()))
            .unwrap_or_default()
    });
    let priority = Memo::new(move |_| {
        row.with(|row| row.as_ref().map(|row| row.priority).unwrap_or_default()).as_str().to_owned()
    });
    let members = member_options(app, vec![(String::new(), app.text(Key::Nobody))]);
    let priorities = Memo::new(move |_| priority_options(app));
    let labels =
        Memo::new(move |_| row.with(|row| row.as_ref().map(|row| row.labels.clone()).unwrap_or_default()));
    let chips = move || {
        let labels = labels.get().into_iter().map(|label| {
            let named = Memo::new(move |_| app.read(|state| label_of(state, label)));
            move || {
                named.get().map(|(name, color)| {
                    let words = app.text_with(Key::LabelRemove, &[("name", &name)]);
                    let gone = move |_| {
                        let labels = labels.get_untracked().into_iter().filter(|other| *other != label).collect();
                        desk.deed(Deed::Labels(SetLabels { labels }));
                    };
                    view! {
                        <li class="chip">
                            <span class=format!("swatch {color}")></span><bdi>{name}</bdi>
                            {may.get_untracked().then(|| view! {
                                <button type="button" class="quiet" aria-label=words on:click=gone>{icon("m5.5 5.5 9 9m0-9-9 9")}</button>
                            })}
                        </li>
                    }
                })
            }
        });
        labels.collect_view()
    };
    let others = Memo::new(move |_| {
        let on = labels.get();
        let known = app.read(|state| {
            let labels = state.inbox.labels.value.as_ref().map(|labels| labels.labels.clone());
            labels.unwrap_or_default()
        });
        let rest = known.into_iter().filter(|label| !on.contains(&label.id));
        std::iter::once((String::new(), app.text(Key::LabelAdd)))
            .chain(rest.map(|label| (label.id.to_string(), label.label.name)))
            .collect::<Vec<_>>()
    });
    let none = Memo::new(move |_| String::new());
    let add = move |label: LabelId| {
        let mut labels = labels.get_untracked();
        if !labels.contains(&label) {
            labels.push(label);
            desk.deed(Deed::Labels(SetLabels { labels }));
        }
    };
    view! {
        <section class="group handling">
            <h2>{app.text(Key::Handling)}</h2>
            {move || may.get().then(|| view! {
                {pick("assignee", app.text(Key::Assignee), members, assignee, move |text| {
                    desk.deed(Deed::Assign(Assign { account: text.parse().ok() }));
                })}
                {pick("priority", app.text(Key::Priority), priorities, priority, move |text| {
                    if let Some(priority) = Priority::ALL.into_iter().find(|priority| priority.as_str() == text) {
                        desk.deed(Deed::Priority(SetPriority { priority }));
                    }
                })}
            })}
        </section>
        <section class="group">
            <h2>{app.text(Key::Labels)}</h2>
            <ul class="chips">{chips}</ul>
            {move || may.get().then(|| pick("label-add", app.text(Key::LabelAdd), others, none, move |text| {
                if let Ok(label) = text.parse() {
                    add(label);
                }
            }))}
            {move || may.get().then(|| label_new(desk, add))}
        </section>
    }
}

/// The label of a name, whatever its capitals.
fn label_called(state: &State, name: &str) -> Option<LabelId> {
    let labels = &state.inbox.labels.value.as_ref()?.labels;
    let found = labels.iter().find(|label| label.label.name.to_lowercase() == name.to_lowercase())?;
    Some(found.id)
}

/// A label that is missing is made here, and put on the conversation once it is there.
fn label_new(desk: Desk, add: impl Fn(LabelId) + Copy + 'static) -> AnyView {
    let app = desk.app;
    let form = Form::Inbox(Spot::Label(None));
    let name = Input::new("label-new", "");
    let wanted = RwSignal::new(None::<(ConversationId, String)>);
    Effect::new(move |_| {
        let Some((open, text)) = wanted.get() else { return };
        if let Some(label) = app.read(|state| label_called(state, &text)) {
            wanted.set(None);
            name.set("");
            if desk.open() == Some(open) {
                add(label);
            }
        }
    });
    let sent = move |event: SubmitEvent| {
        event.prevent_default();
        let (Some(text), Some(open)) = (name.name(), desk.open()) else { return };
        if app.peek(|state| label_called(state, &text)).is_none() {
            desk.ask(InboxAsk::LabelPut(None, PutLabel { name: text.clone(), color: LabelColor::default() }));
        }
        wanted.set(Some((open, text)));
    };
    view! {
        <details>
            <summary>{app.text(Key::LabelMake)}</summary>
            <form novalidate on:submit=sent>
                {field(app, name, Look::text(Key::LabelName))}
                {problem(app, form)}
                {submit_aside(app, form, Key::LabelMake)}
            </form>
        </details>
    }
    .into_any()
}
