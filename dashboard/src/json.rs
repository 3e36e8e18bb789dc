//! Reads and writes JSON with the browser's own parser: the program carries none, and a part as little as its types need.

use js_sys::JSON;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;

/// What a text holds. `None` where it is no JSON, or of another shape.
pub fn read<T: DeserializeOwned>(text: &str) -> Option<T> {
    of_value(JSON::parse(text).ok()?)
}

/// What a value of the browser holds. `None` where it is of another shape.
pub fn of_value<T: DeserializeOwned>(value: JsValue) -> Option<T> {
    serde_wasm_bindgen::from_value(value).ok()
}

/// A value as text. `None` for what JSON has no words for.
pub fn write(value: &impl Serialize) -> Option<String> {
    JSON::stringify(&to_value(value)?).ok().map(String::from)
}

/// A value as text that a person reads, two spaces a step.
pub fn write_indented(value: &impl Serialize) -> Option<String> {
    JSON::stringify_with_replacer_and_space(&to_value(value)?, &JsValue::NULL, &JsValue::from_f64(2.0))
        .ok()
        .map(String::from)
}

/// A value as the browser has it, objects plain.
pub fn to_value(value: &impl Serialize) -> Option<JsValue> {
    value.serialize(&Serializer::json_compatible()).ok()
}
