//! The answer to `describeLayout`, in the form in which the platform's REST API gives it.
//!
//! It is what a form is drawn from: sections of rows of items, once for the page that shows a record
//! and once for the one that changes it, and the lists of related records below. **Invariant:** the
//! fields of the structs here are the keys of the JSON, in its order, as in [`super`].

use serde_json::Value as Json;

use super::{FieldDescribe, PicklistEntry, keys::keys_of};

keys_of! {
    /// The layouts of an object, and which record type has which.
    LayoutDescribe named "id";

    layouts "layouts" has Vec<Layout>,
    record_type_mappings "recordTypeMappings" has Vec<RecordTypeMapping>,
    record_type_selector_required "recordTypeSelectorRequired" has Vec<bool>,
}

keys_of! {
    /// A layout. What of its parts the store does not model (feeds, quick actions, related content)
    /// is null or empty.
    Layout named "id";

    button_layout_section "buttonLayoutSection" has Option<ButtonLayoutSection>,
    detail_layout_sections "detailLayoutSections" has Vec<LayoutSection>,
    edit_layout_sections "editLayoutSections" has Vec<LayoutSection>,
    feed_view "feedView" has Option<Json>,
    highlights_panel_layout_section "highlightsPanelLayoutSection" has Option<LayoutSection>,
    id "id" has Option<String>,
    multirow_edit_layout_sections "multirowEditLayoutSections" has Vec<LayoutSection>,
    quick_action_list "quickActionList" has Option<Json>,
    related_content "relatedContent" has Option<Json>,
    related_lists "relatedLists" has Vec<RelatedList>,
    save_options "saveOptions" has Vec<Json>,
}

keys_of! {
    /// A part of a page under one heading.
    LayoutSection named "heading";

    collapsed "collapsed" has bool,
    columns "columns" has u32,
    heading "heading" has Option<String>,
    layout_rows "layoutRows" has Vec<LayoutRow>,
    layout_section_id "layoutSectionId" has Option<String>,
    parent_layout_id "parentLayoutId" has String,
    rows "rows" has u32,
    // `LeftToRight` or `TopToBottom`.
    tab_order "tabOrder" has String,
    use_collapsible_section "useCollapsibleSection" has bool,
    use_heading "useHeading" has bool,
}

keys_of! {
    /// A row of a section.
    LayoutRow named "numItems";

    layout_items "layoutItems" has Vec<LayoutItem>,
    num_items "numItems" has u32,
}

keys_of! {
    /// A place of a row: a label and what stands behind it, or a gap.
    LayoutItem named "label";

    editable_for_new "editableForNew" has bool,
    editable_for_update "editableForUpdate" has bool,
    label "label" has Option<String>,
    layout_components "layoutComponents" has Vec<LayoutComponent>,
    placeholder "placeholder" has bool,
    required "required" has bool,
    // `Edit`, `Required` or `Readonly`.
    ui_behavior "uiBehavior" has Option<String>,
}

keys_of! {
    /// What stands in an item: a field, a separator between two, or an empty space.
    LayoutComponent named "value";

    components "components" has Vec<LayoutComponent>,
    details "details" has Option<Box<FieldDescribe>>,
    display_lines "displayLines" has u32,
    field_type "fieldType" has Option<String>,
    tab_order "tabOrder" has u32,
    // `Field`, `Separator`, `EmptySpace` and more.
    component_type "type" has String,
    value "value" has Option<String>,
}

impl LayoutItem {
    /// The API names of the fields that stand in it.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        let fields = self.layout_components.iter().filter(|it| it.component_type == "Field");
        fields.filter_map(|it| it.value.as_deref())
    }
}

keys_of! {
    /// The buttons of the page that shows a record.
    ButtonLayoutSection named "detailButtons";

    detail_buttons "detailButtons" has Vec<LayoutButton>,
}

keys_of! {
    /// A button.
    LayoutButton named "name";

    behavior "behavior" has Option<String>,
    colors "colors" has Vec<Json>,
    content "content" has Option<String>,
    content_source "contentSource" has Option<String>,
    custom "custom" has bool,
    encoding "encoding" has Option<String>,
    height "height" has Option<u32>,
    icons "icons" has Vec<Json>,
    label "label" has Option<String>,
    menubar "menubar" has Option<bool>,
    name "name" has Option<String>,
    overridden "overridden" has bool,
    resizeable "resizeable" has Option<bool>,
    scrollbars "scrollbars" has Option<bool>,
    shows_location "showsLocation" has Option<bool>,
    shows_status "showsStatus" has Option<bool>,
    toolbar "toolbar" has Option<bool>,
    url "url" has Option<String>,
    width "width" has Option<u32>,
    window_position "windowPosition" has Option<String>,
}

keys_of! {
    /// A list of the records of another object that refer to the one that is shown.
    RelatedList named "name";

    access_level_required_for_create "accessLevelRequiredForCreate" has Option<String>,
    buttons "buttons" has Vec<LayoutButton>,
    columns "columns" has Vec<RelatedListColumn>,
    custom "custom" has bool,
    field "field" has Option<String>,
    label "label" has String,
    limit_rows "limitRows" has u32,
    name "name" has String,
    sobject "sobject" has Option<String>,
    sort "sort" has Vec<RelatedListSort>,
}

keys_of! {
    /// A column of a related list.
    RelatedListColumn named "name";

    field "field" has Option<String>,
    field_api_name "fieldApiName" has String,
    format "format" has Option<String>,
    label "label" has String,
    lookup_id "lookupId" has Option<String>,
    name "name" has String,
    sortable "sortable" has bool,
}

keys_of! {
    /// By which column a related list is sorted.
    RelatedListSort named "column";

    ascending "ascending" has bool,
    column "column" has String,
}

keys_of! {
    /// Which layout the records of a record type have, and which values their picklists.
    RecordTypeMapping named "name";

    active "active" has bool,
    available "available" has bool,
    default_record_type_mapping "defaultRecordTypeMapping" has bool,
    developer_name "developerName" has String,
    layout_id "layoutId" has String,
    master "master" has bool,
    name "name" has String,
    picklists_for_record_type "picklistsForRecordType" has Vec<PicklistForRecordType>,
    record_type_id "recordTypeId" has Option<String>,
}

keys_of! {
    /// The values that a picklist offers to the records of a record type.
    PicklistForRecordType named "picklistName";

    picklist_name "picklistName" has String,
    picklist_values "picklistValues" has Vec<PicklistEntry>,
}
