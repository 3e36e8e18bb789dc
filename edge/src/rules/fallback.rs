//! Who is asked first: a provider that has just failed is asked last for a minute.

use shared::limits::PROVIDER_REST_MS;
use shared::time::Millis;

/// Puts answerers in the order in which to ask them: as the business chose, but those that failed within the last
/// minute after the others, the one that failed first before the one that failed last. `failures` says who failed
/// when; a failure in the future (another isolate's clock) counts as one now.
pub fn fallback_order<'a>(chosen: &[&'a str], failures: &[(&str, Millis)], now: Millis) -> Vec<&'a str> {
    let failed_at = |name: &str| {
        failures
            .iter()
            .filter(|(failed, at)| *failed == name && now.since_ms(*at) < PROVIDER_REST_MS)
            .map(|(_, at)| *at)
            .max()
    };
    let mut order: Vec<&str> = chosen.to_vec();
    // `None` sorts before any time, and the sort keeps the chosen order among equals.
    order.sort_by_key(|name| failed_at(name));
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Millis = Millis::new(1_800_000_000_000);

    #[test]
    fn without_failures_the_business_decides() {
        assert_eq!(fallback_order(&["b", "a"], &[], NOW), ["b", "a"]);
    }

    #[test]
    fn one_that_just_failed_is_asked_last_and_rests_for_a_minute() {
        let failures = [("a", NOW.minus_ms(PROVIDER_REST_MS - 1)), ("gone", NOW)];
        assert_eq!(fallback_order(&["a", "b", "c"], &failures, NOW), ["b", "c", "a"]);
        assert_eq!(fallback_order(&["a", "b", "c"], &failures, NOW.plus_ms(1)), ["a", "b", "c"]);
    }

    #[test]
    fn where_all_failed_the_one_that_rested_longest_goes_first() {
        let failures = [("a", NOW.minus_ms(1)), ("b", NOW.minus_ms(9)), ("b", NOW.minus_ms(50_000))];
        assert_eq!(fallback_order(&["a", "b"], &failures, NOW), ["b", "a"]);
    }
}
