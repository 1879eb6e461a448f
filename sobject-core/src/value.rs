//! [`FieldType`], the types of fields, and [`Value`], the values that fields hold.
//!
//! A [`Value`] borrows its text and bytes, so that passing one on copies nothing. In JSON, values
//! have the form in which an org writes them: a date-time is `2026-03-01T08:00:00.000+0000`, a time
//! `08:00:00.000Z`, an id has 18 characters, and bytes are in base64.

mod plain;
mod print;
mod rest;

pub use self::rest::RestJson;
pub(crate) use self::rest::RestRecords;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::{DateTime, NaiveDate, NaiveTime, Timelike, Utc};
use serde::{Deserialize, Serialize, Serializer};

use crate::id::RecordId;

pub(crate) use self::plain::{Number, Plain, number};

/// The type of a field, as describe names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum FieldType {
    /// The record's own id.
    Id,
    /// The id of another record.
    Reference,
    /// True or false, never null.
    Boolean,
    /// A whole number of at most `digits` digits.
    Int,
    /// A 64-bit whole number.
    Long,
    /// A floating-point number.
    Double,
    /// An amount of money.
    Currency,
    /// A percentage; 12.5 means 12.5 %.
    Percent,
    /// A line of text.
    String,
    /// Text of several lines.
    TextArea,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// A web address.
    Url,
    /// One of several values.
    Picklist,
    /// Some of several values, joined by `;`.
    MultiPicklist,
    /// One of several values, or any other text.
    Combobox,
    /// A day.
    Date,
    /// A moment, to the second, in UTC.
    DateTime,
    /// A time of day, to the millisecond.
    Time,
    /// Bytes.
    Base64,
    /// Latitude and longitude.
    Location,
    /// A compound address.
    Address,
    /// Text that the platform encrypts.
    EncryptedString,
    /// A value of any type, as history objects keep it.
    #[serde(rename = "anyType")]
    AnyType,
    /// A compound value of another kind.
    ComplexValue,
    /// The name of a group of data categories.
    DataCategoryGroupReference,
    /// The ids of the records on the other side of a junction object.
    JunctionIdList,
    /// The record that a record was merged into, as some objects describe it.
    MasterRecord,
    /// A JSON document.
    Json,
}

/// The character between the values of a multi-select picklist: `Saw;Axe`.
pub(crate) const SEPARATOR: char = ';';

/// How the values of a type are stored in rows and keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Storage {
    /// One byte, 0 or 1.
    Bool,
    /// A 32-bit integer.
    Int,
    /// A 64-bit integer.
    Long,
    /// A 64-bit float.
    Double,
    /// Days since 1970-01-01, 32 bits.
    Date,
    /// Milliseconds since 1970-01-01T00:00:00Z, 64 bits.
    DateTime,
    /// Milliseconds since midnight, 32 bits.
    Time,
    /// A packed id, 64 bits.
    Id,
    /// UTF-8 text of any length.
    Text,
    /// Any number of bytes.
    Bytes,
}

impl FieldType {
    /// How this type is stored; `None` for a type that a store can describe but not hold.
    pub(crate) const fn storage(self) -> Option<Storage> {
        Some(match self {
            Self::Id | Self::Reference => Storage::Id,
            Self::Boolean => Storage::Bool,
            Self::Int => Storage::Int,
            Self::Long => Storage::Long,
            Self::Double | Self::Currency | Self::Percent => Storage::Double,
            Self::String
            | Self::TextArea
            | Self::Email
            | Self::Phone
            | Self::Url
            | Self::Picklist
            | Self::MultiPicklist
            | Self::Combobox => Storage::Text,
            Self::Date => Storage::Date,
            Self::DateTime => Storage::DateTime,
            Self::Time => Storage::Time,
            Self::Base64 => Storage::Bytes,
            Self::Location
            | Self::Address
            | Self::EncryptedString
            | Self::AnyType
            | Self::ComplexValue
            | Self::DataCategoryGroupReference
            | Self::JunctionIdList
            | Self::MasterRecord
            | Self::Json => return None,
        })
    }

