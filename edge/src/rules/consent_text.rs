//! The exact words of the consent strip, by language and edition. The ledger keeps their hash (promise B8), so an
//! edition that was shown is never edited: new words get a new version.

use sha2::{Digest, Sha256};
use shared::wire::consent::ConsentText;

use super::credential::hex;

/// The edition in force.
pub const VERSION: u32 = 1;

/// Question and detail by language; English first, it is the fallback.
const WORDS: [(&str, &str, &str); 10] = [
    (
        "en",
        "May we count this visit in our statistics? Chat works the same either way.",
        "One entry per visit with your language and kind of browser, without name, address or identifier. Nothing \
         else depends on this choice.",
    ),
    (
        "fr",
        "Pouvons-nous compter cette visite dans nos statistiques ? Le chat fonctionne pareil dans les deux cas.",
        "Une seule entrée par visite, avec votre langue et le type de navigateur, sans nom, adresse ni identifiant. \
         Rien d’autre ne dépend de ce choix.",
    ),
    (
        "de",
        "Dürfen wir diesen Besuch in unserer Statistik zählen? Der Chat funktioniert so oder so gleich.",
        "Ein Eintrag je Besuch mit Ihrer Sprache und der Art des Browsers, ohne Namen, Adresse oder Kennung. Nichts \
         anderes hängt von dieser Wahl ab.",
    ),
    (
        "es",
        "¿Podemos contar esta visita en nuestras estadísticas? El chat funciona igual en ambos casos.",
        "Una sola entrada por visita, con su idioma y el tipo de navegador, sin nombre, dirección ni identificador. \
         Nada más depende de esta elección.",
    ),
    (
        "it",
        "Possiamo contare questa visita nelle nostre statistiche? La chat funziona allo stesso modo in ogni caso.",
        "Una sola voce per visita, con la lingua e il tipo di browser, senza nome, indirizzo o identificativo. \
         Nient’altro dipende da questa scelta.",
    ),
    (
        "nl",
        "Mogen we dit bezoek meetellen in onze statistieken? De chat werkt in beide gevallen hetzelfde.",
        "Eén regel per bezoek met uw taal en het soort browser, zonder naam, adres of kenmerk. Verder hangt er niets \
         van deze keuze af.",
    ),
    (
        "pt",
        "Podemos contar esta visita nas nossas estatísticas? O chat funciona da mesma forma nos dois casos.",
        "Um único registo por visita, com o seu idioma e o tipo de navegador, sem nome, endereço nem identificador. \
         Nada mais depende desta escolha.",
    ),
    (
        "pl",
        "Czy możemy uwzględnić tę wizytę w naszych statystykach? Czat działa tak samo w obu przypadkach.",
        "Jeden wpis na wizytę z językiem i rodzajem przeglądarki, bez nazwiska, adresu i identyfikatora. Nic innego \
         nie zależy od tego wyboru.",
    ),
    (
        "ar",
        "هل يمكننا احتساب هذه الزيارة في إحصاءاتنا؟ تعمل المحادثة بالطريقة نفسها في الحالتين.",
        "سطر واحد لكل زيارة يضم لغتك ونوع المتصفح، دون اسم أو عنوان أو معرّف. ولا يتوقف أي شيء آخر على هذا الاختيار.",
    ),
    (
        "he",
        "האם נוכל לספור את הביקור הזה בסטטיסטיקה שלנו? הצ'אט פועל באותו אופן בכל מקרה.",
        "רשומה אחת לכל ביקור, עם השפה וסוג הדפדפן, ללא שם, כתובת או מזהה. שום דבר אחר אינו תלוי בבחירה הזו.",
    ),
];

/// The words in a language, or in English where there are none in it.
pub fn consent_text(language: &str) -> ConsentText {
    let fallback = WORDS.first();
    let words = WORDS.iter().find(|(code, _, _)| *code == language).or(fallback);
    let (question, detail) = words.map_or(("", ""), |(_, question, detail)| (*question, *detail));
    let hash = hex(&Sha256::digest(format!("{question}\n{detail}").as_bytes()));
    ConsentText { version: VERSION, question: question.to_owned(), detail: detail.to_owned(), hash }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::rules::language::LANGUAGES;

    #[test]
    fn every_language_has_words_of_its_own() {
        for language in LANGUAGES {
            assert!(WORDS.iter().any(|(code, _, _)| *code == language), "{language}");
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
}
