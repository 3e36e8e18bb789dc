//! What is left of somebody: of whom was erased nothing that can be read, in no byte of a database, its write-ahead log, a
//! bucket, the queue, a log or a copy from before; of everybody else nothing by which two of them could be matched.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use edge::ops::erasure::{Reason, conversation_erase};
use edge::platform::{Blobs, Db};
use edge::rules::inventory::inventory_read;
use edge::store::conversation::conversation_find;
use edge::store::scope::BusinessScope;
use http::StatusCode;
use serde_json::json;
use shared::limits::ERASURE_SETTLE_MS;
use shared::wire::file::Attachment;
use tests::{Deployment, NOW, Options, Visitor, business_id, directory_migrations, seed, shard_migrations};

const OFTEN: &str = "*/5 * * * *";
const CANARY: &str = "marimba-canary-5528";

/// An empty folder for a test.
pub fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("loquet-traces-{}-{name}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Databases in files, with the write-ahead log that D1 keeps too.
pub async fn on_disk(folder: &Path, options: Options) -> Deployment {
    let open = |name: &str, migrations: &[String]| {
        let texts: Vec<&str> = migrations.iter().map(String::as_str).collect();
        let db = Db::in_file(&folder.join(name), &texts).unwrap();
        db.with_connection(|connection| {
            let mode: String =
                connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0)).unwrap();
            assert_eq!(mode, "wal");
        })
        .unwrap();
        db
    };
    let directory = open("directory.sqlite", &directory_migrations());
    let shards = (0..2).map(|number| open(&format!("shard-{number}.sqlite"), &shard_migrations())).collect();
    let deployment = Deployment::over(options, directory, shards, Blobs::in_memory());
    for number in 0..2 {
        deployment.seed(&seed(number)).await;
    }
    deployment
}

/// Every byte that lies in a folder, by the name of its file.
pub fn bytes(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    std::fs::read_dir(folder)
        .unwrap()
        .flatten()
        .map(|entry| (entry.file_name().to_string_lossy().into_owned(), std::fs::read(entry.path()).unwrap()))
        .collect()
}

/// Whether some bytes hold a text, in whichever case.
pub fn holds(bytes: &[u8], what: &str) -> bool {
    bytes.windows(what.len()).any(|window| window.eq_ignore_ascii_case(what.as_bytes()))
}

