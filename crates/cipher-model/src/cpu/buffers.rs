//! A pool of buffers that the next step uses again. New memory from the system costs a page fault
//! every 4 KiB. A library cannot choose the allocator: with glibc's, that is a quarter of a training
//! step of 128 hidden units. (mimalloc, which cipher-train uses, keeps memory by itself.)

use std::sync::{Mutex, MutexGuard};

/// The largest number of free buffers: those of 16 chunks.
const MAX_BUFFERS: usize = 48;

static BUFFERS: Mutex<Vec<Vec<f32>>> = Mutex::new(Vec::new());

/// A buffer of `len` values that are of no meaning: whoever takes it writes all of them.
pub fn take(len: usize) -> Vec<f32> {
    let fits = |buffer: &Vec<f32>| (len..=2 * len).contains(&buffer.capacity());
    let mut free = free();
    let place = free.iter().position(fits);
    let mut buffer = place.map_or_else(Vec::new, |place| free.swap_remove(place));
    drop(free);
    buffer.resize(len, 0.0);
    buffer
}

/// Returns a buffer to the pool. A full pool drops one first, so that buffers of sizes that no longer
/// occur do not stay for ever.
pub fn give(buffer: Vec<f32>) {
    let mut free = free();
    if free.len() >= MAX_BUFFERS {
        free.remove(0);
    }
    free.push(buffer);
}

fn free() -> MutexGuard<'static, Vec<Vec<f32>>> {
    BUFFERS
        .lock()
        .unwrap_or_else(|poisoned| poisoned.into_inner())
}
