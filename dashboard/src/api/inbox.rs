//! The inbox's addresses.

use serde::Serialize;
use serde::de::DeserializeOwned;
use shared::id::{BusinessId, ConversationId, FileId};
use shared::wire::admin::inbox::list::{AssigneeIs, Filter};

use super::Call;
use crate::json;
use crate::state::inbox::{Deed, InboxAnswer, InboxAsk};
use crate::state::{Answer, Ask};

fn get<T: DeserializeOwned + 'static>(path: String, wrap: fn(T) -> InboxAnswer) -> Call {
    say("GET", path, &(), wrap)
}

fn draw<T: DeserializeOwned + 'static>(path: String, wrap: fn(T) -> InboxAnswer) -> Call {
    say("POST", path, &(), wrap)
}

/// Says something that is answered with something.
fn say<T: DeserializeOwned + 'static>(
    method: &'static str,
    path: String,
    body: &impl Serialize,
    wrap: fn(T) -> InboxAnswer,
) -> Call {
    let body = json::write(body).filter(|body| body != "null");
    let read = move |text: &str| json::read(text).map(|value| Answer::Inbox(Box::new(wrap(value))));
    Call { method, path, body, read: Box::new(read) }
}

/// Says something that is done or not.
fn tell(method: &'static str, path: String, body: &impl Serialize) -> Call {
    let body = json::write(body).filter(|body| body != "null");
    Call { method, path, body, read: Box::new(|_| Some(Answer::Inbox(Box::new(InboxAnswer::Done)))) }
}

/// A call of the inbox. `None` for what another part asks.
pub fn call(ask: &Ask) -> Option<Call> {
    let Ask::Inbox(business, ask) = ask else { return None };
    Some(call_below(*business, ask))
}

fn call_below(business: BusinessId, ask: &InboxAsk) -> Call {
    let below = |rest: &str| format!("/businesses/{business}{rest}");
    let of =
        |conversation: &ConversationId, rest: &str| below(&format!("/conversations/{conversation}{rest}"));
    match ask {
        InboxAsk::Page(filter, before) => {
            get(below(&format!("/conversations{}", query(filter, before.as_deref()))), InboxAnswer::Page)
        }
        InboxAsk::Search(search) => say("POST", below("/conversations/search"), search, InboxAnswer::Found),
        InboxAsk::Changes(after) => {
            get(below(&format!("/conversations/changes?after={after}")), InboxAnswer::Changes)
        }
        InboxAsk::Counts => get(below("/conversations/counts"), InboxAnswer::Counts),
        InboxAsk::Labels => get(below("/labels"), InboxAnswer::Labels),
        InboxAsk::Replies => get(below("/canned-replies"), InboxAnswer::Replies),
        InboxAsk::Views => get(below("/views"), InboxAnswer::Views),
        InboxAsk::Notifications => get(below("/notifications"), InboxAnswer::Notifications),
        InboxAsk::HandOff => get(below("/hand-off"), InboxAnswer::HandOff),
        InboxAsk::Open(conversation) => get(of(conversation, ""), InboxAnswer::Opened),
        InboxAsk::After(conversation, after) => {
            get(of(conversation, &format!("/messages?after={after}")), InboxAnswer::Catchup)
        }
        InboxAsk::Before(conversation, before) => {
            get(of(conversation, &format!("/messages?before={before}")), InboxAnswer::Catchup)
        }
        InboxAsk::ListTicket(_) => draw(below("/inbox/tickets"), InboxAnswer::Ticket),
        InboxAsk::ThreadTicket(conversation, _) => draw(of(conversation, "/tickets"), InboxAnswer::Ticket),
        InboxAsk::Deed(conversation, deed) => done(|rest| of(conversation, rest), deed),
        InboxAsk::Bulk(change) => say("POST", below("/conversations/bulk"), change, InboxAnswer::Rows),
        InboxAsk::Reply(conversation, reply) => {
            say("POST", of(conversation, "/replies"), reply, InboxAnswer::Sent)
        }
        InboxAsk::Note(conversation, note) => {
            say("POST", of(conversation, "/notes"), note, InboxAnswer::Noted)
        }
        InboxAsk::NoteDelete(conversation, note) => {
            tell("DELETE", of(conversation, &format!("/notes/{note}")), &())
        }
        InboxAsk::FileTakeBack(conversation, file) => {
            tell("DELETE", of(conversation, &format!("/files/{file}")), &())
        }
        InboxAsk::Draft(conversation, draft) => {
            say("POST", of(conversation, "/draft"), draft, InboxAnswer::Suggestion)
        }
        InboxAsk::Translation(conversation, _, words) => {
            say("POST", of(conversation, "/translate"), words, InboxAnswer::Suggestion)
        }
        InboxAsk::ReplyPut(None, reply) => tell("POST", below("/canned-replies"), reply),
        InboxAsk::ReplyPut(Some(id), reply) => tell("PUT", below(&format!("/canned-replies/{id}")), reply),
        InboxAsk::ReplyDelete(id) => tell("DELETE", below(&format!("/canned-replies/{id}")), &()),
        InboxAsk::LabelPut(None, label) => tell("POST", below("/labels"), label),
        InboxAsk::LabelPut(Some(id), label) => tell("PUT", below(&format!("/labels/{id}")), label),
        InboxAsk::LabelDelete(id) => tell("DELETE", below(&format!("/labels/{id}")), &()),
        InboxAsk::ViewMake(view) => tell("POST", below("/views"), view),
        InboxAsk::ViewPut(id, view) => tell("PUT", below(&format!("/views/{id}")), view),
        InboxAsk::ViewDelete(id) => tell("DELETE", below(&format!("/views/{id}")), &()),
        InboxAsk::NotificationsPut(choice) => tell("PUT", below("/notifications"), choice),
        InboxAsk::HandOffPut(rules) => tell("PUT", below("/hand-off"), rules),
    }
}

