//! A field with its label, its hint and what is wrong with it, said where it is wrong.

use leptos::prelude::*;
use shared::limits::{LINE_CHARACTERS, NAME_CHARACTERS};
use shared::rules::person::{email_normalise, line_text};

use crate::browser;
use crate::i18n::Key;
use crate::shell::App;

/// What is typed, and what is wrong with it.
#[derive(Clone, Copy)]
pub struct Input {
    id: &'static str,
    value: RwSignal<String>,
    wrong: RwSignal<Option<Key>>,
}

impl Input {
    /// A field that begins with a value.
    pub fn new(id: &'static str, value: &str) -> Self {
        Self { id, value: RwSignal::new(value.to_owned()), wrong: RwSignal::new(None) }
    }

    /// What stands in it now.
    pub fn raw(self) -> String {
        self.value.get_untracked()
    }

    /// What stands in it, and again whenever that changes.
    pub fn now(self) -> String {
        self.value.get()
    }

    /// Writes over it.
    pub fn set(self, value: &str) {
        self.value.set(value.to_owned());
        self.wrong.set(None);
    }

    /// A name; says what is wrong where it is none.
    pub fn name(self) -> Option<String> {
        self.judged(line_text(&self.raw(), NAME_CHARACTERS), Key::WrongName)
    }

    /// A line; says what is wrong where it is none.
    pub fn line(self) -> Option<String> {
        self.judged(line_text(&self.raw(), LINE_CHARACTERS), Key::WrongLine)
    }

    /// A line, or nothing. The outer `None` is neither.
    pub fn line_or_none(self) -> Option<Option<String>> {
        if self.raw().trim().is_empty() { Some(None) } else { self.line().map(Some) }
    }

    /// An address; says what is wrong where it is none.
    pub fn email(self) -> Option<String> {
        self.judged(email_normalise(&self.raw()), Key::WrongEmail)
    }

    /// Six digits, whatever stands between them.
    pub fn digits(self) -> Option<String> {
        let digits: String = self.raw().chars().filter(char::is_ascii_digit).collect();
        self.judged(Some(digits).filter(|digits| digits.len() == 6), Key::WrongCode)
    }

    /// What was made of it, or what is wrong with it under the reader's eye.
    pub fn judged<T>(self, made: Option<T>, wrong: Key) -> Option<T> {
        self.wrong.set(made.is_none().then_some(wrong));
        if made.is_none() {
            browser::focus(self.id);
        }
        made
    }
}

/// How a field looks and what it takes.
#[derive(Clone, Copy)]
pub struct Look {
    /// Its label.
    pub label: Key,
    /// A sentence below it.
    pub hint: Option<Key>,
    /// `type`.
    pub kind: &'static str,
    /// `autocomplete`.
    pub fills: &'static str,
    /// `inputmode`.
    pub mode: &'static str,
    /// The field in which a page begins.
    pub first: bool,
    /// It may stay empty.
    pub optional: bool,
}

impl Look {
    /// A line of text.
    pub const fn text(label: Key) -> Self {
        Self { label, hint: None, kind: "text", fills: "off", mode: "text", first: false, optional: false }
    }

    /// An e-mail address.
    pub const fn email(label: Key) -> Self {
        Self { kind: "email", fills: "email", mode: "email", ..Self::text(label) }
    }
}

/// The field.
pub fn field(app: App, input: Input, look: Look) -> impl IntoView {
    let Input { id, value, wrong } = input;
    let wrong_id = format!("{id}-wrong");
    let hint_id = format!("{id}-hint");
    let described = {
        let (wrong_id, hint_id) = (wrong_id.clone(), hint_id.clone());
        move || match (wrong.get(), look.hint) {
            (Some(_), _) => Some(wrong_id.clone()),
            (None, Some(_)) => Some(hint_id.clone()),
            (None, None) => None,
        }
    };
    view! {
        <div class="field">
            <label for=id>
                {app.text(look.label)}
                {look.optional.then(|| view! { <span class="optional">{app.text(Key::Optional)}</span> })}
            </label>
            <input
                id=id
                type=look.kind
                autocomplete=look.fills
                inputmode=look.mode
                dir="auto"
                data-first=look.first.then_some("")
                aria-invalid=move || wrong.get().map(|_| "true")
                aria-describedby=described
                prop:value=value
                on:input=move |event| {
                    value.set(event_target_value(&event));
                    wrong.set(None);
                }
            />
            {look.hint.map(|hint| view! { <p class="hint" id=hint_id>{app.text(hint)}</p> })}
            <p class="wrong" id=wrong_id role="alert" hidden=move || wrong.get().is_none()>
                {move || wrong.get().map(|key| app.text(key))}
            </p>
        </div>
    }
}

