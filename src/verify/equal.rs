//! Which requests are equal: those that a service cannot tell apart.

use crate::message::{Identity, Sent, normal_body, normal_field, normal_url};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::LazyLock;

/// What all requests have in common that are equal, and no other: a digest, as a run may hold a hundred thousand. Its
/// keys are new in every run, so no page can be written to be taken for another.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Equal([u64; 2]);

static KEYS: LazyLock<[RandomState; 2]> = LazyLock::new(|| [RandomState::new(), RandomState::new()]);

impl Equal {
    /// Over method, URL, fields, content and identity, each in its one spelling. Fields of one name keep their order.
    pub(super) fn of(sent: &Sent) -> Equal {
        let Sent { method, url, documented_url: _, headers, body, identity } = sent;
        let mut fields: Vec<(String, String)> =
            headers.iter().map(|(name, value)| normal_field(name, value)).collect();
        fields.sort_by(|one, two| one.0.cmp(&two.0));
        let mut digests = KEYS.each_ref().map(BuildHasher::build_hasher);
        let mut add = |piece: &[u8]| {
            for digest in &mut digests {
                digest.write_usize(piece.len());
                digest.write(piece);
            }
        };
        add(method.as_bytes());
        add(normal_url(url).as_bytes());
        add(&normal_body(body));
        let (kind, name): (&[u8], &str) = match identity {
            Identity::Own => (b"", ""),
            Identity::Account(name) => (b"as", name),
            Identity::Nobody => (b"nobody", ""),
        };
        add(kind);
        add(name.as_bytes());
        for (name, value) in &fields {
            add(name.as_bytes());
            add(value.as_bytes());
        }
        Equal(digests.map(|digest| digest.finish()))
    }
}
