//! Every letter in every language: complete, in both forms, and safe whatever people call themselves.

use std::collections::BTreeSet;

use super::*;
use proptest::prelude::*;

const AT: Millis = Millis::new(1_795_284_240_000);
const HOUSE: House<'_> = House { origin: "https://chat.example.eu", contact: "help@example.eu" };

/// One letter of each kind, with `name` wherever a person may choose the words.
fn letters(name: &str) -> Vec<(&'static str, Letter)> {
    let own = || name.to_owned();
    let code = || "123456".to_owned();
    vec![
        ("sign_in_code", Letter::SignInCode { code: code(), minutes: 10 }),
        ("sign_up_code", Letter::SignUpCode { code: code(), minutes: 10 }),
        ("already_signed_up", Letter::AlreadySignedUp { code: code(), minutes: 10 }),
        ("email_change_code", Letter::EmailChangeCode { code: code(), minutes: 10 }),
        (
            "invitation",
            Letter::Invitation {
                business: own(),
                inviter: own(),
                role: "manager".to_owned(),
                link: "https://chat.example.eu/app/#/invitation/abc".to_owned(),
                until: AT,
            },
        ),
        ("new_device", Letter::NewDevice { device: own(), at: AT }),
        ("new_passkey", Letter::NewPasskey { device: own(), at: AT }),
        ("new_token", Letter::NewToken { name: own(), business: own(), at: AT }),
        (
            "email_changing",
            Letter::EmailChanging { link: "https://chat.example.eu/app/#/stop/abc".to_owned(), until: AT },
        ),
        ("email_changed", Letter::EmailChanged { at: AT }),
        ("job_alarm", Letter::JobAlarm { jobs: "records_purge".into() }),
        ("ownership_transferred", Letter::OwnershipTransferred { business: own(), at: AT }),
        (
            "visitor_address",
            Letter::VisitorAddress {
                business: own(),
                link: "https://chat.example.eu/widget/sit#address/abc".to_owned(),
                until: AT,
            },
        ),
        (
            "visitor_reply",
            Letter::VisitorReply {
                business: own(),
                author: own(),
                link: "https://chat.example.eu/widget/sit#return/abc".to_owned(),
                until: AT,
            },
        ),
        (
            "visitor_code",
            Letter::VisitorCode {
                business: own(),
                code: "7ZZZZ-ZZZZZ".to_owned(),
                link: "https://chat.example.eu/privacy/sit#7ZZZZZZZZZ".to_owned(),
                until: AT,
            },
        ),
        (
            "visitor_resume",
            Letter::VisitorResume {
                business: own(),
                code: "7ZZZZ-ZZZZZ".to_owned(),
                link: "https://chat.example.eu/privacy/sit".to_owned(),
                until: AT,
            },
        ),
        (
            "inbox_digest",
            Letter::InboxDigest {
                business: own(),
                count: "3".to_owned(),
                mentions: "1".to_owned(),
                path: "/app/#/inbox".to_owned(),
            },
        ),
        (
            "request_due",
            Letter::RequestDue { business: own(), kind: RequestKind::Erasure, days: 7, until: AT },
        ),
        ("own_request_due", Letter::OwnRequestDue { days: 7, until: AT }),
        ("own_request_answered", Letter::OwnRequestAnswered { at: AT }),
        ("deletion_asked", Letter::DeletionAsked { business: Some(own()), at: AT, until: AT }),
        ("deletion_soon", Letter::DeletionSoon { business: Some(own()), days: 7, until: AT }),
        (
            "deletion_done",
            Letter::DeletionDone { business: Some(own()), at: AT, receipt: "del_01".to_owned() },
        ),
        (
            "deletion_receipt",
            Letter::DeletionReceipt {
                business: Some(own()),
                erasure: "era_01".to_owned(),
                nonce: "n0nce".to_owned(),
                receipt: "the signed document".to_owned(),
            },
        ),
        ("deletion_kept", Letter::DeletionKept { others: own() }),
        ("processor_coming", Letter::ProcessorComing { names: "Example AI Ltd.".to_owned(), until: AT }),
        ("notice_changing", Letter::NoticeChanging { until: AT }),
    ]
}

