//! The notes that both sides hold: a name of three words, a body of some fifteen, and an address.

/// A note.
pub(crate) struct Note {
    pub(crate) name: String,
    pub(crate) body: String,
    pub(crate) mail: String,
}

/// The notes.
pub(crate) struct Notes(pub(crate) Vec<Note>);

/// Words that bodies are filled with.
const FILL: [&str; 24] = [
    "order", "parcel", "customer", "called", "again", "about", "the", "late", "delivery", "please",
    "send", "invoice", "to", "office", "in", "spring", "street", "and", "return", "what", "was",
    "broken", "on", "monday",
];

impl Notes {
    pub(crate) fn new(n: usize) -> Self {
        Self((0..n).map(note).collect())
    }

    /// As many notes more, other ones each round.
    pub(crate) fn more(&self, round: usize, n: usize) -> Vec<Note> {
        let from = self.0.len() + round * n;
        (from..from + n).map(note).collect()
    }
}

fn note(n: usize) -> Note {
    // Small, and the same on every machine.
    let mut state = (n as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x0051_7CC1_B727_220A;
    let mut body = String::new();
    for _ in 0..12 {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        body.push_str(FILL[(state >> 33) as usize % FILL.len()]);
        body.push(' ');
    }
    for (every, word) in [
        (2, "second "),
        (10, "tenth note "),
        (11, "eleventh "),
        (100, "hundredth "),
        (9_973, "rare "),
    ] {
        if n.is_multiple_of(every) {
            body.push_str(word);
        }
    }
    Note {
        name: format!("Note {n} {}", FILL[n % FILL.len()]),
        body,
        mail: format!("user{n}@example.com"),
    }
}
