//! Ways to break sealing that are no invariant's own: wrong masters, damaged and old slabs, moved blobs, warm caches.

use std::collections::HashSet;

use shared::limits::SLAB_CACHE_MS;

use super::*;

#[tokio::test]
async fn with_a_wrong_master_key_nothing_opens_and_nothing_is_minted() {
    let house = House::build().await;
    let conversation = house.converse("hello").await;
    let row = house.row_of(conversation).await;
    let before = house.minted();
    for (masters, missing) in
        [(MasterKeys::parse(&master(100), None).unwrap(), false), (MasterKeys::none(), true)]
    {
        let ring = house.isolate_with(masters);
        let owner = KeyOwner::Conversation(house.conversation());
        let faults = [
            house.read(&ring, &house.db, &row).await.unwrap_err(),
            ring.key_lease(&house.db, &house.scope, &owner).await.unwrap_err(),
            ring.root_mint(&house.scope).await.unwrap_err(),
        ];
        for fault in faults {
            assert!(match fault {
                SealFault::NoMaster => missing,
                SealFault::UnknownMaster => !missing,
                _ => false,
            });
        }
        assert_eq!(ring.health().alarms, 3);
        assert!(ring.health().last.is_some_and(|last| last.contains("MASTER_KEY")));
        assert_eq!(house.minted(), before);
    }
}

#[tokio::test]
async fn a_cut_or_damaged_slab_or_root_is_an_error_and_nothing_is_minted() {
    let house = House::build().await;
    let conversation = house.converse("hello").await;
    let row = house.row_of(conversation).await;
    let owner = KeyOwner::Conversation(conversation);
    for object in [house.slab_object(row.reference()), format!("k/{}/root", house.scope.business())] {
        let whole = house.keys.get(&object).await.unwrap().unwrap().bytes;
        let mut flipped = whole.clone();
        *flipped.last_mut().unwrap() ^= 1;
        for damaged in [vec![], whole[..whole.len() / 2].to_vec(), whole[..whole.len() - 1].to_vec(), flipped]
        {
            let etag = house.keys.get(&object).await.unwrap().unwrap().etag;
            house.keys.put_over(&object, damaged, &etag).await.unwrap();
            let before = house.minted();
            let ring = house.isolate();
            let opened = ring.key_open(&house.db, &house.scope, row.reference(), &owner, &row.commit16).await;
            assert!(matches!(opened, Err(SealFault::Unreadable(_))));
            let lease = ring.key_lease(&house.db, &house.scope, &owner).await;
            assert!(matches!(lease, Err(SealFault::Unreadable(_))));
            house.condemn(&KeyOwner::Day(1)).await;
            let destroyed = ring.keys_destroy(&house.db, &house.scope, row.slab).await;
            assert!(matches!(destroyed, Err(SealFault::Unreadable(_))));
            assert_eq!((ring.health().alarms, house.minted()), (3, before));
        }
        let etag = house.keys.get(&object).await.unwrap().unwrap().etag;
        house.keys.put_over(&object, whole, &etag).await.unwrap();
    }
    assert_eq!(house.read(&house.isolate(), &house.db, &row).await.unwrap(), "hello");
}

#[tokio::test]
async fn an_old_slab_put_back_is_an_error_and_brings_no_key_back() {
    let house = House::build().await;
    let (erased, kept) = (house.converse("erased").await, house.converse("kept").await);
    let (erased_row, kept_row) = (house.row_of(erased).await, house.row_of(kept).await);
    let object = house.slab_object(kept_row.reference());
    let old = house.keys.get(&object).await.unwrap().unwrap().bytes;
    house.erase(&house.ring, erased).await;
    let etag = house.keys.get(&object).await.unwrap().unwrap().etag;
    house.keys.put_over(&object, old, &etag).await.unwrap();

    let before = house.minted();
    let ring = house.isolate();
    for row in [&erased_row, &kept_row] {
        assert!(matches!(house.read(&ring, &house.db, row).await, Err(SealFault::Old)));
    }
    let owner = KeyOwner::Conversation(house.conversation());
    assert!(matches!(ring.key_lease(&house.db, &house.scope, &owner).await, Err(SealFault::Old)));
    house.condemn(&KeyOwner::Conversation(kept)).await;
    let destroyed = ring.keys_destroy(&house.db, &house.scope, kept_row.slab).await;
    assert!(matches!(destroyed, Err(SealFault::Old)));
    assert_eq!((ring.health().alarms, house.minted()), (4, before));
}

