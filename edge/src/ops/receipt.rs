//! Receipts: signed when a second look found nothing, read by whoever holds the nonce, checked by anybody.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use shared::id::ErasureId;
use shared::limits::REQUESTS_PAGE;
use shared::rules::subject::SubjectKind;
use shared::time::Millis;
use shared::wire::admin::proof::{ErasureEntry, Erasures};
use shared::wire::admin::request::Processor;
use shared::wire::problem::Kind;
use shared::wire::receipt::{
    CheckedReceipt, ErasureProgress, ReadReceipt, ReceiptKey, ReceiptKeys, SignedReceipt,
};

use super::confirmation::confirmation_mail;
use super::mail::batch_commit;
use super::record::{may_hand, register_read};
use super::vendor::own_names;
use super::{Fault, OpError};
use crate::app::App;
use crate::platform::{Db, DbFault};
use crate::rules::credential::{same, token_hash};
use crate::rules::processor::{HOSTING, MAIL};
use crate::rules::receipt::{self, Facts};
use crate::store::erasure_contact;
use crate::store::erasure_step::OpenErasure;
use crate::store::receipt as store;
use crate::store::scope::{MemberScope, OperatorScope};

/// Signs the receipt of an erasure that was verified. Without a key the receipt waits, and the erasure stands all the same.
pub(super) async fn receipt_sign(app: &App, db: &Db, open: &OpenErasure, now: Millis) -> Result<(), OpError> {
    let operator = OperatorScope::of_deployment();
    let Some(signer) = &app.config.receipt_signer else {
        return Ok(db.write(store::receipt_waits(&operator, open.id)).await?);
    };
    let (Some(keyless_at), Some(verified_at)) = (open.keyless_at, open.verified_at) else {
        return Err(Fault::Platform("an erasure lost its times".into()).into());
    };
    let public_key = signer.public_key();
    let key = receipt::key_id(&public_key);
    let vendors = vendors_of(app, open, now).await?;
    let text = receipt::compose(Facts {
        origin: app.config.public_origin.clone(),
        erasure: open.id,
        subject: open.commitment.clone().unwrap_or_default(),
        about: open.kind,
        business: open.business,
        reason: open.reason.clone(),
        requested_at: open.requested_at,
        keyless_at,
        verified_at,
        found: open.counts.clone(),
        deleted: open.deleted.clone(),
        left: open.remaining.clone(),
        slabs: open.slabs.clone(),
        vendors,
        key: key.clone(),
    })
    .map_err(|fault| Fault::Platform(fault.to_string()))?;
    let signed = signer.sign(text);
    let hash = token_hash(&signed.receipt);
    let document = serde_json::to_string(&signed).map_err(|fault| Fault::Platform(fault.to_string()))?;
    app.directory.write(store::receipt_key_put(&operator, &key, STANDARD.encode(public_key), now)).await?;
    let mut batch = vec![store::receipt_write(&operator, open.id, document, hash, now)];
    // Only erasures of accounts and businesses have somebody to write to, and they stand in the directory.
    let goes = erasure_contact::erasure_contact_find(&app.directory, &operator, open.id).await?.is_some();
    if !goes {
        db.batch(batch).await?;
        return Ok(());
    }
    batch.push(confirmation_mail(app, open.id, now)?); // keeps B5 | without: let _ = confirmation_mail;
    match batch_commit(app, batch).await {
        // Another run signed it a moment ago.
        Ok(_) | Err(DbFault::Duplicate) => Ok(()),
        Err(fault) => Err(fault.into()),
    }
}

/// Who may have been handed something of what was erased, each with the period for which it keeps that.
async fn vendors_of(app: &App, open: &OpenErasure, now: Millis) -> Result<Vec<Processor>, OpError> {
    let register = app.register().await?;
    let mut providers = app.config.providers.names();
    // Who is announced and not in force yet was handed nothing.
    providers.retain(|name| may_hand(app, register.as_deref(), name).is_some());
    if let Some(business) = open.business
        && let Some(business) = app.business(business).await?
    {
        let own = own_names(app, &business).await?.into_iter();
        let own: Vec<String> = own.filter(|name| !providers.contains(name)).collect();
        providers.extend(own);
    }
    // No conversation of somebody's who signs in: what a machine was asked is their business's.
    let asked = providers.iter().map(String::as_str).filter(|_| open.kind != SubjectKind::Account);
    let mail = app.config.mailer.is_some().then_some(MAIL);
    let names: Vec<&str> = asked.chain(mail).chain([HOSTING]).collect();
    register_read(app, &names, register.as_deref(), now)
}