/// Several lines of text that are judged when they are sent.
pub fn area_checked(app: App, input: Input, look: Look) -> impl IntoView {
    let Input { id, value, wrong } = input;
    let wrong_id = format!("{id}-wrong");
    let hint_id = format!("{id}-hint");
    let described = {
        let (wrong_id, hint_id) = (wrong_id.clone(), hint_id.clone());
        move || if wrong.get().is_some() { wrong_id.clone() } else { hint_id.clone() }
    };
    view! {
        <div class="field">
            <label for=id>
                {app.text(look.label)}
                {look.optional.then(|| view! { <span class="optional">{app.text(Key::Optional)}</span> })}
            </label>
            <textarea
                id=id
                rows="4"
                dir="auto"
                aria-invalid=move || wrong.get().map(|_| "true")
                aria-describedby=described
                prop:value=value
                on:input=move |event| {
                    value.set(event_target_value(&event));
                    wrong.set(None);
                }
            ></textarea>
            <p class="hint" id=hint_id>{look.hint.map(|hint| app.text(hint))}</p>
            <p class="wrong" id=wrong_id role="alert" hidden=move || wrong.get().is_none()>
                {move || wrong.get().map(|key| app.text(key))}
            </p>
        </div>
    }
}

/// Several lines of text. Its value lives where the page keeps it.
pub fn area(
    app: App,
    id: &'static str,
    label: Key,
    hint: Option<Key>,
    rows: u32,
    value: impl Fn() -> String + Send + 'static,
    typed: impl Fn(String) + 'static,
) -> impl IntoView {
    let hint_id = format!("{id}-hint");
    let described = hint.map(|_| hint_id.clone());
    view! {
        <div class="field">
            <label for=id>{app.text(label)}</label>
            <textarea
                id=id
                rows=rows
                dir="auto"
                aria-describedby=described
                prop:value=value
                on:input=move |event| typed(event_target_value(&event))
            ></textarea>
            {hint.map(|hint| view! { <p class="hint" id=hint_id>{app.text(hint)}</p> })}
        </div>
    }
}

/// A choice that has to be made: it begins with nothing.
pub fn choice_checked(
    app: App,
    input: Input,
    (label, hint): (Key, Key),
    options: Vec<(String, String)>,
) -> impl IntoView {
    let Input { id, value, wrong } = input;
    let (wrong_id, hint_id) = (format!("{id}-wrong"), format!("{id}-hint"));
    let described = {
        let (wrong_id, hint_id) = (wrong_id.clone(), hint_id.clone());
        move || if wrong.get().is_some() { wrong_id.clone() } else { hint_id.clone() }
    };
    let options = std::iter::once((String::new(), String::new())).chain(options).map(|(name, words)| {
        let mine = name.clone();
        view! { <option value=name prop:selected=move || value.get() == mine>{words}</option> }
    });
    view! {
        <div class="field">
            <label for=id>{app.text(label)}</label>
            <select
                id=id
                aria-invalid=move || wrong.get().map(|_| "true")
                aria-describedby=described
                on:change=move |event| {
                    value.set(event_target_value(&event));
                    wrong.set(None);
                }
            >
                {options.collect_view()}
            </select>
            <p class="hint" id=hint_id>{app.text(hint)}</p>
            <p class="wrong" id=wrong_id role="alert" hidden=move || wrong.get().is_none()>
                {move || wrong.get().map(|key| app.text(key))}
            </p>
        </div>
    }
}

/// Something that is so or not, with a sentence about it.
pub fn tick(app: App, value: RwSignal<bool>, words: Key, sentence: Option<Key>) -> impl IntoView {
    view! {
        <label class="tick">
            <input type="checkbox" prop:checked=value on:change=move |event| value.set(event_target_checked(&event))/>
            <span>
                <strong>{app.text(words)}</strong>
                {sentence.map(|sentence| view! { <span>{app.text(sentence)}</span> })}
            </span>
        </label>
    }
}

/// A choice out of a few, with its label.
pub fn choice(
    id: &'static str,
    label: String,
    options: Vec<(String, String)>,
    value: RwSignal<String>,
) -> impl IntoView {
    let options = options.into_iter().map(|(name, words)| {
        let mine = name.clone();
        view! { <option value=name prop:selected=move || value.get() == mine>{words}</option> }
    });
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <select id=id on:change=move |event| value.set(event_target_value(&event))>
                {options.collect_view()}
            </select>
        </div>
    }
}

/// A choice out of a few that need a sentence each.
pub fn radios(
    name: &'static str,
    legend: String,
    options: Vec<(String, String, String)>,
    value: RwSignal<String>,
) -> impl IntoView {
    let options = options.into_iter().map(|(option, words, sentence)| {
        let (mine, chosen) = (option.clone(), option.clone());
        view! {
            <label class="radio">
                <input
                    type="radio"
                    name=name
                    value=option
                    prop:checked=move || value.get() == mine
                    on:change=move |_| value.set(chosen.clone())
                />
                <span><strong>{words}</strong><span>{sentence}</span></span>
            </label>
        }
    });
    view! { <fieldset class="radios"><legend>{legend}</legend>{options.collect_view()}</fieldset> }
}
