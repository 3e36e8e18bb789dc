//! What the chat says before anybody wrote, in each of the site's languages.

use std::collections::BTreeMap;

use leptos::prelude::*;
use shared::limits::{
    CONSENT_DETAIL_CHARACTERS, CONSENT_QUESTION_CHARACTERS, GREETING_CHARACTERS, QUESTION_CHARACTERS,
    QUICK_QUESTIONS,
};
use shared::rules::person::{block_text, line_text};
use shared::wire::admin::knowledge::TryKnowledge;
use shared::wire::admin::site::SiteForm;
use shared::wire::consent::OwnConsent;

use crate::browser;
use crate::components::field::{area, choice};
use crate::i18n::{self, Key, SITE_LANGUAGES};
use crate::shell::{Aim, App};
use crate::state::{Ask, Page, Section, Setup};

/// The words as they are typed.
#[derive(Clone, Copy)]
pub struct Words {
    /// The site's languages, the fallback first.
    pub languages: RwSignal<Vec<String>>,
    /// The language whose words are in view.
    pub shown: RwSignal<String>,
    greeting: RwSignal<BTreeMap<String, String>>,
    /// A question a line.
    questions: RwSignal<BTreeMap<String, String>>,
    consent: RwSignal<BTreeMap<String, OwnConsent>>,
    /// The questions that visitors are offered now.
    offered: StoredValue<BTreeMap<String, Vec<String>>>,
    wrong: RwSignal<Option<Key>>,
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

impl Words {
    pub(super) fn new(form: &SiteForm) -> Self {
        let questions =
            form.quick_questions.iter().map(|(language, lines)| (language.clone(), lines.join("\n")));
        Self {
            languages: RwSignal::new(form.languages.clone()),
            shown: RwSignal::new(form.languages.first().cloned().unwrap_or_else(|| "en".to_owned())),
            greeting: RwSignal::new(form.greeting.clone()),
            questions: RwSignal::new(questions.collect()),
            consent: RwSignal::new(form.consent.clone()),
            offered: StoredValue::new(form.quick_questions.clone()),
            wrong: RwSignal::new(None),
        }
    }

    /// What is wrong with the words of a language, if anything is, and in which field.
    fn judge(self, language: &str) -> Option<(Key, &'static str)> {
        let greeting = self.greeting.with_untracked(|all| all.get(language).cloned().unwrap_or_default());
        let questions =
            self.questions.with_untracked(|all| lines(all.get(language).map_or("", String::as_str)));
        let too_long = |question: &String| line_text(question, QUESTION_CHARACTERS).is_none();
        if block_text(&greeting, GREETING_CHARACTERS).is_none() {
            Some((Key::WrongGreeting, "greeting"))
        } else if questions.len() > QUICK_QUESTIONS || questions.iter().any(too_long) {
            Some((Key::WrongQuestions, "questions"))
        } else {
            self.consent.with_untracked(|all| consent_wrong(all.get(language)?))
        }
    }

    pub(super) fn read(self, form: SiteForm) -> Option<SiteForm> {
        for language in self.languages.get_untracked() {
            let wrong = self.judge(&language);
            self.wrong.set(wrong.map(|(words, _)| words));
            if let Some((_, field)) = wrong {
                self.shown.set(language);
                browser::focus(field);
                return None;
            }
        }
        Some(self.written(form))
    }

    fn written(self, form: SiteForm) -> SiteForm {
        let questions = self.questions.get_untracked();
        let questions = questions.into_iter().map(|(language, text)| (language, lines(&text)));
        SiteForm {
            languages: self.languages.get_untracked(),
            greeting: self.greeting.get_untracked(),
            quick_questions: questions.collect(),
            consent: self.consent.get_untracked(),
            ..form
        }
    }

