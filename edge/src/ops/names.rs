//! Members' names, opened where colleagues or visitors read who speaks. Whoever has left the team has no name here.

use std::collections::{BTreeMap, BTreeSet};

use shared::id::AccountId;
use shared::privacy::Personal;
use shared::wire::admin::inbox::conversation::DeskMessage;
use shared::wire::admin::inbox::list::Who;

use super::OpError;
use super::account::account_open;
use crate::app::App;
use crate::store::member;
use crate::store::scope::BusinessScope;

/// Names by account.
#[derive(Debug, Clone, Default)]
pub struct Names(BTreeMap<AccountId, Personal<String>>);

impl Names {
    /// The name of an account, if it has one here.
    pub fn of(&self, account: AccountId) -> Option<Personal<String>> {
        self.0.get(&account).cloned()
    }

    /// An account with its name.
    pub fn who(&self, account: AccountId) -> Who {
        Who { account, name: self.of(account) }
    }
}

/// The names of those accounts that are members of the business, a few seconds old at most.
pub async fn names_find(
    app: &App,
    scope: &BusinessScope,
    accounts: impl IntoIterator<Item = AccountId>,
) -> Result<Names, OpError> {
    let mut names = Names::default();
    let now = app.clock.now();
    let mut wanted = Vec::new();
    for account in accounts.into_iter().collect::<BTreeSet<_>>() {
        match app.names.get(&(scope.business(), account), now) {
            Some(Some(name)) => drop(names.0.insert(account, name)),
            Some(None) => {}
            None => wanted.push(account),
        }
    }
    if wanted.is_empty() {
        return Ok(names);
    }
    let found = member::members_by_id(&app.directory, scope, &wanted).await?;
    for account in wanted {
        let sealed = found.iter().find(|member| member.account.id == account);
        let name = match sealed {
            Some(member) => account_open(app, &member.account).await?.map(|contact| contact.name),
            None => None,
        };
        app.names.put((scope.business(), account), name.clone(), now);
        names.0.extend(name.map(|name| (account, name)));
    }
    Ok(names)
}

/// Puts into messages the names of the members who wrote them.
pub async fn names_fill(
    app: &App,
    scope: &BusinessScope,
    messages: &mut [DeskMessage],
) -> Result<(), OpError> {
    let authors: Vec<AccountId> = messages.iter().filter_map(|message| message.by).collect();
    if authors.is_empty() {
        return Ok(());
    }
    let names = names_find(app, scope, authors).await?;
    for message in messages {
        message.message.author = message.by.and_then(|by| names.of(by));
    }
    Ok(())
}
