use sobject_core::{Id, Ref, SObject, Store, standard::{Group, User}};

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(create, filter, sort)] code: String,
    #[field(create, filter)] payer_id: Id<User>,
    #[field(create, filter)] owner_id: Ref<(Group, User)>,
}

fn main() {
    let db = Store::in_memory(&[Invoice::OBJECT]).unwrap().system();
    let invoice = &Invoice::FIELDS;
    let _ = db.query::<Invoice>().filter(User::FIELDS.name.eq("x"));
    let _ = db.query::<Invoice>().order_by(User::FIELDS.name.asc());
    let _ = db.query::<Invoice>().select(User::FIELDS.name);
    let _ = db.query::<Invoice>().select((invoice.code, "Code"));
    let _ = invoice.payer_id.to(Group::FIELDS.name);
    let _ = invoice.owner_id.to(User::FIELDS.name);
    let _ = invoice.code.to(User::FIELDS.name);
    let _ = db.query::<String>();
}
