//! Receipts of erasures: a page on which anybody checks one, and the same for programs.

use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use shared::limits::BODY_BYTES;
use shared::wire::receipt::{CheckedReceipt, ErasureProgress, ReadReceipt, ReceiptKeys, SignedReceipt};

use crate::http::body::{Html, Json, bytes_read, html_escape, json_read};
use crate::http::problem::ApiResult;
use crate::http::template::template_fill;
use crate::http::{Edge, headers};
use crate::ops::{OpError, receipt};

const PAGE: &str = include_str!("receipts.html");
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; \
                      frame-ancestors 'none'";

/// The page.
pub async fn page_get() -> Response {
    page("", "")
}

/// The page with what a pasted receipt is worth. The form sends plain text: `receipt=` and what was pasted.
#[worker::send]
pub async fn page_post(State(edge): State<Edge>, body: Body) -> ApiResult<Response> {
    let bytes = bytes_read(&edge, body, BODY_BYTES).await?;
    let text = String::from_utf8_lossy(&bytes);
    let pasted = text.strip_prefix("receipt=").unwrap_or(&text).trim();
    let (pasted, signed) = match (two_lines(pasted), serde_json::from_str::<SignedReceipt>(pasted)) {
        (Some(asked), _) => match receipt::receipt_read(&edge.app, &asked).await {
            Ok(ErasureProgress { receipt: Some(signed), .. }) => {
                (serde_json::to_string_pretty(&signed).unwrap_or_default(), signed)
            }
            Ok(progress) => return Ok(page(pasted, waiting(&progress))),
            Err(OpError::Denied(_)) => return Ok(page(pasted, UNKNOWN)),
            Err(failure) => return Err(edge.problem(failure)),
        },
        (None, Ok(signed)) => (pasted.to_owned(), signed),
        (None, Err(_)) => return Ok(page(pasted, NO_RECEIPT)),
    };
    let checked = receipt::receipt_check(&edge.app, &signed).await.map_err(|error| edge.problem(error))?;
    let verdict = if checked.valid {
        format!(
            "<p class=\"verdict good\" role=\"status\"><strong>This receipt is genuine.</strong> It was signed by this \
             deployment, and no letter of it was changed.</p>{}",
            told(&signed)
        )
    } else {
        "<p class=\"verdict bad\" role=\"status\"><strong>This receipt is not genuine.</strong> This deployment did not \
         sign these words.</p>"
            .to_owned()
    };
    Ok(page(&pasted, &verdict))
}

const NO_RECEIPT: &str = "<p class=\"verdict bad\" role=\"status\"><strong>This is no receipt.</strong> Paste the whole file, \
                          from the first brace to the last, or both lines that you were given.</p>";
const UNKNOWN: &str = "<p class=\"verdict bad\" role=\"status\"><strong>Nothing is known by these lines.</strong> Are both \
                       there, whole? Receipts are kept for 24 months.</p>";

/// The two lines that whoever has something erased is given: which erasure, and the secret that shows it is theirs.
fn two_lines(pasted: &str) -> Option<ReadReceipt> {
    let mut words = pasted.split_whitespace();
    let (erasure, nonce) = (words.next()?.parse().ok()?, words.next()?.to_owned());
    words.next().is_none().then_some(ReadReceipt { erasure, nonce })
}

/// What is said of an erasure that has no receipt yet.
fn waiting(progress: &ErasureProgress) -> &'static str {
    match progress.waits.as_deref() {
        Some("hold") => {
            "<p class=\"verdict\" role=\"status\"><strong>It waits.</strong> A legal claim keeps what was to be erased; whoever \
             asked is answered.</p>"
        }
        Some("signing_key") => {
            "<p class=\"verdict\" role=\"status\"><strong>It waits to be signed.</strong> What was written opens no more. Whoever runs \
             this deployment has set no key to sign with yet; then the receipt is here.</p>"
        }
        _ if progress.state == "requested" => {
            "<p class=\"verdict\" role=\"status\"><strong>It is asked for.</strong> It begins within minutes; until then everything \
             is as it was.</p>"
        }
        _ => {
            "<p class=\"verdict\" role=\"status\"><strong>It is under way.</strong> What was written opens no more. The remains \
             are removed and looked for again, in a few minutes; then the receipt is here.</p>"
        }
    }
}

fn page(pasted: &str, verdict: &str) -> Response {
    let filled = template_fill(PAGE, |name| {
        Some(match name {
            "pasted" => html_escape(pasted),
            "verdict" => verdict.to_owned(),
            _ => return None,
        })
    });
    let mut response = Html(filled).into_response();
    headers::guard(&mut response, POLICY);
    response
}

/// What a genuine receipt says, as a list.
fn told(signed: &SignedReceipt) -> String {
    let Ok(Value::Object(said)) = serde_json::from_str::<Value>(&signed.receipt) else {
        return String::new();
    };
    let line = |label: &str, name: &str| {
        let text = match said.get(name) {
            Some(Value::String(text)) => html_escape(text),
            Some(Value::Array(lines)) => {
                let items: String = lines
                    .iter()
                    .filter_map(Value::as_str)
                    .map(|line| format!("<li>{}</li>", html_escape(line)))
                    .collect();
                format!("<ul>{items}</ul>")
            }
            Some(Value::Object(counts)) => {
                let items: Vec<String> =
                    counts.iter().map(|(table, rows)| format!("{}: {rows}", html_escape(table))).collect();
                if items.is_empty() { "nothing".to_owned() } else { items.join(", ") }
            }
            _ => return String::new(),
        };
        format!("<dt>{label}</dt><dd>{text}</dd>")
    };
    [
        ("Erasure", "erasure"),
        ("Signed for", "origin"),
        ("Business", "business"),
        ("What", "about"),
        ("Why", "reason"),
        ("Asked for", "requested_at"),
        ("Keys destroyed", "keys_destroyed_at"),
        ("Looked again", "verified_at"),
        ("Found", "found"),
        ("Deleted", "deleted"),
        ("Left", "left"),
        ("History until", "history_until"),
        ("What it states", "states"),
        ("Not covered", "not_covered"),
    ]
    .into_iter()
    .fold(String::from("<dl class=\"entry\">"), |html, (label, name)| html + &line(label, name))
        + "</dl>"
}

/// How far an erasure is, and its receipt.
#[worker::send]
pub async fn read_post(State(edge): State<Edge>, body: Body) -> ApiResult<Json<ErasureProgress>> {
    let asked: ReadReceipt = json_read(&edge, body).await?;
    receipt::receipt_read(&edge.app, &asked).await.map(Json).map_err(|error| edge.problem(error))
}

/// What a receipt is worth.
#[worker::send]
pub async fn check_post(State(edge): State<Edge>, body: Body) -> ApiResult<Json<CheckedReceipt>> {
    let signed: SignedReceipt = json_read(&edge, body).await?;
    receipt::receipt_check(&edge.app, &signed).await.map(Json).map_err(|error| edge.problem(error))
}

/// The public keys.
#[worker::send]
pub async fn keys_get(State(edge): State<Edge>) -> ApiResult<Json<ReceiptKeys>> {
    receipt::receipt_keys(&edge.app).await.map(Json).map_err(|error| edge.problem(error))
}
