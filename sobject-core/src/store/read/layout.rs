//! Layouts: the page of an object as a caller sees it, which a form is drawn from.
//!
//! A page is laid out by the program, or made of the object's describe (`standard`). `sections` and
//! `related` turn it into the platform's answer, for what the caller may see and do: a field that the
//! caller may not read is not on the page, and those behind it move up; one that the caller may not
//! edit is shown. There is one record type, Master, which has the layout.
//!
//! Ids of layouts and sections are made of the object's number, so that they are the same whenever the
//! program runs. **Invariant:** what a page names is looked up when the store opens (`check`), so a
//! layout that is asked for has no mistakes left.

mod check;
mod related;
mod sections;
mod standard;

use std::collections::HashMap;

use serde_json::Map;

use self::sections::{Sections, Side};
use super::{derived::MASTER_RECORD_TYPE, describe::describe};
use crate::{
    catalogue::{Object, ObjectNo},
    describe::{
        ButtonLayoutSection, Gaps, Layout, LayoutButton, LayoutDescribe, ObjectDescribe,
        PicklistForRecordType, RecordTypeMapping,
    },
    error::{Call, Result},
    id::{KeyPrefix, RecordId},
    page_layout::PageLayout,
    permissions::ObjectRight,
    store::{keep::Schema, rules::Access},
    value::FieldType,
};

/// What ids of layouts begin with.
const LAYOUT_PREFIX: &str = "00h";

/// The pages that the program has laid out, by object.
#[derive(Debug, Default)]
pub(crate) struct Layouts(HashMap<ObjectNo, PageLayout>);

impl Layouts {
    /// These pages.
    ///
    /// # Errors
    /// [`Error::BadDefinition`](crate::Error::BadDefinition) with everything that is wrong with the
    /// pages of the first object whose page is wrong.
    pub(crate) fn new(schema: &Schema, pages: Vec<PageLayout>) -> Result<Self> {
        let mut checked = HashMap::with_capacity(pages.len());
        for page in pages {
            let number = check::check(schema, &page, |number| checked.contains_key(&number))?;
            checked.insert(number, page);
        }
        Ok(Self(checked))
    }
}

/// The layouts of an object to a caller.
///
/// # Errors
/// [`Error::UnknownObject`](crate::Error::UnknownObject), with the name as given, if there is none
/// that the caller may read; [`Error::CallNotSupported`](crate::Error::CallNotSupported);
/// [`Error::BadPermissions`](crate::Error::BadPermissions).
pub(crate) fn describe_layout(
    schema: &Schema,
    layouts: &Layouts,
    name: &str,
    access: &Access,
) -> Result<LayoutDescribe> {
    let object = access.find_object(&schema.catalogue, name)?;
    access.check_call(object, Call::DescribeLayout)?;
    let describe = describe(schema, &object.name, access)?;
    let standard;
    let page = if let Some(page) = layouts.0.get(&object.number) {
        page
    } else {
        standard = standard::page(&describe);
        &standard
    };
    let id = id_of(schema, LAYOUT_PREFIX, object.number, 0);
    let sections = |side| {
        let mut sections = Sections::new(schema, object, &describe, access, &id, side);
        page.sections.iter().enumerate().filter_map(|(n, it)| sections.section(n, it)).collect()
    };
    let layout = Layout {
        button_layout_section: Some(ButtonLayoutSection {
            detail_buttons: buttons(object, access),
            extra: Map::new(),
            gaps: Gaps::default(),
        }),
        detail_layout_sections: sections(Side::Detail),
        edit_layout_sections: sections(Side::Edit),
        feed_view: None,
        highlights_panel_layout_section: None,
        id: Some(id.clone()),
        multirow_edit_layout_sections: Vec::new(),
        quick_action_list: None,
        related_content: None,
        related_lists: related::lists(schema, page, &describe, access)?,
        save_options: Vec::new(),
        extra: Map::new(),
        gaps: Gaps::default(),
    };
    Ok(LayoutDescribe {
        layouts: vec![layout],
        record_type_mappings: vec![mapping(&describe, id)],
        record_type_selector_required: vec![false],
        extra: Map::new(),
        gaps: Gaps::default(),
    })
}

/// The one record type, with every value that the picklists offer.
fn mapping(describe: &ObjectDescribe, layout_id: String) -> RecordTypeMapping {
    let is_picklist = |it: &FieldType| matches!(it, FieldType::Picklist | FieldType::MultiPicklist);
    let picklists = describe
        .fields
        .iter()
        .filter(|field| field.field_type.known().as_ref().is_some_and(is_picklist));
    let picklists_for_record_type = picklists.map(|field| PicklistForRecordType {
        picklist_name: field.name.clone(),
        picklist_values: field.picklist_values.iter().filter(|it| it.active).cloned().collect(),
        extra: Map::new(),
        gaps: Gaps::default(),
    });
    RecordTypeMapping {
        active: true,
        available: true,
        default_record_type_mapping: true,
        developer_name: "Master".to_owned(),
        layout_id,
        master: true,
        name: "Master".to_owned(),
        picklists_for_record_type: picklists_for_record_type.collect(),
        record_type_id: Some(MASTER_RECORD_TYPE.to_owned()),
        extra: Map::new(),
        gaps: Gaps::default(),
    }
}

/// The buttons of a record's page: what the object supports and the caller may do.
fn buttons(object: &Object, access: &Access) -> Vec<LayoutButton> {
    let calls = object.calls;
    let may = |right| access.may(object, right);
    let mut buttons = Vec::new();
    for (has, right, name) in [
        (calls.is_update(), ObjectRight::Edit, "Edit"),
        (calls.is_delete(), ObjectRight::Delete, "Delete"),
        (calls.is_create(), ObjectRight::Create, "Clone"),
    ] {
        if has && may(right) {
            buttons.push(button(name, name));
        }
    }
    buttons
}

/// A standard button.
fn button(name: &str, label: &str) -> LayoutButton {
    LayoutButton {
        behavior: None,
        colors: Vec::new(),
        content: None,
        content_source: None,
        custom: false,
        encoding: None,
        height: None,
        icons: Vec::new(),
        label: Some(label.to_owned()),
        menubar: None,
        name: Some(name.to_owned()),
        overridden: false,
        resizeable: None,
        scrollbars: None,
        shows_location: None,
        shows_status: None,
        toolbar: None,
        url: None,
        width: None,
        window_position: None,
        extra: Map::new(),
        gaps: Gaps::default(),
    }
}

/// The id of a part of an object's layout.
fn id_of(schema: &Schema, prefix: &str, object: ObjectNo, part: usize) -> String {
    // An object has fewer sections than this by far.
    let number = (u64::from(object.0) << 16) + u64::try_from(part).unwrap_or(0) + 1;
    let prefix = KeyPrefix::new(prefix);
    let id = prefix.and_then(|it| RecordId::from_parts(it, schema.instance, number));
    id.as_ref().map(RecordId::to_string).unwrap_or_default()
}
