//! HTTP: credentials become scopes, bodies become types, errors become problems. A folder per surface, a file per
//! resource; every route stands in the one table below, which also makes `/openapi.json` and the tenancy test.

pub mod access;
pub mod admin;
pub mod body;
pub mod cookies;

pub mod dev;
pub mod file;
pub mod front;
pub mod headers;
pub mod health;
pub mod hooks;
pub mod live;
pub mod openapi;
pub mod privacy;
pub mod problem;
#[cfg(target_arch = "wasm32")]
pub mod respond;
pub mod routes;
pub mod stream;
pub mod template;
pub mod widget;

use std::rc::Rc;
use std::sync::Arc;

use worker::send::SendWrapper;

use crate::app::App;
use crate::objects::conversation::caller::Conversations;
use crate::objects::inbox::caller::Inboxes;
use crate::objects::inbox::protocol::News;
use crate::platform::limiter::Limiter;
use crate::store::scope::ThreadScope;

/// What every handler may use. Workers run one thread, so what the platform hands out is not `Send`; the wrapper
/// says so to a router that would like to move between threads and here never does.
#[derive(Clone)]
pub struct Edge(Arc<SendWrapper<Inner>>);

/// What an `Edge` holds.
pub struct Inner {
    /// The deployment.
    pub app: Rc<App>,
    /// Its conversations.
    pub conversations: Rc<Conversations>,
    /// The inboxes of its businesses.
    pub inboxes: Rc<Inboxes>,
    /// Bursts, by address.
    pub limiter: Limiter,
}

impl Edge {
    /// Wraps a deployment for the router.
    pub fn new(
        app: Rc<App>,
        conversations: Rc<Conversations>,
        inboxes: Rc<Inboxes>,
        limiter: Limiter,
    ) -> Self {
        Self(Arc::new(SendWrapper(Inner { app, conversations, inboxes, limiter })))
    }

    /// Tells everybody who has the inbox open that a conversation's row is another one. Who is not told catches up by cursor,
    /// so a fault here is only logged.
    pub async fn row_changed(&self, scope: &ThreadScope) {
        if let Err(fault) = self.inboxes.tell(&scope.business, News::changed(scope.conversation)).await {
            crate::log::fault(&self.app, "inbox", &fault);
        }
    }
}

impl std::ops::Deref for Edge {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0.0
    }
}
