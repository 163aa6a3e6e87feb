//! Contract files on disk: loaded from files, folders and globs; `writing` puts them there, whole or not at all.

mod lock;
mod many;
mod orphans;
mod room;
mod writing;

use super::format::{self, FormatError};
use super::{Contract, ContractId};
use crate::json::Packer;
use crate::source::Location;
use crate::verdict::Trouble;
use room::Room;
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use walkdir::WalkDir;

pub use orphans::{Orphan, orphans};
pub use writing::{Change, OpenError, Store, check_folder, compare, has_remains, write_whole};

/// The folder that contracts are usually in.
pub const USUAL: &str = "contracts";

/// The largest contract file that is read.
const MAX_FILE: u64 = 8 * 1024 * 1024;

/// What a file, a folder or a glob held.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The contracts with their files, ordered by id.
    pub contracts: Vec<(Arc<Contract>, Arc<Path>)>,
    /// Files that look like contracts and cannot be run, ordered by id.
    pub broken: Vec<Broken>,
    /// What was passed over: links, and JSON files that are no contracts.
    pub notes: Vec<String>,
}

/// A contract file that cannot be run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// What its path says.
    pub id: ContractId,
    /// Where it is broken.
    pub location: Location,
    /// In which way.
    pub trouble: Trouble,
    /// The same in words.
    pub message: String,
}

/// Loads a contract file, or every contract file below a folder.
///
/// An id is the path below the folder; of a single file below the last folder called `contracts`, else below its own.
/// A file that is named must be a contract; in a folder, a JSON file of somebody else's is noted and passed over.
/// Links are not followed, and nothing but regular files is opened.
pub fn load(path: &Path) -> Loaded {
    let mut loaded = Loaded::default();
    if path.is_dir() {
        load_folder(path, &mut loaded, |_| true);
    } else {
        // A file of the usual folder has the id that it has when the whole folder is read.
        let id = id_of(path, usual(path).or(path.parent()).unwrap_or(Path::new("")));
        load_file(path, id, Naming::Named, &mut loaded);
    }
    loaded
}

/// The last folder above a path that is called as contracts folders usually are.
fn usual(path: &Path) -> Option<&Path> {
    path.ancestors().skip(1).find(|folder| folder.file_name().is_some_and(|name| name == USUAL))
}

/// Loads every contract file that a glob matches; ids are paths below its last folder without a wildcard.
pub fn load_glob(pattern: &str) -> Result<Loaded, globset::Error> {
    let glob = globset::GlobBuilder::new(pattern).literal_separator(true).build()?.compile_matcher();
    let mut loaded = Loaded::default();
    load_folder(folder_of_glob(pattern), &mut loaded, |path| {
        glob.is_match(path) || path.strip_prefix("./").is_ok_and(|below| glob.is_match(below))
    });
    Ok(loaded)
}

/// The last folder of a glob that is there without a wildcard.
pub fn folder_of_glob(pattern: &str) -> &Path {
    let literal = pattern.split(['*', '?', '[', '{']).next().unwrap_or_default();
    let root =
        literal.rsplit_once('/').map_or(".", |(folder, _)| if folder.is_empty() { "/" } else { folder });
    Path::new(root)
}

/// Whether the folder holds a contract file: what tells a contracts folder from a docs folder.
pub fn holds_contracts(folder: &Path) -> bool {
    json_files(folder).any(|entry| {
        entry.is_ok_and(|entry| {
            let mut head = String::new();
            let file = fs::File::open(entry.path());
            // Members stand in any order in a file that was written by hand, so the whole file is looked at.
            file.and_then(|file| file.take(MAX_FILE).read_to_string(&mut head)).is_ok()
                && names_a_version(&head)
        })
    })
}

/// `"faithful": 1` somewhere in a text; that a package is called so makes no contract.
fn names_a_version(text: &str) -> bool {
    text.split("\"faithful\"").skip(1).any(|behind| {
        let value = behind.trim_start().strip_prefix(':').map(str::trim_start);
        value.is_some_and(|value| value.starts_with(|c: char| c.is_ascii_digit()))
    })
}

/// Whether a file may be a contract: it is called JSON, or begins as JSON does.
pub fn may_be_contract(file: &Path) -> bool {
    let is_called_so = file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
    // What is no regular file is not opened: a pipe would be waited for.
    if is_called_so || !file.is_file() {
        return true;
    }
    let mut head = Vec::new();
    let read = fs::File::open(file).and_then(|file| file.take(1024).read_to_end(&mut head));
    let first = head.iter().find(|byte| !byte.is_ascii_whitespace());
    read.is_err() || first.is_none_or(|byte| *byte == b'{')
}

