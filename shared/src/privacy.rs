//! Values that must not slip into a log: their `Debug` redacts, and reading them takes a loud word.

use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! guarded {
    ($(#[doc = $doc:literal])+ $name:ident, $shown:literal) => {
        $(#[doc = $doc])+
        #[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name<T>(T);

        impl<T> $name<T> {
            /// Wraps a value; from here on only `expose` shows it.
            pub const fn new(value: T) -> Self {
                Self(value)
            }

            /// The value itself. Every call is a place where a reviewer looks twice.
            pub const fn expose(&self) -> &T {
                &self.0
            }

            /// The value itself, taken out.
            pub fn into_exposed(self) -> T {
                self.0
            }
        }

        impl<T> fmt::Debug for $name<T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str($shown)
            }
        }

        impl<T: schemars::JsonSchema> schemars::JsonSchema for $name<T> {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> std::borrow::Cow<'static, str> {
                T::schema_name()
            }

            fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                T::json_schema(generator)
            }
        }
    };
}

guarded! {
    /// Something about a person: what they wrote, an address, a name.
    Personal, "Personal(…)"
}

guarded! {
    /// Something that opens a door: a key, a token, a ticket.
    Secret, "Secret(…)"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_never_holds_the_value() {
        assert_eq!(format!("{:?}", Personal::new("Ada")), "Personal(…)");
        assert_eq!(format!("{:?}", Secret::new("hunter2")), "Secret(…)");
    }
}