fn done(of: impl Fn(&str) -> String, deed: &Deed) -> Call {
    let row = InboxAnswer::Row;
    match deed {
        Deed::Read(body) => say("PUT", of("/read"), body, row),
        Deed::Take(body) => say("POST", of("/take"), body, row),
        Deed::GiveBack => draw(of("/give-back"), row),
        Deed::Assign(body) => say("PUT", of("/assignee"), body, row),
        Deed::Labels(body) => say("PUT", of("/labels"), body, row),
        Deed::Priority(body) => say("PUT", of("/priority"), body, row),
        Deed::Snooze(body) => say("POST", of("/snooze"), body, row),
        Deed::Wake => draw(of("/wake"), row),
        Deed::Close => draw(of("/close"), row),
        Deed::Reopen => draw(of("/reopen"), row),
        Deed::Spam(body) => say("PUT", of("/spam"), body, row),
        Deed::Block(body) => say("PUT", of("/block"), body, row),
    }
}

/// A filter as parameters of an address. Every value is of a closed list, an id or a language's tag.
fn query(filter: &Filter, before: Option<&str>) -> String {
    let assignee = filter.assignee.map(|whose| match whose {
        AssigneeIs::Me => "me".to_owned(),
        AssigneeIs::Nobody => "nobody".to_owned(),
        AssigneeIs::Member(member) => member.to_string(),
    });
    let yes = |on: bool| on.then(|| "true".to_owned());
    let parts = [
        ("work", filter.work.map(|work| work.as_str().to_owned())),
        ("assignee", assignee),
        ("unread", yes(filter.unread)),
        ("label", filter.label.map(|label| label.to_string())),
        ("priority", filter.priority.map(|priority| priority.as_str().to_owned())),
        ("site", filter.site.map(|site| site.to_string())),
        ("locale", filter.locale.clone()),
        ("spam", yes(filter.spam)),
        ("before", before.map(str::to_owned)),
    ];
    let parts: Vec<String> =
        parts.into_iter().filter_map(|(name, value)| Some(format!("{name}={}", value?))).collect();
    if parts.is_empty() { String::new() } else { format!("?{}", parts.join("&")) }
}

/// Where a file of a conversation is to be had.
pub fn file_address(business: BusinessId, conversation: ConversationId, file: FileId) -> String {
    format!("/v1/admin/businesses/{business}/conversations/{conversation}/files/{file}")
}

/// Where a conversation is to be had as a file.
pub fn transcript_address(business: BusinessId, conversation: ConversationId) -> String {
    format!("/v1/admin/businesses/{business}/conversations/{conversation}/transcript?format=text")
}
