//! Upsert: a record is updated if there is one with its key, and created if there is none.
//!
//! The records of a call are looked up together before the first of them is written, so that none is
//! found by what another of the same call has written; two that have the same key are both refused. The
//! key names its record and is no value to be set: where a record is found, it keeps the key as it is
//! spelled there. The key Id names a record or, where it is not given, none: then the record is created.
//!
//! (Whether an org respells a key that matched in another case is unknown. That a record of an upsert by
//! another key may not give its Id is the platform's rule for a key in the address, and a choice of ours
//! elsewhere.)

use std::collections::HashMap;

use super::super::{
    draft::{Draft, Mode, ReadSource, Source, read_source},
    hooks::Job,
    writer::Write,
};
use crate::{
    catalogue::Object,
    definition::FieldIdx,
    error::{Call, Error, Result, shorten},
    id::RecordId,
    store::{
        keep::Schema,
        rules::{Given, MAX_RECORDS, Updates, check_count, check_key, own_id, take_given},
    },
    value::Value,
};

/// Where the key of an upsert is given.
#[derive(Debug)]
pub(crate) enum KeyPlace<'v> {
    /// Among the values of the record.
    InRecord,
    /// Beside the record, which may not give it too.
    Beside(Given<'v>),
}

/// What an upsert has made of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Upserted {
    pub(crate) id: RecordId,
    pub(crate) is_created: bool,
}

/// A record of an upsert: its values, or why they cannot be read; and what is its key.
struct Keyed<'v> {
    read: ReadSource<'v>,
    given: Given<'v>,
}

/// What becomes of a record.
enum Fate {
    Create,
    Update(RecordId),
}

