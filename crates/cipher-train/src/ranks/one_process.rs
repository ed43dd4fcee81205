//! What ranks tell each other in a build without MPI: there is only one.

use anyhow::{Result, bail};

use super::Ranks;

/// What MPI starts with; nothing here.
pub struct World;

impl World {
    /// The ranks of this process.
    ///
    /// # Errors
    ///
    /// When several processes were started together: without MPI each would train a run of its own.
    pub fn join() -> Result<(Self, Ranks)> {
        if super::n_started() > 1 {
            bail!(
                "mpirun started several processes, and this program was built without MPI; build it with \
                 --features mpi, or start one process"
            );
        }
        Ok((Self, Ranks::alone()))
    }

    /// Ends this process: there are no others.
    pub fn abort(&self, status: i32) -> ! {
        std::process::exit(status)
    }
}

pub fn host() -> String {
    "this machine".into()
}

pub fn all_gather(values: &[f64]) -> Vec<f64> {
    values.to_vec()
}

pub fn broadcast(_from: usize, bytes: Vec<u8>) -> Vec<u8> {
    bytes
}

pub fn sum(_values: &mut [f32]) {}
