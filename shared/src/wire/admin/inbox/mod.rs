//! The inbox: where a team sees its conversations, answers beside the machine and hands back.
//!
//! Below `/v1/admin/businesses/{business}`:
//!
//! | call | least role | request | answer |
//! |---|---|---|---|
//! | `GET /conversations?work=open&assignee=me&…` (see [`Filter`]) | viewer | | `ConversationPage` |
//! | `GET /conversations/changes?after=` | viewer | | `InboxChanges` |
//! | `GET /conversations/counts` | viewer | | `InboxCounts` |
//! | `POST /conversations/search` | viewer | `Search` | `SearchPage` |
//! | `POST /conversations/bulk` | manager | `BulkChange` | `BulkDone` |
//! | `GET /conversations/{conversation}` | viewer | | `ConversationView` |
//! | `GET /conversations/{conversation}/messages?after=` or `?before=` | viewer | | `DeskCatchup` |
//! | `GET /conversations/{conversation}/transcript?format=text` or `json` | viewer | | the file |
//! | `PUT /conversations/{conversation}/read` | viewer | `MarkRead` | `ConversationRow` |
//! | `POST /conversations/{conversation}/take` | manager | `TakeOver` | `ConversationRow` |
//! | `POST /conversations/{conversation}/give-back` | manager | | `ConversationRow` |
//! | `POST /conversations/{conversation}/replies` | manager | `WriteReply` | `SentReply` |
//! | `POST /conversations/{conversation}/notes` | manager | `WriteNote` | `Note` |
//! | `DELETE /conversations/{conversation}/notes/{note}` | manager, own notes | | 204 |
//! | `PUT /conversations/{conversation}/assignee` | manager | `Assign` | `ConversationRow` |
//! | `PUT /conversations/{conversation}/labels` | manager | `SetLabels` | `ConversationRow` |
//! | `PUT /conversations/{conversation}/priority` | manager | `SetPriority` | `ConversationRow` |
//! | `POST /conversations/{conversation}/snooze` | manager | `Snooze` | `ConversationRow` |
//! | `POST /conversations/{conversation}/wake` | manager | | `ConversationRow` |
//! | `POST /conversations/{conversation}/close` | manager | | `ConversationRow` |
//! | `POST /conversations/{conversation}/reopen` | manager | | `ConversationRow` |
//! | `PUT /conversations/{conversation}/spam` | manager | `MarkSpam` | `ConversationRow` |
//! | `PUT /conversations/{conversation}/block` | manager | `BlockVisitor` | `ConversationRow` |
//! | `POST /conversations/{conversation}/draft` | manager | `AskDraft` | `Suggestion` |
//! | `POST /conversations/{conversation}/translate` | manager | `AskTranslation` | `Suggestion` |
//! | `POST /conversations/{conversation}/tickets` | viewer | | `widget::Ticket` |
//! | `GET /conversations/{conversation}/live` | ticket | `DeskCommand` frames | `DeskEvent` frames |
//! | `POST /inbox/tickets` | viewer | | `widget::Ticket` |
//! | `GET /inbox/live` | ticket | `InboxCommand` frames | `InboxEvent` frames |
//! | `GET`, `POST /canned-replies` | viewer, admin | `PutCannedReply` | `CannedReplies`, `CannedReply` |
//! | `PUT`, `DELETE /canned-replies/{reply}` | admin | `PutCannedReply` | 204 |
//! | `GET`, `POST /labels` | viewer, manager | `PutLabel` | `Labels`, `Label` |
//! | `PUT`, `DELETE /labels/{label}` | admin | `PutLabel` | 204 |
//! | `GET`, `POST /views` | viewer, manager | `PutView` | `Views`, `View` |
//! | `PUT`, `DELETE /views/{view}` | manager | `PutView` | 204 |
//! | `GET`, `PUT /hand-off` | viewer, admin | `HandOff` | `HandOff`, 204 |
//! | `GET`, `PUT /notifications` | viewer, one's own | `Notifications` | `Notifications`, 204 |
//!
//! Sockets are opened as the visitor's is: `Sec-WebSocket-Protocol: loquet.v1, <ticket>`, `ping` is answered `pong`, and the
//! first frame asks for what was missed. A team member holds one socket of the inbox and one of the conversation that is
//! open before them; either is closed after a quarter of an hour (code 4001) and opened again with a fresh ticket.

pub mod conversation;
pub mod deed;
pub mod list;
pub mod live;
pub mod settings;
pub mod words;
