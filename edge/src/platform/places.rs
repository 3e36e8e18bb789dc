//! Places for work that needs much memory: an isolate has little, and its requests share it.

use std::sync::Mutex;

use shared::time::Millis;

/// So many at once, each for so long at most: a request whose client has left may never come to its end.
pub struct Places {
    most: usize,
    longest_ms: i64,
    taken: Mutex<Vec<(u64, Millis)>>,
}

/// A place. Dropping it gives it back.
pub struct Place<'a> {
    places: &'a Places,
    number: u64,
}

impl Places {
    /// `most` places, each for `longest_ms`.
    pub const fn new(most: usize, longest_ms: i64) -> Self {
        Self { most, longest_ms, taken: Mutex::new(Vec::new()) }
    }

    /// Takes a place, if one is free.
    pub fn enter(&self, now: Millis) -> Option<Place<'_>> {
        let mut taken = self.taken.lock().ok()?;
        taken.retain(|(_, since)| now.since_ms(*since) < self.longest_ms);
        if taken.len() >= self.most {
            return None;
        }
        let number = taken.last().map_or(0, |(number, _)| number.wrapping_add(1));
        taken.push((number, now));
        Some(Place { places: self, number })
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        if let Ok(mut taken) = self.places.taken.lock() {
            taken.retain(|(number, _)| *number != self.number);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Millis = Millis::new(1_790_000_000_000);

    #[test]
    fn a_place_is_given_back_when_its_work_is_over_and_lost_when_it_takes_too_long() {
        let places = Places::new(2, 1_000);
        let first = places.enter(NOW);
        let second = places.enter(NOW.plus_ms(500));
        assert!(first.is_some() && second.is_some() && places.enter(NOW.plus_ms(999)).is_none());
        drop(second);
        let third = places.enter(NOW.plus_ms(999));
        assert!(third.is_some() && places.enter(NOW.plus_ms(999)).is_none());
        std::mem::forget(first);
        assert!(places.enter(NOW.plus_ms(1_000)).is_some(), "one whose request was abandoned");
    }
}
