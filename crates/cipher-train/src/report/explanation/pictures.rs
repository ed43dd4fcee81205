//! The pictures of a report, each drawn once for the page and for a file.

use super::metrics::{Record, Split};
use super::{Explanation, Messages};
use crate::commands::percent;
use crate::report::chart::{Axis, Chart, Drawing, Mark, Matrix, Scatter, Series};

/// Two stand side by side on a screen, and one fills a phone's.
const SIZE: (f64, f64) = (480.0, 320.0);
/// Epochs that a line shows; of more, one in so many.
const MOST_POINTS: usize = 1000;
/// Symbols in the confusion matrix: of larger alphabets, those that are mistaken most.
const MOST_CONFUSED: usize = 60;

pub struct Picture {
    /// The name of its file, without the extension, and of its place in the page.
    pub name: &'static str,
    pub drawing: Drawing,
}

impl Explanation {
    pub fn pictures(&self) -> Vec<Picture> {
        let mut pictures = Vec::new();
        let mut add = |name, drawing| pictures.push(Picture { name, drawing });
        if !self.metrics.is_empty() {
            add("loss", self.loss());
            add(
                "character-accuracy",
                self.accuracy("Characters that are right", |record| {
                    record.character_accuracy
                }),
            );
            add(
                "message-accuracy",
                self.accuracy("Messages that are wholly right", |record| {
                    record.message_accuracy
                }),
            );
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

    /// A value of each epoch of a split.
    fn course(&self, split: Split, value: impl Fn(&Record) -> Option<f64>) -> Vec<(f64, f64)> {
        let records = self.metrics.iter().filter(|record| record.split == split);
        let points: Vec<_> = records
            .filter_map(|record| Some((record.epoch as f64, value(record)?)))
            .collect();
        let every = points.len().div_ceil(MOST_POINTS).max(1);
        points.into_iter().step_by(every).collect()
    }

    /// Training and held-out messages beside each other.
    fn both(&self, value: impl Fn(&Record) -> Option<f64>) -> Vec<Series<'static>> {
        let series = |name, split, mark| Series {
            name,
            points: self.course(split, &value),
            mark,
        };
        vec![
            series("training", Split::Training, Mark::DashedLine),
            series("held-out", Split::HeldOut, Mark::Line),
        ]
    }

    fn epochs(&self) -> Axis<'static> {
        Axis::whole(
            "epochs",
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
                "The loss over the epochs, at the end {:.4} nats a character in training and {:.4} \
                 on held-out messages.",
                last(&series[0]),
                last(&series[1])
            ),
            x: self.epochs(),
            y: Axis::powers_of_ten("nats a character", values.collect::<Vec<_>>().into_iter()),
            series,
        }
        .draw()
    }

    fn accuracy(&self, title: &str, value: fn(&Record) -> f64) -> Drawing {
        let series = self.both(|record| Some(value(record)));
        let last = |series: &Series| series.points.last().map_or(0.0, |&(_, share)| share);
        Chart {
            size: SIZE,
            title,
            description: &format!(
                "{title} over the epochs, at the end {} in training and {} of held-out messages.",
                percent(last(&series[0])),
                percent(last(&series[1]))
            ),
            x: self.epochs(),
            y: Axis::share("share"),
            series,
        }
        .draw()
    }

    fn learning_rate(&self) -> Drawing {
        let points = self.course(Split::Training, |record| record.learning_rate);
        let ends = [points.first(), points.last()].map(|end| end.map_or(0.0, |&(_, rate)| rate));
        let rates = points.iter().map(|&(_, rate)| rate);
        Chart {
            size: SIZE,
            title: "Learning rate",
            description: &format!(
                "The learning rate over the epochs, from {:.4} to {:.4}.",
                ends[0], ends[1]
            ),
            x: self.epochs(),
            y: Axis::linear(
                "size of a step",
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
        let points = self.course(Split::HeldOut, |record| Some(record.seconds));
        let seconds = points.iter().map(|&(_, seconds)| seconds);
        let all = points.last().map_or(0.0, |&(_, seconds)| seconds);
        Chart {
            size: SIZE,
            title: "Time",
            description: &format!("The time spent over the epochs, {all:.1} seconds in all."),
            x: self.epochs(),
            y: Axis::linear(
                "seconds since the beginning",
                seconds.chain([0.0]).collect::<Vec<_>>().into_iter(),
            ),
            series: vec![Series {
                name: "training and held-out messages",
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
        shown.truncate(MOST_CONFUSED);
        shown.sort_unstable();
        let place = |symbol: u16| shown.binary_search(&usize::from(symbol)).ok();
        let cells = messages.confusion.iter().filter_map(|cell| {
            let of = n_of[usize::from(cell.plaintext)];
            let [right, answer] =
                [cell.plaintext, cell.answer].map(|id| visible(&symbols[usize::from(id)]));
            let words = format!(
                "{right} was answered with {answer} {} of {of} times",
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
            title: "Which symbols are mistaken for which",
            description: &format!(
                "A square for each symbol and each answer; {wrong} of {} answers are wrong and \
                 stand off the diagonal.",
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
                "A point for each symbol's vector of {} numbers, seen from where the points differ \
                 most: {first} of the variance from left to right and {second} from bottom to top.",
                self.model.d_embedding
            ),
            x_label: &format!("first component: {first} of the variance"),
            y_label: &format!("upwards, second component: {second}"),
            points: points.collect(),
        }
        .draw()
    }
}

fn positions(messages: &Messages) -> Drawing {
    let share = |right: usize, n: usize| right as f64 / n.max(1) as f64;
    let points: Vec<_> = messages
        .positions
        .iter()
        .map(|at| (at.position as f64, share(at.right, at.n)))
        .collect();
    let worst = points.iter().copied().min_by(|a, b| a.1.total_cmp(&b.1));
    let (position, lowest) = worst.unwrap_or((1.0, 0.0));
    Chart {
        size: SIZE,
        title: "Accuracy by position",
        description: &format!(
            "The share of right characters at each position of the messages; the lowest is {} at \
             position {position}.",
            percent(lowest)
        ),
        x: Axis::whole("position in the message", points.iter().map(|&(x, _)| x)),
        y: Axis::share("characters that are right"),
        series: vec![Series {
            name: "held-out",
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
        title: "Is it as often right as it is sure?",
        description: &format!(
            "The share of right answers against the network's confidence; on average they are {} \
             apart.",
            percent(messages.calibration_error)
        ),
        x: Axis::share("how sure the network was"),
        y: Axis::share("characters that are right"),
        series: vec![
            Series {
                name: "answers of about one confidence",
                points: points.collect(),
                mark: Mark::Dots,
            },
            Series {
                name: "ideal",
                points: vec![(0.0, 0.0), (1.0, 1.0)],
                mark: Mark::DashedLine,
            },
        ],
    }
    .draw()
}

/// A symbol that can be seen where it is drawn.
fn visible(symbol: &str) -> String {
    match symbol.trim().is_empty() {
        true => "␣".into(),
        false => symbol.into(),
    }
}
