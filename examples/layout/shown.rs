//! Values as people read them.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value as Json;
use sobject_core::{Connection, FieldDescribe, JsonRecord, RecordId};

use super::html::{element, escaped};

/// The records that references lead to, by id, each with its name.
#[derive(Debug, Default)]
pub(super) struct Names(HashMap<String, String>);

impl Names {
    /// The names behind the references of a record, as far as the caller may read them.
    pub(super) fn of(db: &Connection, record: &JsonRecord) -> Result<Self, sobject_core::Error> {
        let mut names = HashMap::new();
        for text in record.values().filter_map(Json::as_str) {
            let Ok(id) = text.parse::<RecordId>() else { continue };
            for object in db.objects_of(id)? {
                let describe = db.describe_sobject(&object)?;
                let Some(field) = describe.fields.iter().find(|it| it.name_field) else { continue };
                let found = db.object(&object)?.retrieve(&[&field.name], &[id])?;
                let name = found.into_iter().flatten().next();
                if let Some(name) = name.as_ref().and_then(|it| it.get(&field.name)?.as_str()) {
                    names.insert(text.to_owned(), name.to_owned());
                }
            }
        }
        Ok(Self(names))
    }

    /// The name behind an id, or the id.
    pub(super) fn get<'n>(&'n self, id: &'n str) -> &'n str {
        self.0.get(id).map_or(id, String::as_str)
    }
}

/// The value of a field as HTML.
pub(super) fn value(field: &FieldDescribe, value: &Json, names: &Names) -> String {
    let (Json::Null, name) = (value, field.field_type.name()) else {
        return of_value(field, field.field_type.name(), value, names);
    };
    element("span", &[("class", "none"), ("title", name)], "–")
}

fn of_value(field: &FieldDescribe, type_name: &str, value: &Json, names: &Names) -> String {
    let text = value.as_str().unwrap_or_default();
    match type_name {
        "boolean" => {
            let (mark, said) = if value == true { ("✓", "yes") } else { ("✗", "no") };
            element("span", &[("class", "mark"), ("aria-label", said)], mark)
        }
        "reference" => element("span", &[("class", "link")], &escaped(names.get(text))),
        "datetime" => element("time", &[("datetime", text)], &escaped(&moment(text))),
        "date" => element("time", &[("datetime", text)], &escaped(&day(text))),
        "time" => escaped(text.get(..5).unwrap_or(text)),
        "email" => element("a", &[("href", &format!("mailto:{text}"))], &escaped(text)),
        "phone" => element("a", &[("href", &format!("tel:{text}"))], &escaped(text)),
        "url" if text.starts_with("http://") || text.starts_with("https://") => {
            element("a", &[("href", text)], &escaped(text))
        }
        "picklist" | "multipicklist" => {
            let chip = |value: &str| {
                let entry = field.picklist_values.iter().find(|it| it.value == value);
                let label = entry.map_or(value, |it| &it.label);
                element("span", &[("class", "chip")], &escaped(label))
            };
            text.split(';').map(chip).collect::<Vec<_>>().join(" ")
        }
        "base64" => format!("{} characters of base64", text.len()),
        "textarea" => element("div", &[("class", "text")], &escaped(text)),
        "percent" => format!("{} %", number(value, field.scale.into())),
        "currency" => number(value, field.scale.into()),
        _ if value.is_number() => number(value, field.scale.into()),
        _ if value.is_string() => escaped(text),
        _ => escaped(&value.to_string()),
    }
}

/// A number with its thousands apart, and so many digits behind the point at least.
fn number(value: &Json, scale: usize) -> String {
    let text = match value.as_f64() {
        Some(double) if value.is_f64() && scale > 0 => format!("{double:.scale$}"),
        Some(double) if value.is_f64() => double.to_string(),
        _ => value.to_string(),
    };
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let (sign, digits) = whole.split_at(usize::from(whole.starts_with('-')));
    let mut grouped = String::from(sign);
    for (place, digit) in digits.char_indices() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push('\u{202f}');
        }
        grouped.push(digit);
    }
    grouped + rest
}

fn moment(text: &str) -> String {
    let read = DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%z");
    read.map_or_else(
        |_| text.to_owned(),
        |at| at.with_timezone(&Utc).format("%-d %b %Y, %H:%M").to_string(),
    )
}

fn day(text: &str) -> String {
    let read = NaiveDate::parse_from_str(text, "%Y-%m-%d");
    read.map_or_else(|_| text.to_owned(), |day| day.format("%-d %b %Y").to_string())
}
