//! What expressions are worth: values read of rows in place, their order, and their JSON.
//!
//! **Invariant:** one function decides each meaning, whether a condition, an order or a group asks.

mod format;
mod test;

use std::borrow::Cow;

use serde_json::Value as Json;
use sobject_soql::Function;

pub(super) use self::format::for_people;
use super::{Record, Run};
use crate::{
    bytes::{Cell, Collation, date_time, ordered, push_text, same_text, value_of},
    catalogue::ObjectNo,
    definition::FieldIdx,
    error::{Error, Result},
    language::{
        bound::{Expr, Fields, Kind},
        calendar::Part,
    },
    value::{Storage, Value},
};

/// The value of an expression.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Val<'r> {
    Null,
    /// The bits of a value of fixed width.
    Fixed(Storage, u64),
    /// A packed id.
    Id(u64),
    Text(Cow<'r, str>),
    Bytes(&'r [u8]),
}

impl Val<'_> {
    pub(crate) fn is_null(&self) -> bool {
        matches!(self, Val::Null)
    }

    /// The value without what it borrows.
    pub(crate) fn into_owned(self) -> Val<'static> {
        match self {
            Val::Null | Val::Bytes(_) => Val::Null,
            Val::Fixed(storage, bits) => Val::Fixed(storage, bits),
            Val::Id(packed) => Val::Id(packed),
            Val::Text(text) => Val::Text(Cow::Owned(text.into_owned())),
        }
    }

    /// A whole number.
    pub(crate) fn integer(n: i64) -> Self {
        Val::Fixed(Storage::Long, n.cast_unsigned())
    }

    /// A floating-point number.
    pub(crate) fn double(n: f64) -> Self {
        Val::Fixed(Storage::Double, n.to_bits())
    }

    /// The number, if it is one.
    pub(crate) fn as_f64(&self) -> Option<f64> {
        match self {
            Val::Fixed(Storage::Double, bits) => Some(f64::from_bits(*bits)),
            #[expect(clippy::cast_precision_loss, reason = "an org has doubles for sums, too")]
            Val::Fixed(Storage::Int | Storage::Long, bits) => Some(bits.cast_signed() as f64),
            _ => None,
        }
    }
}

