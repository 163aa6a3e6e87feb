//! Messages: the halves of pairs, whatever they are written as.

use crate::docs::http_text::{self, BodyText, RequestText, ResponseText, begins_with_status};
use crate::docs::notes::Notes;
use crate::docs::shell::Command;
use crate::message::Headers;
use std::borrow::Cow;

/// One half of a pair.
#[derive(Clone, Copy)]
pub(super) enum Message<'t> {
    /// HTTP, as it goes over the wire.
    Http(http_text::Message<'t>),
    /// A message whose body is shown in a block of its own, from this line of the page on.
    Parted(http_text::Message<'t>, &'t str, u32),
    /// A command that sends a request; where its body is shown in a block of its own, that, from this line of the page on.
    Command(&'t Command, Option<(&'t str, u32)>),
    /// What a command shows, from this line of the page on.
    Output(&'t str, u32),
}

impl<'t> Message<'t> {
    pub(super) fn line(&self) -> u32 {
        match self {
            Message::Http(message) | Message::Parted(message, ..) => message.line,
            Message::Command(command, _) => command.line,
            Message::Output(_, line) => *line,
        }
    }

    /// The first line, or what a command sends, for messages.
    pub(super) fn title(&self) -> Cow<'t, str> {
        match self {
            Message::Http(message) | Message::Parted(message, ..) => Cow::Borrowed(message.first_line()),
            Message::Command(command, _) => Cow::Owned(command.title()),
            Message::Output(text, _) => Cow::Borrowed(text.trim().lines().next().unwrap_or_default()),
        }
    }

    pub(super) fn is_request(&self) -> bool {
        match self {
            Message::Http(message) | Message::Parted(message, ..) => message.is_request(),
            Message::Command(..) => true,
            Message::Output(..) => false,
        }
    }

    pub(super) fn request(&self, notes: &mut Notes) -> Option<RequestText<'t>> {
        match self {
            Message::Http(message) => message.request(notes),
            Message::Parted(message, text, line) => {
                let body = BodyText { text: text.trim(), line: *line };
                message.request(notes).map(|request| RequestText { body, ..request })
            }
            Message::Command(command, shown) => {
                let said = command.request.text(command.body_line);
                let shown = shown.map(|(text, line)| BodyText { text: text.trim(), line });
                Some(RequestText { body: shown.unwrap_or(said.body), ..said })
            }
            Message::Output(..) => None,
        }
    }

    /// Where a request goes, as far as it can be read.
    pub(super) fn url(&self) -> Option<String> {
        match self {
            Message::Http(message) | Message::Parted(message, ..) => {
                message.request(&mut Notes::new("")).map(|text| text.url)
            }
            Message::Command(command, _) => Some(command.request.url.clone()),
            Message::Output(..) => None,
        }
    }

    pub(super) fn response(&self, notes: &mut Notes) -> ResponseText<'t> {
        match *self {
            Message::Http(message) => message.response(notes),
            Message::Parted(message, text, line) => {
                let body = BodyText { text: text.trim(), line };
                ResponseText { body, ..message.response(notes) }
            }
            Message::Output(text, line) if begins_with_status(text) => {
                http_text::Message::response_of(text, line).response(notes)
            }
            // Nobody expects a status of what a command shows.
            Message::Output(text, line) => {
                let body = BodyText { text: text.trim(), line };
                ResponseText { status: None, headers: Headers::default(), body }
            }
            Message::Command(..) => {
                ResponseText { status: None, headers: Headers::default(), body: BodyText::default() }
            }
        }
    }

    /// What the pair is known by, where it is not the whole block.
    pub(super) fn own_text(&self) -> Option<&'t str> {
        match *self {
            Message::Http(_) | Message::Parted(..) => None,
            Message::Command(command, _) => Some(&command.text),
            Message::Output(text, _) => Some(text),
        }
    }
}
