//! Everything that the dashboard says to the edge: JSON over HTTPS, the session in a cookie that no script can read, and
//! the token against forged requests in a header.

mod inbox;
mod record;
mod socket;

use js_sys::{JSON, Reflect};
use leptos::prelude::window;
use serde::Serialize;
use serde::de::DeserializeOwned;
use shared::id::SiteId;
use shared::privacy::Secret;
use shared::time::Millis;
use shared::wire::admin::knowledge::WrittenKnowledge;
use shared::wire::admin::sign_in::SignedIn;
use shared::wire::problem::{Kind, Problem};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Response};

use crate::state::{Answer, Ask, Refusal, SetUp, Setup, set_up};

pub use inbox::{file_address, transcript_address};
pub use record::{COPY, ledger_address, map_address};
pub use socket::{Said, socket_close, socket_open, socket_say};

/// A call without an answer is given up after this.
const PATIENCE_MS: u32 = 30_000;

type Reading = Box<dyn FnOnce(&str) -> Option<Answer>>;

/// One call, and how its answer is read.
struct Call {
    method: &'static str,
    path: String,
    body: Option<String>,
    read: Reading,
}

fn reading<T: DeserializeOwned + 'static>(wrap: fn(T) -> Answer) -> Reading {
    Box::new(move |text| serde_json::from_str(text).ok().map(wrap))
}

fn get<T: DeserializeOwned + 'static>(path: impl AsRef<str>, wrap: fn(T) -> Answer) -> Call {
    Call { method: "GET", path: path.as_ref().to_owned(), body: None, read: reading(wrap) }
}

/// Says something that is answered with something.
fn post<T: DeserializeOwned + 'static>(
    path: impl AsRef<str>,
    body: &impl Serialize,
    wrap: fn(T) -> Answer,
) -> Call {
    Call { method: "POST", body: serde_json::to_string(body).ok(), ..get(path, wrap) }
}

/// Asks for something that is made on the spot.
fn draw<T: DeserializeOwned + 'static>(path: impl AsRef<str>, wrap: fn(T) -> Answer) -> Call {
    Call { method: "POST", ..get(path, wrap) }
}

/// Asks that something be done, without further words.
fn act(method: &'static str, path: impl AsRef<str>) -> Call {
    Call { method, path: path.as_ref().to_owned(), body: None, read: Box::new(|_| Some(Answer::Done)) }
}

/// Says something that is done or not.
fn tell(method: &'static str, path: impl AsRef<str>, body: &impl Serialize) -> Call {
    Call { body: serde_json::to_string(body).ok(), ..act(method, path) }
}

