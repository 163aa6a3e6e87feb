//! The flat list of a text's values, made when it is first asked for.

use super::{Budget, Node, strict};
use std::sync::OnceLock;

/// The values of a text: there, or to be read again.
///
/// A body that was read to see whether it is JSON, and that waits for its turn among many thousands, takes half the
/// memory without them; reading it once more costs less than anything else that happens to it then.
#[derive(Clone)]
pub(super) struct Nodes(OnceLock<Vec<Node>>);

impl Nodes {
    /// None are there: they are read when they are needed, from a text that is known to be JSON.
    pub(super) fn unread() -> Nodes {
        Nodes(OnceLock::new())
    }

    /// The values of this text, which is the same each time.
    pub(super) fn of(&self, text: &str) -> &[Node] {
        // The text was read before, within whatever budget: it cannot fail now.
        self.0.get_or_init(|| strict::read(text, &Budget::UNLIMITED).unwrap_or_default())
    }
}

impl From<Vec<Node>> for Nodes {
    fn from(nodes: Vec<Node>) -> Nodes {
        Nodes(OnceLock::from(nodes))
    }
}
