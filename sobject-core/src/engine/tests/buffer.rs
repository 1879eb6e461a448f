//! The write buffer alone: many keys, and going back.

use super::*;

#[test]
fn a_buffer_can_go_to_another_thread() {
    fn is_send<T: Send>() {}
    is_send::<Buffer>();
}

#[test]
fn a_buffer_that_was_taken_back_is_empty_but_for_its_pins() {
    let mut buffer = Buffer::default();
    let mark = buffer.mark();
    buffer.put(SPACES[0], b"a", b"1");
    buffer.remove(SPACES[2], &[0; 8]);
    buffer.append(LOG, b"1");
    assert!(!buffer.is_empty());
    buffer.back_to(mark);
    assert!(buffer.is_empty());
    buffer.insert(SPACES[0], b"a", b"1");
    buffer.remove(SPACES[0], b"a");
    assert!(buffer.is_empty(), "a key that comes and goes");
    buffer.append(LOG, b"1");
    assert!(!buffer.is_empty());
    buffer.back_to(mark);
    buffer.pin(SPACES[2], &[0; 8], b"1");
    buffer.back_to(mark);
    assert!(!buffer.is_empty());
}

/// Numbers that look random and are the same in every run (`SplitMix64`).
fn random(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut mixed = *state;
    mixed = (mixed ^ mixed >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ mixed >> 31
}

#[test]
fn thousands_of_keys_are_found_and_stay_in_order() {
    // Long keys that share their beginning, and keys of integers; ascending, descending, at random.
    let (texts, numbers) = (SPACES[0], SPACES[4]);
    let key_of = |space: Space, n: u64| match space.keys {
        KeyWidth::Bytes => format!("a name that begins like others {n:06}").into_bytes(),
        _ => (u128::from(n) << 64 | 7).to_be_bytes().to_vec(),
    };
    let mut state = 1;
    let orders: [&mut dyn FnMut(u64) -> u64; 3] =
        [&mut |n| n, &mut |n| 5_000 - n, &mut |_| random(&mut state) % 5_000];
    for (order, nth) in orders.into_iter().enumerate() {
        for space in [texts, numbers] {
            let (mut buffer, mut map, base) = (Buffer::default(), Map::default(), Map::default());
            let mut back = None;
            for n in 0..4_000 {
                let key = key_of(space, nth(n));
                match (map.has(space, &key), n % 5) {
                    (true, 0) => {
                        buffer.remove(space, &key);
                        map.0.remove(&(space.id, key));
                    }
                    (is_there, _) => {
                        let value = if n % 2 == 0 { b"even" } else { &b"odd"[..] };
                        if is_there {
                            buffer.replace(space, &key, value);
                        } else {
                            buffer.insert(space, &key, value);
                        }
                        map.put(space, &key, value);
                    }
                }
                match n {
                    2_500 => back = Some((buffer.mark(), map.clone())),
                    3_500 => {
                        let (mark, then) = back.take().unwrap();
                        buffer.back_to(mark);
                        map = then;
                    }
                    _ => (),
                }
            }
            let overlay = Overlay { base: &base, buffer: &buffer };
            let what = format!("order {order} of {space:?}");
            assert_eq!(overlay.len(space).unwrap(), map.len(space).unwrap(), "{what}");
            for n in 0..5_001 {
                let key = key_of(space, n);
                let found = overlay.get(space, &key, &mut |_| ()).unwrap();
                assert_eq!(found, map.has(space, &key), "{what}: {n}");
            }
            let (from, to) = (key_of(space, 1_111), key_of(space, 4_321));
            let (from, to) = (Bound::Excluded(from.as_slice()), Bound::Included(to.as_slice()));
            for reverse in [false, true] {
                for scan in [Scan { reverse, ..Scan::ALL }, Scan { from, to, reverse, ..Scan::ALL }]
                {
                    let walks =
                        [&overlay as &dyn Read, &map].map(|it| walk(it, space, scan, 9_999));
                    assert!(walks[0] == walks[1], "{what}: {scan:?}");
                    let scan = Scan { limit: 300, ..scan };
                    let walks =
                        [&overlay as &dyn Read, &map].map(|it| walk(it, space, scan, 9_999));
                    assert!(walks[0] == walks[1], "{what}: {scan:?}");
                }
            }
            let engine = engine_with(&base);
            let mut buffer = Some(buffer);
            engine.write(&mut |_| Ok(buffer.take().unwrap())).unwrap();
            let walks = [&*engine.snapshot().unwrap() as &dyn Read, &map]
                .map(|it| walk(it, space, Scan::ALL, 9_999));
            assert!(walks[0] == walks[1], "{what}, applied");
        }
    }
}

#[test]
fn the_length_of_a_space_is_one_call_however_much_is_pending() {
    let rig = rig::Rig::default();
    let engine = rig.engine(RedbEngine::in_memory().unwrap());
    engine.ensure_spaces(&SPACES).unwrap();
    let [unsure, .., sure] = SPACES;
    let key = |n: u64| (u128::from(n) << 64).to_be_bytes();
    engine
        .write(&mut |_| {
            let mut buffer = Buffer::default();
            (0..50).for_each(|n| buffer.insert(sure, &key(n), &[]));
            (0..50).for_each(|n| buffer.insert(unsure, &key(n), &[]));
            Ok(buffer)
        })
        .unwrap();
    let snapshot = engine.snapshot().unwrap();
    let mut buffer = Buffer::default();
    (50..1_000).for_each(|n| buffer.insert(sure, &key(n), &[]));
    (0..10).for_each(|n| buffer.remove(sure, &key(n)));
    (10..20).for_each(|n| buffer.replace(sure, &key(n), &[]));
    let len = |buffer: &Buffer, space| {
        rig.count_anew();
        let len = Overlay { base: &*snapshot, buffer }.len(space).unwrap();
        (len, rig.counts().len, rig.counts().reads())
    };
    assert_eq!(len(&buffer, sure), (990, 1, 1));
    // Where nobody said whether a key was there, the engine is asked for all of them at once.
    (40..60).for_each(|n| buffer.put(unsure, &key(n), &[]));
    assert_eq!(len(&buffer, unsure), (60, 1, 2));
    assert_eq!(len(&buffer, sure), (990, 1, 1));
}
