//! Pages that a program lays out.

use sobject_core::{
    FieldRight, LayoutDescribe, PageLayout, PageRelatedList, PageSection, Permissions, Store,
};

use super::{Desk, behavior, described, headings, item, labels, with_rights};
use crate::desk::{LiveAgentSession, OBJECTS};

/// A desk whose sessions have this page.
fn desk(page: PageLayout) -> Desk {
    Desk::with(|builder| builder.layout(page).in_memory(OBJECTS))
}

fn session_page() -> PageLayout {
    PageLayout::new("liveAgentSession")
        .section(
            PageSection::new("Who and When")
                .fields(["AgentId", "OwnerId"])
                .blank()
                .read_only("Name")
                .fields(["LoginTime", "LogoutTime"])
                .required("TimeInChats"),
        )
        .section(
            PageSection::new("")
                .one_column()
                .top_to_bottom()
                .fields(["TimeIdle", "TimeAtCapacity"]),
        )
        .section(PageSection::new("Who").collapsed().fields(["createdbyid"]))
}

#[test]
fn a_page_is_answered_as_it_was_laid_out() {
    let desk = desk(session_page());
    let layout = desk.db.describe_layout::<LiveAgentSession>().unwrap();
    let page = &layout.layouts[0];
    assert_eq!(headings(&page.detail_layout_sections), ["Who and When", "", "Who"]);
    assert_eq!(headings(&page.edit_layout_sections), ["Who and When", ""]);
    let [first, second, third] = &page.detail_layout_sections[..] else { panic!("three") };
    assert_eq!(
        labels(first),
        [
            ["User", "Owner"],
            ["", "Chat Session Name"],
            ["Login Time", "Logout Time"],
            ["Time Spent in Chats", ""]
        ]
    );
    assert_eq!(first.tab_order, "LeftToRight");
    assert!(first.layout_rows[1].layout_items[0].placeholder);
    assert_eq!(labels(second), [["Time Idle"], ["Time Spent at Capacity"]]);
    assert_eq!((second.columns, second.use_heading), (1, false));
    assert_eq!((third.collapsed, third.use_collapsible_section), (true, true));
    assert_eq!(behavior(&layout, "TimeInChats"), (true, true, true, "Required".into()));
    assert_eq!(behavior(&layout, "Name"), (false, false, false, "Readonly".into()));
    assert!(item(&layout, "ChatReqAssigned").is_none());
    // Another object of the same store has the page that is made of its describe.
    assert!(item(&desk.db.describe_layout_of("Part").unwrap(), "TwinId").is_some());
    // The layout of a call is no rule of the store: a create may leave out what the page requires.
    desk.db.create(desk.session()).unwrap();
}

#[test]
fn fields_move_up_where_others_are_hidden_and_sections_without_any_go() {
    let desk = desk(session_page());
    let clerk = with_rights(
        &desk,
        Permissions::all()
            .mute_field(("LiveAgentSession", "TimeInChats"), FieldRight::Read)
            .mute_field(("LiveAgentSession", "TimeIdle"), FieldRight::Read)
            .mute_field(("LiveAgentSession", "TimeAtCapacity"), FieldRight::Read),
    );
    let layout = clerk.describe_layout::<LiveAgentSession>().unwrap();
    let page = &layout.layouts[0];
    assert_eq!(headings(&page.detail_layout_sections), ["Who and When", "Who"]);
    assert_eq!(page.detail_layout_sections[0].rows, 3);
}

#[test]
fn ids_are_the_same_whenever_the_program_runs_and_differ_by_section() {
    let ids = |layout: LayoutDescribe| {
        let page = layout.layouts.into_iter().next().unwrap();
        let sections = page.detail_layout_sections.into_iter().chain(page.edit_layout_sections);
        (page.id, sections.map(|it| it.layout_section_id.unwrap()).collect::<Vec<_>>())
    };
    let (one, two) = (desk(session_page()), desk(session_page()));
    let first = ids(one.db.describe_layout::<LiveAgentSession>().unwrap());
    assert_eq!(first, ids(two.db.describe_layout::<LiveAgentSession>().unwrap()));
    let (id, sections) = first;
    assert!(id.unwrap().starts_with("00h") && sections[0].starts_with("01B"));
    // The same section has the same id on both sides.
    assert_eq!(sections[..2], sections[3..]);
    assert!(sections[0] != sections[1] && sections[1] != sections[2]);
}

