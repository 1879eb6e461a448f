//! The write buffer: what a write has put and removed so far, with marks to go back to.
//!
//! Every engine shares it. A record is written into the buffer entry by entry; if it is refused,
//! the buffer goes back to the [`Mark`] before it, and the entries of the records before stand.
//! [`Overlay`] reads the state of the engine with the buffer over it, so that a write sees what it
//! wrote.
//!
//! **Invariant:** nothing reaches an engine but a finished buffer, so a refusal, an error and a
//! panic leave nothing behind. A pinned entry survives going back: it is for leases, which must
//! not be given twice even if the record that drew on one was refused.

use std::{
    borrow::Borrow,
    cmp::Ordering,
    collections::BTreeMap,
    ops::{ControlFlow, Deref},
    rc::Rc,
};

use super::{EngineError, Read, Scan, Space, Visit};

/// The pending entries of one space.
pub(super) type Entries = BTreeMap<Key, Change>;

/// Longest key that needs no allocation: that of a name of up to nineteen bytes.
const IN_PLACE: usize = 30;

/// A key, of which the entry and the way to take it back have one each. Most are in place.
#[derive(Clone, Debug)]
pub(super) enum Key {
    InPlace { len: u8, bytes: [u8; IN_PLACE] },
    Long(Rc<[u8]>),
}

impl From<&[u8]> for Key {
    fn from(key: &[u8]) -> Self {
        let mut bytes = [0; IN_PLACE];
        match (bytes.get_mut(..key.len()), u8::try_from(key.len())) {
            (Some(place), Ok(len)) => {
                place.copy_from_slice(key);
                Self::InPlace { len, bytes }
            }
            _ => Self::Long(key.into()),
        }
    }
}

impl Deref for Key {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::InPlace { len, bytes } => &bytes[..usize::from(*len)],
            Self::Long(bytes) => bytes,
        }
    }
}

impl Borrow<[u8]> for Key {
    fn borrow(&self) -> &[u8] {
        self
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Key {}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        (**self).cmp(&**other)
    }
}

/// What is to become of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// It gets this value.
    Put(Box<[u8]>),
    /// It is gone.
    Remove,
}

impl Change {
    /// The value that the key has then.
    fn value(&self) -> Option<&[u8]> {
        match self {
            Self::Put(value) => Some(value),
            Self::Remove => None,
        }
    }
}

/// What a write has put and removed so far.
#[derive(Debug, Default)]
pub(crate) struct Buffer {
    /// The spaces that were written to, in the order of their ids.
    spaces: Vec<(Space, Entries)>,
    /// How to take back each entry that is not pinned, oldest first.
    undo: Vec<Undo>,
}

/// How to take back one entry.
#[derive(Debug)]
struct Undo {
    space: Space,
    key: Key,
    /// What the buffer held for the key before.
    before: Option<Change>,
}

/// A moment in the life of a buffer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark(usize);

impl Buffer {
    /// Nothing is to be written.
    pub(crate) fn is_empty(&self) -> bool {
        self.spaces.iter().all(|(_, entries)| entries.is_empty())
    }

    /// Sets `key` to `value`.
    pub(crate) fn put(&mut self, space: Space, key: &[u8], value: &[u8]) {
        self.set(space, key, Change::Put(value.into()));
    }

    /// Sets `key` to `value`, and keeps it without a copy if it is as long as its allocation.
    pub(crate) fn put_owned(&mut self, space: Space, key: &[u8], value: Vec<u8>) {
        self.set(space, key, Change::Put(value.into()));
    }

    /// Removes `key`.
    pub(crate) fn remove(&mut self, space: Space, key: &[u8]) {
        self.set(space, key, Change::Remove);
    }

    fn set(&mut self, space: Space, key: &[u8], change: Change) {
        let key = Key::from(key);
        let before = self.entries_mut(space).insert(key.clone(), change);
        self.undo.push(Undo { space, key, before });
    }

    /// Sets `key` to `value` in a way that going back to a mark does not undo.
    pub(crate) fn pin(&mut self, space: Space, key: &[u8], value: &[u8]) {
        self.entries_mut(space).insert(key.into(), Change::Put(value.into()));
    }

    /// This moment.
    pub(crate) fn mark(&self) -> Mark {
        Mark(self.undo.len())
    }

    /// Takes back what was put and removed since `mark`.
    pub(crate) fn back_to(&mut self, mark: Mark) {
        while self.undo.len() > mark.0 {
            let Some(Undo { space, key, before }) = self.undo.pop() else { return };
            let entries = self.entries_mut(space);
            match before {
                Some(before) => entries.insert(key, before),
                None => entries.remove(&key),
            };
        }
    }

