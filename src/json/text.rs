//! The text of a JSON, as it is or packed.

use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};
use std::fmt;
use std::sync::OnceLock;

/// A text, which need not be there until it is asked for.
#[derive(Clone)]
pub(super) enum Text {
    /// As it is.
    Plain(String),
    /// Packed, for one that waits among very many.
    Packed(Box<Packed>),
}

#[derive(Clone)]
pub(super) struct Packed {
    bytes: Box<[u8]>,
    length: usize,
    /// Once it was asked for; it is gone with this copy of the text.
    text: OnceLock<String>,
}

/// Packs texts: one for many, as making it costs more than packing one.
pub(crate) struct Packer {
    deflate: Compress,
    packed: Vec<u8>,
}

/// Below this there is nothing to be won.
const SHORTEST: usize = 256;

impl Text {
    #[inline]
    pub(super) fn as_str(&self) -> &str {
        match self {
            Text::Plain(text) => text,
            Text::Packed(packed) => packed.text(),
        }
    }

    /// The same, packed where that makes it shorter.
    pub(super) fn packed(self, packer: &mut Packer) -> Text {
        match self {
            Text::Plain(text) => {
                packer.pack(&text).map_or(Text::Plain(text), |packed| Text::Packed(Box::new(packed)))
            }
            already @ Text::Packed(_) => already,
        }
    }
}

impl From<String> for Text {
    fn from(text: String) -> Text {
        Text::Plain(text)
    }
}

impl Packed {
    fn text(&self) -> &str {
        // It was unpacked once when it was packed: it cannot fail now.
        self.text.get_or_init(|| self.unpack().unwrap_or_default())
    }

    fn unpack(&self) -> Option<String> {
        let mut text = Vec::with_capacity(self.length);
        let status = Decompress::new(false).decompress_vec(&self.bytes, &mut text, FlushDecompress::Finish);
        matches!(status, Ok(Status::StreamEnd)).then(|| String::from_utf8(text).ok())?
    }
}

impl Packer {
    /// None where it would be no shorter, or would not come out as it went in: a text that is lost is a promise that
    /// nobody checks.
    fn pack(&mut self, text: &str) -> Option<Packed> {
        if text.len() < SHORTEST {
            return None;
        }
        self.deflate.reset();
        self.packed.clear();
        self.packed.reserve(text.len());
        let ended = self.deflate.compress_vec(text.as_bytes(), &mut self.packed, FlushCompress::Finish);
        if !matches!(ended, Ok(Status::StreamEnd)) {
            return None;
        }
        let bytes = self.packed.as_slice().into();
        let packed = Packed { bytes, length: text.len(), text: OnceLock::new() };
        packed.unpack().is_some_and(|unpacked| unpacked == text).then_some(packed)
    }
}

impl Default for Packer {
    fn default() -> Packer {
        Packer { deflate: Compress::new(Compression::fast(), false), packed: Vec::new() }
    }
}

impl fmt::Debug for Packer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Packer")
    }
}

#[cfg(test)]
mod tests {
    use super::{Packer, Text};

    fn packed(text: &str) -> Text {
        Text::from(text.to_owned()).packed(&mut Packer::default())
    }

    #[test]
    fn a_packed_text_is_shorter_and_comes_out_as_it_went_in() {
        let text = "{\"größe\": \"é\"}".repeat(200);
        let Text::Packed(packed) = packed(&text) else { panic!("it is not packed") };
        assert!(packed.bytes.len() * 10 < text.len(), "{}", packed.bytes.len());
        assert_eq!(packed.text(), text);
        assert_eq!(packed.clone().text(), text);
    }

    #[test]
    fn what_is_short_stays_as_it_is() {
        for text in ["", "{}", "[1, 2, 3, 4, 5]"] {
            assert!(matches!(packed(text), Text::Plain(_)), "{text}");
            assert_eq!(packed(text).as_str(), text);
        }
    }
}
