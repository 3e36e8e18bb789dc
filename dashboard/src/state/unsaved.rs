//! What was typed and is not kept yet: nobody loses it by a click, and nothing is drawn over it.

use super::load::enter;
use super::{Effect, Form, Page, State};

/// The forms that somebody typed into, and where they were about to go from them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Unsaved {
    forms: Vec<Form>,
    /// On its way to the edge; typed again where it is refused.
    sent: Option<Form>,
    going: Option<Page>,
}

impl Unsaved {
    /// Nothing was typed that would go.
    pub const fn is_empty(&self) -> bool {
        self.forms.is_empty()
    }

    /// Something stands in this form.
    pub fn holds(&self, form: Form) -> bool {
        self.forms.contains(&form)
    }

    /// Somebody is asked whether they leave it.
    pub const fn asks(&self) -> bool {
        self.going.is_some()
    }

    /// Somebody types into a form.
    pub(super) fn typed(&mut self, form: Form) {
        if !self.holds(form) {
            self.forms.push(form);
        }
    }

    /// A form is sent: what is typed from now on is new.
    pub(super) fn send(&mut self, form: Form) {
        if self.holds(form) {
            self.forms.retain(|other| *other != form);
            self.sent = Some(form);
        }
    }

    /// It was refused, so it still is only here.
    pub(super) fn refuse(&mut self, form: Form) {
        if self.sent == Some(form) {
            self.sent = None;
            self.typed(form);
        }
    }

    /// They stay.
    pub(super) fn stay(&mut self) {
        self.going = None;
    }
}

/// Somebody goes to another page: where that would lose something, they stay until they were asked.
pub fn hold(state: &mut State, page: &Page, effects: &mut Vec<Effect>) -> bool {
    let holds = !state.unsaved.is_empty() && page.without_secrets() != state.page;
    if holds {
        state.unsaved.going = Some(page.clone());
        effects.push(Effect::Replace(state.page.clone()));
    }
    holds
}

/// They leave it.
pub fn leave(state: &mut State, effects: &mut Vec<Effect>) {
    if let Some(page) = std::mem::take(&mut state.unsaved).going {
        state.said = None;
        effects.push(Effect::Go(page.clone()));
        enter(state, &page, effects);
    }
}
