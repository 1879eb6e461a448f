//! The overlay and redb against a plain map: every read, after any history of a buffer.

mod buffer;
mod engines;

use std::collections::BTreeMap;

use proptest::{prelude::*, test_runner::RngSeed};

use super::*;

/// A space of each kind that engines have.
const SPACES: [Space; 6] = [
    Space { id: 0, keys: KeyWidth::Bytes, values: true },
    Space { id: 1, keys: KeyWidth::Bytes, values: false },
    Space { id: 2, keys: KeyWidth::U64, values: true },
    Space { id: 3, keys: KeyWidth::U64, values: false },
    Space { id: 4, keys: KeyWidth::U128, values: true },
    Space { id: 5, keys: KeyWidth::U128, values: false },
];

/// A space that is appended to.
const LOG: Space = Space { id: 6, keys: KeyWidth::U64, values: true };

/// The keys of a space, in order.
fn keys(space: Space) -> Vec<Vec<u8>> {
    let numbers = [0, 1, 0xFF, 0x100, u64::MAX];
    match space.keys {
        KeyWidth::Bytes => [&b""[..], b"\0", b"\0\xFF", b"a", b"ab"].map(<[u8]>::to_vec).to_vec(),
        KeyWidth::U64 => numbers.iter().map(|n| n.to_be_bytes().to_vec()).collect(),
        KeyWidth::U128 => {
            numbers.iter().map(|n| (u128::from(*n) << 32).to_be_bytes().to_vec()).collect()
        }
    }
}

/// What an engine holds, by space and key.
#[derive(Clone, Debug, Default, PartialEq)]
struct Map(BTreeMap<(u16, Vec<u8>), Vec<u8>>);

impl Map {
    fn put(&mut self, space: Space, key: &[u8], value: &[u8]) {
        self.0.insert((space.id, key.to_vec()), value.to_vec());
    }

    fn has(&self, space: Space, key: &[u8]) -> bool {
        self.0.contains_key(&(space.id, key.to_vec()))
    }

    fn of(&self, space: Space) -> impl DoubleEndedIterator<Item = (&[u8], &[u8])> {
        let all = self.0.iter().filter(move |((id, _), _)| *id == space.id);
        all.map(|((_, key), value)| (key.as_slice(), value.as_slice()))
    }
}

impl Read for Map {
    fn get(&self, space: Space, key: &[u8], f: &mut dyn FnMut(&[u8])) -> Result<bool, EngineError> {
        let value = self.0.get(&(space.id, key.to_vec()));
        if let Some(value) = value {
            f(value);
        }
        Ok(value.is_some())
    }

    fn multi_get(&self, keys: &[(Space, &[u8])], f: GiveMany<'_>) -> Result<(), EngineError> {
        for (place, (space, key)) in keys.iter().enumerate() {
            f(place, self.0.get(&(space.id, key.to_vec())).map(Vec::as_slice));
        }
        Ok(())
    }

    fn scan(
        &self,
        space: Space,
        scan: Scan<'_>,
        f: Visit<'_>,
    ) -> Result<Option<Vec<u8>>, EngineError> {
        let is_after = |key: &[u8]| match scan.from {
            Bound::Included(from) => key >= from,
            Bound::Excluded(from) => key > from,
            Bound::Unbounded => true,
        };
        let is_before = |key: &[u8]| match scan.to {
            Bound::Included(to) => key <= to,
            Bound::Excluded(to) => key < to,
            Bound::Unbounded => true,
        };
        let mut within: Vec<_> =
            self.of(space).filter(|(key, _)| is_after(key) && is_before(key)).collect();
        if scan.reverse {
            within.reverse();
        }
        for (n, (key, value)) in (1..).zip(within).take(scan.limit) {
            if f(key, value).is_break() || n == scan.limit {
                return Ok(Some(key.to_vec()));
            }
        }
        Ok(None)
    }

