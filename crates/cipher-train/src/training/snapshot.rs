use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use burn::optim::{ModuleOptimizer, OptimizerRecord};

/// A place for the optimizer's record, shared by a learner and its model.
#[derive(Clone, Default)]
pub struct Snapshot(Arc<Mutex<Request>>);

#[derive(Default)]
enum Request {
    #[default]
    None,
    Made,
    Answered(OptimizerRecord),
}

impl Snapshot {
    /// Asks for a record.
    pub fn request(&self) {
        self.set(Request::Made);
    }

    /// Records the optimizer if that was requested. Returns whether it was.
    pub fn take_if_requested(&self, optimizer: &ModuleOptimizer) -> bool {
        let is_requested = matches!(
            *self.0.lock().unwrap_or_else(PoisonError::into_inner),
            Request::Made
        );
        if is_requested {
            self.set(Request::Answered(optimizer.to_record()));
        }
        is_requested
    }

    /// The record, if it was taken since it was asked for.
    pub fn taken(&self) -> Option<OptimizerRecord> {
        match self.set(Request::None) {
            Request::Answered(record) => Some(record),
            _ => None,
        }
    }

    fn set(&self, request: Request) -> Request {
        let mut place = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut place, request)
    }
}

impl fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Snapshot")
    }
}
