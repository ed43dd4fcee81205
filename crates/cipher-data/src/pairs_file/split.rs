use std::collections::{BTreeMap, VecDeque};

use sha2::{Digest, Sha256};

use super::PairTable;
use super::groups::Groups;
use super::near_duplicates::NearDuplicates;
use crate::keyed::{FEWEST_KEYS_TO_HOLD_OUT, once};

/// Groups of pairs that are looked at, at most, to say how many pairs have a near-duplicate.
const MAX_SAMPLE: usize = 500;

/// Pairs divided into three sets, each as indices into the table in the order of the file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PairSplit {
    /// The pairs to train on. If there are none, all other pairs are near-duplicates of the
    /// validation and test sets.
    pub training: Vec<usize>,
    /// The pairs that decide when to stop. This set is empty if the test set and its
    /// near-duplicates are all there is.
    pub validation: Vec<usize>,
    /// The pairs that say how good the result is.
    pub test: Vec<usize>,
    /// The pairs in none of the sets, as they are near-duplicates of the validation or test set.
    pub left_out: Vec<usize>,
    /// The number of pairs with a near-duplicate that is not identical on a side. In a table of
    /// more than 500 groups of pairs, this is an estimate from a sample of 500 groups.
    pub n_near_duplicates: usize,
}

impl PairTable {
    /// Divides the pairs into a training, a validation and a test set, of which none gives away
    /// an answer of another.
    ///
    /// Pairs that share a plaintext or a ciphertext form a group and stay together, and so do those
    /// that are linked by such pairs. So do pairs of one key or of its repetitions, if there are 1,000 keys or more: with
    /// fewer, hardly anything would be left to learn the others from. Groups that share much text, a fifth of the shorter message
    /// or more, are *near-duplicates*, such as overlapping passages of one text or messages that
    /// differ in a few symbols. They are never in two sets: a near-duplicate of a pair in the test
    /// set is put there too if it fits, and is left out if it does not, and the validation set is
    /// made in the same way. So even the overlapping passages of a single text can be divided.
    ///
    /// The order in which groups are taken follows from the seed and the messages, not from the
    /// lines: one more pair in the file moves few others to another set. Without near-duplicates,
    /// the validation and test sets have the sizes asked for when all messages differ, and at worst
    /// are a little smaller when large groups do not fit.
    pub fn split(&self, validation: usize, test: usize, seed: u64) -> PairSplit {
        let groups = self.groups(seed);
        let mut division = Division::new(self, &groups);
        division.fill(Place::Test, test);
        division.fill(Place::Validation, validation);
        let n_near_duplicates = division.n_near_duplicates();
        let pairs = |wanted| {
            let places = groups.iter().zip(&division.places);
            let chosen = places.filter(|(_, place)| **place == wanted);
            let mut pairs: Vec<usize> = chosen.flat_map(|(group, _)| group).copied().collect();
            pairs.sort_unstable();
            pairs
        };
        PairSplit {
            training: pairs(Place::Training),
            validation: pairs(Place::Validation),
            test: pairs(Place::Test),
            left_out: pairs(Place::LeftOut),
            n_near_duplicates,
        }
    }

    /// Groups of pairs that share a ciphertext or a plaintext with another of the group, in an order
    /// that follows from the seed.
    fn groups(&self, seed: u64) -> Vec<Vec<usize>> {
        let mut groups = Groups::new(self.len());
        groups.join_equal(|index| self.ciphertext(index));
        groups.join_equal(|index| self.plaintext(index));
        if self.holds_keys_out() {
            groups.join_equal(|index| once(self.key(index)));
        }
        let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for index in 0..self.len() {
            let group = groups.representative(index);
            members.entry(group).or_default().push(index);
        }
        let mut ordered: Vec<Vec<usize>> = members.into_values().collect();
        ordered.sort_by_cached_key(|group| self.digest(group, seed));
        ordered
    }

    /// Whether no key is in two sets.
    pub fn holds_keys_out(&self) -> bool {
        self.n_keys() >= FEWEST_KEYS_TO_HOLD_OUT
    }

    /// The smallest digest of a group's pairs: one more pair seldom changes it.
    fn digest(&self, group: &[usize], seed: u64) -> Option<[u8; 32]> {
        let digests = group.iter().map(|&index| {
            let mut hash = Sha256::new();
            hash.update(seed.to_le_bytes());
            let [ciphertext, plaintext] = [self.ciphertext(index), self.plaintext(index)];
            for id in ciphertext.iter().chain(plaintext) {
                hash.update(id.to_le_bytes());
            }
            for id in self.key(index) {
                hash.update(id.to_le_bytes());
            }
            // Where the sides are equally long, it is clear where the second begins.
            if ciphertext.len() != plaintext.len() {
                hash.update(ciphertext.len().to_le_bytes());
            }
            hash.finalize().into()
        });
        digests.min()
    }
}

/// Where a group of pairs is put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Training,
    Validation,
    Test,
    LeftOut,
}

/// A division that begins with all groups in the training set.
struct Division<'a> {
    groups: &'a [Vec<usize>],
    near_duplicates: NearDuplicates<'a>,
    places: Vec<Place>,
}

#[allow(clippy::indexing_slicing)] // groups are numbered by their place in the list
impl<'a> Division<'a> {
    fn new(table: &'a PairTable, groups: &'a [Vec<usize>]) -> Self {
        Self {
            groups,
            near_duplicates: NearDuplicates::new(table, groups),
            places: vec![Place::Training; groups.len()],
        }
    }

    /// Moves groups from training to a set of `size` pairs, and leaves out their near-duplicates
    /// that do not fit into it.
    fn fill(&mut self, set: Place, size: usize) {
        let mut space = size;
        for start in 0..self.groups.len() {
            if self.places[start] == Place::Training && self.groups[start].len() <= space {
                self.fill_from(start, set, &mut space);
            }
        }
    }

    /// Goes through the near-duplicates of a group, and theirs, in breadth-first order. Passages
    /// of one text are so taken around the first, with few neighbours that do not fit.
    fn fill_from(&mut self, start: usize, set: Place, space: &mut usize) {
        let mut queue = VecDeque::from([start]);
        while let Some(group) = queue.pop_front() {
            let size = self.groups[group].len();
            if size > *space {
                continue;
            }
            *space -= size;
            self.places[group] = set;
            let is_free = |other: usize| self.places[other] == Place::Training;
            for near in self.near_duplicates.of(group, is_free) {
                self.places[near] = Place::LeftOut; // until its turn comes
                queue.push_back(near);
            }
        }
    }

    /// The number of pairs with a near-duplicate, from the first groups if there are many.
    fn n_near_duplicates(&mut self) -> usize {
        let (mut n_sampled, mut n_near) = (0, 0);
        for (group, pairs) in self.groups.iter().enumerate().take(MAX_SAMPLE) {
            n_sampled += pairs.len();
            if !self.near_duplicates.of(group, |_| true).is_empty() {
                n_near += pairs.len();
            }
        }
        let n_pairs: usize = self.groups.iter().map(Vec::len).sum();
        (n_near as u128 * n_pairs as u128 / n_sampled.max(1) as u128) as usize
    }
}
