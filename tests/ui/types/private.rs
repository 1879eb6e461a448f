#![deny(warnings)]

pub mod shop {
    use sobject_core::{Id, Picklist, SObject};

    #[derive(Picklist, Clone)]
    enum Phase { Open, Done }

    #[derive(SObject)]
    #[sobject(key_prefix = "a01")]
    struct Payer {
        #[field(create)]
        code: String,
    }

    #[derive(SObject)]
    #[sobject(key_prefix = "a00")]
    pub struct Invoice {
        #[field(create, update, restricted)]
        pub phase: Phase,
        #[field(create, nillable)]
        pub payer_id: Option<Id<Payer>>,
        #[field(create, update)]
        pub code: String,
    }
}

fn main() {}
