//! Teams: inviting, joining, roles, leaving, handing over; API tokens and the audit log.

use edge::objects::inbox::protocol::News;
use http::StatusCode;
use serde_json::json;
use shared::id::{AccountId, BusinessId};
use shared::limits::INVITATION_MS;
use shared::time::DAY_MS;
use shared::wire::admin::audit::AuditPage;
use shared::wire::admin::sign_in::InvitationOffer;
use shared::wire::admin::team::{Role, Team};
use shared::wire::admin::token::{ApiTokens, MadeApiToken};
use shared::wire::problem::Kind;
use tests::{Deployment, NOW, Options, Person};

async fn team(person: &mut Person<'_>, business: BusinessId) -> Team {
    person.send("GET", &format!("/v1/admin/businesses/{business}/team"), None).await.json()
}

async fn audit(person: &mut Person<'_>, business: BusinessId) -> Vec<String> {
    let page: AuditPage =
        person.send("GET", &format!("/v1/admin/businesses/{business}/audit"), None).await.json();
    page.entries.into_iter().map(|entry| entry.action).collect()
}

#[tokio::test]
async fn k1_an_invitation_shows_what_it_offers_and_makes_a_member() {
    let deployment = Deployment::new(Options::default());
    let (mut ada, mut grace) =
        (Person::new(&deployment, "ada@hotel.example"), Person::new(&deployment, "grace@hotel.example"));
    let business = ada.sign_up("Hôtel Ada").await;
    let link = ada.invite(business, "Grace@hotel.example", Role::Manager).await;
    let offer: InvitationOffer =
        grace.send("POST", "/v1/admin/invitations/look", Some(link.clone())).await.json();
    assert_eq!((offer.business.as_str(), offer.role, offer.has_account), ("Hôtel Ada", Role::Manager, false));
    assert_eq!(offer.email.expose(), "Grace@hotel.example");
    assert_eq!(team(&mut ada, business).await.invitations.len(), 1);
    deployment.clock.wind(NOW.plus_ms(1));
    assert_eq!(grace.join(link.clone()).await.status, StatusCode::OK);
    let seen = team(&mut grace, business).await;
    let names: Vec<&str> = seen.members.iter().map(|member| member.name.expose().as_str()).collect();
    assert_eq!(names, ["ada Lovelace", "Grace Hopper"]);
    assert!(seen.invitations.is_empty());
    assert_eq!(grace.me().await.memberships[0].role, Role::Manager);
    let mut again = grace.elsewhere();
    assert_eq!(again.join(link).await.problem(), Kind::InvitationRefused, "it works once");
    let path = format!("/v1/admin/businesses/{business}/invitations");
    let form = json!({ "email": "grace@hotel.example", "role": "viewer", "locale": "en" });
    assert_eq!(ada.send("POST", &path, Some(form)).await.problem(), Kind::AlreadyMember);
}

#[tokio::test]
async fn a_forged_foreign_old_or_revoked_invitation_opens_nothing() {
    let deployment = Deployment::new(Options::default());
    let (mut ada, mut eve) =
        (Person::new(&deployment, "ada@hotel.example"), Person::new(&deployment, "eve@evil.example"));
    let business = ada.sign_up("Hôtel Ada").await;
    eve.sign_up("Evil").await;
    let mut forged = ada.invite(business, "grace@hotel.example", Role::Owner).await;
    let link = forged.clone();
    forged["token"] = json!("A".repeat(22));
    for path in ["/v1/admin/invitations/look", "/v1/admin/invitations/accept"] {
        assert_eq!(eve.send("POST", path, Some(forged.clone())).await.problem(), Kind::InvitationRefused);
    }
    // Even the right link is for one address.
    let answer = eve.send("POST", "/v1/admin/invitations/accept", Some(link.clone())).await;
    assert_eq!(answer.problem(), Kind::InvitationRefused);
    // A newer invitation of the same address takes the older one back.
    let newer = ada.invite(business, "grace@hotel.example", Role::Viewer).await;
    let mut grace = Person::new(&deployment, "grace@hotel.example");
    assert_eq!(grace.join(link).await.problem(), Kind::InvitationRefused);
    let id = newer["invitation"].as_str().unwrap().to_owned();
    let path = format!("/v1/admin/businesses/{business}/invitations/{id}");
    assert_eq!(ada.send("DELETE", &path, None).await.status, StatusCode::NO_CONTENT);
    assert_eq!(grace.join(newer).await.problem(), Kind::InvitationRefused);
    let late = ada.invite(business, "grace@hotel.example", Role::Viewer).await;
    deployment.clock.wind(NOW.plus_ms(INVITATION_MS));
    assert_eq!(grace.join(late).await.problem(), Kind::InvitationRefused);
}

