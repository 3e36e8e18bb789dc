//! A count that stands in each database and in the bucket of keys. The bucket has no history: a database whose count is
//! behind was restored from a backup.

use super::fault::SealFault;
use super::keyring::Keyring;
use crate::platform::blobs::Put;

fn object(database: &str) -> String {
    format!("t/{database}")
}

impl Keyring {
    /// The count that the bucket has of a database; 0 where it has none yet.
    pub async fn tick_read(&self, database: &str) -> Result<u64, SealFault> {
        let Some(blob) = self.ring.keys.get(&object(database)).await? else { return Ok(0) };
        let bytes: [u8; 8] = blob.bytes.as_slice().try_into().map_err(|_| SealFault::Unreadable("tick"))?;
        Ok(u64::from_be_bytes(bytes))
    }

    /// Writes the count of a database. It never goes down.
    pub async fn tick_write(&self, database: &str, count: u64) -> Result<(), SealFault> {
        let (keys, object, bytes) = (&self.ring.keys, object(database), count.to_be_bytes());
        let put = match keys.get(&object).await? {
            None => keys.put_new(&object, bytes.to_vec()).await?,
            Some(blob) if blob.bytes.as_slice() >= bytes.as_slice() => Put::Written,
            Some(blob) => keys.put_over(&object, bytes.to_vec(), &blob.etag).await?,
        };
        match put {
            // A rival counted too, and the next run counts on from there.
            Put::Written | Put::Refused => Ok(()),
        }
    }
}
