//! Records that arrive together: their unique values are compared by what all of them become.
//!
//! At the source, two records may have swapped unique values by way of a third; a copy gets to see
//! the two as they are now. So what every record of a call becomes is worked out first. A value that
//! several of them would have goes to the one that comes first in the call, but a live record that
//! has it already keeps it. A record that loses a value has its last put refused. It is then what its
//! earlier puts make of it, and so may claim a value that another would have. Each such step refuses a
//! put for good, so there are no more steps than puts. Then the unique entries of all records that
//! change are taken away, and only after that are the records written.
//!
//! **Invariant:** of a record that comes several times in a call it is the last accepted put that
//! counts, and the record is written once.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, HashMap},
};

use super::{
    marker,
    put::{Before, Put},
    take::{PassedKeys, PutOptions, Taken},
};
use crate::{
    bytes::{Cell, OwnedCell, Slot},
    catalogue::Object,
    error::{Error, Result},
    id::RecordId,
    store::{
        keep::{ALONG, Along, Deletion, Index, Table},
        read::Place,
        rules::{Checked, Values},
        write::{Expected, Source, Write, expect_taken_up, expect_unique},
    },
};

/// How many records are foreseen that a record of a call took along into the bin.
const FEW_ALONG: usize = 100;

/// A record that a call brings, once or several times.
#[derive(Debug)]
struct Arrival<'v> {
    before: Before,
    /// Its puts that were not refused, by their places in the call.
    puts: Vec<(usize, Put<'v>)>,
}

impl Arrival<'_> {
    /// Where the record is after its puts.
    fn place(&self) -> Place {
        self.puts.last().map_or(self.before.place, |(_, put)| put.becomes)
    }

    /// The place in the call of the record's last put; `None` if the call leaves it as it is.
    fn rank(&self) -> Option<usize> {
        self.puts.last().map(|(place, _)| *place)
    }
}

/// What stands for a value of a unique index: its slot, and the key of its entry or the text of an
/// id that no record has referred to so far.
type Claim = (Slot, Vec<u8>);

/// A unique value that a record has after a call.
struct Claimed<'t> {
    index: &'t Index,
    claim: Claim,
    value: OwnedCell,
    /// The place in the call by which the record claims the value, the least first; `None` if it
    /// has the value already.
    rank: Option<usize>,
}

/// Who has which unique value.
#[derive(Debug, Default)]
struct Holders {
    by_claim: HashMap<Claim, (RecordId, Option<usize>)>,
    by_record: HashMap<RecordId, Vec<Claim>>,
}

impl Holders {
    /// Takes every value away from a record.
    fn release(&mut self, id: RecordId) {
        for claim in self.by_record.remove(&id).unwrap_or_default() {
            if self.by_claim.get(&claim).is_some_and(|(holder, _)| *holder == id) {
                self.by_claim.remove(&claim);
            }
        }
    }

    /// Gives values to a record, whoever had them.
    fn give(&mut self, id: RecordId, claims: Vec<Claimed<'_>>) {
        self.release(id);
        let of_record = self.by_record.entry(id).or_default();
        for Claimed { claim, rank, .. } in claims {
            of_record.push(claim.clone());
            self.by_claim.insert(claim, (id, rank));
        }
    }
}

