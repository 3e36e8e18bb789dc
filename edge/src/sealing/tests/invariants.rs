//! I1 to I5, I8 and I9, each under its number.

use futures::future::join_all;
use shared::id::SlabId;
use shared::limits::{KEYS_TRIES, SLAB_SLOTS};

use super::*;
use crate::sealing::owner::Family;
use crate::sealing::slab::{Slab, SlabName};

fn refused<T>(result: Result<T, DbFault>) -> &'static str {
    match result {
        Err(DbFault::Refused(trigger)) => trigger,
        Err(other) => panic!("refused for another reason: {other}"),
        Ok(_) => panic!("not refused"),
    }
}

// I1 for slabs: `slab::tests::i1_keys_disappear_and_never_change_or_return`.
#[tokio::test(start_paused = true)]
async fn i1_the_database_refuses_to_bring_a_key_back() {
    let house = House::build().await;
    let conversation = house.converse("hello").await;
    house.erase(&house.ring, conversation).await;
    for sql in [
        "UPDATE seal_key SET state = 1",
        "UPDATE seal_key SET state = 0",
        "UPDATE seal_key SET commit16 = zeroblob(16)",
        "UPDATE seal_key SET owner = 'cnv_other'",
        "UPDATE seal_key SET business = 'biz_other'",
    ] {
        assert_eq!(refused(house.db.write(Statement::new(sql, [])).await), "seal_key_returns", "{sql}");
    }
    assert_eq!(house.states().await, [2]);
}

#[tokio::test]
async fn i2_no_key_material_stands_outside_memory() {
    let house = House::build().await;
    for _ in 0..9 {
        house.converse("hello").await;
    }
    let row = house.rows(&house.db).await.remove(0);
    let name = SlabName { scope: (&house.scope).into(), family: Family::Conversation, slab: row.slab };
    let root = house.ring.ring.root((&house.scope).into()).await.unwrap();
    let object = house.keys.get(&name.object()).await.unwrap().unwrap();
    let slab = Slab::opened(name, &root.value, &object.bytes).unwrap();
    let mut secrets: Vec<Vec<u8>> = (0..SLAB_SLOTS).map(|slot| slab.key(slot).unwrap().to_vec()).collect();
    secrets.push(root.value.expose().to_vec());
    secrets.push((1..33).collect());

    let path = fresh_path("i2");
    house.db.copy_to(&path).unwrap();
    let mut places = vec![std::fs::read(&path).unwrap()];
    std::fs::remove_file(&path).unwrap();
    places.extend(house.keys.dump().unwrap().0.into_iter().map(|(_, bytes)| bytes));
    for secret in &secrets {
        // Half a key would be bad enough.
        assert!(!places.iter().any(|place| contains(place, &secret[..16]) || contains(place, &secret[16..])));
    }
    // The reader of logs gets none either.
    let owner = KeyOwner::Conversation(row.conversation);
    let opened = house.ring.key_open(&house.db, &house.scope, row.reference(), &owner, &row.commit16).await;
    let shown = format!("{:?} {:?} {slab:?} {:?}", opened.unwrap(), house.ring, root.value);
    assert_eq!(
        shown,
        format!(
            "SealingKey({}/{}, …) Keyring(…) Slab({}, epoch 0, …) Secret(…)",
            row.slab, row.slot, row.slab
        )
    );
}

#[tokio::test(start_paused = true)]
async fn i3_no_sealed_row_commits_under_a_key_that_is_not_live() {
    let house = House::build().await;
    let (mine, other) = (house.converse("mine").await, house.converse("other").await);
    let row = house.row_of(mine).await;
    let owner = KeyOwner::Conversation(mine);
    let key =
        house.ring.key_open(&house.db, &house.scope, row.reference(), &owner, &row.commit16).await.unwrap();
    house.db.write(house.message(&key, mine, "live")).await.unwrap();

    // Another conversation's key, and a key that nobody leased.
    assert_eq!(refused(house.db.write(house.message(&key, other, "stray")).await), "seal_key_not_live");
    let unknown = KeyRef { slab: row.slab, slot: 400 };
    let id = MessageId::mint(NOW, [1; 10]);
    let stray = house.message_row(id, mine, unknown, 1, vec![0; 111]);
    assert_eq!(refused(house.db.write(stray).await), "seal_key_not_live");
    // Another business.
    let foreign = Statement::new("UPDATE message SET business = 'biz_other'", []);
    assert_eq!(refused(house.db.write(foreign).await), "seal_key_not_live");
    // A conversation's key is no key for a day's addresses.
    let address = Statement::new(
        "INSERT INTO visitor_address (conversation, business, visitor, day, seen_at, slab, slot, address)
         VALUES (?1, ?2, 'vis', 20717, 1, ?3, ?4, x'00')",
        [mine.into(), house.scope.business().into(), row.slab.into(), row.slot.into()],
    );
    assert_eq!(refused(house.db.write(address).await), "seal_key_not_live");

    // Condemned, and destroyed.
    house.condemn(&owner).await;
    assert_eq!(refused(house.db.write(house.message(&key, mine, "late")).await), "seal_key_not_live");
    let touched = Statement::new("UPDATE message SET tokens_in = 1 WHERE conversation = ?1", [mine.into()]);
    assert_eq!(refused(house.db.write(touched).await), "seal_key_not_live");
    house.ring.keys_destroy(&house.db, &house.scope, row.slab).await.unwrap();
    assert_eq!(refused(house.db.write(house.message(&key, mine, "late")).await), "seal_key_not_live");
    // Deleting is always allowed.
    house
        .db
        .write(Statement::new("DELETE FROM message WHERE conversation = ?1", [mine.into()]))
        .await
        .unwrap();
}

