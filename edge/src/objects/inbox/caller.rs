//! How the Worker and conversations reach a business's inbox: one request to its object, named by the business's id.

use super::protocol::{Envelope, News};
use crate::ops::Fault;
use crate::store::scope::BusinessScope;

#[cfg(target_arch = "wasm32")]
mod body {
    use shared::id::BusinessId;
    use wasm_bindgen::JsValue;
    use worker::{Method, ObjectNamespace, Request, RequestInit, Stub};

    use super::{Envelope, Fault};
    use crate::objects::conversation::caller::within;

    /// The inboxes of a deployment.
    pub struct Inboxes {
        namespace: ObjectNamespace,
        jurisdiction: Option<String>,
    }

    fn fault(error: &impl std::fmt::Display) -> Fault {
        Fault::Platform(format!("inbox object: {error}"))
    }

    impl Inboxes {
        /// Wraps the binding.
        pub const fn new(namespace: ObjectNamespace, jurisdiction: Option<String>) -> Self {
            Self { namespace, jurisdiction }
        }

        /// The object of a business, within the jurisdiction that the deployment asks for.
        pub fn stub(&self, business: BusinessId) -> Result<Stub, Fault> {
            let name = business.to_string();
            let Some(jurisdiction) = &self.jurisdiction else {
                return self.namespace.get_by_name(&name).map_err(|error| fault(&error));
            };
            within(&self.namespace, jurisdiction)?.get_by_name(&name).map_err(|error| fault(&error))
        }

        pub(super) async fn send(&self, envelope: &Envelope) -> Result<(), Fault> {
            let body = serde_json::to_string(envelope).map_err(|error| fault(&error))?;
            let mut init = RequestInit::new();
            init.with_method(Method::Post).with_body(Some(JsValue::from_str(&body)));
            let request = Request::new_with_init("https://inbox.invalid/news", &init);
            let request = request.map_err(|error| fault(&error))?;
            let answer = self.stub(envelope.business)?.fetch_with_request(request).await;
            answer.map(drop).map_err(|error| fault(&error))
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod body {
    use std::cell::RefCell;

    use super::{Envelope, Fault};

    /// The inboxes of a deployment, in this process: they write down what they were told.
    #[derive(Default)]
    pub struct Inboxes {
        /// Everything that was told.
        pub told: RefCell<Vec<Envelope>>,
    }

    impl Inboxes {
        #[expect(clippy::unused_async, reason = "the Worker's body of the same function waits")]
        pub(super) async fn send(&self, envelope: &Envelope) -> Result<(), Fault> {
            self.told.borrow_mut().push(*envelope);
            Ok(())
        }
    }
}

pub use body::Inboxes;

impl Inboxes {
    /// Tells a business's inbox something. Whoever is there hears it; whoever is not catches up by cursor.
    pub async fn tell(&self, scope: &BusinessScope, news: News) -> Result<(), Fault> {
        self.send(&Envelope::new(scope, news)).await
    }
}