impl Run<'_> {
    /// What an expression is worth for a row, whose records stand by source.
    pub(super) fn eval<'r>(&self, expr: &Expr, row: &[Option<Record<'r>>]) -> Result<Val<'r>> {
        match expr {
            Expr::Field { source, field, .. } => {
                let Some(Some(record)) = row.get(*source) else { return Ok(Val::Null) };
                match field {
                    Fields::One(idx) => self.field(record, *idx),
                    Fields::ByObject(fields) => {
                        let of =
                            |(object, _): &&(ObjectNo, FieldIdx)| *object == record.object.number;
                        match fields.iter().find(of) {
                            Some((_, idx)) => self.field(record, *idx),
                            None => Ok(Val::Null),
                        }
                    }
                }
            }
            Expr::TypeName { source, of_group } => Ok(match row.get(*source) {
                // A group that is a queue is called so, and is read as a group all the same.
                Some(Some(record)) => Val::Text(self.type_name(record, *of_group)?),
                _ => Val::Null,
            }),
            Expr::DatePart { function, in_zone, of } => self.date_part(function, *in_zone, of, row),
            Expr::Label { of, labels } => {
                let Val::Text(text) = self.eval(of, row)? else { return Ok(Val::Null) };
                let label = labels.iter().find(|(value, _)| same_text(value, &text));
                Ok(Val::Text(match label {
                    Some((_, label)) => Cow::Owned(label.clone()),
                    None => text,
                }))
            }
            Expr::Format { of, field_type, scale } => {
                let value = self.eval(of, row)?;
                let text = for_people(self, &value, *field_type, *scale)?;
                Ok(text.map_or(Val::Null, |text| Val::Text(Cow::Owned(text))))
            }
        }
    }

    fn field<'r>(&self, record: &Record<'r>, idx: FieldIdx) -> Result<Val<'r>> {
        let field = record.object.at(idx)?;
        let Some(stored) = field.stored else {
            return Ok(match idx {
                FieldIdx::ID => Val::Id(record.packed),
                FieldIdx::IS_DELETED => Val::Fixed(Storage::Bool, record.is_deleted.into()),
                _ if field.flags.is_per_caller() => self.seen_at(record, &field.name)?,
                // Of what is described only, the store holds no value.
                _ => Val::Null,
            });
        };
        Ok(match (stored.storage, record.row.cell(stored.slot)?) {
            (_, Cell::Null) => Val::Null,
            (Storage::Id, Cell::Fixed(packed)) => Val::Id(packed),
            (storage, Cell::Fixed(bits)) => Val::Fixed(storage, bits),
            (_, Cell::Text(text)) => Val::Text(Cow::Borrowed(text)),
            (_, Cell::Bytes(bytes)) => Val::Bytes(bytes),
        })
    }

    /// When the caller last viewed or referenced a record.
    fn seen_at(&self, record: &Record<'_>, name: &str) -> Result<Val<'static>> {
        let at = self.reader.seen_at(record.packed)?.of(name);
        Ok(at.map_or(Val::Null, |at| {
            Val::Fixed(Storage::DateTime, at.timestamp_millis().cast_unsigned())
        }))
    }

    fn type_name<'r>(
        &self,
        record: &Record<'r>,
        of_group: Option<(ObjectNo, FieldIdx)>,
    ) -> Result<Cow<'r, str>> {
        if let Some((group, idx)) = of_group
            && record.object.number == group
            && let Val::Text(text) = self.field(record, idx)?
            && same_text(&text, "Queue")
        {
            return Ok(Cow::Borrowed("Queue"));
        }
        Ok(Cow::Owned(record.object.name.clone()))
    }

    fn date_part<'r>(
        &self,
        function: &Function,
        in_zone: bool,
        of: &Expr,
        row: &[Option<Record<'r>>],
    ) -> Result<Val<'r>> {
        let part = match self.eval(of, row)? {
            Val::Fixed(Storage::DateTime, bits) => {
                let moment = date_time(bits.cast_signed())?;
                self.calendar.part_of_moment(function, moment, in_zone)
            }
            Val::Fixed(Storage::Date, bits) => {
                let Value::Date(day) = value_of(Storage::Date, Cell::Fixed(bits))? else {
                    return Ok(Val::Null);
                };
                self.calendar.part_of_day(function, day)
            }
            _ => return Ok(Val::Null),
        };
        Ok(match part {
            Part::Number(n) => Val::integer(n),
            Part::Day(day) => {
                let days = i64::from(day.to_epoch_days());
                Val::Fixed(Storage::Date, days.cast_unsigned())
            }
        })
    }

    /// A value as an org's JSON has it.
    pub(super) fn json(&self, value: &Val<'_>) -> Result<Json> {
        Ok(match value {
            Val::Null => Json::Null,
            Val::Text(text) => text.as_ref().into(),
            Val::Id(packed) => self.reader.unpack(*packed)?.to_string().into(),
            Val::Fixed(storage, bits) => value_of(*storage, Cell::Fixed(*bits))?.to_json(),
            Val::Bytes(bytes) => Value::Bytes(bytes).to_json(),
        })
    }

    /// Bytes that are ordered as values of a kind are: nulls first, and equal values alike.
    pub(super) fn push_key(&self, key: &mut Vec<u8>, kind: &Kind, value: &Val<'_>) -> Result<()> {
        let start = key.len();
        key.push(1);
        match (kind, value) {
            // An org takes no value for false.
            (Kind::Fixed(Storage::Bool), Val::Null) => {
                let is_false = ordered(Storage::Bool, Cell::Fixed(0));
                key.extend_from_slice(&is_false.to_be_bytes());
            }
            (_, Val::Null) => key.truncate(start),
            (_, Val::Fixed(storage, bits)) => {
                key.extend_from_slice(&ordered(*storage, Cell::Fixed(*bits)).to_be_bytes());
            }
            (_, Val::Id(packed)) => self.push_id(key, *packed)?,
            (Kind::Picklist(listed), Val::Text(text)) => {
                let place = place_in(listed, text);
                key.extend_from_slice(&place.to_be_bytes());
                push_text(key, Some(text), Collation::IgnoreCase);
            }
            (Kind::Text { exact: true }, Val::Text(text)) => {
                push_text(key, Some(text), Collation::Exact);
            }
            (_, Val::Text(text)) => push_text(key, Some(text), Collation::IgnoreCase),
            (_, Val::Bytes(_)) => {
                return Err(Error::corrupt("bytes are not ordered"));
            }
        }
        if key.len() == start {
            key.push(0);
        }
        Ok(())
    }

    /// Bytes that are ordered as ids are. All keys of a run have them in the same form.
    pub(super) fn push_id(&self, key: &mut Vec<u8>, packed: u64) -> Result<()> {
        match self.head_order()? {
            Some(order) => key.extend_from_slice(&order.place_of(packed).to_be_bytes()),
            None => key.extend_from_slice(self.reader.unpack(packed)?.to_15().as_bytes()),
        }
        Ok(())
    }

    /// Bytes that equal values of a kind have alike, and different ones not. No id is unpacked.
    pub(super) fn push_same(&self, key: &mut Vec<u8>, kind: &Kind, value: &Val<'_>) -> Result<()> {
        if let Val::Id(packed) = value {
            key.push(1);
            key.extend_from_slice(&packed.to_be_bytes());
            return Ok(());
        }
        // The place in the list says no more than the text.
        let kind =
            if matches!(kind, Kind::Picklist(_)) { &Kind::Text { exact: false } } else { kind };
        self.push_key(key, kind, value)
    }
}

/// The place of a value in the list of a picklist; behind all of them if it is not listed.
pub(super) fn place_in(listed: &[String], text: &str) -> u32 {
    let place = listed.iter().position(|value| same_text(value, text));
    place.and_then(|place| u32::try_from(place).ok()).unwrap_or(u32::MAX)
}
