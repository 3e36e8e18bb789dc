//! Consent: a choice, recorded with the exact words it was about.

use shared::id::SiteId;
use shared::rules::language::{LANGUAGES, language_choose};
use shared::time::Millis;
use shared::wire::consent::{Choice, ConsentText, RecordConsent};
use shared::wire::problem::Kind;

use super::OpError;
use super::journal::{Act, journal_put};
use crate::app::App;
use crate::platform::DbFault;
use crate::rules::consent_text;
use crate::store::consent;
use crate::store::scope::VisitorScope;
use crate::store::site::SiteSettings;

/// What a site's strip says in a language. The business's own words are shown to whoever reads the language that they are in;
/// everybody else reads ours, in theirs: nobody can agree to what they don't understand.
pub fn consent_words(settings: &SiteSettings, locale: &str) -> ConsentText {
    match settings.consent.get(locale) {
        Some(own) => consent_text::own_text(locale, own, settings.consent_edition),
        None => consent_text::consent_text(locale),
    }
}

/// The words in force, where a choice is about them: of a change that another isolate made a moment ago this one is told now.
async fn words_in_force(
    app: &App,
    site: SiteId,
    locale: &str,
    record: &RecordConsent,
) -> Result<ConsentText, OpError> {
    let is_meant = |text: &ConsentText| record.version == text.version && record.hash == text.hash;
    let text = consent_words(&app.site(site).await?.settings, locale);
    if is_meant(&text) {
        return Ok(text);
    }
    app.site_forget(site);
    let text = consent_words(&app.site(site).await?.settings, locale);
    if is_meant(&text) { Ok(text) } else { Err(Kind::ConsentStale.into()) }
}

/// Records a choice in the ledger and, where statistics were accepted, counts the visit once.
///
/// Fails with `ConsentStale` where the words are not the ones in force: the frame shows the new ones and asks again.
pub async fn consent_record(
    app: &App,
    scope: &VisitorScope,
    record: &RecordConsent,
    browser: &str,
) -> Result<(), OpError> {
    let locale = language_choose(&[record.locale.as_str()], &LANGUAGES);
    let text = words_in_force(app, scope.site, locale, record).await?;
    let words = consent_text::joined(&text.question, &text.detail);
    let now = app.clock.now();
    let mut statements = Vec::with_capacity(3);
    let counts = record.choice == Choice::Accepted; // keeps P7.2 | without: let counts = record.choice == Choice::Declined;
    if counts {
        statements.push(consent::visit_count(scope, locale, browser, now));
    }
    statements.push(consent::consent_insert(scope, record, locale, now));
    statements.push(consent::words_keep(&scope.business, &record.hash, &words, now)); // keeps B8
    let shard = app.shard(&scope.business)?;
    if record.choice == Choice::Declined && consent::was_accepted(shard, scope, record).await? {
        consent_withdraw_note(app, scope, record, (locale, &words), now).await?;
    }
    match shard.batch(statements).await {
        // An erased visitor chooses nothing any more.
        Err(DbFault::Refused(_)) => Err(Kind::NotFound.into()),
        done => Ok(done.map(drop)?),
    }
}

/// Writes down that a consent was taken back: a backup from before must not count as consent again.
pub(super) async fn consent_withdraw_note(
    app: &App,
    scope: &VisitorScope,
    record: &RecordConsent,
    (locale, words): (&str, &str),
    now: Millis,
) -> Result<(), OpError> {
    let act = Act::Withdrawn {
        site: scope.site,
        visitor: scope.visitor,
        record: record.clone(),
        locale: locale.to_owned(),
        words: Some(words.to_owned()),
        at: now,
    };
    journal_put(app, &scope.business, &record.id.to_string(), &act, now).await
}