fn render(letter: &Letter, language: &str, name: Option<&str>) -> (String, String, String) {
    let rendered = letter_render(letter, &Reader { language, name }, &HOUSE);
    (rendered.subject.into_exposed(), rendered.text.into_exposed(), rendered.html.into_exposed())
}

fn gaps(words: &LetterWords) -> Vec<BTreeSet<String>> {
    let all = words.after.join("\n");
    [words.subject, words.lead, words.act, all.as_str()]
        .into_iter()
        .map(|text| {
            text.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0.to_owned())).collect()
        })
        .collect()
}

#[test]
fn every_letter_has_the_same_gaps_and_the_same_parts_in_every_language() {
    let english = words::words("en");
    for language in LANGUAGES {
        let words = words::words(language);
        assert_eq!(words.language, language);
        for ((kind, own), (_, other)) in words.letters().into_iter().zip(english.letters()) {
            assert_eq!(gaps(own), gaps(other), "{kind} in {language}");
            assert_eq!(own.act.is_empty(), other.act.is_empty(), "{kind} in {language}");
            assert_eq!(own.after.len(), other.after.len(), "{kind} in {language}");
            for text in [own.subject, own.lead].iter().chain(own.after) {
                assert!(!text.is_empty() && text.trim() == *text, "{kind} in {language}: {text}");
            }
        }
        assert!(words.hello.contains("{name}") && words.foot.contains("{host}"));
        for part in ["{day}", "{month}", "{year}", "{time}"] {
            assert!(words.moment.contains(part), "{language}");
        }
        assert_eq!(words.months.iter().collect::<BTreeSet<_>>().len(), 12);
        assert_eq!(words.roles.iter().collect::<BTreeSet<_>>().len(), 4);
    }
}

#[test]
fn no_letter_is_left_in_english() {
    let english = words::words("en");
    for language in &LANGUAGES[1..] {
        for ((kind, own), (_, other)) in words::words(language).letters().into_iter().zip(english.letters()) {
            assert_ne!(own.subject, other.subject, "{kind} in {language}");
            assert_ne!(own.lead, other.lead, "{kind} in {language}");
        }
    }
}

#[test]
fn every_letter_is_written_whole_in_both_forms() {
    assert_eq!(letters("x").len(), words::words("en").letters().len());
    for language in LANGUAGES {
        for (kind, letter) in letters("Ada") {
            let (subject, text, html) = render(&letter, language, Some("Grace"));
            for form in [&subject, &text, &html.replace(['{', '}'], "")] {
                assert!(!form.contains('{') && !form.contains('}'), "{kind} in {language}: {form}");
            }
            let title = format!("<title>{}</title>", crate::rules::html::html_escape(&subject));
            assert!(html.contains(&title) && html.contains(&format!("lang=\"{language}\"")));
            assert!(text.contains("Grace") && html.contains("Grace"), "{kind} in {language}");
            // Both say the same: every paragraph of the text stands in the HTML.
            let plain = html.replace("&#39;", "'").replace("&amp;", "&");
            for paragraph in
                text.split("\n\n").filter(|part| !part.contains("://") && !part.starts_with("-- "))
            {
                assert!(plain.contains(paragraph.trim()), "{kind} in {language}: {paragraph}");
            }
            assert!(text.contains("chat.example.eu"));
        }
    }
}

#[test]
fn a_code_stands_alone_on_its_line_and_first_in_the_subject() {
    for language in LANGUAGES {
        for (kind, letter) in letters("Ada").into_iter().take(4) {
            let (subject, text, html) = render(&letter, language, None);
            assert!(subject.starts_with("123456 "), "{kind}: {subject}");
            assert!(text.contains("\n\n123456\n\n"), "{kind}: {text}");
            assert!(html.contains("<p class=\"code\">123456</p>"), "{kind}");
            assert!(text.contains("10 "), "{kind}");
        }
    }
    assert_eq!(render(&letters("")[0].1, "en", None).0, "123456 is your Loquet code");
}

