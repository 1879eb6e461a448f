use sobject_core::{SObject, Store};

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(create, update)] code: String,
}

fn main() {
    let db = Store::in_memory(&[Invoice::OBJECT]).unwrap().system();
    let id = db.create(Invoice { code: "x".to_owned() }).unwrap();
    let _ = db.update(id, InvoiceCreate::new("y".to_owned()));
}
