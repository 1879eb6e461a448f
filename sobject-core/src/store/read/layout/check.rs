//! What is wrong with a page that a program has laid out.

use std::collections::HashSet;

use super::sections::is_needed;
use crate::{
    catalogue::ObjectNo,
    describe::ObjectDescribe,
    error::{Error, Result},
    name::is_same_name,
    page_layout::{Behavior, PageItem, PageLayout, PageRelatedList},
    store::{keep::Schema, read::derived},
};

/// Most columns of a related list.
const MAX_COLUMNS: usize = 10;

/// Refuses a page that names what is not there or contradicts itself, and returns its object.
/// `is_taken` tells whether the object has a page already.
///
/// # Errors
/// [`Error::BadDefinition`] with a sentence for each mistake.
pub(super) fn check(
    schema: &Schema,
    page: &PageLayout,
    is_taken: impl FnOnce(ObjectNo) -> bool,
) -> Result<ObjectNo> {
    let refused =
        |object: &str, problems| Err(Error::BadDefinition { object: object.to_owned(), problems });
    let Some(object) = schema.catalogue.find(&page.object) else {
        let problem = "a page is laid out for it, but the store has no such object";
        return refused(&page.object, vec![problem.to_owned()]);
    };
    let describe = derived::describe(schema, object);
    let mut problems = Vec::new();
    if is_taken(object.number) {
        problems.push("two pages are laid out for it, and there is one record type".to_owned());
    }
    check_fields(page, &describe, &mut problems);
    let mut named = HashSet::new();
    for list in &page.related_lists {
        if !named.insert(list.relationship.to_ascii_lowercase()) {
            problems.push(format!("the page has the related list {} twice", list.relationship));
        }
        check_list(schema, list, &describe, &mut problems);
    }
    if problems.is_empty() { Ok(object.number) } else { refused(&object.name, problems) }
}

fn check_fields(page: &PageLayout, describe: &ObjectDescribe, problems: &mut Vec<String>) {
    let mut on_page = HashSet::new();
    for section in &page.sections {
        for item in &section.items {
            let PageItem::Field { name, behavior } = item else { continue };
            let found = describe.fields.iter().find(|it| is_same_name(&it.name, name));
            let Some(field) = found else {
                problems.push(format!("the page names the field {name}, which is not there"));
                continue;
            };
            if !on_page.insert(field.name.as_str()) {
                problems.push(format!("the page has the field {} twice", field.name));
            }
            let parts = describe.fields.iter().filter(|part| {
                part.name != field.name && part.compound_field_name.as_ref() == Some(&field.name)
            });
            let parts: Vec<_> = parts.collect();
            let can_be_given = |it: &&_| {
                let it: &crate::describe::FieldDescribe = it;
                it.createable || it.updateable
            };
            match behavior {
                Behavior::Required if !parts.iter().chain([&field]).any(can_be_given) => {
                    problems.push(format!(
                        "the page requires the field {}, which no call can give",
                        field.name
                    ));
                }
                Behavior::ReadOnly if parts.iter().chain([&field]).any(|it| is_needed(it)) => {
                    problems.push(format!(
                        "the page shows the field {} read-only, which a create must give",
                        field.name
                    ));
                }
                _ => {}
            }
            // Who names the whole has its parts.
            on_page.extend(parts.iter().map(|part| part.name.as_str()));
        }
    }
    let missing = describe.fields.iter().filter(|it| is_needed(it));
    for field in missing.filter(|it| !on_page.contains(it.name.as_str())) {
        problems.push(format!("the page lacks the field {}, which a create must give", field.name));
    }
}

fn check_list(
    schema: &Schema,
    list: &PageRelatedList,
    describe: &ObjectDescribe,
    problems: &mut Vec<String>,
) {
    let name = &list.relationship;
    let found = describe
        .child_relationships
        .iter()
        .find(|it| it.relationship_name.as_ref().is_some_and(|it| is_same_name(it, name)));
    let Some(relationship) = found else {
        problems.push(format!("the page names the children {name}, which are not there"));
        return;
    };
    // A described object may have children that this store does not.
    let Some(child) = schema.catalogue.find(&relationship.child_sobject) else { return };
    for column in list.columns.iter().chain(list.sort.iter().map(|(column, _)| column)) {
        if child.find(column).is_none() {
            problems.push(format!(
                "the related list {name} names the field {}.{column}, which is not there",
                child.name
            ));
        }
    }
    let mut columns = HashSet::new();
    for column in &list.columns {
        if !columns.insert(column.to_ascii_lowercase()) {
            problems.push(format!("the related list {name} has the column {column} twice"));
        }
    }
    if list.columns.len() > MAX_COLUMNS {
        problems.push(format!(
            "the related list {name} has {} columns, more than {MAX_COLUMNS}",
            list.columns.len()
        ));
    }
}