#[tokio::test]
async fn i3_an_erasure_that_has_begun_gets_no_new_key() {
    let house = House::build().await;
    let (by_thread, by_visitor) = (house.converse("one").await, house.converse("two").await);
    let requested = house.converse("three").await;
    let erasure = |id: &'static str, kind: &'static str, subject: String, state: &'static str| {
        Statement::new(
            "INSERT INTO erasure (id, business, subject_kind, subject, reason, state, requested_at)
             VALUES (?1, ?2, ?3, ?4, 'request', ?5, 1)",
            [id.into(), house.scope.business().into(), kind.into(), subject.into(), state.into()],
        )
    };
    #[derive(serde::Deserialize)]
    struct Visitor {
        visitor: String,
    }
    let visitor: Option<Visitor> = house
        .db
        .row(Statement::new("SELECT visitor FROM conversation WHERE id = ?1", [by_visitor.into()]))
        .await
        .unwrap();
    house
        .db
        .batch(vec![
            erasure("era_1", "conversation", by_thread.to_string(), "condemned"),
            erasure("era_2", "visitor", visitor.unwrap().visitor, "keyless"),
            erasure("era_3", "conversation", requested.to_string(), "requested"),
        ])
        .await
        .unwrap();
    for (conversation, late) in [(by_thread, true), (by_visitor, true), (requested, false)] {
        let owner = KeyOwner::Conversation(conversation);
        let (key, insert) = house.ring.key_lease(&house.db, &house.scope, &owner).await.unwrap();
        let batch = house.db.batch(vec![insert, house.message(&key, conversation, "late")]).await;
        if late {
            assert_eq!(refused(batch.map(drop)), "seal_key_not_live");
        } else {
            batch.map(drop).unwrap();
        }
    }
}

#[tokio::test]
async fn i4_a_slab_that_somebody_wrote_meanwhile_is_not_overwritten() {
    let house = House::build().await;
    let (first, second) = (house.converse("one").await, house.converse("two").await);
    let (one, two) = (house.row_of(first).await, house.row_of(second).await);
    let object = house.slab_object(one.reference());
    let stale = house.keys.get(&object).await.unwrap().unwrap();
    house.erase(&house.ring, first).await;
    let now = house.keys.get(&object).await.unwrap().unwrap();
    let put = house.keys.put_over(&object, stale.bytes, &stale.etag).await.unwrap();
    assert_eq!(put, crate::platform::blobs::Put::Refused);
    assert_eq!(house.keys.get(&object).await.unwrap().unwrap().bytes, now.bytes);
    assert_eq!(house.read(&house.isolate(), &house.db, &two).await.unwrap(), "two");
}

#[tokio::test]
async fn i4_a_destruction_never_starts_from_a_cached_slab() {
    let house = House::build().await;
    let (first, second) = (house.converse("one").await, house.converse("two").await);
    let third = house.converse("three").await;
    let (one, two) = (house.row_of(first).await, house.row_of(second).await);
    // This isolate has the slab opened, with every key in it.
    let warm = house.isolate();
    house.read(&warm, &house.db, &one).await.unwrap();
    house.erase(&house.isolate(), first).await;
    house.erase(&warm, second).await;
    let cold = house.isolate();
    for row in [one, two] {
        assert!(matches!(house.read(&cold, &house.db, &row).await, Err(SealFault::Destroyed)));
    }
    let three = house.row_of(third).await;
    assert_eq!(house.read(&cold, &house.db, &three).await.unwrap(), "three");
}