#[test]
fn related_lists_have_the_columns_that_were_wanted() {
    let page = PageLayout::new("Account")
        .section(PageSection::new("Account").fields(["Name", "Phone"]))
        .related_list(
            PageRelatedList::new("cases")
                .columns(["ClosedDate", "contactId", "Subject"])
                .descending("ClosedDate")
                .ascending("Subject")
                .limit(12),
        );
    let store = described::builder().layout(page).in_memory(&[]).unwrap();
    let layout = store.system().describe_layout_of("Account").unwrap();
    let [list] = &layout.layouts[0].related_lists[..] else { panic!("one list") };
    assert_eq!((list.name.as_str(), list.label.as_str(), list.limit_rows), ("Cases", "Cases", 12));
    let columns: Vec<_> = list
        .columns
        .iter()
        .map(|it| {
            let (field, lookup) = (it.field.as_deref(), it.lookup_id.as_deref());
            (field.unwrap(), it.name.as_str(), it.label.as_str(), lookup, it.format.as_deref())
        })
        .collect();
    assert_eq!(
        columns,
        [
            ("Case.ClosedDate", "ClosedDate", "Closed Date", None, Some("datetime")),
            ("Case.ContactId", "Contact.Name", "Contact", Some("Contact.Id"), None),
            ("Case.Subject", "Subject", "Subject", None, None)
        ]
    );
    let sort: Vec<_> = list.sort.iter().map(|it| (it.column.as_str(), it.ascending)).collect();
    assert_eq!(sort, [("ClosedDate", false), ("Subject", true)]);
}

#[test]
fn every_mistake_of_a_page_is_told_when_the_store_opens() {
    let session = || PageLayout::new("LiveAgentSession");
    let whole = || PageSection::new("All").fields(["AgentId", "LoginTime", "LogoutTime"]);
    let account = || PageLayout::new("Account").section(PageSection::new("").fields(["Name"]));
    let cases = || PageRelatedList::new("Cases");
    for (page, object, problems) in [
        (PageLayout::new("Nowhere"), "Nowhere", &["the store has no such object"][..]),
        (
            session().section(PageSection::new("").fields(["AgentId", "Colour", "agentid"])),
            "LiveAgentSession",
            &[
                "names the field Colour, which is not there",
                "has the field AgentId twice",
                "lacks the field LoginTime, which a create must give",
                "lacks the field LogoutTime, which a create must give",
            ],
        ),
        (
            session().section(whole()).section(PageSection::new("").required("Name")),
            "LiveAgentSession",
            &["requires the field Name, which no call can give"],
        ),
        (
            session().section(
                PageSection::new("").fields(["AgentId", "LoginTime"]).read_only("LogoutTime"),
            ),
            "LiveAgentSession",
            &["shows the field LogoutTime read-only, which a create must give"],
        ),
        (
            session().section(whole()).related_list(PageRelatedList::new("Chats")),
            "LiveAgentSession",
            &["names the children Chats, which are not there"],
        ),
        (
            account()
                .related_list(cases().columns(["Subject", "Nope", "subject"]).ascending("Never"))
                .related_list(PageRelatedList::new("cases")),
            "Account",
            &[
                "names the field Case.Nope, which is not there",
                "names the field Case.Never, which is not there",
                "has the column subject twice",
                "has the related list cases twice",
            ],
        ),
        (
            account().related_list(cases().columns([
                "CaseNumber",
                "ContactId",
                "AssetId",
                "ParentId",
                "Type",
                "Status",
                "Reason",
                "Origin",
                "Subject",
                "Priority",
                "IsClosed",
            ])),
            "Account",
            &["has 11 columns, more than 10"],
        ),
    ] {
        let builder = described::builder().layout(page);
        let refused = builder.in_memory(OBJECTS).map(drop).unwrap_err();
        let sobject_core::Error::BadDefinition { object: of, problems: told } = &refused else {
            panic!("{refused}")
        };
        assert_eq!(of, object);
        assert_eq!(told.len(), problems.len(), "{told:#?}");
        for (told, problem) in told.iter().zip(problems) {
            assert!(told.contains(problem), "{told} is not {problem}");
        }
    }
    let twice = Store::builder().layout(session_page()).layout(session_page()).in_memory(OBJECTS);
    assert!(twice.unwrap_err().to_string().contains("two pages are laid out for it"));
}
