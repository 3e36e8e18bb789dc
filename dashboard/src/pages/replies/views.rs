//! Saved views: called otherwise, given to the whole team, deleted. They are made at the inbox, where their filter stands.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use shared::id::ViewId;
use shared::wire::admin::inbox::words::{PutView, View};

use super::{ask, asked};
use crate::components::act::{careful, once_kept, problem, question, submit_aside};
use crate::components::field::{Input, Look, field, tick};
use crate::components::status::{Rows, kept_rows};
use crate::i18n::Key;
use crate::shell::App;
use crate::state::Form;
use crate::state::inbox::{InboxAsk, Spot};

/// The card. Views of the whole team are the admins' affair.
pub fn card(app: App, may_share: bool) -> impl IntoView {
    let open = RwSignal::new(None);
    let none = (Rows(2), Key::SavedViewsEmpty);
    let rows = kept_rows(
        app,
        |state| &state.inbox.views,
        |it| &it.views,
        none,
        move |saved| row(app, may_share, saved, open).into_any(),
    );
    // One is open at a time: what is kept is it, or what is deleted was none of it.
    once_kept(app, Form::Inbox(Spot::View), move || open.set(None));
    view! {
        <section class="card" aria-labelledby="saved-views">
            <h2 id="saved-views">{app.text(Key::SavedViews)}</h2>
            {rows}
            {problem(app, Form::Inbox(Spot::View))}
        </section>
    }
}

fn row(app: App, may_share: bool, saved: View, open: RwSignal<Option<ViewId>>) -> impl IntoView {
    let View { id, view, .. } = saved;
    let name = view.name.clone();
    let may_write = may_share || !view.shared;
    let edit = app.text_with(Key::EditThat, &[("name", &name)]);
    let named = name.clone();
    let away = may_write.then(|| {
        careful(app, Key::DeleteAsk, move || {
            question(
                app.text_with(Key::SavedViewDeleteQuestion, &[("name", &named)]),
                app.text(Key::SavedViewDeleteConsequence),
                app.text(Key::Delete),
                asked(app, InboxAsk::ViewDelete(id)).unwrap_or(crate::state::Ask::Me),
            )
        })
    });
    let shared = view.shared.then(|| view! { <span class="pill">{app.text(Key::SavedViewShared)}</span> });
    view! {
        <li>
            <div class="row">
                <div class="grow"><strong dir="auto">{name}</strong></div>
                {shared}
                {may_write.then(|| view! {
                    <button
                        type="button"
                        aria-label=edit
                        aria-expanded=move || if open.get() == Some(id) { "true" } else { "false" }
                        on:click=move |_| open.update(|open| *open = (*open != Some(id)).then_some(id))
                    >
                        {app.text(Key::Edit)}
                    </button>
                })}
                {away}
            </div>
            {move || (open.get() == Some(id)).then(|| view! { <div class="panel">{form(app, id, view.clone(), may_share)}</div> })}
        </li>
    }
}

fn form(app: App, id: ViewId, view: PutView, may_share: bool) -> impl IntoView {
    let name = Input::new("saved-view-name", &view.name);
    let shared = RwSignal::new(view.shared);
    let sent = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(name) = name.name() else { return };
        let put = PutView { name, filter: view.filter.clone(), shared: shared.get_untracked() };
        ask(app, InboxAsk::ViewPut(id, put));
    };
    view! {
        <form novalidate on:submit=sent>
            {field(app, name, Look::text(Key::ViewName))}
            {may_share.then(|| tick(app, shared, Key::SavedViewShared, Some(Key::SavedViewSharedHint)))}
            {submit_aside(app, Form::Inbox(Spot::View), Key::Save)}
        </form>
    }
}
