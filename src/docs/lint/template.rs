//! Method and URL of the example requests against the section HTTP request.
//!
//! A page may show requests of other operations on the way. So where one of its examples is what the section says, the
//! others are not asked; and where none is, one is told of only if it all but is: the right path with another method,
//! or the right method and a path that differs in one segment.

use super::Example;
use super::outline::Scope;
use super::path::{Likeness, Path};
use crate::docs::notes::Notes;
use crate::finding::Code;
use std::collections::BTreeSet;

pub(super) fn check(scope: &Scope, operation: &Operation, examples: &[Example], notes: &mut Notes) {
    if operation.templates.is_empty() || scope.has_unread_template {
        return;
    }
    let is_said =
        |example| operation.likeness(example).is_some_and(|(_, likeness)| likeness != Likeness::Near);
    if examples.iter().any(is_said) {
        return;
    }
    let mut seen = BTreeSet::new();
    for example in examples {
        let line = example.pair.written.request_line;
        if !seen.insert(line) {
            continue;
        }
        let said = |(method, url): &(String, String)| format!("the section says {method} {url}");
        if let Some((at, _)) = operation.likeness(example) {
            let template = scope.templates.get(at).map(said).unwrap_or_default();
            notes.add(Code::UndocumentedPath, line, template);
        } else if let Some(at) = operation.same_path(example) {
            let template = scope.templates.get(at).map(said).unwrap_or_default();
            notes.add(Code::UndocumentedMethod, line, template);
        }
    }
}

/// The operation that a part of a page documents.
pub(super) struct Operation<'s> {
    templates: Vec<(&'s str, Path<'s>)>,
    /// All examples have one method.
    is_single: bool,
}

impl<'s> Operation<'s> {
    pub(super) fn of(scope: &'s Scope, examples: &[Example]) -> Operation<'s> {
        let templates = scope.templates.iter().map(|(method, url)| (method.as_str(), Path::of(url)));
        let methods: BTreeSet<&str> =
            examples.iter().map(|example| example.pair.contract.request.method.as_str()).collect();
        Operation { templates: templates.collect(), is_single: methods.len() == 1 }
    }

    /// Whether a pair shows this operation and no other.
    pub(super) fn covers(&self, example: &Example) -> bool {
        if self.templates.is_empty() {
            return self.is_single;
        }
        self.likeness(example).is_some_and(|(_, likeness)| likeness == Likeness::Same)
    }

    /// The template of its method that an example is likest to, and how like.
    fn likeness(&self, example: &Example) -> Option<(usize, Likeness)> {
        let method = example.pair.contract.request.method.as_str();
        let same_method = self.templates.iter().enumerate().filter(|(_, (named, _))| *named == method);
        let like =
            same_method.filter_map(|(at, (_, template))| Some((at, template.likeness(&example.path)?)));
        like.min_by_key(|(_, likeness)| *likeness)
    }

    /// The template whose path an example's is.
    fn same_path(&self, example: &Example) -> Option<usize> {
        self.templates
            .iter()
            .position(|(_, template)| template.likeness(&example.path) == Some(Likeness::Same))
    }
}
