//! Sensible first settings of a new business, by its kind: a greeting, questions to tap and opening hours, so that the
//! chat is of use before anybody has changed anything.

use std::collections::BTreeMap;

use serde_json::json;
use shared::wire::admin::business::BusinessKind;

/// The languages in which first settings are written.
pub const FIRST_LANGUAGES: [&str; 4] = ["en", "fr", "de", "es"];

/// What visitors may ask about, and the questions to tap, in the order of [`FIRST_LANGUAGES`].
type Words = [(&'static str, [&'static str; 3]); 4];

const fn words(kind: BusinessKind) -> Words {
    match kind {
        BusinessKind::Hotel => [
            (
                "rooms, breakfast, parking or your stay",
                ["What time is breakfast?", "When can I check in?", "Is there parking?"],
            ),
            (
                "les chambres, le petit-déjeuner, le parking ou votre séjour",
                [
                    "À quelle heure est le petit-déjeuner ?",
                    "À partir de quelle heure peut-on arriver ?",
                    "Y a-t-il un parking ?",
                ],
            ),
            (
                "Zimmern, Frühstück, Parkplatz oder Ihrem Aufenthalt",
                ["Wann gibt es Frühstück?", "Ab wann kann ich einchecken?", "Gibt es Parkplätze?"],
            ),
            (
                "habitaciones, desayuno, aparcamiento o su estancia",
                ["¿A qué hora es el desayuno?", "¿Desde qué hora puedo llegar?", "¿Hay aparcamiento?"],
            ),
        ],
        BusinessKind::Restaurant => [
            (
                "the menu, a table or our hours",
                ["When are you open?", "Can I book a table?", "Do you have vegetarian dishes?"],
            ),
            (
                "la carte, une table ou nos horaires",
                [
                    "Quels sont vos horaires ?",
                    "Puis-je réserver une table ?",
                    "Avez-vous des plats végétariens ?",
                ],
            ),
            (
                "Speisekarte, einem Tisch oder unseren Öffnungszeiten",
                [
                    "Wann haben Sie geöffnet?",
                    "Kann ich einen Tisch reservieren?",
                    "Haben Sie vegetarische Gerichte?",
                ],
            ),
            (
                "la carta, una mesa o nuestro horario",
                ["¿Cuál es su horario?", "¿Puedo reservar una mesa?", "¿Tienen platos vegetarianos?"],
            ),
        ],
        BusinessKind::Clinic => [
            (
                "appointments, hours or how to find us. In an emergency call 112",
                ["How do I get an appointment?", "When are you open?", "What should I bring?"],
            ),
            (
                "les rendez-vous, nos horaires ou le chemin. En cas d’urgence, appelez le 112",
                ["Comment prendre rendez-vous ?", "Quels sont vos horaires ?", "Que faut-il apporter ?"],
            ),
            (
                "Terminen, Sprechzeiten oder der Anfahrt. Im Notfall wählen Sie 112",
                ["Wie bekomme ich einen Termin?", "Wann haben Sie Sprechzeiten?", "Was soll ich mitbringen?"],
            ),
            (
                "citas, horarios o cómo llegar. En una emergencia llame al 112",
                ["¿Cómo pido una cita?", "¿Cuál es su horario?", "¿Qué debo llevar?"],
            ),
        ],
        BusinessKind::Shop => [
            (
                "products, delivery or returns",
                ["How long does delivery take?", "How can I return something?", "How can I pay?"],
            ),
            (
                "les produits, la livraison ou les retours",
                [
                    "Quels sont les délais de livraison ?",
                    "Comment retourner un article ?",
                    "Comment puis-je payer ?",
                ],
            ),
            (
                "Produkten, Lieferung oder Rückgabe",
                ["Wie lange dauert die Lieferung?", "Wie gebe ich etwas zurück?", "Wie kann ich bezahlen?"],
            ),
            (
                "productos, envíos o devoluciones",
                ["¿Cuánto tarda el envío?", "¿Cómo devuelvo un artículo?", "¿Cómo puedo pagar?"],
            ),
        ],
        BusinessKind::Services => [
            (
                "what we do, prices or a first meeting",
                ["What do you offer?", "What does it cost?", "How do I get a first meeting?"],
            ),
            (
                "nos prestations, les prix ou un premier rendez-vous",
                [
                    "Que proposez-vous ?",
                    "Combien cela coûte-t-il ?",
                    "Comment obtenir un premier rendez-vous ?",
                ],
            ),
            (
                "unseren Leistungen, Preisen oder einem ersten Gespräch",
                ["Was bieten Sie an?", "Was kostet das?", "Wie bekomme ich ein erstes Gespräch?"],
            ),
            (
                "nuestros servicios, los precios o una primera reunión",
                ["¿Qué ofrecen?", "¿Cuánto cuesta?", "¿Cómo consigo una primera reunión?"],
            ),
        ],
        BusinessKind::Other => [
            (
                "anything you would like to know",
                ["When are you open?", "How can I reach you?", "Where are you?"],
            ),
            (
                "tout ce que vous voulez savoir",
                ["Quels sont vos horaires ?", "Comment vous joindre ?", "Où êtes-vous ?"],
            ),
            (
                "allem, was Sie wissen möchten",
                ["Wann haben Sie geöffnet?", "Wie erreiche ich Sie?", "Wo sind Sie?"],
            ),
            ("lo que quiera saber", ["¿Cuál es su horario?", "¿Cómo les contacto?", "¿Dónde están?"]),
        ],
    }
}

