//! The page of an object that the program has not laid out: made of its describe.
//!
//! The fields come in the order of the describe in two columns, the long texts below them in one, and
//! who created and changed the record stands at the end. Parts of a compound field stand where the
//! whole does. (The page that an org makes for a new object is laid out so; what it has for the
//! objects that are its own was laid out by people.)

use std::collections::HashSet;

use crate::{
    describe::{FieldDescribe, ObjectDescribe},
    name::{LAST_REFERENCED_DATE, LAST_VIEWED_DATE},
    page_layout::{PageLayout, PageRelatedList, PageSection},
    value::FieldType,
};

/// Fields that no page shows by itself.
const NOT_SHOWN: [&str; 8] = [
    "Id",
    "IsDeleted",
    "CreatedDate",
    "LastModifiedDate",
    "SystemModstamp",
    LAST_VIEWED_DATE,
    LAST_REFERENCED_DATE,
    "LastActivityDate",
];
/// Fields that stand at the end of the page, each with its date.
const BY_WHOM: [&str; 2] = ["CreatedById", "LastModifiedById"];
/// A text that may be longer has a line of its own.
const SHORT: u32 = 255;

/// The page of an object.
pub(super) fn page(describe: &ObjectDescribe) -> PageLayout {
    let fields = || describe.fields.iter();
    let names: HashSet<&str> = fields().map(|field| field.name.as_str()).collect();
    let is_part = |field: &FieldDescribe| {
        let whole = field.compound_field_name.as_deref();
        whole.is_some_and(|whole| whole != field.name && names.contains(whole))
    };
    let shown: Vec<_> = fields()
        .filter(|it| !NOT_SHOWN.contains(&it.name.as_str()) && !BY_WHOM.contains(&it.name.as_str()))
        .filter(|it| !it.deprecated_and_hidden && !is_part(it))
        .collect();
    let (long, short): (Vec<_>, Vec<_>) = shown.into_iter().partition(|it| is_long(it));
    let by_whom = fields().map(|it| it.name.as_str()).filter(|name| BY_WHOM.contains(name));
    let api_names = |fields: Vec<&'_ FieldDescribe>| -> Vec<String> {
        fields.into_iter().map(|it| it.name.clone()).collect()
    };
    let mut page = PageLayout::new(&describe.name);
    for (heading, is_wide, names) in [
        (format!("{} Information", describe.label), false, api_names(short)),
        ("Description Information".to_owned(), true, api_names(long)),
        ("System Information".to_owned(), false, by_whom.map(str::to_owned).collect()),
    ] {
        if names.is_empty() {
            continue;
        }
        let section = PageSection::new(heading).fields(names.iter().map(String::as_str));
        let section = if is_wide { section.one_column() } else { section.top_to_bottom() };
        page = page.section(section);
    }
    let children = describe.child_relationships.iter();
    for relationship in children.filter_map(|child| child.relationship_name.as_deref()) {
        page = page.related_list(PageRelatedList::new(relationship));
    }
    page
}

/// Is it a text that may be long?
pub(super) fn is_long(field: &FieldDescribe) -> bool {
    field.field_type == FieldType::TextArea && field.length > SHORT
}
