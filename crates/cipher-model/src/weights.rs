//! A model's weights as the bytes of a safetensors file.

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::{Tensor, TensorData};
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};

use crate::CipherModel;

impl CipherModel {
    /// The weights as the bytes of a safetensors file: little-endian f32, named by the modules that
    /// they are in.
    #[allow(clippy::expect_used)] // a tensor has as many values as its shape says
    pub fn to_safetensors(&self) -> Vec<u8> {
        let mut collector = Collector::default();
        self.visit(&mut collector);
        let views = collector.tensors.iter().map(|(name, shape, bytes)| {
            let view = TensorView::new(Dtype::F32, shape.clone(), bytes);
            (name, view.expect("as many bytes as the shape says"))
        });
        safetensors::serialize(views, None).expect("names and shapes are plain")
    }

    /// The model with the weights of a safetensors file.
    ///
    /// # Errors
    ///
    /// A text that names a weight that is missing, superfluous, of the wrong shape or not finite.
    pub fn load_safetensors(self, bytes: &[u8]) -> Result<Self, String> {
        let tensors = SafeTensors::deserialize(bytes)
            .map_err(|error| format!("it is not a safetensors file: {error}"))?;
        let mut loader = Loader {
            path: Vec::new(),
            n_loaded: 0,
            tensors,
            error: None,
        };
        let model = self.map(&mut loader);
        match loader.error {
            Some(error) => Err(error),
            None if loader.n_loaded < loader.tensors.len() => Err(format!(
                "it has {} tensors and the model has {}",
                loader.tensors.len(),
                loader.n_loaded
            )),
            None => Ok(model),
        }
    }
}

#[derive(Default)]
struct Collector {
    path: Vec<String>,
    tensors: Vec<(String, Vec<usize>, Vec<u8>)>,
}

impl ModuleVisitor for Collector {
    fn enter_module(&mut self, name: &str, _container_type: &str) {
        self.path.push(name.into());
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let values = param.val().into_data();
        let bytes = values.iter::<f32>().flat_map(f32::to_le_bytes).collect();
        let shape = param.val().dims().to_vec();
        self.tensors.push((self.path.join("."), shape, bytes));
    }
}

struct Loader<'a> {
    path: Vec<String>,
    n_loaded: usize,
    tensors: SafeTensors<'a>,
    error: Option<String>,
}

impl Loader<'_> {
    fn values(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, String> {
        let tensor = self
            .tensors
            .tensor(name)
            .map_err(|error| error.to_string())?;
        if tensor.dtype() != Dtype::F32 || tensor.shape() != shape {
            let (dtype, found) = (tensor.dtype(), tensor.shape());
            return Err(format!(
                "{name} is {dtype:?} {found:?} instead of F32 {shape:?}"
            ));
        }
        let (values, _) = tensor.data().as_chunks();
        let values = values.iter().map(|&value| f32::from_le_bytes(value));
        let values = values.map(|value| value.is_finite().then_some(value));
        let values: Option<_> = values.collect();
        values.ok_or(format!("{name} has values that are not finite numbers"))
    }
}

impl ModuleMapper for Loader<'_> {
    fn enter_module(&mut self, name: &str, _container_type: &str) {
        self.path.push(name.into());
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.pop();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let shape = param.val().dims();
        let device = param.val().device();
        match self.values(&self.path.join("."), &shape) {
            Ok(values) => {
                self.n_loaded += 1;
                let data = TensorData::new(values, shape);
                param.map(|_| Tensor::from_data(data, &device))
            }
            Err(error) => {
                self.error.get_or_insert(error);
                param
            }
        }
    }
}
