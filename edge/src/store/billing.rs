//! Payments, as the books must have them for seven years (promise P4.4). They refer to nothing: the deletion of a business
//! does not reach them, and they keep nothing of it alive.

use serde::Deserialize;
use shared::id::{BillingId, BusinessId, SlabId};
use shared::time::Millis;

use super::scope::OperatorScope;
use crate::platform::{Db, DbFault, Statement};
use crate::sealing::KeyRef;

/// A payment, its address sealed.
#[derive(Debug, Clone)]
pub struct SealedBilling {
    /// Which.
    pub id: BillingId,
    /// The id that the business had.
    pub business: BusinessId,
    /// `stripe`, `paypal` or `none`.
    pub vendor: String,
    /// The vendor's transaction.
    pub reference: String,
    /// In hundredths of the currency.
    pub amount_cents: i64,
    /// ISO 4217.
    pub currency: String,
    /// When.
    pub at: Millis,
    /// The key of its day.
    pub key: KeyRef,
    /// The address, sealed.
    pub address: Vec<u8>,
}

/// Writes a payment down.
pub const BILLING_INSERT: &str = "
INSERT INTO billing_record (id, business_ref, vendor, reference, amount_cents, currency, day, at, slab, slot, address)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
ON CONFLICT (vendor, reference) DO NOTHING
";

/// The statement that writes a payment down; one that is there stays as it is.
pub fn billing_insert(_scope: &OperatorScope, new: &SealedBilling) -> Statement {
    Statement::new(
        BILLING_INSERT,
        [
            new.id.into(),
            new.business.into(),
            new.vendor.as_str().into(),
            new.reference.as_str().into(),
            new.amount_cents.into(),
            new.currency.as_str().into(),
            new.at.day().into(),
            new.at.into(),
            new.key.slab.into(),
            new.key.slot.into(),
            new.address.clone().into(),
        ],
    )
}

/// Lists the payments of what was or is a business.
pub const BILLING_LIST: &str = "
SELECT billing_record.id
     , billing_record.business_ref
     , billing_record.vendor
     , billing_record.reference
     , billing_record.amount_cents
     , billing_record.currency
     , billing_record.at
     , billing_record.slab
     , billing_record.slot
     , billing_record.address
     , seal_key.commit16
FROM billing_record
JOIN seal_key ON seal_key.slab = billing_record.slab AND seal_key.slot = billing_record.slot
WHERE billing_record.business_ref = ?1
ORDER BY billing_record.at
LIMIT ?2
";

/// Up to `limit` payments, oldest first, each with what proves its key.
pub async fn billing_list(
    directory: &Db,
    _scope: &OperatorScope,
    business: BusinessId,
    limit: u32,
) -> Result<Vec<(SealedBilling, Vec<u8>)>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        id: BillingId,
        business_ref: BusinessId,
        vendor: String,
        reference: String,
        amount_cents: i64,
        currency: String,
        at: Millis,
        slab: SlabId,
        slot: u16,
        address: Vec<u8>,
        commit16: Vec<u8>,
    }
    let rows: Vec<Row> =
        directory.rows(Statement::new(BILLING_LIST, [business.into(), limit.into()])).await?;
    let sealed = |row: Row| {
        let billing = SealedBilling {
            id: row.id,
            business: row.business_ref,
            vendor: row.vendor,
            reference: row.reference,
            amount_cents: row.amount_cents,
            currency: row.currency,
            at: row.at,
            key: KeyRef { slab: row.slab, slot: row.slot },
            address: row.address,
        };
        (billing, row.commit16)
    };
    Ok(rows.into_iter().map(sealed).collect())
}
