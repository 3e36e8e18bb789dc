//! The data map: what is held, why, on what basis, how long and who receives it, generated from the schema's own inventory
//! (GDPR Art. 30, promise B7). Its entries are in English, as the software has them.

use leptos::prelude::*;
use shared::wire::admin::request::{DataMap, MapColumn, MapEntry};

use super::notices::site_name;
use crate::api;
use crate::components::status::{Rows, slot};
use crate::i18n::{self, Key, Style};
use crate::shell::App;

/// The page.
pub fn page(app: App) -> AnyView {
    view! {
        {super::heading(app, Key::DataMap, Some(Key::DataMapLede))}
        {slot(app, |state| &state.record.map, Rows(8), move |map| shown(app, &map))}
    }
    .into_any()
}

fn shown(app: App, map: &DataMap) -> AnyView {
    let address = app.peek(|state| state.page.business()).map(api::map_address).unwrap_or_default();
    let made = app.text_with(Key::MapMade, &[("date", &i18n::moment(map.made_at, Style::Moment))]);
    let sites = map.sites.iter().map(|site| {
        let id = site.id;
        view! { <div><dt dir="auto">{move || site_name(app, id)}</dt><dd lang="en">{site.retention.clone()}</dd></div> }
    });
    let rows: Vec<AnyView> = map.entries.iter().map(|entry| row(app, entry)).collect();
    let heads = [Key::MapWhat, Key::MapWhy, Key::MapLong, Key::MapWhere];
    let heads = heads.map(|head| view! { <th scope="col">{app.text(head)}</th> });
    let measures = map.measures.iter().map(|measure| view! { <li>{measure.clone()}</li> });
    view! {
        <p class="acts download">
            <a class="button" href=address download="data-map.json">{app.text(Key::MapJson)}</a>
            <span class="hint">{made}</span>
        </p>
        <section class="card" aria-labelledby="map-sites">
            <h2 id="map-sites">{app.text(Key::MapSites)}</h2>
            <dl class="facts">{sites.collect_view()}</dl>
        </section>
        <section class="card">
            <h2>{app.text(Key::MapEntries)}</h2>
            <div class="table" role="region" tabindex="0" aria-label=app.text(Key::MapEntries)>
                <table class="map">
                    <thead><tr>{heads.into_iter().collect_view()}</tr></thead>
                    <tbody lang="en">{rows}</tbody>
                </table>
            </div>
        </section>
        <section class="card" aria-labelledby="measures">
            <h2 id="measures">{app.text(Key::MapMeasures)}</h2>
            <ul class="inside bullets" lang="en">{measures.collect_view()}</ul>
        </section>
    }
    .into_any()
}

fn row(app: App, entry: &MapEntry) -> AnyView {
    let basis = format!("Art. 6(1)({})", entry.basis);
    let receivers = if entry.recipients.is_empty() {
        view! { <span class="hint" lang=app.language_now()>{app.text(Key::MapNobody)}</span> }.into_any()
    } else {
        view! { <span class="hint">{entry.recipients.join(", ")}</span> }.into_any()
    };
    let columns: Vec<AnyView> = entry.columns.iter().map(column).collect();
    view! {
        <tr>
            <th scope="row">{entry.what.clone()}</th>
            <td>{entry.purpose.clone()}" "<span class="hint">{basis}</span></td>
            <td>{entry.retention.clone()}" "{receivers}</td>
            <td>
                <details class="bare">
                    <summary><code>{entry.table.clone()}</code></summary>
                    <ul>{columns}</ul>
                </details>
            </td>
        </tr>
    }
    .into_any()
}

fn column(column: &MapColumn) -> AnyView {
    let how = if column.is_sealed { "sealed" } else { column.unsealed.as_deref().unwrap_or("hashed") };
    view! { <li><code>{column.name.clone()}</code>" "<span class="hint">{how.to_owned()}</span></li> }
        .into_any()
}
