//! Memory of one step, kept for the next. What the system hands out anew costs a page fault every
//! 4 KiB, which is a tenth of a training step.

use std::sync::Mutex;

/// Buffers kept at most: those of 16 shares.
const MOST: usize = 48;

static BUFFERS: Mutex<Vec<Vec<f32>>> = Mutex::new(Vec::new());

/// An empty buffer with room for so many values.
pub fn take(capacity: usize) -> Vec<f32> {
    let fits = |buffer: &Vec<f32>| (capacity..=2 * capacity).contains(&buffer.capacity());
    let mut kept = BUFFERS
        .lock()
        .unwrap_or_else(|poisoned| poisoned.into_inner());
    match kept.iter().position(fits) {
        Some(place) => kept.swap_remove(place),
        None => Vec::with_capacity(capacity),
    }
}

/// Keeps a buffer; the oldest goes if there are too many.
pub fn give(mut buffer: Vec<f32>) {
    buffer.clear();
    let mut kept = BUFFERS
        .lock()
        .unwrap_or_else(|poisoned| poisoned.into_inner());
    if kept.len() >= MOST {
        kept.remove(0);
    }
    kept.push(buffer);
}
