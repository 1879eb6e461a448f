//! What is kept beside the records: heads of ids, ids that do not pack, leases, what callers have
//! seen, and how the values that picklists do not list were first written.

use std::collections::HashMap;

use super::{Verifier, Walk, look_up};
use crate::{
    bytes::entry_id,
    catalogue::ObjectNo,
    error::{Error, Result},
    id::RecordId,
    store::{
        keep::{
            ARRIVALS, Cut, FEED_NOTES, HEADS, LEASES, NEVER, Note, PER_CALLER, RECENT, SIDE,
            SIDE_BY_TEXT, SPELLINGS, Seen, Spelling, Stands, Turn, arrivals, cursors, field_of,
            head_of, purged_until, turn_key, viewer_key,
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
        let mut n_turns = 0;
        let mut walk = Walk::of(PER_CALLER, "the per-caller entries");
        loop {
            let mut records: Vec<u64> = Vec::new();
            let mut turns = Vec::new();
            let more = walk.step(self, &mut |it, key, value| {
                let user = key.first_chunk().copied().map(u64::from_be_bytes).unwrap_or_default();
                let record = entry_id(key).unwrap_or_default();
                it.origin(user)?;
                it.origin(record)?;
                records.push(record);
                match Seen::decode(value) {
                    Some(seen) if seen.turn != NEVER => {
                        turns.push((user, seen.turn, record));
                        n_turns += 1;
                    }
                    Some(_) => (),
                    None => {
                        let (user, record) = (it.name(user), it.name(record));
                        let of = format!("the per-caller entry of {user} for {record}");
                        it.find(format!("{of} does not decode"));
                    }
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
            self.check_turns(&turns)?;
            if !more {
                break;
            }
        }
        walk.check_count(self)?;
        let mut recent = Walk::of(RECENT, "what callers have seen");
        loop {
            let mut records: Vec<(ObjectNo, u64)> = Vec::new();
            let more = recent.step(self, &mut |it, key, value| {
                match Turn::decode(key, value) {
                    Some((_, turn)) => records.push((turn.object, turn.record)),
                    None if key.len() == viewer_key(0, 0).len() && value.is_empty() => (),
                    None => it.find("what a caller saw does not decode".to_owned()),
                }
                Ok(records.len() * size_of::<(ObjectNo, u64)>() < it.budget)
            })?;
            self.check_are_of(&records)?;
            if !more {
                break;
            }
        }
        recent.check_count(self)?;
        if recent.n != 2 * n_turns && !self.is_full() {
            let n = recent.n;
            self.find(format!("{n} entries say what callers saw in {n_turns} turns, not two each"));
        }
        Ok(())
    }

    /// Checks that records are of the objects that they are listed with.
    fn check_are_of(&mut self, records: &[(ObjectNo, u64)]) -> Result<()> {
        let mut keys = Vec::new();
        for (object, record) in records {
            let kept = self.reader.schema.catalogue.get(*object).filter(|it| !it.is_dropped);
            if kept.is_none() {
                self.find(format!("a caller saw a record of object {}, which is none", object.0));
                return Ok(());
            }
            let table = self.table_of(*object)?;
            for space in [Place::Live, Place::Bin].into_iter().filter_map(|it| it.space(table)) {
                keys.push((space, record.to_be_bytes()));
            }
        }
        let mut is_there = vec![false; records.len()];
        look_up(self.reader.read, keys, &mut |place, value| {
            is_there[place / 2] |= value.is_some();
        })?;
        let astray = is_there.iter().zip(records).filter(|(is_there, _)| !**is_there);
        for (_, (object, record)) in astray {
            let record = self.name(*record);
            self.find(format!(
                "{record}: a caller saw it, and it is no record of object {}",
                object.0
            ));
        }
        Ok(())
    }

    /// Checks that what a user saw of a record in a turn is listed by turns and by records.
    fn check_turns(&mut self, turns: &[(u64, i64, u64)]) -> Result<()> {
        let of = |(user, turn, record): (u64, i64, u64)| {
            let by_turn = turn_key(user, turn, record).to_vec();
            [(RECENT, by_turn), (RECENT, viewer_key(record, user).to_vec())]
        };
        let mut missing = Vec::new();
        look_up(self.reader.read, turns.iter().copied().flat_map(of), &mut |place, value| {
            if value.is_none() {
                missing.push(turns[place / 2]);
            }
        })?;
        for (user, _, record) in missing {
            let (user, record) = (self.name(user), self.name(record));
            self.find(format!("{record}: {user} saw it, and that is not listed"));
        }
        Ok(())
    }

    /// Checks the notes on the feed: its cursors stand behind changes that are there or were cut off
    /// last, and what was purged is of objects.
    ///
    /// # Errors
    /// Those of the engine.
    pub(super) fn check_feed_notes(&mut self) -> Result<()> {
        let mut walk = Walk::of(FEED_NOTES, "the notes on the feed");
        while walk.step(self, &mut |it, key, _| {
            match Note::of(key) {
                Some(Note::Cut | Note::Cursor) => (),
                Some(Note::Purged(object)) if it.reader.schema.catalogue.get(object).is_some() => {
                    let until = purged_until(it.reader.read, object).map(drop);
                    it.note(until, |_| format!("the purge of object {}", object.0))?;
                }
                Some(Note::Purged(object)) => {
                    it.find(format!("a purge is noted of object {}, which is not there", object.0));
                }
                None => it.find("a note on the feed is none".to_owned()),
            }
            Ok(true)
        })? {}
        walk.check_count(self)?;
        if let Err(error) = Cut::read(self.reader.read) {
            return self.note(Err(error), |_| "the feed".to_owned());
        }
        match cursors(self.reader.read) {
            Ok(cursors) => {
                for (name, place) in cursors {
                    if place.stands(self.reader.read)? != Stands::Here {
                        self.find(format!("the cursor `{name}` stands behind no change"));
                    }
                }
                Ok(())
            }
            Err(error) => self.note(Err(error), |_| "the feed".to_owned()),
        }
    }

    /// Checks that what a replica put is listed by objects that are there.
    ///
    /// # Errors
    /// Those of the engine.
    pub(super) fn check_arrivals_listed(&mut self) -> Result<()> {
        let mut walk = Walk::of(ARRIVALS, "what replicas put");
        while walk.step(self, &mut |it, key, _| {
            let object = arrivals::object_of(key)?;
            if it.reader.schema.catalogue.get(object).is_none() {
                it.find(format!(
                    "a replica put a record of object {}, which is not there",
                    object.0
                ));
            }
            Ok(true)
        })? {}
        walk.check_count(self)
    }
}
