//! Payments in the books: written once, kept for seven years whatever becomes of the account (promise P4.4). The billing
//! address is sealed under the key of its day, which goes with the last payment of that day.

use shared::id::{BillingId, BusinessId};
use shared::limits::PAGE_ENTRIES;
use shared::privacy::Personal;
use shared::time::Millis;

use super::{Fault, OpError};
use crate::app::App;
use crate::sealing::{Cell, Column, KeyOwner, KeyScope};
use crate::store::billing::{self, SealedBilling};
use crate::store::scope::OperatorScope;

/// A payment.
#[derive(Debug, Clone)]
pub struct Billing {
    /// The business that paid.
    pub business: BusinessId,
    /// `stripe`, `paypal` or `none`.
    pub vendor: String,
    /// The vendor's transaction.
    pub reference: String,
    /// In hundredths of the currency.
    pub amount_cents: i64,
    /// ISO 4217.
    pub currency: String,
    /// Who paid, and where they are.
    pub address: Personal<String>,
    /// When.
    pub at: Millis,
}

fn with_cell<T>(id: BillingId, reference: &str, at: Millis, use_cell: impl FnOnce(Cell<'_>) -> T) -> T {
    let (row, at) = (id.to_string(), at.as_i64().to_be_bytes());
    let bound: [&[u8]; 2] = [reference.as_bytes(), &at];
    use_cell(Cell {
        column: Column::BillingAddress,
        scope: KeyScope::Accounts,
        row: row.as_bytes(),
        bound: &bound,
    })
}

/// Writes a payment down. The same transaction again changes nothing.
pub async fn billing_record(app: &App, scope: &OperatorScope, new: &Billing) -> Result<(), OpError> {
    app.keyring.root_mint(KeyScope::Accounts).await?;
    let id = BillingId::mint(new.at, app.rng.bytes()?);
    let (key, insert) = app.keyring.day_key(&app.directory, KeyScope::Accounts, new.at.day()).await?;
    let address = with_cell(id, &new.reference, new.at, |cell| {
        key.seal(cell, new.address.expose().as_bytes(), &app.rng)
    })?;
    let row = billing::billing_insert(
        scope,
        &SealedBilling {
            id,
            business: new.business,
            vendor: new.vendor.clone(),
            reference: new.reference.clone(),
            amount_cents: new.amount_cents,
            currency: new.currency.clone(),
            at: new.at,
            key: key.reference(),
            address,
        },
    );
    app.directory.batch(insert.into_iter().chain([row]).collect()).await?;
    Ok(())
}

/// The payments of what was or is a business, oldest first.
pub async fn billing_read(
    app: &App,
    scope: &OperatorScope,
    business: BusinessId,
) -> Result<Vec<Billing>, OpError> {
    let mut read = Vec::new();
    for (row, commit) in billing::billing_list(&app.directory, scope, business, PAGE_ENTRIES).await? {
        let owner = KeyOwner::Day(row.at.day());
        let key = app.keyring.key_open(&app.directory, KeyScope::Accounts, row.key, &owner, &commit).await?;
        let plain = with_cell(row.id, &row.reference, row.at, |cell| key.open(cell, &row.address))?;
        let address = String::from_utf8(plain.to_vec())
            .map_err(|_| Fault::Platform("a billing address is no text".into()))?;
        read.push(Billing {
            business: row.business,
            vendor: row.vendor,
            reference: row.reference,
            amount_cents: row.amount_cents,
            currency: row.currency,
            address: Personal::new(address),
            at: row.at,
        });
    }
    Ok(read)
}
