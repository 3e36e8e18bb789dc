//! A short list whose entries can each be taken away.

use leptos::prelude::*;

use crate::i18n::Key;
use crate::shell::App;

/// The list. `remove` is what its buttons are called, with the entry in the place that `name` names.
pub fn pills(
    app: App,
    labelled_by: &'static str,
    entries: RwSignal<Vec<String>>,
    remove: Key,
    name: &'static str,
) -> impl IntoView {
    let rows = move || {
        entries.get().into_iter().map(|entry| {
            let label = app.text_with(remove, &[(name, &entry)]);
            let mine = entry.clone();
            view! {
                <li class="pill">
                    <bdi>{entry}</bdi>
                    <button type="button" class="quiet" aria-label=label on:click=move |_| entries.update(|all| all.retain(|other| *other != mine))>
                        <svg viewBox="0 0 20 20" aria-hidden="true"><path d="m6 6 8 8m0-8-8 8"/></svg>
                    </button>
                </li>
            }
        }).collect_view()
    };
    view! { <ul class="pills" aria-labelledby=labelled_by>{rows}</ul> }
}
