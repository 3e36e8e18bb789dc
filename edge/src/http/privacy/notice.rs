//! The notice of a site, generated from the schema's inventory: it can't say what the software does not do.

use std::fmt::Write;

use shared::time::civil_from_day;

use crate::app::App;
use crate::http::body::html_escape;
use crate::rules::inventory::{Inventory, Table};
use crate::store::site::Site;

/// A basis in words.
fn basis(letter: &str) -> &'static str {
    match letter {
        "a" => "your consent (Art. 6(1)(a) GDPR)",
        "b" => "answering you, at your request (Art. 6(1)(b) GDPR)",
        "c" => "a legal duty to be able to show it (Art. 6(1)(c) GDPR)",
        _ => "a legitimate interest in running the chat safely (Art. 6(1)(f) GDPR)",
    }
}

/// Who receives something, as the site and the deployment are set now.
fn recipients(app: &App, site: &Site, table: &Table) -> String {
    if !table.recipients.iter().any(|recipient| recipient == "ai") {
        return "nobody besides the business and its hosting".into();
    }
    let asked: Vec<&str> = site
        .settings
        .answerers
        .iter()
        .filter_map(|name| app.config.providers.find(name))
        .map(|config| config.provider.name)
        .collect();
    if asked.is_empty() {
        "nobody besides the business and its hosting: the built-in answerer works inside the deployment"
            .into()
    } else {
        format!(
            "the AI provider ({}), with e-mail addresses, phone, card and bank numbers masked",
            asked.join(", ")
        )
    }
}

/// What is held about visitors: one section a table that is about people, in HTML.
pub fn held(app: &App, site: &Site, inventory: &Inventory) -> String {
    let mut html = String::new();
    for table in inventory.shard.values().filter(|table| table.is_about_people()) {
        let retention = inventory.retention.get(&table.retention).map(String::as_str).unwrap_or_default();
        // Writing to a String can't fail.
        let _ = write!(
            html,
            "<section class=\"entry\"><h3>{}</h3><dl><dt>What for</dt><dd>{}</dd><dt>On what basis</dt><dd>{}</dd>\
             <dt>How long</dt><dd>{}</dd><dt>Who receives it</dt><dd>{}</dd></dl></section>",
            html_escape(&table.what),
            html_escape(&table.purpose),
            basis(&table.basis),
            html_escape(&period(site, table, retention)),
            html_escape(&recipients(app, site, table)),
        );
    }
    html
}

/// The period in force: the business's own where it set one.
fn period(site: &Site, table: &Table, promised: &str) -> String {
    match (table.retention.as_str(), site.settings.retention_days) {
        ("conversation" | "consent", Some(1)) => "1 day, as set for this site".into(),
        ("conversation" | "consent", Some(days)) => format!("{days} days, as set for this site"),
        ("conversation", None) => "12 calendar months after each message was written".into(),
        _ => promised.to_owned(),
    }
}

/// Who runs the deployment, as far as its configuration says (promise K0).
pub fn platform(entries: &[(&str, String)]) -> String {
    let label = |variable: &str| match variable {
        "PLATFORM_PUBLISHER" => "Publisher",
        "PLATFORM_LEGAL_FORM" => "Legal form",
        "PLATFORM_CAPITAL" => "Capital",
        "PLATFORM_REGISTER_NUMBER" => "Register number",
        "PLATFORM_ADDRESS" => "Address",
        "PLATFORM_PHONE" => "Phone",
        "PLATFORM_PUBLICATION_DIRECTOR" => "Publication director",
        "PLATFORM_HOSTING_PROVIDER" => "Hosting",
        _ => "Data protection officer",
    };
    let lines: String = entries
        .iter()
        .map(|(variable, value)| format!("<dt>{}</dt><dd>{}</dd>", label(variable), html_escape(value)))
        .collect();
    if lines.is_empty() {
        "<p>Whoever runs this deployment has not said who they are yet; the business named above answers for it.</p>".into()
    } else {
        format!("<dl>{lines}</dl>")
    }
}

/// The authority that supervises a controller in a country.
pub fn authority(country: &str) -> (&'static str, &'static str) {
    match country {
        "FR" => ("CNIL", "https://www.cnil.fr"),
        "DE" => ("the data protection authority of your Land", "https://www.datenschutzkonferenz-online.de"),
        "ES" => ("AEPD", "https://www.aepd.es"),
        "IT" => ("Garante per la protezione dei dati personali", "https://www.garanteprivacy.it"),
        "NL" => ("Autoriteit Persoonsgegevens", "https://autoriteitpersoonsgegevens.nl"),
        "PT" => ("CNPD", "https://www.cnpd.pt"),
        "PL" => ("UODO", "https://uodo.gov.pl"),
        "BE" => ("APD/GBA", "https://www.dataprotectionauthority.be"),
        "IE" => ("Data Protection Commission", "https://www.dataprotection.ie"),
        "AT" => ("Datenschutzbehörde", "https://www.dsb.gv.at"),
        _ => (
            "the data protection authority of your country",
            "https://www.edpb.europa.eu/about-edpb/about-edpb/members_en",
        ),
    }
}

/// A UTC date as `21 November 2026`.
pub fn date(at: shared::time::Millis) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let (year, month, day) = civil_from_day(at.day());
    let name = usize::try_from(month).ok().and_then(|month| MONTHS.get(month.checked_sub(1)?)).unwrap_or(&"");
    format!("{day} {name} {year}")
}
