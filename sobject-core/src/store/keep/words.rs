//! [`Words`]: entries that lead from the words of an object's texts to the live records that have them.
//!
//! An object that can be searched has one such index, over all of its texts:
//!
//! ```text
//! key    n  the word, as `bytes::words` makes keys of texts
//!        1  00
//!        2  the slot of the field
//!        8  the packed id of the record
//! value     none
//! ```
//!
//! A word that a text has twice has one entry. The slot stands behind the word and not before it, so that
//! a search in all fields is one range for each word, and one in some fields is a part of that range for
//! each of them. A change of a record touches the entries of those words alone that come or go.
//!
//! **Invariants:** only live records have entries, and those of a record are the keys of its texts.

use std::{borrow::Cow, ops::Bound};

use crate::{
    bytes::{Cell, RowRef, Slot, each_key, normalised},
    catalogue::IndexEntry,
    engine::{Buffer, KeyWidth, Scan, Space},
    error::{Error, Result},
};

/// What stands behind a word in a key.
const TAIL: usize = 1 + size_of::<Slot>() + size_of::<u64>();

/// The index of the words in an object's texts.
#[derive(Clone, Debug)]
pub(crate) struct Words {
    pub(crate) space: Space,
    /// The slots of the texts, in order.
    pub(crate) slots: Vec<Slot>,
    /// While the index is being built: the packed id up to which it has the entries of all records.
    pub(crate) building: Option<u64>,
}

/// An entry: which word which record has in which slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct WordEntry<'k> {
    pub(crate) word: &'k str,
    pub(crate) slot: Slot,
    pub(crate) id: u64,
}

impl Words {
    /// Reads the index from its entry in the file.
    pub(crate) fn new(entry: &IndexEntry) -> Self {
        let space = Space { id: entry.space, keys: KeyWidth::Bytes, values: false };
        let slots = entry.keys.iter().map(|key| key.slot).collect();
        Self { space, slots, building: entry.building }
    }

    /// Changes the entries of a record from those of the cells `old` to those of the cells `new`. Cells
    /// are in the order of slots, and `None` if the record is not live before or after.
    pub(crate) fn update(
        &self,
        id: u64,
        old: Option<&[Cell<'_>]>,
        new: Option<&[Cell<'_>]>,
        buffer: &mut Buffer,
    ) {
        // The building of the index has not reached this record, and will make its entries.
        if !self.has_reached(id) {
            return;
        }
        let mut key = Vec::new();
        for &slot in &self.slots {
            let [was, is] = [old, new].map(|cells| {
                text_of(cells.and_then(|cells| cells.get(usize::from(slot)).copied()))
            });
            if was == is {
                continue;
            }
            let (was, is) = (WordSet::of(was), WordSet::of(is));
            for word in was.without(&is) {
                write_key(&mut key, word, slot, id);
                buffer.remove(self.space, &key);
            }
            for word in is.without(&was) {
                write_key(&mut key, word, slot, id);
                buffer.insert(self.space, &key, &[]);
            }
        }
    }

    /// Calls `f` with the keys of a live record's entries, each once. A text that does not decode has
    /// none.
    pub(crate) fn each_entry(&self, row: RowRef<'_>, id: u64, f: &mut dyn FnMut(&[u8])) {
        let mut key = Vec::new();
        for &slot in &self.slots {
            let words = WordSet::of(text_of(row.cell(slot).ok()));
            for word in words.iter() {
                write_key(&mut key, word, slot, id);
                f(&key);
            }
        }
    }

    /// Has the index the entries of this record, as far as it is built?
    pub(crate) fn has_reached(&self, id: u64) -> bool {
        self.building.is_none_or(|reached| id <= reached)
    }

    /// What an entry says.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if it is none.
    pub(crate) fn entry<'k>(&self, key: &'k [u8]) -> Result<WordEntry<'k>> {
        let read = || {
            let (word, tail) = key.split_at_checked(key.len().checked_sub(TAIL)?)?;
            let (&0, tail) = tail.split_first()? else { return None };
            let (slot, id) = tail.split_first_chunk()?;
            Some(WordEntry {
                word: std::str::from_utf8(word).ok()?,
                slot: Slot::from_be_bytes(*slot),
                id: u64::from_be_bytes(id.try_into().ok()?),
            })
        };
        let none = || Error::corrupt(format!("an entry of space {} is none", self.space.id));
        read().ok_or_else(none)
    }

    /// The key of an entry.
    pub(crate) fn key(word: &str, slot: Slot, id: u64) -> Vec<u8> {
        let mut key = Vec::new();
        write_key(&mut key, word, slot, id);
        key
    }
}

/// A range of the keys of an index of words.
#[derive(Clone, Debug)]
pub(crate) struct WordRange {
    from: Vec<u8>,
    to: Bound<Vec<u8>>,
}

impl WordRange {
    /// The entries of a word.
    pub(crate) fn of_word(word: &str) -> Self {
        let [from, to] = [0, 1].map(|end| [word.as_bytes(), &[end]].concat());
        Self { from, to: Bound::Excluded(to) }
    }

    /// The entries of a word in one slot.
    pub(crate) fn in_slot(word: &str, slot: Slot) -> Self {
        Self::between(word, slot, 0, u64::MAX)
    }

