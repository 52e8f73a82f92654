//! Variables of the scopes that live with a connection or an exchange (manual, section 2.8).

/// Where a variable lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Scope {
    Process,
    Session,
    Transaction,
    Request,
    Response,
}

/// Variables by their number: names are numbered when the configuration is loaded, so that a
/// request never hashes one. A handful are in use at a time, so they are searched in order.
#[derive(Debug, Default)]
pub struct Vars {
    values: Vec<(u16, Box<[u8]>)>,
}

impl Vars {
    #[must_use]
    pub fn get(&self, number: u16) -> Option<&[u8]> {
        self.values.iter().find(|(n, _)| *n == number).map(|(_, value)| &value[..])
    }

    pub fn set(&mut self, number: u16, value: &[u8]) {
        self.unset(number);
        self.values.push((number, value.into()));
    }

    pub fn unset(&mut self, number: u16) {
        self.values.retain(|(n, _)| *n != number);
    }

    pub fn clear(&mut self) {
        self.values.clear();
    }
}
