use sobject_core::SObject;

#[derive(SObject)]
#[sobject(key_prefix = "a00", create, update(Hash))]
struct Invoice { #[field(create)] a: i32 }

#[derive(SObject)]
#[sobject(key_prefix = "a01", create(derive), update = derive(Hash))]
struct Bill { #[field(create)] a: i32 }

#[derive(SObject)]
#[sobject(key_prefix = "a02", create(derive("Hash")), update())]
struct Receipt { #[field(create)] a: i32 }

fn main() {}
