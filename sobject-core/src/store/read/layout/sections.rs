//! The sections of a page, as the one that shows a record and the one that changes it have them.
//!
//! The page that shows a record folds what belongs together into one item: a compound field, and who
//! did something with when. The page that changes it has one field in each item, and nothing that
//! nobody can change but the platform.

use std::collections::HashMap;

use serde_json::Map;

use super::{id_of, standard::is_long};
use crate::{
    catalogue::{Object, ObjectNo},
    definition::SYSTEM_FIELDS,
    describe::{
        FieldDescribe, Gaps, LayoutComponent, LayoutItem, LayoutRow, LayoutSection, ObjectDescribe,
    },
    name::{LAST_REFERENCED_DATE, LAST_VIEWED_DATE, is_same_name},
    page_layout::{Behavior, PageItem, PageSection},
    permissions::ObjectRight,
    store::{keep::Schema, rules::Access},
    value::FieldType,
};

/// What ids of sections begin with.
const SECTION_PREFIX: &str = "01B";
/// Lines of a long text.
const LONG_LINES: u32 = 6;
/// Lines of a text area that is not long.
const AREA_LINES: u32 = 3;

/// For which page sections are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// The page that shows a record.
    Detail,
    /// The page that makes or changes one.
    Edit,
}

/// What the sections of a page are made with.
pub(super) struct Sections<'a> {
    schema: &'a Schema,
    number: ObjectNo,
    /// The fields that the caller may see, by name in lower case.
    fields: HashMap<String, &'a FieldDescribe>,
    /// The parts of the compound fields, in the order of the describe.
    parts: HashMap<&'a str, Vec<&'a FieldDescribe>>,
    may_create: bool,
    may_edit: bool,
    layout_id: &'a str,
    side: Side,
    /// The place of the last component in the order in which one goes through the page.
    tab: u32,
}

impl<'a> Sections<'a> {
    pub(super) fn new(
        schema: &'a Schema,
        object: &'a Object,
        describe: &'a ObjectDescribe,
        access: &Access,
        layout_id: &'a str,
        side: Side,
    ) -> Self {
        let mut parts: HashMap<&str, Vec<&FieldDescribe>> = HashMap::new();
        for field in &describe.fields {
            let whole = field.compound_field_name.as_deref();
            if let Some(whole) = whole.filter(|whole| *whole != field.name) {
                parts.entry(whole).or_default().push(field);
            }
        }
        let fields = describe.fields.iter().map(|it| (it.name.to_ascii_lowercase(), it));
        Self {
            schema,
            number: object.number,
            fields: fields.collect(),
            parts,
            may_create: access.may(object, ObjectRight::Create),
            may_edit: access.may(object, ObjectRight::Edit),
            layout_id,
            side,
            tab: 0,
        }
    }

    /// A section, the `n`th of its page; `None` if nothing of it is on this page.
    pub(super) fn section(&mut self, n: usize, page: &PageSection) -> Option<LayoutSection> {
        let mut items = Vec::new();
        for item in &page.items {
            match item {
                PageItem::Field { name, behavior } => self.items(name, *behavior, &mut items),
                PageItem::Blank => items.push(gap()),
            }
        }
        if items.iter().all(|it| it.placeholder) {
            return None;
        }
        let n_rows = items.len().div_ceil(page.columns);
        items.resize_with(n_rows * page.columns, gap);
        let mut rows: Vec<Vec<LayoutItem>> = (0..n_rows).map(|_| Vec::new()).collect();
        for (place, item) in items.into_iter().enumerate() {
            let row = if page.is_top_to_bottom { place % n_rows } else { place / page.columns };
            if let Some(row) = rows.get_mut(row) {
                row.push(item);
            }
        }
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let rows = rows.into_iter().map(|layout_items| LayoutRow {
            num_items: count(layout_items.len()),
            layout_items,
            extra: Map::new(),
            gaps: Gaps::default(),
        });
        let has_heading = !page.heading.is_empty();
        Some(LayoutSection {
            collapsed: page.is_collapsed,
            columns: count(page.columns),
            heading: has_heading.then(|| page.heading.clone()),
            layout_rows: rows.collect(),
            layout_section_id: Some(id_of(self.schema, SECTION_PREFIX, self.number, n)),
            parent_layout_id: self.layout_id.to_owned(),
            rows: count(n_rows),
            tab_order: if page.is_top_to_bottom { "TopToBottom" } else { "LeftToRight" }.to_owned(),
            use_collapsible_section: page.is_collapsed,
            use_heading: has_heading,
            extra: Map::new(),
            gaps: Gaps::default(),
        })
    }

