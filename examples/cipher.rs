//! A Caesar cipher shifts every symbol along the alphabet and wraps around at its end.
//!
//! `cargo run -p examples --bin cipher`

use cipher_data::{Alphabet, CipherConfig, DataError};

fn main() -> Result<(), DataError> {
    let alphabet = Alphabet::letters_and_dash();
    let caesar = CipherConfig::Caesar { key: 13 }.init(&alphabet)?;

    let message = alphabet.encode("Hello, world")?;
    println!("text        Hello, world");
    println!("message     {}", alphabet.decode(&message.ids));
    println!("as ids      {:?}", message.ids);

    let ciphertext = caesar.encrypt(&message.ids);
    println!("plus 13     {ciphertext:?}   (modulo {})", alphabet.len());
    println!("ciphertext  {}", alphabet.decode(&ciphertext));

    let plaintext = caesar.decrypt(&ciphertext);
    println!("plaintext   {}", alphabet.decode(&plaintext));
    assert_eq!(plaintext, message.ids);
    Ok(())
}
