//! When people can answer, from the hours that a business sets.
//!
//! ```json
//! {"timezone": "Europe/Paris",
//!  "weekly": {"mon": ["08:00-12:30", "14:00-20:00"], "sat": ["22:00-02:00"]},
//!  "holidays": ["2026-12-25"]}
//! ```
//!
//! Hours are on the wall of the business: a change of clocks moves them, and nothing else does. A span whose end is
//! not after its start goes on into the next day. On a holiday nobody comes; who came the evening before stays.
//! Anything malformed, and hours that were only guessed for a new business (`is_guess`), mean that the business did not say.

use std::collections::BTreeSet;

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::Deserialize;
use shared::limits::{DAY_SPANS, HOLIDAYS};
use shared::rules::hours::{DAY_MINUTES, span_parse, spans_typed};
use shared::time::Millis;
use shared::wire::admin::site::{OpeningHours, Week};
use shared::wire::message::People;

/// How far ahead the next opening is looked for. A business that is closed for longer says so in other words.
const DAYS_AHEAD: usize = 60;

const fn spans(week: &Week, weekday: Weekday) -> &Vec<String> {
    match weekday {
        Weekday::Monday => &week.mon,
        Weekday::Tuesday => &week.tue,
        Weekday::Wednesday => &week.wed,
        Weekday::Thursday => &week.thu,
        Weekday::Friday => &week.fri,
        Weekday::Saturday => &week.sat,
        Weekday::Sunday => &week.sun,
    }
}

/// The hours in the form in which they are kept. `None` where the zone is unknown, a span or a day is none, or there are
/// too many. A week in which nobody comes is one.
pub fn opening_take(hours: &OpeningHours) -> Option<OpeningHours> {
    TimeZone::get(&hours.timezone).ok()?;
    let mut week = hours.weekly.days().map(|spans| spans_typed(&spans.join(",")));
    if week.iter().any(|spans| spans.as_ref().is_none_or(|spans| spans.len() > DAY_SPANS)) {
        return None;
    }
    let week = Week::of(week.each_mut().map(|spans| spans.take().unwrap_or_default()));
    let days: Option<BTreeSet<Date>> = hours.holidays.iter().map(|day| day.trim().parse().ok()).collect();
    let days = days.filter(|days| days.len() <= HOLIDAYS)?;
    let holidays = days.iter().map(Date::to_string).collect();
    Some(OpeningHours { timezone: hours.timezone.clone(), weekly: week, holidays, is_guess: hours.is_guess })
}

/// When people can answer, seen from `now`.
pub fn people_at(opening: &serde_json::Value, now: Millis) -> People {
    people(opening, now).unwrap_or(People::Unknown)
}

/// Minutes that the clock of the business adds to UTC. `None` where it gave no zone.
pub fn zone_min(opening: &serde_json::Value, now: Millis) -> Option<i32> {
    let zone = TimeZone::get(opening.get("timezone")?.as_str()?).ok()?;
    zone.to_offset(Timestamp::from_millisecond(now.as_i64()).ok()?).seconds().checked_div(60)
}

/// Date and time on the wall of the business, for a prompt: `Friday 2026-11-20, 18:04`. `None` where it gave no zone.
pub fn local_time(opening: &serde_json::Value, now: Millis) -> Option<String> {
    let zone = TimeZone::get(opening.get("timezone")?.as_str()?).ok()?;
    let local = zone.to_datetime(Timestamp::from_millisecond(now.as_i64()).ok()?);
    Some(format!("{:?} {}, {:02}:{:02}", local.weekday(), local.date(), local.hour(), local.minute()))
}

fn people(opening: &serde_json::Value, now: Millis) -> Option<People> {
    let opening = OpeningHours::deserialize(opening).ok()?;
    if opening.is_guess {
        return None;
    }
    let zone = TimeZone::get(&opening.timezone).ok()?;
    let holidays: Vec<Date> = opening.holidays.iter().map(|day| day.parse().ok()).collect::<Option<_>>()?;
    // One wrong span makes the whole week doubtful.
    opening.weekly.days().into_iter().flatten().try_for_each(|span| span_parse(span).map(drop))?;
    let now = Timestamp::from_millisecond(now.as_i64()).ok()?;
    // From yesterday on: its last span may reach into today.
    let first = zone.to_datetime(now).date().yesterday().ok()?;
    let days = first.series(1.day()).take(DAYS_AHEAD).filter(|day| !holidays.contains(day));
    let mut next: Option<Timestamp> = None;
    for day in days {
        for span in spans(&opening.weekly, day.weekday()) {
            let (starts, ends) = instants(day, span_parse(span)?, &zone)?;
            if starts <= now && now < ends {
                return Some(People::Now);
            }
            // A clock that springs over a whole span leaves nothing of it.
            if starts > now && starts < ends {
                next = next.map_or(Some(starts), |earlier| Some(earlier.min(starts)));
            }
        }
        if next.is_some() {
            break;
        }
    }
    next.map(|at| People::From(Millis::new(at.as_millisecond())))
}

