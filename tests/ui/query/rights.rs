use sobject_core::{SObject, Store, count_rows};

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(create, nillable)] note: Option<String>,
}

fn main() {
    let db = Store::in_memory(&[Invoice::OBJECT]).unwrap().system();
    let note = Invoice::FIELDS.note;
    let _ = db.query::<Invoice>().filter(note.eq("x"));
    let _ = db.query::<Invoice>().order_by(note.asc());
    let _ = db.query::<Invoice>().group_by(note).totals(count_rows());
}
