//! A letter on paper: HTML for those who see it, text for everybody else. No image, no font and no address but the
//! deployment's own: opening it tells nobody anything.

use std::fmt::Write;

use super::Heart;
use crate::rules::html::html_escape;

/// A letter's parts, filled.
pub(super) struct Sheet<'a> {
    pub(super) language: &'a str,
    pub(super) subject: &'a str,
    pub(super) greeting: &'a str,
    pub(super) lead: &'a str,
    pub(super) heart: &'a Heart,
    /// What the link does.
    pub(super) act: &'a str,
    pub(super) after: &'a [String],
    /// What is to be kept as it stands.
    pub(super) document: Option<&'a str>,
    pub(super) foot: &'a str,
}

/// The colours are those of the dashboard, in its light and its dark.
const STYLE: &str = "\
:root{color-scheme:light dark}\
body{margin:0;padding:24px 16px;background:#fbfaf7;color:#1b2420;font:16px/1.5 system-ui,-apple-system,'Segoe UI',sans-serif}\
.letter{max-width:520px;margin:0 auto;padding:24px;background:#fff;border:1px solid #e6e3db;border-radius:16px}\
.mark{margin:0 0 16px;font-size:17px;font-weight:600;color:#1f6f5c}\
p{margin:0 0 16px}\
pre{margin:0 0 16px;font-size:12px;white-space:pre-wrap;overflow-wrap:anywhere}\
.code{font-size:30px;font-weight:600;letter-spacing:4px;font-variant-numeric:tabular-nums}\
.act{display:inline-block;padding:10px 18px;border-radius:10px;background:#1f6f5c;color:#fff;text-decoration:none}\
.foot{margin:16px 0 0;padding-top:16px;border-top:1px solid #e6e3db;font-size:13px;color:#55615b}\
@media (prefers-color-scheme:dark){\
body{background:#121715;color:#eef1ee}\
.letter{background:#1a211e;border-color:#2b3531}\
.mark{color:#5cbf9f}\
.act{background:#5cbf9f;color:#121715}\
.foot{border-color:#2b3531;color:#b3bdb7}}";

/// The letter as text: the code or the address alone on its line.
pub(super) fn text(sheet: &Sheet<'_>) -> String {
    let mut text = format!("{}\n\n{}\n\n", sheet.greeting, sheet.lead);
    // Writing to a String can't fail.
    let _ = match sheet.heart {
        Heart::Code(code) => write!(text, "{code}\n\n"),
        Heart::Link(link) => write!(text, "{}\n{link}\n\n", sheet.act),
    };
    for paragraph in sheet.after {
        let _ = write!(text, "{paragraph}\n\n");
    }
    if let Some(document) = sheet.document {
        let _ = write!(text, "{document}\n\n");
    }
    let _ = writeln!(text, "-- \n{}", sheet.foot); // keeps P3.4
    text
}

/// The letter as HTML.
pub(super) fn html(sheet: &Sheet<'_>) -> String {
    let mut html = format!(
        "<!doctype html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\">\
         <meta name=\"color-scheme\" content=\"light dark\">\
         <meta name=\"supported-color-schemes\" content=\"light dark\">\
         <title>{}</title><style>{STYLE}</style></head>\n\
         <body><div class=\"letter\"><p class=\"mark\">Loquet</p>\n<p>{}</p>\n<p>{}</p>\n",
        sheet.language,
        html_escape(sheet.subject),
        html_escape(sheet.greeting),
        html_escape(sheet.lead),
    );
    let _ = match sheet.heart {
        Heart::Code(code) => writeln!(html, "<p class=\"code\">{}</p>", html_escape(code)),
        Heart::Link(link) => {
            let (link, act) = (html_escape(link), html_escape(sheet.act));
            writeln!(html, "<p><a class=\"act\" href=\"{link}\">{act}</a></p>")
        }
    };
    for paragraph in sheet.after {
        let _ = writeln!(html, "<p>{}</p>", html_escape(paragraph));
    }
    if let Some(document) = sheet.document {
        let _ = writeln!(html, "<pre>{}</pre>", html_escape(document));
    }
    let _ = writeln!(html, "<p class=\"foot\">{}</p></div></body></html>", html_escape(sheet.foot));
    html
}
