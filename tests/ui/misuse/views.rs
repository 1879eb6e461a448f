use sobject_core::{Id, SObject, Store};

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(create, update)] code: String,
}

fn main() {
    let db = Store::in_memory(&[Invoice::OBJECT]).unwrap().system();
    let id: Id<Invoice> = "a00000000000001".parse().unwrap();
    let invoice = || Invoice { code: "x".to_owned() };
    let _ = db.create(invoice());
    let _ = db.create_many(&[invoice()]);
    let _ = db.update(id, InvoiceCreate::new("y".to_owned()));
    let _ = db.update(id, invoice());
    let _ = db.update(id, db.get(id).unwrap());
    let _ = db.update_many(&[(id, db.get(id).unwrap())]);
    let _ = db.transaction(|tx| tx.create(invoice()).map(drop));
}
