//! The deployment's own files, as the build made them. The assets binding on workerd, a map on the host.

/// A file and its media type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    /// What it holds.
    pub bytes: Vec<u8>,
    /// Its media type.
    pub media_type: String,
}

/// The file is not there, or could not be read.
#[derive(Debug, thiserror::Error)]
#[error("asset: {0}")]
pub struct AssetFault(pub String);

/// The deployment's files.
#[cfg(target_arch = "wasm32")]
#[derive(Clone)]
pub struct Assets(std::sync::Arc<worker::Fetcher>);

#[cfg(target_arch = "wasm32")]
impl Assets {
    /// Wraps the binding.
    pub fn new(fetcher: worker::Fetcher) -> Self {
        Self(std::sync::Arc::new(fetcher))
    }

    /// Reads a file by its path from the root of the assets (`/frame/index.html`); `None` where there is none.
    pub async fn read(&self, path: &str) -> Result<Option<Asset>, AssetFault> {
        let fault = |error: worker::Error| AssetFault(error.to_string());
        // The host does not matter to the binding; only the path does.
        let answer = self.0.fetch(format!("https://assets.invalid{path}"), None).await.map_err(fault)?;
        if answer.status() != http::StatusCode::OK {
            return Ok(None);
        }
        let media_type = answer
            .headers()
            .get(http::header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or("application/octet-stream")
            .to_owned();
        let body = axum::body::Body::new(answer.into_body());
        let bytes = axum::body::to_bytes(body, shared::limits::ASSET_BYTES).await;
        let bytes = bytes.map_err(|error| AssetFault(error.to_string()))?.to_vec();
        Ok(Some(Asset { bytes, media_type }))
    }
}

/// The deployment's files.
#[cfg(not(target_arch = "wasm32"))]
#[derive(Clone, Default)]
pub struct Assets(std::sync::Arc<std::collections::BTreeMap<String, Asset>>);

#[cfg(not(target_arch = "wasm32"))]
impl Assets {
    /// Files by their path from the root of the assets.
    pub fn in_memory(files: impl IntoIterator<Item = (String, Asset)>) -> Self {
        Self(std::sync::Arc::new(files.into_iter().collect()))
    }

    /// Reads a file by its path; `None` where there is none.
    #[expect(clippy::unused_async, reason = "the Worker's body of the same function waits")]
    pub async fn read(&self, path: &str) -> Result<Option<Asset>, AssetFault> {
        Ok(self.0.get(path).cloned())
    }
}
