//! Contracts as a service's docs have them: 70 % GET with 1 to 3 KB of JSON, 25 % POST and PATCH, 5 % DELETE.

use faithful::contract::{
    Contract, ContractId, DocumentedRequest, DocumentedResponse, Provenance, Status, store, to_file,
};
use faithful::json::Json;
use faithful::message::{Body, Headers};
use std::fmt::Write;
use std::fs;
use std::io;
use std::path::Path;

/// So many contract files go into one folder.
const IN_A_FOLDER: u64 = 200;

/// Writes so many contract files into a folder. None is held in memory longer than it takes to write it: what a process
/// holds when it starts another counts as the other's.
pub(crate) fn generate(folder: &Path, contracts: u64) -> io::Result<()> {
    for number in 0..contracts {
        let contract = contract(number);
        let path = store::path_of(folder, &contract.id);
        if number % IN_A_FOLDER == 0 {
            fs::create_dir_all(path.parent().unwrap_or(folder))?;
        }
        fs::write(path, to_file(&contract))?;
    }
    Ok(())
}

fn contract(number: u64) -> Contract {
    let (method, status) = match scattered(number) % 100 {
        0..70 => ("GET", 200),
        70..85 => ("POST", 201),
        85..95 => ("PATCH", 200),
        _ => ("DELETE", 204),
    };
    let folder = number / IN_A_FOLDER;
    let headers = || -> Headers { [("Content-Type", "application/json")].into_iter().collect() };
    let mut request = DocumentedRequest {
        method: method.to_owned(),
        url: format!("https://api.example.com/v1.0/shelves/{folder}/books/{number}"),
        ..DocumentedRequest::default()
    };
    let mut response = DocumentedResponse::of_status(Status::Code(status));
    match method {
        "GET" => {
            request.headers = [("Accept", "application/json")].into_iter().collect();
            response.body = body(&book(number, 1000 + scattered(number + 1) % 2000));
        }
        "DELETE" => {}
        _ => {
            request.headers = headers();
            request.body = body(&lending(number, ""));
            response.body = body(&lending(number, &format!("\n  \"id\": \"{}\",", guid(number))));
        }
    }
    if status != 204 {
        response.headers = headers();
    }
    response.truncated = Some(true);
    Contract {
        id: ContractId::new(format!("shelf-{folder:04}/{}_book_{number:06}", method.to_ascii_lowercase())),
        name: format!("{}_book_{number}", method.to_ascii_lowercase()),
        source: Provenance {
            file: format!("shelf-{folder}.md"),
            sha256: format!("{:064x}", scattered(number)),
            ..Provenance::default()
        },
        request,
        response,
    }
}

fn body(text: &str) -> Body {
    Json::parse(text).map_or(Body::None, Body::Json)
}

/// An answer of at least so many bytes.
fn book(number: u64, bytes: u64) -> String {
    let mut text = format!(
        "{{\n  \"@odata.context\": \"https://api.example.com/v1.0/$metadata#books/$entity\",\n  \"id\": \"{}\",\n  \
         \"title\": \"Book number {number}\",\n  \"pages\": {},\n  \"rating\": 4.25,\n  \"lent\": false,\n  \
         \"lentTo\": null,\n  \"addedDateTime\": \"2021-07-14T12:39:16.083Z\",\n  \"copies\": [",
        guid(number),
        scattered(number) % 900,
    );
    let mut copy = 0;
    while (text.len() as u64) < bytes {
        let comma = if copy == 0 { "" } else { "," };
        let _ = write!(
            text,
            "{comma}\n    {{\n      \"id\": \"{}\",\n      \"shelf\": {copy},\n      \"state\": \"on the shelf\",\n      \
             \"boughtDate\": \"2020-01-{:02}\",\n      \"price\": {{ \"amount\": {}.5, \"currency\": \"EUR\" }},\n      \
             \"tags\": [\"hardcover\", \"first edition\"]\n    }}",
            guid(number + copy + 1),
            copy % 28 + 1,
            scattered(copy) % 100,
        );
        copy += 1;
    }
    text.push_str("\n  ]\n}");
    text
}

/// What is sent to change something, and what comes back.
fn lending(number: u64, id: &str) -> String {
    format!(
        "{{{id}\n  \"member\": \"{}\",\n  \"note\": \"Lent at desk {}, to be fetched from the shelf\",\n  \
         \"dueDateTime\": \"2022-03-01T18:00:00Z\",\n  \"renewals\": {},\n  \"remind\": true,\n  \
         \"places\": [\"main hall\", \"branch {}\"]\n}}",
        guid(number + 7),
        number % 40,
        number % 4,
        number % 12,
    )
}

/// Figures that differ from number to number, as far as a multiplication by a large prime scatters them.
fn scattered(number: u64) -> u64 {
    number.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 17
}

fn guid(number: u64) -> String {
    format!("{:08x}-4740-9c83-8d11-{:012x}", scattered(number) & 0xFFFF_FFFF, number)
}
