//! A visitor whom the business itself names: the token that its server signed, as its page hands it over.

use serde::{Deserialize, Serialize};

use crate::privacy::Secret;

/// Naming the visitor of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Identify {
    /// A JWT (HS256) by the site's identity secret: `sub`, `iat`, `exp` of an hour at most.
    pub token: Secret<String>,
}
