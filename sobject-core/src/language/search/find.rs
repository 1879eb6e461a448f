//! The records that have what is wanted: what the index of words says, and where that is not enough,
//! their texts.
//!
//! Of what must all be there, the rarest is looked up first, and all else among the records that are left
//! (`leads`), which costs no more for a word that every record has than for a rare one.
//!
//! **Invariant:** packed ids are in order and each once.

use std::ops::ControlFlow;

use super::{
    leads::{Among, FEW, Finder, Place},
    term::{LookUp, Term, Wanted},
};
use crate::{
    bytes::{Cell, Slot},
    catalogue::ObjectNo,
    engine::try_scan,
    error::{Error, Result},
    store::{Reader, WordRange},
};

/// Records whose texts are read together.
const CHUNK: usize = 256;

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
    let finder = Finder { reader, table, words, slots, is_all, led: None };
    match most {
        Some(most) if finder.is_in_order()? => finder.find_first(wanted, most),
        _ => finder.find(wanted, None),
    }
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
                let is_few = among.is_some_and(|ids| ids.len() <= FEW);
                let mut ordered = Vec::with_capacity(of.len());
                for of in of {
                    ordered.push((if is_few { 0 } else { self.estimate(of)? }, of));
                }
                ordered.sort_by_key(|(n, _)| *n);
                let mut left: Option<Vec<u64>> = None;
                for (_, of) in ordered {
                    left = Some(self.find(of, left.as_deref().or(among))?);
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
        if let (Some(ids), Some(led)) = (among, self.led)
            && term.is_word(led)
        {
            return Ok(ids.to_vec());
        }
        let mut look_ups = term.look_ups();
        if look_ups.len() > 1 && among.is_none_or(|ids| ids.len() > FEW) {
            let mut ordered = Vec::with_capacity(look_ups.len());
            for look_up in look_ups {
                ordered.push((self.probe(&look_up)?, look_up));
            }
            ordered.sort_by_key(|(n, _)| *n);
            look_ups = ordered.into_iter().map(|(_, look_up)| look_up).collect();
        }
        let mut is_unsure = term.may_mislead();
        let mut places: Option<Vec<Place>> = None;
        for look_up in &look_ups {
            let among = match (&places, among) {
                (Some(places), _) => Among::Places(places),
                (None, Some(ids)) => Among::Records(ids),
                (None, None) => Among::All,
            };
            let leads = self.leads(look_up, among)?;
            is_unsure |= leads.is_unsure;
            places = Some(leads.places);
        }
        let places = places.unwrap_or_default();
        if is_unsure {
            return self.those_with(term, &places);
        }
        let mut ids: Vec<_> = places.into_iter().map(|(id, _)| id).collect();
        ids.dedup();
        Ok(ids)
    }

    /// The records of those places, which are in order, whose texts have a term.
    fn those_with(&self, term: &Term, places: &[Place]) -> Result<Vec<u64>> {
        // A record is read once for all of its texts.
        let records: Vec<_> = places.chunk_by(|(a, _), (b, _)| a == b).collect();
        let mut ids = Vec::new();
        for chunk in records.chunks(CHUNK) {
            let id_of = |places: &&[Place]| places.first().map_or(0, |(id, _)| *id);
            let keys: Vec<_> = chunk.iter().map(|it| id_of(it).to_be_bytes()).collect();
            let keys: Vec<_> = keys.iter().map(|key| (self.table.live, key.as_slice())).collect();
            let mut read = Ok(());
            self.reader.read.multi_get(&keys, &mut |n, bytes| {
                let Some(places) = chunk.get(n) else { return };
                match self.has(term, places, bytes) {
                    Ok(true) => ids.push(id_of(places)),
                    Ok(false) => (),
                    Err(error) => read = Err(error),
                }
            })?;
            read?;
        }
        ids.sort_unstable();
        Ok(ids)
    }

    /// Has one of these texts of a record a term?
    fn has(&self, term: &Term, places: &[Place], bytes: Option<&[u8]>) -> Result<bool> {
        let none = || Error::corrupt("an index of words leads to a record that is not there");
        let row = self.table.row(bytes.ok_or_else(none)?)?;
        for (_, slot) in places {
            if let Cell::Text(text) = row.cell(*slot)?
                && term.is_in(text)
            {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
