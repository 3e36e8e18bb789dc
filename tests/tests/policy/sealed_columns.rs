//! Every sealed column, filled through the public doors with words that are found in no byte of any database, log of
//! changes, bucket, queue or line of a log. A new sealed column fails here until it is tried.

use std::collections::{BTreeMap, BTreeSet};

use edge::ops::billing::{Billing, billing_record};
use edge::platform::Db;
use edge::rules::inventory::{Table, inventory_read};
use edge::store::scope::OperatorScope;
use http::{Request, StatusCode};
use serde_json::{Value, json};
use shared::id::{BusinessId, DraftId};
use shared::limits::RECENT_MS;
use shared::privacy::Personal;
use shared::time::{DAY_MS, Millis};
use shared::wire::admin::business::Business;
use shared::wire::admin::deletion::Deletion;
use shared::wire::admin::sign_in::CodeAsked;
use shared::wire::admin::team::Role;
use shared::wire::file::Attachment;
use tests::{Answer, Deployment, NOW, Options, Person, Visitor, jwt};

use super::traces::{bytes, folder, holds, on_disk};

const HOURLY: &str = "17 * * * *";
const OFTEN: &str = "*/5 * * * *";

/// Every canary begins like this, so that the bytes are searched once for all of them.
const CANARY: &str = "oboe-canary-";

/// Sealed columns whose words are nobody's free text, or which no route fills, each with the reason.
const OF_THEIR_OWN: [(&str, &str); 4] = [
    ("visitor_address.address", "an IP address, as the platform gives it"),
    ("billing_record.address", "no payment vendor has a route yet: its operation is called"),
    ("identity_secret.secret", "minted, and searched for as it was shown"),
    ("webhook.secret", "minted, and searched for as it was shown"),
];

fn good(answer: Answer) -> Answer {
    assert!(answer.status.is_success(), "{}: {}", answer.status, answer.text());
    answer
}

/// What stood in each sealed column at some time of this test, by the column's name.
#[derive(Default)]
struct Tried(BTreeMap<&'static str, String>);

impl Tried {
    /// A canary for a column, which is in it before the bytes are searched.
    fn canary(&mut self, column: &'static str) -> String {
        let words = format!("{CANARY}{}", column.replace(['.', '_'], "-"));
        self.0.insert(column, words.clone());
        words
    }

    fn of(&self, column: &str) -> &str {
        self.0.get(column).map_or("", String::as_str)
    }
}

/// Somebody whose account goes: the letter with the receipt has not gone out yet.
async fn leave(deployment: &Deployment, tried: &mut Tried) -> Millis {
    let mut leaver =
        Person::new(deployment, &format!("{}@one.example", tried.canary("erasure_contact.contact")));
    leaver.sign_up("Gone").await;
    let asked: Deletion = leaver.send("POST", "/v1/admin/account/deletion", None).await.json();
    assert_eq!(asked.due_at, NOW.plus_ms(30 * DAY_MS));
    for minutes in (0..30).step_by(5) {
        let now = asked.due_at.plus_ms(minutes * 60_000);
        deployment.clock.wind(now);
        for cron in [HOURLY, OFTEN] {
            deployment.run_due(cron, now).await;
        }
    }
    deployment.clock.now()
}

/// What an owner fills: their account, their team, and what opens the business's own systems.
async fn owner_fills<'a>(deployment: &'a Deployment, tried: &mut Tried) -> (Person<'a>, BusinessId) {
    // A name that is signed up with follows from the address.
    let mut ada = Person::new(deployment, &format!("{}@one.example", tried.canary("account.email")));
    let business = ada.sign_up("One").await;
    let name = json!({ "name": tried.canary("account.name"), "locale": "en" });
    good(ada.send("PUT", "/v1/admin/account", Some(name)).await);
    let invited = format!("{}@one.example", tried.canary("invitation.email"));
    ada.invite(business, &invited, Role::Viewer).await;
    let change = json!({ "email": format!("{}@one.example", tried.canary("email_change.email")) });
    let asked: CodeAsked = good(ada.send("POST", "/v1/admin/account/email", Some(change)).await).json();
    let given = json!({ "code": asked.code, "digits": ada.digits(asked.code) });
    good(ada.send("POST", "/v1/admin/account/email/code", Some(given)).await);
    let words = json!({ "kind": "rectification", "words": tried.canary("account_request.words") });
    good(ada.send("POST", "/v1/admin/account/requests", Some(words)).await);
    let below = format!("/v1/admin/businesses/{business}");
    let key = json!({ "key": tried.canary("vendor_key.secret") });
    good(ada.send("PUT", &format!("{below}/vendors/openai"), Some(key)).await);
    let door = json!({ "url": "https://systems.hotel.example/hook", "events": ["message.received"], "is_active": false });
    let made: Value = good(ada.send("POST", &format!("{below}/webhooks"), Some(door)).await).json();
    tried.0.insert("webhook.secret", made["secret"].as_str().unwrap().to_owned());
    (ada, business)
}

