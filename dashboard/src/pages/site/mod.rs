//! What a site is set to: one form of several cards, with the chat as it would be beside it.

mod answers;
mod hours;
mod look;
mod preview;
mod words;

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use shared::id::{BusinessId, SiteId};
use shared::wire::admin::site::{Answerer, SiteForm};
use shared::wire::admin::team::Role;

use super::origins::origin_typed;
use super::sites::site_heading;
use crate::components::act::{problem, submit, typed};
use crate::components::field::{Input, Look, field, tick};
use crate::components::pills::pills;
use crate::components::status::{Rows, slot};
use crate::i18n::Key;
use crate::shell::App;
use crate::state::{Ask, Event, Form, Page, Setup, SetupForm, SitePart};

pub use answers::provider_name;

/// Everything that stands in the form.
#[derive(Clone, Copy)]
struct Draft {
    /// The form as it was read: what no field of this version knows stays as it is.
    before: StoredValue<SiteForm>,
    name: Input,
    origins: RwSignal<Vec<String>>,
    words: words::Words,
    look: look::LookDraft,
    hours: hours::Hours,
    answers: answers::Answers,
    keeps_path: RwSignal<bool>,
}

impl Draft {
    fn new(form: &SiteForm, known: &[Answerer]) -> Self {
        Self {
            before: StoredValue::new(form.clone()),
            name: Input::new("site-name", &form.name),
            origins: RwSignal::new(form.origins.clone()),
            words: words::Words::new(form),
            look: look::LookDraft::new(form),
            hours: hours::Hours::new(&form.opening),
            answers: answers::Answers::new(form, known),
            keeps_path: RwSignal::new(form.keeps_path),
        }
    }

    /// The form as it stands, or what is wrong with it under the reader's eye.
    fn read(self) -> Option<SiteForm> {
        let name = self.name.name()?;
        let mut form = self.words.read(self.before.get_value())?;
        form = self.look.read(form)?;
        form.opening = self.hours.read()?;
        form = self.answers.read(form)?;
        Some(SiteForm {
            name,
            origins: self.origins.get_untracked(),
            keeps_path: self.keeps_path.get_untracked(),
            ..form
        })
    }

    /// What the frame would show, and again whenever it changes; what is wrong at the moment stays as it was.
    fn shown(self) -> SiteForm {
        let form = self.words.shown(self.before.get_value());
        let form = self.look.shown(form);
        self.answers.shown(form)
    }
}

/// The page.
pub fn page(app: App) -> impl IntoView {
    let loaded = app.part(|state| {
        let Page::Site(business, _, _) = &state.page else { return None };
        let site = state.setup.site.value.as_ref()?;
        Some((*business, site.id, state.setup.site_drawn, state.reaches(Role::Admin)))
    });
    view! {
        {site_heading(app, SitePart::Settings)}
        {move || match loaded.get() {
            Some((business, site, _, may_write)) => {
                let read = app.peek(|state| state.setup.site.value.clone());
                read.map(|read| editor(app, (business, site), &read.form, &read.answerers, may_write)).into_any()
            }
            None => slot(app, |state| &state.setup.site, Rows(8), |_| ()).into_any(),
        }}
    }
}

fn editor(
    app: App,
    (business, site): (BusinessId, SiteId),
    form: &SiteForm,
    known: &[Answerer],
    may_write: bool,
) -> impl IntoView + use<> {
    let draft = Draft::new(form, known);
    let sent = move |event: SubmitEvent| {
        event.prevent_default();
        if let Some(form) = draft.read() {
            app.ask(Ask::Setup(business, Setup::SiteChange(site, Box::new(form))));
        }
    };
    let form = Form::Setup(SetupForm::Site);
    let mark = typed(app, form);
    // Pills go by a press, which is no typing.
    Effect::new(move |before: Option<()>| {
        draft.origins.track();
        draft.words.languages.track();
        if before.is_some() && !app.peek(|state| state.unsaved.holds(form)) {
            app.dispatch(Event::Typed(form));
        }
    });
    view! {
        <div class="beside">
            <form novalidate class="cards" on:submit=sent on:input=mark>
                {(!may_write).then(|| view! { <p class="note">{app.text(Key::ReadOnly)}</p> })}
                <fieldset class="cards" disabled=!may_write>
                    {place(app, draft)}
                    {words::card(app, draft.words)}
                    {look::card(app, draft.look)}
                    {hours::card(app, draft.hours)}
                    {answers::card(app, draft.answers)}
                    {privacy(app, draft)}
                </fieldset>
                {may_write.then(|| view! {
                    <div class="save-bar">
                        {submit(app, Form::Setup(SetupForm::Site), Key::Save)}
                        {problem(app, Form::Setup(SetupForm::Site))}
                    </div>
                })}
            </form>
            {preview::panel(app, (business, site), draft.words, move || draft.shown())}
        </div>
    }
}

/// A card of the form.
fn card(app: App, id: &'static str, title: Key, lede: Option<Key>, inside: impl IntoView) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby=id>
            <h2 id=id>{app.text(title)}</h2>
            <div class="inside">
                {lede.map(|lede| view! { <p class="hint">{app.text(lede)}</p> })}
                {inside}
            </div>
        </section>
    }
}

fn place(app: App, draft: Draft) -> impl IntoView {
    let address = Input::new("origin", "");
    let add = move || {
        if let Some(origin) = address.judged(origin_typed(&address.raw()), Key::WrongOrigin) {
            draft.origins.update(|origins| {
                if !origins.contains(&origin) {
                    origins.push(origin);
                }
            });
            address.set("");
        }
    };
    let look = Look { kind: "url", mode: "url", hint: Some(Key::OriginHint), ..Look::text(Key::Origin) };
    card(
        app,
        "site-place",
        Key::SitePlace,
        None,
        view! {
            {field(app, draft.name, Look { hint: Some(Key::SiteNameHint), ..Look::text(Key::SiteName) })}
            <div class="field">
                <p class="label" id="site-origins">{app.text(Key::SiteOrigins)}</p>
                {move || draft.origins.with(Vec::is_empty).then(|| view! { <p class="clay-text">{app.text(Key::StepWhereNone)}</p> })}
                {pills(app, "site-origins", draft.origins, Key::OriginRemove, "origin")}
            </div>
            {adder(app, field(app, address, look), "origin-add", Key::OriginAdd, add)}
        },
    )
}

/// A field with a button that puts what stands in it into a list. Enter in the field does the same.
fn adder(
    app: App,
    field: impl IntoView,
    id: &'static str,
    words: Key,
    add: impl Fn() + Copy + 'static,
) -> impl IntoView {
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Enter" {
            event.prevent_default();
            add();
        }
    };
    view! {
        <div class="adder" on:keydown=on_key>
            {field}
            <button type="button" id=id on:click=move |_| add()>{app.text(words)}</button>
        </div>
    }
}

fn privacy(app: App, draft: Draft) -> impl IntoView {
    card(
        app,
        "site-privacy",
        Key::SitePrivacy,
        None,
        view! {
            {tick(app, draft.keeps_path, Key::KeepsPath, Some(Key::KeepsPathHint))}
        },
    )
}
