//! Method and URL of the example requests against the section HTTP request.
//!
//! A page may show requests of other operations on the way. So where one of its examples is what the section says, the
//! others are not asked; and where none is, one is told of only if it all but is: the right path with another method,
//! or the right method and a path that differs in one segment.

use super::Example;
use super::outline::Scope;
use super::path::{self, Likeness, Path};
use crate::contract::url::DocumentedUrl;
use crate::docs::Documented;
use crate::docs::http_text::{Kind, Start, is_usual_method, messages, start_of};
use crate::docs::notes::Notes;
use crate::finding::Code;
use std::collections::BTreeSet;

/// Examples of a part that are held against its templates as they are written: one that is right is among the first.
const FIRST: usize = 4;

/// Method and URL of each request that the sections "HTTP request" of a part of the page name.
pub(super) struct Templates {
    read: Vec<(String, String)>,
    /// Not all of these sections could be read: the templates are not all that is documented.
    has_unread: bool,
}

impl Templates {
    pub(super) fn of(scope: &Scope) -> Templates {
        let mut templates = Templates { read: Vec::new(), has_unread: false };
        let mut silent = Notes::new("");
        for line in lines(scope) {
            let request = messages(line, Kind::Request, 1).first().and_then(|line| line.request(&mut silent));
            match request.filter(|_| start_of(line) == Start::Request) {
                Some(request) => templates.read.push((request.method, request.url)),
                None => templates.has_unread = true,
            }
        }
        templates
    }
}

fn lines<'s>(scope: &'s Scope<'_>) -> impl Iterator<Item = &'s str> {
    scope.templates.iter().flat_map(|text| text.lines()).map(str::trim).filter(|line| !line.is_empty())
}

/// Whether there are no templates, or an example is what one of them says in so many words: then nothing is to be told of,
/// and neither need be taken apart. Only where that is plain.
pub(super) fn is_written(scope: &Scope, pairs: &[&Documented]) -> bool {
    if scope.templates.is_empty() {
        return true;
    }
    let requests = pairs.iter().map(|pair| &pair.contract.request).take(FIRST);
    let usual = requests.filter(|request| is_usual_method(&request.method));
    let examples: Vec<(&str, &str)> =
        usual.map(|request| (request.method.as_str(), DocumentedUrl::new(&request.url).path)).collect();
    let is_it = |template: &str, (method, path): (&str, &str)| {
        let template = template.strip_prefix(method).and_then(|url| url.strip_prefix(' '));
        template.is_some_and(|template| path::is_plainly(template, path))
    };
    lines(scope).any(|line| examples.iter().any(|example| is_it(line, *example)))
}

pub(super) fn check(templates: &Templates, operation: &Operation, examples: &[Example], notes: &mut Notes) {
    if operation.templates.is_empty() || templates.has_unread {
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
            let template = templates.read.get(at).map(said).unwrap_or_default();
            notes.add(Code::UndocumentedPath, line, template);
        } else if let Some(at) = operation.same_path(example) {
            let template = templates.read.get(at).map(said).unwrap_or_default();
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
    pub(super) fn of(templates: &'s Templates, examples: &[Example]) -> Operation<'s> {
        let templates = templates.read.iter().map(|(method, url)| (method.as_str(), Path::of(url)));
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
