//! Small words, by language, as they are when folded. Two kinds: words that say nothing about what is asked, and
//! words that say little (verbs of wishing and doing, days). Which language a question is in is told by both.

/// Says nothing: left out of a search.
const NOTHING: [(&str, &str); 10] = [
    (
        "en",
        "a an the and or but if of to in on at by for with from about into as is are am was were be been being it its \
         this that these those there here i me my mine we us our ours you your yours he she they them their his her \
         do does did done doing have has had having can could will would shall should may might must not no yes what \
         which who whom whose how why any some all also just than then so very too please hi hello hey thanks thank \
         ok okay s t d ll m re ve let know tell say question wonder possible there's hotel good nice many",
    ),
    (
        "fr",
        "un une des le la les l d du de et ou mais si a au aux en dans sur par pour avec sans chez est sont etre etes \
         sommes suis c ce cet cette ces ca cela ceci il elle ils elles on je j me m mon ma mes nous notre nos vous \
         votre vos tu te t ton ta tes leur leurs son sa ses se s y ne n pas plus que qu qui quoi quel quelle quels \
         quelles comment pourquoi est-ce bon bonne ai as avons avez ont avoir peut peux pouvez pouvons puis pourrait \
         pourrais \
         pourriez veux voulez voudrais aussi tres trop bien merci bonjour bonsoir salut svp plait oui non dire dites \
         savoir sait question possible hotel meme alors donc faut fait",
    ),
    (
        "de",
        "ein eine einen einem einer eines der die das den dem des und oder aber wenn in im an am auf aus bei mit nach \
         von vom vor zu zum zur fur uber um ist sind bin bist war waren sein es sie er ich mich mir mein meine meinen \
         wir uns unser unsere ihr ihre ihren du dich dir dein deine man dies diese dieser dieses jener was wer wie \
         warum welche welcher welches kann konnen konnte kannst darf durfen mag mochte mochten haben habe hat hast \
         gibt nicht kein keine auch nur sehr bitte danke hallo guten gute guter ja nein frage sagen wissen moglich \
         hotel sich da so",
    ),
    (
        "es",
        "un una unos unas el la los las lo y o pero si de del a al en con sin por para sobre es son soy eres ser esta \
         estan este estos esa ese esto yo me mi mis tu te tus usted ustedes nos nosotros nuestro nuestra su sus se que \
         quien cual cuales como hay tiene tienen tengo tener puede puedo pueden podemos podria quiero quisiera no si \
         muy tambien mas gracias hola buenas buenos favor pregunta saber decir posible hotel le les",
    ),
    (
        "it",
        "un uno una il lo la i gli le e o ma se di del della dei delle degli a al alla ai alle in nel nella con senza \
         per su sul sulla da dal dalla e sono sei siete essere questo questa questi quello io mi mio mia tu ti tuo noi \
         ci nostro voi vi vostro suo sua si che chi quale quali come c ce avete ha ho hai hanno avere posso puo si \
         possono possiamo potrei vorrei non anche molto piu grazie ciao buongiorno buonasera favore domanda sapere \
         dire possibile hotel l d",
    ),
    (
        "nl",
        "een de het en of maar als van in op aan bij met zonder voor naar uit over om te is zijn ben bent was waren er \
         dit dat deze die ik me mij mijn wij we ons onze u uw jullie jij je jouw hij zij ze hun wat wie welke hoe \
         waarom goede goeden goedemorgen kan kunnen kunt mag mogen zou willen wil heb hebt heeft hebben hebben niet \
         geen ook heel graag dank \
         hallo hoi ja nee vraag weten zeggen mogelijk hotel",
    ),
    (
        "pt",
        "um uma uns umas o a os as e ou mas se de do da dos das em no na nos nas ao aos com sem por para sobre e sao \
         sou ser esta estao este esta isto esse eu me meu minha tu te teu voce voces nos nosso nossa seu sua que quem \
         qual quais como ha tem tenho temos ter pode posso podem podemos poderia quero gostaria nao sim muito tambem \
         mais obrigado obrigada ola bom boa dia favor pergunta saber dizer possivel hotel",
    ),
    (
        "pl",
        "i a o w z ze na do od po za u we przy dla bez oraz lub ale czy jest sa byc jestem to ten ta te tego tej co kto \
         jaki jaka jakie jak dlaczego ja mnie mi moj moja moje my nas nasz ty ci wy was pan pani panstwo on ona oni \
         sie \
         ma maja macie mam moge mozna mozemy moze chce chcialbym chcialabym nie tak tez bardzo prosze dziekuje czesc \
         dzien dobry pytanie wiedziec hotel hotelu",
    ),
    (
        "ar",
        "في من الي علي عن مع هل ما ماذا هو هي هذا هذه ذلك كيف لماذا انا نحن انت انتم لي لنا لكم لديكم عندكم يوجد \
         هناك يمكن يمكنني ممكن اريد لا نعم ايضا جدا شكرا مرحبا السلام عليكم فضلك او و ان كان الفندق فندق",
    ),
    (
        "he",
        "של את על עם אל מן זה זו זאת הוא היא הם אני אנחנו אתה אתם לי לנו לכם יש אין האם מה מי איך למה איזה איזו באיזה באיזו אפשר ניתן יכול \
         יכולה יכולים רוצה לא כן גם מאוד תודה שלום בבקשה או ו כי אם המלון מלון",
    ),
];