    pub(super) fn shown(self, form: SiteForm) -> SiteForm {
        self.languages.track();
        self.greeting.track();
        self.questions.track();
        self.consent.track();
        self.written(form)
    }
}

/// What is wrong with words of one's own about statistics. Nothing is fine: then there are ours.
fn consent_wrong(own: &OwnConsent) -> Option<(Key, &'static str)> {
    let question = own.question.trim();
    if !question.is_empty() && line_text(question, CONSENT_QUESTION_CHARACTERS).is_none() {
        Some((Key::WrongConsent, "consent-question"))
    } else if block_text(&own.detail, CONSENT_DETAIL_CHARACTERS).is_none() {
        Some((Key::WrongConsent, "consent-detail"))
    } else {
        None
    }
}

/// A text of the language in view.
fn text_of(texts: RwSignal<BTreeMap<String, String>>, shown: RwSignal<String>) -> String {
    texts.with(|texts| texts.get(&shown.get()).cloned().unwrap_or_default())
}

fn text_set(texts: RwSignal<BTreeMap<String, String>>, language: String, text: String) {
    texts.update(|texts| {
        texts.insert(language, text);
    });
}

fn inside(app: App, words: Words) -> impl IntoView {
    let Words { languages, shown, greeting, questions, consent, wrong, .. } = words;
    let options = move || {
        languages.get().into_iter().map(|language| {
            let mine = language.clone();
            view! { <option value=language prop:selected=move || shown.get() == mine>{i18n::site_language(&language)}</option> }
        }).collect_view()
    };
    let typed = move |texts| {
        move |text: String| {
            wrong.set(None);
            text_set(texts, shown.get_untracked(), text);
        }
    };
    let own = move |part: fn(&OwnConsent) -> &String| {
        move || consent.with(|all| all.get(&shown.get()).map(|own| part(own).clone()).unwrap_or_default())
    };
    let own_typed = move |part: fn(&mut OwnConsent) -> &mut String| {
        move |text: String| {
            wrong.set(None);
            consent.update(|all| *part(all.entry(shown.get_untracked()).or_default()) = text);
        }
    };
    view! {
        {languages_field(app, words)}
        <div class="field">
            <label for="words-language">{app.text(Key::WordsLanguage)}</label>
            <select id="words-language" on:change=move |event| shown.set(event_target_value(&event))>{options}</select>
        </div>
        {area(app, "greeting", Key::Greeting, Some(Key::GreetingHint), 3, move || text_of(greeting, shown), typed(greeting))}
        {area(app, "questions", Key::Questions, Some(Key::QuestionsHint), 4, move || text_of(questions, shown), typed(questions))}
        {unanswered(app, words)}
        {area(app, "consent-question", Key::OwnConsent, Some(Key::OwnConsentHint), 2, own(|own| &own.question), own_typed(|own| &mut own.question))}
        {area(app, "consent-detail", Key::OwnConsentDetail, Some(Key::OwnConsentDetailHint), 3, own(|own| &own.detail), own_typed(|own| &mut own.detail))}
        <p class="wrong" role="alert" hidden=move || wrong.get().is_none()>{move || wrong.get().map(|key| app.text(key))}</p>
    }
}

/// Names the questions in view that nothing of what the business wrote answers: whoever taps one is told so.
fn unanswered(app: App, words: Words) -> impl IntoView {
    let asked = Memo::new(move |_| {
        let locale = words.shown.get();
        let questions = words.offered.with_value(|all| all.get(&locale).cloned().unwrap_or_default());
        let tried = |question| TryKnowledge { question, locale: locale.clone() };
        questions.into_iter().map(tried).collect::<Vec<_>>()
    });
    Effect::new(move |_| {
        let asked = asked.get();
        let (business, untried) = app.peek(|state| (state.page.business(), state.setup.untried(&asked)));
        for (business, asked) in
            business.into_iter().flat_map(|it| untried.iter().map(move |asked| (it, asked)))
        {
            app.ask(Ask::Setup(business, Setup::Quick(asked.clone())));
        }
    });
    let open = Memo::new(move |_| asked.with(|asked| app.read(|state| state.setup.unanswered(asked))));
    let rows = move || {
        let knowledge =
            app.peek(|state| state.page.business()).map(|it| Page::In(it, Section::Knowledge).fragment());
        let row = move |tried: TryKnowledge| {
            let TryKnowledge { question, locale } = tried;
            let aim = Aim::Answer { question: question.clone(), locale };
            view! {
                <li>
                    <bdi>{question}</bdi>" "
                    <a href=knowledge.clone() on:click=move |_| app.aim.set(Some(aim.clone()))>{app.text(Key::QuestionsWrite)}</a>
                </li>
            }
        };
        open.get().into_iter().map(row).collect_view()
    };
    view! {
        <div role="status">
            {move || (!open.with(Vec::is_empty)).then(|| view! {
                <div class="note"><p>{app.text(Key::QuestionsOpen)}</p><ul>{rows}</ul></div>
            })}
        </div>
    }
}

/// Which languages there are words in; the first serves whoever reads none of them.
fn languages_field(app: App, words: Words) -> impl IntoView {
    let Words { languages, shown, .. } = words;
    let adding = RwSignal::new(String::new());
    let rows = move || {
        let all = languages.get();
        let only = all.len() == 1;
        all.into_iter().enumerate().map(|(index, language)| {
            let name = i18n::site_language(&language);
            let label = app.text_with(Key::LanguageRemove, &[("language", &name)]);
            let mine = language;
            let remove = move |_| {
                languages.update(|all| all.retain(|other| *other != mine));
                if shown.get_untracked() == mine {
                    shown.set(languages.with_untracked(|all| all.first().cloned().unwrap_or_default()));
                }
            };
            view! {
                <li class="pill" class:on=index == 0>
                    <bdi>{name}</bdi>
                    {(index == 0).then(|| view! { <span class="optional">{app.text(Key::LanguageFirst)}</span> })}
                    {(!only).then(|| view! {
                        <button type="button" class="quiet" aria-label=label on:click=remove>
                            <svg viewBox="0 0 20 20" aria-hidden="true"><path d="m6 6 8 8m0-8-8 8"/></svg>
                        </button>
                    })}
                </li>
            }
        }).collect_view()
    };
    // A language that is chosen is there at once, and in view.
    Effect::new(move |_| {
        let chosen = adding.get();
        if !chosen.is_empty() {
            languages.update(|all| {
                if !all.contains(&chosen) {
                    all.push(chosen.clone());
                }
            });
            shown.set(chosen);
            adding.set(String::new());
        }
    });
    let names = SITE_LANGUAGES.map(|(language, name)| (language.to_owned(), name.to_owned()));
    let options = std::iter::once((String::new(), app.text(Key::LanguageChoose))).chain(names).collect();
    view! {
        <div class="field">
            <p class="label" id="languages-label">{app.text(Key::Languages)}</p>
            <ul class="pills" aria-labelledby="languages-label">{rows}</ul>
        </div>
        {choice("language-add", app.text(Key::LanguageAdd), options, adding)}
    }
}

pub(super) fn card(app: App, words: Words) -> impl IntoView {
    super::card(app, "site-words", Key::SiteWords, Some(Key::SiteWordsLede), inside(app, words))
}
