//! From the part of a mixed alphabet that pairs show to the whole.

use super::evidence::log2_orders;
use crate::{Alphabet, Fill, MixedAlphabet, SymbolId};

/// A mixed alphabet of which some places may be unknown.
pub(super) type Partial = Vec<Option<SymbolId>>;

/// A mixed alphabet that fits what is known.
#[derive(Debug, Clone)]
pub(super) struct Completed {
    pub key: MixedAlphabet,
    /// Another one that fits as well, if the pairs do not decide, in which all that is open differs.
    pub alternative: Option<MixedAlphabet>,
    /// The symbols whose places are open.
    pub open: Vec<SymbolId>,
    /// The bits that it takes to choose the mixed alphabet.
    pub bits: f64,
}

/// Fills the open places of a mixed alphabet: by the keyword that explains what is known, if there is
/// one that is short enough to be no accident, and otherwise in any way.
pub(super) fn complete(alphabet: &Alphabet, known: &Partial) -> Completed {
    let free_bits = free_bits(known);
    let keyed = shortest_keyword(known).filter(|keyed| keyed.bits + MIN_SAVED < free_bits);
    filled_up(alphabet, known, keyed)
}

/// Fills the open places of a mixed alphabet in any way.
pub(super) fn complete_without_keyword(alphabet: &Alphabet, known: &Partial) -> Completed {
    filled_up(alphabet, known, None)
}

/// The bits of what is known, where every order is possible.
fn free_bits(known: &Partial) -> f64 {
    log2_orders(known.len(), known.iter().flatten().count())
}

fn filled_up(alphabet: &Alphabet, known: &Partial, keyed: Option<Keyed>) -> Completed {
    let n = alphabet.len();
    let (order, bits) = match &keyed {
        Some(keyed) => (&keyed.order, keyed.bits),
        None => (known, free_bits(known)),
    };
    let mut is_used = vec![false; n];
    for id in order.iter().flatten() {
        is_used[usize::from(*id)] = true;
    }
    let open: Vec<SymbolId> = (0..n as SymbolId)
        .filter(|id| !is_used[usize::from(*id)])
        .collect();
    let filled = |turn: usize| -> Vec<SymbolId> {
        let mut rest = open.iter().cycle().skip(turn).take(open.len());
        let one = |id: &Option<SymbolId>| id.or_else(|| rest.next().copied());
        order.iter().filter_map(one).collect()
    };
    let written = |order: &[SymbolId]| written(alphabet, order, keyed.as_ref());
    // A single open symbol has one place.
    let is_open = open.len() > 1;
    Completed {
        key: written(&filled(0)),
        alternative: is_open.then(|| written(&filled(1))),
        open: if is_open { open.clone() } else { Vec::new() },
        bits,
    }
}

/// Bits that a keyword must save to be taken for one.
const MIN_SAVED: f64 = 10.0;

/// A whole mixed alphabet as a keyword, if it has the one that was found, or else symbol by symbol.
fn written(alphabet: &Alphabet, order: &[SymbolId], keyed: Option<&Keyed>) -> MixedAlphabet {
    if let Some(keyed) = keyed {
        let keyword = order.get(..keyed.length).unwrap_or_default();
        if keyed.fill.filled(keyword, order.len()) == order {
            return MixedAlphabet::of_keyword(alphabet.decode(keyword), keyed.fill);
        }
    }
    MixedAlphabet::Whole(alphabet.decode(order))
}

/// A keyword that explains what is known.
#[derive(Debug, Clone)]
pub(super) struct Keyed {
    pub length: usize,
    pub fill: Fill,
    /// The mixed alphabet, with what follows from the keyword.
    pub order: Partial,
    pub bits: f64,
}

