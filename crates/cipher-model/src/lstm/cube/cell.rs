//! The equations of [`lstm`](crate::lstm) and their derivatives, for one unit of one row at one
//! time step.

use burn_cubecl::cubecl;
use burn_cubecl::cubecl::prelude::*;

/// The gates after their activations and the states of one unit after one step.
#[derive(CubeType)]
pub struct Step {
    pub i: f32,
    pub f: f32,
    pub g: f32,
    pub o: f32,
    /// `c`, after the step.
    pub cell: f32,
    /// `h`, after the step.
    pub hidden: f32,
}

/// A step, from the pre-activations of its gates and the cell state before it.
#[cube]
pub fn step(i: f32, f: f32, g: f32, o: f32, cell: f32) -> Step {
    let i = sigmoid(i);
    let f = sigmoid(f);
    let g = tanh(g);
    let o = sigmoid(o);
    let cell = f * cell + i * g;
    let hidden = o * tanh(cell);
    Step {
        i,
        f,
        g,
        o,
        cell,
        hidden,
    }
}

/// The gradients of a step's pre-activations.
#[derive(CubeType)]
pub struct StepGradients {
    pub i: f32,
    pub f: f32,
    pub g: f32,
    pub o: f32,
    /// Gradient of the cell state before the step.
    pub cell: f32,
}

/// With `dh` and `dc` the gradients of a unit's states after the step:
///
/// ```text
/// dc = dc + dh * o * (1 - tanh(c)^2)
/// di = dc * g * i (1 - i)     df = dc * c_before * f (1 - f)
/// dg = dc * i * (1 - g^2)     do = dh * tanh(c)  * o (1 - o)
/// dc_before = dc * f
/// ```
///
/// `di` to `do` are the gradients of the pre-activations.
#[cube]
pub fn step_gradients(step: &Step, cell_before: f32, dh: f32, dc: f32) -> StepGradients {
    let tanh_c = tanh(step.cell);
    let dc = dc + dh * step.o * (1.0f32 - tanh_c * tanh_c);
    StepGradients {
        i: dc * step.g * step.i * (1.0f32 - step.i),
        f: dc * cell_before * step.f * (1.0f32 - step.f),
        g: dc * step.i * (1.0f32 - step.g * step.g),
        o: dh * tanh_c * step.o * (1.0f32 - step.o),
        cell: dc * step.f,
    }
}

#[cube]
fn sigmoid(x: f32) -> f32 {
    1.0f32 / (1.0f32 + (-x).exp())
}

/// Some drivers give NaN for the `tanh` of large numbers, which they compute as a quotient of
/// infinities. Beyond 15 the value is 1 in f32.
#[cube]
fn tanh(x: f32) -> f32 {
    clamp(x, -15.0f32, 15.0f32).tanh()
}

/// The place in a message that a step reads, before its end.
#[cube]
pub fn place_of(step: usize, length: usize, #[comptime] reversed: bool) -> usize {
    if comptime!(reversed) {
        length - 1 - step
    } else {
        step
    }
}
