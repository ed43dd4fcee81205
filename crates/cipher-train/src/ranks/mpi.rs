//! What ranks tell each other over MPI.
//!
//! Sums are made here and not by MPI's reduction, whose order is up to the library.

use anyhow::{Context, Result, bail};
use cipher_data::Share;
use mpi::Threading;
use mpi::environment::Universe;
use mpi::topology::SimpleCommunicator;
use mpi::traits::{Communicator, CommunicatorCollectives, Root};

use super::{Ranks, SIZES};

/// MPI, from start to end: it ends when this is dropped. A process that was started by itself has none: MPI
/// would start a daemon for it.
pub struct World(Option<Universe>);

impl World {
    /// Joins the other processes, if `mpirun` has started several.
    ///
    /// # Errors
    ///
    /// When the MPI library allows no calls from the thread that trains.
    pub fn join() -> Result<(Self, Ranks)> {
        if !is_launched() {
            return Ok((Self(None), Ranks::alone()));
        }
        // The thread that trains is one of rayon's, not the first of the process.
        let (universe, threading) = mpi::initialize_with_threading(Threading::Serialized)
            .context("MPI has been started before")?;
        if threading < Threading::Serialized {
            bail!(
                "this MPI library takes no calls from another thread; use one that was built for threads"
            );
        }
        let world = world();
        let ranks = Ranks(Share {
            rank: world.rank() as usize,
            n_ranks: world.size() as usize,
        });
        Ok((Self(Some(universe)), ranks))
    }

    /// Ends all ranks.
    pub fn abort(&self, status: i32) -> ! {
        match &self.0 {
            Some(universe) => universe.world().abort(status),
            None => std::process::exit(status),
        }
    }
}

impl Drop for World {
    fn drop(&mut self) {
        // The others wait for this rank, and MPI would wait for them.
        if std::thread::panicking() && self.0.is_some() {
            self.abort(101);
        }
    }
}

/// Whether a launcher started this process. Slurm's, with PMIx, does not say how many it starts.
fn is_launched() -> bool {
    let mut names = SIZES.iter().chain(&["PMIX_RANK"]);
    names.any(|name| std::env::var_os(name).is_some())
}

fn world() -> SimpleCommunicator {
    SimpleCommunicator::world()
}

/// The name of the machine.
pub fn host() -> String {
    mpi::environment::processor_name().unwrap_or_else(|_| "a machine without a name".into())
}

/// The values of all ranks, one after the other.
pub fn all_gather(values: &[f64]) -> Vec<f64> {
    let world = world();
    let mut all = vec![0.0; values.len() * world.size() as usize];
    world.all_gather_into(values, &mut all[..]);
    all
}

/// The bytes of one rank.
pub fn broadcast(from: usize, mut bytes: Vec<u8>) -> Vec<u8> {
    let world = world();
    let root = world.process_at_rank(from as i32);
    let mut length = bytes.len() as u64;
    root.broadcast_into(&mut length);
    bytes.resize(length as usize, 0);
    // MPI counts in 32 bits.
    for part in bytes.chunks_mut(1 << 30) {
        root.broadcast_into(part);
    }
    bytes
}

/// Sums vectors of the same length over all ranks, place by place, in the order of the ranks. Each rank sums a
/// part of the places and gives it to the others: what is sent grows no further with the number of ranks.
pub fn sum(values: &mut [f32]) {
    let world = world();
    let n_ranks = world.size() as usize;
    let part = values.len().div_ceil(n_ranks);
    let mut sent = values.to_vec();
    sent.resize(part * n_ranks, 0.0);
    let mut parts = vec![0.0_f32; part * n_ranks]; // [n_ranks, part]
    world.all_to_all_into(&sent[..], &mut parts[..]);
    let mut sums = vec![0.0_f64; part];
    for of_rank in parts.chunks_exact(part) {
        for (sum, &value) in sums.iter_mut().zip(of_rank) {
            *sum += f64::from(value);
        }
    }
    let sums: Vec<f32> = sums.into_iter().map(|sum| sum as f32).collect();
    world.all_gather_into(&sums[..], &mut sent[..]);
    values.copy_from_slice(&sent[..values.len()]);
}