#[tokio::test]
async fn i4_a_root_is_minted_once() {
    let house = House::build().await;
    let conversation = house.converse("hello").await;
    let before = house.minted();
    let rivals: Vec<Keyring> = (0..10).map(|_| house.isolate()).collect();
    for result in join_all(rivals.iter().map(|ring| ring.root_mint(&house.scope))).await {
        result.unwrap();
    }
    assert_eq!(house.minted(), before);
    // Ten rivals at a business that is new.
    let scope = BusinessScope::new(BusinessId::mint(NOW, [2; 10]), 0);
    for result in join_all(rivals.iter().map(|ring| ring.root_mint(&scope))).await {
        result.unwrap();
    }
    assert_eq!(house.minted().0, before.0 + 1);
    let row = house.row_of(conversation).await;
    assert_eq!(house.read(&house.isolate(), &house.db, &row).await.unwrap(), "hello");
}

#[tokio::test(start_paused = true)]
async fn i5_a_hundred_rivals_destroy_keys_of_one_slab_and_every_survivor_opens() {
    let house = House::build().await;
    let mut conversations = Vec::new();
    for number in 0..200 {
        conversations.push(house.converse(&format!("words {number}")).await);
    }
    let rows = house.rows(&house.db).await;
    let slab = rows[0].slab;
    assert!(rows.iter().all(|row| row.slab == slab));
    let before = house.minted();

    // Each rival condemns its own conversation when its turn comes, and destroys.
    let condemned: Vec<ConversationId> = conversations.iter().copied().step_by(2).collect();
    let rivals = condemned.iter().enumerate().map(|(number, conversation)| {
        let (house, ring) = (&house, house.isolate());
        async move {
            for _ in 0..number % 7 {
                tokio::task::yield_now().await;
            }
            if number % 3 == 0 {
                house.clock.sleep(number as u64 * 17).await;
            }
            house.condemn(&KeyOwner::Conversation(*conversation)).await;
            ring.keys_destroy(&house.db, &house.scope, slab).await.map(|done| (done, ring.health().alarms))
        }
    });
    let mut writes = 0;
    for result in join_all(rivals).await {
        let (done, alarms) = result.unwrap();
        assert_eq!(alarms, 0);
        assert!(done.writes <= KEYS_TRIES);
        writes += u64::from(done.writes);
    }
    assert!(writes >= 2, "they were rivals");
    assert_eq!(house.minted().0, before.0 + writes);
    let cold = house.isolate();
    for row in &rows {
        let read = house.read(&cold, &house.db, row).await;
        if condemned.contains(&row.conversation) {
            assert!(matches!(read, Err(SealFault::Destroyed)));
        } else {
            assert!(read.unwrap().starts_with("words "));
        }
    }
    assert_eq!(house.states().await, [2, 0].repeat(100));
}

#[tokio::test]
async fn i5_destroying_touches_no_survivor_and_writes_once() {
    let house = House::build().await;
    let mut conversations = Vec::new();
    for number in 0..60 {
        conversations.push(house.converse(&format!("words {number}")).await);
    }
    let everything = |house: &House| {
        let sql = "SELECT group_concat(id || hex(body) || slab || slot) FROM message";
        house.db.with_connection(|db| db.query_row(sql, [], |row| row.get::<_, String>(0)).unwrap()).unwrap()
    };
    let (rows, before, minted) = (house.rows(&house.db).await, everything(&house), house.minted());
    for conversation in &conversations[..20] {
        house.condemn(&KeyOwner::Conversation(*conversation)).await;
    }
    let done = house.ring.keys_destroy(&house.db, &house.scope, rows[0].slab).await.unwrap();
    assert_eq!((done.keys, done.epoch, done.writes), (20, 1, 1));
    assert_eq!(house.minted().0, minted.0 + 1);
    assert_eq!(everything(&house), before, "no message row was written");
    for row in &rows {
        let read = house.read(&house.isolate(), &house.db, row).await;
        assert_eq!(read.is_ok(), !conversations[..20].contains(&row.conversation));
    }
    // Again: nothing left to do.
    let done = house.ring.keys_destroy(&house.db, &house.scope, rows[0].slab).await.unwrap();
    assert_eq!((done.keys, done.epoch, done.writes), (0, 1, 0));
}

#[tokio::test]
async fn i5_a_destruction_that_stopped_half_way_is_finished_by_the_next() {
    let house = House::build().await;
    let (first, second) = (house.converse("one").await, house.converse("two").await);
    let (one, two) = (house.row_of(first).await, house.row_of(second).await);
    let before_it = fresh_path("half");
    house.condemn(&KeyOwner::Conversation(first)).await;
    house.db.copy_to(&before_it).unwrap();
    house.ring.keys_destroy(&house.db, &house.scope, one.slab).await.unwrap();
    // The worker stopped after the slab was written and before the database knew.
    let stopped = Db::in_file(&before_it, &MIGRATIONS).unwrap();
    let done = house.isolate().keys_destroy(&stopped, &house.scope, one.slab).await.unwrap();
    std::fs::remove_file(&before_it).unwrap();
    assert_eq!((done.keys, done.epoch, done.writes), (1, 1, 0));
    assert!(key::slots_condemned(&stopped, &house.scope, one.slab).await.unwrap().is_empty());
    assert_eq!(house.read(&house.isolate(), &stopped, &two).await.unwrap(), "two");
}

