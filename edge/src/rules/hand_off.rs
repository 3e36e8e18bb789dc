//! When the machine asks for a person by itself. A pure decision: what was asked, what was found, what the business set.

use shared::limits::HAND_OFF_TOPICS;
use shared::rules::person::line_text;
use shared::wire::admin::inbox::settings::HandOff;

use super::answer::folded_words;

/// Longest topic, in characters: a word or three.
const TOPIC_CHARACTERS: usize = 60;
/// A day: whoever waits longer was told nothing.
const LONGEST_WAIT_MIN: u32 = 1_440;

/// How an answer went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Something was found, or nothing was asked.
    Answered,
    /// A question, and nothing in the business's knowledge fits it.
    Missed,
    /// The day's ceiling of answers is reached.
    Ceiling,
}

/// What follows from an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision {
    /// Questions in a row to which nothing was found, this one included.
    pub misses: u32,
    /// A person is asked for.
    pub hands_over: bool,
}

/// Decides after an answer. `question` is the visitor's newest message, `misses` how many went before it in a row.
pub fn decide(settings: &HandOff, question: &str, outcome: Outcome, misses: u32) -> Decision {
    let misses = if outcome == Outcome::Missed { misses.saturating_add(1) } else { 0 };
    let missed_enough = settings.after_misses > 0 && misses >= settings.after_misses;
    let at_ceiling = settings.at_ceiling && outcome == Outcome::Ceiling;
    let hands_over = missed_enough || at_ceiling || names_topic(&settings.topics, question);
    Decision { misses, hands_over }
}

/// One of the topics stands in the text, whole, whatever its accents and capitals.
fn names_topic(topics: &[String], text: &str) -> bool {
    let words = folded_words(text);
    topics
        .iter()
        .map(|topic| folded_words(topic))
        .any(|topic| !topic.is_empty() && words.windows(topic.len()).any(|window| window == topic.as_slice()))
}

/// Takes what a business sets. `None` where a value is out of its bounds.
pub fn settings_take(given: &HandOff) -> Option<HandOff> {
    if given.topics.len() > HAND_OFF_TOPICS
        || given.after_misses > 20
        || !(1..=LONGEST_WAIT_MIN).contains(&given.answer_within_min)
    {
        return None;
    }
    let mut topics = Vec::with_capacity(given.topics.len());
    for topic in &given.topics {
        let topic = line_text(topic, TOPIC_CHARACTERS).filter(|topic| !folded_words(topic).is_empty())?;
        if !topics.contains(&topic) {
            topics.push(topic);
        }
    }
    Some(HandOff { topics, ..given.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn settings() -> HandOff {
        HandOff { topics: vec!["Rückerstattung".into(), "lost property".into()], ..HandOff::default() }
    }

    #[test]
    fn nothing_found_twice_in_a_row_brings_a_person_and_an_answer_between_begins_anew() {
        let first = decide(&settings(), "Do you have a sauna?", Outcome::Missed, 0);
        assert_eq!(first, Decision { misses: 1, hands_over: false });
        assert!(decide(&settings(), "And a pool?", Outcome::Missed, first.misses).hands_over);
        let between = decide(&settings(), "Breakfast?", Outcome::Answered, first.misses);
        assert_eq!(between, Decision { misses: 0, hands_over: false });
    }

    #[test]
    fn a_listed_topic_brings_a_person_at_once_and_only_as_a_whole_word() {
        for text in ["Ich will eine RUCKERSTATTUNG!", "I look for lost property."] {
            assert!(decide(&settings(), text, Outcome::Answered, 0).hands_over, "{text}");
        }
        for text in ["lost my property", "Rückerstattungsformular", ""] {
            assert!(!decide(&settings(), text, Outcome::Answered, 0).hands_over, "{text}");
        }
    }

    #[test]
    fn the_ceiling_brings_a_person_unless_the_business_says_no() {
        assert!(decide(&settings(), "Breakfast?", Outcome::Ceiling, 0).hands_over);
        let never = HandOff { at_ceiling: false, after_misses: 0, ..settings() };
        assert!(!decide(&never, "Breakfast?", Outcome::Ceiling, 0).hands_over);
        assert!(!decide(&never, "Sauna?", Outcome::Missed, 9).hands_over);
    }

    #[test]
    fn settings_stay_within_their_bounds() {
        assert!(settings_take(&settings()).is_some());
        assert!(settings_take(&HandOff { answer_within_min: 0, ..settings() }).is_none());
        assert!(settings_take(&HandOff { topics: vec!["?!".into()], ..settings() }).is_none());
        assert!(settings_take(&HandOff { topics: vec!["x".into(); 51], ..settings() }).is_none());
        let twice = HandOff { topics: vec![" refund ".into(), "refund".into()], ..settings() };
        assert_eq!(settings_take(&twice).unwrap().topics, ["refund"]);
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(topic in "\\PC{0,20}", text in "\\PC{0,80}", misses: u32) {
            let settings = HandOff { topics: vec![topic], ..HandOff::default() };
            decide(&settings, &text, Outcome::Missed, misses);
        }
    }
}
