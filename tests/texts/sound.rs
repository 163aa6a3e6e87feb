//! What holds of a lenient reading, whatever was read.

use faithful::json::{Json, Lenient, Value};

/// Every value below this one, and it.
pub(crate) fn values(root: Value<'_>) -> Vec<Value<'_>> {
    let mut values = vec![root];
    let mut next = 0;
    while let Some(value) = values.get(next).copied() {
        values.extend(value.elements());
        values.extend(value.members().flat_map(|member| [member.key, member.value]));
        next += 1;
    }
    values
}

/// What holds of a reading whatever was read.
pub(crate) fn sound(text: &str, read: &Lenient) {
    assert_eq!(Json::parse(read.json.text()).unwrap(), read.json);
    assert_eq!(read.repairs.is_empty(), Json::parse(text).is_ok());
    assert!(read.repairs.is_sorted_by_key(|repair| repair.at));
    assert!(read.repairs.iter().all(|repair| text.is_char_boundary(repair.at)));
    for value in values(read.json.root()) {
        let source = value.source();
        assert!(text.get(source.clone()).is_some(), "{value:?} at {source:?}");
        for inner in value.elements().chain(value.members().flat_map(|member| [member.key, member.value])) {
            let inner = inner.source();
            assert!(source.start <= inner.start && inner.end <= source.end, "{inner:?} in {source:?}");
        }
    }
    for pointer in &read.elided {
        assert!(read.json.root().pointer(pointer).is_some(), "{pointer}");
    }
}
