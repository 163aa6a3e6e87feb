//! Undoes the content coding of an answer, chunk by chunk, under a cap on what comes out: 485 kB of gzip can be
//! a gigabyte.

use flate2::write::GzDecoder;
use std::io::{self, Write};

/// The coding that requests ask for; the only one that is undone.
pub(super) const ACCEPTED: &str = "gzip";

/// Takes the content of an answer in.
pub(super) enum Decoder {
    Identity(Capped),
    /// Nothing came yet: no content is empty content, whatever coding it claims.
    Unfed(Capped),
    Gzip(Box<GzDecoder<Capped>>),
    /// Something stood behind the end of the coding, and is left out.
    Surplus(Capped),
}

/// What came.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Content {
    Whole(Vec<u8>),
    /// Whole, and something behind it that is no part of it.
    WithSurplus(Vec<u8>),
}

/// Why content was not taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DecodeError {
    TooLarge,
    Broken,
}

impl Decoder {
    /// For a Content-Encoding, empty where there is none; nothing for a coding that was not asked for.
    pub(super) fn new(coding: &str, cap: usize) -> Option<Decoder> {
        let sink = Capped { bytes: Vec::new(), cap, over: false };
        match coding.trim().to_ascii_lowercase().as_str() {
            "" | "identity" => Some(Decoder::Identity(sink)),
            "gzip" | "x-gzip" => Some(Decoder::Unfed(sink)),
            _ => None,
        }
    }

    /// Takes one chunk in.
    pub(super) fn write(&mut self, chunk: &[u8]) -> Result<(), DecodeError> {
        if let Decoder::Unfed(sink) = self
            && !chunk.is_empty()
        {
            *self = Decoder::Gzip(Box::new(GzDecoder::new(std::mem::take(sink))));
        }
        match self {
            Decoder::Identity(sink) | Decoder::Unfed(sink) => {
                sink.write_all(chunk).map_err(|_| DecodeError::TooLarge)
            }
            Decoder::Gzip(decoder) => {
                let mut rest = chunk;
                while !rest.is_empty() {
                    match decoder.write(rest) {
                        Ok(0) => return self.behind_the_end(rest),
                        Ok(taken) => rest = rest.get(taken..).unwrap_or_default(),
                        Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                        Err(_) => return Err(blame(decoder.get_ref())),
                    }
                }
                Ok(())
            }
            Decoder::Surplus(_) => Ok(()),
        }
    }

    /// Gzip may be several one behind another (RFC 1952, 2.2); what does not begin as gzip is none of it.
    fn behind_the_end(&mut self, rest: &[u8]) -> Result<(), DecodeError> {
        const MAGIC: u8 = 0x1F;
        let Decoder::Gzip(decoder) = self else { return Ok(()) };
        decoder.try_finish().map_err(|_| blame(decoder.get_ref()))?;
        let sink = std::mem::take(decoder.get_mut());
        if rest.first() != Some(&MAGIC) {
            *self = Decoder::Surplus(sink);
            return Ok(());
        }
        *self = Decoder::Gzip(Box::new(GzDecoder::new(sink)));
        self.write(rest)
    }

    /// The whole content.
    pub(super) fn finish(self) -> Result<Content, DecodeError> {
        match self {
            Decoder::Identity(sink) | Decoder::Unfed(sink) => Ok(Content::Whole(sink.bytes)),
            Decoder::Gzip(mut decoder) => {
                decoder.try_finish().map_err(|_| blame(decoder.get_ref()))?;
                decoder.finish().map(|sink| Content::Whole(sink.bytes)).map_err(|_| DecodeError::Broken)
            }
            Decoder::Surplus(sink) => Ok(Content::WithSurplus(sink.bytes)),
        }
    }
}

fn blame(sink: &Capped) -> DecodeError {
    if sink.over { DecodeError::TooLarge } else { DecodeError::Broken }
}

/// A buffer that refuses to grow beyond its cap.
#[derive(Default)]
pub(super) struct Capped {
    bytes: Vec<u8>,
    cap: usize,
    over: bool,
}

impl Write for Capped {
    fn write(&mut self, chunk: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + chunk.len() > self.cap {
            self.over = true;
            return Err(io::Error::other("over the cap"));
        }
        self.bytes.extend_from_slice(chunk);
        Ok(chunk.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn decode(coding: &str, cap: usize, chunks: &[&[u8]]) -> Result<Vec<u8>, DecodeError> {
        let mut decoder = Decoder::new(coding, cap).unwrap();
        chunks.iter().try_for_each(|chunk| decoder.write(chunk))?;
        match decoder.finish()? {
            Content::Whole(bytes) => Ok(bytes),
            Content::WithSurplus(bytes) => Ok([bytes.as_slice(), b"+"].concat()),
        }
    }

    #[test]
    fn gzip_comes_out_as_it_went_in_however_it_is_cut() {
        let coded = gzip(b"hello hello");
        for cut in 0..coded.len() {
            let (one, two) = coded.split_at(cut);
            assert_eq!(decode("GZIP", 100, &[one, two]), Ok(b"hello hello".to_vec()), "cut at {cut}");
        }
    }

    #[test]
    fn what_stands_behind_the_end_is_left_out_and_told() {
        let coded = [gzip(b"hello").as_slice(), b"\0\0 garbage"].concat();
        let twice = [gzip(b"hello "), gzip(b"hello")].concat();
        for cut in 0..coded.len() {
            let (one, two) = coded.split_at(cut);
            assert_eq!(decode("gzip", 100, &[one, two]), Ok(b"hello+".to_vec()), "cut at {cut}");
        }
        for cut in 0..twice.len() {
            let (one, two) = twice.split_at(cut);
            assert_eq!(decode("gzip", 100, &[one, two]), Ok(b"hello hello".to_vec()), "cut at {cut}");
        }
        let broken = [gzip(b"hello").as_slice(), &gzip(b"hello")[..15]].concat();
        assert_eq!(decode("gzip", 100, &[&broken]), Err(DecodeError::Broken));
    }

    #[test]
    fn what_comes_out_is_capped_not_what_goes_in() {
        let bomb = gzip(&vec![0; 10_000_000]);
        assert!(bomb.len() < 20_000);
        assert_eq!(decode("gzip", 1_000_000, &[&bomb]), Err(DecodeError::TooLarge));
        assert_eq!(decode("", 3, &[b"ab", b"cd"]), Err(DecodeError::TooLarge));
    }

    #[test]
    fn broken_or_cut_content_is_never_taken_for_whole() {
        let coded = gzip(b"hello hello");
        assert_eq!(decode("gzip", 100, &[&coded[..coded.len() - 1]]), Err(DecodeError::Broken));
        assert_eq!(decode("gzip", 100, &[&coded[..12]]), Err(DecodeError::Broken));
        assert_eq!(decode("gzip", 100, &[b"hello"]), Err(DecodeError::Broken));
        let mut wrong = coded.clone();
        wrong[coded.len() - 6] ^= 1;
        assert_eq!(decode("gzip", 100, &[&wrong]), Err(DecodeError::Broken));
    }

    #[test]
    fn empty_content_is_empty_and_other_codings_are_refused() {
        assert_eq!(decode("gzip", 100, &[]), Ok(Vec::new()));
        assert!(Decoder::new("br", 100).is_none());
        assert!(Decoder::new("gzip, gzip", 100).is_none());
    }
}
