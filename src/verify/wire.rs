//! What a run sends by: a client, and the embedded stub where that answers.

use crate::message::Sent;
use crate::mock::stub::Stub;
use crate::replay::{Client, Exchange};

/// The way to the target and back.
#[derive(Debug)]
pub(super) enum Wire {
    /// To a service.
    Service(Client),
    /// To the embedded stub.
    Stub(Client, Stub),
}

impl Wire {
    /// Sends a request and reads the answer.
    pub(super) async fn exchange(&self, sent: &Sent) -> Exchange {
        match self {
            Wire::Service(client) => client.exchange(sent).await,
            Wire::Stub(client, stub) => {
                let _turn = stub.turn().await;
                client.exchange(sent).await
            }
        }
    }
}
