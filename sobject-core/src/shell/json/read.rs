//! [`RecordReader`]: reads the JSON of a record into its values.
//!
//! It is compiled once for each deserializer, whatever objects a program has.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};

use super::{
    Form,
    key::{Key, KeySeed},
    value::ValueSeed,
};
use crate::{
    definition::{Definition, FieldDefinition, FieldIdx},
    error::shorten,
    store::GivenRow,
};

/// What becomes of keys that there is no place for.
#[derive(Debug)]
pub(super) enum Others<'p> {
    /// They are passed over.
    PassOver,
    /// They are passed over, and told here.
    Report(&'p mut Vec<String>),
    /// They are an error with all of them.
    Refuse,
}

/// Reads the JSON of a record of an object, for what has the fields of a form.
pub(super) struct RecordReader<'p> {
    definition: &'static Definition,
    form: Form,
    others: Others<'p>,
    /// Fields of the object that the form does not have.
    out_of_place: Vec<&'static str>,
    /// Keys that mean nothing.
    unknown: Vec<String>,
}

impl<'p> RecordReader<'p> {
    pub(super) fn new(definition: &'static Definition, form: Form, others: Others<'p>) -> Self {
        Self { definition, form, others, out_of_place: Vec::new(), unknown: Vec::new() }
    }

    /// Is it a view?
    fn is_view(&self) -> bool {
        matches!(self.form, Form::Create | Form::Update)
    }

    /// Does the form have the field?
    fn takes(&self, idx: FieldIdx, field: &FieldDefinition) -> bool {
        match self.form {
            Form::Record => true,
            Form::Fields => !idx.is_system(),
            Form::Create => !idx.is_system() && field.flags.is_create(),
            Form::Update => !idx.is_system() && field.flags.is_update(),
        }
    }

    /// Must the field be given?
    fn needs(&self, idx: FieldIdx, field: &FieldDefinition) -> bool {
        let flags = field.flags;
        let is_needed = match self.form {
            // A record of which it is not told is live, as in a replica.
            Form::Record => idx != FieldIdx::IS_DELETED,
            Form::Fields => true,
            Form::Create => !flags.is_defaulted_on_create(),
            Form::Update => false,
        };
        is_needed && !flags.is_nillable() && self.takes(idx, field)
    }

    /// Reads the value of a field, and passes one over that the form does not have.
    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        idx: FieldIdx,
        row: &mut GivenRow<'de>,
        map: &mut A,
    ) -> Result<(), A::Error> {
        let definition = self.definition;
        let Some(field) = definition.field(idx) else { return pass_over(map) };
        if !self.takes(idx, field) {
            if self.is_view() {
                self.out_of_place.push(field.name);
            }
            return pass_over(map);
        }
        if row.has(idx) {
            let (object, field) = (definition.name, field.name);
            return Err(A::Error::custom(format_args!("{object}.{field} is given twice")));
        }
        row.set(idx, map.next_value_seed(ValueSeed { definition, field })?);
        Ok(())
    }

    /// Refuses or tells the keys without a place, as the caller has chosen.
    fn settle_others<E: Error>(&mut self) -> Result<(), E> {
        if let Others::Report(names) = &mut self.others {
            names.extend(self.out_of_place.drain(..).map(str::to_owned));
            names.append(&mut self.unknown);
        }
        if !matches!(self.others, Others::Refuse) {
            return Ok(());
        }
        let object = self.definition.name;
        if !self.unknown.is_empty() {
            let names: Vec<_> = self.unknown.drain(..).map(shorten).collect();
            let names = names.join(", ");
            return Err(E::custom(format_args!("{object} has no field {names}")));
        }
        if !self.out_of_place.is_empty() {
            let call = if self.form == Form::Create { "a create" } else { "an update" };
            let names = self.out_of_place.join(", ");
            return Err(E::custom(format_args!("{call} of {object} does not set {names}")));
        }
        Ok(())
    }

    /// Refuses a record that lacks what it needs.
    fn check_whole<E: Error>(&self, row: &GivenRow<'_>) -> Result<(), E> {
        let lacking = self
            .definition
            .numbered()
            .filter(|(idx, field)| self.needs(*idx, field) && !row.has(*idx));
        let lacking: Vec<_> = lacking.map(|(_, field)| field.name).collect();
        if lacking.is_empty() {
            return Ok(());
        }
        let (object, lacking) = (self.definition.name, lacking.join(", "));
        Err(match self.form {
            Form::Create => E::custom(format_args!("the create of {object} lacks {lacking}")),
            _ => E::custom(format_args!(
                "the record of {object} lacks {lacking}; select them, or read the record as JSON"
            )),
        })
    }
}

impl<'de> Visitor<'de> for RecordReader<'_> {
    type Value = GivenRow<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a record of {}", self.definition.name)
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<GivenRow<'de>, A::Error> {
        let definition = self.definition;
        let mut row = GivenRow::new(definition);
        let mut guess = FieldIdx::ID;
        while let Some(key) = map.next_key_seed(KeySeed { definition, guess })? {
            match key {
                Key::Field(idx) => {
                    self.read_field(idx, &mut row, &mut map)?;
                    guess = idx.next();
                }
                Key::Attributes => map.next_value_seed(Attributes { definition })?,
                Key::Parent(_) if !self.is_view() => pass_over(&mut map)?,
                Key::Parent(idx) => {
                    let parent = definition.field(idx).and_then(|field| field.relationship);
                    self.unknown.extend(parent.map(str::to_owned));
                    pass_over(&mut map)?;
                }
                Key::Other(name) => {
                    self.unknown.push(name);
                    pass_over(&mut map)?;
                }
            }
        }
        self.settle_others()?;
        self.check_whole(&row)?;
        Ok(row)
    }
}

/// Passes over a value.
fn pass_over<'de, A: MapAccess<'de>>(map: &mut A) -> Result<(), A::Error> {
    map.next_value::<IgnoredAny>().map(|_| ())
}

/// Reads `attributes`, whose `type` is the name of the object.
struct Attributes {
    definition: &'static Definition,
}

impl<'de> DeserializeSeed<'de> for Attributes {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Attributes {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the attributes of a record of {}", self.definition.name)
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let object = self.definition.name;
        while let Some(key) = map.next_key::<String>()? {
            if key != "type" {
                pass_over(&mut map)?;
                continue;
            }
            let of: String = map.next_value()?;
            if !of.eq_ignore_ascii_case(object) {
                let of = shorten(of);
                return Err(A::Error::custom(format_args!(
                    "this is a record of {of}, and one of {object} was expected"
                )));
            }
        }
        Ok(())
    }
}
