//! A walk through the page of LiveAgentSession: a section for each of its supported calls, in the order
//! of the page, and one for what it says of its fields.

use serde_json::json;
use sobject_core::{
    Caller, Error, FieldRight, Patch, Permissions,
    chrono::{DateTime, TimeDelta, Utc},
};

use crate::desk::{
    Desk, LiveAgentSession, LiveAgentSessionCreate, LiveAgentSessionUpdate, at, deleted_record,
    missing, not_writeable, refused,
};

/// The calls that the page lists.
const CALLS: &str = "create(), delete(), describeLayout(), describeSObjects(), getDeleted(), \
                     getUpdated(), query(), retrieve(), search(), undelete(), update()";

/// A field of the page: its name, its type, and its properties.
type Row = (&'static str, &'static str, &'static str);

/// The fields of the page, in its order.
const FIELDS: [Row; 19] = [
    ("AgentId", "reference", "Create, Filter, Group, Sort, Update"),
    ("ChatReqAssigned", "int", "Create, Filter, Group, Nillable, Sort, Update"),
    ("ChatReqDeclined", "int", "Create, Filter, Group, Nillable, Sort, Update"),
    ("ChatReqEngaged", "int", "Create, Filter, Group, Nillable, Sort, Update"),
    ("ChatReqTimedOut", "int", "Create, Filter, Group, Nillable, Sort, Update"),
    ("LastReferencedDate", "datetime", "Filter, Nillable, Sort"),
    ("LastViewedDate", "datetime", "Filter, Nillable, Sort"),
    ("LoginTime", "datetime", "Create, Filter, Sort, Update"),
    ("LogoutTime", "datetime", "Create, Filter, Sort, Update"),
    ("Name", "string", "Autonumber, Defaulted on create, Filter, idLookup, Sort"),
    ("NumFlagLoweredAgent", "int", "Create, Filter, Group, Nillable, Sort, Update"),
    ("NumFlagLoweredSupervisor", "int", "Create, Filter, Group, Nillable, Sort, Update"),
    ("NumFlagRaised", "int", "Create, Filter, Group, Nillable, Sort, Update"),
    ("OwnerId", "reference", "Create, Defaulted on create, Filter, Group, Sort, Update"),
    ("TimeAtCapacity", "int", "Create, Filter, Group, Nillable, Sort, Update"),
    ("TimeIdle", "int", "Create, Filter, Group, Nillable, Sort, Update"),
    ("TimeInAwayStatus", "int", "Create, Filter, Group, Nillable, Sort, Update"),
    ("TimeInChats", "int", "Create, Filter, Group, Nillable, Sort, Update"),
    ("TimeInOnlineStatus", "int", "Create, Filter, Group, Nillable, Sort, Update"),
];

#[test]
fn the_object_does_what_its_page_says() {
    let desk = Desk::new();
    create(&desk);
    delete(&desk);
    describe_layout(&desk);
    describe_sobjects(&desk);
    get_deleted(&desk);
    get_updated(&desk);
    query(&desk);
    retrieve(&desk);
    search(&desk);
    undelete(&desk);
    update(&desk);
    permissions(&desk);
    desk.verify();
}

/// A session of the agent, some minutes after the last.
fn session(desk: &Desk, chats: i32) -> LiveAgentSessionCreate {
    desk.clock.advance(TimeDelta::minutes(5));
    LiveAgentSessionCreate { chat_req_assigned: Some(chats), ..desk.session() }
}

/// The window from an hour ago until a minute from now.
fn window(desk: &Desk) -> std::ops::Range<DateTime<Utc>> {
    use sobject_core::Clock;
    desk.clock.advance(TimeDelta::minutes(2));
    let now = desk.clock.now();
    now - TimeDelta::hours(1)..now
}

/// `create()`: names are numbers, the owner is the caller, and what only the platform sets is refused.
fn create(desk: &Desk) {
    let id = desk.db.create(session(desk, 3)).unwrap();
    let stored = desk.get(id);
    assert!(id.to_string().starts_with("0HK"));
    assert_eq!((stored.name.as_str(), stored.chat_req_assigned), ("00000001", Some(3)));
    assert_eq!(stored.owner_id.record_id(), desk.agent.record_id());
    assert_eq!(stored.created_date, stored.last_modified_date);
    let sessions = desk.object("LiveAgentSession");
    let empty = refused(sessions.create(&json!({})));
    assert_eq!(empty, missing(&["AgentId", "LoginTime", "LogoutTime"]));
    let given = crate::desk::record(
        &desk.session_json(),
        &json!({ "Name": "7", "LastViewedDate": "2026-03-01T08:00:00Z", "IsDeleted": true }),
    );
    let told = refused(sessions.create(&given));
    assert_eq!(told, not_writeable(&["IsDeleted", "LastViewedDate", "Name"]));
}

/// `delete()`: into the recycle bin, out of every read.
fn delete(desk: &Desk) {
    let id = desk.db.create(session(desk, 1)).unwrap();
    let n = desk.count::<LiveAgentSession>();
    desk.db.delete(id).unwrap();
    assert_eq!(desk.count::<LiveAgentSession>(), n - 1);
    assert_eq!(refused(desk.db.get(id)), deleted_record());
    assert_eq!(refused(desk.db.delete(id)), deleted_record());
}

/// `describeLayout()`: every field of the page is on the layout.
fn describe_layout(desk: &Desk) {
    let described = desk.db.describe_layout::<LiveAgentSession>().unwrap();
    let layout = &described.layouts[0];
    let rows = layout.detail_layout_sections.iter().flat_map(|section| &section.layout_rows);
    let items: Vec<_> = rows.flat_map(|row| &row.layout_items).collect();
    for (field, ..) in FIELDS.iter().filter(|(field, ..)| !field.starts_with("Last")) {
        let item = items.iter().find(|item| item.fields().any(|it| it == *field));
        let item = item.unwrap_or_else(|| panic!("{field} is not on the layout"));
        let is_needed = ["AgentId", "LoginTime", "LogoutTime"].contains(field);
        assert_eq!(item.required, is_needed, "{field}");
    }
    assert_eq!(described.record_type_mappings[0].layout_id, layout.id.clone().unwrap());
}

/// `describeSObjects()`: the calls and the properties of the page.
fn describe_sobjects(desk: &Desk) {
    let describes = desk.db.describe_sobjects(&["LiveAgentSession"]).unwrap();
    let describe = &describes[0];
    let listed = |call: &str| CALLS.contains(&format!("{call}()"));
    for (call, has) in [
        ("create", describe.createable),
        ("delete", describe.deletable),
        ("describeLayout", describe.layoutable),
        ("getUpdated", describe.replicateable),
        ("merge", describe.mergeable),
        ("query", describe.queryable),
        ("retrieve", describe.retrieveable),
        ("search", describe.searchable),
        ("undelete", describe.undeletable),
        ("update", describe.updateable),
    ] {
        assert_eq!(has, listed(call), "{call}");
    }
    for (name, field_type, properties) in FIELDS {
        let field = describe.fields.iter().find(|it| it.name == name).unwrap();
        assert_eq!(field.field_type.name(), field_type, "{name}");
        let of: Vec<_> = [
            ("Autonumber", field.auto_number),
            ("Create", field.createable),
            ("Defaulted on create", field.defaulted_on_create),
            ("Filter", field.filterable),
            ("Group", field.groupable),
            ("idLookup", field.id_lookup),
            ("Nillable", field.nillable),
            ("Sort", field.sortable),
            ("Update", field.updateable),
        ]
        .into_iter()
        .filter_map(|(word, has)| has.then_some(word))
        .collect();
        assert_eq!(of.join(", "), properties, "{name}");
    }
}

/// `getDeleted()`: what was deleted in a window, and when.
fn get_deleted(desk: &Desk) {
    let id = desk.db.create(session(desk, 1)).unwrap();
    desk.db.delete(id).unwrap();
    let deleted = desk.db.get_deleted::<LiveAgentSession>(window(desk)).unwrap();
    let found = deleted.deleted_records.iter().find(|it| it.id == id).expect("it was deleted");
    assert!(found.deleted_date <= deleted.latest_date_covered);
    let short = desk
        .db
        .get_deleted::<LiveAgentSession>(at("2026-03-01T08:00:00Z")..at("2026-03-01T08:01:00Z"));
    assert_eq!(refused(short).code, "INVALID_REPLICATION_DATE");
}

/// `getUpdated()`: what was created or changed in a window and is live.
fn get_updated(desk: &Desk) {
    let [kept, gone] = [1, 2].map(|chats| desk.db.create(session(desk, chats)).unwrap());
    desk.db.delete(gone).unwrap();
    let updated = desk.db.get_updated::<LiveAgentSession>(window(desk)).unwrap();
    assert!(updated.ids.contains(&kept) && !updated.ids.contains(&gone));
}

/// `query()`: typed, and in SOQL.
fn query(desk: &Desk) {
    let id = desk.db.create(session(desk, 77)).unwrap();
    let f = LiveAgentSession::FIELDS;
    let query = desk.db.query::<LiveAgentSession>().filter(f.chat_req_assigned.gt(70));
    let found: Vec<_> = query.all().unwrap().iter().map(|it| it.id).collect();
    assert_eq!(found, [id]);
    let text = "SELECT Name, Agent.Name FROM LiveAgentSession WHERE ChatReqAssigned = 77";
    let rows = desk.db.soql(text).unwrap().records;
    assert_eq!((rows.len(), &rows[0]["Agent"]["Name"]), (1, &json!("Ada")));
    // A date-time cannot be grouped by.
    let text = "SELECT LoginTime FROM LiveAgentSession GROUP BY LoginTime";
    assert!(matches!(desk.db.soql(text).unwrap_err(), Error::Query(_)));
}

/// `retrieve()`: these fields of these records, in their order.
fn retrieve(desk: &Desk) {
    let [a, b] = [5, 6].map(|chats| desk.db.create(session(desk, chats)).unwrap());
    desk.db.delete(b).unwrap();
    let sessions = desk.object("LiveAgentSession");
    let records = sessions.retrieve(&["ChatReqAssigned"], &[b.into(), a.into()]).unwrap();
    assert_eq!(records[0], None);
    assert_eq!(records[1].as_ref().unwrap()["ChatReqAssigned"], 5);
}

/// `search()`: by its name, as long as it is live.
fn search(desk: &Desk) {
    let id = desk.db.create(session(desk, 8)).unwrap();
    let name = desk.get(id).fields.name;
    let found = || {
        let text = format!("FIND '{name}' IN NAME FIELDS RETURNING LiveAgentSession(Name)");
        desk.db.search(text).unwrap().records
    };
    assert_eq!(found()[0]["Name"], name);
    desk.db.delete(id).unwrap();
    assert!(found().is_empty());
}

/// `undelete()`: back from the recycle bin as it was, with its name.
fn undelete(desk: &Desk) {
    let id = desk.db.create(session(desk, 9)).unwrap();
    let before = desk.get(id);
    desk.db.delete(id).unwrap();
    desk.clock.advance(TimeDelta::minutes(1));
    desk.db.undelete(id).unwrap();
    let after = desk.get(id);
    assert_eq!(after.fields, before.fields);
    assert!(after.system_modstamp > before.system_modstamp);
    assert_eq!(refused(desk.db.undelete(id)).code, "UNDELETE_FAILED");
}

/// `update()`: what is given changes, and who did it and when is stamped.
fn update(desk: &Desk) {
    let id = desk.db.create(session(desk, 4)).unwrap();
    let before = desk.get(id);
    desk.clock.advance(TimeDelta::minutes(1));
    let update = LiveAgentSessionUpdate {
        chat_req_assigned: Patch::NULL,
        time_in_chats: 600.into(),
        ..LiveAgentSessionUpdate::default()
    };
    desk.db.update(id, update).unwrap();
    let after = desk.get(id);
    assert_eq!((after.chat_req_assigned, after.time_in_chats), (None, Some(600)));
    assert_eq!((&after.name, after.login_time), (&before.name, before.login_time));
    assert!(after.last_modified_date > before.last_modified_date);
    assert_eq!(after.created_date, before.created_date);
}

/// "Standard fields … can only be modified if your administrator has given you editing permissions."
fn permissions(desk: &Desk) {
    let id = desk.db.create(session(desk, 4)).unwrap();
    let rights =
        Permissions::all().mute_field(LiveAgentSession::FIELDS.time_idle, FieldRight::Edit);
    let clerk = desk.store.connect(Caller::user(desk.agent, rights));
    let update = LiveAgentSessionUpdate { time_idle: 5.into(), ..Default::default() };
    assert_eq!(refused(clerk.update(id, update)), not_writeable(&["TimeIdle"]));
}
