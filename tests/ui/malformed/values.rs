use sobject_core::SObject;

#[derive(SObject)]
#[sobject(key_prefix = 123, label, plural = "", since = "28", calls = "create", crate = "my::core")]
struct Invoice {
    #[field(create, length = "80", digits = 10, name = Total, label("Amount"), "sort")]
    amount: String,
    #[field(create, length, digits = few, relationship = 'a', label = "Code" sort)]
    code: String,
}

fn main() {}
