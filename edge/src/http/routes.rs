//! Every route, once: the router, the description and the tenancy test are made from this table.

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::{MethodRouter, delete, get, post, put};
use schemars::{Schema, SchemaGenerator};
use shared::wire;
use shared::wire::admin::{account, audit, business, operator, passkey, sign_in, team, token};
use shared::wire::problem::Kind;

use super::access::Access;
use super::problem::ApiError;
use super::{Edge, admin, dev, front, health, hooks, live, openapi, privacy, widget};
use crate::rules::permission::Op;

/// How a body is described: a schema, made when the description is.
pub type Describe = fn(&mut SchemaGenerator) -> Schema;

/// One route.
pub struct Route {
    /// `GET`, `POST`, `PUT` or `DELETE`.
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
    ($($method:ident $path:literal $access:ident $([$op:ident])? ($($request:tt)+) ($($response:tt)+) $handler:path, $summary:literal;)+) => {
        /// Every route of the deployment.
        pub const ROUTES: &[Route] = &[$(Route {
            method: stringify!($method),
            path: $path,
            access: Access::$access $((Op::$op))?,
            summary: $summary,
            request: describe!($($request)+),
            response: describe!($($response)+),
            handler: || routes!(@$method $handler),
        },)+];
    };
    (@GET $handler:path) => { get($handler) };
    (@POST $handler:path) => { post($handler) };
    (@PUT $handler:path) => { put($handler) };
    (@DELETE $handler:path) => { delete($handler) };
}

