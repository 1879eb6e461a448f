use sobject_core::{Id, Ref, SObject, standard::Group};

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(create, defaulted_on_create)] owner_id: Id<Group>,
}

#[derive(SObject)]
#[sobject(key_prefix = "a01")]
struct Bill {
    #[field(create, nillable, defaulted_on_create)] owner_id: Option<String>,
}

#[derive(SObject)]
#[sobject(key_prefix = "a02")]
struct Receipt {
    #[field(create, nillable, defaulted_on_create)] owner_id: Option<u64>,
}

#[derive(SObject)]
#[sobject(key_prefix = "a03")]
struct Note {
    #[field(create, defaulted_on_create, relationship = "Owner")] owner_id: Ref<String>,
}

fn main() {}
