//! Rows as an org's JSON: `attributes` first, then the select list in its order.

mod children;
mod show;

use std::{borrow::Cow, collections::HashMap, ops::Range};

use serde_json::{Map, Value as Json, json};

use self::children::ChildRows;
pub(crate) use self::show::RowView;
use super::{Found, Hit, Kept, Record, Run, find::KeptRows, walk::CHUNK};
use crate::{
    catalogue::Object,
    error::{Error, Result},
    language::bound::{Column, Level, Shape, What},
    store::{Deletion, Table},
};

/// What the addresses of records begin with.
const URL: &str = "/services/data/v65.0/sobjects/";

/// A record as an org's JSON.
pub(super) type Row = Map<String, Json>;

impl Run<'_> {
    /// The rows of a part of what a level has found.
    pub(crate) fn rows(
        &self,
        level: &Level,
        found: &Found,
        from: usize,
        n: usize,
    ) -> Result<Vec<Row>> {
        match (found, &level.shape) {
            (Found::Groups(rows), _) => Ok(rows.iter().skip(from).take(n).cloned().collect()),
            (Found::Hits(hits), Shape::Records(columns)) => {
                let end = from.saturating_add(n).min(hits.all.len());
                let some = hits.all.get(from.min(end)..end).unwrap_or_default();
                self.write(level, columns, some, &hits.rows)
            }
            (Found::Hits(_) | Found::Count(_), _) => Ok(Vec::new()),
        }
    }

    /// The rows of these hits, in their order. Those that were kept are not read again.
    pub(super) fn write(
        &self,
        level: &Level,
        columns: &[Column],
        hits: &[Hit],
        kept: &KeptRows,
    ) -> Result<Vec<Row>> {
        let object = self.object(level.object)?;
        let looks = self.looks_selected(level);
        let mut rows = Vec::with_capacity(hits.len());
        for chunk in hits.chunks(CHUNK) {
            let mut children = Vec::new();
            for column in columns {
                if let What::Children { field, level } = &column.what {
                    children.push(self.children(*field, level, chunk)?);
                }
            }
            let read = self.read_hits(object, chunk.into(), kept)?;
            if level.sources.len() == 1 {
                self.look_at_hits(&looks, chunk)?;
                for own in read.records() {
                    rows.push(self.row(columns, &[Some(own?)], &mut children)?);
                }
                continue;
            }
            let mut joined = Vec::with_capacity(chunk.len());
            for own in read.records() {
                joined.push(vec![Some(Kept::new(&own?))]);
            }
            self.join(&level.sources, None, &mut joined)?;
            self.look_at_joined(&looks, &joined)?;
            for row in &joined {
                rows.push(self.row(columns, &self.records(row)?, &mut children)?);
            }
        }
        Ok(rows)
    }

    /// A row, with the children that were found for all rows, by the packed id of their parent.
    fn row(
        &self,
        columns: &[Column],
        records: &[Option<Record<'_>>],
        children: &mut [HashMap<u64, ChildRows>],
    ) -> Result<Row> {
        let none = || Error::corrupt("a row without a record");
        let own = records.first().and_then(Option::as_ref).ok_or_else(none)?;
        let mut of = children.iter_mut().map(|of| of.remove(&own.packed));
        let mut row = self.attributes(own, &own.object.name, columns.len())?;
        for column in columns {
            let value = match &column.what {
                What::Children { .. } => child_result(of.next().flatten()),
                _ => self.value(&column.what, records)?,
            };
            row.insert(column.key.clone(), value);
        }
        Ok(row)
    }

    /// The records of these hits, in their order. Those that were kept are not read again.
    pub(super) fn read_hits<'h>(
        &'h self,
        object: &'h Object,
        hits: Cow<'h, [Hit]>,
        kept: &'h KeptRows,
    ) -> Result<ReadHits<'h>> {
        let table = self.table(object)?;
        let missing = hits.iter().enumerate().filter(|(_, hit)| kept.get(hit.packed).is_none());
        let missing: Vec<_> = missing.collect();
        let (mut bytes, mut places) = (Vec::new(), Vec::new());
        if !missing.is_empty() {
            let space = |hit: &Hit| if hit.is_deleted { table.bin } else { table.live };
            let key = |(_, hit): &(usize, &Hit)| (space(hit), hit.packed.to_be_bytes());
            let keys: Vec<_> = missing.iter().map(key).collect();
            let keys: Vec<_> = keys.iter().map(|(space, key)| (*space, key.as_slice())).collect();
            places = vec![0..0; hits.len()];
            self.reader.read.multi_get(&keys, &mut |n, value| {
                let place = missing.get(n).and_then(|(place, _)| places.get_mut(*place));
                if let (Some(value), Some(place)) = (value, place) {
                    let start = bytes.len();
                    bytes.extend_from_slice(value);
                    *place = start..bytes.len();
                }
            })?;
        }
        drop(missing);
        Ok(ReadHits { object, table, hits, kept, bytes, places })
    }

    fn value(&self, what: &What, row: &[Option<Record<'_>>]) -> Result<Json> {
        match what {
            What::Value(expr) => {
                let value = self.eval(expr, row)?;
                self.json(&value)
            }
            What::Parent { source, is_named, columns } => {
                let Some(Some(record)) = row.get(*source) else { return Ok(Json::Null) };
                let name = if *is_named { "Name" } else { &record.object.name };
                self.part(record, name, columns, row)
            }
            What::TypeOf { source, branches, otherwise } => {
                let Some(Some(record)) = row.get(*source) else { return Ok(Json::Null) };
                let branch = branches.iter().find(|(object, _)| *object == record.object.number);
                match (branch, otherwise) {
                    (Some((_, columns)), _) => self.part(record, &record.object.name, columns, row),
                    (None, Some(columns)) => self.part(record, "Name", columns, row),
                    (None, None) => Ok(Json::Null),
                }
            }
            What::Children { .. } => Ok(Json::Null),
        }
    }

    /// A parent with some of its fields.
    fn part(
        &self,
        record: &Record<'_>,
        name: &str,
        columns: &[Column],
        row: &[Option<Record<'_>>],
    ) -> Result<Json> {
        let mut map = self.attributes(record, name, columns.len())?;
        for column in columns {
            map.insert(column.key.clone(), self.value(&column.what, row)?);
        }
        Ok(Json::Object(map))
    }

    /// A map with the attributes of a record, and room for so many members more.
    fn attributes(&self, record: &Record<'_>, name: &str, n_members: usize) -> Result<Row> {
        let id = self.reader.unpack(record.packed)?.to_chars();
        let id = std::str::from_utf8(&id).unwrap_or_default();
        let object = &record.object.name;
        let mut url = String::with_capacity(URL.len() + object.len() + 1 + id.len());
        for part in [URL, object, "/", id] {
            url.push_str(part);
        }
        let mut attributes = Map::with_capacity(2);
        attributes.insert("type".to_owned(), name.into());
        attributes.insert("url".to_owned(), url.into());
        let mut map = Map::with_capacity(n_members + 1);
        map.insert("attributes".to_owned(), Json::Object(attributes));
        Ok(map)
    }
}

/// The records of some hits, read together.
pub(super) struct ReadHits<'h> {
    object: &'h Object,
    table: &'h Table,
    hits: Cow<'h, [Hit]>,
    kept: &'h KeptRows,
    bytes: Vec<u8>,
    /// Where the bytes of each are that was not kept; none if all were.
    places: Vec<Range<usize>>,
}

