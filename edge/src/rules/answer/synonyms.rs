//! Words that ask for the same thing, in one table, so that a dog finds the entry about pets, in any language.
//!
//! A group stands for one subject of a business that receives guests or customers. The words are written as people
//! write them; the search folds and stems them by the rules of their language. Adding a word here changes nothing in
//! the database.

/// What a group is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asks {
    /// A subject of its own.
    Subject,
    /// When something is.
    Time,
    /// What something costs.
    Price,
    /// Where something is.
    Place,
}

/// Words of the same meaning, by language.
pub(super) struct Group {
    pub asks: Asks,
    pub words: [(&'static str, &'static str); 10],
}

macro_rules! groups {
    ($($asks:ident: $en:literal $fr:literal $de:literal $es:literal $it:literal $nl:literal $pt:literal $pl:literal $ar:literal $he:literal;)+) => {
        &[$(Group {
            asks: Asks::$asks,
            words: [
                ("en", $en), ("fr", $fr), ("de", $de), ("es", $es), ("it", $it),
                ("nl", $nl), ("pt", $pt), ("pl", $pl), ("ar", $ar), ("he", $he),
            ],
        },)+]
    };
}

/// Question words that name no subject but tell a language.
pub(super) const QUESTION_WORDS: [(&str, &str); 10] = [
    ("en", "when where time hours"),
    ("fr", "quand ou heure heures combien"),
    ("de", "wann wo uhr viel uhrzeit"),
    ("es", "cuando donde hora horas cuanto cuesta"),
    ("it", "quando dove ora orario quanto costa"),
    ("nl", "wanneer waar laat uur hoeveel"),
    ("pt", "quando onde hora horas quanto custa"),
    ("pl", "kiedy gdzie godzina ktorej ile"),
    ("ar", "متي اين كم الساعه"),
    ("he", "מתי איפה כמה שעה"),
];

