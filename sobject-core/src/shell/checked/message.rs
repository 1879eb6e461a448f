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