/// How far an erasure is, and its receipt, for whoever holds its nonce. Fails with `NotFound`.
pub async fn receipt_read(app: &App, asked: &ReadReceipt) -> Result<ErasureProgress, OpError> {
    let operator = OperatorScope::of_deployment();
    let commitment = receipt::commitment(&asked.nonce, asked.erasure);
    for db in app.shards(&operator).iter().chain([&app.directory]) {
        let Some(found) = store::receipt_find(db, &operator, asked.erasure).await? else { continue };
        if !same(found.commitment.as_deref().unwrap_or_default(), &commitment) {
            continue;
        }
        let receipt = receipt_parse(found.receipt.as_deref())?;
        return Ok(ErasureProgress { state: found.state, waits: found.waits, receipt });
    }
    Err(Kind::NotFound.into())
}

fn receipt_parse(text: Option<&str>) -> Result<Option<SignedReceipt>, OpError> {
    let receipt = text.map(serde_json::from_str::<SignedReceipt>).transpose();
    Ok(receipt.map_err(|fault| Fault::Platform(format!("a receipt: {fault}")))?)
}

/// A page of the erasures of a business that somebody asked for, with their receipts: so that whoever asked by mail or
/// phone can be sent theirs.
pub async fn erasures_list(
    app: &App,
    scope: &MemberScope,
    before: Option<ErasureId>,
) -> Result<Erasures, OpError> {
    let rows = store::erasures_page(app.shard(&scope.business)?, scope, before).await?;
    let full = rows.len() >= REQUESTS_PAGE as usize;
    let before = rows.last().filter(|_| full).map(|last| last.id);
    let mut erasures = Vec::with_capacity(rows.len());
    for row in rows {
        erasures.push(ErasureEntry {
            id: row.id,
            about: row.subject_kind,
            reason: row.reason,
            state: row.state,
            waits: row.waits,
            requested_at: row.requested_at,
            keyless_at: row.keyless_at,
            verified_at: row.verified_at,
            receipt: receipt_parse(row.receipt.as_deref())?,
        });
    }
    Ok(Erasures { erasures, before })
}

/// Every public key of this deployment, the one in use included.
pub async fn receipt_keys(app: &App) -> Result<ReceiptKeys, OpError> {
    let known = store::receipt_keys(&app.directory, &OperatorScope::of_deployment()).await?;
    let mut keys: Vec<ReceiptKey> = known
        .into_iter()
        .filter_map(|key| {
            let bytes: [u8; 32] = STANDARD.decode(&key.public_key).ok()?.try_into().ok()?;
            Some(ReceiptKey { id: key.id, public_key: receipt::key_pem(&bytes), first_at: key.first_at })
        })
        .collect();
    if let Some(signer) = &app.config.receipt_signer {
        let bytes = signer.public_key();
        let id = receipt::key_id(&bytes);
        if !keys.iter().any(|key| key.id == id) {
            keys.push(ReceiptKey { id, public_key: receipt::key_pem(&bytes), first_at: app.clock.now() });
        }
    }
    Ok(ReceiptKeys { keys })
}

/// Whether this deployment signed exactly these words.
pub async fn receipt_check(app: &App, signed: &SignedReceipt) -> Result<CheckedReceipt, OpError> {
    let known = store::receipt_keys(&app.directory, &OperatorScope::of_deployment()).await?;
    let of_archive = known.iter().filter(|key| key.id == signed.key);
    let mut candidates: Vec<[u8; 32]> =
        of_archive.filter_map(|key| STANDARD.decode(&key.public_key).ok()?.try_into().ok()).collect();
    candidates.extend(app.config.receipt_signer.as_ref().map(receipt::ReceiptSigner::public_key));
    let valid =
        candidates.iter().any(|key| receipt::key_id(key) == signed.key && receipt::is_signed(signed, key));
    let keys = receipt_keys(app).await?.keys;
    Ok(CheckedReceipt { valid, key: keys.into_iter().find(|key| key.id == signed.key) })
}
