//! Every route, once: the router, the description and the tenancy test are made from this table.

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::{MethodRouter, get, post};
use schemars::{Schema, SchemaGenerator};
use shared::wire;
use shared::wire::problem::Kind;

use super::access::Access;
use super::problem::ApiError;
use super::{Edge, dev, front, health, hooks, live, openapi, privacy, widget};

/// How a body is described: a schema, made when the description is.
pub type Describe = fn(&mut SchemaGenerator) -> Schema;

/// One route.
pub struct Route {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The path, with `{parameters}`.
    pub path: &'static str,
    /// Who may call it.
    pub access: Access,
    /// What it does, in one sentence.
    pub summary: &'static str,
    /// What it takes.
    pub request: Option<Describe>,
    /// What it answers; `None` for 204, documents and sockets.
    pub response: Option<Describe>,
    handler: fn() -> MethodRouter<Edge>,
}

fn schema<T: schemars::JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

macro_rules! describe {
    (-) => {
        None
    };
    ($type:ty) => {
        Some(schema::<$type> as Describe)
    };
}

macro_rules! routes {
    ($($method:ident $path:literal $access:ident ($($request:tt)+) ($($response:tt)+) $handler:path, $summary:literal;)+) => {
        /// Every route of the deployment.
        pub const ROUTES: &[Route] = &[$(Route {
            method: stringify!($method),
            path: $path,
            access: Access::$access,
            summary: $summary,
            request: describe!($($request)+),
            response: describe!($($response)+),
            handler: || routes!(@$method $handler),
        },)+];
    };
    (@GET $handler:path) => { get($handler) };
    (@POST $handler:path) => { post($handler) };
}

routes! {
    GET "/healthz" Public (-) (-) health::alive, "Says that the Worker answers.";
    GET "/readyz" Public (-) (health::Readiness) health::ready, "Says whether everything that serving needs is there, and names what is not.";
    GET "/openapi.json" Public (-) (-) openapi::document_get, "This description.";
    GET "/" Public (-) (-) front::root_get, "The dashboard; where ENV=dev, the demo.";
    GET "/app/" Public (-) (-) front::dashboard_get, "The dashboard.";
    GET "/widget/{site}" Public (-) (-) widget::frame::frame_get, "The frame's document.";
    GET "/privacy/page.css" Public (-) (-) privacy::page::style_get, "The privacy centre's style sheet.";
    GET "/privacy/{site}" Public (-) (-) privacy::page::page_get, "The visitor's privacy centre: the notice, generated from the schema's inventory.";
    GET "/v1/widget/sites/{site}" Public (-) (wire::frame::Frame) widget::site::site_get, "Public settings of a site in one language.";
    POST "/v1/widget/sites/{site}/visitors" Public (wire::widget::MintVisitor) (wire::widget::MintedVisitor) widget::site::visitor_post, "Mints a visitor's token for a page on an allowed origin.";
    POST "/v1/widget/sites/{site}/consents" Visitor (wire::consent::RecordConsent) (-) widget::consent::consent_post, "Records a choice in the consent ledger.";
    POST "/v1/widget/sites/{site}/conversations" Visitor (wire::widget::OpenConversation) (wire::widget::OpenedConversation) widget::conversation::conversation_post, "Opens a conversation with its first message.";
    POST "/v1/widget/conversations/{conversation}/messages" Conversation (wire::widget::SendMessage) (wire::widget::SentMessage) widget::conversation::message_post, "Sends a further message; the same draft twice is one message.";
    GET "/v1/widget/conversations/{conversation}/messages" Conversation (-) (wire::widget::Catchup) widget::conversation::messages_get, "What follows the cursor `after`.";
    POST "/v1/widget/conversations/{conversation}/person" Conversation (-) (-) widget::conversation::person_post, "Asks for a person; the notice comes as a message.";
    POST "/v1/widget/conversations/{conversation}/tickets" Conversation (-) (wire::widget::Ticket) widget::conversation::ticket_post, "A ticket for one socket, for 30 seconds.";
    POST "/v1/widget/conversations/{conversation}/leave" Conversation (-) (-) widget::conversation::leave_post, "Ends the chat on this device: the token opens nothing any more.";
    GET "/v1/widget/conversations/{conversation}/live" Ticket (-) (-) live::live_get, "The conversation's WebSocket; `Sec-WebSocket-Protocol: loquet.v1, <ticket>`.";
    GET "/demo/" Dev (-) (-) front::demo_get, "The demo host page.";
    GET "/demo/{*file}" Dev (-) (-) front::demo_get, "The demo host page's files.";
    POST "/hooks/resend" Signed (-) (-) hooks::resend::webhook_post, "Takes what the mail vendor tells: bounces and complaints.";
    GET "/dev/outbox" Dev (-) (-) dev::outbox_get, "The newest mails, as they would be sent.";
    POST "/dev/seed" Dev (-) (-) dev::seed_post, "Creates the demo's business, or brings it up to date.";
}

/// The router over a deployment.
pub fn router(edge: Edge) -> Router {
    let mut router = Router::new();
    for route in ROUTES {
        router = router.route(route.path, (route.handler)());
    }
    router.fallback(nothing).method_not_allowed_fallback(not_so).with_state(edge)
}

async fn nothing(State(edge): State<Edge>) -> Result<Response, ApiError> {
    Err(edge.problem(Kind::NotFound))
}

async fn not_so(State(edge): State<Edge>) -> Result<Response, ApiError> {
    Err(edge.problem(Kind::MethodRefused))
}
