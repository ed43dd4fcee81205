//! Everything public can be shared between threads.

use cipher_data::{
    Alphabet, AlphabetConfig, Batch, BucketLoader, Cipher, CipherConfig, ConflictingPairs,
    DataError, Duplicates, Encoded, MessageDataset, Pair, PairBatcher, PairSource, PairTable,
    PairTexts, Problem, RandomPrefixes, Rule, Score, SymbolDropout,
};

fn assert_send_and_sync<T: Send + Sync + ?Sized>() {}

#[test]
fn public_types_are_send_and_sync() {
    assert_send_and_sync::<Alphabet>();
    assert_send_and_sync::<AlphabetConfig>();
    assert_send_and_sync::<Batch>();
    assert_send_and_sync::<BucketLoader>();
    assert_send_and_sync::<dyn Cipher>();
    assert_send_and_sync::<CipherConfig>();
    assert_send_and_sync::<ConflictingPairs>();
    assert_send_and_sync::<DataError>();
    assert_send_and_sync::<Duplicates>();
    assert_send_and_sync::<Encoded<'static>>();
    assert_send_and_sync::<MessageDataset>();
    assert_send_and_sync::<Pair>();
    assert_send_and_sync::<PairBatcher>();
    assert_send_and_sync::<dyn PairSource>();
    assert_send_and_sync::<PairTable>();
    assert_send_and_sync::<PairTexts>();
    assert_send_and_sync::<Problem>();
    assert_send_and_sync::<Rule>();
    assert_send_and_sync::<Score>();
    assert_send_and_sync::<RandomPrefixes>();
    assert_send_and_sync::<SymbolDropout>();
}
