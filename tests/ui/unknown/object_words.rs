use sobject_core::SObject;

#[derive(SObject)]
#[sobject(lable = "Invoice", key_prefx = "a00", calls(create, getDeleted, fly), table = "x")]
struct Invoice {
    #[field(create)]
    amount: f64,
}

fn main() {}
