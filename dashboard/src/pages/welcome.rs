//! The page before accounts exist. It promises nothing that is not there: it says that sign-in is still to come, and
//! leads to what already works.

use leptos::prelude::*;

use crate::browser;
use crate::components::mark::Mark;

/// What a visitor or an operator can already use: a title, and a sentence that can be checked.
const WORKS: [(&str, &str); 5] = [
    (
        "The chat",
        "Answers from the business's own words, with their source and without a provider key; ten languages.",
    ),
    ("A person", "A visitor asks for one at any time, and reads when somebody can answer."),
    (
        "Silence before the first message",
        "No cookie, nothing stored on the device, no request to anybody else.",
    ),
    ("An end to everything kept", "The chat says until when a message is kept: twelve months at most."),
    ("The operator's side", "This deployment describes its interface and says whether it is ready."),
];

/// The first page.
#[component]
pub fn Welcome() -> impl IntoView {
    let demo = browser::is_local().then(|| view! { <a class="button" href="/demo/">"Open the demo"</a> });
    let works = WORKS.map(|(title, sentence)| {
        view! { <li><strong>{title}</strong><span>{sentence}</span></li> }
    });
    view! {
        <main class="page">
            <p class="brand"><Mark/>"Loquet"</p>
            <h1>"Sign-in comes with accounts"</h1>
            <p class="lede">
                "Here a business will read and answer its conversations. Until then this page opens nothing and asks for nothing."
            </p>
            <div class="acts">
                {demo}
                <a href="/openapi.json">"Interface description"</a>
                <a href="/readyz">"State of this deployment"</a>
            </div>
            <section class="card" aria-labelledby="works">
                <h2 id="works">"What already works"</h2>
                <ul class="works">{works.into_iter().collect_view()}</ul>
            </section>
            <p class="until">"This page keeps nothing about you, so nothing of it has to go."</p>
        </main>
    }
}