#[tokio::test]
async fn somebody_who_has_an_account_signs_in_and_accepts() {
    let deployment = Deployment::new(Options::default());
    let (mut ada, mut grace) =
        (Person::new(&deployment, "ada@hotel.example"), Person::new(&deployment, "grace@hotel.example"));
    let business = ada.sign_up("Hôtel Ada").await;
    grace.sign_up("Grace’s").await;
    let link = ada.invite(business, "grace@hotel.example", Role::Admin).await;
    assert_eq!(grace.elsewhere().join(link.clone()).await.problem(), Kind::AccountExists);
    let answer = grace.send("POST", "/v1/admin/invitations/accept", Some(link)).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text());
    assert_eq!(grace.me().await.memberships.len(), 2);
}

#[tokio::test]
async fn an_invitation_is_not_used_up_by_a_join_that_failed() {
    let deployment = Deployment::new(Options::default());
    let (mut ada, mut grace) =
        (Person::new(&deployment, "ada@hotel.example"), Person::new(&deployment, "grace@hotel.example"));
    let business = ada.sign_up("Hôtel Ada").await;
    grace.sign_up("Grace’s").await;
    let link = ada.invite(business, "grace@hotel.example", Role::Admin).await;
    let rename = |from: &str, to: &str| {
        let sql = format!("ALTER TABLE {from} RENAME TO {to}");
        deployment.directory.with_connection(|connection| connection.execute_batch(&sql).unwrap()).unwrap();
    };
    rename("audit", "audit_away");
    let failed = grace.send("POST", "/v1/admin/invitations/accept", Some(link.clone())).await;
    assert_eq!(failed.problem(), Kind::Internal);
    rename("audit_away", "audit");
    let answer = grace.send("POST", "/v1/admin/invitations/accept", Some(link.clone())).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text());
    let again = grace.send("POST", "/v1/admin/invitations/accept", Some(link)).await;
    assert_eq!(again.problem(), Kind::InvitationRefused, "it works once");
    assert_eq!(grace.me().await.memberships.len(), 2);
}

#[tokio::test]
async fn nobody_gives_more_than_they_are_and_only_owners_touch_owners() {
    let deployment = Deployment::new(Options::default());
    let (mut ada, mut grace) =
        (Person::new(&deployment, "ada@hotel.example"), Person::new(&deployment, "grace@hotel.example"));
    let business = ada.sign_up("Hôtel Ada").await;
    let link = ada.invite(business, "grace@hotel.example", Role::Admin).await;
    grace.join(link).await;
    let invitations = format!("/v1/admin/businesses/{business}/invitations");
    let form = json!({ "email": "eve@evil.example", "role": "owner", "locale": "en" });
    assert_eq!(grace.send("POST", &invitations, Some(form)).await.problem(), Kind::RoleTooLow);
    let (own, owner) = (grace.me().await.account, ada.me().await.account);
    let member = |account| format!("/v1/admin/businesses/{business}/members/{account}");
    let promote = json!({ "role": "owner" });
    assert_eq!(grace.send("PUT", &member(own), Some(promote)).await.problem(), Kind::RoleTooLow);
    let demote = json!({ "role": "viewer" });
    assert_eq!(grace.send("PUT", &member(owner), Some(demote.clone())).await.problem(), Kind::RoleTooLow);
    assert_eq!(grace.send("DELETE", &member(owner), None).await.problem(), Kind::RoleTooLow);
    assert_eq!(ada.send("PUT", &member(own), Some(demote)).await.status, StatusCode::NO_CONTENT);
    assert_eq!(grace.me().await.memberships[0].role, Role::Viewer);
}

