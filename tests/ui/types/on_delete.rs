use sobject_core::{Id, Ref, SObject, standard::Group};

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(create, on_delete = cascade)] count: i32,
    #[field(create, child_relationship = "Payers")] payer: String,
    #[field(create, nillable, on_delete = cascade)] parent_id: Option<Id<Self>>,
    #[field(create, nillable, on_delete = restrict)] about_id: Option<Ref<(Group, Invoice)>>,
    #[field(create, nillable, on_delete = set_null)] former_id: Option<Id<Invoice>>, // right
}

fn main() {}
