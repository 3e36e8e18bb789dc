//! The one dialog: says what will go, and asks once.

use leptos::prelude::*;

use super::act::problem;
use crate::browser;
use crate::i18n::Key;
use crate::shell::App;
use crate::state::Event;

const ID: &str = "question";

/// The dialog, while something is asked.
pub fn dialog(app: App) -> impl IntoView {
    let leaves = app.part(|state| state.unsaved.asks());
    // Nobody's question stays over the page of somebody else.
    let is_in = app.part(|state| state.me().is_some());
    Effect::new(move |_| {
        if !is_in.get() {
            app.question.set(None);
        }
    });
    // Escape answers both kinds of question with no.
    let put_aside = move || {
        app.question.set(None);
        app.dispatch(Event::Abandoned(false));
    };
    Effect::new(move |_| {
        let open = app.question.with(Option::is_some) || leaves.get();
        browser::later(0, move || browser::dialog_show(ID, open));
    });
    let confirm = move |_| {
        if let Some(question) = app.question.get_untracked() {
            app.question.set(None);
            app.ask(question.ask);
        }
    };
    view! {
        <dialog id=ID aria-labelledby="question-title" on:close=move |_| put_aside()>
            {move || leaves.get().then(|| view! {
                <h2 id="question-title">{app.text(Key::UnsavedTitle)}</h2>
                <p>{app.text(Key::UnsavedBody)}</p>
                <div class="acts end">
                    <button type="button" autofocus on:click=move |_| put_aside()>{app.text(Key::Cancel)}</button>
                    <button type="button" class="careful filled" on:click=move |_| app.dispatch(Event::Abandoned(true))>{app.text(Key::UnsavedLeave)}</button>
                </div>
            })}
            {move || app.question.get().map(|question| {
                let form = question.ask.form();
                view! {
                    <h2 id="question-title">{question.title}</h2>
                    <p>{question.body}</p>
                    {form.map(|form| problem(app, form))}
                    <div class="acts end">
                        <button type="button" autofocus on:click=move |_| app.question.set(None)>{app.text(Key::Cancel)}</button>
                        <button type="button" class="careful filled" on:click=confirm>{question.button}</button>
                    </div>
                }
            })}
        </dialog>
    }
}
