//! The pictures of a report, each drawn once for the page and for a file.

use super::{Explanation, Messages};
use crate::config::Task;
use crate::numbers::percent;
use crate::report::chart::{Axis, Chart, Drawing, Mark, Matrix, Scatter, Series};
use crate::training::{Record, Set};

/// Two pictures fit side by side on a screen, and one fills a phone's.
const SIZE: (f64, f64) = (480.0, 320.0);
/// Largest number of epochs in a line; of more epochs, only every n-th is drawn.
const MAX_POINTS: usize = 1000;
/// Largest number of symbols in the confusion matrix; of larger alphabets, the symbols with the most
/// mistakes are shown.
const MAX_CONFUSED: usize = 60;

pub struct Picture {
    /// Name of its file without the extension, and of its place in the page.
    pub name: &'static str,
    pub drawing: Drawing,
}

impl Explanation {
    pub fn pictures(&self) -> Vec<Picture> {
        let mut pictures = Vec::new();
        let mut add = |name, drawing| pictures.push(Picture { name, drawing });
        if !self.metrics.is_empty() {
            add("loss", self.loss());
            let (title, axis) = match (self.task, &self.key) {
                (Task::RecoverKey, _) => ("Accuracy of the keys' symbols", "symbols right"),
                (Task::Decrypt, None) => ("Character accuracy", "characters right"),
                (Task::Decrypt, Some(_)) => ("Chunk accuracy", "chunks right"),
            };
            let accuracy = self.accuracy(title, axis, |record| record.character_accuracy);
            add("character-accuracy", accuracy);
            let (title, axis) = match self.task {
                Task::RecoverKey => ("Accuracy of keys as a whole", "keys without error"),
                Task::Decrypt => ("Message accuracy", "messages without error"),
            };
            let accuracy = self.accuracy(title, axis, |record| record.message_accuracy);
            add("message-accuracy", accuracy);
            add("learning-rate", self.learning_rate());
            add("time", self.time());
        }
        if let Some(messages) = &self.messages {
            add("confusion", self.confusion(messages));
            add("positions", positions(messages));
            add("calibration", calibration(messages));
        }
        add("embedding", self.embedding());
        pictures
    }

    /// (epoch, value) of the records of one set.
    fn course(&self, set: Set, value: impl Fn(&Record) -> Option<f64>) -> Vec<(f64, f64)> {
        let records = self.metrics.iter().filter(|record| record.split == set);
        let points: Vec<_> = records
            .filter_map(|record| Some((record.epoch as f64, value(record)?)))
            .collect();
        let every = points.len().div_ceil(MAX_POINTS).max(1);
        points.into_iter().step_by(every).collect()
    }

