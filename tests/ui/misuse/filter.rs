use sobject_core::{SObject, Store};

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(create, sort)] code: String,
}

fn main() {
    let db = Store::in_memory(&[Invoice::OBJECT]).unwrap().system();
    let _ = db.find(Invoice::FIELDS.code, "x");
}
