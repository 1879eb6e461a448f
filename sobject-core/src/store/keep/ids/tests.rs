//! Every well-formed id that is packed is unpacked as the very same id, whatever its head and
//! number are, and in any later transaction.

use std::collections::HashMap;

use proptest::{collection::vec, prelude::*, test_runner::RngSeed};

use super::*;
use crate::{
    engine::{Engine, RedbEngine, Space},
    store::keep::OWN_SPACES,
};

/// The first number that nine digits of base 62 cannot hold.
const NUMBER_END: u64 = 62_u64.pow(9);

/// A space, and a key with its value there.
type Put<'p> = (Space, &'p [u8], &'p [u8]);

/// An engine with the store's own spaces.
fn engine() -> RedbEngine {
    let engine = RedbEngine::in_memory().unwrap();
    engine.ensure_spaces(&OWN_SPACES).unwrap();
    engine
}

/// Packs ids in one write, and returns their packed forms and the dictionary after the commit.
fn commit(engine: &RedbEngine, ids: &[RecordId]) -> (Vec<u64>, Ids) {
    let mut packed = Vec::new();
    engine
        .write(&mut |base| {
            let mut heads = Ids::load(base).unwrap();
            let mut buffer = Buffer::default();
            let pack = |id: &RecordId| heads.pack(base, &mut buffer, *id).unwrap();
            packed = ids.iter().map(pack).collect();
            for (id, packed) in ids.iter().zip(&packed) {
                let overlay = Overlay { base, buffer: &buffer };
                assert_eq!(heads.unpack(&overlay, *packed).unwrap(), *id, "before the commit");
            }
            Ok(buffer)
        })
        .unwrap();
    (packed, Ids::load(&*engine.snapshot().unwrap()).unwrap())
}

/// Ids whose heads are often the same, and whose numbers have any size.
fn ids() -> impl Strategy<Value = RecordId> {
    let head = prop_oneof!["0HKxx[0-3]", "[0-9A-Za-z]{6}"];
    let edge = 1_u64 << NUMBER_BITS;
    let number = prop_oneof![
        0..10_u64,
        edge - 3..edge + 3,
        edge..NUMBER_END,
        NUMBER_END - 3..NUMBER_END,
        0..NUMBER_END,
    ];
    (head, number).prop_map(|(head, number)| {
        let head = head.as_bytes().try_into().unwrap();
        RecordId::from_head(head, number).unwrap()
    })
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 64,
        rng_seed: RngSeed::Fixed(1),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn every_id_comes_back_exactly(writes in vec(vec(ids(), 0..12), 1..5)) {
        let engine = engine();
        let mut known = HashMap::new();
        for ids in &writes {
            let (packed, heads) = commit(&engine, ids);
            known.extend(ids.iter().copied().zip(packed));
            let snapshot = engine.snapshot().unwrap();
            for (id, packed) in &known {
                prop_assert_ne!(*packed, 0, "0 stands for null");
                prop_assert_eq!(heads.unpack(&*snapshot, *packed).unwrap(), *id);
                prop_assert_eq!(heads.pack_known(&*snapshot, *id).unwrap(), Some(*packed));
            }
        }
        let distinct: std::collections::HashSet<_> = known.values().collect();
        prop_assert_eq!(distinct.len(), known.len(), "no two ids share a packed one");
    }

    #[test]
    fn ids_of_one_head_keep_their_order(
        a in 0..1_u64 << NUMBER_BITS,
        b in 0..1_u64 << NUMBER_BITS,
    ) {
        let ids = [a, b].map(|number| RecordId::from_head(*b"0HKxx0", number).unwrap());
        let (packed, _) = commit(&engine(), &ids);
        prop_assert_eq!(packed[0].cmp(&packed[1]), ids[0].cmp(&ids[1]));
    }
}

