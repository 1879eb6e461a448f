//! Rows as an org's JSON: `attributes` first, then the select list in its order.

use serde_json::{Map, Value as Json, json};

use super::{Found, Hit, Kept, Record, Run, join::Joined, walk::CHUNK};
use crate::{
    catalogue::Object,
    error::{Error, Result},
    id::RecordId,
    language::bound::{Column, Level, Shape, What},
    store::Deletion,
};

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
                let end = from.saturating_add(n).min(hits.len());
                self.write(level, columns, hits.get(from.min(end)..end).unwrap_or_default())
            }
            (Found::Hits(_) | Found::Count(_), _) => Ok(Vec::new()),
        }
    }

    /// The rows of these hits, in their order.
    pub(super) fn write(
        &self,
        level: &Level,
        columns: &[Column],
        hits: &[Hit],
    ) -> Result<Vec<Row>> {
        let object = self.object(level.object)?;
        let mut rows = Vec::with_capacity(hits.len());
        for chunk in hits.chunks(CHUNK) {
            let mut joined = self.read_hits(object, chunk)?;
            self.join(&level.sources, None, &mut joined)?;
            let mut children = Vec::new();
            for column in columns {
                if let What::Children { field, level } = &column.what {
                    children.push(self.children(*field, level, chunk)?);
                }
            }
            for row in &joined {
                let records = self.records(row)?;
                let Some(Some(own)) = records.first() else { continue };
                let mut of = children.iter_mut().map(|of| of.remove(&own.packed));
                let mut map = self.attributes(own, &own.object.name)?;
                for column in columns {
                    let value = match &column.what {
                        What::Children { .. } => child_result(of.next().flatten()),
                        _ => self.value(&column.what, &records)?,
                    };
                    map.insert(column.key.clone(), value);
                }
                rows.push(map);
            }
        }
        Ok(rows)
    }

    /// The records of these hits, in their order.
    fn read_hits(&self, object: &Object, hits: &[Hit]) -> Result<Vec<Joined>> {
        let table = self.table(object)?;
        let space = |hit: &Hit| if hit.is_deleted { table.bin } else { table.live };
        let keys: Vec<_> = hits.iter().map(|hit| (space(hit), hit.packed.to_be_bytes())).collect();
        let keys: Vec<_> = keys.iter().map(|(space, key)| (*space, key.as_slice())).collect();
        let mut read: Vec<Joined> = vec![Vec::new(); hits.len()];
        let mut outcome = Ok(());
        self.reader.read.multi_get(&keys, &mut |place, bytes| {
            let (Some(bytes), Some(hit), Some(row)) = (bytes, hits.get(place), read.get_mut(place))
            else {
                return;
            };
            let own = if hit.is_deleted { Deletion::of(bytes).map(|it| it.1) } else { Ok(bytes) };
            match own {
                Ok(own) => row.push(Some(Kept {
                    object: object.number,
                    packed: hit.packed,
                    bytes: own.into(),
                    is_deleted: hit.is_deleted,
                })),
                Err(error) => outcome = Err(error),
            }
        })?;
        outcome?;
        if read.iter().any(Vec::is_empty) {
            return Err(Error::corrupt("a record that a query found is gone"));
        }
        Ok(read)
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
        let mut map = self.attributes(record, name)?;
        for column in columns {
            map.insert(column.key.clone(), self.value(&column.what, row)?);
        }
        Ok(Json::Object(map))
    }

    fn attributes(&self, record: &Record<'_>, name: &str) -> Result<Row> {
        let id = self.reader.unpack(record.packed)?;
        let mut map = Map::new();
        map.insert("attributes".to_owned(), attributes(record.object, name, id));
        Ok(map)
    }
}

/// The result of a child query; null if there are no children.
fn child_result(rows: Option<Vec<Row>>) -> Json {
    match rows {
        Some(rows) if !rows.is_empty() => {
            json!({ "totalSize": rows.len(), "done": true, "records": rows })
        }
        _ => Json::Null,
    }
}

fn attributes(object: &Object, name: &str, id: RecordId) -> Json {
    let url = format!("/services/data/v65.0/sobjects/{}/{id}", object.name);
    json!({ "type": name, "url": url })
}
