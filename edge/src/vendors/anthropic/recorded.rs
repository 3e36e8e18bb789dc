//! What this provider sends, written after its documentation, for the trials that every provider goes through.

/// "Bonjour à vous 👋", with events of kinds that nobody asked for in between.
pub(in crate::vendors) const STREAM: &[&str] = &[
    "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"role\":\"assistant\",\"content\":[],\"usage\":{\"input_tokens\":31,\"output_tokens\":1}}}",
    "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}",
    "event: ping\ndata: {\"type\":\"ping\"}",
    "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"thinking_delta\",\"thinking\":\"…\"}}",
    "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"Bonjour à \"}}",
    "event: something_new\ndata: {\"type\":\"something_new\",\"x\":[1]}",
    "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"vous 👋\"}}",
    "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}",
    "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":7}}",
    "event: message_stop\ndata: {\"type\":\"message_stop\"}",
];

/// A call for a tool that nobody offered.
pub(in crate::vendors) const TOOL_CALL: &[&str] = &[
    r#"data: {"type":"content_block_delta","delta":{"type":"text_delta","text":"One moment."}}"#,
    r#"data: {"type":"content_block_start","content_block":{"type":"tool_use","name":"rm","input":{}}}"#,
    r#"data: {"type":"content_block_delta","delta":{"type":"input_json_delta","partial_json":"{}"}}"#,
    r#"data: {"type":"message_delta","delta":{"stop_reason":"tool_use"}}"#,
    r#"data: {"type":"message_stop"}"#,
];
