//! `/openapi.json`: the JSON API, described from the route table and the wire types themselves.

use axum::extract::State;
use axum::response::IntoResponse;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};
use shared::wire::problem::Problem;

use super::Edge;
use super::access::Access;
use super::body::Json;
use super::routes::{ROUTES, Route};

/// The description.
pub async fn document_get(State(edge): State<Edge>) -> impl IntoResponse {
    Json(document(&edge.app.config.public_origin))
}

/// Describes every route that speaks JSON, for a deployment at `origin`.
pub fn document(origin: &str) -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
    });
    let mut generator = settings.into_generator();
    let problem = generator.subschema_for::<Problem>();
    let mut paths: Map<String, Value> = Map::new();
    for route in ROUTES.iter().filter(|route| route.path.starts_with("/v1/") || route.path == "/readyz") {
        let operation = operation(route, &mut generator, &problem.clone().to_value());
        let path = paths.entry(route.path.to_owned()).or_insert_with(|| json!({}));
        if let Value::Object(methods) = path {
            methods.insert(route.method.to_ascii_lowercase(), operation);
        }
    }
    let schemas: Map<String, Value> = generator.take_definitions(true).into_iter().collect();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Loquet",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "AI chat for websites that keeps to itself. Times are epoch milliseconds, UTC.",
            "license": { "name": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": origin }],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "visitor": { "type": "http", "scheme": "bearer", "description": "Minted into the frame's document; an hour." },
                "conversation": { "type": "http", "scheme": "bearer", "description": "Opens one conversation; 12 hours from its last use." },
                "session": {
                    "type": "apiKey", "in": "cookie", "name": "__Host-loquet",
                    "description": "Set by signing in. Calls that change something also carry `X-Loquet-Csrf`.",
                },
                "api_token": {
                    "type": "http", "scheme": "bearer",
                    "description": "`lqt_…`, made in the settings of a business; or the session of a member.",
                },
                "ticket": {
                    "type": "apiKey", "in": "header", "name": "Sec-WebSocket-Protocol",
                    "description": "`loquet.v1, <ticket>`; once, for 30 seconds.",
                },
            },
        },
    })
}

fn operation(route: &Route, generator: &mut schemars::SchemaGenerator, problem: &Value) -> Value {
    let mut operation = Map::new();
    operation.insert("summary".into(), route.summary.into());
    operation.insert("operationId".into(), operation_id(route).into());
    let in_path = parameters(route.path)
        .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }));
    let in_query = route.query.iter().map(|name| {
        json!({
            "name": name, "in": "query", "required": false, "schema": { "type": "string" },
            "description": query_description(name),
        })
    });
    let parameters: Vec<Value> = in_path.chain(in_query).collect();
    if !parameters.is_empty() {
        operation.insert("parameters".into(), parameters.into());
    }
    let security = match route.access {
        Access::Public | Access::Signed | Access::MailedLink | Access::Dev => None,
        Access::Visitor => Some("visitor"),
        Access::Conversation => Some("conversation"),
        Access::Ticket | Access::DeskTicket => Some("ticket"),
        Access::Door => None,
        Access::Account | Access::Operator => Some("session"),
        Access::Member(op) => op.scope().map_or(Some("session"), |_| Some("api_token")),
    };
    if let Some(scheme) = security {
        operation.insert("security".into(), json!([{ scheme: [] }]));
    }
    if let Some(request) = route.request {
        let schema = request(generator).to_value();
        operation.insert(
            "requestBody".into(),
            json!({ "required": true, "content": { "application/json": { "schema": schema } } }),
        );
    }
    let done = match (route.response, route.access) {
        (Some(response), _) => {
            let schema = response(generator).to_value();
            (
                "200",
                json!({ "description": "Done.", "content": { "application/json": { "schema": schema } } }),
            )
        }
        (None, Access::Ticket | Access::DeskTicket) => {
            ("101", json!({ "description": "The socket is open." }))
        }
        (None, _) => ("204", json!({ "description": "Done." })),
    };
    let refused = json!({
        "description": "A problem (RFC 9457).",
        "content": { "application/problem+json": { "schema": problem } },
    });
    operation.insert("responses".into(), json!({ done.0: done.1, "default": refused }));
    Value::Object(operation)
}

/// What a generated client calls it: `admin_site_put` for the handler `admin::site::site_put`.
pub fn operation_id(route: &Route) -> String {
    let mut parts: Vec<&str> = route.operation.split("::").map(str::trim).collect();
    // `site::site_put` says its own name twice.
    if let [.., file, handler] = parts.as_slice()
        && handler.starts_with(*file)
        && handler.get(file.len()..).is_some_and(|rest| rest.starts_with('_'))
    {
        let at = parts.len().saturating_sub(2);
        parts.remove(at);
    }
    parts.join("_")
}

/// What a parameter of a query means, wherever it stands.
fn query_description(name: &str) -> &'static str {
    match name {
        "after" => "The last sequence that is known; what follows it is answered.",
        "at" => "As of when, in milliseconds since 1 January 1970, UTC; now where nobody says.",
        "before" => "What an earlier page named as the next: older entries than this.",
        "conversation" => "One conversation of the business, by its id.",
        "days" => "A number of days.",
        "deed" => "One deed of the log, by its name, like `member_role`.",
        "edition" => "The hash of the text that was agreed to; without it, the one in force.",
        "format" => "How it is written: `csv` or `json`.",
        "from" => "The first day, like `2026-11-01`.",
        "locale" => "A language, as a BCP 47 tag.",
        "site" => "One site of the business.",
        "table" => "Which of the tables.",
        "to" => "The last day, like `2026-11-30`.",
        "q" => "Words to look for, as they stand there.",
        _ => "See the summary.",
    }
}

fn parameters(path: &'static str) -> impl Iterator<Item = &'static str> {
    path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
}
