//! Saved views: called otherwise, given to the whole team, deleted. They are made at the inbox, where their filter stands.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use shared::id::ViewId;
use shared::wire::admin::inbox::words::{PutView, View, Views};

use super::{ask, asked};
use crate::components::act::{careful, problem, question, submit_aside};
use crate::components::field::{Input, Look, field, tick};
use crate::components::status::{Rows, slot};
use crate::i18n::Key;
use crate::shell::App;
use crate::state::Form;
use crate::state::inbox::{InboxAsk, Spot};

/// The card. Views of the whole team are the admins' affair.
pub fn card(app: App, may_share: bool) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="saved-views">
            <h2 id="saved-views">{app.text(Key::SavedViews)}</h2>
            {slot(app, |state| &state.inbox.views, Rows(2), move |views| list(app, may_share, views))}
            {problem(app, Form::Inbox(Spot::View))}
        </section>
    }
}

fn list(app: App, may_share: bool, views: Views) -> impl IntoView {
    if views.views.is_empty() {
        return view! { <p class="empty">{app.text(Key::SavedViewsEmpty)}</p> }.into_any();
    }
    let open = RwSignal::new(None);
    let rows = views.views.into_iter().map(|saved| row(app, may_share, saved, open));
    view! { <ul class="rows">{rows.collect_view()}</ul> }.into_any()
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
