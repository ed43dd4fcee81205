//! What several tests need. Every test runs on each backend that is compiled in.
#![allow(dead_code)] // each test file uses a part of it

use burn::tensor::{Device, Int, Tensor, TensorData};
use cipher_model::Backend;

/// The devices to test on. A backend that is compiled in and cannot be opened fails the test.
pub fn devices() -> Vec<(Backend, Device)> {
    let open = |backend: Backend| (backend, backend.open().expect("the device opens"));
    Backend::compiled().map(open).collect()
}

/// Rows of ids, shorter ones filled up with `padding`: `[batch, time]`.
pub fn ids(rows: &[Vec<i64>], padding: i64, device: &Device) -> Tensor<2, Int> {
    let time = rows.iter().map(Vec::len).max().unwrap_or(0);
    let padded = rows.iter().flat_map(|row| {
        let filling = std::iter::repeat_n(padding, time - row.len());
        row.iter().copied().chain(filling)
    });
    Tensor::from_data(
        TensorData::new(padded.collect(), [rows.len(), time]),
        device,
    )
}

/// The values of a tensor, row by row.
pub fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().iter().collect()
}

/// Fails unless each pair differs by at most `tolerance` of the larger of 1 and the expected.
#[track_caller]
pub fn assert_close(found: &[f32], expected: &[f32], tolerance: f32, what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}: how many values");
    for (place, (&found, &expected)) in found.iter().zip(expected).enumerate() {
        let allowed = tolerance * expected.abs().max(1.0);
        let difference = (found - expected).abs();
        // Written so that NaN fails.
        assert!(
            difference <= allowed,
            "{what}[{place}]: {found} instead of {expected}"
        );
    }
}
