//! The addresses that the first program needs: the door, who is there, and a business's first steps.

use serde::Serialize;
use shared::wire::admin::knowledge::WrittenKnowledge;
use shared::wire::admin::sign_in::SignedIn;

use super::{Call, act, below, draw, get, post, tell};
use crate::state::{Answer, Ask, SetUp, Setup, set_up};

/// A page or feature that was used.
#[derive(Serialize)]
struct Used {
    name: &'static str,
}

/// A call of the first program. `None` for what a part of the program asks, which then has the address.
pub fn call(ask: &Ask) -> Option<Call> {
    let signed_in = |_: SignedIn| Answer::SignedIn;
    let call = match ask {
        Ask::Door => get("/door", |door| Answer::Door(Box::new(door))),
        Ask::Me => get("/session", |me| Answer::Me(Box::new(me))),
        Ask::SignIn(body) => post("/sign-in", body, Answer::Code),
        Ask::SignUp(body) => post("/sign-up", body, Answer::Code),
        Ask::Code(body) => post("/sign-in/code", body, signed_in),
        Ask::PasskeyChallenge => draw("/sign-in/passkey/challenge", Answer::Challenge),
        Ask::PasskeySigned(body) => post("/sign-in/passkey", body, signed_in),
        Ask::SignOut => act("POST", "/sign-out"),
        Ask::CookiesClear => act("DELETE", "/cookies"),
        Ask::InvitationRead(body) => post("/invitations/look", body, Answer::Invitation),
        Ask::InvitationJoin(body) => post("/invitations/join", body, signed_in),
        Ask::InvitationAccept(body) => tell("POST", "/invitations/accept", body),
        Ask::EmailStop(body) => tell("POST", "/email/stop", body),
        Ask::BusinessOpen(body) => post("/businesses", body, Answer::Opened),
        Ask::Business(business) => get(below(*business, ""), |it| Answer::Business(Box::new(it))),
        Ask::OriginsChange(business, site, body) => {
            tell("PUT", below(*business, &format!("/sites/{site}/origins")), body)
        }
        Ask::Setup(business, setup) => return steps_call(&below(*business, ""), setup),
        Ask::UseCount(name) => tell("POST", "/account/use", &Used { name }),
        _ => return None,
    };
    Some(call)
}

/// What the first steps set up: the rest of it has its addresses in a part of its own.
fn steps_call(below: &str, asked: &Setup) -> Option<Call> {
    Some(match asked {
        Setup::Snippet(site) => get(format!("{below}/sites/{site}/snippet"), |it| set_up(SetUp::Snippet(it))),
        Setup::Check(site, body) => {
            post(format!("{below}/sites/{site}/check"), body, |it| set_up(SetUp::Checked(it)))
        }
        Setup::KnowledgeAdd(body) => {
            post(format!("{below}/knowledge"), body, |_: WrittenKnowledge| set_up(SetUp::KnowledgeAdded))
        }
        _ => return None,
    })
}
