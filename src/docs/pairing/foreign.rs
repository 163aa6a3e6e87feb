//! Requests of other clients: told of where nothing that is read says the same.

use super::message::Message;
use super::{Block, Pairing};
use crate::contract::url::DocumentedUrl;
use crate::docs::notes::Notes;
use crate::docs::shell::{ForeignKind, Shown};
use crate::finding::Code;
use std::collections::BTreeSet;

impl<'t> Pairing<'t> {
    /// Whether a block is a program, which keeps nobody's answer from a command before it: the same request may be shown
    /// in several languages.
    pub(super) fn is_aside(&mut self, block: &'t Block<'t>) -> bool {
        let [Shown::Foreign(foreign)] = block.shown.as_slice() else { return false };
        let is_aside = foreign.kind == ForeignKind::Program && !self.waiting.is_empty();
        if is_aside {
            self.foreign.push(foreign);
        }
        is_aside
    }

    /// Takes down the requests of a block that is in nobody's way.
    pub(super) fn beside(&mut self, block: &'t Block<'t>) {
        self.foreign.extend(block.shown.iter().filter_map(|shown| match shown {
            Shown::Foreign(foreign) => Some(foreign),
            _ => None,
        }));
    }

    /// Tells of each, once, unless the page shows the request in a way that is read too.
    pub(super) fn report_foreign(&mut self, notes: &mut Notes) {
        if self.foreign.is_empty() {
            return;
        }
        let mut known = BTreeSet::new();
        let mut requests = 0;
        for request in self.exchanges.groups.iter().flat_map(|group| &group.requests) {
            let url = match request {
                Message::Http(message) | Message::Parted(message, ..) => {
                    message.request(&mut self.aside).map(|text| text.url)
                }
                Message::Command(command) => Some(command.request.url.clone()),
                Message::Output(..) => None,
            };
            requests += 1;
            known.extend(url.map(|url| path(&url)));
        }
        for foreign in std::mem::take(&mut self.foreign) {
            let path = path(&foreign.url);
            // Of a URL that is a variable nothing is known.
            let is_shown = if path.is_empty() { requests > 0 } else { known.contains(&path) };
            let code = match foreign.kind {
                ForeignKind::Download => Code::DiscardedOutput,
                ForeignKind::Command | ForeignKind::Program => Code::ForeignClient,
            };
            if !is_shown {
                notes.add(code, foreign.line, foreign.title());
                known.insert(path);
            }
        }
    }
}

/// The path of a URL, as far as two ways to write one request agree on it.
fn path(url: &str) -> String {
    let url = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://")).unwrap_or(url);
    let url = format!("http://{}", url.trim_start_matches(':'));
    DocumentedUrl::new(&url).path.trim_matches('/').to_owned()
}
