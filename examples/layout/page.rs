//! The page: a head, the record as it is shown, the form that changes it, and related lists.

use std::fmt::Write as _;

use serde_json::Value as Json;
use sobject_core::{Connection, JsonRecord, Layout, LayoutItem, LayoutSection, RecordId};

use super::{
    folder::Outcome,
    form,
    html::{element, escaped},
    related,
    shown::{self, Names},
};

const STYLE: &str = include_str!("style.css");

/// The page of a record.
///
/// # Errors
/// There is no such record that the caller may read; the object does not support `describeLayout`.
pub(super) fn page(db: &Connection, object: &str, id: RecordId) -> Outcome<String> {
    let described = db.describe_layout_of(object)?;
    let layout = described.layouts.first().ok_or("there is no layout")?;
    let describe = db.describe_sobject(object)?;
    let record = db.object(object)?.get(id)?;
    let names = Names::of(db, &record)?;
    let name_field = describe.fields.iter().find(|field| field.name_field);
    let id_text = id.to_string();
    let title = name_field.and_then(|field| record.get(&field.name)?.as_str()).unwrap_or(&id_text);
    let detail: String = layout
        .detail_layout_sections
        .iter()
        .map(|it| section(it, &|item| detail_item(item, &record, &names), false))
        .collect();
    let edit: String = layout
        .edit_layout_sections
        .iter()
        .map(|it| section(it, &|item| form::item(item, &record, &names), true))
        .collect();
    let form = if has_button(layout, "Edit") { form_of(&edit) } else { String::new() };
    let lists: Vec<String> = layout
        .related_lists
        .iter()
        .map(|it| related::list(db, it, id))
        .collect::<Result<_, _>>()?;
    let (label, title) = (escaped(&describe.label), escaped(title));
    Ok(format!(
        r#"<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · {label}</title>
<style>
{STYLE}</style>
<main>
<header>
<div class="badge" aria-hidden="true">{initials}</div>
<div><p>{label}</p><h1>{title}</h1></div>
<nav>{buttons}</nav>
</header>
<div class="tabs">
<input type="radio" name="tab" id="tab-detail" checked><label for="tab-detail">Details</label>
{form}<div class="panel detail">
{detail}</div>
</div>
{lists}</main>
</html>
"#,
        initials = initials(&describe.label),
        buttons = buttons(layout),
        lists = lists.join("\n"),
    ))
}

/// The tab with the form. It stands before the other panel, since the tabs are in one row.
fn form_of(inputs: &str) -> String {
    format!(
        r#"<input type="radio" name="tab" id="tab-edit"><label for="tab-edit">Edit</label>
<form class="panel edit" onsubmit="return false">
{inputs}<p class="end"><button class="main">Save</button> <button type="reset">Cancel</button> <span class="none">* required</span></p>
</form>
"#
    )
}

fn has_button(layout: &Layout, name: &str) -> bool {
    let buttons = layout.button_layout_section.iter().flat_map(|it| &it.detail_buttons);
    buttons.into_iter().any(|it| it.name.as_deref() == Some(name))
}

/// The first letters of the words of a label.
fn initials(label: &str) -> String {
    escaped(
        &label
            .split_whitespace()
            .filter_map(|word| word.chars().next())
            .take(2)
            .collect::<String>(),
    )
}

fn buttons(layout: &Layout) -> String {
    let buttons = layout.button_layout_section.iter().flat_map(|it| &it.detail_buttons);
    let labels = buttons.filter_map(|it| it.label.as_deref());
    labels.map(|label| element("button", &[("type", "button")], &escaped(label))).collect()
}

/// A section with its rows; `of_item` makes what stands behind a label.
fn section(
    section: &LayoutSection,
    of_item: &dyn Fn(&LayoutItem) -> String,
    is_form: bool,
) -> String {
    let mut rows = String::new();
    for item in section.layout_rows.iter().flat_map(|row| &row.layout_items) {
        if item.placeholder {
            rows += "<div class=\"gap\"></div>\n";
            continue;
        }
        let label = escaped(item.label.as_deref().unwrap_or_default());
        let of = item.fields().next().unwrap_or_default();
        let label = match (is_form, item.required) {
            (false, _) => element("span", &[("class", "label")], &label),
            (true, is_required) => {
                let star = if is_required { "<b title=\"required\">*</b>" } else { "" };
                element("label", &[("class", "label"), ("for", of)], &(label + star))
            }
        };
        let _ = writeln!(rows, "<div class=\"item\">{label}{}</div>", of_item(item));
    }
    let grid = format!("<div class=\"grid columns-{}\">\n{rows}</div>", section.columns);
    match section.heading.as_deref().filter(|_| section.use_heading) {
        Some(heading) => {
            let open = if section.collapsed { "" } else { " open" };
            let heading = escaped(heading);
            format!("<details{open}><summary>{heading}</summary>\n{grid}</details>\n")
        }
        None => format!("{grid}\n"),
    }
}

/// What stands in an item of the page that shows a record.
fn detail_item(item: &LayoutItem, record: &JsonRecord, names: &Names) -> String {
    let mut inner = String::new();
    for component in &item.layout_components {
        match component.component_type.as_str() {
            "Field" => {
                let Some(field) = component.details.as_deref() else { continue };
                // The whole of a compound field is shown as its parts.
                let parts = component.components.iter().filter_map(|it| it.value.as_ref());
                let parts: Vec<_> = parts.filter_map(|it| record.get(it)?.as_str()).collect();
                inner += &match record.get(&field.name) {
                    Some(Json::Null) | None if !parts.is_empty() => escaped(&parts.join(", ")),
                    value => shown::value(field, value.unwrap_or(&Json::Null), names),
                };
            }
            _ => inner += &escaped(component.value.as_deref().unwrap_or_default()),
        }
    }
    element("div", &[("class", "value")], &inner)
}