    /// The type's name as describe spells it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Reference => "reference",
            Self::Boolean => "boolean",
            Self::Int => "int",
            Self::Long => "long",
            Self::Double => "double",
            Self::Currency => "currency",
            Self::Percent => "percent",
            Self::String => "string",
            Self::TextArea => "textarea",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Url => "url",
            Self::Picklist => "picklist",
            Self::MultiPicklist => "multipicklist",
            Self::Combobox => "combobox",
            Self::Date => "date",
            Self::DateTime => "datetime",
            Self::Time => "time",
            Self::Base64 => "base64",
            Self::Location => "location",
            Self::Address => "address",
            Self::EncryptedString => "encryptedstring",
            Self::AnyType => "anyType",
            Self::ComplexValue => "complexvalue",
            Self::DataCategoryGroupReference => "datacategorygroupreference",
            Self::JunctionIdList => "junctionidlist",
            Self::MasterRecord => "masterrecord",
            Self::Json => "json",
        }
    }

    /// The type's name in SOAP.
    pub const fn soap_type(self) -> &'static str {
        match self {
            Self::Id | Self::Reference => "tns:ID",
            Self::Boolean => "xsd:boolean",
            Self::Int => "xsd:int",
            Self::Long => "xsd:long",
            Self::Double | Self::Currency | Self::Percent => "xsd:double",
            Self::Date => "xsd:date",
            Self::DateTime => "xsd:dateTime",
            Self::Time => "xsd:time",
            Self::Base64 => "xsd:base64Binary",
            Self::Location => "urn:location",
            Self::Address => "urn:address",
            Self::AnyType | Self::ComplexValue => "xsd:anyType",
            _ => "xsd:string",
        }
    }
}

/// The value of a field, with its text borrowed.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Value<'a> {
    /// No value.
    Null,
    /// True or false.
    Bool(bool),
    /// A 32-bit integer.
    Int(i32),
    /// A 64-bit integer.
    Long(i64),
    /// A floating-point number.
    Double(f64),
    /// Text.
    Text(&'a str),
    /// A day.
    Date(NaiveDate),
    /// A moment.
    DateTime(DateTime<Utc>),
    /// A time of day.
    Time(NaiveTime),
    /// A record id.
    Id(RecordId),
    /// Bytes.
    Bytes(&'a [u8]),
}

impl Value<'_> {
    /// Is there no value?
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }
}

impl Value<'_> {
    /// The value in the form that it has in an org's JSON.
    pub(crate) fn to_json(self) -> serde_json::Value {
        match self {
            Value::Null => serde_json::Value::Null,
            Value::Bool(value) => value.into(),
            Value::Int(value) => value.into(),
            Value::Long(value) => value.into(),
            Value::Double(value) => value.into(),
            Value::Text(value) => value.into(),
            Value::Bytes(value) => STANDARD.encode(value).into(),
            value => value.with_text(|text| text.into()),
        }
    }

    /// Calls `f` with the text of a value that JSON has no form of its own for.
    fn with_text<R>(self, f: impl FnOnce(&str) -> R) -> R {
        match self {
            Value::Date(value) => match print::date(value) {
                Some(text) => f(text.as_str()),
                None => f(&value.to_string()),
            },
            Value::DateTime(value) => match print::date_time(value) {
                Some(text) => f(text.as_str()),
                None => f(&value.format("%Y-%m-%dT%H:%M:%S%.3f+0000").to_string()),
            },
            Value::Time(value) => f(print::time(value).as_str()),
            Value::Id(value) => f(std::str::from_utf8(&value.to_chars()).unwrap_or_default()),
            value => f(&value.to_string()),
        }
    }
}

impl std::fmt::Display for Value<'_> {
    /// Prints the value as an org's messages do; null prints as `null`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(v) => write!(f, "{v}"),
            Self::Int(v) => write!(f, "{v}"),
            Self::Long(v) => write!(f, "{v}"),
            Self::Double(v) => f.write_str(&print::double(*v)),
            Self::Text(v) => f.write_str(v),
            Self::Date(_) | Self::DateTime(_) | Self::Time(_) | Self::Id(_) => {
                self.with_text(|text| f.write_str(text))
            }
            Self::Bytes(v) => f.write_str(&STANDARD.encode(v)),
        }
    }
}

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_none(),
            Self::Bool(v) => serializer.serialize_bool(*v),
            Self::Int(v) => serializer.serialize_i32(*v),
            Self::Long(v) => serializer.serialize_i64(*v),
            Self::Double(v) => serializer.serialize_f64(*v),
            Self::Text(v) => serializer.serialize_str(v),
            Self::Date(_) | Self::DateTime(_) | Self::Time(_) | Self::Id(_) => {
                self.with_text(|text| serializer.serialize_str(text))
            }
            Self::Bytes(_) => serializer.collect_str(self),
        }
    }
}

/// Reads a date-time in any of the forms that clients send: `Z`, `+hh:mm` or `+hhmm`, with or
/// without a fraction of a second.
pub(crate) fn parse_date_time(text: &str) -> Option<DateTime<Utc>> {
    if let Some(at) = written_by_org(text) {
        return Some(at);
    }
    let zoned = DateTime::parse_from_rfc3339(text)
        .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%z"));
    // Both parsers accept more than an org does: a blank in place of the T, and a small `t` or `z`.
    let is_strict = text.as_bytes().get(10) == Some(&b'T') && !text.ends_with('z');
    // The parsers accept leap seconds, and an org does not.
    let at = zoned.ok().filter(|at| is_strict && at.nanosecond() < 1_000_000_000);
    at.map(|at| at.with_timezone(&Utc))
}

