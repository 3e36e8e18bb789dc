//! What this provider's failures mean.

use crate::vendors::VendorFault;

/// The fault behind an HTTP status. 529 is this provider's own "overloaded".
pub(super) const fn fault_of_status(status: u16, retry_after_s: Option<u32>) -> VendorFault {
    match status {
        429 => VendorFault::RateLimited { retry_after_s },
        400..=499 => VendorFault::Refused,
        500..=599 => VendorFault::Overloaded,
        _ => VendorFault::Broken,
    }
}

/// The fault behind an `error` event in the middle of a stream.
pub(super) fn fault_of_type(kind: &str) -> VendorFault {
    match kind {
        "rate_limit_error" => VendorFault::RateLimited { retry_after_s: None },
        "invalid_request_error"
        | "authentication_error"
        | "billing_error"
        | "permission_error"
        | "not_found_error"
        | "request_too_large" => VendorFault::Refused,
        _ => VendorFault::Overloaded,
    }
}
