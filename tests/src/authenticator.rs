//! An authenticator: makes passkeys and signs with them, as WebAuthn says, with real keys of both algorithms.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use edge::rules::passkey::message_of;
use p256::pkcs8::EncodePublicKey;
use rsa::signature::{SignatureEncoding, Signer};
use serde_json::{Value, json};
use shared::wire::admin::passkey::{PasskeyChallenge, PasskeyOffer};

enum Key {
    Es256(Box<p256::ecdsa::SigningKey>),
    Rs256(Box<rsa::pkcs1v15::SigningKey<rsa::sha2::Sha256>>),
}

/// An authenticator with one passkey.
pub struct Authenticator {
    key: Key,
    /// What it calls its passkey.
    pub credential: Vec<u8>,
    /// How often it has signed.
    pub sign_count: u32,
    /// The page that it believes to be on.
    pub origin: String,
    /// Present, and verified by the device.
    pub flags: u8,
}

/// Bytes as they travel.
pub fn encoded(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

impl Authenticator {
    fn with(key: Key, credential: &[u8]) -> Self {
        let origin = "https://chat.example.eu".to_owned();
        Self { key, credential: credential.to_vec(), sign_count: 0, origin, flags: 0x05 }
    }

    /// One that signs by ECDSA over P-256.
    pub fn es256(seed: u8) -> Self {
        let key = p256::ecdsa::SigningKey::from_slice(&[seed; 32]).expect("a scalar");
        Self::with(Key::Es256(Box::new(key)), &[seed; 20])
    }

    /// One that signs by RSA of 2,048 bits.
    pub fn rs256() -> Self {
        let key = rsa::RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 2_048).expect("a key");
        Self::with(Key::Rs256(Box::new(rsa::pkcs1v15::SigningKey::new(key))), &[200; 32])
    }

    fn client_data(&self, kind: &str, challenge: &str) -> Vec<u8> {
        json!({ "type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": false })
            .to_string()
            .into_bytes()
    }

    fn data(&self, rp_id: &str, flags: u8, rest: &[u8]) -> Vec<u8> {
        let party = edge::rules::credential::token_hash(rp_id);
        let party: Vec<u8> = (0..32)
            .map(|index| u8::from_str_radix(&party[index * 2..index * 2 + 2], 16).expect("hex"))
            .collect();
        [party.as_slice(), &[flags], &self.sign_count.to_be_bytes(), rest].concat()
    }

    /// Makes the passkey, as the browser hands it on.
    pub fn make(&self, offer: &PasskeyOffer) -> Value {
        let (algorithm, public_key) = match &self.key {
            Key::Es256(key) => (-7, key.verifying_key().to_public_key_der().expect("DER").to_vec()),
            Key::Rs256(key) => {
                use rsa::pkcs8::EncodePublicKey as _;
                let public: &rsa::RsaPrivateKey = key.as_ref().as_ref();
                (-257, public.to_public_key().to_public_key_der().expect("DER").into_vec())
            }
        };
        let length = u16::try_from(self.credential.len()).expect("a short name").to_be_bytes();
        let made = [&[0; 16][..], &length, &self.credential, b"a key in COSE"].concat();
        json!({
            "challenge": offer.challenge,
            "credential": encoded(&self.credential),
            "client_data": encoded(&self.client_data("webauthn.create", &offer.challenge_bytes)),
            "authenticator_data": encoded(&self.data(&offer.rp_id, self.flags | 0x40, &made)),
            "public_key": encoded(&public_key),
            "algorithm": algorithm,
        })
    }

    /// Signs a challenge, as the browser hands it on.
    pub fn sign(&mut self, challenge: &PasskeyChallenge) -> Value {
        self.sign_count += 1;
        let client_data = self.client_data("webauthn.get", &challenge.challenge_bytes);
        let data = self.data(&challenge.rp_id, self.flags, &[]);
        let message = message_of(&data, &client_data);
        let signature = match &self.key {
            Key::Es256(key) => {
                use p256::ecdsa::signature::Signer as _;
                let signature: p256::ecdsa::Signature = key.sign(&message);
                signature.to_der().as_bytes().to_vec()
            }
            Key::Rs256(key) => key.sign(&message).to_vec(),
        };
        json!({
            "challenge": challenge.challenge,
            "credential": encoded(&self.credential),
            "client_data": encoded(&client_data),
            "authenticator_data": encoded(&data),
            "signature": encoded(&signature),
        })
    }
}
