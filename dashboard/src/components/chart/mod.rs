//! A small chart of bars, drawn here: it says in words what it shows, and the table behind it opens by keyboard.

use leptos::prelude::*;

use crate::i18n::Key;
use crate::shell::App;

/// A bar.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    /// What stands below it.
    pub label: String,
    /// Its height; `None` where it is too small to be told.
    pub value: Option<u64>,
    /// Its height in words.
    pub words: String,
}

/// A chart with its table, which is only drawn while it is open.
pub fn chart(app: App, title: Key, bars: Vec<Bar>, table: impl Fn() -> AnyView + Send + 'static) -> AnyView {
    let highest = bars
        .iter()
        .filter(|bar| bar.value.is_some_and(|value| value > 0))
        .reduce(|most, bar| if bar.value > most.value { bar } else { most });
    let top = highest.and_then(|bar| bar.value).unwrap_or(1);
    let name = app.text(title);
    let summary = match highest {
        Some(bar) => {
            app.text_with(Key::ChartMost, &[("title", &name), ("day", &bar.label), ("most", &bar.words)])
        }
        None => app.text_with(Key::ChartNothing, &[("title", &name)]),
    };
    let most = highest.map(|bar| bar.words.clone()).unwrap_or_default();
    let first = bars.first().map(|bar| bar.label.clone()).unwrap_or_default();
    let last = bars.last().map(|bar| bar.label.clone()).unwrap_or_default();
    let frame = format!("0 0 {} 1000", bars.len().max(1).saturating_mul(10));
    let drawn = bars.into_iter().enumerate().map(|(place, bar)| {
        // What is too small to be told is a low mark in another colour, whatever it was; nothing at all is no mark.
        let height: u64 = match bar.value {
            None => 30,
            Some(0) => 0,
            Some(value) => value.saturating_mul(980).checked_div(top).unwrap_or(0).max(15),
        };
        let above = 1_000_u64.saturating_sub(height);
        view! {
            <rect
                class:untold=bar.value.is_none()
                x=place.saturating_mul(10).saturating_add(1)
                y=above
                width="8"
                height=height
            />
        }
    });
    let open = RwSignal::new(false);
    view! {
        <figure class="chart">
            <figcaption><h3>{name.clone()}</h3><span class="chart-top">{most}</span></figcaption>
            <svg viewBox=frame preserveAspectRatio="none" role="img" aria-label=summary>{drawn.collect_view()}</svg>
            <p class="chart-ends" aria-hidden="true"><span>{first}</span><span>{last}</span></p>
            <details on:toggle=move |_| open.update(|open| *open = !*open)>
                <summary>{app.text(Key::AsTable)}<span class="unseen">": "{name}</span></summary>
                {move || open.get().then(&table)}
            </details>
        </figure>
    }
    .into_any()
}
