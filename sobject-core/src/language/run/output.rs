//! Rows as an org's JSON: `attributes` first, then the select list in its order.

use std::collections::HashMap;

use serde_json::{Map, Value as Json, json};

use super::{Found, Hit, Record, Run, join::Joined};
use crate::{
    catalogue::Object,
    definition::FieldIdx,
    error::Result,
    id::RecordId,
    language::bound::{Column, Cond, Constant, Expr, Fields, Kind, Level, Operand, Shape, Test, What},
};

/// A record as an org's JSON.
type Row = Map<String, Json>;

impl Run<'_> {
    /// The rows of a part of what a level has found.
    pub(crate) fn rows(&self, level: &Level, found: &Found, from: usize, n: usize) -> Result<Vec<Row>> {
        match (found, &level.shape) {
            (Found::Groups(rows), _) => Ok(rows.iter().skip(from).take(n).cloned().collect()),
            (Found::Hits(hits), Shape::Records(columns)) => {
                let end = from.saturating_add(n).min(hits.len());
                self.write(level, columns, hits.get(from.min(end)..end).unwrap_or_default())
            }
            (Found::Hits(_) | Found::Count(_), _) => Ok(Vec::new()),
        }
    }

    /// The rows of these hits.
    fn write(&self, level: &Level, columns: &[Column], hits: &[Hit]) -> Result<Vec<Row>> {
        let object = self.object(level.object)?;
        let mut rows = Vec::with_capacity(hits.len());
        for chunk in hits.chunks(super::CHUNK) {
            let read = self.read_hits(object, chunk)?;
            let mut joined: Vec<Joined> =
                read.into_iter().map(|(_, kept)| vec![Some(kept)]).collect();
            self.join(&level.sources, &mut joined)?;
            let mut children = Vec::new();
            for column in columns {
                if let What::Children { field, level } = &column.what {
                    children.push(self.children(*field, level, &joined)?);
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
                    (Some((_, columns)), _) => {
                        self.part(record, &record.object.name, columns, row)
                    }
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

    /// The children of these rows, by the packed id of their parent: those whose reference field
    /// names it, each within the limit of the child query.
    fn children(
        &self,
        field: FieldIdx,
        level: &Level,
        parents: &[Joined],
    ) -> Result<HashMap<u64, Vec<Row>>> {
        let ids: Vec<_> =
            parents.iter().filter_map(|row| row.first()?.as_ref()).map(|own| own.packed).collect();
        let reference = Expr::Field { source: 0, field: Fields::One(field), kind: Kind::Id };
        let values = ids.iter().map(|packed| Constant::Packed(*packed)).collect();
        let test = Test::In { values, ranges: Vec::new(), or_null: false };
        let names_one = Cond::Test { left: Operand::Row(reference.clone()), test };
        let filter = match level.filter.clone() {
            Some(filter) => Cond::All(vec![names_one, filter]),
            None => names_one,
        };
        // The limit is that of each parent, so all children are found first.
        let all = Level { filter: Some(filter), limit: None, offset: 0, ..level.clone() };
        let hits = self.hits(&all)?;
        let object = self.object(level.object)?;
        let mut of_parents: HashMap<u64, Vec<Hit>> = HashMap::new();
        for chunk in hits.chunks(super::CHUNK) {
            for (hit, kept) in self.read_hits(object, chunk)? {
                let record = self.record(&kept)?;
                if let super::Val::Id(parent) = self.eval(&reference, &[Some(record)])? {
                    of_parents.entry(parent).or_default().push(hit);
                }
            }
        }
        let Shape::Records(columns) = &level.shape else { return Ok(HashMap::new()) };
        let limit = level.limit.unwrap_or(usize::MAX);
        let mut written = HashMap::with_capacity(of_parents.len());
        for (parent, hits) in of_parents {
            let wanted: Vec<_> = hits.into_iter().skip(level.offset).take(limit).collect();
            written.insert(parent, self.write(level, columns, &wanted)?);
        }
        Ok(written)
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