#[test]
fn p5_6_a_letter_loads_nothing_and_leads_nowhere_but_home() {
    for language in LANGUAGES {
        for (kind, letter) in letters("Ada") {
            let (_, text, html) = render(&letter, language, Some("Grace"));
            for loaded in ["<img", "src=", "url(", "@import", "<link", "<script", "http:"] {
                assert!(!html.contains(loaded), "{kind} in {language}: {loaded}");
            }
            for form in [&text, &html] {
                for (_, after) in form.match_indices("https://").map(|(at, _)| form.split_at(at)) {
                    assert!(after.starts_with("https://chat.example.eu/"), "{kind} in {language}");
                }
            }
        }
    }
}

#[test]
fn p3_4_every_letter_is_about_the_readers_account_and_says_so() {
    for language in LANGUAGES {
        let words = words::words(language);
        for (kind, letter) in letters("Ada") {
            // A visitor has no account: theirs is about the address that they left.
            let foot = if kind.starts_with("visitor_") { words.foot_visitor } else { words.foot };
            let values = [("host", "chat.example.eu".to_owned()), ("business", "Ada".to_owned())];
            let foot = filled(foot, &values);
            let (_, text, html) = render(&letter, language, None);
            assert!(text.trim_end().ends_with(&foot), "{kind} in {language}");
            assert!(html.contains(&foot), "{kind} in {language}");
        }
    }
}

#[test]
fn an_unknown_language_reads_english() {
    let letter = &letters("Ada")[4].1;
    assert_eq!(render(letter, "nl", None), render(letter, "en", None));
    assert!(render(letter, "en", None).1.contains("as manager."));
}

#[test]
fn times_are_written_as_people_write_them() {
    let moments = LANGUAGES.map(|language| words::words(language).moment(AT));
    assert_eq!(
        moments,
        [
            "21 November 2026, 18:04 UTC",
            "21 novembre 2026 à 18:04 UTC",
            "21. November 2026, 18:04 UTC",
            "21 de noviembre de 2026, 18:04 UTC"
        ]
    );
}

#[test]
fn a_name_brings_no_markup_no_header_and_no_gap_of_its_own() {
    let name = "{code}<b onclick=\"x\">\r\nBcc: all@example.org https://evil.example";
    for language in LANGUAGES {
        for (kind, letter) in letters(name) {
            let (subject, text, html) = render(&letter, language, Some(name));
            assert!(!subject.contains(['\r', '\n']), "{kind}");
            assert!(!html.contains("<b "), "{kind}");
            assert!(!text.contains("evil.example") && !html.contains("evil.example"), "{kind}");
            let is_named = kind != "notice_changing";
            assert!(!is_named || text.contains("{code}<b"), "{kind}: what looks like a gap stays text");
        }
    }
}

proptest! {
    #[test]
    fn whatever_people_call_themselves_a_letter_stays_a_letter(name in "\\PC{0,60}|[\\x00-\\x7f]{0,60}") {
        for (_, letter) in letters(&name) {
            let (subject, _, html) = render(&letter, "fr", Some(&name));
            prop_assert!(!subject.chars().any(char::is_control));
            let tags = html.matches('<').count();
            let (_, _, calm) = render(&letter, "fr", Some("Ada"));
            prop_assert!(tags == calm.matches('<').count());
        }
    }
}

/// An invitation and the page that it leads to call a role the same: nobody has to find out that two names mean one thing.
#[test]
fn a_role_is_called_in_mails_what_the_dashboard_calls_it() {
    let catalogues = [
        ("en", include_str!("../../../../dashboard/locales/en.json")),
        ("fr", include_str!("../../../../dashboard/locales/fr.json")),
        ("de", include_str!("../../../../dashboard/locales/de.json")),
        ("es", include_str!("../../../../dashboard/locales/es.json")),
    ];
    for (language, text) in catalogues {
        let page: serde_json::Value = serde_json::from_str(text).unwrap();
        for role in ["owner", "admin", "manager", "viewer"] {
            let shown = page[format!("role_{role}")].as_str().unwrap().to_lowercase();
            assert_eq!(words::words(language).role(role).to_lowercase(), shown, "{language}");
        }
    }
}
