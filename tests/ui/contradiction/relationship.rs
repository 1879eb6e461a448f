use sobject_core::{Id, SObject, standard::User};

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(create, name = "Payer__c", relationship = "Payer")] payer: Id<User>,
    #[field(create, relationship = "Keeper__r")] keeper_id: Id<User>,
    #[field(create, custom, relationship = "Seller")] seller: Id<User>, // right
    #[field(create, custom, relationship = "Buyer__r")] buyer: Id<User>, // right
    #[field(create, name = "Agent__c", relationship = "Agent__r")] agent: Id<User>, // right
}

fn main() {}
