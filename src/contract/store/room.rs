//! Holds many contracts in little memory: beyond a few megabytes of documented answers, those that come are packed.

use crate::contract::Contract;
use crate::json::Packer;
use crate::message::Body;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// So many bytes of answers stay as they are. Below that memory is no matter, and packing costs a little time.
const PLAIN: usize = 16 * 1024 * 1024;

/// Room for contracts, shared by all who read some.
#[derive(Debug, Default)]
pub(super) struct Room {
    taken: AtomicUsize,
}

impl Room {
    /// Has a contract wait. What it sends is looked at while a run is planned; what answers that, when its turn comes.
    pub(super) fn put(&self, contract: &mut Arc<Contract>, packer: &mut Packer) {
        let Some(body) = contract.response.body.json() else { return };
        let before = self.taken.fetch_add(body.text().len(), Ordering::Relaxed);
        // Nobody else has it yet.
        if let (PLAIN.., Some(contract)) = (before, Arc::get_mut(contract))
            && let Body::Json(json) = std::mem::take(&mut contract.response.body)
        {
            contract.response.body = Body::Json(json.packed(packer));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{PLAIN, Room};
    use crate::contract::{Contract, ContractId, parse};
    use crate::json::Packer;
    use std::sync::Arc;
    use std::sync::atomic::AtomicUsize;

    fn contract() -> Contract {
        let file = format!(
            r#"{{"faithful": 1, "name": "x", "source": {{"file": "x.md", "sha256": "0"}},
                "request": {{"method": "GET", "url": "/x"}}, "response": {{"status": 200, "json": {:?}}}}}"#,
            "x".repeat(1000)
        );
        parse(ContractId::new("a"), &file).unwrap()
    }

    #[test]
    fn what_comes_beyond_the_room_is_packed_and_the_same() {
        let wait = |taken| {
            let room = Room { taken: AtomicUsize::new(taken) };
            let mut contract = Arc::new(contract());
            room.put(&mut contract, &mut Packer::default());
            contract
        };
        let (plain, packed) = (wait(0), wait(PLAIN));
        let is_packed = |contract: &Contract| contract.response.body.json().unwrap().is_packed();
        assert_eq!((is_packed(&plain), is_packed(&packed)), (false, true));
        assert_eq!((&*plain, &*packed), (&contract(), &contract()));
    }
}
