//! Layouts: the page that is made of a describe, the one that a program lays out, and their JSON.

mod described;
mod given;

use serde_json::{Value as Json, json};
use sobject_core::{
    Caller, Connection, FieldRight, LayoutDescribe, LayoutItem, LayoutSection, ObjectRight,
    Permissions,
};

use crate::desk::{Desk, LiveAgentSession, Part, Sample, Screw, refusal, refused};

/// The labels of a section, row by row; a gap is empty.
fn labels(section: &LayoutSection) -> Vec<Vec<&str>> {
    let labels = section.layout_rows.iter().map(|row| {
        let items = row.layout_items.iter();
        items.map(|item| item.label.as_deref().unwrap_or("no label")).collect()
    });
    labels.collect()
}

/// The headings of sections.
fn headings(sections: &[LayoutSection]) -> Vec<&str> {
    sections.iter().map(|it| it.heading.as_deref().unwrap_or_default()).collect()
}

/// The item of a field on the first of two sides that has it: the page that changes a record.
fn item<'l>(layout: &'l LayoutDescribe, field: &str) -> Option<&'l LayoutItem> {
    let layout = &layout.layouts[0];
    let sections = layout.edit_layout_sections.iter().chain(&layout.detail_layout_sections);
    let mut items = sections.flat_map(|it| &it.layout_rows).flat_map(|row| &row.layout_items);
    items.find(|item| item.fields().any(|it| it == field))
}

/// May it be given, may it be changed, is it required, and how does it behave?
fn behavior(layout: &LayoutDescribe, field: &str) -> (bool, bool, bool, String) {
    let item = item(layout, field).unwrap_or_else(|| panic!("{field} is not on the page"));
    let behavior = item.ui_behavior.clone().unwrap_or_default();
    (item.editable_for_new, item.editable_for_update, item.required, behavior)
}

/// A connection of the desk's agent with these rights.
fn with_rights(desk: &Desk, permissions: Permissions) -> Connection {
    desk.store.connect(Caller::user(desk.agent, permissions))
}

#[test]
fn a_page_is_made_of_the_describe_in_two_columns() {
    let desk = Desk::new();
    let layout = desk.db.describe_layout::<LiveAgentSession>().unwrap();
    let page = &layout.layouts[0];
    let wanted = ["Chat Session Information", "System Information"];
    assert_eq!(headings(&page.detail_layout_sections), wanted);
    // What only the platform sets is nothing that one could edit.
    assert_eq!(headings(&page.edit_layout_sections), wanted[..1]);
    let section = &page.detail_layout_sections[0];
    let left_and_right = labels(section);
    // The columns are filled one after another, and the last row may have a gap.
    assert_eq!(left_and_right[0][0], "Owner");
    assert_eq!(left_and_right[1][0], "Chat Session Name");
    assert!(left_and_right.iter().all(|row| row.len() == 2));
    assert_eq!((section.columns, section.tab_order.as_str()), (2, "TopToBottom"));
    assert_eq!(section.rows as usize, section.layout_rows.len());
    let n_items = section.layout_rows.iter().map(|row| row.num_items).sum::<u32>();
    assert_eq!(n_items, section.rows * 2);
    let n_fields = left_and_right.iter().flatten().filter(|it| !it.is_empty()).count();
    assert_eq!(n_fields, 17, "the page's 19 fields without the dates of viewing");
}

#[test]
fn what_a_create_needs_is_required_and_what_nobody_can_give_is_read_only() {
    let desk = Desk::new();
    let layout = desk.db.describe_layout::<LiveAgentSession>().unwrap();
    let of = |field| behavior(&layout, field);
    assert_eq!(of("AgentId"), (true, true, true, "Required".into()));
    assert_eq!(of("LoginTime"), (true, true, true, "Required".into()));
    assert_eq!(of("ChatReqAssigned"), (true, true, false, "Edit".into()));
    // It has a default, so the form may leave it out.
    assert_eq!(of("OwnerId"), (true, true, false, "Edit".into()));
    assert_eq!(of("Name"), (false, false, false, "Readonly".into()));
    assert_eq!(of("CreatedById"), (false, false, false, "Readonly".into()));
    let layout = desk.db.describe_layout::<Sample>().unwrap();
    let of = |field| behavior(&layout, field);
    assert_eq!(of("Origin"), (true, false, false, "Edit".into()));
    assert_eq!(of("Sealed"), (false, false, false, "Readonly".into()));
    assert_eq!(of("Flag"), (true, true, false, "Edit".into()));
    for absent in ["Id", "IsDeleted", "SystemModstamp"] {
        assert!(item(&layout, absent).is_none(), "{absent} is on the page");
    }
}

