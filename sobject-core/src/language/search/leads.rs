//! What look-ups lead to: the places where the index of words has a word, all of them or those of given
//! records.
//!
//! Among given records, the entries of a word are *walked* beside them, from the first record to the last
//! one, as two lists in order are merged. Where such a walk passes many entries for each record, it ends,
//! and what is left is looked up one by one. So a word costs what its entries between those records do, or
//! what the records do, whichever is less, and nothing has to be estimated.
//!
//! **Invariants:** places are in order and each once. Among given records no more is held in memory than
//! what is found, however many entries a word has.

use std::{cmp::Ordering, ops::ControlFlow};

use super::term::LookUp;
use crate::{
    bytes::{MAX_WORD, Slot},
    engine::try_scan,
    error::{Error, Result},
    language::text::Like,
    store::{Reader, Table, WordRange, Words},
};

/// So many records are few: in which order words are looked up among them does not matter. Of more than
/// so many entries, nobody asks how many there are.
pub(super) const FEW: usize = 256;
/// Entries that a walk may read for each record that it passes: to look the record up would cost as much.
const PACE: usize = 8;
/// Entries that a walk may read before it has passed any record.
const START: usize = 64;

/// Finds records of one object.
pub(super) struct Finder<'a> {
    pub(super) reader: &'a Reader<'a>,
    pub(super) table: &'a Table,
    pub(super) words: &'a Words,
    /// Where to look.
    pub(super) slots: &'a [Slot],
    /// Are these all slots that the index has?
    pub(super) is_all: bool,
    /// A word that is known to be in all records among which something is found.
    pub(super) led: Option<&'a str>,
}

/// A text that may have a term: its record and its slot.
pub(super) type Place = (u64, Slot);

/// Where a look-up looks. What is given is in order and each once.
#[derive(Clone, Copy, Debug)]
pub(super) enum Among<'a> {
    All,
    /// In the texts of these records.
    Records(&'a [u64]),
    /// In these texts.
    Places(&'a [Place]),
}

impl Among<'_> {
    fn has(self, place: Place) -> bool {
        match self {
            Self::All => true,
            Self::Records(ids) => ids.binary_search(&place.0).is_ok(),
            Self::Places(places) => places.binary_search(&place).is_ok(),
        }
    }

    /// How many entries may be read rather than the texts themselves.
    fn worth(self) -> usize {
        match self {
            Self::All => usize::MAX,
            Self::Records(ids) => START + PACE * ids.len(),
            Self::Places(places) => START + PACE * places.len(),
        }
    }
}

/// What look-ups lead to.
pub(super) struct Leads {
    pub(super) places: Vec<Place>,
    /// May there be texts among them that do not have what is looked up?
    pub(super) is_unsure: bool,
}

