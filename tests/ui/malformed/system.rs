use sobject_core::SObject;

#[derive(SObject)]
#[sobject(key_prefix = "a00", system(id, created, CreatedDate, owner, created_date))]
struct Invoice { #[field(create)] a: i32 }

#[derive(SObject)]
#[sobject(key_prefix = "a01", system = "created_date")]
struct Bill { #[field(create)] a: i32 }

#[derive(SObject)]
#[sobject(key_prefix = "a02", system())]
struct Right { #[field(create)] a: i32 }

fn main() {}
