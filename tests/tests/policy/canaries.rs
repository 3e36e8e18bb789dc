//! What people write is found nowhere it should not be: not in the bytes of the databases, not among the keys, not in
//! a log line.

use tests::{Deployment, Options, Visitor};

/// Words that stand in every public field that takes a person's words.
const CANARY: &str = "xylophone-canary-9301";

#[tokio::test]
async fn no_canary_stands_in_the_raw_bytes_of_databases_keys_or_logs() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let mut visitor = Visitor::at(&deployment, 0).await;
    visitor.write(&format!("My name is {CANARY}, what time is breakfast?")).await;
    deployment.settle().await;
    visitor.write(&format!("{CANARY}@example.org")).await;
    deployment.settle().await;
    assert!(
        format!("{:?}", visitor.transcript().await).contains(CANARY),
        "it is kept, and opens for its visitor"
    );

    let words = format!("The sentence {CANARY} stands in a file. ").repeat(3_000);
    let file = visitor.upload(&format!("{CANARY}.txt"), words.as_bytes()).await;
    let file: shared::wire::file::Attachment = file.json();
    let draft = visitor.draft();
    visitor.write_with(draft, "", &[file.id]).await;
    deployment.settle().await;
    assert!(visitor.download(file.id).await.text() == words);

    let folder = std::env::temp_dir().join(format!("loquet-canary-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let holds = |bytes: &[u8], what: &str| {
        bytes.windows(what.len()).any(|window| window.eq_ignore_ascii_case(what.as_bytes()))
    };
    for (number, db) in deployment.shards.iter().chain([&deployment.directory]).enumerate() {
        let copy = folder.join(format!("{number}.sqlite"));
        let _ = std::fs::remove_file(&copy);
        db.copy_to(&copy).unwrap();
        let bytes = std::fs::read(&copy).unwrap();
        assert!(!holds(&bytes, CANARY), "database {number}");
        assert!(!holds(&bytes, "203.0.113.7"), "database {number} holds an address");
        let (_, token) = visitor.thread.as_ref().unwrap();
        assert!(!holds(&bytes, token), "database {number} holds a token");
    }
    let ((keys, _), (files, _)) = (deployment.keys.dump().unwrap(), deployment.files.dump().unwrap());
    assert_eq!(files.len(), 1);
    for (key, bytes) in keys.into_iter().chain(files) {
        assert!(!holds(&bytes, CANARY), "{key}");
    }
    for line in edge::log::captured() {
        assert!(!holds(line.as_bytes(), CANARY) && !line.contains("203.0.113"), "{line}");
    }
    std::fs::remove_dir_all(&folder).unwrap();
}
