//! A pool of buffers that the next step uses again. New memory from the system costs a page fault
//! every 4 KiB, which is a tenth of a training step.

use std::sync::{Mutex, MutexGuard};

/// The largest number of free buffers: those of 16 chunks.
const MAX_BUFFERS: usize = 48;

static BUFFERS: Mutex<Vec<Vec<f32>>> = Mutex::new(Vec::new());

/// An empty buffer with room for `capacity` values.
pub fn take(capacity: usize) -> Vec<f32> {
    let fits = |buffer: &Vec<f32>| (capacity..=2 * capacity).contains(&buffer.capacity());
    let mut free = free();
    match free.iter().position(fits) {
        Some(place) => free.swap_remove(place),
        None => Vec::with_capacity(capacity),
    }
}

/// Returns a buffer to the pool. A full pool drops one first, so that buffers of sizes that no longer
/// occur do not stay for ever.
pub fn give(mut buffer: Vec<f32>) {
    buffer.clear();
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