/// What a visitor fills, in the chat and on their privacy page.
async fn visitor_fills<'a>(
    deployment: &'a Deployment,
    ada: &mut Person<'_>,
    business: BusinessId,
    tried: &mut Tried,
) -> Visitor<'a> {
    let below = format!("/v1/admin/businesses/{business}");
    let read: Business = ada.send("GET", &below, None).await.json();
    let site = read.sites[0].id;
    let settings = format!("{below}/sites/{site}");
    let mut form = ada.send("GET", &settings, None).await.json::<Value>()["form"].clone();
    form["keeps_path"] = json!(true);
    good(ada.send("PUT", &settings, Some(form)).await);
    let made: Value = good(ada.send("POST", &format!("{settings}/identity"), None).await).json();
    let secret = made["secret"].as_str().unwrap().to_owned();
    deployment.clock.wind(deployment.clock.now().plus_ms(RECENT_MS));

    let mut visitor = Visitor::on(deployment, site, "https://chat.example.eu").await;
    // The card is written by the machine, and begins with what was said last.
    let said = tried.canary("message.body");
    tried.0.insert("conversation_card.card", said.clone());
    tried.0.insert("visitor_address.address", "203.0.113.7".into());
    let path = format!("/{}?name={CANARY}#{CANARY}", tried.canary("visitor_page.path"));
    let body = json!({ "draft": visitor.draft(), "text": said, "locale": "en", "path": path });
    let open = Request::post(format!("/v1/widget/sites/{site}/conversations"))
        .header("cf-connecting-ip", "203.0.113.7")
        .header("authorization", format!("Bearer {}", visitor.token))
        .header("user-agent", format!("Mozilla/5.0 {CANARY} Firefox/140.0"))
        .header("accept-language", "de-x-oboe-canary")
        .body(body.to_string().into());
    let opened: Value = good(deployment.answer(open.unwrap()).await).json();
    let (conversation, token) = (opened["conversation"].as_str().unwrap(), opened["token"].as_str().unwrap());
    visitor.thread = Some((conversation.parse().unwrap(), token.to_owned()));
    deployment.settle().await;

    let corrects = json!({
        "kind": "rectification", "message": opened["message"]["id"], "words": format!("{said}, corrected"),
    });
    // What stood there before lies among the corrections.
    tried.0.insert("rectification.body", said.clone());
    let widget = format!("/v1/widget/conversations/{conversation}");
    let privacy = format!("/v1/privacy/conversations/{conversation}");
    let email = format!("{}@visitor.example", tried.canary("contact.email"));
    let at = deployment.clock.now().as_i64() / 1_000;
    let named = jwt(&secret, &tried.canary("visitor_identity.subject"), at, at + 60);
    tried.0.insert("identity_secret.secret", secret);
    for (path, body) in [
        (format!("{privacy}/requests"), corrects),
        (
            format!("{privacy}/requests"),
            json!({ "kind": "rectification", "words": tried.canary("privacy_request.words") }),
        ),
        (
            format!("{widget}/satisfaction"),
            json!({ "score": 2, "comment": tried.canary("satisfaction.comment") }),
        ),
        (format!("{widget}/address"), json!({ "email": email, "locale": "en" })),
        (format!("{widget}/identity"), json!({ "token": named })),
    ] {
        good(deployment.send("POST", &path, Some(token), Some(body)).await);
    }
    let name = tried.canary("file.name");
    let file: Attachment =
        visitor.upload(&format!("{name}.txt"), format!("{CANARY} in a file").as_bytes()).await.json();
    let draft = visitor.draft();
    assert_eq!(visitor.write_with(draft, &said, &[file.id]).await.status, StatusCode::OK);
    deployment.settle().await;
    let note = json!({ "draft": DraftId::mint(NOW, [9; 10]), "text": tried.canary("note.body") });
    good(ada.send("POST", &format!("{below}/conversations/{conversation}/notes"), Some(note)).await);
    visitor
}

/// How many rows have something in a column.
fn filled(dbs: &[&Db], table: &str, column: &str) -> i64 {
    let sql = format!("SELECT count(*) FROM {table} WHERE length({column}) > 0");
    let count =
        |db: &&Db| db.with_connection(|found| found.query_row(&sql, [], |row| row.get::<_, i64>(0)).unwrap());
    dbs.iter().map(|db| count(db).unwrap()).sum()
}

