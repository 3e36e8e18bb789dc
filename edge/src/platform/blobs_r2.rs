//! The Worker's body of `Blobs`: R2.

use std::sync::Arc;

use worker::{Bucket, Conditional};

use super::{Blob, BlobFault, Put};

/// A bucket.
#[derive(Clone)]
pub struct Blobs {
    bucket: Arc<Bucket>,
}

fn fault(error: &worker::Error) -> BlobFault {
    BlobFault(error.to_string())
}

impl Blobs {
    /// Wraps a binding.
    pub fn new(bucket: Bucket) -> Self {
        Self { bucket: Arc::new(bucket) }
    }

    /// Reads an object; `None` where there is none.
    pub async fn get(&self, key: &str) -> Result<Option<Blob>, BlobFault> {
        let Some(object) = self.bucket.get(key).execute().await.map_err(|error| fault(&error))? else {
            return Ok(None);
        };
        let etag = object.etag();
        let Some(body) = object.body() else {
            return Err(BlobFault("an object came without a body".into()));
        };
        let bytes = body.bytes().await.map_err(|error| fault(&error))?;
        Ok(Some(Blob { bytes, etag }))
    }

    /// Writes an object that must not exist yet.
    pub async fn put_new(&self, key: &str, bytes: Vec<u8>) -> Result<Put, BlobFault> {
        let absent = Conditional { etag_does_not_match: Some("*".into()), ..Conditional::default() };
        self.put_if(key, bytes, absent).await
    }

    /// Overwrites an object that must still be the one with `etag`.
    pub async fn put_over(&self, key: &str, bytes: Vec<u8>, etag: &str) -> Result<Put, BlobFault> {
        let same = Conditional { etag_matches: Some(etag.into()), ..Conditional::default() };
        self.put_if(key, bytes, same).await
    }

    async fn put_if(&self, key: &str, bytes: Vec<u8>, condition: Conditional) -> Result<Put, BlobFault> {
        let written = self.bucket.put(key, bytes).only_if(condition).execute().await;
        Ok(if written.map_err(|error| fault(&error))?.is_some() { Put::Written } else { Put::Refused })
    }

    /// Deletes an object; deleting what is not there is fine.
    pub async fn delete(&self, key: &str) -> Result<(), BlobFault> {
        self.bucket.delete(key).await.map_err(|error| fault(&error))
    }

    /// Up to 1,000 keys that begin with `prefix`, in order.
    pub async fn list(&self, prefix: &str) -> Result<Vec<String>, BlobFault> {
        self.list_after(prefix, None).await
    }

    /// Up to 1,000 keys that begin with `prefix` and come after `after`, in order.
    pub async fn list_after(&self, prefix: &str, after: Option<&str>) -> Result<Vec<String>, BlobFault> {
        let list = self.bucket.list().prefix(prefix).limit(1_000);
        let list = if let Some(after) = after { list.start_after(after) } else { list };
        let page = list.execute().await;
        Ok(page.map_err(|error| fault(&error))?.objects().iter().map(worker::Object::key).collect())
    }
}
