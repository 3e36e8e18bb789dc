//! How one hears of what waits: nothing is loud before somebody wants it to be.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::wire::admin::inbox::settings::{Digest, Hear, Notifications};

use super::ask;
use crate::browser;
use crate::components::act::problem;
use crate::components::desk::pick;
use crate::components::status::{Rows, slot};
use crate::i18n::Key;
use crate::shell::App;
use crate::state::Form;
use crate::state::inbox::{InboxAsk, Spot};

const HEAR: [(Hear, Key); 3] =
    [(Hear::All, Key::HearAll), (Hear::Mine, Key::HearMine), (Hear::None, Key::HearNone)];
const DIGEST: [(Digest, Key); 3] = [
    (Digest::Never, Key::DigestNever),
    (Digest::Hourly, Key::DigestHourly),
    (Digest::Daily, Key::DigestDaily),
];

/// The card.
pub fn card(app: App) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="notify">
            <h2 id="notify">{app.text(Key::NotifyTitle)}</h2>
            {slot(app, |state| &state.inbox.notifications, Rows(3), move |now| inside(app, now))}
        </section>
    }
}

fn inside(app: App, now: Notifications) -> impl IntoView {
    let put = move |now: Notifications| ask(app, InboxAsk::NotificationsPut(now));
    let hear = Memo::new(move |_| HEAR.map(|(hear, key)| (hear.as_str().to_owned(), app.text(key))).to_vec());
    let digest =
        Memo::new(move |_| DIGEST.map(|(digest, key)| (digest.as_str().to_owned(), app.text(key))).to_vec());
    let heard = Memo::new(move |_| now.hear.as_str().to_owned());
    let mailed = Memo::new(move |_| now.digest.as_str().to_owned());
    let missing = !browser::shows_notifications();
    let denied = RwSignal::new(!missing && now.browser && browser::may_notify() == Some(false));
    let browser_chosen = move |_| {
        let on = !now.browser;
        spawn_local(async move {
            if on && browser::may_notify().is_none() {
                browser::notify_ask().await;
            }
            denied.set(on && browser::may_notify() != Some(true));
            put(Notifications { browser: on, ..now });
        });
    };
    view! {
        <div class="inside">
            <p class="hint">{app.text(Key::NotifyLede)}</p>
            <div class="columns">
                {pick("hear", app.text(Key::HearOf), hear, heard, move |text| {
                    if let Some((hear, _)) = HEAR.into_iter().find(|(hear, _)| hear.as_str() == text) {
                        put(Notifications { hear, ..now });
                    }
                })}
                {pick("digest", app.text(Key::DigestMail), digest, mailed, move |text| {
                    if let Some((digest, _)) = DIGEST.into_iter().find(|(digest, _)| digest.as_str() == text) {
                        put(Notifications { digest, ..now });
                    }
                })}
            </div>
            <div class="ticks">
                <label class="tick">
                    <input type="checkbox" prop:checked=now.sound on:change=move |_| put(Notifications { sound: !now.sound, ..now })/>
                    <span>{app.text(Key::NotifySound)}</span>
                </label>
                <label class="tick">
                    <input type="checkbox" prop:checked=now.browser disabled=missing on:change=browser_chosen/>
                    <span>{app.text(Key::NotifyBrowser)}</span>
                </label>
            </div>
            {missing.then(|| view! { <p class="hint">{app.text(Key::NotifyMissing)}</p> })}
            {move || denied.get().then(|| view! { <p class="problem">{app.text(Key::NotifyDenied)}</p> })}
            {problem(app, Form::Inbox(Spot::Notifications))}
            <div class="acts"><button type="button" on:click=move |_| browser::sound()>{app.text(Key::NotifyTest)}</button></div>
        </div>
    }
}
