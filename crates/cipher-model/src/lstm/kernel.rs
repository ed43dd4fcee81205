use std::fmt;

/// The implementations of the LSTM. All give the same results, up to rounding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum LstmKernel {
    /// Hand-written for the CPU.
    Cpu,
    /// On a GPU, a whole sequence in one launch: for small hidden sizes.
    Fused,
    /// On a GPU, a matrix product and a kernel for each step: for large hidden sizes.
    Stepwise,
    /// Burn's own operations, some thirty for each step: where no other kernel works.
    Reference,
}

impl fmt::Display for LstmKernel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Cpu => "hand-written CPU kernels",
            Self::Fused => "fused GPU kernels",
            Self::Stepwise => "one matrix product per step",
            Self::Reference => "Burn's own operations",
        })
    }
}
