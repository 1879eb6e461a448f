use sobject_core::{SObject, Store};

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(create, update)] code: String,
    #[field(create, update, nillable)] note: Option<String>,
}

fn main() {
    let db = Store::in_memory(&[Invoice::OBJECT]).unwrap().system();
    let id = db.create(InvoiceCreate::new("x".to_owned())).unwrap();
    let _ = db.update(id, InvoiceUpdate { code: "y".to_owned(), note: None });
    let _ = db.update("a00000000000001", InvoiceUpdate::default());
    let _ = db.describe::<String>();
}
