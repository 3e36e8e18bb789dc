//! The numbers of a business: a few figures of a period, charts with their tables, and what visitors asked and said.

pub mod said;
mod tables;

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use shared::limits::NUMBERS_DAYS;
use shared::wire::admin::business::SiteEntry;
use shared::wire::admin::numbers::{DayFigures, Figures, Median, Numbers, Scores, Tally};
use shared::wire::admin::team::Role;

use crate::components::chart::{Bar, chart};
use crate::components::field::{Input, Look, field};
use crate::components::status::{Rows, slot};
use crate::i18n::{self, Key};
use crate::parts;
use crate::shell::App;
use crate::state::{Ask, Page, Section, Window, day_read};

/// The page.
pub fn page(app: App) -> impl IntoView {
    let reads_words = app.part(|state| state.reaches(Role::Manager));
    view! {
        {super::heading(app, Key::Numbers, Some(Key::NumbersLede))}
        {choices(app)}
        {slot(app, |state| &state.counted.numbers, Rows(8), move |numbers| all(app, &numbers))}
        {move || reads_words.get().then(|| parts::said(app))}
    }
}

fn window_ask(app: App, change: impl FnOnce(&mut Window)) {
    let (business, mut window) = app.peek(|state| (state.page.business(), state.counted.window));
    change(&mut window);
    if let Some(business) = business {
        app.ask(Ask::Numbers(business, window));
    }
}

/// Which period, and of which site.
fn choices(app: App) -> impl IntoView {
    let window = app.part(|state| state.counted.window);
    let sites = app.part(|state| {
        state.business.value.as_ref().map(|business| business.sites.clone()).unwrap_or_default()
    });
    let periods = Window::DAYS.map(|days| {
        let words = if days == 365 { app.text(Key::NumbersYear) } else { i18n::text_counted(Key::Days, days) };
        view! {
            <label>
                <input type="radio" name="period" value=days.to_string() prop:checked=move || window.get().own.is_none() && window.get().days == days on:change=move |_| window_ask(app, |window| { window.days = days; window.own = None; })/>
                <span>{words}</span>
            </label>
        }
    });
    view! {
        <div class="numbers-choice">
            <fieldset class="segments"><legend>{app.text(Key::NumbersPeriod)}</legend><div>{periods.into_iter().collect_view()}</div></fieldset>
            {own_period(app)}
            {move || { let sites = sites.get(); (sites.len() > 1).then(|| site_choice(app, window, sites)) }}
        </div>
    }
}

/// From one day to another, both among it.
fn own_period(app: App) -> impl IntoView {
    let (from, to) = (Input::new("numbers-from", ""), Input::new("numbers-to", ""));
    let sent = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(first) = from.judged(day_read(&from.raw()), Key::WrongPeriod) else { return };
        let last = day_read(&to.raw()).filter(|last| {
            let days = last.saturating_sub(first).saturating_add(1);
            (1..=NUMBERS_DAYS).contains(&days)
        });
        if let Some(last) = to.judged(last, Key::WrongPeriod) {
            window_ask(app, |window| window.own = Some((first, last)));
        }
    };
    let day = |label| Look { kind: "date", ..Look::text(label) };
    view! {
        <details>
            <summary>{app.text(Key::PeriodOwn)}</summary>
            <form novalidate class="adder" on:submit=sent>
                {field(app, from, day(Key::PeriodFrom))}
                {field(app, to, day(Key::PeriodTo))}
                <button type="submit">{app.text(Key::PeriodShow)}</button>
            </form>
        </details>
    }
}

fn site_choice(app: App, window: Memo<Window>, sites: Vec<SiteEntry>) -> impl IntoView {
    let options = sites.into_iter().map(move |site| {
        let id = site.id;
        view! { <option value=id.to_string() prop:selected=move || window.get().site == Some(id)>{site.name}</option> }
    });
    view! {
        <div class="field">
            <label for="numbers-site">{app.text(Key::NumbersSite)}</label>
            <select id="numbers-site" on:change=move |event| window_ask(app, |window| window.site = event_target_value(&event).parse().ok())>
                <option value="" prop:selected=move || window.get().site.is_none()>{app.text(Key::NumbersSiteAll)}</option>
                {options.collect_view()}
            </select>
        </div>
    }
}

fn all(app: App, numbers: &Numbers) -> AnyView {
    let total = numbers.total.conversations;
    if total.count == 0 && !total.hidden && numbers.models.is_empty() {
        return empty(app).into_any();
    }
    view! {
        {figures(app, numbers)}
        {charts(app, numbers)}
        {tables::sites(app, numbers)}
        {tables::models(app, numbers)}
    }
    .into_any()
}

fn empty(app: App) -> impl IntoView {
    let steps = app.peek(|state| state.page.business()).map(|business| Page::In(business, Section::Overview));
    view! {
        <section class="card">
            <div class="inside">
                <p>{app.text(Key::NumbersEmpty)}</p>
                <p class="hint">{app.text(Key::NumbersEmptyHint)}</p>
                {steps.map(|page| view! { <p><a class="button" href=page.fragment()>{app.text(Key::NumbersEmptyAct)}</a></p> })}
            </div>
        </section>
    }
}

