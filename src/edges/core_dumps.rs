//! No core dumps: whatever kills this process, the keys in its memory stay out of files.

use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};

/// From now on the kernel writes no core of this process and pipes none to a program, and nobody but root can read its
/// memory. Where a sandbox of the host forbids to ask for that, there is nothing better to do than to go on.
pub(super) fn forbid() {
    // A program that takes cores in (core_pattern with a bar) is not told of the limit: it needs the second call.
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
}
