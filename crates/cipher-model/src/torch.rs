//! Weights as PyTorch's `nn.Embedding`, `nn.LSTM` and `nn.Linear` name and lay them out.
//!
//! PyTorch stores the weights of a product as `[d_output, d_input]` and we as `[d_input, d_output]`;
//! the gates are in the same order, i, f, g, o. PyTorch has two biases where one is enough: ours is
//! written as the first, with the other 0, and theirs are read as their sum.

use std::collections::{BTreeMap, HashMap};

use burn::tensor::Device;
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};
use serde::Deserialize;

use crate::{Bundle, CipherModel, CipherModelConfig};

/// The entry of the metadata that holds the alphabets.
const ALPHABETS: &str = "alphabets";

#[derive(Deserialize)]
struct Alphabets {
    ciphertext: Vec<String>,
    plaintext: Vec<String>,
}

struct Weights {
    shape: Vec<usize>,
    values: Vec<f32>,
}

type Named = BTreeMap<String, Weights>;

impl Bundle {
    /// The bytes of a safetensors file for PyTorch's `load_state_dict`: `embedding.weight`,
    /// `lstm.weight_ih_l0` and so on, `linear.weight`, `linear.bias`. Its metadata has an entry
    /// `alphabets`, as JSON: an object of two lists of symbols, `ciphertext` and `plaintext`. Where the model is
    /// told keys, the object also has the list `key` and the text `key_input`, and the embedding has a row
    /// for each of the [`InputIds`](cipher_data::InputIds).
    pub fn to_torch(&self) -> Vec<u8> {
        let mut ours = read(&self.model.to_safetensors()).unwrap_or_default();
        if ours.remove("key_embedding.weight").is_some() {
            let vectors = self.model.input_vectors();
            let weights = Weights {
                shape: vectors.dims().to_vec(),
                values: vectors.into_data().iter().collect(),
            };
            ours.insert("embedding.weight".into(), weights);
        }
        let mut theirs = Named::new();
        for (name, weights) in ours {
            match name.strip_prefix("lstm.layers.").and_then(their_place) {
                Some((kind, place)) if kind == "bias" => {
                    let zeros = Weights {
                        values: vec![0.0; weights.values.len()],
                        shape: weights.shape.clone(),
                    };
                    theirs.insert(format!("lstm.bias_ih_{place}"), weights);
                    theirs.insert(format!("lstm.bias_hh_{place}"), zeros);
                }
                Some((kind, place)) => {
                    let side = if kind == "input_weights" { "ih" } else { "hh" };
                    theirs.insert(format!("lstm.weight_{side}_{place}"), weights.transposed());
                }
                None if name == "linear.weight" => {
                    theirs.insert(name, weights.transposed());
                }
                None => {
                    theirs.insert(name, weights);
                }
            }
        }
        // One entry: the order of several would not be the same in every process.
        let (ciphertext, plaintext) = (&self.ciphertext_alphabet, &self.plaintext_alphabet);
        let alphabets = match &self.keys {
            None => serde_json::json!({
                "ciphertext": ciphertext.symbols(),
                "plaintext": plaintext.symbols(),
            }),
            Some(keys) => serde_json::json!({
                "ciphertext": ciphertext.symbols(),
                "plaintext": plaintext.symbols(),
                "key": keys.alphabet.symbols(),
                "key_input": self.config.key_input,
            }),
        };
        let metadata = HashMap::from([(ALPHABETS.into(), alphabets.to_string())]);
        write(&theirs, Some(metadata))
    }
}

impl CipherModel {
    /// A model from the bytes of a safetensors file of PyTorch's weights, under the names that
    /// [`Bundle::to_torch`] gives them; its sizes come from their shapes.
    ///
    /// # Errors
    ///
    /// A text that says what is missing or differs from PyTorch's layout.
    pub fn from_torch(bytes: &[u8], device: &Device) -> Result<(Self, CipherModelConfig), String> {
        let theirs = read(bytes)?;
        let sizes = Sizes::of(&theirs)?;
        let config = sizes.config.clone();
        config.check().map_err(|error| error.to_string())?;
        let needed = config.n_weights(sizes.n_ciphertext_symbols, sizes.n_plaintext_symbols);
        if needed > bytes.len() as u64 / size_of::<f32>() as u64 {
            return Err(format!(
                "it is too short for the {needed} weights of its model"
            ));
        }
        let ours = to_ours(theirs)?;
        let [n_ciphertext, n_plaintext] = [sizes.n_ciphertext_symbols, sizes.n_plaintext_symbols];
        let model = config
            .init(n_ciphertext, n_plaintext, 0, device)
            .map_err(|error| error.to_string())?;
        let model = model.load_safetensors(&write(&ours, None))?;
        Ok((model, config))
    }

    /// The symbols of ciphertext and plaintext that [`Bundle::to_torch`] wrote next to the weights, or
    /// `None` if the file has another origin.
    pub fn torch_alphabets(bytes: &[u8]) -> Option<[Vec<String>; 2]> {
        let (_, metadata) = SafeTensors::read_metadata(bytes).ok()?;
        let alphabets = metadata.metadata().as_ref()?.get(ALPHABETS)?;
        let Alphabets {
            ciphertext,
            plaintext,
        } = serde_json::from_str(alphabets).ok()?;
        Some([ciphertext, plaintext])
    }
}

