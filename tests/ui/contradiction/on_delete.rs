use sobject_core::{Id, SObject, standard::Group};

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(create, on_delete = set_null)] payer_id: Id<Group>,
    #[field(create, nillable, on_delete = SetNull)] agent_id: Option<Id<Group>>,
    #[field(create, on_delete = delete)] keeper_id: Id<Group>,
    #[field(create, cascadeDelete)] owner_id: Id<Group>,
    #[field(create, custom, child_relationship = "Sold")] seller: Id<Group>, // right
    #[field(create, name = "Buyer__c", child_relationship = "Bought")] buyer: Id<Group>,
    #[field(create, nillable, on_delete = restrict)] witness_id: Option<Id<Group>>, // right
}

fn main() {}