fn instants(day: Date, (starts, ends): (u16, u16), zone: &TimeZone) -> Option<(Timestamp, Timestamp)> {
    let end_day = if ends <= starts { day.tomorrow().ok()? } else { day };
    Some((instant(day, starts, zone)?, instant(end_day, ends, zone)?))
}

/// A time that the clock skips counts as the one after the gap, a time that it shows twice as the first.
fn instant(day: Date, minutes: u16, zone: &TimeZone) -> Option<Timestamp> {
    let (day, minutes) = match minutes.checked_sub(DAY_MINUTES) {
        Some(rest) => (day.tomorrow().ok()?, rest),
        None => (day, minutes),
    };
    let hour = i8::try_from(minutes.checked_div(60)?).ok()?;
    let minute = i8::try_from(minutes.checked_rem(60)?).ok()?;
    let time = Time::new(hour, minute, 0, 0).ok()?;
    zone.to_timestamp(DateTime::from_parts(day, time)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn hotel() -> serde_json::Value {
        let day = ["08:00-12:30", "14:00-20:00"];
        json!({
            "timezone": "Europe/Paris",
            "weekly": {"mon": day, "tue": day, "wed": day, "thu": day, "fri": day, "sat": ["22:00-02:00"]},
            "holidays": ["2026-12-25"],
        })
    }

    fn at(text: &str) -> Millis {
        Millis::new(text.parse::<Timestamp>().expect("a timestamp").as_millisecond())
    }

    fn from(text: &str) -> People {
        People::From(at(text))
    }

    #[test]
    fn split_shifts_have_a_pause() {
        // Friday, Paris is one hour ahead of UTC.
        assert_eq!(people_at(&hotel(), at("2026-11-20T06:59:59Z")), from("2026-11-20T07:00:00Z"));
        assert_eq!(people_at(&hotel(), at("2026-11-20T07:00:00Z")), People::Now);
        assert_eq!(people_at(&hotel(), at("2026-11-20T11:30:00Z")), from("2026-11-20T13:00:00Z"));
        assert_eq!(people_at(&hotel(), at("2026-11-20T18:59:59Z")), People::Now);
        assert_eq!(people_at(&hotel(), at("2026-11-20T19:00:00Z")), from("2026-11-21T21:00:00Z"));
    }

    #[test]
    fn a_night_shift_reaches_into_the_next_day_and_a_sunday_is_skipped() {
        assert_eq!(people_at(&hotel(), at("2026-11-22T00:30:00Z")), People::Now);
        assert_eq!(people_at(&hotel(), at("2026-11-22T01:00:00Z")), from("2026-11-23T07:00:00Z"));
    }

    #[test]
    fn nobody_comes_on_a_holiday() {
        assert_eq!(people_at(&hotel(), at("2026-12-24T20:00:00Z")), from("2026-12-26T21:00:00Z"));
    }

    #[test]
    fn clocks_change_and_the_wall_decides() {
        // Sunday 29 March 2026: Paris springs from 02:00 to 03:00.
        assert_eq!(people_at(&hotel(), at("2026-03-27T19:00:00Z")), from("2026-03-28T21:00:00Z"));
        assert_eq!(people_at(&hotel(), at("2026-03-29T01:00:00Z")), from("2026-03-30T06:00:00Z"));
        let early = json!({"timezone": "Europe/Paris", "weekly": {"sun": ["02:15-02:45"]}});
        assert_eq!(people_at(&early, at("2026-03-28T12:00:00Z")), from("2026-03-29T01:15:00Z"));
    }

    #[test]
    fn the_clock_of_the_business_is_told_in_minutes_beside_utc_where_it_said_where_it_is() {
        assert_eq!(zone_min(&hotel(), at("2026-11-20T12:00:00Z")), Some(60));
        assert_eq!(zone_min(&hotel(), at("2026-07-20T12:00:00Z")), Some(120));
        assert_eq!(zone_min(&json!({}), at("2026-07-20T12:00:00Z")), None);
    }

    #[test]
    fn what_is_malformed_or_only_guessed_is_unknown() {
        let now = at("2026-11-20T12:00:00Z");
        for opening in [
            json!(null),
            json!({}),
            json!([]),
            json!({"timezone": "Europe/Atlantis", "weekly": {"mon": ["08:00-12:00"]}}),
            json!({"timezone": "Europe/Paris", "weekly": {}}),
            json!({"timezone": "Europe/Paris", "weekly": {"monday": ["08:00-12:00"]}}),
            json!({"timezone": "Europe/Paris", "weekly": {"mon": ["8-12"]}}),
            json!({"timezone": "Europe/Paris", "weekly": {"mon": ["08:00-25:00"]}}),
            json!({"timezone": "Europe/Paris", "weekly": {"mon": ["08:61-12:00"]}}),
            json!({"timezone": "Europe/Paris", "weekly": {"mon": "08:00-12:00"}}),
            json!({"timezone": "Europe/Paris", "weekly": {"fri": ["08:00-20:00"]}, "holidays": ["Christmas"]}),
            json!({"timezone": "Europe/Paris", "weekly": {"fri": ["08:00-20:00"]}, "is_guess": true}),
        ] {
            assert_eq!(people_at(&opening, now), People::Unknown, "{opening}");
        }
    }

    #[test]
    fn hours_are_kept_in_one_form_and_what_makes_no_sense_is_refused() {
        let week = |monday: &str| Week { mon: vec![monday.to_owned()], ..Week::default() };
        let hours = |zone: &str, weekly: Week, holidays: &[&str]| OpeningHours {
            timezone: zone.to_owned(),
            weekly,
            holidays: holidays.iter().map(|day| (*day).to_owned()).collect(),
            is_guess: false,
        };
        let kept = opening_take(&hours(
            "Europe/Paris",
            week("8:00 – 12:30, 14:00-20:00"),
            &["2026-12-26", "2026-12-25", "2026-12-25"],
        ));
        let kept = kept.unwrap();
        assert_eq!(kept.weekly.mon, ["08:00-12:30", "14:00-20:00"]);
        assert_eq!(kept.holidays, ["2026-12-25", "2026-12-26"]);
        assert!(opening_take(&hours("Europe/Paris", Week::default(), &[])).is_some(), "nobody ever comes");
        for wrong in [
            hours("Europe/Atlantis", week(""), &[]),
            hours("Europe/Paris", week("morning"), &[]),
            hours("Europe/Paris", week(&"08:00-09:00,".repeat(DAY_SPANS + 1)), &[]),
            hours("Europe/Paris", week(""), &["Christmas"]),
            hours("Europe/Paris", week(""), &["2026-02-30"]),
        ] {
            assert_eq!(opening_take(&wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn a_prompt_reads_the_clock_on_the_wall() {
        let text = local_time(&hotel(), at("2026-11-20T17:04:00Z"));
        assert_eq!(text.as_deref(), Some("Friday 2026-11-20, 18:04"));
        assert_eq!(local_time(&json!({}), Millis::new(0)), None);
    }

    proptest! {
        #[test]
        fn the_next_opening_is_in_the_future_and_people_are_there_then(
            now in 1_700_000_000_000_i64..2_000_000_000_000,
            spans in proptest::collection::vec((0u16..1_440, 0u16..=1_440, 0usize..7), 0..8),
            zone in prop_oneof![
                Just("Europe/Paris"), Just("America/New_York"), Just("Asia/Jerusalem"), Just("Australia/Lord_Howe"), Just("UTC"),
            ],
        ) {
            let mut weekly = serde_json::Map::new();
            for (starts, ends, day) in spans {
                let day = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"][day];
                let span = format!("{:02}:{:02}-{:02}:{:02}", starts / 60, starts % 60, ends / 60, ends % 60);
                let spans = weekly.entry(day).or_insert_with(|| json!([]));
                spans.as_array_mut().unwrap().push(json!(span));
            }
            let opening = json!({"timezone": zone, "weekly": weekly});
            match people_at(&opening, Millis::new(now)) {
                People::From(then) => {
                    prop_assert!(then.as_i64() > now);
                    prop_assert_eq!(people_at(&opening, then), People::Now);
                    prop_assert_eq!(people_at(&opening, then.minus_ms(1)), People::From(then));
                }
                People::Now => {}
                People::Unknown => prop_assert!(weekly.is_empty()),
            }
        }

        #[test]
        fn no_json_makes_it_panic(timezone in "\\PC{0,20}", span in "[0-9:–\\- ]{0,12}", day in "[0-9-]{0,10}", now: i64) {
            let opening = json!({"timezone": timezone, "weekly": {"mon": [span]}, "holidays": [day]});
            people_at(&opening, Millis::new(now));
            local_time(&opening, Millis::new(now));
        }
    }
}
