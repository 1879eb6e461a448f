//! What a value of a record's JSON is in its field.
//!
//! Whatever is wrong with a value is found here, while the deserializer still knows where it stands.

use std::{borrow::Cow, fmt};

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::NotListed;
use crate::{
    definition::{Definition, FieldDefinition},
    error::shorten,
    id::RecordId,
    shell::picklist::place_in_any_case,
    store::Held,
    value::{FieldType, Number, Plain, SEPARATOR, Storage, number},
};

/// The one key of the map as which `serde_json` gives a number, if any crate of the program has
/// turned on its feature `arbitrary_precision`.
const NUMBER: &str = "$serde_json::private::Number";

/// Reads a value of a field.
pub(super) struct ValueSeed {
    pub(super) definition: &'static Definition,
    pub(super) field: &'static FieldDefinition,
}

impl ValueSeed {
    /// An error about the value.
    fn wrong<E: Error>(&self, what: impl fmt::Display) -> E {
        E::custom(format_args!("{}.{}: {what}", self.definition.name, self.field.name))
    }

    /// The error for what is no value of the field's type.
    fn wrong_type<E: Error>(&self, shown: impl fmt::Display) -> E {
        self.wrong(format_args!("{shown} is no {}", self.field.field_type.name()))
    }

    fn null<'de, E: Error>(self) -> Result<Held<'de>, E> {
        if self.field.flags.is_nillable() {
            Ok(Held::Null)
        } else {
            Err(self.wrong("it cannot be null"))
        }
    }

    fn number<'de, E: Error>(
        self,
        number: Number,
        shown: impl fmt::Display,
    ) -> Result<Held<'de>, E> {
        let plain = Plain::of_number(self.field.field_type, number);
        self.plain(plain, shown)
    }

    /// A value that stands for something else than a text.
    fn plain<'de, E: Error>(self, plain: Plain, shown: impl fmt::Display) -> Result<Held<'de>, E> {
        let field_type = self.field.field_type;
        let held = match plain {
            Plain::Value(value) => Held::of(field_type, value),
            Plain::Bytes(bytes) => Some(Held::Bytes(bytes)),
            Plain::TooWide => {
                let name = field_type.name();
                return Err(self.wrong(format_args!("{shown} is out of the range of {name}")));
            }
            Plain::Wrong => None,
        };
        match held {
            Some(Held::Null) => self.null(),
            Some(held) => Ok(held),
            None => Err(self.wrong_type(shown)),
        }
    }

    fn text<E: Error>(self, text: Cow<'_, str>) -> Result<Held<'_>, E> {
        let field_type = self.field.field_type;
        if field_type.storage() != Some(Storage::Text) {
            let plain = Plain::of_text(field_type, &text);
            let shown = shorten(text.into_owned());
            return match shown.trim().parse::<RecordId>() {
                Err(error) if plain == Plain::Wrong && is_id(field_type) => {
                    Err(self.wrong(format_args!("{shown} is no id: {error}")))
                }
                _ => self.plain(plain, shown),
            };
        }
        let is_picklist = matches!(field_type, FieldType::Picklist | FieldType::MultiPicklist);
        if is_picklist && text.is_empty() {
            return self.null();
        }
        if self.field.flags.is_closed() {
            let is_listed = |value| place_in_any_case(self.field.picklist, value).is_some();
            let unlisted = match field_type {
                FieldType::MultiPicklist => text.split(SEPARATOR).find(|value| !is_listed(value)),
                _ => Some(&*text).filter(|value| !is_listed(value)),
            };
            if let Some(unlisted) = unlisted {
                return Err(self.wrong(NotListed::new(unlisted, self.field.picklist)));
            }
        }
        Ok(Held::Text(text))
    }
}

/// Are its values ids?
fn is_id(field_type: FieldType) -> bool {
    field_type.storage() == Some(Storage::Id)
}

impl<'de> DeserializeSeed<'de> for ValueSeed {
    type Value = Held<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Held<'de>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ValueSeed {
    type Value = Held<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a value of {}.{}", self.definition.name, self.field.name)
    }

    fn visit_unit<E: Error>(self) -> Result<Held<'de>, E> {
        self.null()
    }

    fn visit_none<E: Error>(self) -> Result<Held<'de>, E> {
        self.null()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Held<'de>, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Held<'de>, E> {
        match self.field.field_type {
            FieldType::Boolean => Ok(Held::Fixed(Storage::Bool, u64::from(value))),
            _ => Err(self.wrong_type(value)),
        }
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Held<'de>, E> {
        self.number(Number::Whole(value.into()), value)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Held<'de>, E> {
        self.number(Number::Whole(value.into()), value)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Held<'de>, E> {
        self.number(Number::Decimal(value), format_args!("{value:?}"))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Held<'de>, E> {
        self.text(Cow::Owned(value.to_owned()))
    }

    fn visit_borrowed_str<E: Error>(self, value: &'de str) -> Result<Held<'de>, E> {
        self.text(Cow::Borrowed(value))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Held<'de>, E> {
        self.text(Cow::Owned(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<Held<'de>, A::Error> {
        Err(self.wrong_type("an array"))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Held<'de>, A::Error> {
        let first: Option<String> = map.next_key()?;
        if first.as_deref() == Some(NUMBER) {
            let text: String = map.next_value()?;
            return match number(&text) {
                Some(number) => self.number(number, shorten(text)),
                None => Err(self.wrong_type(shorten(text))),
            };
        }
        if first.is_some() {
            map.next_value::<IgnoredAny>()?;
            while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        }
        Err(self.wrong_type("an object"))
    }
}