#[tokio::test]
async fn a_key_that_is_not_the_rows_own_is_an_error() {
    let house = House::build().await;
    let (first, second) = (house.converse("one").await, house.converse("two").await);
    let (one, two) = (house.row_of(first).await, house.row_of(second).await);
    let wrong = Row { slot: two.slot, ..one.clone() };
    assert!(matches!(house.read(&house.ring, &house.db, &wrong).await, Err(SealFault::WrongCommit)));
    let wrong = Row { commit16: vec![0; 16], ..one.clone() };
    assert!(matches!(house.read(&house.ring, &house.db, &wrong).await, Err(SealFault::WrongCommit)));
    let wrong = Row { commit16: vec![], ..one.clone() };
    assert!(matches!(house.read(&house.ring, &house.db, &wrong).await, Err(SealFault::WrongCommit)));
    let wrong = Row { conversation: second, ..one };
    assert!(matches!(house.read(&house.ring, &house.db, &wrong).await, Err(SealFault::WrongCommit)));
    assert_eq!(house.ring.health().alarms, 4);
}

#[tokio::test]
async fn a_blob_that_was_moved_does_not_open() {
    let house = House::build().await;
    let (first, second) = (house.converse("one").await, house.converse("two").await);
    let (one, two) = (house.row_of(first).await, house.row_of(second).await);
    let owner = KeyOwner::Conversation(first);
    let key =
        house.ring.key_open(&house.db, &house.scope, one.reference(), &owner, &one.commit16).await.unwrap();
    let (row, conversation, at) = (one.id.to_string(), first.to_bytes(), one.created_at.to_be_bytes());
    let business = house.scope.business();
    let bound: [&[u8]; 3] = [&conversation, b"visitor", &at];
    let home =
        Cell { column: Column::MessageBody, scope: business.into(), row: row.as_bytes(), bound: &bound };
    assert_eq!(&**key.open(home, &one.body).unwrap(), b"one");

    let other_row = two.id.to_string();
    let later = (one.created_at + 1).to_be_bytes();
    let other_thread = second.to_bytes();
    let flips: [[&[u8]; 3]; 3] =
        [[&conversation, b"ai", &at], [&other_thread, b"visitor", &at], [&conversation, b"visitor", &later]];
    let mut strangers = vec![
        Cell { row: other_row.as_bytes(), ..home },
        Cell { scope: BusinessId::mint(NOW, [9; 10]).into(), ..home },
        Cell { column: Column::VisitorAddress, bound: &bound[..2], ..home },
    ];
    strangers.extend(flips.iter().map(|bound| Cell { bound, ..home }));
    for stranger in strangers {
        assert!(matches!(key.open(stranger, &one.body), Err(SealFault::Unreadable(_))), "{stranger:?}");
    }
    // Another key's blob in this very cell, and this key's name pasted before it.
    let mut pasted = two.body.clone();
    pasted[..19].copy_from_slice(&one.body[..19]);
    for body in [&two.body, &pasted] {
        assert!(matches!(key.open(home, body), Err(SealFault::Unreadable(_))));
    }
    // A cell that can't be meant is told apart from a blob that does not open.
    let misbound = Cell { bound: &bound[..2], ..home };
    assert!(matches!(key.open(misbound, &one.body), Err(SealFault::Misbound(_))));
    assert!(matches!(key.seal(misbound, b"x", &house.rng), Err(SealFault::Misbound(_))));
    let foreign = Cell { scope: BusinessId::mint(NOW, [9; 10]).into(), ..home };
    assert!(matches!(key.seal(foreign, b"x", &house.rng), Err(SealFault::Misbound(_))));
}

#[tokio::test]
async fn a_hundred_thousand_seals_never_use_a_nonce_twice() {
    let house = House::build().await;
    let conversation = house.conversation();
    let owner = KeyOwner::Conversation(conversation);
    let (key, _) = house.ring.key_lease(&house.db, &house.scope, &owner).await.unwrap();
    // The randomness that runs in production, not the seeded one.
    let rng = Rng::system();
    let id = MessageId::mint(NOW, [1; 10]);
    let mut nonces = HashSet::new();
    in_cell(house.scope.business(), id, conversation, 1, |cell| {
        for _ in 0..100_000 {
            let blob = key.seal(cell, b"the same words", &rng).unwrap();
            assert!(nonces.insert(<[u8; 12]>::try_from(&blob[19..31]).unwrap()));
        }
    });
}

