//! Core by another name, behind another module, for objects and picklists.

mod kit {
    pub(crate) mod inner {
        pub(crate) use sobject_core as objects;
    }
}

mod sobject_core_ {}

#[derive(kit::inner::objects::Picklist, Clone)]
#[picklist(crate = crate::kit::inner::objects)]
enum Phase {
    New,
}

#[derive(kit::inner::objects::SObject)]
#[sobject(key_prefix = "a00", crate = crate::kit::inner::objects)]
struct Renamed {
    #[field(create, restricted)]
    phase: Phase,
}

fn main() {
    use kit::inner::objects::Picklist;
    let _ = RenamedCreate::new(Phase::New);
    assert_eq!(Phase::VALUES[0].value, "New");
    assert_eq!(Renamed::FIELDS.phase.name(), "Phase");
}
