//! Randomness. Operations ask for it once and hand bytes down to rules and ids.

use std::sync::{Arc, Mutex};

/// The system failed to give random bytes; nothing may go on without them.
#[derive(Debug, thiserror::Error)]
#[error("no randomness")]
pub struct RngFault;

/// A source of random bytes.
#[derive(Clone, Default)]
pub struct Rng {
    seeded: Option<Arc<Mutex<u64>>>,
}

impl Rng {
    /// The system's own randomness: WebCrypto on workerd, the kernel on the host.
    pub fn system() -> Self {
        Self::default()
    }

    /// A predictable source, for tests that compare whole answers.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn seeded(seed: u64) -> Self {
        Self { seeded: Some(Arc::new(Mutex::new(seed))) }
    }

    /// Fills `bytes`.
    #[expect(clippy::disallowed_methods, reason = "the one place where randomness enters the house")]
    pub fn fill(&self, bytes: &mut [u8]) -> Result<(), RngFault> {
        match &self.seeded {
            None => getrandom::fill(bytes).map_err(|_| RngFault),
            Some(state) => {
                let mut state = state.lock().map_err(|_| RngFault)?;
                for chunk in bytes.chunks_mut(8) {
                    // SplitMix64 (Steele, Lea, Flood 2014).
                    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
                    let mut word = *state;
                    word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
                    word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
                    word ^= word >> 31;
                    for (byte, random) in chunk.iter_mut().zip(word.to_le_bytes()) {
                        *byte = random;
                    }
                }
                Ok(())
            }
        }
    }

    /// An array of random bytes.
    pub fn bytes<const N: usize>(&self) -> Result<[u8; N], RngFault> {
        let mut bytes = [0; N];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }
}
