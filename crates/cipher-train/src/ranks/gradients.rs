//! All gradients of a module as one vector.

use burn::module::{Module, ModuleVisitor, Param};
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor, TensorData};

/// Gradients, in the order in which the module's parameters are visited; 0 where there is none.
pub struct Gradients {
    pub values: Vec<f32>,
    device: Device,
}

impl Gradients {
    /// Copies gradients from their device.
    pub fn of<M: Module>(module: &M, gradients: GradientsParams) -> Self {
        let mut flatten = Flatten {
            gradients,
            values: Vec::new(),
            device: Device::default(),
        };
        module.visit(&mut flatten);
        Self {
            values: flatten.values,
            device: flatten.device,
        }
    }

    /// Copies them back.
    pub fn into_params<M: Module>(self, module: &M) -> GradientsParams {
        let mut unflatten = Unflatten {
            values: &self.values,
            device: self.device,
            gradients: GradientsParams::new(),
        };
        module.visit(&mut unflatten);
        unflatten.gradients
    }
}

struct Flatten {
    gradients: GradientsParams,
    values: Vec<f32>,
    device: Device,
}

impl ModuleVisitor for Flatten {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        // Gradients are on the device without automatic differentiation.
        self.device = param.device().inner();
        match self.gradients.remove::<D>(param.id) {
            Some(gradient) => self.values.extend(gradient.into_data().iter::<f32>()),
            None => {
                let end = self.values.len() + param.shape().num_elements();
                self.values.resize(end, 0.0);
            }
        }
    }
}

struct Unflatten<'a> {
    values: &'a [f32],
    device: Device,
    gradients: GradientsParams,
}

impl ModuleVisitor for Unflatten<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let shape = param.shape();
        let (values, rest) = self.values.split_at(shape.num_elements());
        self.values = rest;
        let gradient = TensorData::new(values.to_vec(), shape);
        let gradient = Tensor::<D>::from_data(gradient, &self.device);
        self.gradients.register(param.id, gradient);
    }
}
