//! Our reader against `serde_json` into its `Value`, on bodies such as documentation and services have.
//!
//! Both are given bytes that they may not keep, both are timed with the dropping of what they made.

#![expect(clippy::unwrap_used, reason = "what is read here is what is written here")]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use faithful::json::{Budget, Json};
use std::fmt::Write;
use std::hint::black_box;

/// A collection of users such as a directory service answers with, at least this long.
fn collection(bytes: usize) -> Vec<u8> {
    let mut text = String::from(
        "{\n  \"@odata.context\": \"https://example.com/v1.0/$metadata#users\",\n  \"value\": [",
    );
    let mut number: u64 = 0;
    while text.len() < bytes {
        // The figures differ from user to user, as far as a multiplication by a large prime scatters them.
        let figure = number.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let comma = if number == 0 { "" } else { "," };
        let _ = write!(
            text,
            r#"{comma}
    {{
      "id": "{figure:016x}-4740-9c83-4b3db07a6d70",
      "displayName": "Zoë Example {number}",
      "accountEnabled": {enabled},
      "businessPhones": ["+1 425 555 {phone:04}"],
      "jobTitle": null,
      "createdDateTime": "2021-07-{day:02}T12:39:16.0837591Z",
      "size": {figure},
      "score": {score}.25,
      "aboutMe": "Likes \"plain\" text,\nand a second line of it that is as long as what people write about themselves.",
      "mailboxSettings": {{ "automaticReplies": false, "language": {{ "locale": "en-US", "tags": [] }} }}
    }}"#,
            enabled = figure.is_multiple_of(2),
            phone = figure % 10_000,
            day = figure % 28 + 1,
            score = figure % 100,
        );
        number += 1;
    }
    text.push_str("\n  ]\n}\n");
    text.into_bytes()
}

fn read(criterion: &mut Criterion) {
    for (name, bytes) in [("2 KB", 2_000), ("200 KB", 200_000), ("20 MB", 20_000_000)] {
        let body = collection(bytes);
        let mut group = criterion.benchmark_group(format!("read/{name}"));
        group.throughput(Throughput::Bytes(body.len() as u64));
        group.sample_size(if bytes > 1_000_000 { 10 } else { 100 });
        group.bench_function("faithful", |bencher| {
            bencher.iter(|| drop(Json::parse_bytes(black_box(&body).clone(), &Budget::UNLIMITED).unwrap()));
        });
        group.bench_function("serde_json", |bencher| {
            bencher.iter(|| {
                let copy = black_box(&body).clone();
                drop(serde_json::from_slice::<serde_json::Value>(&copy).unwrap());
            });
        });
        group.finish();
    }
}

criterion_group!(benches, read);
criterion_main!(benches);
