//! The shells themselves complete command lines, with the scripts that the program writes.

mod common;

use std::fs;
use std::process::Command;

use common::{run, stderr, stdout};

/// What a shell offers after `cipher-train decrypt --`. The script is in the file `completions`.
fn offered(shell: &str, arguments: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let script = run(folder.path(), &["completions", shell]).stdout;
    fs::write(folder.path().join("completions"), script).unwrap();
    let mut command = Command::new(shell);
    let output = command.args(arguments).current_dir(folder.path()).output();
    let output = output.unwrap_or_else(|error| panic!("{shell}: {error}"));
    assert!(output.status.success(), "{}", stderr(&output));
    stdout(&output).into()
}

#[track_caller]
fn assert_complete(offered: &str) {
    for option in ["--run", "--json", "--min-confidence", "--with-key"] {
        assert!(offered.contains(option), "{offered}");
    }
    assert!(!offered.contains("--resume"), "{offered}");
}

#[test]
fn bash_completes_the_options_of_a_command() {
    let typed = "source ./completions; COMP_WORDS=(cipher-train decrypt --); COMP_CWORD=2
                 _cipher__train cipher-train -- decrypt; echo \"${COMPREPLY[@]}\"";
    assert_complete(&offered("bash", &["-c", typed]));
}

#[test]
#[ignore = "needs zsh"]
fn zsh_completes_the_options_of_a_command() {
    // Zsh completes only at a terminal.
    let typed = r#"
        zmodload zsh/zpty
        zpty shell zsh -f -i
        zpty -w shell 'autoload -Uz compinit; compinit -u -D; source ./completions
                       LISTMAX=9999; stty rows 99 cols 200; echo now ""ready'
        zpty -r shell seen '*now ready*'
        zpty -w -n shell $'cipher-train decrypt --\t'
        zpty -r shell seen '*--with-key*'
        print -r -- $seen
        zpty -d shell"#;
    assert_complete(&offered("zsh", &["-f", "-c", typed]));
}

#[test]
#[ignore = "needs fish"]
fn fish_completes_the_options_of_a_command() {
    let typed = "source ./completions; complete -C 'cipher-train decrypt --'";
    assert_complete(&offered("fish", &["-N", "-c", typed]));
}