impl<'a> Write<'a> {
    /// Updates the record with the key that is given, or creates one if there is none.
    ///
    /// # Errors
    /// [`Error::CallNotSupported`], [`Error::NotAKey`]; [`Error::KeyMissing`],
    /// [`Error::SeveralMatches`], [`Error::KeyInBody`], [`Error::IdInBody`]; and the errors of create
    /// and update.
    pub(crate) fn upsert<'v>(
        &mut self,
        object: &'a Object,
        key: FieldIdx,
        record: (KeyPlace<'v>, Source<'v>),
    ) -> Result<Upserted>
    where
        'a: 'v,
    {
        let mut drafts = self.upserts(object, key, [record].into_iter())?;
        let missing = || Error::corrupt("an upsert without a record");
        let draft = drafts.pop().ok_or_else(missing)?;
        self.one(|write| write.upsert_one(draft, &mut Updates::default()))
    }

    /// Upserts several records, each written or refused on its own unless all or none was asked.
    ///
    /// # Errors
    /// [`Error::TooMany`], [`Error::CallNotSupported`], [`Error::NotAKey`]; an error that concerns
    /// more than one record, such as [`Error::Storage`].
    pub(crate) fn upsert_many<'v>(
        &mut self,
        object: &'a Object,
        key: FieldIdx,
        records: impl ExactSizeIterator<Item = (KeyPlace<'v>, Source<'v>)>,
        all_or_none: bool,
    ) -> Result<Vec<Result<Upserted>>>
    where
        'a: 'v,
    {
        check_count(records.len(), MAX_RECORDS)?;
        let drafts = self.upserts(object, key, records)?;
        if self.has_hooks(object) {
            let is_create = |draft: &Draft<'_>| draft.mode() == Mode::Upsert;
            let created: Vec<_> =
                drafts.iter().map(|it| it.as_ref().is_ok_and(is_create)).collect();
            let jobs = drafts.into_iter().map(Job::of).collect();
            let results = self.hooked_many(object, jobs, all_or_none)?.into_iter().zip(created);
            let upserted =
                |(result, is_created): (Result<_>, _)| result.map(|id| Upserted { id, is_created });
            return Ok(results.map(upserted).collect());
        }
        let mut updates = Updates::default();
        self.each(object, drafts, all_or_none, |write, draft| write.upsert_one(draft, &mut updates))
    }

    fn upsert_one(&mut self, draft: Result<Draft<'_>>, updates: &mut Updates) -> Result<Upserted> {
        let draft = draft?;
        if draft.mode() == Mode::Upsert {
            return self.create_with_hooks(draft).map(|id| Upserted { id, is_created: true });
        }
        let missing = || Error::corrupt("an update without an id");
        let id = draft.own_id().ok_or_else(missing)?;
        self.update_with_hooks(draft, updates)?;
        Ok(Upserted { id, is_created: false })
    }

    /// The drafts of the records of an upsert: each of a create or an update, or refused.
    fn upserts<'v>(
        &self,
        object: &'a Object,
        key: FieldIdx,
        records: impl Iterator<Item = (KeyPlace<'v>, Source<'v>)>,
    ) -> Result<Vec<Result<Draft<'v>>>>
    where
        'a: 'v,
    {
        self.access.check_call(object, Call::Upsert)?;
        check_key(object, self.access, key)?;
        let Schema { catalogue, .. } = self.schema;
        let table = self.schema.table(object)?;
        let mut keyed: Vec<_> = records
            .map(|(place, source)| {
                let read = read_source(catalogue, object, self.access, source)?;
                keyed(object, key, place, read)
            })
            .collect();
        let mut fates = self.fates(object, key, &mut keyed)?.into_iter();
        let mut drafts = Vec::with_capacity(keyed.len());
        for record in keyed {
            let fate = fates.next();
            drafts.push(record.and_then(|Keyed { mut read, given }| {
                let fate = fate.ok_or_else(|| Error::corrupt("a record without a fate"))??;
                let (mode, id) = match fate {
                    Fate::Update(id) => (Mode::Update, Some(id)),
                    Fate::Create => {
                        if key != FieldIdx::ID {
                            read.0.push((key, given));
                        }
                        (Mode::Upsert, None)
                    }
                };
                Ok(Draft::new(object, table, mode, id, Ok(read)))
            }));
        }
        self.find_parents(drafts.iter_mut().filter_map(|it| it.as_mut().ok()))?;
        self.expect_given(drafts.iter().filter_map(|it| it.as_ref().ok()))?;
        Ok(drafts)
    }

    /// What becomes of each record; nothing is told of those that are refused already.
    fn fates<'v>(
        &self,
        object: &'a Object,
        key: FieldIdx,
        records: &mut [Result<Keyed<'v>>],
    ) -> Result<Vec<Result<Fate>>> {
        let name = || Ok::<_, Error>((object.name.clone(), object.at(key)?.name.clone()));
        // The records that could be read, by the bytes of their keys.
        let mut by_key: HashMap<Vec<u8>, usize> = HashMap::new();
        let mut keys = Vec::new();
        let mut places = Vec::with_capacity(records.len());
        for record in records.iter() {
            let Ok(Keyed { given, .. }) = record else {
                places.push(Ok(None));
                continue;
            };
            if key == FieldIdx::ID {
                let id = own_id(object, given);
                if let Ok(Some(id)) = id {
                    *by_key.entry(id.to_string().into_bytes()).or_default() += 1;
                }
                places.push(id.map(|id| id.map(Named::Id)));
                continue;
            }
            places.push(match self.key_of(object, key, given) {
                Ok(Some(key)) => {
                    *by_key.entry(key.bytes()).or_default() += 1;
                    keys.push(key);
                    Ok(Some(Named::Key(keys.len() - 1)))
                }
                Ok(None) => {
                    let (object, field) = name()?;
                    Err(Error::KeyMissing { object, field })
                }
                Err(error) if error.refuses_one_record() => Err(error),
                Err(error) => return Err(error),
            });
        }
        let mut found = self.look_up(&keys)?;
        let is_twice = |bytes: &[u8]| by_key.get(bytes).is_some_and(|n| *n > 1);
        let mut fates = Vec::with_capacity(records.len());
        for (place, record) in places.into_iter().zip(records) {
            let twice = || {
                let (object, field) = name()?;
                let value = record.as_ref().map(|it| it.given.to_string()).unwrap_or_default();
                Err(Error::KeyTwice { object, field, value: shorten(value.trim().to_owned()) })
            };
            fates.push(match place {
                Err(error) => Err(error),
                Ok(None) => Ok(Fate::Create),
                Ok(Some(Named::Id(id))) if is_twice(id.to_string().as_bytes()) => twice(),
                Ok(Some(Named::Id(id))) => Ok(Fate::Update(id)),
                Ok(Some(Named::Key(place))) => match keys.get(place) {
                    Some(key) if is_twice(&key.bytes()) => twice(),
                    Some(key) => {
                        let records = found.get_mut(place).map(std::mem::take);
                        let one = key.one(records.unwrap_or_default());
                        one.map(|one| one.map_or(Fate::Create, Fate::Update))
                    }
                    None => Err(Error::corrupt("a key that was not looked up")),
                },
            });
        }
        Ok(fates)
    }
}

/// What names the record of an upsert.
enum Named {
    Id(RecordId),
    /// The key at this place among those that are looked up.
    Key(usize),
}

/// Parts what was given for a record into its values and its key.
fn keyed<'v>(
    object: &Object,
    key: FieldIdx,
    place: KeyPlace<'v>,
    mut read: ReadSource<'v>,
) -> Result<Keyed<'v>> {
    let in_record = take_given(&mut read.0, key);
    let name = || object.name.clone();
    let given = match (place, in_record) {
        (KeyPlace::InRecord, given) => given.unwrap_or(Given::Value(Value::Null)),
        (KeyPlace::Beside(given), None) => given,
        (KeyPlace::Beside(_), Some(_)) if key == FieldIdx::ID => {
            return Err(Error::IdInBody { object: name() });
        }
        (KeyPlace::Beside(_), Some(_)) => {
            let field = object.at(key)?.name.clone();
            return Err(Error::KeyInBody { object: name(), field });
        }
    };
    if read.0.iter().any(|(idx, _)| *idx == FieldIdx::ID) {
        return Err(Error::IdInBody { object: name() });
    }
    Ok(Keyed { read, given })
}
