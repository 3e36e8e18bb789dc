//! The authorities that supervise controllers, by country: where somebody complains (GDPR Art. 77).

/// Country, authority, address. The European Economic Area, Switzerland and the United Kingdom.
const AUTHORITIES: [(&str, &str, &str); 33] = [
    ("AT", "Datenschutzbehörde", "https://www.dsb.gv.at"),
    (
        "BE",
        "Autorité de protection des données / Gegevensbeschermingsautoriteit",
        "https://www.dataprotectionauthority.be",
    ),
    ("BG", "Комисия за защита на личните данни", "https://www.cpdp.bg"),
    ("CH", "Eidgenössischer Datenschutz- und Öffentlichkeitsbeauftragter", "https://www.edoeb.admin.ch"),
    ("CY", "Επίτροπος Προστασίας Δεδομένων Προσωπικού Χαρακτήρα", "https://www.dataprotection.gov.cy"),
    ("CZ", "Úřad pro ochranu osobních údajů", "https://www.uoou.gov.cz"),
    (
        "DE",
        "Datenschutzaufsichtsbehörde des Landes",
        "https://www.datenschutzkonferenz-online.de/datenschutzaufsichtsbehoerden.html",
    ),
    ("DK", "Datatilsynet", "https://www.datatilsynet.dk"),
    ("EE", "Andmekaitse Inspektsioon", "https://www.aki.ee"),
    ("ES", "Agencia Española de Protección de Datos", "https://www.aepd.es"),
    ("FI", "Tietosuojavaltuutetun toimisto", "https://www.tietosuoja.fi"),
    ("FR", "CNIL", "https://www.cnil.fr"),
    ("GB", "Information Commissioner’s Office", "https://ico.org.uk"),
    ("GR", "Αρχή Προστασίας Δεδομένων Προσωπικού Χαρακτήρα", "https://www.dpa.gr"),
    ("HR", "Agencija za zaštitu osobnih podataka", "https://azop.hr"),
    ("HU", "Nemzeti Adatvédelmi és Információszabadság Hatóság", "https://www.naih.hu"),
    ("IE", "Data Protection Commission", "https://www.dataprotection.ie"),
    ("IS", "Persónuvernd", "https://www.personuvernd.is"),
    ("IT", "Garante per la protezione dei dati personali", "https://www.garanteprivacy.it"),
    ("LI", "Datenschutzstelle", "https://www.datenschutzstelle.li"),
    ("LT", "Valstybinė duomenų apsaugos inspekcija", "https://vdai.lrv.lt"),
    ("LU", "Commission nationale pour la protection des données", "https://cnpd.public.lu"),
    ("LV", "Datu valsts inspekcija", "https://www.dvi.gov.lv"),
    ("MT", "Office of the Information and Data Protection Commissioner", "https://idpc.org.mt"),
    ("NL", "Autoriteit Persoonsgegevens", "https://www.autoriteitpersoonsgegevens.nl"),
    ("NO", "Datatilsynet", "https://www.datatilsynet.no"),
    ("PL", "Urząd Ochrony Danych Osobowych", "https://uodo.gov.pl"),
    ("PT", "Comissão Nacional de Proteção de Dados", "https://www.cnpd.pt"),
    (
        "RO",
        "Autoritatea Națională de Supraveghere a Prelucrării Datelor cu Caracter Personal",
        "https://www.dataprotection.ro",
    ),
    ("SE", "Integritetsskyddsmyndigheten", "https://www.imy.se"),
    ("SI", "Informacijski pooblaščenec", "https://www.ip-rs.si"),
    ("SK", "Úrad na ochranu osobných údajov", "https://dataprotection.gov.sk"),
    ("", "", "https://www.edpb.europa.eu/about-edpb/about-edpb/members_en"),
];

/// The authority of a country: its name, empty where the country is none of these, and where it is reached.
pub fn authority(country: &str) -> (&'static str, &'static str) {
    let elsewhere = AUTHORITIES.last().map_or(("", ""), |(_, name, url)| (*name, *url));
    let found = AUTHORITIES.iter().find(|(code, _, _)| *code == country);
    found.map_or(elsewhere, |(_, name, url)| (*name, *url))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p12_every_country_of_the_union_has_its_authority_and_others_a_list() {
        for country in [
            "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT",
            "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
        ] {
            let (name, url) = authority(country);
            assert!(!name.is_empty() && url.starts_with("https://"), "{country}");
        }
        assert_eq!(authority("US"), ("", "https://www.edpb.europa.eu/about-edpb/about-edpb/members_en"));
    }
}