#[tokio::test]
async fn the_same_words_of_two_persons_look_different_in_every_sealed_column() {
    let house = House::build().await;
    let mut seen = HashSet::new();
    let mut sealed = 0;
    for _ in 0..2 {
        let owner = KeyOwner::Conversation(house.conversation());
        let (key, _) = house.ring.key_lease(&house.db, &house.scope, &owner).await.unwrap();
        for column in Column::ALL {
            // The same row, bound to the same: nothing but key and nonce tell the two apart.
            let bound = vec![b"the same".as_slice(); column.bound().len()];
            let scope = house.scope.business().into();
            let cell = || Cell { column, scope, row: b"the same", bound: &bound };
            for _ in 0..2 {
                let blob = key.seal(cell(), b"the same words", &house.rng).unwrap();
                // Behind version, slab, slot and nonce: every block of the words, and the tag.
                for block in blob[31..].chunks(16) {
                    assert!(seen.insert(block.to_vec()), "{} repeats", column.name());
                }
                sealed += 1;
            }
        }
    }
    assert_eq!(sealed, 4 * Column::ALL.len());
}

#[tokio::test(start_paused = true)]
async fn a_warm_cache_can_not_write_after_an_erasure_nor_read_after_60_seconds() {
    let house = House::build().await;
    let (conversation, other) = (house.converse("hello").await, house.converse("other").await);
    let (row, kept) = (house.row_of(conversation).await, house.row_of(other).await);
    let owner = KeyOwner::Conversation(conversation);
    let warm = house.isolate();
    let key = warm.key_open(&house.db, &house.scope, row.reference(), &owner, &row.commit16).await.unwrap();
    let opened_at = house.clock.now();
    house.erase(&house.isolate(), conversation).await;

    // It still seals, but no row gets in.
    let late = house.db.write(house.message(&key, conversation, "late")).await;
    assert!(matches!(late, Err(DbFault::Refused("seal_key_not_live"))));
    let open = || {
        in_cell(house.scope.business(), row.id, row.conversation, row.created_at, |cell| {
            key.open(cell, &row.body)
        })
    };
    house.clock.wind(opened_at.plus_ms(SLAB_CACHE_MS - 1));
    assert!(open().is_ok(), "the last millisecond of the cache");
    house.clock.wind(opened_at.plus_ms(SLAB_CACHE_MS));
    assert!(matches!(open(), Err(SealFault::Expired)));
    assert!(matches!(house.read(&warm, &house.db, &row).await, Err(SealFault::Destroyed)));
    assert_eq!(house.read(&warm, &house.db, &kept).await.unwrap(), "other");
    assert_eq!(warm.health().alarms, 0, "an erased key is no alarm");
}

#[tokio::test]
async fn after_a_rotation_of_the_master_key_everything_still_opens() {
    let house = House::build().await;
    let conversation = house.converse("before").await;
    let row = house.row_of(conversation).await;
    let rotated = house.isolate_with(MasterKeys::parse(&master(100), Some(&master(1))).unwrap());
    assert_eq!(house.read(&rotated, &house.db, &row).await.unwrap(), "before");
    // A business of the new time is sealed under the new key alone.
    let newcomer = BusinessScope::new(BusinessId::mint(NOW, [5; 10]), 0);
    rotated.root_mint(&newcomer).await.unwrap();
    assert!(!rotated.root_rewrap(&newcomer).await.unwrap());
    // Once the root is sealed anew, the old master key opens nothing and the new one everything.
    assert!(rotated.root_rewrap(&house.scope).await.unwrap());
    assert!(!rotated.root_rewrap(&house.scope).await.unwrap());
    let new_only = house.isolate_with(MasterKeys::parse(&master(100), None).unwrap());
    assert_eq!(house.read(&new_only, &house.db, &row).await.unwrap(), "before");
    assert!(matches!(house.read(&house.isolate(), &house.db, &row).await, Err(SealFault::UnknownMaster)));
}

#[tokio::test]
async fn a_database_that_calls_a_destroyed_slot_unused_gets_no_lease_from_it() {
    let house = House::build().await;
    let path = fresh_path("ahead");
    let first = house.converse("first").await;
    house.db.copy_to(&path).unwrap();
    // A second isolate leases slots 8 to 15 after the backup; its conversation is erased.
    let later = House {
        db: house.db.clone(),
        keys: house.keys.clone(),
        clock: house.clock.clone(),
        rng: house.rng.clone(),
        scope: house.scope,
        ring: house.isolate(),
    };
    let second = later.converse("second").await;
    assert_eq!(house.row_of(second).await.slot, 8);
    house.erase(&house.ring, second).await;

    let restored = Db::in_file(&path, &MIGRATIONS).unwrap();
    let ring = house.isolate();
    let owner = KeyOwner::Conversation(house.conversation());
    let lease = ring.key_lease(&restored, &house.scope, &owner).await;
    std::fs::remove_file(&path).unwrap();
    assert!(matches!(lease, Err(SealFault::Ahead)));
    assert_eq!(ring.health().alarms, 1);
    let row = house.row_of(first).await;
    assert_eq!(house.read(&ring, &house.db, &row).await.unwrap(), "first");
}