/// Every address of the API that the dashboard knows.
fn call(ask: &Ask) -> Call {
    let signed_in = |_: SignedIn| Answer::SignedIn;
    let below = |business, rest: &str| format!("/businesses/{business}{rest}");
    match ask {
        Ask::Door => get("/door", Answer::Door),
        Ask::Me => get("/session", |me| Answer::Me(Box::new(me))),
        Ask::SignIn(body) => post("/sign-in", body, Answer::Code),
        Ask::SignUp(body) => post("/sign-up", body, Answer::Code),
        Ask::Code(body) => post("/sign-in/code", body, signed_in),
        Ask::PasskeyChallenge => draw("/sign-in/passkey/challenge", Answer::Challenge),
        Ask::PasskeySigned(body) => post("/sign-in/passkey", body, signed_in),
        Ask::SignOut => act("POST", "/sign-out"),
        Ask::InvitationRead(body) => post("/invitations/look", body, Answer::Invitation),
        Ask::InvitationJoin(body) => post("/invitations/join", body, signed_in),
        Ask::InvitationAccept(body) => tell("POST", "/invitations/accept", body),
        Ask::EmailStop(body) => tell("POST", "/email/stop", body),
        Ask::AccountChange(body) => tell("PUT", "/account", body),
        Ask::PreferencesChange(body) => tell("PUT", "/account/preferences", body),
        Ask::EmailChange(body) => post("/account/email", body, Answer::Code),
        Ask::EmailCode(body) => post("/account/email/code", body, Answer::EmailConfirmed),
        Ask::EmailKeep => act("DELETE", "/account/email"),
        Ask::Sessions => get("/sessions", Answer::Sessions),
        Ask::SessionRevoke(session) => act("DELETE", format!("/sessions/{session}")),
        Ask::Passkeys => get("/passkeys", Answer::Passkeys),
        Ask::PasskeyOffer => draw("/passkeys/offer", Answer::Offer),
        Ask::PasskeyMade(body) => tell("POST", "/passkeys", body),
        Ask::PasskeyRemove(passkey) => act("DELETE", format!("/passkeys/{passkey}")),
        Ask::BusinessOpen(body) => post("/businesses", body, Answer::Opened),
        Ask::Business(business) => get(below(business, ""), |it| Answer::Business(Box::new(it))),
        Ask::BusinessChange(business, body) => tell("PUT", below(business, ""), body),
        Ask::OriginsChange(business, site, body) => {
            tell("PUT", below(business, &format!("/sites/{site}/origins")), body)
        }
        Ask::Acceptances(business) => get(below(business, "/acceptances"), Answer::Acceptances),
        Ask::Team(business) => get(below(business, "/team"), Answer::Team),
        Ask::Invite(business, body) => post(below(business, "/invitations"), body, Answer::Invited),
        Ask::InvitationRevoke(business, invitation) => {
            act("DELETE", below(business, &format!("/invitations/{invitation}")))
        }
        Ask::RoleChange(business, account, body) => {
            tell("PUT", below(business, &format!("/members/{account}")), body)
        }
        Ask::MemberRemove(business, account) => {
            act("DELETE", below(business, &format!("/members/{account}")))
        }
        Ask::Leave(business) => act("POST", below(business, "/leave")),
        Ask::Transfer(business, body) => tell("POST", below(business, "/transfer"), body),
        Ask::Tokens(business) => get(below(business, "/tokens"), Answer::Tokens),
        Ask::TokenMake(business, body) => {
            post(below(business, "/tokens"), body, |made| Answer::TokenMade(Box::new(made)))
        }
        Ask::TokenRevoke(business, token) => act("DELETE", below(business, &format!("/tokens/{token}"))),
        Ask::Setup(business, setup) => setup_call(&below(business, ""), setup),
        Ask::Record(business, asked) => record::call(&below(business, ""), asked),
        Ask::Leaving(asked) => record::leaving_call(*asked),
        Ask::Audit(business, before) => {
            get(paged(&below(business, "/audit"), before.as_ref()), Answer::Audit)
        }
        Ask::Inbox(business, ask) => inbox::call(*business, ask),
        Ask::Numbers(business, window) => {
            let site = window.site.map(|site| format!("&site={site}")).unwrap_or_default();
            let path = below(business, &format!("/numbers?days={}{site}", window.days));
            get(path, |numbers| Answer::Numbers(Box::new(numbers)))
        }
        Ask::Questions(business, before) => {
            get(paged(&below(business, "/questions"), before.as_ref()), Answer::Questions)
        }
        Ask::QuestionAnswer(business, message, body) => {
            tell("POST", below(business, &format!("/questions/{message}/answer")), body)
        }
        Ask::QuestionPutAside(business, message) => {
            act("DELETE", below(business, &format!("/questions/{message}")))
        }
        Ask::Comments(business, before) => {
            let before = before.map(Millis::as_i64);
            get(paged(&below(business, "/numbers/comments"), before.as_ref()), Answer::Comments)
        }
        Ask::UseCount(name) => tell("POST", "/account/use", &serde_json::json!({ "name": name })),
        Ask::OperatedBusinesses(before) => {
            get(paged("/operator/businesses", before.as_ref()), Answer::OperatedBusinesses)
        }
        Ask::OperatedJobs => get("/operator/jobs", Answer::OperatedJobs),
    }
}