    /// A value on the training set and on the validation set.
    fn both(&self, value: impl Fn(&Record) -> Option<f64>) -> Vec<Series<'static>> {
        let series = |name, of_training, mark| Series {
            name,
            points: self.course(of_training, &value),
            mark,
        };
        vec![
            series("training", Set::Training, Mark::DashedLine),
            series("validation", Set::Validation, Mark::Line),
        ]
    }

    fn epochs(&self) -> Axis<'static> {
        Axis::whole(
            "epoch",
            self.metrics.iter().map(|record| record.epoch as f64),
        )
    }

    fn loss(&self) -> Drawing {
        let series = self.both(|record| record.loss);
        let last = |series: &Series| series.points.last().map_or(f64::NAN, |&(_, loss)| loss);
        let values = series
            .iter()
            .flat_map(|series| &series.points)
            .map(|&(_, loss)| loss);
        Chart {
            size: SIZE,
            title: "Loss",
            description: &format!(
                "Loss by epoch. The last values are {:.4} nats per character on the training set \
                 and {:.4} on the validation set.",
                last(&series[0]),
                last(&series[1])
            ),
            x: self.epochs(),
            y: Axis::powers_of_ten("nats per character", values.collect::<Vec<_>>().into_iter()),
            series,
        }
        .draw()
    }

    fn accuracy(&self, title: &str, what: &str, value: fn(&Record) -> f64) -> Drawing {
        let series = self.both(|record| Some(value(record)));
        let last = |series: &Series| series.points.last().map_or(0.0, |&(_, share)| share);
        Chart {
            size: SIZE,
            title,
            description: &format!(
                "{title} by epoch. The last values are {} on the training set and {} on the \
                 validation set.",
                percent(last(&series[0])),
                percent(last(&series[1]))
            ),
            x: self.epochs(),
            y: Axis::share(what),
            series,
        }
        .draw()
    }

    fn learning_rate(&self) -> Drawing {
        let points = self.course(Set::Training, |record| record.learning_rate);
        let ends = [points.first(), points.last()].map(|end| end.map_or(0.0, |&(_, rate)| rate));
        let rates = points.iter().map(|&(_, rate)| rate);
        Chart {
            size: SIZE,
            title: "Learning rate",
            description: &format!(
                "Learning rate by epoch, from {:.4} in the first to {:.4} in the last.",
                ends[0], ends[1]
            ),
            x: self.epochs(),
            y: Axis::linear(
                "learning rate",
                rates.chain([0.0]).collect::<Vec<_>>().into_iter(),
            ),
            series: vec![Series {
                name: "training",
                points,
                mark: Mark::Line,
            }],
        }
        .draw()
    }

    fn time(&self) -> Drawing {
        let points = self.course(Set::Validation, |record| Some(record.seconds));
        let seconds = points.iter().map(|&(_, seconds)| seconds);
        let all = points.last().map_or(0.0, |&(_, seconds)| seconds);
        Chart {
            size: SIZE,
            title: "Time",
            description: &format!("Time by epoch, {all:.1} seconds in total."),
            x: self.epochs(),
            y: Axis::linear(
                "seconds since the start",
                seconds.chain([0.0]).collect::<Vec<_>>().into_iter(),
            ),
            series: vec![Series {
                name: "training and validation",
                points,
                mark: Mark::Line,
            }],
        }
        .draw()
    }

    fn confusion(&self, messages: &Messages) -> Drawing {
        let symbols = &self.plaintext_alphabet.symbols;
        let mut n_of = vec![0; symbols.len()];
        let mut mistaken = vec![0; symbols.len()];
        for cell in &messages.confusion {
            n_of[usize::from(cell.plaintext)] += cell.n;
            if cell.plaintext != cell.answer {
                mistaken[usize::from(cell.plaintext)] += cell.n;
                mistaken[usize::from(cell.answer)] += cell.n;
            }
        }
        let mut shown: Vec<usize> = (0..symbols.len()).collect();
        shown.sort_by_key(|&symbol| std::cmp::Reverse(mistaken[symbol]));
        shown.truncate(MAX_CONFUSED);
        shown.sort_unstable();
        let place = |symbol: u16| shown.binary_search(&usize::from(symbol)).ok();
        let cells = messages.confusion.iter().filter_map(|cell| {
            let of = n_of[usize::from(cell.plaintext)];
            let [right, answer] =
                [cell.plaintext, cell.answer].map(|id| visible(&symbols[usize::from(id)]));
            let words = format!(
                "{right} was answered with {answer} in {} of {of} cases",
                cell.n
            );
            let share = cell.n as f64 / of as f64;
            Some((place(cell.plaintext)?, place(cell.answer)?, share, words))
        });
        let wrong = messages.n_characters - messages.right_characters;
        let names: Vec<String> = shown
            .iter()
            .map(|&symbol| visible(&symbols[symbol]))
            .collect();
        Matrix {
            title: "Confusion matrix",
            description: &format!(
                "A square for each correct symbol and each answer. {wrong} of {} answers are \
                 wrong; they are off the diagonal.",
                messages.n_characters
            ),
            rows: names.clone(),
            columns: names,
            cells: cells.collect(),
        }
        .draw()
    }

    fn embedding(&self) -> Drawing {
        let points = self
            .embedding
            .points
            .iter()
            .zip(&self.ciphertext_alphabet.symbols);
        let points = points.map(|(&[x, y], symbol)| (x, y, visible(symbol)));
        let [first, second] = self.embedding.explained.map(percent);
        Scatter {
            title: "Embeddings of the ciphertext symbols",
            description: &format!(
                "A point for the embedding of each symbol, a vector of {} numbers, projected on \
                 the first two principal components. They hold {first} and {second} of the variance.",
                self.model.d_embedding
            ),
            x_label: &format!("across: first component, {first} of the variance"),
            y_label: &format!("up: second component, {second} of the variance"),
            points: points.collect(),
        }
        .draw()
    }
}

fn positions(messages: &Messages) -> Drawing {
    // Nothing is asked at the places of known plaintext.
    let asked = messages.positions.iter().filter(|at| at.n > 0);
    let points: Vec<_> = asked
        .map(|at| (at.position as f64, at.right as f64 / at.n as f64))
        .collect();
    let worst = points.iter().copied().min_by(|a, b| a.1.total_cmp(&b.1));
    let (position, lowest) = worst.unwrap_or((1.0, 0.0));
    Chart {
        size: SIZE,
        title: "Accuracy by position",
        description: &format!(
            "Character accuracy at each position of the test messages. The lowest is {} at \
             position {position}.",
            percent(lowest)
        ),
        x: Axis::whole("position in the message", points.iter().map(|&(x, _)| x)),
        y: Axis::share("characters right"),
        series: vec![Series {
            name: "test set",
            points,
            mark: Mark::Line,
        }],
    }
    .draw()
}

fn calibration(messages: &Messages) -> Drawing {
    let points = messages
        .calibration
        .iter()
        .map(|class| (class.confidence, class.right as f64 / class.n as f64));
    Chart {
        size: SIZE,
        title: "Calibration",
        description: &format!(
            "Accuracy against the network's confidence, in bins of confidence. The expected \
             calibration error, their mean difference, is {}.",
            percent(messages.calibration_error)
        ),
        x: Axis::share("confidence"),
        y: Axis::share("accuracy"),
        series: vec![
            Series {
                name: "network",
                points: points.collect(),
                mark: Mark::Dots,
            },
            Series {
                name: "perfect calibration",
                points: vec![(0.0, 0.0), (1.0, 1.0)],
                mark: Mark::DashedLine,
            },
        ],
    }
    .draw()
}

/// The symbol, or a sign for one that is blank.
fn visible(symbol: &str) -> String {
    if symbol.trim().is_empty() {
        "␣".into()
    } else {
        symbol.into()
    }
}
