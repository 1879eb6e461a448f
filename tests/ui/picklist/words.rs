use sobject_core::Picklist;

#[derive(Picklist, Clone)]
#[picklist(default, crat = sobject_core)]
enum Status {
    #[picklist(lable = "x", Default, restricted, zebra)]
    Open,
    #[picklist(value = 7, label, inactive = true)]
    Shut,
    #[picklist(API Name = "On Hold", default = "x", create)]
    OnHold,
    #[picklist(label = "a", label = "b")]
    Lost,
}

fn main() {}
