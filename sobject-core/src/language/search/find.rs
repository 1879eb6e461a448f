//! The records that have what is wanted: what the index of words says, and where that is not enough,
//! their texts.
//!
//! Of what must all be there, the rarest is looked up first. What few records are left then is looked up
//! for each of them, which costs no more for a word that every record has than for a rare one.
//!
//! **Invariant:** packed ids are in order and each once.

use std::{cmp::Ordering, ops::ControlFlow};

use super::term::{LookUp, Term, Wanted};
use crate::{
    bytes::{MAX_WORD, Slot},
    catalogue::ObjectNo,
    engine::try_scan,
    error::{Error, Result},
    store::{Reader, Table, WordRange, Words},
};

/// So many entries are few: to look each up costs less than to read a range that may be long.
pub(super) const FEW: usize = 256;
/// So many entries are looked up one by one still, rather than to read a range that is known to be long.
const MANY: usize = 16 * FEW;
/// Records whose texts are read together.
const CHUNK: usize = 256;

/// A text that may have a term: its record and its slot.
type Place = (u64, Slot);

/// The live records of an object that have what is wanted in one of these slots, by packed id. The first
/// `most` by their ids are enough, if that is said.
///
/// # Errors
/// [`Error::Corrupt`], [`Error::Storage`].
pub(super) fn find(
    reader: &Reader<'_>,
    object: ObjectNo,
    wanted: &Wanted,
    slots: &[Slot],
    most: Option<usize>,
) -> Result<Vec<u64>> {
    let none = || Error::corrupt("a search of an object that is not there");
    let object = reader.schema.catalogue.get(object).ok_or_else(none)?;
    let table = reader.schema.table(object)?;
    // An object without texts has no such index.
    let Some(words) = table.words.as_ref().filter(|_| !slots.is_empty()) else {
        return Ok(Vec::new());
    };
    if words.building.is_some() {
        return Err(Error::corrupt(format!("{}: the index of words is not complete", object.name)));
    }
    let is_all = words.slots.iter().all(|slot| slots.contains(slot));
    let finder = Finder { reader, table, words, slots, is_all };
    match most {
        Some(most) if finder.is_in_order()? => finder.find_first(wanted, most),
        _ => finder.find(wanted, None),
    }
}

/// Finds records of one object.
pub(super) struct Finder<'a> {
    pub(super) reader: &'a Reader<'a>,
    pub(super) table: &'a Table,
    pub(super) words: &'a Words,
    /// Where to look.
    pub(super) slots: &'a [Slot],
    /// Are these all slots that the index has?
    is_all: bool,
}

/// What look-ups lead to.
struct Leads {
    /// In order.
    places: Vec<Place>,
    /// May there be texts among them that do not have the word, since keys have but its beginning?
    is_unsure: bool,
}

