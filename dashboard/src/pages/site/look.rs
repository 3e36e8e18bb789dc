//! The site's colour, judged while it is typed, and the side of the launcher.

use leptos::prelude::*;
use shared::rules::color::{accents, is_color};
use shared::wire::admin::site::{Side, SiteForm};
use shared::wire::frame::Accent;

use crate::components::field::{Input, Look, field, radios};
use crate::i18n::Key;
use crate::shell::App;
use crate::state::{Page, SitePart};

/// Colour and side as they are chosen.
#[derive(Clone, Copy)]
pub struct LookDraft {
    color: Input,
    side: RwSignal<String>,
    /// Colour and side as the lines on the business's pages carry them, as far as this page knows.
    pasted: StoredValue<(String, String)>,
}

impl LookDraft {
    pub(super) fn new(form: &SiteForm) -> Self {
        Self {
            color: Input::new("site-color", &form.color),
            side: RwSignal::new(form.side.as_str().to_owned()),
            pasted: StoredValue::new((form.color.clone(), form.side.as_str().to_owned())),
        }
    }

    fn side_of(name: &str) -> Side {
        if name == Side::Start.as_str() { Side::Start } else { Side::End }
    }

    pub(super) fn read(self, form: SiteForm) -> Option<SiteForm> {
        let color = self.color.raw().trim().to_ascii_lowercase();
        let color = self.color.judged(is_color(&color).then_some(color), Key::WrongColor)?;
        Some(SiteForm { color, side: Self::side_of(&self.side.get_untracked()), ..form })
    }

    pub(super) fn shown(self, form: SiteForm) -> SiteForm {
        let color = self.color.now().trim().to_ascii_lowercase();
        let form = SiteForm { side: Self::side_of(&self.side.get()), ..form };
        if is_color(&color) { SiteForm { color, ..form } } else { form }
    }

    /// What stands here is not what the lines carry that were pasted before.
    fn is_new(self) -> bool {
        let (color, side) = self.pasted.get_value();
        self.color.now().trim().to_ascii_lowercase() != color || self.side.get() != side
    }
}

/// A sample of the colour on one paper.
fn sample(paper: &'static str, accent: &Accent) -> impl IntoView + use<> {
    view! {
        <svg class="sample" viewBox="0 0 120 48" aria-hidden="true">
            <rect width="120" height="48" rx="8" fill=paper stroke="none"/>
            <rect x="12" y="10" width="96" height="28" rx="14" fill=accent.fill.clone() stroke="none"/>
            <text x="60" y="29" text-anchor="middle" fill=accent.ink.clone() stroke="none">"Aa 123"</text>
        </svg>
    }
}

pub(super) fn card(app: App, draft: LookDraft) -> impl IntoView {
    let LookDraft { color, side, .. } = draft;
    let install = app.peek(|state| match &state.page {
        Page::Site(business, site, _) => Page::Site(*business, *site, SitePart::Install).fragment(),
        _ => String::new(),
    });
    let paste = move || {
        draft.is_new().then(|| view! {
            <p class="clay-text">{app.text(Key::LookPaste)}" "<a href=install.clone()>{app.text(Key::SiteInstall)}</a></p>
        })
    };
    let judged = move || {
        let typed = color.now().trim().to_ascii_lowercase();
        if !is_color(&typed) {
            return view! { <p class="hint">{app.text(Key::ColorTyping)}</p> }.into_any();
        }
        let (light, dark) = accents(&typed);
        let words = |moved: bool, held: Key, changed: Key, fill: &str| {
            if moved { app.text_with(changed, &[("color", fill)]) } else { app.text(held) }
        };
        let on_light = words(light.fill != typed, Key::ColorLightHolds, Key::ColorLightMoved, &light.fill);
        let on_dark = words(dark.fill != typed, Key::ColorDarkHolds, Key::ColorDarkMoved, &dark.fill);
        view! {
            <div class="samples">
                <div>{sample("#fbfaf7", &light)}<p class="hint">{on_light}</p></div>
                <div>{sample("#121715", &dark)}<p class="hint">{on_dark}</p></div>
            </div>
        }
        .into_any()
    };
    let picked = move || {
        let typed = color.now().trim().to_ascii_lowercase();
        if is_color(&typed) { typed } else { "#1f6f5c".to_owned() }
    };
    let sides = vec![
        (Side::End.as_str().to_owned(), app.text(Key::SideEnd), String::new()),
        (Side::Start.as_str().to_owned(), app.text(Key::SideStart), String::new()),
    ];
    super::card(
        app,
        "site-look",
        Key::SiteLook,
        Some(Key::SiteLookLede),
        view! {
            <div class="adder">
                {field(app, color, Look { hint: Some(Key::ColorHint), ..Look::text(Key::Color) })}
                <input
                    type="color"
                    class="picker"
                    aria-label=app.text(Key::ColorPick)
                    prop:value=picked
                    on:input=move |event| color.set(&event_target_value(&event))
                />
            </div>
            <div role="status">{judged}</div>
            {radios("site-side", app.text(Key::Side), sides, side)}
            <div role="status">{paste}</div>
        },
    )
}