routes! {
    GET "/healthz" Public (-) (-) health::alive, "Says that the Worker answers.";
    GET "/readyz" Public (-) (health::Readiness) health::ready, "Says whether everything that serving needs is there, and names what is not.";
    GET "/openapi.json" Public (-) (-) openapi::document_get, "This description.";
    GET "/" Public (-) (-) front::root_get, "The dashboard; where ENV=dev, the demo.";
    GET "/app/" Public (-) (-) front::dashboard_get, "The dashboard.";
    GET "/app" Public (-) (-) front::slash_get, "The dashboard, by its address with a slash.";
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
    POST "/v1/widget/conversations/{conversation}/files" Conversation (-) (wire::file::Attachment) widget::file::file_post, "Takes a file in, its bytes as the body and its name in `X-Loquet-File-Name`; it is sent with a message within 23 hours.";
    GET "/v1/widget/conversations/{conversation}/files/{file}" Conversation (-) (-) widget::file::file_get, "Gives a file out; `?inline` for pictures.";
    DELETE "/v1/widget/conversations/{conversation}/files/{file}" Conversation (-) (-) widget::file::file_delete, "Takes a file back that was not sent.";
    GET "/v1/widget/conversations/{conversation}/live" Ticket (-) (-) live::live_get, "The conversation's WebSocket; `Sec-WebSocket-Protocol: loquet.v1, <ticket>`.";
    GET "/v1/admin/door" Public (-) (sign_in::Door) admin::door::door_get, "What the front door must know: whether anybody may sign up, and to which documents.";
    GET "/v1/admin/documents/{document}" Public (-) (-) admin::door::document_get, "The exact text of `terms` or `dpa`, as Markdown.";
    POST "/v1/admin/sign-up" Door (sign_in::SignUp) (sign_in::CodeAsked) admin::door::sign_up_post, "Signs up: a code goes to the address. The answer is the same for an address that has an account.";
    POST "/v1/admin/sign-in" Door (sign_in::SignIn) (sign_in::CodeAsked) admin::door::sign_in_post, "Asks for a code. The answer is the same for an address that nobody has.";
    POST "/v1/admin/sign-in/code" Door (sign_in::CodeGiven) (sign_in::SignedIn) admin::door::code_post, "Signs in with a code, in the browser that asked for it.";
    POST "/v1/admin/invitations/look" Door (sign_in::InvitationLink) (sign_in::InvitationOffer) admin::door::invitation_look_post, "What an invitation offers, for whoever holds its link.";
    POST "/v1/admin/invitations/join" Door (sign_in::InvitationJoin) (sign_in::SignedIn) admin::door::invitation_join_post, "Joins a team as somebody new; the link proves the address.";
    POST "/v1/admin/invitations/accept" Account (sign_in::InvitationLink) (-) admin::account::invitation_accept_post, "Accepts an invitation that was sent to one's own address.";
    POST "/v1/admin/sign-in/passkey/challenge" Door (-) (passkey::PasskeyChallenge) admin::passkey::challenge_post, "A challenge to sign in with a passkey, for five minutes.";
    POST "/v1/admin/sign-in/passkey" Door (passkey::PasskeySigned) (sign_in::SignedIn) admin::passkey::sign_in_post, "Signs in with a passkey.";
    POST "/v1/admin/email/stop" Door (account::StopEmailChange) (-) admin::door::email_stop_post, "Stops a change of address by the link in the mail to the old one, and signs out everywhere.";
    DELETE "/v1/admin/cookies" Door (-) (-) admin::door::cookies_delete, "Clears the dashboard's cookies and signs out.";
    GET "/v1/admin/session" Account (-) (account::Me) admin::account::session_get, "Who is signed in, their businesses, and the token against forged requests.";
    POST "/v1/admin/sign-out" Account (-) (-) admin::account::sign_out_post, "Ends this session.";
    GET "/v1/admin/sessions" Account (-) (account::Sessions) admin::account::sessions_get, "The devices that are signed in.";
    DELETE "/v1/admin/sessions/{session}" Account (-) (-) admin::account::session_delete, "Signs a device out.";
    PUT "/v1/admin/account" Account (account::ChangeAccount) (-) admin::account::account_put, "Changes one's own name and language.";
    PUT "/v1/admin/account/preferences" Account (account::ChangePreferences) (-) admin::account::preferences_put, "Says whether use may be counted; no is where everybody begins.";
    POST "/v1/admin/account/email" Account (account::ChangeEmail) (sign_in::CodeAsked) admin::account::email_post, "Asks to change one's address: a code goes to the new one.";
    POST "/v1/admin/account/email/code" Account (sign_in::CodeGiven) (account::EmailConfirmed) admin::account::email_code_post, "Proves the new address; it replaces the old one in two days.";
    DELETE "/v1/admin/account/email" Account (-) (-) admin::account::email_delete, "Stops a change of one's address.";
    GET "/v1/admin/passkeys" Account (-) (passkey::Passkeys) admin::passkey::passkeys_get, "One's own passkeys.";
    POST "/v1/admin/passkeys/offer" Account (-) (passkey::PasskeyOffer) admin::passkey::offer_post, "What the browser needs to make a passkey.";
    POST "/v1/admin/passkeys" Account (passkey::PasskeyMade) (-) admin::passkey::passkey_post, "Adds a passkey.";
    DELETE "/v1/admin/passkeys/{passkey}" Account (-) (-) admin::passkey::passkey_delete, "Removes a passkey.";
    GET "/v1/admin/operator/businesses" Operator (-) (operator::OperatedBusinesses) admin::operator::businesses_get, "The deployment's businesses, newest first; never content.";
    GET "/v1/admin/operator/jobs" Operator (-) (operator::OperatedJobs) admin::operator::jobs_get, "The deployment's jobs and when they last ran well.";
    POST "/v1/admin/businesses" Account (business::OpenBusiness) (business::OpenedBusiness) admin::account::business_post, "Opens a further business, with its first site.";
    GET "/v1/admin/businesses/{business}" Member[BusinessRead] (-) (business::Business) admin::business::business_get, "A business: profile and sites.";
    PUT "/v1/admin/businesses/{business}" Member[BusinessWrite] (business::BusinessProfile) (-) admin::business::business_put, "Changes what a business says of itself.";
    GET "/v1/admin/businesses/{business}/acceptances" Member[BusinessRead] (-) (business::Acceptances) admin::business::acceptances_get, "Which documents were agreed to, when and by whom.";
    PUT "/v1/admin/businesses/{business}/sites/{site}/origins" Member[SiteWrite] (business::ChangeOrigins) (-) admin::site::origins_put, "Says which pages may embed a site's chat.";
    GET "/v1/admin/businesses/{business}/team" Member[TeamRead] (-) (team::Team) admin::team::team_get, "The team, and open invitations for those who may invite.";
    PUT "/v1/admin/businesses/{business}/members/{account}" Member[MemberWrite] (team::ChangeRole) (-) admin::team::member_put, "Changes a member's role.";
    DELETE "/v1/admin/businesses/{business}/members/{account}" Member[MemberWrite] (-) (-) admin::team::member_delete, "Sends a member away; their API tokens go with them.";
    POST "/v1/admin/businesses/{business}/leave" Member[Leave] (-) (-) admin::team::leave_post, "Leaves the team; the last owner can't.";
    POST "/v1/admin/businesses/{business}/transfer" Member[Transfer] (team::TransferOwnership) (-) admin::team::transfer_post, "Hands the business over to a member.";
    POST "/v1/admin/businesses/{business}/invitations" Member[Invite] (team::Invite) (team::Invited) admin::team::invitation_post, "Invites somebody by mail, for seven days.";
    DELETE "/v1/admin/businesses/{business}/invitations/{invitation}" Member[Invite] (-) (-) admin::team::invitation_delete, "Takes an invitation back.";
    GET "/v1/admin/businesses/{business}/tokens" Member[TokenRead] (-) (token::ApiTokens) admin::token::tokens_get, "The living API tokens.";
    POST "/v1/admin/businesses/{business}/tokens" Member[TokenWrite] (token::MakeApiToken) (token::MadeApiToken) admin::token::token_post, "Makes an API token; it is shown this once.";
    DELETE "/v1/admin/businesses/{business}/tokens/{token}" Member[TokenWrite] (-) (-) admin::token::token_delete, "Revokes an API token.";
    GET "/v1/admin/businesses/{business}/audit" Member[AuditRead] (-) (audit::AuditPage) admin::team::audit_get, "The audit log, newest first; `before` goes back.";
    GET "/demo/" Dev (-) (-) front::demo_get, "The demo host page.";
    GET "/demo/{*file}" Dev (-) (-) front::demo_get, "The demo host page's files.";
    POST "/hooks/resend" Signed (-) (-) hooks::resend::webhook_post, "Takes what the mail vendor tells: bounces and complaints.";
    GET "/dev/outbox" Dev (-) (-) dev::outbox_get, "The newest mails, as they would be sent.";
    GET "/dev/sign-in" Dev (-) (-) dev::sign_in_get, "Signs in as the owner of the demo's business.";
    POST "/dev/seed" Dev (-) (-) dev::seed_post, "Creates the demo's business, or brings it up to date.";
}

/// The router over a deployment.
pub fn router(edge: Edge) -> Router {
    let mut router = Router::new();
    for route in ROUTES {
        router = router.route(route.path, (route.handler)());
    }
    router.fallback(front::nothing).method_not_allowed_fallback(not_so).with_state(edge)
}

async fn not_so(State(edge): State<Edge>) -> Result<Response, ApiError> {
    Err(edge.problem(Kind::MethodRefused))
}
