use sobject_core::{DateLiteral, DateUnit, Id, SObject, Store, standard::{Group, User}};

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(create, filter, sort)] code: String,
    #[field(create, filter, nillable)] seats: Option<i32>,
    #[field(create, filter, nillable)] payer_id: Option<Id<User>>,
    #[field(create, defaulted_on_create, filter)] is_open: bool,
}

fn main() {
    let db = Store::in_memory(&[Invoice::OBJECT]).unwrap().system();
    let group: Id<Group> = "00G000000000001".parse().unwrap();
    let invoice = &Invoice::FIELDS;
    let _ = invoice.seats.eq("5");
    let _ = invoice.seats.is_in(["5"]);
    let _ = invoice.payer_id.eq(group);
    let _ = invoice.payer_id.to(User::FIELDS.name).gt(5);
    let _ = invoice.is_open.lt(true);
    let _ = invoice.seats.like("5%");
    let _ = invoice.seats.on(DateLiteral::This(DateUnit::Day));
    let _ = invoice.code.sum();
    let _ = db.query::<Invoice>().totals((invoice.seats.sum(), invoice.code));
}
