//! How the Worker reaches a conversation: one request to its object, named by the conversation's id.

use futures::future::LocalBoxFuture;
use shared::id::ConversationId;

use super::protocol::{Command, Envelope, Reply, Thread};
use crate::ops::erasure::Rooms;
use crate::ops::{Fault, OpError};
use crate::store::scope::{BusinessScope, ThreadScope};

#[cfg(target_arch = "wasm32")]
mod body {
    use wasm_bindgen::{JsCast, JsValue};
    use worker::{Method, ObjectNamespace, Request, RequestInit, Stub};

    use super::super::shell::{EMPTY_PATH, HOLD_PATH};
    use super::{Envelope, Fault, Reply};
    use crate::objects::inbox::protocol::{self as inbox, News};
    use crate::store::scope::BusinessScope;
    use shared::id::ConversationId;

    /// The conversations of a deployment.
    pub struct Conversations {
        namespace: ObjectNamespace,
        jurisdiction: Option<String>,
    }

    fn fault(error: &impl std::fmt::Display) -> Fault {
        Fault::Platform(format!("conversation object: {error}"))
    }

    impl Conversations {
        /// Wraps the binding.
        pub const fn new(namespace: ObjectNamespace, jurisdiction: Option<String>) -> Self {
            Self { namespace, jurisdiction }
        }

        /// The object of a conversation, within the jurisdiction that the deployment asks for.
        pub fn stub(&self, conversation: ConversationId) -> Result<Stub, Fault> {
            let name = conversation.to_string();
            let Some(jurisdiction) = &self.jurisdiction else {
                return self.namespace.get_by_name(&name).map_err(|error| fault(&error));
            };
            within(&self.namespace, jurisdiction)?.get_by_name(&name).map_err(|error| fault(&error))
        }

        pub(super) async fn send(
            &self,
            conversation: ConversationId,
            envelope: &Envelope,
        ) -> Result<Reply, Fault> {
            let body = serde_json::to_string(envelope).map_err(|error| fault(&error))?;
            let mut init = RequestInit::new();
            init.with_method(Method::Post).with_body(Some(JsValue::from_str(&body)));
            let request = Request::new_with_init("https://conversation.invalid/command", &init);
            let request = request.map_err(|error| fault(&error))?;
            let answer = self.stub(conversation)?.fetch_with_request(request).await;
            let text = answer.map_err(|error| fault(&error))?.text().await.map_err(|error| fault(&error))?;
            serde_json::from_str(&text).map_err(|error| fault(&error))
        }
    }

    impl Conversations {
        pub(super) async fn empty(
            &self,
            scope: BusinessScope,
            conversation: ConversationId,
        ) -> Result<(), Fault> {
            self.post(conversation, EMPTY_PATH, &inbox::Envelope::new(&scope, News::Gone(conversation))).await
        }

        pub(super) async fn hold(
            &self,
            scope: BusinessScope,
            conversation: ConversationId,
        ) -> Result<(), Fault> {
            let news = News::changed(conversation);
            self.post(conversation, HOLD_PATH, &inbox::Envelope::new(&scope, news)).await
        }

        /// What is to happen, with the news that the business's inbox then hears.
        async fn post(
            &self,
            conversation: ConversationId,
            path: &str,
            news: &inbox::Envelope,
        ) -> Result<(), Fault> {
            let body = serde_json::to_string(news).map_err(|error| fault(&error))?;
            let mut init = RequestInit::new();
            init.with_method(Method::Post).with_body(Some(JsValue::from_str(&body)));
            let url = format!("https://conversation.invalid{path}");
            let request = Request::new_with_init(&url, &init).map_err(|error| fault(&error))?;
            let answer = self.stub(conversation)?.fetch_with_request(request).await;
            match answer.map_err(|error| fault(&error))?.status_code() {
                200..=299 => Ok(()),
                // Whoever asked goes on only once it was done.
                status => Err(fault(&format!("{path} was answered with {status}"))),
            }
        }
    }

