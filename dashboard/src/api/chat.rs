//! The addresses by which the chat is set up: they come with the pages that ask for them.

use shared::id::SiteId;

use super::{Call, Reading, act, below, draw, get, post, tell};
use crate::json;
use crate::state::{Ask, SetUp, Setup, set_up};

/// A call of the chat's pages. `None` for what another part asks.
pub fn call(ask: &Ask) -> Option<Call> {
    let Ask::Setup(business, setup) = ask else { return None };
    setup_call(&below(*business, ""), setup)
}

/// The addresses below a business by which its chat is set up; those of the first steps come with the first program.
fn setup_call(below: &str, asked: &Setup) -> Option<Call> {
    let at = |site: &SiteId, rest: &str| format!("{below}/sites/{site}{rest}");
    let knowledge = |rest: &str| format!("{below}/knowledge{rest}");
    Some(match asked {
        Setup::Site(site) => get(at(site, ""), |it| set_up(SetUp::Site(it))),
        Setup::SiteOpen(body) => post(format!("{below}/sites"), body, |it| set_up(SetUp::Opened(it))),
        Setup::SiteChange(site, body) => tell("PUT", at(site, ""), body),
        Setup::Preview(site, body) => post(at(site, "/preview"), body, |it| set_up(SetUp::Preview(it))),
        Setup::IdentityMake(site) => draw(at(site, "/identity"), |it| set_up(SetUp::Identity(it))),
        Setup::IdentityDrop(site) => act("DELETE", at(site, "/identity")),
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
                let deliveries = json::read(text)?;
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
        Setup::KnowledgeChange(id, body) => tell("PUT", knowledge(&format!("/{id}")), body),
        Setup::KnowledgeDelete(id) => act("DELETE", knowledge(&format!("/{id}"))),
        Setup::Try(body) | Setup::Quick(body) => post(knowledge("/try"), body, |it| set_up(SetUp::Trial(it))),
        Setup::Snippet(_) | Setup::Check(..) | Setup::KnowledgeAdd(_) => return None,
    })
}
