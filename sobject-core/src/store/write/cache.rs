//! The read cache of a write: what it has read of the state below its buffer.
//!
//! A call over many records says beforehand what they will need ([`ReadCache::expect`]): own rows,
//! rows that they refer to, unique entries, the records that hold what is to be deleted. The first
//! read of any of these fetches the whole group at once. So the code that checks one record stays as
//! plain as if it were alone, and a call over 200 records costs a handful of engine calls.
//!
//! **Invariants:** the cache lies below the buffer and holds base values, absences and whole ranges;
//! the base is one state, so nothing in the cache can become wrong, and savepoints do not touch it.
//! What is expected and never read is never fetched.

use std::{
    cell::RefCell,
    collections::HashMap,
    ops::{Bound, ControlFlow},
    rc::Rc,
};

use foldhash::fast::RandomState;

use crate::{
    engine::{EngineError, GiveMany, Read, Scan, Space, Visit, VisitMany},
    store::keep::{Index, IndexRange},
};

/// Bytes of keys and values beyond which what is known is forgotten, so that a long transaction does
/// not keep all that it has read.
const MAX_BYTES: usize = 32 << 20;

/// Bytes that remembering a key takes beside the key and its value, about.
const ENTRY_BYTES: usize = 64;

/// Where a range begins, in a space.
type Spot = (u16, Box<[u8]>);

/// Keys and ranges that are fetched together.
#[derive(Debug, Default)]
pub(crate) struct Expected {
    keys: Vec<(Space, Box<[u8]>)>,
    /// Ranges with both ends included, and how many keys of each are of interest.
    ranges: Vec<Range>,
}

#[derive(Debug)]
struct Range {
    space: Space,
    from: Box<[u8]>,
    to: Box<[u8]>,
    limit: usize,
}

/// What the base has for a key.
#[derive(Clone, Debug)]
enum Base {
    Absent,
    Value(Rc<[u8]>),
}

impl Base {
    fn of(value: Option<&[u8]>) -> Self {
        value.map_or(Self::Absent, |value| Self::Value(value.into()))
    }

    fn value(&self) -> Option<&[u8]> {
        match self {
            Self::Absent => None,
            Self::Value(value) => Some(value),
        }
    }
}

/// Something for each key of a space.
type Keys<T> = HashMap<Box<[u8]>, T, RandomState>;

/// Something for each key of each space. There are few spaces in a call, so they are not hashed.
#[derive(Debug)]
struct ByKey<T>(Vec<(u16, Keys<T>)>);

impl<T> Default for ByKey<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> ByKey<T> {
    fn get(&self, space: Space, key: &[u8]) -> Option<&T> {
        self.0.iter().find(|(id, _)| *id == space.id)?.1.get(key)
    }

    fn insert(&mut self, space: Space, key: Box<[u8]>, of_key: T) {
        let place = self.0.iter().position(|(id, _)| *id == space.id).unwrap_or_else(|| {
            self.0.push((space.id, HashMap::default()));
            self.0.len() - 1
        });
        self.0[place].1.insert(key, of_key);
    }

    fn clear(&mut self) {
        self.0.clear();
    }
}

/// A key with its value.
type KeyValue = (Box<[u8]>, Box<[u8]>);

/// The first keys of a range with their values.
#[derive(Debug)]
struct Entries {
    to: Box<[u8]>,
    /// How many keys were asked for; there are no more if there are fewer here.
    limit: usize,
    entries: Rc<[KeyValue]>,
}

impl Expected {
    /// A key may be read.
    pub(crate) fn key(&mut self, space: Space, key: &[u8]) {
        self.keys.push((space, key.into()));
    }

    /// All keys from one to another may be visited, both included.
    pub(crate) fn range(&mut self, space: Space, from: &[u8], to: &[u8]) {
        self.first_of(space, from, to, usize::MAX);
    }

    /// The first keys from one to another may be visited, both included.
    pub(crate) fn first_of(&mut self, space: Space, from: &[u8], to: &[u8], limit: usize) {
        self.ranges.push(Range { space, from: from.into(), to: to.into(), limit });
    }

    /// The entries of a range of an index, which both its ends are part of, may be visited.
    pub(crate) fn entries(&mut self, index: &Index, range: IndexRange<'_>) {
        if let (Bound::Included(from), Bound::Included(to)) = index.bounds(range) {
            let (from, to, limit) = (from.into(), to.into(), range.limit);
            self.ranges.push(Range { space: index.space, from, to, limit });
        }
    }
}

