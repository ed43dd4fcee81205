# docker build -t cipher . && docker run --rm -v "$PWD:/work" cipher fit pairs.tsv
FROM rust:1.95-bookworm AS build
COPY . /source
WORKDIR /source
RUN cargo build --locked --release -p cipher-train && strip target/release/cipher-train

FROM debian:bookworm-slim
COPY --from=build /source/target/release/cipher-train /usr/local/bin/
COPY LICENSE-MIT LICENSE-APACHE /usr/share/doc/cipher-train/
USER 1000:1000
WORKDIR /work
ENTRYPOINT ["cipher-train"]
