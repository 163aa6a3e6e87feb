//! Pairing: the fences of a page → which response answers which request → contracts.

mod blocks;
mod commands;
mod contracts;
mod detached;
mod error;
mod foreign;
mod message;
mod other;
mod parted;
mod sections;
mod templates;
mod unsaid;

use super::form::{Examples, Sheet};
use super::http_text::{Kind, messages};
use super::markdown::Landmark;
use super::notes::Notes;
use super::shell::{Command, Foreign};
use super::{Annotations, Documented, Keys};
use crate::finding::Code;
use blocks::{Block, Role};
use message::Message;
use std::collections::BTreeMap;

pub(super) use templates::{Templates, announces_example, title};

/// The contracts of a page, in the order of their requests, before clashes of their ids are resolved.
pub(super) fn pairs<'a>(
    sheet: &Sheet<'a>,
    annotations: Annotations,
    keys: Keys,
    landmarks: Option<&mut Vec<Landmark<'a>>>,
    notes: &mut Notes,
) -> Vec<Documented> {
    let examples = sheet.examples();
    let blocks = blocks::collect(sheet, examples, annotations, landmarks, notes);
    if blocks.is_empty() {
        return Vec::new();
    }
    let mut exchanges = pair(&blocks, examples, annotations, notes);
    exchanges.drop_unreadable(annotations, notes);
    exchanges.report(annotations, notes);
    contracts::contracts(sheet.file, &exchanges, annotations, keys, notes)
}

/// One message of a page, with the fence that it stands in.
#[derive(Clone, Copy)]
struct Part<'t> {
    message: Message<'t>,
    block: &'t Block<'t>,
}

/// The requests that stand one behind the other in one fence, and what answers all of them.
struct Group<'t> {
    block: &'t Block<'t>,
    requests: Vec<Message<'t>>,
    /// Indexes of [`Exchanges::responses`].
    answers: Vec<usize>,
    /// What the page shows of the answer is told of, and not read.
    is_filtered: bool,
}

/// All messages of a page, and who answers whom.
#[derive(Default)]
struct Exchanges<'t> {
    groups: Vec<Group<'t>>,
    responses: Vec<Part<'t>>,
    /// Responses that answer no request.
    orphans: Vec<Part<'t>>,
    /// Lines of such responses, and what keeps each from the request before it.
    parted: BTreeMap<u32, String>,
}

/// Whether something is said of a block. Where annotations are required nothing is said of one without.
fn is_heard(block: &Block, annotations: Annotations) -> bool {
    annotations == Annotations::Optional || block.annotation.is_some()
}

/// Pairs the messages of a page, in its order.
fn pair<'t>(
    blocks: &'t [Block<'t>],
    examples: Examples,
    annotations: Annotations,
    notes: &mut Notes,
) -> Exchanges<'t> {
    let mut unheard = Notes::new("");
    let mut pairing = Pairing {
        exchanges: Exchanges::default(),
        unanswered: BTreeMap::new(),
        nearest: BTreeMap::new(),
        borne: Borne::of(blocks),
        behind_barrier: false,
        waiting: Vec::new(),
        past_other: None,
        run: 0,
        parted: parted::Parted::default(),
        sections: sections::Sections::default(),
        is_answered: false,
        fresh: None,
        answered: 0,
        halves: detached::Halves::default(),
        before: detached::Halves::default(),
        is_told: false,
        ahead: None,
        unsaid: None,
        named: None,
        stray: Vec::new(),
        foreign: Vec::new(),
        examples,
        aside: Notes::new(""),
    };
    for block in blocks {
        let notes = if is_heard(block, annotations) { &mut *notes } else { &mut unheard };
        let before = std::mem::take(&mut pairing.halves);
        pairing.before = before;
        match block.role {
            Role::Answer if pairing.is_of_head(block) => pairing.halves = before,
            Role::Answer if before.bodiless.is_some_and(|half| pairing.is_body(half, block, notes)) => {}
            Role::Heading(level) if pairing.names_half(before, level, block.title) => pairing.halves = before,
            Role::Barrier => {
                pairing.behind_barrier = true;
                pairing.is_told = true;
                pairing.waiting.clear();
            }
            Role::Heading(level) => pairing.heading(level, block.title),
            Role::Section => pairing.section(),
            Role::Aside => pairing.beside(block),
            Role::Unknown => pairing.is_told |= pairing.waiting.is_empty(),
            Role::Session if pairing.repeats(block) => continue,
            Role::Session => pairing.session(block, notes),
            Role::Answer => pairing.answer(block, notes),
            Role::Unsaid(said) => pairing.unsaid(block, said, notes),
            Role::Message(kind) => pairing.block(block, kind, notes),
        }
        pairing.fresh = match block.role {
            Role::Message(Kind::Request) => pairing.exchanges.groups.len().checked_sub(1),
            Role::Heading(_) | Role::Section | Role::Aside | Role::Unknown => pairing.fresh,
            _ => None,
        };
    }
    if annotations == Annotations::Optional {
        pairing.report_stray(notes);
        pairing.report_foreign(notes);
    }
    pairing.exchanges
}

