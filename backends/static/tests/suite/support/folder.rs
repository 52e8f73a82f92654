//! A directory that lives as long as its test.

use std::fs::{self, File, FileTimes};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("static-{}-{number}", std::process::id());
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(path.join("site")).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.0.join(relative)
    }

    /// Writes `site/relative`, last modified at the RFC's favourite second.
    pub(crate) fn file(&self, relative: &str, content: impl AsRef<[u8]>) -> &Self {
        let path = self.0.join("site").join(relative);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        set_modified(&path, MODIFIED);
        self
    }

    /// Writes the configuration: where to listen, the root, and `extra`.
    pub(crate) fn config(&self, extra: &str) -> PathBuf {
        let path = self.0.join("static.yaml");
        fs::write(&path, format!("listen: 127.0.0.1:0\nroot: site\n{extra}")).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

pub(crate) fn set_modified(path: &Path, seconds: u64) {
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
    File::options()
        .write(true)
        .open(path)
        .unwrap()
        .set_times(FileTimes::new().set_modified(time))
        .unwrap();
}

/// Sun, 06 Nov 1994 08:49:37 GMT
pub(crate) const MODIFIED: u64 = 784_111_777;
