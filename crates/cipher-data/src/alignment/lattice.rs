use super::Sides;
use super::band::Band;
use super::model::Model;
use super::step::Step;
use super::table::Table;
use super::trie::Trie;

/// Places with a lower probability than this are left out of the next band.
const MIN_LIKELY: f64 = 1e-12;

/// All steps through one pair. At place (i, j), i ciphertext symbols and j plaintext symbols are behind;
/// a step leads from one place to another.
pub(super) struct Lattice<'a> {
    model: &'a Model,
    pair: Sides<'a>,
    band: &'a Band,
    /// Where each row of the band begins among all places.
    offsets: Vec<usize>,
    /// The chunk of each length that begins at each plaintext symbol, `[max_chunk + 1, m + 1]`.
    chunks: Vec<u32>,
    /// The product of the shares of its symbols.
    spelled: Vec<f64>,
}

/// A number for each chunk: what one code needs at a time.
pub(super) struct Scratch {
    probabilities: Vec<f64>,
    expected: Vec<f64>,
}

impl Scratch {
    pub(super) fn new(model: &Model) -> Self {
        let n_chunks = model.chunks.len() + 1; // one more, for chunks that were never seen
        Self {
            probabilities: vec![0.0; n_chunks],
            expected: vec![0.0; n_chunks],
        }
    }

    fn load(&mut self, table: &Table, code: Option<u32>, share: f64) {
        for (chunk, probability) in code.into_iter().flat_map(|code| table.row(code)) {
            self.probabilities[chunk as usize] = share * probability;
        }
    }

    fn unload(&mut self, table: &Table, code: Option<u32>) {
        self.load(table, code, 0.0);
    }

    fn forget(&mut self, table: &Table, code: Option<u32>) {
        for (chunk, _) in code.into_iter().flat_map(|code| table.row(code)) {
            self.expected[chunk as usize] = 0.0;
        }
    }
}

/// The forward and backward probabilities of each place. Each row is scaled so that no number becomes
/// too small.
pub(super) struct Passes {
    forward: Vec<f64>,
    backward: Vec<f64>,
    /// What each row of `forward` was divided by.
    scales: Vec<f64>,
    /// The natural logarithm of the pair's probability.
    pub(super) log_likelihood: f64,
}

/// A step between two places.
struct Arc {
    from: usize,
    to: usize,
    /// The plaintext symbols of the chunk.
    length: usize,
    chunk: u32,
    /// The probabilities of the step in the table, and spelled.
    in_table: f64,
    spelled: f64,
}

impl<'a> Lattice<'a> {
    pub(super) fn new(model: &'a Model, pair: Sides<'a>, band: &'a Band) -> Self {
        let (_, plaintext) = pair;
        let n_starts = plaintext.len() + 1;
        let never_seen = model.chunks.len() as u32;
        let mut chunks = vec![never_seen; (model.max_chunk + 1) * n_starts];
        let mut spelled = vec![0.0; chunks.len()];
        for j in 0..n_starts {
            chunks[j] = Trie::EMPTY;
            spelled[j] = 1.0;
            let rest = &plaintext[j..];
            model
                .chunks
                .starts_of(rest, model.max_chunk, |length, chunk| {
                    chunks[length * n_starts + j] = chunk;
                });
            for (length, &symbol) in (1..=model.max_chunk).zip(rest) {
                let shorter = spelled[(length - 1) * n_starts + j];
                spelled[length * n_starts + j] = shorter * model.shares.symbol(symbol);
            }
        }
        Self {
            model,
            pair,
            band,
            offsets: band.offsets(),
            chunks,
            spelled,
        }
    }

    /// The number of ciphertext symbols.
    fn n(&self) -> usize {
        self.pair.0.len()
    }

    fn n_places(&self) -> usize {
        self.offsets[self.n() + 1]
    }

    /// The number of place (i, j), if it is in the band.
    fn place(&self, i: usize, j: usize) -> Option<usize> {
        let row = self.band.row(i);
        row.contains(&j).then(|| self.offsets[i] + j - row.start)
    }

    /// Visits the steps from row i with a code of `taken` symbols, each with the expected numbers of
    /// chunks for the visitor's use. Returns the code.
    #[inline(always)]
    fn arcs(
        &self,
        scratch: &mut Scratch,
        i: usize,
        taken: usize,
        mut visit: impl FnMut(&mut [f64], Arc),
    ) -> Option<u32> {
        let model = self.model;
        let code = model.code(&self.pair.0[i..i + taken]);
        scratch.load(&model.table, code, 1.0 - model.spelled);
        let share = model.spelled * model.shares.code(code);
        let lengths = &model.shares.lengths[taken - 1];
        let (row, next) = (self.band.row(i), self.band.row(i + taken));
        let n_starts = self.pair.1.len() + 1;
        for (length, of_length) in lengths.iter().enumerate() {
            let factor = Model::length_factor(taken, length);
            let first = next.start.saturating_sub(length).max(row.start);
            let end = next.end.saturating_sub(length).min(row.end);
            for j in first..end {
                let at = length * n_starts + j;
                let chunk = self.chunks[at];
                let arc = Arc {
                    from: self.offsets[i] + j - row.start,
                    to: self.offsets[i + taken] + j + length - next.start,
                    length,
                    chunk,
                    in_table: factor * scratch.probabilities[chunk as usize],
                    spelled: factor * share * of_length * self.spelled[at],
                };
                visit(&mut scratch.expected, arc);
            }
        }
        scratch.unload(&model.table, code);
        code
    }

