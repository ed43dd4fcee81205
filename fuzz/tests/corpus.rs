//! Replays the corpus: inputs that each reach code which no other input reaches, and every input
//! that ever failed.

use std::fs;
use std::path::Path;

fn replay(target: &str, run: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("corpus")
        .join(target);
    let mut n_inputs = 0;
    for input in fs::read_dir(&folder).unwrap() {
        let path = input.unwrap().path();
        println!("{}", path.display());
        run(&fs::read(path).unwrap());
        n_inputs += 1;
    }
    assert!(n_inputs >= 5, "{} has lost its inputs", folder.display());
}

// A single test, because the allocator counts the memory of the whole process.
#[test]
fn no_input_of_the_corpus_panics_or_takes_memory_out_of_proportion() {
    replay("alignment", fuzz::alignment);
    replay("bundle", fuzz::bundle);
    replay("config", fuzz::config);
    replay("pairs", fuzz::pairs);
    replay("text", fuzz::text);
}
