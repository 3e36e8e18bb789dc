//! The Worker's body of `verify`: WebCrypto, reached without bindings of its own.

use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::Algorithm;

fn parameters(algorithm: Algorithm) -> Result<JsValue, JsValue> {
    let parameters = Object::new();
    let set = |name: &str, value: &str| Reflect::set(&parameters, &name.into(), &value.into()).map(drop);
    match algorithm {
        Algorithm::Es256 => {
            set("name", "ECDSA")?;
            set("namedCurve", "P-256")?;
        }
        Algorithm::Rs256 => set("name", "RSASSA-PKCS1-v1_5")?,
    }
    set("hash", "SHA-256")?;
    Ok(parameters.into())
}

async fn call(subtle: &JsValue, name: &str, arguments: &Array) -> Result<JsValue, JsValue> {
    let function: Function = Reflect::get(subtle, &name.into())?.dyn_into()?;
    let promise: Promise = function.apply(subtle, arguments)?.dyn_into()?;
    JsFuture::from(promise).await
}

async fn verified(
    algorithm: Algorithm,
    public_key: &[u8],
    signature: &[u8],
    message: &[u8],
) -> Result<bool, JsValue> {
    let crypto = Reflect::get(&js_sys::global(), &"crypto".into())?;
    let subtle = Reflect::get(&crypto, &"subtle".into())?;
    let parameters = parameters(algorithm)?;
    let bytes = |bytes: &[u8]| JsValue::from(Uint8Array::from(bytes));
    let usages: JsValue = Array::of1(&"verify".into()).into();
    let import: Array =
        [JsValue::from("spki"), bytes(public_key), parameters.clone(), JsValue::FALSE, usages]
            .into_iter()
            .collect();
    let key = call(&subtle, "importKey", &import).await?;
    let verify: Array = [parameters, key, bytes(signature), bytes(message)].into_iter().collect();
    Ok(call(&subtle, "verify", &verify).await?.is_truthy())
}

/// Whether `signature` over `message` is by the key in `public_key` (SubjectPublicKeyInfo, DER). Anything malformed
/// does not hold.
pub async fn signature_holds(
    algorithm: Algorithm,
    public_key: &[u8],
    signature: &[u8],
    message: &[u8],
) -> bool {
    verified(algorithm, public_key, signature, message).await.unwrap_or(false)
}
