//! Passkeys: added by somebody who is signed in, and from then on enough to sign in with, without a mailbox.

use shared::id::{AccountId, CodeId, MailId, PasskeyId};
use shared::limits::{CHALLENGE_MS, PASSKEYS};
use shared::privacy::Secret;
use shared::wire::admin::passkey::{PasskeyChallenge, PasskeyMade, PasskeyOffer, PasskeySigned, Passkeys};
use shared::wire::problem::Kind;

use super::OpError;
use super::journal::{Act, journal_put};
use super::mail::{MailKind, NewMail, Recipient, batch_commit, mail_insert};
use super::session::{Browser, account_line, session_begin};
use crate::app::App;
use crate::platform::DbFault;
use crate::platform::verify::{Algorithm, signature_holds};
use crate::rules::credential::TokenKey;
use crate::rules::passkey::{
    Ceremony, Expected, authenticator_data_read, bytes_read, bytes_write, client_data_holds, count_goes_on,
    es256_raw, is_p256_key, is_rsa_key, message_of,
};
use crate::sealing::KeyScope;
use crate::store::audit::{Action, Subject};
use crate::store::passkey::{self, NewPasskey};
use crate::store::scope::{AccountScope, OperatorScope};

/// A challenge's bytes: they follow from its id and the deployment's key, and stand nowhere.
fn challenge_bytes(app: &App, id: CodeId) -> Result<[u8; 16], OpError> {
    Ok(app.token_key()?.derive("passkey", &[&id.to_bytes()]))
}

async fn challenge_make(
    app: &App,
    browser: &Browser,
    account: Option<AccountId>,
) -> Result<(CodeId, String), OpError> {
    let (now, operator) = (app.clock.now(), OperatorScope::of_deployment());
    let id = CodeId::mint(now, app.rng.bytes()?);
    let insert = passkey::challenge_insert(&operator, id, account, &browser.hash(), now);
    app.directory.write(insert).await?;
    Ok((id, bytes_write(&challenge_bytes(app, id)?)))
}

/// Uses a challenge up. Fails with `PasskeyRefused`.
async fn challenge_take(
    app: &App,
    browser: &Browser,
    account: Option<AccountId>,
    id: CodeId,
) -> Result<[u8; 16], OpError> {
    let (now, operator) = (app.clock.now(), OperatorScope::of_deployment());
    let used = passkey::challenge_use(&app.directory, &operator, id, account, &browser.hash(), now).await?;
    if used { challenge_bytes(app, id) } else { Err(Kind::PasskeyRefused.into()) }
}

fn timeout_ms() -> u32 {
    u32::try_from(CHALLENGE_MS).unwrap_or(u32::MAX)
}

/// What the browser needs to make a passkey. Fails with `TooMany`.
pub async fn passkey_offer(
    app: &App,
    scope: &AccountScope,
    browser: &Browser,
) -> Result<PasskeyOffer, OpError> {
    let held = passkey::passkeys_list(&app.directory, scope).await?;
    if held.len() >= PASSKEYS as usize {
        return Err(Kind::TooMany.into());
    }
    let (challenge, challenge_bytes) = challenge_make(app, browser, Some(scope.account())).await?;
    // The handle stands on the authenticator, readable by whoever holds it: it says nothing and leads nowhere.
    let key = TokenKey::new(app.keyring.accounts_key("lq/handle").await?);
    let handle = key.derive("passkey user", &[&scope.account().to_bytes()]);
    Ok(PasskeyOffer {
        challenge,
        challenge_bytes,
        rp_id: app.config.app_host().to_owned(),
        user_handle: bytes_write(&handle),
        algorithms: Algorithm::ALL.map(Algorithm::cose).to_vec(),
        exclude: held.into_iter().map(|(_, credential)| credential).collect(),
        timeout_ms: timeout_ms(),
    })
}

/// Adds a passkey and tells of it by mail. Fails with `PasskeyRefused`, whatever is wrong with it.
pub async fn passkey_add(
    app: &App,
    scope: &AccountScope,
    browser: &Browser,
    made: &PasskeyMade,
) -> Result<PasskeyId, OpError> {
    let challenge = challenge_take(app, browser, Some(scope.account()), made.challenge).await?;
    let new = passkey_read(app, &challenge, browser, made)?.ok_or(Kind::PasskeyRefused)?;
    let now = app.clock.now();
    let batch = vec![
        passkey::passkey_insert(scope, &new, now),
        account_line(app, scope, None, Action::PasskeyAdd, Subject::new("passkey", new.id))?,
        mail_insert(&NewMail {
            id: MailId::mint(now, app.rng.bytes()?),
            kind: MailKind::NewPasskey,
            recipient: Recipient::Account(scope.account()),
            business: None,
            about: Some(new.id.to_string()),
            now,
        }),
    ];
    match batch_commit(app, batch).await {
        Ok(_) => Ok(new.id),
        Err(DbFault::Duplicate) => Err(Kind::PasskeyRefused.into()),
        Err(fault) => Err(fault.into()),
    }
}

