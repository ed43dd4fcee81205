use serde::{Deserialize, Serialize};

use super::{Refused, Source};

/// What a network learns to answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Task {
    /// The plaintext.
    #[default]
    Decrypt,
    /// The key, from the ciphertext and the plaintext.
    RecoverKey,
}

impl Task {
    /// Whether these messages can teach it.
    pub(super) fn check(self, source: &Source) -> Result<(), Refused> {
        let refused = |field: &str, reason: &str| Err(Refused::new(field, reason));
        match (self, source) {
            (Self::Decrypt, _) => Ok(()),
            (Self::RecoverKey, Source::Pairs(_)) => refused(
                "task",
                "keys are recovered of a cipher; give a config with a [cipher]",
            ),
            (Self::RecoverKey, Source::Cipher(source)) => match source.key_lengths {
                None => refused(
                    "cipher.key",
                    "all messages have the same key, so there is none to find; draw keys: \
                     key = { length = [1, 6] }",
                ),
                Some([_, longest]) if source.min_length < longest => refused(
                    "messages.min_length",
                    &format!(
                        "a message of {} symbols does not show a key of {longest}; give at least as many",
                        source.min_length
                    ),
                ),
                Some(_) => Ok(()),
            },
        }
    }
}
