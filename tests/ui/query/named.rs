use sobject_core::{Id, Name, Ref, SObject, standard::{Group, User}};

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(create, filter)] payer_id: Id<User>,
    #[field(create, filter)] owner_id: Ref<(Group, User)>,
}

fn main() {
    let invoice = &Invoice::FIELDS;
    let _ = invoice.owner_id.to(Name::FIELDS.name).eq(5);
    let _ = invoice.owner_id.to(Name::FIELDS.city);
    let _ = invoice.owner_id.to(Group::FIELDS.id);
    let _ = invoice.owner_id.parent::<User>();
    let _ = invoice.payer_id.to(Name::FIELDS.name);
    let _ = invoice.payer_id.to("Name");
}
