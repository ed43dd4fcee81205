//! Counts the memory that is taken.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

/// What any input may take: thread pools, buffers of fixed size.
const FIXED: usize = 16 << 20;
/// What each byte of it may take besides. A pair of two characters is a line of four bytes, and is
/// kept with its place, its ids and an entry in the tables that look for duplicates.
const PER_BYTE: usize = 1 << 10;

static TAKEN: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

/// The system's allocator, counted.
pub struct Counting;

// SAFETY: every call goes to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let taken = TAKEN.fetch_add(layout.size(), Ordering::Relaxed) + layout.size();
        MOST.fetch_max(taken, Ordering::Relaxed);
        // SAFETY: the caller's promise is the same.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        TAKEN.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller's promise is the same.
        unsafe { System.dealloc(pointer, layout) }
    }
}

/// Runs it, and panics if it took more memory at once than its input allows.
pub fn in_proportion(input: &[u8], run: impl FnOnce()) {
    let before = TAKEN.load(Ordering::Relaxed);
    MOST.store(before, Ordering::Relaxed);
    run();
    let most = MOST.load(Ordering::Relaxed).saturating_sub(before);
    let allowed = FIXED + PER_BYTE * input.len();
    assert!(
        most <= allowed,
        "{} bytes took {most} of memory",
        input.len()
    );
}
