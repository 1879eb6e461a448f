//! What is kept beside the records: heads of ids, ids that do not pack, leases, what callers have
//! seen, and how the values that picklists do not list were first written.

use std::collections::HashMap;

use super::{Verifier, Walk, look_up};
use crate::{
    bytes::entry_id,
    error::{Error, Result},
    id::RecordId,
    store::{
        keep::{
            HEADS, LEASES, PER_CALLER, SIDE, SIDE_BY_TEXT, SPELLINGS, Seen, Spelling, field_of,
            head_of,
        },
        read::Place,
    },
};

impl Verifier<'_> {
    /// Checks the heads of ids: their numbers have no gaps, and no two are the same, or one id would
    /// be two. There are 65,534 at most.
    ///
    /// # Errors
    /// Those of the engine.
    pub(super) fn check_heads(&mut self) -> Result<()> {
        let mut numbers: HashMap<[u8; 6], u64> = HashMap::new();
        let mut walk = Walk::of(HEADS, "the heads of ids");
        let mut before = 0;
        while walk.step(self, &mut |it, key, head| {
            let number = entry_id(key).unwrap_or_default();
            if number != before + 1 {
                it.find(format!("the heads of ids have a gap: {number} follows on {before}"));
            }
            before = number;
            let head: [u8; 6] =
                head.try_into().map_err(|_| Error::corrupt("a head that is none"))?;
            if let Some(other) = numbers.insert(head, number) {
                it.find(format!("the heads of ids {other} and {number} are the same"));
            }
            Ok(true)
        })? {}
        walk.check_count(self)
    }

    /// Checks the ids that do not pack: each leads to what stands for it and back, and nothing else
    /// leads anywhere.
    ///
    /// # Errors
    /// Those of the engine.
    pub(super) fn check_side_dictionary(&mut self) -> Result<()> {
        const SIDE_HEAD: u16 = u16::MAX;
        let mut walk = Walk::of(SIDE, "the side dictionary of ids");
        loop {
            let mut ids: Vec<([u8; 15], u64)> = Vec::new();
            let more = walk.step(self, &mut |it, key, text| {
                let packed = entry_id(key).filter(|packed| head_of(*packed) == SIDE_HEAD);
                let id = std::str::from_utf8(text).ok().and_then(|it| it.parse::<RecordId>().ok());
                let (Some(packed), Some(id)) = (packed, id) else {
                    return Err(Error::corrupt("what stands for an id is none"));
                };
                ids.push((id.to_chars15(), packed));
                Ok(ids.len() * size_of::<([u8; 15], u64)>() < it.budget)
            })?;
            let keys = ids.iter().map(|(id, _)| (SIDE_BY_TEXT, id));
            let mut astray = Vec::new();
            look_up(self.reader.read, keys, &mut |place, value| {
                let (id, packed) = ids[place];
                if value != Some(&packed.to_be_bytes()[..]) && !astray.contains(&id) {
                    astray.push(id);
                }
            })?;
            for id in astray {
                let id = String::from_utf8_lossy(&id).into_owned();
                self.find(format!("the side dictionary of ids: {id} does not lead back"));
            }
            if !more {
                break;
            }
        }
        walk.check_count(self)?;
        let mut back = Walk::of(SIDE_BY_TEXT, "the side dictionary of ids, by text");
        while back.step(self, &mut |_, _, _| Ok(true))? {}
        back.check_count(self)?;
        if back.n != walk.n && !self.is_full() {
            self.find(format!(
                "the side dictionary of ids has {} ids, and {} that stand for one",
                back.n, walk.n
            ));
        }
        Ok(())
    }

    /// Checks that leases are numbers.
    ///
    /// # Errors
    /// Those of the engine.
    pub(super) fn check_leases(&mut self) -> Result<()> {
        let mut walk = Walk::of(LEASES, "the leases");
        while walk.step(self, &mut |_, _, next| {
            let is_number = next.len() == size_of::<u64>();
            if is_number { Ok(true) } else { Err(Error::corrupt("a lease is not a number")) }
        })? {}
        walk.check_count(self)
    }

    /// Checks that the values which picklists do not list are those of fields, that each is where it
    /// is looked for, and that they are counted.
    ///
    /// # Errors
    /// Those of the engine.
    pub(super) fn check_spellings(&mut self) -> Result<()> {
        let mut walk = Walk::of(SPELLINGS, "the unlisted values of picklists");
        let mut counted = None;
        while walk.step(self, &mut |it, key, value| {
            let no_value = || Error::corrupt("what is kept of a value is none");
            let (of, is_value) = field_of(key).ok_or_else(no_value)?;
            let object = it.reader.schema.catalogue.get(of.0);
            if object.and_then(|object| object.field_in(of.1)).is_none() {
                it.find(format!("a value is kept for slot {} of object {}", of.1, of.0.0));
            }
            if !is_value {
                let n_values = value.try_into().map_err(|_| no_value())?;
                counted = Some((of, u32::from_be_bytes(n_values)));
                return Ok(true);
            }
            let Spelling { place, text } = Spelling::decode(value).ok_or_else(no_value)?;
            if Spelling::key(of, &text) != key {
                it.find(format!("the value `{text}` of a picklist is kept as another"));
            }
            if !counted.is_some_and(|(field, n_values)| field == of && place < n_values) {
                it.find(format!("the value `{text}` of a picklist is not counted"));
            }
            Ok(true)
        })? {}
        walk.check_count(self)
    }

    /// Checks that what callers have seen are records, live or deleted.
    ///
    /// # Errors
    /// Those of the engine.
    pub(super) fn check_per_caller(&mut self) -> Result<()> {
        let seen_without_prefix = self.origins.seen_without_prefix.clone();
        let mut walk = Walk::of(PER_CALLER, "the per-caller entries");
        loop {
            let mut records: Vec<u64> = Vec::new();
            let more = walk.step(self, &mut |it, key, value| {
                let user = key.first_chunk().copied().map(u64::from_be_bytes).unwrap_or_default();
                let record = entry_id(key).unwrap_or_default();
                it.origin(user)?;
                it.origin(record)?;
                records.push(record);
                if Seen::decode(value).is_none() {
                    let (user, record) = (it.name(user), it.name(record));
                    it.find(format!("the per-caller entry of {user} for {record} does not decode"));
                }
                Ok(records.len() * size_of::<u64>() < it.budget)
            })?;
            // Several users may have seen one record.
            records.sort_unstable();
            records.dedup();
            for place in [Place::Live, Place::Bin] {
                let found = self.are_in(&records, place, &seen_without_prefix)?;
                let mut found = found.into_iter();
                records.retain(|_| found.next() == Some(false));
            }
            for record in records {
                let record = self.name(record);
                self.find(format!("{record}: a per-caller entry is for it, but it is nowhere"));
            }
            if !more {
                return walk.check_count(self);
            }
        }
    }
}