#[test]
fn who_did_something_stands_with_when() {
    let desk = Desk::new();
    let layout = desk.db.describe_layout::<Part>().unwrap();
    let system = &layout.layouts[0].detail_layout_sections[1];
    assert_eq!(labels(system), [["Created By", "Last Modified By"]]);
    let components = &system.layout_rows[0].layout_items[0].layout_components;
    let shown: Vec<_> =
        components.iter().map(|it| (it.component_type.as_str(), it.value.as_deref())).collect();
    assert_eq!(
        shown,
        [("Field", Some("CreatedById")), ("Separator", Some(", ")), ("Field", Some("CreatedDate"))]
    );
}

#[test]
fn the_answer_has_the_keys_of_the_rest_api() {
    let desk = Desk::new();
    let layout = desk.db.describe_layout_of("liveagentsession").unwrap();
    let json = serde_json::to_value(&layout).unwrap();
    let keys = |json: &Json| json.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&json), ["layouts", "recordTypeMappings", "recordTypeSelectorRequired"]);
    assert_eq!(json["recordTypeSelectorRequired"], json!([false]));
    let page = &json["layouts"][0];
    assert_eq!(
        keys(page),
        [
            "buttonLayoutSection",
            "detailLayoutSections",
            "editLayoutSections",
            "feedView",
            "highlightsPanelLayoutSection",
            "id",
            "multirowEditLayoutSections",
            "quickActionList",
            "relatedContent",
            "relatedLists",
            "saveOptions"
        ]
    );
    let section = &page["detailLayoutSections"][0];
    assert_eq!(
        keys(section),
        [
            "collapsed",
            "columns",
            "heading",
            "layoutRows",
            "layoutSectionId",
            "parentLayoutId",
            "rows",
            "tabOrder",
            "useCollapsibleSection",
            "useHeading"
        ]
    );
    assert_eq!(section["parentLayoutId"], page["id"]);
    assert_eq!(keys(&section["layoutRows"][0]), ["layoutItems", "numItems"]);
    let item = &section["layoutRows"][0]["layoutItems"][0];
    assert_eq!(
        keys(item),
        [
            "editableForNew",
            "editableForUpdate",
            "label",
            "layoutComponents",
            "placeholder",
            "required",
            "uiBehavior"
        ]
    );
    let component = &item["layoutComponents"][0];
    assert_eq!(
        keys(component),
        ["components", "details", "displayLines", "fieldType", "tabOrder", "type", "value"]
    );
    assert_eq!(component["details"]["referenceTo"], json!(["Group", "User"]));
    assert_eq!(keys(&component["details"]).len(), 57);
    let mapping = &json["recordTypeMappings"][0];
    assert_eq!(
        keys(mapping),
        [
            "active",
            "available",
            "defaultRecordTypeMapping",
            "developerName",
            "layoutId",
            "master",
            "name",
            "picklistsForRecordType",
            "recordTypeId"
        ]
    );
    assert_eq!(mapping["layoutId"], page["id"]);
    assert_eq!(
        (&mapping["master"], &mapping["recordTypeId"]),
        (&json!(true), &json!("012000000000000AAA"))
    );
    let button = &page["buttonLayoutSection"]["detailButtons"][0];
    assert_eq!((&button["name"], keys(button).len()), (&json!("Edit"), 20));
    // What an org sends in this form is read, and comes back equal.
    let read: LayoutDescribe = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(read, layout);
    assert_eq!(serde_json::to_value(&read).unwrap(), json);
}

