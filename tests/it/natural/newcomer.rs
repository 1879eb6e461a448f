//! A program as one writes it who knows Salesforce and Rust and has read the front page: a workshop
//! with customers, visits and tools, through every call.

use serde_json::{Value as Json, json};
use sobject_core::{
    Audited, Caller, Connection, Error, FieldRight, Id, ManualClock, MultiPicklist, ObjectRight,
    Patch, Permissions, Picklist, Record, RecordId, Ref, Result, SObject, Store,
    chrono::{DateTime, NaiveDate, TimeDelta, Utc},
    standard::{Group, User, UserCreate},
};

use crate::desk::{at, day};

#[derive(Picklist, Clone, Debug, PartialEq)]
enum Stage {
    #[picklist(default)]
    Planned,
    Done,
    Other(String),
}

#[derive(Picklist, Clone, Copy, Debug, PartialEq)]
enum Tool {
    Saw,
    Axe,
}

#[derive(SObject, Clone, Debug, PartialEq)]
#[sobject(key_prefix = "001")]
struct Account {
    #[field(create, filter, name_field, sort, update, length = 80)]
    name: String,
    #[field(create, filter, group, nillable, sort, update)]
    city: Option<String>,
    #[field(create, filter, nillable, sort, update)]
    annual_revenue: Option<f64>,
    #[field(create, filter, group, nillable, sort, update)]
    number_of_employees: Option<i32>,
    #[field(create, defaulted_on_create, filter, sort, update)]
    owner_id: Ref<(Group, User)>,
    #[field(create, filter, nillable, update, external_id, unique)]
    customer_number: Option<String>,
}

#[derive(SObject, Clone, Debug, PartialEq)]
#[sobject(key_prefix = "a01", audit_fields)]
struct Visit {
    #[field(autonumber = "V-{0000}", filter, name_field, sort)]
    name: String,
    #[field(create, filter, sort, update)]
    account_id: Id<Account>,
    #[field(create, filter, nillable, sort, update)]
    previous_id: Option<Id<Visit>>,
    #[field(create, filter, sort, update)]
    begins: DateTime<Utc>,
    #[field(create, filter, group, sort, update)]
    day: NaiveDate,
    #[field(create, defaulted_on_create, filter, group, sort, update)]
    stage: Stage,
    #[field(create, filter, nillable, restricted, update)]
    tools: Option<MultiPicklist<Tool>>,
    #[field(create, nillable, update, length = 1000)]
    report: Option<String>,
}

const OBJECTS: &[&sobject_core::Definition] =
    &[User::OBJECT, Group::OBJECT, Account::OBJECT, Visit::OBJECT];

/// A workshop with a customer and two visits.
struct Workshop {
    clock: ManualClock,
    store: Store,
    db: Connection,
    ada: Id<User>,
    acme: Id<Account>,
    first: Id<Visit>,
    second: Id<Visit>,
}

impl Workshop {
    fn new() -> Result<Self> {
        let clock = ManualClock::at(at("2026-03-01T08:00:00Z"));
        let store = Store::builder().clock(clock.clone()).in_memory(OBJECTS)?;
        let db = store.system();

        // Creates: by place, by name, with what is optional beside it.
        let ada = db.create(UserCreate::new("Ada Lovelace", "ada@example.com"))?;
        let acme = db.create(AccountCreate {
            city: Some("Paris".into()),
            annual_revenue: Some(1.5e6),
            owner_id: Some(ada.to_ref()),
            ..AccountCreate::new("Acme")
        })?;
        let first = db.create(VisitCreate::new(
            acme,
            "2026-03-02T09:30:00Z".parse().expect("a time"),
            "2026-03-02".parse().expect("a day"),
        ))?;
        let by_name = VisitRequired {
            account_id: acme,
            begins: at("2026-03-03T09:30:00Z"),
            day: day("2026-03-03"),
        };
        let second = db.create(VisitCreate {
            previous_id: Some(first),
            tools: Some([Tool::Saw, Tool::Axe].into()),
            stage: Some("Postponed".parse().expect("any stage")),
            ..by_name.into()
        })?;
        Ok(Self { clock, store, db, ada, acme, first, second })
    }

    /// A visit on a day.
    fn visit_on(&self, text: &str) -> VisitCreate {
        VisitCreate::new(self.acme, at("2026-03-04T09:30:00Z"), day(text))
    }
}