/// Reads the form that an org writes, `2026-03-01T08:00:00.000+0000`. Most date-times have this
/// form, and the parsers of other forms take several times as long.
fn written_by_org(text: &str) -> Option<DateTime<Utc>> {
    let text: &[u8; 28] = text.as_bytes().try_into().ok()?;
    let digits = text.strip_suffix(b"+0000")?;
    let fits = digits.iter().zip(b"nnnn-nn-nnTnn:nn:nn.nnn").all(|(given, form)| match form {
        b'n' => given.is_ascii_digit(),
        form => given == form,
    });
    if !fits {
        return None;
    }
    let number = |from: usize, to: usize| {
        digits[from..to].iter().fold(0, |number, digit| number * 10 + u32::from(digit - b'0'))
    };
    let year = i32::try_from(number(0, 4)).ok()?;
    let day = NaiveDate::from_ymd_opt(year, number(5, 7), number(8, 10))?;
    let at = day.and_hms_milli_opt(number(11, 13), number(14, 16), number(17, 19), number(20, 23));
    Some(at?.and_utc())
}

/// Reads a day: `YYYY-MM-DD`.
pub(crate) fn parse_date(text: &str) -> Option<NaiveDate> {
    // The parser also accepts blanks and numbers of other widths, and an org does not.
    let is_strict = text.len() == 10
        && text.bytes().enumerate().all(|(at, b)| match at {
            4 | 7 => b == b'-',
            _ => b.is_ascii_digit(),
        });
    is_strict.then(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()).flatten()
}

/// Reads a day as clients give it: `YYYY-MM-DD`, or a moment in UTC, whose day it is. The moment has
/// no fraction of a second or three digits of one; other moments are no days.
pub(crate) fn parse_day(text: &str) -> Option<NaiveDate> {
    parse_date(text).or_else(|| {
        let (seconds, rest) = text.split_at_checked("YYYY-MM-DDThh:mm:ss".len())?;
        let zone = match rest.strip_prefix('.') {
            Some(rest) => {
                let (fraction, zone) = rest.split_at_checked(3)?;
                fraction.bytes().all(|b| b.is_ascii_digit()).then_some(zone)?
            }
            None => rest,
        };
        let is_utc = matches!(zone, "Z" | "+0000" | "+00:00");
        let at = is_utc.then(|| parse_date_time(&format!("{seconds}Z"))).flatten()?;
        Some(at.date_naive())
    })
}

/// Reads a time of day: `hh:mm:ss`, with or without a fraction of a second and a `Z`.
pub(crate) fn parse_time(text: &str) -> Option<NaiveTime> {
    let clock = text.strip_suffix('Z').unwrap_or(text);
    // The parser also accepts single digits and leap seconds, and an org accepts neither.
    let is_clock =
        clock.len() >= 8 && clock.bytes().all(|b| b.is_ascii_digit() || b":.".contains(&b));
    let time = is_clock.then(|| NaiveTime::parse_from_str(clock, "%H:%M:%S%.f").ok()).flatten();
    time.filter(|time| time.nanosecond() < 1_000_000_000)
}

/// Reads base64 with its padding and without line breaks.
pub(crate) fn parse_base64(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// Cuts the fraction of a second, so that the result is the same time or earlier.
pub(crate) fn whole_seconds(at: DateTime<Utc>) -> DateTime<Utc> {
    at.with_nanosecond(0).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_as_an_org_writes_it_is_read_as_in_every_other_form() {
        for text in [
            "2026-03-01T08:00:00.000",
            "1700-01-01T00:00:00.001",
            "9999-12-31T23:59:59.999",
            "2024-02-29T12:34:56.789",
            "2026-02-29T08:00:00.000",
            "2026-13-01T08:00:00.000",
            "2026-03-00T08:00:00.000",
            "2026-03-01T24:00:00.000",
            "2026-03-01T08:60:00.000",
            "2026-03-01T08:00:60.000",
            "2026-03-01 08:00:00.000",
            "2026-03-01T08:00:00,000",
        ] {
            let [org, other] = ["+0000", "+00:00"].map(|zone| format!("{text}{zone}"));
            assert_eq!(parse_date_time(&org), parse_date_time(&other), "{text}");
            let is_right = parse_date_time(&org).is_some();
            assert_eq!(written_by_org(&org).is_some(), is_right, "{text}");
        }
        assert!(parse_date_time("2026-03-01T08:00:00.000+0000").is_some());
        assert!(written_by_org("2026-03-01T08:00:00.000+0100").is_none());
    }
}
