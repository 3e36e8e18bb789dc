//! The consent strip: inside the panel, above the composer, in nobody's way. Accept and Decline weigh the same.

use shared::limits::STATISTICS_MONTHS;
use shared::wire::consent::Choice;

use crate::browser::{self, Element, add, attribute_set, listen, words};
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

/// Keeps the strip there while there is something to say.
pub fn keep(app: App) {
    let place = browser::element("strip");
    app.draw(strip_of, move |strip| {
        place.set_text_content(None);
        if strip != Strip::Away {
            draw(app, &place, strip);
        }
    });
}

fn draw(app: App, place: &Element, strip: Strip) {
    let text = app.peek(|state| state.frame.consent.clone());
    let section = add(place, "section", "strip", "");
    attribute_set(&section, "aria-label", Some(&i18n::text(Key::Consent)));
    let said = add(&section, "div", "", "");
    if strip == Strip::Signalled {
        add(&said, "p", "", &i18n::text(Key::ConsentSignal));
        return;
    }
    if strip == Strip::Failed {
        attribute_set(&add(&said, "p", "", &i18n::text(Key::ConsentFailed)), "role", Some("alert"));
    }
    // Asked again, the present choice is told.
    if let Some(key) = app.peek(|state| state.consent.choice.map(|_| statistics_key(state))) {
        add(&said, "p", "", &i18n::text(key));
    }
    let question = add(&said, "p", "", &text.question);
    words(&question, " ");
    let kept = i18n::text_with(Key::ConsentKept, &[("count", &i18n::number(STATISTICS_MONTHS as u32))]);
    let detail = add(&said, "p", "", &format!("{} {kept}", text.detail));
    more(&add(&question, "button", "link", ""), detail);
    let choices = add(&section, "div", "", "");
    choices.set_id("choices");
    attribute_set(&choices, "tabindex", Some("-1"));
    for (key, choice) in [(Key::Decline, Choice::Declined), (Key::Accept, Choice::Accepted)] {
        listen(&add(&choices, "button", "", &i18n::text(key)), "click", move |_| app.choose(choice));
    }
}

/// A button that shows the detail and hides it again; hidden is where it begins.
fn more(button: &Element, detail: Element) {
    let shown = button.clone();
    let show = move |open: bool| {
        attribute_set(&detail, "hidden", (!open).then_some(""));
        attribute_set(&shown, "aria-expanded", Some(if open { "true" } else { "false" }));
        shown.set_text_content(Some(&i18n::text(if open { Key::Less } else { Key::More })));
    };
    show(false);
    let mut open = false;
    listen(button, "click", move |_| {
        open = !open;
        show(open);
    });
}
