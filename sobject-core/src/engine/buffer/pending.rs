//! What a write has done to one space so far.
//!
//! Each thing that is done to a key is an entry, and entries stay in the order in which they were
//! made; so the last are taken back by cutting the end off. Keys and values lie one after the other
//! in one run of bytes. An entry knows the entry that it takes the place of.

use std::ops::Bound;

use super::order::{Order, Place, Slot};
use crate::engine::{
    Scan, Space,
    head::{Head, head},
};

/// No entry.
const NONE: u32 = u32::MAX;

/// What an operation makes of a key, and what it knows of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// A value for a key that has none.
    Insert,
    /// Another value for a key that has one.
    Replace,
    /// A value for a key of which nothing is known.
    Put,
    /// [`What::Put`] that stays when it is taken back.
    Pin,
    /// No value for a key that has one.
    Remove,
}

impl What {
    fn has_value(self) -> bool {
        self != Self::Remove
    }
}

/// What the engine holds for a key, as far as the operations on it say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::engine) enum Was {
    Absent,
    Present,
    /// Nobody said.
    Unsure,
    /// They contradict each other.
    Contradicted,
}

/// One operation on a key.
#[derive(Clone, Copy, Debug)]
struct Entry {
    /// Where the key begins; the value is behind it.
    at: usize,
    key_len: u32,
    value_len: u32,
    /// The entry of the key before this.
    before: u32,
    what: What,
    was: Was,
}

/// What becomes of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::engine) struct Change<'b> {
    pub(in crate::engine) key: &'b [u8],
    /// `None` if it is removed.
    pub(in crate::engine) value: Option<&'b [u8]>,
    pub(in crate::engine) was: Was,
}

/// Values that are to be put behind the last key of the space, in turn.
#[derive(Debug, Default)]
struct Appended {
    bytes: Vec<u8>,
    /// Where each value ends.
    ends: Vec<usize>,
}

/// What a write has done to one space so far.
#[derive(Debug)]
pub(in crate::engine) struct Pending {
    pub(in crate::engine) space: Space,
    bytes: Vec<u8>,
    entries: Vec<Entry>,
    /// The keys, each with its last entry.
    order: Order,
    appended: Appended,
    /// How many more keys have values than before, if none had one of which nobody was sure.
    balance: i64,
    /// Of how many keys nobody was sure.
    n_unsure: usize,
    /// Was there more than the numbers here can count?
    pub(in crate::engine) is_too_large: bool,
}

impl Pending {
    pub(super) fn new(space: Space) -> Self {
        Self {
            space,
            bytes: Vec::new(),
            entries: Vec::new(),
            order: Order::default(),
            appended: Appended::default(),
            balance: 0,
            n_unsure: 0,
            is_too_large: false,
        }
    }

    /// Does something to the key that `key` puts behind the bytes it is given, as `value` then does
    /// with the value; whether there is an entry of it now, as there is unless the space is too large.
    ///
    /// # Errors
    /// Those of `value`, and then nothing is done.
    pub(super) fn set<E>(
        &mut self,
        what: What,
        key: impl FnOnce(&mut Vec<u8>),
        value: impl FnOnce(&mut Vec<u8>) -> Result<(), E>,
    ) -> Result<bool, E> {
        let at = self.bytes.len();
        key(&mut self.bytes);
        let key_end = self.bytes.len();
        if let Err(error) = value(&mut self.bytes) {
            self.bytes.truncate(at);
            return Err(error);
        }
        let number = u32::try_from(self.entries.len()).ok().filter(|number| *number != NONE);
        let lens = (u32::try_from(key_end - at), u32::try_from(self.bytes.len() - key_end));
        let (Some(number), (Ok(key_len), Ok(value_len))) = (number, lens) else {
            self.bytes.truncate(at);
            self.is_too_large = true;
            return Ok(false);
        };
        let key = self.bytes_from(at, key_len);
        let head = head(key);
        let found = self.find(head, key);
        let before = found.ok().and_then(|place| self.order.get(place)).map(|slot| slot.entry);
        let entry = Entry {
            at,
            key_len,
            value_len,
            before: before.unwrap_or(NONE),
            what,
            was: self.was(before, what),
        };
        self.entries.push(entry);
        match found {
            Ok(place) => self.order.set_entry(place, number),
            Err(place) => self.order.insert(place, Slot { head, entry: number }),
        }
        self.count(entry, 1);
        Ok(true)
    }

    /// What the engine holds for a key with this entry so far, if this is done to it next.
    fn was(&self, before: Option<u32>, what: What) -> Was {
        let Some(before) = before.and_then(|number| self.entry(number)) else {
            return match what {
                What::Insert => Was::Absent,
                What::Replace | What::Remove => Was::Present,
                What::Put | What::Pin => Was::Unsure,
            };
        };
        match what {
            What::Insert if before.what.has_value() => Was::Contradicted,
            What::Replace | What::Remove if !before.what.has_value() => Was::Contradicted,
            _ => before.was,
        }
    }

    /// Counts an entry, or with -1 takes that back.
    fn count(&mut self, entry: Entry, sign: i64) {
        let had_value = match self.entry(entry.before) {
            Some(before) => before.what.has_value(),
            None => entry.was == Was::Present,
        };
        self.balance += sign * (i64::from(entry.what.has_value()) - i64::from(had_value));
        if entry.before == NONE && entry.was == Was::Unsure {
            self.n_unsure = self.n_unsure.saturating_add_signed(if sign > 0 { 1 } else { -1 });
        }
    }

