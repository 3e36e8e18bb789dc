//! P8.4: the tenancy ratchet. Every route of the table is tried without credentials, with credentials of another
//! kind, and with another business's ids. A route that is not covered fails.

use edge::http::access::Access;
use edge::http::routes::ROUTES;
use edge::rules::credential::{DeskTicketProof, desk_ticket_mint};
use http::StatusCode;
use shared::id::AccountId;
use shared::wire::file::Attachment;
use shared::wire::problem::Kind;
use tests::{Deployment, NOW, Options, Visitor, business_id};

/// Routes that anybody may call, each with its reason. This list may only shrink.
const PUBLIC: [(&str, &str); 26] = [
    ("/healthz", "says only that the Worker answers"),
    ("/readyz", "names variables and jobs, never a value"),
    ("/openapi.json", "the published interface"),
    ("/", "a redirect"),
    ("/app/", "the dashboard's page, without data"),
    ("/app", "leads to the page above"),
    ("/widget/{site}", "the frame's document: public settings, guarded by frame-ancestors"),
    ("/privacy/page.css", "a style sheet"),
    ("/privacy/receipts", "a form"),
    ("/privacy/receipts", "says whether pasted words are signed, and keeps nothing"),
    ("/v1/privacy/receipts/keys", "public keys"),
    ("/v1/privacy/receipts/check", "says whether words are signed, and keeps nothing"),
    ("/v1/privacy/receipts/read", "the nonce in the body is the credential; without it, 404"),
    ("/privacy/{site}", "the published notice"),
    ("/privacy/page.js", "a script"),
    ("/privacy/platform", "the platform's own notice"),
    ("/privacy/editions/{edition}", "what was published, by its id"),
    ("/privacy/map", "the record of processing, which names nobody"),
    ("/privacy/map.json", "the same for machines"),
    ("/v1/privacy/sites/{site}/open", "takes a code of 128 bits; guessing is limited"),
    (
        "/v1/privacy/sites/{site}/codes",
        "mails a code where an address was confirmed; the answer is the same where not",
    ),
    ("/v1/privacy/sites/{site}/reports", "whoever knows of a child's data may say so"),
    ("/v1/widget/sites/{site}", "public settings"),
    ("/v1/widget/sites/{site}/visitors", "mints a visitor nobody knows yet, for allowed origins only"),
    ("/v1/admin/door", "the published documents and whether anybody may sign up"),
    ("/v1/admin/documents/{document}", "the published documents"),
];

#[test]
fn p8_4_a_public_route_stands_in_the_list_with_its_reason() {
    let public: Vec<&str> =
        ROUTES.iter().filter(|route| route.access == Access::Public).map(|route| route.path).collect();
    assert_eq!(public, PUBLIC.map(|(path, _)| path));
}

