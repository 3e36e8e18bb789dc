//! The host's body of `Http`: a test's function stands for the vendor. The workerd ring calls over real sockets.

use std::sync::{Arc, Mutex};

use super::{HttpFault, Request, Response, Visit, Visited, origin_of};

type Visits = Box<dyn FnMut(Visit) -> Result<Visited, HttpFault> + Send>;
type Script = Box<dyn FnMut(Request) -> Result<Response, HttpFault> + Send>;

/// Outgoing calls, to registered origins only.
#[derive(Clone)]
pub struct Http {
    origins: Arc<[String]>,
    script: Arc<Mutex<Script>>,
    visits: Arc<Mutex<Visits>>,
}

impl Http {
    /// Calls to these origins are answered by `script`; others are refused as on the edge.
    pub fn scripted(
        origins: Vec<String>,
        script: impl FnMut(Request) -> Result<Response, HttpFault> + Send + 'static,
    ) -> Self {
        let visits: Visits = Box::new(|_| Err(HttpFault::Broken));
        Self {
            origins: origins.into(),
            script: Arc::new(Mutex::new(Box::new(script))),
            visits: Arc::new(Mutex::new(visits)),
        }
    }

    /// Calls to addresses that businesses give are answered by `visits`.
    pub fn with_visits(
        mut self,
        visits: impl FnMut(Visit) -> Result<Visited, HttpFault> + Send + 'static,
    ) -> Self {
        self.visits = Arc::new(Mutex::new(Box::new(visits)));
        self
    }

    /// Calls an address that a business gave.
    #[expect(clippy::unused_async, reason = "the Worker's body of the same function waits")]
    pub async fn visit(&self, visit: Visit) -> Result<Visited, HttpFault> {
        let mut visits = self.visits.lock().map_err(|_| HttpFault::Broken)?;
        visits(visit)
    }

    /// Answers no call at all.
    pub fn silent() -> Self {
        Self::scripted(Vec::new(), |_| Err(HttpFault::Broken))
    }

    /// Sends a request.
    #[expect(clippy::unused_async, reason = "the Worker's body of the same function waits")]
    pub async fn send(&self, request: Request) -> Result<Response, HttpFault> {
        let origin = origin_of(&request.url).ok_or(HttpFault::NotRegistered)?;
        if !self.origins.iter().any(|registered| registered == origin) {
            return Err(HttpFault::NotRegistered);
        }
        let mut script = self.script.lock().map_err(|_| HttpFault::Broken)?;
        script(request)
    }
}
