use std::collections::HashMap;

use super::PairTable;
use super::fingerprints::Fingerprints;
use crate::SymbolId;

/// Messages are near-duplicates if they share at least this part of the shorter one. Two messages
/// that share less often have only a phrase of their language in common.
const SHARED_PART: f64 = 0.2;

/// Fingerprints of a message that are looked up: if it has more, a random sample of them.
const MAX_LOOKED_UP: usize = 256;

/// A fingerprint that more than half of the groups have, and at least this many, is part of a
/// heading.
const MIN_GROUPS_OF_HEADING: usize = 100;

/// A fingerprint that more groups than this have is not looked up again after
/// [`MAX_FRUITLESS`] look-ups that found no near-duplicate.
const MAX_GROUPS: usize = 4096;

/// See [`MAX_GROUPS`].
const MAX_FRUITLESS: u8 = 16;

/// Finds groups of pairs that share much of a ciphertext or a plaintext, such as overlapping
/// passages of one text, or messages that differ in a few symbols.
pub(super) struct NearDuplicates<'a> {
    table: &'a PairTable,
    groups: &'a [Vec<usize>],
    sides: Vec<Side>,
}

impl<'a> NearDuplicates<'a> {
    /// An index of groups of pairs. All messages of a group have the same length.
    pub(super) fn new(table: &'a PairTable, groups: &'a [Vec<usize>]) -> Self {
        let messages: [Message; 2] = [PairTable::ciphertext, PairTable::plaintext];
        let sides = messages.map(|message| Side::new(table, groups, message));
        Self {
            table,
            groups,
            sides: sides.into_iter().flatten().collect(),
        }
    }

    /// The near-duplicates of a group among the other groups that are `wanted`, in order.
    #[allow(clippy::indexing_slicing)] // a group of the list
    pub(super) fn of(&mut self, group: usize, wanted: impl Fn(usize) -> bool) -> Vec<usize> {
        let wanted = |other: usize| other != group && wanted(other);
        let mut found = Vec::new();
        for side in &mut self.sides {
            for &pair in &self.groups[group] {
                found.extend(side.near_duplicates((side.message)(self.table, pair), wanted));
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

type Message = for<'a> fn(&'a PairTable, usize) -> &'a [SymbolId];

/// The ciphertexts or the plaintexts.
struct Side {
    message: Message,
    fingerprints: Fingerprints,
    /// Fingerprints that several groups have, each with every group that has it, sorted.
    entries: Vec<(u64, usize)>,
    /// The length of the messages of each group.
    lengths: Vec<usize>,
    /// For each group, how many fingerprints it shares with the message that is looked up; 0
    /// between look-ups.
    n_shared: Vec<usize>,
    /// How often a fingerprint of many groups was looked up without a result.
    fruitless: HashMap<u64, u8>,
}

#[allow(clippy::indexing_slicing)] // groups are numbered by their place in the list
impl Side {
    /// Nothing if no two groups have a fingerprint in common.
    fn new(table: &PairTable, groups: &[Vec<usize>], message: Message) -> Option<Self> {
        let messages = (0..table.len()).map(|pair| message(table, pair));
        let fingerprints = Fingerprints::of(messages)?;
        let mut entries = Vec::new();
        for (group, pairs) in groups.iter().enumerate() {
            for &pair in pairs {
                let chosen = fingerprints.choose(message(table, pair));
                entries.extend(chosen.into_iter().map(|hash| (hash, group)));
            }
        }
        entries.sort_unstable();
        entries.dedup();
        let entries = shared_by_several(entries, groups.len());
        let length =
            |pairs: &Vec<usize>| pairs.first().map_or(0, |&pair| message(table, pair).len());
        (!entries.is_empty()).then(|| Self {
            message,
            fingerprints,
            entries,
            lengths: groups.iter().map(length).collect(),
            n_shared: vec![0; groups.len()],
            fruitless: HashMap::new(),
        })
    }

    /// The wanted groups that share much of a message, in order.
    fn near_duplicates(
        &mut self,
        message: &[SymbolId],
        wanted: impl Fn(usize) -> bool,
    ) -> Vec<usize> {
        let mut chosen = self.fingerprints.choose(message);
        chosen.truncate(MAX_LOOKED_UP); // the smallest hashes are a random sample
        let mut sharing = Vec::new();
        for &hash in &chosen {
            if self.fruitless.get(&hash) >= Some(&MAX_FRUITLESS) {
                continue;
            }
            for &(_, group) in with_hash(&self.entries, hash) {
                if wanted(group) {
                    if self.n_shared[group] == 0 {
                        sharing.push(group);
                    }
                    self.n_shared[group] += 1;
                }
            }
        }
        // If a group shares one passage, its n runs have n - 1 symbols fewer than the passage.
        let run = self.fingerprints.run();
        let n_runs = (message.len() + 1).saturating_sub(run) as f64;
        sharing.retain(|&group| {
            let part = std::mem::take(&mut self.n_shared[group]) as f64 / chosen.len() as f64;
            let n_symbols = part * n_runs + run as f64 - 1.0;
            n_symbols >= SHARED_PART * message.len().min(self.lengths[group]) as f64
        });
        sharing.sort_unstable();
        self.remember_fruitless(&chosen, &sharing);
        sharing
    }

    fn remember_fruitless(&mut self, chosen: &[u64], found: &[usize]) {
        for &hash in chosen {
            let entries = with_hash(&self.entries, hash);
            let is_found = |&(_, group): &(u64, usize)| found.binary_search(&group).is_ok();
            if entries.len() > MAX_GROUPS && !entries.iter().any(is_found) {
                let n_times = self.fruitless.entry(hash).or_default();
                *n_times = n_times.saturating_add(1);
            }
        }
    }
}

/// The entries of one fingerprint.
#[allow(clippy::indexing_slicing)] // both places are in the list
fn with_hash(entries: &[(u64, usize)], hash: u64) -> &[(u64, usize)] {
    let from_here = &entries[entries.partition_point(|entry| entry.0 < hash)..];
    &from_here[..from_here.partition_point(|entry| entry.0 == hash)]
}

/// Leaves out the fingerprints that only one group has, and those of a heading that most messages
/// begin or end with: no division can keep it on one side. If headings were more than a third of
/// all text, they would be the messages themselves, so nothing is a heading then.
fn shared_by_several(entries: Vec<(u64, usize)>, n_groups: usize) -> Vec<(u64, usize)> {
    let by_hash = || entries.chunk_by(|one, next| one.0 == next.0);
    let is_heading =
        |same: &[(u64, usize)]| same.len() >= MIN_GROUPS_OF_HEADING && same.len() > n_groups / 2;
    let in_headings: usize = by_hash()
        .filter(|same| is_heading(same))
        .map(<[_]>::len)
        .sum();
    let skip_headings = in_headings <= entries.len() / 3;
    let kept = by_hash().filter(|same| same.len() > 1 && !(skip_headings && is_heading(same)));
    kept.flatten().copied().collect()
}