impl Write<'_> {
    /// Makes a record what its source says that it is: it is made, changed, deleted or undeleted
    /// here, or nothing at all if it is so already.
    ///
    /// # Errors
    /// Those of a single put: [`Error::BadValue`], [`Error::FieldTwice`], [`Error::UnknownField`],
    /// [`Error::WrongId`], [`Error::OwnerEmpty`], [`Error::Required`], [`Error::Duplicate`].
    pub(crate) fn put(
        &mut self,
        object: &Object,
        record: Source<'_>,
        options: PutOptions,
        passed: &mut PassedKeys,
    ) -> Result<RecordId> {
        let options = PutOptions { all_or_none: false, ..options };
        let results = self.put_many(object, [record].into_iter(), options, passed)?;
        let none = || Error::corrupt("a put without a result");
        results.into_iter().next().ok_or_else(none)?
    }

    /// Puts several records, each written or refused on its own unless all or none was asked. What
    /// those that are written had and the store does not take is counted in `passed`.
    ///
    /// # Errors
    /// An error that concerns more than one record, such as [`Error::Storage`].
    pub(crate) fn put_many<'v>(
        &mut self,
        object: &Object,
        records: impl Iterator<Item = Source<'v>>,
        options: PutOptions,
        passed: &mut PassedKeys,
    ) -> Result<Vec<Result<RecordId>>> {
        let start = self.savepoint();
        let read = records.map(|record| self.take(object, record, options)).collect();
        let outcome = self.put_all(object, read, options, passed);
        self.end_call();
        if outcome.is_err() {
            self.back_to(start);
        }
        outcome
    }

    fn put_all(
        &mut self,
        object: &Object,
        mut read: Vec<Result<Taken<'_>>>,
        options: PutOptions,
        passed: &mut PassedKeys,
    ) -> Result<Vec<Result<RecordId>>> {
        let table = self.schema.table(object)?;
        self.expect_puts(object, table, read.iter().flatten());
        let passed_of = |read: &mut Result<Taken<'_>>| match read {
            Ok(taken) => std::mem::take(&mut taken.passed),
            Err(_) => Vec::new(),
        };
        let keys: Vec<_> = read.iter_mut().map(passed_of).collect();

        let mut results: Vec<Option<Result<RecordId>>> = Vec::with_capacity(read.len());
        // In the order of the ids, which is the order of their rows and entries.
        let mut arrivals: BTreeMap<RecordId, Arrival<'_>> = BTreeMap::new();
        for (place, read) in read.into_iter().enumerate() {
            let put = read.and_then(|taken| {
                let was = match taken.id.and_then(|id| arrivals.get(&id)) {
                    Some(arrival) => arrival.place(),
                    None => self.place_of_id(table, taken.id)?,
                };
                Put::new(self, object, table, taken, was, options)
            });
            match put {
                Ok(put) => {
                    results.push(Some(Ok(put.id)));
                    if let Some(arrival) = arrivals.get_mut(&put.id) {
                        arrival.puts.push((place, put));
                    } else {
                        let before = self.before(table, put.id)?;
                        let arrival = Arrival { before, puts: Vec::new() };
                        arrivals.entry(put.id).or_insert(arrival).puts.push((place, put));
                    }
                }
                Err(error) if error.refuses_one_record() => results.push(Some(Err(error))),
                Err(error) => return Err(error),
            }
        }

        let own = arrivals.keys().filter_map(|id| self.ids().pack_in_memory(*id));
        self.expect_own_entries(table, own, &|_| true)?;
        self.expect_from_bin(object, &arrivals)?;
        for (place, error) in self.settle(object, table, &mut arrivals)? {
            if let Some(result) = results.get_mut(place) {
                *result = Some(Err(error));
            }
        }
        if options.all_or_none && results.iter().any(|result| matches!(result, Some(Err(_)))) {
            for result in results.iter_mut().filter(|it| matches!(it, Some(Ok(_)))) {
                *result = Some(Err(Error::RolledBack { object: object.name.clone() }));
            }
        } else {
            self.apply(object, table, &arrivals)?;
        }
        for (_, keys) in results.iter().zip(keys).filter(|(it, _)| matches!(it, Some(Ok(_)))) {
            passed.count(object, keys);
        }
        let none = || Err(Error::corrupt("a put without a result"));
        Ok(results.into_iter().map(|result| result.unwrap_or_else(none)).collect())
    }

    /// The rows of the records of a call, live or in the bin, the entries of their unique values, and
    /// how their unlisted values were first written.
    fn expect_puts<'p, 'v: 'p>(
        &self,
        object: &Object,
        table: &Table,
        puts: impl Iterator<Item = &'p Taken<'v>>,
    ) {
        let mut expected = Expected::default();
        for Taken { id, values, .. } in puts {
            if let Some(packed) = id.and_then(|id| self.ids().pack_in_memory(id)) {
                expected.key(table.live, &packed.to_be_bytes());
                expected.key(table.bin, &packed.to_be_bytes());
                self.expect_seen(object, packed, &mut expected);
            }
            for index in table.indexes.iter().filter(|index| index.is_unique) {
                if let Some(cell) = given_cell(table, index, values) {
                    expect_unique(index, cell, &mut expected);
                }
            }
            expect_taken_up(object, values, &mut expected);
        }
        marker::expect(&mut expected);
        self.expect(expected);
    }

    /// What is noted of the records of a call that were in the bin, and under those that come back.
    fn expect_from_bin(
        &self,
        object: &Object,
        arrivals: &BTreeMap<RecordId, Arrival<'_>>,
    ) -> Result<()> {
        let in_bin = || arrivals.iter().filter(|(_, it)| it.before.place == Place::Bin);
        let packed = |id: &RecordId| self.ids().pack_in_memory(*id);
        let mut expected = Expected::default();
        let back = in_bin().filter(|(_, it)| it.place() == Place::Live);
        for packed in back.filter_map(|(id, _)| packed(id)) {
            let [from, to] = Along::bounds(packed);
            expected.first_of(ALONG, &from, &to, FEW_ALONG);
        }
        self.expect(expected);
        self.expect_notes(in_bin().filter_map(|(id, _)| Some((object.number, packed(id)?))))
    }

    fn place_of_id(&self, table: &Table, id: Option<RecordId>) -> Result<Place> {
        match id.map(|id| self.pack_known(id)).transpose()?.flatten() {
            Some(packed) => self.place_of(table, packed),
            None => Ok(Place::Nowhere),
        }
    }

    /// A record as it is before the call.
    fn before(&self, table: &Table, id: RecordId) -> Result<Before> {
        let nowhere = Before { place: Place::Nowhere, row: Vec::new() };
        let Some(packed) = self.pack_known(id)? else { return Ok(nowhere) };
        let place = self.place_of(table, packed)?;
        let Some(space) = place.space(table) else { return Ok(nowhere) };
        let mut row = self.row_bytes(space, packed)?;
        if place == Place::Bin {
            row = Deletion::of(&row)?.1.to_vec();
        }
        Ok(Before { place, row })
    }

    /// Settles who has which unique value, and returns the puts that are refused.
    fn settle(
        &self,
        object: &Object,
        table: &Table,
        arrivals: &mut BTreeMap<RecordId, Arrival<'_>>,
    ) -> Result<Vec<(usize, Error)>> {
        let mut refused = Vec::new();
        if !table.indexes.iter().any(|index| index.is_unique) {
            return Ok(refused);
        }
        // Those that come first in the call claim first; the next is the last of the list.
        let mut order: Vec<_> = arrivals.iter().map(|(id, it)| (it.rank(), *id)).collect();
        order.sort_unstable_by(|a, b| b.cmp(a));
        let mut holders = Holders::default();
        while let Some((_, id)) = order.pop() {
            let none = || Error::corrupt("a record that a call does not bring claims a value");
            let arrival = arrivals.get(&id).ok_or_else(none)?;
            let claims = self.claims(table, arrival)?;
            let (mut lost, mut losers) = (None, Vec::new());
            for Claimed { index, claim, value, rank } in &claims {
                let mut holder = holders.by_claim.get(claim).copied();
                if holder.is_none() {
                    let outside = self.holder_outside(index, value.as_cell(), arrivals)?;
                    holder = outside.map(|outside| (outside, None));
                }
                let other = holder.filter(|(holder, _)| *holder != id);
                let Some((holder, rank_of_holder)) = other else { continue };
                match rank_of_holder.cmp(rank) {
                    Ordering::Less => {
                        lost =
                            Some(self.duplicate(object, table, index, value.as_cell(), holder)?);
                        break;
                    }
                    Ordering::Greater => losers.push(holder),
                    Ordering::Equal => {
                        let (object, slot) = (&object.name, index.slot);
                        let what = format!("{object}: {id} and {holder} share slot {slot}");
                        return Err(Error::corrupt(what));
                    }
                }
            }
            if let Some(error) = lost {
                // The record is now what its puts before make of it, and claims what that has.
                holders.release(id);
                if let Some((place, _)) = arrivals.get_mut(&id).and_then(|it| it.puts.pop()) {
                    refused.push((place, error));
                    order.push((None, id));
                }
                continue;
            }
            holders.give(id, claims);
            order.extend(losers.into_iter().map(|loser| (None, loser)));
        }
        Ok(refused)
    }

    /// The unique values that a record of a call has after it.
    fn claims<'t>(&self, table: &'t Table, arrival: &Arrival<'_>) -> Result<Vec<Claimed<'t>>> {
        if arrival.place() != Place::Live {
            return Ok(Vec::new());
        }
        let base_cell = |index: &Index| -> Result<OwnedCell> {
            match arrival.before.place {
                Place::Live => Ok(table.row(&arrival.before.row)?.cell(index.slot)?.into()),
                Place::Bin | Place::Nowhere => Ok(OwnedCell::Null),
            }
        };
        let place = arrival.rank();
        let mut claims = Vec::new();
        for index in table.indexes.iter().filter(|index| index.is_unique) {
            let given = arrival.puts.iter().rev().find_map(|(_, put)| {
                put.values.iter().find(|(idx, _)| table.slot(*idx) == Some(index.slot))
            });
            let value: OwnedCell = match given.map(|(_, value)| value) {
                Some(Checked::Cell(cell)) => (*cell).into(),
                Some(Checked::Owned(cell)) => cell.clone(),
                Some(Checked::Id(id)) => {
                    let Some(packed) = self.ids().pack_in_memory(*id) else {
                        let claim = (index.slot, id.to_chars15().to_vec());
                        let value = OwnedCell::Null;
                        claims.push(Claimed { index, claim, value, rank: place });
                        continue;
                    };
                    OwnedCell::Fixed(packed)
                }
                None if arrival.before.place == Place::Nowhere => continue,
                None => table.row(&arrival.before.row)?.cell(index.slot)?.into(),
            };
            if !value.as_cell().is_null() {
                let key = index.key(value.as_cell(), 0);
                let had = base_cell(index)?;
                let keeps = !had.as_cell().is_null() && index.key(had.as_cell(), 0) == key;
                let (claim, rank) = ((index.slot, key), place.filter(|_| !keeps));
                claims.push(Claimed { index, claim, value, rank });
            }
        }
        Ok(claims)
    }

    /// The live record, none of this call, that has a value.
    fn holder_outside(
        &self,
        index: &Index,
        cell: Cell<'_>,
        arrivals: &BTreeMap<RecordId, Arrival<'_>>,
    ) -> Result<Option<RecordId>> {
        if cell.is_null() {
            return Ok(None);
        }
        self.read(|reader| {
            let holder = index.holder(reader.read, cell)?;
            let holder = holder.map(|packed| reader.unpack(packed)).transpose()?;
            Ok(holder.filter(|holder| !arrivals.contains_key(holder)))
        })
    }

    /// Writes what the records of a call become, in the order of the call.
    fn apply(
        &mut self,
        object: &Object,
        table: &Table,
        arrivals: &BTreeMap<RecordId, Arrival<'_>>,
    ) -> Result<()> {
        let mut changed: Vec<_> = arrivals.values().filter(|it| !it.puts.is_empty()).collect();
        changed.sort_unstable_by_key(|arrival| arrival.rank());
        let mut vacated = Vec::with_capacity(changed.len());
        for arrival in &changed {
            vacated.push(self.vacate(table, arrival)?);
        }
        for (arrival, is_vacated) in changed.into_iter().zip(vacated) {
            let puts: Vec<_> = arrival.puts.iter().map(|(_, put)| put).collect();
            self.apply_puts(object, table, &arrival.before, &puts, is_vacated)?;
        }
        Ok(())
    }

    /// Takes away the unique entries of a record whose unique values change. Tells whether they do.
    fn vacate(&mut self, table: &Table, arrival: &Arrival<'_>) -> Result<bool> {
        let (Place::Live, Some((_, put))) = (arrival.before.place, arrival.puts.first()) else {
            return Ok(false);
        };
        let before = Arrival { before: arrival.before.clone(), puts: Vec::new() };
        let keys = |claims: Vec<Claimed<'_>>| claims.into_iter().map(|it| it.claim).collect();
        let was: Vec<Claim> = keys(self.claims(table, &before)?);
        let becomes: Vec<Claim> = keys(self.claims(table, arrival)?);
        if was == becomes && arrival.place() == Place::Live {
            return Ok(false);
        }
        let packed = self.pack(put.id)?;
        let cells = table.cells(table.row(&arrival.before.row)?)?;
        for index in table.indexes.iter().filter(|index| index.is_unique) {
            self.update_index(index, packed, Some(&cells), None)?;
        }
        Ok(true)
    }
}

/// The cell that was given for the slot of an index.
fn given_cell<'c>(table: &Table, index: &Index, values: &'c Values<'_>) -> Option<Cell<'c>> {
    let given = values.iter().find(|(idx, _)| table.slot(*idx) == Some(index.slot));
    match given.map(|(_, value)| value)? {
        Checked::Cell(cell) => Some(*cell),
        Checked::Owned(cell) => Some(cell.as_cell()),
        Checked::Id(_) => None,
    }
}
