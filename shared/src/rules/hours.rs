//! Spans of hours as people write them: `08:00-12:30`, with any dash, several divided by commas.

/// Minutes of a day.
pub const DAY_MINUTES: u16 = 24 * 60;

/// Start and end in minutes of the day; an end that is not after the start is on the next day.
pub fn span_parse(span: &str) -> Option<(u16, u16)> {
    let (starts, ends) = span.trim().split_once(['-', '\u{2013}'])?;
    let (starts, ends) = (minutes_parse(starts)?, minutes_parse(ends)?);
    (starts < DAY_MINUTES).then_some((starts, ends))
}

/// A day's spans out of one line, each in the form in which it is kept. Nothing in it is a day on which nobody comes;
/// `None` is a line that holds something else.
pub fn spans_typed(line: &str) -> Option<Vec<String>> {
    line.split([',', ';'])
        .map(str::trim)
        .filter(|span| !span.is_empty())
        .map(|span| span_parse(span).map(span_written))
        .collect()
}

/// A span in the form in which it is kept.
pub fn span_written((starts, ends): (u16, u16)) -> String {
    let time = |minutes: u16| {
        let (hour, minute) = (minutes.checked_div(60).unwrap_or(0), minutes.checked_rem(60).unwrap_or(0));
        format!("{hour:02}:{minute:02}")
    };
    format!("{}-{}", time(starts), time(ends))
}

fn minutes_parse(time: &str) -> Option<u16> {
    let (hour, minute) = time.trim().split_once(':')?;
    let digits =
        |text: &str| (1..=2).contains(&text.len()) && text.bytes().all(|letter| letter.is_ascii_digit());
    if !digits(hour) || minute.len() != 2 || !digits(minute) {
        return None;
    }
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    let minutes = hour.checked_mul(60)?.checked_add(minute)?;
    (minute < 60 && minutes <= DAY_MINUTES).then_some(minutes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_line_is_read_as_people_write_it_and_kept_in_one_form() {
        let kept = |line| spans_typed(line).map(|spans| spans.join(" "));
        assert_eq!(kept("8:00 – 12:30, 14:00-20:00").as_deref(), Some("08:00-12:30 14:00-20:00"));
        assert_eq!(kept(" 22:00-02:00 ;").as_deref(), Some("22:00-02:00"));
        assert_eq!(kept("").as_deref(), Some(""));
        for wrong in ["8-12", "morning", "08:00", "08:00-25:00", "08:61-12:00", "24:00-25:00", "008:00-12:00"]
        {
            assert_eq!(kept(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn what_is_kept_reads_back_as_it_was(starts in 0u16..1_440, ends in 0u16..=1_440) {
            prop_assert_eq!(span_parse(&span_written((starts, ends))), Some((starts, ends)));
        }

        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,30}") {
            spans_typed(&text);
        }
    }
}
