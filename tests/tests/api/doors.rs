//! P8.2, P8.4: the ratchet of the dashboard. Every route under `/v1/admin` is tried without credentials, with each role,
//! with another business's credentials and ids, without the token against forged requests, and from another site. What
//! kind of access a route has, and so which of these tests it gets, says the table itself.

use edge::http::access::Access;
use edge::http::routes::{ROUTES, Route};
use edge::rules::permission::{Op, is_allowed};
use http::StatusCode;
use serde_json::json;
use shared::id::{AccountId, ApiTokenId, BusinessId, InvitationId, SessionId, SiteId};
use shared::wire::admin::business::Business;
use shared::wire::admin::team::{Role, Team};
use shared::wire::admin::token::MadeApiToken;
use shared::wire::file::Attachment;
use shared::wire::problem::Kind;
use tests::{Deployment, NOW, Options, Person, Visitor};

/// A business with a member of every role, an open invitation and a token.
struct House<'a> {
    business: BusinessId,
    people: Vec<(Role, Person<'a>)>,
    invitation: InvitationId,
    token: ApiTokenId,
    manager: AccountId,
    site: SiteId,
    /// What else stands in paths, by the name that it has there.
    more: Vec<(&'static str, String)>,
}

impl<'a> House<'a> {
    async fn open(deployment: &'a Deployment, name: &str) -> Self {
        let mut owner = Person::new(deployment, &format!("owner@{name}.example"));
        let business = owner.sign_up(name).await;
        let mut people = Vec::new();
        for role in [Role::Viewer, Role::Manager, Role::Admin] {
            let mut person = Person::new(deployment, &format!("{}@{name}.example", role.as_str()));
            let link = owner.invite(business, &person.email, role).await;
            assert_eq!(person.join(link).await.status, StatusCode::OK);
            people.push((role, person));
        }
        owner.invite(business, &format!("guest@{name}.example"), Role::Viewer).await;
        let team: Team =
            owner.send("GET", &format!("/v1/admin/businesses/{business}/team"), None).await.json();
        let manager = team.members.iter().find(|member| member.role == Role::Manager).unwrap().account;
        let form = json!({ "name": "till", "scopes": ["team_read"], "days": 30 });
        let made: MadeApiToken =
            owner.send("POST", &format!("/v1/admin/businesses/{business}/tokens"), Some(form)).await.json();
        let read = owner.send("GET", &format!("/v1/admin/businesses/{business}"), None).await;
        let site = read.json::<Business>().sites[0].id;
        let mut visitor = Visitor::on(deployment, site, "https://chat.example.eu").await;
        visitor.write("Hello").await;
        let asked = visitor.write("Do you sell submarines?").await;
        deployment.settle().await;
        let file: Attachment = visitor.upload("a.txt", b"words").await.json();
        let (conversation, _) = visitor.thread.clone().unwrap();
        let mut more = vec![
            ("{conversation}", conversation.to_string()),
            ("{message}", asked.id.to_string()),
            ("{file}", file.id.to_string()),
        ];
        // A file is there for the team once it was sent.
        let sent = visitor.draft();
        visitor.write_with(sent, "This one", &[file.id]).await;
        let draft = shared::id::DraftId::mint(NOW, [7; 10]);
        let notes = format!("conversations/{conversation}/notes");
        for (name, place, form) in [
            ("{note}", notes.as_str(), json!({ "draft": draft, "text": "Look" })),
            ("{reply}", "canned-replies", json!({ "shortcut": "hi", "title": "Hi", "text": "Hello" })),
            ("{label}", "labels", json!({ "name": "late" })),
            ("{view}", "views", json!({ "name": "mine", "filter": {} })),
            (
                "{knowledge}",
                "knowledge",
                json!({ "locale": "en", "title": "Dogs", "body": "Welcome", "url": null }),
            ),
            ("{request}", "requests", json!({ "kind": "access", "way": "mail", "asked_at": NOW })),
            ("{webhook}", "webhooks", door()),
        ] {
            let path = format!("/v1/admin/businesses/{business}/{place}");
            // Notes and views are their maker's: the lowest role makes them that may.
            let maker = match name {
                "{view}" | "{note}" => &mut people[1].1,
                _ => &mut owner,
            };
            let made: serde_json::Value = maker.send("POST", &path, Some(form)).await.json();
            more.push((name, made["id"].as_str().expect("an id").to_owned()));
        }
        let hook = more.iter().find(|(name, _)| *name == "{webhook}").unwrap().1.clone();
        let told = format!("/v1/admin/businesses/{business}/webhooks/{hook}");
        owner.send("POST", &format!("{told}/test"), None).await;
        let told: serde_json::Value = owner.send("GET", &format!("{told}/deliveries"), None).await.json();
        let event = told["deliveries"][0]["event"].as_str().expect("what was told to the door");
        more.push(("{event}", event.to_owned()));
        people.push((Role::Owner, owner));
        let (invitation, token) = (team.invitations[0].id, made.about.id);
        Self { site, business, people, invitation, token, manager, more }
    }

    fn path(&self, route: &Route) -> String {
        self.path_in(route, self.business)
    }

    /// The path to something that is there to be done.
    fn path_to(&self, route: &Route) -> String {
        self.path(route).replace("/vendors/nobody", "/vendors/openai")
    }

    /// The path with this house's ids below another business.
    fn path_in(&self, route: &Route, business: BusinessId) -> String {
        path(route, business, (self.site, self.manager, self.invitation, self.token), &self.more)
    }
}

/// A route's path with these ids in it: somebody's, or a leak would not be seen. Anything that is no id of this registry stays,
/// and fails the test.
fn path(
    route: &Route,
    business: BusinessId,
    (site, account, invitation, token): (SiteId, AccountId, InvitationId, ApiTokenId),
    more: &[(&'static str, String)],
) -> String {
    let known = more.iter().fold(route.path.to_owned(), |path, (name, id)| path.replace(name, id));
    let path = known
        .replace("{business}", &business.to_string())
        .replace("{account}", &account.to_string())
        .replace("{site}", &site.to_string())
        .replace("{invitation}", &invitation.to_string())
        .replace("{token}", &token.to_string())
        // A vendor is nobody's own: this one does not exist.
        .replace("{vendor}", "nobody")
        // What belongs to a person and no business: no route below a business has these.
        .replace("{session}", &SessionId::mint(NOW, [9; 10]).to_string())
        .replace("{passkey}", &shared::id::PasskeyId::mint(NOW, [9; 10]).to_string());
    assert!(!path.contains('{'), "{path}: the ratchet does not know this kind of id");
    path
}

/// A door of a business's own system.
fn door() -> serde_json::Value {
    json!({ "url": "https://systems.hotel.example/hook", "events": ["message.received"], "is_active": true })
}

/// A body that has what any of the routes with an id in their path asks for.
fn whole(route: &Route) -> serde_json::Value {
    json!({
        "role": "viewer", "origins": [],
        "shortcut": "hi", "title": "Hi", "text": "Hello", "name": "late", "filter": {},
        "locale": "en", "body": "Welcome", "url": "https://systems.hotel.example/hook",
        "events": ["message.received"], "is_active": true,
        "reason": if route.path.ends_with("/extend") { "many" } else { "excessive" },
    })
}

fn routes(wanted: impl Fn(Access) -> bool) -> impl Iterator<Item = &'static Route> {
    ROUTES.iter().filter(move |route| wanted(route.access))
}

#[test]
fn p8_4_every_route_of_the_dashboard_has_a_kind_of_access_that_is_tested_here() {
    let mut count = 0;
    for route in ROUTES.iter().filter(|route| route.path.starts_with("/v1/admin/")) {
        count += 1;
        match route.access {
            // Sockets are opened by tickets that members buy; `tenancy.rs` tries them.
            Access::Door | Access::Account | Access::Member(_) | Access::DeskTicket | Access::Operator => {}
            // Anybody may read these; `tenancy.rs` has the list with its reasons.
            Access::Public => assert_eq!(route.method, "GET", "{}", route.path),
            other => panic!("{}: {other:?}", route.path),
        }
        // What stands below a business is reached as its member and not otherwise.
        let below = route.path.starts_with("/v1/admin/businesses/{business}");
        let by_member = matches!(route.access, Access::Member(_) | Access::DeskTicket);
        assert_eq!(below, by_member, "{}", route.path);
    }
    assert!(count >= 38, "{count}");
    for op in Op::ALL {
        assert!(routes(|access| access == Access::Member(*op)).next().is_some(), "{op:?} has no route");
    }
}

#[tokio::test]
async fn p8_4_without_credentials_no_route_of_the_dashboard_opens() {
    let deployment = Deployment::new(Options::default());
    let house = House::open(&deployment, "one").await;
    let closed = |access| matches!(access, Access::Account | Access::Member(_) | Access::Operator);
    for route in routes(closed) {
        let path = house.path(route);
        let mut nobody = Person::new(&deployment, "nobody@example.org");
        let answer = nobody.send(route.method, &path, Some(json!({}))).await;
        assert_eq!(answer.problem(), Kind::SessionMissing, "{} {path}", route.method);
        nobody.cookies.insert("__Host-loquet".into(), "A".repeat(43));
        nobody.csrf = Some("A".repeat(22));
        let answer = nobody.send(route.method, &path, Some(json!({}))).await;
        assert_eq!(answer.problem(), Kind::SessionMissing, "{} {path}", route.method);
        let answer = deployment.send(route.method, &path, Some("lqt_forged"), Some(json!({}))).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{} {path}", route.method);
    }
}

/// The end of a route's path, below its business.
fn tail(route: &Route) -> &'static str {
    route.path.strip_prefix("/v1/admin/businesses/{business}").unwrap_or_default()
}

/// What has to be so before a route can do what it is for: the same person's deed, with the other body.
fn before(route: &Route) -> Option<(&'static str, &'static str)> {
    Some(match (route.method, tail(route)) {
        ("DELETE", "/sites/{site}/limit") => ("PUT", "/sites/{site}/limit"),
        ("DELETE", "/sites/{site}/identity") => ("POST", "/sites/{site}/identity"),
        ("DELETE", "/vendors/{vendor}") => ("PUT", "/vendors/{vendor}"),
        ("DELETE", "/conversations/{conversation}/hold") => ("PUT", "/conversations/{conversation}/hold"),
        ("POST", "/conversations/{conversation}/give-back") => ("POST", "/conversations/{conversation}/take"),
        ("POST", "/conversations/{conversation}/wake") => ("POST", "/conversations/{conversation}/snooze"),
        ("POST", "/conversations/{conversation}/reopen") => ("POST", "/conversations/{conversation}/close"),
        _ => return None,
    })
}

/// Routes that answer something else than "done" to whoever may call them, each with its reason. This list may only shrink.
const OTHERWISE: [(&str, &str, StatusCode, &str); 7] = [
    (
        "POST",
        "/conversations/{conversation}/draft",
        StatusCode::SERVICE_UNAVAILABLE,
        "no provider is set here",
    ),
    ("POST", "/conversations/{conversation}/translate", StatusCode::SERVICE_UNAVAILABLE, "the same"),
    ("DELETE", "/conversations/{conversation}/files/{file}", StatusCode::NOT_FOUND, "what was sent stays"),
    ("GET", "/conversations/changes", StatusCode::UNPROCESSABLE_ENTITY, "since when is left out here"),
    ("POST", "/deletion", StatusCode::CONFLICT, "colleagues belong to the business"),
    ("DELETE", "/deletion", StatusCode::NOT_FOUND, "so none waits"),
    ("POST", "/vendors/{vendor}/test", StatusCode::NOT_FOUND, "there is no key to test"),
];

/// The body with which a route does what it is for; names are not taken yet.
async fn meant(route: &Route, house: &House<'_>, person: &mut Person<'_>) -> serde_json::Value {
    let id = |name: &str| house.more.iter().find(|(known, _)| *known == name).unwrap().1.clone();
    let read = |rest: String| format!("/v1/admin/businesses/{}{rest}", house.business);
    let whole = whole(route);
    let mut body = match (route.method, tail(route)) {
        // Settings are sent as they were read.
        ("PUT", "") => {
            let business = person.send("GET", &read(String::new()), None).await;
            let mut profile = business.json::<serde_json::Value>()["profile"].clone();
            profile["controller"] = json!("One SARL, Cassis");
            profile["contact"] = json!("desk@one.example");
            profile["country"] = json!("FR");
            return profile;
        }
        ("PUT", "/sites/{site}") => {
            let site = person.send("GET", &read(format!("/sites/{}", house.site)), None).await;
            return site.json::<serde_json::Value>()["form"].clone();
        }
        ("POST", "/sites/{site}/preview") => {
            let site = person.send("GET", &read(format!("/sites/{}", house.site)), None).await;
            return json!({ "form": site.json::<serde_json::Value>()["form"], "locale": "en" });
        }
        ("PUT", "/hand-off" | "/notifications") => {
            return person.send("GET", &read(tail(route).to_owned()), None).await.json();
        }
        ("POST", "/tokens") => return json!({ "name": "kiosk", "scopes": ["team_read"], "days": 30 }),
        ("POST", "/conversations/{conversation}/hold") | ("PUT", "/conversations/{conversation}/hold") => {
            return json!({ "reason": "claim" });
        }
        _ => whole,
    };
    let more = json!({
        "name": "later", "title": "Later", "shortcut": "later", "question": "Dogs?", "words": "submarines",
        "address": "https://www.hotel.example/", "key": "sk-proj-0123456789abcdef0123456789", "days": 30,
        "email": "new@house.example", "kind": "access", "way": "mail", "asked_at": NOW,
        "draft": shared::id::DraftId::mint(NOW, [8; 10]), "into": "fr", "sequence": 1,
        "account": house.manager, "labels": [id("{label}")], "priority": "high",
        "until": NOW.plus_ms(shared::time::DAY_MS), "is_spam": true, "is_blocked": true,
        "conversations": [id("{conversation}")], "deed": "close",
    });
    let (Some(body_of), serde_json::Value::Object(more)) = (body.as_object_mut(), more) else {
        unreachable!()
    };
    body_of.extend(more);
    body
}

#[tokio::test]
async fn p8_2_each_role_reaches_as_far_as_the_table_says_and_no_further() {
    let mut odd = Vec::new();
    for route in ROUTES {
        let Access::Member(op) = route.access else { continue };
        // A fresh house each time: some of these routes send people away.
        let deployment = Deployment::new(Options::default());
        let mut house = House::open(&deployment, "one").await;
        let path = house.path_to(route);
        let mut is_done = false;
        for (role, mut person) in std::mem::take(&mut house.people) {
            if !is_allowed(op, role) {
                let answer = person.send(route.method, &path, Some(json!({}))).await;
                assert_eq!(answer.problem(), Kind::RoleTooLow, "{} {path} {role:?}", route.method);
                continue;
            }
            if is_done {
                // Whoever comes second finds what the first one left.
                let answer = person.send(route.method, &path, Some(json!({}))).await;
                let refused = [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN];
                assert!(
                    !refused.contains(&answer.status),
                    "{} {path} {role:?}: {}",
                    route.method,
                    answer.text()
                );
                continue;
            }
            is_done = true;
            if let Some((method, place)) = before(route) {
                let is_it = |other: &&Route| other.method == method && tail(other) == place;
                let first = ROUTES.iter().find(is_it).expect("a route");
                let body = meant(first, &house, &mut person).await;
                let answer = person.send(method, &house.path_to(first), Some(body)).await;
                if !answer.status.is_success() {
                    odd.push(format!("before: {method} {place}: {}", answer.text()));
                }
            }
            let body = meant(route, &house, &mut person).await;
            let answer = person.send(route.method, &path, Some(body)).await;
            let other =
                OTHERWISE.iter().find(|(method, place, ..)| *method == route.method && *place == tail(route));
            let is_right = match other {
                Some((_, _, status, _)) => answer.status == *status,
                None => answer.status.is_success(),
            };
            if !is_right {
                odd.push(format!("{} {} {role:?}: {}", route.method, tail(route), answer.text()));
            }
        }
        assert!(is_done, "{} {path} is for nobody", route.method);
    }
    assert!(odd.is_empty(), "what may be done is not done:\n{}", odd.join("\n"));
}

#[tokio::test]
async fn p8_4_another_businesss_member_finds_nothing_and_swapped_ids_find_nothing() {
    let deployment = Deployment::new(Options::default());
    let house = House::open(&deployment, "one").await;
    // Businesses go to the shard with the fewest: the third is beside the first, where its ids would be found.
    Person::new(&deployment, "owner@between.example").sign_up("between").await;
    let mut other = House::open(&deployment, "two").await;
    let shards = "SELECT count(DISTINCT shard) FROM business WHERE name IN ('one', 'two')";
    let shards: i64 = deployment
        .directory
        .with_connection(|connection| connection.query_row(shards, [], |row| row.get(0)).unwrap())
        .unwrap();
    assert_eq!(shards, 1, "both in one database");
    let (_, stranger) = other.people.last_mut().unwrap();
    for route in ROUTES {
        let Access::Member(_) = route.access else { continue };
        let answer = stranger.send(route.method, &house.path(route), Some(json!({}))).await;
        assert_eq!(answer.problem(), Kind::NotFound, "{} {}", route.method, route.path);
        // Their own business in the path, and everything else of the other one.
        if route.path.matches('{').count() > 1 {
            let swapped = house.path_in(route, other.business);
            let answer = stranger.send(route.method, &swapped, Some(whole(route))).await;
            assert_eq!(answer.problem(), Kind::NotFound, "{} {swapped}", route.method);
        }
    }
    // Handing over names the other person in the body.
    let transfer = format!("/v1/admin/businesses/{}/transfer", other.business);
    let answer = stranger.send("POST", &transfer, Some(json!({ "account": house.manager }))).await;
    assert_eq!(answer.problem(), Kind::NotFound);
}

#[tokio::test]
async fn no_route_that_changes_something_takes_a_forged_request() {
    let deployment = Deployment::new(Options::default());
    let house = House::open(&deployment, "one").await;
    let (_, owner) = house.people.last().unwrap();
    let mut rival = owner.elsewhere();
    rival.sign_in().await;
    for route in ROUTES.iter().filter(|route| route.method != "GET" && route.path.starts_with("/v1/admin/")) {
        let path = house.path(route);
        let mut cross_site = owner.clone();
        cross_site.from = Some("cross-site");
        let answer = cross_site.send(route.method, &path, Some(json!({}))).await;
        assert_eq!(answer.problem(), Kind::CsrfRefused, "{} {path}", route.method);
        if route.access == Access::Door {
            continue;
        }
        for csrf in [None, Some(String::new()), Some("x".repeat(22)), rival.csrf.clone()] {
            let mut forged = owner.clone();
            forged.csrf = csrf;
            let answer = forged.send(route.method, &path, Some(json!({}))).await;
            assert_eq!(answer.problem(), Kind::CsrfRefused, "{} {path}", route.method);
        }
    }
}

#[tokio::test]
async fn p8_2_the_operators_routes_open_for_the_operator_alone() {
    let variables = vec![("OPERATOR_EMAIL", "owner@root.example".to_owned()), ("SIGN_UP", "open".to_owned())];
    let deployment = Deployment::new(Options { variables, ..Options::default() });
    let mut house = House::open(&deployment, "one").await;
    let mut root = Person::new(&deployment, "owner@root.example");
    root.sign_up("root").await;
    for route in routes(|access| access == Access::Operator) {
        for (role, person) in &mut house.people {
            let answer = person.send(route.method, route.path, None).await;
            assert_eq!(answer.problem(), Kind::RoleTooLow, "{} {role:?}", route.path);
        }
        // What names one request finds none by such a name.
        let opened = if route.path.contains('{') { StatusCode::NOT_FOUND } else { StatusCode::OK };
        assert_eq!(root.send(route.method, route.path, None).await.status, opened, "{}", route.path);
    }
}

#[tokio::test]
async fn a_page_of_another_site_is_refused_by_its_origin_where_a_browser_says_nothing_else() {
    let deployment = Deployment::new(Options::default());
    let ask = |origin: &'static str| {
        let request = http::Request::post("/v1/admin/sign-in").header("origin", origin);
        request.body(axum::body::Body::from(json!({ "email": "ada@example.org" }).to_string())).unwrap()
    };
    assert_eq!(deployment.answer(ask("https://evil.example")).await.problem(), Kind::CsrfRefused);
    assert_eq!(deployment.answer(ask("null")).await.problem(), Kind::CsrfRefused);
    assert_eq!(deployment.answer(ask("https://chat.example.eu")).await.status, StatusCode::OK);
}

