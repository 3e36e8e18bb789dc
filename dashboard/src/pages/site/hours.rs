//! When people answer: a line a day, with as many shifts as there are, and the days on which nobody comes.

use leptos::prelude::*;
use shared::limits::{DAY_SPANS, HOLIDAYS};
use shared::rules::hours::spans_typed;
use shared::wire::admin::site::{OpeningHours, Week};

use super::adder;
use crate::browser;
use crate::components::field::{Input, Look, field, tick};
use crate::components::pills::pills;
use crate::i18n::Key;
use crate::shell::{Aim, App};

const DAYS: [(&str, Key); 7] = [
    ("day-mon", Key::Monday),
    ("day-tue", Key::Tuesday),
    ("day-wed", Key::Wednesday),
    ("day-thu", Key::Thursday),
    ("day-fri", Key::Friday),
    ("day-sat", Key::Saturday),
    ("day-sun", Key::Sunday),
];

/// The hours as they are typed.
#[derive(Clone, Copy)]
pub struct Hours {
    zone: RwSignal<String>,
    days: [Input; 7],
    holidays: RwSignal<Vec<String>>,
    /// Nobody has said yet that people are there then.
    guess: Option<StoredValue<OpeningHours>>,
    /// Now somebody says so.
    said: RwSignal<bool>,
}

impl Hours {
    pub(super) fn new(opening: &OpeningHours) -> Self {
        let lines = opening.weekly.days().map(|spans| spans.join(", "));
        let mut names = DAYS.iter().map(|(id, _)| *id);
        Self {
            zone: RwSignal::new(opening.timezone.clone()),
            days: lines.map(|line| Input::new(names.next().unwrap_or_default(), &line)),
            holidays: RwSignal::new(opening.holidays.clone()),
            guess: opening.is_guess.then(|| StoredValue::new(opening.clone())),
            said: RwSignal::new(false),
        }
    }

    pub(super) fn read(self) -> Option<OpeningHours> {
        let mut week: [Vec<String>; 7] = Default::default();
        for (spans, day) in week.iter_mut().zip(self.days) {
            let typed = spans_typed(&day.raw()).filter(|spans| spans.len() <= DAY_SPANS);
            *spans = day.judged(typed, Key::WrongHours)?;
        }
        let typed = OpeningHours {
            timezone: self.zone.get_untracked(),
            weekly: Week::of(week),
            holidays: self.holidays.get_untracked(),
            is_guess: self.guess.is_some(),
        };
        // Whoever changes them has looked at them.
        let is_as_it_was = self.guess.is_some_and(|guess| guess.with_value(|guess| *guess == typed));
        Some(OpeningHours { is_guess: is_as_it_was && !self.said.get_untracked(), ..typed })
    }
}

pub(super) fn card(app: App, hours: Hours) -> impl IntoView {
    let Hours { zone, days, holidays, guess, said } = hours;
    if app.aim.get_untracked() == Some(Aim::Hours) {
        app.aim.set(None);
        browser::later(0, || browser::focus("zone"));
    }
    let guessed = guess.map(|_| {
        view! {
            <p class="note">{app.text(Key::HoursGuess)}</p>
            {tick(app, said, Key::HoursRight, Some(Key::HoursRightHint))}
        }
    });
    // The zone that is set is offered even where this browser does not know it.
    let mut zones = browser::time_zones();
    let present = zone.get_untracked();
    if !zones.contains(&present) {
        zones.insert(0, present);
    }
    let zones = zones.into_iter().map(|name| {
        let mine = name.clone();
        view! { <option value=name prop:selected=move || zone.get() == mine>{name.replace('_', " ")}</option> }
    });
    let rows = days.into_iter().zip(DAYS).map(|(input, (_, name))| field(app, input, Look::text(name)));
    let day = Input::new("holiday", "");
    let add = move || {
        let raw = day.raw();
        let is_date = raw.len() == 10 && holidays.with_untracked(|days| days.len() < HOLIDAYS);
        if let Some(date) = day.judged(is_date.then_some(raw), Key::WrongDate) {
            holidays.update(|days| {
                if !days.contains(&date) {
                    days.push(date);
                    days.sort();
                }
            });
            day.set("");
        }
    };
    super::card(
        app,
        "site-hours",
        Key::SiteHours,
        Some(Key::SiteHoursLede),
        view! {
            {guessed}
            <div class="field">
                <label for="zone">{app.text(Key::Zone)}</label>
                <select id="zone" on:change=move |event| zone.set(event_target_value(&event))>{zones.collect_view()}</select>
            </div>
            <div class="week">{rows.collect_view()}</div>
            <div class="field">
                <p class="label" id="holidays-label">{app.text(Key::Holidays)}</p>
                {pills(app, "holidays-label", holidays, Key::HolidayRemove, "date")}
            </div>
            {adder(app, field(app, day, Look { kind: "date", ..Look::text(Key::Holiday) }), "holiday-add", Key::HolidayAdd, add)}
        },
    )
}