    fn multi_scan(&self, scans: &[(Space, Scan<'_>)], f: VisitMany<'_>) -> Result<(), EngineError> {
        for (place, (space, scan)) in scans.iter().enumerate() {
            self.scan(*space, *scan, &mut |key, value| f(place, key, value))?;
        }
        Ok(())
    }

    fn len(&self, space: Space) -> Result<u64, EngineError> {
        Ok(self.of(space).count() as u64)
    }

    fn state(&self) -> Option<u64> {
        None
    }
}

/// What a walk visited, and the key to go on after.
type Walk = (Vec<(Vec<u8>, Vec<u8>)>, Option<Vec<u8>>);

/// Walks until `n_visits` keys were visited.
fn walk(read: &dyn Read, space: Space, scan: Scan<'_>, n_visits: usize) -> Walk {
    let mut visited = Vec::new();
    let resume = read.scan(space, scan, &mut |key, value| {
        visited.push((key.to_vec(), value.to_vec()));
        if visited.len() == n_visits { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    (visited, resume.unwrap())
}

/// What each of several scans visits, each until `n_visits` keys were visited.
fn walks(
    read: &dyn Read,
    scans: &[(Space, Scan<'_>)],
    n_visits: usize,
) -> Vec<Vec<(Vec<u8>, Vec<u8>)>> {
    let mut visited = vec![Vec::new(); scans.len()];
    read.multi_scan(scans, &mut |n, key, value| {
        visited[n].push((key.to_vec(), value.to_vec()));
        if visited[n].len() == n_visits {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    })
    .unwrap();
    visited
}

/// The value of each key, each of which must be answered once.
fn values(read: &dyn Read, asked: &[(Space, &[u8])]) -> Vec<Vec<Option<Vec<u8>>>> {
    let mut values = vec![Vec::new(); asked.len()];
    read.multi_get(asked, &mut |place, value| values[place].push(value.map(<[u8]>::to_vec)))
        .unwrap();
    values
}

/// Asserts that spaces read like those of the map, in every way.
fn assert_all_alike(read: &dyn Read, map: &Map) {
    let all: Vec<_> = SPACES.into_iter().chain([LOG]).collect();
    for &space in &all {
        assert_alike(read, map, space);
    }
    // Keys of several spaces, in turns and backwards too.
    let by_space: Vec<_> = all.iter().map(|space| (*space, keys(*space))).collect();
    let asked: Vec<(Space, &[u8])> = (0..5)
        .flat_map(|n| by_space.iter().map(move |(space, keys)| (*space, keys[n].as_slice())))
        .collect();
    let asked: Vec<_> = asked.iter().chain(asked.iter().rev()).copied().collect();
    assert_eq!(values(read, &asked), values(map, &asked), "each key is answered once");
}

/// Asserts that a space reads like that of the map, in every way.
fn assert_alike(read: &dyn Read, map: &Map, space: Space) {
    let keys = keys(space);
    assert_eq!(read.len(space).unwrap(), map.len(space).unwrap(), "length of {space:?}");
    assert_eq!(has_any(read, space).unwrap(), map.len(space).unwrap() > 0, "any of {space:?}");
    for key in &keys {
        let value_in = |read: &dyn Read| {
            let mut value = None;
            let found = read.get(space, key, &mut |it| value = Some(it.to_vec())).unwrap();
            assert_eq!(found, value.is_some());
            value
        };
        assert_eq!(value_in(read), value_in(map), "{key:?} of {space:?}");
    }

    let bounds: Vec<Bound<&[u8]>> = keys
        .iter()
        .flat_map(|key| [Bound::Included(key.as_slice()), Bound::Excluded(key)])
        .chain([Bound::Unbounded])
        .collect();
    for (reverse, limit, n_visits) in [
        (false, usize::MAX, usize::MAX),
        (true, usize::MAX, usize::MAX),
        (false, 2, usize::MAX),
        (true, 1, usize::MAX),
        (false, usize::MAX, 1),
        (true, usize::MAX, 2),
        (false, 0, usize::MAX),
    ] {
        let mut scans = Vec::new();
        for &from in &bounds {
            for &to in &bounds {
                let scan = Scan { from, to, reverse, limit };
                let walks = [read, map].map(|read| walk(read, space, scan, n_visits));
                assert_eq!(walks[0], walks[1], "{scan:?} of {space:?}, {n_visits} visits");
                scans.push((space, scan));
            }
        }
        let all = [read, map].map(|read| walks(read, &scans, n_visits));
        assert_eq!(all[0], all[1], "scans of {space:?} at once, {n_visits} visits");
    }
}

/// What is done to a buffer.
#[derive(Clone, Debug)]
enum Step {
    /// With the operation that knows whether the key is there, or that which does not.
    Put {
        space: usize,
        key: usize,
        value: u8,
        knows: bool,
    },
    /// If it is there.
    Remove {
        space: usize,
        key: usize,
    },
    Pin {
        space: usize,
        key: usize,
        value: u8,
    },
    Append {
        value: u8,
    },
    Mark,
    /// To one of the marks.
    BackTo(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let (space, key, value) = (|| 0..SPACES.len(), || 0..5_usize, any::<u8>);
    let step = prop_oneof![
        6 => (space(), key(), value(), any::<bool>())
            .prop_map(|(space, key, value, knows)| Step::Put { space, key, value, knows }),
        4 => (space(), key()).prop_map(|(space, key)| Step::Remove { space, key }),
        1 => (space(), key(), value())
            .prop_map(|(space, key, value)| Step::Pin { space, key, value }),
        1 => value().prop_map(|value| Step::Append { value }),
        1 => Just(Step::Mark),
        1 => any::<usize>().prop_map(Step::BackTo),
    ];
    proptest::collection::vec(step, 0..60)
}

/// The value that a space keeps.
fn kept(space: Space, value: u8) -> Vec<u8> {
    if space.values { vec![value] } else { vec![] }
}

/// What steps make of a state: what a reader sees with the buffer over it, and what is to be
/// appended when it is applied.
#[derive(Clone, Debug, Default)]
struct Expected {
    seen: Map,
    appended: Vec<u8>,
}

impl Expected {
    /// What there is once the buffer is applied.
    fn applied(mut self) -> Map {
        let mut last = self
            .seen
            .of(LOG)
            .next_back()
            .map_or(0, |(key, _)| u64::from_be_bytes(key.try_into().unwrap()));
        for value in &self.appended {
            last += 1;
            self.seen.put(LOG, &last.to_be_bytes(), &[*value]);
        }
        self.seen
    }
}

/// Takes the steps, on a buffer and on the map that it is to make of `base`.
fn take(steps: &[Step], base: &Map) -> (Buffer, Expected) {
    let mut buffer = Buffer::default();
    let mut now = Expected { seen: base.clone(), appended: Vec::new() };
    let mut marks: Vec<(Mark, Expected)> = Vec::new();
    for step in steps {
        match *step {
            Step::Put { space, key, value, knows } => {
                let (space, key) = (SPACES[space], &keys(SPACES[space])[key]);
                match (knows, now.seen.has(space, key)) {
                    (false, _) => buffer.put(space, key, &kept(space, value)),
                    (true, false) => buffer.insert(space, key, &kept(space, value)),
                    (true, true) => buffer.replace(space, key, &kept(space, value)),
                }
                now.seen.put(space, key, &kept(space, value));
            }
            Step::Remove { space, key } => {
                let (space, key) = (SPACES[space], &keys(SPACES[space])[key]);
                if now.seen.0.remove(&(space.id, key.clone())).is_some() {
                    buffer.remove(space, key);
                }
            }
            Step::Pin { space, key, value } => {
                let (space, key) = (SPACES[space], &keys(SPACES[space])[key]);
                let value = kept(space, value);
                buffer.pin(space, key, &value);
                now.seen.put(space, key, &value);
                for (_, then) in &mut marks {
                    then.seen.put(space, key, &value);
                }
            }
            Step::Append { value } => {
                buffer.append(LOG, &[value]);
                now.appended.push(value);
            }
            Step::Mark => marks.push((buffer.mark(), now.clone())),
            Step::BackTo(pick) => {
                marks.truncate(pick % (marks.len() + 1));
                if let Some((mark, then)) = marks.last() {
                    buffer.back_to(*mark);
                    now = then.clone();
                }
            }
        }
    }
    (buffer, now)
}

/// An engine in memory that holds `map`.
fn engine_with(map: &Map) -> RedbEngine {
    let engine = RedbEngine::in_memory().unwrap();
    let spaces: Vec<_> = SPACES.into_iter().chain([LOG]).collect();
    engine.ensure_spaces(&spaces).unwrap();
    engine
        .write(&mut |_| {
            let mut buffer = Buffer::default();
            for &space in &spaces {
                map.of(space).for_each(|(key, value)| buffer.insert(space, key, value));
            }
            Ok(buffer)
        })
        .unwrap();
    engine
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 24,
        rng_seed: RngSeed::Fixed(1),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_buffer_over_any_state_reads_like_a_map_and_makes_the_engine_that_map(
        before in steps(),
        steps in steps(),
    ) {
        let base = take(&before, &Map::default()).1.applied();
        let (buffer, expected) = take(&steps, &base);
        let engine = engine_with(&base);
        let snapshot = engine.snapshot().unwrap();
        assert_all_alike(&Overlay { base: &base, buffer: &buffer }, &expected.seen);
        assert_all_alike(&Overlay { base: &*snapshot, buffer: &buffer }, &expected.seen);

        let mut buffer = Some(buffer);
        engine.write(&mut |_| Ok(buffer.take().unwrap_or_default())).unwrap();
        assert_all_alike(&*engine.snapshot().unwrap(), &expected.applied());
        // The snapshot from before the write still shows what was there then.
        assert_all_alike(&*snapshot, &base);
    }
}
