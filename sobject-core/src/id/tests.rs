//! Ids as text and in order.

use super::*;

#[test]
fn the_worked_pairs_of_the_platform_print_with_their_check_characters() {
    for (fifteen, check) in [
        ("001M000000qfPyS", "IAU"),
        ("a0RE000000IJmcN", "MAT"),
        ("aBcDEfgHIJKLMNO", "025"),
        ("001xx000003DGb2", "AAG"),
        ("005xx000001SvgH", "AAS"),
        ("0HKxx0000004C92", "GAE"),
        ("AbCdEfGhIjKlMnO", "VKV"),
        ("aaaaaaaaaaaaaaa", "AAA"),
        ("0F9E000000092w2", "KAA"),
        ("012000000000000", "AAA"),
    ] {
        let id: RecordId = fifteen.parse().unwrap();
        assert_eq!(id.to_string(), format!("{fifteen}{check}"));
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(id.to_string().to_ascii_uppercase().parse::<RecordId>().is_ok(), {
            fifteen.to_ascii_uppercase() == fifteen
        });
    }
}

#[test]
fn malformed_ids_say_what_is_wrong() {
    for (text, error) in [
        ("", IdError::Length),
        ("001M000000qfPy", IdError::Length),
        ("001M000000qfPySI", IdError::Length),
        ("001M000000qfPy-", IdError::Character),
        ("001M000000qfPy\u{e9}", IdError::Length),
        ("001M00000qfPy\u{e9}", IdError::Character),
        ("001M000000qfPyS AU", IdError::Character),
        ("001M000000qfPySIAA", IdError::Check),
        ("001m000000qfPySIAU", IdError::Check),
    ] {
        assert_eq!(text.parse::<RecordId>(), Err(error), "{text}");
    }
}

#[test]
fn the_smallest_and_the_largest_id_come_back() {
    for text in ["000000000000000", "zzzzzzzzzzzzzzz", "0HKxx0zzzzzzzzz"] {
        let id: RecordId = text.parse().unwrap();
        assert_eq!(id.to_chars15(), text.as_bytes());
    }
    assert!(RecordId::from_head(*b"0HKxx0", NUMBER_END).is_none());
    assert!(RecordId::from_head(*b"0HKxx-", 1).is_none());
}
