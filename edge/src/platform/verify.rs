//! Checking signatures of passkeys: WebCrypto on workerd, RustCrypto on the host. Only public keys are handled here.

#[cfg(target_arch = "wasm32")]
#[path = "verify_web.rs"]
mod body;
#[cfg(not(target_arch = "wasm32"))]
#[path = "verify_host.rs"]
mod body;

pub use body::signature_holds;

/// How a passkey signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// ECDSA over P-256 with SHA-256. The signature is `r ‖ s`, 32 bytes each.
    Es256,
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
}

impl Algorithm {
    /// Every algorithm, the preferred one first.
    pub const ALL: [Self; 2] = [Self::Es256, Self::Rs256];

    /// Its number in COSE.
    pub const fn cose(self) -> i32 {
        match self {
            Self::Es256 => -7,
            Self::Rs256 => -257,
        }
    }

    /// The algorithm behind a number of COSE.
    pub fn from_cose(number: i32) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.cose() == number)
    }
}