#[tokio::test]
async fn the_last_owner_can_not_go_until_somebody_else_owns_the_business() {
    let deployment = Deployment::new(Options::default());
    let (mut ada, mut grace) =
        (Person::new(&deployment, "ada@hotel.example"), Person::new(&deployment, "grace@hotel.example"));
    let business = ada.sign_up("Hôtel Ada").await;
    let link = ada.invite(business, "grace@hotel.example", Role::Manager).await;
    grace.join(link).await;
    let (ada_id, grace_id) = (ada.me().await.account, grace.me().await.account);
    let path = |rest: &str| format!("/v1/admin/businesses/{business}/{rest}");
    let own = path(&format!("members/{ada_id}"));
    assert_eq!(ada.send("POST", &path("leave"), None).await.problem(), Kind::LastOwner);
    assert_eq!(ada.send("DELETE", &own, None).await.problem(), Kind::LastOwner);
    assert_eq!(ada.send("PUT", &own, Some(json!({ "role": "admin" }))).await.problem(), Kind::LastOwner);
    let to_self = json!({ "account": ada_id });
    assert_eq!(ada.send("POST", &path("transfer"), Some(to_self)).await.problem(), Kind::NotFound);
    let answer = ada.send("POST", &path("transfer"), Some(json!({ "account": grace_id }))).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text());
    assert_eq!(ada.me().await.memberships[0].role, Role::Admin);
    assert_eq!(grace.me().await.memberships[0].role, Role::Owner);
    assert_eq!(ada.send("POST", &path("leave"), None).await.status, StatusCode::NO_CONTENT);
    assert!(ada.me().await.memberships.is_empty());
    assert_eq!(ada.send("GET", &path("team"), None).await.problem(), Kind::NotFound);
}

#[tokio::test]
async fn p8_5_a_token_is_shown_once_expires_is_revoked_and_leaves_with_its_maker() {
    let deployment = Deployment::new(Options::default());
    let (mut ada, mut grace) =
        (Person::new(&deployment, "ada@hotel.example"), Person::new(&deployment, "grace@hotel.example"));
    let business = ada.sign_up("Hôtel Ada").await;
    let link = ada.invite(business, "grace@hotel.example", Role::Admin).await;
    grace.join(link).await;
    let tokens = format!("/v1/admin/businesses/{business}/tokens");
    let read = format!("/v1/admin/businesses/{business}/team");
    let form = json!({ "name": "till", "scopes": ["team_read"], "days": 30 });
    let made: MadeApiToken = grace.send("POST", &tokens, Some(form.clone())).await.json();
    let token = made.token.into_exposed();
    assert_eq!(deployment.send("GET", &read, Some(&token), None).await.status, StatusCode::OK);
    let list = grace.send("GET", &tokens, None).await;
    assert!(!list.text().contains(&token[4..]));
    let list: ApiTokens = list.json();
    assert_eq!((list.tokens.len(), list.tokens[0].last_used_at), (1, Some(NOW)));

    let revoked: MadeApiToken = ada.send("POST", &tokens, Some(form.clone())).await.json();
    let path = format!("{tokens}/{}", revoked.about.id);
    assert_eq!(ada.send("DELETE", &path, None).await.status, StatusCode::NO_CONTENT);
    let answer = deployment.send("GET", &read, Some(revoked.token.expose()), None).await;
    assert_eq!(answer.problem(), Kind::TokenMissing);

    // A role that shrinks, shrinks the token.
    let grace_id = grace.me().await.account;
    let member = format!("/v1/admin/businesses/{business}/members/{grace_id}");
    assert_eq!(ada.send("DELETE", &member, None).await.status, StatusCode::NO_CONTENT);
    let gone = deployment.send("GET", &read, Some(&token), None).await;
    assert_eq!(gone.problem(), Kind::TokenMissing);

    let short: MadeApiToken = ada
        .send("POST", &tokens, Some(json!({ "name": "x", "scopes": ["team_read"], "days": 1 })))
        .await
        .json();
    deployment.clock.wind(NOW.plus_ms(DAY_MS));
    let answer = deployment.send("GET", &read, Some(short.token.expose()), None).await;
    assert_eq!(answer.problem(), Kind::TokenMissing);
    for wrong in [
        json!({ "name": "", "scopes": ["team_read"], "days": 1 }),
        json!({ "name": "x", "scopes": [], "days": 1 }),
        json!({ "name": "x", "scopes": ["team_read"], "days": 366 }),
        json!({ "name": "x", "scopes": ["team_read"], "days": 0 }),
    ] {
        assert_eq!(ada.send("POST", &tokens, Some(wrong)).await.problem(), Kind::ValueRefused);
    }
}