    /// `namespace.jurisdiction(name)`: the binding crate has no such method, the platform does.
    pub fn within(namespace: &ObjectNamespace, jurisdiction: &str) -> Result<ObjectNamespace, Fault> {
        let raw: &JsValue = namespace.as_ref();
        let method = js_sys::Reflect::get(raw, &"jurisdiction".into())
            .ok()
            .and_then(|method| method.dyn_into::<js_sys::Function>().ok())
            .ok_or_else(|| {
                Fault::Platform("this runtime knows no jurisdictions; leave JURISDICTION empty".into())
            })?;
        let narrowed = method.call1(raw, &jurisdiction.into()).map_err(|_| {
            Fault::Platform("this runtime refuses the jurisdiction; leave JURISDICTION empty".into())
        })?;
        Ok(narrowed.unchecked_into())
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod body {
    use std::cell::RefCell;
    use std::collections::BTreeMap;
    use std::rc::Rc;

    use futures::future::LocalBoxFuture;
    use shared::id::{AccountId, ConversationId};
    use shared::time::Millis;
    use shared::wire::admin::inbox::live::DeskEvent;
    use shared::wire::live::LiveEvent;

    use super::super::room::{Room, Walls};
    use super::super::told::Told;
    use super::{Envelope, Fault, Reply};
    use crate::app::App;
    use crate::objects::inbox::protocol::News;
    use crate::store::scope::{BusinessScope, ThreadScope};

    /// Walls that write down what was said, and keep work until a test lets it run.
    #[derive(Default, Clone)]
    pub struct Recorder {
        /// Everything that visitors in the room heard.
        pub told: Rc<RefCell<Vec<LiveEvent>>>,
        /// Everything that members in the room heard.
        pub desk: Rc<RefCell<Vec<DeskEvent>>>,
        /// What the business's inbox was told.
        pub news: Rc<RefCell<Vec<News>>>,
        /// The visitor has a socket open.
        pub visitor: Rc<RefCell<bool>>,
        work: Rc<RefCell<Vec<LocalBoxFuture<'static, ()>>>>,
        /// When the alarm is to ring.
        pub alarm: Rc<RefCell<Option<Millis>>>,
        /// Hashes of the tokens (and members) whose sockets were closed.
        pub sent_out: Rc<RefCell<Vec<String>>>,
        /// Whether everybody was sent out.
        pub empty: Rc<RefCell<bool>>,
    }

    impl Walls for Recorder {
        fn tell(&self, told: &Told) {
            self.told.borrow_mut().extend(told.to_visitor());
            self.desk.borrow_mut().extend(told.to_desk());
        }

        fn has_visitor(&self) -> bool {
            *self.visitor.borrow()
        }

        fn tell_inbox(&self, _business: BusinessScope, news: News) {
            self.news.borrow_mut().push(news);
        }

        fn send_out_member(&self, account: AccountId) {
            self.sent_out.borrow_mut().push(account.to_string());
        }

        fn spawn(&self, work: LocalBoxFuture<'static, ()>) {
            self.work.borrow_mut().push(work);
        }

        fn watch(&self, _scope: ThreadScope, ring_at: Option<Millis>) -> LocalBoxFuture<'_, ()> {
            *self.alarm.borrow_mut() = ring_at;
            Box::pin(async {})
        }

        fn send_out(&self, token_hash: &str) {
            self.sent_out.borrow_mut().push(token_hash.to_owned());
        }

        fn send_everybody_out(&self) {
            *self.empty.borrow_mut() = true;
        }

        fn tear_down(&self) -> LocalBoxFuture<'_, ()> {
            *self.alarm.borrow_mut() = None;
            *self.empty.borrow_mut() = true;
            Box::pin(async {})
        }
    }

    /// The conversations of a deployment, in this process.
    pub struct Conversations {
        app: Rc<App>,
        rooms: RefCell<BTreeMap<ConversationId, Rc<Room<Recorder>>>>,
    }

    impl Conversations {
        /// Rooms over one deployment.
        pub fn new(app: Rc<App>) -> Self {
            Self { app, rooms: RefCell::default() }
        }

        /// The room of a conversation.
        pub fn room(&self, conversation: ConversationId) -> Rc<Room<Recorder>> {
            let mut rooms = self.rooms.borrow_mut();
            let fresh = || Room::new(Rc::clone(&self.app), Recorder::default());
            Rc::clone(rooms.entry(conversation).or_insert_with(fresh))
        }

        /// Forgets a room's memory, as an eviction does.
        pub fn evict(&self, conversation: ConversationId) {
            self.rooms.borrow_mut().remove(&conversation);
        }

        /// Lets turns run to their end.
        pub async fn settle(&self) {
            loop {
                let rooms: Vec<_> = self.rooms.borrow().values().cloned().collect();
                let work: Vec<_> = rooms.iter().flat_map(|room| room.walls().work.take()).collect();
                if work.is_empty() {
                    return;
                }
                futures::future::join_all(work).await;
            }
        }

        pub(super) async fn empty(
            &self,
            scope: BusinessScope,
            conversation: ConversationId,
        ) -> Result<(), Fault> {
            self.room(conversation).empty(scope, conversation).await;
            Ok(())
        }

        #[expect(clippy::unused_async, reason = "the Worker's body of the same function waits")]
        pub(super) async fn hold(
            &self,
            scope: BusinessScope,
            conversation: ConversationId,
        ) -> Result<(), Fault> {
            self.room(conversation).hold(scope, conversation);
            Ok(())
        }

        pub(super) async fn send(
            &self,
            conversation: ConversationId,
            envelope: &Envelope,
        ) -> Result<Reply, Fault> {
            Ok(self.room(conversation).handle(envelope.clone()).await)
        }
    }
}

pub use body::Conversations;
#[cfg(not(target_arch = "wasm32"))]
pub use body::Recorder;
#[cfg(target_arch = "wasm32")]
pub use body::within;

impl Conversations {
    /// Sends a command to a thread's object. What the object denies or fails comes back as an error.
    pub async fn ask(&self, scope: &ThreadScope, command: Command) -> Result<Reply, OpError> {
        let envelope = Envelope { thread: Thread::from(*scope), command };
        match self.send(scope.conversation, &envelope).await? {
            Reply::Denied(denial) => Err(OpError::Denied(denial)),
            Reply::Failed(reference) => Err(OpError::Reported(reference)),
            reply => Ok(reply),
        }
    }
}

impl Rooms for Conversations {
    fn room_empty(
        &self,
        scope: BusinessScope,
        conversation: ConversationId,
    ) -> LocalBoxFuture<'_, Result<(), OpError>> {
        Box::pin(async move { Ok(self.empty(scope, conversation).await?) })
    }

    fn room_hold(
        &self,
        scope: BusinessScope,
        conversation: ConversationId,
    ) -> LocalBoxFuture<'_, Result<(), OpError>> {
        Box::pin(async move { Ok(self.hold(scope, conversation).await?) })
    }
}