#[test]
fn records_are_read_and_changed() -> Result<()> {
    let workshop = Workshop::new()?;
    let db = &workshop.db;
    let Workshop { ada, first, second, .. } = workshop;
    // Reads.
    let visit = db.get(second)?;
    assert_eq!((visit.name.as_str(), &visit.stage), ("V-0002", &Stage::Other("Postponed".into())));
    let account = db.get(visit.account_id)?;
    assert_eq!(account.owner_id, ada);
    assert_eq!(account.owner_id.downcast::<User>(), Some(ada));
    assert!(visit.tools.as_ref().is_some_and(|tools| tools.has(&Tool::Saw)));
    let some = db.retrieve(&[first, second])?;
    assert!(some.iter().all(Option::is_some));

    // Updates: field by field, and from a changed record.
    db.update(
        first,
        VisitUpdate { stage: Stage::Done.into(), report: "fine".into(), ..Default::default() },
    )?;
    let mut changed = visit.clone();
    changed.stage = Stage::Planned;
    changed.previous_id = None;
    db.update(visit.id, visit.update_to(&changed)?)?;
    assert_eq!(db.get(second)?.fields, changed.fields);
    workshop.store.verify()?;
    Ok(())
}

#[test]
fn records_are_found_by_whatever_the_page_calls_filter() -> Result<()> {
    let workshop = Workshop::new()?;
    let db = &workshop.db;
    let Workshop { ada, acme, first, second, .. } = workshop;
    // Finding, by whatever the page calls Filter.
    let field = Visit::FIELDS;
    assert_eq!(db.find(field.id, first)?.len(), 1);
    assert_eq!(db.find(field.account_id, acme)?.len(), 2);
    assert_eq!(db.find(field.name, "v-0001")?[0].id, first);
    assert_eq!(db.find(field.stage, Stage::Planned)?[0].id, first);
    assert_eq!(db.find(field.previous_id, None)?[0].id, first);
    assert_eq!(db.find(field.previous_id, first)?[0].id, second);
    assert_eq!(db.find_range(field.day, day("2026-03-03")..)?[0].id, second);
    assert_eq!(db.find_range(field.begins, ..at("2026-03-03T00:00:00Z"))?[0].id, first);
    let account = Account::FIELDS;
    assert_eq!(db.find(account.owner_id, ada)?.len(), 1);
    assert_eq!(db.find(account.city, "paris")?.len(), 1);
    assert_eq!(db.find_range(account.annual_revenue, 1_000_000..)?.len(), 1);
    assert!(db.find_range(account.number_of_employees, ..5)?.is_empty(), "nobody counted them");
    workshop.store.verify()?;
    Ok(())
}

#[test]
fn records_are_walked() -> Result<()> {
    let workshop = Workshop::new()?;
    let db = &workshop.db;
    let Workshop { acme, first, second, .. } = workshop;
    let field = Visit::FIELDS;
    // Walking: an iterator, a page, the last of them.
    let mut names = Vec::new();
    for visit in db.walk::<Visit>() {
        names.push(visit?.fields.name);
    }
    assert_eq!(names, ["V-0001", "V-0002"]);
    let page = db.walk_value(field.account_id, acme).page(1)?;
    let rest = db.walk_value(field.account_id, acme).after(page.next).all()?;
    assert_eq!((page.items[0].id, rest[0].id), (first, second));
    let last = db.walk_range(field.name, ..).reverse().limit(1).all()?;
    assert_eq!(last[0].name, "V-0002");
    let session = db.session()?;
    let planned: Vec<Record<Visit>> = session
        .walk::<Visit>()
        .into_iter()
        .filter(|visit| !matches!(visit, Ok(visit) if visit.stage != Stage::Planned))
        .collect::<Result<_>>()?;
    assert_eq!(planned.len(), 1);
    assert_eq!(session.count::<Visit>()?, 2);
    workshop.store.verify()?;
    Ok(())
}