/// The first words, by language.
pub fn greeting(kind: BusinessKind, name: &str) -> BTreeMap<String, String> {
    let [en, fr, de, es] = words(kind).map(|(about, _)| about);
    [
        ("en", format!("Welcome to {name}. Ask about {en}.")),
        ("fr", format!("Bienvenue chez {name}. Posez vos questions sur {fr}.")),
        ("de", format!("Willkommen bei {name}. Fragen Sie nach {de}.")),
        ("es", format!("Le damos la bienvenida a {name}. Pregunte por {es}.")),
    ]
    .into_iter()
    .map(|(language, text)| (language.to_owned(), text))
    .collect()
}

/// Questions to tap, by language.
pub fn quick_questions(kind: BusinessKind) -> BTreeMap<String, Vec<String>> {
    FIRST_LANGUAGES
        .into_iter()
        .zip(words(kind))
        .map(|(language, (_, questions))| (language.to_owned(), questions.map(str::to_owned).to_vec()))
        .collect()
}

/// The languages of a site: the owner's first, if it has texts, because the first is the fallback.
pub fn languages(locale: &str) -> Vec<String> {
    let first = FIRST_LANGUAGES.into_iter().filter(|language| *language == locale);
    let rest = FIRST_LANGUAGES.into_iter().filter(|language| *language != locale);
    first.chain(rest).map(str::to_owned).collect()
}

/// The country whose clock is set until somebody says which: the one where most people who read that language live.
pub fn country(locale: &str) -> &'static str {
    match locale {
        "fr" => "FR",
        "de" => "DE",
        "es" => "ES",
        "it" => "IT",
        "nl" => "NL",
        "pt" => "PT",
        "pl" => "PL",
        _ => "IE",
    }
}

fn timezone(country: &str) -> &'static str {
    match country {
        "FR" => "Europe/Paris",
        "DE" => "Europe/Berlin",
        "ES" => "Europe/Madrid",
        "IT" => "Europe/Rome",
        "NL" => "Europe/Amsterdam",
        "PT" => "Europe/Lisbon",
        "PL" => "Europe/Warsaw",
        _ => "Europe/Dublin",
    }
}

/// When people answer in such a business as a rule, for its team to look at. It is a guess, and visitors are told nothing of it
/// until somebody has said that it is so.
pub fn opening(kind: BusinessKind, country: &str) -> serde_json::Value {
    let weekly = match kind {
        BusinessKind::Hotel => {
            let day = ["07:00-22:00"];
            json!({ "mon": day, "tue": day, "wed": day, "thu": day, "fri": day, "sat": day, "sun": day })
        }
        BusinessKind::Restaurant => {
            let day = ["12:00-14:30", "18:30-22:30"];
            json!({ "tue": day, "wed": day, "thu": day, "fri": day, "sat": day, "sun": day })
        }
        BusinessKind::Clinic => {
            let day = ["08:30-12:30", "14:00-18:00"];
            json!({ "mon": day, "tue": day, "wed": day, "thu": day, "fri": ["08:30-12:30"] })
        }
        BusinessKind::Shop => {
            let day = ["10:00-19:00"];
            json!({ "mon": day, "tue": day, "wed": day, "thu": day, "fri": day, "sat": day })
        }
        BusinessKind::Services | BusinessKind::Other => {
            let day = ["09:00-12:30", "13:30-17:30"];
            json!({ "mon": day, "tue": day, "wed": day, "thu": day, "fri": day })
        }
    };
    json!({ "timezone": timezone(country), "weekly": weekly, "holidays": [], "is_guess": true })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::opening::{local_time, people_at};
    use shared::time::Millis;
    use shared::wire::message::People;

    #[test]
    fn each_kind_has_words_in_each_language_and_hours_that_make_sense() {
        // Wednesday, 18 November 2026, 14:30 in Paris: a time at which every kind answers, or did until now.
        let now = Millis::new(1_795_008_600_000);
        for kind in BusinessKind::ALL {
            for language in FIRST_LANGUAGES {
                assert!(greeting(kind, "Ada’s")[language].contains("Ada’s"), "{kind:?}");
                assert_eq!(quick_questions(kind)[language].len(), 3);
            }
            for country in ["FR", "DE", "ES", "IT", "NL", "PT", "PL", "IE"] {
                let mut opening = opening(kind, country);
                assert!(matches!(people_at(&opening, now), People::Unknown), "nobody said so yet");
                opening["is_guess"] = false.into();
                assert!(local_time(&opening, now).is_some(), "{kind:?} {country}");
                assert!(!matches!(people_at(&opening, now), People::Unknown), "{kind:?} {country}");
            }
        }
    }

    #[test]
    fn the_owners_language_comes_first() {
        assert_eq!(languages("de"), ["de", "en", "fr", "es"]);
        assert_eq!(languages("pl"), ["en", "fr", "de", "es"]);
    }
}