#[test]
fn an_id_that_was_never_seen_is_not_known() {
    let engine = engine();
    let id = |head: &[u8; 6], number| RecordId::from_head(*head, number).unwrap();
    let (_, heads) = commit(&engine, &[id(b"0HKxx0", 1)]);
    let snapshot = engine.snapshot().unwrap();
    for unseen in [id(b"0HKxx1", 1), id(b"0HKxx0", 1 << NUMBER_BITS), id(b"0HKxx1", NUMBER_END - 1)]
    {
        assert_eq!(heads.pack_known(&*snapshot, unseen).unwrap(), None, "{unseen}");
    }
    // Any number that fits is packed without a new entry, once its head has one.
    assert!(heads.pack_known(&*snapshot, id(b"0HKxx0", 2)).unwrap().is_some());
}

#[test]
fn a_packed_id_that_nothing_stands_for_is_told() {
    let engine = engine();
    let (_, heads) = commit(&engine, &[RecordId::from_head(*b"0HKxx0", 1).unwrap()]);
    let snapshot = engine.snapshot().unwrap();
    for packed in [0, packed_id(2, 1), packed_id(SIDE_HEAD, 0), u64::MAX] {
        let error = heads.unpack(&*snapshot, packed).unwrap_err();
        assert!(matches!(error, Error::Corrupt { .. }), "{packed:#x}: {error:?}");
    }
}

#[test]
fn ids_come_back_when_there_are_more_heads_than_fit() {
    let head = |n: u32| {
        let text = format!("{n:06}");
        *text.as_bytes().first_chunk().unwrap()
    };
    let n_heads = u32::from(SIDE_HEAD) + 5;
    let ids: Vec<_> =
        (0..n_heads).map(|n| RecordId::from_head(head(n), n.into()).unwrap()).collect();
    let engine = engine();
    let (packed, heads) = commit(&engine, &ids);
    let n_side = packed.iter().filter(|packed| head_of(**packed) == SIDE_HEAD).count();
    assert_eq!(n_side, 6, "head numbers go from 1 to 65,534");

    let snapshot = engine.snapshot().unwrap();
    for (id, packed) in ids.iter().zip(&packed) {
        assert_eq!(heads.unpack(&*snapshot, *packed).unwrap(), *id);
        assert_eq!(heads.pack_known(&*snapshot, *id).unwrap(), Some(*packed));
    }
    // A later write packs the same ids as before, and a new one differently from all others.
    let late = RecordId::from_head(*b"zzzzzz", 1).unwrap();
    let (again, _) = commit(&engine, &[ids[0], ids[65_537], late]);
    assert_eq!(again[..2], [packed[0], packed[65_537]]);
    assert_eq!(head_of(again[2]), SIDE_HEAD);
    assert!(!packed.contains(&again[2]));
}

#[test]
fn a_side_dictionary_that_cannot_be_is_an_error_and_no_other_id() {
    let wide = RecordId::from_head(*b"0HKxx0", NUMBER_END - 1).unwrap();
    let end = u64::MAX.to_be_bytes();
    let texts = wide.to_chars15();
    let cases: [(Put<'_>, &str); 3] = [
        ((SIDE, &end, b"0HKxx0zzzzzzzzy"), "the side dictionary of ids is full"),
        ((SIDE, &[0; 8], b"0HKxx0zzzzzzzzy"), "the side dictionary of ids is full"),
        ((SIDE_BY_TEXT, &texts, b"short"), "what stands for 0HKxx0zzzzzzzzzGAA is no packed id"),
    ];
    for ((space, key, value), finding) in cases {
        let engine = engine();
        let write = engine.write(&mut |base| {
            let mut buffer = Buffer::default();
            buffer.put(space, key, value);
            let error = Ids::load(base).unwrap().pack(base, &mut buffer, wide).unwrap_err();
            let Error::Corrupt { findings } = error else { panic!("{error}") };
            assert_eq!(findings, [finding]);
            Ok(Buffer::default())
        });
        write.unwrap();
    }
}
