//! redb as an engine: whole writes or none, numbers of states, and what errors say.

use super::*;
use crate::{Error, StorageErrorKind};

/// What can be done after an error.
fn kind(error: EngineError) -> StorageErrorKind {
    match Error::from(error) {
        Error::Storage(error) => error.kind(),
        error => panic!("{error:?}"),
    }
}

#[test]
fn a_write_that_fails_or_panics_leaves_the_engine_as_it_was() {
    let mut base = Map::default();
    base.put(SPACES[0], b"a", b"1");
    let engine = engine_with(&base);
    let refused = engine.write(&mut |read| {
        assert_alike(read, &base, SPACES[0]);
        Err(EngineError::Other("refused".into()))
    });
    assert_eq!(refused.unwrap_err().to_string(), "refused");
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        engine.write(&mut |_| std::panic::resume_unwind(Box::new("in a write")))
    }));
    assert!(panicked.is_err());
    assert_alike(&*engine.snapshot().unwrap(), &base, SPACES[0]);

    engine
        .write(&mut |_| {
            let mut buffer = Buffer::default();
            buffer.put(SPACES[0], b"b", b"2");
            Ok(buffer)
        })
        .unwrap();
    base.put(SPACES[0], b"b", b"2");
    assert_alike(&*engine.snapshot().unwrap(), &base, SPACES[0]);
}

#[test]
fn a_state_has_a_number_of_its_own() {
    let engine = engine_with(&Map::default());
    let state = || engine.snapshot().unwrap().state().unwrap();
    let empty = state();
    assert_eq!(engine.write(&mut |_| Ok(Buffer::default())).unwrap(), Some(empty));
    assert!(engine.write(&mut |_| Err(EngineError::Conflict)).is_err());
    assert_eq!(state(), empty, "nothing was written");

    let put = |value: &'static [u8]| {
        engine.write(&mut |read| {
            assert_eq!(read.state(), Some(state()), "a write reads the last state");
            let mut buffer = Buffer::default();
            buffer.put(SPACES[0], b"a", value);
            let overlay = Overlay { base: read, buffer: &buffer };
            assert_eq!(overlay.state(), None, "which was not committed");
            Ok(buffer)
        })
    };
    let before = engine.snapshot().unwrap();
    let first = put(b"1").unwrap().unwrap();
    assert_eq!((before.state(), state()), (Some(empty), first));
    let second = put(b"2").unwrap().unwrap();
    assert_eq!(state(), second);
    engine.ensure_spaces(&[Space { id: 9, ..LOG }]).unwrap();
    let with_space = state();
    engine.keep_spaces(&SPACES).unwrap();
    let mut all = [empty, first, second, with_space, state()];
    all.sort_unstable();
    assert!(all.windows(2).all(|pair| pair[0] < pair[1]), "{all:?}");
}

#[test]
fn errors_say_what_can_be_done_next() {
    assert_eq!(kind(EngineError::Conflict), StorageErrorKind::Conflict);

    // The space of other keys than the table has, which no store asks for.
    let engine = engine_with(&Map::default());
    let other = Space { keys: KeyWidth::U128, ..SPACES[0] };
    let snapshot = engine.snapshot().unwrap();
    assert_eq!(kind(snapshot.len(other).unwrap_err()), StorageErrorKind::Damaged);
}

/// Something that is done to a buffer in the first space.
type Act = fn(&mut Buffer);

#[test]
fn a_write_that_contradicts_what_is_stored_is_void() {
    let mut base = Map::default();
    base.put(SPACES[0], b"a", b"1");
    base.put(SPACES[0], b"m", b"1");
    let engine = engine_with(&base);
    let acts: [(&str, Act); 9] = [
        ("an insert of a key that is there", |it| it.insert(SPACES[0], b"a", b"2")),
        ("an insert of the last key", |it| it.insert(SPACES[0], b"m", b"2")),
        ("a replace of a key that is not there", |it| it.replace(SPACES[0], b"b", b"2")),
        ("a replace behind the last key", |it| it.replace(SPACES[0], b"z", b"2")),
        ("a remove of a key that is not there", |it| it.remove(SPACES[0], b"b")),
        ("a remove behind the last key", |it| it.remove(SPACES[0], b"z")),
        ("two inserts", |it| {
            it.insert(SPACES[0], b"b", b"2");
            it.insert(SPACES[0], b"b", b"3");
        }),
        ("two removes", |it| {
            it.remove(SPACES[0], b"a");
            it.remove(SPACES[0], b"a");
        }),
        ("a replace of what was removed", |it| {
            it.remove(SPACES[0], b"a");
            it.replace(SPACES[0], b"a", b"2");
        }),
    ];
    for (what, act) in acts {
        let written = engine.write(&mut |_| {
            let mut buffer = Buffer::default();
            buffer.put(SPACES[0], b"c", b"2");
            act(&mut buffer);
            buffer.put(SPACES[2], &[0; 8], b"2");
            Ok(buffer)
        });
        assert_eq!(kind(written.expect_err(what)), StorageErrorKind::Damaged, "{what}");
        assert_all_alike(&*engine.snapshot().unwrap(), &base);

        // Taken back, it does no harm.
        let mut buffer = Buffer::default();
        let mark = buffer.mark();
        act(&mut buffer);
        buffer.back_to(mark);
        let mut buffer = Some(buffer);
        engine
            .write(&mut |_| Ok(buffer.take().unwrap()))
            .unwrap_or_else(|it| panic!("{what}: {it}"));
        assert_all_alike(&*engine.snapshot().unwrap(), &base);
    }
}

