use sobject_core::SObject;

#[derive(SObject)]
#[sobject(key_prefix = "a00", since = 0)]
struct Invoice {
    #[field(create, length = 0)] code: String,
    #[field(create, length = 131073)] note: String,
    #[field(create, digits = 10)] count: i32,
    #[field(create, precision = 19, scale = 16)] amount: f64,
    #[field(autonumber = "{0}", start = 10000000000)] number: String,
    #[field(create, scale = -1)] share: f64,
}

fn main() {}