/// Reads a state, and remembers what it has read.
pub(crate) struct ReadCache<'a> {
    base: &'a dyn Read,
    known: RefCell<Known>,
}

#[derive(Default)]
struct Known {
    values: ByKey<Base>,
    /// By where they begin.
    ranges: HashMap<Spot, Entries, RandomState>,
    n_bytes: usize,
    /// The groups that were not fetched yet, and which of them has a key or begins a range.
    groups: Vec<Option<Expected>>,
    group_of_key: ByKey<usize>,
    group_of_range: HashMap<Spot, usize, RandomState>,
}

impl<'a> ReadCache<'a> {
    pub(super) fn new(base: &'a dyn Read) -> Self {
        Self { base, known: RefCell::default() }
    }

    /// What is known, for another who goes on with it.
    pub(super) fn lend(&mut self) -> Self {
        std::mem::replace(self, Self::new(self.base))
    }

    /// Is it known that the base has a value for this key?
    pub(super) fn has(&self, space: Space, key: &[u8]) -> bool {
        matches!(self.known.borrow().values.get(space, key), Some(Base::Value(_)))
    }

    /// These keys and ranges may be read; the first that is fetches all of them.
    pub(crate) fn expect(&self, mut expected: Expected) {
        if expected.keys.is_empty() && expected.ranges.is_empty() {
            return;
        }
        let known = &mut *self.known.borrow_mut();
        let group = known.groups.len();
        let groups = &known.groups;
        // What waits in a group already is fetched with that one, and what several records need is
        // needed once.
        let waits = |it: &usize| *it == group || matches!(groups.get(*it), Some(Some(_)));
        expected.keys.retain(|(space, key)| {
            let is_known = known.values.get(*space, key).is_some();
            !is_known && known.group_of_key.get(*space, key).is_none_or(|it| !waits(it)) && {
                known.group_of_key.insert(*space, key.clone(), group);
                true
            }
        });
        expected.ranges.retain(|range| {
            let spot = (range.space.id, range.from.clone());
            let is_known = known.ranges.contains_key(&spot);
            !is_known && known.group_of_range.get(&spot).is_none_or(|it| !waits(it)) && {
                known.group_of_range.insert(spot, group);
                true
            }
        });
        if !expected.keys.is_empty() || !expected.ranges.is_empty() {
            known.groups.push(Some(expected));
        }
    }

    /// Forgets what is expected of a call that is over, and all that is known if that is much.
    pub(crate) fn end_call(&self) {
        let known = &mut *self.known.borrow_mut();
        known.groups.clear();
        known.group_of_key.clear();
        known.group_of_range.clear();
        known.forget_if_much();
    }

    /// Forgets all that is known if that is much, in the middle of a call that goes over many records.
    pub(crate) fn forget_if_much(&self) {
        self.known.borrow_mut().forget_if_much();
    }

    /// Fetches a group, unless that was done.
    fn fetch(&self, group: usize) -> Result<(), EngineError> {
        let taken = self.known.borrow_mut().groups.get_mut(group).and_then(Option::take);
        let Some(Expected { keys, ranges }) = taken else { return Ok(()) };
        if !keys.is_empty() {
            let asked: Vec<_> = keys.iter().map(|(space, key)| (*space, &**key)).collect();
            let mut values = vec![Base::Absent; keys.len()];
            self.base.multi_get(&asked, &mut |place, value| {
                if let Some(known) = values.get_mut(place) {
                    *known = Base::of(value);
                }
            })?;
            let known = &mut *self.known.borrow_mut();
            for ((space, key), value) in keys.into_iter().zip(values) {
                known.note(space, key, value);
            }
        }
        if !ranges.is_empty() {
            let scans: Vec<_> = ranges
                .iter()
                .map(|it| {
                    let (from, to) = (Bound::Included(&*it.from), Bound::Included(&*it.to));
                    (it.space, Scan { from, to, reverse: false, limit: it.limit })
                })
                .collect();
            let mut found: Vec<Vec<_>> = ranges.iter().map(|_| Vec::new()).collect();
            self.base.multi_scan(&scans, &mut |place, key, value| {
                if let Some(entries) = found.get_mut(place) {
                    entries.push((Box::from(key), Box::from(value)));
                }
                ControlFlow::Continue(())
            })?;
            let known = &mut *self.known.borrow_mut();
            for (range, entries) in ranges.into_iter().zip(found) {
                known.n_bytes += range.from.len() + ENTRY_BYTES * (entries.len() + 1);
                let entries = Entries { to: range.to, limit: range.limit, entries: entries.into() };
                known.ranges.insert((range.space.id, range.from), entries);
            }
        }
        Ok(())
    }

