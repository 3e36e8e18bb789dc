//! The addresses by which the business and one's own account are kept in order: they come with the pages that ask for them.

use super::{Call, act, below, draw, get, paged, post, record, tell};
use crate::state::{Answer, Ask};

/// A call of the house's pages. `None` for what another part asks.
pub fn call(ask: &Ask) -> Option<Call> {
    let call = match ask {
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
        Ask::BusinessChange(business, body) => tell("PUT", below(*business, ""), body),
        Ask::Acceptances(business) => get(below(*business, "/acceptances"), Answer::Acceptances),
        Ask::Team(business) => get(below(*business, "/team"), Answer::Team),
        Ask::Invite(business, body) => post(below(*business, "/invitations"), body, Answer::Invited),
        Ask::InvitationRevoke(business, invitation) => {
            act("DELETE", below(*business, &format!("/invitations/{invitation}")))
        }
        Ask::RoleChange(business, account, body) => {
            tell("PUT", below(*business, &format!("/members/{account}")), body)
        }
        Ask::MemberRemove(business, account) => {
            act("DELETE", below(*business, &format!("/members/{account}")))
        }
        Ask::Leave(business) => act("POST", below(*business, "/leave")),
        Ask::Transfer(business, body) => tell("POST", below(*business, "/transfer"), body),
        Ask::Leaving(asked) => record::leaving_call(*asked),
        Ask::Own(asked) => record::own_call(asked),
        Ask::OperatedBusinesses(before) => {
            get(paged("/operator/businesses", before.as_ref()), Answer::OperatedBusinesses)
        }
        Ask::OperatedJobs => get("/operator/jobs", Answer::OperatedJobs),
        Ask::OperatedQueues => get("/operator/queues", Answer::OperatedQueues),
        Ask::OperatedUses => get("/operator/uses", Answer::OperatedUses),
        _ => return None,
    };
    Some(call)
}
