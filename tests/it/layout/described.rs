//! The pages of objects of a real org, which came with their describes.

use std::{fs, path::PathBuf};

use sobject_core::{
    Caller, ObjectRight, Permissions, SObject, Store, StoreBuilder,
    standard::{User, UserCreate},
};

use super::{behavior, headings, item, labels};

/// A store with the accounts and cases of an org is to be opened.
pub(super) fn builder() -> StoreBuilder {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("data/describe");
    ["Account", "Case"].into_iter().fold(Store::builder(), |builder, name| {
        let text = fs::read_to_string(folder.join(format!("{name}.describe.json"))).unwrap();
        builder.described(serde_json::from_str(&text).unwrap())
    })
}

#[test]
fn long_texts_stand_below_the_other_fields_in_one_column() {
    let store = builder().in_memory(&[]).unwrap();
    let layout = store.system().describe_layout_of("Account").unwrap();
    let page = &layout.layouts[0];
    let wanted = ["Account Information", "Description Information", "System Information"];
    assert_eq!(headings(&page.detail_layout_sections), wanted);
    let long = &page.detail_layout_sections[1];
    assert_eq!(long.columns, 1);
    assert_eq!(labels(long).len(), 3);
    let lines = |field: &str| {
        let item = item(&layout, field).unwrap();
        item.layout_components[0].display_lines
    };
    assert_eq!((lines("Description"), lines("BillingStreet"), lines("Phone")), (6, 3, 1));
}

#[test]
fn a_compound_field_is_one_item_where_it_is_shown_and_its_parts_where_they_are_edited() {
    let store = builder().in_memory(&[]).unwrap();
    let layout = store.system().describe_layout_of("Account").unwrap();
    let page = &layout.layouts[0];
    let on = |sections: &[sobject_core::LayoutSection], field: &str| {
        let rows = sections.iter().flat_map(|it| &it.layout_rows);
        rows.flat_map(|it| &it.layout_items).any(|it| it.fields().any(|it| it == field))
    };
    assert!(on(&page.detail_layout_sections, "BillingAddress"));
    assert!(!on(&page.detail_layout_sections, "BillingCity"));
    assert!(!on(&page.edit_layout_sections, "BillingAddress"));
    assert!(on(&page.edit_layout_sections, "BillingCity"));
    let address = item(&layout, "BillingAddress").unwrap();
    assert_eq!(address.label.as_deref(), Some("Billing Address"));
    // The whole can be edited where its parts can.
    assert_eq!(behavior(&layout, "BillingAddress"), (true, true, false, "Edit".into()));
    let [component] = &address.layout_components[..] else { panic!("one component") };
    assert_eq!(component.field_type.as_deref(), Some("address"));
    let parts: Vec<_> = component.components.iter().flat_map(|it| &it.value).collect();
    assert_eq!(parts[..3], ["BillingStreet", "BillingCity", "BillingState"]);
    assert_eq!(parts.len(), 8);
}

#[test]
fn lists_of_children_follow_from_the_describe_of_the_parent() {
    let store = builder().in_memory(&[User::OBJECT]).unwrap();
    let ada = store.system().create(UserCreate::new("Ada", "ada@example.com")).unwrap();
    let layout = store.system().describe_layout_of("Account").unwrap();
    // The org's accounts have dozens of children, of which the store has one that has a name.
    let lists = &layout.layouts[0].related_lists;
    let list = lists.iter().find(|it| it.name == "Cases").expect("cases");
    assert_eq!((list.label.as_str(), list.sobject.as_deref()), ("Cases", Some("Case")));
    assert_eq!((list.field.as_deref(), list.limit_rows), (Some("AccountId"), 5));
    let columns: Vec<_> = list.columns.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(columns, ["CaseNumber", "MasterRecord.Name", "Contact.Name", "Asset.Name"]);
    assert_eq!(list.columns[0].lookup_id.as_deref(), Some("Id"));
    assert_eq!(list.sort[0].column, "CaseNumber");
    assert_eq!(list.buttons[0].name.as_deref(), Some("New"));
    // Whoever may not read cases is shown no list of them.
    let permissions = Permissions::all().mute("Case", [ObjectRight::Read]);
    let clerk = store.connect(Caller::user(ada, permissions));
    let layout = clerk.describe_layout_of("Account").unwrap();
    assert!(layout.layouts[0].related_lists.iter().all(|it| it.name != "Cases"));
    let permissions = Permissions::all().mute("Case", [ObjectRight::Create]);
    let clerk = store.connect(Caller::user(ada, permissions));
    let layout = clerk.describe_layout_of("Account").unwrap();
    let list = layout.layouts[0].related_lists.iter().find(|it| it.name == "Cases");
    assert!(list.unwrap().buttons.is_empty());
}

#[test]
fn the_record_type_offers_the_active_values_of_each_picklist() {
    let store = builder().in_memory(&[]).unwrap();
    let describe = store.system().describe_sobject("Case").unwrap();
    let layout = store.system().describe_layout_of("Case").unwrap();
    let picklists = &layout.record_type_mappings[0].picklists_for_record_type;
    let names: Vec<_> = picklists.iter().map(|it| it.picklist_name.as_str()).collect();
    assert_eq!(names, ["Type", "Status", "Reason", "Origin", "Priority"]);
    let status = describe.fields.iter().find(|it| it.name == "Status").unwrap();
    let active: Vec<_> = status.picklist_values.iter().filter(|it| it.active).cloned().collect();
    assert_eq!(picklists[1].picklist_values, active);
    assert!(!active.is_empty());
}
