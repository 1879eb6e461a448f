use sobject_core::{Id, SObject, Store, standard::User};

#[derive(SObject)]
#[sobject(key_prefix = "a00", calls(create, update, query))]
struct Report {
    #[field(create, update, unique, external_id)] code: String,
}

fn main() {
    let db = Store::in_memory(&[Report::OBJECT, User::OBJECT]).unwrap().system();
    let id: Id<Report> = "a00000000000001".parse().unwrap();
    let _ = db.upsert(Report::FIELDS.code, ReportCreate::new("y".to_owned()));
    let _ = db.upsert_by_id(id, ReportUpdate::default());
    let _ = db.transaction(|tx| tx.upsert_many(Report::FIELDS.code, &[ReportUpdate::default()]));
    let _ = db.upsert(Report::FIELDS.code, Report { code: "y".to_owned() });
}
