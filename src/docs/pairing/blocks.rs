//! Blocks: the fences of a page that hold a message, or that stand between messages, with what is said of them.

mod above;
mod beside;
mod shown;

use super::templates::Templates;
use crate::docs::Annotations;
use crate::docs::annotation::{self, Annotation};
use crate::docs::form::{Examples, Sheet};
use crate::docs::http_text::{
    Kind, Lead, Start, Unsaid, hidden, hidden_near, is_absolute, lead, lead_to, opened_with, says_http,
    unsaid,
};
use crate::docs::inline;
use crate::docs::markdown::{Event, Fault, Fence, Landmark, place};
use crate::docs::notes::Notes;
use crate::docs::shell::{self, Environment, Session, Shown};
use crate::finding::Code;
use above::Above;
use shown::{behind, cleaned, comment, commented_request, label_of_tab, with_status};
use std::borrow::Cow;
use std::ops::Range;
use std::rc::Rc;

/// A fence that matters.
pub(super) struct Block<'a> {
    pub(super) role: Role,
    pub(super) text: Cow<'a, str>,
    /// The line above its text: that of its opening, or of the last comment before the message.
    pub(super) line: u32,
    /// What data says that it is written in.
    pub(super) language: &'a str,
    pub(super) annotation: Option<Annotation>,
    /// What stands before it.
    pub(super) paragraph: &'a str,
    /// Commands, and what they show.
    pub(super) shown: Vec<Shown>,
    /// The request line in the text before it, of what may answer one; before what has a status line, one that a line
    /// consists of.
    pub(super) inline: Option<Rc<str>>,
    /// A line of the text right before it consists of that request line.
    pub(super) is_named: bool,
    /// What stands behind a response on its page.
    pub(super) behind: &'a str,
    /// What a heading says, and the one right above what may answer a request.
    pub(super) title: &'a str,
}

/// What a fence is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// One message, or several of which the first one is of this kind.
    Message(Kind),
    /// A request that gives no contract: the responses behind it are not those of the request before it.
    Barrier,
    /// Commands that send requests, with what they show.
    Session,
    /// What may be the answer to a request before it, without a status line.
    Answer,
    /// What says that it is HTTP, and is no message.
    Unsaid(Unsaid),
    /// A heading of this level.
    Heading(u8),
    /// What ends the search for that answer: the description of another operation, or other commands.
    Section,
    /// Requests of other clients on a page whose examples are annotated: told of, and in nobody's way.
    Aside,
    /// Code that sends no request, as far as can be told: what comes of it is nobody's answer.
    Unknown,
}

impl<'a> Block<'a> {
    /// A block without a text.
    fn mark(role: Role, line: u32) -> Block<'a> {
        Block {
            role,
            text: Cow::Borrowed(""),
            line,
            language: "",
            annotation: None,
            paragraph: "",
            shown: Vec::new(),
            inline: None,
            is_named: false,
            behind: "",
            title: "",
        }
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.annotation.iter().flat_map(|annotation| &annotation.names).map(String::as_str)
    }

    pub(super) fn annotation_line(&self) -> u32 {
        self.annotation.as_ref().map_or(self.line, |annotation| annotation.line)
    }
}

/// The blocks of a page, in its order.
pub(super) fn collect<'a>(
    sheet: &Sheet<'a>,
    examples: Examples,
    annotations: Annotations,
    mut landmarks: Option<&mut Vec<Landmark<'a>>>,
    notes: &mut Notes,
) -> Vec<Block<'a>> {
    let mut collector = Collector {
        examples,
        environment: Environment::default(),
        unreadable: 0,
        operation: None,
        // Room for those of most pages.
        blocks: Vec::with_capacity(32),
        pending: None,
        is_apart: false,
        page: sheet.text,
        behind: 0,
        above: Above::default(),
        title: "",
        named: None,
        templates: Templates::default(),
        annotations,
        notes,
    };
    sheet.scan(&mut |event| {
        if let Some(landmarks) = &mut landmarks {
            landmarks.extend(Landmark::of(&event));
        }
        collector.event(event);
    });
    if let Some(annotation) = collector.pending.take() {
        collector.stray(&annotation);
    }
    collector.blocks
}

struct Collector<'a, 'n, 'f> {
    examples: Examples,
    environment: Environment,
    /// How many commands could not be read.
    unreadable: usize,
    /// The operation that the text documents, as long as it has shown no code.
    operation: Option<String>,
    blocks: Vec<Block<'a>>,
    /// The annotation that waits for its fence.
    pending: Option<Annotation>,
    /// Something other than blank lines stands behind the waiting annotation.
    is_apart: bool,
    page: &'a str,
    /// Where the text begins that stands before the next fence, the heading above it included.
    behind: usize,
    above: Above<'a>,
    /// The heading, as long as no code stands behind it.
    title: &'a str,
    /// The last request line in the text that a line consists of, behind the last request in a block.
    named: Option<Rc<str>>,
    templates: Templates,
    annotations: Annotations,
    notes: &'n mut Notes<'f>,
}

