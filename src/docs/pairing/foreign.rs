//! Requests of other clients: told of where nothing that is read says the same.

use super::{Block, Pairing};
use crate::contract::url::{DocumentedUrl, placeholders};
use crate::docs::notes::Notes;
use crate::docs::shell::{ForeignKind, Shown};
use crate::finding::Code;
use std::collections::BTreeSet;

/// Requests of one fence, and bytes of a URL in the text, beyond which it is not looked for among them: many answers to many
/// requests must not cost their product.
const MOST_REQUESTS: usize = 32;
const LONGEST_URL: usize = 2048;

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
    pub(super) fn is_of_text(&mut self, block: &Block, group: usize) -> bool {
        let said = block.inline.as_deref().and_then(|said| said.split_once(' '));
        let Some((method, url)) = said.filter(|(_, url)| url.len() <= LONGEST_URL) else { return false };
        let count = self.exchanges.groups.get(group).map_or(0, |group| group.requests.len());
        if count > MOST_REQUESTS {
            return false;
        }
        if self.named.as_ref().is_none_or(|named| named.group != group) {
            self.named = Some(self.named(group));
        }
        let said = path(url.split('#').next().unwrap_or(url));
        let requests = self.named.iter().flat_map(|named| &named.requests);
        !requests.into_iter().any(|(own_method, own)| {
            own_method == method && (may_stand_for(&said, own) || may_stand_for(own, &said))
        })
    }

    fn named(&self, group: usize) -> Named {
        let requests = self.exchanges.groups.get(group).into_iter().flat_map(|group| &group.requests);
        let requests = requests.filter_map(|request| request.request(&mut Notes::new("")));
        Named { group, requests: requests.map(|request| (request.method, path(&request.url))).collect() }
    }
}

/// What the requests of a group are, read once for all that may answer them.
pub(super) struct Named {
    group: usize,
    /// The method of each, and its path.
    requests: Vec<(String, String)>,
}

/// Whether a path ends as a template says.
fn may_stand_for(template: &str, path: &str) -> bool {
    let mut segments = path.rsplit('/');
    template.rsplit('/').all(|said| {
        // In running text there are more ways to write a placeholder than are read in a request.
        let is_place = || !placeholders(said).is_empty() || said.starts_with([':', '$', '[', '(', '*']);
        let is_it = |own: &str| own.eq_ignore_ascii_case(said) || is_place();
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
