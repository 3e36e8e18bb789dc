//! Every route, once: the router, the description and the tenancy test are made from this table.

use axum::Router;
use axum::extract::State;
use axum::middleware::map_response_with_state;
use axum::response::Response;
use axum::routing::{MethodRouter, delete, get, post, put};
use schemars::{Schema, SchemaGenerator};
use shared::wire;
use shared::wire::admin::{
    account, account_request, audit, business, deletion, inbox, install, knowledge, numbers, operator,
    passkey, proof, request, retention, sign_in, site, team, token, vendor, webhook,
};
use shared::wire::problem::Kind;

use super::access::Access;
use super::problem::ApiError;
use super::{Edge, admin, dev, front, headers, health, hooks, live, openapi, privacy, widget};
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
    /// The name of its handler: what a generated client calls it.
    pub operation: &'static str,
    /// Parameters of its query, each of which may be left out.
    pub query: &'static [&'static str],
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
    ($($method:ident $path:literal $access:ident $([$op:ident])? ($($request:tt)+) ($($response:tt)+) $handler:path, $summary:literal $(? $($query:literal),+)?;)+) => {
        /// Every route of the deployment.
        pub const ROUTES: &[Route] = &[$(Route {
            method: stringify!($method),
            path: $path,
            access: Access::$access $((Op::$op))?,
            summary: $summary,
            operation: stringify!($handler),
            query: &[$($($query),+)?],
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
    GET "/privacy/receipts" Public (-) (-) privacy::receipts::page_get, "A page on which anybody checks the receipt of an erasure.";
    POST "/privacy/receipts" Public (-) (-) privacy::receipts::page_post, "The same page, with what a pasted receipt is worth.";
    GET "/v1/privacy/receipts/keys" Public (-) (wire::receipt::ReceiptKeys) privacy::receipts::keys_get, "The public keys that receipts are and were signed by.";
    POST "/v1/privacy/receipts/check" Public (wire::receipt::SignedReceipt) (wire::receipt::CheckedReceipt) privacy::receipts::check_post, "Whether this deployment signed exactly these words.";
    POST "/v1/privacy/receipts/read" Public (wire::receipt::ReadReceipt) (wire::receipt::ErasureProgress) privacy::receipts::read_post, "How far an erasure is, and its receipt, for whoever holds its nonce.";
    GET "/privacy/{site}" Public (-) (-) privacy::page::page_get, "The visitor's privacy centre: the notice, generated from the schema's inventory.";
    GET "/privacy/page.js" Public (-) (-) privacy::page::script_get, "The privacy centre's script.";
    GET "/privacy/platform" Public (-) (-) privacy::platform::platform_get, "Who runs the deployment, what it holds about people with an account, and who processes it.";
    GET "/privacy/editions/{edition}" Public (-) (-) privacy::platform::edition_get, "An edition of the notice, also one that is over.";
    GET "/privacy/map" Public (-) (-) privacy::platform::map_get, "The record of processing, as a page.";
    GET "/privacy/map.json" Public (-) (-) privacy::platform::map_json_get, "The record of processing, for machines.";
    POST "/v1/privacy/sites/{site}/open" Public (wire::privacy::OpenByCode) (wire::privacy::OpenedByCode) privacy::rights::open_post, "Opens a conversation by a code: the one in the fragment, once, or the one to come back with.";
    POST "/v1/privacy/sites/{site}/codes" Public (wire::privacy::AskCode) (-) privacy::rights::code_post, "Mails a code to an address that was confirmed in a chat of the site; the answer is the same where none was.";
    POST "/v1/privacy/sites/{site}/reports" Public (wire::privacy::ReportChild) (-) privacy::rights::report_post, "Reports that a child's data is held.";
    POST "/v1/privacy/conversations/{conversation}/codes" Conversation (-) (wire::privacy::HandOver) privacy::rights::hand_over_post, "A code that hands the conversation over to its privacy centre, once, within two minutes.";
    POST "/v1/privacy/conversations/{conversation}/resume" Conversation (-) (wire::privacy::ResumeCode) privacy::rights::resume_post, "A code to come back with, shown this once; a new one replaces it.";
    POST "/v1/privacy/conversations/{conversation}/resume/mail" Conversation (-) (-) privacy::rights::resume_mail_post, "Mails a code to come back with to the address that was confirmed in the chat.";
    GET "/v1/privacy/conversations/{conversation}" Conversation (-) (wire::privacy::Held) privacy::rights::held_get, "What is held and until when, in short.";
    GET "/v1/privacy/conversations/{conversation}/copy" Conversation (-) (wire::privacy::Copy) privacy::rights::copy_get, "A copy of everything that is held; messages follow the cursor `after`." ? "after";
    GET "/v1/privacy/conversations/{conversation}/archive" Conversation (-) (-) privacy::rights::archive_get, "Everything that is held, as a ZIP of JSON.";
    POST "/v1/privacy/conversations/{conversation}/requests" Conversation (wire::privacy::MakeRequest) (wire::privacy::MadeRequest) privacy::rights::request_post, "Makes a request; what a machine can do is done at once.";
    DELETE "/v1/privacy/conversations/{conversation}/restriction" Conversation (-) (-) privacy::rights::restriction_delete, "Lets a conversation go on that was held still.";
    GET "/v1/widget/sites/{site}" Public (-) (wire::frame::Frame) widget::site::site_get, "Public settings of a site in one language." ? "locale";
    POST "/v1/widget/sites/{site}/visitors" Public (wire::widget::MintVisitor) (wire::widget::MintedVisitor) widget::site::visitor_post, "Mints a visitor's token for a page on an allowed origin.";
    POST "/v1/widget/sites/{site}/consents" Visitor (wire::consent::RecordConsent) (-) widget::consent::consent_post, "Records a choice in the consent ledger.";
    POST "/v1/widget/sites/{site}/conversations" Visitor (wire::widget::OpenConversation) (wire::widget::OpenedConversation) widget::conversation::conversation_post, "Opens a conversation with its first message.";
    POST "/v1/widget/conversations/{conversation}/messages" Conversation (wire::widget::SendMessage) (wire::widget::SentMessage) widget::conversation::message_post, "Sends a further message; the same draft twice is one message.";
    GET "/v1/widget/conversations/{conversation}/messages" Conversation (-) (wire::widget::Catchup) widget::conversation::messages_get, "What follows the cursor `after`." ? "after";
    POST "/v1/widget/conversations/{conversation}/person" Conversation (-) (-) widget::conversation::person_post, "Asks for a person; the notice comes as a message.";
    POST "/v1/widget/conversations/{conversation}/identity" Conversation (wire::identity::Identify) (-) widget::conversation::identity_post, "Says by a signed token whom the business calls this visitor.";
    POST "/v1/widget/conversations/{conversation}/tickets" Conversation (-) (wire::widget::Ticket) widget::conversation::ticket_post, "A ticket for one socket, for 30 seconds.";
    POST "/v1/widget/conversations/{conversation}/address" Conversation (wire::widget::LeaveAddress) (-) widget::address::address_post, "Leaves an address for answers that come while the visitor is away; a link goes there.";
    POST "/v1/widget/addresses/confirm" MailedLink (wire::widget::MailedLink) (wire::widget::ConfirmedAddress) widget::address::confirm_post, "Proves an address by the link that was mailed there.";
    POST "/v1/widget/return" MailedLink (wire::widget::MailedLink) (wire::widget::ReturnedConversation) widget::address::return_post, "Opens a conversation again by the link in a mail, once.";
    POST "/v1/widget/conversations/{conversation}/leave" Conversation (-) (-) widget::conversation::leave_post, "Ends the chat on this device: the token opens nothing any more.";
    GET "/v1/widget/conversations/{conversation}/satisfaction" Conversation (-) (wire::satisfaction::Asked) widget::satisfaction::satisfaction_get, "Whether the visitor may be asked how content they were, at the end.";
    POST "/v1/widget/conversations/{conversation}/satisfaction" Conversation (wire::satisfaction::Rate) (-) widget::satisfaction::satisfaction_post, "Says how content one was, 1 to 5; for an hour it may be said again.";
    POST "/v1/widget/conversations/{conversation}/files" Conversation (-) (wire::file::Attachment) widget::file::file_post, "Takes a file in, its bytes as the body and its name in `X-Loquet-File-Name`; it is sent with a message within 23 hours.";
    GET "/v1/widget/conversations/{conversation}/files/{file}" Conversation (-) (-) widget::file::file_get, "Gives a file out; `?inline` for pictures.";
    DELETE "/v1/widget/conversations/{conversation}/files/{file}" Conversation (-) (-) widget::file::file_delete, "Takes a file back that was not sent.";
    GET "/v1/widget/conversations/{conversation}/live" Ticket (-) (-) live::live_get, "The conversation's WebSocket; `Sec-WebSocket-Protocol: loquet.v1, <ticket>`.";
    GET "/v1/admin/door" Public (-) (sign_in::Door) admin::door::door_get, "What the front door must know: whether anybody may sign up, and to which documents.";
    GET "/v1/admin/documents/{document}" Public (-) (-) admin::door::document_get, "The exact text of `terms` or `dpa`, as it is in force or, by its hash, as it was; or a guide: `snippet`, `answers`, `accounts`, `mail`, `api`." ? "edition";
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
    POST "/v1/admin/account/use" Account (account::CountUse) (-) admin::account::use_post, "Counts a use of the dashboard, where one agreed to be counted; without that it does nothing.";
    POST "/v1/admin/account/email" Account (account::ChangeEmail) (sign_in::CodeAsked) admin::account::email_post, "Asks to change one's address: a code goes to the new one.";
    POST "/v1/admin/account/email/code" Account (sign_in::CodeGiven) (account::EmailConfirmed) admin::account::email_code_post, "Proves the new address; it replaces the old one in two days.";
    DELETE "/v1/admin/account/email" Account (-) (-) admin::account::email_delete, "Stops a change of one's address.";
    GET "/v1/admin/account/copy" Account (-) (deletion::AccountExport) admin::deletion::copy_get, "A copy of everything that is held about oneself, as JSON.";
    GET "/v1/admin/account/archive" Account (-) (-) admin::deletion::archive_get, "The same copy as a ZIP of JSON.";
    GET "/v1/admin/account/requests" Account (-) (account_request::OwnRequests) admin::account_request::requests_get, "What one asked for about one's own data, with what is left of each clock, and whether one is restricted.";
    POST "/v1/admin/account/requests" Account (account_request::MakeOwnRequest) (account_request::OwnRequest) admin::account_request::request_post, "Asks for a right over one's own data; a restriction and an objection to a purpose are met at once.";
    DELETE "/v1/admin/account/restriction" Account (-) (-) admin::account_request::restriction_delete, "Lifts the restriction of one's own account.";
    GET "/v1/admin/account/deletion" Account (-) (deletion::Deletions) admin::deletion::deletion_get, "What was asked to be deleted, what would go along, and what is in the way.";
    POST "/v1/admin/account/deletion" Account (-) (deletion::Deletion) admin::deletion::deletion_post, "Asks to delete one's own account, with the businesses that nobody else belongs to; in thirty days.";
    DELETE "/v1/admin/account/deletion" Account (-) (-) admin::deletion::deletion_delete, "Cancels the deletion of one's account.";
    GET "/v1/admin/passkeys" Account (-) (passkey::Passkeys) admin::passkey::passkeys_get, "One's own passkeys.";
    POST "/v1/admin/passkeys/offer" Account (-) (passkey::PasskeyOffer) admin::passkey::offer_post, "What the browser needs to make a passkey.";
    POST "/v1/admin/passkeys" Account (passkey::PasskeyMade) (-) admin::passkey::passkey_post, "Adds a passkey.";
    DELETE "/v1/admin/passkeys/{passkey}" Account (-) (-) admin::passkey::passkey_delete, "Removes a passkey.";
    GET "/v1/admin/operator/businesses" Operator (-) (operator::OperatedBusinesses) admin::operator::businesses_get, "The deployment's businesses, newest first; never content." ? "before";
    GET "/v1/admin/operator/jobs" Operator (-) (operator::OperatedJobs) admin::operator::jobs_get, "The deployment's jobs and when they last ran well.";
    GET "/v1/admin/operator/requests" Operator (-) (account_request::OwnRequests) admin::account_request::operated_get, "What people who sign in asked for about their own data and nobody has answered, the one with the fewest days left leading.";
    POST "/v1/admin/operator/requests/{request}/extend" Operator (request::ExtendRequest) (-) admin::account_request::extend_post, "Extends such a request by sixty days, once, with its reason.";
    POST "/v1/admin/operator/requests/{request}/meet" Operator (-) (-) admin::account_request::meet_post, "Says that such a request is met.";
    POST "/v1/admin/operator/requests/{request}/refuse" Operator (request::RefuseRequest) (-) admin::account_request::refuse_post, "Refuses such a request, with its reason.";
    GET "/v1/admin/operator/due" Operator (-) (operator::DueClasses) admin::operator::due_get, "What time is over for, class by class: counted with the queries of the purge; `at` looks ahead." ? "at";
    GET "/v1/admin/operator/queues" Operator (-) (operator::OperatedQueues) admin::operator::queues_get, "What waits to be done in the whole deployment: mails, webhooks, erasures; counts alone.";
    GET "/v1/admin/operator/uses" Operator (-) (operator::CountedUses) admin::operator::uses_get, "How the dashboard was used, by those who agreed to be counted: days with five uses or more.";
    POST "/v1/admin/businesses" Account (business::OpenBusiness) (business::OpenedBusiness) admin::account::business_post, "Opens a further business, with its first site.";
    GET "/v1/admin/businesses/{business}" Member[BusinessRead] (-) (business::Business) admin::business::business_get, "A business: profile and sites.";
    PUT "/v1/admin/businesses/{business}" Member[BusinessWrite] (business::BusinessProfile) (-) admin::business::business_put, "Changes what a business says of itself.";
    GET "/v1/admin/businesses/{business}/acceptances" Member[BusinessRead] (-) (business::Acceptances) admin::business::acceptances_get, "Which documents were agreed to, when and by whom.";
    POST "/v1/admin/businesses/{business}/sites" Member[SiteWrite] (site::OpenSite) (site::OpenedSite) admin::site::site_post, "Opens a further site: a copy of the first one, embedded nowhere yet.";
    GET "/v1/admin/businesses/{business}/sites/{site}" Member[SiteRead] (-) (site::Site) admin::site::site_get, "What a site is set to.";
    PUT "/v1/admin/businesses/{business}/sites/{site}" Member[SiteWrite] (site::SiteForm) (-) admin::site::site_put, "Changes what a site is set to; how long messages are kept has a delay of its own and stays.";
    POST "/v1/admin/businesses/{business}/sites/{site}/preview" Member[SiteRead] (site::AskPreview) (site::Preview) admin::site::preview_post, "Where a site can be looked at as it would be, for ten minutes; nothing is kept.";
    POST "/v1/admin/businesses/{business}/sites/{site}/identity" Member[SiteSecret] (-) (site::MadeIdentitySecret) admin::site::identity_post, "Makes the secret that names a site's visitors; it is shown this once, and the one before it counts for a day more.";
    DELETE "/v1/admin/businesses/{business}/sites/{site}/identity" Member[SiteSecret] (-) (-) admin::site::identity_delete, "Takes the secret away: no token names anybody any more.";
    GET "/v1/admin/businesses/{business}/sites/{site}/snippet" Member[SiteRead] (-) (install::Snippet) admin::install::snippet_get, "What to paste into a page, in each form, and the lines that its policy needs.";
    POST "/v1/admin/businesses/{business}/sites/{site}/check" Member[SiteCheck] (install::CheckInstall) (install::Installation) admin::install::check_post, "Looks at a page: whether the chat is on it, and whether the page's policy lets it run.";
    GET "/v1/admin/businesses/{business}/knowledge" Member[KnowledgeRead] (-) (knowledge::KnowledgePage) admin::knowledge::list_get, "What the business knows, newest first." ? "q", "locale", "before";
    POST "/v1/admin/businesses/{business}/knowledge" Member[KnowledgeWrite] (knowledge::WriteKnowledge) (knowledge::WrittenKnowledge) admin::knowledge::entry_post, "Adds an entry.";
    PUT "/v1/admin/businesses/{business}/knowledge/{knowledge}" Member[KnowledgeWrite] (knowledge::WriteKnowledge) (-) admin::knowledge::entry_put, "Changes an entry.";
    DELETE "/v1/admin/businesses/{business}/knowledge/{knowledge}" Member[KnowledgeWrite] (-) (-) admin::knowledge::entry_delete, "Deletes an entry.";
    POST "/v1/admin/businesses/{business}/knowledge/try" Member[KnowledgeRead] (knowledge::TryKnowledge) (knowledge::KnowledgeTrial) admin::knowledge::trial_post, "Tries a question: which entries fit, and what the built-in answerer says.";
    PUT "/v1/admin/businesses/{business}/sites/{site}/origins" Member[SiteWrite] (business::ChangeOrigins) (-) admin::site::origins_put, "Says which pages may embed a site's chat.";
    GET "/v1/admin/businesses/{business}/sites/{site}/limit" Member[SiteRead] (-) (retention::SiteLimit) admin::limit::limit_get, "How long a site keeps conversations, and what a limit of `days` would delete." ? "days";
    PUT "/v1/admin/businesses/{business}/sites/{site}/limit" Member[SiteWrite] (retention::ChangeLimit) (retention::SiteLimit) admin::limit::limit_put, "Asks for another limit; it takes effect after 24 hours.";
    DELETE "/v1/admin/businesses/{business}/sites/{site}/limit" Member[SiteWrite] (-) (-) admin::limit::limit_delete, "Takes a change of the limit back that has not taken effect.";
    GET "/v1/admin/businesses/{business}/vendors" Member[VendorRead] (-) (vendor::Vendors) admin::vendor::vendors_get, "The AI providers, and for which of them the business has a key of its own.";
    PUT "/v1/admin/businesses/{business}/vendors/{vendor}" Member[VendorWrite] (vendor::SetVendorKey) (-) admin::vendor::key_put, "Takes a key over, which replaces the deployment's; it is never shown again.";
    DELETE "/v1/admin/businesses/{business}/vendors/{vendor}" Member[VendorWrite] (-) (-) admin::vendor::key_delete, "Takes the business's own key away.";
    POST "/v1/admin/businesses/{business}/vendors/{vendor}/test" Member[VendorWrite] (-) (vendor::TestedVendor) admin::vendor::test_post, "Tries the business's own key with one short question.";
    GET "/v1/admin/businesses/{business}/webhooks" Member[WebhookRead] (-) (webhook::Webhooks) admin::webhook::webhooks_get, "The doors of the business's own systems to which events are told.";
    POST "/v1/admin/businesses/{business}/webhooks" Member[WebhookWrite] (webhook::WriteWebhook) (webhook::MadeWebhook) admin::webhook::webhook_post, "Makes a door; its secret is shown this once.";
    PUT "/v1/admin/businesses/{business}/webhooks/{webhook}" Member[WebhookWrite] (webhook::WriteWebhook) (-) admin::webhook::webhook_put, "Changes a door.";
    DELETE "/v1/admin/businesses/{business}/webhooks/{webhook}" Member[WebhookWrite] (-) (-) admin::webhook::webhook_delete, "Takes a door away, with what was told to it.";
    POST "/v1/admin/businesses/{business}/webhooks/{webhook}/secret" Member[WebhookWrite] (-) (webhook::MadeWebhook) admin::webhook::secret_post, "Another secret for a door, from now on; it is shown this once.";
    POST "/v1/admin/businesses/{business}/webhooks/{webhook}/test" Member[WebhookWrite] (-) (-) admin::webhook::test_post, "Tells a door something that means nothing, to see whether it hears.";
    GET "/v1/admin/businesses/{business}/webhooks/{webhook}/deliveries" Member[WebhookRead] (-) (webhook::HookDeliveries) admin::webhook::deliveries_get, "What was told to a door, newest first.";
    POST "/v1/admin/businesses/{business}/webhooks/{webhook}/deliveries/{event}/replay" Member[WebhookWrite] (-) (-) admin::webhook::replay_post, "Tells an event again, under the same id.";
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
    GET "/v1/admin/businesses/{business}/numbers" Member[NumbersRead] (-) (numbers::Numbers) admin::numbers::numbers_get, "What is counted of the last `days`, or of a period `from` and `to` as UTC days; `site` for one site." ? "days", "from", "to", "site";
    GET "/v1/admin/businesses/{business}/numbers/export" Member[NumbersRead] (-) (-) admin::numbers::export_get, "A table of the numbers as a file: `table` days, sites or models, `format` csv or json, and the period." ? "table", "format", "days", "from", "to", "site";
    GET "/v1/admin/businesses/{business}/numbers/comments" Member[QuestionsRead] (-) (numbers::CommentPage) admin::numbers::comments_get, "What visitors said about conversations, newest first; `before` goes back." ? "before";
    GET "/v1/admin/businesses/{business}/questions" Member[QuestionsRead] (-) (numbers::QuestionPage) admin::numbers::questions_get, "Questions to which nothing was found, newest first; `before` goes back." ? "before";
    POST "/v1/admin/businesses/{business}/questions/{message}/answer" Member[QuestionsWrite] (knowledge::WriteKnowledge) (-) admin::numbers::answer_post, "Writes the answer to a question into the knowledge, and settles the question.";
    DELETE "/v1/admin/businesses/{business}/questions/{message}" Member[QuestionsWrite] (-) (-) admin::numbers::question_delete, "Puts a question aside; its conversation stays as it is.";
    GET "/v1/admin/businesses/{business}/audit" Member[AuditRead] (-) (audit::AuditPage) admin::team::audit_get, "The audit log, newest first; `before` goes back, `deed` keeps to one." ? "before", "deed";
    GET "/v1/admin/businesses/{business}/audit/export" Member[AuditRead] (-) (-) admin::team::audit_export_get, "The newest 5,000 lines of the audit log as CSV; `deed` keeps to one." ? "deed";
    POST "/v1/admin/businesses/{business}/conversations/{conversation}/files" Member[FileWrite] (-) (wire::file::Attachment) admin::file::file_post, "Takes a file in, its bytes as the body and its name in `X-Loquet-File-Name`; it goes with an answer.";
    GET "/v1/admin/businesses/{business}/conversations/{conversation}/files/{file}" Member[FileRead] (-) (-) admin::file::file_get, "Gives a file out; `?inline` for pictures. The audit log says who read it.";
    DELETE "/v1/admin/businesses/{business}/conversations/{conversation}/files/{file}" Member[FileWrite] (-) (-) admin::file::file_delete, "Takes a file back that was not sent.";
    GET "/v1/admin/businesses/{business}/conversations" Member[ConversationRead] (-) (inbox::list::ConversationPage) admin::inbox::conversations_get, "The list, newest message first; parameters filter it, `before` goes back.";
    GET "/v1/admin/businesses/{business}/conversations/changes" Member[ConversationRead] (-) (inbox::list::InboxChanges) admin::inbox::changes_get, "What happened after the cursor `after`: each conversation once, as it is now.";
    GET "/v1/admin/businesses/{business}/conversations/counts" Member[ConversationRead] (-) (inbox::list::InboxCounts) admin::inbox::counts_get, "How many conversations of each kind there are, up to 100.";
    POST "/v1/admin/businesses/{business}/conversations/search" Member[ConversationRead] (inbox::list::Search) (inbox::list::SearchPage) admin::inbox::search_post, "Looks for words in the next 1,000 conversations and says how far back it looked.";
    POST "/v1/admin/businesses/{business}/conversations/bulk" Member[ConversationAnswer] (inbox::deed::BulkChange) (inbox::deed::BulkDone) admin::desk::bulk_post, "Does something to 50 conversations at most.";
    GET "/v1/admin/businesses/{business}/conversations/{conversation}" Member[ConversationRead] (-) (inbox::conversation::ConversationView) admin::inbox::conversation_get, "One conversation: its row, its visitor, its newest messages and notes. It stands in the audit log.";
    GET "/v1/admin/businesses/{business}/conversations/{conversation}/messages" Member[ConversationRead] (-) (inbox::conversation::DeskCatchup) admin::inbox::messages_get, "Messages and notes after `after` and `after_note`, or before `before`.";
    GET "/v1/admin/businesses/{business}/conversations/{conversation}/transcript" Member[ConversationRead] (-) (-) admin::inbox::transcript_get, "A transcript as a file: `format=text` or `json`.";
    PUT "/v1/admin/businesses/{business}/conversations/{conversation}/read" Member[ConversationRead] (inbox::deed::MarkRead) (inbox::list::ConversationRow) admin::desk::read_put, "Says how far one has read.";
    POST "/v1/admin/businesses/{business}/conversations/{conversation}/take" Member[ConversationAnswer] (inbox::deed::TakeOver) (inbox::list::ConversationRow) admin::desk::take_post, "Takes a conversation over: no message of a machine gets in any more.";
    POST "/v1/admin/businesses/{business}/conversations/{conversation}/give-back" Member[ConversationAnswer] (-) (inbox::list::ConversationRow) admin::desk::give_back_post, "Gives a conversation back to the machine.";
    POST "/v1/admin/businesses/{business}/conversations/{conversation}/replies" Member[ConversationAnswer] (inbox::deed::WriteReply) (inbox::deed::SentReply) admin::desk::reply_post, "Answers the visitor; the same draft twice is one answer.";
    POST "/v1/admin/businesses/{business}/conversations/{conversation}/notes" Member[ConversationAnswer] (inbox::deed::WriteNote) (inbox::conversation::Note) admin::desk::note_post, "Tells colleagues something that visitors never see.";
    DELETE "/v1/admin/businesses/{business}/conversations/{conversation}/notes/{note}" Member[ConversationAnswer] (-) (-) admin::desk::note_delete, "Takes one's own note back.";
    PUT "/v1/admin/businesses/{business}/conversations/{conversation}/assignee" Member[ConversationAnswer] (inbox::deed::Assign) (inbox::list::ConversationRow) admin::desk::assignee_put, "Says who looks after a conversation.";
    PUT "/v1/admin/businesses/{business}/conversations/{conversation}/labels" Member[ConversationAnswer] (inbox::deed::SetLabels) (inbox::list::ConversationRow) admin::desk::labels_put, "Says which labels a conversation carries.";
    PUT "/v1/admin/businesses/{business}/conversations/{conversation}/priority" Member[ConversationAnswer] (inbox::deed::SetPriority) (inbox::list::ConversationRow) admin::desk::priority_put, "Says how much a conversation matters.";
    POST "/v1/admin/businesses/{business}/conversations/{conversation}/snooze" Member[ConversationAnswer] (inbox::deed::Snooze) (inbox::list::ConversationRow) admin::desk::snooze_post, "Puts a conversation off.";
    POST "/v1/admin/businesses/{business}/conversations/{conversation}/wake" Member[ConversationAnswer] (-) (inbox::list::ConversationRow) admin::desk::wake_post, "Takes a conversation up again.";
    POST "/v1/admin/businesses/{business}/conversations/{conversation}/close" Member[ConversationAnswer] (-) (inbox::list::ConversationRow) admin::desk::close_post, "Ends a conversation.";
    POST "/v1/admin/businesses/{business}/conversations/{conversation}/reopen" Member[ConversationAnswer] (-) (inbox::list::ConversationRow) admin::desk::reopen_post, "Opens a conversation again.";
    PUT "/v1/admin/businesses/{business}/conversations/{conversation}/spam" Member[ConversationAnswer] (inbox::deed::MarkSpam) (inbox::list::ConversationRow) admin::desk::spam_put, "Marks a conversation as spam, or not.";
    PUT "/v1/admin/businesses/{business}/conversations/{conversation}/block" Member[ConversationAnswer] (inbox::deed::BlockVisitor) (inbox::list::ConversationRow) admin::desk::block_put, "Keeps the visitor from writing, or lets them again.";
    PUT "/v1/admin/businesses/{business}/conversations/{conversation}/hold" Member[HoldWrite] (inbox::deed::HoldConversation) (-) admin::desk::hold_put, "Holds a conversation for a legal claim or an authority: neither time nor an erasure deletes it until it is let go.";
    DELETE "/v1/admin/businesses/{business}/conversations/{conversation}/hold" Member[HoldWrite] (-) (-) admin::desk::hold_delete, "Lets go of a conversation: what is over goes, and an erasure that waited goes on.";
    POST "/v1/admin/businesses/{business}/conversations/{conversation}/draft" Member[ConversationAnswer] (inbox::deed::AskDraft) (inbox::deed::Suggestion) admin::desk::draft_post, "Asks a machine for a draft of an answer; nothing of it is kept or sent.";
    POST "/v1/admin/businesses/{business}/conversations/{conversation}/translate" Member[ConversationAnswer] (inbox::deed::AskTranslation) (inbox::deed::Suggestion) admin::desk::translate_post, "Asks a machine to translate; nothing of it is kept.";
    POST "/v1/admin/businesses/{business}/conversations/{conversation}/tickets" Member[InboxLive] (-) (wire::widget::Ticket) admin::inbox_live::conversation_ticket_post, "A ticket for one socket of a conversation, for 30 seconds.";
    GET "/v1/admin/businesses/{business}/conversations/{conversation}/live" DeskTicket (-) (-) admin::inbox_live::conversation_live_get, "A conversation's WebSocket for members; `Sec-WebSocket-Protocol: loquet.v1, <ticket>`.";
    POST "/v1/admin/businesses/{business}/inbox/tickets" Member[InboxLive] (-) (wire::widget::Ticket) admin::inbox_live::inbox_ticket_post, "A ticket for one socket of the inbox, for 30 seconds.";
    GET "/v1/admin/businesses/{business}/inbox/live" DeskTicket (-) (-) admin::inbox_live::inbox_live_get, "The inbox's WebSocket; `Sec-WebSocket-Protocol: loquet.v1, <ticket>`.";
    GET "/v1/admin/businesses/{business}/canned-replies" Member[ConversationRead] (-) (inbox::words::CannedReplies) admin::inbox_word::canned_replies_get, "The canned replies, by shortcut.";
    POST "/v1/admin/businesses/{business}/canned-replies" Member[InboxWrite] (inbox::words::PutCannedReply) (inbox::words::CannedReply) admin::inbox_word::canned_reply_post, "Adds a canned reply.";
    PUT "/v1/admin/businesses/{business}/canned-replies/{reply}" Member[InboxWrite] (inbox::words::PutCannedReply) (-) admin::inbox_word::canned_reply_put, "Changes a canned reply.";
    DELETE "/v1/admin/businesses/{business}/canned-replies/{reply}" Member[InboxWrite] (-) (-) admin::inbox_word::canned_reply_delete, "Deletes a canned reply.";
    GET "/v1/admin/businesses/{business}/labels" Member[ConversationRead] (-) (inbox::words::Labels) admin::inbox_word::labels_get, "The labels, by name.";
    POST "/v1/admin/businesses/{business}/labels" Member[LabelMake] (inbox::words::PutLabel) (inbox::words::Label) admin::inbox_word::label_post, "Adds a label.";
    PUT "/v1/admin/businesses/{business}/labels/{label}" Member[InboxWrite] (inbox::words::PutLabel) (-) admin::inbox_word::label_put, "Changes a label.";
    DELETE "/v1/admin/businesses/{business}/labels/{label}" Member[InboxWrite] (-) (-) admin::inbox_word::label_delete, "Deletes a label; no conversation carries it any more.";
    GET "/v1/admin/businesses/{business}/views" Member[ConversationRead] (-) (inbox::words::Views) admin::inbox_word::views_get, "The team's saved views and one's own.";
    POST "/v1/admin/businesses/{business}/views" Member[ViewWrite] (inbox::words::PutView) (inbox::words::View) admin::inbox_word::view_post, "Saves a view.";
    PUT "/v1/admin/businesses/{business}/views/{view}" Member[ViewWrite] (inbox::words::PutView) (-) admin::inbox_word::view_put, "Changes a saved view.";
    DELETE "/v1/admin/businesses/{business}/views/{view}" Member[ViewWrite] (-) (-) admin::inbox_word::view_delete, "Deletes a saved view.";
    GET "/v1/admin/businesses/{business}/hand-off" Member[ConversationRead] (-) (inbox::settings::HandOff) admin::inbox_word::hand_off_get, "When the machine hands over to people.";
    PUT "/v1/admin/businesses/{business}/hand-off" Member[InboxWrite] (inbox::settings::HandOff) (-) admin::inbox_word::hand_off_put, "Says when the machine hands over to people.";
    GET "/v1/admin/businesses/{business}/notifications" Member[ConversationRead] (-) (inbox::settings::Notifications) admin::inbox_word::notifications_get, "How one hears of conversations.";
    PUT "/v1/admin/businesses/{business}/notifications" Member[ConversationRead] (inbox::settings::Notifications) (-) admin::inbox_word::notifications_put, "Says how one hears of conversations.";
    POST "/v1/admin/businesses/{business}/deletion" Member[BusinessDelete] (-) (deletion::Deletion) admin::deletion::business_post, "Asks to delete the business, in thirty days; nobody else may belong to it.";
    DELETE "/v1/admin/businesses/{business}/deletion" Member[BusinessDelete] (-) (-) admin::deletion::business_delete, "Cancels the deletion of the business.";
    GET "/v1/admin/businesses/{business}/requests" Member[RequestRead] (-) (request::Requests) admin::request::requests_get, "What persons asked for about their data, with what is left of each clock; `conversation` keeps to what one is about." ? "conversation";
    POST "/v1/admin/businesses/{business}/requests" Member[RequestWrite] (request::EnterRequest) (wire::privacy::Request) admin::request::request_post, "Enters a request that came by mail, phone, letter or in person.";
    POST "/v1/admin/businesses/{business}/requests/{request}/extend" Member[RequestWrite] (request::ExtendRequest) (-) admin::request::extend_post, "Extends a request by sixty days, once, with its reason.";
    POST "/v1/admin/businesses/{business}/requests/{request}/meet" Member[RequestWrite] (-) (-) admin::request::meet_post, "Meets a request; one for erasure that names a conversation erases it.";
    POST "/v1/admin/businesses/{business}/requests/{request}/refuse" Member[RequestWrite] (request::RefuseRequest) (-) admin::request::refuse_post, "Refuses a request, with its reason.";
    GET "/v1/admin/businesses/{business}/consents" Member[RecordRead] (-) (request::ConsentProofs) admin::request::consents_get, "The ledger of consent with the exact words, newest first; `before` goes back.";
    GET "/v1/admin/businesses/{business}/consents/export" Member[RecordRead] (-) (-) admin::proof::consents_export_get, "The ledger as a file, newest first, 10,000 choices at most: `format` csv or json; `before` goes back." ? "format", "before";
    GET "/v1/admin/businesses/{business}/erasures" Member[RequestRead] (-) (proof::Erasures) admin::proof::erasures_get, "Erasures that somebody asked for, with their receipts, newest first; `before` goes back." ? "before";
    GET "/v1/admin/businesses/{business}/notices" Member[RecordRead] (-) (proof::NoticeEditions) admin::proof::notices_get, "The editions of the notice: in force, coming and past, and since when it says what it says of each site.";
    GET "/v1/admin/businesses/{business}/data-map" Member[RecordRead] (-) (request::DataMap) admin::request::data_map_get, "The record of processing activities (GDPR Art. 30).";
    GET "/demo/" Dev (-) (-) front::demo_get, "The demo host page.";
    GET "/demo/{*file}" Dev (-) (-) front::demo_get, "The demo host page's files.";
    POST "/hooks/resend" Signed (-) (-) hooks::resend::webhook_post, "Takes what the mail vendor tells: bounces and complaints.";
    GET "/dev/outbox" Dev (-) (-) dev::outbox_get, "The newest mails, as they would be sent.";
    GET "/dev/sign-in" Dev (-) (-) dev::sign_in_get, "Signs in as the owner of the demo's business.";
    GET "/dev/spent" Dev (-) (-) dev::spent_get, "What was asked of databases and buckets, for benchmarks.";
    POST "/dev/seed" Dev (-) (-) dev::seed_post, "Creates the demo's business, or brings it up to date.";
}

/// The router over a deployment.
pub fn router(edge: Edge) -> Router {
    let mut router = Router::new();
    for route in ROUTES {
        router = router.route(route.path, (route.handler)());
    }
    let router = router.fallback(front::nothing).method_not_allowed_fallback(not_so);
    router.layer(map_response_with_state(edge.clone(), headers::transport_guard)).with_state(edge)
}

async fn not_so(State(edge): State<Edge>) -> Result<Response, ApiError> {
    Err(edge.problem(Kind::MethodRefused))
}
