//! The one dialog: says what will go, and asks once.

use leptos::prelude::*;

use super::act::problem;
use crate::browser;
use crate::i18n::Key;
use crate::shell::App;

const ID: &str = "question";

/// The dialog, while something is asked.
pub fn dialog(app: App) -> impl IntoView {
    Effect::new(move |_| {
        let open = app.question.with(Option::is_some);
        browser::later(0, move || browser::dialog_show(ID, open));
    });
    let confirm = move |_| {
        if let Some(question) = app.question.get_untracked() {
            app.question.set(None);
            app.ask(question.ask);
        }
    };
    view! {
        <dialog id=ID aria-labelledby="question-title" on:close=move |_| app.question.set(None)>
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
