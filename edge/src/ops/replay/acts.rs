//! The acts of the journal, done again in a restored database.

use std::collections::BTreeMap;

use shared::id::{ConversationId, ErasureId};
use shared::limits::{PURGE_SITES, REPLAY_ENTRY_STATEMENTS};
use shared::time::Millis;
use shared::wire::admin::account_request::OwnPurpose;
use shared::wire::privacy::ObjectionPurpose;

use super::progress::Part;
use super::{Fault, OpError, Run};
use crate::log;
use crate::ops::erasure::Reason;
use crate::ops::journal::Act;
use crate::platform::{Db, DbFault, Statement};
use crate::sealing::KeyScope;
use crate::store::erasure::{self, NewErasure};
use crate::store::scope::{AccountScope, BusinessScope, OperatorScope, ThreadScope, VisitorScope};
use crate::store::{account_request, consent, hold, mail, passkey, replay, rights, site};

/// What kind of act an entry is, by its name: whoever writes one names it so.
fn part_of(entry: &str) -> Part {
    let name = entry.rsplit('/').next().unwrap_or_default();
    if name.contains("-hold-") {
        Part::Holds
    } else if name.parse::<ErasureId>().is_ok() {
        Part::Erased
    } else {
        Part::Others
    }
}

impl Run<'_> {
    /// Does the acts of one kind again, journal by journal. Tells whether all are done.
    pub(super) async fn acts(&mut self, part: Part) -> Result<bool, OpError> {
        let Some(number) = self.shard else { return self.journal(None, part).await };
        loop {
            if !self.takes(0, REPLAY_ENTRY_STATEMENTS) {
                return Ok(false);
            }
            let after = self.progress.business;
            let businesses =
                site::businesses_after(&self.app.directory, self.scope, after, PURGE_SITES).await?;
            let Some(last) = businesses.last() else { return Ok(true) };
            for business in businesses.iter().filter(|business| business.shard() == number) {
                if !self.journal(Some(business), part).await? {
                    return Ok(false);
                }
                self.progress.business = Some(business.business());
                self.progress.entry = None;
            }
            self.progress.business = Some(last.business());
        }
    }

    /// Does the acts of one kind in one journal again. Tells whether all are done.
    async fn journal(&mut self, business: Option<&BusinessScope>, part: Part) -> Result<bool, OpError> {
        let keys: KeyScope = business.map_or(KeyScope::Accounts, KeyScope::from);
        if !self.takes(1, REPLAY_ENTRY_STATEMENTS) {
            return Ok(false);
        }
        if !self.app.keyring.root_exists(keys).await? {
            // Nobody wrote anything yet, or the business is erased: then its root is gone, and with it its journal.
            return Ok(true);
        }
        let mut names: Vec<String> = Vec::new();
        loop {
            if !self.takes(1, REPLAY_ENTRY_STATEMENTS) {
                return Ok(false);
            }
            let page = self.app.keyring.journal_names(keys, names.last().map(String::as_str)).await?;
            if page.is_empty() {
                break;
            }
            names.extend(page);
        }
        let settled = last_of_each(&names);
        for name in &names {
            if self.progress.entry.as_ref().is_some_and(|done| done >= name) {
                continue;
            }
            if part_of(name) == part
                && about(name).is_none_or(|what| settled.get(what) == Some(&name.as_str()))
            {
                if !self.takes(1, REPLAY_ENTRY_STATEMENTS) {
                    return Ok(false);
                }
                // One that ended meanwhile is no loss.
                if let Some(entry) = self.app.keyring.journal_entry(keys, name).await? {
                    let act: Act = serde_json::from_slice(&entry)
                        .map_err(|fault| Fault::Platform(format!("an entry of the journal: {fault}")))?;
                    act_again(self.scope, self.db, business, act).await?;
                }
            }
            self.progress.entry = Some(name.clone());
        }
        Ok(true)
    }
}

/// What an objection does at once, again; or what takes it back.
fn objected_again(
    scope: &OperatorScope,
    thread: &ThreadScope,
    purpose: ObjectionPurpose,
    at: Option<Millis>,
) -> Vec<Statement> {
    let Some(at) = at else { return vec![rights::objection_withdraw(thread, purpose)] };
    let mut statements = vec![replay::object_again(scope, thread.conversation, purpose, at)];
    match purpose {
        ObjectionPurpose::Address => statements.push(rights::address_forget(thread)),
        ObjectionPurpose::FollowUp => statements.push(rights::reply_mail_forget(thread)),
        // The consent that went with it is taken back by an act of its own.
        ObjectionPurpose::Statistics | ObjectionPurpose::Scoring => {}
    }
    statements
}

/// What an entry is about that may be done and undone: a conversation's hold, its restriction, or an objection in it. Of these the last word counts,
/// and the words before it are not done again: what was let go and held anew must not be free for a while in between.
fn about(entry: &str) -> Option<&str> {
    let (what, at) = entry.rsplit('/').next()?.rsplit_once('-')?;
    let is_time = !at.is_empty() && at.bytes().all(|byte| byte.is_ascii_digit());
    let conversation = what.split('-').next().unwrap_or(what);
    (is_time && conversation.parse::<ConversationId>().is_ok()).then_some(what)
}

