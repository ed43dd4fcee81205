//! Work that threads share.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Work of fewer operations than this is for one thread: to wake another one takes about as long,
/// tens of microseconds.
const SMALL: usize = 3_000_000;

/// What `run` makes of each piece of the work, in its order. `n_operations` is about how many
/// additions and multiplications all of it takes.
///
/// A thread of rayon's pool works as well. Any other one sends the work to the pool and sleeps
/// meanwhile, which takes longer: a training loop should run inside of [`rayon::scope`].
pub fn share<T: Send, R: Send>(
    work: Vec<T>,
    n_operations: usize,
    run: impl Fn(T) -> R + Sync,
) -> Vec<R> {
    let n_helpers = match n_operations {
        ..SMALL => 0,
        _ => work
            .len()
            .min(rayon::current_num_threads())
            .saturating_sub(1),
    };
    if n_helpers == 0 {
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
    rayon::scope(|scope| {
        for _ in 0..n_helpers {
            scope.spawn(|_| work_on());
        }
        work_on();
    });
    let mut results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.sort_unstable_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
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
