//! Pages that say one thing: it is opening, it can't be reached, there is nothing here.

use leptos::prelude::*;

use crate::components::door::door;
use crate::components::mark::mark;
use crate::components::status::failed;
use crate::i18n::Key;
use crate::shell::App;

/// Before it is known who is there. The place is that of the door, so nothing jumps.
pub fn opening(app: App) -> impl IntoView {
    view! {
        <div class="door opening" role="status" aria-label=app.text(Key::Loading)>
            <header><p class="brand">{mark()}"Loquet"</p></header>
        </div>
    }
}

/// It could not be found out who is there.
pub fn unreachable(app: App) -> impl IntoView {
    let refusal = app.part(|state| state.door.refusal.clone());
    let why = move || refusal.get().map(|refusal| failed(app, &refusal));
    door(app, app.text(Key::UnreachableTitle), None, why)
}

/// An address of nobody's, or of somebody else's.
pub fn nowhere(app: App) -> impl IntoView {
    view! {
        {super::heading(app, Key::NowhereTitle, Some(Key::NowhereLede))}
        <p><a class="button" href="#/">{app.text(Key::NowhereBack)}</a></p>
    }
}
