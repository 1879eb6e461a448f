//! Checks the formats of auto-numbers, such as `INV-{YYYY}-{0000}`: text, one token for the number
//! with one to ten zeros, and any of `{YY}`, `{YYYY}`, `{MM}` and `{DD}` for the day of creation.

/// Most characters of a format.
const MOST_CHARS: usize = 30;

/// Checks a format. The error is a sentence that says what is wrong with it.
pub(crate) fn check_format(format: &str) -> Result<(), String> {
    let n_chars = format.chars().count();
    if n_chars > MOST_CHARS {
        return Err(format!(
            "a format has at most {MOST_CHARS} characters, and this one has {n_chars}"
        ));
    }
    let mut n_numbers = 0;
    let mut rest = format;
    while let Some(at) = rest.find(['{', '}']) {
        let token = rest[at..].strip_prefix('{').and_then(|inner| inner.split_once('}'));
        let Some((token, after)) = token else {
            return Err("each brace needs its partner, as in `{0000}`".to_owned());
        };
        match token {
            "YY" | "YYYY" | "MM" | "DD" => {}
            zeros if !zeros.is_empty() && zeros.bytes().all(|c| c == b'0') => {
                n_numbers += 1;
                if zeros.len() > 10 {
                    return Err("the number has at most ten zeros".to_owned());
                }
            }
            other => {
                return Err(format!(
                    "`{{{other}}}` means nothing; write `{{0000}}` for the number, or `{{YYYY}}`, \
                     `{{YY}}`, `{{MM}}` or `{{DD}}` for a part of the day"
                ));
            }
        }
        rest = after;
    }
    match n_numbers {
        1 => Ok(()),
        0 => Err("the number is missing: write `{0000}` where it goes".to_owned()),
        n => Err(format!("the format has {n} numbers; leave one")),
    }
}
