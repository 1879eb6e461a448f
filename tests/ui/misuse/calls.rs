use sobject_core::{Id, SObject, Store, standard::User};

#[derive(SObject)]
#[sobject(key_prefix = "a00", calls(query, delete))]
struct Report {
    #[field(create, update, nillable)] total: Option<f64>,
}

fn main() {
    let db = Store::in_memory(&[Report::OBJECT, User::OBJECT]).unwrap().system();
    let id: Id<Report> = "a00000000000001".parse().unwrap();
    let _ = db.create(ReportCreate { total: Some(1.5) });
    let _ = db.update(id, &ReportUpdate::default());
    let _ = db.transaction(|tx| tx.create_many(&[ReportCreate::new()]));
}