/// The last entry about each thing that may be done and undone.
fn last_of_each(entries: &[String]) -> BTreeMap<&str, &str> {
    entries.iter().filter_map(|entry| Some((about(entry)?, entry.as_str()))).collect()
}

/// Does one act again.
async fn act_again(
    scope: &OperatorScope,
    db: &Db,
    business: Option<&BusinessScope>,
    act: Act,
) -> Result<(), OpError> {
    let statements = match (act, business) {
        (Act::Erased { id, business, kind, subject, reason, subjects, commitment, requested_at }, _) => {
            let Some(reason) = Reason::from_name(&reason) else { return Ok(()) };
            let commitment = commitment.unwrap_or_default();
            let reason = reason.as_str();
            vec![erasure::erasure_restore(&NewErasure {
                id,
                business,
                kind,
                subject,
                reason,
                subjects,
                commitment,
                now: requested_at,
            })?]
        }
        (Act::Suppressed { finder, reason, at }, _) => {
            vec![mail::suppression_put(scope, &finder, &reason, at)]
        }
        (Act::Withdrawn { site, visitor, record, locale, words, at }, Some(business)) => {
            if let Some(words) = words {
                db.write(consent::words_keep(business, &record.hash, &words, at)).await?;
            }
            let visitor = VisitorScope { business: *business, site, visitor };
            vec![consent::consent_insert(&visitor, &record, &locale, at)]
        }
        (Act::Objected { site, visitor, conversation, purpose, at }, Some(business)) => {
            let thread = ThreadScope { business: *business, site, visitor, conversation };
            objected_again(scope, &thread, purpose, at)
        }
        (Act::Withdrawn { .. } | Act::Objected { .. }, None) => return Ok(()),
        (Act::Restricted { conversation, at }, _) => vec![replay::restriction_put(scope, conversation, at)],
        (Act::AccountRestricted { account, at }, _) => {
            vec![account_request::account_restriction_put(&AccountScope::new(account), at)]
        }
        (Act::AccountObjected { account, purpose, at }, _) => vec![match purpose {
            OwnPurpose::Statistics => replay::analytics_end_again(scope, account, at),
            OwnPurpose::Digests => account_request::digests_end(&AccountScope::new(account)),
        }],
        (Act::Held { conversation, held }, _) => vec![hold::hold_put(scope, conversation, held)],
        (Act::TokenRevoked { token, at }, _) => vec![replay::token_revoke_again(scope, token, at)],
        (Act::PasskeyRemoved { account, passkey }, _) => {
            vec![passkey::passkey_delete(&AccountScope::new(account), passkey)]
        }
        (Act::RoleChanged { business, account, role, at }, _) => {
            vec![replay::role_change_again(scope, (business, account), role, at)]
        }
        (Act::MemberRemoved { business, account, at }, _) => {
            vec![replay::member_remove_again(scope, business, account, at)]
        }
    };
    match db.batch(statements).await.map(drop) {
        // Whoever is erased by now, or owns a business alone in the older state, is told to the log and not lost: the
        // erasure, or the business's own, follows.
        Err(DbFault::Refused(why)) => {
            log::note(super::PART, &format!("an act was refused: {why}"));
            Ok(())
        }
        done => Ok(done?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_says_by_its_name_what_kind_of_act_it_is() {
        let id = ErasureId::mint(shared::time::Millis::new(1_795_284_000_000), [7; 10]);
        assert_eq!(part_of(&format!("j/bus_1/20778/{id}")), Part::Erased);
        assert_eq!(part_of("j/bus_1/20778/cnv_1-hold-1795284000000"), Part::Holds);
        for other in ["cnv_1-1795284000000", "con_1", "mail-1795284000000-abc", "tok_1", "bus_1-acc_1", ""] {
            assert_eq!(part_of(&format!("j/_accounts/20778/{other}")), Part::Others, "{other}");
        }
    }

    #[test]
    fn of_what_is_done_and_undone_the_last_word_counts() {
        let conversation = ConversationId::mint(shared::time::Millis::new(1_795_284_000_000), [7; 10]);
        let entry = |day: u32, what: &str, at: u64| format!("j/bus_1/{day}/{conversation}{what}-{at}");
        let entries = [
            entry(20_778, "", 1_795_284_000_000),
            entry(20_778, "-hold", 1_795_284_000_001),
            entry(20_778, "-hold", 1_795_284_000_002),
            entry(20_779, "", 1_795_370_400_000),
            "j/bus_1/20779/con_1".to_owned(),
            entry(20_779, "-object_follow_up", 1_795_370_400_001),
        ];
        let last = last_of_each(&entries);
        assert_eq!(last.len(), 3);
        assert_eq!(last[conversation.to_string().as_str()], entries[3]);
        assert_eq!(last[format!("{conversation}-hold").as_str()], entries[2]);
        assert_eq!(about(&entries[4]), None);
        assert_eq!(about("j/_accounts/20779/mail-1795284000000-12345"), None);
    }
}
