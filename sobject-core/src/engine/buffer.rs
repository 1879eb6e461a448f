//! The write buffer: what a write has put and removed so far, with marks to go back to.
//!
//! Every engine shares it. A record is written into the buffer entry by entry; if it is refused,
//! the buffer goes back to the [`Mark`] before it, and the entries of the records before stand.
//! [`Overlay`](super::Overlay) reads the state of the engine with the buffer over it, so that a
//! write sees what it wrote.
//!
//! **Invariant:** nothing reaches an engine but a finished buffer, so a refusal, an error and a
//! panic leave nothing behind. A pinned entry survives going back: it is for leases, which must
//! not be given twice even if the record that drew on one was refused.

use std::{
    borrow::Borrow,
    cmp::Ordering,
    collections::{BTreeMap, btree_map},
    ops::Deref,
    sync::Arc,
};

use super::{Scan, Space};

/// The pending entries of one space.
pub(super) type Entries = BTreeMap<Key, Change>;

/// Longest key that needs no allocation: that of a name of up to nineteen bytes.
const IN_PLACE: usize = 30;

/// A key, of which the entry and the way to take it back have one each. Most are in place.
#[derive(Clone, Debug)]
pub(super) enum Key {
    InPlace { len: u8, bytes: [u8; IN_PLACE] },
    Long(Arc<[u8]>),
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
    pub(super) fn value(&self) -> Option<&[u8]> {
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

    /// What is pending in a range of a space that is not empty, if anything is in the space.
    pub(super) fn range(&self, space: Space, scan: Scan<'_>) -> Option<Range<'_>> {
        let entries = self.entries(space).filter(|it| !it.is_empty())?;
        let is_reverse = scan.reverse;
        let entries = entries.range::<[u8], _>((scan.from, scan.to));
        Some(Range { entries, is_reverse })
    }

    pub(super) fn entries(&self, space: Space) -> Option<&Entries> {
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

/// What is pending in a range: each key with its value, or `None` if it is removed.
pub(super) struct Range<'b> {
    entries: btree_map::Range<'b, Key, Change>,
    is_reverse: bool,
}

impl Range<'_> {
    /// At least as many as are left.
    pub(super) fn len(&self) -> usize {
        self.entries.clone().count()
    }
}

impl<'b> Iterator for Range<'b> {
    type Item = (&'b [u8], Option<&'b [u8]>);

    fn next(&mut self) -> Option<Self::Item> {
        let entry = if self.is_reverse { self.entries.next_back() } else { self.entries.next() };
        entry.map(|(key, change)| (&**key, change.value()))
    }
}