/// A count in words: what is too small to be told is said to be so.
fn tally(app: App, tally: Tally) -> String {
    let count = i18n::number(tally.count);
    match (tally.hidden, tally.count) {
        (true, 0) => app.text(Key::Fewer),
        (true, _) => app.text_with(Key::OrMore, &[("count", &count)]),
        (false, _) => count,
    }
}

fn median(app: App, median: Option<Median>) -> String {
    let Some(Median { ms, is_step }) = median else { return "–".to_owned() };
    let time = i18n::duration(ms);
    if is_step { app.text_with(Key::Under, &[("time", &time)]) } else { time }
}

fn score(app: App, scores: Scores) -> String {
    match scores.mean_hundredths {
        Some(mean) => app.text_with(Key::ScoreOf, &[("score", &i18n::tenths(mean))]),
        None if scores.given.hidden => app.text(Key::Fewer),
        None => "–".to_owned(),
    }
}

fn figure(name: String, value: String, more: Option<String>) -> impl IntoView {
    view! { <div><dt>{name}</dt><dd>{value}</dd>{more.map(|more| view! { <dd>{more}</dd> })}</div> }
}

/// How large a part is, where both are told whole.
fn share(app: App, part: Tally, all: Tally) -> Option<String> {
    let told = !part.hidden && !all.hidden && all.count > 0;
    told.then(|| {
        let percent = i18n::percent(f64::from(part.count) / f64::from(all.count));
        app.text_with(Key::ShareOf, &[("share", &percent)])
    })
}

fn figures(app: App, numbers: &Numbers) -> impl IntoView + use<> {
    let total: Figures = numbers.total;
    let part = |name: Key, count: Tally| {
        figure(app.text(name), tally(app, count), share(app, count, total.conversations))
    };
    let from =
        (total.scores.given.count > 0).then(|| i18n::text_counted(Key::ScoreFrom, total.scores.given.count));
    let known: u64 = numbers.models.iter().filter_map(|model| model.microcents).fold(0, u64::saturating_add);
    let unknown = numbers.models.iter().any(|model| model.microcents.is_none());
    let cost = match (unknown, known) {
        (true, 0) => app.text(Key::CostUnknown),
        _ => i18n::dollars(known),
    };
    let cost_more = (unknown && known > 0).then(|| app.text(Key::CostPart));
    view! {
        <dl class="figures">
            {figure(app.text(Key::FigureConversations), tally(app, total.conversations), None)}
            {part(Key::FigureByAi, total.by_ai)}
            {part(Key::FigureHandedOver, total.handed_over)}
            {part(Key::FigureUnanswered, total.unanswered)}
            {figure(app.text(Key::FigureAnswer), median(app, total.answer), None)}
            {figure(app.text(Key::FigurePerson), median(app, total.person), None)}
            {figure(app.text(Key::FigureScores), score(app, total.scores), from)}
            {figure(app.text(Key::FigureCost), cost, cost_more)}
        </dl>
    }
}

/// The height of a count; what is too small to be told has none.
fn height(tally: Tally) -> Option<u64> {
    (!tally.hidden || tally.count > 0).then(|| u64::from(tally.count))
}

fn charts(app: App, numbers: &Numbers) -> impl IntoView {
    let bars = |draw: &dyn Fn(&DayFigures) -> (Option<u64>, String)| -> Vec<Bar> {
        let bar = |day: &DayFigures| {
            let (value, words) = draw(day);
            Bar { label: i18n::day(&day.day), value, words }
        };
        numbers.days.iter().map(bar).collect()
    };
    let conversations =
        bars(&|day| (height(day.figures.conversations), tally(app, day.figures.conversations)));
    let answers = bars(&|day| {
        let ms = day.figures.answer.and_then(|median| u64::try_from(median.ms).ok());
        (Some(ms.unwrap_or(0)), median(app, day.figures.answer))
    });
    let tokens = bars(&|day| (Some(day.tokens), i18n::amount(day.tokens)));
    let files = tables::files(app, numbers, "days", Key::ChartConversations);
    let days = StoredValue::new(numbers.days.clone());
    let table = move |kind| move || days.with_value(|days| tables::days(app, days, kind));
    view! {
        <section class="card" aria-labelledby="by-day">
            <div class="title"><h2 id="by-day">{app.text(Key::ByDay)}</h2>{files}</div>
            <div class="charts">
                {chart(app, Key::ChartConversations, conversations, table(tables::Kind::Conversations))}
                {chart(app, Key::ChartAnswers, answers, table(tables::Kind::Times))}
                {chart(app, Key::ChartTokens, tokens, table(tables::Kind::Tokens))}
            </div>
        </section>
    }
}
