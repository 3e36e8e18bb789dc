//! What the whole of sealing is for: a backup from before an erasure, and a dump without the master key.

use super::*;

#[tokio::test]
async fn restored_from_before_an_erasure_the_erased_is_noise_and_every_other_conversation_opens() {
    let house = House::build().await;
    let mut conversations = Vec::new();
    for number in 0..30 {
        conversations.push(house.converse(&format!("words {number}")).await);
    }
    let path = fresh_path("restore");
    house.db.copy_to(&path).unwrap();

    let erased = [conversations[3], conversations[17]];
    for conversation in erased {
        house.erase(&house.ring, conversation).await;
        house
            .db
            .write(Statement::new("DELETE FROM message WHERE conversation = ?1", [conversation.into()]))
            .await
            .unwrap();
    }
    // Life goes on after the erasure.
    house.converse("later").await;

    let restored = Db::in_file(&path, &MIGRATIONS).unwrap();
    let rows = house.rows(&restored).await;
    assert_eq!(rows.len(), 30, "the backup has every row");
    for ring in [house.isolate(), house.ring.clone()] {
        for row in &rows {
            let read = house.read(&ring, &restored, row).await;
            if erased.contains(&row.conversation) {
                assert!(matches!(read, Err(SealFault::Destroyed)));
            } else {
                let number = conversations.iter().position(|id| *id == row.conversation).unwrap();
                assert_eq!(read.unwrap(), format!("words {number}"));
            }
        }
        assert_eq!(ring.health().alarms, 0);
    }
    std::fs::remove_file(&path).unwrap();
}

#[tokio::test]
async fn an_address_is_unreadable_in_a_backup_once_its_day_is_destroyed() {
    let house = House::build().await;
    let conversation = house.converse("hello").await;
    let (key, insert) = house.ring.day_key(&house.db, &house.scope, 20_717).await.unwrap();
    let row = conversation.to_string();
    let (visitor, seen_at) = ([7; 16], 5_i64.to_be_bytes());
    let bound: [&[u8]; 2] = [&visitor, &seen_at];
    let business = house.scope.business();
    let cell =
        Cell { column: Column::VisitorAddress, scope: business.into(), row: row.as_bytes(), bound: &bound };
    let sealed = key.seal(cell, b"203.0.113.77", &house.rng).unwrap();
    let keep = Statement::new(
        "INSERT INTO visitor_address (conversation, business, visitor, day, seen_at, slab, slot, address)
         VALUES (?1, ?2, 'vis', 20717, 5, ?3, ?4, ?5)",
        [
            conversation.into(),
            business.into(),
            key.reference().slab.into(),
            key.reference().slot.into(),
            sealed.clone().into(),
        ],
    );
    house.db.batch(insert.into_iter().chain([keep]).collect()).await.unwrap();
    let path = fresh_path("address");
    house.db.copy_to(&path).unwrap();

    let owner = KeyOwner::Day(20_717);
    let live = key::key_live(&house.db, &house.scope, &owner).await.unwrap().unwrap();
    house.condemn(&owner).await;
    house.ring.keys_destroy(&house.db, &house.scope, live.reference.slab).await.unwrap();

    let restored = Db::in_file(&path, &MIGRATIONS).unwrap();
    let ring = house.isolate();
    let opened = ring.key_open(&restored, &house.scope, live.reference, &owner, &live.commit16).await;
    assert!(matches!(opened, Err(SealFault::Destroyed)));
    let message = house.row_of(conversation).await;
    assert_eq!(house.read(&ring, &restored, &message).await.unwrap(), "hello");
    std::fs::remove_file(&path).unwrap();
}

#[tokio::test]
async fn a_dump_of_database_and_bucket_shows_no_word_of_anybody() {
    let house = House::build().await;
    let canary = "kanarie-7f3c91-Ünïcode";
    for _ in 0..20 {
        house.converse(canary).await;
    }
    let path = fresh_path("canary");
    house.db.copy_to(&path).unwrap();
    let mut places = vec![std::fs::read(&path).unwrap()];
    std::fs::remove_file(&path).unwrap();
    places.extend(house.keys.dump().unwrap().0.into_iter().map(|(_, bytes)| bytes));
    let wide: Vec<u8> = canary.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let encoded = STANDARD.encode(canary);
    for needle in [canary.as_bytes(), &canary.as_bytes()[..8], &wide, &encoded.as_bytes()[..12]] {
        assert!(!places.iter().any(|place| contains(place, needle)));
    }
    // The same words of two people share nothing that could be compared: past the key's name, no eight bytes repeat.
    let mut seen = std::collections::HashSet::new();
    for row in house.rows(&house.db).await {
        for piece in row.body[19..].windows(8) {
            assert!(seen.insert(piece.to_vec()));
        }
    }
}
