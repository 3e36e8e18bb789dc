//! The front door: the dashboard and, where `ENV=dev`, the demo host page, embedding the widget with the very snippet
//! that a business pastes.

use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use http::header::{ACCEPT, HOST};
use http::{HeaderMap, Uri};
use shared::wire::problem::Kind;

use super::Edge;
use super::body::Html;
use super::headers::{self, text};
use super::problem::ApiResult;
use crate::ops::{Fault, OpError};
use crate::platform::assets::Asset;
use crate::rules::origin::frame_ancestors;

/// The dashboard's policy. The one thing that it frames is the chat's own document, to show how a site would look.
fn dashboard_policy(public_origin: &str) -> String {
    let frames = frame_ancestors(&[public_origin.to_owned()]);
    let frames = if frames.is_empty() { "'none'".to_owned() } else { format!("{frames}/widget/") };
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; \
         img-src 'self' data:; frame-src {frames}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
}

const NOTHING: &str = include_str!("nothing.html");
const NOTHING_POLICY: &str =
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The dashboard; where `ENV=dev`, the demo.
#[worker::send]
pub async fn root_get(State(edge): State<Edge>) -> Redirect {
    Redirect::temporary(if edge.app.config.dev { "/demo/" } else { "/app/" })
}

/// `/app` without its slash.
#[worker::send]
pub async fn slash_get(uri: Uri) -> Redirect {
    Redirect::permanent(&format!("{}/", uri.path()))
}

/// Nothing is here: a sentence for people, a problem for programs.
#[worker::send]
pub async fn nothing(State(edge): State<Edge>, headers: HeaderMap) -> Response {
    let problem = edge.problem(Kind::NotFound);
    if !text(&headers, &ACCEPT).is_some_and(|accepted| accepted.contains("text/html")) {
        return problem.into_response();
    }
    let mut response = Html(NOTHING.to_owned()).into_response();
    *response.status_mut() = http::StatusCode::NOT_FOUND;
    headers::guard(&mut response, NOTHING_POLICY);
    response
}

/// The dashboard's page. Its files are served past the Worker.
#[worker::send]
pub async fn dashboard_get(State(edge): State<Edge>) -> ApiResult<Response> {
    let mut response = asset(&edge, "/app/index.html").await?.into_response();
    headers::guard(&mut response, &dashboard_policy(&edge.app.config.public_origin));
    headers::set(&mut response, "cache-control", "no-store");
    Ok(response)
}

/// A page or a file of the demo. It is opened on 127.0.0.1, another site than the frame's localhost: on one and
/// the same site, isolation would prove nothing.
#[worker::send]
pub async fn demo_get(State(edge): State<Edge>, uri: Uri, headers: HeaderMap) -> ApiResult<Response> {
    if !edge.app.config.dev {
        return Err(edge.problem(Kind::NotFound));
    }
    if let Some(elsewhere) = other_site(&headers, &uri) {
        return Ok(Redirect::temporary(&elsewhere).into_response());
    }
    let path =
        if uri.path().ends_with('/') { format!("{}index.html", uri.path()) } else { uri.path().to_owned() };
    let mut asset = asset(&edge, &path).await?;
    if asset.media_type.starts_with("text/html") {
        let page = String::from_utf8_lossy(&asset.bytes);
        asset.bytes = page.replace("%ORIGIN%", &edge.app.config.public_origin).into_bytes();
    }
    Ok(asset.into_response())
}

async fn asset(edge: &Edge, path: &str) -> ApiResult<Asset> {
    let read = edge.app.assets.read(path).await;
    let read = read.map_err(|fault| edge.problem(OpError::Fault(Fault::Platform(fault.to_string()))))?;
    read.ok_or_else(|| edge.problem(Kind::NotFound))
}

impl IntoResponse for Asset {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.bytes));
        headers::set(&mut response, "content-type", &self.media_type);
        response
    }
}

fn other_site(headers: &HeaderMap, uri: &Uri) -> Option<String> {
    let host = text(headers, &HOST)?;
    let port = host.strip_prefix("localhost")?;
    let is_port = port.is_empty() || port.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok());
    // Workers are called with the whole address, so only its path goes on.
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    is_port.then(|| format!("http://127.0.0.1{port}{path}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demo_on_localhost_goes_to_the_other_site_whole_address_or_path_alone() {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, "localhost:8787".parse().unwrap());
        for asked in ["http://localhost:8787/demo/?a=b", "/demo/?a=b"] {
            let found = other_site(&headers, &asked.parse().unwrap());
            assert_eq!(found.as_deref(), Some("http://127.0.0.1:8787/demo/?a=b"));
        }
        headers.insert(HOST, "localhost.example".parse().unwrap());
        assert_eq!(other_site(&headers, &Uri::from_static("/demo/")), None);
    }
}
