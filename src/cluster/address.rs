//! The virtual addresses that an instance finds on its interface, and what becomes of them.
//!
//! The kernel keeps an address when the process that set it is killed, and goes on answering ARP for
//! it: new neighbours would reach a node where nothing listens, whatever the new active node
//! announces. So each address is set with a short lease, which is renewed while this node is active;
//! a killed or frozen supervisor loses the addresses to the kernel's own timer.

use nix::sys::utsname::uname;

use super::{error::Error, settings};
use crate::sys::route::{Address, Route};

/// The addresses that this process is to set and remove.
///
/// Removes what an earlier life left on the interface, which also shows whether the process may
/// change addresses at all. An address that somebody else set is an error, unless this node owns it:
/// then it is left alone for ever.
pub(crate) fn settle(
    instance: &settings::Instance,
    interface_index: u32,
    existing: &[Address],
    route: &mut Route,
) -> Result<Vec<Address>, Error> {
    let mut leased = Vec::with_capacity(instance.addresses.len());
    for wanted in &instance.addresses {
        let ours = Address {
            interface_index,
            address: wanted.address,
            prefix: wanted.prefix,
            marked: true,
            tentative: false,
        };
        let found = existing
            .iter()
            .find(|one| one.interface_index == interface_index && one.address == wanted.address);
        match found {
            Some(own) if !own.marked && instance.is_owner() => continue,
            Some(other) if !other.marked && kernel_marks() => {
                return Err(Error::AddressTaken {
                    interface: instance.interface.clone(),
                    address: other.address,
                    prefix: other.prefix,
                });
            }
            stale => route.remove_address(stale.unwrap_or(&ours)).map_err(|source| {
                let attempt = format!("{}: removing {wanted}", instance.name);
                Error::new(attempt, "CAP_NET_ADMIN", source)
            })?,
        }
        leased.push(ours);
    }
    Ok(leased)
}

/// Linux keeps the mark since 5.18. On an older kernel any virtual address that is found counts as
/// left behind.
fn kernel_marks() -> bool {
    uname().is_ok_and(|name| keeps_marks(&name.release().to_string_lossy()))
}

fn keeps_marks(release: &str) -> bool {
    let mut parts = release.split(|c: char| !c.is_ascii_digit()).map(|part| part.parse().ok());
    let mut part = || parts.next().flatten().unwrap_or(0_u32);
    (part(), part()) >= (5, 18)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernel_keeps_marks_since_5_18() {
        for (release, keeps) in
            [("5.17.9-1", false), ("5.18.0", true), ("6.1.0-18-amd64", true), ("4.19", false)]
        {
            assert_eq!(keeps_marks(release), keeps, "{release}");
        }
    }
}
