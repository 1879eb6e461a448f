use sobject_core::{Connection, standard::UserCreate};

fn write(db: &Connection) {
    // A record as JSON is no text.
    let users = db.object("User").unwrap();
    users.create(r#"{ "Name": "Ada" }"#).unwrap();
    // Nor is it a view.
    users.create(&UserCreate::new("Ada", "ada@example.com")).unwrap();
}

fn main() {}
