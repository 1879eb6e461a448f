use sobject_core::Picklist;

#[derive(Picklist, Clone)]
enum Status {
    Open { since: i32 },
    Both(i32, i32),
    #[picklist(label = "Others")]
    Other(String),
    Rest(String),
}

#[derive(Picklist, Clone)]
enum Origin { Web, Other(u8) }

fn main() {}
