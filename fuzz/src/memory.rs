//! An allocator that counts the memory in use.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Bytes that any input may use: thread pools, buffers of fixed size.
const FIXED: usize = 16 << 20;
/// Bytes that an input may use besides, for each of its own. A pair of two characters is a line of
/// four bytes; it is stored with its place, its ids and an entry in the tables of duplicates.
const PER_BYTE: usize = 1 << 10;

static TAKEN: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

/// The system's allocator, counted.
pub struct Counting;

// SAFETY: every call is passed on to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let taken = TAKEN.fetch_add(layout.size(), Ordering::Relaxed) + layout.size();
        MOST.fetch_max(taken, Ordering::Relaxed);
        // SAFETY: the caller upholds the contract of `alloc`, which is the same.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        TAKEN.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller upholds the contract of `dealloc`, which is the same.
        unsafe { System.dealloc(pointer, layout) }
    }
}

/// Runs `run`.
///
/// # Panics
/// If it has more memory in use at any moment than its input's size allows.
pub fn in_proportion(input: &[u8], run: impl FnOnce()) {
    let before = TAKEN.load(Ordering::Relaxed);
    MOST.store(before, Ordering::Relaxed);
    run();
    let most = MOST.load(Ordering::Relaxed).saturating_sub(before);
    let allowed = FIXED + PER_BYTE * input.len();
    assert!(
        most <= allowed,
        "an input of {} bytes used {most} bytes of memory",
        input.len()
    );
}
