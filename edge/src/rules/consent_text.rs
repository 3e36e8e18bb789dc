//! The exact words of the consent strip, by language and edition. The ledger keeps their hash (promise B8), so an
//! edition that was shown is never edited: new words get a new version. A business may put words of its own above ours; that
//! chat works the same either way, and what exactly is counted, stands below them whatever they say.

use sha2::{Digest, Sha256};
use shared::wire::consent::{ConsentText, OwnConsent};

use super::credential::hex;

/// The edition in force of our own words.
pub const VERSION: u32 = 1;

/// What is asked, that nothing depends on the answer, and the detail, by language; English first, it is the fallback.
const WORDS: [(&str, &str, &str, &str); 10] = [
    (
        "en",
        "May we count this visit in our statistics?",
        "Chat works the same either way.",
        "One entry per visit with your language and kind of browser, without name, address or identifier. Nothing \
         else depends on this choice.",
    ),
    (
        "fr",
        "Pouvons-nous compter cette visite dans nos statistiques ?",
        "Le chat fonctionne pareil dans les deux cas.",
        "Une seule entrée par visite, avec votre langue et le type de navigateur, sans nom, adresse ni identifiant. \
         Rien d’autre ne dépend de ce choix.",
    ),
    (
        "de",
        "Dürfen wir diesen Besuch in unserer Statistik zählen?",
        "Der Chat funktioniert so oder so gleich.",
        "Ein Eintrag je Besuch mit Ihrer Sprache und der Art des Browsers, ohne Namen, Adresse oder Kennung. Nichts \
         anderes hängt von dieser Wahl ab.",
    ),
    (
        "es",
        "¿Podemos contar esta visita en nuestras estadísticas?",
        "El chat funciona igual en ambos casos.",
        "Una sola entrada por visita, con su idioma y el tipo de navegador, sin nombre, dirección ni identificador. \
         Nada más depende de esta elección.",
    ),
    (
        "it",
        "Possiamo contare questa visita nelle nostre statistiche?",
        "La chat funziona allo stesso modo in ogni caso.",
        "Una sola voce per visita, con la lingua e il tipo di browser, senza nome, indirizzo o identificativo. \
         Nient’altro dipende da questa scelta.",
    ),
    (
        "nl",
        "Mogen we dit bezoek meetellen in onze statistieken?",
        "De chat werkt in beide gevallen hetzelfde.",
        "Eén regel per bezoek met uw taal en het soort browser, zonder naam, adres of kenmerk. Verder hangt er niets \
         van deze keuze af.",
    ),
    (
        "pt",
        "Podemos contar esta visita nas nossas estatísticas?",
        "O chat funciona da mesma forma nos dois casos.",
        "Um único registo por visita, com o seu idioma e o tipo de navegador, sem nome, endereço nem identificador. \
         Nada mais depende desta escolha.",
    ),
    (
        "pl",
        "Czy możemy uwzględnić tę wizytę w naszych statystykach?",
        "Czat działa tak samo w obu przypadkach.",
        "Jeden wpis na wizytę z językiem i rodzajem przeglądarki, bez nazwiska, adresu i identyfikatora. Nic innego \
         nie zależy od tego wyboru.",
    ),
    (
        "ar",
        "هل يمكننا احتساب هذه الزيارة في إحصاءاتنا؟",
        "تعمل المحادثة بالطريقة نفسها في الحالتين.",
        "سطر واحد لكل زيارة يضم لغتك ونوع المتصفح، دون اسم أو عنوان أو معرّف. ولا يتوقف أي شيء آخر على هذا الاختيار.",
    ),
    (
        "he",
        "האם נוכל לספור את הביקור הזה בסטטיסטיקה שלנו?",
        "הצ'אט פועל באותו אופן בכל מקרה.",
        "רשומה אחת לכל ביקור, עם השפה וסוג הדפדפן, ללא שם, כתובת או מזהה. שום דבר אחר אינו תלוי בבחירה הזו.",
    ),
];

/// Our words in a language: what is asked, that nothing depends on it, and the detail; in English where there are none in it.
fn words(language: &str) -> (&'static str, &'static str, &'static str) {
    let fallback = WORDS.first();
    let found = WORDS.iter().find(|(code, _, _, _)| *code == language).or(fallback);
    found.map_or(("", "", ""), |(_, asked, same, detail)| (*asked, *same, *detail))
}

fn text(version: u32, question: String, detail: String) -> ConsentText {
    let hash = hex(&Sha256::digest(joined(&question, &detail).as_bytes()));
    ConsentText { version, question, detail, hash }
}

/// The words as they are hashed, kept and shown as proof.
pub fn joined(question: &str, detail: &str) -> String {
    format!("{question}\n{detail}")
}

/// Our words in a language, or in English where there are none in it.
pub fn consent_text(language: &str) -> ConsentText {
    let (asked, same, detail) = words(language);
    text(VERSION, format!("{asked} {same}"), detail.to_owned())
}

/// A business's own words above ours, which nothing takes away; ours alone where it wrote none.
pub fn own_text(language: &str, own: &OwnConsent, edition: u32) -> ConsentText {
    let (asked, same, ours) = words(language);
    if *own == OwnConsent::default() {
        return consent_text(language);
    }
    let question = match own.question.as_str() {
        "" => format!("{asked} {same}"),
        own => format!("{own}\n{same}"), // keeps P7.2 | without: own => own.to_owned(),
    };
    let detail = match own.detail.as_str() {
        "" => ours.to_owned(),
        own => format!("{own}\n{ours}"),
    };
    text(edition, question, detail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::rules::language::LANGUAGES;

    #[test]
    fn every_language_has_words_of_its_own() {
        for language in LANGUAGES {
            assert!(WORDS.iter().any(|(code, _, _, _)| *code == language), "{language}");
        }
        let hashes: std::collections::BTreeSet<_> = LANGUAGES.map(|code| consent_text(code).hash).into();
        assert_eq!(hashes.len(), LANGUAGES.len());
    }

    /// The ledger refers to these words by their hash: editing them in place would make old consent unprovable.
    #[test]
    fn b8_the_words_of_edition_one_are_what_they_were_when_it_was_published() {
        let all: String = LANGUAGES.map(|code| consent_text(code).hash).concat();
        assert_eq!(VERSION, 1);
        assert_eq!(
            hex(&Sha256::digest(all.as_bytes())),
            "f2f6849de954446f96e93d337505fa5b88017dc66db9011bf6ca8e4822899fbd"
        );
    }

    #[test]
    fn p7_2_words_of_a_business_stand_above_ours_and_never_instead_of_them() {
        let own =
            |question: &str, detail: &str| OwnConsent { question: question.into(), detail: detail.into() };
        for language in LANGUAGES {
            let (asked, same, detail) = words(language);
            let both = own_text(language, &own("Count me?", "For the season."), 2);
            assert_eq!(both.question, format!("Count me?\n{same}"), "{language}");
            assert_eq!(both.detail, format!("For the season.\n{detail}"), "{language}");
            assert_eq!(both.version, 2);
            assert_eq!(both.hash, hex(&Sha256::digest(joined(&both.question, &both.detail).as_bytes())));
            assert_eq!(own_text(language, &own("", "More."), 2).question, format!("{asked} {same}"));
            assert_eq!(own_text(language, &own("Me?", ""), 2).detail, detail);
            assert_eq!(own_text(language, &own("", ""), 2), consent_text(language), "and none leave ours");
        }
    }
}
