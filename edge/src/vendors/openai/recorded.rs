//! What this provider sends, written after its documentation, for the trials that every provider goes through.

/// "Bonjour à vous 👋", with events of kinds that nobody asked for in between.
pub(in crate::vendors) const STREAM: &[&str] = &[
    r#"data: {"id":"c","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"","refusal":null},"finish_reason":null}],"usage":null}"#,
    r#"data: {"choices":[{"index":0,"delta":{"content":"Bonjour à "},"finish_reason":null}]}"#,
    ": a comment that keeps the line open",
    r#"data: {"object":"something.new","choices":[],"obfuscation":"x"}"#,
    r#"data: {"choices":[{"index":0,"delta":{"content":"vous 👋"},"finish_reason":null}]}"#,
    r#"data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#,
    r#"data: {"choices":[],"usage":{"prompt_tokens":31,"completion_tokens":7,"total_tokens":38}}"#,
    "data: [DONE]",
];

/// A call for a tool that nobody offered.
pub(in crate::vendors) const TOOL_CALL: &[&str] = &[
    r#"data: {"choices":[{"delta":{"content":"One moment."}}]}"#,
    r#"data: {"choices":[{"delta":{"content":null,"tool_calls":[{"index":0,"id":"t","type":"function","function":{"name":"rm","arguments":"{}"}}]}}]}"#,
    r#"data: {"choices":[{"delta":{},"finish_reason":"tool_calls"}]}"#,
    "data: [DONE]",
];
