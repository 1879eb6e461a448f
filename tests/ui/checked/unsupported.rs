use sobject_core::{soql, standard::{Group, User}};

struct Thing;

fn main() {
    let _ = soql!("SELECT COUNT() FROM User");
    let _ = soql!("SELECT FIELDS(ALL) FROM User LIMIT 5");
    let _ = soql!("SELECT TYPEOF Owner WHEN User THEN Name END FROM User");
    let _ = soql!("SELECT Id, (SELECT Id FROM Users) FROM Group");
    let _ = soql!("SELECT Id, (SELECT Id FROM Users) FROM Group", Users: Group);
    let _ = soql!("SELECT CALENDAR_YEAR(CreatedDate) FROM User");
    let _ = soql!("SELECT Name FROM User GROUP BY Email");
    let _ = soql!("SELECT Nmae FORM User");
    let _ = soql!("SELECT Id FROM User WHERE");
    let _ = soql!("SELECT Id FROM Invoice__c");
    let _ = soql!("SELECT Id FROM Invoice__c", Invoice__c: User);
    let _ = soql!("SELECT Id FROM Thing");
    let _ = soql!(SELECT Id FROM Thing);
    let _ = soql!();
}
