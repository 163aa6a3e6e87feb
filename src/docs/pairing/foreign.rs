//! Requests of other clients: told of where nothing that is read says the same.

use super::{Block, Pairing};
use crate::contract::url::{DocumentedUrl, placeholders};
use crate::docs::notes::Notes;
use crate::docs::shell::{ForeignKind, Shown};
use crate::finding::Code;
use std::collections::BTreeSet;

impl<'t> Pairing<'t> {
    /// Whether a block is a program, which keeps nobody's answer from a command before it: the same request may be shown
    /// in several languages.
    pub(super) fn is_aside(&mut self, block: &'t Block<'t>) -> bool {
        let [Shown::Foreign(foreign)] = block.shown.as_slice() else { return false };
        let mut waiting = self.waiting.iter().filter_map(|(group, _)| self.exchanges.groups.get(*group));
        let may_be_same = waiting.clone().flat_map(|group| &group.requests).any(|request| {
            let url = request.url();
            url.is_none_or(|url| may_name_the_same(&path(&url), &path(&foreign.url)))
        });
        let is_aside = foreign.kind == ForeignKind::Program && waiting.next().is_some() && may_be_same;
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
            requests += 1;
            known.extend(request.url().map(|url| path(&url)));
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

impl Pairing<'_> {
    /// Whether an answer stands behind a request line in the text that is not the request of this group.
    pub(super) fn is_of_text(&self, block: &Block, group: usize) -> bool {
        let Some((method, url)) = block.inline.as_deref().and_then(|said| said.split_once(' ')) else {
            return false;
        };
        let requests = self.exchanges.groups.get(group).into_iter().flat_map(|group| &group.requests);
        let mut requests = requests.filter_map(|request| request.request(&mut Notes::new("")));
        let said = path(url);
        !requests.any(|request| {
            let own = path(&request.url);
            request.method == method && (may_stand_for(&said, &own) || may_stand_for(&own, &said))
        })
    }
}

/// Whether a path ends as a template says.
fn may_stand_for(template: &str, path: &str) -> bool {
    let mut segments = path.rsplit('/');
    template.rsplit('/').all(|said| {
        let is_it = |own: &str| own == said || !placeholders(said).is_empty() || said.starts_with(':');
        segments.next().is_some_and(is_it)
    })
}

/// Whether two paths may be one, written with other values: none has a last word that the other has not.
fn may_name_the_same(one: &str, two: &str) -> bool {
    let last = |path: &str| path.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    let is_word = |segment: &str| {
        segment.starts_with(|first: char| first.is_ascii_alphabetic())
            && segment.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'))
            && segment.bytes().filter(u8::is_ascii_digit).count() < 3
    };
    let (one, two) = (last(one), last(two));
    one == two || !is_word(&one) || !is_word(&two)
}

/// The path of a URL, as far as two ways to write one request agree on it.
fn path(url: &str) -> String {
    let url = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://")).unwrap_or(url);
    let url = format!("http://{}", url.trim_start_matches(':'));
    DocumentedUrl::new(&url).path.trim_matches('/').to_owned()
}