#[tokio::test]
async fn p8_5_a_token_opens_its_business_and_its_scopes_and_nothing_else() {
    let deployment = Deployment::new(Options::default());
    let mut house = House::open(&deployment, "one").await;
    let other = House::open(&deployment, "two").await;
    let (_, owner) = house.people.last_mut().unwrap();
    let form = json!({ "name": "reader", "scopes": ["team_read"], "days": 1 });
    let tokens = format!("/v1/admin/businesses/{}/tokens", house.business);
    let made: MadeApiToken = owner.send("POST", &tokens, Some(form)).await.json();
    let token = made.token.expose().as_str();
    assert!(token.starts_with("lqt_"));
    for route in ROUTES {
        if !route.path.starts_with("/v1/admin/")
            || route.access == Access::Public
            || route.access == Access::Door
            || route.access == Access::DeskTicket
        {
            continue;
        }
        let answer = deployment.send(route.method, &house.path(route), Some(token), Some(json!({}))).await;
        match route.access {
            Access::Member(Op::TeamRead) => assert_eq!(answer.status, StatusCode::OK),
            Access::Member(_) => assert_eq!(answer.problem(), Kind::ScopeMissing, "{}", route.path),
            _ => assert_eq!(answer.problem(), Kind::SessionMissing, "{}", route.path),
        }
        let Access::Member(_) = route.access else { continue };
        let foreign = deployment.send(route.method, &other.path(route), Some(token), Some(json!({}))).await;
        assert_eq!(foreign.problem(), Kind::NotFound, "{}", route.path);
    }
}