#[test]
fn one_goes_through_the_page_in_the_order_of_its_tabs() {
    let desk = Desk::new();
    let layout = desk.db.describe_layout::<Sample>().unwrap();
    for sections in
        [&layout.layouts[0].detail_layout_sections, &layout.layouts[0].edit_layout_sections]
    {
        let rows = sections.iter().flat_map(|it| &it.layout_rows);
        let components = rows.flat_map(|it| &it.layout_items).flat_map(|it| &it.layout_components);
        let fields = components.filter(|it| it.component_type == "Field");
        let mut tabs: Vec<_> = fields.map(|it| it.tab_order).collect();
        tabs.sort_unstable();
        assert_eq!(tabs, (1..).take(tabs.len()).collect::<Vec<_>>());
    }
}

#[test]
fn an_object_that_does_not_list_the_call_refuses_it() {
    let desk = Desk::new();
    let message = "entity type Group does not support describeLayout";
    let of = |calls: sobject_core::Calls| {
        const NAME: sobject_core::FieldDefinition =
            sobject_core::FieldDefinition::new("Name", sobject_core::FieldType::String);
        let fields = &const { [NAME] };
        let group = sobject_core::Definition::new("Group").key_prefix("00G").calls(calls);
        let group: &'static _ = Box::leak(Box::new(group.fields(fields)));
        sobject_core::Store::in_memory(&[group]).unwrap()
    };
    let none = of(sobject_core::Calls::NONE.describe_sobjects());
    let refused_here = refused(none.system().describe_layout_of("Group"));
    assert_eq!(refused_here, refusal("INVALID_TYPE_FOR_OPERATION", message, &[]));
    let listed = of(sobject_core::Calls::NONE.describe_layout());
    assert!(listed.system().describe_layout_of("Group").is_ok());
    let unknown = refused(desk.db.describe_layout_of("Nowhere"));
    assert_eq!(unknown.code, "INVALID_TYPE");
    // Whoever may not read an object learns as little as of one that is not there.
    let stranger = with_rights(&desk, Permissions::none());
    let hidden = refused(stranger.describe_layout_of("Screw"));
    assert_eq!(hidden, refusal("INVALID_TYPE", "sObject type 'Screw' is not supported.", &[]));
}

#[test]
fn rights_hide_fields_and_show_others_read_only() {
    let desk = Desk::new();
    let clerk = with_rights(
        &desk,
        Permissions::all()
            .mute_field(("LiveAgentSession", "TimeIdle"), FieldRight::Read)
            .mute_field(("LiveAgentSession", "TimeInChats"), FieldRight::Edit),
    );
    let layout = clerk.describe_layout::<LiveAgentSession>().unwrap();
    assert!(item(&layout, "TimeIdle").is_none());
    assert!(!serde_json::to_string(&layout).unwrap().contains("TimeIdle"));
    assert_eq!(behavior(&layout, "TimeInChats"), (false, false, false, "Readonly".into()));
    assert_eq!(behavior(&layout, "AgentId"), (true, true, true, "Required".into()));

    let creator =
        with_rights(&desk, Permissions::all().mute("LiveAgentSession", [ObjectRight::Edit]));
    let layout = creator.describe_layout::<LiveAgentSession>().unwrap();
    assert_eq!(behavior(&layout, "AgentId"), (true, false, true, "Required".into()));
    let reader =
        with_rights(&desk, Permissions::none().grant("LiveAgentSession", [ObjectRight::Read]));
    let layout = reader.describe_layout::<LiveAgentSession>().unwrap();
    assert_eq!(behavior(&layout, "AgentId"), (false, false, false, "Readonly".into()));
    let buttons = layout.layouts[0].button_layout_section.as_ref().unwrap();
    assert!(buttons.detail_buttons.is_empty());
    let layout = desk.db.describe_layout::<Screw>().unwrap();
    let buttons = layout.layouts[0].button_layout_section.as_ref().unwrap();
    let names: Vec<_> = buttons.detail_buttons.iter().flat_map(|it| &it.name).collect();
    assert_eq!(names, ["Edit", "Delete", "Clone"]);
}