/// Every address below a business by which its chat is set up.
fn setup_call(below: &str, asked: &Setup) -> Call {
    let at = |site: &SiteId, rest: &str| format!("{below}/sites/{site}{rest}");
    let knowledge = |rest: &str| format!("{below}/knowledge{rest}");
    match asked {
        Setup::Site(site) => get(at(site, ""), |it| set_up(SetUp::Site(it))),
        Setup::SiteOpen(body) => post(format!("{below}/sites"), body, |it| set_up(SetUp::Opened(it))),
        Setup::SiteChange(site, body) => tell("PUT", at(site, ""), body),
        Setup::Preview(site, body) => post(at(site, "/preview"), body, |it| set_up(SetUp::Preview(it))),
        Setup::IdentityMake(site) => draw(at(site, "/identity"), |it| set_up(SetUp::Identity(it))),
        Setup::IdentityDrop(site) => act("DELETE", at(site, "/identity")),
        Setup::Snippet(site) => get(at(site, "/snippet"), |it| set_up(SetUp::Snippet(it))),
        Setup::Check(site, body) => post(at(site, "/check"), body, |it| set_up(SetUp::Checked(it))),
        Setup::Vendors => get(format!("{below}/vendors"), |it| set_up(SetUp::Vendors(it))),
        Setup::VendorSet(name, body) => tell("PUT", format!("{below}/vendors/{name}"), body),
        Setup::VendorDrop(name) => act("DELETE", format!("{below}/vendors/{name}")),
        Setup::VendorTest(name) => {
            draw(format!("{below}/vendors/{name}/test"), |it| set_up(SetUp::VendorTested(it)))
        }
        Setup::Webhooks => get(format!("{below}/webhooks"), |it| set_up(SetUp::Webhooks(it))),
        Setup::WebhookMake(body) => {
            post(format!("{below}/webhooks"), body, |it| set_up(SetUp::WebhookMade(it)))
        }
        Setup::WebhookChange(id, body) => tell("PUT", format!("{below}/webhooks/{id}"), body),
        Setup::WebhookRotate(id) => {
            draw(format!("{below}/webhooks/{id}/secret"), |it| set_up(SetUp::WebhookMade(it)))
        }
        Setup::WebhookDrop(id) => act("DELETE", format!("{below}/webhooks/{id}")),
        Setup::WebhookTest(id) => act("POST", format!("{below}/webhooks/{id}/test")),
        Setup::Deliveries(id) => {
            let id = *id;
            let read: Reading = Box::new(move |text| {
                let deliveries = serde_json::from_str(text).ok()?;
                Some(set_up(SetUp::Deliveries(id, deliveries)))
            });
            Call { read, ..act("GET", format!("{below}/webhooks/{id}/deliveries")) }
        }
        Setup::Replay(id, event) => act("POST", format!("{below}/webhooks/{id}/deliveries/{event}/replay")),
        Setup::Knowledge(query) => {
            let encoded = |text: &str| String::from(js_sys::encode_uri_component(text));
            let before = query.before.map(|id| format!("&before={id}")).unwrap_or_default();
            let (words, locale) = (encoded(&query.words), encoded(&query.locale));
            get(knowledge(&format!("?q={words}&locale={locale}{before}")), |it| set_up(SetUp::Knowledge(it)))
        }
        Setup::KnowledgeAdd(body) => {
            post(knowledge(""), body, |_: WrittenKnowledge| set_up(SetUp::KnowledgeAdded))
        }
        Setup::KnowledgeChange(id, body) => tell("PUT", knowledge(&format!("/{id}")), body),
        Setup::KnowledgeDelete(id) => act("DELETE", knowledge(&format!("/{id}"))),
        Setup::Try(body) => post(knowledge("/try"), body, |it| set_up(SetUp::Trial(it))),
    }
}

fn paged(path: &str, before: Option<&impl std::fmt::Display>) -> String {
    before.map_or_else(|| path.to_owned(), |before| format!("{path}?before={before}"))
}

/// Asks, and reads what is answered.
pub async fn ask(ask: &Ask, csrf: Option<&Secret<String>>) -> Result<Answer, Refusal> {
    let Call { method, path, body, read } = call(ask);
    let path = format!("/v1/admin{path}");
    let (status, text) = fetch(method, &path, body.as_deref(), csrf).await.ok_or(Refusal::Network)?;
    if (200..300).contains(&status) {
        // An answer of another shape comes from an edge that this page is too old for.
        return read(&text).ok_or(Refusal::of(Kind::Internal));
    }
    Err(match serde_json::from_str::<Problem>(&text) {
        Ok(problem) => Refusal::from_problem(&problem),
        // Something between here and the edge answered in its place.
        Err(_) => Refusal::of(Kind::Unavailable),
    })
}

/// A file of the dashboard's own, as text.
pub async fn file(path: &str) -> Option<String> {
    let response = JsFuture::from(window().fetch_with_str(path)).await.ok()?;
    text_of(&response.unchecked_into()).await
}

/// What `fetch` is told besides the address.
#[derive(Serialize)]
struct Init<'a> {
    method: &'a str,
    headers: Headers<'a>,
    credentials: &'a str,
    cache: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<&'a str>,
}

#[derive(Serialize)]
struct Headers<'a> {
    #[serde(rename = "x-loquet-csrf", skip_serializing_if = "Option::is_none")]
    csrf: Option<&'a str>,
    #[serde(rename = "content-type", skip_serializing_if = "Option::is_none")]
    content_type: Option<&'a str>,
}

async fn fetch(
    method: &str,
    path: &str,
    body: Option<&str>,
    csrf: Option<&Secret<String>>,
) -> Option<(u16, String)> {
    let csrf = csrf.filter(|_| method != "GET").map(|csrf| csrf.expose().as_str());
    let init = Init {
        method,
        headers: Headers { csrf, content_type: body.map(|_| "application/json") },
        credentials: "same-origin",
        cache: "no-store",
        body,
    };
    let init = JSON::parse(&serde_json::to_string(&init).ok()?).ok()?;
    let patience = AbortSignal::timeout_with_u32(PATIENCE_MS);
    Reflect::set(&init, &"signal".into(), &patience).ok()?;
    let promise = window().fetch_with_str_and_init(path, init.unchecked_ref());
    let response: Response = JsFuture::from(promise).await.ok()?.unchecked_into();
    Some((response.status(), text_of(&response).await?))
}

async fn text_of(response: &Response) -> Option<String> {
    JsFuture::from(response.text().ok()?).await.ok()?.as_string()
}