impl Finder<'_> {
    /// What a look-up leads to.
    pub(super) fn leads(&self, look_up: &LookUp<'_>, among: Among<'_>) -> Result<Leads> {
        let mut leads = match look_up {
            LookUp::Word(word) => self.leads_of_word(word, among)?,
            LookUp::Pair(pair) => self.leads_of_word(pair, among)?,
            LookUp::Prefix(prefix, like) => self.leads_of_prefix(prefix, *like, among)?,
        };
        leads.places.sort_unstable();
        leads.places.dedup();
        Ok(leads)
    }

    fn leads_of_word(&self, word: &str, among: Among<'_>) -> Result<Leads> {
        let mut places = Vec::new();
        match among {
            Among::All if self.is_all => {
                self.scan(&WordRange::of_word(word), &mut |_, place| {
                    places.push(place);
                    ControlFlow::Continue(())
                })?;
            }
            Among::All => {
                for slot in self.slots {
                    self.scan(&WordRange::in_slot(word, *slot), &mut |_, place| {
                        places.push(place);
                        ControlFlow::Continue(())
                    })?;
                }
            }
            Among::Records(ids) => {
                for slot in self.slots {
                    self.walk(word, *slot, ids, &mut places)?;
                }
            }
            Among::Places(among) => {
                for slot in self.slots {
                    let in_slot = among.iter().filter(|(_, it)| it == slot);
                    let ids: Vec<_> = in_slot.map(|(id, _)| *id).collect();
                    self.walk(word, *slot, &ids, &mut places)?;
                }
            }
        }
        Ok(Leads { places, is_unsure: false })
    }

    /// What words lead to that begin so, and are like this. Where they are many beside few records, it is
    /// for the texts of all those records to tell.
    fn leads_of_prefix(
        &self,
        prefix: &str,
        like: Option<&Like>,
        among: Among<'_>,
    ) -> Result<Leads> {
        let mut leads = Leads { places: Vec::new(), is_unsure: false };
        // Entries of a word follow each other, so each word is compared once.
        let (mut last, mut is_like) = (String::new(), false);
        let mut left = among.worth();
        self.scan(&WordRange::of_prefix(prefix), &mut |word, place| {
            if left == 0 {
                return ControlFlow::Break(());
            }
            left -= 1;
            if word != last || last.is_empty() {
                word.clone_into(&mut last);
                let is_cut = word.chars().count() >= MAX_WORD;
                leads.is_unsure |= is_cut;
                is_like = is_cut || like.is_none_or(|like| like.matches(word));
            }
            if is_like && self.slots.contains(&place.1) && among.has(place) {
                leads.places.push(place);
            }
            ControlFlow::Continue(())
        })?;
        if left > 0 {
            return Ok(leads);
        }
        let places = match among {
            Among::All => leads.places,
            Among::Records(ids) => {
                ids.iter().flat_map(|id| self.slots.iter().map(|slot| (*id, *slot))).collect()
            }
            Among::Places(places) => places.to_vec(),
        };
        Ok(Leads { places, is_unsure: true })
    }

    /// Adds the places of those of these records that have a word in a slot.
    fn walk(&self, word: &str, slot: Slot, ids: &[u64], places: &mut Vec<Place>) -> Result<()> {
        // What is dense here may be sparse there, so each part is judged on its own.
        for ids in ids.chunks(FEW) {
            let (Some(first), Some(last)) = (ids.first(), ids.last()) else { continue };
            let range = WordRange::between(word, slot, *first, *last);
            let mut beside = Beside { left: ids, n_passed: 0, n_read: 0 };
            try_scan(self.reader.read, self.words.space, range.scan(usize::MAX), |key, _| {
                let id = self.words.entry(key)?.id;
                if beside.is_reached_by(id) {
                    places.push((id, slot));
                }
                let is_sparse = beside.is_sparse();
                Ok::<_, Error>(if is_sparse {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                })
            })?;
            if beside.is_sparse() {
                let keys: Vec<_> =
                    beside.left.iter().map(|id| Words::key(word, slot, *id)).collect();
                let keys: Vec<_> =
                    keys.iter().map(|key| (self.words.space, key.as_slice())).collect();
                self.reader.read.multi_get(&keys, &mut |n, value| {
                    let id = beside.left.get(n).filter(|_| value.is_some());
                    places.extend(id.map(|id| (*id, slot)));
                })?;
            }
        }
        Ok(())
    }

    /// Calls `f` with the entries of a range: the word of each, and what it leads to.
    fn scan(
        &self,
        range: &WordRange,
        f: &mut dyn FnMut(&str, Place) -> ControlFlow<()>,
    ) -> Result<()> {
        try_scan(self.reader.read, self.words.space, range.scan(usize::MAX), |key, _| {
            let entry = self.words.entry(key)?;
            Ok::<_, Error>(f(entry.word, (entry.id, entry.slot)))
        })?;
        Ok(())
    }
}

/// Records beside which entries are walked.
struct Beside<'a> {
    /// Those that no entry has reached so far, in order.
    left: &'a [u64],
    n_passed: usize,
    n_read: usize,
}

impl Beside<'_> {
    /// The next entry is of the record `id`: is that one of these?
    fn is_reached_by(&mut self, id: u64) -> bool {
        self.n_read += 1;
        while let Some((next, rest)) = self.left.split_first() {
            let order = next.cmp(&id);
            if order == Ordering::Greater {
                return false;
            }
            self.left = rest;
            self.n_passed += 1;
            if order == Ordering::Equal {
                return true;
            }
        }
        false
    }

    /// Has the walk read so much that those that are left had better be looked up?
    fn is_sparse(&self) -> bool {
        self.n_read > START + PACE * self.n_passed
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::btree_set, prop_assert_eq, proptest};

    use super::{Beside, PACE, START};

    proptest! {
        #[test]
        fn records_are_reached_by_their_own_entries(
            ids in btree_set(0..400_u64, 1..60),
            entries in btree_set(0..400_u64, 0..200),
        ) {
            let ids: Vec<_> = ids.into_iter().collect();
            let mut beside = Beside { left: &ids, n_passed: 0, n_read: 0 };
            let reached: Vec<_> =
                entries.iter().copied().filter(|id| beside.is_reached_by(*id)).collect();
            let expected: Vec<_> =
                ids.iter().copied().filter(|id| entries.contains(id)).collect();
            prop_assert_eq!(reached, expected);
            // What is left is behind the last entry.
            let last = entries.last().copied();
            let left = ids.iter().filter(|id| last.is_none_or(|last| **id > last)).count();
            prop_assert_eq!(beside.left.len(), left);
            prop_assert_eq!(beside.n_passed + left, ids.len());
        }
    }

    #[test]
    fn a_walk_ends_where_records_are_far_apart() {
        let walked = |every: u64| {
            let ids: Vec<_> = (1..=256).map(|n| n * every).collect();
            let mut beside = Beside { left: &ids, n_passed: 0, n_read: 0 };
            (1..=256 * every).find(|id| {
                beside.is_reached_by(*id);
                beside.is_sparse()
            })
        };
        assert_eq!(walked(1), None);
        assert_eq!(walked(PACE as u64), None);
        // No more is read than what the records that were passed are worth.
        let n_read = walked(50).unwrap();
        assert!(n_read <= (START + 2 * PACE) as u64, "{n_read}");
    }
}
