//! `chroot`, `group`, `user`: in this order, after everything is bound.

use nix::unistd::{Gid, Uid};

use super::Failure;
use crate::proxy::Global;

pub(super) fn drop(global: &Global) -> Result<(), Failure> {
    if let Some(directory) = &global.chroot {
        let shown = directory.display();
        nix::unistd::chroot(directory)
            .and_then(|()| nix::unistd::chdir("/"))
            .map_err(|error| Failure::new(format!("Cannot chroot({shown}): {error}")))?;
    }
    if let Some(gid) = global.gid {
        if Uid::effective().is_root() {
            nix::unistd::setgroups(&[])
                .map_err(|error| Failure::new(format!("Cannot drop groups: {error}")))?;
        }
        nix::unistd::setgid(Gid::from_raw(gid))
            .map_err(|error| Failure::new(format!("Cannot set gid {gid}: {error}")))?;
    }
    if let Some(uid) = global.uid {
        nix::unistd::setuid(Uid::from_raw(uid))
            .map_err(|error| Failure::new(format!("Cannot set uid {uid}: {error}")))?;
    }
    Ok(())
}
