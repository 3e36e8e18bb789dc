//! A visitor's client, as far as the API goes.

use axum::body::{Body, to_bytes};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use http::{Request, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::json;
use sha2::Sha256;
use shared::id::{ConversationId, DraftId, FileId, SiteId};
use shared::wire::message::{Body as Words, Message};
use shared::wire::problem::{Kind, Problem};
use shared::wire::widget::{Catchup, MintedVisitor, OpenedConversation, SentMessage};

use crate::deployment::{Deployment, NOW};

/// An answer of the API, read whole.
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: http::HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as JSON.
    pub fn json<T: DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|fault| panic!("{fault}: {} {}", self.status, self.text()))
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The kind of problem that it is.
    pub fn problem(&self) -> Kind {
        let problem: Problem = self.json();
        assert_eq!(problem.status, self.status.as_u16());
        problem.kind().expect("a problem of the closed list")
    }
}

impl Deployment {
    /// Sends JSON (or nothing) and reads the whole answer.
    pub async fn send(
        &self,
        method: &str,
        path: &str,
        token: Option<&str>,
        body: Option<serde_json::Value>,
    ) -> Answer {
        let mut request =
            Request::builder().method(method).uri(path).header("cf-connecting-ip", "203.0.113.7");
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        self.answer(request.body(body).expect("a request")).await
    }

    /// Answers a request and reads it whole.
    pub async fn answer(&self, request: Request<Body>) -> Answer {
        let response = self.call(request).await;
        let (head, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.expect("a whole body").to_vec();
        Answer { status: head.status, headers: head.headers, body }
    }
}

/// A token that names a visitor, signed by a secret.
pub fn jwt(secret: &str, sub: &str, iat: i64, exp: i64) -> String {
    let claims = json!({ "sub": sub, "iat": iat, "exp": exp }).to_string();
    let text = format!("{}.{}", URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256"}"#), URL_SAFE_NO_PAD.encode(claims));
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(secret.as_bytes()).expect("a key of any length");
    mac.update(text.as_bytes());
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
}

/// A visitor at a site.
pub struct Visitor<'a> {
    deployment: &'a Deployment,
    /// The site.
    pub site: SiteId,
    /// The visitor's token.
    pub token: String,
    /// The conversation and its token, once there is one.
    pub thread: Option<(ConversationId, String)>,
    drafts: u32,
}

impl<'a> Visitor<'a> {
    /// A visitor who has loaded the frame from an allowed page of business `number`.
    pub async fn at(deployment: &'a Deployment, number: u8) -> Self {
        let site = crate::deployment::site_id(number);
        Self::on(deployment, site, &format!("https://hotel{number}.example")).await
    }

    /// A visitor who has loaded the frame of a site from a page of an allowed origin.
    pub async fn on(deployment: &'a Deployment, site: SiteId, origin: &str) -> Self {
        let answer = deployment
            .send(
                "POST",
                &format!("/v1/widget/sites/{site}/visitors"),
                None,
                Some(json!({ "origin": origin })),
            )
            .await;
        let minted: MintedVisitor = answer.json();
        Self { deployment, site, token: minted.token.into_exposed(), thread: None, drafts: 0 }
    }

    /// A draft id that was not used before.
    pub fn draft(&mut self) -> DraftId {
        self.drafts = self.drafts.checked_add(1).expect("fewer drafts");
        let mut random = [0; 10];
        random[..4].copy_from_slice(&self.drafts.to_be_bytes());
        DraftId::mint(NOW, random)
    }

    /// Writes something: opens the conversation with it, or goes on. Returns the raw answer.
    pub async fn write_as(&mut self, draft: DraftId, text: &str) -> Answer {
        let body = json!({ "draft": draft, "text": text, "locale": "en" });
        match &self.thread {
            Some((conversation, token)) => {
                let path = format!("/v1/widget/conversations/{conversation}/messages");
                self.deployment.send("POST", &path, Some(token), Some(body)).await
            }
            None => {
                let path = format!("/v1/widget/sites/{}/conversations", self.site);
                let answer = self.deployment.send("POST", &path, Some(&self.token), Some(body)).await;
                if answer.status == StatusCode::OK {
                    let opened: OpenedConversation = answer.json();
                    self.thread = Some((opened.conversation, opened.token.into_exposed()));
                }
                answer
            }
        }
    }

    /// Writes something and returns the message as it was kept.
    pub async fn write(&mut self, text: &str) -> Message {
        let draft = self.draft();
        let opening = self.thread.is_none();
        let answer = self.write_as(draft, text).await;
        if opening {
            answer.json::<OpenedConversation>().message
        } else {
            answer.json::<SentMessage>().message
        }
    }

    /// Uploads a file under a name.
    pub async fn upload(&self, name: &str, bytes: &[u8]) -> Answer {
        let (conversation, token) = self.thread.as_ref().expect("a conversation");
        let request = Request::post(format!("/v1/widget/conversations/{conversation}/files"))
            .header("cf-connecting-ip", "203.0.113.7")
            .header("authorization", format!("Bearer {token}"))
            .header("x-loquet-file-name", name)
            .body(Body::from(bytes.to_vec()))
            .expect("a request");
        self.deployment.answer(request).await
    }

    /// Writes something with files. Returns the raw answer.
    pub async fn write_with(&self, draft: DraftId, text: &str, files: &[FileId]) -> Answer {
        let (conversation, token) = self.thread.as_ref().expect("a conversation");
        let body = json!({ "draft": draft, "text": text, "locale": "en", "files": files });
        let path = format!("/v1/widget/conversations/{conversation}/messages");
        self.deployment.send("POST", &path, Some(token), Some(body)).await
    }

    /// Reads a file of the conversation.
    pub async fn download(&self, file: FileId) -> Answer {
        let (conversation, token) = self.thread.as_ref().expect("a conversation");
        let path = format!("/v1/widget/conversations/{conversation}/files/{file}");
        self.deployment.send("GET", &path, Some(token), None).await
    }

    /// Everything after a cursor.
    pub async fn read_after(&self, after: u32) -> Catchup {
        let (conversation, token) = self.thread.as_ref().expect("a conversation");
        let path = format!("/v1/widget/conversations/{conversation}/messages?after={after}");
        self.deployment.send("GET", &path, Some(token), None).await.json()
    }

    /// The words of every message, with who said them.
    pub async fn transcript(&self) -> Vec<(String, String)> {
        let catchup = self.read_after(0).await;
        catchup
            .messages
            .into_iter()
            .map(|message| {
                let words = match message.body {
                    Words::Text { text, .. } => text.into_exposed(),
                    Words::Notice(notice) => format!("{notice:?}"),
                };
                (message.origin.as_str().to_owned(), words)
            })
            .collect()
    }
}
