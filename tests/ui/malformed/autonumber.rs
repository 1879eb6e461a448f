use sobject_core::SObject;

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(autonumber = "INV")] a: String,
    #[field(autonumber = "{0}-{0}")] b: String,
    #[field(autonumber = "{YYY}-{00}")] c: String,
    #[field(autonumber = "{00000000000}")] d: String,
    #[field(autonumber = "}{0")] e: String,
    #[field(autonumber = "The number of this invoice is {0000}")] f: String,
}

fn main() {}
