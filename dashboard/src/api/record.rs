//! Every address by which a business keeps its promises and reads what was counted, and by which somebody leaves.

use shared::id::BusinessId;
use shared::time::Millis;
use shared::wire::admin::request::{ExtendRequest, RefuseRequest};
use shared::wire::admin::retention::ChangeLimit;

use super::{Call, act, below, draw, get, paged, post, tell};
use crate::state::{Answer, Ask, Leaving, Left, Own, Record, Recorded, left, recorded};

/// Where the audit log is to be had as a file: of one deed, or of all.
pub fn audit_address(business: BusinessId, deed: &str) -> String {
    format!("/v1/admin/businesses/{business}/audit/export?deed={deed}")
}

/// A call of the record's pages. `None` for what another part asks.
pub fn call_ask(ask: &Ask) -> Option<Call> {
    let call = match ask {
        Ask::Record(business, asked) => call(&below(*business, ""), asked),
        Ask::Audit(business, deed, before) => {
            let before = before.map(|before| format!("&before={before}")).unwrap_or_default();
            get(below(*business, &format!("/audit?deed={deed}{before}")), Answer::Audit)
        }
        Ask::Tokens(business) => get(below(*business, "/tokens"), Answer::Tokens),
        Ask::TokenMake(business, body) => {
            post(below(*business, "/tokens"), body, |made| Answer::TokenMade(Box::new(made)))
        }
        Ask::TokenRevoke(business, token) => act("DELETE", below(*business, &format!("/tokens/{token}"))),
        Ask::Numbers(business, window) => {
            get(below(*business, &format!("/numbers?{}", window.query())), |numbers| {
                Answer::Numbers(Box::new(numbers))
            })
        }
        Ask::Questions(business, before) => {
            get(paged(&below(*business, "/questions"), before.as_ref()), Answer::Questions)
        }
        Ask::QuestionAnswer(business, message, body) => {
            tell("POST", below(*business, &format!("/questions/{message}/answer")), body)
        }
        Ask::QuestionPutAside(business, message) => {
            act("DELETE", below(*business, &format!("/questions/{message}")))
        }
        Ask::Comments(business, before) => {
            let before = before.map(Millis::as_i64);
            get(paged(&below(*business, "/numbers/comments"), before.as_ref()), Answer::Comments)
        }
        _ => return None,
    };
    Some(call)
}

/// An address below a business.
pub fn call(below: &str, asked: &Record) -> Call {
    let limit = |it| recorded(Recorded::Limit(it));
    match asked {
        Record::Limit(site) => get(format!("{below}/sites/{site}/limit"), limit),
        Record::LimitPreview(site, days) => {
            let days = days.map(|days| format!("?days={days}")).unwrap_or_default();
            get(format!("{below}/sites/{site}/limit{days}"), limit)
        }
        Record::LimitChange(site, days) => {
            let body = ChangeLimit { days: *days };
            let path = format!("{below}/sites/{site}/limit");
            Call { method: "PUT", ..post(path, &body, limit) }
        }
        Record::LimitUndo(site) => act("DELETE", format!("{below}/sites/{site}/limit")),
        Record::Requests => get(format!("{below}/requests"), |it| recorded(Recorded::Requests(it))),
        Record::RequestsAbout(about) => {
            get(format!("{below}/requests?conversation={about}"), |it| recorded(Recorded::Requests(it)))
        }
        Record::RequestEnter(body) => {
            post(format!("{below}/requests"), body, |it| recorded(Recorded::Entered(it)))
        }
        Record::RequestExtend(request, reason) => {
            tell("POST", format!("{below}/requests/{request}/extend"), &ExtendRequest { reason: *reason })
        }
        Record::RequestMeet(request) => act("POST", format!("{below}/requests/{request}/meet")),
        Record::RequestRefuse(request, reason) => {
            tell("POST", format!("{below}/requests/{request}/refuse"), &RefuseRequest { reason: *reason })
        }
        Record::Erasures(before) => {
            get(paged(&format!("{below}/erasures"), before.as_ref()), |it| recorded(Recorded::Erasures(it)))
        }
        Record::Consents(before) => {
            get(paged(&format!("{below}/consents"), before.as_ref()), |it| recorded(Recorded::Consents(it)))
        }
        Record::Notices => get(format!("{below}/notices"), |it| recorded(Recorded::Notices(it))),
        Record::DataMap => get(format!("{below}/data-map"), |it| recorded(Recorded::DataMap(it))),
    }
}

/// An address by which somebody leaves.
pub fn leaving_call(asked: Leaving) -> Call {
    let deletion = "/account/deletion";
    let asked_for: fn(_) -> Answer = |it| left(Left::Asked(it));
    match asked {
        Leaving::Read => get(deletion, |it| left(Left::Deletions(it))),
        Leaving::Account => draw(deletion, asked_for),
        Leaving::AccountKeep => act("DELETE", deletion),
        Leaving::Business(business) => draw(format!("/businesses/{business}/deletion"), asked_for),
        Leaving::BusinessKeep(business) => act("DELETE", format!("/businesses/{business}/deletion")),
        Leaving::Copy => get("/account/copy", |it| left(Left::Copy(it))),
    }
}

/// An address by which somebody uses their rights over their own data, or answers others.
pub fn own_call(asked: &Own) -> Call {
    let requests = "/account/requests";
    match asked {
        Own::Read => get(requests, Answer::Own),
        Own::Make(body) => tell("POST", requests, body),
        Own::Lift => act("DELETE", "/account/restriction"),
        Own::Operated => get("/operator/requests", Answer::Own),
        Own::Work(record) => call("/operator", record),
    }
}

/// Where one's own data is to be had as a file.
pub const COPY: &str = "/v1/admin/account/archive";

/// Where the ledger of consent is to be had as a file.
pub fn ledger_address(business: BusinessId, format: &str) -> String {
    format!("/v1/admin/businesses/{business}/consents/export?format={format}")
}

/// Where the record of processing is to be had as JSON.
pub fn map_address(business: BusinessId) -> String {
    format!("/v1/admin/businesses/{business}/data-map")
}