struct Pairing<'t> {
    exchanges: Exchanges<'t>,
    /// By name: the requests so far, the last one on top; those that were answered since are dropped when met.
    unanswered: BTreeMap<&'t str, Vec<usize>>,
    /// By name: the last request so far.
    nearest: BTreeMap<&'t str, usize>,
    borne: Borne<'t>,
    /// An example that gives no contract stands between here and the last request.
    behind_barrier: bool,
    /// The requests of the block before that have no answer yet, and the commands that send them.
    waiting: Vec<(usize, Option<&'t Command>)>,
    /// What waits when something stands behind it that is said to be no answer.
    past_other: Option<usize>,
    /// The first of the requests that stand behind each other, with nothing to answer them between.
    run: usize,
    /// What is known of the body of the request that waits.
    parted: parted::Parted<'t>,
    /// Where on the page we are, and where the last request stands.
    sections: sections::Sections,
    /// The last request of this section has its answer, and what follows may be another one.
    is_answered: bool,
    /// The last request, where no other message stands behind it.
    fresh: Option<usize>,
    /// The last request that data without a status line answered.
    answered: usize,
    /// What the block shows in part, and what the one before it does.
    halves: detached::Halves,
    before: detached::Halves,
    /// What an answer could belong to is told of, or is none of ours.
    is_told: bool,
    /// What is said to be the body of a request, and stands behind none.
    ahead: Option<&'t Block<'t>>,
    /// What may be the request that an answer here belongs to, and cannot be read.
    unsaid: Option<&'t Block<'t>>,
    /// The requests of the group that an answer behind a request line in the text was last held against.
    named: Option<foreign::Named>,
    /// What is said to be an answer, and belongs to no request.
    stray: Vec<Message<'t>>,
    /// Requests of other clients.
    foreign: Vec<&'t Foreign>,
    examples: Examples,
    /// What is noticed while a message is looked at that is read again later.
    aside: Notes<'static>,
}

impl<'t> Pairing<'t> {
    fn block(&mut self, block: &'t Block<'t>, kind: Kind, notes: &mut Notes) {
        let mut data = self.before.data;
        let mut answered: Option<Vec<usize>> = None;
        let mut in_group = false;
        for message in messages(&block.text, kind, block.line + 1) {
            if message.kind == Kind::Request {
                if !in_group {
                    self.supersede(&message);
                    self.request(block, notes);
                }
                (in_group, data) = (true, None);
                if let Some(group) = self.exchanges.groups.last_mut() {
                    group.requests.push(Message::Http(message));
                }
                answered = Some(vec![self.exchanges.groups.len() - 1]);
                self.waits(&message);
                self.tell_ahead(notes);
                continue;
            }
            in_group = false;
            if message.is_interim() {
                self.tell_interim(message, notes);
                continue;
            }
            self.is_told = true;
            self.waiting.clear();
            // Behind a request of its own fence, or behind another answer, a response needs no name.
            let groups = answered.get_or_insert_with(|| self.requests_of(block, notes));
            let part = Part { message: Message::Http(message), block };
            if groups.is_empty() {
                self.tell_unsaid(notes);
                self.is_parted(part);
                self.exchanges.orphans.push(part);
                continue;
            }
            self.settle(groups, notes);
            self.tell_inline(message, block, notes);
            if let Some(data) = data.take().filter(|_| groups == &[self.answered])
                && self.is_status_of(data, message, block, notes)
            {
                self.halves.is_answer = true;
                continue;
            }
            let response = self.exchanges.responses.len();
            self.exchanges.responses.push(part);
            self.halves.bodiless = Some(response);
            for index in groups.iter() {
                if let Some(group) = self.exchanges.groups.get_mut(*index) {
                    group.answers.push(response);
                    // What is said to be another answer may stand behind it, without a status line.
                    (self.is_answered, self.answered) = (true, *index);
                }
            }
        }
        self.tell_sent(block, notes);
    }

    fn request(&mut self, block: &'t Block<'t>, notes: &mut Notes) {
        let index = self.exchanges.groups.len();
        self.exchanges.groups.push(Group {
            block,
            requests: Vec::new(),
            answers: Vec::new(),
            is_filtered: false,
        });
        self.begins_run(index);
        self.behind_barrier = false;
        self.unsaid = None;
        self.sections.request();
        for name in block.names() {
            if self.nearest.insert(name, index).is_some() {
                notes.add(Code::DuplicateName, block.annotation_line(), name);
            }
            self.unanswered.entry(name).or_default().push(index);
        }
    }

