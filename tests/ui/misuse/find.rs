use sobject_core::{Id, RecordId, Ref, SObject, Store, standard::{Group, User}};

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(create, filter, nillable)] seats: Option<i32>,
    #[field(create, filter, nillable)] owner_id: Option<Ref<(Group, User)>>,
    #[field(create, filter)] payer_id: Id<User>,
}

fn main() {
    let db = Store::in_memory(&[Invoice::OBJECT]).unwrap().system();
    let id: Id<Invoice> = "a00000000000001".parse().unwrap();
    let raw: RecordId = id.record_id();
    let _ = db.find(Invoice::FIELDS.seats, "5");
    let _ = db.find_range(Invoice::FIELDS.seats, "5"..);
    let _ = db.find(Invoice::FIELDS.owner_id, id);
    let _ = db.find(Invoice::FIELDS.payer_id, raw);
    let _ = db.get::<Invoice>(raw);
    let _ = InvoiceCreate::new(raw);
}
