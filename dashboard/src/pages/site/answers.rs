//! Who answers, in which order and tone, under which ceilings.

use leptos::prelude::*;
use shared::limits::{DAILY_CALLS, DAILY_TOKENS, INSTRUCTIONS_CHARACTERS};
use shared::rules::person::block_text;
use shared::wire::admin::site::{Answerer, SiteForm, Tone};

use crate::components::field::{Input, Look, area, choice, field};
use crate::i18n::Key;
use crate::shell::App;

/// The answerer that needs no provider.
const BUILTIN: &str = "builtin";

/// Who answers, as it is chosen.
#[derive(Clone, Copy)]
pub struct Answers {
    /// Everybody who can be chosen, in order, and whether they are.
    order: RwSignal<Vec<(String, bool)>>,
    known: StoredValue<Vec<Answerer>>,
    tone: RwSignal<String>,
    instructions: RwSignal<String>,
    wrong: RwSignal<bool>,
    calls: Input,
    tokens: Input,
}

fn whole(text: &str, most: u32) -> Option<u32> {
    let digits: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
    digits.parse().ok().filter(|number| *number <= most)
}

impl Answers {
    pub(super) fn new(form: &SiteForm, known: &[Answerer]) -> Self {
        let chosen = form.answerers.iter().filter(|name| *name != BUILTIN);
        let chosen = chosen.map(|name| (name.clone(), true));
        let others =
            known.iter().filter(|other| other.name != BUILTIN && !form.answerers.contains(&other.name));
        let others = others.map(|other| (other.name.clone(), false));
        // Whoever needs no provider is asked last: it always has an answer, if only that it found none.
        let builtin = (BUILTIN.to_owned(), form.answerers.iter().any(|name| name == BUILTIN));
        Self {
            order: RwSignal::new(chosen.chain(others).chain([builtin]).collect()),
            known: StoredValue::new(known.to_vec()),
            tone: RwSignal::new(form.tone.as_str().to_owned()),
            instructions: RwSignal::new(form.instructions.clone()),
            wrong: RwSignal::new(false),
            calls: Input::new("calls", &form.daily_calls.to_string()),
            tokens: Input::new("tokens", &form.daily_tokens.to_string()),
        }
    }

    fn chosen(order: &[(String, bool)]) -> Vec<String> {
        order.iter().filter(|(_, chosen)| *chosen).map(|(name, _)| name.clone()).collect()
    }

    pub(super) fn read(self, form: SiteForm) -> Option<SiteForm> {
        let instructions = block_text(&self.instructions.get_untracked(), INSTRUCTIONS_CHARACTERS);
        self.wrong.set(instructions.is_none());
        if instructions.is_none() {
            crate::browser::focus("instructions");
        }
        let tone = self.tone.get_untracked();
        Some(SiteForm {
            answerers: self.order.with_untracked(|order| Self::chosen(order)),
            instructions: instructions?,
            tone: Tone::ALL.into_iter().find(|known| known.as_str() == tone).unwrap_or_default(),
            daily_calls: self.calls.judged(whole(&self.calls.raw(), DAILY_CALLS), Key::WrongCalls)?,
            daily_tokens: self.tokens.judged(whole(&self.tokens.raw(), DAILY_TOKENS), Key::WrongTokens)?,
            ..form
        })
    }

    pub(super) fn shown(self, form: SiteForm) -> SiteForm {
        SiteForm { answerers: self.order.with(|order| Self::chosen(order)), ..form }
    }
}

/// The name by which people know a provider.
pub fn provider_name(name: &str) -> String {
    match name {
        "openai" => "OpenAI".to_owned(),
        "anthropic" => "Anthropic".to_owned(),
        other => other.to_owned(),
    }
}

fn rows(app: App, answers: Answers) -> impl IntoView {
    let Answers { order, known, .. } = answers;
    move || {
        let all = order.get();
        let providers = all.len().saturating_sub(1);
        all.into_iter().enumerate().map(|(index, (name, chosen))| {
            let is_builtin = name == BUILTIN;
            let words = if is_builtin { app.text(Key::Builtin) } else { provider_name(&name) };
            let ready = known.with_value(|known| known.iter().any(|other| other.name == name && other.is_ready));
            let hint = if is_builtin {
                Some(app.text(Key::BuiltinHint))
            } else {
                (!ready).then(|| app.text(Key::ProviderNoKey))
            };
            let label = app.text_with(Key::AskEarlierOf, &[("name", &words)]);
            let mine = name;
            let toggled = move |event| {
                let is_chosen = event_target_checked(&event);
                order.update(|all| {
                    all.iter_mut().filter(|(other, _)| *other == mine).for_each(|(_, chosen)| *chosen = is_chosen);
                });
            };
            let earlier = move |_| {
                order.update(|all| {
                    if let Some(before) = index.checked_sub(1)
                        && index < all.len()
                    {
                        all.swap(before, index);
                    }
                });
            };
            let may_move = !is_builtin && index > 0 && index < providers;
            view! {
                <li class="row">
                    <label class="tick grow">
                        <input type="checkbox" prop:checked=chosen on:change=toggled/>
                        <span><strong>{words}</strong>{hint.map(|hint| view! { <span>{hint}</span> })}</span>
                    </label>
                    {may_move.then(|| view! {
                        <button type="button" aria-label=label on:click=earlier>{app.text(Key::AskEarlier)}</button>
                    })}
                </li>
            }
        }).collect_view()
    }
}

pub(super) fn card(app: App, answers: Answers) -> impl IntoView {
    let Answers { order, tone, instructions, wrong, calls, tokens, .. } = answers;
    let tones = [(Tone::Plain, Key::TonePlain), (Tone::Warm, Key::ToneWarm), (Tone::Formal, Key::ToneFormal)];
    let tones = tones.map(|(tone, words)| (tone.as_str().to_owned(), app.text(words))).to_vec();
    let consequence = move || {
        let chosen = order.with(|order| Answers::chosen(order));
        match chosen.as_slice() {
            [] => app.text(Key::NobodyAnswers),
            [only] if only == BUILTIN => app.text(Key::BuiltinAlone),
            _ => app.text(Key::ProvidersAnswer),
        }
    };
    let numeric = |label, hint| Look { mode: "numeric", hint: Some(hint), ..Look::text(label) };
    super::card(
        app,
        "site-answers",
        Key::SiteAnswers,
        Some(Key::SiteAnswersLede),
        view! {
            <ul class="choices">{rows(app, answers)}</ul>
            <p role="status">{consequence}</p>
            {choice("tone", app.text(Key::Tone), tones, tone)}
            {area(app, "instructions", Key::Instructions, Some(Key::InstructionsHint), 6, move || instructions.get(), move |text| {
                wrong.set(false);
                instructions.set(text);
            })}
            <p class="wrong" role="alert" hidden=move || !wrong.get()>{app.text(Key::WrongInstructions)}</p>
            <div class="columns">
                {field(app, calls, numeric(Key::DailyCalls, Key::DailyCallsHint))}
                {field(app, tokens, numeric(Key::DailyTokens, Key::DailyTokensHint))}
            </div>
        },
    )
}