#[rustfmt::skip]
pub(super) const GROUPS: &[Group] = groups! {
    Time:
        "when time times hour hours open opens opening close closes closing schedule timetable until start starts"
        "quand heure heures horaire horaires ouvert ouverte ouvre ouvrir ouverture ferme fermer fermeture commence"
        "wann uhr uhrzeit zeit zeiten geöffnet öffnen öffnet öffnungszeiten schließt geschlossen beginnt"
        "cuándo hora horas horario horarios abierto abre abren apertura cierra cierran cierre empieza"
        "quando ora ore orario orari aperto apre aprite apertura chiude chiudete chiusura inizia"
        "wanneer uur tijd tijden laat open opent openingstijden sluit gesloten begint"
        "quando hora horas horário horários aberto abre abertura fecha fechado começa"
        "kiedy godzina godziny godzinach otwarte otwarcia otwiera zamknięte zamyka czas zaczyna"
        "متى ساعة الساعة وقت اوقات مواعيد يفتح مفتوح يغلق مغلق يبدأ"
        "מתי שעה שעות זמן פתוח נפתח פתיחה סגור נסגר מתחיל";
    Price:
        "price prices cost costs fee fees charge charges rate rates tariff expensive cheap free pay euro euros much"
        "prix coût coûte coûtent combien payer tarif tarifs frais gratuit gratuite gratuits supplément cher euro euros"
        "preis preise kosten kostet zahlen bezahlen gebühr tarif teuer günstig viel kostenlos gratis umsonst aufpreis euro"
        "precio precios coste cuesta cuestan cuánto pagar tarifa tarifas gratis gratuito caro euro euros suplemento"
        "prezzo prezzi costo costa costano quanto pagare tariffa tariffe gratis gratuito caro euro supplemento"
        "prijs prijzen kosten kost hoeveel betalen tarief tarieven gratis duur euro toeslag"
        "preço preços custo custa custam quanto pagar tarifa tarifas grátis gratuito caro euro euros"
        "cena ceny koszt kosztuje kosztują ile zapłacić opłata opłaty darmowy bezpłatny bezpłatne euro"
        "سعر اسعار تكلفة يكلف كم رسوم مجاني مجانا يورو"
        "מחיר מחירים עלות עולה כמה תשלום חינם אירו";
    Place:
        "where address located location situated directions map far distance nearby reach"
        "où adresse situé située situés emplacement plan itinéraire loin distance"
        "wo adresse lage liegt standort anfahrt karte weit entfernt"
        "dónde dirección ubicación situado ubicado mapa lejos llegar"
        "dove indirizzo posizione situato lontano mappa arrivare"
        "waar adres ligging gelegen locatie route kaart"
        "onde endereço morada localização situado localizado mapa chegar"
        "gdzie adres położenie lokalizacja położony mapa dojazd"
        "اين عنوان موقع يقع خريطة"
        "איפה היכן כתובת מיקום נמצא מפה הגעה";
    Subject:
        "breakfast breakfasts brunch"
        "petit-déjeuner petit-déjeuners déj brunch"
        "frühstück frühstücken frühstücksbuffet brunch"
        "desayuno desayunar desayunos"
        "colazione colazioni"
        "ontbijt ontbijten ontbijtbuffet"
        "pequeno-almoço café"
        "śniadanie śniadania śniadań"
        "فطور افطار الفطور الافطار"
        "בוקר";
    Subject:
        "dog dogs pet pets animal animals cat cats puppy"
        "chien chiens chienne animal animaux chat chats chiot"
        "hund hunde hündchen haustier haustiere tier tiere katze katzen"
        "perro perros perra mascota mascotas animal animales gato gatos"
        "cane cani animale animali gatto gatti cagnolino"
        "hond honden huisdier huisdieren dier dieren kat katten"
        "cão cães cachorro cachorros animal animais gato gatos estimação"
        "pies psa psem psy zwierzę zwierzęta zwierząt zwierzętami kot kota kotem"
        "كلب كلاب كلبي حيوان حيوانات اليفة قطة قطط"
        "כלב כלבים כלבה חיה חיות חיית מחמד חתול חתולים";
    Subject:
        "parking park car cars garage vehicle"
        "parking stationnement garer voiture voitures garage véhicule"
        "parkplatz parkplätze parken parking auto autos garage tiefgarage"
        "aparcamiento aparcar parking estacionamiento coche coches garaje"
        "parcheggio parcheggiare auto macchina garage"
        "parkeren parkeerplaats parking auto garage"
        "estacionamento estacionar parque garagem carro carros"
        "parking parkingu parkować zaparkować samochód samochodem garaż"
        "موقف مواقف ركن سيارة سيارات جراج"
        "חניה חנייה לחנות רכב מכונית";
    Subject:
        "charging charger electric ev"
        "recharge recharger borne bornes électrique électriques"
        "laden ladestation ladesäule elektroauto wallbox"
        "cargar cargador recarga eléctrico eléctricos"
        "ricarica ricaricare colonnina elettrica elettriche"
        "opladen laadpaal laadstation elektrische"
        "carregar carregador carregamento elétrico elétricos"
        "ładowanie ładowarka elektryczny elektryczne"
        "شحن شاحن كهربائية"
        "טעינה מטען חשמלי";
    Subject:
        "wifi internet wireless password network"
        "wifi internet connexion réseau"
        "wlan wifi internet passwort"
        "wifi internet conexión contraseña"
        "wifi internet connessione rete"
        "wifi internet wachtwoord"
        "wifi internet ligação senha rede"
        "wifi internet hasło sieć"
        "واي فاي انترنت الانترنت"
        "וויפיי אינטרנט אלחוטי";
    Subject:
        "checkin arrival arrive arriving reception"
        "arrivée arriver arrive arrivons checkin réception enregistrement"
        "anreise ankunft ankommen checkin einchecken rezeption"
        "llegada llegar checkin entrada recepción"
        "arrivo arrivare checkin reception ricevimento"
        "aankomst aankomen checkin inchecken receptie"
        "chegada chegar checkin entrada recepção"
        "przyjazd zameldowanie zameldować checkin recepcja"
        "وصول الوصول استقبال تسجيل الدخول"
        "הגעה להגיע קבלה";
    Subject:
        "checkout departure depart departing"
        "départ partir checkout quitter libérer"
        "abreise abreisen checkout auschecken"
        "salida checkout marcharse"
        "partenza partire checkout"
        "vertrek vertrekken checkout uitchecken"
        "partida saída checkout"
        "wyjazd wymeldowanie wymeldować checkout"
        "مغادرة المغادرة"
        "עזיבה לעזוב";
    Subject:
        "cancel cancellation cancelling cancelled refund refunds refundable"
        "annuler annulation annule annulée rembourser remboursement remboursable"
        "stornieren stornierung absagen kündigen erstattung rückerstattung"
        "cancelar cancelación anular anulación reembolso"
        "cancellare cancellazione annullare annullamento disdire disdetta rimborso"
        "annuleren annulering annuleer terugbetaling"
        "cancelar cancelamento anular reembolso"
        "anulować anulowanie odwołać zwrot rezygnacja"
        "الغاء الالغاء استرداد"
        "ביטול לבטל החזר";
    Subject:
        "book booking bookings reserve reservation reservations availability"
        "réserver réservation réservations disponibilité disponibilités"
        "buchen buchung reservieren reservierung verfügbarkeit"
        "reservar reserva reservas disponibilidad"
        "prenotare prenotazione prenotazioni disponibilità"
        "boeken boeking reserveren reservering beschikbaarheid"
        "reservar reserva reservas disponibilidade"
        "rezerwacja rezerwować zarezerwować dostępność"
        "حجز الحجز احجز"
        "הזמנה להזמין הזמנות זמינות";
    Subject:
        "payment payments card cards cash credit visa mastercard cheque pay paying deposit"
        "paiement payer règlement régler carte cartes espèces crédit chèque acompte caution"
        "zahlung bezahlen zahlen karte kreditkarte bargeld bar anzahlung kaution"
        "pago pagar tarjeta tarjetas efectivo crédito depósito"
        "pagamento pagare carta carte contanti credito acconto caparra"
        "betaling betalen kaart creditcard contant pinnen aanbetaling"
        "pagamento pagar cartão cartões dinheiro crédito depósito"
        "płatność płacić zapłacić karta kartą gotówka zaliczka"
        "دفع الدفع بطاقة نقدا عربون"
        "תשלום לשלם כרטיס אשראי מזומן";
    Subject:
        "transfer transfers shuttle airport taxi pickup flight"
        "transfert transferts navette aéroport taxi avion vol"
        "transfer shuttle flughafen flughafentransfer taxi abholung"
        "traslado traslados transfer aeropuerto taxi lanzadera"
        "trasferimento transfer navetta aeroporto taxi"
        "transfer shuttle luchthaven vliegveld taxi"
        "traslado transfer aeroporto táxi"
        "transfer lotnisko lotniska taksówka"
        "نقل مطار المطار تاكسي توصيل"
        "הסעה הסעות שדה תעופה מונית";
    Subject:
        "train station bus tram metro subway transport"
        "train gare bus tram tramway métro transport transports"
        "bahn bahnhof zug bus tram verkehrsmittel"
        "tren estación autobús tranvía metro transporte"
        "treno stazione autobus tram metro trasporti"
        "trein station bus tram metro vervoer"
        "comboio trem estação autocarro ônibus metro transporte"
        "pociąg dworzec autobus tramwaj metro"
        "قطار محطة حافلة مترو"
        "רכבת תחנה אוטובוס";
    Subject:
        "child children kid kids baby babies infant toddler cot crib family families"
        "enfant enfants bébé bébés nourrisson famille familles familial familiale familiales berceau"
        "kind kinder baby babys familie familien kinderbett babybett"
        "niño niños niña bebé bebés cuna familia familias"
        "bambino bambini bambina neonato culla lettino famiglia famiglie"
        "kind kinderen baby kinderbed gezin gezinnen"
        "criança crianças bebé bebê berço família famílias"
        "dziecko dzieci niemowlę łóżeczko rodzina rodziny"
        "طفل اطفال رضيع سرير عائلة عائلات"
        "ילד ילדים תינוק מיטת משפחה";
    Subject:
        "pool swimming swim pools"
        "piscine nager baignade bassin"
        "pool schwimmbad schwimmen schwimmbecken"
        "piscina nadar"
        "piscina nuotare"
        "zwembad zwemmen"
        "piscina nadar"
        "basen basenu pływać"
        "مسبح سباحة"
        "בריכה שחייה";
    Subject:
        "spa sauna wellness massage hammam jacuzzi"
        "spa sauna massage hammam jacuzzi"
        "spa sauna wellness massage"
        "spa sauna masaje bienestar jacuzzi"
        "spa sauna massaggio benessere"
        "spa sauna massage wellness"
        "spa sauna massagem"
        "spa sauna masaż"
        "سبا ساونا مساج تدليك"
        "ספא סאונה עיסוי";
    Subject:
        "gym fitness workout"
        "fitness gym musculation sport"
        "fitness fitnessraum gym sport"
        "gimnasio fitness"
        "palestra fitness"
        "fitness sportschool gym"
        "ginásio academia fitness"
        "siłownia fitness"
        "نادي رياضي جيم"
        "חדר כושר";
    Subject:
        "restaurant dinner lunch meal meals food menu kitchen supper dine"
        "restaurant dîner déjeuner repas menu cuisine souper carte"
        "restaurant abendessen mittagessen essen speisekarte küche menü"
        "restaurante cena cenar almuerzo comida comidas menú cocina"
        "ristorante cena cenare pranzo pasti cibo menù cucina"
        "restaurant diner avondeten lunch maaltijd menu keuken"
        "restaurante jantar almoço refeição refeições menu cozinha"
        "restauracja kolacja obiad posiłek posiłki menu kuchnia"
        "مطعم عشاء غداء طعام وجبة قائمة"
        "מסעדה ערב צהריים אוכל תפריט";
    Subject:
        "vegan vegetarian allergy allergies allergic gluten lactose halal kosher diet dietary"
        "végan végétarien végétarienne allergie allergies allergique gluten lactose halal casher régime"
        "vegan vegetarisch allergie allergien allergisch gluten glutenfrei laktose halal koscher"
        "vegano vegetariano alergia alergias alérgico gluten lactosa halal kosher dieta"
        "vegano vegetariano allergia allergie allergico glutine lattosio halal kosher dieta"
        "veganistisch vegan vegetarisch allergie allergieën glutenvrij lactose halal koosjer dieet"
        "vegano vegetariano alergia alergias alérgico glúten lactose halal kosher dieta"
        "wegański wegetariański alergia alergie uczulenie gluten laktoza halal koszerny dieta"
        "نباتي حساسية جلوتين حلال"
        "טבעוני צמחוני אלרגיה גלוטן כשר חלאל";
    Subject:
        "bar drink drinks cocktail cocktails wine beer alcohol"
        "bar boisson boissons cocktail cocktails vin bière alcool"
        "bar getränk getränke cocktail wein bier alkohol"
        "bar bebida bebidas cóctel vino cerveza"
        "bar bevanda bevande cocktail vino birra"
        "bar drankje drankjes cocktail wijn bier"
        "bar bebida bebidas coquetel vinho cerveja"
        "bar napój napoje drink wino piwo"
        "بار مشروب مشروبات"
        "בר משקה משקאות יין בירה";
    Subject:
        "luggage baggage suitcase suitcases bag bags storage"
        "bagage bagages valise valises bagagerie consigne sac sacs"
        "gepäck koffer tasche taschen gepäckaufbewahrung"
        "equipaje maleta maletas consigna bolsa"
        "bagaglio bagagli valigia valigie deposito"
        "bagage koffer koffers tas"
        "bagagem bagagens mala malas"
        "bagaż bagażu walizka walizki przechowalnia"
        "امتعة حقيبة حقائب"
        "מזוודה מזוודות מטען תיק שמירת חפצים";
    Subject:
        "room rooms bedroom bed beds suite suites accommodation"
        "chambre chambres lit lits suite suites hébergement"
        "zimmer bett betten suite suiten unterkunft"
        "habitación habitaciones cama camas suite alojamiento"
        "camera camere letto letti suite alloggio"
        "kamer kamers bed bedden suite"
        "quarto quartos cama camas suíte alojamento"
        "pokój pokoje pokoi łóżko łóżka apartament"
        "غرفة غرف سرير جناح"
        "חדר חדרים מיטה סוויטה";
    Subject:
        "accessible accessibility wheelchair disabled disability lift elevator mobility stairs"
        "accessible accessibilité fauteuil roulant handicap handicapé handicapée pmr ascenseur mobilité escalier"
        "barrierefrei rollstuhl behindert behinderung aufzug fahrstuhl lift treppe"
        "accesible accesibilidad silla ruedas discapacidad discapacitado ascensor escalera"
        "accessibile accessibilità sedia rotelle disabile disabili ascensore scale"
        "toegankelijk toegankelijkheid rolstoel gehandicapt lift trap"
        "acessível acessibilidade cadeira rodas deficiência elevador escadas"
        "dostępny niepełnosprawny niepełnosprawnych wózek winda schody"
        "كرسي متحرك معاق مصعد"
        "נגיש נגישות כיסא גלגלים נכים מעלית";
    Subject:
        "smoke smoking smoker cigarette cigarettes vape"
        "fumer fumeur fumeurs cigarette cigarettes vapoter"
        "rauchen raucher nichtraucher zigarette"
        "fumar fumador fumadores cigarrillo"
        "fumare fumatori fumatore sigaretta"
        "roken roker sigaret"
        "fumar fumador fumadores cigarro"
        "palić palenie papieros papierosy"
        "تدخين التدخين سجائر"
        "לעשן עישון סיגריה";
    Subject:
        "bike bikes bicycle bicycles cycling cycle"
        "vélo vélos bicyclette bicyclettes cyclable"
        "fahrrad fahrräder rad räder radfahren"
        "bicicleta bicicletas bici ciclismo"
        "bicicletta biciclette bici"
        "fiets fietsen"
        "bicicleta bicicletas bici"
        "rower rowery rowerów"
        "دراجة دراجات"
        "אופניים";
    Subject:
        "laundry washing iron ironing dryer cleaning"
        "laverie blanchisserie lessive linge repassage pressing"
        "wäsche wäscherei waschmaschine bügeln reinigung"
        "lavandería lavadora planchar plancha"
        "lavanderia lavatrice stirare"
        "wasserij wasmachine strijken was"
        "lavandaria lavanderia roupa engomar"
        "pralnia pranie prasowanie żelazko"
        "غسيل مغسلة كي"
        "כביסה מכבסה גיהוץ";
    Subject:
        "towel towels linen sheets"
        "serviette serviettes draps linge"
        "handtuch handtücher bettwäsche"
        "toalla toallas sábanas"
        "asciugamano asciugamani lenzuola"
        "handdoek handdoeken beddengoed lakens"
        "toalha toalhas lençóis"
        "ręcznik ręczniki pościel"
        "منشفة مناشف"
        "מגבת מגבות מצעים";
    Subject:
        "air conditioning conditioner aircon heating"
        "climatisation climatisée climatisées clim chauffage"
        "klimaanlage klimatisiert heizung"
        "aire acondicionado climatización calefacción"
        "aria condizionata climatizzata riscaldamento"
        "airco airconditioning verwarming"
        "ar condicionado aquecimento"
        "klimatyzacja ogrzewanie"
        "تكييف مكيف تدفئة"
        "מיזוג מזגן חימום";
    Subject:
        "beach sea lake coast"
        "plage mer lac côte"
        "strand meer see küste"
        "playa mar lago costa"
        "spiaggia mare lago costa"
        "strand zee meer kust"
        "praia mar lago costa"
        "plaża morze jezioro"
        "شاطئ بحر بحيرة"
        "חוף ים אגם";
    Subject:
        "contact phone telephone call email reach"
        "contact contacter téléphone appeler joindre email mail courriel"
        "kontakt kontaktieren telefon anrufen email erreichen"
        "contacto contactar teléfono llamar email correo"
        "contatto contattare telefono chiamare email"
        "contact telefoon bellen email bereiken"
        "contacto contato telefone ligar email"
        "kontakt telefon zadzwonić email"
        "اتصال هاتف بريد"
        "קשר טלפון להתקשר מייל";
    Subject:
        "invoice invoices receipt bill vat"
        "facture factures reçu tva note"
        "rechnung rechnungen quittung beleg"
        "factura facturas recibo"
        "fattura fatture ricevuta"
        "factuur facturen bon"
        "fatura faturas recibo"
        "faktura faktury rachunek paragon"
        "فاتورة ايصال"
        "חשבונית קבלה";
    Subject:
        "tax taxes tourist"
        "taxe taxes séjour"
        "steuer kurtaxe tourismusabgabe"
        "impuesto tasa turística"
        "tassa soggiorno imposta"
        "belasting toeristenbelasting"
        "taxa imposto turística"
        "podatek opłata klimatyczna"
        "ضريبة ضرائب"
        "מס מיסים";
    Subject:
        "quiet noise noisy silence"
        "calme bruit bruyant silence"
        "ruhig ruhe lärm laut"
        "tranquilo silencio ruido"
        "silenzio tranquillo rumore"
        "rustig stilte lawaai"
        "sossego silêncio barulho"
        "cisza cicho hałas"
        "هدوء ضوضاء"
        "שקט רעש";
    Subject:
        "event events wedding weddings party meeting meetings seminar conference group groups"
        "événement événements mariage mariages fête réunion réunions séminaire séminaires groupe groupes"
        "veranstaltung veranstaltungen hochzeit feier tagung tagungen seminar gruppe gruppen"
        "evento eventos boda bodas fiesta reunión reuniones grupo grupos"
        "evento eventi matrimonio festa riunione riunioni gruppo gruppi"
        "evenement evenementen bruiloft feest vergadering groep groepen"
        "evento eventos casamento festa reunião reuniões grupo grupos"
        "wydarzenie wesele impreza spotkanie konferencja grupa"
        "حفل زفاف مناسبة اجتماع مؤتمر مجموعة"
        "אירוע אירועים חתונה מסיבה ישיבה כנס קבוצה";
    Subject:
        "lost found forgot forgotten property"
        "perdu perdue oublié oubliée trouvé trouvés objets"
        "verloren vergessen gefunden fundsachen"
        "perdido olvidado olvidé perdí encontrados objetos"
        "perso dimenticato smarriti oggetti"
        "verloren vergeten gevonden voorwerpen"
        "perdido esqueci esquecido achados objetos"
        "zgubiłem zgubiłam zapomniałem zostawiłem znalezione"
        "فقدت نسيت مفقودات"
        "איבדתי שכחתי אבידות מציאות";
    Subject:
        "delivery deliver shipping ship shipment"
        "livraison livrer livrez expédition expédier envoi"
        "lieferung liefern versand"
        "entrega entregar envío envíos"
        "consegna consegnare spedizione"
        "levering leveren verzending bezorgen"
        "entrega entregar envio"
        "dostawa dostarczyć wysyłka"
        "توصيل شحن تسليم"
        "משלוח משלוחים";
    Subject:
        "return returns exchange warranty guarantee"
        "retour retours échange échanger garantie"
        "rückgabe umtausch garantie"
        "devolución devoluciones cambio garantía"
        "reso resi cambio garanzia"
        "retour retourneren ruilen garantie"
        "devolução trocas garantia"
        "zwrot zwroty wymiana gwarancja"
        "ارجاع استبدال ضمان"
        "החזרה החלפה אחריות";
};

#[cfg(test)]
mod tests {
    use super::*;
    use shared::rules::language::LANGUAGES;

    #[test]
    fn every_group_has_words_in_every_language() {
        for group in GROUPS {
            let languages: Vec<&str> = group.words.iter().map(|(language, _)| *language).collect();
            assert_eq!(languages, LANGUAGES);
            assert!(group.words.iter().all(|(_, words)| !words.trim().is_empty()));
        }
    }
}
