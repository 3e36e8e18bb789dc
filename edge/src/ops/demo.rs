//! The demo's owner, where `ENV=dev`: so that a fresh clone has somebody at its dashboard.

use shared::id::BusinessId;
use shared::privacy::{Personal, Secret};
use shared::wire::admin::team::Role;
use shared::wire::problem::Kind;

use super::OpError;
use super::account::{account_compose, address_take};
use super::mail::batch_commit;
use super::session::{Browser, session_begin};
use crate::app::App;
use crate::store::account::{self, AccountState};
use crate::store::member;
use crate::store::scope::{AccountScope, BusinessScope, OperatorScope};

fn owner_email() -> Personal<String> {
    Personal::new("demo@loquet.example".to_owned())
}

/// Makes the demo's owner an owner of a business that was seeded. Safe to repeat.
pub async fn owner_seed(app: &App, business: BusinessId, shard: usize) -> Result<(), OpError> {
    let (now, operator) = (app.clock.now(), OperatorScope::of_deployment());
    let address = address_take(app, &owner_email()).await?;
    let known = account::account_by_email(&app.directory, &operator, &address.finder).await?;
    let mut batch = Vec::new();
    let owner = match known {
        Some(owner) => owner,
        None => {
            let name = Personal::new("Camille Lumière".to_owned());
            let (sealed, key_insert) = account_compose(app, &name, &address, "en").await?;
            batch = vec![key_insert, account::account_insert(&sealed, AccountState::Active, now)];
            sealed.id
        }
    };
    let house = BusinessScope::new(business, shard);
    batch.push(member::member_insert(&AccountScope::new(owner), &house, Role::Owner, now));
    app.directory.batch(batch).await?;
    Ok(())
}

/// Signs in as the demo's owner. Fails with `NotFound` where nothing was seeded.
pub async fn owner_sign_in(app: &App, browser: &Browser) -> Result<Secret<String>, OpError> {
    let operator = OperatorScope::of_deployment();
    let address = address_take(app, &owner_email()).await?;
    let owner = account::account_by_email(&app.directory, &operator, &address.finder).await?;
    let scope = AccountScope::new(owner.ok_or(Kind::NotFound)?);
    let (cookie, batch) = session_begin(app, &scope, browser).await?;
    batch_commit(app, batch).await?;
    Ok(cookie)
}