    /// Fetches the group that a key is of, if any.
    fn fetch_group_of(&self, space: Space, key: &[u8]) -> Result<(), EngineError> {
        let group = {
            let known = self.known.borrow();
            known.group_of_key.get(space, key).copied()
        };
        group.map_or(Ok(()), |group| self.fetch(group))
    }
}

impl Known {
    fn get(&self, space: Space, key: &[u8]) -> Option<Base> {
        self.values.get(space, key).cloned()
    }

    fn forget_if_much(&mut self) {
        if self.n_bytes > MAX_BYTES {
            self.values.clear();
            self.ranges.clear();
            self.n_bytes = 0;
        }
    }

    fn note(&mut self, space: Space, key: Box<[u8]>, value: Base) {
        self.n_bytes += key.len() + value.value().map_or(0, <[u8]>::len) + ENTRY_BYTES;
        self.values.insert(space, key, value);
    }
}

impl Read for ReadCache<'_> {
    fn get(&self, space: Space, key: &[u8], f: &mut dyn FnMut(&[u8])) -> Result<bool, EngineError> {
        let mut known = self.known.borrow().get(space, key);
        if known.is_none() {
            self.fetch_group_of(space, key)?;
            known = self.known.borrow().get(space, key);
        }
        let known = if let Some(known) = known {
            known
        } else {
            let mut read = Base::Absent;
            self.base.get(space, key, &mut |value| read = Base::of(Some(value)))?;
            let known = &mut *self.known.borrow_mut();
            known.forget_if_much();
            known.note(space, key.into(), read.clone());
            read
        };
        // Nothing is borrowed while `f` runs, for it may read too.
        known.value().map(f);
        Ok(known.value().is_some())
    }

    fn multi_get(&self, keys: &[(Space, &[u8])], f: GiveMany<'_>) -> Result<(), EngineError> {
        let mut places = Vec::new();
        let mut asked = Vec::new();
        for (place, (space, key)) in keys.iter().enumerate() {
            self.fetch_group_of(*space, key)?;
            let known = self.known.borrow().get(*space, key);
            if let Some(known) = known {
                f(place, known.value());
            } else {
                places.push(place);
                asked.push((*space, *key));
            }
        }
        if asked.is_empty() {
            return Ok(());
        }
        self.base.multi_get(&asked, &mut |place, value| {
            if let Some(place) = places.get(place) {
                f(*place, value);
            }
        })
    }

    fn scan(
        &self,
        space: Space,
        scan: Scan<'_>,
        f: Visit<'_>,
    ) -> Result<Option<Vec<u8>>, EngineError> {
        let (Bound::Included(from), Bound::Included(to), false) =
            (scan.from, scan.to, scan.reverse)
        else {
            return self.base.scan(space, scan, f);
        };
        let spot = (space.id, Box::from(from));
        let group = self.known.borrow().group_of_range.get(&spot).copied();
        if let Some(group) = group {
            self.fetch(group)?;
        }
        let cached = {
            let known = self.known.borrow();
            let cached = known.ranges.get(&spot).filter(|it| *it.to == *to);
            let is_enough = |it: &&Entries| it.entries.len() < it.limit || scan.limit <= it.limit;
            cached.filter(is_enough).map(|it| it.entries.clone())
        };
        let Some(cached) = cached else { return self.base.scan(space, scan, f) };
        for (n, (key, value)) in (1..).zip(&*cached) {
            if f(key, value).is_break() || n == scan.limit {
                return Ok(Some(key.to_vec()));
            }
        }
        Ok(None)
    }

    fn multi_scan(&self, scans: &[(Space, Scan<'_>)], f: VisitMany<'_>) -> Result<(), EngineError> {
        self.base.multi_scan(scans, f)
    }

    fn len(&self, space: Space) -> Result<u64, EngineError> {
        self.base.len(space)
    }

    fn state(&self) -> Option<u64> {
        self.base.state()
    }
}
