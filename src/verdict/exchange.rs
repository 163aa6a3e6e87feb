//! A whole exchange, for people to look at.

/// What was sent and what came, as text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Conversation {
    /// The request.
    pub sent: Message,
    /// The answer; none where none came whole.
    pub received: Option<Message>,
}

/// A message as text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Message {
    /// `GET http://…`, or `200`.
    pub start: String,
    /// Names and values, in order.
    pub headers: Vec<(String, String)>,
    /// The content, or a word for it where it is no text.
    pub body: String,
}
