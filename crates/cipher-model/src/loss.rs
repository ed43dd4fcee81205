use burn::tensor::activation::log_softmax;
use burn::tensor::{Int, Tensor};

/// The mean, over the symbols of a batch that are not padding, of `-log p(plaintext symbol)`, in
/// nats. A batch of nothing but padding has loss 0.
///
/// # Shapes
///
/// - scores: `[batch, time, n_plaintext_symbols]`
/// - plaintext: `[batch, time]`, padded with `n_plaintext_symbols`
/// - loss: `[1]`
pub fn masked_cross_entropy(scores: Tensor<3>, plaintext: Tensor<2, Int>) -> Tensor<1> {
    let [_, _, n_plaintext_symbols] = scores.dims();
    let is_padding = plaintext.clone().equal_scalar(n_plaintext_symbols as i64); // [batch, time]
    let n_symbols = is_padding.clone().bool_not().float().sum().clamp_min(1.0); // [1]

    let log_probabilities = log_softmax(scores, 2); // [batch, time, n_plaintext_symbols]
    // Padding has no score; any valid class will do where it is masked out below.
    let classes = plaintext.mask_fill(is_padding.clone(), 0).unsqueeze_dim(2);
    let right: Tensor<2> = log_probabilities.gather(2, classes).squeeze_dim(2); // [batch, time]
    right.mask_fill(is_padding, 0.0).sum().neg() / n_symbols
}
