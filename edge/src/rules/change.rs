//! What changed, in words for the audit log: names of settings, roles, numbers, origins. Never what a person wrote.

use serde::Serialize;
use serde_json::Value;

/// From one to the other.
pub fn from_to(from: &str, to: &str) -> String {
    if from == to { String::new() } else { format!("{from} → {to}") }
}

/// The names of the fields in which two forms differ. What stands in them is left out: some of it is people's words.
pub fn fields(before: &impl Serialize, after: &impl Serialize) -> String {
    let object = |value: serde_json::Result<Value>| match value {
        Ok(Value::Object(fields)) => fields,
        _ => serde_json::Map::new(),
    };
    let (before, after) = (object(serde_json::to_value(before)), object(serde_json::to_value(after)));
    // A field that is absent where it says nothing is one all the same.
    let mut names: Vec<&String> = before.keys().chain(after.keys()).collect();
    names.sort_unstable();
    names.dedup();
    let changed: Vec<&str> =
        names.into_iter().filter(|name| before.get(*name) != after.get(*name)).map(String::as_str).collect();
    changed.join(", ")
}

/// What came into a list and what went.
pub fn list(before: &[String], after: &[String]) -> String {
    let came = after.iter().filter(|entry| !before.contains(entry)).map(|entry| format!("+ {entry}"));
    let gone = before.iter().filter(|entry| !after.contains(entry)).map(|entry| format!("− {entry}"));
    came.chain(gone).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_names_of_fields_are_told_and_never_what_stands_in_them() {
        let before = json!({ "name": "Ada", "color": "#112233", "side": "end" });
        let after = json!({ "name": "Grace", "color": "#112233", "side": "start", "officer": "x@y.example" });
        assert_eq!(fields(&before, &after), "name, officer, side");
        assert_eq!(fields(&before, &before), "");
        assert_eq!(fields(&1, &2), "", "what has no fields says nothing");
    }

    #[test]
    fn a_list_tells_what_came_and_what_went() {
        let list_of = |entries: &[&str]| entries.iter().map(|entry| (*entry).to_owned()).collect::<Vec<_>>();
        let (before, after) = (
            list_of(&["https://a.example", "https://b.example"]),
            list_of(&["https://c.example", "https://a.example"]),
        );
        assert_eq!(list(&before, &after), "+ https://c.example, − https://b.example");
        assert_eq!(list(&before, &before), "");
        assert_eq!(from_to("manager", "admin"), "manager → admin");
        assert_eq!(from_to("admin", "admin"), "");
    }
}
