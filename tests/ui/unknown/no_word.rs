use sobject_core::SObject;

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(create, Aggregatable, aggregatable)] a: i32,
    #[field(create, Namepointing, referenceTo = "User")] b: i32,
    #[field(create, custom, calculated, permissionable, Query, soapType)] c: i32,
}

fn main() {}
