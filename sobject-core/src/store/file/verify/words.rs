//! The indexes of words: each live record has an entry for each word of its texts, and there are no
//! others.
//!
//! The entries that the records must have all differ, so if each is found, and there are as many as are
//! expected, no other is there. Only where that does not come out is each entry compared with the record
//! that it leads to, to say which is wrong.

use super::{MAX_FINDINGS, Verifier, Walk, look_up};
use crate::{
    bytes::RowRef,
    catalogue::Object,
    error::Result,
    store::keep::{Table, Words},
};

/// The entries that an index of words must have.
#[derive(Debug)]
pub(super) struct ExpectedWords<'t> {
    words: &'t Words,
    /// How many there must be, as far as the records were walked.
    n: u64,
    /// Was one not found?
    is_wrong: bool,
    /// The keys of those that are to be looked up, one behind another.
    keys: Vec<u8>,
    /// Where each begins and ends.
    waiting: Vec<(usize, usize)>,
}

impl<'t> ExpectedWords<'t> {
    pub(super) fn new(words: &'t Words) -> Self {
        Self { words, n: 0, is_wrong: false, keys: Vec::new(), waiting: Vec::new() }
    }

    /// How many bytes wait to be looked up.
    pub(super) fn size(&self) -> usize {
        self.keys.len() + self.waiting.len() * size_of::<(usize, usize)>()
    }

    /// Takes up a live record.
    pub(super) fn push(&mut self, row: RowRef<'_>, id: u64) {
        if !self.words.has_reached(id) {
            return;
        }
        self.words.each_entry(row, id, &mut |key| {
            let start = self.keys.len();
            self.keys.extend_from_slice(key);
            self.waiting.push((start, self.keys.len()));
            self.n += 1;
        });
    }

    /// Looks up what was gathered.
    ///
    /// # Errors
    /// Those of the engine.
    pub(super) fn settle(&mut self, verifier: &mut Verifier<'_>, object: &Object) -> Result<()> {
        let Self { words, waiting, keys, .. } = self;
        let key_of = |it: &(usize, usize)| keys.get(it.0..it.1).unwrap_or_default();
        // Keys that lie beside each other are found in pages that were just read.
        waiting.sort_unstable_by(|a, b| key_of(a).cmp(key_of(b)));
        let mut missing = Vec::new();
        let entries = waiting.iter().map(|it| (words.space, key_of(it)));
        look_up(verifier.reader.read, entries, &mut |place, value| {
            if value.is_none() && missing.len() < MAX_FINDINGS {
                missing.push(key_of(&waiting[place]));
            }
        })?;
        self.is_wrong |= !missing.is_empty();
        for key in missing {
            let entry = words.entry(key)?;
            let record = verifier.name_of(object, entry.id);
            let field = object.field_in(entry.slot).map_or("?", |field| &field.name);
            verifier.find(format!("{record}: the index of words lacks a word of {field}"));
        }
        waiting.clear();
        keys.clear();
        Ok(())
    }
}

impl Verifier<'_> {
    /// Counts the entries of an index of words, compares them with those that it must have, and returns
    /// how many there are.
    ///
    /// # Errors
    /// Those of the engine.
    pub(super) fn check_words(
        &mut self,
        object: &Object,
        table: &Table,
        expected: &ExpectedWords<'_>,
    ) -> Result<u64> {
        let what = format!("{}, index of words", object.name);
        let mut walk = Walk::of(expected.words.space, &what);
        while walk.step(self, &mut |_, key, _| {
            expected.words.entry(key)?;
            Ok(true)
        })? {}
        walk.check_count(self)?;
        if (walk.n != expected.n || expected.is_wrong) && !self.is_full() {
            let n_before = self.findings.len();
            self.find_other_words(object, table, expected.words)?;
            if self.findings.len() == n_before && !expected.is_wrong {
                self.find(format!("{what}: {} entries where {} are due", walk.n, expected.n));
            }
        }
        Ok(walk.n)
    }

    /// Says which entries of an index of words are of no text of a live record.
    fn find_other_words(&mut self, object: &Object, table: &Table, words: &Words) -> Result<()> {
        let id_of = |key: &[u8], _: &[u8]| Ok(words.entry(key)?.id);
        self.find_others(object, table, (words.space, "words"), id_of, |bytes, id, key| {
            let Ok(row) = table.row(bytes) else { return Some("cannot be read") };
            let mut is_there = false;
            words.each_entry(row, id, &mut |its| is_there |= its == key);
            (!is_there || !words.has_reached(id)).then_some("does not have the word")
        })
    }
}
