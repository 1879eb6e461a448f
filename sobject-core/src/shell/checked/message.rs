//! [`Message`]: a text that is put together while the compiler evaluates a constant.

/// Bytes of a message at most. What goes beyond is left out.
const MAX: usize = 4_096;

/// A message that is put together of texts.
pub(super) struct Message {
    bytes: [u8; MAX],
    len: usize,
}

impl Message {
    pub(super) const fn new() -> Self {
        Self { bytes: [0; MAX], len: 0 }
    }

    /// The message with a text behind it; a text that has no room is left out.
    pub(super) const fn and(mut self, text: &str) -> Self {
        if self.len + text.len() <= MAX {
            let text = text.as_bytes();
            let mut n = 0;
            while n < text.len() {
                self.bytes[self.len + n] = text[n];
                n += 1;
            }
            self.len += n;
        }
        self
    }

    /// The message with the name that was probably meant.
    pub(super) const fn and_near(self, near: Option<&str>) -> Self {
        match near {
            Some(near) => self.and("; did you mean '").and(near).and("'?"),
            None => self,
        }
    }

    /// Ends the evaluation with the message and the place that it is about.
    #[track_caller]
    pub(super) const fn fail(self, block: &str) -> ! {
        let message = self.and(block);
        match std::str::from_utf8(message.bytes.split_at(message.len).0) {
            Ok(text) => panic!("{}", text),
            Err(_) => panic!("the message is no text"),
        }
    }
}

/// Bytes of a name at most for which a near one is looked for.
const MAX_NAME: usize = 48;

/// How many letters must be put, taken or changed to make one name of the other, in any case; more
/// than `limit` if that is many.
pub(super) const fn distance(a: &str, b: &str, limit: usize) -> usize {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() > MAX_NAME || b.len() > MAX_NAME || a.len().abs_diff(b.len()) > limit {
        return limit + 1;
    }
    let mut row = [0; MAX_NAME + 1];
    let mut j = 0;
    while j <= b.len() {
        row[j] = j;
        j += 1;
    }
    let mut i = 0;
    while i < a.len() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        let mut j = 0;
        while j < b.len() {
            let is_same = a[i].eq_ignore_ascii_case(&b[j]);
            let mut least = if is_same { diagonal } else { diagonal + 1 };
            if row[j + 1] + 1 < least {
                least = row[j + 1] + 1;
            }
            if row[j] + 1 < least {
                least = row[j] + 1;
            }
            diagonal = row[j + 1];
            row[j + 1] = least;
            j += 1;
        }
        i += 1;
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::distance;

    #[test]
    fn letters_that_differ_are_counted_in_any_case() {
        for (a, b, expected) in [
            ("Name", "name", 0),
            ("Nmae", "Name", 2),
            ("Nam", "Name", 1),
            ("TimeInChat", "TimeInChats", 1),
            ("", "ab", 2),
            ("Id", "LongerByFar", 3),
        ] {
            assert_eq!(distance(a, b, 2), expected, "{a} {b}");
            assert_eq!(distance(b, a, 2), expected, "{b} {a}");
        }
    }
}