/// The shortest keyword, by either custom of filling.
pub(super) fn shortest_keyword(known: &Partial) -> Option<Keyed> {
    let n = known.len();
    let fills = [Fill::FromStart, Fill::AfterKeyword];
    (0..n).find_map(|length| {
        fills.into_iter().find_map(|fill| {
            let order = filled(known, length, fill)?;
            let bits = log2_orders(n, length) + (n as f64).log2() + 1.0;
            Some(Keyed {
                length,
                fill,
                order,
                bits,
            })
        })
    })
}

/// What is known and what follows from a keyword of a length; nothing if no such keyword fits.
///
/// After the keyword, the symbols ascend. So between two known ones that many open places are filled by
/// open symbols that lie between them, and the other open symbols there are in the keyword.
fn filled(known: &Partial, length: usize, fill: Fill) -> Option<Partial> {
    let n = known.len();
    let first = match fill {
        Fill::AfterKeyword => usize::from(known[length.checked_sub(1)?]?) + 1,
        _ => 0,
    };
    // The rank of a symbol in the order of filling, and the symbol of a rank.
    let rank = |id: SymbolId| (usize::from(id) + n - first % n) % n;
    let symbol = |rank: usize| ((rank + first) % n) as SymbolId;
    let mut is_known = vec![false; n];
    for id in known.iter().flatten() {
        is_known[rank(*id)] = true;
    }
    let mut order = known.clone();
    let mut in_keyword = Vec::new();
    let mut n_undecided = 0;
    let mut before = (length, 0);
    let rest = (length..n).filter_map(|place| Some((place, rank(known[place]?))));
    for (place, at) in rest.chain([(n, n)]) {
        let (from_place, from_rank) = before;
        if at < from_rank || place < from_place {
            return None;
        }
        let open: Vec<usize> = (from_rank..at).filter(|rank| !is_known[*rank]).collect();
        let n_places = place - from_place;
        if open.len() < n_places {
            return None;
        }
        if open.len() == n_places {
            for (place, rank) in (from_place..).zip(&open) {
                order[place] = Some(symbol(*rank));
            }
        } else if n_places == 0 {
            in_keyword.extend(open);
        } else {
            n_undecided += open.len() - n_places;
        }
        before = (place + 1, at + 1);
    }
    let slots: Vec<usize> = (0..length)
        .filter(|place| known[*place].is_none())
        .collect();
    if slots.len() != in_keyword.len() + n_undecided {
        return None;
    }
    if let ([slot], [rank]) = (&slots[..], &in_keyword[..]) {
        order[*slot] = Some(symbol(*rank));
    }
    Some(order)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Outside;

    fn letters() -> Alphabet {
        Alphabet::new("ABCDEFGHIJKLMNOPQRSTUVWXYZ", Outside::Reject).unwrap()
    }

    fn known(text: &str) -> Partial {
        text.chars().map(|c| letters().id(&c.to_string())).collect()
    }

    #[test]
    fn what_a_keyword_alphabet_lacks_follows_from_its_order() {
        let key = complete(&letters(), &known("ZEBRAS.DF.HIJ.LM.OPQT.VWXY"));
        assert_eq!(
            key.key,
            MixedAlphabet::of_keyword("ZEBRAS", Fill::FromStart)
        );
        assert!(key.alternative.is_none());
        let after = "ZEBRASTUVW.YCDF.HIJKLM.OPQ";
        let key = complete(&letters(), &known(after));
        assert_eq!(
            key.key,
            MixedAlphabet::of_keyword("ZEBRAS", Fill::AfterKeyword)
        );
    }

    #[test]
    fn two_open_places_of_a_keyword_stay_open() {
        let key = complete(&letters(), &known("Z..RASCDFGHIJKLMNOPQTUVWXY"));
        assert_eq!(key.open.len(), 2);
        assert!(key.alternative.is_some());
    }

    #[test]
    fn an_order_without_a_keyword_is_written_out() {
        let order = "QWERTYUIOPASDFGHJKLZXCVBNM";
        let key = complete(&letters(), &known(order)).key;
        assert_eq!(key, MixedAlphabet::Whole(order.into()));
    }
}
