//! When the machine asks for a person by itself. A pure decision: what was asked, what was found, what the business set.

use shared::limits::HAND_OFF_TOPICS;
use shared::rules::language::{LANGUAGES, language_choose};
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
    /// A question, and nothing in the business's knowledge fits it, or the answer itself says that it does not know.
    Missed,
    /// A provider answered from entries that fit so loosely that the built-in answerer would not quote them.
    Unsure,
    /// The day's ceiling of answers is reached.
    Ceiling,
}

/// The button of the chat that asks for a person, as it reads in each language of the widget (its `person`).
const BUTTONS: [(&str, &str); 10] = [
    ("en", "Talk to a person"),
    ("fr", "Parler à une personne"),
    ("de", "Mit einem Menschen sprechen"),
    ("es", "Hablar con una persona"),
    ("it", "Parla con una persona"),
    ("nl", "Met een mens praten"),
    ("pt", "Falar com uma pessoa"),
    ("pl", "Porozmawiaj z człowiekiem"),
    ("ar", "التحدث إلى شخص"),
    ("he", "לדבר עם אדם"),
];

/// What that button reads for a visitor with this language. A provider is told to name it where it does not know, and only
/// there (`rules/prompt.rs`).
pub fn button(locale: &str) -> &'static str {
    let chosen = language_choose(&[locale], &LANGUAGES);
    BUTTONS.iter().find(|(language, _)| *language == chosen).map_or("Talk to a person", |(_, name)| name)
}

/// What an answer of a provider rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ground {
    /// Something was asked. Whoever asks nothing can't be answered wrongly.
    pub is_question: bool,
    /// An entry of the knowledge was shown to the provider.
    pub has_passage: bool,
    /// One of them fits so well that the built-in answerer would quote it.
    pub fits: bool,
}

/// How surely a provider answered.
pub fn provider_outcome(ground: Ground, locale: &str, answer: &str) -> Outcome {
    let names_button = || answer.to_lowercase().contains(&button(locale).to_lowercase());
    match ground {
        Ground { is_question: false, .. } => Outcome::Answered,
        Ground { has_passage: false, .. } => Outcome::Missed,
        _ if names_button() => Outcome::Missed,
        Ground { fits: false, .. } => Outcome::Unsure,
        _ => Outcome::Answered,
    }
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
    let is_miss = outcome == Outcome::Missed || (outcome == Outcome::Unsure && settings.unsure_counts);
    let misses = if is_miss { misses.saturating_add(1) } else { 0 };
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
    fn a_provider_misses_where_no_entry_fits_or_where_it_names_the_button_itself() {
        let ground = |is_question, has_passage, fits| Ground { is_question, has_passage, fits };
        let outcome = |ground, answer| provider_outcome(ground, "en-GB", answer);
        let known = "Breakfast is from 7:00.";
        let unknown = "I don't know. A person can be asked with the button \u{201c}talk to a Person\u{201d}.";
        assert_eq!(outcome(ground(true, true, true), known), Outcome::Answered);
        assert_eq!(outcome(ground(true, true, true), unknown), Outcome::Missed);
        assert_eq!(outcome(ground(true, false, false), known), Outcome::Missed);
        assert_eq!(outcome(ground(true, true, false), known), Outcome::Unsure);
        assert_eq!(outcome(ground(false, false, false), "Hello!"), Outcome::Answered, "nothing was asked");
        let french = "Je ne sais pas ; le bouton « Parler à une personne » aide.";
        assert_eq!(provider_outcome(ground(true, true, true), "fr", french), Outcome::Missed);
    }

    #[test]
    fn the_button_is_called_as_the_widget_calls_it_in_every_language() {
        for language in LANGUAGES {
            let path = format!("{}/../widget/locales/{language}.json", env!("CARGO_MANIFEST_DIR"));
            let words: serde_json::Value =
                serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
            assert_eq!(words["person"], button(language), "{language}");
        }
    }

    #[test]
    fn an_unsure_answer_counts_as_a_miss_only_where_the_business_says_so() {
        let unsure = |settings: &HandOff| decide(settings, "Sauna?", Outcome::Unsure, 1);
        assert_eq!(unsure(&settings()), Decision { misses: 0, hands_over: false });
        let strict = HandOff { unsure_counts: true, ..settings() };
        assert_eq!(unsure(&strict), Decision { misses: 2, hands_over: true });
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