#[tokio::test]
async fn p8_4_no_route_opens_without_the_right_credentials() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let mut own = Visitor::at(&deployment, 0).await;
    own.write("mine").await;
    let mut foreign = Visitor::at(&deployment, 1).await;
    foreign.write("theirs").await;
    deployment.settle().await;
    let (own_conversation, own_token) = own.thread.clone().unwrap();
    let (foreign_conversation, foreign_token) = foreign.thread.clone().unwrap();
    // The other visitor's own file: one that nobody has would not be found by anybody.
    let file: Attachment = foreign.upload("theirs.txt", b"theirs").await.json();
    let mut tried = 0;
    for route in ROUTES {
        let path = |site: &str, conversation: &str| {
            route
                .path
                .replace("{site}", site)
                .replace("{conversation}", conversation)
                .replace("{file}", &file.id.to_string())
                .replace("{*file}", "index.html")
        };
        let own_path = path(&own.site.to_string(), &own_conversation.to_string());
        let send = async |path: &str, token: Option<&str>| {
            deployment.send(route.method, path, token, Some(serde_json::json!({}))).await
        };
        match route.access {
            Access::Public => {}
            // `doors.rs` walks these.
            Access::Door | Access::Account | Access::Member(_) | Access::Operator => tried += 1,
            Access::Dev => {
                let production =
                    Options { variables: vec![("ENV", "production".into())], ..Options::default() };
                let production = Deployment::with_two_businesses(production).await;
                let answer =
                    production.send(route.method, &own_path, None, Some(serde_json::json!({}))).await;
                assert_eq!(answer.problem(), Kind::NotFound, "{}", route.path);
                tried += 1;
            }
            Access::Signed => {
                // Where no secret is set, the address is not there at all.
                let unsigned =
                    deployment.send(route.method, &own_path, None, Some(serde_json::json!({}))).await;
                assert_eq!(unsigned.problem(), Kind::NotFound, "{}", route.path);
                let variables = vec![
                    ("RESEND_API_KEY", "re_test".into()),
                    ("MAIL_FROM", "mail@chat.example.eu".into()),
                    ("RESEND_WEBHOOK_SECRET", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".into()),
                ];
                let listening =
                    Deployment::with_two_businesses(Options { variables, ..Options::default() }).await;
                for token in [None, Some(own_token.as_str())] {
                    let body = Some(serde_json::json!({}));
                    let unsigned = listening.send(route.method, &own_path, token, body).await;
                    assert_eq!(unsigned.problem(), Kind::SignatureRefused, "{}", route.path);
                }
                tried += 1;
            }
            Access::Visitor => {
                assert_eq!(send(&own_path, None).await.problem(), Kind::TokenMissing, "{}", route.path);
                for wrong in [&foreign.token, &own_token] {
                    let status = send(&own_path, Some(wrong)).await.status;
                    assert!(
                        [StatusCode::NOT_FOUND, StatusCode::UNAUTHORIZED].contains(&status),
                        "{} {status}",
                        route.path
                    );
                }
                tried += 1;
            }
            Access::Conversation => {
                assert_eq!(send(&own_path, None).await.problem(), Kind::TokenMissing, "{}", route.path);
                assert_eq!(
                    send(&own_path, Some(&own.token)).await.problem(),
                    Kind::TokenMissing,
                    "{}",
                    route.path
                );
                assert_eq!(
                    send(&own_path, Some(&foreign_token)).await.problem(),
                    Kind::NotFound,
                    "{}",
                    route.path
                );
                let swapped = path(&own.site.to_string(), &foreign_conversation.to_string());
                assert_eq!(
                    send(&swapped, Some(&own_token)).await.problem(),
                    Kind::NotFound,
                    "{}",
                    route.path
                );
                // Their own conversation, and the other one's file.
                if route.path.contains("{file}") {
                    let answer = send(&own_path, Some(&own_token)).await;
                    assert_eq!(answer.problem(), Kind::NotFound, "{} {own_path}", route.method);
                }
                tried += 1;
            }
            Access::DeskTicket => {
                let key = deployment.app.token_key().unwrap();
                let (own_business, foreign_business) = (business_id(0), business_id(1));
                let own_path = own_path.replace("{business}", &own_business.to_string());
                let answer = send(&own_path, None).await;
                assert_eq!(answer.problem(), Kind::UpgradeRequired, "{}", route.path);
                let ticket = |business, conversation| {
                    let proof = DeskTicketProof {
                        business,
                        conversation,
                        account: AccountId::mint(NOW, [1; 10]),
                        may_answer: true,
                        nonce: [1; 16],
                        expires_at: NOW,
                    };
                    desk_ticket_mint(key, &proof).0.into_exposed()
                };
                let tickets = format!("/v1/widget/conversations/{own_conversation}/tickets");
                let visitors: shared::wire::widget::Ticket =
                    deployment.send("POST", &tickets, Some(&own_token), None).await.json();
                let of_inbox = !route.path.contains("{conversation}");
                // Whatever is not this socket's own finds nothing: another business's, the other kind's.
                let wrong = if of_inbox { Some(own_conversation) } else { None };
                let foreign = if of_inbox { None } else { Some(foreign_conversation) };
                for (ticket, kind) in [
                    ("lqd_forged".to_owned(), Kind::TokenMissing),
                    (visitors.ticket.expose().clone(), Kind::TokenMissing),
                    (ticket(foreign_business, foreign), Kind::NotFound),
                    (ticket(own_business, wrong), Kind::NotFound),
                    (ticket(own_business, foreign.or(wrong)), Kind::NotFound),
                ] {
                    let handshake = http::Request::get(&own_path)
                        .header("upgrade", "websocket")
                        .header("sec-websocket-protocol", format!("loquet.v1, {ticket}"))
                        .body(axum::body::Body::empty())
                        .unwrap();
                    assert_eq!(deployment.answer(handshake).await.problem(), kind, "{}", route.path);
                }
                tried += 1;
            }
            Access::MailedLink => {
                let answer = send(&own_path, None).await;
                assert_eq!(answer.problem(), Kind::BodyMalformed, "{}", route.path);
                for token in ["", "lqr_forged", "lqa_forged", own_token.as_str(), own.token.as_str()] {
                    let body = Some(serde_json::json!({ "token": token }));
                    let answer = deployment.send(route.method, &own_path, None, body).await;
                    assert_eq!(answer.problem(), Kind::LinkRefused, "{}", route.path);
                }
                tried += 1;
            }
            Access::Ticket => {
                assert_eq!(
                    send(&own_path, Some(&own_token)).await.problem(),
                    Kind::UpgradeRequired,
                    "{}",
                    route.path
                );
                let handshake = |ticket: &str| {
                    http::Request::get(&own_path)
                        .header("upgrade", "websocket")
                        .header("sec-websocket-protocol", format!("loquet.v1, {ticket}"))
                        .body(axum::body::Body::empty())
                        .unwrap()
                };
                let forged = deployment.answer(handshake("lqt_forged")).await;
                assert_eq!(forged.problem(), Kind::TokenMissing);
                let tickets = format!("/v1/widget/conversations/{foreign_conversation}/tickets");
                let ticket = deployment.send("POST", &tickets, Some(&foreign_token), None).await;
                let ticket: shared::wire::widget::Ticket = ticket.json();
                let foreign = deployment.answer(handshake(ticket.ticket.expose())).await;
                assert_eq!(foreign.problem(), Kind::NotFound);
                tried += 1;
            }
        }
    }
    assert_eq!(tried + PUBLIC.len(), ROUTES.len());
}

#[tokio::test]
async fn p8_4_two_businesses_never_see_each_other() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let mut first = Visitor::at(&deployment, 0).await;
    let mut second = Visitor::at(&deployment, 1).await;
    first.write("canary-zero").await;
    second.write("canary-one").await;
    deployment.settle().await;
    let (first, second) =
        (format!("{:?}", first.transcript().await), format!("{:?}", second.transcript().await));
    assert!(first.contains("canary-zero") && !first.contains("canary-one"));
    assert!(second.contains("canary-one") && !second.contains("canary-zero"));
}
