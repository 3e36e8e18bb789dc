//! The tables of the numbers, and their files.

use leptos::prelude::*;
use shared::wire::admin::numbers::{DayFigures, Figures, ModelUse, Numbers, SiteFigures};

use super::{median, score, tally};
use crate::i18n::{self, Key};
use crate::shell::App;

/// Which of a day's numbers a table shows: those of the chart before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// How many.
    Conversations,
    /// How soon answered, how content.
    Times,
    /// What the AI used.
    Tokens,
}

/// Links to the files of a table.
pub fn files(app: App, numbers: &Numbers, table: &'static str, what: Key) -> impl IntoView + use<> {
    let (business, site) = app.peek(|state| (state.page.business(), state.counted.window.site));
    let (from, to) = (numbers.from.clone(), numbers.to.clone());
    let links = [("csv", "CSV"), ("json", "JSON")].map(|(format, name)| {
        let business = business.map(|business| business.to_string()).unwrap_or_default();
        let site = site.map(|site| format!("&site={site}")).unwrap_or_default();
        let address = format!(
            "/v1/admin/businesses/{business}/numbers/export?table={table}&format={format}&from={from}&to={to}{site}"
        );
        let label = app.text_with(Key::DownloadThat, &[("format", name), ("what", &app.text(what))]);
        view! { <a href=address download="" aria-label=label>{name}</a> }
    });
    view! { <span class="files">{links.into_iter().collect_view()}</span> }
}

fn cell(head: &str, value: String) -> impl IntoView + use<> {
    view! { <td class="number" data-head=head.to_owned()>{value}</td> }
}

fn heads(app: App, first: Key, names: &[Key]) -> impl IntoView + use<> {
    let names: Vec<String> = names.iter().map(|name| app.text(*name)).collect();
    let names = names.into_iter().map(|name| view! { <th scope="col" class="number">{name}</th> });
    view! { <thead><tr><th scope="col">{app.text(first)}</th>{names.collect_view()}</tr></thead> }
}

const COUNTS: [Key; 4] =
    [Key::FigureConversations, Key::FigureByAi, Key::FigureHandedOver, Key::FigureUnanswered];
const TIMES: [Key; 3] = [Key::FigureAnswer, Key::FigurePerson, Key::FigureScores];

fn counts(app: App, figures: &Figures) -> Vec<String> {
    let all = [figures.conversations, figures.by_ai, figures.handed_over, figures.unanswered];
    all.map(|count| tally(app, count)).to_vec()
}

fn times(app: App, figures: &Figures) -> Vec<String> {
    vec![median(app, figures.answer), median(app, figures.person), score(app, figures.scores)]
}

fn row(app: App, first: String, names: &[Key], values: Vec<String>) -> AnyView {
    let cells: Vec<_> = names.iter().zip(values).map(|(name, value)| cell(&app.text(*name), value)).collect();
    view! { <tr><th scope="row"><bdi>{first}</bdi></th>{cells.into_iter().collect_view()}</tr> }.into_any()
}

fn table(app: App, name: Key, first: Key, names: &[Key], rows: Vec<AnyView>) -> AnyView {
    view! {
        <div class="table" role="region" tabindex="0" aria-label=app.text(name)>
            <table>{heads(app, first, names)}<tbody>{rows.into_iter().collect_view()}</tbody></table>
        </div>
    }
    .into_any()
}

/// What a chart shows, newest first.
pub fn days(app: App, days: &[DayFigures], kind: Kind) -> AnyView {
    let (name, names): (Key, &[Key]) = match kind {
        Kind::Conversations => (Key::ChartConversations, &COUNTS),
        Kind::Times => (Key::ChartAnswers, &TIMES),
        Kind::Tokens => (Key::ChartTokens, &[Key::AiTokens, Key::Cost]),
    };
    let rows = days.iter().rev().map(|day| {
        let values = match kind {
            Kind::Conversations => counts(app, &day.figures),
            Kind::Times => times(app, &day.figures),
            Kind::Tokens => {
                let cost = match (day.microcents, day.tokens) {
                    (Some(cost), _) => i18n::dollars(cost),
                    (None, 0) => "–".to_owned(),
                    (None, _) => app.text(Key::CostUnknown),
                };
                vec![i18n::amount(day.tokens), cost]
            }
        };
        row(app, i18n::day(&day.day), names, values)
    });
    table(app, name, Key::TableDay, names, rows.collect())
}

/// Each site.
pub fn sites(app: App, numbers: &Numbers) -> impl IntoView + use<> {
    let names = [COUNTS.as_slice(), TIMES.as_slice()].concat();
    let site_row = |site: &SiteFigures| {
        let values = [counts(app, &site.figures), times(app, &site.figures)].concat();
        row(app, site.name.clone(), &names, values)
    };
    let rows: Vec<_> = numbers.sites.iter().map(site_row).collect();
    view! {
        <section class="card">
            <div class="title"><h2>{app.text(Key::BySite)}</h2>{files(app, numbers, "sites", Key::BySite)}</div>
            {table(app, Key::BySite, Key::NumbersSite, &names, rows)}
        </section>
    }
}

const USES: [Key; 4] = [Key::Calls, Key::TokensIn, Key::TokensOut, Key::Cost];

/// Each model, with what it cost.
pub fn models(app: App, numbers: &Numbers) -> impl IntoView + use<> {
    let model_row = |model: &ModelUse| {
        let cost = model.microcents.map_or_else(|| app.text(Key::CostUnknown), i18n::dollars);
        let values = vec![
            i18n::amount(model.calls),
            i18n::amount(model.tokens_in),
            i18n::amount(model.tokens_out),
            cost,
        ];
        row(app, format!("{} · {}", model.provider, model.model), &USES, values)
    };
    let rows: Vec<_> = numbers.models.iter().map(model_row).collect();
    let listed = numbers.models.iter().find_map(|model| model.listed_on.clone());
    let listed = listed.map(|day| app.text_with(Key::Listed, &[("date", &i18n::date(&day))]));
    let hidden = numbers.models_hidden.then(|| app.text(Key::ModelsHidden));
    let inside = if rows.is_empty() {
        view! { <p class="empty">{app.text(Key::ModelsEmpty)}</p> }.into_any()
    } else {
        table(app, Key::ByModel, Key::Model, &USES, rows)
    };
    view! {
        <section class="card">
            <div class="title"><h2>{app.text(Key::ByModel)}</h2>{files(app, numbers, "models", Key::ByModel)}</div>
            {inside}
            {[listed, hidden].into_iter().flatten().map(|words| view! { <p class="small-print">{words}</p> }).collect_view()}
        </section>
    }
}