#[tokio::test]
async fn p8_2_the_log_says_who_did_what_and_holds_no_words() {
    let deployment = Deployment::new(Options::default());
    let (mut ada, mut grace) =
        (Person::new(&deployment, "ada@hotel.example"), Person::new(&deployment, "grace@hotel.example"));
    let business = ada.sign_up("Hôtel Ada").await;
    let link = ada.invite(business, "grace@hotel.example", Role::Viewer).await;
    grace.join(link).await;
    let grace_id = grace.me().await.account;
    deployment.clock.wind(NOW.plus_ms(DAY_MS));
    ada.send("DELETE", &format!("/v1/admin/businesses/{business}/members/{grace_id}"), None).await;
    let actions = audit(&mut ada, business).await;
    assert_eq!(actions[0], "member_remove");
    let mut rest = actions[1..].to_vec();
    rest.sort();
    assert_eq!(rest, ["business_open", "invite", "member_join"]);
    let page = ada.send("GET", &format!("/v1/admin/businesses/{business}/audit"), None).await;
    let entry = &page.json::<AuditPage>().entries[0];
    assert_eq!((entry.account, entry.subject.as_str()), (ada.me().await.account, &*grace_id.to_string()));
    for word in ["grace@", "Hopper", "ada@", "Lovelace", "Hôtel"] {
        assert!(!page.text().contains(word), "{word}");
    }
    let bad = ada.send("GET", &format!("/v1/admin/businesses/{business}/audit?before=x"), None).await;
    assert_eq!(bad.problem(), Kind::ValueRefused);
}

#[tokio::test]
async fn whoever_is_sent_away_or_leaves_is_sent_out_of_the_inbox_at_once() {
    let deployment = Deployment::new(Options::default());
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    let business = ada.sign_up("Hôtel Ada").await;
    let (mut grace, mut joan) =
        (Person::new(&deployment, "grace@hotel.example"), Person::new(&deployment, "joan@hotel.example"));
    for person in [&mut grace, &mut joan] {
        let link = ada.invite(business, &person.email, Role::Viewer).await;
        assert_eq!(person.join(link).await.status, StatusCode::OK);
    }
    let (first, second) = (grace.me().await.account, joan.me().await.account);
    let is_sent_out = |account: AccountId| {
        let told = deployment.inboxes.told.borrow();
        told.iter().any(|told| told.business == business && told.news == News::SendOut(account))
    };
    let path = format!("/v1/admin/businesses/{business}/members/{first}");
    assert_eq!(ada.send("DELETE", &path, None).await.status, StatusCode::NO_CONTENT);
    assert!(is_sent_out(first) && !is_sent_out(second));
    let path = format!("/v1/admin/businesses/{business}/leave");
    assert_eq!(joan.send("POST", &path, None).await.status, StatusCode::NO_CONTENT);
    assert!(is_sent_out(second));
    // Who may not leave stays where they are.
    let own = ada.me().await.account;
    assert_eq!(ada.send("POST", &path, None).await.problem(), Kind::LastOwner);
    assert!(!is_sent_out(own));
}

