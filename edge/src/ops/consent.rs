//! Consent: a choice, recorded with the exact words it was about.

use shared::rules::language::{LANGUAGES, language_choose};
use shared::wire::consent::{Choice, RecordConsent};
use shared::wire::problem::Kind;

use super::OpError;
use super::journal::{Act, journal_put};
use crate::app::App;
use crate::platform::DbFault;
use crate::rules::consent_text;
use crate::store::consent;
use crate::store::scope::VisitorScope;

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
    let text = consent_text::consent_text(locale);
    if record.version != text.version || record.hash != text.hash {
        return Err(Kind::ConsentStale.into());
    }
    let now = app.clock.now();
    let mut statements = Vec::with_capacity(2);
    let counts = record.choice == Choice::Accepted; // keeps P7.2 | without: let counts = record.choice == Choice::Declined;
    if counts {
        statements.push(consent::visit_count(scope, locale, browser, now));
    }
    statements.push(consent::consent_insert(scope, record, locale, now));
    let shard = app.shard(&scope.business)?;
    if record.choice == Choice::Declined && consent::was_accepted(shard, scope, record).await? {
        // Taken back: a backup from before must not count as consent again.
        let act = Act::Withdrawn {
            site: scope.site,
            visitor: scope.visitor,
            record: record.clone(),
            locale: locale.to_owned(),
            at: now,
        };
        journal_put(app, &scope.business, &record.id.to_string(), &act, now).await?;
    }
    match shard.batch(statements).await {
        // An erased visitor chooses nothing any more.
        Err(DbFault::Refused(_)) => Err(Kind::NotFound.into()),
        done => Ok(done.map(drop)?),
    }
}