/// Says little: it helps to choose, and is never what a question is about.
const LITTLE: [(&str, &str); 10] = [
    (
        "en",
        "get got go going come coming bring bringing take taking use using need want like find make making give offer \
         offers offered provide provided serve served include included including allow allowed accept accepted permit \
         permitted welcome available rent hire borrow lend buy sell book stay staying sleep leave leaving keep store \
         ask request change see visit eat drink put work works order long early late today tomorrow tonight morning \
         afternoon evening night day days week weekend monday tuesday wednesday thursday friday saturday sunday \
         mondays tuesdays wednesdays thursdays fridays saturdays sundays weekends mornings evenings nights \
         person people double single one two three",
    ),
    (
        "fr",
        "venir vient viens aller va allez apporter amener emmener emporter prendre prend utiliser besoin trouver faire \
         donner offrir offrez propose proposez proposer fournir fournit servir servi serve servez inclure inclus \
         comprend compris autorise autorises autoriser accepte acceptes accepter acceptez permis admis bienvenu \
         bienvenus disponible disponibles louer emprunter acheter vendre rester sejourner dormir laisser garder \
         deposer demander changer voir visiter manger boire mettre tot tard aujourd hui demain matin soir midi nuit \
         jour jours semaine weekend lundi mardi mercredi jeudi vendredi samedi dimanche lundis mardis \
         mercredis jeudis vendredis samedis dimanches matins soirs personne \
         personnes place double simple",
    ),
    (
        "de",
        "kommen komme bringen mitbringen nehmen mitnehmen benutzen nutzen brauchen brauche finden machen geben bieten \
         anbieten servieren serviert inbegriffen enthalten erlaubt gestattet willkommen verfugbar mieten leihen \
         ausleihen kaufen bleiben schlafen lassen fragen andern sehen essen trinken fruh spat heute morgen abend \
         nacht tag tage woche wochenende montag dienstag mittwoch donnerstag freitag samstag sonntag \
         montags dienstags mittwochs donnerstags freitags samstags sonntags morgens abends person personen",
    ),
    (
        "es",
        "venir traer llevar ir tomar usar necesito necesitar encontrar hacer dar ofrecen ofrecer servir sirve sirven \
         incluido incluye permitido permiten permite aceptan acepta admiten admite bienvenido disponible alquilar \
         prestar comprar quedar dormir dejar guardar pedir cambiar ver comer beber temprano tarde hoy manana noche dia \
         dias semana lunes martes miercoles jueves viernes sabado domingo sabados domingos \
         persona personas",
    ),
    (
        "it",
        "venire portare andare prendere usare bisogno trovare fare dare offrite offrire servire servita incluso inclusa \
         compreso permesso ammessi ammesso accettate accetta disponibile affittare noleggiare prestare comprare \
         restare \
         dormire lasciare chiedere cambiare vedere mangiare bere presto tardi oggi domani mattina sera notte giorno \
         giorni settimana lunedi martedi mercoledi giovedi venerdi sabato domenica domeniche persona persone",
    ),
    (
        "nl",
        "komen brengen meenemen meebrengen nemen gaan gebruiken nodig vinden maken geven bieden aanbieden serveren \
         inbegrepen toegestaan welkom beschikbaar huren lenen kopen blijven slapen laten vragen wijzigen zien eten \
         drinken vroeg laat vandaag morgen avond nacht dag dagen week weekend maandag dinsdag woensdag donderdag \
         vrijdag \
         zaterdag zondag zaterdags zondags persoon personen",
    ),
    (
        "pt",
        "vir trazer levar ir tomar usar preciso encontrar fazer dar oferecem oferecer servir servido incluido inclui \
         permitido permitem aceitam aceita disponivel alugar emprestar comprar ficar dormir deixar guardar pedir mudar \
         ver comer beber cedo tarde hoje amanha manha noite dia dias semana segunda terca quarta quinta sexta sabado \
         domingo domingos sabados pessoa pessoas",
    ),
    (
        "pl",
        "przyjsc przyjechac przywiezc zabrac wziac korzystac potrzebuje znalezc zrobic dac oferuje oferujecie podawane \
         wliczone dozwolone akceptujecie dostepne wynajac wypozyczyc kupic zostac spac zostawic prosic zmienic \
         zobaczyc \
         jesc pic wczesnie pozno dzis jutro rano wieczorem noc dzien dni tydzien poniedzialek wtorek sroda czwartek \
         piatek sobota niedziela soboty niedziele niedzieli osoba osob",
    ),
    (
        "ar",
        "احضار اصطحاب استخدام احتاج تقدمون تقديم يقدم مسموح يسمح متاح متوفر تاجير شراء البقاء النوم ترك اليوم غدا \
         الصباح المساء الليل يوم ايام اسبوع الاحد الاثنين الثلاثاء الاربعاء الخميس الجمعه السبت شخص",
    ),
    (
        "he",
        "ארוחה ארוחת להביא לבוא לקחת להשתמש צריך למצוא לעשות מציעים מגישים מוגש כלול מותר זמין לשכור לקנות להישאר לישון להשאיר \
         לבקש לשנות היום מחר בוקר ערב לילה יום ימים שבוע ראשון שני שלישי רביעי חמישי שישי שבת",
    ),
];