#[tokio::test]
async fn the_log_says_why_and_what_changed_without_a_persons_words_and_leaves_as_a_table() {
    let deployment = Deployment::new(Options::default());
    let (mut ada, mut grace) =
        (Person::new(&deployment, "ada@hotel.example"), Person::new(&deployment, "grace@hotel.example"));
    let business = ada.sign_up("Hôtel Ada").await;
    let link = ada.invite(business, "grace@hotel.example", Role::Manager).await;
    grace.join(link).await;
    let account = grace.me().await.account;
    let path = |rest: &str| format!("/v1/admin/businesses/{business}{rest}");
    let role = json!({ "role": "viewer" });
    ada.send("PUT", &path(&format!("/members/{account}")), Some(role)).await;
    let read: serde_json::Value = ada.send("GET", &path(""), None).await.json();
    let site = read["sites"][0]["id"].as_str().unwrap().to_owned();
    for (later_ms, origins) in [(1, json!(["https://a.example"])), (2, json!(["https://b.example"]))] {
        deployment.clock.wind(NOW.plus_ms(later_ms));
        ada.send("PUT", &path(&format!("/sites/{site}/origins")), Some(json!({ "origins": origins }))).await;
    }
    let mut profile = read["profile"].clone();
    profile["controller"] = json!("Ada Lovelace, 12 Secret Street");
    profile["contact"] = json!("desk@hotel.example");
    profile["country"] = json!("FR");
    assert_eq!(ada.send("PUT", &path(""), Some(profile)).await.status, StatusCode::NO_CONTENT);
    let request = json!({ "kind": "access", "way": "phone", "asked_at": NOW, "words": "Guest of room 7" });
    let entered = ada.send("POST", &path("/requests"), Some(request)).await;
    let request: serde_json::Value = entered.json();
    let refuse = path(&format!("/requests/{}/refuse", request["id"].as_str().unwrap()));
    let reason = shared::wire::privacy::RefusalReason::ALL[0];
    ada.send("POST", &refuse, Some(json!({ "reason": reason }))).await;
    let page: AuditPage = ada.send("GET", &path("/audit"), None).await.json();
    let told = |action: &str| {
        let entry = page.entries.iter().find(|entry| entry.action == action).unwrap();
        (entry.reason.as_deref(), entry.change.as_deref())
    };
    assert_eq!(told("member_role"), (None, Some("manager → viewer")));
    assert_eq!(told("invite"), (None, Some("manager")));
    assert_eq!(told("site_origins"), (None, Some("+ https://b.example, − https://a.example")));
    assert_eq!(told("business_change"), (None, Some("contact, controller, country")));
    assert_eq!(told("request_refuse"), (Some(reason.as_str()), None));
    let only: AuditPage = ada.send("GET", &path("/audit?deed=member_role"), None).await.json();
    assert_eq!(only.entries.len(), 1);
    let name = json!({ "name": "=1+1", "locale": "en" });
    assert_eq!(ada.send("PUT", "/v1/admin/account", Some(name)).await.status, StatusCode::NO_CONTENT);
    let file = ada.send("GET", &path("/audit/export"), None).await.text();
    assert!(file.starts_with("\u{feff}at,name,account,token,deed,kind,subject,reason,change\r\n"), "{file}");
    assert!(file.contains("\"'=1+1\"") && !file.contains(",=1+1"), "a name is no formula");
    assert!(file.contains("\"'+ https://b.example, − https://a.example\""), "nor is what changed: {file}");
    assert!(!file.contains("Secret Street") && !file.contains("room 7"), "no words of a person");
    let one = ada.send("GET", &path("/audit/export?deed=member_role"), None).await.text();
    assert_eq!(one.lines().count(), 2);
    assert_eq!(grace.send("GET", &path("/audit/export"), None).await.problem(), Kind::RoleTooLow);
}

#[tokio::test]
async fn a_manager_makes_a_label_and_changes_none() {
    let deployment = Deployment::new(Options::default());
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    let business = ada.sign_up("Hôtel Ada").await;
    let path = format!("/v1/admin/businesses/{business}/labels");
    for (name, role, status) in
        [("grace", Role::Manager, StatusCode::OK), ("joan", Role::Viewer, StatusCode::FORBIDDEN)]
    {
        let mut member = Person::new(&deployment, &format!("{name}@hotel.example"));
        let link = ada.invite(business, &member.email, role).await;
        member.join(link).await;
        let made = member.send("POST", &path, Some(json!({ "name": name }))).await;
        assert_eq!(made.status, status, "{name}");
        if status == StatusCode::OK {
            let label: serde_json::Value = made.json();
            let one = format!("{path}/{}", label["id"].as_str().unwrap());
            let other = Some(json!({ "name": "other" }));
            assert_eq!(member.send("PUT", &one, other).await.problem(), Kind::RoleTooLow);
            assert_eq!(member.send("DELETE", &one, None).await.problem(), Kind::RoleTooLow);
        }
    }
}
