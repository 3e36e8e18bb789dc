//! Narrowing the list: one choice a property, each with what it means when it is left alone.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use shared::wire::admin::inbox::list::{AssigneeIs, Filter, Priority};
use shared::wire::admin::inbox::words::PutView;

use crate::components::act::{once_kept, problem, submit_aside};
use crate::components::desk::{Desk, member_options, pick, priority_options};
use crate::components::field::{Input, Look, field};
use crate::i18n::{self, Key};
use crate::state::Form;
use crate::state::inbox::{Event, InboxAsk, Spot};

/// How many narrow it, beyond what a view does.
pub fn count(filter: &Filter) -> u32 {
    let member = matches!(filter.assignee, Some(AssigneeIs::Member(_)));
    [
        filter.unread,
        member,
        filter.label.is_some(),
        filter.priority.is_some(),
        filter.site.is_some(),
        filter.locale.is_some(),
    ]
    .into_iter()
    .map(u32::from)
    .sum()
}

fn assignee_text(assignee: Option<AssigneeIs>) -> String {
    match assignee {
        None => String::new(),
        Some(AssigneeIs::Me) => "me".to_owned(),
        Some(AssigneeIs::Nobody) => "nobody".to_owned(),
        Some(AssigneeIs::Member(member)) => member.to_string(),
    }
}

fn assignee_of(text: &str) -> Option<AssigneeIs> {
    match text {
        "me" => Some(AssigneeIs::Me),
        "nobody" => Some(AssigneeIs::Nobody),
        other => other.parse().ok().map(AssigneeIs::Member),
    }
}

/// The panel.
pub fn panel(desk: Desk) -> impl IntoView {
    let app = desk.app;
    let filter = app.part(|state| state.inbox.list.filter.clone());
    let change = move |change: &dyn Fn(&mut Filter)| {
        let mut filter = filter.get_untracked();
        change(&mut filter);
        app.desk(Event::FilterChosen(filter));
    };
    let any = app.text(Key::FilterAny);
    let with_any = {
        let any = any.clone();
        move |rest: Vec<(String, String)>| -> Vec<(String, String)> {
            std::iter::once((String::new(), any.clone())).chain(rest).collect()
        }
    };
    let first = vec![
        (String::new(), any),
        ("me".to_owned(), app.text(Key::ViewMine)),
        ("nobody".to_owned(), app.text(Key::Nobody)),
    ];
    let assignees = member_options(app, first);
    let labels = {
        let with_any = with_any.clone();
        Memo::new(move |_| {
            with_any(app.read(|state| {
                let labels = state.inbox.labels.value.as_ref().map(|labels| labels.labels.clone());
                let labels = labels.unwrap_or_default().into_iter();
                labels.map(|label| (label.id.to_string(), label.label.name)).collect()
            }))
        })
    };
    let sites = {
        let with_any = with_any.clone();
        Memo::new(move |_| {
            with_any(app.read(|state| {
                let sites = state.business.value.as_ref().map(|business| business.sites.clone());
                sites.unwrap_or_default().into_iter().map(|site| (site.id.to_string(), site.name)).collect()
            }))
        })
    };
    let locales = {
        let with_any = with_any.clone();
        Memo::new(move |_| {
            let known = app.read(|state| {
                let mut locales: Vec<String> =
                    state.inbox.list.rows.values().map(|row| row.locale.clone()).collect();
                locales.extend(state.inbox.list.filter.locale.clone());
                locales.sort();
                locales.dedup();
                locales
            });
            with_any(known.into_iter().map(|tag| (tag.clone(), i18n::language_name(&tag))).collect())
        })
    };
    let priorities = Memo::new(move |_| with_any(priority_options(app)));
    let value = move |look: fn(&Filter) -> String| Memo::new(move |_| filter.with(look));
    let unread = Memo::new(move |_| filter.with(|filter| filter.unread));
    view! {
        <div class="filters">
            <div class="columns">
                {pick("filter-assignee", app.text(Key::Assignee), assignees, value(|it| assignee_text(it.assignee)), move |text| {
                    change(&|filter| filter.assignee = assignee_of(&text));
                })}
                {pick("filter-label", app.text(Key::Label), labels, value(|it| it.label.map(|label| label.to_string()).unwrap_or_default()), move |text| {
                    change(&|filter| filter.label = text.parse().ok());
                })}
                {pick("filter-priority", app.text(Key::Priority), priorities, value(|it| it.priority.map(Priority::as_str).unwrap_or_default().to_owned()), move |text| {
                    change(&|filter| filter.priority = Priority::ALL.into_iter().find(|priority| priority.as_str() == text));
                })}
                {pick("filter-locale", app.text(Key::HeldLanguage), locales, value(|it| it.locale.clone().unwrap_or_default()), move |text| {
                    change(&|filter| filter.locale = Some(text.clone()).filter(|text| !text.is_empty()));
                })}
                {pick("filter-site", app.text(Key::Site), sites, value(|it| it.site.map(|site| site.to_string()).unwrap_or_default()), move |text| {
                    change(&|filter| filter.site = text.parse().ok());
                })}
            </div>
            <label class="tick">
                <input type="checkbox" prop:checked=move || unread.get() on:change=move |_| change(&|filter| filter.unread = !filter.unread)/>
                <span>{app.text(Key::FilterUnread)}</span>
            </label>
            <div class="acts">
                <button type="button" on:click=move |_| change(&|filter| {
                    *filter = Filter { work: filter.work, spam: filter.spam, ..Filter::default() };
                })>{app.text(Key::FilterClear)}</button>
            </div>
            {save(desk)}
        </div>
    }
}

/// Giving what is shown a name.
fn save(desk: Desk) -> impl IntoView {
    let app = desk.app;
    let name = Input::new("view-name", "");
    // A view that is deleted is told by the same form.
    let is_sent = StoredValue::new(false);
    let sent = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(name_given) = name.name() else { return };
        let filter = app.peek(|state| state.inbox.list.filter.clone());
        is_sent.set_value(true);
        desk.ask(InboxAsk::ViewMake(PutView { name: name_given, filter, shared: false }));
    };
    // It stands there until it is kept under that name.
    once_kept(app, Form::Inbox(Spot::View), move || {
        if is_sent.get_value() {
            is_sent.set_value(false);
            name.set("");
        }
    });
    desk.may.get_untracked().then(|| {
        view! {
            <form class="save-view" novalidate on:submit=sent>
                {field(app, name, Look::text(Key::ViewName))}
                {problem(app, Form::Inbox(Spot::View))}
                {submit_aside(app, Form::Inbox(Spot::View), Key::ViewSave)}
            </form>
        }
    })
}
