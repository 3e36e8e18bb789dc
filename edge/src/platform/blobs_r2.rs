//! The Worker's body of `Blobs`: R2.

use std::sync::Arc;

use futures::StreamExt;
use shared::limits::FILE_PART_BYTES;
use worker::{Bucket, Conditional, MultipartUpload, UploadedPart};

use super::super::meter;
use super::{Blob, BlobFault, Pieces, Put};

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
        meter::bucket();
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

    /// Reads an object in pieces; `None` where there is none.
    pub async fn read(&self, key: &str) -> Result<Option<Pieces>, BlobFault> {
        meter::bucket();
        let Some(object) = self.bucket.get(key).execute().await.map_err(|error| fault(&error))? else {
            return Ok(None);
        };
        let Some(body) = object.body() else {
            return Err(BlobFault("an object came without a body".into()));
        };
        let pieces = body.stream().map_err(|error| fault(&error))?;
        Ok(Some(pieces.map(|piece| piece.map_err(|error| fault(&error))).boxed_local()))
    }

    /// Begins to write an object in pieces. It is there once the writing is finished, and not before.
    pub fn write(&self, key: &str) -> Writing {
        Writing { blobs: self.clone(), key: key.to_owned(), upload: None, held: Vec::new() }
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
        meter::bucket();
        let written = self.bucket.put(key, bytes).only_if(condition).execute().await;
        Ok(if written.map_err(|error| fault(&error))?.is_some() { Put::Written } else { Put::Refused })
    }

    /// Deletes an object; deleting what is not there is fine.
    pub async fn delete(&self, key: &str) -> Result<(), BlobFault> {
        meter::bucket();
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
        meter::bucket();
        let page = list.execute().await;
        Ok(page.map_err(|error| fault(&error))?.objects().iter().map(worker::Object::key).collect())
    }
}

/// An object that is being written: whole parts go out, the rest is held. What fits into one part is put at once.
pub struct Writing {
    blobs: Blobs,
    key: String,
    upload: Option<(MultipartUpload, Vec<UploadedPart>)>,
    held: Vec<u8>,
}

impl Writing {
    /// Takes more.
    pub async fn push(&mut self, bytes: &[u8]) -> Result<(), BlobFault> {
        self.held.extend_from_slice(bytes);
        // One byte more than a part: the last part may be small, but there must be one.
        while self.held.len() > FILE_PART_BYTES {
            let rest = self.held.split_off(FILE_PART_BYTES);
            let part = std::mem::replace(&mut self.held, rest);
            self.part_send(part).await?;
        }
        Ok(())
    }

    async fn part_send(&mut self, part: Vec<u8>) -> Result<(), BlobFault> {
        let (upload, mut parts) = match self.upload.take() {
            Some(begun) => begun,
            None => {
                meter::bucket();
                let upload = self.blobs.bucket.create_multipart_upload(&self.key).execute().await;
                (upload.map_err(|error| fault(&error))?, Vec::new())
            }
        };
        let number = u16::try_from(parts.len().saturating_add(1));
        let number = number.map_err(|_| BlobFault("an upload has too many parts".into()))?;
        meter::bucket();
        let sent = upload.upload_part(number, part).await;
        // Kept also where the part failed: aborting needs it.
        parts.extend(sent.as_ref().ok().map(|part| UploadedPart::new(part.part_number(), part.etag())));
        self.upload = Some((upload, parts));
        sent.map(drop).map_err(|error| fault(&error))
    }

    /// The object is whole: from here on it is there. Where that fails, its parts are taken back: no listing names them, and
    /// the platform keeps them for days.
    pub async fn finish(mut self) -> Result<(), BlobFault> {
        let last = std::mem::take(&mut self.held);
        if self.upload.is_none() {
            meter::bucket();
            let put = self.blobs.bucket.put(&self.key, last).execute().await;
            return put.map(drop).map_err(|error| fault(&error));
        }
        if let Err(failure) = self.part_send(last).await {
            self.abort().await?;
            return Err(failure);
        }
        let Some((upload, parts)) = self.upload.take() else { return Ok(()) };
        let id = upload.upload_id().await;
        meter::bucket();
        let Err(failure) = upload.complete(parts).await else { return Ok(()) };
        // Put together all the same, it can't be aborted any more; then whoever wrote it deletes it.
        if let Ok(upload) = self.blobs.bucket.resume_multipart_upload(&self.key, id) {
            upload.abort().await.map_err(|error| fault(&error))?;
        }
        Err(fault(&failure))
    }

    /// There will be no such object.
    pub async fn abort(self) -> Result<(), BlobFault> {
        let Some((upload, _)) = self.upload else { return Ok(()) };
        meter::bucket();
        upload.abort().await.map_err(|error| fault(&error))
    }
}
