//! The lists of related records of a page.

use serde_json::Map;

use super::{button, sections::label_of, standard::is_long};
use crate::{
    definition::SYSTEM_FIELDS,
    describe::{
        FieldDescribe, Gaps, ObjectDescribe, RelatedList, RelatedListColumn, RelatedListSort,
    },
    error::Result,
    name::is_same_name,
    page_layout::{PageLayout, PageRelatedList},
    permissions::ObjectRight,
    store::{keep::Schema, read::describe::describe, rules::Access},
    value::FieldType,
};

/// Columns of a list that the program gives none.
const N_COLUMNS: usize = 4;

/// The lists of a page. One of an object that the caller may not read is left out, and so is one of an
/// object that the store does not have.
pub(super) fn lists(
    schema: &Schema,
    page: &PageLayout,
    parent: &ObjectDescribe,
    access: &Access,
) -> Result<Vec<RelatedList>> {
    let mut lists = Vec::new();
    for wanted in &page.related_lists {
        let is_it = |name: &Option<String>| {
            name.as_ref().is_some_and(|it| is_same_name(it, &wanted.relationship))
        };
        let Some(relationship) =
            parent.child_relationships.iter().find(|it| is_it(&it.relationship_name))
        else {
            continue;
        };
        let child = schema.catalogue.find(&relationship.child_sobject);
        let Some(object) = child.filter(|it| access.may(it, ObjectRight::Read)) else { continue };
        let child = describe(schema, &object.name, access)?;
        let columns = columns(wanted, &child, &relationship.field);
        let may_create = object.calls.is_create() && access.may(object, ObjectRight::Create);
        lists.push(RelatedList {
            access_level_required_for_create: None,
            buttons: if may_create { vec![button("New", "New")] } else { Vec::new() },
            sort: sort(wanted, &child),
            columns,
            custom: child.custom,
            field: Some(relationship.field.clone()),
            label: child.label_plural.clone(),
            limit_rows: wanted.limit,
            name: relationship.relationship_name.clone().unwrap_or_default(),
            sobject: Some(child.name.clone()),
            extra: Map::new(),
            gaps: Gaps::default(),
        });
    }
    Ok(lists)
}

/// The columns of a list: those that are wanted and visible; else the name and the first fields that
/// fit into a column, without the reference by which the record is in the list.
fn columns(
    wanted: &PageRelatedList,
    child: &ObjectDescribe,
    reference: &str,
) -> Vec<RelatedListColumn> {
    if !wanted.columns.is_empty() {
        let fields = wanted.columns.iter().filter_map(|name| find(child, name));
        return fields.map(|field| column(child, field)).collect();
    }
    let name = child.fields.iter().find(|field| field.name_field);
    let others = child.fields.iter().filter(|field| {
        let is_system = SYSTEM_FIELDS.iter().any(|it| is_same_name(it.name, &field.name));
        let is_part = field.compound_field_name.as_ref().is_some_and(|it| *it != field.name);
        !field.name_field
            && !is_system
            && !is_part
            && !is_long(field)
            && !field.is_describe_only()
            && !is_same_name(&field.name, reference)
            && !is_same_name(&field.name, crate::name::OWNER_ID)
            && field.field_type != FieldType::Base64
    });
    name.into_iter().chain(others).take(N_COLUMNS).map(|field| column(child, field)).collect()
}

fn column(child: &ObjectDescribe, field: &FieldDescribe) -> RelatedListColumn {
    let format = match field.field_type.known() {
        Some(FieldType::Date) => Some("date"),
        Some(FieldType::DateTime) => Some("datetime"),
        _ => None,
    };
    // The record that a reference leads to is shown by its name, with a link to it.
    let parent = field.relationship_name.as_ref();
    let parent = parent.filter(|_| field.field_type == FieldType::Reference);
    let (name, lookup_id) = match parent {
        Some(parent) => (format!("{parent}.Name"), Some(format!("{parent}.Id"))),
        None => (field.name.clone(), field.name_field.then(|| "Id".to_owned())),
    };
    RelatedListColumn {
        field: Some(format!("{}.{}", child.name, field.name)),
        field_api_name: field.name.clone(),
        format: format.map(str::to_owned),
        label: label_of(field).to_owned(),
        lookup_id,
        name,
        sortable: field.sortable,
        extra: Map::new(),
        gaps: Gaps::default(),
    }
}

/// By what a list is sorted: by its name, if nothing else is wanted.
fn sort(wanted: &PageRelatedList, child: &ObjectDescribe) -> Vec<RelatedListSort> {
    let sort = |field: &FieldDescribe, ascending| RelatedListSort {
        ascending,
        column: field.name.clone(),
        extra: Map::new(),
        gaps: Gaps::default(),
    };
    if wanted.sort.is_empty() {
        let name = child.fields.iter().find(|field| field.name_field && field.sortable);
        return name.map(|field| sort(field, true)).into_iter().collect();
    }
    let visible =
        wanted.sort.iter().filter_map(|(name, ascending)| Some((find(child, name)?, *ascending)));
    visible.map(|(field, ascending)| sort(field, ascending)).collect()
}

fn find<'d>(describe: &'d ObjectDescribe, name: &str) -> Option<&'d FieldDescribe> {
    describe.fields.iter().find(|it| is_same_name(&it.name, name))
}
