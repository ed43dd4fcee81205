use std::ops::Range;

/// The probability of each code with each chunk. Only those that may belong together are stored.
#[derive(Debug, Clone, Default)]
pub(super) struct Table {
    /// Where in the lists each code's chunks begin, and where the last one's end.
    starts: Vec<usize>,
    chunks: Vec<u32>,
    probabilities: Vec<f64>,
}

impl Table {
    /// A table of each code's chunks with their weights, which become probabilities.
    pub(super) fn of(codes: impl IntoIterator<Item = Vec<(u32, f64)>>) -> Self {
        let mut table = Self {
            starts: vec![0],
            ..Self::default()
        };
        for row in codes {
            for (chunk, weight) in row {
                table.chunks.push(chunk);
                table.probabilities.push(weight);
            }
            table.starts.push(table.chunks.len());
        }
        let sum: f64 = table.probabilities.iter().sum();
        if sum > 0.0 {
            table.probabilities.iter_mut().for_each(|p| *p /= sum);
        }
        table
    }

    /// The number of entries.
    pub(super) fn len(&self) -> usize {
        self.chunks.len()
    }

    /// The entries of a code.
    pub(super) fn entries(&self, code: u32) -> Range<usize> {
        let code = code as usize;
        self.starts[code]..self.starts[code + 1]
    }

    /// The chunk of an entry.
    pub(super) fn chunk(&self, entry: usize) -> u32 {
        self.chunks[entry]
    }

    /// The chunks of a code with their probabilities.
    pub(super) fn row(&self, code: u32) -> impl Iterator<Item = (u32, f64)> {
        let entries = self.entries(code);
        entries.map(|entry| (self.chunks[entry], self.probabilities[entry]))
    }

    /// The entries to keep, with these counts, one for each entry, as weights. `is_kept` is given the
    /// count of an entry and of all entries of its code.
    pub(super) fn reestimated(&self, counts: &[f64], is_kept: impl Fn(f64, f64) -> bool) -> Self {
        let rows = self.starts.windows(2).map(|ends| {
            let entries = ends[0]..ends[1];
            let of_code = counts[entries.clone()].iter().sum();
            let row = entries.map(|entry| (self.chunks[entry], counts[entry]));
            row.filter(|(_, count)| is_kept(*count, of_code)).collect()
        });
        Self::of(rows)
    }
}