    /// The pending entries, space by space in the order of their ids, keys in order.
    pub(super) fn spaces(&self) -> impl Iterator<Item = (Space, &Entries)> {
        self.spaces.iter().map(|(space, entries)| (*space, entries))
    }

    fn entries(&self, space: Space) -> Option<&Entries> {
        let at = self.find(space).ok()?;
        self.spaces.get(at).map(|(_, entries)| entries)
    }

    fn entries_mut(&mut self, space: Space) -> &mut Entries {
        let at = self.find(space).unwrap_or_else(|at| {
            self.spaces.insert(at, (space, Entries::new()));
            at
        });
        &mut self.spaces[at].1
    }

    fn find(&self, space: Space) -> Result<usize, usize> {
        self.spaces.binary_search_by_key(&space.id, |(space, _)| space.id)
    }
}

/// The state of an engine with a buffer over it.
#[derive(Clone, Copy)]
pub(crate) struct Overlay<'a> {
    pub(crate) base: &'a dyn Read,
    pub(crate) buffer: &'a Buffer,
}

impl Overlay<'_> {
    /// What the buffer says of a key; `None` if nothing.
    fn pending(&self, space: Space, key: &[u8]) -> Option<&Change> {
        self.buffer.entries(space)?.get(key)
    }
}

impl Read for Overlay<'_> {
    fn get(&self, space: Space, key: &[u8], f: &mut dyn FnMut(&[u8])) -> Result<bool, EngineError> {
        match self.pending(space, key) {
            Some(Change::Put(value)) => {
                f(value);
                Ok(true)
            }
            Some(Change::Remove) => Ok(false),
            None => self.base.get(space, key, f),
        }
    }

    fn multi_get(
        &self,
        space: Space,
        keys: &[&[u8]],
        f: &mut dyn FnMut(usize, Option<&[u8]>),
    ) -> Result<(), EngineError> {
        let mut places = Vec::new();
        let mut rest = Vec::new();
        for (place, key) in keys.iter().enumerate() {
            if let Some(change) = self.pending(space, key) {
                f(place, change.value());
            } else {
                places.push(place);
                rest.push(*key);
            }
        }
        if rest.is_empty() {
            return Ok(());
        }
        self.base.multi_get(space, &rest, &mut |n, value| f(places[n], value))
    }

    fn scan(
        &self,
        space: Space,
        scan: Scan<'_>,
        f: Visit<'_>,
    ) -> Result<Option<Vec<u8>>, EngineError> {
        let Some(entries) = self.buffer.entries(space).filter(|it| !it.is_empty()) else {
            return self.base.scan(space, scan, f);
        };
        if scan.is_empty() {
            return Ok(None);
        }
        let mut pending = entries.range::<[u8], _>((scan.from, scan.to));
        let mut next_pending = || if scan.reverse { pending.next_back() } else { pending.next() };
        let mut merge = Merge { left: scan.limit, last: None, f };
        let mut head = next_pending();
        // Base keys come in the order of the walk; what is pending before each goes first, and
        // what is pending for the same key goes in its place.
        self.base.scan(space, Scan { limit: usize::MAX, ..scan }, &mut |key, value| {
            while let Some((pending_key, change)) = head {
                let comes_first = match (**pending_key).cmp(key) {
                    Ordering::Equal => {
                        head = next_pending();
                        return merge.visit(pending_key, change.value());
                    }
                    order => order.is_lt() != scan.reverse,
                };
                if !comes_first {
                    break;
                }
                head = next_pending();
                merge.visit(pending_key, change.value())?;
            }
            merge.visit(key, Some(value))
        })?;
        while let Some((key, value)) = head {
            if merge.visit(key, value.value()).is_break() {
                break;
            }
            head = next_pending();
        }
        Ok(merge.last)
    }

    fn len(&self, space: Space) -> Result<u64, EngineError> {
        let mut len = self.base.len(space)?;
        for (key, value) in self.buffer.entries(space).into_iter().flatten() {
            match (self.base.get(space, key, &mut |_| ())?, value.value().is_some()) {
                (false, true) => len += 1,
                (true, false) => len -= 1,
                _ => (),
            }
        }
        Ok(len)
    }
}

/// Visits the keys of a merged walk, up to its limit.
struct Merge<'f> {
    left: usize,
    /// The key that the walk was ended at, once it was.
    last: Option<Vec<u8>>,
    f: Visit<'f>,
}

impl Merge<'_> {
    /// Visits a key, unless it is removed or the walk has ended.
    fn visit(&mut self, key: &[u8], value: Option<&[u8]>) -> ControlFlow<()> {
        if self.last.is_some() {
            return ControlFlow::Break(());
        }
        let Some(value) = value else { return ControlFlow::Continue(()) };
        self.left = self.left.saturating_sub(1);
        if (self.f)(key, value).is_break() || self.left == 0 {
            self.last = Some(key.to_vec());
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }
}
