//! The processes that train one model together: *ranks*, as MPI calls them. An ordinary training has one.
//!
//! All ranks take the same steps. Each computes the gradients of its share of a batch; these are summed, and
//! then every rank changes its own copy of the weights in the same way. What depends on a clock or a signal is
//! decided for all at once, so that no rank waits for another that has gone a different way.

mod gradients;
#[cfg(not(feature = "mpi"))]
#[path = "one_process.rs"]
mod wire;
#[cfg(feature = "mpi")]
#[path = "mpi.rs"]
mod wire;

use burn::module::Module;
use burn::optim::GradientsParams;
use cipher_data::Share;

use gradients::Gradients;
pub use wire::World;

/// The environment variables by which Open MPI's launcher, and MPICH's and Intel's, say how many processes they
/// start.
const SIZES: [&str; 2] = ["OMPI_COMM_WORLD_SIZE", "PMI_SIZE"];

/// How many processes were started together, as far as a launcher says.
pub fn n_started() -> usize {
    let sizes = SIZES.iter().filter_map(|name| std::env::var(name).ok());
    let sizes = sizes.filter_map(|size| size.parse().ok());
    sizes.max().unwrap_or(1)
}

/// This process's place among those that train together.
#[derive(Debug, Clone, Copy)]
pub struct Ranks(Share);

impl Ranks {
    /// A process that trains by itself.
    pub fn alone() -> Self {
        Self(Share::ALL)
    }

    /// Whether there are no others.
    pub fn is_alone(self) -> bool {
        self.0 == Share::ALL
    }

    /// Whether this process owns the run folder.
    pub fn is_first(self) -> bool {
        self.0.rank == 0
    }

    /// What this process takes of each batch.
    pub fn share(self) -> Share {
        self.0
    }

    /// Its name in messages.
    pub fn name(self) -> String {
        format!("rank {} on {}", self.0.rank, wire::host())
    }

    /// Whether any rank says so.
    pub fn any(self, here: bool) -> bool {
        let said = self.all(&[f64::from(u8::from(here))]);
        said.contains(&1.0)
    }

    /// The numbers of all ranks, one rank after the other.
    pub fn all(self, numbers: &[f64]) -> Vec<f64> {
        if self.is_alone() {
            return numbers.to_vec();
        }
        wire::all_gather(numbers)
    }

    /// What the first rank says.
    pub fn as_first_says(self, here: bool) -> bool {
        self.of_first(vec![u8::from(here)]) == [1]
    }

    /// The bytes that the first rank has.
    pub fn of_first(self, bytes: Vec<u8>) -> Vec<u8> {
        if self.is_alone() {
            return bytes;
        }
        wire::broadcast(0, bytes)
    }

    /// The texts of all ranks, in their order.
    pub fn of_all(self, text: &str) -> Vec<String> {
        let text_of = |rank| {
            let bytes = wire::broadcast(rank, text.as_bytes().to_vec());
            String::from_utf8_lossy(&bytes).into_owned()
        };
        (0..self.0.n_ranks).map(text_of).collect()
    }

    /// The gradients of a whole batch from those of each rank's share of it, which counts by its weight. They are
    /// added in the order of the ranks, so that the same number of ranks gives the same bits.
    pub fn sum_gradients<M: Module>(
        self,
        module: &M,
        gradients: GradientsParams,
        weight: f64,
    ) -> GradientsParams {
        if self.is_alone() {
            return gradients;
        }
        let mut flat = Gradients::of(module, gradients);
        for value in &mut flat.values {
            *value *= weight as f32;
        }
        wire::sum(&mut flat.values);
        flat.into_params(module)
    }
}
