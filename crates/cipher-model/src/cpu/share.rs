//! Work that threads share.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rayon::Yield;

/// Work of fewer operations than this is for one thread: to wake another one takes about as long,
/// tens of microseconds.
const SMALL: usize = 3_000_000;
/// The same where another thread is awake and looks for work.
const SMALL_IF_AWAKE: usize = 300_000;
/// How long a thread that has helped looks for more work before it sleeps: the time between two
/// pieces of a training step is shorter. LLVM's OpenMP waits for 200 ms (`KMP_BLOCKTIME`).
const AWAKE: Duration = Duration::from_millis(1);

/// Threads that look for work.
static N_AWAKE: AtomicUsize = AtomicUsize::new(0);

/// What `run` makes of each piece of the work, in its order. `n_operations` is about how many
/// additions and multiplications all of it takes.
pub fn share<T: Send, R: Send>(
    work: Vec<T>,
    n_operations: usize,
    run: impl Fn(T) -> R + Sync,
) -> Vec<R> {
    let is_small = match N_AWAKE.load(Ordering::Relaxed) {
        0 => n_operations < SMALL,
        _ => n_operations < SMALL_IF_AWAKE,
    };
    let n_threads = work.len().min(rayon::current_num_threads());
    if is_small || n_threads < 2 {
        return work.into_iter().map(run).collect();
    }
    let results = Mutex::new(Vec::with_capacity(work.len()));
    let queue = Mutex::new(work.into_iter().enumerate());
    let work_on = || {
        loop {
            let next = lock(&queue).next();
            let Some((index, piece)) = next else { break };
            let result = run(piece);
            lock(&results).push((index, result));
        }
    };
    let caller = thread::current().id();
    rayon::in_place_scope(|scope| {
        for _ in 1..n_threads {
            scope.spawn(|_| {
                work_on();
                rayon::spawn(move || {
                    // The caller steals jobs while it waits for its helpers, but it has its own work.
                    if thread::current().id() != caller {
                        stay_awake();
                    }
                });
            });
        }
        work_on();
    });
    let mut results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.sort_unstable_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

/// Keeps this thread of the pool from sleeping until it has done another job, or for [`AWAKE`]: a thread
/// that sleeps has to be woken by the caller of [`share`], which takes longer than many pieces of work.
fn stay_awake() {
    let begin = Instant::now();
    N_AWAKE.fetch_add(1, Ordering::Relaxed);
    while begin.elapsed() < AWAKE && rayon::yield_now() == Some(Yield::Idle) {
        thread::yield_now();
    }
    N_AWAKE.fetch_sub(1, Ordering::Relaxed);
}

/// A panic of another thread ends the scope, and with it all that a lock guards.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_in_the_order_of_the_work_however_much_there_is() {
        for n_pieces in [0, 1, 2, 7, 100] {
            for n_operations in [0, usize::MAX] {
                let found = share((0..n_pieces).collect(), n_operations, |piece: u32| {
                    piece * piece
                });
                assert!(
                    found
                        .into_iter()
                        .eq((0..n_pieces).map(|piece| piece * piece))
                );
            }
        }
    }
}
