//! Picklists as text and as JSON: by their values, never by the names of variants.

use serde_json::json;
use sobject_core::{MultiPicklist, Picklist, SObject};

use super::{Origin, Tool};

#[test]
fn picklists_are_read_and_printed_by_their_values() {
    assert_eq!("Big Saw".parse(), Ok(Tool::Saw));
    assert_eq!("big saw".parse(), Ok(Tool::Saw));
    assert_eq!("By Phone".parse(), Ok(Origin::Phone));
    assert_eq!("Fair".parse(), Ok(Origin::Other("Fair".to_owned())));
    let error = "Saw".parse::<Tool>().unwrap_err();
    assert_eq!(error.to_string(), "`Saw` is none of the values Axe, Big Saw, Plane");
    assert_eq!(error.value(), "Saw");
    assert_eq!(
        format!("{}|{:>8}|{}", Tool::Saw, Tool::Axe, Origin::Phone),
        "Big Saw|     Axe|By Phone"
    );
}

#[test]
fn picklists_are_json_by_their_values() {
    for origin in [Origin::Web, Origin::Phone, Origin::Other("Fair".to_owned())] {
        let json = serde_json::to_value(&origin).unwrap();
        assert_eq!(json, origin.as_str());
        assert_eq!(serde_json::from_value::<Origin>(json).unwrap(), origin);
    }
    assert_eq!(serde_json::to_value(Tool::Saw).unwrap(), "Big Saw");
    let error = serde_json::from_str::<Tool>("\"Saw\"").unwrap_err().to_string();
    assert!(error.starts_with("`Saw` is none of the values Axe, Big Saw, Plane"), "{error}");
    assert!(serde_json::from_str::<Tool>("7").is_err());
}

#[test]
fn several_values_are_text_with_semicolons() {
    let tools = MultiPicklist::from([Tool::Saw, Tool::Axe]);
    assert_eq!("Big Saw;Axe".parse(), Ok(tools.clone()));
    assert_eq!(" Big Saw; Axe;;Axe ".parse(), Ok(tools.clone()));
    assert_eq!("".parse(), Ok(MultiPicklist::<Tool>::new()));
    assert!("Axe;Hammer".parse::<MultiPicklist<Tool>>().is_err());
    assert_eq!(serde_json::to_value(&tools).unwrap(), "Big Saw;Axe");
    assert_eq!(serde_json::from_value::<MultiPicklist<Tool>>(json!("Big Saw;Axe")).unwrap(), tools);
}

/// An enum that is printed by its label, and is read and written in lower case.
#[derive(Picklist, Clone, Copy, Debug, PartialEq)]
#[picklist(own_serde, own_display, own_from_str)]
enum Mood {
    #[picklist(value = "In Tears")]
    Sad,
    Glad,
}

impl std::fmt::Display for Mood {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if *self == Self::Sad { ":(" } else { ":)" })
    }
}

impl std::str::FromStr for Mood {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            ":(" => Ok(Self::Sad),
            ":)" => Ok(Self::Glad),
            _ => Err(()),
        }
    }
}

impl serde::Serialize for Mood {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// An object with such an enum.
#[derive(SObject, Clone, Debug, PartialEq)]
#[sobject(key_prefix = "a0F")]
struct Face {
    #[field(create, restricted)]
    mood: Mood,
}

#[test]
fn an_enum_with_text_and_json_of_its_own_keeps_them_and_records_hold_its_values() {
    assert_eq!(serde_json::to_value(Mood::Sad).unwrap(), ":(");
    assert_eq!(":)".parse(), Ok(Mood::Glad));
    let face = Face { mood: Mood::Sad };
    let json = json!({ "Mood": "In Tears" });
    assert_eq!(serde_json::to_value(&face).unwrap(), json);
    assert_eq!(serde_json::from_value::<Face>(json).unwrap(), face);
}