/// What a browser made, if it is what it must be.
fn passkey_read(
    app: &App,
    challenge: &[u8],
    browser: &Browser,
    made: &PasskeyMade,
) -> Result<Option<NewPasskey>, OpError> {
    let expected = Expected {
        ceremony: Ceremony::Create,
        challenge,
        origin: &app.config.app_origin,
        rp_id: app.config.app_host(),
    };
    let parts = [&made.client_data, &made.authenticator_data, &made.credential, &made.public_key];
    let [Some(client_data), Some(data), Some(credential), Some(public_key)] =
        parts.map(|text| bytes_read(text))
    else {
        return Ok(None);
    };
    let Some(data) = authenticator_data_read(&data, &expected) else { return Ok(None) };
    let shaped = match Algorithm::from_cose(made.algorithm) {
        Some(Algorithm::Es256) => is_p256_key(&public_key),
        Some(Algorithm::Rs256) => is_rsa_key(&public_key),
        None => false,
    };
    let named = data.credential.as_ref() == Some(&credential);
    if !client_data_holds(&client_data, &expected) || !shaped || !named {
        return Ok(None);
    }
    Ok(Some(NewPasskey {
        id: PasskeyId::mint(app.clock.now(), app.rng.bytes()?),
        credential: bytes_write(&credential),
        algorithm: made.algorithm,
        public_key,
        sign_count: data.sign_count,
        device: browser.device.clone(),
    }))
}

/// What the browser needs to sign in with a passkey. It is the same for everybody.
pub async fn passkey_challenge(app: &App, browser: &Browser) -> Result<PasskeyChallenge, OpError> {
    let (challenge, challenge_bytes) = challenge_make(app, browser, None).await?;
    let rp_id = app.config.app_host().to_owned();
    Ok(PasskeyChallenge { challenge, challenge_bytes, rp_id, timeout_ms: timeout_ms() })
}

/// Signs in with a passkey. Gives what goes into the session's cookie. Fails with `PasskeyRefused`, whatever is wrong.
pub async fn passkey_sign_in(
    app: &App,
    browser: &Browser,
    signed: &PasskeySigned,
) -> Result<Secret<String>, OpError> {
    let challenge = challenge_take(app, browser, None, signed.challenge).await?;
    let scope = signature_check(app, &challenge, signed).await?.ok_or(Kind::PasskeyRefused)?;
    let (cookie, batch) = session_begin(app, &scope, browser).await?;
    batch_commit(app, batch).await?;
    Ok(cookie)
}

async fn signature_check(
    app: &App,
    challenge: &[u8],
    signed: &PasskeySigned,
) -> Result<Option<AccountScope>, OpError> {
    let expected = Expected {
        ceremony: Ceremony::Get,
        challenge,
        origin: &app.config.app_origin,
        rp_id: app.config.app_host(),
    };
    let parts = [&signed.client_data, &signed.authenticator_data, &signed.signature];
    let [Some(client_data), Some(data), Some(signature)] = parts.map(|text| bytes_read(text)) else {
        return Ok(None);
    };
    let Some(said) = authenticator_data_read(&data, &expected) else { return Ok(None) };
    if !client_data_holds(&client_data, &expected) {
        return Ok(None);
    }
    let operator = OperatorScope::of_deployment();
    let Some(known) = passkey::passkey_find(&app.directory, &operator, &signed.credential).await? else {
        return Ok(None);
    };
    let Some(algorithm) = Algorithm::from_cose(known.algorithm) else { return Ok(None) };
    let signature = match algorithm {
        Algorithm::Es256 => es256_raw(&signature),
        Algorithm::Rs256 => Some(signature),
    };
    let Some(signature) = signature else { return Ok(None) };
    let message = message_of(&data, &client_data);
    if !signature_holds(algorithm, &known.public_key, &signature, &message).await {
        return Ok(None);
    }
    // A counter that stands still means that somebody copied the key.
    let scope = AccountScope::new(known.account);
    let counted = count_goes_on(known.sign_count, said.sign_count)
        && passkey::passkey_touch(&app.directory, &scope, known.id, said.sign_count, app.clock.now()).await?;
    Ok(counted.then_some(scope))
}

/// The passkeys of somebody.
pub async fn passkeys_list(app: &App, scope: &AccountScope) -> Result<Passkeys, OpError> {
    let held = passkey::passkeys_list(&app.directory, scope).await?;
    Ok(Passkeys { passkeys: held.into_iter().map(|(passkey, _)| passkey).collect() })
}

/// Removes a passkey. Fails with `NotFound`.
pub async fn passkey_remove(app: &App, scope: &AccountScope, id: PasskeyId) -> Result<(), OpError> {
    let found: Option<serde_json::Value> = app.directory.row(passkey::passkey_delete(scope, id)).await?;
    found.ok_or(Kind::NotFound)?;
    let act = Act::PasskeyRemoved { account: scope.account(), passkey: id };
    journal_put(app, KeyScope::Accounts, &id.to_string(), &act, app.clock.now()).await?;
    let line = account_line(app, scope, None, Action::PasskeyRemove, Subject::new("passkey", id))?;
    app.directory.write(line).await?;
    Ok(())
}