    /// The requests that a response answers.
    fn requests_of(&mut self, block: &'t Block<'t>, notes: &mut Notes) -> Vec<usize> {
        let mut groups: Vec<usize> = Vec::new();
        let mut unknown: Vec<&str> = Vec::new();
        let mut comes_later = false;
        for name in block.names() {
            if let Some(group) = self.bearer(name) {
                groups.push(group);
                continue;
            }
            comes_later |= self.borne.is_meant_for_a_later_request(name);
            unknown.push(name);
        }
        let mut taken = None;
        if groups.is_empty() && !comes_later && !self.behind_barrier && !self.sections.are_others() {
            let last = self.exchanges.groups.len().checked_sub(1);
            let last = last.filter(|last| !self.is_of_text(block, *last));
            groups.extend(self.beside_commands(block).or(last));
            let taken_from = groups.first().and_then(|group| self.exchanges.groups.get(*group));
            taken = taken_from.and_then(|group| group.requests.first());
        }
        for name in unknown {
            let taken = taken.map(|request| format!("; taken for the answer to {}", request.title()));
            notes.add(
                Code::UnknownName,
                block.annotation_line(),
                format!("{name}{}", taken.unwrap_or_default()),
            );
        }
        groups.sort_unstable();
        groups.dedup();
        groups
    }

    /// The annotated request without an answer that an annotated response answers, where but commands stand between:
    /// these show the same in other tabs.
    fn beside_commands(&self, block: &Block) -> Option<usize> {
        block.annotation.as_ref()?;
        let is_command = |group: &Group| matches!(group.requests.first(), Some(Message::Command(..)));
        let groups = &self.exchanges.groups;
        let at = groups.iter().rposition(|group| !is_command(group))?;
        let is_near = at + 1 < groups.len() && at >= self.sections.first_group();
        let group = groups.get(at).filter(|_| is_near)?;
        (group.block.annotation.is_some() && group.answers.is_empty()).then_some(at)
    }

    /// The nearest earlier request of a name that has no answer yet, else the nearest.
    fn bearer(&mut self, name: &str) -> Option<usize> {
        if let Some(waiting) = self.unanswered.get_mut(name) {
            while let Some(group) = waiting.last().copied() {
                if self.exchanges.groups.get(group).is_some_and(|group| group.answers.is_empty()) {
                    return Some(group);
                }
                waiting.pop();
            }
        }
        self.nearest.get(name).copied()
    }
}

/// How often each name is borne by requests and responses of the page.
struct Borne<'t> {
    requests: BTreeMap<&'t str, usize>,
    responses: BTreeMap<&'t str, usize>,
}

impl<'t> Borne<'t> {
    fn of(blocks: &'t [Block<'t>]) -> Borne<'t> {
        let mut borne = Borne { requests: BTreeMap::new(), responses: BTreeMap::new() };
        for block in blocks {
            let names = match block.role {
                Role::Message(Kind::Request) => &mut borne.requests,
                Role::Message(Kind::Response) => &mut borne.responses,
                _ => continue,
            };
            for name in block.names() {
                *names.entry(name).or_default() += 1;
            }
        }
        borne
    }

    /// Whether a response whose name no request before it bears stands before its request. If the name is on another
    /// response too, it is a slip of the pen, and its place on the page counts.
    fn is_meant_for_a_later_request(&self, name: &str) -> bool {
        self.requests.contains_key(name) && self.responses.get(name) == Some(&1)
    }
}

impl Exchanges<'_> {
    /// A request without a request line has held its answers back from other requests, and is none.
    fn drop_unreadable(&mut self, annotations: Annotations, notes: &mut Notes) {
        for group in &mut self.groups {
            let is_heard = is_heard(group.block, annotations);
            group.requests.retain(|message| {
                if !message.is_request() && is_heard {
                    notes.add(Code::UnreadableRequest, message.line(), message.title());
                }
                message.is_request()
            });
        }
        self.groups.retain(|group| !group.requests.is_empty());
        let mut answers = vec![false; self.responses.len()];
        for answer in self.groups.iter().flat_map(|group| &group.answers) {
            if let Some(answers) = answers.get_mut(*answer) {
                *answers = true;
            }
        }
        let unused = self.responses.iter().zip(answers).filter(|(_, answers)| !answers);
        self.orphans.extend(unused.map(|(part, _)| *part));
    }

    /// What found no other half. Where annotations are required, blocks without one are no half of anything.
    fn report(&self, annotations: Annotations, notes: &mut Notes) {
        let is_heard = |block: &Block| is_heard(block, annotations);
        let lacks = |group: &&Group| group.answers.is_empty() && !group.is_filtered;
        for group in self.groups.iter().filter(lacks).filter(|group| is_heard(group.block)) {
            for request in &group.requests {
                notes.add(Code::UnpairedRequest, request.line(), request.title());
            }
        }
        for orphan in self.orphans.iter().filter(|orphan| is_heard(orphan.block)) {
            let (line, title) = (orphan.message.line(), orphan.message.title());
            let parted = self.parted.get(&line).map(String::as_str).unwrap_or_default();
            notes.add(Code::UnpairedResponse, line, format!("{title}{parted}"));
        }
    }
}