    /// Takes the last entry back, and returns its key and value if it was pinned.
    pub(super) fn take_back(&mut self) -> Option<(Vec<u8>, Vec<u8>)> {
        let entry = *self.entries.last()?;
        self.count(entry, -1);
        let place = self.find(head(self.key(entry)), self.key(entry));
        if let Ok(place) = place {
            if entry.before == NONE {
                self.order.remove(place);
            } else {
                self.order.set_entry(place, entry.before);
            }
        }
        let pinned = (entry.what == What::Pin)
            .then(|| (self.key(entry).to_vec(), self.value(entry).to_vec()));
        self.entries.pop();
        self.bytes.truncate(entry.at);
        pinned
    }

    /// Adds the value that `value` puts behind the bytes it is given; it is to be put behind the last
    /// key.
    pub(super) fn append(&mut self, value: impl FnOnce(&mut Vec<u8>)) {
        value(&mut self.appended.bytes);
        self.appended.ends.push(self.appended.bytes.len());
    }

    /// Takes the last value back that was appended.
    pub(super) fn take_back_appended(&mut self) {
        self.appended.ends.pop();
        self.appended.bytes.truncate(self.appended.ends.last().copied().unwrap_or_default());
    }

    /// The values that were appended, in turn.
    pub(in crate::engine) fn appended(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        let mut from = 0;
        self.appended.ends.iter().map(move |end| {
            let value = self.appended.bytes.get(from..*end).unwrap_or_default();
            from = *end;
            value
        })
    }

    /// What becomes of a key, if anything does.
    pub(in crate::engine) fn get(&self, key: &[u8]) -> Option<Change<'_>> {
        let place = self.find(head(key), key).ok()?;
        self.change(self.order.get(place)?)
    }

    /// What becomes of each key, in order, but for keys that come and go.
    pub(in crate::engine) fn changes(&self) -> impl Iterator<Item = Change<'_>> {
        self.between(self.order.start(), self.order.end(), false)
            .filter(|it| it.was != Was::Absent || it.value.is_some())
    }

    /// What becomes of the keys of a range that is not empty, in its order.
    pub(in crate::engine) fn range(&self, scan: Scan<'_>) -> Range<'_> {
        let from = match scan.from {
            Bound::Included(key) => self.place(key, false),
            Bound::Excluded(key) => self.place(key, true),
            Bound::Unbounded => self.order.start(),
        };
        let to = match scan.to {
            Bound::Included(key) => self.place(key, true),
            Bound::Excluded(key) => self.place(key, false),
            Bound::Unbounded => self.order.end(),
        };
        self.between(from, to, scan.reverse)
    }

    fn between(&self, from: Place, to: Place, is_reverse: bool) -> Range<'_> {
        Range { pending: self, from, to, is_reverse }
    }

    /// The place of a key or of the first behind it, or with `behind` only the latter.
    fn place(&self, key: &[u8], behind: bool) -> Place {
        match self.find(head(key), key) {
            Ok(place) if behind => self.order.after(place),
            Ok(place) => place,
            Err(place) => self.order.normal(place),
        }
    }

    fn find(&self, head: Head, key: &[u8]) -> Result<Place, Place> {
        self.order.find(head, |number| {
            let other = self.entry(number).map_or(&[][..], |entry| self.key(entry));
            other.cmp(key)
        })
    }

    fn change(&self, slot: Slot) -> Option<Change<'_>> {
        let entry = self.entry(slot.entry)?;
        let value = entry.what.has_value().then(|| self.value(entry));
        Some(Change { key: self.key(entry), value, was: entry.was })
    }

    fn entry(&self, number: u32) -> Option<Entry> {
        self.entries.get(usize::try_from(number).ok()?).copied()
    }

    fn key(&self, entry: Entry) -> &[u8] {
        self.bytes_from(entry.at, entry.key_len)
    }

    fn value(&self, entry: Entry) -> &[u8] {
        self.bytes_from(entry.at + len(entry.key_len), entry.value_len)
    }

    fn bytes_from(&self, at: usize, n: u32) -> &[u8] {
        self.bytes.get(at..at + len(n)).unwrap_or_default()
    }

    /// How many keys there are, if there were `n` before, among them `n_unsure` of those of which
    /// nobody was sure.
    pub(in crate::engine) fn len(&self, n: u64, n_unsure: u64) -> u64 {
        n.saturating_add_signed(self.balance).saturating_sub(n_unsure)
    }

    /// The keys of which nobody said whether they were there.
    pub(in crate::engine) fn unsure(&self) -> impl Iterator<Item = &[u8]> {
        let all = (self.n_unsure > 0).then(|| self.range(Scan::ALL));
        all.into_iter().flatten().filter(|it| it.was == Was::Unsure).map(|it| it.key)
    }
}

/// A length in memory.
fn len(n: u32) -> usize {
    // It was one when it was taken.
    usize::try_from(n).unwrap_or(usize::MAX)
}

/// What becomes of the keys of a range, in its order.
#[derive(Clone, Debug)]
pub(in crate::engine) struct Range<'b> {
    pending: &'b Pending,
    from: Place,
    /// Behind the last.
    to: Place,
    is_reverse: bool,
}

impl Range<'_> {
    /// How many are left.
    pub(in crate::engine) fn len(&self) -> usize {
        if self.from < self.to { self.pending.order.count(self.from, self.to) } else { 0 }
    }
}

impl<'b> Iterator for Range<'b> {
    type Item = Change<'b>;

    fn next(&mut self) -> Option<Change<'b>> {
        if self.from >= self.to {
            return None;
        }
        let order = &self.pending.order;
        let place = if self.is_reverse { order.before(self.to)? } else { self.from };
        if self.is_reverse {
            self.to = place;
        } else {
            self.from = order.after(place);
        }
        self.pending.change(order.get(place)?)
    }
}
