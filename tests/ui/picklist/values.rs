use sobject_core::Picklist;

#[derive(Picklist, Clone)]
enum Status {
    #[picklist(default)]
    New,
    #[picklist(value = "NEW", default)]
    Again,
    #[picklist(value = " Done ")]
    Done,
    #[picklist(value = "")]
    Empty,
    #[picklist(inactive, default)]
    Lost,
}

fn main() {}
