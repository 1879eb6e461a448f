use sobject_core::{Id, SObject, Store, standard::{Group, User}};

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(create, filter)] code: String,
    #[field(create, filter)] payer_id: Id<User>,
    #[field(create)] seller_id: Id<User>,
}

fn main() {
    let db = Store::in_memory(&[Invoice::OBJECT]).unwrap().system();
    let (invoice, user) = (&Invoice::FIELDS, &User::FIELDS);
    let payers = || invoice.payer_id.values();
    let _ = user.id.in_query(payers()) | user.name.eq("x");
    let _ = !user.id.in_query(payers());
    let _ = payers().filter(invoice.payer_id.in_query(user.id.values()));
    let _ = payers().filter(user.name.eq("x"));
    let _ = Group::FIELDS.id.in_query(payers());
    let _ = user.name.not_in_query(payers());
    let _ = user.id.in_query(invoice.code.values());
    let _ = invoice.seller_id.in_query(user.id.values());
    let _ = db.query::<Invoice>().filter(user.id.in_query(payers()));
}
