use sobject_core::{Id, Ref, SObject, Select, Store, standard::{Group, User}};

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(create, filter)] code: String,
    #[field(create, filter)] payer_id: Id<User>,
    #[field(create, filter)] owner_id: Ref<(Group, User)>,
}

#[derive(Select)]
#[select(from = Invoice)]
struct Bill {
    code: String,
}

#[derive(Select)]
#[select(from = User)]
struct Payer {
    #[select(children(Invoice::FIELDS.payer_id))]
    bills: Vec<Bill>,
}

#[derive(Select)]
#[select(from = User)]
struct OnlyOne {
    #[select(children(Invoice::FIELDS.payer_id))]
    bill: Option<Bill>,
}

#[derive(Select)]
#[select(from = User)]
struct OfUsers {
    #[select(children(Invoice::FIELDS.payer_id))]
    bills: Vec<Payer>,
}

#[derive(Select)]
#[select(from = Group)]
struct Payers {
    #[select(children(Invoice::FIELDS.payer_id))]
    bills: Vec<Bill>,
}

fn main() {
    let db = Store::in_memory(&[Invoice::OBJECT]).unwrap().system();
    let invoice = &Invoice::FIELDS;
    let _ = db.query::<Group>().select(invoice.payer_id.children::<Invoice>());
    let _ = db.query::<User>().select(invoice.code.children::<Invoice>());
    let _ = invoice.payer_id.children::<User>();
    let _ = invoice.payer_id.children::<Bill>().filter(User::FIELDS.name.eq("x"));
    let _ = invoice.payer_id.children::<Bill>().order_by(User::FIELDS.name.asc());
    let _ = invoice.payer_id.parent::<Payer>();
}