impl<'a> Collector<'a, '_, '_> {
    fn event(&mut self, event: Event<'a>) {
        match event {
            Event::Text => self.is_apart = true,
            Event::Heading { level, text, line } => {
                self.is_apart = true;
                self.behind = place(text, self.page).map_or(self.behind, |place| place.start);
                self.above.heading(level, text, self.behind);
                self.title = text;
                self.environment.heading(level);
                self.templates.heading(level, text);
                if self.examples > Examples::Annotated {
                    self.blocks.push(Block { title: text, ..Block::mark(Role::Heading(level), line) });
                }
            }
            Event::Operation { method, url, line } => {
                self.behind = place(url, self.page).map_or(self.behind, |place| place.end);
                self.operation = self.is_told_of().then(|| format!("{} {url}", method.to_ascii_uppercase()));
                self.blocks.extend([Role::Section, Role::Barrier].map(|role| Block::mark(role, line)));
            }
            Event::Comment { text, line } => match annotation::read(text, line, self.notes) {
                Some(annotation) => {
                    if let Some(stray) = self.pending.replace(annotation) {
                        self.stray(&stray);
                    }
                    self.is_apart = false;
                }
                None => self.is_apart = true,
            },
            Event::Fence { fence, paragraph } => self.fence(&fence, paragraph),
            Event::Indented { language, first, line } => self.indented(language, first, line),
            Event::Element { text, line } => self.element(text, line),
            Event::Fault { fault, line } => {
                let code = match fault {
                    Fault::UnclosedFence => Code::UnclosedFence,
                    Fault::UnclosedComment => Code::UnclosedComment,
                    Fault::NestedComment => Code::NestedComment,
                    Fault::Elsewhere => Code::BlockElsewhere,
                };
                self.notes.add(code, line, "");
            }
        }
    }

    fn stray(&mut self, annotation: &Annotation) {
        if annotation.block != annotation::Block::Other {
            self.notes.add(Code::StrayAnnotation, annotation.line, "");
        }
    }

    fn fence(&mut self, fence: &Fence<'a>, paragraph: &'a str) {
        let paragraph = label_of_tab(paragraph);
        let place = fence.place(self.page).unwrap_or(self.behind..self.behind);
        let rest = self.page.get(place.end..).unwrap_or_default();
        let before = std::mem::replace(&mut self.behind, place.end)..place.start;
        let operation = self.operation.take();
        let title = std::mem::take(&mut self.title);
        let text = fence.text();
        let lead = lead(&text, fence.language);
        let pending = self.pending.take();
        let said = pending.as_ref().and_then(|annotation| annotation.block.kind());
        let lead = said.map_or(lead, |kind| lead_to(kind, &text, lead));
        let annotation = pending.and_then(|annotation| self.if_it_belongs(annotation, lead.start));
        if self.examples > Examples::Annotated {
            self.name(before.clone());
        }
        let role = match self.role(annotation.as_ref(), &lead, fence.line) {
            None if annotation.is_none() && lead.start == Start::Other => {
                let language = fence.language;
                let block = Block { paragraph, title, language, ..Block::mark(Role::Session, fence.line) };
                if self.examples > Examples::Annotated
                    && self.session(&text, fence, block, before.clone(), operation)
                {
                    return;
                }
                if self.examples == Examples::Annotated {
                    let is_right_behind = title.is_empty() && paragraph.trim().is_empty();
                    self.beside(&text, fence, before.clone(), paragraph, is_right_behind);
                }
                self.hidden(&text, fence.language, fence.line)
            }
            role => role,
        };
        let Some(role) = role else { return };
        let (passed, line) = (lead.passed, fence.line + lead.passed_lines);
        if passed > 0 && (annotation.is_some() || self.annotations == Annotations::Optional) {
            self.notes.add(Code::LeadingComment, fence.line + 1, "");
        }
        let text = behind(text, passed);
        let mut inline = None;
        if role != Role::Message(Kind::Response) {
            self.named = None;
            self.above.shows_request();
        } else if annotation.is_none() {
            if self.examples == Examples::Annotated {
                self.named = None;
                self.name(before);
            }
            inline.clone_from(&self.named);
        }
        let block =
            Block { annotation, paragraph, text, inline, behind: rest, title, ..Block::mark(role, line) };
        self.blocks.push(block);
    }

