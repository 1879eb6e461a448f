//! Records of tree files, as `sf data export tree` writes them: they have no Id but a
//! `referenceId`, by which others refer to them (`"@AccountRef1"`), and may hold their children.
//!
//! **Invariant:** a record is created once all records that it refers to are; the order in which
//! they stand does not matter beyond that.

use std::collections::HashMap;

use serde_json::Value as Json;
use sobject_core::{Connection, JsonRecord, ObjectDescribe};

use super::{Outcome, records::attribute};

/// Records that are to be created.
#[derive(Debug, Default)]
pub(super) struct Tree {
    waiting: Vec<Planted>,
    describes: HashMap<String, ObjectDescribe>,
}

#[derive(Debug)]
struct Planted {
    /// The file, and where in it.
    place: String,
    object: String,
    reference: String,
    fields: JsonRecord,
}

impl Tree {
    /// Takes a record with its children.
    pub(super) fn add(
        &mut self,
        place: &str,
        object: &str,
        record: &JsonRecord,
        db: &Connection,
    ) -> Outcome<()> {
        let reference = attribute(record, "referenceId");
        let reference = reference.ok_or_else(|| format!("{place} has no referenceId"))?.to_owned();
        if self.waiting.iter().any(|it| it.reference == reference) {
            return Err(
                format!("{place}: there is another record with referenceId {reference}").into()
            );
        }
        let mut fields = JsonRecord::new();
        let mut children = Vec::new();
        for (key, value) in record {
            match (key.as_str(), value.get("records")) {
                ("attributes", _) => {}
                (_, Some(Json::Array(of_key))) => children.push((key, of_key)),
                _ => {
                    fields.insert(key.clone(), value.clone());
                }
            }
        }
        let (place, object) = (place.to_owned(), object.to_owned());
        self.waiting.push(Planted {
            place: place.clone(),
            object: object.clone(),
            reference: reference.clone(),
            fields,
        });
        for (relationship, of_relationship) in children {
            let field = self.child_field(&place, &object, relationship, db)?;
            for child in of_relationship {
                let place = format!("{place}, {relationship}");
                let mut child = child.as_object().cloned().unwrap_or_default();
                let of_child = attribute(&child, "type").map(str::to_owned);
                let of_child = of_child.ok_or_else(|| format!("{place}: no attributes.type"))?;
                child.insert(field.clone(), format!("@{reference}").into());
                self.add(&place, &of_child, &child, db)?;
            }
        }
        Ok(())
    }

    /// The field by which the children of a relationship name their parent.
    fn child_field(
        &mut self,
        place: &str,
        object: &str,
        relationship: &str,
        db: &Connection,
    ) -> Outcome<String> {
        if !self.describes.contains_key(object) {
            let describe =
                db.describe_sobject(object).map_err(|error| format!("{place}: {error}"))?;
            self.describes.insert(object.to_owned(), describe);
        }
        let children = self.describes.get(object).map(|it| &it.child_relationships);
        let found = children.into_iter().flatten().find(|it| {
            it.relationship_name.as_deref().is_some_and(|it| it.eq_ignore_ascii_case(relationship))
        });
        let found = found.map(|it| it.field.clone());
        found.ok_or_else(|| format!("{place}: {object} has no children {relationship}").into())
    }

    /// Creates all of them.
    pub(super) fn create(mut self, db: &Connection) -> Outcome<()> {
        let mut ids: HashMap<String, String> = HashMap::new();
        while !self.waiting.is_empty() {
            let n_before = self.waiting.len();
            let mut later = Vec::new();
            for mut planted in self.waiting {
                let unknown = resolve(&mut planted.fields, &ids);
                if unknown.is_some() {
                    later.push(planted);
                    continue;
                }
                let Planted { place, object, reference, fields } = planted;
                let created = db.object(&object).and_then(|object| object.create(&fields));
                let id =
                    created.map_err(|error| format!("{place}: {object} {reference}: {error}"))?;
                ids.insert(reference, id.to_string());
            }
            self.waiting = later;
            if self.waiting.len() == n_before
                && let Some(Planted { place, object, reference, fields }) = self.waiting.first_mut()
            {
                let unknown = resolve(fields, &ids).unwrap_or_default();
                return Err(format!(
                    "{place}: {object} {reference}: {unknown} is no record that can be created before"
                )
                .into());
            }
        }
        Ok(())
    }
}

/// Puts the ids of records where they are referred to, and returns the first reference to a record
/// that has none yet.
fn resolve(fields: &mut JsonRecord, ids: &HashMap<String, String>) -> Option<String> {
    let mut unknown = None;
    for value in fields.values_mut() {
        let Some(reference) = value.as_str().and_then(|text| text.strip_prefix('@')) else {
            continue;
        };
        match ids.get(reference) {
            Some(id) => *value = id.as_str().into(),
            None => unknown = unknown.or_else(|| Some(format!("@{reference}"))),
        }
    }
    unknown
}
