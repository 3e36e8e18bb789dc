//! Passkeys, between the browser that holds them and the edge that knows them.

use serde::{Deserialize, Serialize};
use shared::wire::admin::passkey::{PasskeyChallenge, PasskeyMade, PasskeyOffer, PasskeySigned};

use super::App;
use crate::state::{Ask, Event, Form};
use crate::{browser, json};

/// Makes a passkey for who is signed in.
pub async fn make(app: App, offer: PasskeyOffer) {
    let (name, email) = app.peek(|state| {
        state.me().map(|me| (me.name.expose().clone(), me.email.expose().clone())).unwrap_or_default()
    });
    let options = Creation {
        challenge: &offer.challenge_bytes,
        rp: Party { id: &offer.rp_id, name: "Loquet" },
        user: User { id: &offer.user_handle, name: &email, display_name: &name },
        algorithms: offer.algorithms.iter().map(|alg| Algorithm { kind: KEY, alg: *alg }).collect(),
        exclude: offer.exclude.iter().map(|id| Known { kind: KEY, id }).collect(),
        selection: Selection {
            resident_key: "required",
            require_resident_key: true,
            user_verification: "required",
        },
        attestation: "none",
        timeout_ms: offer.timeout_ms,
    };
    let made = match json::to_value(&options) {
        Some(options) => browser::passkey_make(&options).await,
        None => None,
    };
    match made.and_then(json::of_value::<Credential<Attested>>) {
        Some(Credential { id, response }) => app.ask(Ask::PasskeyMade(PasskeyMade {
            challenge: offer.challenge,
            credential: id,
            client_data: response.client_data,
            authenticator_data: response.authenticator_data,
            public_key: response.public_key,
            algorithm: response.algorithm,
        })),
        None => app.dispatch(Event::PasskeyFailed(Form::PasskeyAdd)),
    }
}

/// Signs in with a passkey.
pub async fn sign(app: App, challenge: PasskeyChallenge) {
    let options = Request {
        challenge: &challenge.challenge_bytes,
        rp_id: &challenge.rp_id,
        user_verification: "required",
        timeout_ms: challenge.timeout_ms,
    };
    let signed = match json::to_value(&options) {
        Some(options) => browser::passkey_sign(&options).await,
        None => None,
    };
    match signed.and_then(json::of_value::<Credential<Asserted>>) {
        Some(Credential { id, response }) => app.ask(Ask::PasskeySigned(PasskeySigned {
            challenge: challenge.challenge,
            credential: id,
            client_data: response.client_data,
            authenticator_data: response.authenticator_data,
            signature: response.signature,
        })),
        None => app.dispatch(Event::PasskeyFailed(Form::Passkey)),
    }
}

/// The only type of credential that there is.
const KEY: &str = "public-key";

/// What `parseCreationOptionsFromJSON` takes (<https://www.w3.org/TR/webauthn-3/#dictdef-publickeycredentialcreationoptionsjson>).
#[derive(Serialize)]
struct Creation<'a> {
    challenge: &'a str,
    rp: Party<'a>,
    user: User<'a>,
    #[serde(rename = "pubKeyCredParams")]
    algorithms: Vec<Algorithm>,
    #[serde(rename = "excludeCredentials")]
    exclude: Vec<Known<'a>>,
    #[serde(rename = "authenticatorSelection")]
    selection: Selection,
    attestation: &'static str,
    #[serde(rename = "timeout")]
    timeout_ms: u32,
}

#[derive(Serialize)]
struct Party<'a> {
    id: &'a str,
    name: &'static str,
}

#[derive(Serialize)]
struct User<'a> {
    id: &'a str,
    name: &'a str,
    #[serde(rename = "displayName")]
    display_name: &'a str,
}

#[derive(Serialize)]
struct Algorithm {
    #[serde(rename = "type")]
    kind: &'static str,
    alg: i32,
}

#[derive(Serialize)]
struct Known<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    id: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Selection {
    resident_key: &'static str,
    require_resident_key: bool,
    user_verification: &'static str,
}

/// What `parseRequestOptionsFromJSON` takes.
#[derive(Serialize)]
struct Request<'a> {
    challenge: &'a str,
    #[serde(rename = "rpId")]
    rp_id: &'a str,
    #[serde(rename = "userVerification")]
    user_verification: &'static str,
    #[serde(rename = "timeout")]
    timeout_ms: u32,
}

/// A credential as `toJSON` writes it.
#[derive(Deserialize)]
struct Credential<T> {
    id: String,
    response: T,
}

#[derive(Deserialize)]
struct Attested {
    #[serde(rename = "clientDataJSON")]
    client_data: String,
    #[serde(rename = "authenticatorData")]
    authenticator_data: String,
    #[serde(rename = "publicKey")]
    public_key: String,
    #[serde(rename = "publicKeyAlgorithm")]
    algorithm: i32,
}

#[derive(Deserialize)]
struct Asserted {
    #[serde(rename = "clientDataJSON")]
    client_data: String,
    #[serde(rename = "authenticatorData")]
    authenticator_data: String,
    signature: String,
}
