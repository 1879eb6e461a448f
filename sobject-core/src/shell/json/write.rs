//! Structs, records and views as an org's JSON.

use serde::{Serialize, Serializer, ser::SerializeMap};

use crate::{
    definition::{Definition, FieldIdx},
    shell::{record::Record, sobject::SObject, view::View},
    store::SERVICES,
    value::Value,
};

/// Values of fields, in the order in which they are written.
type Set<'a> = Vec<(FieldIdx, Value<'a>)>;

/// Writes a view as a map from API names to values, with only what is set.
///
/// # Errors
/// Those of the serializer.
pub fn serialize_view<V: View, S: Serializer>(view: &V, serializer: S) -> Result<S::Ok, S::Error> {
    let mut set = Set::new();
    view.each(&mut |field, value| set.push((field, value)));
    serialize_set(V::Object::OBJECT, None, &set, serializer)
}

/// Writes the fields of a struct as a map from API names to values.
///
/// # Errors
/// Those of the serializer.
pub fn serialize_fields<T: SObject, S: Serializer>(
    fields: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut set = Set::new();
    fields.each(&mut |field, value| set.push((field, value)));
    serialize_set(T::OBJECT, None, &set, serializer)
}

impl<T: SObject> Serialize for Record<T> {
    /// Writes the record as an org does: `attributes`, the system fields that the object has, and
    /// the declared ones, by their API names.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let id = self.id.record_id();
        let system = [
            Value::Id(id),
            Value::Bool(self.is_deleted),
            Value::DateTime(self.created_date),
            Value::Id(self.created_by_id),
            Value::DateTime(self.last_modified_date),
            Value::Id(self.last_modified_by_id),
            Value::DateTime(self.system_modstamp),
        ];
        let has = T::OBJECT.system_fields();
        let system = (0..).map(FieldIdx).zip(system).filter(|(idx, _)| has.has(idx.get()));
        let mut set: Set<'_> = system.collect();
        self.fields.each(&mut |field, value| set.push((field, value)));
        let url = format!("{SERVICES}/{}/{id}", T::NAME);
        let attributes = Attributes { object: T::NAME, url: &url };
        serialize_set(T::OBJECT, Some(&attributes), &set, serializer)
    }
}

/// What an org says of a record before its fields.
#[derive(Serialize)]
struct Attributes<'a> {
    #[serde(rename = "type")]
    object: &'a str,
    /// The record's address.
    url: &'a str,
}

/// Writes values by the API names of their fields. It does not depend on the struct, and so is
/// compiled once for each serializer.
fn serialize_set<S: Serializer>(
    definition: &Definition,
    attributes: Option<&Attributes<'_>>,
    set: &[(FieldIdx, Value<'_>)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let n_entries = set.len() + usize::from(attributes.is_some());
    let mut map = serializer.serialize_map(Some(n_entries))?;
    if let Some(attributes) = attributes {
        map.serialize_entry("attributes", attributes)?;
    }
    for (idx, value) in set {
        if let Some(field) = definition.field(*idx) {
            map.serialize_entry(field.name, value)?;
        }
    }
    map.end()
}