    /// Commands, or what may answer one. Whether it is either.
    fn session(
        &mut self,
        text: &str,
        fence: &Fence<'a>,
        mut block: Block<'a>,
        before: Range<usize>,
        operation: Option<String>,
    ) -> bool {
        let session = match self.examples {
            Examples::Commands => {
                shell::read(text, fence.language, fence.line + 1, &mut self.environment, &mut self.unreadable)
            }
            Examples::Annotated | Examples::Plain => Session::None,
        };
        match session {
            Session::Requests(shown) => {
                self.named = None;
                self.above.shows_request();
                block.shown = shown.into_iter().filter_map(cleaned).collect();
            }
            Session::Other => {
                let marks = [Role::Section, Role::Unknown].map(|role| Block::mark(role, fence.line));
                self.blocks.extend(marks);
                return false;
            }
            Session::None if let Some(foreign) = shell::in_program(text, fence.line + 1) => {
                self.above.shows_request();
                block.shown.push(Shown::Foreign(foreign));
            }
            Session::None => match shell::as_answer(text) {
                Some((answer, above)) if self.may_answer(text, &answer, fence.language, block.paragraph) => {
                    block.role = match says_http(fence.language).then(|| unsaid(&answer)) {
                        Some(said @ (Unsaid::Url | Unsaid::Words)) if !self.templates.are_here() => {
                            Role::Unsaid(said)
                        }
                        _ => Role::Answer,
                    };
                    if above > 0
                        && let Some(comment) = comment(self.page, before.end)
                    {
                        block.paragraph = comment;
                    }
                    block.paragraph = with_status(self.page, before.clone(), block.paragraph);
                    let said = self.page.get(before).filter(|_| answer.starts_with(['{', '[']));
                    let said = said.filter(|_| !self.templates.are_here());
                    let last = said.and_then(inline::request);
                    let named = said.and_then(|said| {
                        inline::request_said(said)
                            .or_else(|| self.said_above(block.title, block.paragraph, fence))
                    });
                    let commented = commented_request(text, above).filter(|_| !self.templates.are_here());
                    block.is_named =
                        commented.is_some() || (named.is_some() && (last.is_none() || named == last));
                    let operation = operation.filter(|_| !self.templates.are_here());
                    block.inline = commented.or(last).or(named).or(operation).map(Rc::from);
                    block.line += above;
                    let label = if block.paragraph.trim().is_empty() { block.title } else { block.paragraph };
                    self.environment.keep(label, &answer);
                    block.text = Cow::Owned(answer);
                }
                _ => {
                    self.blocks.push(Block::mark(Role::Unknown, fence.line));
                    return false;
                }
            },
        }
        self.blocks.push(block);
        true
    }

    /// Whether a block may answer a command, and does not hide a message that nobody asked for.
    fn may_answer(&self, text: &str, answer: &str, language: &str, paragraph: &str) -> bool {
        let mut before = self.blocks.iter().rev().filter(|block| !matches!(block.role, Role::Heading(_)));
        let is_asked_for = before.next().is_some_and(|block| block.role == Role::Session);
        let may_hide = !(answer.starts_with("HTTP/") && is_asked_for);
        let is_shown = is_asked_for && (paragraph.trim().is_empty() || shell::announced(paragraph));
        let hidden = if is_shown { hidden_near } else { hidden };
        let hides = || opened_with(language).is_some() || hidden(text, language).is_some();
        shell::may_answer(answer, language) && !(may_hide && hides())
    }

    /// The annotation, unless something stands between it and a fence that it does not fit.
    fn if_it_belongs(&mut self, annotation: Annotation, start: Start) -> Option<Annotation> {
        if !self.is_apart {
            return Some(annotation);
        }
        let fits = matches!(
            (annotation.block, start),
            (annotation::Block::Request, Start::Request) | (annotation::Block::Response, Start::Status)
        );
        if fits {
            self.notes.add(Code::DistantAnnotation, annotation.line, "");
            return Some(annotation);
        }
        self.stray(&annotation);
        None
    }

    /// What a fence is: what it looks like, and where it looks like nothing, what its annotation says.
    fn role(&mut self, annotation: Option<&Annotation>, lead: &Lead, line: u32) -> Option<Role> {
        use annotation::Block as Said;
        let Lead { start, first, .. } = *lead;
        let in_template = self.templates.are_here();
        let said = match annotation.map(|annotation| annotation.block) {
            Some(said @ (Said::Request | Said::Response)) => said.kind(),
            Some(_) if in_template || start != Start::Request => return None,
            Some(Said::Other) => {
                let target =
                    first.trim().split_once([' ', '\t']).map_or("", |(_, target)| target.trim_start());
                return is_absolute(target).then_some(Role::Barrier);
            }
            Some(Said::Unreadable) => return Some(Role::Barrier),
            None if in_template && start == Start::Request => return None,
            None => None,
        };
        let kind = match start {
            Start::Request => Kind::Request,
            Start::Status => Kind::Response,
            Start::Other => said?,
        };
        if said.is_some_and(|said| said != kind) {
            self.notes.add(Code::MislabelledBlock, line + lead.passed_lines + 1, first.trim());
        }
        Some(Role::Message(kind))
    }
}