fn has(table: &[(&str, &str)], language: &str, folded: &str) -> bool {
    table
        .iter()
        .filter(|(code, _)| *code == language)
        .any(|(_, words)| words.split_whitespace().any(|word| word == folded))
}

/// The word says nothing in that language.
pub(super) fn says_nothing(language: &str, folded: &str) -> bool {
    has(&NOTHING, language, folded)
}

/// The word says little in that language.
pub(super) fn says_little(language: &str, folded: &str) -> bool {
    has(&LITTLE, language, folded)
}

/// The word is one of the small words of that language.
pub(super) fn speaks(language: &str, folded: &str) -> bool {
    says_nothing(language, folded)
        || says_little(language, folded)
        || super::synonyms::QUESTION_WORDS
            .iter()
            .any(|(code, words)| *code == language && words.split_whitespace().any(|word| word == folded))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::answer::terms::fold;
    use shared::rules::language::LANGUAGES;

    #[test]
    fn every_language_has_small_words_and_they_are_folded() {
        for table in [&NOTHING, &LITTLE] {
            let languages: Vec<&str> = table.iter().map(|(language, _)| *language).collect();
            assert_eq!(languages, LANGUAGES);
            for (language, words) in table {
                for word in words.split_whitespace() {
                    assert_eq!(fold(word), word, "{language}");
                }
            }
        }
    }
}