fn json_files(folder: &Path) -> impl Iterator<Item = walkdir::Result<walkdir::DirEntry>> {
    WalkDir::new(folder).sort_by_file_name().into_iter().filter(|entry| {
        entry.as_ref().map_or(true, |entry| {
            let is_json = entry.path().extension().is_some_and(|it| it.eq_ignore_ascii_case("json"));
            // A link to a folder may hold any number of them.
            let is_folder = || entry.file_type().is_symlink() && entry.path().is_dir();
            is_json && !entry.file_type().is_dir() || is_folder()
        })
    })
}

fn load_folder(root: &Path, loaded: &mut Loaded, wanted: impl Fn(&Path) -> bool) {
    let entries = json_files(root).filter(|entry| entry.as_ref().map_or(true, |entry| wanted(entry.path())));
    let (usual, left) = (usual(root), Room::default());
    let parts = many::in_order(entries.collect(), |entries| {
        let (mut part, mut packer) = (Loaded::default(), Packer::default());
        for entry in entries {
            let read = part.contracts.len();
            load_entry(entry, root, usual, &mut part);
            for (contract, _) in part.contracts.iter_mut().skip(read) {
                left.put(contract, &mut packer);
            }
        }
        part
    });
    for part in parts {
        loaded.contracts.extend(part.contracts);
        loaded.broken.extend(part.broken);
        loaded.notes.extend(part.notes);
    }
}

fn load_entry(
    entry: walkdir::Result<walkdir::DirEntry>,
    root: &Path,
    usual: Option<&Path>,
    loaded: &mut Loaded,
) {
    match entry {
        Ok(entry) if entry.file_type().is_file() => {
            let whole = usual.map(|usual| id_of(entry.path(), usual).as_str().to_owned());
            load_file(entry.path(), id_of(entry.path(), root).called(whole), Naming::Found, loaded);
        }
        Ok(entry) => loaded.notes.push(format!(
            "{}: not a regular file, so not read; name the file itself to read it",
            entry.path().display()
        )),
        Err(error) => {
            let path = error.path().unwrap_or(root).to_owned();
            let error = io::Error::from(error);
            loaded.broken.push(unreadable(id_of(&path, root), &path, &error));
        }
    }
}

/// Whether somebody asked for this very file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Naming {
    Named,
    Found,
}

fn load_file(path: &Path, id: ContractId, naming: Naming, loaded: &mut Loaded) {
    let text = match read(path) {
        Ok(text) => text,
        Err(error) => return loaded.broken.push(unreadable(id, path, &error)),
    };
    let at = |line, column| Location { file: path.display().to_string(), line, column };
    match format::parse(id.clone(), &text) {
        Ok(contract) => loaded.contracts.push((Arc::new(contract), path.into())),
        Err(FormatError::NotAContract) if naming == Naming::Found => {
            let known = path.file_name().is_some_and(|name| name == "schema.json");
            if !known {
                loaded.notes.push(format!(
                    "{}: no contract (it has no `faithful` member), so ignored",
                    path.display()
                ));
            }
        }
        Err(FormatError::Invalid { problem, line, column }) => loaded.broken.push(Broken {
            id,
            location: at(line, column),
            trouble: Trouble::ContractInvalid,
            message: problem,
        }),
        Err(error @ FormatError::Version(_)) => loaded.broken.push(Broken {
            id,
            location: at(1, 0),
            trouble: Trouble::ContractVersion,
            message: error.to_string(),
        }),
        Err(error @ FormatError::NotAContract) => loaded.broken.push(Broken {
            id,
            location: at(1, 0),
            trouble: Trouble::ContractInvalid,
            message: error.to_string(),
        }),
    }
}

/// Reads a contract file, up to the size that one may have.
pub fn read(path: &Path) -> io::Result<String> {
    let about = fs::metadata(path)?;
    if !about.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
    }
    // What a reader with a limit does not know: how much there is to read at once.
    let expected = usize::try_from(about.len().min(MAX_FILE)).unwrap_or_default();
    let mut text = String::with_capacity(expected + 1);
    let read = fs::File::open(path)?.take(MAX_FILE + 1).read_to_string(&mut text)?;
    if read as u64 > MAX_FILE {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "larger than 8 MiB"));
    }
    Ok(text)
}

fn unreadable(id: ContractId, path: &Path, error: &io::Error) -> Broken {
    let trouble = match error.kind() {
        io::ErrorKind::NotFound => Trouble::FsVanished,
        io::ErrorKind::PermissionDenied => Trouble::FsDenied,
        _ => Trouble::ContractInvalid,
    };
    let location = Location { file: path.display().to_string(), line: 1, column: 0 };
    Broken { id, location, trouble, message: error.to_string() }
}

pub(crate) fn id_of(path: &Path, root: &Path) -> ContractId {
    let below = path.strip_prefix(root).unwrap_or(path).with_extension("");
    let parts: Vec<_> = below.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    ContractId::new(parts.join("/"))
}

