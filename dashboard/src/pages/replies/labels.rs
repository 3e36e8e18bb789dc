//! Labels: words by which a team finds conversations again.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use shared::id::LabelId;
use shared::wire::admin::inbox::words::{Label, LabelColor, PutLabel};

use super::{ask, asked};
use crate::components::act::{careful, once_kept, problem, question, submit_aside};
use crate::components::field::{Input, Look, choice, field};
use crate::components::status::{Rows, kept_rows};
use crate::i18n::Key;
use crate::shell::App;
use crate::state::Form;
use crate::state::inbox::{InboxAsk, Spot, label_is_taken};

/// The name of a colour.
const fn color_name(color: LabelColor) -> Key {
    match color {
        LabelColor::Gray => Key::ColorGray,
        LabelColor::Red => Key::ColorRed,
        LabelColor::Orange => Key::ColorOrange,
        LabelColor::Yellow => Key::ColorYellow,
        LabelColor::Green => Key::ColorGreen,
        LabelColor::Teal => Key::ColorTeal,
        LabelColor::Blue => Key::ColorBlue,
        LabelColor::Purple => Key::ColorPurple,
        LabelColor::Pink => Key::ColorPink,
    }
}

/// The card. A manager makes a label where one is missing; what is there already is changed by admins.
pub fn card(app: App, may_make: bool, may_write: bool) -> impl IntoView {
    let open = RwSignal::new(None);
    let none = (Rows(2), Key::LabelsEmpty);
    let rows = kept_rows(
        app,
        |state| &state.inbox.labels,
        |it| &it.labels,
        none,
        move |label| row(app, may_write, label, open).into_any(),
    );
    view! {
        <section class="card" aria-labelledby="labels">
            <h2 id="labels">{app.text(Key::Labels)}</h2>
            {rows}
            {may_make.then(|| view! { <div class="inside">{form(app, None, open)}</div> })}
        </section>
    }
}

fn row(app: App, may_write: bool, label: Label, open: RwSignal<Option<LabelId>>) -> impl IntoView {
    let Label { id, label } = label;
    let name = label.name.clone();
    let edit = app.text_with(Key::EditThat, &[("name", &name)]);
    let named = name.clone();
    let away = may_write.then(|| {
        careful(app, Key::DeleteAsk, move || {
            question(
                app.text_with(Key::LabelDeleteQuestion, &[("name", &named)]),
                app.text(Key::LabelDeleteConsequence),
                app.text(Key::Delete),
                asked(app, InboxAsk::LabelDelete(id)).unwrap_or(crate::state::Ask::Me),
            )
        })
    });
    view! {
        <li>
            <div class="row">
                <span class=format!("swatch {}", label.color.as_str())></span>
                <div class="grow"><strong dir="auto">{name}</strong></div>
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
            {move || (open.get() == Some(id)).then(|| view! { <div class="panel">{form(app, Some((id, label.clone())), open)}</div> })}
        </li>
    }
}

fn form(
    app: App,
    known: Option<(LabelId, PutLabel)>,
    open: RwSignal<Option<LabelId>>,
) -> impl IntoView + use<> {
    let id = known.as_ref().map(|(id, _)| *id);
    let spot = Form::Inbox(Spot::Label(id));
    let now = known.map(|(_, label)| label);
    let (name_id, color_id) =
        if id.is_none() { ("label-name", "label-color") } else { ("label-name-of", "label-color-of") };
    let name = Input::new(name_id, now.as_ref().map(|label| label.name.as_str()).unwrap_or_default());
    let color = RwSignal::new(now.map(|label| label.color).unwrap_or_default().as_str().to_owned());
    let colors =
        LabelColor::ALL.map(|color| (color.as_str().to_owned(), app.text(color_name(color)))).to_vec();
    let sent = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(typed) = name.name() else { return };
        let is_taken = app.peek(|state| {
            let known = state.inbox.labels.value.as_ref();
            label_is_taken(known.map(|known| known.labels.as_slice()).unwrap_or_default(), id, &typed)
        });
        let free = Some(typed).filter(|_| !is_taken);
        let Some(name) = name.judged(free, Key::WrongLabelTaken) else { return };
        let chosen = color.get_untracked();
        let color = LabelColor::ALL.into_iter().find(|color| color.as_str() == chosen).unwrap_or_default();
        ask(app, InboxAsk::LabelPut(id, PutLabel { name, color }));
    };
    once_kept(app, spot, move || match id {
        None => name.set(""),
        Some(_) => open.set(None),
    });
    view! {
        <form novalidate on:submit=sent>
            <div class="columns">
                {field(app, name, Look::text(Key::LabelName))}
                {choice(color_id, app.text(Key::Colour), colors, color)}
            </div>
            {problem(app, spot)}
            {submit_aside(app, spot, if id.is_none() { Key::LabelMake } else { Key::Save })}
        </form>
    }
}
