//! Method and URL of the example requests against the section HTTP request.
//!
//! A page may show requests of other operations on the way. So where one of its examples is what the section says, the
//! others are not asked; and where none is, one is told of only if it all but is: the right path with another method,
//! or the right method and a path that differs in one segment.

use super::outline::Scope;
use super::path::{Likeness, Path};
use super::{Examples, Outline};
use crate::docs::Documented;
use crate::docs::notes::Notes;
use crate::finding::Code;
use std::collections::BTreeSet;

pub(super) fn check(outline: &Outline, examples: &Examples, notes: &mut Notes) {
    for (scope, pairs) in examples.by_scope(outline) {
        let operation = Operation::of(scope, &pairs);
        if operation.templates.is_empty() || scope.has_unread_template {
            continue;
        }
        if pairs
            .iter()
            .any(|pair| operation.likeness(pair).is_some_and(|(_, likeness)| likeness != Likeness::Near))
        {
            continue;
        }
        let mut seen = BTreeSet::new();
        for pair in pairs {
            let request = &pair.contract.request;
            let line = pair.written.request_line;
            if !seen.insert(line) {
                continue;
            }
            let said = |(method, url): &(String, String)| format!("the section says {method} {url}");
            if let Some((at, _)) = operation.likeness(pair) {
                let template = scope.templates.get(at).map(said).unwrap_or_default();
                notes.add(Code::UndocumentedPath, line, template);
            } else if let Some(at) = operation.same_path(&request.url) {
                let template = scope.templates.get(at).map(said).unwrap_or_default();
                notes.add(Code::UndocumentedMethod, line, template);
            }
        }
    }
}

/// The operation that a part of a page documents.
pub(super) struct Operation<'s> {
    templates: Vec<(&'s str, Path)>,
    /// All examples have one method.
    is_single: bool,
}

impl<'s> Operation<'s> {
    pub(super) fn of(scope: &'s Scope, pairs: &[&Documented]) -> Operation<'s> {
        let templates = scope.templates.iter().map(|(method, url)| (method.as_str(), Path::of(url)));
        let methods: BTreeSet<&str> =
            pairs.iter().map(|pair| pair.contract.request.method.as_str()).collect();
        Operation { templates: templates.collect(), is_single: methods.len() == 1 }
    }

    /// Whether a pair shows this operation and no other.
    pub(super) fn covers(&self, pair: &Documented) -> bool {
        if self.templates.is_empty() {
            return self.is_single;
        }
        self.likeness(pair).is_some_and(|(_, likeness)| likeness == Likeness::Same)
    }

    /// The template of its method that an example is likest to, and how like.
    fn likeness(&self, pair: &Documented) -> Option<(usize, Likeness)> {
        let request = &pair.contract.request;
        let path = Path::of(&request.url);
        let same_method =
            self.templates.iter().enumerate().filter(|(_, (method, _))| *method == request.method);
        let like = same_method.filter_map(|(at, (_, template))| Some((at, template.likeness(&path)?)));
        like.min_by_key(|(_, likeness)| *likeness)
    }

    /// The template whose path an example's is.
    fn same_path(&self, url: &str) -> Option<usize> {
        let path = Path::of(url);
        self.templates.iter().position(|(_, template)| template.likeness(&path) == Some(Likeness::Same))
    }
}