#[test]
fn several_records_are_written_at_once_and_come_back_from_the_bin() -> Result<()> {
    let workshop = Workshop::new()?;
    let db = &workshop.db;
    let Workshop { second, .. } = workshop;
    let field = Visit::FIELDS;
    // Several at once, each on its own or all or none.
    let many = [workshop.visit_on("2026-03-04"), workshop.visit_on("1066-10-14")];
    let results = db.create_many(&many)?;
    let created: Vec<_> = results.iter().flatten().copied().collect();
    assert_eq!(created.len(), 1);
    let results = db.all_or_none().create_many(&many)?;
    assert!(matches!(results[0], Err(Error::RolledBack { .. })));
    let later = VisitUpdate { day: day("2026-03-05").into(), ..Default::default() };
    let updated = db.update_many(&[(created[0], later.clone()), (second, later)])?;
    assert!(updated.iter().all(Result::is_ok));

    // The recycle bin.
    db.delete(second)?;
    assert!(matches!(db.get(second), Err(Error::Deleted { .. })));
    db.undelete(second)?;
    db.delete_many(&created)?;
    db.undelete_many(&created)?;

    // A transaction.
    db.transaction(|tx| {
        let bolt = tx.create(AccountCreate::new("Bolt"))?;
        tx.create(VisitCreate { account_id: bolt, ..workshop.visit_on("2026-03-06") })?;
        assert_eq!(tx.find(field.account_id, bolt)?.len(), 1);
        Ok::<_, Error>(())
    })?;
    workshop.store.verify()?;
    Ok(())
}

#[test]
fn records_are_json() -> Result<()> {
    let workshop = Workshop::new()?;
    let db = &workshop.db;
    let Workshop { acme, second, .. } = workshop;
    // JSON, by the names of the platform.
    let visits = db.object("Visit")?;
    let id = visits.create(&json!({
        "AccountId": acme,
        "Begins": "2026-03-07T09:30:00.000+0000",
        "Day": "2026-03-07",
        "Tools": "Saw;Axe",
    }))?;
    visits.update(id, &json!({ "Report": "none yet" }))?;
    assert_eq!(visits.get(id)?["Stage"], "Planned");
    assert_eq!(visits.find("AccountId", acme)?.len(), 3);
    assert_eq!(visits.retrieve(&["Name"], &[id])?.len(), 1);
    let json: Json = serde_json::to_value(db.get(second)?).expect("a record is JSON");
    let back: Record<Visit> = serde_json::from_value(json).expect("and back");
    assert_eq!(back, db.get(second)?);
    let typed: Option<Id<Visit>> = id.downcast();
    assert!(typed.is_some());
    let none: RecordId = acme.into();
    assert_eq!(none.downcast::<Visit>(), None);
    workshop.store.verify()?;
    Ok(())
}

#[test]
fn users_have_rights_and_refusals_are_those_of_an_org() -> Result<()> {
    let workshop = Workshop::new()?;
    let (clock, store, db) = (&workshop.clock, &workshop.store, &workshop.db);
    let Workshop { ada, first, .. } = workshop;
    let field = Visit::FIELDS;
    // Refusals are those of an org.
    let refused = db.create(AccountCreate::new("")).unwrap_err();
    assert_eq!(
        (refused.status_code().as_str(), refused.fields()),
        ("REQUIRED_FIELD_MISSING", vec!["Name".into()])
    );

    // Users with rights of their own.
    let agent = Permissions::none()
        .grant(Visit::NAME, [ObjectRight::Create, ObjectRight::Edit])
        .grant(Account::NAME, [ObjectRight::Read])
        .grant_fields(Visit::NAME, FieldRight::Edit)
        .mute_field(field.report, FieldRight::Edit);
    let agent = store.try_connect(Caller::user(ada, agent))?;
    let report = VisitUpdate { report: Patch::NULL, ..Default::default() };
    assert!(matches!(agent.update(first, report), Err(Error::NotWriteable { .. })));
    assert_eq!(agent.describe::<Visit>()?.name, "Visit");
    assert!(agent.describe_global().sobjects.iter().any(|it| it.name == "Account"));

    // What came from another system keeps its dates.
    clock.advance(TimeDelta::days(1));
    let old = store.connect(Caller::system().with_audit_fields()).create(Audited {
        created_date: Some(at("2004-02-29T12:00:00Z")),
        ..Audited::new(workshop.visit_on("2026-03-08"))
    })?;
    assert_eq!(db.get(old)?.created_date, at("2004-02-29T12:00:00Z"));
    workshop.store.verify()?;
    Ok(())
}
