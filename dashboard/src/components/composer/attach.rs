//! Files that go with a reply: chosen, on their way, there, and taken off again.

use leptos::prelude::*;
use shared::rules::file::FileKind;

use crate::browser;
use crate::components::act::refusal_text;
use crate::components::desk::{Desk, icon};
use crate::i18n::{self, Key};
use crate::shell::desk;
use crate::state::inbox::{Attaching, Event, FileFate, files_of};

/// The field's id. It is never shown: the button beside the others opens it.
pub const ID: &str = "composer-file";

/// The button that opens the browser's own choice of files.
pub fn attach(desk: Desk) -> impl IntoView {
    let app = desk.app;
    let kinds: Vec<&str> = FileKind::ALL.iter().map(|kind| kind.media_type()).collect();
    view! {
        <input
            type="file"
            id=ID
            multiple
            hidden
            accept=kinds.join(",")
            on:change=move |_| desk::attach(app, ID)
        />
        <button type="button" class="quiet" on:click=move |_| browser::press(ID)>{app.text(Key::AttachFile)}</button>
    }
}

/// What was chosen for the open conversation.
pub fn attached(desk: Desk) -> impl IntoView {
    let app = desk.app;
    let files = Memo::new(move |_| {
        app.read(|state| match state.inbox.open() {
            Some(open) => files_of(&state.inbox, open).cloned().collect::<Vec<_>>(),
            None => Vec::new(),
        })
    });
    move || {
        let files = files.get();
        (!files.is_empty() && !desk.noting.get()).then(|| {
            let files = files.into_iter().map(|file| one(desk, file)).collect_view();
            view! { <ul class="composer-files" aria-label=app.text(Key::AttachedFiles)>{files}</ul> }
                .into_any()
        })
    }
}

fn one(desk: Desk, file: Attaching) -> impl IntoView {
    let app = desk.app;
    let Attaching { key, name, bytes, fate, .. } = file;
    let is_failed = matches!(fate, FileFate::Failed(_));
    let told = match fate {
        FileFate::Uploading(part) => i18n::percent(f64::from(part) / 100.0),
        FileFate::Kept(kept) => i18n::size(kept.bytes),
        FileFate::Failed(refusal) => refusal_text(app, &refusal),
    };
    let title = i18n::size(bytes);
    let gone = app.text_with(Key::RemoveFile, &[("name", &name)]);
    view! {
        <li class="chip" class:clay=is_failed title=title>
            <bdi>{name}</bdi>" · "{told}
            <button type="button" class="quiet" aria-label=gone on:click=move |_| app.desk(Event::FileDropped(key))>
                {icon("m5.5 5.5 9 9m0-9-9 9")}
            </button>
        </li>
    }
}

/// Whether something is still on its way, and whether something is ready to go.
pub fn standing(desk: Desk) -> (bool, bool) {
    desk.app.read(|state| {
        let Some(open) = state.inbox.open() else { return (false, false) };
        let has = |is: fn(&FileFate) -> bool| files_of(&state.inbox, open).any(|file| is(&file.fate));
        (has(|fate| matches!(fate, FileFate::Uploading(_))), has(|fate| matches!(fate, FileFate::Kept(_))))
    })
}
