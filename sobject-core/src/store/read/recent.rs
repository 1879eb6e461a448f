//! The records that a caller has seen last.
//!
//! **Invariant:** a record is shown while it is live, once, under its own name.

use serde::{Serialize, Serializer, ser::SerializeMap};

use super::{Reader, SERVICES};
use crate::{
    catalogue::{Object, ObjectNo},
    error::Result,
    id::RecordId,
    permissions::ObjectRight,
    store::{
        keep::{Turn, turns_before},
        rules::Access,
    },
    value::Value,
};

/// Turns that are looked at together.
const STEP: usize = 200;

/// A record that the caller viewed or referenced.
///
/// It is serialised as the REST API lists it: with `attributes`, `Id` and `Name`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecentlyViewed {
    /// The object of the record.
    pub object: String,
    /// The record.
    pub id: RecordId,
    /// What its name field has; `None` if it has none, or the caller may not read it.
    pub name: Option<String>,
}

impl Serialize for RecentlyViewed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(3))?;
        let url = format!("{SERVICES}/{}/{}", self.object, self.id);
        map.serialize_entry("attributes", &Attributes { object: &self.object, url })?;
        map.serialize_entry("Id", &self.id)?;
        map.serialize_entry("Name", &self.name)?;
        map.end()
    }
}

/// What an org says of a record before its fields.
#[derive(Serialize)]
struct Attributes<'a> {
    #[serde(rename = "type")]
    object: &'a str,
    url: String,
}

impl Reader<'_> {
    /// The live records that the caller has seen last, newest first, at most so many: of one object, or
    /// of all that the caller may read.
    ///
    /// # Errors
    /// Those of a call that the caller may not make; [`Error::Corrupt`](crate::Error::Corrupt),
    /// [`Error::Storage`](crate::Error::Storage).
    pub(crate) fn recently_viewed(
        &self,
        of: Option<&Object>,
        limit: usize,
    ) -> Result<Vec<RecentlyViewed>> {
        if let Some(object) = of {
            self.access.check_read(object)?;
        }
        let mut recent = Vec::new();
        let Some(user) = self.seen_by()? else { return Ok(recent) };
        let mut before = None;
        while recent.len() < limit {
            let turns = turns_before(self.read, user, before, STEP)?;
            let Some(last) = turns.last() else { break };
            before = Some(*last);
            let wanted: Vec<_> = turns
                .into_iter()
                .filter(|turn| of.is_none_or(|object| object.number == turn.object))
                .collect();
            recent.extend(self.named(&wanted)?);
        }
        recent.truncate(limit);
        Ok(recent)
    }

    /// The live records of some turns, in their order.
    fn named(&self, turns: &[Turn]) -> Result<Vec<RecentlyViewed>> {
        let mut named: Vec<Option<RecentlyViewed>> = vec![None; turns.len()];
        let mut objects: Vec<ObjectNo> = turns.iter().map(|turn| turn.object).collect();
        objects.sort_unstable_by_key(|number| number.0);
        objects.dedup();
        for number in objects {
            let Some(object) = self.readable(number) else { continue };
            self.access.check_read(object)?;
            let of_object = turns.iter().enumerate().filter(|(_, turn)| turn.object == number);
            let (places, records): (Vec<usize>, Vec<u64>) =
                of_object.map(|(place, turn)| (place, turn.record)).unzip();
            let name_field = object.name_field.filter(|idx| self.access.reads(object, *idx));
            let rows = self.rows(object, &records, |row| {
                let name = match name_field.map(|idx| row.value(idx)).transpose()? {
                    None | Some(Value::Null) => None,
                    Some(name) => Some(name.to_string()),
                };
                Ok(RecentlyViewed { object: object.name.clone(), id: row.id()?, name })
            })?;
            for (place, row) in places.into_iter().zip(rows) {
                if let Some(entry) = named.get_mut(place) {
                    *entry = row;
                }
            }
        }
        Ok(named.into_iter().flatten().collect())
    }

    /// The object of a number, if the program lists it and the caller may read it.
    fn readable(&self, number: ObjectNo) -> Option<&Object> {
        let catalogue = &self.schema.catalogue;
        let access: &Access = self.access;
        catalogue.get(number).filter(|object| {
            !object.is_dropped
                && !catalogue.is_dormant(object)
                && access.may(object, ObjectRight::Read)
        })
    }
}