#[test]
fn what_is_appended_has_the_numbers_after_the_last_key() {
    let engine = engine_with(&Map::default());
    let mut base = Map::default();
    let mut append = |values: &[u8], next: u64| {
        engine
            .write(&mut |_| {
                let mut buffer = Buffer::default();
                for value in values {
                    buffer.append(LOG, &[*value]);
                }
                Ok(buffer)
            })
            .unwrap();
        (next..).zip(values).for_each(|(n, value)| base.put(LOG, &n.to_be_bytes(), &[*value]));
        assert_all_alike(&*engine.snapshot().unwrap(), &base);
    };
    append(&[1, 2, 3], 1);
    append(&[4], 4);
    for space in [SPACES[4], Space { id: 7, ..LOG }] {
        // There are no numbers in the one, and none left in the other.
        engine.ensure_spaces(&[space]).unwrap();
        let refused = engine.write(&mut |_| {
            let mut buffer = Buffer::default();
            buffer.put(space, &[0xFF; 16][..if space.id == 7 { 8 } else { 16 }], b"1");
            buffer.append(space, b"2");
            Ok(buffer)
        });
        assert_eq!(kind(refused.unwrap_err()), StorageErrorKind::Other, "{space:?}");
    }
    assert_all_alike(&*engine.snapshot().unwrap(), &base);
}

#[test]
fn a_rig_counts_and_fails_on_command() {
    use rig::{Counts, Rig};
    let rig = Rig::default();
    let engine = rig.engine(RedbEngine::in_memory().unwrap());
    engine.ensure_spaces(&SPACES).unwrap();
    let put = |value: &'static [u8]| {
        let mut n_runs = 0;
        let written = engine.write(&mut |read| {
            n_runs += 1;
            read.get(SPACES[0], b"a", &mut |_| ())?;
            let mut buffer = Buffer::default();
            buffer.put(SPACES[0], b"a", value);
            Ok(buffer)
        });
        (written.map_err(kind), n_runs)
    };
    let value = || {
        let mut value = Vec::new();
        let snapshot = engine.snapshot().unwrap();
        snapshot.get(SPACES[0], b"a", &mut |it| value.extend_from_slice(it)).unwrap();
        value
    };
    assert!(matches!(put(b"1"), (Ok(Some(_)), 1)));
    let snapshot = engine.snapshot().unwrap();
    assert_all_alike_but_log(&*snapshot);
    rig.count_anew();
    snapshot.multi_get(&[(SPACES[0], b"a"), (SPACES[2], &[0; 8])], &mut |_, _| ()).unwrap();
    let visit = &mut |_: &[u8], _: &[u8]| ControlFlow::Continue(());
    snapshot.scan(SPACES[0], Scan::ALL, visit).unwrap();
    let visit = &mut |_, _: &[u8], _: &[u8]| ControlFlow::Continue(());
    snapshot.multi_scan(&[(SPACES[0], Scan::ALL); 3], visit).unwrap();
    snapshot.len(SPACES[0]).unwrap();
    rig.run_twice(true);
    assert_eq!(put(b"2").1, 2);
    rig.run_twice(false);
    let counts =
        Counts { get: 2, multi_get: 1, scan: 1, multi_scan: 1, len: 1, snapshot: 0, write: 1 };
    assert_eq!((rig.counts(), counts.reads()), (counts, 6));

    rig.hide_state(true);
    assert!(matches!(put(b"3"), (Ok(None), 1)));
    assert_eq!(engine.snapshot().unwrap().state(), None);
    rig.hide_state(false);
    rig.end_at_random(1, 100, 0);
    assert_eq!(put(b"4"), (Err(StorageErrorKind::Conflict), 1));
    assert_eq!(value(), b"3");
    rig.end_at_random(1, 0, 100);
    let mut seen = [b"3".to_vec(), b"5".to_vec()].map(|value| (value, 0));
    for _ in 0..20 {
        assert_eq!(put(b"5"), (Err(StorageErrorKind::CommitUnknown), 1));
        let value = value();
        seen.iter_mut().filter(|(it, _)| *it == value).for_each(|(_, n)| *n += 1);
    }
    assert!(seen[1].1 > 5 && seen[0].1 + seen[1].1 == 20, "{seen:?}");
    rig.end_well();
    // The write, its read, and the last moment before the commit.
    for calls in 0..3 {
        rig.fail_after(calls);
        assert_eq!(put(b"6").0, Err(StorageErrorKind::Unavailable), "after {calls} calls");
        assert!(rig.has_failed());
        assert_eq!(value(), b"5");
    }
    rig.fail_after(3);
    assert!(put(b"6").0.is_ok() && !rig.stop_failing());
    assert_eq!(value(), b"6");
}

/// Asserts that the first space holds one key, and reads like a map that does.
fn assert_all_alike_but_log(read: &dyn Read) {
    let mut map = Map::default();
    map.put(SPACES[0], b"a", b"1");
    for space in SPACES {
        assert_alike(read, &map, space);
    }
}
