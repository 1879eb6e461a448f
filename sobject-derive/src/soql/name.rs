//! Names in Rust of what a query names.

use proc_macro2::{Ident, Span};
use syn::ext::IdentExt;

/// The field of a row for a name of a query: snake case of what was written, without the `__c` of a
/// custom field. The `__r` of a custom relationship stays as `_r`, since a row may have both.
pub(super) fn field(name: &str) -> String {
    let name = without_custom(name);
    let chars: Vec<char> = name.chars().collect();
    let mut snake = String::with_capacity(name.len() + 4);
    for (n, &char) in chars.iter().enumerate() {
        let before = n.checked_sub(1).and_then(|before| chars.get(before));
        let is_next_lower = chars.get(n + 1).is_some_and(char::is_ascii_lowercase);
        let begins_word = char.is_ascii_uppercase()
            && before.is_some_and(|before| {
                before.is_ascii_lowercase()
                    || before.is_ascii_digit()
                    || (before.is_ascii_uppercase() && is_next_lower)
            });
        if begins_word {
            snake.push('_');
        }
        if char != '_' || !snake.ends_with('_') {
            snake.push(char.to_ascii_lowercase());
        }
    }
    snake
}

/// The identifier of a name in snake case.
pub(super) fn ident(snake: &str, at: Span) -> Ident {
    match snake {
        // These cannot be raw.
        "self" | "super" | "crate" | "_" => Ident::new(&format!("{snake}_"), at),
        _ if syn::parse_str::<Ident>(snake).is_ok() => Ident::new(snake, at),
        _ => Ident::new_raw(snake, at),
    }
}

/// The type that an object has unless the program names another: `Work_Order__c` gives `WorkOrder`.
pub(super) fn object(name: &str) -> String {
    let mut upper = true;
    let mut text = String::with_capacity(name.len());
    for char in without_custom(name).chars() {
        match char {
            '_' => upper = true,
            _ if upper => {
                text.push(char.to_ascii_uppercase());
                upper = false;
            }
            _ => text.push(char),
        }
    }
    text
}

/// The name of an identifier, be it raw.
pub(super) fn plain(ident: &Ident) -> String {
    ident.unraw().to_string()
}

/// The name without the suffix of custom fields and objects.
fn without_custom(name: &str) -> &str {
    match name.len().checked_sub(3).and_then(|at| name.split_at_checked(at)) {
        Some((own, suffix)) if suffix.eq_ignore_ascii_case("__c") && !own.is_empty() => own,
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::{field, object};

    #[test]
    fn fields_are_in_snake_case_as_they_were_written() {
        for (name, expected) in [
            ("Id", "id"),
            ("TimeInChats", "time_in_chats"),
            ("Amount__c", "amount"),
            ("Work_Order__C", "work_order"),
            ("Payer__r", "payer_r"),
            ("acme__Due_On__c", "acme_due_on"),
            ("LoginURL", "login_url"),
            ("URLOfPage", "url_of_page"),
            ("Web2Lead", "web2_lead"),
            ("name", "name"),
            ("expr0", "expr0"),
        ] {
            assert_eq!(field(name), expected, "{name}");
        }
    }

    #[test]
    fn objects_are_types() {
        for (name, expected) in [
            ("LiveAgentSession", "LiveAgentSession"),
            ("Invoice__c", "Invoice"),
            ("Work_Order__c", "WorkOrder"),
            ("acme__Invoice__c", "AcmeInvoice"),
        ] {
            assert_eq!(object(name), expected, "{name}");
        }
    }
}