#[tokio::test]
async fn i8_a_missing_key_is_an_error_and_nothing_is_minted() {
    let house = House::build().await;
    let conversation = house.converse("hello").await;
    let row = house.row_of(conversation).await;
    let slab = house.slab_object(row.reference());
    let root = format!("k/{}/root", house.scope.business());
    for object in [&slab, &root] {
        let kept = house.keys.get(object).await.unwrap().unwrap();
        house.keys.delete(object).await.unwrap();
        let before = house.minted();
        let ring = house.isolate();
        assert!(matches!(house.read(&ring, &house.db, &row).await, Err(SealFault::Missing(_))));
        for _ in 0..70 {
            let owner = KeyOwner::Conversation(house.conversation());
            let lease = ring.key_lease(&house.db, &house.scope, &owner).await;
            assert!(matches!(lease, Err(SealFault::Missing(_))));
        }
        if object == &root {
            assert!(matches!(ring.root_mint(&house.scope).await, Err(SealFault::Missing(_))));
        }
        assert!(ring.health().alarms >= 71);
        assert_eq!(house.minted(), before);
        house.keys.put_new(object, kept.bytes).await.unwrap();
    }
    assert_eq!(house.read(&house.isolate(), &house.db, &row).await.unwrap(), "hello");
}

#[tokio::test]
async fn i9_no_slab_serves_two_businesses() {
    let house = House::build().await;
    let rival = BusinessScope::new(BusinessId::mint(NOW, [9; 10]), 0);
    house.ring.root_mint(&rival).await.unwrap();
    let conversation = house.converse("ours").await;
    let row = house.row_of(conversation).await;
    let mut slabs: Vec<SlabId> = Vec::new();
    for _ in 0..20 {
        let owner = KeyOwner::Conversation(house.conversation());
        let (key, _) = house.ring.key_lease(&house.db, &rival, &owner).await.unwrap();
        slabs.push(key.reference().slab);
    }
    assert!(!slabs.contains(&row.slab));
    // The other business names our key, and even has our slab's bytes under its own prefix.
    let owner = KeyOwner::Conversation(conversation);
    let stolen = house.isolate().key_open(&house.db, &rival, row.reference(), &owner, &row.commit16).await;
    assert!(matches!(stolen, Err(SealFault::Missing(_))));
    let bytes = house.keys.get(&house.slab_object(row.reference())).await.unwrap().unwrap().bytes;
    house.keys.put_new(&format!("k/{}/c/{}", rival.business(), row.slab), bytes).await.unwrap();
    let stolen = house.isolate().key_open(&house.db, &rival, row.reference(), &owner, &row.commit16).await;
    assert!(matches!(stolen, Err(SealFault::Unreadable(_))));
    // Nor can it condemn or destroy our keys.
    house.db.write(condemn_owner(&rival, &owner)).await.unwrap();
    assert!(house.ring.keys_destroy(&house.db, &rival, row.slab).await.is_err());
    assert_eq!(house.read(&house.isolate(), &house.db, &row).await.unwrap(), "ours");
}

#[tokio::test]
async fn a_slab_gives_each_slot_once_and_then_a_new_slab_is_minted() {
    let house = House::build().await;
    let isolates: Vec<Keyring> = (0..5).map(|_| house.isolate()).collect();
    let mut taken = std::collections::BTreeSet::new();
    for number in 0..1_200 {
        let owner = KeyOwner::Conversation(house.conversation());
        let (key, _) = isolates[number % 5].key_lease(&house.db, &house.scope, &owner).await.unwrap();
        assert!(taken.insert(key.reference()), "a slot was given twice");
    }
    let slabs: std::collections::BTreeSet<SlabId> = taken.iter().map(|key| key.slab).collect();
    assert_eq!(slabs.len(), 3);
}

#[tokio::test]
async fn a_batch_that_is_sent_again_finds_its_key_recorded() {
    let house = House::build().await;
    let owner = KeyOwner::Day(20_717);
    let (key, insert) = house.ring.day_key(&house.db, &house.scope, 20_717).await.unwrap();
    let insert = insert.unwrap();
    house.db.write(insert.clone()).await.unwrap();
    house.db.write(insert).await.unwrap();
    let (again, none) = house.isolate().day_key(&house.db, &house.scope, 20_717).await.unwrap();
    assert_eq!(again.reference(), key.reference());
    assert!(none.is_none());
    // Condemned with its day, whoever asks gets another one.
    house.condemn(&owner).await;
    let (other, insert) = house.ring.day_key(&house.db, &house.scope, 20_717).await.unwrap();
    assert_ne!(other.reference(), key.reference());
    assert!(insert.is_some());
}