#[tokio::test(start_paused = true)]
async fn b4_of_somebody_who_was_erased_no_word_stands_on_disk_in_a_bucket_a_queue_a_log_or_a_copy() {
    let live = folder("live");
    let deployment = on_disk(&live, Options::default()).await;
    let mut erased = Visitor::at(&deployment, 0).await;
    erased.write(&format!("My name is {CANARY}, when is breakfast?")).await;
    deployment.settle().await;
    let file: Attachment =
        erased.upload(&format!("{CANARY}.txt"), format!("A sentence with {CANARY}").as_bytes()).await.json();
    let draft = erased.draft();
    erased.write_with(draft, CANARY, &[file.id]).await;
    deployment.settle().await;
    let (conversation, token) = erased.thread.clone().unwrap();
    let own = format!("/v1/privacy/conversations/{conversation}");
    let words = json!({ "kind": "rectification", "words": format!("I am {CANARY}") });
    let asked = deployment.send("POST", &format!("{own}/requests"), Some(&token), Some(words)).await;
    assert_eq!(asked.status, StatusCode::OK);
    let mut survivor = Visitor::at(&deployment, 0).await;
    survivor.write("words of the survivor").await;
    deployment.settle().await;
    assert!(
        format!("{:?}", erased.transcript().await).contains(CANARY),
        "it is kept, and opens for its visitor"
    );

    // A copy of all that stands on disk, as a backup takes it.
    let copy = folder("copy");
    for (name, bytes) in bytes(&live) {
        std::fs::write(copy.join(name), bytes).unwrap();
    }

    let business = BusinessScope::new(business_id(0), 0);
    let found = conversation_find(&deployment.shards[0], &business, conversation).await.unwrap().unwrap();
    conversation_erase(&deployment.app, &found.scope, Reason::Request, NOW).await.unwrap();
    for now in [NOW, NOW.plus_ms(ERASURE_SETTLE_MS)] {
        deployment.clock.wind(now);
        deployment.run_due(OFTEN, now).await;
    }

    let mut places: Vec<(String, Vec<u8>)> = Vec::new();
    for (what, folder) in [("live", &live), ("copy", &copy)] {
        let files = bytes(folder);
        assert!(files.keys().any(|name| name.ends_with("-wal")), "{:?}", files.keys());
        assert!(files.values().any(|bytes| holds(bytes, "lime trees")), "what is no secret is found there");
        places.extend(files.into_iter().map(|(name, bytes)| (format!("{what}: {name}"), bytes)));
    }
    places.extend(deployment.keys.dump().unwrap().0);
    places.extend(deployment.files.dump().unwrap().0);
    places
        .extend(deployment.outbound.take().into_iter().map(|(text, _)| ("queue".into(), text.into_bytes())));
    places.extend(edge::log::captured().into_iter().map(|line| ("log".into(), line.into_bytes())));
    for (name, bytes) in &places {
        for secret in [CANARY, token.as_str(), "203.0.113.7"] {
            assert!(!holds(bytes, secret), "{name} holds {secret}");
        }
    }
    assert!(deployment.files.dump().unwrap().0.is_empty(), "his only file is gone");

    // The copy, with the keys as they are now: noise for the erased, and everybody else opens.
    let shards = (0..2)
        .map(|number| Db::in_file(&copy.join(format!("shard-{number}.sqlite")), &[]).unwrap())
        .collect();
    let directory = Db::in_file(&copy.join("directory.sqlite"), &[]).unwrap();
    let options = Options { seed: 95, ..Options::default() };
    let restored = Deployment::over(options, directory, shards, deployment.keys.clone());
    restored.clock.wind(NOW.plus_ms(2 * ERASURE_SETTLE_MS));
    let read = async |thread: &(shared::id::ConversationId, String)| {
        let path = format!("/v1/widget/conversations/{}/messages", thread.0);
        restored.send("GET", &path, Some(&thread.1), None).await.text()
    };
    assert!(!read(&(conversation, token)).await.contains(CANARY));
    assert!(read(survivor.thread.as_ref().unwrap()).await.contains("words of the survivor"));
    for path in [live, copy] {
        std::fs::remove_dir_all(path).unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn no_sealed_value_repeats_across_persons_who_say_and_do_the_same() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    for _ in 0..3 {
        let mut visitor = Visitor::at(&deployment, 0).await;
        visitor.write("When is breakfast?").await;
        deployment.settle().await;
        let file: Attachment = visitor.upload("the same.txt", b"the same words").await.json();
        let draft = visitor.draft();
        visitor.write_with(draft, "The same", &[file.id]).await;
        deployment.settle().await;
        let (conversation, token) = visitor.thread.clone().unwrap();
        let path = format!("/v1/privacy/conversations/{conversation}/requests");
        let words = json!({ "kind": "rectification", "words": "the same" });
        deployment.send("POST", &path, Some(&token), Some(words)).await;
    }
    let (mut seen, mut looked) = (BTreeMap::new(), 0);
    for (name, table) in &inventory_read().unwrap().shard {
        for column in table.columns.iter().filter(|(_, column)| column.number.is_some()).map(|(name, _)| name)
        {
            let sql = format!("SELECT {column} FROM {name} WHERE {column} IS NOT NULL");
            let values: Vec<Vec<u8>> = deployment.shards[0]
                .with_connection(|connection| {
                    let mut found = connection.prepare(&sql).unwrap();
                    let rows = found.query_map([], |row| row.get::<_, Vec<u8>>(0)).unwrap();
                    rows.map(Result::unwrap).collect()
                })
                .unwrap();
            for value in values {
                looked += 1;
                // Behind version, slab and slot: nonce, words and tag.
                let sealed = value[19..].to_vec();
                assert_eq!(seen.insert(sealed, format!("{name}.{column}")), None, "{name}.{column} repeats");
            }
        }
    }
    assert!(looked > 15, "{looked}");
    let (files, _) = deployment.files.dump().unwrap();
    assert_eq!(files.len(), 3);
    for (one, other) in [(0, 1), (1, 2), (0, 2)] {
        assert_ne!(files[one].1[22..], files[other].1[22..], "the same file, sealed twice, is not the same");
    }
}