    /// Adds what stands on the page for a field that its layout names.
    fn items(&mut self, name: &str, behavior: Behavior, items: &mut Vec<LayoutItem>) {
        let Some(field) = self.fields.get(&name.to_ascii_lowercase()).copied() else { return };
        let parts = self.parts.get(field.name.as_str()).cloned().unwrap_or_default();
        match self.side {
            Side::Detail => {
                let item = self.item(field, &parts, behavior);
                items.push(item);
            }
            Side::Edit if is_of_the_platform(field) => {}
            Side::Edit if parts.is_empty() => {
                let item = self.item(field, &[], behavior);
                items.push(item);
            }
            Side::Edit => {
                for part in parts {
                    let item = self.item(part, &[], behavior);
                    items.push(item);
                }
            }
        }
    }

    /// The item of a field, of which these are the parts.
    fn item(
        &mut self,
        field: &FieldDescribe,
        parts: &[&FieldDescribe],
        behavior: Behavior,
    ) -> LayoutItem {
        let is_open = behavior != Behavior::ReadOnly;
        let any =
            |of: &dyn Fn(&FieldDescribe) -> bool| of(field) || parts.iter().any(|part| of(part));
        let editable_for_new = is_open && self.may_create && any(&|it| it.createable);
        let editable_for_update = is_open && self.may_edit && any(&|it| it.updateable);
        let is_editable = editable_for_new || editable_for_update;
        let required = is_editable && (behavior == Behavior::Required || any(&is_needed));
        let behaves = match (required, is_editable) {
            (true, _) => "Required",
            (false, true) => "Edit",
            (false, false) => "Readonly",
        };
        let mut layout_components = vec![self.component(field, parts)];
        // Who did something stands with when.
        if let (Side::Detail, Some(date)) = (self.side, self.date_of(field)) {
            layout_components.push(separator(", "));
            layout_components.push(self.component(date, &[]));
        }
        LayoutItem {
            editable_for_new,
            editable_for_update,
            label: Some(label_of(field).to_owned()),
            layout_components,
            placeholder: false,
            required,
            ui_behavior: Some(behaves.to_owned()),
            extra: Map::new(),
            gaps: Gaps::default(),
        }
    }

    fn date_of(&self, field: &FieldDescribe) -> Option<&'a FieldDescribe> {
        let date = match field.name.as_str() {
            "CreatedById" => "createddate",
            "LastModifiedById" => "lastmodifieddate",
            _ => return None,
        };
        self.fields.get(date).copied()
    }

    fn component(&mut self, field: &FieldDescribe, parts: &[&FieldDescribe]) -> LayoutComponent {
        self.tab += 1;
        let tab_order = self.tab;
        LayoutComponent {
            components: parts.iter().map(|part| self.component(part, &[])).collect(),
            details: Some(Box::new(field.clone())),
            display_lines: lines_of(field),
            field_type: (!parts.is_empty()).then(|| field.field_type.name().to_owned()),
            tab_order,
            component_type: "Field".to_owned(),
            value: Some(field.name.clone()),
            extra: Map::new(),
            gaps: Gaps::default(),
        }
    }
}

/// An empty place.
fn gap() -> LayoutItem {
    LayoutItem {
        editable_for_new: false,
        editable_for_update: false,
        label: Some(String::new()),
        layout_components: Vec::new(),
        placeholder: true,
        required: false,
        ui_behavior: None,
        extra: Map::new(),
        gaps: Gaps::default(),
    }
}

fn separator(text: &str) -> LayoutComponent {
    LayoutComponent {
        components: Vec::new(),
        details: None,
        display_lines: 1,
        field_type: None,
        tab_order: 0,
        component_type: "Separator".to_owned(),
        value: Some(text.to_owned()),
        extra: Map::new(),
        gaps: Gaps::default(),
    }
}

/// Must a create give the field?
pub(super) fn is_needed(field: &FieldDescribe) -> bool {
    field.createable && !field.nillable && !field.defaulted_on_create
}

/// Is the field set by the platform alone?
fn is_of_the_platform(field: &FieldDescribe) -> bool {
    let is_it = |name: &str| is_same_name(&field.name, name);
    let is_set_here = !field.createable && !field.updateable;
    is_set_here
        && (SYSTEM_FIELDS.iter().any(|it| is_it(it.name))
            || is_it(LAST_VIEWED_DATE)
            || is_it(LAST_REFERENCED_DATE))
}

/// The label of a field on a page. A reference is shown as the record that it leads to.
pub(super) fn label_of(field: &FieldDescribe) -> &str {
    let is_reference = field.field_type == FieldType::Reference;
    let label = field.label.strip_suffix(" ID").filter(|it| is_reference && !it.is_empty());
    label.unwrap_or(&field.label)
}

fn lines_of(field: &FieldDescribe) -> u32 {
    match field.field_type.known() {
        // The visible lines of such a list stand where numbers have their digits.
        Some(FieldType::MultiPicklist) => u32::from(field.precision).max(1),
        Some(FieldType::TextArea) if is_long(field) => LONG_LINES,
        Some(FieldType::TextArea) => AREA_LINES,
        _ => 1,
    }
}
