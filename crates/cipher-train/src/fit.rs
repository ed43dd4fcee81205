use std::path::Path;

use anyhow::Result;
use cipher_model::{Backend, Bundle};

use crate::config::PairsSource;
use crate::data::{Data, Pairs};
use crate::report::Assessment;
use crate::run::{Existing, RunFolder};
use crate::training::{Observer, Place, Stop, train};

/// The result of [`fit`].
pub struct Fitted {
    /// The trained model, for a [`Decryptor`](cipher_model::Decryptor).
    pub bundle: Bundle,
    /// Its accuracy on the test messages, the simple rules beside it, and the verdict.
    pub assessment: Assessment,
}

/// Learns a cipher from a file of messages with their decryptions, into a new run folder, as the
/// command `fit` does.
///
/// ```no_run
/// use cipher_model::{Backend, Decryptor};
/// use cipher_train::{fit, training::{Stop, Unobserved}};
///
/// let fitted = fit("pairs.tsv".as_ref(), "run".as_ref(), &Stop::default(), &mut Unobserved)?;
/// println!("{}", fitted.assessment);
/// let device = Backend::default().open()?;
/// let decryptor = Decryptor::new(fitted.bundle, &device);
/// println!("{}", decryptor.decrypt("FUVEMVEMN")?.plaintext);
/// # anyhow::Ok(())
/// ```
///
/// # Errors
///
/// Those of the file, of the folder and of the training.
pub fn fit(
    pairs: &Path,
    folder: &Path,
    stop: &Stop,
    observer: &mut dyn Observer,
) -> Result<Fitted> {
    let source = PairsSource::of(pairs);
    let pairs = Pairs::read(&source)?;
    let (config, _) = pairs.plan(source);
    let data = Data::of_file(&config, &pairs)?;
    let run = RunFolder::create(
        Some(folder),
        "",
        Existing::Keep,
        &config,
        Some(&data),
        |_| Ok(()),
    )?;
    let backend = Backend::default();
    let device = backend.open()?;
    let trained = train(
        &config,
        &data,
        &run,
        &Place::alone(backend, &device),
        stop,
        observer,
    )?;
    let assessment = Assessment::of_run(&run, &trained, &data, &device)?;
    Ok(Fitted {
        bundle: trained.bundle,
        assessment,
    })
}
