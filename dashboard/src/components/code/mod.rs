//! Text to take along, in the form in which it is pasted, with a button that copies it.

use leptos::prelude::*;

use crate::i18n::Key;
use crate::shell::App;

/// A block of code with its copy button.
pub fn code(app: App, label: String, text: String) -> impl IntoView {
    let copied = text.clone();
    view! {
        <figure class="code">
            <figcaption>
                <span>{label.clone()}</span>
                <button type="button" aria-label=app.text_with(Key::CopyThat, &[("what", &label)]) on:click=move |_| app.copy(copied.clone())>
                    {app.text(Key::Copy)}
                </button>
            </figcaption>
            <pre tabindex="0" dir="ltr" aria-label=label role="group"><code>{text}</code></pre>
        </figure>
    }
}