struct Sizes {
    config: CipherModelConfig,
    n_ciphertext_symbols: usize,
    n_plaintext_symbols: usize,
}

impl Sizes {
    fn of(theirs: &Named) -> Result<Self, String> {
        let matrix = |name: &str| match theirs.get(name).map(|weights| weights.shape.as_slice()) {
            Some(&[rows, columns]) if rows > 0 && columns > 0 => Ok((rows, columns)),
            Some(shape) => Err(format!(
                "{name} has the shape {shape:?}, but must be a matrix"
            )),
            None => Err(format!(
                "it has no {name}; name the modules embedding, lstm and linear"
            )),
        };
        let (n_rows, d_embedding) = matrix("embedding.weight")?;
        let (_, d_hidden) = matrix("lstm.weight_hh_l0")?;
        let (n_plaintext_symbols, _) = matrix("linear.weight")?;
        let has = |layer: &usize| theirs.contains_key(&format!("lstm.weight_hh_l{layer}"));
        Ok(Self {
            config: CipherModelConfig {
                d_embedding,
                d_hidden,
                n_layers: (0..).take_while(has).count(),
                dropout: 0.0,
                bidirectional: theirs.contains_key("lstm.weight_hh_l0_reverse"),
                key_input: None,
            },
            n_ciphertext_symbols: n_rows - 1,
            n_plaintext_symbols,
        })
    }
}

/// Kind and place in PyTorch: `0.backward.bias` is the `bias` at `l0_reverse`.
fn their_place(ours: &str) -> Option<(String, String)> {
    let mut parts = ours.split('.');
    let (layer, direction, kind) = (parts.next()?, parts.next()?, parts.next()?);
    let suffix = if direction == "backward" {
        "_reverse"
    } else {
        ""
    };
    Some((kind.into(), format!("l{layer}{suffix}")))
}

/// The place in our model: `l0_reverse` is `lstm.layers.0.backward`.
fn our_place(theirs: &str) -> Option<String> {
    let place = theirs.strip_prefix('l')?;
    Some(match place.strip_suffix("_reverse") {
        Some(layer) => format!("lstm.layers.{layer}.backward"),
        None => format!("lstm.layers.{place}.forward"),
    })
}

fn to_ours(theirs: Named) -> Result<Named, String> {
    let mut ours = Named::new();
    for (name, weights) in theirs {
        let lstm = name.strip_prefix("lstm.").map(|name| {
            let (kind, place) = name.split_at_checked(name.find("_l").unwrap_or(0))?;
            Some((kind, our_place(place.strip_prefix('_')?)?))
        });
        let (name, weights) = match lstm {
            None if name == "linear.weight" => (name, weights.transposed()),
            None => (name, weights),
            Some(Some(("weight_ih", place))) => {
                (format!("{place}.input_weights"), weights.transposed())
            }
            Some(Some(("weight_hh", place))) => {
                (format!("{place}.hidden_weights"), weights.transposed())
            }
            Some(Some(("bias_ih" | "bias_hh", place))) => (format!("{place}.bias"), weights),
            Some(_) => return Err(format!("{name} is not a weight of a plain nn.LSTM")),
        };
        match ours.get_mut(&name) {
            None => {
                ours.insert(name, weights);
            }
            Some(sum) if sum.shape == weights.shape => {
                let pairs = sum.values.iter_mut().zip(&weights.values);
                pairs.for_each(|(sum, value)| *sum += value);
            }
            Some(_) => return Err(format!("the two biases of {name} differ in size")),
        }
    }
    Ok(ours)
}

impl Weights {
    /// Transposes a matrix; a vector is returned unchanged.
    fn transposed(self) -> Self {
        let &[rows, columns] = self.shape.as_slice() else {
            return self;
        };
        let column = |column: usize| self.values.iter().skip(column).step_by(columns.max(1));
        Self {
            values: (0..columns).flat_map(column).copied().collect(),
            shape: vec![columns, rows],
        }
    }
}

fn read(bytes: &[u8]) -> Result<Named, String> {
    let tensors = SafeTensors::deserialize(bytes)
        .map_err(|error| format!("it is not a safetensors file: {error}"))?;
    let read = tensors.iter().map(|(name, tensor)| {
        if tensor.dtype() != Dtype::F32 {
            let dtype = tensor.dtype();
            return Err(format!("{name} is {dtype:?}; save the weights as float32"));
        }
        let (values, _) = tensor.data().as_chunks();
        let weights = Weights {
            shape: tensor.shape().to_vec(),
            values: values
                .iter()
                .map(|&bytes| f32::from_le_bytes(bytes))
                .collect(),
        };
        Ok((name.to_string(), weights))
    });
    read.collect()
}

#[allow(clippy::expect_used)] // the values were read by the same shapes
fn write(named: &Named, metadata: Option<HashMap<String, String>>) -> Vec<u8> {
    let bytes = |weights: &Weights| -> Vec<u8> {
        weights
            .values
            .iter()
            .flat_map(|value| value.to_le_bytes())
            .collect()
    };
    let named: Vec<_> = named
        .iter()
        .map(|(name, weights)| (name, &weights.shape, bytes(weights)))
        .collect();
    let views = named.iter().map(|(name, shape, bytes)| {
        let view = TensorView::new(Dtype::F32, shape.to_vec(), bytes);
        (name, view.expect("as many bytes as the shape says"))
    });
    safetensors::serialize(views, metadata).expect("names and shapes are plain")
}