impl Loaded {
    /// Joins what several paths held: sorted by id, and every id that two files claim made an error of both.
    pub fn join(parts: impl IntoIterator<Item = Loaded>) -> Loaded {
        let mut all = Loaded::default();
        for part in parts {
            all.contracts.extend(part.contracts);
            all.broken.extend(part.broken);
            all.notes.extend(part.notes);
        }
        // The same file by two names is one contract.
        all.contracts.sort_by(|one, two| (&one.0.id, &one.1).cmp(&(&two.0.id, &two.1)));
        all.contracts.dedup_by(|one, two| one.0.id == two.0.id && same_file(&one.1, &two.1));
        // Those of one id stand side by side.
        let mut files: BTreeMap<ContractId, Vec<Arc<Path>>> = BTreeMap::new();
        for claims in all.contracts.chunk_by(|one, two| one.0.id == two.0.id) {
            if let [(contract, _), _, ..] = claims {
                files.insert(contract.id.clone(), claims.iter().map(|(_, file)| Arc::clone(file)).collect());
            }
        }
        all.contracts.retain(|(contract, _)| !files.contains_key(&contract.id));
        for (id, paths) in files {
            let list: Vec<_> = paths.iter().map(|path| path.display().to_string()).collect();
            let file = list.first().cloned().unwrap_or_default();
            all.broken.push(Broken {
                id,
                location: Location { file, line: 1, column: 0 },
                trouble: Trouble::ContractDuplicateId,
                message: format!("the same id in {}", list.join(" and ")),
            });
        }
        all.broken.sort_by(|one, two| (&one.id, &one.location).cmp(&(&two.id, &two.location)));
        all
    }
}

fn same_file(one: &Path, two: &Path) -> bool {
    one == two || matches!((one.canonicalize(), two.canonicalize()), (Ok(one), Ok(two)) if one == two)
}

/// Where a contract's file stands below a folder.
pub fn path_of(folder: &Path, id: &ContractId) -> PathBuf {
    let mut path = folder.to_owned();
    path.extend(id.as_str().split('/'));
    path.as_mut_os_string().push(".json");
    path
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{DocumentedRequest, DocumentedResponse, Provenance, Status};

    fn write(folder: &Path, contract: &Contract) {
        let store = Store::open(folder, std::time::Duration::ZERO).unwrap();
        store.write(&[contract]).remove(0).unwrap();
    }

    fn contract(id: &str, name: &str) -> Contract {
        Contract {
            id: ContractId::new(id),
            name: name.into(),
            source: Provenance::default(),
            request: DocumentedRequest { method: "GET".into(), url: "/".into(), ..Default::default() },
            response: DocumentedResponse::of_status(Status::Code(200)),
        }
    }

    #[test]
    fn broken_files_do_not_hide_the_others() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &contract("good", "x"));
        fs::write(folder.path().join("half.json"), "{\"faithful\": 1,").unwrap();
        fs::write(folder.path().join("newer.json"), "{\"faithful\": 2}").unwrap();
        fs::write(folder.path().join("other.json"), "{}").unwrap();
        fs::write(folder.path().join("schema.json"), "{}").unwrap();
        let loaded = load(folder.path());
        assert_eq!(loaded.contracts.len(), 1);
        let troubles: Vec<_> =
            loaded.broken.iter().map(|broken| (broken.id.as_str(), broken.trouble)).collect();
        assert_eq!(troubles, [("half", Trouble::ContractInvalid), ("newer", Trouble::ContractVersion)]);
        assert_eq!(loaded.notes.len(), 1, "{:?}", loaded.notes);
        assert_eq!(
            load(&folder.path().join("other.json")).broken.len(),
            1,
            "a named file must be a contract"
        );
    }

    #[test]
    fn an_id_that_two_files_claim_runs_neither() {
        let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        write(one.path(), &contract("same", "x"));
        write(two.path(), &contract("same", "y"));
        write(two.path(), &contract("other", "y"));
        let joined = Loaded::join([load(one.path()), load(two.path())]);
        assert_eq!(joined.contracts.len(), 1);
        assert_eq!(joined.broken[0].trouble, Trouble::ContractDuplicateId);
        let twice = Loaded::join([load(one.path()), load(one.path())]);
        assert_eq!(
            (twice.contracts.len(), twice.broken.len()),
            (1, 0),
            "the same file twice is one contract"
        );
    }

    #[test]
    fn a_glob_gives_ids_below_its_literal_folder() {
        let folder = tempfile::tempdir().unwrap();
        for id in ["users/get", "users/list", "groups/get"] {
            write(folder.path(), &contract(id, "x"));
        }
        let loaded = load_glob(&format!("{}/*/get.json", folder.path().display())).unwrap();
        let ids: Vec<_> = loaded.contracts.iter().map(|(contract, _)| contract.id.as_str()).collect();
        assert_eq!(ids, ["groups/get", "users/get"]);
    }
}
