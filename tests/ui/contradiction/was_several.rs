use sobject_core::SObject;

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(create, was("Sum", "Amount"))] amount: f64,
    #[field(create, was("Old", "CODE"))] key: String,
    #[field(create)] code: String,
    #[field(create, was("Older", "old"))] first: i32,
    #[field(create, was("Last", "last"))] second: i32,
    #[field(create, was("Old name", "Past"))] third: i32,
    #[field(create, was())] fourth: i32,
    #[field(create, was(Past, "Gone"))] fifth: i32,
    #[field(create, was("Gone" "Lost"))] sixth: i32,
}

fn main() {}