    /// The forward and the backward pass; `None` where no steps lead to the end. For each code of the
    /// pair, `count` is given the expected number of each chunk with it, and of spelled steps.
    pub(super) fn passes(
        &self,
        scratch: &mut Scratch,
        mut count: impl FnMut(Option<u32>, &[f64], f64),
    ) -> Option<Passes> {
        let (n, max_code) = (self.n(), self.model.max_code);
        let end = self.place(n, self.pair.1.len())?;
        let (forward, scales) = self.forward(scratch);
        let probability = forward[end];
        if probability == 0.0 {
            return None;
        }
        let mut backward = vec![0.0; forward.len()];
        backward[end] = 1.0 / probability;
        for i in (0..n).rev() {
            let mut scale = 1.0;
            for taken in 1..=max_code.min(n - i) {
                scale /= scales[i + taken];
                let mut spelled = 0.0;
                let code = self.arcs(scratch, i, taken, |expected, arc| {
                    let after = scale * backward[arc.to];
                    backward[arc.from] += after * (arc.in_table + arc.spelled);
                    let around = forward[arc.from] * after;
                    if arc.in_table > 0.0 {
                        expected[arc.chunk as usize] += around * arc.in_table;
                    }
                    spelled += around * arc.spelled;
                });
                count(code, &scratch.expected, spelled);
                scratch.forget(&self.model.table, code);
            }
        }
        let log_likelihood = scales.iter().map(|scale| scale.ln()).sum::<f64>() + probability.ln();
        Some(Passes {
            forward,
            backward,
            scales,
            log_likelihood,
        })
    }

    /// The forward probabilities, and what their rows were divided by.
    fn forward(&self, scratch: &mut Scratch) -> (Vec<f64>, Vec<f64>) {
        let n = self.n();
        let mut forward = vec![0.0; self.n_places()];
        let mut scales = vec![1.0; n + 1];
        forward[0] = 1.0;
        for i in 1..=n {
            let mut scale = 1.0;
            for taken in 1..=self.model.max_code.min(i) {
                self.arcs(scratch, i - taken, taken, |_, arc| {
                    let before = scale * forward[arc.from];
                    forward[arc.to] += before * (arc.in_table + arc.spelled);
                });
                scale /= scales[i - taken];
            }
            let row = &mut forward[self.offsets[i]..self.offsets[i + 1]];
            let sum: f64 = row.iter().sum();
            if sum > 0.0 {
                row.iter_mut().for_each(|p| *p /= sum);
                scales[i] = sum;
            }
        }
        (forward, scales)
    }

    /// The band around the likely places.
    pub(super) fn narrowed(&self, passes: &Passes) -> Band {
        let rows = (0..=self.n()).map(|i| {
            let row = self.band.row(i);
            let is_likely = |j: &usize| {
                let place = self.offsets[i] + j - row.start;
                passes.forward[place] * passes.backward[place] > MIN_LIKELY
            };
            let first = row.clone().find(is_likely).unwrap_or(row.end);
            let last = row.clone().rev().find(is_likely);
            first..last.map_or(first, |last| last + 1)
        });
        self.band.around(rows)
    }

    /// The most likely steps from the start to the end.
    pub(super) fn best(&self, passes: &Passes, scratch: &mut Scratch) -> Vec<Step> {
        let n = self.n();
        let mut best = vec![0.0; self.n_places()];
        let mut last = vec![Step::default(); self.n_places()];
        let mut scales = vec![1.0; n + 1];
        best[0] = 1.0;
        for i in 1..=n {
            let [mut scale, mut of_passes] = [1.0; 2];
            for taken in 1..=self.model.max_code.min(i) {
                of_passes /= passes.scales[i + 1 - taken];
                self.arcs(scratch, i - taken, taken, |_, arc| {
                    let score = scale * best[arc.from] * (arc.in_table + arc.spelled);
                    if score > best[arc.to] {
                        let around = of_passes * passes.forward[arc.from] * passes.backward[arc.to];
                        best[arc.to] = score;
                        last[arc.to] = Step {
                            n_ciphertext: taken as u8,
                            n_plaintext: arc.length as u8,
                            probability: rounded(around * (arc.in_table + arc.spelled)),
                            certainty: rounded(around * arc.in_table),
                        };
                    }
                });
                scale /= scales[i - taken];
            }
            let row = &mut best[self.offsets[i]..self.offsets[i + 1]];
            let most = row.iter().copied().fold(0.0, f64::max);
            if most > 0.0 {
                row.iter_mut().for_each(|score| *score /= most);
                scales[i] = most;
            }
        }
        self.trace(&last)
    }

    /// The steps to the end, from the last step to each place.
    fn trace(&self, last: &[Step]) -> Vec<Step> {
        let mut steps = Vec::new();
        let (mut i, mut j) = (self.n(), self.pair.1.len());
        while let Some(step) = self.place(i, j).map(|place| last[place])
            && step.n_ciphertext > 0
        {
            i -= usize::from(step.n_ciphertext);
            j -= usize::from(step.n_plaintext);
            steps.push(step);
        }
        steps.reverse();
        steps
    }
}

/// A probability to a thousandth, which a file holds as it is.
fn rounded(probability: f64) -> f32 {
    ((probability * 1000.0).round() / 1000.0).min(1.0) as f32
}
