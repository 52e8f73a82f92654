//! What the state machine asks for. A list of fixed size, because the loop that runs the machine
//! must not allocate.

use super::Transition;

#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// Send an advertisement of this priority.
    Advertise { priority: u8 },
    /// Put the virtual addresses on the interface.
    TakeAddresses,
    /// Remove the virtual addresses from the interface.
    ReleaseAddresses,
    /// Send this many gratuitous ARP or neighbour advertisements for each address.
    Announce { count: u8 },
    /// Tell the log, the history and the hooks.
    Moved(Transition),
}

/// The actions of one input, in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Actions {
    list: [Option<Action>; LONGEST],
    length: usize,
}

impl Actions {
    /// The longest list is a freeze noticed (2) and then a takeover (4); one that would not fit is a
    /// mistake in the state machine, which its tests find.
    pub(super) fn push(&mut self, action: Action) {
        debug_assert!(self.length < LONGEST, "no room for {action:?}");
        if let Some(place) = self.list.get_mut(self.length) {
            *place = Some(action);
            self.length += 1;
        }
    }
}

impl IntoIterator for Actions {
    type Item = Action;
    type IntoIter = std::iter::Flatten<std::array::IntoIter<Option<Action>, LONGEST>>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter().flatten()
    }
}

const LONGEST: usize = 8;
