use burn::tensor::{Int, Tensor};

/// Counts the symbols whose largest logit is not the plaintext's, and the messages that have one. The
/// two counts stay on the device until they are read. Padding is not counted.
///
/// # Shapes
///
/// - logits: `[batch, time, n_plaintext_symbols]`
/// - plaintext: `[batch, time]`, padded with `n_plaintext_symbols`
/// - counts: `[2]`, wrong symbols and wrong messages
pub fn count_wrong(logits: Tensor<3>, plaintext: Tensor<2, Int>) -> Tensor<1, Int> {
    let [_, _, n_plaintext_symbols] = logits.dims();
    let is_symbol = plaintext
        .clone()
        .not_equal_scalar(n_plaintext_symbols as i64);
    let answers: Tensor<2, Int> = logits.argmax(2).squeeze_dim(2); // [batch, time]
    let wrong = answers.not_equal(plaintext).bool_and(is_symbol).int(); // [batch, time]
    let wrong_messages = wrong.clone().max_dim(1).sum(); // [1]
    Tensor::cat(vec![wrong.sum(), wrong_messages], 0) // [2]
}