impl ReadHits<'_> {
    /// The records, to be read in place.
    pub(super) fn records(&self) -> impl Iterator<Item = Result<Record<'_>>> {
        (0..self.hits.len()).map(|n| self.record(n))
    }

    /// The record of the hit of this place.
    pub(super) fn record(&self, n: usize) -> Result<Record<'_>> {
        let gone = || Error::corrupt("a record that a query found is gone");
        let Hit { packed, is_deleted } = *self.hits.get(n).ok_or_else(gone)?;
        let read = self.places.get(n).filter(|place| !place.is_empty());
        let bytes = match read.and_then(|place| self.bytes.get(place.clone())) {
            None => self.kept.get(packed),
            Some(bytes) if is_deleted => Some(Deletion::of(bytes)?.1),
            Some(bytes) => Some(bytes),
        };
        let row = self.table.row(bytes.ok_or_else(gone)?)?;
        Ok(Record { object: self.object, packed, row, is_deleted })
    }
}

/// The result of a child query; null if there are no children. Where the further children are is told by
/// their place among those that are left, for the caller to put a locator there.
fn child_result(children: Option<ChildRows>) -> Json {
    match children {
        Some(ChildRows { rows, total, further: None }) if total > 0 => {
            json!({ "totalSize": total, "done": true, "records": rows })
        }
        Some(ChildRows { rows, total, further: Some(place) }) => json!({
            "totalSize": total,
            "done": false,
            "nextRecordsUrl": place,
            "records": rows,
        }),
        _ => Json::Null,
    }
}
