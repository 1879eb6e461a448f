use sobject_core::SObject;

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(create, length = 80, digits = 9, relationship = "A", defaulted_on_create)] count: u8,
    #[field(creat, length = 80)] size: i32,
    #[field(create, nillable, length = 8, defaulted_on_create)] sum: Option<u64>,
    #[field(nillable, per_caller, digits = 9)] last_viewed_date: Option<u16>,
    #[field(autonumber = "{0}", length = 30)] number: i32,
}

fn main() {}
