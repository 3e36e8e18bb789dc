//! Somebody at the dashboard: a browser with its cookies, and a mailbox that is read by knowing the key that codes
//! follow from.

use std::collections::BTreeMap;

use axum::body::Body;
use edge::rules::credential;
use edge::rules::document::document_mark;
use http::{Request, StatusCode};
use serde_json::{Value, json};
use shared::id::{BusinessId, CodeId, InvitationId};
use shared::wire::admin::account::Me;
use shared::wire::admin::business::DocumentKind;
use shared::wire::admin::sign_in::{CodeAsked, SignedIn};
use shared::wire::admin::team::{Invited, Role};

use crate::deployment::Deployment;
use crate::visitor::Answer;

/// A person with one browser.
#[derive(Clone)]
pub struct Person<'a> {
    deployment: &'a Deployment,
    /// Their address.
    pub email: String,
    /// Their browser's cookies.
    pub cookies: BTreeMap<String, String>,
    /// The token against forged requests, once signed in.
    pub csrf: Option<String>,
    /// Their IP address.
    pub address: String,
    /// Where their browser says that requests come from.
    pub from: Option<&'static str>,
}

/// Agreement to the documents in force.
pub fn agreement() -> Value {
    json!({
        "terms_hash": document_mark(DocumentKind::Terms).hash,
        "dpa_hash": document_mark(DocumentKind::Dpa).hash,
    })
}

impl<'a> Person<'a> {
    /// Somebody whom the deployment does not know yet, with an IP address of their own.
    pub fn new(deployment: &'a Deployment, email: &str) -> Self {
        let number =
            email.bytes().fold(7_u16, |sum, letter| sum.wrapping_mul(31).wrapping_add(letter.into()));
        Self {
            deployment,
            email: email.to_owned(),
            cookies: BTreeMap::new(),
            csrf: None,
            address: format!("198.51.{}.{}", number >> 8, number & 255),
            from: Some("same-origin"),
        }
    }

    /// The same person at another browser.
    pub fn elsewhere(&self) -> Self {
        Self { cookies: BTreeMap::new(), csrf: None, ..self.clone() }
    }

    /// Sends what the dashboard would send, and keeps the cookies that come back.
    pub async fn send(&mut self, method: &str, path: &str, body: Option<Value>) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("cf-connecting-ip", &self.address)
            .header("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0");
        if let Some(from) = self.from {
            request = request.header("sec-fetch-site", from);
        }
        if !self.cookies.is_empty() {
            let pairs: Vec<String> =
                self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header("cookie", pairs.join("; "));
        }
        if let Some(csrf) = &self.csrf {
            request = request.header("x-loquet-csrf", csrf);
        }
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        let answer = self.deployment.answer(request.body(body).expect("a request")).await;
        for cookie in answer.headers.get_all("set-cookie") {
            let text = cookie.to_str().expect("a cookie of ASCII");
            assert!(text.contains("; Path=/; ") && text.contains("Secure; HttpOnly; SameSite="), "{text}");
            let (name, rest) = text.split_once('=').expect("a named cookie");
            let value = rest.split(';').next().unwrap_or_default();
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    /// The digits in the mail of a code.
    pub fn digits(&self, code: CodeId) -> String {
        let key = self.deployment.app.token_key().expect("a master key");
        credential::code_derive(key, code).into_exposed()
    }

    /// What a sign-up form sends.
    pub fn sign_up_form(&self, business: &str) -> Value {
        json!({
            "name": format!("{} Lovelace", self.email.split('@').next().unwrap_or_default()),
            "email": self.email, "business": business, "kind": "hotel", "locale": "fr", "agreement": agreement(),
        })
    }

    /// Asks to sign up.
    pub async fn sign_up_ask(&mut self, business: &str) -> CodeAsked {
        let form = self.sign_up_form(business);
        self.send("POST", "/v1/admin/sign-up", Some(form)).await.json()
    }

    /// Asks for a code.
    pub async fn sign_in_ask(&mut self) -> CodeAsked {
        let form = json!({ "email": self.email });
        self.send("POST", "/v1/admin/sign-in", Some(form)).await.json()
    }

    /// Hands in a code.
    pub async fn code_give(&mut self, code: CodeId, digits: &str) -> Answer {
        let answer = self
            .send("POST", "/v1/admin/sign-in/code", Some(json!({ "code": code, "digits": digits })))
            .await;
        if answer.status == StatusCode::OK {
            self.csrf = Some(answer.json::<SignedIn>().csrf.into_exposed());
        }
        answer
    }

    /// Signs up with a business of their own.
    pub async fn sign_up(&mut self, business: &str) -> BusinessId {
        let asked = self.sign_up_ask(business).await;
        let answer = self.code_give(asked.code, &self.digits(asked.code)).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        self.me().await.memberships.last().expect("a business").business
    }

    /// Signs in.
    pub async fn sign_in(&mut self) {
        let asked = self.sign_in_ask().await;
        let answer = self.code_give(asked.code, &self.digits(asked.code)).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    }

    /// Who they are, as the deployment sees it.
    pub async fn me(&mut self) -> Me {
        self.send("GET", "/v1/admin/session", None).await.json()
    }

    /// Invites somebody; gives the link of the mail.
    pub async fn invite(&mut self, business: BusinessId, email: &str, role: Role) -> Value {
        let path = format!("/v1/admin/businesses/{business}/invitations");
        let form = json!({ "email": email, "role": role, "locale": "de" });
        let invited: Invited = self.send("POST", &path, Some(form)).await.json();
        self.link(invited.invitation)
    }

    /// The link in the mail of an invitation.
    pub fn link(&self, invitation: InvitationId) -> Value {
        let key = self.deployment.app.token_key().expect("a master key");
        let token = credential::invitation_token_derive(key, invitation).into_exposed();
        json!({ "invitation": invitation, "token": token })
    }

    /// Joins a team as somebody new.
    pub async fn join(&mut self, link: Value) -> Answer {
        let form = json!({ "link": link, "name": "Grace Hopper", "locale": "en" });
        let answer = self.send("POST", "/v1/admin/invitations/join", Some(form)).await;
        if answer.status == StatusCode::OK {
            self.csrf = Some(answer.json::<SignedIn>().csrf.into_exposed());
        }
        answer
    }
}