/// The sealed columns of some tables.
fn sealed(tables: &BTreeMap<String, Table>) -> Vec<(&str, &str)> {
    let columns = tables.iter().flat_map(|(table, entry)| {
        entry.columns.iter().map(move |(name, column)| (table.as_str(), name.as_str(), column.number))
    });
    columns.filter(|(.., number)| number.is_some()).map(|(table, name, _)| (table, name)).collect()
}

#[tokio::test(start_paused = true)]
async fn b4_a_canary_in_every_sealed_column_stands_in_no_byte_of_databases_buckets_queue_or_log() {
    let live = folder("columns");
    let options =
        Options { variables: vec![("OPERATOR_EMAIL", "ops@platform.example".into())], ..Options::default() };
    let deployment = on_disk(&live, options).await;
    let mut tried = Tried::default();
    let now = leave(&deployment, &mut tried).await;
    let (mut ada, business) = owner_fills(&deployment, &mut tried).await;
    let visitor = visitor_fills(&deployment, &mut ada, business, &mut tried).await;
    let bill = Billing {
        business,
        vendor: "stripe".into(),
        reference: "pi_1".into(),
        amount_cents: 4_900,
        currency: "EUR".into(),
        address: Personal::new(tried.canary("billing_record.address")),
        at: now,
    };
    billing_record(&deployment.app, &OperatorScope::of_deployment(), &bill).await.unwrap();

    let inventory = inventory_read().unwrap();
    let shards: Vec<&Db> = deployment.shards.iter().collect();
    let mut known = BTreeSet::new();
    for (dbs, tables) in [(&[&deployment.directory][..], &inventory.directory), (&shards, &inventory.shard)] {
        for (table, column) in sealed(tables) {
            assert!(
                filled(dbs, table, column) > 0,
                "{table}.{column} is sealed, and this test fills no row of it"
            );
            known.insert(format!("{table}.{column}"));
        }
    }
    let names: BTreeSet<String> = tried.0.keys().map(|name| (*name).to_owned()).collect();
    assert_eq!(names, known, "each sealed column is tried with words of its own");
    for (name, words) in &tried.0 {
        let own = OF_THEIR_OWN.iter().any(|(column, reason)| column == name && !reason.is_empty());
        assert!(words.starts_with(CANARY) || own, "{name}: a canary, or a reason");
    }

    // They are there, and open for whoever they are of.
    let (conversation, token) = visitor.thread.clone().unwrap();
    let copy = format!("/v1/privacy/conversations/{conversation}/copy");
    let desk = format!("/v1/admin/businesses/{business}");
    let mut open = deployment.send("GET", &copy, Some(&token), None).await.text();
    for path in ["/v1/admin/account/copy", "/v1/admin/session", "/v1/admin/account/requests"] {
        open += &ada.send("GET", path, None).await.text();
    }
    for path in ["team".to_owned(), format!("conversations/{conversation}")] {
        open += &ada.send("GET", &format!("{desk}/{path}"), None).await.text();
    }
    let unread = ["vendor_key.secret", "identity_secret.secret", "webhook.secret", "visitor_address.address"];
    let elsewhere = ["billing_record.address", "erasure_contact.contact"];
    for name in tried.0.keys().filter(|name| !unread.contains(name) && !elsewhere.contains(name)) {
        assert!(open.contains(tried.of(name)), "{name} opens for whoever it is of");
    }

    let files = bytes(&live);
    assert!(files.keys().any(|name| name.ends_with("-wal")), "{:?}", files.keys());
    assert!(files.values().any(|bytes| holds(bytes, "lime trees")), "what is no secret is found there");
    let mut places: Vec<(String, Vec<u8>)> = files.into_iter().collect();
    places.extend(deployment.keys.dump().unwrap().0);
    let (objects, _) = deployment.files.dump().unwrap();
    assert_eq!(objects.len(), 1);
    places.extend(objects);
    places
        .extend(deployment.outbound.take().into_iter().map(|(text, _)| ("queue".into(), text.into_bytes())));
    places.extend(edge::log::captured().into_iter().map(|line| ("log".into(), line.into_bytes())));
    let secrets = tried.0.values().map(String::as_str).filter(|words| !words.starts_with(CANARY));
    let secrets: Vec<&str> = secrets.chain([CANARY, token.as_str(), visitor.token.as_str()]).collect();
    for (place, bytes) in &places {
        for secret in &secrets {
            assert!(!holds(bytes, secret), "{place} holds {secret}");
        }
    }
    std::fs::remove_dir_all(live).unwrap();
}
