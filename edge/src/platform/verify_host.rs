//! The host's body of `verify`: RustCrypto, so that passkeys run in plain `cargo test`.

use p256::ecdsa::signature::Verifier;
use p256::pkcs8::DecodePublicKey;
use rsa::sha2::Sha256;

use super::Algorithm;

/// Whether `signature` over `message` is by the key in `public_key` (SubjectPublicKeyInfo, DER). Anything malformed
/// does not hold.
pub async fn signature_holds(
    algorithm: Algorithm,
    public_key: &[u8],
    signature: &[u8],
    message: &[u8],
) -> bool {
    match algorithm {
        Algorithm::Es256 => {
            let key = p256::ecdsa::VerifyingKey::from_public_key_der(public_key);
            let signature = p256::ecdsa::Signature::from_slice(signature);
            key.is_ok_and(|key| signature.is_ok_and(|signature| key.verify(message, &signature).is_ok()))
        }
        Algorithm::Rs256 => {
            use rsa::pkcs8::DecodePublicKey as _;
            use rsa::signature::Verifier as _;
            let Ok(key) = rsa::RsaPublicKey::from_public_key_der(public_key) else { return false };
            let Ok(signature) = rsa::pkcs1v15::Signature::try_from(signature) else { return false };
            rsa::pkcs1v15::VerifyingKey::<Sha256>::new(key).verify(message, &signature).is_ok()
        }
    }
}
