//! Principal components of a few hundred points.
//!
//! Written here since nalgebra, the library for it, turns on AVX-512 in the matrix products of the
//! ndarray backend (a feature of matrixmultiply), which may then round otherwise.

/// Rotations over all pairs of rows; ten are plenty for any symmetric matrix (Golub and Van Loan).
const MAX_SWEEPS: usize = 50;

/// Points in the plane in which they differ most.
pub struct Plane {
    /// `[n_points][2]`
    pub points: Vec<[f64; 2]>,
    /// The share of all variance along either direction.
    pub explained: [f64; 2],
}

/// Puts points `[n_points][d]` into the plane of their first two principal components (Pearson,
/// 1901), from the inner products of the centred points (Gower, *Some distance properties of latent
/// root and vector methods*, 1966). The farthest point of each direction is at a positive place.
pub fn plane(points: &[Vec<f64>]) -> Plane {
    let n = points.len();
    let d = points.first().map_or(0, Vec::len);
    let mean: Vec<f64> = (0..d)
        .map(|k| points.iter().map(|point| point[k]).sum::<f64>() / n as f64)
        .collect();
    let centred: Vec<Vec<f64>> = points
        .iter()
        .map(|point| point.iter().zip(&mean).map(|(x, mean)| x - mean).collect())
        .collect();
    let inner = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let products: Vec<Vec<f64>> = centred
        .iter()
        .map(|a| centred.iter().map(|b| inner(a, b)).collect())
        .collect();
    let total: f64 = (0..n).map(|i| products[i][i]).sum();
    let (values, vectors) = eigen(products);
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&a, &b| values[b].total_cmp(&values[a]));
    let mut plane = Plane {
        points: vec![[0.0; 2]; n],
        explained: [0.0; 2],
    };
    for (direction, &which) in order.iter().take(2).enumerate() {
        let length = values[which].max(0.0).sqrt();
        let places: Vec<f64> = vectors.iter().map(|row| row[which] * length).collect();
        let farthest = places.iter().fold(0.0f64, |farthest, &place| {
            if place.abs() > farthest.abs() * (1.0 + 1e-9) {
                place
            } else {
                farthest
            }
        });
        for (point, place) in plane.points.iter_mut().zip(places) {
            point[direction] = place * if farthest < 0.0 { -1.0 } else { 1.0 };
        }
        if total > 0.0 {
            plane.explained[direction] = values[which].max(0.0) / total;
        }
    }
    plane
}

/// The eigenvalues of a symmetric matrix, and its eigenvectors as columns: Jacobi's rotations
/// (1846), as in Golub and Van Loan, *Matrix Computations*, section 8.5.
fn eigen(mut a: Vec<Vec<f64>>) -> (Vec<f64>, Vec<Vec<f64>>) {
    let n = a.len();
    let mut vectors: Vec<Vec<f64>> = (0..n)
        .map(|i| (0..n).map(|j| f64::from(u8::from(i == j))).collect())
        .collect();
    for _ in 0..MAX_SWEEPS {
        let squares = |rows: &[Vec<f64>], is_off: bool| -> f64 {
            let places = (0..n).flat_map(|i| (0..n).map(move |j| (i, j)));
            let places = places.filter(|(i, j)| !is_off || i != j);
            places.map(|(i, j)| rows[i][j] * rows[i][j]).sum()
        };
        if squares(&a, true) <= 1e-24 * squares(&a, false) {
            break;
        }
        for p in 0..n {
            for q in p + 1..n {
                rotate(&mut a, &mut vectors, p, q);
            }
        }
    }
    ((0..n).map(|i| a[i][i]).collect(), vectors)
}

/// Makes the element at (p, q) 0.
fn rotate(a: &mut [Vec<f64>], vectors: &mut [Vec<f64>], p: usize, q: usize) {
    if a[p][q] == 0.0 {
        return;
    }
    let tau = (a[q][q] - a[p][p]) / (2.0 * a[p][q]);
    let tangent = tau.signum() / (tau.abs() + (1.0 + tau * tau).sqrt());
    let cosine = 1.0 / (1.0 + tangent * tangent).sqrt();
    let sine = tangent * cosine;
    for row in a.iter_mut().chain(vectors.iter_mut()) {
        let (x, y) = (row[p], row[q]);
        row[p] = cosine * x - sine * y;
        row[q] = sine * x + cosine * y;
    }
    let (before, after) = a.split_at_mut(q);
    for (x, y) in before[p].iter_mut().zip(&mut after[0]) {
        (*x, *y) = (cosine * *x - sine * *y, sine * *x + cosine * *y);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plane_in_many_dimensions_is_found_with_its_distances() {
        // Points of a plane with the basis (1, 1, 0, 0) / sqrt 2 and (0, 0, 0.6, -0.8).
        let flat = [
            [3.0, 0.5],
            [-2.0, 1.0],
            [0.0, -1.5],
            [-1.0, 0.0],
            [4.0, 0.3],
        ];
        let half = 0.5f64.sqrt();
        let points: Vec<Vec<f64>> = flat
            .iter()
            .map(|[x, y]| vec![x * half + 7.0, x * half, y * 0.6, y * -0.8])
            .collect();
        let found = plane(&points);
        assert!((found.explained[0] + found.explained[1] - 1.0).abs() < 1e-9);
        assert!(found.explained[0] > found.explained[1]);
        let distance = |a: [f64; 2], b: [f64; 2]| (a[0] - b[0]).hypot(a[1] - b[1]);
        for i in 0..flat.len() {
            for j in 0..i {
                let expected = distance(flat[i], flat[j]);
                assert!((distance(found.points[i], found.points[j]) - expected).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn a_matrix_is_its_eigenvalues_and_vectors_put_together() {
        let matrix = vec![
            vec![4.0, 1.0, -2.0, 0.5],
            vec![1.0, 3.0, 0.0, 1.0],
            vec![-2.0, 0.0, -1.0, 2.0],
            vec![0.5, 1.0, 2.0, 0.0],
        ];
        let (values, vectors) = eigen(matrix.clone());
        for i in 0..4 {
            for j in 0..4 {
                let sum: f64 = (0..4)
                    .map(|k| vectors[i][k] * values[k] * vectors[j][k])
                    .sum();
                assert!((sum - matrix[i][j]).abs() < 1e-9, "{i} {j}: {sum}");
            }
        }
    }

    #[test]
    fn equal_points_and_none_have_a_plane_too() {
        assert_eq!(
            plane(&[vec![1.0, 2.0], vec![1.0, 2.0]]).explained,
            [0.0, 0.0]
        );
        assert!(plane(&[]).points.is_empty());
    }
}
