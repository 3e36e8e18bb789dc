//! The host's body of `Blobs`: a map, with the conditions that R2 keeps.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Poll;

use futures::{StreamExt, stream};
use shared::limits::FILE_PART_BYTES;

use super::super::meter;
use super::super::stop::{self, Fate};
use super::{Blob, BlobFault, Pieces, Put};

/// Every object's name and bytes, and how many writes there were.
pub type Dump = (Vec<(String, Vec<u8>)>, u64);

/// A bucket.
#[derive(Clone, Default)]
pub struct Blobs {
    objects: Arc<Mutex<Objects>>,
    calls: Arc<AtomicU64>,
}

#[derive(Clone, Default)]
struct Objects {
    by_key: BTreeMap<String, Blob>,
    /// Objects of which parts are there that nobody has put together.
    unfinished: BTreeSet<String>,
    writes: u64,
}

impl Blobs {
    /// An empty bucket.
    pub fn in_memory() -> Self {
        Self::default()
    }

    fn lock(&self) -> Result<std::sync::MutexGuard<'_, Objects>, BlobFault> {
        self.objects.lock().map_err(|_| BlobFault("a test panicked while it held the bucket".into()))
    }

    /// Lets other tasks in between for a while that differs from call to call, as a network does: rivals in a test
    /// really interleave, and answers overtake each other.
    async fn round_trip(&self) -> Result<Fate, BlobFault> {
        let fate = stop::call().await;
        meter::bucket();
        let call = self.calls.fetch_add(1, Ordering::Relaxed);
        let mut waits = call.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 60;
        std::future::poll_fn(|context| {
            if waits == 0 {
                return Poll::Ready(());
            }
            waits = waits.saturating_sub(1);
            context.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
        if fate == Fate::Failed { Err(BlobFault(stop::BROKEN.into())) } else { Ok(fate) }
    }

    /// Reads an object; `None` where there is none.
    pub async fn get(&self, key: &str) -> Result<Option<Blob>, BlobFault> {
        let fate = self.round_trip().await?;
        answered(fate, self.lock()?.by_key.get(key).cloned())
    }

    /// Reads an object in pieces; `None` where there is none. A network cuts where it likes, so do these.
    pub async fn read(&self, key: &str) -> Result<Option<Pieces>, BlobFault> {
        let Some(blob) = self.get(key).await? else { return Ok(None) };
        let cuts = [1, 29, 65_537, 4_096, 100_000].into_iter().cycle();
        let pieces = stream::unfold((blob.bytes, 0_usize, cuts), |(bytes, from, mut cuts)| async move {
            let rest = bytes.get(from..).filter(|rest| !rest.is_empty())?;
            let piece = rest.get(..cuts.next().unwrap_or(1).min(rest.len()))?.to_vec();
            let to = from.saturating_add(piece.len());
            Some((Ok(piece), (bytes, to, cuts)))
        });
        Ok(Some(pieces.boxed_local()))
    }

    /// Begins to write an object in pieces. It is there once the writing is finished, and not before.
    pub fn write(&self, key: &str) -> Writing {
        Writing { blobs: self.clone(), key: key.to_owned(), parts: Vec::new(), held: Vec::new() }
    }

    /// Writes an object that must not exist yet.
    pub async fn put_new(&self, key: &str, bytes: Vec<u8>) -> Result<Put, BlobFault> {
        let fate = self.round_trip().await?;
        let mut objects = self.lock()?;
        if objects.by_key.contains_key(key) {
            return answered(fate, Put::Refused);
        }
        objects.write(key, bytes);
        answered(fate, Put::Written)
    }

    /// Overwrites an object that must still be the one with `etag`.
    pub async fn put_over(&self, key: &str, bytes: Vec<u8>, etag: &str) -> Result<Put, BlobFault> {
        let fate = self.round_trip().await?;
        let mut objects = self.lock()?;
        if objects.by_key.get(key).is_none_or(|blob| blob.etag != etag) {
            return answered(fate, Put::Refused);
        }
        objects.write(key, bytes);
        answered(fate, Put::Written)
    }

    /// Deletes an object; deleting what is not there is fine.
    pub async fn delete(&self, key: &str) -> Result<(), BlobFault> {
        let fate = self.round_trip().await?;
        self.lock()?.by_key.remove(key);
        answered(fate, ())
    }

    /// Up to 1,000 keys that begin with `prefix`, in order.
    pub async fn list(&self, prefix: &str) -> Result<Vec<String>, BlobFault> {
        self.list_after(prefix, None).await
    }

    /// Up to 1,000 keys that begin with `prefix` and come after `after`, in order.
    pub async fn list_after(&self, prefix: &str, after: Option<&str>) -> Result<Vec<String>, BlobFault> {
        let fate = self.round_trip().await?;
        let objects = self.lock()?;
        let wanted =
            |key: &&String| key.starts_with(prefix) && after.is_none_or(|after| key.as_str() > after);
        answered(fate, objects.by_key.keys().filter(wanted).take(1_000).cloned().collect())
    }

    /// A copy of the whole bucket, for tests that look for canaries or take a backup.
    pub fn copy(&self) -> Result<Self, BlobFault> {
        Ok(Self { objects: Arc::new(Mutex::new(self.lock()?.clone())), calls: Arc::default() })
    }

    /// How often the bucket was asked for anything: what an operator pays for.
    pub fn operations(&self) -> u64 {
        self.calls.load(Ordering::Relaxed)
    }

    /// Objects of which parts lie there that nobody put together: no listing names them, and they cost all the same.
    pub fn unfinished(&self) -> Result<Vec<String>, BlobFault> {
        Ok(self.lock()?.unfinished.iter().cloned().collect())
    }

    /// Every object's bytes, for tests that look for canaries, and how many writes there were.
    pub fn dump(&self) -> Result<Dump, BlobFault> {
        let objects = self.lock()?;
        let all = objects.by_key.iter().map(|(key, blob)| (key.clone(), blob.bytes.clone())).collect();
        Ok((all, objects.writes))
    }
}

/// What a call answers that was carried out.
fn answered<T>(fate: Fate, value: T) -> Result<T, BlobFault> {
    if fate == Fate::Lost { Err(BlobFault(stop::BROKEN.into())) } else { Ok(value) }
}

/// An object that is being written.
pub struct Writing {
    blobs: Blobs,
    key: String,
    parts: Vec<Vec<u8>>,
    held: Vec<u8>,
}

impl Writing {
    /// Takes more.
    pub async fn push(&mut self, bytes: &[u8]) -> Result<(), BlobFault> {
        self.held.extend_from_slice(bytes);
        while self.held.len() > FILE_PART_BYTES {
            let rest = self.held.split_off(FILE_PART_BYTES);
            let part = std::mem::replace(&mut self.held, rest);
            self.part_send(part).await?;
        }
        Ok(())
    }

    async fn part_send(&mut self, part: Vec<u8>) -> Result<(), BlobFault> {
        self.parts.push(part);
        let fate = self.blobs.round_trip().await?;
        self.blobs.lock()?.unfinished.insert(self.key.clone());
        answered(fate, ())
    }

    /// The object is whole: from here on it is there. Where that fails, its parts are taken back.
    pub async fn finish(mut self) -> Result<(), BlobFault> {
        let last = std::mem::take(&mut self.held);
        if self.parts.is_empty() {
            let fate = self.blobs.round_trip().await?;
            self.blobs.lock()?.write(&self.key, last);
            return answered(fate, ());
        }
        let put_together = match self.part_send(last).await {
            Ok(()) => self.blobs.round_trip().await,
            Err(failure) => Err(failure),
        };
        match put_together {
            Ok(fate) => {
                let mut objects = self.blobs.lock()?;
                objects.unfinished.remove(&self.key);
                objects.write(&self.key, self.parts.concat());
                answered(fate, ())
            }
            Err(failure) => {
                self.abort().await?;
                Err(failure)
            }
        }
    }

    /// There will be no such object.
    pub async fn abort(self) -> Result<(), BlobFault> {
        if self.parts.is_empty() {
            return Ok(());
        }
        let fate = self.blobs.round_trip().await?;
        self.blobs.lock()?.unfinished.remove(&self.key);
        answered(fate, ())
    }
}

impl Objects {
    fn write(&mut self, key: &str, bytes: Vec<u8>) {
        self.writes = self.writes.saturating_add(1);
        let etag = format!("{:x}", self.writes);
        self.by_key.insert(key.to_owned(), Blob { bytes, etag });
    }
}
