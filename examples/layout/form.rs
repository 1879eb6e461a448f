//! The inputs of a form: for each field the one that its type asks for.

use serde_json::Value as Json;
use sobject_core::{FieldDescribe, JsonRecord, LayoutComponent, LayoutItem};

use super::{
    html::{element, escaped},
    shown::{self, Names},
};

/// What stands in an item of the page that changes a record.
pub(super) fn item(item: &LayoutItem, record: &JsonRecord, names: &Names) -> String {
    let components = item.layout_components.iter();
    let inputs = components.filter_map(|component| {
        let field = component.details.as_deref()?;
        let value = record.get(&field.name).unwrap_or(&Json::Null);
        Some(if item.editable_for_update {
            input(component, field, value, item.required, names)
        } else {
            element("div", &[("class", "value")], &shown::value(field, value, names))
        })
    });
    inputs.collect()
}

fn input(
    component: &LayoutComponent,
    field: &FieldDescribe,
    value: &Json,
    is_required: bool,
    names: &Names,
) -> String {
    let text = match value {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        other => other.to_string(),
    };
    let tab = component.tab_order.to_string();
    let mut attributes =
        vec![("id", field.name.as_str()), ("name", &field.name), ("tabindex", &tab)];
    if is_required {
        attributes.push(("required", "required"));
    }
    let lines = component.display_lines.to_string();
    let length = field.length.to_string();
    match field.field_type.name() {
        "boolean" => {
            attributes.push(("type", "checkbox"));
            if value == true {
                attributes.push(("checked", "checked"));
            }
            element("input", &attributes, "")
        }
        kind @ ("picklist" | "multipicklist") => {
            let chosen: Vec<_> = text.split(';').collect();
            let mut options = String::new();
            if kind == "picklist" && (!is_required || text.is_empty()) {
                options += "<option value=\"\"></option>";
            }
            for entry in field.picklist_values.iter().filter(|it| it.active) {
                let mut of = vec![("value", entry.value.as_str())];
                if chosen.contains(&entry.value.as_str()) {
                    of.push(("selected", "selected"));
                }
                options += &element("option", &of, &escaped(&entry.label));
            }
            if kind == "multipicklist" {
                attributes.extend([("multiple", "multiple"), ("size", &lines)]);
            }
            element("select", &attributes, &options)
        }
        "textarea" => {
            attributes.extend([("rows", lines.as_str()), ("maxlength", &length)]);
            element("textarea", &attributes, &escaped(&text))
        }
        "reference" => {
            attributes.extend([("type", "text"), ("value", names.get(&text)), ("class", "link")]);
            element("input", &attributes, "")
        }
        kind => {
            let (kind, value) = match kind {
                "int" | "long" | "double" | "currency" | "percent" => ("number", text.as_str()),
                "date" => ("date", text.as_str()),
                // A browser takes the moment without its zone.
                "datetime" => ("datetime-local", text.get(..19).unwrap_or(&text)),
                "time" => ("time", text.get(..8).unwrap_or(&text)),
                "email" => ("email", text.as_str()),
                "phone" => ("tel", text.as_str()),
                "url" => ("url", text.as_str()),
                _ => ("text", text.as_str()),
            };
            attributes.extend([("type", kind), ("value", value)]);
            match kind {
                "number" => attributes.push(("step", "any")),
                "datetime-local" | "time" => attributes.push(("step", "1")),
                "text" if field.length > 0 => attributes.push(("maxlength", &length)),
                _ => {}
            }
            element("input", &attributes, "")
        }
    }
}
