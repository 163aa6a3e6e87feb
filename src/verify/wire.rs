//! What a run sends by: a client, and the embedded stub where that answers.

use crate::contract::Contract;
use crate::message::Sent;
use crate::mock::stub::Stub;
use crate::replay::{Client, Departure, Exchange};
use std::sync::Arc;

/// The way to the target and back.
#[derive(Debug)]
pub(super) enum Wire {
    /// To a service.
    Service(Client),
    /// To the embedded stub.
    Stub(Client, Stub),
}

impl Wire {
    /// What sends.
    pub(super) fn client(&self) -> &Client {
        match self {
            Wire::Service(client) | Wire::Stub(client, _) => client,
        }
    }

    /// Sends a request and reads the answer, which the stub gives from this contract; a status that is documented is one, whatever else it would be taken for.
    pub(super) async fn exchange(
        &self,
        sent: &Sent,
        contract: Option<&Arc<Contract>>,
        documented: impl Fn(u16) -> bool,
        departure: &Departure,
    ) -> Exchange {
        match self {
            Wire::Service(client) => client.noted_exchange(sent, documented, departure).await,
            Wire::Stub(client, stub) => {
                let _turn = stub.turn(contract.cloned()).await;
                client.noted_exchange(sent, documented, departure).await
            }
        }
    }
}
