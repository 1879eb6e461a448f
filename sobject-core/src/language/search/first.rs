//! The first of the records that have what is wanted, where no more are asked for: a word that most
//! records have is then not read to its end.
//!
//! One word that each record must have *leads*: its entries are read window by window, in the order of
//! ids, and of each window those records are kept that have all that is wanted.

use std::ops::ControlFlow;

use super::{
    leads::{FEW, Finder},
    term::{LookUp, Wanted},
};
use crate::{
    engine::{Scan, try_scan},
    error::{Error, Result},
    store::{WordRange, next_head},
};

/// Entries of each field in the first window, and at most in a later one.
const WINDOW: (usize, usize) = (64, 1_024);
/// Records of a window that are looked at together at least.
const PART: usize = 16;

impl Finder<'_> {
    /// The first `most` records, by packed id, that have what is wanted.
    pub(super) fn find_first(&self, wanted: &Wanted, most: usize) -> Result<Vec<u64>> {
        if let Wanted::Any(of) = wanted {
            let mut any = Vec::new();
            for of in of {
                any.extend(self.find_first(of, most)?);
            }
            any.sort_unstable();
            any.dedup();
            any.truncate(most);
            return Ok(any);
        }
        let mut found = Vec::new();
        let Some((_, leader)) = self.leader(wanted)? else {
            found = self.find(wanted, None)?;
            found.truncate(most);
            return Ok(found);
        };
        let is_all = matches!(wanted, Wanted::Term(term) if term.is_word(&leader));
        let among = Finder { led: Some(&leader), ..*self };
        let (mut after, mut n) = (None, WINDOW.0);
        // Of what is not asked for in the end, little should be read.
        let mut part = most.clamp(PART, FEW);
        loop {
            let (ids, end) = self.window(&leader, after, n)?;
            if is_all {
                found.extend(ids);
            } else {
                let mut left = ids.as_slice();
                while !left.is_empty() && found.len() < most {
                    let (ids, rest) = left.split_at(part.min(left.len()));
                    found.extend(among.find(wanted, Some(ids))?);
                    left = rest;
                    part = (part * 2).min(FEW);
                }
            }
            if end.is_none() || found.len() >= most {
                found.truncate(most);
                return Ok(found);
            }
            after = end;
            n = (n * 4).min(WINDOW.1);
        }
    }

    /// The rarest word that each record must have, with about how many entries it has; `None` if there
    /// is no such word.
    fn leader(&self, wanted: &Wanted) -> Result<Option<(usize, String)>> {
        let mut best: Option<(usize, String)> = None;
        let mut take = |one: (usize, String)| {
            if best.as_ref().is_none_or(|(n, _)| one.0 < *n) {
                best = Some(one);
            }
        };
        match wanted {
            Wanted::Term(term) => {
                for look_up in term.look_ups() {
                    let word = match &look_up {
                        LookUp::Word(word) => *word,
                        LookUp::Pair(pair) => pair,
                        LookUp::Prefix(..) => continue,
                    };
                    take((self.probe(&look_up)?, word.to_owned()));
                }
            }
            Wanted::All(of) => {
                for of in of {
                    self.leader(of)?.into_iter().for_each(&mut take);
                }
            }
            Wanted::Without(first, _) => return self.leader(first),
            Wanted::Any(_) => (),
        }
        Ok(best)
    }

    /// The records behind `after` that have a word, up to some `n` of them, in order; and the last id
    /// that the window covers, or `None` if it covers all.
    fn window(&self, word: &str, after: Option<u64>, n: usize) -> Result<(Vec<u64>, Option<u64>)> {
        let (mut ids, mut end) = (Vec::new(), None);
        for slot in self.slots {
            let range = WordRange::in_slot_behind(word, *slot, after);
            let mut last = 0;
            let more = try_scan(self.reader.read, self.words.space, range.scan(n), |key, _| {
                last = self.words.entry(key)?.id;
                ids.push(last);
                Ok::<_, Error>(ControlFlow::Continue(()))
            })?;
            if more.is_some() {
                end = Some(end.map_or(last, |end: u64| end.min(last)));
            }
        }
        if let Some(end) = end {
            ids.retain(|id| *id <= end);
        }
        ids.sort_unstable();
        ids.dedup();
        Ok((ids, end))
    }

    /// Have the live records the order of their packed ids? They do if all ids begin alike.
    pub(super) fn is_in_order(&self) -> Result<bool> {
        let id_at = |scan: Scan<'_>| {
            let mut id = None;
            try_scan(self.reader.read, self.table.live, scan, |key, _| {
                id = crate::bytes::entry_id(key);
                Ok::<_, Error>(ControlFlow::Break(()))
            })?;
            Ok::<_, Error>(id)
        };
        let Some(first) = id_at(Scan { limit: 1, ..Scan::ALL })? else { return Ok(true) };
        let last = id_at(Scan::LAST)?.unwrap_or(first);
        let is_one_head = next_head(first).is_none_or(|next| last < next);
        Ok(is_one_head && self.reader.ids().unpack_known(first).is_some())
    }
}
