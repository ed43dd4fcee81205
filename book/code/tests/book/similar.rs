//! When two outputs count as the same.

/// Whether the lines of two outputs agree. Speeds differ everywhere: of lines that say `a second`
/// only the words are compared. In similar outputs, those of trained networks, numbers may differ
/// by a fifth, and by 0.05 or, without decimals, by 3: processors round differently.
pub fn agree(shown: &str, found: &str, similar: bool) -> bool {
    let (shown, found) = (shown.trim_end(), found.trim_end());
    let pairs = shown.lines().zip(found.lines());
    shown.lines().count() == found.lines().count()
        && pairs.into_iter().all(|(shown, found)| {
            if shown.contains("a second") {
                words(shown) == words(found)
            } else if similar {
                words(shown) == words(found) && near(shown, found)
            } else {
                shown.trim_end() == found.trim_end()
            }
        })
}

/// A line without its numbers and spaces.
fn words(line: &str) -> String {
    let is_other = |c: &char| !c.is_ascii_digit() && !" .-".contains(*c);
    line.chars().filter(is_other).collect()
}

fn near(shown: &str, found: &str) -> bool {
    let (shown, found) = (numbers(shown), numbers(found));
    shown.len() == found.len()
        && shown
            .iter()
            .zip(&found)
            .all(|((shown, slack), (found, _))| {
                (shown - found).abs() <= slack.max(0.2 * shown.max(*found))
            })
}

/// The numbers of a line, each with the difference that is always allowed.
fn numbers(line: &str) -> Vec<(f64, f64)> {
    let pieces = line.split(|c: char| !c.is_ascii_digit() && c != '.');
    let slack = |piece: &str| if piece.contains('.') { 0.05 } else { 3.0 };
    let number = |piece: &str| Some((piece.parse().ok()?, slack(piece)));
    pieces.filter_map(number).collect()
}