    /// The entries of a word in one slot, of records behind one.
    pub(crate) fn in_slot_behind(word: &str, slot: Slot, after: Option<u64>) -> Self {
        // Behind the last id there can be, there is none.
        let from = after.map_or(0, |after| after.saturating_add(1));
        Self::between(word, slot, from, u64::MAX)
    }

    /// The entries of a word in one slot, of records from one to another one, with both.
    pub(crate) fn between(word: &str, slot: Slot, first: u64, last: u64) -> Self {
        let [from, to] = [first, last].map(|id| Words::key(word, slot, id));
        Self { from, to: Bound::Included(to) }
    }

    /// The entries of all words that begin so.
    pub(crate) fn of_prefix(prefix: &str) -> Self {
        let from = prefix.as_bytes().to_vec();
        // No byte of UTF-8 is so great.
        let to = [prefix.as_bytes(), &[0xFF]].concat();
        Self { from, to: Bound::Excluded(to) }
    }

    /// A scan of so many entries of the range.
    pub(crate) fn scan(&self, limit: usize) -> Scan<'_> {
        let from = Bound::Included(&*self.from);
        Scan { from, to: self.to.as_ref().map(Vec::as_slice), reverse: false, limit }
    }
}

fn text_of(cell: Option<Cell<'_>>) -> &str {
    match cell {
        Some(Cell::Text(text)) => text,
        _ => "",
    }
}

/// Writes the key of an entry in the place of another.
fn write_key(key: &mut Vec<u8>, word: &str, slot: Slot, id: u64) {
    key.clear();
    key.extend_from_slice(word.as_bytes());
    key.push(0);
    key.extend_from_slice(&slot.to_be_bytes());
    key.extend_from_slice(&id.to_be_bytes());
}

/// The words of a text, in order and each once.
#[derive(Debug, Default)]
struct WordSet<'t> {
    /// The text as words are cut out of it.
    text: Cow<'t, str>,
    /// Where each begins and ends.
    words: Vec<(usize, usize)>,
}

impl<'t> WordSet<'t> {
    fn of(text: &'t str) -> Self {
        let (text, mut words) = (normalised(text), Vec::new());
        each_key(&text, &mut |start, end| words.push((start, end)));
        let word = |(start, end): (usize, usize)| text.get(start..end).unwrap_or_default();
        words.sort_unstable_by(|a, b| word(*a).cmp(word(*b)));
        words.dedup_by(|a, b| word(*a) == word(*b));
        Self { text, words }
    }

    fn word(&self, (start, end): (usize, usize)) -> &str {
        self.text.get(start..end).unwrap_or_default()
    }

    fn iter(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(|at| self.word(*at))
    }

    fn has(&self, word: &str) -> bool {
        self.words.binary_search_by(|at| self.word(*at).cmp(word)).is_ok()
    }

    /// The words that another set lacks.
    fn without<'s>(&'s self, other: &'s WordSet<'_>) -> impl Iterator<Item = &'s str> {
        self.iter().filter(|word| !other.has(word))
    }
}

#[cfg(test)]
mod tests {
    use super::{WordSet, Words};
    use crate::{
        bytes::Cell,
        engine::{Buffer, KeyWidth, Space},
    };

    fn words() -> Words {
        let space = Space { id: 16, keys: KeyWidth::Bytes, values: false };
        Words { space, slots: vec![0, 2], building: None }
    }

    #[test]
    fn an_entry_is_read_as_it_was_written() {
        let words = words();
        let key = Words::key("ADA", 2, 7);
        let entry = words.entry(&key).unwrap();
        assert_eq!((entry.word, entry.slot, entry.id), ("ADA", 2, 7));
        assert!(words.entry(b"ADA").is_err());
        assert!(words.entry(&[&[0xFF], &*Words::key("", 2, 7)].concat()).is_err());
        assert!(words.entry(&[1; 11]).is_err());
    }

    #[test]
    fn words_are_kept_once() {
        let set = WordSet::of("to be, or not to be");
        assert_eq!(set.iter().collect::<Vec<_>>(), ["BE", "NOT", "OR", "TO"]);
    }

    #[test]
    fn a_change_touches_only_the_entries_that_change() {
        let [was, is] = ["ada lovelace", "Ada King, ADA"].map(WordSet::of);
        assert_eq!(was.without(&is).collect::<Vec<_>>(), ["LOVELACE"]);
        assert_eq!(is.without(&was).collect::<Vec<_>>(), ["KING"]);
        let words = words();
        let mut same = Buffer::default();
        let old = [Cell::Text("ada"), Cell::Text("unseen"), Cell::Null];
        let new = [Cell::Text("Ada"), Cell::Text("seen"), Cell::Null];
        words.update(7, Some(&old), Some(&new), &mut same);
        assert!(same.is_empty());
    }

    #[test]
    fn an_index_that_is_being_built_waits_for_a_record() {
        let words = Words { building: Some(6), ..words() };
        let mut buffer = Buffer::default();
        words.update(7, None, Some(&[Cell::Text("ada")]), &mut buffer);
        assert!(buffer.is_empty());
        words.update(6, None, Some(&[Cell::Text("ada")]), &mut buffer);
        assert!(!buffer.is_empty());
    }
}
