//! The consent strip: inside the panel, above the composer, in nobody's way. Accept and Decline weigh the same.

use leptos::prelude::*;
use shared::limits::STATISTICS_MONTHS;
use shared::wire::consent::Choice;

use crate::components::about::statistics_key;
use crate::i18n::{self, Key};
use crate::shell::App;
use crate::state::State;

/// What the strip is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Strip {
    Away,
    /// The browser said no already, and that is all there is to say.
    Signalled,
    /// Asks.
    Asking,
    /// Asks again, since the last choice could not be recorded.
    Failed,
}

fn strip_of(state: &State) -> Strip {
    if state.consent.open {
        if state.consent.failed { Strip::Failed } else { Strip::Asking }
    } else if state.frame.opted_out && state.consent.choice.is_none() && state.thread.is_empty() {
        Strip::Signalled
    } else {
        Strip::Away
    }
}

/// The strip, while there is something to say.
pub fn strip(app: App) -> impl IntoView {
    let strip = Memo::new(move |_| app.read(strip_of));
    let more = RwSignal::new(false);
    move || {
        app.words();
        let strip = strip.get();
        (strip != Strip::Away).then(|| {
            let text = app.peek(|state| state.frame.consent.clone());
            let asks = strip != Strip::Signalled;
            let kept = i18n::text_with(Key::ConsentKept, &[("count", &i18n::number(STATISTICS_MONTHS as u32))]);
            // Asked again, the present choice is told.
            let chosen = app.peek(|state| state.consent.choice.map(|_| statistics_key(state)));
            let choose = |key, choice| {
                view! { <button type="button" on:click=move |_| app.choose(choice)>{i18n::text(key)}</button> }
            };
            view! {
                <section class="strip" aria-label=i18n::text(Key::Consent)>
                    <div>
                        {(strip == Strip::Failed).then(|| view! { <p role="alert">{i18n::text(Key::ConsentFailed)}</p> })}
                        {chosen.map(|key| view! { <p>{i18n::text(key)}</p> })}
                        <p>{if asks { text.question } else { i18n::text(Key::ConsentSignal) }}" "
                            <button
                                type="button"
                                class="link"
                                hidden=!asks
                                aria-expanded=move || if more.get() { "true" } else { "false" }
                                on:click=move |_| more.update(|more| *more = !*more)
                            >
                                {move || i18n::text(if more.get() { Key::Less } else { Key::More })}
                            </button>
                        </p>
                        <p hidden=move || !more.get()>{text.detail}" "{kept}</p>
                    </div>
                    <div id="choices" tabindex="-1" hidden=!asks>
                        {choose(Key::Decline, Choice::Declined)}
                        {choose(Key::Accept, Choice::Accepted)}
                    </div>
                </section>
            }
        })
    }
}
