use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::PairTable;
use super::groups::Groups;

impl PairTable {
    /// Divides the pairs into training, held-out and test pairs, and gives the indices of each
    /// part in the order of the file.
    ///
    /// Pairs that share a plaintext or a ciphertext go into the same part, and so do those that
    /// are linked by such pairs, so that no part knows an answer of another.
    ///
    /// These groups are put into an order that follows from the seed and the messages, not from
    /// the lines: a pair that is added to the file moves few others to another part. In this order
    /// each goes to the test part if it still fits there, else to the held-out part if it fits
    /// there, else to training. So the first two parts are as large as asked for when all messages
    /// differ, and a little smaller than that, at worst, when large groups do not fit.
    pub fn split(&self, held_out: usize, test: usize, seed: u64) -> [Vec<usize>; 3] {
        let mut groups = self.linked_pairs();
        let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for index in 0..self.len() {
            let group = groups.representative(index);
            members.entry(group).or_default().push(index);
        }
        let mut ordered: Vec<Vec<usize>> = members.into_values().collect();
        ordered.sort_by_cached_key(|group| self.digest(group, seed));

        let [mut in_training, mut in_held_out, mut in_test] = [const { Vec::new() }; 3];
        for group in ordered {
            let part = if in_test.len() + group.len() <= test {
                &mut in_test
            } else if in_held_out.len() + group.len() <= held_out {
                &mut in_held_out
            } else {
                &mut in_training
            };
            part.extend(group);
        }
        let mut parts = [in_training, in_held_out, in_test];
        parts.iter_mut().for_each(|part| part.sort_unstable());
        parts
    }

    /// Groups of pairs that share a ciphertext or a plaintext with another of the group.
    fn linked_pairs(&self) -> Groups {
        let mut groups = Groups::new(self.len());
        groups.join_equal(|index| self.ciphertext(index));
        groups.join_equal(|index| self.plaintext(index));
        groups
    }

    /// The smallest digest of a group's pairs: one more pair seldom changes it.
    fn digest(&self, group: &[usize], seed: u64) -> Option<[u8; 32]> {
        let digests = group.iter().map(|&index| {
            let mut hash = Sha256::new();
            hash.update(seed.to_le_bytes());
            // The sides are equally long, so that it is clear where the second begins.
            for id in self.ciphertext(index).iter().chain(self.plaintext(index)) {
                hash.update(id.to_le_bytes());
            }
            hash.finalize().into()
        });
        digests.min()
    }
}