impl Finder<'_> {
    /// The records that have what is wanted; of these alone, if some are given.
    pub(super) fn find(&self, wanted: &Wanted, among: Option<&[u64]>) -> Result<Vec<u64>> {
        if among.is_some_and(<[u64]>::is_empty) {
            return Ok(Vec::new());
        }
        match wanted {
            Wanted::Term(term) => self.find_term(term, among),
            Wanted::All(of) => {
                let mut ordered = Vec::with_capacity(of.len());
                for of in of {
                    ordered.push((self.estimate(of)?, of));
                }
                ordered.sort_by_key(|(n, _)| *n);
                let mut left: Option<Vec<u64>> = among.map(<[u64]>::to_vec);
                for (_, of) in ordered {
                    left = Some(self.find(of, left.as_deref())?);
                }
                Ok(left.unwrap_or_default())
            }
            Wanted::Any(of) => {
                let mut any = Vec::new();
                for of in of {
                    any.extend(self.find(of, among)?);
                }
                any.sort_unstable();
                any.dedup();
                Ok(any)
            }
            Wanted::Without(first, second) => {
                let mut left = self.find(first, among)?;
                let gone = self.find(second, Some(&left))?;
                left.retain(|id| gone.binary_search(id).is_err());
                Ok(left)
            }
        }
    }

    /// About how many records have what is wanted; beyond [`FEW`] it is not counted.
    fn estimate(&self, wanted: &Wanted) -> Result<usize> {
        Ok(match wanted {
            Wanted::Term(term) => {
                let mut least = FEW;
                for look_up in term.look_ups() {
                    least = least.min(self.probe(&look_up)?);
                }
                least
            }
            Wanted::All(of) => {
                let mut least = FEW;
                for of in of {
                    least = least.min(self.estimate(of)?);
                }
                least
            }
            Wanted::Any(of) => {
                let mut sum = 0;
                for of in of {
                    sum += self.estimate(of)?;
                    if sum >= FEW {
                        break;
                    }
                }
                sum.min(FEW)
            }
            Wanted::Without(first, _) => self.estimate(first)?,
        })
    }

    /// How many entries a look-up leads to, up to [`FEW`] of them.
    pub(super) fn probe(&self, look_up: &LookUp<'_>) -> Result<usize> {
        let range = match look_up {
            LookUp::Word(word) => WordRange::of_word(word),
            LookUp::Pair(pair) => WordRange::of_word(pair),
            LookUp::Prefix(prefix, _) => WordRange::of_prefix(prefix),
        };
        let mut n = 0;
        try_scan(self.reader.read, self.words.space, range.scan(FEW), |_, _| {
            n += 1;
            Ok::<_, Error>(ControlFlow::Continue(()))
        })?;
        Ok(n)
    }

    fn find_term(&self, term: &Term, among: Option<&[u64]>) -> Result<Vec<u64>> {
        let mut look_ups = Vec::new();
        for look_up in term.look_ups() {
            look_ups.push((0, look_up));
        }
        if look_ups.len() > 1 {
            for (n, look_up) in &mut look_ups {
                *n = self.probe(look_up)?;
            }
            look_ups.sort_by_key(|(n, _)| *n);
        }
        let mut is_unsure = term.may_mislead();
        let few = among.filter(|among| among.len() <= FEW);
        let mut places: Option<Vec<Place>> = few.map(|ids| {
            ids.iter().flat_map(|id| self.slots.iter().map(|slot| (*id, *slot))).collect()
        });
        for (_, look_up) in &look_ups {
            let leads = self.leads(look_up, places.as_deref())?;
            is_unsure |= leads.is_unsure;
            places = Some(leads.places);
        }
        let mut places = places.unwrap_or_default();
        if let Some(among) = among {
            places.retain(|(id, _)| among.binary_search(id).is_ok());
        }
        if is_unsure {
            self.keep_those_with(term, &mut places)?;
        }
        let mut ids: Vec<_> = places.into_iter().map(|(id, _)| id).collect();
        ids.dedup();
        Ok(ids)
    }

    /// What a look-up leads to; of these alone, if some are given.
    fn leads(&self, look_up: &LookUp<'_>, among: Option<&[Place]>) -> Result<Leads> {
        let mut leads = match look_up {
            LookUp::Word(word) => self.leads_of_word(word, among)?,
            LookUp::Pair(pair) => self.leads_of_word(pair, among)?,
            LookUp::Prefix(prefix, like) => {
                let mut leads = Leads { places: Vec::new(), is_unsure: false };
                // Entries of a word follow each other, so each word is compared once.
                let (mut last, mut is_like) = (String::new(), false);
                self.scan(&WordRange::of_prefix(prefix), &mut |word, place| {
                    if word != last || last.is_empty() {
                        word.clone_into(&mut last);
                        let is_cut = word.chars().count() >= MAX_WORD;
                        leads.is_unsure |= is_cut;
                        is_like = is_cut || like.is_none_or(|like| like.matches(word));
                    }
                    if is_like && self.slots.contains(&place.1) {
                        leads.places.push(place);
                    }
                })?;
                leads
            }
        };
        leads.places.sort_unstable();
        leads.places.dedup();
        if let Some(among) = among {
            intersect(&mut leads.places, among);
        }
        Ok(leads)
    }

    fn leads_of_word(&self, word: &str, among: Option<&[Place]>) -> Result<Leads> {
        let mut places = Vec::new();
        let is_less = match among.map(<[Place]>::len) {
            Some(0..=FEW) => true,
            Some(0..=MANY) => self.probe(&LookUp::Word(word))? == FEW,
            _ => false,
        };
        if let Some(among) = among.filter(|_| is_less) {
            let keys: Vec<_> =
                among.iter().map(|(id, slot)| Words::key(word, *slot, *id)).collect();
            let keys: Vec<_> = keys.iter().map(|key| (self.words.space, key.as_slice())).collect();
            self.reader.read.multi_get(&keys, &mut |n, value| {
                places.extend(among.get(n).filter(|_| value.is_some()));
            })?;
        } else if self.is_all {
            self.scan(&WordRange::of_word(word), &mut |_, place| places.push(place))?;
        } else {
            for slot in self.slots {
                self.scan(&WordRange::in_slot(word, *slot), &mut |_, place| places.push(place))?;
            }
        }
        Ok(Leads { places, is_unsure: false })
    }

    /// Calls `f` with the entries of a range: the word of each, and what it leads to.
    fn scan(&self, range: &WordRange, f: &mut dyn FnMut(&str, Place)) -> Result<()> {
        try_scan(self.reader.read, self.words.space, range.scan(usize::MAX), |key, _| {
            let entry = self.words.entry(key)?;
            f(entry.word, (entry.id, entry.slot));
            Ok::<_, Error>(ControlFlow::Continue(()))
        })?;
        Ok(())
    }

    /// Keeps the places whose texts have a term.
    fn keep_those_with(&self, term: &Term, places: &mut Vec<Place>) -> Result<()> {
        let mut kept = Vec::new();
        for chunk in places.chunks(CHUNK) {
            let keys: Vec<_> = chunk.iter().map(|(id, _)| id.to_be_bytes()).collect();
            let keys: Vec<_> = keys.iter().map(|key| (self.table.live, key.as_slice())).collect();
            let mut read = Ok(());
            self.reader.read.multi_get(&keys, &mut |n, bytes| {
                let Some(place) = chunk.get(n) else { return };
                match self.has(term, *place, bytes) {
                    Ok(true) => kept.push(*place),
                    Ok(false) => (),
                    Err(error) => read = Err(error),
                }
            })?;
            read?;
        }
        kept.sort_unstable();
        *places = kept;
        Ok(())
    }

    /// Has the text of a place a term?
    fn has(&self, term: &Term, (_, slot): Place, bytes: Option<&[u8]>) -> Result<bool> {
        let none = || Error::corrupt("an index of words leads to a record that is not there");
        let row = self.table.row(bytes.ok_or_else(none)?)?;
        Ok(match row.cell(slot)? {
            crate::bytes::Cell::Text(text) => term.is_in(text),
            _ => false,
        })
    }
}

/// Keeps of places in order those that are among others in order.
fn intersect(places: &mut Vec<Place>, others: &[Place]) {
    let mut others = others.iter().peekable();
    places.retain(|place| {
        while let Some(other) = others.peek() {
            match (*other).cmp(place) {
                Ordering::Less => _ = others.next(),
                Ordering::Equal => return true,
                Ordering::Greater => return false,
            }
        }
        false
    });
}

#[cfg(test)]
mod tests {
    use super::intersect;

    #[test]
    fn places_in_both_lists_are_kept() {
        let mut places = vec![(1, 0), (1, 2), (3, 0), (9, 1)];
        intersect(&mut places, &[(1, 2), (2, 0), (3, 0), (3, 1)]);
        assert_eq!(places, [(1, 2), (3, 0)]);
        intersect(&mut places, &[]);
        assert!(places.is_empty());
    }
}
