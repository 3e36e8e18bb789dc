//! P6.1, B7: a copy holds everything about a visitor, or the inventory says why it does not.

use edge::rules::inventory::inventory;
use http::StatusCode;
use serde_json::{Value, json};
use shared::id::DraftId;
use shared::rules::subject::SubjectKind;
use shared::wire::admin::business::Business;
use shared::wire::admin::deletion::AccountExport;
use shared::wire::admin::inbox::words::Label;
use shared::wire::privacy::Copy;
use tests::{Deployment, NOW, Options, Person, Visitor, repository};

#[tokio::test(start_paused = true)]
async fn b7_every_table_about_a_visitor_is_in_their_copy_or_says_why_not() {
    let deployment = Deployment::new(Options::default());
    let described: Value = deployment.send("GET", "/openapi.json", None, None).await.json();
    let parts = described["components"]["schemas"]["Copy"]["properties"].as_object().unwrap();
    let page = std::fs::read_to_string(repository().join("docs/export-schema.md")).unwrap();
    let mut copied = 0;
    for (name, table) in &inventory().unwrap().shard {
        let kinds = [SubjectKind::Conversation, SubjectKind::Visitor];
        let about = kinds.iter().any(|kind| table.subject.contains_key(kind));
        match (&table.copied, &table.uncopied) {
            (None, None) => assert!(!about, "{name}: say in the inventory where it is in a copy, or why not"),
            (Some(part), None) => {
                copied += 1;
                assert!(about && parts.contains_key(part), "{name}: a copy has no `{part}`");
                assert!(page.contains(&format!("`{part}`")), "docs/export-schema.md does not say `{part}`");
            }
            (None, Some(why)) => {
                assert!(about && !why.trim().is_empty(), "{name}");
                assert!(page.contains(&format!("`{name}`")), "docs/export-schema.md leaves out `{name}`");
            }
            (Some(_), Some(_)) => panic!("{name} is in a copy and is not"),
        }
    }
    assert!(copied > 15, "{copied}");
}

#[tokio::test(start_paused = true)]
async fn p6_1_a_copy_holds_notes_labels_marks_score_and_address_too_and_no_colleague() {
    let deployment = Deployment::new(Options::default());
    let mut ada = Person::new(&deployment, "ada@one.example");
    let business = ada.sign_up("One").await;
    let below = format!("/v1/admin/businesses/{business}");
    let read: Business = ada.send("GET", &below, None).await.json();
    let me = ada.me().await.account;
    let mut visitor = Visitor::on(&deployment, read.sites[0].id, "https://chat.example.eu").await;
    visitor.write("Can I come with a horse?").await;
    deployment.settle().await;
    let (conversation, token) = visitor.thread.clone().unwrap();
    let desk = async |ada: &mut Person<'_>, method: &str, rest: &str, body: Value| {
        let path = format!("{below}/conversations/{conversation}{rest}");
        let done = ada.send(method, &path, Some(body)).await;
        assert!(done.status.is_success(), "{rest}: {}", done.text());
    };
    let label = json!({ "name": "difficult", "color": "yellow" });
    let label: Label = {
        let made = ada.send("POST", &format!("{below}/labels"), Some(label)).await;
        assert_eq!(made.status, StatusCode::OK, "{}", made.text());
        made.json()
    };
    let note = format!("He always comes with horses, @[{me}]");
    let draft = DraftId::mint(NOW, [9; 10]);
    desk(&mut ada, "POST", "/notes", json!({ "draft": draft, "text": note })).await;
    desk(&mut ada, "PUT", "/labels", json!({ "labels": [label.id] })).await;
    let address = format!("/v1/widget/conversations/{conversation}/address");
    let form = json!({ "email": "guest@visitor.example", "locale": "en" });
    deployment.send("POST", &address, Some(&token), Some(form)).await;
    let own = format!("/v1/privacy/conversations/{conversation}");
    let answer = deployment.send("GET", &format!("{own}/copy"), Some(&token), None).await;
    let text = answer.text();
    let copy: Copy = answer.json();
    assert_eq!(copy.notes[0].text.expose(), "He always comes with horses, @…");
    assert_eq!(copy.labels, ["difficult"]);
    assert_eq!(copy.contact.unwrap().email.expose(), "guest@visitor.example");
    assert!(copy.held.email.is_none(), "not confirmed");
    let marks = copy.marks.unwrap();
    assert!(!marks.is_spam && marks.priority == 1);
    assert!(copy.numbers.is_some());
    assert!(!text.contains(&me.to_string()), "who wrote a note is the colleague's own");
    let archive = deployment.send("GET", &format!("{own}/archive"), Some(&token), None).await;
    assert!(String::from_utf8_lossy(&archive.body).contains("He always comes with horses"));
}

#[tokio::test(start_paused = true)]
async fn p6_5_account_users_take_their_copy_as_a_zip_with_settings_views_and_mails() {
    let deployment = Deployment::new(Options::default());
    let mut ada = Person::new(&deployment, "ada@one.example");
    let business = ada.sign_up("One").await;
    let view = json!({ "name": "Mine alone", "filter": {} });
    let made = ada.send("POST", &format!("/v1/admin/businesses/{business}/views"), Some(view)).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.text());
    let export: AccountExport = ada.send("GET", "/v1/admin/account/copy", None).await.json();
    assert_eq!(export.settings[0].business, business);
    assert_eq!(export.settings[0].views[0].view.name, "Mine alone");
    assert!(
        export.mails.iter().any(|mail| mail.kind == "new_device" || mail.kind == "sign_up_code"),
        "{export:?}"
    );
    let archive = ada.send("GET", "/v1/admin/account/archive", None).await;
    assert_eq!(archive.headers["content-type"], "application/zip");
    assert!(archive.body.starts_with(b"PK\x03\x04"));
    let text = String::from_utf8_lossy(&archive.body);
    assert!(text.contains("data.json") && text.contains("loquet-account-1") && text.contains("Mine alone"));
}
