//! See `fuzz/run`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| fuzz::alignment(input));
